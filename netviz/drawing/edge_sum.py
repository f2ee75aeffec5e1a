"""The sum of a neuron, written on its edges: value × weight = product, and what they add up to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.edges.layer import Z_TAG, Edge
from netviz.drawing.edges.tags import lift, plate
from netviz.drawing.expected import expect_trace
from netviz.drawing.neuron import Z_NUMBER, Neuron
from netviz.drawing.numerals import Column, checked_factors, checked_product, value_of
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words, as_words

if TYPE_CHECKING:
    from netviz.drawing.diagram import NetworkDiagram

Array = NDArray[np.float64]

MOST_TERMS = 8
"""With more edges, the strongest are written, and the sum of the others."""

# Where weight and product are written, as fractions of the way from sender to receiver.
_WEIGHT, _FURTHEST_WEIGHT = 0.265, 0.34
_PRODUCT, _NEAREST_PRODUCT, _FURTHEST_PRODUCT = 0.58, 0.47, 0.66
# How many digits more than usual products may have.
_MORE = 2
# How many sizes of texts are tried until all fit.
_SIZES = 4
# How far behind its weight a product begins.
_BEHIND = 0.06
# How far above its weight a blame appears, in frame units.
_ABOVE_WEIGHT = 0.3
# From line to line of products, in ems: at least, and where there is room.
_LINE, _AIRY_LINE = 1.12, 1.6
# Distances in frame units: inside a text on a plate, from a neuron to its bias, from line to line.
_GAP, _WIDE_GAP, _AWAY, _PITCH = 0.08, 0.14, 0.2, 0.44
_PADDING = 0.1
# Stroke of the rim of a plate.
_RIM = 1.5
# Em of the smallest running sum in a neuron, in frame units: that of annotations.
_SMALLEST = 8 / 34
# How far lines may stand above the box of the diagram, in frame units.
_ABOVE_BOX = 0.55
# Part of the diameter of a neuron that its running sum may take.
_INSIDE = 0.92
# When the parts of one term happen, as shares of its time: the weight has appeared, the value has
# met it, the product is in its place, the light has reached the neuron.
_SHOWN, _MET, _PLACED, _ARRIVED = 0.18, 0.4, 0.68, 0.9
# How long a product takes to appear, and when what is written on a line of its own is added.
_APPEARS, _ADDED = 0.08, 0.7


def share_of(progress: float, start: float, end: float) -> float:
    """Return how far the part of a movement from ``start`` to ``end`` is, 0 … 1."""
    return min(max((progress - start) / (end - start), 0.0), 1.0)


def _ease(progress: float) -> float:
    return progress * progress * (3 - 2 * progress)


def scale_to_fit(width: float, room: float, theme: Theme) -> float:
    """Return by how much numbers are scaled to fit a room: they stay readable, and never grow."""
    return float(np.clip(room / width, theme.smallest_text / theme.number_size, 1.0))


class Plated(VGroup):
    """Texts, by default in one line, on a plate in the colour of the background.

    Args:
        texts: Words and numbers.
        theme: Gives the colour.
        gap: Distance between the texts, in frame units; ``None`` leaves them where they are.
        rim: Colour of a thin rim around the plate, for a text that is threaded on an edge.

    Attributes:
        texts: The words and numbers.
    """

    def __init__(
        self,
        *texts: TextLabel | Number,
        theme: Theme,
        gap: float | None = _GAP,
        rim: str | None = None,
    ) -> None:
        self.texts = VGroup(*texts)
        if gap is not None:
            self.texts.arrange(RIGHT, buff=gap)
        height = max(1.05 * max(text.em for text in texts), self.texts.height)
        self.plate = plate(self.texts.width + _PADDING, height, theme).move_to(self.texts)
        if rim is not None:
            self.plate.set_stroke(rim, width=_RIM)
        super().__init__(self.plate, self.texts)
        lift(self.plate, self.texts, Z_TAG)

    def set_presence(self, presence: float) -> Self:
        """Let it appear, 0 … 1."""
        self.plate.set_fill(opacity=presence).set_stroke(opacity=presence)
        for text in self.texts:
            text.set_opacity(presence)
        return self


@dataclass(frozen=True)
class EdgeTerm:
    """One product.

    Attributes:
        edge: The edge that it is written on.
        value: Activation or blame of the neuron that sends.
        weight: Weight of the edge.
        product: Their product, as the core computed it.
    """

    edge: Edge
    value: float
    weight: float
    product: float


class EdgeSum(VGroup):
    """The sum of one neuron, written on its edges in the direction of flow.

    Forward: activation × weight = product on every edge into the neuron, its bias, and the sum z
    in the neuron. Backward: blame × weight = share on every edge out of it, and their sum ∂L/∂a
    before the neuron. At first nothing is visible: ``show_term(k, progress)`` and the others show
    one part each, ``show_all()`` everything.

    Args:
        diagram: A diagram with the gap open that these edges are in; see
            :meth:`NetworkDiagram.open_gap`.
        trace: A forward or a backward trace of one sample of the diagram's network.
        layer, i: The neuron that receives.
        words: Language of the words.
        decimals: Digits after the point of products and sum, at least; by default 2, and 3 for
            shares.

    Attributes:
        terms: What is written, one term for each edge, or for the strongest ones.
        total: The sum, as the core computed it.
        inside: Whether the running sum is written in the neuron.

    Raises:
        ProblemError: The trace is of a batch or of another network, or the layer receives nothing
            in this direction.
        PartError: There is no such neuron, or it is not drawn.

    Example:
        >>> diagram = diagram.show_activations(trace, layers=0).open_gap(0)
        >>> scene.add(EdgeSum(diagram, trace, 1, 0).show_all())
        >>> bool(EdgeSum(diagram, trace, 1, 0).total == trace.layers[0].z[0])
        True
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: ForwardTrace | BackwardTrace,
        layer: int,
        i: int,
        *,
        words: Words | str = "en",
        decimals: int | None = None,
    ) -> None:
        kind = BackwardTrace if isinstance(trace, BackwardTrace) else ForwardTrace
        expect_trace(trace, kind, diagram.sizes)
        self.back = kind is BackwardTrace
        last = len(diagram.sizes) - 1
        receives = range(1, last) if self.back else range(1, last + 1)
        expect("layer", layer, layer in receives, f"a layer from 1 to {last - self.back}")
        self.diagram, self.theme, words = diagram, diagram.theme, as_words(words)
        self.neuron = diagram.neuron(layer, i)
        theme = self.theme
        self.ink = theme.blame if self.back else theme.forward_ink
        self.light = theme.blame if self.back else theme.forward
        numbers = _Numbers.of(trace, layer, i)
        self.total = numbers.total
        written = numbers.terms(diagram, layer, i, self.back)
        self.terms: Sequence[EdgeTerm] = written
        self._rest = float(numbers.products.sum()) - sum(term.product for term in written)
        self.column = Column.of(
            [*(term.product for term in written), *numbers.extras.values(), self.total],
            3 if self.back else 2,
        )
        if decimals is not None and decimals > self.column.decimals:
            self.column = replace(self.column, decimals=decimals)
        largest = max((abs(term.product) for term in written), default=0.0) or 1.0
        self._strengths = [term.product / largest for term in written]
        self._extra_values = list(numbers.extras.values())
        count = int(numbers.connected.sum()) - len(written)
        self._cut_off = count > 0
        self._write_terms(diagram.role(layer - 1))
        self.extras = VGroup(
            *(self._line(words(f"sum.{key}"), value) for key, value in numbers.extras.items())
        )
        self.others = VGroup()
        if self._cut_off:
            self.others.add(self._line(words("sum.more", n=count), self._rest))
        title = words("sum.shares") if self.back else ""
        self.title = TextLabel(title, self.theme, color=self.ink).set_z_index(Z_NUMBER + 1)
        self._short = words("sum.short") if self.back else ""
        self.sum = Number(0.0, self.theme).set_z_index(Z_NUMBER + 1)
        self.ground = VMobject()
        self._lines_left = 1.0
        self._counted = [False] * (len(written) + len(self.extras) + len(self.others))
        super().__init__(
            *(self.weights, self.products, self.values, self.extras, self.others),
            *(self.ground, self.title, self.sum),
        )
        self._place()
        self._show_nothing()

    # ---- texts ----------------------------------------------------------------------------------

    def _write_terms(self, role: str) -> None:
        theme = self.theme
        self.weights, self.products, self.values = VGroup(), VGroup(), VGroup()
        for term, (value, weight, product) in zip(self.terms, self._texts(), strict=True):
            times = TextLabel("×", theme, color=theme.muted)
            numbers = (
                Number(number, theme, color=color).show(number, text)
                for number, text, color in (
                    (term.value, value, theme.blame if self.back else role),
                    (term.weight, weight, theme.text),
                    (term.product, product, self.ink),
                )
            )
            sent, factor, made = numbers
            token = Plated(sent, theme=theme)
            lift(token.plate, token.texts, Z_NUMBER + 0.5)
            self.values.add(token)
            self.weights.add(Plated(times, factor, theme=theme, rim=theme.edge))
            self.products.add(Plated(made, theme=theme, rim=self.light))

    def _texts(self) -> list[tuple[str, str, str]]:
        """Return value, weight and product of each term so that a calculator agrees with them.

        The column of the products has as many digits as that needs, or fewer: a reader multiplies
        what the neuron that sends shows.
        """
        decimals = (3, 2, 3) if self.back else (2, 2, 2)
        if self.column.decimals < decimals[2]:
            return [
                checked_product((term.value, term.weight), term.product, decimals)
                for term in self.terms
            ]
        fewest: int | None = None
        for digits in (*range(_MORE + 1), *range(-1, -self.column.decimals, -1)):
            column = replace(self.column, decimals=self.column.decimals + digits)
            found, wrong = self._texts_in(column, decimals)
            if fewest is None or wrong < fewest:
                fewest, texts, best = wrong, found, column
            if not wrong:
                break
        self.column = best
        return texts

    def _texts_in(
        self, column: Column, decimals: tuple[int, int, int]
    ) -> tuple[list[tuple[str, str, str]], int]:
        """Return the texts of each term in a column, and how much of them a calculator denies."""
        texts, wrong = [], 0
        for term in self.terms:
            product = column.write(term.product)
            value, weight, agrees = checked_factors(
                *((term.value, term.weight), product, column.unit, decimals[:2]),
                seen=self._seen(term.edge),
            )
            texts.append((value, weight, product))
            wrong += not agrees
        addends = [product for *_, product in texts]
        addends += [column.write(value) for value in self._extra_values]
        addends += [column.write(self._rest)] * self._cut_off
        off = abs(sum(map(value_of, addends)) - value_of(column.write(self.total)))
        return texts, wrong + (off > column.unit * (1 + 1e-6))

    def _seen(self, edge: Edge) -> str:
        """The number at the neuron that sends; nothing if it is not written there."""
        sender = self._sender(edge)
        number = sender.blame_text if self.back else sender.value_text
        return number.text if number.has_points() else ""

    def _line(self, name: str, value: float) -> Plated:
        """A word and a number that is added too."""
        word = TextLabel(name, self.theme, color=self.theme.muted)
        number = Number(value, self.theme).show(value, self.column.write(value))
        return Plated(word, number, theme=self.theme, gap=_WIDE_GAP)

    # ---- places ---------------------------------------------------------------------------------

    def _at(self, edge: Edge, share: float) -> Array:
        """The point of an edge at a share of the way from the neuron that sends."""
        return edge.between(1 - share if self.back else share)

    def _fit_columns(self) -> None:
        """Find where weights and products stand clear of neurons and of each other.

        Where the gap is narrow, the texts become smaller.
        """
        self._share, self._weight_at = _PRODUCT, _WEIGHT
        if self.diagram.style.direction == "down" or not self.terms:
            return
        edges, texts = [term.edge for term in self.terms], [*self.weights, *self.products]
        way = min(abs(float((edge.between(1.0) - edge.between(0.0))[0])) for edge in edges)
        heights = sorted(float(self._at(edge, 0.0)[1]) for edge in edges)
        apart = min((b - a for a, b in pairwise(heights)), default=np.inf)
        widths = [max(text.width for text in column) for column in (self.weights, self.products)]
        scaled, least = 1.0, self.theme.smallest_text / self.theme.number_size
        for scale in np.linspace(1.0, least, _SIZES):
            for text in texts:
                text.scale(scale / scaled)
            scaled, self._weight_at = scale, self._weight_share()
            beyond = self._weight_at + (scale * sum(widths) / 2 + _GAP) / way
            # Up to here products on neighbouring edges do not touch.
            free = min(1 - scale * _LINE * self.theme.number_size / apart, _FURTHEST_PRODUCT)
            airy = 1 - scale * _AIRY_LINE * self.theme.number_size / apart
            clear = np.clip(min(free, airy), _NEAREST_PRODUCT, _PRODUCT)
            self._share = float(max(clear, min(beyond, _FURTHEST_PRODUCT)))
            if beyond <= free:
                break

    def _weight_share(self) -> float:
        """Where the weights are, so that they stand clear of the neurons that send."""
        shares = [_WEIGHT]
        for term, weight in zip(self.terms, self.weights, strict=True):
            start, end = (self._at(term.edge, share)[0] for share in (0.0, 1.0))
            sender = self._sender(term.edge)
            needed = sender.reach + _GAP + weight.width / 2 - abs(start - sender.disc.get_x())
            shares.append(min(needed / abs(end - start), _FURTHEST_WEIGHT))
        return float(max(shares))

    def _sender(self, edge: Edge) -> Neuron:
        layer, source, target = edge.address
        at = (layer + 1, target) if self.back else (layer, source)
        return self.diagram.neuron(*at)

    def _place(self) -> None:
        self._fit_columns()
        for term, weight, product in zip(self.terms, self.weights, self.products, strict=True):
            weight.move_to(self._at(term.edge, self._weight_at))
            product.move_to(self._at(term.edge, self._share))
        disc, lines = self.neuron.disc, [*self.extras, *self.others]
        shows_value = self.neuron.value is not None
        self.inside = not self.back and not shows_value and self._fits_inside()
        if self.back or not self.inside:
            side = LEFT if self.back else RIGHT
            reach = self.neuron.reach + 0.35
            self._anchor = disc.get_center() + reach * side + (_PITCH + 0.15) * UP
            top = self._anchor[1] + len(lines) * _PITCH
            self._anchor -= max(top - self.diagram.box.top - _ABOVE_BOX / 2, 0.0) * UP
        if self.back:
            before = self.diagram.layer(self.neuron_address[0] - 1)
            self._limit = float(before.get_right()[0]) + _AWAY
        if self.inside:
            side = self._free_side()
            nearest = self.neuron.disc.get_edge_center(side) + _AWAY * side
            for row, line in enumerate(lines):
                line.move_to(nearest + row * _PITCH * side, aligned_edge=-side)
        else:
            for row, line in enumerate(lines):
                self._flush(line, self._anchor + (row + 1) * _PITCH * UP)

    def _fits_inside(self) -> bool:
        """Whether the running sum can be read in the neuron, and the bias above or below it."""
        room = _INSIDE * 2 * self.neuron.radius
        widest = self.sum.show(0.0, self.column.write(-abs(self.total) or -1.0)).width
        size = self.theme.number_size * min(1.0, room / widest)
        return size >= _SMALLEST and bool(self._free_side().any())

    @property
    def neuron_address(self) -> tuple[int, int]:
        """Layer of the neuron, and its place among the drawn ones."""
        for layer, column in enumerate(self.diagram.neuron_layers):
            for place, neuron in enumerate(column):
                if neuron is self.neuron:
                    return layer, place
        raise ValueError("the neuron is not part of the diagram")

    def _free_side(self) -> Array:
        """Above or below the neuron, away from most of its edges; zero if there is no room."""
        if self.diagram.style.direction == "down":
            return UP
        y = self.neuron.disc.get_y()
        sent = float(np.mean([self._at(term.edge, 0.0)[1] for term in self.terms] or [y]))
        sides = (DOWN, UP) if sent > y else (UP, DOWN)
        return next((side for side in sides if self._is_free(side)), np.zeros(3))

    def _is_free(self, side: Array) -> bool:
        """Whether there is room for the bias on one side of the neuron."""
        layer, place = self.neuron_address
        needed = len([*self.extras, *self.others]) * _PITCH + _AWAY
        column = self.diagram.neuron_layers[layer]
        next_to = place - round(float(side[1]))
        edge = self.neuron.disc.get_edge_center(side)[1]
        if 0 <= next_to < len(column):
            end = column[next_to].disc.get_edge_center(-side)[1]
            return bool(abs(end - edge) >= needed + _AWAY)
        if side[1] > 0:
            return bool(edge + needed <= self.diagram.box.top + _ABOVE_BOX)
        names = [name.get_top()[1] for name in self.diagram.names if name.text]
        return bool(edge - needed >= max([self.diagram.box.bottom, *names]))

    # ---- time -----------------------------------------------------------------------------------

    def show_term(self, k: int, progress: float) -> Self:
        """Show one product on its way: its value meets the weight, the product joins the sum.

        Args:
            k: Index of the term.
            progress: 0 … 1.
        """
        term, weight, product = self.terms[k], self.weights[k], self.products[k]
        weight.set_presence(share_of(progress, 0.0, _SHOWN))
        self._send(term.edge, k, share_of(progress, _SHOWN, _MET))
        made = _ease(share_of(progress, _MET, _PLACED))
        start = self._at(term.edge, self._weight_at + _BEHIND)
        stop = self._at(term.edge, self._share)
        product.move_to(start + made * (stop - start))
        product.set_presence(share_of(progress, _MET, _MET + _APPEARS))
        head = self._weight_at * share_of(progress, _SHOWN, _MET)
        head += (self._share - self._weight_at) * made
        head += (1 - self._share) * share_of(progress, _PLACED, _ARRIVED)
        if not self._strengths[k]:
            # A product of 0 is written, but sends no light.
            head = 0.0
        if progress > 0:
            ends = (1.0, 1.0 - head) if self.back else (0.0, head)
            term.edge.set_flow(*ends, self._strengths[k], self.light)
        return self._count(k, progress >= _ARRIVED)

    def _send(self, edge: Edge, k: int, progress: float) -> None:
        """Move a value, on a plate, from the middle of its neuron to its weight."""
        value, weight = self.values[k], self.weights[k]
        start, end = self._sender(edge).disc.get_center(), weight.get_center()
        if self.back:
            # The neuron shows another number, its activation: blame comes from above the weight.
            stop = end + (value.height + weight.height) / 2 * UP
            value.move_to(stop + (1 - _ease(progress)) * _ABOVE_WEIGHT * UP)
            value.set_presence(1.0 if 0 < progress < 1 else 0.0)
            return
        way = end - start
        room = (value.width + weight.width) / 2
        stop = start + max(1 - room / max(float(np.linalg.norm(way)), 1e-9), 0.0) * way
        value.move_to(start + _ease(progress) * (stop - start))
        value.set_presence(1.0 if 0 < progress < 1 else 0.0)

    def show_extra(self, k: int, progress: float) -> Self:
        """Show what is added besides products, such as the bias, and add it."""
        self.extras[k].set_presence(share_of(progress, 0.0, 0.4))
        return self._count(len(self.terms) + k, progress >= _ADDED)

    def show_others(self, progress: float) -> Self:
        """Show the sum of the terms that are not written, if there are any, and add it."""
        for line in self.others:
            line.set_presence(share_of(progress, 0.0, 0.4))
            self._count(-1, progress >= _ADDED)
        return self

    def show_all(self) -> Self:
        """Show everything."""
        for k in range(len(self.terms)):
            self.show_term(k, 1.0)
        for k in range(len(self.extras)):
            self.show_extra(k, 1.0)
        return self.show_others(1.0)

    def _show_nothing(self) -> None:
        for k in range(len(self.terms)):
            self.show_term(k, 0.0)
        for k in range(len(self.extras)):
            self.show_extra(k, 0.0)
        self.show_others(0.0)

    def set_presence(self, presence: float) -> Self:
        """Let all texts disappear together, 1 … 0; the light on the edges stays."""
        for text in (*self.weights, *self.products):
            text.set_presence(presence)
        self.title.set_opacity(presence)
        return self._show_lines(min(presence, self._lines_left))

    def hide_lines(self, presence: float) -> Self:
        """Let the running sum disappear, and what is added besides products, 1 … 0."""
        self._lines_left = presence
        return self._show_lines(presence)

    def _show_lines(self, presence: float) -> Self:
        counted = self._counted[len(self.terms) :]
        for line, is_shown in zip((*self.extras, *self.others), counted, strict=True):
            line.set_presence(presence * is_shown)
        self.sum.set_opacity(presence)
        self.ground.set_fill(opacity=presence)
        return self

    def _count(self, k: int, counted: bool) -> Self:
        """Count a part of the sum or not, and write the sum so far."""
        self._counted[k] = counted
        parts = [*(term.product for term in self.terms), *self._extra_values]
        parts += [self._rest] * len(self.others)
        begun, done = any(self._counted), all(self._counted)
        so_far = sum(part for part, seen in zip(parts, self._counted, strict=True) if seen)
        value = self.total if done else so_far
        self.sum.set_em(self.theme.number_size).show(value, self.column.write(value))
        if self.inside:
            room = _INSIDE * 2 * self.neuron.radius
            self.sum.set_em(self.theme.number_size * min(1.0, room / self.sum.width))
            fill = self.neuron.disc.get_fill_color().to_hex()
            self.sum.move_to(self.neuron.disc).set_ink(self.theme.ink_on(fill), float(begun))
            return self
        self.sum.move_to(self._anchor, aligned_edge=RIGHT if self.back else LEFT)
        self.sum.set_ink(self.ink, float(begun))
        if self.back:
            self.title.next_to(self.sum, LEFT, buff=_AWAY).set_ink(self.ink, float(begun))
            if self.title.get_left()[0] < self._limit and self.title.text != self._short:
                self.title.write(self._short).next_to(self.sum, LEFT, buff=_AWAY)
        line = VGroup(self.title, self.sum) if self.back else self.sum
        self.ground.become(plate(line.width + _PADDING, 1.05 * self.sum.em, self.theme))
        self.ground.set_x(line.get_x()).set_y(self.sum.get_y())
        self.ground.set_z_index(Z_TAG).set_fill(opacity=float(begun))
        return self

    def beyond(self, line: VMobject, row: int) -> VMobject:
        """Place a further line of the calculation below the sum, flush with it.

        Args:
            line: The mobject.
            row: 1 is the first line below the sum.
        """
        return self._flush(line, self._anchor + row * 1.2 * _PITCH * DOWN)

    def has_room(self, line: VMobject) -> bool:
        """Whether a line before the neuron is clear of the layer before, if need be smaller."""
        room = float(self._anchor[0]) - self._limit
        return bool(line.width * scale_to_fit(line.width, room, self.theme) <= room)

    def _flush(self, line: VMobject, at: Array) -> VMobject:
        """Place a line before the neuron, clear of the layer before, or after the neuron."""
        if not self.back:
            return line.move_to(at, aligned_edge=LEFT)
        line.scale(scale_to_fit(line.width, float(at[0]) - self._limit, self.theme))
        return line.move_to(at, aligned_edge=RIGHT)


