"""The scene activations: its gallery has every function of one variable."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.core import ACTIVATIONS
from netviz.drawing import SlopeCurve

from .playing import FILES, scene_in

Activations = scene_in(FILES["activations"])


def test_every_function_of_one_variable_is_in_the_gallery() -> None:
    shown = {panel.function.name for panel in Activations().gallery()}
    assert set(ACTIVATIONS) - shown == {"softmax"}


def test_the_largest_slope_of_the_sigmoid() -> None:
    assert Activations().largest == pytest.approx(0.25)


@pytest.mark.parametrize(("z", "height"), [(-3.0, 0.0), (2.0, 1.0)])
def test_the_dots_lie_on_both_graphs(z: float, height: float) -> None:
    panel = SlopeCurve(ACTIVATIONS["step"]).set_z(z)
    assert np.allclose(panel.axes.p2c(panel.dot.get_center())[:2], (z, height), atol=0.05)
    assert np.allclose(panel.axes.p2c(panel.slope_dot.get_center())[:2], (z, 0.0), atol=0.05)


def test_both_dots_are_seen_where_they_meet() -> None:
    panel = SlopeCurve(ACTIVATIONS["step"]).set_z(-2.0)
    assert np.allclose(panel.dot.get_center(), panel.slope_dot.get_center(), atol=1e-6)
    assert panel.slope_dot.width > 1.4 * panel.dot.width


def test_there_is_no_dot_beyond_the_plot() -> None:
    panel = SlopeCurve(ACTIVATIONS["relu"], high=2.0).set_z(3.0)
    assert not panel.dot.has_points()
    assert panel.slope_dot.has_points()
    assert panel.set_z(1.0).dot.has_points()
    assert panel.curve.get_top()[1] <= panel.axes.get_top()[1] + 1e-6
