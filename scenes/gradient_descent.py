"""Gradient descent: a ball on a loss, three learning rates, a landscape, and ascent."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from manim import LEFT, FadeIn, FadeOut, Group, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.replay import Follow
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import LOSSES, Network, backward, forward, train
from netviz.drawing import Box, LossContour, LossCurve, Number, formula
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

Array = NDArray[np.float64]

# One weight: the loss of ŷ = w x for one sample.
SAMPLE, TARGET = [1.0], [1.0]
LOW, HIGH = -2.6, 4.6
STEPS = 8
# Two parameters: the loss of ŷ = w x + b for some points.
POINTS = np.array([(-1.2, -0.9), (-0.4, 0.1), (0.3, 0.2), (0.9, 1.1), (1.6, 1.3)])
CORNERS, BEGIN, RATE = ((-1.4, -1.5), (2.8, 1.7)), (-1.0, 1.3), 0.12
FULL, WIDE = Box(-6.7, 6.7, -2.9, 3.85), Box(-6.7, 6.7, -2.95, 3.9)
# Left ends, width and height of three panels, and of two.
THREE, TWO = [(-6.7, -2.5), (-2.1, 2.1), (2.5, 6.7)], [(-6.7, -0.5), (0.5, 6.7)]
# Height of the loss after the last step, and how far right of the middle of its panel it begins.
LOSS, ASIDE = 2.2, 0.55
# Of the loss, and of its mirror.
SIGNS = (1.0, -1.0)


class GradientDescent(BeatScene):
    """A ball rolls against the arrow that points uphill: one rule, three fates."""

    length = 51.8
    options = (
        Option("rates", (0.02, 0.2, 1.05), "three learning rates", least=0.0, most=10.0),
        Option("start", -1.2, "the weight at the start", least=LOW, most=HIGH),
    )

    @cached_property
    def curve(self) -> tuple[Array, Array]:
        """Weights, and the loss of each."""
        weights = np.linspace(LOW, HIGH, 145)
        return weights, np.array([self.at(w)[0] for w in weights])

    @staticmethod
    def at(weight: float) -> tuple[float, float]:
        """Return the loss of a weight, and its gradient."""
        network = Network.from_weights([[[weight]]], [[0.0]], "identity")
        back = backward(network, forward(network, SAMPLE), TARGET, LOSSES["mse"])
        return float(back.loss), float(back.layers[0].weight_gradient[0, 0])

    def path(self, rate: float) -> Array:
        """Return weight, loss and gradient of each step, shape (steps + 1, 3)."""
        weight, rows = self.chosen["start"], []
        for _ in range(STEPS + 1):
            loss, gradient = self.at(weight)
            rows.append((weight, loss, gradient))
            weight -= rate * gradient
        return np.array(rows)

    @property
    def results(self) -> Iterable[ArrayLike]:
        """Learning rates, and all paths."""
        yield self.chosen["rates"]
        yield from map(self.path, self.chosen["rates"])

    def construct(self) -> None:
        """Show one step slowly, then rates, landscape and mirror."""
        self.one_ball()
        self.three_rates()
        self.landscape()
        self.mirror()

    def leaving(self) -> FadeOut:
        """Return the animation in which everything but the caption leaves."""
        return FadeOut(Group(*(each for each in self.mobjects if each is not self._caption)))

    def loss_curve(
        self, rate: float, box: Box, sign: float = 1.0, *, arrows: bool = True
    ) -> LossCurve:
        """Return the curve, or its mirror, with the path of a rate, and with gradients or not."""
        weights, losses = self.curve
        path = self.path(rate)
        name, above = ("L", "L") if sign > 0 else ("minus L", "(minus L)")
        return LossCurve(
            weights,
            sign * losses,
            path[:, 0],
            sign * path[:, 2] if arrows else (),
            loss_name=name,
            arrow_name=f"partial {above} slash partial w",
            theme=self.theme,
            box=box,
        )

    def one_ball(self) -> None:
        """Follow the ball with its numbers."""
        rate = self.chosen["rates"][1]
        panel, path, theme = self.loss_curve(rate, FULL), self.path(rate), self.theme
        panel.ball.move_to(panel.axes.c2p(self.curve[0][-1], self.curve[1][-1]))
        panel.trail.set_opacity(0.0)
        panel.remove(panel.arrow, panel.arrow_label)
        self.add(panel)
        with self.beat("descent.curve"):
            self.play(self.along(panel))
        names = ["w =", "L =", "partial L slash partial w ="]
        colors = [theme.text, theme.blame, theme.text]
        em = theme.caption_size
        start = zip(path[0], colors, strict=True)
        numbers = [Number(value, theme, em=em, color=color) for value, color in start]
        rows = VGroup()
        for k, (name, number, color) in enumerate(zip(names, numbers, colors, strict=True)):
            number.move_to([1.6, 2.2 - 0.75 * k, 0], aligned_edge=LEFT)
            label = formula(name, theme, em=em, color=color)
            rows.add(VGroup(put_name(label, number), number))
        with self.beat("descent.gradient"):
            self.play(*map(FadeIn, (panel.arrow, panel.arrow_label, rows)), run_time=0.8)
            panel.add(panel.arrow, panel.arrow_label)
            self.hold_for(3)
        rule = formula("w arrow.l w - eta dot partial L slash partial w", theme, em=em)
        rule.move_to([0.3, 3.0, 0])
        size = Number(rate, theme, em=em).move_to([1.6, -0.05, 0], aligned_edge=LEFT)
        factor = put_name(formula("eta =", theme, em=em), size)
        with self.beat("descent.step", along=[FadeIn(rule), FadeIn(size), FadeIn(factor)]):
            self.move(panel, numbers, path, 0, 1.6)
            self.hold_for(3)
        with self.beat("descent.steps"):
            for k in range(1, STEPS):
                self.move(panel, numbers, path, k, 0.7)
            self.hold_for(3)

    def along(self, panel: LossCurve) -> Timeline:
        """Return the animation in which the ball passes over other weights, to the start."""
        begin, end = self.curve[0][-1], self.chosen["start"]

        def step(progress: float) -> None:
            weight = begin + ease(progress) * (end - begin)
            panel.ball.move_to(panel.axes.c2p(weight, self.at(weight)[0]))
            panel.trail.set_opacity(0.0)
            if progress >= 1:
                panel.show_moment(0.0)

        return Timeline(panel, [Span(0, 2.6, step)])

    def move(
        self, panel: LossCurve, numbers: list[Number], path: Array, k: int, run_time: float
    ) -> None:
        """Roll from one step to the next, with the numbers of each weight on the way."""
        (before, after), arrived = path[k : k + 2, 0], path[k + 1]

        def step(progress: float) -> None:
            share = ease(progress)
            self.roll(panel, path, k + share if progress < 1 else k + 1)
            weight = before + share * (after - before)
            values = arrived if progress >= 1 else (weight, *self.at(weight))
            for number, value in zip(numbers, values, strict=True):
                number.rewrite(float(value))

        self.play(Timeline(VGroup(panel, *numbers), [Span(0, run_time, step)], run_time))

    def roll(self, panel: LossCurve, path: Array, moment: float, sign: float = 1.0) -> None:
        """Show a moment of a path; a ball whose step leaves the curve lands outside, and fades."""
        last = panel.moments - 1
        panel.show_moment(min(moment, last))
        if moment <= last:
            return
        panel.hide_arrow()
        self.jump(panel, path, min(moment, last + 1.0), sign)
        panel.ball.set_opacity(float(np.clip(last + 2 - moment, 0.0, 1.0)))

    @staticmethod
    def jump(panel: LossCurve, path: Array, moment: float, sign: float = 1.0) -> None:
        """Put the ball on the straight way between two steps: a step does not follow the curve."""
        before = min(int(moment), len(path) - 2)
        ends = panel.axes.c2p(path[before : before + 2, 0], sign * path[before : before + 2, 1]).T
        panel.ball.move_to(ends[0] + (moment - before) * (ends[1] - ends[0]))

    def three_rates(self) -> None:
        """Let three balls roll side by side."""
        panels, titles, em = [], [], self.theme.caption_size
        for rate, (left, right) in zip(self.chosen["rates"], THREE, strict=True):
            panel = self.loss_curve(rate, Box(left, right, -2.9, 3.2), arrows=False)
            number = Number(rate, self.theme, em=em).move_to([(left + right) / 2 + 0.45, 3.5, 0])
            name = formula("eta =", self.theme, em=em)
            panels.append(panel)
            titles.append(VGroup(put_name(name, number), number))
        coming = (*map(FadeIn, panels), *map(FadeIn, titles))
        with self.beat("descent.rates", along=[self.leaving(), *coming]):
            self.hold_for(3)
            paths = [self.path(rate) for rate in self.chosen["rates"]]
            group = VGroup(*panels)

            def step(progress: float) -> None:
                moment = progress * STEPS
                rolled = int(moment) + ease(moment - int(moment))
                for panel, path in zip(panels, paths, strict=True):
                    self.roll(panel, path, rolled)
                    if rolled < panel.moments - 1:
                        self.jump(panel, path, rolled)

            self.play(Timeline(group, [Span(0, 7.0, step)], 7.0))
        losses = VGroup()
        for panel, path in zip(panels, paths, strict=True):
            number = Number(path[-1, 1], self.theme, em=em, color=self.theme.blame)
            number.move_to([panel.box.center[0] + ASIDE, LOSS, 0], aligned_edge=LEFT)
            name = put_name(formula("L =", self.theme, em=em, color=self.theme.blame), number)
            losses.add(VGroup(name, number))
        with self.beat("descent.verdict", along=[FadeIn(losses)]):
            self.hold_for(3)

    def landscape(self) -> None:
        """Show the loss of two parameters, and a descent on it."""
        (x0, y0), (x1, y1) = CORNERS
        across, up = np.meshgrid(np.linspace(x0, x1, 90), np.linspace(y0, y1, 60))
        models = Network.from_weights([across.reshape(-1, 1)], [up.ravel()], "identity")
        inputs, targets = POINTS[:, :1], POINTS[:, 1:]
        predictions = forward(models, inputs).prediction
        losses = LOSSES["mse"].value(predictions.T, targets.T).reshape(across.shape)
        first = Network.from_weights([[[BEGIN[0]]]], [[BEGIN[1]]], "identity")
        run = train(first, (inputs, targets), learning_rate=RATE, epochs=14, rng=0)
        networks = [first, *(step.network for step in run)]
        layers = [forward(network, inputs[0]).layers[0] for network in networks]
        path = [(layer.weights[0, 0], layer.bias[0]) for layer in layers]
        panel = LossContour(
            *(losses, *CORNERS, [path]),
            names=("w", "b"),
            theme=self.theme,
            box=WIDE,
            words=self.words,
        )
        with self.beat("descent.plane", along=[self.leaving(), FadeIn(panel)]):
            self.play(Follow(panel, panel.moments, run_time=5.0))

    def mirror(self) -> None:
        """Descend on the loss and climb on its mirror, at the same time."""
        rate, panels, rules = self.chosen["rates"][1], [], []
        path = self.path(rate)
        for (left, right), sign in zip(TWO, SIGNS, strict=True):
            panels.append(self.loss_curve(rate, Box(left, right, -2.9, 3.2), sign))
            code = "w arrow.l w - eta dot partial L slash partial w"
            if sign < 0:
                code = "w arrow.l w + eta dot partial (minus L) slash partial w"
            rule = formula(code, self.theme, em=self.theme.caption_size)
            rules.append(rule.move_to([(left + right) / 2, 3.45, 0]))
        coming = (*map(FadeIn, panels), *map(FadeIn, rules))
        with self.beat("descent.ascent", along=[self.leaving(), *coming]):
            # The names of both arrows are read before the arrows move.
            self.hold(1.0)

            def step(progress: float) -> None:
                moment = progress * STEPS
                for panel, sign in zip(panels, SIGNS, strict=True):
                    self.roll(panel, path, int(moment) + ease(moment - int(moment)), sign)

            self.play(Timeline(VGroup(*panels), [Span(0, 6.0, step)], 6.0))
            self.hold(1.2)