@dataclass(frozen=True)
class _Numbers:
    """What adds up in one neuron.

    Attributes:
        total: The sum.
        extras: What is added besides products, by the key of its word below ``sum.``.
        values, weights, products: Of all edges, drawn or not, shape (n,).
        connected: Which of these edges exist, shape (n,).
    """

    total: float
    extras: dict[str, float]
    values: Array
    weights: Array
    products: Array
    connected: NDArray[np.bool_]

    @classmethod
    def of(cls, trace: ForwardTrace | BackwardTrace, layer: int, i: int) -> _Numbers:
        if isinstance(trace, BackwardTrace):
            total = float(trace.layers[layer - 1].activation_gradient[i])
            after, mask = trace.layers[layer], trace.forward.layers[layer].mask
            columns = after.blame, after.weights[:, i], after.shares[:, i], mask[:, i]
            return cls(total, _returned(trace, layer, i), *columns)
        record = trace.layers[layer - 1]
        biased = "bias" in trace.network.layers[layer - 1].parameters
        extras = {"bias": float(record.bias[i])} if biased else {}
        if record.skipped:
            extras["skip"] = float(sum(arrived[i] for arrived in record.skipped.values()))
        columns = record.incoming, record.weights[i], record.contributions[i], record.mask[i]
        return cls(float(record.z[i]), extras, *columns)

    def terms(self, diagram: NetworkDiagram, layer: int, i: int, back: bool) -> list[EdgeTerm]:
        """The strongest of the drawn edges, in order, as far as there is room for each."""
        other = layer + 1 if back else layer - 1
        drawn = [k for k in diagram.shown(other) if self.connected[k]]
        apart = _LINE * diagram.theme.number_size / (1 - _NEAREST_PRODUCT)
        strongest: list[int] = []
        for k in sorted(drawn, key=lambda k: -abs(float(self.products[k]))):
            here = diagram.neuron(other, k).disc.get_center()
            centers = (diagram.neuron(other, at).disc.get_center() for at in strongest)
            if all(np.linalg.norm(here - center) >= 0.999 * apart for center in centers):
                strongest.append(k)
        strongest = strongest[:MOST_TERMS]
        return [
            EdgeTerm(
                diagram.edge(layer, i, k) if back else diagram.edge(other, k, i),
                *(float(part[k]) for part in (self.values, self.weights, self.products)),
            )
            for k in sorted(strongest)
        ]


def _returned(trace: BackwardTrace, layer: int, i: int) -> dict[str, float]:
    """The shares that come back over residual connections out of a layer."""
    shares = [
        float(record.skip_shares[layer][i])
        for record in trace.layers
        if layer in record.skip_shares
    ]
    return {"skip": sum(shares)} if shares else {}
