"""Regions of a plane: whole cells, cut cells, and nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.drawing.panels.regions import outlines, positive_regions


def areas(polygons: NDArray[np.float64]) -> NDArray[np.float64]:
    """The area of each polygon, positive if it runs counter-clockwise."""
    after = np.roll(polygons, -1, axis=1)
    cross = polygons[..., 0] * after[..., 1] - polygons[..., 1] * after[..., 0]
    found: NDArray[np.float64] = cross.sum(axis=1) / 2
    return found


def test_a_function_that_is_positive_everywhere_has_a_rectangle_for_each_row() -> None:
    polygons = positive_regions(np.ones((4, 6)))
    assert polygons.shape == (3, 6, 2)
    assert areas(polygons).tolist() == [5.0] * 3
    assert len(positive_regions(-np.ones((4, 6)))) == 0


@pytest.mark.parametrize("slope", [(1.0, 0.0), (0.0, 1.0), (1.0, 0.7), (-0.4, 1.0)])
def test_a_straight_border_is_where_it_is(slope: tuple[float, float]) -> None:
    x, y = np.meshgrid(np.arange(11.0), np.arange(11.0))
    values = slope[0] * (x - 5.2) + slope[1] * (y - 4.9)
    polygons = positive_regions(values)
    assert (areas(polygons) > -1e-12).all()
    both = areas(polygons).sum() + areas(positive_regions(-values)).sum()
    assert both == pytest.approx(100)
    at = slope[0] * (polygons[..., 0] - 5.2) + slope[1] * (polygons[..., 1] - 4.9)
    assert at.min() == pytest.approx(0, abs=1e-9)


def test_a_circle_is_smooth() -> None:
    axis = np.linspace(-1, 1, 81)
    x, y = np.meshgrid(axis, axis)
    area = areas(positive_regions(0.49 - x**2 - y**2)).sum() / 1600
    assert area == pytest.approx(np.pi * 0.49, rel=1e-3)


def test_outlines_are_closed_cubic_curves() -> None:
    square = np.array([[[0, 0, 0], [3, 0, 0], [3, 3, 0], [0, 3, 0]]], dtype=float)
    points = outlines(square)
    assert points.shape == (16, 3)
    assert points[3].tolist() == points[4].tolist() == [3, 0, 0]
    assert points[-1].tolist() == points[0].tolist()
