"""The scene perceptron: its sum and thresholds."""

from __future__ import annotations

import pytest

from .playing import FILES, scene_in

Perceptron = scene_in(FILES["perceptron"])


def test_the_sum_of_the_inputs_that_are_shown() -> None:
    trace = Perceptron().trace
    assert trace.layers[0].z[0] == pytest.approx(-0.3)
    assert trace.prediction[0] == 0


@pytest.mark.parametrize(("bias", "needed"), [(70, 30), (20, 80), (0, 100)])
def test_a_bias_is_what_the_input_need_not_reach(bias: float, needed: float) -> None:
    assert Perceptron().needed(bias) == (needed, 0)


def test_the_inputs_are_options() -> None:
    chosen = Perceptron.configured(options={"x": "-1, 1, 1"})
    assert chosen().trace.layers[0].z[0] == pytest.approx(-0.3 + 0.4 + 0.1)
    assert chosen().trace.prediction[0] == 1
