"""Lines, bars and their dashes as one path: they morph, dim and grow like any other line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

from netviz.drawing.edges.course import Course

Array = NDArray[np.float64]

DASH = 0.13


def add_dashes(path: VMobject, course: Course, dash: float = DASH) -> None:
    """Add dashes along a course to a path: gaps as long as dashes, a dash at either end.

    Args:
        path: Gets one subpath a dash.
        course: Shorter than a dash, nothing is added.
        dash: Wanted length in frame units; a little more or less, so that it comes out even.
    """
    if course.length >= dash:
        a, b = course.place_of(np.array(dashes(course.length, dash))).T
        path.append_points(course.piece(a, b).reshape(-1, 3))


def add_band(
    path: VMobject,
    course: Course,
    half: float,
    *,
    dashed: bool,
    part: tuple[float, float] = (0.0, 1.0),
) -> None:
    """Add a bar along a course to a filled path, cut into dashes if asked for.

    Args:
        path: Gets one closed subpath a piece.
        course: Its middle.
        half: Half the bar's width, in frame units.
        dashed: Whether it stands for something negative, as dashed edges do.
        part: Where it begins and ends, 0 … 1 of the way; it may run backward.
    """
    start, end = part
    length = abs(end - start) * course.length
    if length == 0:
        return
    for a, b in dashes(length, DASH) if dashed else [(0.0, 1.0)]:
        cuts = course.cuts(start + a * (end - start), start + b * (end - start))
        middle, side = course.at(cuts), half * course.normal(cuts)
        add_outline(path, [*(middle + side), *(middle - side)[::-1]])


def add_outline(path: VMobject, corners: Sequence[Array]) -> None:
    """Add a closed polygon to a path."""
    start = np.asarray(corners)
    sides = Course.straight(start, np.roll(start, -1, axis=0))
    path.append_points(sides.piece(np.zeros(len(start)), np.ones(len(start))).reshape(-1, 3))


def dashes(length: float, dash: float) -> list[tuple[float, float]]:
    """Dashes of a line, as fractions of its length: as long as the gaps, one at either end."""
    gaps = max(1, round((length / dash - 1) / 2))
    pieces = 2 * gaps + 1
    return [(i / pieces, (i + 1) / pieces) for i in range(0, pieces, 2)]
