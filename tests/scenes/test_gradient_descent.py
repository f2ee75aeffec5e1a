"""The scene gradient_descent: its paths are those of a parabola, in closed form."""

from __future__ import annotations

import numpy as np
import pytest

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
