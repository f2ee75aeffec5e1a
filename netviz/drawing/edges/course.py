"""The course of an edge: straight, or an S that leaves and arrives along the flow.

A course is a cubic whose way along its axis is even: ``t`` of the way from column to column is at
parameter ``t``. So what flows over the edges of a layer stays side by side, whatever their shape.
Arrays of n starts and ends are n courses at once.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

# Pieces into which a bent course is cut where its length or its sides are asked for.
_PIECES = 24


@dataclass(frozen=True, eq=False)
class Course:
    """A way from one point to another.

    Attributes:
        start: Shape ``(3,)`` or ``(n, 3)``, as the others.
        along: The part of the way to the end that lies on the axis.
        across: The rest of it; zero for a straight line.
    """

    start: Array
    along: Array
    across: Array

    @classmethod
    def straight(cls, start: Array, end: Array) -> Self:
        """A line."""
        return cls(start, end - start, np.zeros_like(end - start))

    @classmethod
    def curved(cls, start: Array, end: Array, axis: Array) -> Self:
        """A curve that leaves and arrives along ``axis``, a unit vector; shape ``(3,)``."""
        way = end - start
        along = (way @ axis)[..., np.newaxis] * axis
        return cls(start, along, way - along)

    @property
    def end(self) -> Array:
        """Where it arrives."""
        return self.start + self.along + self.across

    def at(self, t: ArrayLike) -> Array:
        """The point ``t`` of the way along the axis: y = 3t² − 2t³ across it.

        Args:
            t: 0 … 1, one number, one for each course, or many for a single course.
        """
        t = np.asarray(t, dtype=float)[..., np.newaxis]
        return self.start + t * self.along + t * t * (3 - 2 * t) * self.across

    def slope(self, t: ArrayLike) -> Array:
        """The derivative of :meth:`at`."""
        t = np.asarray(t, dtype=float)[..., np.newaxis]
        return self.along + 6 * t * (1 - t) * self.across

    def normal(self, t: ArrayLike) -> Array:
        """Unit vectors to the left of the way, in the plane of the frame."""
        slope = self.slope(t)
        slope = slope / np.linalg.norm(slope, axis=-1, keepdims=True)
        return np.stack([-slope[..., 1], slope[..., 0], np.zeros_like(slope[..., 0])], axis=-1)

    def piece(self, a: ArrayLike = 0.0, b: ArrayLike = 1.0) -> Array:
        """The part from ``a`` to ``b`` as manim's cubic, shape ``(..., 4, 3)``; exact."""
        a, b = np.asarray(a, dtype=float), np.asarray(b, dtype=float)
        third = (b - a)[..., np.newaxis] / 3
        p, q = self.at(a), self.at(b)
        return np.stack([p, p + third * self.slope(a), q - third * self.slope(b), q], axis=-2)

    @cached_property
    def bends(self) -> bool:
        """Whether a single course is other than a straight line."""
        return bool(np.linalg.norm(self.across) > 1e-6 * np.linalg.norm(self.along))

    def cuts(self, a: float = 0.0, b: float = 1.0) -> Array:
        """Places from ``a`` to ``b`` between which a single course is nearly straight."""
        pieces = max(1, math.ceil(_PIECES * abs(b - a))) if self.bends else 1
        return np.linspace(a, b, pieces + 1)

    @cached_property
    def length(self) -> float:
        """Of a single course, in frame units."""
        return float(self._lengths[-1])

    def place_of(self, share: Array) -> Array:
        """Where ``share`` of the length of a single course lies behind."""
        return np.interp(share, self._lengths / self.length, self.cuts())

    @cached_property
    def _lengths(self) -> Array:
        """From the start to each of its cuts."""
        steps = np.linalg.norm(np.diff(self.at(self.cuts()), axis=0), axis=1)
        return np.concatenate([[0.0], np.cumsum(steps)])
