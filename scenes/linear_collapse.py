"""Layers without activation functions collapse into one; something between them bends the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ACTIVATIONS, Network, forward
from netviz.drawing import Box, NetworkDiagram, Number, TextLabel, formula
from netviz.drawing.panels.matrices import Matrix, RowSum, framed
from netviz.drawing.panels.pieces import Curve, PanelAxes
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

Array = NDArray[np.float64]

PLOT, REACH, HEIGHT = Box(-6.7, 2.0, -2.85, 3.7), 3.0, 2.0
FORMULAS_LEFT, FORMULAS_TOP, PITCH = 5.2, 2.3, 1.9
# Heights of the matrices and of an entry of their product in full, and how large that is.
PRODUCT, DETAIL, DETAIL_SCALE, DETAIL_WIDTH = 2.3, -2.3, 1.8, 12.5
# Below each formula the layers that it stands for: from left to right, how far below, neurons.
CHAIN, LOW, HIGH, SMALL = (3.2, 6.4), 0.95, 0.4, 0.2
# The diagrams of two layers and of one, their neurons, and their names above the upper neurons.
TWO, ONE, SIZE, ABOVE = Box(-6.2, 1.4, -1.4, 0.6), Box(3.2, 6.2, -1.4, 0.6), 0.3, 0.35
NESTED = ("h(x) =", "h(h(x)) =", "h(h(h(x))) =")
LAYERS = len(NESTED)
BENDS = tuple(name for name in ("tanh", "sigmoid", "relu", "gelu") if name in ACTIVATIONS)


class LinearCollapse(BeatScene):
    """A stack of lines is a line: only a bend between them makes the stack worth its height."""

    length = 40.9
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
        # The outputs for the unit vectors are the columns of the matrix of the whole.
        return two, one, forward(layers(one, two), np.eye(2)).prediction.T

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
        row.scale_to_fit_width(13.0).move_to([0, PRODUCT, 0])
        names = VGroup()
        for part, name in zip(parts, ("W_2", "W_1", "W"), strict=True):
            color = part.rows[0][0].get_fill_color().to_hex()
            label = formula(name, theme, em=theme.caption_size, color=color)
            names.add(label.next_to(part, direction=np.array([0, 1, 0]), buff=0.4))
        two, whole = self.diagrams(colors)
        self.add(*(part.brackets for part in parts), times, equals, *names, two)
        with self.beat("collapse.two"):
            rows = (FadeIn(part.rows) for part in parts[:2])
            self.play(LaggedStart(*rows, lag_ratio=0.6), run_time=1.8)
            self.add(*parts[:2])
        with self.beat("collapse.one"):
            for place in np.ndindex(2, 2):
                self.show_entry(parts, *place)
            same = equals.copy().move_to([(TWO.right + ONE.left) / 2, TWO.center[1], 0])
            self.play(FadeIn(whole), FadeIn(same), run_time=0.8)
            self.hold(1.2)
        leaving = (*parts, times, equals, *names, two, same, whole)
        self.play(*map(FadeOut, leaving), run_time=0.6)

    def diagrams(self, colors: Sequence[str]) -> list[VGroup]:
        """Return two layers and the layer that does the same, their edges named after matrices."""
        (second, first, product), found = self.matrices, []
        for matrices, names, box in (
            ((first, second), ("W_1", "W_2"), TWO),
            ((product,), ("W",), ONE),
        ):
            network = layers(*matrices)
            diagram = NetworkDiagram(
                network, self.theme, box=box, words=self.words, layer_names=False, neuron_size=SIZE
            )
            drawn = VGroup(diagram)
            inks = dict(zip(("W_2", "W_1", "W"), colors, strict=True))
            for place, name in enumerate(names):
                ends = (diagram.neuron(layer, 0).disc for layer in (place, place + 1))
                label = formula(name, self.theme, em=self.theme.caption_size, color=inks[name])
                x, y, _ = np.mean([end.get_center() for end in ends], axis=0)
                drawn.add(label.move_to([x, y + ABOVE, 0]))
            found.append(drawn)
        return found

    def show_entry(self, parts: Sequence[Matrix], i: int, k: int) -> None:
        """Compute an entry of the product as a row times a column; the first one slowly."""
        left, right, product = parts
        row, column, entry = left.rows[i], right.column(k), product.rows[i][k]
        weights, inputs = ([number.value for number in factors] for factors in (row, column))
        ink = column[0].get_fill_color().to_hex()
        line = RowSum(weights, inputs, None, entry.value, color=ink, theme=self.theme)
        for number, colored in (*zip(line.weights, row, strict=True), (line.total, entry)):
            number.set_ink(colored.get_fill_color().to_hex())
        line.scale(min(DETAIL_SCALE, DETAIL_WIDTH / line.width)).move_to([0, DETAIL, 0])
        frames = VGroup(*(framed(part, self.theme) for part in (row, column)))
        *products, result = line.terms
        self.play(FadeIn(frames), *map(FadeIn, products), run_time=0.6)
        self.hold(1.5 if (i, k) == (0, 0) else 0.6)
        self.play(FadeIn(result), FadeIn(entry), run_time=0.6)
        self.hold_for(1)
        self.play(FadeOut(frames), FadeOut(line), run_time=0.4)

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
            chain = NetworkDiagram(
                self.stack(k + 1),
                theme,
                box=Box(*CHAIN, *(number.get_y() - below for below in (LOW, HIGH))),
                words=self.words,
                layer_names=False,
                neuron_size=SMALL,
            )
            rows.append(VGroup(label, number, factor, chain))
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
            self.play(*(FadeOut(part) for row in rows[1:] for part in row[:3]), run_time=0.6)
            symbol = ACTIVATIONS[name].symbol
            bent = [f"h({symbol}(h(x)))", f"h({symbol}(h({symbol}(h(x)))))"]
            shown = []
            for row, code, hue in zip(rows[1:], bent, hues[1:], strict=True):
                label = formula(code, theme, em=em, color=hue, width=4.4)
                shown.append(label.move_to([6.7, row[0].get_y(), 0], aligned_edge=RIGHT))
            # A label is there when its curve has the form that it names.
            bending = Timeline(VGroup(*curves), [Span(0, 3.0, bend)], 3.0)
            self.play(bending, *(FadeIn(label, run_time=3.0) for label in shown))
            self.hold(0.6)
        with self.beat("collapse.depth"):
            self.hold(1.2)


def layers(*matrices: Array) -> Network:
    """Return layers without biases and activation functions."""
    biases = [np.zeros(len(matrix)) for matrix in matrices]
    return Network.from_weights(matrices, biases, "identity")


def graph(axes: PanelAxes, network: Network) -> Array:
    """Return the graph of a network of one input and one output, as positions, shape (n, 3)."""
    x = np.linspace(-REACH, REACH, 601)
    places: Array = axes.c2p(x, forward(network, x[:, np.newaxis]).prediction[:, 0]).T
    return places


def within(places: Array) -> Array:
    """Return the positions that lie in the plot: a graph ends at its border."""
    return places[(places[:, 1] >= PLOT.bottom) & (places[:, 1] <= PLOT.top)]
