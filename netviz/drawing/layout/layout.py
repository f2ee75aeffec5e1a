"""The result of a layout: where the drawn neurons of a network are, and how large."""

from __future__ import annotations

import math
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
    """

    direction: Direction
    centers: tuple[tuple[Point, ...], ...]
    dots: tuple[Point | None, ...]
    biases: tuple[Point | None, ...]
    radii: tuple[float, ...]
    value_ems: tuple[float | None, ...]
    values_outside: tuple[bool, ...]
    blame_fits: tuple[bool, ...]

    def half_way(self, layer: int) -> float:
        """Half the least distance between two neurons of a layer; infinite for a single one."""
        bias = self.biases[layer]
        line = sorted((*self.centers[layer], bias) if bias else self.centers[layer])
        return min((math.dist(a, b) / 2 for a, b in pairwise(line)), default=math.inf)

    @property
    def roomy(self) -> bool:
        """Whether numbers fit into the neurons of every layer, and so onto the edges too."""
        return None not in self.value_ems


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


def _evenly(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * (i + 1) / count for i in range(count)]


def _moved(line: tuple[Point, ...], place: float, down: bool) -> tuple[Point, ...]:
    """Move a layer to another place along the flow."""
    return tuple((x, place, z) if down else (place, y, z) for x, y, z in line)
