"""Linear regression: a line, its errors as squares, and gradient descent that turns the line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network, forward, train
from netviz.drawing import Box, LinearSum, LossHistory, Number, RegressionPlot, formula
from netviz.drawing.numerals import figures
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

Array = NDArray[np.float64]

PLOT_BOX, SUM_BOX = Box(-6.75, 1.5, -2.85, 2.9), Box(-6.75, 1.5, 3.1, 3.8)
NUMBERS_LEFT, NUMBERS_TOP, PITCH = 4.6, 3.4, 0.7
# The line rests for this share of the time of a step.
REST = 0.7
# How far w and b are tried out at first.
TRIED = 0.5
HISTORY_BOX = Box(2.4, 6.75, -2.7, 0.9)


class LinearRegression(BeatScene):
    """The loss is an area: the line turns until the squares on its errors are small."""

    length = 37.5
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
        """All models, and the number of steps."""
        yield self.models
        yield np.arange(len(self.models))

    def construct(self) -> None:
        """Show errors and squares, then the steps."""
        theme, models, em = self.theme, self.models, self.theme.caption_size
        plot = RegressionPlot(self.chosen["x"], self.chosen["y"], theme=theme, box=PLOT_BOX)
        model = LinearSum("hat(y)", ["x", ""], models[0, :2], theme=theme, box=SUM_BOX)
        history = LossHistory(
            models[:, 2].tolist(),
            title=f"{self.words('panel.loss')} L",
            theme=theme,
            box=HISTORY_BOX,
            words=self.words,
        )
        history.show_moment(0)
        plot.set_line(*models[0, :2], errors=0.0)
        loss, *slopes = (
            Number(value, theme, em=em, color=color)
            for value, color in zip(
                models[0, 2:], (theme.blame, theme.text, theme.text), strict=True
            )
        )
        rows = VGroup()
        names = ("L =", "partial L slash partial w =", "partial L slash partial b =")
        for k, (name, number) in enumerate(zip(names, (loss, *slopes), strict=True)):
            number.move_to([NUMBERS_LEFT, NUMBERS_TOP - PITCH * k, 0], aligned_edge=LEFT)
            label = formula(name, theme, em=em, color=number.get_fill_color().to_hex())
            rows.add(VGroup(put_name(label, number), number))
        self.add(plot, model, history)
        with self.beat("regression.model"):
            self.play(self.trying(plot, model), run_time=3.2)
            self.hold_for(2)
        with self.beat("regression.errors"):
            self.grow(plot, "errors")
        with self.beat("regression.squares"):
            self.grow(plot, "squares")
        with self.beat("regression.loss", along=[FadeIn(rows[0])]):
            self.hold_for(1)
        with self.beat("regression.gradient", along=[FadeIn(rows[1]), FadeIn(rows[2])]):
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
            # The counter and the curve change when the line is half way.
            history.show_moment(int(place + 0.5))
            for number, value in zip((loss, *slopes), values, strict=True):
                left = number.get_left()
                number.set_value(float(value)).move_to(left, aligned_edge=LEFT)

        changing = VGroup(plot, model, history, loss, *slopes)
        with self.beat("regression.step"):
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

    def trying(self, plot: RegressionPlot, model: LinearSum) -> Timeline:
        """Return the animation in which w turns the line and b shifts it, there and back."""
        w, b = self.models[0, :2]

        def turn(progress: float) -> None:
            self.put(plot, model, w + TRIED * 4 * progress * (1 - progress), b)

        def shift(progress: float) -> None:
            self.put(plot, model, w, b + TRIED * 4 * progress * (1 - progress))

        return Timeline(VGroup(plot, model), [Span(0, 1, turn), Span(1, 2, shift)])

    @staticmethod
    def put(plot: RegressionPlot, model: LinearSum, w: float, b: float) -> None:
        """Show a line and its formula."""
        plot.set_line(w, b, errors=0.0)
        model.set_weights([w, b])

    def grow(self, plot: RegressionPlot, part: str) -> None:
        """Let errors grow from the points, or squares from the errors."""
        w, b = self.models[0, :2]

        def step(progress: float) -> None:
            plot.set_line(w, b, **{part: ease(progress)})

        self.play(Timeline(plot, [Span(0, 1.6, step)], 1.6))
