"""The perceptron: inputs, weights, a sum and a step; and a bias as a head start."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    Arrow,
    Circle,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Mobject,
    Rectangle,
    ReplacementTransform,
    VGroup,
)
from numpy.typing import ArrayLike

from netviz.animation import DimEdges, FillNeuron
from netviz.animation.gap import AddUp
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ForwardTrace, Network, forward
from netviz.drawing import (
    ActivationCurve,
    Box,
    EdgeSum,
    NetworkDiagram,
    Number,
    TextLabel,
    formula,
)
from netviz.drawing.neuron import Z_NUMBER
from netviz.scene import BeatScene, Option

DIAGRAM_BOX, CURVE_BOX = Box(-5.9, 2.0, -2.7, 3.3), Box(3.4, 6.7, -1.9, 2.9)
# Values that are written below the step.
TICKS = (-2, 0, 2)
# The bars: their left end, the height of their rows, their thickness; frame units for one unit.
LEFT_END, ROWS, THICKNESS, RIGHT_END = -5.2, (1.2, -1.3), 0.9, 6.5
# Radius of the neuron that fires, and beyond the threshold, as a share of it.
LAMP, BEYOND = 0.42, 0.02
LAST = 2.0


class Perceptron(BeatScene):
    """A bias is a bar that already stands: the input only has to go the rest of the way."""

    length = 37.4
    options = (
        Option("x", (-1.0, 0.0, 0.0), "the inputs x0, x1, x2"),
        Option("w", (0.3, 0.4, 0.1), "their weights w0, w1, w2"),
        Option("threshold", 100, "the threshold of the second part", least=1, most=999),
        Option("biases", (70.0, 20.0), "two biases, compared", least=0),
    )

    @cached_property
    def trace(self) -> ForwardTrace:
        """The pass of the inputs through the perceptron."""
        weights = np.array([self.chosen["w"]])
        return forward(Network.from_weights([weights], [[0.0]], "step"), self.chosen["x"])

    def needed(self, bias: float) -> tuple[float, float]:
        """Return the smallest whole input with which a neuron of this bias fires, and its z."""
        threshold = self.chosen["threshold"]
        neuron = Network.from_weights([[[1.0]]], [[bias - threshold]], "step")
        inputs = np.arange(threshold + 1.0)
        trace = forward(neuron, inputs[:, np.newaxis])
        fires = (trace.prediction[:, 0] == 1).argmax()
        return float(inputs[fires]), float(trace.layers[0].z[fires, 0])

    @property
    def results(self) -> Iterable[ArrayLike | ForwardTrace]:
        """Both passes, and the values at the axis."""
        yield self.trace
        yield TICKS
        yield [self.chosen["threshold"], 0.0, 1.0]
        yield from ((bias, *self.needed(bias)) for bias in self.chosen["biases"])

    def construct(self) -> None:
        """Compute one output slowly, then show what a bias does."""
        self.show_threshold(*self.show_neuron())

    def show_neuron(self) -> tuple[Circle, list[Mobject]]:
        """Write the sum on the edges, and pass it through the step.

        Returns:
            The disc of the neuron, and everything on screen.
        """
        trace, theme = self.trace, self.theme
        diagram = NetworkDiagram(
            trace.network,
            theme,
            box=DIAGRAM_BOX,
            words=self.words,
            layer_names=False,
        )
        diagram.show_activations(trace, layers=[0]).open_gap(0, result=False)
        names = VGroup()
        for k, neuron in enumerate(diagram.layer(0)):
            name = formula(f"x_{k}", theme, em=theme.caption_size, color=theme.input)
            names.add(name.next_to(neuron.disc, LEFT, buff=0.2))
        # The product of x₀ is the same for all other inputs: it is a bias.
        em, ink = theme.caption_size, theme.last_hidden
        word = TextLabel(self.words("sum.bias"), theme, em=em, color=ink)
        bias = VGroup(word, formula("b = x_0 w_0", theme, em=em, color=ink))
        bias.arrange(RIGHT, buff=0.15)
        beside = diagram.neuron(0, 0).disc
        names.add(bias.next_to(beside, RIGHT, buff=0.3).align_to(beside, UP))
        z = float(trace.layers[0].z[0])
        step = trace.network.layers[0].activation
        curve = ActivationCurve(step, z=z, ticks=TICKS, theme=theme, box=CURVE_BOX)
        goes_on = Arrow(
            diagram.neuron(1, 0).disc.get_right(),
            [CURVE_BOX.left, diagram.neuron(1, 0).disc.get_y(), 0],
            buff=0.15,
            color=theme.muted,
        )
        self.add(diagram, goes_on, curve.axes, curve.curve)
        with self.beat("perceptron.inputs", hold=1.0):
            self.play(LaggedStart(*map(FadeIn, names), lag_ratio=0.5), run_time=1.6)
            self.add(names)
        written = EdgeSum(diagram, trace, 1, 0)
        with self.beat("perceptron.sum"):
            self.play(AddUp(written, slow=True, extras=False))
            self.hold_for(4)
        with self.beat("perceptron.step"):

            def slide(progress: float) -> None:
                curve.set_dot(ease(progress) * z)

            self.add(curve.guides, curve.dot)
            self.play(Timeline(curve.dot, [Span(0, 1.0, slide)], 1.0))
            self.play(FadeIn(curve.set_z(z).value), run_time=0.6)
            # The result takes the place of the sum.
            flying, home = curve.result.copy().set_z_index(Z_NUMBER), diagram.neuron(1, 0).disc
            away = Timeline(written, [Span(0, 0.7, lambda p: written.set_presence(1 - p))])
            self.play(away, flying.animate.move_to(home), DimEdges(diagram), run_time=0.7)
            self.remove(written)
            self.play(FillNeuron(diagram, trace, 1, 0), FadeOut(flying, run_time=0.2))
            self.hold_for(2)
        return home, [diagram, names, goes_on, curve]

    def show_threshold(self, neuron: Circle, leaving: Iterable[Mobject]) -> None:
        """Let the input grow from the end of a bias until the neuron fires.

        Args:
            neuron: What becomes the neurons of the bars.
            leaving: What leaves when the bars appear.
        """
        theme, threshold = self.theme, self.chosen["threshold"]
        unit = (RIGHT_END - LEFT_END) / ((1 + BEYOND) * threshold)
        at = LEFT_END + unit * threshold
        mark = Line([at, ROWS[1] - 0.7, 0], [at, 2.9, 0], stroke_color=theme.text, stroke_width=4)
        text = self.words("panel.threshold", threshold=f"{threshold:g}")
        name = TextLabel(text, theme, em=theme.caption_size)
        name.next_to(mark, UP, buff=0.15).align_to(mark, RIGHT)
        rows = [BiasRow(self, b, y, unit) for b, y in zip(self.chosen["biases"], ROWS, strict=True)]
        with self.beat(
            "perceptron.fires",
            threshold=threshold,
            along=[*map(FadeOut, leaving)],
        ):
            same = (ReplacementTransform(neuron.copy(), row.lamp) for row in rows)
            self.play(*same, run_time=1.0)
            shown = (FadeIn(row.track, row.output) for row in rows)
            self.play(FadeIn(mark), FadeIn(name), *shown, run_time=0.6)
            self.hold_for(1)
        for row, key in zip(rows, ("perceptron.bias", "perceptron.less"), strict=True):
            with self.beat(key):
                self.play(row.grow_bias(), run_time=1.2)
                self.play(FadeIn(row.name), run_time=0.6)
                self.add(row.input, row.input_name, row.count)
                self.play(row.grow_input(), run_time=2.4)
                self.hold_for(2)
        with self.beat("perceptron.same", hold=LAST, threshold=threshold):
            self.play(LaggedStart(*(FadeIn(row.sum) for row in rows), lag_ratio=0.5), run_time=1.2)


class BiasRow:
    """A bias as a bar that stands, and the input that grows from its end to the threshold."""

    def __init__(self, scene: Perceptron, bias: float, height: float, unit: float) -> None:
        theme = scene.theme
        self.needed, z = scene.needed(bias)
        self.unit, self.height_of_row = unit, height
        self.start, self.end = LEFT_END, LEFT_END + unit * bias
        at = LEFT_END + unit * scene.chosen["threshold"]
        self.track = Rectangle(height=THICKNESS, width=at - LEFT_END)
        self.track.set_stroke(theme.muted, 2).move_to([LEFT_END, height, 0], aligned_edge=LEFT)
        self.bias, self.input = (
            Rectangle(height=THICKNESS, width=0.02, stroke_width=0, fill_opacity=1, fill_color=hue)
            for hue in (theme.last_hidden, theme.input)
        )
        em, ink = theme.caption_size, theme.last_hidden
        word = TextLabel(scene.words("sum.bias"), theme, em=em, color=ink)
        label = formula("b =", theme, em=em, color=ink)
        value = Number(bias, theme, decimals=0, em=em, color=ink)
        self.name = VGroup(word, label, value).arrange(RIGHT, buff=0.15)
        self.name.move_to([LEFT_END, height + 0.85, 0], aligned_edge=LEFT)
        self.count = Number(0, theme, decimals=0, em=theme.caption_size, color=theme.input)
        self.input_name = formula("x =", theme, em=theme.caption_size, color=theme.input)
        self.lit = theme.fill(theme.output, 1.0)
        outline = {"stroke_color": theme.output, "stroke_width": 5}
        self.lamp = Circle(radius=LAMP, fill_color=self.lit, fill_opacity=0, **outline)
        self.lamp.move_to([LEFT_END - 0.9, height, 0])
        self.ink = theme.ink_on(self.lit)
        self.output = Number(0, theme, decimals=0, color=theme.text).move_to(self.lamp)
        self.sum = self._written(scene, bias, z)

    def _written(self, scene: Perceptron, bias: float, z: float) -> VGroup:
        """Return x + b − threshold in numbers, below the bar."""
        theme, threshold = scene.theme, float(scene.chosen["threshold"])
        numbers = (
            Number(value, theme, decimals=0, em=theme.caption_size, color=color)
            for value, color in (
                (self.needed, theme.input),
                (bias, theme.last_hidden),
                (threshold, theme.text),
                (z, theme.text),
            )
        )
        signs = (TextLabel(sign, theme, em=theme.caption_size, color=theme.muted) for sign in "+−=")
        x, b, limit, result = numbers
        plus, minus, equals = signs
        line = VGroup(x, plus, b, minus, limit, equals, result).arrange(RIGHT, buff=0.15)
        left = [LEFT_END, self.height_of_row - 0.85, 0]
        return line.move_to(left, aligned_edge=LEFT)

    def _put(self, bar: Rectangle, left: float, right: float) -> None:
        bar.stretch_to_fit_width(max(right - left, 0.02))
        bar.move_to([left, self.height_of_row, 0], aligned_edge=LEFT)

    def grow_bias(self) -> Timeline:
        """Return the animation in which the bar of the bias grows."""

        def step(progress: float) -> None:
            self._put(self.bias, self.start, self.start + ease(progress) * (self.end - self.start))

        return Timeline(self.bias, [Span(0, 1, step)])

    def grow_input(self) -> Timeline:
        """Return the animation in which the input grows until the neuron fires."""

        def step(progress: float) -> None:
            x = self.needed if progress >= 1 else round(ease(progress) * self.needed)
            self._put(self.input, self.end, self.end + self.unit * x)
            self.count.set_value(x)
            middle = [self.end + self.unit * x / 2, self.height_of_row + 0.85, 0]
            left = max(middle[0], self.name.get_right()[0] + 1.0)
            VGroup(self.input_name, self.count).arrange(RIGHT, buff=0.15).move_to(
                [left, middle[1], 0]
            )
            if progress >= 1:
                self.lamp.set_fill(self.lit, opacity=1)
                self.output.set_value(1).set_ink(self.ink)

        parts = self.input, self.input_name, self.count, self.lamp, self.output
        return Timeline(VGroup(*parts), [Span(0, 1, step)])
