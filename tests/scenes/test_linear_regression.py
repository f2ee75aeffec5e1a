"""The scene linear_regression: its line is really fitted."""

from __future__ import annotations

import numpy as np

from .playing import FILES, scene_in

LinearRegression = scene_in(FILES["linear_regression"])


def test_the_line_becomes_that_of_least_squares() -> None:
    scene = LinearRegression.configured(options={"steps": 300})()
    x, y = np.array(scene.chosen["x"]), np.array(scene.chosen["y"])
    expected = np.polyfit(x, y, 1)
    assert np.allclose(scene.models[-1, :2], expected, atol=1e-6)
    assert np.allclose(scene.models[-1, 3:], 0, atol=1e-6)


def test_loss_and_gradient_are_those_of_the_mean_square() -> None:
    scene = LinearRegression()
    x, y = np.array(scene.chosen["x"]), np.array(scene.chosen["y"])
    for w, b, loss, slope_w, slope_b in scene.models:
        error = w * x + b - y
        assert np.isclose(loss, (error**2).mean())
        assert np.allclose((slope_w, slope_b), (2 * (error * x).mean(), 2 * error.mean()))
    assert len(scene.models) == scene.chosen["steps"] + 1
    assert (np.diff(scene.models[:, 2]) < 0).all()
