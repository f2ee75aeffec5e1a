"""Dashed lines as one path: they morph, dim and grow like any other line."""

from __future__ import annotations

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

Vector = NDArray[np.float64]


def add_dashes(path: VMobject, start: Vector, end: Vector, dash: float = 0.13) -> None:
    """Add dashes from ``start`` to ``end`` to a path: gaps as long as dashes, a dash at either end.

    Args:
        path: Gets one subpath a dash.
        start, end: Points of the frame; closer than a dash, nothing is added.
        dash: Wanted length in frame units; a little more or less, so that it comes out even.
    """
    length = float(np.linalg.norm(end - start))
    if length < dash:
        return
    gaps = max(1, round((length / dash - 1) / 2))
    pieces = 2 * gaps + 1
    for i in range(0, pieces, 2):
        path.start_new_path(start + i / pieces * (end - start))
        path.add_line_to(start + (i + 1) / pieces * (end - start))
