"""Linear regression: a line, its errors as squares, and gradient descent that turns the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network, forward, train
from netviz.drawing import (
    Box,
    LinearSum,
    LossHistory,
    Number,
    RegressionPlot,
    TextLabel,
    formula,
)
from netviz.drawing.numerals import figures
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

Array = NDArray[np.float64]

PLOT_BOX, SUM_BOX = Box(-6.75, 1.5, -2.85, 2.9), Box(-6.75, 1.5, 3.1, 3.8)
# Left ends of the numbers of the two columns, heights of their rows; places of rate and loss.
LEFT_COLUMN, RIGHT_COLUMN, ROWS, RATE, LOSS = 3.6, 5.9, (3.6, 3.05), (5.9, 2.4), (5.5, 1.7)
# The line rests for this share of the time of a step.
REST = 0.7
# How far w and b are tried out at first.
TRIED = 0.5
HISTORY_BOX = Box(2.4, 6.75, -2.7, 1.15)


class LinearRegression(BeatScene):
    """The loss is an area: the line turns until the squares on its errors are small."""

    length = 38.9
    options = (
        Option("x", (-1.6, -0.9, -0.3, 0.5, 1.1, 1.8), "the inputs"),
        Option("y", (-0.4, 0.3, 0.2, 1.3, 1.2, 2.1), "the targets"),
        Option("start", (-0.3, 0.1), "w and b at the start"),
        Option("rate", 0.12, "the learning rate", least=0.0, most=10.0),
        Option("steps", 16, "steps of gradient descent", least=2, most=1000),
    )

    @cached_property
    def models(self) -> Array:
        """Rows (w, b, loss, ∂L/∂w, ∂L/∂b): at the start and after each step."""
        x, y = (np.array(self.chosen[name])[:, np.newaxis] for name in ("x", "y"))
        (w, b), rows = self.chosen["start"], []
        network = Network.from_weights([[[w]]], [[b]], "identity")
        rate, count = self.chosen["rate"], self.chosen["steps"]
        # The loss and the gradients of a step are those before it.
        for step in train(network, (x, y), learning_rate=rate, epochs=count + 1, rng=0):
            layer, gradient = forward(network, x[0]).layers[0], step.gradients[0]
            slopes = gradient.weight_gradient[0, 0], gradient.bias_gradient[0]
            rows.append((layer.weights[0, 0], layer.bias[0], step.loss, *slopes))
            network = step.network
        return np.array(rows)

    def at(self, w: float, b: float) -> list[float]:
        """Return loss, ∂L/∂w and ∂L/∂b of a line: the means over the points."""
        x, y = (np.array(self.chosen[name])[:, np.newaxis] for name in ("x", "y"))
        network = Network.from_weights([[[w]]], [[b]], "identity")
        step = next(iter(train(network, (x, y), learning_rate=0.0, epochs=1, rng=0)))
        gradient = step.gradients[0]
        return [
            float(step.loss),
            float(gradient.weight_gradient[0, 0]),
            float(gradient.bias_gradient[0]),
        ]

    @property
    def results(self) -> Iterable[ArrayLike]:
        """All models, the learning rate, and the number of steps."""
        yield self.models
        yield [self.chosen["rate"]]
        yield np.arange(len(self.models))

    def construct(self) -> None:
        """Show errors and squares, then the steps."""
        theme, models = self.theme, self.models
        plot = RegressionPlot(self.chosen["x"], self.chosen["y"], theme=theme, box=PLOT_BOX)
        model = LinearSum(*("hat(y) = w x + b", ["x", ""], models[0, :2]), theme=theme, box=SUM_BOX)
        history = LossHistory(
            models[:, 2].tolist(),
            title=f"{self.words('panel.loss')} L",
            theme=theme,
            box=HISTORY_BOX,
            words=self.words,
        )
        history.show_moment(0)
        plot.set_line(*models[0, :2], errors=0.0)
        places = (
            *((RIGHT_COLUMN, y) for y in ROWS),
            LOSS,
            *((LEFT_COLUMN, y) for y in ROWS),
            RATE,
        )
        names = ("w =", "b =", "L =", "partial L slash partial w =", "partial L slash partial b =")
        values, rows = (*models[0], self.chosen["rate"]), VGroup()
        for name, value, (x, y) in zip((*names, "eta ="), values, places, strict=True):
            is_loss = name == "L ="
            em = theme.caption_size if is_loss else theme.number_size
            color = theme.blame if is_loss else theme.text
            number = Number(value, theme, em=em, color=color).move_to([x, y, 0], aligned_edge=LEFT)
            rows.add(VGroup(put_name(formula(name, theme, em=em, color=color), number), number))
        *numbers, _ = (row[1] for row in rows)
        mean = TextLabel(self.words("panel.squared_error"), theme, color=theme.blame)
        rows[2].add(mean.next_to(rows[2], LEFT, buff=0.25).set_y(LOSS[1]))
        rule = formula("w arrow.l w - eta dot partial L slash partial w", theme)
        rows[-1].add(rule.move_to([HISTORY_BOX.left, RATE[1], 0], aligned_edge=LEFT))
        self.add(plot, model, *rows[:2])
        with self.beat("regression.model"):
            self.play(self.trying(plot, model, numbers), run_time=3.2)
            self.hold_for(2)
        with self.beat("regression.errors"):
            self.grow(plot, "errors")
        with self.beat("regression.squares"):
            self.grow(plot, "squares")
        with self.beat("regression.loss", along=[FadeIn(rows[2]), FadeIn(history)]):
            self.hold_for(1)
        with self.beat("regression.gradient", along=[FadeIn(rows[3]), FadeIn(rows[4])]):
            self.hold_for(2)

        def show(place: float) -> None:
            before = min(int(place), len(models) - 2)
            (w, b), move = models[before, :2], models[before + 1, :2] - models[before, :2]
            w, b = (w, b) + ease(place - before) * move
            values = self.at(w, b)
            if place == int(place):
                w, b, *values = models[int(place)]
            plot.set_line(w, b, squares=1.0)
            model.set_weights((w, b))
            history.show_moment(before + ease(place - before))
            write(numbers, (w, b, *values))

        changing = VGroup(plot, model, history, *numbers)
        with self.beat("regression.step", along=[FadeIn(rows[-1])]):
            self.hold_for(1)
            self.play(Timeline(changing, [Span(0, 1.6, show)], 1.6))
            self.hold_for(5)
        last = len(models) - 1
        with self.beat("regression.run"):

            def run(progress: float) -> None:
                place = 1 + progress**2 * (last - 1) if progress < 1 else last
                # The line rests at each step, and moves shortly before the next.
                show(int(place) + max(place - int(place) - REST, 0.0) / (1 - REST))

            self.play(Timeline(changing, [Span(0, 8.0, run)], 8.0))
            self.hold_for(3)
        before, after = (figures(value, 3) for value in models[[0, -1], 2])
        with self.beat("regression.done", steps=last, before=before, after=after):
            self.hold(1.2)

    def trying(self, plot: RegressionPlot, model: LinearSum, numbers: list[Number]) -> Timeline:
        """Return the animation in which w turns the line and b shifts it, there and back."""
        w, b = self.models[0, :2]

        def turn(progress: float) -> None:
            put(w + TRIED * 4 * progress * (1 - progress), b)

        def shift(progress: float) -> None:
            put(w, b + TRIED * 4 * progress * (1 - progress))

        def put(w: float, b: float) -> None:
            plot.set_line(w, b, errors=0.0)
            model.set_weights([w, b])
            write(numbers[:2], (w, b))

        return Timeline(VGroup(plot, model, *numbers[:2]), [Span(0, 1, turn), Span(1, 2, shift)])

    def grow(self, plot: RegressionPlot, part: str) -> None:
        """Let errors grow from the points, or squares from the errors."""
        w, b = self.models[0, :2]

        def step(progress: float) -> None:
            plot.set_line(w, b, **{part: ease(progress)})

        self.play(Timeline(plot, [Span(0, 1.6, step)], 1.6))


def write(numbers: Sequence[Number], values: Sequence[float]) -> None:
    """Write other values; each begins where the old one began."""
    for number, value in zip(numbers, values, strict=True):
        left = number.get_left()
        number.set_value(float(value)).move_to(left, aligned_edge=LEFT)
