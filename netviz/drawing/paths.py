"""Ways from point to point, and what is drawn along them: dashes, bars and arrows.

A :class:`Course` is the way of an edge, straight or S-shaped. It is a cubic that advances evenly
along its axis: ``t`` of the way from column to column is at parameter ``t``. So what flows over the
edges of a layer stays abreast, whatever their shape. Arrays of n starts and ends are n courses at
once. A :class:`Polyline` is any other way, such as an arc around layers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, Self

import numpy as np
from manim import VMobject
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Length of a dash, and length and width of the head of an arrow, in frame units.
DASH = 0.13
_HEAD_LENGTH, _HEAD_WIDTH = 0.2, 0.2
# Number of pieces into which a bent course is cut to find its length or its sides.
_PIECES = 24
# Half the part of a polyline over which its direction is taken, relative to its length.
_SMOOTH = 0.004


class Way(Protocol):
    """What bars and arrows are drawn along. Places on it are numbers ``t`` from 0 to 1."""

    @property
    def length(self) -> float:
        """Length in frame units."""

    def at(self, t: ArrayLike) -> Array:
        """Return the points at ``t``, shape ``(…, 3)``."""

    def slope(self, t: ArrayLike) -> Array:
        """Return the derivative of :meth:`at`, shape ``(…, 3)``."""

    def normal(self, t: ArrayLike) -> Array:
        """Return unit vectors to the left of the way, shape ``(…, 3)``."""

    def cuts(self, a: float = 0.0, b: float = 1.0) -> Array:
        """Return places from ``a`` to ``b`` between which the way is nearly straight."""


@dataclass(frozen=True, eq=False)
class Course:
    """A straight or S-shaped way from one point to another.

    Attributes:
        start: Where it begins, shape ``(3,)`` or ``(n, 3)``, as the other attributes.
        along: The part of the vector to the end that lies on the axis.
        across: The rest of this vector; zero for a straight line.
    """

    start: Array
    along: Array
    across: Array

    @classmethod
    def straight(cls, start: Array, end: Array) -> Self:
        """Return a straight course."""
        return cls(start, end - start, np.zeros_like(end - start))

    @classmethod
    def curved(cls, start: Array, end: Array, axis: Array) -> Self:
        """Return a course that leaves and arrives along ``axis``, a unit vector, shape ``(3,)``."""
        way = end - start
        along = (way @ axis)[..., np.newaxis] * axis
        return cls(start, along, way - along)

    @property
    def end(self) -> Array:
        """Where it ends."""
        return self.start + self.along + self.across

    def at(self, t: ArrayLike) -> Array:
        """Return the point ``t`` of the way along the axis: y = 3t² − 2t³ across it.

        Args:
            t: 0 … 1, one number, one for each course, or many for a single course.
        """
        t = np.asarray(t, dtype=float)[..., np.newaxis]
        return self.start + t * self.along + t * t * (3 - 2 * t) * self.across

    def slope(self, t: ArrayLike) -> Array:
        """Return the derivative of :meth:`at`."""
        t = np.asarray(t, dtype=float)[..., np.newaxis]
        return self.along + 6 * t * (1 - t) * self.across

    def normal(self, t: ArrayLike) -> Array:
        """Return unit vectors to the left of the way, in the plane of the frame."""
        return _left_of(self.slope(t))

    def piece(self, a: ArrayLike = 0.0, b: ArrayLike = 1.0) -> Array:
        """Return the part from ``a`` to ``b`` as manim's cubic, shape ``(..., 4, 3)``; exact."""
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        third = (b - a)[..., np.newaxis] / 3
        p, q = self.at(a), self.at(b)
        return np.stack([p, p + third * self.slope(a), q - third * self.slope(b), q], axis=-2)

    @cached_property
    def bends(self) -> bool:
        """Whether a single course is not a straight line."""
        return bool(np.linalg.norm(self.across) > 1e-6 * np.linalg.norm(self.along))

    def cuts(self, a: float = 0.0, b: float = 1.0) -> Array:
        """Return places from ``a`` to ``b`` between which a single course is nearly straight."""
        pieces = max(1, math.ceil(_PIECES * abs(b - a))) if self.bends else 1
        return np.linspace(a, b, pieces + 1)

    @cached_property
    def length(self) -> float:
        """Length of a single course, in frame units."""
        return float(self._lengths[-1])

    def place_of(self, share: Array) -> Array:
        """Return the places at which a ``share`` of the length of a single course is covered."""
        return np.interp(share, self._lengths / self.length, self.cuts())

    @cached_property
    def _lengths(self) -> Array:
        """Lengths from the start to each of its cuts."""
        steps = np.linalg.norm(np.diff(self.at(self.cuts()), axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])


