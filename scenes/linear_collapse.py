"""Layers without activation functions collapse into one; something between them bends the line."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ACTIVATIONS, Network, forward
from netviz.drawing import Box, Number, TextLabel, formula
from netviz.drawing.panels.matrices import Matrix
from netviz.drawing.panels.pieces import Curve, PanelAxes
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

Array = NDArray[np.float64]

PLOT, REACH, HEIGHT = Box(-6.7, 2.0, -2.85, 3.7), 3.0, 2.0
FORMULAS_LEFT, FORMULAS_TOP, PITCH = 5.2, 2.0, 1.3
NESTED = ("h(x) =", "h(h(x)) =", "h(h(h(x))) =")
LAYERS = len(NESTED)
BENDS = tuple(name for name in ("tanh", "sigmoid", "relu", "gelu") if name in ACTIVATIONS)


class LinearCollapse(BeatScene):
    """A stack of lines is a line: only a bend between them makes the stack worth its height."""

    length = 29.2
    options = (
        Option("first", (1.0, -0.5, 0.5, 2.0), "the first matrix, row by row"),
        Option("second", (2.0, 1.0, -1.0, 0.5), "the second matrix, row by row"),
        Option("c", 1.3, "the factor of each line", least=0.1, most=3.0),
        Option("between", "tanh", "what bends the line", choices=BENDS),
    )

    @cached_property
    def matrices(self) -> tuple[Array, Array, Array]:
        """The second matrix, the first one, and what both layers do: the core's outputs."""
        one, two = (np.reshape(self.chosen[name], (2, 2)) for name in ("first", "second"))
        network = Network.from_weights([one, two], [np.zeros(2)] * 2, "identity")
        # The outputs for the unit vectors are the columns of the matrix of the whole.
        return two, one, forward(network, np.eye(2)).prediction.T

    def stack(self, count: int, between: str = "identity") -> Network:
        """Return layers of one neuron that multiply by c, with something between them."""
        activations = [between] * (count - 1) + ["identity"]
        weights = [np.array([[self.chosen["c"]]])] * count
        return Network.from_weights(weights, [np.zeros(1)] * count, activations)

    @property
    def slopes(self) -> list[float]:
        """The slope of each stack of lines."""
        stacks = (self.stack(count) for count in range(1, LAYERS + 1))
        return [float(forward(network, [1.0]).prediction[0]) for network in stacks]

    @property
    def results(self) -> Iterable[ArrayLike]:
        """The matrices, and the slopes of the lines."""
        yield from self.matrices
        yield self.slopes

    def construct(self) -> None:
        """Multiply two matrices, stack lines, and bend them."""
        self.multiply()
        self.stack_lines()

    def multiply(self) -> None:
        """Show two matrices, and the one that does the same."""
        theme = self.theme
        colors = theme.last_hidden, theme.first_hidden, theme.output
        parts = [
            Matrix(values, theme=theme, em=0.62, color=color)
            for values, color in zip(self.matrices, colors, strict=True)
        ]
        times, equals = (TextLabel(text, theme, em=0.62) for text in ("×", "="))
        row = VGroup(parts[0], times, parts[1], equals, parts[2]).arrange(RIGHT, buff=0.35)
        row.scale_to_fit_width(13.0).move_to([0, 0.3, 0])
        names = VGroup()
        for part, name in zip(parts, ("W_2", "W_1", "W"), strict=True):
            color = part.rows[0][0].get_fill_color().to_hex()
            label = formula(name, theme, em=theme.caption_size, color=color)
            names.add(label.next_to(part, direction=np.array([0, 1, 0]), buff=0.4))
        self.add(*(part.brackets for part in parts), times, equals, *names)
        with self.beat("collapse.two"):
            rows = (FadeIn(part.rows) for part in parts[:2])
            self.play(LaggedStart(*rows, lag_ratio=0.6), run_time=1.8)
            self.add(*parts[:2])
        with self.beat("collapse.one"):
            for k in range(2):
                for line in parts[2].rows:
                    self.play(FadeIn(line[k]), run_time=0.6)
            self.hold_for(4)
        leaving = (*parts[:2], parts[2], times, equals, *names)
        self.play(*map(FadeOut, leaving), run_time=0.6)

    def stack_lines(self) -> None:
        """Stack layers of one neuron, first without and then with something between them."""
        theme, em, chosen = self.theme, self.theme.caption_size, self.chosen
        axes = PanelAxes((-REACH, REACH), (-HEIGHT, HEIGHT), theme=theme, box=PLOT)
        hues = theme.first_hidden, theme.last_hidden, theme.output
        across, up = (formula(name, theme) for name in "xy")
        across.next_to(axes.x_axis.get_end(), DOWN, buff=0.12).align_to(axes, RIGHT)
        up.next_to(axes.y_axis.get_end(), LEFT, buff=0.12).align_to(axes, UP)
        curves = [Curve(hue, stroke=5.0) for hue in hues]
        rows = []
        for k, (name, slope, hue) in enumerate(zip(NESTED, self.slopes, hues, strict=True)):
            number = Number(slope, theme, em=em, color=hue)
            number.move_to([FORMULAS_LEFT, FORMULAS_TOP - PITCH * k, 0], aligned_edge=LEFT)
            label = put_name(formula(name, theme, em=em, color=hue), number)
            factor = formula("x", theme, em=em, color=hue).next_to(number, RIGHT, buff=0.1)
            factor.shift([0, number.baseline[2] - factor.get_bottom()[1], 0])
            rows.append(VGroup(label, number, factor))
            curves[k].through(within(graph(axes, self.stack(k + 1))))
        drawn = axes, across, up, rows[0]
        with self.beat("collapse.line", along=[FadeIn(part) for part in drawn]):
            self.play(Create(curves[0]), run_time=1.0)
            self.hold_for(1)
        with self.beat("collapse.stack"):
            for k in range(1, LAYERS):
                self.play(Create(curves[k]), FadeIn(rows[k]), run_time=1.0)
                self.hold_for(1)
        name = chosen["between"]
        starts = [graph(axes, self.stack(count)) for count in range(1, LAYERS + 1)]
        ends = [graph(axes, self.stack(count, name)) for count in range(1, LAYERS + 1)]

        def bend(progress: float) -> None:
            share = ease(progress)
            for curve, start, end in zip(curves, starts, ends, strict=True):
                curve.through(within(start + share * (end - start)))

        with self.beat("collapse.bend", name=name):
            self.play(*map(FadeOut, rows[1:]), run_time=0.6)
            symbol = ACTIVATIONS[name].symbol
            bent = [f"h({symbol}(h(x)))", f"h({symbol}(h({symbol}(h(x)))))"]
            shown = []
            for row, code, hue in zip(rows[1:], bent, hues[1:], strict=True):
                label = formula(code, theme, em=em, color=hue, width=4.4)
                shown.append(label.move_to([4.5, row[0].get_y(), 0]))
            # A label is there when its curve has the form that it names.
            bending = Timeline(VGroup(*curves), [Span(0, 3.0, bend)], 3.0)
            self.play(bending, *(FadeIn(label, run_time=3.0) for label in shown))
            self.hold(0.6)
        with self.beat("collapse.depth"):
            self.hold(1.2)


def graph(axes: PanelAxes, network: Network) -> Array:
    """Return the graph of a network of one input and one output, as positions, shape (n, 3)."""
    x = np.linspace(-REACH, REACH, 601)
    places: Array = axes.c2p(x, forward(network, x[:, np.newaxis]).prediction[:, 0]).T
    return places


def within(places: Array) -> Array:
    """Return the positions that lie in the plot: a graph ends at its border."""
    return places[(places[:, 1] >= PLOT.bottom) & (places[:, 1] <= PLOT.top)]
