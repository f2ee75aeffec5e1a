"""Whether a path looks as in the previous frame, decided by comparing values, not objects."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

Points = NDArray[np.float64]

# Paths of up to this many points are compared point by point in every frame. A longer one is
# compared completely only if it has a new array: manim's functions move all points of an array or
# none.
_FEW = 512
_CLOSE = 1e-6


class PathVersions:
    """Gives each path a version: an integer that changes whenever the path looks different."""

    def __init__(self) -> None:
        self._known: dict[VMobject, tuple[tuple[Any, ...], int]] = {}
        self._numbers = count()

    def of(self, paths: Sequence[VMobject]) -> list[int]:
        """Return the versions of the paths on screen; paths that are not given are forgotten."""
        self._known = {path: self._version(path, appearance(path)) for path in paths}
        return [self._known[path][1] for path in paths]

    def _version(self, path: VMobject, now: tuple[Any, ...]) -> tuple[tuple[Any, ...], int]:
        before = self._known.get(path)
        return before if before and before[0] == now else (now, next(self._numbers))


def appearance(path: VMobject) -> tuple[Any, ...]:
    """Return everything that determines how a path is drawn. Written for speed."""
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
    """Return the points of a path in a form that can be compared with those of another frame."""
    points = path.points
    return points.tobytes() if len(points) <= _FEW else LongPath(points)


class LongPath:
    """The points of a long path. A comparison starts with a sample of them.

    Two paths are equal if they differ by less than a millionth of a unit: an animation of opacity
    interpolates between two paths that are equal up to rounding.
    """

    __slots__ = ("_points", "_sample")

    def __init__(self, points: Points) -> None:
        self._points = points
        self._sample = points[:: len(points) // 64].copy()

    def __eq__(self, other: object) -> bool:
        """Whether both paths have the same points."""
        if not isinstance(other, LongPath) or len(self._points) != len(other._points):
            return False
        if not _close(self._sample, other._sample):
            return False
        return self._points is other._points or _close(self._points, other._points)

    __hash__ = None  # type: ignore[assignment]  # like other arrays


def _close(one: Points, other: Points) -> bool:
    return bool(np.abs(one - other).max() < _CLOSE)
