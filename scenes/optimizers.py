"""Four optimizers race through one valley: gradient descent, momentum, RMSProp, Adam."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from manim import LEFT, RIGHT, Dot, FadeIn, Indicate, MathTypst, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Change
from netviz.core import OPTIMIZERS, Expression
from netviz.drawing import Box, LossContour, Number, TextLabel, formula
from netviz.drawing.numerals import figures
from netviz.problems import Problem, ProblemError
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]

RACERS = ("sgd", "momentum", "rmsprop", "adam")
LOW, HIGH, BEGIN = (-3.0, -1.5), (1.5, 1.5), (-2.6, 1.15)
GRID = 61
CONTOUR, COUNT, TABLE = Box(-6.7, 3.0, -2.95, 3.9), 3.65, (3.5, 6.7)
ROWS, HEAD, ROW = 2.2, 3.2, 1.25
# The most characters of a loss: all of them have zeros rather than powers of ten.
MOST = 8
ALONE, RACE, LAST = 4.0, 7.0, 2.4


def expect_valley(text: str) -> None:
    """Check a loss as an option.

    Raises:
        ProblemError: It cannot be read, or is not a function of x and y with values everywhere.
    """
    expression = Expression.parse(text)
    if set(expression.variables) != {"x", "y"}:
        raise ProblemError(Problem("option loss", f"is {text!r}", "a formula of x and y"))
    landscape(expression)


def landscape(loss: Expression) -> Array:
    """Return the loss on a grid, the lowest y in the first row."""
    xs, ys = (np.linspace(low, high, GRID) for low, high in zip(LOW, HIGH, strict=True))
    return np.array([[loss.evaluate(x=float(x), y=float(y)).value for x in xs] for y in ys])


class Optimizers(BeatScene):
    """The same gradients, four rules: who zigzags, who overshoots, who goes straight?

    The picture to remember: four paths of different shapes from one start into one valley.
    """

    length = 27.1
    options = (
        Option("loss", "0.08 * x^2 + 6 * y^2", "the loss, of x and y", check=expect_valley),
        Option("rates", (0.15, 0.02, 0.05, 0.25), "learning rates", least=0.0, most=10.0),
        Option("steps", 40, "number of steps", least=5, most=200),
    )

    @cached_property
    def loss(self) -> Expression:
        """The loss as an expression of x and y."""
        return Expression.parse(self.chosen["loss"])

    @cached_property
    def paths(self) -> dict[str, Array]:
        """The parameters of each optimizer before the first and after each step."""
        return {
            name: self.path(name, rate)
            for name, rate in zip(RACERS, self.chosen["rates"], strict=True)
        }

    def path(self, name: str, rate: float) -> Array:
        """Descend with an optimizer."""
        rule = OPTIMIZERS[name].with_settings(learning_rate=rate)
        points, memory = [np.array(BEGIN)], rule.first_memory(2)
        for t in range(1, self.chosen["steps"] + 1):
            x, y = map(float, points[-1])
            slopes = self.loss.evaluate(x=x, y=y).gradient
            point, memory = rule.step(points[-1], np.array([slopes["x"], slopes["y"]]), memory, t)
            points.append(point)
        return np.array(points)

    @cached_property
    def losses(self) -> dict[str, float]:
        """The loss of each optimizer after the last step."""
        ends = {name: map(float, path[-1]) for name, path in self.paths.items()}
        return {
            name: self.loss.evaluate(dict(zip("xy", end, strict=True))).value
            for name, end in ends.items()
        }

    @property
    def results(self) -> Iterator[ArrayLike]:
        """The losses after the last step, and the numbers of the formula."""
        yield list(self.losses.values())
        yield [node.number for node in self.loss.nodes]

    def construct(self) -> None:
        """Gradient descent and momentum alone, then all of them."""
        self.section("optimizers_valley")
        names = {name: self.name_of(place) for place, name in enumerate(RACERS)}
        panel, self.count = self.contour(RACERS[:1]), TextLabel("", self.theme)
        self.show_count(0)
        self.add(panel, self.title(), self.count, names["sgd"])
        with self.beat("optimizers.valley", hold=1.0):
            lowest = panel.lowest(self.lowest)
            ball = Indicate(panel.balls[0], scale_factor=2.0, color=None, run_time=1.2)
            self.play(ball, FadeIn(lowest))
        with self.beat("optimizers.sgd"):
            self.play(self.running(panel, 1, ALONE))
        with self.beat("optimizers.momentum"):
            panel = self.change(panel, RACERS[:2], names["momentum"])
            self.play(self.running(panel, 1, ALONE))
        self.section("optimizers_race")
        with self.beat("optimizers.race"):
            panel = self.change(panel, RACERS, VGroup(names["rmsprop"], names["adam"]))
            self.play(self.running(panel, 2, RACE))
        numbers = [self.number_of(place) for place in range(len(RACERS))]
        steps = self.chosen["steps"]
        with self.beat("optimizers.losses", hold=LAST, steps=steps):
            self.play(*map(FadeIn, numbers))

    # ---- parts -----------------------------------------------------------------------------------

    def contour(self, names: tuple[str, ...]) -> LossContour:
        """Return the valley with the paths of some optimizers, at their start."""
        return LossContour(
            landscape(self.loss),
            LOW,
            HIGH,
            [self.paths[name] for name in names],
            colors=self.theme.classes[: len(names)],
            names=("x", "y"),
            theme=self.theme,
            box=CONTOUR,
            words=self.words,
        )

    def title(self) -> MathTypst:
        """Return the formula of the loss, to stand above the table."""
        # In mathematics names of more than one letter are quoted, and a product needs no dot.
        text = re.sub(r"[A-Za-z_]{2,}", r'"\g<0>"', str(self.loss))
        text = re.sub(r" · (?=\d)", " dot ", text).replace(" · ", " ")
        room = TABLE[1] - TABLE[0]
        title = formula(f"L = {text}", self.theme, em=self.theme.caption_size, width=room)
        return title.move_to([TABLE[0], HEAD, 0], aligned_edge=LEFT)

    @cached_property
    def lowest(self) -> tuple[float, float]:
        """The point of the grid with the lowest loss."""
        row, column = divmod(int(np.argmin(landscape(self.loss))), GRID)
        xs, ys = (np.linspace(low, high, GRID) for low, high in zip(LOW, HIGH, strict=True))
        return float(xs[column]), float(ys[row])

    def change(
        self, panel: LossContour, names: tuple[str, ...], label: TextLabel | VGroup
    ) -> LossContour:
        """Replace a contour by one with more paths; those that have been run stay."""
        other, run = self.contour(names), len(panel.balls)
        other.show_steps([self.chosen["steps"] if k < run else 0 for k in range(len(names))])
        self.show_count(0)
        self.play(FadeIn(other), FadeIn(label), run_time=0.6)
        self.remove(panel)
        return other

    def running(self, panel: LossContour, new: int, seconds: float) -> Change:
        """Return the animation of the last ``new`` paths of a contour."""
        steps, old = self.chosen["steps"], len(panel.balls) - new

        def step(progress: float) -> None:
            panel.show_steps([steps] * old + [progress * steps] * new)
            self.show_count(int(progress * steps + 1e-9))

        return Change(VGroup(panel, self.count), step, seconds)

    def show_count(self, step: int) -> None:
        """Write how many steps have been taken, above the landscape."""
        text = self.words("optimizer.step", n=step, steps=self.chosen["steps"])
        self.count.write(text).move_to([CONTOUR.right, COUNT, 0], aligned_edge=RIGHT)

    def name_of(self, place: int) -> VGroup:
        """Return the name of an optimizer in a row, with a dot in its colour."""
        y = ROWS - place * ROW
        dot = Dot(radius=0.14, color=self.theme.classes[place]).move_to([TABLE[0] + 0.15, y, 0])
        name = TextLabel(self.words(f"optimizer.{RACERS[place]}"), self.theme)
        return VGroup(dot, name.next_to(dot, RIGHT, buff=0.2))

    def number_of(self, place: int) -> VGroup:
        """Return the loss of an optimizer after the last step, below its name."""
        loss = self.losses[RACERS[place]]
        name = TextLabel("L =", self.theme)
        name.move_to([TABLE[0] + 0.5, ROWS - place * ROW - 0.5, 0], aligned_edge=LEFT)
        number = Number(loss, self.theme).show(loss, figures(loss, most=MOST, powers=False))
        return VGroup(name, number.next_to(name, RIGHT, buff=0.15))
