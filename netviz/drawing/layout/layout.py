"""The result of a layout: where the drawn neurons of a network are, and how large."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from netviz.drawing.layout.box import Box
from netviz.drawing.layout.problem import TextRoom
from netviz.style import Direction

Point = tuple[float, float, float]

# Radius of a neuron that is a pixel, relative to the distance from pixel to pixel.
PIXEL_RADIUS = 0.42
# Largest part of the way along the flow that an image takes.
_IMAGE_SHARE = 0.38
# With an open gap: the largest radius of neurons that are moved aside, in frame units; the distance
# of their layers, and what all layers on one side take together, relative to the length of the box.
_ASIDE_RADIUS, _ASIDE_STEP, _ASIDE = 0.24, 0.13, 0.264
# What gap and result have at least, what a gap without a result has, and the least distances of
# layers that make room for them, from each other and to the gap, relative to the length of the box;
# the least width of labels that do, in frame units.
_LEAST_OPEN, _LEAST_GAP, _LEAST_STEP, _LEAST_BESIDE, _LEAST_LABEL = 0.64, 0.48, 0.026, 0.08, 1.3
# The radius of such a neuron relative to the distance of its layer to the next.
_ASIDE_SHARE = 0.36
# The radius of neurons in which a running sum is written, in frame units, and how large it may be
# relative to half the distance of two of them.
_SUM_RADIUS, _SUM_SHARE = 0.46, 0.45
# What the result of the receiving layer takes of the room between the layers moved aside.
_RESULT_SHARE = 0.46


@dataclass(frozen=True)
class Layout:
    """Centres and radii of the drawn neurons of a layered network, in frame units.

    Attributes:
        direction: The direction in which activations flow.
        centers: For each layer, the points (x, y, 0) of its drawn neurons.
        dots: For each layer, the point of the ⋮ that stands for the other neurons, or ``None``.
        biases: For each layer, the point of its bias neuron, or ``None``.
        radii: For each layer, the radius of its neurons.
        value_ems: For each layer, the em of the number in a neuron; ``None`` where the number
            would be too small to read.
        values_outside: For each layer, whether the values of its neurons are written outside them.
        blame_fits: For each layer, whether there is room for a blame next to each neuron.
        gap: The layer before the open gap, or ``None``.
        label_widths: The largest widths of the labels of the first and of the last layer, in frame
            units: longer ones are cut off, and 0 leaves nothing.
    """

    direction: Direction
    centers: tuple[tuple[Point, ...], ...]
    dots: tuple[Point | None, ...]
    biases: tuple[Point | None, ...]
    radii: tuple[float, ...]
    value_ems: tuple[float | None, ...]
    values_outside: tuple[bool, ...]
    blame_fits: tuple[bool, ...]
    gap: int | None = None
    label_widths: tuple[float, float] = (math.inf, math.inf)

    @property
    def layer_gap(self) -> float:
        """Least distance from the centre of a layer to that of the next."""
        axis = 0 if self.direction == "right" else 1
        places = [points[0][axis] for points in self.centers]
        return min(abs(b - a) for a, b in pairwise(places))

    def half_way(self, layer: int) -> float:
        """Half the least distance between two neurons of a layer; infinite for a single one."""
        bias = self.biases[layer]
        line = sorted((*self.centers[layer], bias) if bias else self.centers[layer])
        return min((math.dist(a, b) / 2 for a, b in pairwise(line)), default=math.inf)

    def towards(self, other: Layout, share: float) -> Layout:
        """Return the layout ``share`` of the way from this one (0) to another (1).

        What is written where is that of the nearer one.
        """

        def point(a: Point | None, b: Point | None) -> Point | None:
            if a is None or b is None:
                return None
            return (1 - share) * a[0] + share * b[0], (1 - share) * a[1] + share * b[1], 0.0

        def points(
            some: Sequence[Point | None], others: Sequence[Point | None]
        ) -> tuple[Point | None, ...]:
            return tuple(point(a, b) for a, b in zip(some, others, strict=True))

        lines = (
            tuple(at for at in points(a, b) if at is not None)
            for a, b in zip(self.centers, other.centers, strict=True)
        )
        radii = zip(self.radii, other.radii, strict=True)
        return replace(
            other if share >= 0.5 else self,
            centers=tuple(lines),
            dots=points(self.dots, other.dots),
            biases=points(self.biases, other.biases),
            radii=tuple((1 - share) * a + share * b for a, b in radii),
        )


def pixel_grid(left: float, top: float, size: float, pixels: int) -> tuple[Point, ...]:
    """Return the centres of the pixels of a square image, row by row.

    Args:
        left, top: Upper left corner of the image, in frame units.
        size: Its width and height, in frame units.
        pixels: Number of pixels, a square number.
    """
    side = math.isqrt(pixels)
    step = size / side
    return tuple(
        (left + (column + 0.5) * step, top - (row + 0.5) * step, 0.0)
        for row in range(side)
        for column in range(side)
    )


def with_image(layout: Layout, pixels: int, box: Box, room: TextRoom) -> Layout:
    """Return a layout whose input is a square image, its pixels row by row.

    The other layers move: the image is as far from the first of them as they are from each other.

    Args:
        layout: A layout with any input layer, which the image replaces.
        pixels: Number of inputs, a square number.
        box: The box that the diagram fills.
        room: What texts take of the box.
    """
    down = layout.direction == "down"
    free = (
        Box(box.left + room.foot, box.right - room.head, box.bottom, box.top)
        if down
        else Box(box.left, box.right, box.bottom + room.foot, box.top - room.head)
    )
    along, across = (free.height, free.width) if down else (free.width, free.height)
    size = min(across, _IMAGE_SHARE * along)
    x, y, _ = free.center
    left, top = (x - size / 2, free.top) if down else (free.left, y + size / 2)
    image = pixel_grid(left, top, size, pixels)
    end = top - size if down else left + size
    others = layout.centers[1:]
    places = _evenly(end, others[-1][0][1 if down else 0], len(others))
    moved = (_moved(line, place, down) for line, place in zip(others, places, strict=True))
    dots = zip(layout.dots[1:], places, strict=True)
    return replace(
        layout,
        centers=(image, *moved),
        dots=(None, *(point and _moved((point,), place, down)[0] for point, place in dots)),
        radii=(PIXEL_RADIUS * (size / math.isqrt(pixels)), *layout.radii[1:]),
        value_ems=(None, *layout.value_ems[1:]),
        values_outside=(False, *layout.values_outside[1:]),
    )


# Distance of the layers at a wide gap to their neighbours, in steps: their names need it.
_NAME_SHARE = 1.5
# Distance of the outputs at a wide gap to the end of the box: their blame needs it.
_BLAME_ROOM = 0.7


def with_open_gap(
    layout: Layout,
    gap: int,
    box: Box,
    room: TextRoom,
    labels: tuple[float, float],
    *,
    back: bool = False,
    result: bool = True,
) -> Layout:
    """Return a layout in which one gap between layers has most of the way along the flow.

    The two layers at the gap keep their size. The layers before and after them become small and
    move to the ends of the box. Next to the layer that receives what flows there is room for its
    result: after it in a forward pass, before it in a backward pass. Where that is too little, the
    layers that are moved aside are closer together, and then labels are cut off or disappear.

    Args:
        layout: A layout without an open gap.
        gap: The layer before the gap; 0 is the input.
        box: The box that the diagram fills.
        room: What texts take of the box.
        labels: What the labels of the first and of the last layer take along the flow, in frame
            units.
        back: Whether the pass runs backward, so that layer ``gap`` receives.
        result: Whether there is room for a result at all; if not, the gap is wider.
    """
    down = layout.direction == "down"
    along = box.height if down else box.width
    last = len(layout.centers) - 1
    before, after = gap, last - gap - 1
    usual = along * min(_ASIDE_STEP, _ASIDE / max(before, after, 1))
    # What stands next to the first and the last layer, such as labels, keeps its room.
    first, end = (
        box.top - line[0][1] if down else line[0][0] - box.left
        for line in (layout.centers[0], layout.centers[-1])
    )
    ends, steps = [first, along - end], max(before - 1, 0) + max(after - 1, 0)
    least = _LEAST_BESIDE * along
    beside, sides, needed = max(usual, least), 0.0, _LEAST_OPEN * along
    spent = sum(ends) + steps * usual
    if result:
        spent += least * bool(after if back else before)
    else:
        sides, needed = _NAME_SHARE * (bool(before) + bool(after)), _LEAST_GAP * along
        spent += sides * beside + (0.0 if after else _BLAME_ROOM)
    lack = max(needed - (along - spent), 0.0)
    for at, aside in enumerate((before, after)):
        if aside:  # The values of a layer that is moved aside are not shown.
            taken = max(room.ends[at], _ASIDE_SHARE * usual + room.beyond[at])
            ends[at], lack = _less(ends[at], taken, 1, lack)
    step, lack = _less(usual, _LEAST_STEP * along, steps, lack)
    beside, lack = _less(beside, least, sides, lack)
    widths = (math.inf, math.inf)
    if lack > 0 and not down:
        widths = _cut(labels, (before > 0, after > 0), lack)
        for at, (label, width) in enumerate(zip(labels, widths, strict=True)):
            kept = room.ends[at] if width == 0 else 0.0
            ends[at] = max(ends[at] - max(label - width, 0.0), kept)
    small = min(_ASIDE_RADIUS, _ASIDE_SHARE * step)
    first, end = ends[0], along - ends[1]
    lead, tail = beside if before else 0.0, beside if after else 0.0
    if result:
        open_ = _RESULT_SHARE * (end - first - steps * step)
        lead, tail = (open_, tail) if back else (lead, open_)
    else:
        lead, tail = _NAME_SHARE * lead, _NAME_SHARE * tail or _BLAME_ROOM
    places = {
        **{layer: first + step * layer for layer in range(before)},
        gap: first + step * max(before - 1, 0) + lead,
        gap + 1: end - step * max(after - 1, 0) - tail,
        **{layer: end - step * (last - layer) for layer in range(gap + 2, last + 1)},
    }

    def moved(point: Point | None, layer: int) -> tuple[Point, ...]:
        if point is None:
            return ()
        start = box.top if down else box.left
        place = start - places[layer] if down else start + places[layer]
        return _moved((point,), place, down)

    def each(points: Sequence[Point | None]) -> tuple[Point | None, ...]:
        return tuple(next(iter(moved(at, layer)), None) for layer, at in enumerate(points))

    focus, sender = (gap, gap + 1), gap + back
    # A running sum has more digits than an activation.
    sums = gap + 1 if result and not back and not layout.values_outside[gap + 1] else None
    grown = min(_SUM_RADIUS, _SUM_SHARE * layout.half_way(gap + 1))
    return replace(
        layout,
        centers=tuple(
            tuple(at for point in line for at in moved(point, layer))
            for layer, line in enumerate(layout.centers)
        ),
        dots=each(layout.dots),
        biases=each(layout.biases),
        radii=tuple(
            (max(radius, grown) if layer == sums else radius)
            if layer in focus
            else min(radius, small)
            for layer, radius in enumerate(layout.radii)
        ),
        value_ems=tuple(em if at in focus else None for at, em in enumerate(layout.value_ems)),
        values_outside=tuple(
            outside and layer in (focus if layer in (0, last) else (sender,))
            for layer, outside in enumerate(layout.values_outside)
        ),
        blame_fits=tuple(
            layer in focus and (layer == last or (back and fits))
            for layer, fits in enumerate(layout.blame_fits)
        ),
        gap=gap,
        label_widths=widths,
    )


def _less(length: float, least: float, count: float, lack: float) -> tuple[float, float]:
    """Shorten some equal lengths by what is lacking, but not below ``least``.

    Returns:
        The length, and what is still lacking.
    """
    if not count or length <= least:
        return length, lack
    less = min(lack / count, length - least)
    return length - less, lack - count * less


def _cut(labels: tuple[float, float], aside: tuple[bool, bool], lack: float) -> tuple[float, float]:
    """Return the widths of labels that give as much room as is lacking, if possible.

    Args:
        labels: What they are at rest.
        aside: Which of the two layers are moved aside; if all else is not enough, their labels
            disappear.
        lack: What is lacking.
    """
    if lack > sum(max(label - _LEAST_LABEL, 0.0) for label in labels):
        lack -= sum(label for label, hidden in zip(labels, aside, strict=True) if hidden)
        labels = (labels[0] * (not aside[0]), labels[1] * (not aside[1]))
    short, long = sorted(labels)
    width = long - lack if long - lack >= short else (short + long - lack) / 2
    width = max(width, _LEAST_LABEL)
    return min(labels[0], width), min(labels[1], width)


def _evenly(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * (i + 1) / count for i in range(count)]


def _moved(line: tuple[Point, ...], place: float, down: bool) -> tuple[Point, ...]:
    """Move a layer to another place along the flow."""
    return tuple((x, place, z) if down else (place, y, z) for x, y, z in line)
