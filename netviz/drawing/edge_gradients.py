"""Gradients and corrections, written on edges: activation × blame, weight − rate × gradient."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, UP, Line, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import BackwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import MOST_TERMS, Plated, scale_to_fit, share_of
from netviz.drawing.edges.layer import Z_TAG, Edge
from netviz.drawing.edges.paint import strongest
from netviz.drawing.edges.tags import lift, plate
from netviz.drawing.expected import expect_trace
from netviz.drawing.layout.box import NAME_EM
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.numerals import checked_product, checked_step, figures, unit_of
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.words import Words, as_words

Array = NDArray[np.float64]

# Lengths in frame units: between the texts of a line, around them on the plate, from a neuron to
# the plate; and from line to line, in ems.
_GAP, _PADDING, _AWAY, _LINE = 0.1, 0.14, 0.14, 1.15
# From the first line to its head, in ems.
_HEAD_LINE = 1.35
# Of a correction: between numbers, between words and numbers, from an edge of five times the usual
# width to the lines, in frame units; from line to line, in ems.
_STEP_GAP, _COLUMNS, _STEP_AWAY, _STEP_LINE = 0.12, 0.4, 0.3, 1.3
# Stroke of the line from there to the edge, and where on the edge it ends.
_LEADER, _LED = 1.5, 0.4
# Where a line has the height of its edge, as a share of its length.
_HEIGHT = 0.16
# When the parts of one line happen, as shares of its time: the factors have met, the sign between
# them and the product have appeared.
_MET, _SIGN, _PRODUCT = 0.6, 0.75, 0.95
# How long a factor takes to appear, as a share of its way; when the other factors of a line have
# left it, and its product has arrived at its neuron, as shares of the time of both.
_APPEARS, _LEFT, _MOVED = 0.2, 0.25, 0.55


@dataclass(frozen=True)
class GradientTerm:
    """The gradient of one weight.

    Attributes:
        edge: The edge that it is written on.
        activation: Activation of the neuron before.
        gradient: Its product with the blame of the neuron after, as the core computed it.
    """

    edge: Edge
    activation: float
    gradient: float


class EdgeGradients(VGroup):
    """∂L/∂W = activation × blame on every edge into a neuron, then a halo as wide as it.

    At first nothing is visible: ``show_term(k, progress)`` shows one line, ``show_all()`` all of
    them. ``show_halos(progress)`` lets the factors leave, so that only the gradients stay, next to
    the neurons where their edges begin, and the halos are seen as wholes. If there is no room for
    every edge, the strongest and the weakest gradients are written.

    Args:
        diagram: A diagram with the gap before the neuron open.
        trace: A backward trace of one sample of the diagram's network.
        layer, i: The neuron.
        words: Language of the words.

    Attributes:
        terms: What is written, from the first to the last source.
        head: What the results are, above the first of them.

    Raises:
        ProblemError: The trace is of a batch or of another network, or the layer is the input.
        PartError: There is no such neuron, or it is not drawn.

    Example:
        >>> diagram = diagram.show_activations(trace).show_blame(blame).open_gap(0)
        >>> gradients = EdgeGradients(diagram, blame, 1, 0).show_all()
        >>> scene.add(gradients)
        >>> bool(gradients.terms[2].gradient == blame.layers[0].weight_gradient[0, 2])
        True
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        layer: int,
        i: int,
        *,
        words: Words | str = "en",
    ) -> None:
        expect_trace(trace, BackwardTrace, diagram.sizes)
        last = len(diagram.sizes) - 1
        expect("layer", layer, layer in range(1, last + 1), f"a layer from 1 to {last}")
        diagram.neuron(layer, i)
        self.diagram, self.theme = diagram, diagram.theme
        self.blame = float(trace.layers[layer - 1].blame[i])
        every = [record.weight_gradient for record in trace.layers]
        self._largest = strongest(*every)
        incoming = trace.forward.layers[layer - 1].incoming
        candidates = {
            k: GradientTerm(
                diagram.edge(layer - 1, k, i), float(incoming[k]), float(every[layer - 1][i, k])
            )
            for k in diagram.shown(layer - 1)
            if trace.forward.layers[layer - 1].mask[i, k]
        }
        lines = {k: self._line(term, layer) for k, term in candidates.items()}
        self._em = self._spread(candidates, lines)
        written = self._with_room(candidates, lines)
        self.terms = [candidates[k] for k in written]
        self.lines = VGroup(*(lines[k] for k in written))
        self.plates = VGroup(*(self._plate(line) for line in self.lines))
        # How far the factors are visible, once they all are.
        self._factors = 1.0
        self._places = [[text.get_center() for text in line] for line in self.lines]
        name = TextLabel(as_words(words)("step.gradient"), self.theme)
        self.head = Plated(name, theme=self.theme)
        highest = max(self.lines, key=lambda line: float(line.get_y()))
        above = _HEAD_LINE * self.theme.number_size * UP
        self.head.move_to(highest[-1].get_right() + above, aligned_edge=RIGHT)
        beside = self.head.copy().move_to(highest.get_left() + above, aligned_edge=LEFT)
        self._heads = self.head.get_center(), beside.get_center()
        super().__init__(self.plates, self.lines, self.head)
        self.head.set_presence(0.0)
        for k in range(len(self.terms)):
            self.show_term(k, 0.0)

    def _line(self, term: GradientTerm, layer: int) -> VGroup:
        """Return activation, sign, blame, sign and gradient."""
        theme = self.theme
        factors = (term.activation, self.blame)
        first, second, product = checked_product(factors, term.gradient, (2, 3, 3))
        if not self.blame:
            second = figures(0.0)
        numbers = (
            Number(value, theme, color=color).show(value, text)
            for value, text, color in (
                (term.activation, first, self.diagram.role(layer - 1)),
                (self.blame, second, theme.blame),
                (term.gradient, product, theme.text),
            )
        )
        activation, blame, gradient = numbers
        times, equals = (TextLabel(sign, theme, color=theme.muted) for sign in "×=")
        return VGroup(activation, times, blame, equals, gradient)

    def _spread(self, terms: dict[int, GradientTerm], lines: dict[int, VGroup]) -> float:
        """Place the texts in columns on their edges, next to the neurons that these leave.

        Returns:
            Their em: smaller where the edges are short.
        """
        widths = [max(line[at].width for line in lines.values()) for at in range(5)]
        whole = sum(widths) + 4 * _GAP
        across = (abs(float((term.edge.at(1.0) - term.edge.at(0.0))[0])) for term in terms.values())
        free = min(across) - 2 * _AWAY - _PADDING
        scale = scale_to_fit(whole, free, self.theme)
        for line in lines.values():
            for text in line:
                text.scale(scale)
        widths, whole = [scale * width for width in widths], scale * whole
        for k, line in lines.items():
            edge = terms[k].edge
            start, end = edge.between(0.0), edge.between(1.0)
            rim = float(edge.at(0.0)[0])
            way = max(float(end[0] - start[0]), 1e-6)
            # Its height is that of the edge near the neuron that it begins at.
            height = edge.between(min((rim + _HEIGHT * whole - start[0]) / way, 0.5))[1]
            reached = rim + _AWAY
            for text, width in zip(line, widths, strict=True):
                text.move_to([reached + width / 2, height, 0])
                reached += width + scale * _GAP
        return scale * self.theme.number_size

    def _with_room(self, terms: dict[int, GradientTerm], lines: dict[int, VGroup]) -> list[int]:
        """Return which terms are written: the strongest and the weakest, and others between."""
        ranked = sorted(terms, key=lambda k: -abs(terms[k].gradient))
        apart = _LINE * self._em
        chosen: list[int] = []
        for k in [*ranked[:1], *ranked[-1:], *ranked[1:-1]]:
            heights = (float(lines[other].get_y()) for other in chosen)
            if all(abs(float(lines[k].get_y()) - height) >= apart for height in heights):
                chosen.append(k)
        return sorted(chosen[:MOST_TERMS])

    def _plate(self, line: VGroup) -> VMobject:
        size = line.width + _PADDING, 1.05 * self._em
        made = plate(*size, self.theme).move_to(line)
        lift(made, line, Z_TAG)
        line.set_z_index(Z_NUMBER)
        return made

    # ---- time -----------------------------------------------------------------------------------

    def show_term(self, k: int, progress: float) -> Self:
        """Show one gradient: activation and blame meet, and the product appears.

        Args:
            k: Index of the term.
            progress: 0 … 1.
        """
        places = self._places[k]
        activation, times, blame, equals, gradient = self.lines[k]
        met = share_of(progress, 0.0, _MET)
        met = met * met * (3 - 2 * met)
        # Factors begin next to their neurons, in which other numbers are written.
        blame.move_to(places[2] + (1 - met) * (self._beside(k) - places[2]))
        blame.set_opacity(share_of(met, 0.0, _APPEARS))
        activation.set_opacity(share_of(met, 0.0, _APPEARS))
        self.plates[k].set_fill(opacity=share_of(progress, 0.7 * _MET, _MET))
        times.set_opacity(share_of(progress, _MET, _SIGN))
        made = share_of(progress, _SIGN, _PRODUCT)
        for text in (equals, gradient):
            text.set_opacity(made)
        self.head.set_presence(max(made, self.head.plate.get_fill_opacity()))
        return self

    def _beside(self, k: int) -> Array:
        """Where the blame of a term begins: on its edge, next to the neuron that it belongs to."""
        edge, blame = self.terms[k].edge, self.lines[k][2]
        end, way = edge.between(1.0), edge.between(0.0) - edge.between(1.0)
        _, _, target = edge.address
        reach = self.diagram.neuron(edge.address[0] + 1, target).reach
        beside: Array = end + (reach + _AWAY + blame.width / 2) / float(np.linalg.norm(way)) * way
        return beside

    def show_halos(self, progress: float) -> Self:
        """Let the factors leave and the gradients move to where their edges begin; halos grow.

        Args:
            progress: 0 … 1.
        """
        self._factors = 1 - share_of(progress, 0.0, _LEFT)
        moved = share_of(progress, _LEFT, _MOVED)
        moved = moved * moved * (3 - 2 * moved)
        for term, line, made, places in zip(
            self.terms, self.lines, self.plates, self._places, strict=True
        ):
            gradient = line[-1]
            for text in line[:-1]:
                text.set_opacity(self._factors)
            start = places[0] + (gradient.width - line[0].width) / 2 * RIGHT
            gradient.move_to(places[-1] + moved * (start - places[-1]))
            made.become(plate(gradient.width + _PADDING, 1.05 * self._em, self.theme))
            lift(made.move_to(gradient), gradient, Z_TAG)
            gradient.set_z_index(Z_NUMBER)
            term.edge.set_halo(share_of(progress, _MOVED, 1.0) * term.gradient / self._largest)
        start, end = self._heads
        self.head.move_to(start + moved * (end - start))
        return self

    def show_all(self) -> Self:
        """Show everything."""
        for k in range(len(self.terms)):
            self.show_term(k, 1.0)
        return self

    def set_presence(self, presence: float) -> Self:
        """Let all that is still written disappear together, 1 … 0; the halos stay."""
        self.head.set_presence(presence)
        for made, line in zip(self.plates, self.lines, strict=True):
            made.set_fill(opacity=presence)
            for text in line[:-1]:
                text.set_opacity(presence * self._factors)
            line[-1].set_opacity(presence)
        return self

    def set_brightness(self, k: int, brightness: float) -> Self:
        """Dim the gradient and the halo of a term, 0 … 1, after its factors have left."""
        self.lines[k][-1].set_opacity(brightness)
        term = self.terms[k]
        term.edge.set_halo(term.gradient / self._largest, brightness)
        return self

    def ranked(self) -> list[int]:
        """Return the indices of the terms, from the largest |∂L/∂W| to the smallest."""
        return sorted(range(len(self.terms)), key=lambda k: -abs(self.terms[k].gradient))


