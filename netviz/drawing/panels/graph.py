"""A formula as a computation graph: values above the wires, gradients below them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, Circle, RoundedRectangle, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import Expression, ExpressionTrace
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import MINUS, checked_product, plain
from netviz.drawing.panels.panel import Panel
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError, expect_kind
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]
Wire = tuple[int, int, int]

# The largest height of a node, and its height relative to the distance of rows; the padding of its
# name, and half the distance of its two inputs, in frame units.
_NODE, _OF_ROW, _PADDING, _PORT = 0.92, 0.8, 0.28, 0.2
# The length in which wires change their height, relative to their straight part.
_TURN = 0.4
# From a wire to its numbers; the smallest straight part that has room for them; the length from
# which on numbers are large.
_GAP, _LEAST_STRAIGHT, _LONG_STRAIGHT = 0.17, 0.8, 1.3
# The largest and the smallest distance of two rows, and the least distance of a wire from a node
# that it passes.
_ROW, _LEAST_ROW, _CLEAR = 2.3, 0.9, 0.75
# Radius of a dot that travels over a wire, between its numbers; between the parts of a line.
_DOT, _BETWEEN = 0.11, 0.1
# Widths in manim's stroke units: of wires, of the outline of nodes, of one that is lit.
_WIRE, _RING, _LIT = 4.0, 5.0, 10.0


class ComputationGraph(Panel):
    """A formula as a graph: its values above the wires, its gradients below them.

    Every node has a straight wire to its right with its value above and ∂f/∂node below; from its
    end the wire leads to the nodes that use it. Constants have no gradient.

    Args:
        trace: The numbers of an expression, as ``Expression.evaluate`` returns them.
        working: Whether there are products: what a node sends back, as ``gradient × slope``.
        theme, box, words: As for every panel; the default box is ``"wide"``.

    Attributes:
        trace: The numbers that are shown.
        nodes: A group of outline and name for each node, in the order of ``expression.nodes``.
        stems: The straight wire to the right of each node.
        wires: (source, target, place) → the rest of the wire.
        values, gradients: A number for each node; the gradient of a constant is empty.
        flow: Dots that travel over wires, while they do.
        products: (target, place) → ``gradient × slope``, below the wire of the input: what the
            node sends back. Where gradients add up it stands behind those that have arrived, with
            a plus. Hidden at first; empty where there is no room.
        sums: For each node at which gradients add up, ``a + b =`` before its gradient. Hidden at
            first; empty where there is no room.

    Raises:
        ProblemError: ``trace`` is not that of an expression, or there are too many operations one
            after the other, or too many inputs, for the box.

    Example:
        >>> import netviz
        >>> f = netviz.Expression.parse("(x + y) * z")
        >>> panel = ComputationGraph(f.evaluate(x=-2, y=5, z=-4))
        >>> [number.text for number in panel.values]
        ['−2', '5', '3', '−4', '−12']
        >>> scene.add(panel.show_gradient(0, 0.0))
    """

    def __init__(
        self,
        trace: ExpressionTrace,
        *,
        working: bool = True,
        theme: Theme | str = "dark",
        box: Box | str = "wide",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect_kind("trace", trace, ExpressionTrace, 'Expression.parse("x * y").evaluate(x=1, y=2)')
        self.trace = trace
        expression = trace.expression
        self._levels = _levels(expression)
        self._ys, row = _rows(expression, self.box)
        self._size = min(_NODE, _OF_ROW * row)
        self.nodes = [self._node(place, node) for place, node in enumerate(expression.nodes)]
        self._place_nodes()
        em = self.theme.caption_size if self._straight > _LONG_STRAIGHT else self.theme.number_size
        self.stems = [self._stem(place) for place in range(len(self.nodes))]
        self.wires = {wire: self._wire(wire) for wire in expression.wires}
        ink, blame = self.theme.forward_ink, self.theme.blame
        self.values = [_number(value, self.theme, em, ink) for value in trace.values]
        self.gradients = [
            _number(gradient or 0.0, self.theme, em, blame) for gradient in trace.gradients
        ]
        for stem, value, gradient in zip(self.stems, self.values, self.gradients, strict=True):
            x, y = stem.get_center()[0], stem.get_y()
            value.move_to([x, y + _GAP + value.height / 2, 0])
            gradient.move_to([x, y - _GAP - gradient.height / 2, 0])
        for place, found in enumerate(trace.gradients):
            if found is None:
                self.show_gradient(place, 0.0)
        self.products = {
            wire[1:]: self._line(factors, wire[0]) if working else VGroup()
            for wire in self.wires
            if (factors := self._factors(wire, em))
        }
        uses = [source for source, _, _ in self.wires]
        self.sums = {
            source: self._sum(source, em)
            for source, gradient in enumerate(trace.gradients)
            if uses.count(source) > 1 and gradient is not None
        }
        self.add(*self.wires.values(), *self.stems, *self.nodes, *self.values, *self.gradients)
        self.flow = VMobject(stroke_width=0)
        self.add(*self.products.values(), *self.sums.values(), self.flow)

    # ---- what is shown ---------------------------------------------------------------------------

    def show_value(self, place: int, presence: float = 1.0) -> Self:
        """Show the value of a node, hide it (0), or show it faintly."""
        self.values[place].set_ink(self.theme.forward_ink, presence)
        return self

    def show_gradient(self, place: int, presence: float = 1.0) -> Self:
        """Show the gradient of a node, hide it (0), or show it faintly; a constant has none."""
        known = self.trace.gradients[place] is not None
        self.gradients[place].set_ink(self.theme.blame, presence if known else 0.0)
        return self

    def show_line(self, line: VGroup, presence: float = 1.0) -> Self:
        """Show one of ``products`` or ``sums``, hide it (0), or show it faintly."""
        for part in line:
            part.set_ink(self.theme.blame, presence)
        return self

    def show_stem_flow(self, place: int, share: float, color: str) -> Self:
        """Show a dot on the wire with the numbers of a node, ``share`` of the way from the node."""
        self.flow.clear_points()
        if 0.0 < share < 1.0:
            start, end = self.stems[place].get_start(), self.stems[place].get_end()
            self.flow.set_points(Circle(radius=_DOT).move_to(start + share * (end - start)).points)
        self.flow.set_fill(color, 1.0)
        return self

    def arrivals(self, place: int) -> list[Wire]:
        """Return the wires out of a node, in the order in which gradients come back over them."""
        return [wire for wire in reversed(self.wires) if wire[0] == place]

    def show_addend(self, wire: Wire, presence: float = 1.0) -> Self:
        """Show what has come back to a fork over a wire, hide it (0), or show it faintly."""
        place = self.arrivals(wire[0]).index(wire)
        for part in self.sums[wire[0]][max(2 * place - 1, 0) : 2 * place + 1]:
            part.set_ink(self.theme.blame, presence)
        return self

    def light(self, place: int, color: str | None = None) -> Self:
        """Make the outline of a node thick in a colour, or as it was at first."""
        outline = self.nodes[place][0]
        outline.set_stroke(color or self._color(place), _LIT if color else _RING)
        return self

    def light_wires(self, wires: Sequence[Wire], color: str | None = None) -> Self:
        """Draw the ends of wires, from where they leave the numbers, in a colour or as at first."""
        for wire in wires:
            self.wires[wire].set_stroke(color or self.theme.edge)
        return self

    def key(self, result: str) -> VGroup:
        """Return what the numbers above and below the wires are.

        Args:
            result: What the gradients are of, such as ``"f"``.
        """
        above = TextLabel(self.words("panel.above_wire"), self.theme, color=self.theme.forward_ink)
        text = self.words("panel.below_wire", result=result)
        return VGroup(above, TextLabel(text, self.theme, color=self.theme.blame))

    def inputs(self, place: int) -> list[Wire]:
        """Return the wires into a node, in order."""
        return [wire for wire in self.wires if wire[1] == place]

    def show_flow(self, wires: Sequence[Wire], share: float, color: str) -> Self:
        """Show a dot on each wire, ``share`` of the way from its source; none at both ends."""
        self.flow.clear_points()
        self.flow.set_fill(color, 1.0)
        for source, target, place in wires if 0.0 < share < 1.0 else ():
            way = VMobject()
            rest = self.wires[source, target, place]
            way.set_points(np.concatenate([self.stems[source].points, rest.points]))
            dot = Circle(radius=_DOT).move_to(way.point_from_proportion(share))
            self.flow.append_points(dot.points)
        return self

    # ---- layout ----------------------------------------------------------------------------------

    def _node(self, place: int, node: Expression) -> VGroup:
        name = _name(node)
        short = len(name) == 1
        em = 1.35 * self.theme.caption_size if short else self.theme.number_size
        em *= 2.0 if name == "·" else 1.0
        label = TextLabel(name, self.theme, em=em)
        width = max(self._size, label.width + 2 * _PADDING)
        size, radius = self._size, self._size / 2
        outline = RoundedRectangle(width=width, height=size, corner_radius=radius)
        outline.set_fill(self.theme.background, 1.0).set_stroke(self._color(place), _RING)
        return VGroup(outline, label)

    def _color(self, place: int) -> str:
        node, theme = self.trace.expression.nodes[place], self.theme
        if node.operation is None:
            return theme.input if node.name else theme.muted
        last = place == len(self.trace.values) - 1
        return theme.output if last else theme.first_hidden

    def _place_nodes(self) -> None:
        """Put the nodes into columns, as far apart as the box allows.

        Raises:
            ProblemError: No room is left for numbers.
        """
        columns = range(max(self._levels) + 1)
        placed = list(zip(self.nodes, self._levels, self._ys, strict=True))
        widths = [max(node.width for node, level, _ in placed if level == c) for c in columns]
        parts = len(columns) + _TURN * (len(columns) - 1)
        self._straight = (self.box.width - sum(widths)) / parts
        if self._straight < _LEAST_STRAIGHT:
            found = f"has {len(columns) - 1} operations one after the other"
            expected = "fewer, as many as have room next to each other"
            raise ProblemError(Problem(str(self.trace.expression), found, expected))
        pitch = (1 + _TURN) * self._straight
        # The left and the right end of each column.
        lefts = [self.box.left + c * pitch + sum(widths[:c]) for c in columns]
        self._ends = [(left, left + width) for left, width in zip(lefts, widths, strict=True)]
        for node, level, y in placed:
            node.move_to([sum(self._ends[level]) / 2, y, 0])

    def _stem(self, place: int) -> VMobject:
        """Return the wire on which the numbers of a node stand."""
        node = self.nodes[place]
        x, y = self._ends[self._levels[place]][1], node.get_y()
        stem = VMobject(stroke_color=self.theme.edge, stroke_width=_WIRE)
        stem.set_points_as_corners([[node.get_right()[0], y, 0], [x + self._straight, y, 0]])
        return stem

    def _wire(self, wire: Wire) -> VMobject:
        """Return the rest of a wire, past the nodes between its ends."""
        source, target, place = wire
        start = self.stems[source].get_end()
        inputs = [(w[0], w[2]) for w in self.trace.expression.wires if w[1] == target]
        inputs.sort(key=lambda one: (-self._lane(one[0], target), one[1]))
        middle = (len(inputs) - 1) / 2
        shift = 2 * _PORT * (middle - inputs.index((source, place)))
        outline = self.nodes[target][0]
        x, y = outline.get_left()[0], outline.get_y()
        round_end = self._size / 2 - float(np.sqrt((self._size / 2) ** 2 - shift**2))
        end = np.array([x + round_end, y + shift, 0.0])
        path = VMobject(stroke_color=self.theme.edge, stroke_width=_WIRE)
        path.start_new_path(start)
        turn, left = _TURN * self._straight, self._ends[self._levels[target]][0]
        lane = self._lane(source, target)
        if self._levels[target] - self._levels[source] > 1:
            _bend(path, np.array([start[0] + turn, lane, 0.0]))
            path.add_line_to(np.array([left - turn, lane, 0.0]))
        _bend(path, np.array([left, end[1], 0.0]))
        if np.linalg.norm(path.get_end() - end) > _PORT / 100:
            path.add_line_to(end)
        return path

    def _lane(self, source: int, target: int) -> float:
        """Return the height at which a long wire passes the nodes between its ends."""
        levels = range(self._levels[source] + 1, self._levels[target])
        others = [y for y, level in zip(self._ys, self._levels, strict=True) if level in levels]
        here = self._ys[source]
        steps = (0.5 * _CLEAR * k for k in range(40))
        lanes = (here + sign * step for step in steps for sign in (1, -1))
        return next(
            lane
            for lane in lanes
            if all(abs(lane - other) >= _CLEAR + self._size / 2 for other in others)
        )

    # ---- arithmetic ------------------------------------------------------------------------------

    def _factors(self, wire: Wire, em: float) -> list[Number | TextLabel]:
        """Return the parts of gradient × slope of a wire; none if there is no gradient."""
        _, target, place = wire
        trace = self.trace
        slope, gradient = trace.slopes[target][place], trace.gradients[target]
        share = trace.shares[target][place]
        if slope is None or gradient is None or share is None:
            return []
        texts = checked_product((gradient, slope), share)
        # A whole number is exact without decimals.
        whole = (float(number).is_integer() for number in (gradient, slope))
        first, other = (
            plain(number) if exact else text
            for number, exact, text in zip((gradient, slope), whole, texts, strict=False)
        )
        factors = Number(gradient, self.theme, em=em).show(gradient, first)
        second = Number(slope, self.theme, em=em).show(slope, _bracketed(other))
        return [factors, TextLabel("×", self.theme, em=em), second]

    def _sum(self, source: int, em: float) -> VGroup:
        """Return what adds up at a fork, and place its products and its gradient after each part.

        A product stands where its result will, behind the addends of the nodes after it.
        """
        trace, wires, gradient = self.trace, self.arrivals(source), self.gradients[source]
        sign = partial(TextLabel, theme=self.theme, em=em)
        parts: list[Number | TextLabel] = []
        for _, target, place in wires:
            share = trace.shares[target][place] or 0.0
            number = _number(share, self.theme, em, self.theme.blame)
            text = _bracketed(number.text) if parts else number.text
            parts += [sign("+")] if parts else []
            parts.append(number.show(share, text))
        line = VGroup(*parts, sign("="))
        VGroup(*line, gradient).arrange(buff=_BETWEEN)
        everything = VGroup(line, gradient)
        for k, wire in enumerate(wires):
            factors = self._factors(wire, em)
            if k:
                first = factors[0]
                assert isinstance(first, Number)
                factors = [sign("+"), first.show(first.value, _bracketed(first.text)), *factors[1:]]
            product = VGroup(*factors).arrange(buff=_BETWEEN)
            together = k and wires[k - 1][1] == wire[1]
            if together:
                product.next_to(self.products[wires[k - 1][1:]], RIGHT, buff=_BETWEEN)
            else:
                product.align_to(line[max(2 * k - 1, 0)], LEFT)
            self.products[wire[1:]] = product
            everything.add(product)
        stem = self.stems[source]
        scale = min(1.0, self._straight / everything.width)
        if scale * em < self.theme.smallest_text:
            for wire in wires:
                self.products[wire[1:]] = VGroup()
            gradient.set_x(stem.get_x())
            return VGroup()
        everything.scale(scale).set_x(stem.get_x())
        top = stem.get_y() - _GAP
        for part in (*line, gradient, *(part for row in everything[2:] for part in row)):
            part.set_y(top - gradient.height / 2)
        for row in (line, *everything[2:]):
            self.show_line(row, 0.0)
        return line

    def _line(self, parts: Sequence[Number | TextLabel], source: int) -> VGroup:
        """Return texts in one line below the wire of a node, hidden; nothing if it is too long."""
        line = VGroup(*parts).arrange(buff=_BETWEEN)
        number = self.gradients[source]
        line.move_to(number)
        for part in parts:
            part.set_y(number.get_y())
        if line.width > self._straight:
            line.scale(max(self._straight / line.width, self.theme.smallest_text / parts[0].em))
        self.show_line(line, 0.0)
        return line if line.width <= self._straight + 1e-6 else VGroup()


def _number(value: float, theme: Theme, em: float, color: str) -> Number:
    return Number(value, theme, em=em, color=color).show(value, plain(value))


def _bracketed(text: str) -> str:
    """Return a factor or addend after a sign: a negative one in parentheses, without a plus."""
    return f"({text})" if text.startswith(MINUS) else text.lstrip("+")


def _bend(path: VMobject, end: Array) -> None:
    """Continue a path to a point, horizontally at both ends."""
    start = path.get_end()
    half = np.array([(end[0] - start[0]) / 2, 0.0, 0.0])
    path.add_cubic_bezier_curve_to(start + half, end - half, end)


def _name(node: Expression) -> str:
    if node.operation is None:
        return str(node)
    return node.operation.symbol


def _levels(expression: Expression) -> list[int]:
    """Return the column of each node: an operation stands after its inputs.

    Variables and numbers stand one column before the operation that uses them first.
    """
    nodes = expression.nodes
    levels = [0] * len(nodes)
    for source, target, _ in expression.wires:
        levels[target] = max(levels[target], levels[source] + 1)
    for place, node in enumerate(nodes):
        if node.operation is None:
            used = [levels[target] for source, target, _ in expression.wires if source == place]
            levels[place] = min(used, default=1) - 1
    return levels


def _rows(expression: Expression, box: Box) -> tuple[list[float], float]:
    """Return the height of each node, and the distance of rows.

    Variables and numbers stand below each other, an operation between its inputs.

    Raises:
        ProblemError: There are more inputs than rows.
    """
    nodes = expression.nodes
    leaves = [place for place, node in enumerate(nodes) if node.operation is None]
    pitch = min(box.height / len(leaves), _ROW)
    if pitch < _LEAST_ROW:
        most = int(box.height / _LEAST_ROW)
        found = f"has {len(leaves)} variables and numbers"
        raise ProblemError(Problem(str(expression), found, f"at most {most}"))
    middle = (len(leaves) - 1) / 2
    heights = [0.0] * len(nodes)
    for row, place in enumerate(leaves):
        heights[place] = box.center[1] + (middle - row) * pitch
    for place in range(len(nodes)):
        above = [heights[source] for source, target, _ in expression.wires if target == place]
        if above:
            heights[place] = sum(above) / len(above)
    return heights, pitch
