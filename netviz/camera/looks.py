"""Whether a path looks as it did in the frame before: found by comparing values, not objects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

Points = NDArray[np.float64]

# Points of a path that are compared in every frame; a longer one is compared whole only when it
# has been given another array, and manim's functions move all points of an array or none.
_FEW = 512
_CLOSE = 1e-6


class Looks:
    """Gives each path a mark: a number, and a new one whenever it looks different."""

    def __init__(self) -> None:
        self._known: dict[VMobject, tuple[tuple[Any, ...], int]] = {}
        self._marks = count()

    def marks(self, paths: Sequence[VMobject]) -> list[int]:
        """The marks of what is on screen; what is not there this time is forgotten."""
        self._known = {path: self._seen(path, look(path)) for path in paths}
        return [self._known[path][1] for path in paths]

    def _seen(self, path: VMobject, now: tuple[Any, ...]) -> tuple[tuple[Any, ...], int]:
        before = self._known.get(path)
        return before if before and before[0] == now else (now, next(self._marks))


def look(path: VMobject) -> tuple[Any, ...]:
    """Everything that decides how a path is drawn; written for speed, as nothing else is here."""
    fill, stroke, behind = path.fill_rgbas, path.stroke_rgbas, path.background_stroke_rgbas
    graded = len(fill) + len(stroke) + len(behind) > 3
    return (
        outline(path),
        fill.tobytes(),
        stroke.tobytes(),
        behind.tobytes(),
        path.stroke_width,
        path.background_stroke_width,
        path.joint_type,
        path.cap_style,
        np.concatenate(path.get_gradient_start_and_end_points()).tobytes() if graded else None,
    )


def outline(path: VMobject) -> bytes | LongPath:
    """The points of a path, to be compared with those of another frame."""
    points = path.points
    return points.tobytes() if len(points) <= _FEW else LongPath(points)


class LongPath:
    """The many points of a path, compared by a sample first.

    Two that differ by less than a millionth of a unit are the same: what fades is interpolated
    between two paths that are equal but for rounding.
    """

    __slots__ = ("_points", "_sample")

    def __init__(self, points: Points) -> None:
        self._points = points
        self._sample = points[:: len(points) // 64].copy()

    def __eq__(self, other: object) -> bool:
        """Whether both are lines through the same points."""
        if not isinstance(other, LongPath) or len(self._points) != len(other._points):
            return False
        if not _close(self._sample, other._sample):
            return False
        return self._points is other._points or _close(self._points, other._points)

    __hash__ = None  # type: ignore[assignment]  # like other arrays


def _close(one: Points, other: Points) -> bool:
    return bool(np.abs(one - other).max() < _CLOSE)