class Polyline:
    """A way through points, by arc length.

    Args:
        points: Its corners in order, shape ``(n, 3)``; no two consecutive ones are equal.
    """

    def __init__(self, points: Array) -> None:
        self._points = points
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        lengths = np.concatenate([[0.0], np.cumsum(steps)])
        self.length = float(lengths[-1])
        self._places = lengths / self.length

    @classmethod
    def along(cls, path: VMobject, pieces: int = 8) -> Self:
        """Return the way along a path of one part, with each of its cubics in ``pieces``."""
        curves = path.points.reshape(-1, 4, 3)
        t = np.linspace(0, 1, pieces + 1)[:, np.newaxis]
        a, b, c, d = np.swapaxes(curves, 0, 1)[:, :, np.newaxis]
        s = 1 - t
        points = (s**3 * a + 3 * s * s * t * b + 3 * s * t * t * c + t**3 * d).reshape(-1, 3)
        apart = np.linalg.norm(np.diff(points, axis=0), axis=1) > 1e-9
        return cls(points[np.concatenate([[True], apart])])

    def at(self, t: ArrayLike) -> Array:
        """Return the point at which ``t`` of the length is covered, 0 … 1."""
        t = np.asarray(t, dtype=float)
        columns = [np.interp(t, self._places, column) for column in self._points.T]
        return np.stack(columns, axis=-1)

    def slope(self, t: ArrayLike) -> Array:
        """Return the derivative of :meth:`at`, smooth around corners."""
        t = np.asarray(t, dtype=float)
        a, b = np.clip(t - _SMOOTH, 0, 1), np.clip(t + _SMOOTH, 0, 1)
        return (self.at(b) - self.at(a)) / (b - a)[..., np.newaxis]

    def normal(self, t: ArrayLike) -> Array:
        """Return unit vectors to the left of the way, in the plane of the frame."""
        return _left_of(self.slope(t))

    def cuts(self, a: float = 0.0, b: float = 1.0) -> Array:
        """Return the places of ``a``, of the corners between, and of ``b``."""
        low, high = sorted((a, b))
        between = self._places[(self._places > low) & (self._places < high)]
        places = np.array([low, *between, high])
        return places if a <= b else places[::-1]


def _left_of(slope: Array) -> Array:
    slope = slope / np.linalg.norm(slope, axis=-1, keepdims=True)
    return np.stack([-slope[..., 1], slope[..., 0], np.zeros_like(slope[..., 0])], axis=-1)


# ---- what is drawn along a way -------------------------------------------------------------------


def add_dashes(path: VMobject, course: Course, dash: float = DASH) -> None:
    """Add dashes along a course to a path: gaps as long as dashes, a dash at either end.

    Args:
        path: Receives one subpath for each dash.
        course: The way. If it is shorter than a dash, nothing is added.
        dash: Wanted length in frame units; adjusted a little so that dashes and gaps come out even.
    """
    if course.length >= dash:
        a, b = course.place_of(np.array(dashes(course.length, dash))).T
        path.append_points(course.piece(a, b).reshape(-1, 3))


def add_band(
    path: VMobject,
    way: Way,
    half: float,
    *,
    dashed: bool,
    part: tuple[float, float] = (0.0, 1.0),
    dash: float = DASH,
) -> None:
    """Add a bar along a way to a filled path, cut into dashes on request.

    Args:
        path: Receives one closed subpath for each piece.
        way: The middle of the bar.
        half: Half the width of the bar, in frame units.
        dashed: Whether it shows something negative, as dashed edges do.
        part: Where it begins and ends, 0 … 1 of the way; it may run backward.
        dash: Wanted length of a dash, in frame units.
    """
    start, end = part
    length = abs(end - start) * way.length
    if length == 0:
        return
    for a, b in dashes(length, dash) if dashed else [(0.0, 1.0)]:
        cuts = way.cuts(start + a * (end - start), start + b * (end - start))
        middle, side = way.at(cuts), half * way.normal(cuts)
        add_outline(path, [*(middle + side), *(middle - side)[::-1]])


def add_arrow(
    path: VMobject, way: Way, tail: float, head: float, half: float, *, dashed: bool
) -> None:
    """Add an arrow along a way to a filled path.

    Args:
        path: Receives the pieces of the shaft and the head.
        way: The middle of the arrow.
        tail, head: Where it begins and ends, 0 … 1 of the way; it may run backward.
        half: Half the width of the shaft, in frame units.
        dashed: Whether it shows something negative.
    """
    unit = math.copysign(1 / float(np.linalg.norm(way.slope(head))), head - tail)
    neck = head - unit * min(_HEAD_LENGTH, 0.6 * abs((head - tail) / unit))
    wing = max(min(_HEAD_WIDTH / 2, 4 * half), 1.7 * half) * way.normal(neck)
    # The shaft reaches into the head, so that no seam shows between them.
    add_band(path, way, half, dashed=dashed, part=(tail, neck + 0.02 * unit))
    add_outline(path, [way.at(neck) + wing, way.at(head), way.at(neck) - wing])


def add_outline(path: VMobject, corners: Sequence[Array]) -> None:
    """Add a closed polygon to a path."""
    # What pieces of straight courses are, in fewer steps: bars are outlined anew in each frame.
    start = np.asarray(corners)
    along = np.concatenate([start[1:], start[:1]]) - start
    end, third = start + along, along * (1 / 3)
    sides = np.stack([start, start + third, end - third, end], axis=1)
    path.append_points(sides.reshape(-1, 3))


def dashes(length: float, dash: float) -> list[tuple[float, float]]:
    """Return the dashes of a line, as fractions of its length.

    They are as long as the gaps, and there is one at either end.
    """
    gaps = max(1, round((length / dash - 1) / 2))
    pieces = 2 * gaps + 1
    return [(i / pieces, (i + 1) / pieces) for i in range(0, pieces, 2)]
