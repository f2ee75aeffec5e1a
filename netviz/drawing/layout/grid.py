"""An input that is an image stands as its pixels do, instead of in a column."""

from __future__ import annotations

import math
from dataclasses import replace

from netviz.drawing.layout.box import Box
from netviz.drawing.layout.layout import Layout, Point
from netviz.drawing.layout.room import Room

# What the image takes of the way along the flow at most, and the radius of a pixel of the way to
# the next.
_SHARE, _RADIUS = 0.38, 0.42


def image_grid(layout: Layout, pixels: int, box: Box, room: Room) -> Layout:
    """Let the input of a layout stand as a square image, in reading order.

    The other layers move up: the image is as far from the first of them as they are from each
    other.

    Args:
        layout: Whatever its input, which gives way.
        pixels: How many inputs there are, a square number.
        box: What the diagram fills.
        room: What texts take of it.
    """
    down = layout.direction == "down"
    free = (
        Box(box.left + room.foot, box.right - room.head, box.bottom, box.top)
        if down
        else Box(box.left, box.right, box.bottom + room.foot, box.top - room.head)
    )
    along, across = (free.height, free.width) if down else (free.width, free.height)
    side = min(across, _SHARE * along)
    x, y, _ = free.center
    left, top = (x - side / 2, free.top) if down else (free.left, y + side / 2)
    step = side / math.isqrt(pixels)
    image = tuple(
        (left + (column + 0.5) * step, top - (row + 0.5) * step, 0.0)
        for row in range(math.isqrt(pixels))
        for column in range(math.isqrt(pixels))
    )
    end = top - side if down else left + side
    others = layout.centers[1:]
    places = _evenly(end, others[-1][0][1 if down else 0], len(others))
    moved = (_moved(line, place, down) for line, place in zip(others, places, strict=True))
    dots = zip(layout.dots[1:], places, strict=True)
    return replace(
        layout,
        centers=(image, *moved),
        dots=(None, *(point and _moved((point,), place, down)[0] for point, place in dots)),
        radii=(_RADIUS * step, *layout.radii[1:]),
        value_ems=(None, *layout.value_ems[1:]),
        values_beside=(False, *layout.values_beside[1:]),
    )


def _evenly(start: float, end: float, count: int) -> list[float]:
    return [start + (end - start) * (i + 1) / count for i in range(count)]


def _moved(line: tuple[Point, ...], place: float, down: bool) -> tuple[Point, ...]:
    """A layer at another place along the flow."""
    return tuple((x, place, z) if down else (place, y, z) for x, y, z in line)
