"""The scene gates: its weights are those of the gates, and no line does XOR."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from netviz.problems import ProblemError

from .playing import FILES, scene_in

Gates = scene_in(FILES["gates"])


@pytest.mark.parametrize(
    ("gate", "weights", "sums"),
    [
        ("AND", (0.5, 0.5, -0.7), (-0.7, -0.2, -0.2, 0.3)),
        ("OR", (0.6, 0.6, -0.5), (-0.5, 0.1, 0.1, 0.7)),
        ("NAND", (-0.5, -0.5, 0.7), (0.7, 0.2, 0.2, -0.3)),
    ],
)
def test_the_sums_of_a_gate(gate: str, weights: tuple[float, ...], sums: tuple[float, ...]) -> None:
    scene = Gates()
    assert scene.chosen[gate] == weights
    assert np.allclose(scene.trace(weights).layers[0].z[:, 0], sums)


def test_no_line_has_all_four_points_of_xor_right() -> None:
    lines, best = Gates.search()
    assert lines > 1000
    right = [
        sum((w1 * x1 + w2 * x2 + b >= 0) == (x1 != x2) for x1, x2 in product((0, 1), repeat=2))
        for w1, w2, b in product(np.linspace(-1, 1, 21), repeat=3)
    ]
    assert best == max(right) == 3


def test_weights_of_another_gate_are_refused() -> None:
    sentence = "option AND gives the outputs 0, 1, 1, 1: expected weights and a bias that give 0,"
    with pytest.raises(ProblemError, match=sentence):
        Gates.configured(options={"AND": "0.6, 0.6, -0.5"})
    scene = Gates.configured(options={"AND": "1, 1, -1.5", "gate": "AND"})()
    assert scene.gates == ["AND"]
    assert 0.5 in np.concatenate([np.ravel(each) for each in scene.results])
