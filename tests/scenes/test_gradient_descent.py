"""The scene gradient_descent: its paths are those of a parabola, in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import Box

from .playing import FILES, scene_in

GradientDescent = scene_in(FILES["gradient_descent"])


@pytest.mark.parametrize("rate", [0.02, 0.2, 1.05])
def test_a_step_multiplies_the_distance_to_the_minimum(rate: float) -> None:
    weights, losses, gradients = GradientDescent().path(rate).T
    expected = 1 + (-1.2 - 1) * (1 - 2 * rate) ** np.arange(len(weights))
    assert np.allclose(weights, expected)
    assert np.allclose(losses, (expected - 1) ** 2)
    assert np.allclose(gradients, 2 * (expected - 1))


def test_too_large_a_rate_diverges() -> None:
    small, right, large = (GradientDescent().path(rate)[:, 1] for rate in (0.02, 0.2, 1.05))
    assert small[-1] > 0.5 * small[0]
    assert right[-1] < 0.01 * right[0]
    assert (np.diff(large) > 0).all()


def test_a_ball_that_diverges_leaves_its_panel() -> None:
    scene = GradientDescent()
    path = scene.path(1.05)
    panel = scene.loss_curve(1.05, Box(2.5, 6.7, -2.9, 3.2))
    last = panel.moments - 1
    assert last < len(path) - 1
    scene.roll(panel, path, last)
    assert panel.ball.get_fill_opacity() == 1
    scene.roll(panel, path, last + 1)
    assert panel.ball.get_fill_opacity() == 1
    assert panel.ball.get_x() < panel.curve.get_left()[0]
    assert panel.ball.get_y() > panel.curve.get_top()[1]
    scene.roll(panel, path, last + 2)
    assert panel.ball.get_fill_opacity() == 0


def test_loss_and_gradient_between_two_steps_are_those_of_the_curve() -> None:
    loss, gradient = GradientDescent().at(-0.55)
    assert np.allclose((loss, gradient), (1.55**2, -3.1))
