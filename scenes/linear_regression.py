"""Linear regression: a line, its errors as squares, and gradient descent that turns the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from manim import LEFT, RIGHT, FadeIn, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network, forward, train
from netviz.drawing import Box, LossHistory, Number, RegressionPlot, formula
from netviz.drawing.numerals import figures
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

Array = NDArray[np.float64]

PLOT_BOX, MODEL_AT = Box(-6.75, 1.2, -2.85, 2.9), (-2.8, 3.4, 0.0)
# Where the numbers begin, the heights of their rows, and from a number to its step.
NUMBERS_LEFT, ROWS, BEHIND = 3.6, (3.5, 2.85, 2.05, 1.4, 0.75), 1.2
# The line rests for this share of the time of a step.
REST = 0.7
# How far w and b are tried out at first.
TRIED = 0.5
HISTORY_BOX = Box(1.95, 6.75, -2.8, 0.2)


class LinearRegression(BeatScene):
    """The loss is an area: the line turns until the squares on its errors are small."""

    length = 40.5
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

    @property
    def results(self) -> Iterable[ArrayLike]:
        """All models, the number of steps, and the learning rate."""
        yield self.models
        yield np.arange(len(self.models))
        yield self.chosen["rate"]

    def construct(self) -> None:
        """Show errors and squares, then the steps."""
        theme, models, em = self.theme, self.models, self.theme.caption_size
        plot = RegressionPlot(self.chosen["x"], self.chosen["y"], theme=theme, box=PLOT_BOX)
        model = formula("hat(y) = w x + b", theme, em=1.2 * em, color=theme.output)
        model.move_to(MODEL_AT)
        history = LossHistory(
            models[:, 2].tolist(),
            title=f"{self.words('panel.squared_error')} L",
            theme=theme,
            box=HISTORY_BOX,
            words=self.words,
        )
        history.show_moment(0)
        plot.set_line(*models[0, :2], errors=0.0)
        inks = (theme.output, theme.output, theme.blame, theme.text, theme.text)
        numbers = [
            Number(value, theme, em=em, color=ink)
            for value, ink in zip(models[0], inks, strict=True)
        ]
        rows = VGroup()
        names = ("w", "b", "L", "partial L slash partial w", "partial L slash partial b")
        for name, number, y in zip(names, numbers, ROWS, strict=True):
            number.move_to([NUMBERS_LEFT, y, 0], aligned_edge=LEFT)
            label = formula(f"{name} =", theme, em=em, color=number.get_fill_color().to_hex())
            rows.add(VGroup(put_name(label, number), number))
        self.add(plot, model, rows[:2])
        with self.beat("regression.model"):
            self.play(self.trying(plot, numbers), run_time=3.2)
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
            share = ease(place - before)
            plot.set_line(*((w, b) + share * move), squares=1.0)
            # The numbers change when line and curve have arrived.
            history.show_moment(before + share)
            self.write(numbers, models[int(place)])

        changing = VGroup(plot, history, *numbers)
        steps = [self.step_of(name, number) for name, number in zip("wb", numbers, strict=False)]
        with self.beat("regression.step", along=[*map(FadeIn, steps)]):
            self.hold_for(2)
            self.play(Timeline(changing, [Span(0, 1.6, show)], 1.6))
            self.hold_for(5)
        last = len(models) - 1
        with self.beat("regression.run"):

            def run(progress: float) -> None:
                place = 1 + progress**2 * (last - 1) if progress < 1 else last
                # The line rests at each step, and moves shortly before the next.
                show(int(place) + max(place - int(place) - REST, 0.0) / (1 - REST))

            self.play(Timeline(changing, [Span(0, 8.0, run)], 8.0))
            self.hold_for(6)
        before, after = (figures(value, 3) for value in models[[0, -1], 2])
        with self.beat("regression.done", steps=last, before=before, after=after):
            self.hold(1.2)

    def trying(self, plot: RegressionPlot, numbers: Sequence[Number]) -> Timeline:
        """Return the animation in which w turns the line and b shifts it, there and back."""
        w, b = self.models[0, :2]

        def put(w: float, b: float) -> None:
            plot.set_line(w, b, errors=0.0)
            self.write(numbers[:2], (w, b))

        def turn(progress: float) -> None:
            put(w + TRIED * 4 * progress * (1 - progress), b)

        def shift(progress: float) -> None:
            put(w, b + TRIED * 4 * progress * (1 - progress))

        return Timeline(VGroup(plot, *numbers[:2]), [Span(0, 1, turn), Span(1, 2, shift)])

    def step_of(self, name: str, number: Number) -> VGroup:
        """Return what a step makes of a parameter: ``← w − η ∂L/∂w``, with the number η."""
        theme, em = self.theme, self.theme.smallest_text
        old = formula(f"arrow.l {name} -", theme, em=em, color=theme.muted)
        rate = Number(self.chosen["rate"], theme, em=em, color=theme.muted)
        slope = formula(f"partial L slash partial {name}", theme, em=em, color=theme.muted)
        step = VGroup(old, rate, slope).arrange(RIGHT, buff=0.07)
        return step.move_to([NUMBERS_LEFT + BEHIND, number.get_y(), 0], aligned_edge=LEFT)

    @staticmethod
    def write(numbers: Sequence[Number], values: Iterable[float]) -> None:
        """Write other numbers, which begin where the old ones began."""
        for number, value in zip(numbers, values, strict=True):
            number.rewrite(float(value))

    def grow(self, plot: RegressionPlot, part: str) -> None:
        """Let errors grow from the points, or squares from the errors."""
        w, b = self.models[0, :2]

        def step(progress: float) -> None:
            plot.set_line(w, b, **{part: ease(progress)})

        self.play(Timeline(plot, [Span(0, 1.6, step)], 1.6))
