"""Regions of a plane where a function is positive, with smooth borders (marching squares)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

# Corners of a cell, counter-clockwise from the lower left: steps in column and row.
_CORNERS = np.array([(0, 0), (1, 0), (1, 1), (0, 1)])


def positive_regions(values: Array) -> Array:
    """Return the outlines of the regions in which a function is positive.

    Inside a cell the function is taken as linear along each side: a cell at the border is cut by
    a straight line. Whole cells next to each other in a row are one rectangle.

    Args:
        values: The function at the corners of a grid of cells, shape (rows + 1, columns + 1), the
            lowest row first.

    Returns:
        Closed polygons of six corners, some of which may coincide, in cells from the lower left
        corner of the grid, shape (n, 6, 2).
    """
    inside = values > 0
    corners = np.stack([inside[:-1, :-1], inside[:-1, 1:], inside[1:, 1:], inside[1:, :-1]], axis=2)
    count = corners.sum(axis=2)
    return np.concatenate([_rectangles(count == 4), _cut(values, (count > 0) & (count < 4))])


def _rectangles(whole: NDArray[np.bool_]) -> Array:
    """Return rectangles around the runs of whole cells in each row."""
    ends = np.diff(np.pad(whole, ((0, 0), (1, 1))).astype(int), axis=1)
    row, start = np.nonzero(ends == 1)
    end = np.nonzero(ends == -1)[1]
    x = np.stack([start, end, end, start, start, start], axis=1)
    y = np.stack([row, row, row + 1, row + 1, row, row], axis=1)
    return np.stack([x, y], axis=2).astype(float)


def _cut(values: Array, cells: NDArray[np.bool_]) -> Array:
    """Return the parts of cells at the border in which the function is positive."""
    row, column = np.nonzero(cells)
    places = np.stack([column, row], axis=1)[:, np.newaxis] + _CORNERS
    at = values[places[..., 1], places[..., 0]]
    following = np.roll(at, -1, axis=1)
    crossed = (at > 0) != (following > 0)
    share = np.where(crossed, at / np.where(crossed, at - following, 1.0), 0.0)
    steps = np.roll(_CORNERS, -1, axis=0) - _CORNERS
    # After each corner comes the point at which the side that begins there is crossed.
    points = np.stack([places.astype(float), places + share[..., np.newaxis] * steps], axis=2)
    present = np.stack([at > 0, crossed], axis=2).reshape(-1, 8)
    points = points.reshape(-1, 8, 2)
    # The present points first, in order; the last of them fills the places that are left.
    order = np.argsort(~present, axis=1, kind="stable")[:, :6]
    last = present.sum(axis=1, keepdims=True) - 1
    order = np.take_along_axis(order, np.minimum(np.arange(6), last), axis=1)
    cut: Array = np.take_along_axis(points, order[..., np.newaxis], axis=1)
    return cut


def outlines(polygons: Array) -> Array:
    """Return polygons, shape (n, m, 3), as the points of cubic curves, shape (4 n m, 3)."""
    ends = np.roll(polygons, -1, axis=1)
    thirds = (np.arange(4) / 3)[:, np.newaxis]
    starts, sides = polygons[:, :, np.newaxis], (ends - polygons)[:, :, np.newaxis]
    points: Array = (starts + thirds * sides).reshape(-1, 3)
    return points
