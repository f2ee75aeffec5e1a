"""The scene linear_collapse: the product of the matrices, and powers of the slope."""

from __future__ import annotations

import numpy as np

from netviz.core import forward

from .playing import FILES, scene_in

LinearCollapse = scene_in(FILES["linear_collapse"])


def test_two_layers_are_the_product_of_their_matrices() -> None:
    two, one, whole = LinearCollapse().matrices
    assert np.allclose(whole, two @ one)
    assert not np.allclose(whole, one @ two)


def test_a_stack_of_lines_is_a_line() -> None:
    scene = LinearCollapse.configured(options={"c": 0.5})()
    assert np.allclose(scene.slopes, [0.5, 0.25, 0.125])
    x = np.linspace(-2, 2, 9)
    assert np.allclose(forward(scene.stack(3), x[:, np.newaxis]).prediction[:, 0], 0.125 * x)


def test_something_between_them_bends_it() -> None:
    stack = LinearCollapse().stack(2, "tanh")
    y = forward(stack, [[-1.0], [0.0], [1.0], [2.0]]).prediction[:, 0]
    assert np.allclose(y, 1.3 * np.tanh(1.3 * np.array([-1, 0, 1, 2])))
