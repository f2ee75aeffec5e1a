"""Central finite differences along random directions, the check of every derivative."""

from collections.abc import Callable

import numpy as np
import pytest

from netviz.core.arrays import Array

STEP = 1e-5


def assert_is_gradient(gradient: Array, f: Callable[[Array], Array], x: Array) -> None:
    """Assert that ``gradient`` is that of the number ``f(x)``, along five random directions."""
    assert gradient.shape == x.shape
    rng = np.random.default_rng(0)
    for _ in range(5):
        direction = rng.normal(size=x.shape)
        rise = f(x + STEP * direction) - f(x - STEP * direction)
        assert np.sum(gradient * direction) == pytest.approx(rise / (2 * STEP), rel=1e-6, abs=1e-8)
