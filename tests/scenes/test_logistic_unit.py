"""The scene logistic_unit: its output is σ(B₁X + B₀)."""

from __future__ import annotations

import math

import pytest

from .playing import FILES, scene_in

LogisticUnit = scene_in(FILES["logistic_unit"])


@pytest.mark.parametrize("x", [-4.0, 0.0, 1.0, 4.0])
def test_the_output_is_the_formula(x: float) -> None:
    scene = LogisticUnit.configured(options={"B1": -2, "B0": "0.3"})()
    expected = 1 / (1 + math.exp(-(-2 * x + 0.3)))
    assert scene.trace(x).prediction[0] == pytest.approx(expected)
