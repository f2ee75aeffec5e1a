"""Places the neurons of a network in a box: columns, or rows, as large as there is room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from netviz.drawing.layout.box import FULL_LINES, NAME_EM, Box
from netviz.drawing.layout.columns import columns
from netviz.drawing.layout.layout import Layout, Point
from netviz.style import Direction, Style
from netviz.theme import Theme

# Between the outermost neurons and the names of the layers.
AIR = 1.1 * NAME_EM
# Of a neuron as large as lines get: from its rim, over the widest ring of blame, to a text; and
# from a text to the next such rim. Half of it is air, which small neurons need too.
CLEAR, _APART = 0.26, 0.24
_RING_OF_BLAME = 0.16
# As much of the distance of layers a radius may take so that its number can be read.
_READABLE_SHARE = 0.2
# The radius beside the distance of neurons: with room for rings of blame, and as close as can be.
_AIRY, _CLOSEST = 0.355, 0.43
# Until a spacing and the radius that it allows agree.
_ROUNDS = 40
# A neuron that is smaller is a dot that nobody sees; what two rings and two layers keep between.
_SMALLEST, _RINGS, _EDGES = 0.12, 0.1, 0.3


@dataclass(frozen=True)
class Room:
    """What texts take of the box, in manim units.

    Attributes:
        foot: Where the layers' names stand: below columns, left of rows.
        head: Opposite of it.
        ends: Least distance of the first and the last layer from the ends of the box.
        beyond: From the rims of the first and the last layer to the ends of the box.
        beside: For each layer, a text that each of its neurons has below (right of) itself.
    """

    foot: float = NAME_EM + AIR
    head: float = 0.0
    ends: tuple[float, float] = (0.55, 0.55)
    beyond: tuple[float, float] = (0.0, 0.0)
    beside: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Grain:
    """How much room numbers need: they are wider than high, so it depends on the direction.

    Attributes:
        value: For a value beyond the first or the last layer.
        values: Least distance of neurons of a layer that have their values there.
        blame: From rim to rim of two neurons of a hidden layer that have a blame between them.
        outside: For a blame beyond the last of them.
        blames: Least distance of outputs that have a blame.
        layers: Least distance of layers whose neurons have a blame.
        share: Radius of a neuron beside the distance of layers, at most.
    """

    value: float
    values: float
    blame: float
    outside: float
    blames: float
    layers: float
    share: float


def _grain(direction: Direction, theme: Theme) -> _Grain:
    if direction == "right":
        return _Grain(0.75, 1.25 * theme.smallest_text, 0.72, 0.48, 0.0, 1.12, 0.17)
    return _Grain(0.4, 0.8, 1.5, 1.4, 1.15, 0.0, 0.25)


def arrange(
    sizes: Sequence[int],
    box: Box,
    theme: Theme,
    style: Style | None = None,
    room: Room | None = None,
) -> Layout:
    """Place a network of layer ``sizes`` so that it fills ``box``, or as ``style`` tells.

    Neurons are as large as their column and the gaps between columns allow. Columns are centred;
    a short column is spread, so that a layer of two does not huddle in the middle.

    Args:
        sizes: Neurons in each layer, input first.
        box: What is filled.
        theme: Gives the sizes of texts.
        style: How it is drawn; as the theme has it unless told.
        room: What texts take; as much as the names of layers unless told.

    Raises:
        ValueError: A spacing or a size of the style, or a text, does not fit the box.
    """
    return _Arrangement(sizes, box, theme, style or theme.style, room or Room()).layout()


class _Arrangement:
    """The same for columns and rows: u runs along the flow, v from neuron to neuron."""

    def __init__(
        self, sizes: Sequence[int], box: Box, theme: Theme, style: Style, room: Room
    ) -> None:
        self.box, self.theme, self.style, self.room = box, theme, style, room
        self.grain, self.down = _grain(style.direction, theme), style.direction == "down"
        self.columns = columns(sizes, style.max_neurons)
        # A bias neuron takes the first place of a column, or the last of a row.
        self.biased = [
            style.biases == "neurons" and layer < len(sizes) - 1 for layer in range(len(sizes))
        ]
        lengths = zip(self.columns, self.biased, strict=True)
        self.lengths = [column.length + biased for column, biased in lengths]
        self.most, self.gaps = max(self.lengths), len(sizes) - 1
        self.beside = room.beside or (0.0,) * len(sizes)
        self.along, across = (box.height, box.width) if self.down else (box.width, box.height)
        self.across = across - room.foot - room.head
        self.radius, self.outside = self._radius()
        self.radii = self._radii()
        self.value_ems = [self._value_em(radius) for radius in self.radii]
        self.pitches = [self._pitch(layer) for layer in range(len(sizes))]
        self.values_beside = [self._value_beside(layer) for layer in range(len(sizes))]

    def layout(self) -> Layout:
        """Everything that is to be known of where neurons stand."""
        lines = [self._line(layer) for layer in range(len(self.columns))]
        return Layout(
            direction=self.style.direction,
            columns=self.columns,
            centers=tuple(self._centers(layer, line) for layer, line in enumerate(lines)),
            dots=tuple(self._dots(layer, line) for layer, line in enumerate(lines)),
            biases=tuple(self._bias(layer, line) for layer, line in enumerate(lines)),
            radii=tuple(self.radii),
            value_ems=tuple(self.value_ems),
            values_beside=tuple(self.values_beside),
            blame_fits=tuple(self._blame_fits(layer) for layer in range(len(lines))),
        )

    # ---- how large ------------------------------------------------------------------------------

    def _radii(self) -> list[float]:
        """Of the neurons of each layer.

        All have one size, unless the longest layer has room for its numbers neither in its neurons
        nor beside them: then each layer has its own, as though the others were no longer than it,
        but none is larger than a number asks for.
        """
        crowded = self._full(self.most, self.radius) < self.grain.values
        if self.style.neuron_size is not None or self._legible(self.radius) or not crowded:
            return [self.radius] * len(self.lengths)
        limits = self._limits()
        return [self._own(n, limits.get(layer, math.inf)) for layer, n in enumerate(self.lengths)]

    def _own(self, n: int, limit: float) -> float:
        radius = min(self._filling(self._spacing(n)), limit, self._readable)
        if not self._legible(radius):
            radius = min(radius, _AIRY * self._spacing(n))
        return max(radius, self.radius)

    def _radius(self) -> tuple[float, float]:
        """Of all neurons in one size, and what is kept free beyond the ends of the longest."""
        limits = self._limits()
        limit = min(limits.values(), default=math.inf)
        if self.style.neuron_size is not None:
            limit = min(limit, self._largest())
            return self._told("neuron_size", self.style.neuron_size, limit), 0.0
        if limit < _SMALLEST:
            raise ValueError(self._crowded(min(limits, key=lambda layer: limits[layer])))
        radius, outside = min(self._filling(self._spacing(self.most)), limit), 0.0
        smaller = self._fitting_with_blame()
        if self.most in self.lengths[1:-1] and smaller >= self._readable:
            radius, outside = min(radius, smaller), self.grain.outside
        return radius, outside

    def _limits(self) -> dict[int, float]:
        """Largest radius for each layer with texts beside its neurons."""
        lettered = [layer for layer, beside in enumerate(self.beside) if beside]
        return {layer: self._fitting(layer, self.lengths[layer]) for layer in lettered}

    @property
    def _readable(self) -> float:
        """Radius of a neuron in which a number can be read."""
        return 1.24 * self.theme.smallest_text

    def _legible(self, radius: float) -> bool:
        return radius >= 0.999 * self._readable

    def _spacing(self, n: int) -> float:
        """What each of ``n`` neurons has of its layer."""
        return self.style.neuron_spacing or self.across / n

    def _filling(self, spacing: float) -> float:
        """Radius of neurons at a distance, as far as the gaps between layers allow."""
        # In a crowded column numbers matter more than air between neurons, as long as there is
        # some.
        readable = min(self._readable, _CLOSEST * spacing)
        along = self.style.layer_spacing or (self.along - sum(self.room.beyond)) / self.gaps
        widest = self.grain.share * along
        if self._readable <= _READABLE_SHARE * along:
            widest = max(widest, self._readable)
        # Labels need the room between rows, which is less high than that between columns is wide.
        if self.down and self.style.edge_labels != "none":
            widest = min(widest, self._readable)
        return min(max(_AIRY * spacing, readable), widest)

    def _crowded(self, layer: int) -> str:
        n = self.lengths[layer]
        most = next((few for few in range(n, 1, -1) if self._fitting(layer, few) >= _SMALLEST), 1)
        return (
            f"layer {layer} has texts beside {n} neurons: expected at most {most} in a box of "
            f"{self._extent}, such as with max_neurons={max(most, 3)}"
        )

    def _fitting(self, layer: int, n: int) -> float:
        """Largest radius at which the texts beside ``n`` neurons of a layer have room."""
        beside = self.beside[layer]
        if self.style.neuron_spacing is not None:
            return (self.style.neuron_spacing - beside - CLEAR - _APART) / 2
        taken = (n - 1) * (beside + CLEAR + _APART) + 2 * (beside + CLEAR)
        thin = 2 * n * _RING_OF_BLAME
        # Rings become thinner with their neurons.
        return max(
            (self.across - taken) / (2 * n),
            (self.across - taken + thin) / (2 * n + thin / FULL_LINES),
        )

    def _need(self, layer: int) -> float:
        """From neuron to neuron of a layer with texts beside them, at least."""
        radius = self.radii[layer]
        thin = 2 * _RING_OF_BLAME * (1 - min(1.0, radius / FULL_LINES))
        return 2 * radius + self.beside[layer] + CLEAR + _APART - thin

    def _fitting_with_blame(self) -> float:
        if self.style.neuron_spacing is not None or not self.style.numbers:
            return 0.0
        beside = max(self.beside[1:-1], default=0.0)
        between = self.grain.blame + beside
        taken = 2 * (self.grain.outside + beside) + (self.most - 1) * between
        return (self.across - taken) / (2 * self.most)

    def _largest(self) -> float:
        """Largest radius at which neither the neurons of a layer nor two layers touch."""
        along = (self.along - sum(self.room.beyond) - self.gaps * _EDGES) / (2 * (self.gaps + 1))
        if self.style.layer_spacing is not None:
            along = min(along, (self.style.layer_spacing - _EDGES) / 2)
        if self.style.neuron_spacing is not None:
            return min(along, (self.style.neuron_spacing - _RINGS) / 2)
        return min(along, (self.across - (self.most - 1) * _RINGS) / (2 * self.most))

    def _value_em(self, radius: float) -> float | None:
        if not self._legible(radius) or not self.style.numbers:
            return None
        return max(self.theme.smallest_text, min(0.76 * radius, 3 * self.theme.number_size))

    def _value_beside(self, layer: int) -> bool:
        """Only the two ends of a diagram have room there."""
        small = self.style.numbers and self.value_ems[layer] is None
        return small and layer in (0, self.gaps) and self.pitches[layer] >= self.grain.values

    # ---- from neuron to neuron ------------------------------------------------------------------

    def _line(self, layer: int) -> list[float]:
        """v of every place of a layer."""
        n, pitch = self.lengths[layer], self.pitches[layer]
        first = (self.across - pitch * (n - 1)) / 2
        return [first + place * pitch for place in range(n)]

    def _pitch(self, layer: int) -> float:
        """From place to place of a layer."""
        told = self.style.neuron_spacing
        if told is not None:
            return self._told("neuron_spacing", told, self._widest())
        n, radius = self.lengths[layer], self.radii[layer]
        tight, full = self._full(self.most, self.radius), self._full(n, radius)
        need = radius / _AIRY if radius > self.radius else 0.0
        if self.beside[layer]:
            beyond = self._need(layer) - radius - _APART / 2
            full = min(full, (self.across - 2 * beyond) / max(n - 1, 1))
            need = max(need, self._need(layer))
        if self.down or self.beside[layer]:
            need = max(need, self._need_with_blame(layer))
        # Half the full height at least: two neurons beside five do not huddle in the middle.
        return min(full, max(tight, 0.5 * full, need))

    def _full(self, n: int, radius: float) -> float:
        """From place to place of a layer that takes all of the height."""
        return (self.across - 2 * (radius + self.outside)) / max(n - 1, 1)

    def _widest(self) -> float:
        """Largest distance of neurons; the farther they are apart, the larger they become."""
        spacing = math.inf if self.most == 1 else self.across / (self.most - 1)
        for _ in range(_ROUNDS if self.most > 1 else 0):
            radius = self.style.neuron_size or self._filling(spacing)
            spacing = (self.across - 2 * radius) / (self.most - 1)
        return spacing

    def _need_with_blame(self, layer: int) -> float:
        """The same with a blame at each neuron, as far as there is room; else nothing."""
        within = 0 < layer < self.gaps and self.style.numbers
        n, radius = self.lengths[layer], self.radii[layer]
        need = 2 * radius + self.grain.blame + self.beside[layer]
        beyond = radius + self.grain.outside + self.beside[layer]
        return need if within and need * (n - 1) + 2 * beyond <= self.across else 0.0

    def _centers(self, layer: int, line: list[float]) -> tuple[Point, ...]:
        return tuple(
            self._point(layer, line[self._place(layer, place)])
            for place in self.columns[layer].places
        )

    def _dots(self, layer: int, line: list[float]) -> Point | None:
        dots = self.columns[layer].dots
        if dots is None:
            return None
        before, after = math.floor(dots), math.ceil(dots)
        ends = (line[self._place(layer, place)] for place in (before, after))
        return self._point(layer, sum(ends) / 2)

    def _bias(self, layer: int, line: list[float]) -> Point | None:
        if not self.biased[layer]:
            return None
        return self._point(layer, line[-1 if self.down else 0])

    def _place(self, layer: int, place: int) -> int:
        """Place in the line, which a bias neuron may begin."""
        return place + (self.biased[layer] and not self.down)

    def _blame_fits(self, layer: int) -> bool:
        if not self.style.numbers:
            return False
        n, beside = self.lengths[layer], self.beside[layer]
        pitch = self.pitches[layer] if n > 1 else math.inf
        if layer == self.gaps:
            return pitch >= self.grain.blames
        radius = self.radii[layer]
        between = pitch - 2 * radius
        outside = (self.across - (pitch * (n - 1) if n > 1 else 0.0)) / 2 - radius
        need = self.grain.blame + beside
        if self._layers()[1] < self.grain.layers:
            return False
        return between >= need - 1e-9 and outside >= self.grain.outside + beside - 1e-9

    # ---- from layer to layer --------------------------------------------------------------------

    def _point(self, layer: int, v: float) -> Point:
        first, gap = self._layers()
        u = first + layer * gap
        if self.down:
            return self.box.left + self.room.foot + v, self.box.top - u, 0.0
        return self.box.left + u, self.box.top - self.room.head - v, 0.0

    def _layers(self) -> tuple[float, float]:
        """u of the first layer, and from a layer to the next."""
        first, last = (
            max(end, self.radii[layer] + self.grain.value * self.values_beside[layer] + beyond)
            for layer, end, beyond in zip(
                (0, self.gaps), self.room.ends, self.room.beyond, strict=True
            )
        )
        room = (self.along - first - last) / self.gaps
        if self.style.layer_spacing is None:
            return first, room
        gap = self._told("layer_spacing", self.style.layer_spacing, room)
        return first + (room - gap) * self.gaps / 2, gap

    def _told(self, option: str, length: float, limit: float) -> float:
        if length > limit + 1e-9:
            most = math.floor(100 * limit) / 100
            sizes = ", ".join(str(column.size) for column in self.columns)
            raise ValueError(
                f"{option} is {length:g}: expected at most {most:g}, or None, "
                f"for layers of {sizes} in a box of {self._extent}"
            )
        return length

    @property
    def _extent(self) -> str:
        return f"{self.box.width:.1f} by {self.box.height:.1f} units"
