"""The layout solver: places the neurons of a network in a box, as large as there is room."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NoReturn

from netviz.drawing.layout.box import FULL_LINES, Box
from netviz.drawing.layout.layout import Layout, Point
from netviz.drawing.layout.problem import (
    RIM_CLEARANCE,
    TEXT_CLEARANCE,
    LayoutProblem,
    TextRoom,
)
from netviz.style import Style
from netviz.theme import Theme

# Ratios. Largest radius relative to the distance of layers at which a number stays readable.
_READABLE_SHARE = 0.2
# Radius relative to the distance of neurons: with room for blame rings, and the closest packing.
_AIRY, _CLOSEST = 0.355, 0.43
# Radius of a neuron in which a number of four characters can be read, in ems.
_READABLE_RADIUS = 1.26
# The largest part of the height that a short column leaves free.
_SPREAD = 0.5

# Frame units. Width of the widest blame ring around a neuron with the widest lines.
_BLAME_RING = 0.16
# Largest radius.
_LARGEST_RADIUS = 0.55
# Smallest radius that can be seen, and the least space between two rings and between two layers.
_SMALLEST_RADIUS, _RING_GAP, _LAYER_GAP = 0.12, 0.1, 0.3
# Least distances of hidden neurons and of layers at which values are written next to the neurons,
# over the edges.
_HIDDEN_PITCH, _HIDDEN_GAP = {"right": 0.44, "down": 1.0}, {"right": 2.2, "down": 1.4}

# Number of iterations until a spacing and the radius that it allows agree.
_ROUNDS = 40


def arrange(
    sizes: Sequence[int],
    box: Box,
    theme: Theme,
    style: Style | None = None,
    room: TextRoom | None = None,
) -> Layout:
    """Place a network with layers of ``sizes`` so that it fills ``box``, or as ``style`` says.

    Neurons are as large as their column and the gaps between columns allow. Columns are centred.
    A short column is spread, so that a layer of two neurons does not stay in the middle.

    Args:
        sizes: Neurons in each layer, input first.
        box: The part of the frame that is filled.
        theme: Gives the sizes of texts.
        style: How the network is drawn; by default the theme's style.
        room: What texts take; by default as much as the names of layers.

    Raises:
        ProblemError: A spacing or a size of the style, or a text, does not fit the box.
    """
    problem = LayoutProblem(sizes, box, theme, style or theme.style, room or TextRoom())
    neurons = _Sizes(problem)
    across = _Across(problem, neurons)
    first, gap = _along(problem, neurons, across)

    def point(layer: int, v: float) -> Point:
        return _point(problem, first + layer * gap, v)

    def some(places: Sequence[float | None]) -> tuple[Point | None, ...]:
        return tuple(None if v is None else point(layer, v) for layer, v in enumerate(places))

    return Layout(
        direction=problem.style.direction,
        centers=tuple(
            tuple(point(layer, v) for v in across.neurons(layer)) for layer in problem.layers
        ),
        dots=some([across.dots(layer) for layer in problem.layers]),
        biases=some([across.bias(layer) for layer in problem.layers]),
        radii=tuple(neurons.radii),
        value_ems=tuple(neurons.value_ems),
        values_outside=tuple(across.value_outside(layer, gap) for layer in problem.layers),
        blame_fits=tuple(across.blame_fits(layer, gap) for layer in problem.layers),
    )


def _along(problem: LayoutProblem, neurons: _Sizes, across: _Across) -> tuple[float, float]:
    """Return u of the first layer, and the distance from layer to layer."""
    room, value = problem.room, problem.numbers.value_outside
    first, last = (
        max(end, neurons.radii[layer] + value * across.value_outside(layer) + beyond)
        for layer, end, beyond in zip((0, problem.last), room.ends, room.beyond, strict=True)
    )
    widest = (problem.along - first - last) / problem.last
    if problem.style.layer_spacing is None:
        return first, widest
    gap = problem.at_most("layer_spacing", problem.style.layer_spacing, widest)
    return first + (widest - gap) * problem.last / 2, gap


def _point(problem: LayoutProblem, u: float, v: float) -> Point:
    if problem.down:
        return problem.box.left + problem.room.foot + v, problem.box.top - u, 0.0
    return problem.box.left + u, problem.box.top - problem.room.head - v, 0.0


class _Sizes:
    """Radii of the neurons, and sizes of the numbers in them.

    Attributes:
        radius: Radius of all neurons if they had one size, in frame units.
        outside: What is kept free beyond the ends of the longest layer, in frame units.
        radii: For each layer, the radius of its neurons, in frame units.
        value_ems: For each layer, the em of the number in a neuron, or ``None``.
    """

    def __init__(self, problem: LayoutProblem) -> None:
        self._problem, self._style = problem, problem.style
        self.radius, self.outside = self._common_radius()
        self.radii = self._radii()
        self.value_ems = [self._value_em(*pair) for pair in enumerate(self.radii)]

    def full(self, n: int, radius: float) -> float:
        """Distance from place to place of ``n`` neurons that take all of the height."""
        return (self._problem.across - 2 * (radius + self.outside)) / max(n - 1, 1)

    def filling(self, spacing: float) -> float:
        """Radius of neurons at a distance, as far as the gaps between layers allow."""
        problem = self._problem
        # In a crowded column numbers matter more than space between neurons, as long as there is
        # some.
        readable = min(self._readable, _CLOSEST * spacing)
        free = problem.along - sum(problem.room.beyond)
        along = self._style.layer_spacing or free / problem.last
        widest = problem.numbers.radius_share * along
        if self._readable <= _READABLE_SHARE * along:
            widest = max(widest, self._readable)
        # Labels need the room between rows, which is less high than that between columns is wide.
        if problem.down and self._style.edge_labels != "none":
            widest = min(widest, self._readable)
        return min(max(_AIRY * spacing, readable), widest, _LARGEST_RADIUS)

    # ---- radii ----------------------------------------------------------------------------------

    def _radii(self) -> list[float]:
        """Return the radius of the neurons of each layer.

        All are equal, unless the longest layer has no room for its numbers, neither inside its
        neurons nor outside. Then each layer has its own radius, as if the other layers were not
        longer, but at most that of a readable number.
        """
        problem = self._problem
        crowded = self.full(problem.longest, self.radius) < problem.numbers.pitch_with_values
        if self._style.neuron_size is not None or self._legible(self.radius) or not crowded:
            return [self.radius for _ in problem.layers]
        limits = self._limits()
        return [
            self._own(n, limits.get(layer, math.inf)) for layer, n in enumerate(problem.lengths)
        ]

    def _own(self, n: int, limit: float) -> float:
        radius = min(self.filling(self._spacing(n)), limit, self._readable)
        if not self._legible(radius):
            radius = min(radius, _AIRY * self._spacing(n))
        return max(radius, self.radius)

    def _common_radius(self) -> tuple[float, float]:
        """Return one radius for all neurons, and what is kept free beyond the longest layer."""
        problem, limits = self._problem, self._limits()
        limit = min(limits.values(), default=math.inf)
        if self._style.neuron_size is not None:
            limit = min(limit, self._largest())
            return problem.at_most("neuron_size", self._style.neuron_size, limit), 0.0
        if limit < _SMALLEST_RADIUS:
            self._refuse_texts_of(min(limits, key=lambda layer: limits[layer]))
        radius, outside = min(self.filling(self._spacing(problem.longest)), limit), 0.0
        smaller = self._fitting_with_blame()
        if problem.longest in problem.lengths[1:-1] and smaller >= self._readable:
            radius, outside = min(radius, smaller), problem.numbers.blame_beyond
        return radius, outside

    def _spacing(self, n: int) -> float:
        """What each of ``n`` neurons has of its layer."""
        return self._style.neuron_spacing or self._problem.across / n

    def _largest(self) -> float:
        """Largest radius at which neither the neurons of a layer nor two layers touch."""
        problem = self._problem
        free = problem.along - sum(problem.room.beyond) - problem.last * _LAYER_GAP
        along = free / (2 * (problem.last + 1))
        if self._style.layer_spacing is not None:
            along = min(along, (self._style.layer_spacing - _LAYER_GAP) / 2)
        if self._style.neuron_spacing is not None:
            return min(along, (self._style.neuron_spacing - _RING_GAP) / 2)
        gaps = (problem.longest - 1) * _RING_GAP
        return min(along, (problem.across - gaps) / (2 * problem.longest))

    # ---- radii of neurons with texts ------------------------------------------------------------

    def _limits(self) -> dict[int, float]:
        """Largest radius for each layer with texts below (right of) its neurons."""
        lettered = [layer for layer, text in enumerate(self._problem.text_below) if text]
        lengths, across = self._problem.lengths, self._problem.across
        return {layer: self._fitting(layer, lengths[layer], across) for layer in lettered}

    def _fitting(self, layer: int, n: int, across: float) -> float:
        """Largest radius at which there is room for the texts of ``n`` neurons of a layer."""
        text = self._problem.text_below[layer]
        if self._style.neuron_spacing is not None:
            return (self._style.neuron_spacing - text - TEXT_CLEARANCE - RIM_CLEARANCE) / 2
        between = (n - 1) * (text + TEXT_CLEARANCE + RIM_CLEARANCE)
        taken = between + 2 * (text + TEXT_CLEARANCE)
        thin = 2 * n * _BLAME_RING
        # Blame rings become thinner with their neurons.
        return max(
            (across - taken) / (2 * n),
            (across - taken + thin) / (2 * n + thin / FULL_LINES),
        )

    def _fitting_with_blame(self) -> float:
        """Largest radius at which the longest layer has room for a blame at each neuron."""
        problem = self._problem
        if self._style.neuron_spacing is not None or not self._style.any_numbers:
            return 0.0
        text = max(problem.text_below[1:-1], default=0.0)
        between = problem.numbers.blame_between + text
        taken = 2 * (problem.numbers.blame_beyond + text) + (problem.longest - 1) * between
        return (problem.across - taken) / (2 * problem.longest)

    def _refuse_texts_of(self, layer: int) -> NoReturn:
        problem, spacing = self._problem, self._style.neuron_spacing
        if spacing is not None:
            text = problem.text_below[layer]
            least = 2 * _SMALLEST_RADIUS + text + TEXT_CLEARANCE + RIM_CLEARANCE
            raise problem.too_close(spacing, least, layer)
        fewer = range(problem.columns[layer].length - 1, 2, -1)
        raise problem.too_crowded(layer, next(filter(self._leaves_room, fewer), 0))

    def _leaves_room(self, most: int) -> bool:
        """Whether there is room for the texts with another ``max_neurons``."""
        problem = self._problem
        counts = zip(problem.lengths, problem.has_bias, strict=True)
        lengths = [min(n, most + bias) for n, bias in counts]
        across = problem.across - problem.room.brace_reserve
        return all(
            self._fitting(layer, lengths[layer], across) >= _SMALLEST_RADIUS
            for layer in self._limits()
        )

    # ---- numbers in neurons ---------------------------------------------------------------------

    @property
    def _readable(self) -> float:
        """Radius of a neuron in which a number can be read."""
        return _READABLE_RADIUS * self._problem.theme.smallest_text

    def _legible(self, radius: float) -> bool:
        return radius >= 0.999 * self._readable

    def _value_em(self, layer: int, radius: float) -> float | None:
        theme = self._problem.theme
        if not self._legible(radius) or not self._style.numbered(layer):
            return None
        large = radius >= _READABLE_RADIUS * theme.number_size
        return theme.number_size if large else theme.smallest_text


class _Across:
    """Where the neurons stand in their layers, and which numbers fit next to them.

    Attributes:
        pitches: For each layer, the distance from place to place, in frame units.
    """

    def __init__(self, problem: LayoutProblem, sizes: _Sizes) -> None:
        self._problem, self._sizes = problem, sizes
        self.pitches = [self._pitch(layer) for layer in problem.layers]

    # ---- places ---------------------------------------------------------------------------------

    def neurons(self, layer: int) -> list[float]:
        """Return v of the drawn neurons of a layer."""
        return [self._at(layer, place) for place in self._problem.columns[layer].places]

    def dots(self, layer: int) -> float | None:
        """Return v of the ⋮ of a layer, or ``None``."""
        place = self._problem.columns[layer].dots
        return None if place is None else self._at(layer, place)

    def bias(self, layer: int) -> float | None:
        """Return v of the bias neuron of a layer, or ``None``: first in a column, last in a row."""
        if not self._problem.has_bias[layer]:
            return None
        return self._at(layer, self._problem.columns[layer].length if self._problem.down else -1)

    def _at(self, layer: int, place: float) -> float:
        """Return v of a place, counted from the first neuron that is not a bias."""
        n, pitch = self._problem.lengths[layer], self.pitches[layer]
        before = self._problem.has_bias[layer] and not self._problem.down
        return (self._problem.across - pitch * (n - 1)) / 2 + pitch * (place + before)

    # ---- from place to place --------------------------------------------------------------------

    def _pitch(self, layer: int) -> float:
        problem, sizes = self._problem, self._sizes
        n, radius = problem.lengths[layer], sizes.radii[layer]
        labels, text = problem.label_pitch[layer], problem.text_below[layer]
        self._expect_room_for_labels(layer)
        if problem.style.neuron_spacing is not None:
            return problem.at_most("neuron_spacing", problem.style.neuron_spacing, self._widest())
        tight, full = sizes.full(problem.longest, sizes.radius), sizes.full(n, radius)
        need = max(radius / _AIRY if radius > sizes.radius else 0.0, labels)
        if labels:
            full = min(full, (problem.across - labels) / max(n - 1, 1))
        if text:
            beyond = self._need(layer) - radius - RIM_CLEARANCE / 2
            full = min(full, (problem.across - 2 * beyond) / max(n - 1, 1))
            need = max(need, self._need(layer))
        if problem.down or text:
            need = max(need, self._need_with_blame(layer))
        # At least half the height: a layer of two next to one of five is spread.
        return min(full, max(tight, _SPREAD * full, need))

    def _expect_room_for_labels(self, layer: int) -> None:
        """Refuse labels of neurons that are too close for them."""
        problem, n = self._problem, self._problem.lengths[layer]
        need, spacing = problem.label_pitch[layer], problem.style.neuron_spacing
        if spacing is not None and n > 1 and spacing < need:
            raise problem.too_close(spacing, need, layer)
        if n * need > problem.across:
            most = int((problem.across - problem.room.brace_reserve) / need)
            raise problem.too_crowded(layer, most - problem.has_bias[layer])

    def _widest(self) -> float:
        """Largest distance of neurons. The farther apart they are, the larger they become."""
        across, steps = self._problem.across, self._problem.longest - 1
        if not steps:
            return math.inf
        spacing = across / steps
        for _ in range(_ROUNDS):
            radius = self._problem.style.neuron_size or self._sizes.filling(spacing)
            spacing = (across - 2 * radius) / steps
        return spacing

    def _need(self, layer: int) -> float:
        """Least distance from neuron to neuron of a layer with texts below them."""
        radius = self._sizes.radii[layer]
        thin = 2 * _BLAME_RING * (1 - min(1.0, radius / FULL_LINES))
        text = self._problem.text_below[layer]
        return 2 * radius + text + TEXT_CLEARANCE + RIM_CLEARANCE - thin

    def _need_with_blame(self, layer: int) -> float:
        """The same with a blame at each neuron, if there is room for it; otherwise 0."""
        problem, radius = self._problem, self._sizes.radii[layer]
        text = problem.text_below[layer]
        within = 0 < layer < problem.last and problem.style.numbered(layer)
        need = 2 * radius + problem.numbers.blame_between + text
        beyond = radius + problem.numbers.blame_beyond + text
        fits = need * (problem.lengths[layer] - 1) + 2 * beyond <= problem.across
        return need if within and fits else 0.0

    # ---- numbers --------------------------------------------------------------------------------

    def value_outside(self, layer: int, gap: float = 0.0) -> bool:
        """Whether the values of a layer are written next to its neurons.

        Args:
            layer: The layer.
            gap: The distance from layer to layer, in frame units: values of hidden layers are
                written over the edges, and take a part of it.
        """
        problem, direction = self._problem, self._problem.style.direction
        if not problem.style.numbered(layer) or self._sizes.value_ems[layer] is not None:
            return False
        if layer in (0, problem.last):
            return self.pitches[layer] >= problem.numbers.pitch_with_values
        return gap >= _HIDDEN_GAP[direction] and self.pitches[layer] >= _HIDDEN_PITCH[direction]

    def blame_fits(self, layer: int, gap: float) -> bool:
        """Whether there is room for a blame at each neuron of a layer.

        Args:
            layer: The layer.
            gap: The distance from layer to layer, in frame units.
        """
        problem, n = self._problem, self._problem.lengths[layer]
        pitch = self.pitches[layer] if n > 1 else math.inf
        if not problem.style.numbered(layer):
            return False
        if layer == problem.last:
            return pitch >= problem.numbers.pitch_with_blames
        radius, text = self._sizes.radii[layer], problem.text_below[layer]
        outside = (problem.across - (pitch * (n - 1) if n > 1 else 0.0)) / 2 - radius
        return (
            gap >= problem.numbers.layer_gap_with_blames
            and pitch - 2 * radius >= problem.numbers.blame_between + text - 1e-9
            and outside >= problem.numbers.blame_beyond + text - 1e-9
        )
