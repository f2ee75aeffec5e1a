"""Logistic regression as one neuron: B₁ on the edge, B₀ in the neuron, and the curve inside it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Arrow,
    Circle,
    Create,
    Dot,
    FadeIn,
    GrowArrow,
    Indicate,
    LaggedStart,
    VGroup,
)
from numpy.typing import ArrayLike

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ForwardTrace, Network, forward
from netviz.drawing import Box, Number, TextLabel, formula
from netviz.drawing.panels.pieces import Curve, PanelAxes, tick
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

# Centers and radii of the input, the neuron and the output, in frame units.
INPUT, NEURON, OUTPUT = (-5.8, -0.2), (0.4, -0.2), (5.9, -0.2)
SMALL, LARGE = 0.75, 2.35
PLOT, REACH = Box(-1.2, 2.0, -0.8, 0.9), 4.0
# Height of the sum in the neuron.
SUM = 1.3


class LogisticUnit(BeatScene):
    """Colour by colour the formula becomes a neuron, with its curve drawn inside the disc."""

    length = 26.8
    options = (
        Option("B1", 1.5, "the weight B1"),
        Option("B0", -0.5, "the bias B0"),
        Option("x", 1.0, "the input at the end", least=-REACH, most=REACH),
    )

    @cached_property
    def network(self) -> Network:
        """The neuron."""
        return Network.from_weights([[[self.chosen["B1"]]]], [[self.chosen["B0"]]], "sigmoid")

    def trace(self, x: float) -> ForwardTrace:
        """Return the pass of one input."""
        return forward(self.network, [x])

    def sum_of(self, x: float) -> float:
        """Return B₁X + B₀."""
        return float(self.trace(x).layers[0].z[0])

    @property
    def results(self) -> Iterable[ArrayLike]:
        """Both parameters, the input at the start and the end with sum and output, and the tick."""
        yield [self.chosen["B1"], self.chosen["B0"]]
        for x in (-REACH, self.chosen["x"]):
            yield [x, self.sum_of(x), self.trace(x).prediction[0]]
        yield [1.0]

    def construct(self) -> None:
        """Point at each part of the formula and of the neuron, then let X slide."""
        theme, em = self.theme, 0.62
        hues = {"X": theme.input, "one": theme.text, "zero": theme.last_hidden}
        code = "sigma({{ B_1 : one }} dot {{ X : X }} + {{ B_0 : zero }})"
        whole = formula(code, theme, em=em, color=theme.first_hidden, parts=hues)
        whole.move_to([NEURON[0], 3.25, 0])
        discs = [
            Circle(radius=radius, stroke_color=hue, stroke_width=5).move_to([*center, 0])
            for center, radius, hue in (
                (INPUT, SMALL, theme.input),
                (NEURON, LARGE, theme.first_hidden),
                (OUTPUT, SMALL, theme.output),
            )
        ]
        edges = [
            Arrow(start.get_right(), end.get_left(), buff=0.08, color=hue, stroke_width=6)
            for start, end, hue in zip(discs, discs[1:], (theme.text, theme.muted), strict=False)
        ]
        ends = VGroup(
            TextLabel(self.words("panel.input"), theme, color=theme.input).next_to(discs[0], DOWN),
            TextLabel(self.words("panel.output"), theme, color=theme.output).next_to(discs[2], UP),
        )
        self.add(*discs, whole, ends)
        with self.beat("logistic.formula"):
            self.play(LaggedStart(*map(GrowArrow, edges), lag_ratio=0.7), run_time=2.0)
        size = theme.caption_size
        name = formula("X", theme, em=size, color=theme.input).next_to(discs[0], UP, buff=0.2)
        weight = self.named("B_1", self.chosen["B1"], theme.text)
        weight.next_to(edges[0], UP, buff=0.15)
        with self.beat("logistic.edge"):
            self.play(FadeIn(name), Indicate(whole.select("X"), color=None), run_time=0.8)
            self.play(FadeIn(weight), Indicate(whole.select("one"), color=None), run_time=0.8)
            self.hold_for(1)
        bias = self.named("B_0", self.chosen["B0"], theme.last_hidden)
        bias.move_to([NEURON[0], NEURON[1] - 1.4, 0])
        with self.beat("logistic.bias"):
            self.play(FadeIn(bias), Indicate(whole.select("zero"), color=None), run_time=0.8)
            self.hold_for(1)
        widest = max(abs(self.sum_of(x)) for x in (-REACH, REACH))
        axes = PanelAxes((-widest, widest), (0, 1), theme=theme, box=PLOT)
        samples = np.linspace(-widest, widest, 121)
        outputs = self.network.layers[0].activation.value(samples)
        curve = Curve(theme.first_hidden, stroke=5).through(axes.c2p(samples, outputs).T)
        marks = VGroup(
            formula("z", theme, color=theme.muted).next_to(axes.x_axis, DOWN, buff=0.1),
            tick(1, theme.smallest_text, theme).next_to(axes.c2p(0, 1), LEFT, buff=0.1),
        )
        marks[0].align_to(axes, RIGHT)
        with self.beat("logistic.curve"):
            self.play(FadeIn(axes), FadeIn(marks), Create(curve), run_time=1.4)
        start, goal = -REACH, self.chosen["x"]
        way = np.array([start, REACH, goal])
        dot = Dot(axes.c2p(self.sum_of(start), self.trace(start).prediction[0]), radius=0.12)
        dot.set_color(theme.forward)
        total = Number(self.sum_of(start), theme, em=size, color=theme.forward_ink)
        total.move_to([NEURON[0] + 0.3, SUM, 0], aligned_edge=LEFT)
        name_of_sum = put_name(formula("z =", theme, em=size, color=theme.forward_ink), total)
        value = Number(start, theme, em=size).move_to(discs[0])
        result = Number(self.trace(start).prediction[0], theme, decimals=3, em=size)
        result.next_to(discs[2], DOWN, buff=0.2)

        def slide(progress: float) -> None:
            there = 2 * ease(progress)
            x = goal if progress >= 1 else float(np.interp(there, [0, 1, 2], way))
            a = float(self.trace(x).prediction[0])
            dot.move_to(axes.c2p(self.sum_of(x), a))
            value.set_value(x)
            total.rewrite(self.sum_of(x))
            result.set_value(a)
            discs[2].set_fill(theme.fill(theme.output, a), opacity=1)

        with self.beat("logistic.slide"):
            appearing = value, total, name_of_sum, dot, result
            self.play(LaggedStart(*map(FadeIn, appearing), lag_ratio=0.2), run_time=1.2)
            self.hold_for(3)
            changing = VGroup(dot, value, total, result, discs[2])
            self.play(Timeline(changing, [Span(0, 7.0, slide)], 7.0))
            self.hold_for(3)

    def named(self, name: str, value: float, color: str) -> VGroup:
        """Return a parameter above its value."""
        em = self.theme.caption_size
        number = Number(value, self.theme, em=em, color=color)
        label = formula(name, self.theme, em=em, color=color)
        return VGroup(label, number).arrange(DOWN, buff=0.15)
