"""Lines, bars and their dashes as one path: they morph, dim and grow like any other line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

Vector = NDArray[np.float64]

DASH = 0.13


def add_dashes(path: VMobject, start: Vector, end: Vector, dash: float = DASH) -> None:
    """Add dashes from ``start`` to ``end`` to a path: gaps as long as dashes, a dash at either end.

    Args:
        path: Gets one subpath a dash.
        start, end: Points of the frame; closer than a dash, nothing is added.
        dash: Wanted length in frame units; a little more or less, so that it comes out even.
    """
    length = float(np.linalg.norm(end - start))
    if length < dash:
        return
    for a, b in dashes(length, dash):
        path.start_new_path(start + a * (end - start))
        path.add_line_to(start + b * (end - start))


def add_band(path: VMobject, start: Vector, end: Vector, half: float, *, dashed: bool) -> None:
    """Add a bar from ``start`` to ``end`` to a filled path, cut into dashes if asked for.

    Args:
        path: Gets one closed subpath a piece.
        start, end: Points of the frame.
        half: Half the bar's width, in frame units.
        dashed: Whether it stands for something negative, as dashed edges do.
    """
    length = float(np.linalg.norm(end - start))
    if length == 0:
        return
    along = (end - start) / length
    side = half * np.array([-along[1], along[0], 0.0])
    for a, b in dashes(length, DASH) if dashed else [(0.0, 1.0)]:
        tail, head = start + a * (end - start), start + b * (end - start)
        add_outline(path, [tail + side, head + side, head - side, tail - side])


def add_outline(path: VMobject, corners: Sequence[Vector]) -> None:
    """Add a closed polygon to a path."""
    path.start_new_path(np.asarray(corners[0]))
    for corner in (*corners[1:], corners[0]):
        path.add_line_to(np.asarray(corner))


def dashes(length: float, dash: float) -> list[tuple[float, float]]:
    """Dashes of a line, as fractions of its length: as long as the gaps, one at either end."""
    gaps = max(1, round((length / dash - 1) / 2))
    pieces = 2 * gaps + 1
    return [(i / pieces, (i + 1) / pieces) for i in range(0, pieces, 2)]