class EdgeStep(VGroup):
    """The correction of one weight, in three or four lines next to its edge.

    At first nothing is visible: ``set_presence`` of each line shows it. A thin line leads from the
    first one to the edge.

    Args:
        diagram: A diagram with the gap of the edge open.
        address: (layer, source, target) of the edge.
        old, rate, gradient, new: The numbers, as the core computed them.
        words: Language of the words.

    Attributes:
        edge: The edge.
        before, step, after: The old weight; learning rate × gradient = change, or without the
            change where the edge is short; the new weight.

    Raises:
        PartError: There is no such edge, or one of its neurons is not drawn.

    Example:
        >>> diagram, record = diagram.open_gap(0, result=False), blame.layers[0]
        >>> old, gradient = network.layers[0].weights[2, 1], record.weight_gradient[2, 1]
        >>> numbers = {"old": old, "rate": 0.5, "gradient": gradient, "new": old - 0.5 * gradient}
        >>> step = EdgeStep(diagram, (0, 1, 2), **numbers).show_all()
        >>> scene.add(step)
        >>> len(step)
        3
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        address: tuple[int, int, int],
        *,
        old: float,
        rate: float,
        gradient: float,
        new: float,
        words: Words | str = "en",
    ) -> None:
        theme, words = diagram.theme, as_words(words)
        self.edge = diagram.edge(*address)
        first, rated, slope, last = checked_step(old, rate, gradient, new)
        # With as many digits as the weights, so that it is what lies between them.
        unit = max(unit_of(first), unit_of(last))
        change = figures(rate * gradient, max(round(-math.log10(unit)), 0))

        def number(value: float, text: str, color: str) -> Number:
            return Number(value, theme, color=color).show(value, text)

        times, equals = (TextLabel(sign, theme, color=theme.muted) for sign in "×=")
        numbers = (
            VGroup(number(old, first, theme.text)),
            VGroup(
                number(rate, rated, theme.muted),
                times,
                number(gradient, slope, theme.muted),
                equals,
                number(rate * gradient, change, theme.text),
            ).arrange(RIGHT, buff=_STEP_GAP),
            VGroup(number(new, last, theme.text)),
        )
        names = [
            TextLabel(words(f"step.{key}"), theme, color=theme.muted)
            for key in ("weight", "change", "new")
        ]
        start, end = self.edge.at(0.0), self.edge.at(1.0)
        self._room = float(end[0] - start[0]) - 2 * _AWAY
        least = theme.smallest_text / theme.number_size
        # The change is written below its name rather than small, and left out where it is too long.
        forms = ((5, False, 1.0), (5, True, 1.0), (5, False, least), (3, False, least))
        for shown, below, scale in forms:
            numbers[1].submobjects = numbers[1].submobjects[:shown]
            widths = [a.width + _COLUMNS + b.width for a, b in zip(names, numbers, strict=True)]
            if below:
                widths[1] = max(names[1].width, numbers[1].width)
            width = max(widths)
            if scale * width <= self._room:
                break
        lines, y = [], 0.0
        for name, texts in zip(names, numbers, strict=True):
            name.move_to([0, y, 0], aligned_edge=LEFT)
            if below and texts is numbers[1]:
                y -= _STEP_LINE * theme.number_size
            texts.move_to([width, y, 0], aligned_edge=RIGHT)
            y -= _STEP_LINE * theme.number_size
            lines.append(Plated(name, *texts, theme=theme, gap=None))
        self.before, self.step, self.after = lines
        super().__init__(*lines)
        self._place(diagram)
        for line in lines:
            line.set_presence(0.0)

    def _place(self, diagram: NetworkDiagram) -> None:
        """Stand above the edge, or below it if there is no room."""
        start, end = self.edge.at(0.0), self.edge.at(1.0)
        theme = diagram.theme
        if self.width > self._room:
            self.scale(max(self._room / self.width, theme.smallest_text / theme.number_size))
        middle = self.edge.at(0.5)
        rise = abs(float(end[1] - start[1]) / max(float(end[0] - start[0]), 1e-6))
        away = (self.height + rise * self.width) / 2 + self.edge.line_width / 200 + _STEP_AWAY
        highest = middle[1] + away + self.height / 2
        above = highest <= diagram.box.top + NAME_EM  # the names of the layers are below
        self.move_to(middle + (away if above else -away) * UP)
        # Other edges may lie between.
        rim = self.get_bottom() if above else self.get_top()
        leader = Line(rim, self.edge.at(_LED), stroke_color=theme.muted, stroke_width=_LEADER)
        self.before.texts.add(leader.set_z_index(Z_TAG))

    def show_all(self) -> Self:
        """Show all three lines."""
        for line in self:
            line.set_presence(1.0)
        return self
