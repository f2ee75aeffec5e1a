"""The numbers of the scene softmax, computed again."""

from __future__ import annotations

import math

import pytest

from netviz.problems import ProblemError
from netviz.scene import BeatScene

from .playing import FILES, scene_in


def made(**options: object) -> BeatScene:
    return scene_in(FILES["softmax"]).configured(options=options)()


def test_the_results_are_those_of_the_definition() -> None:
    scene = made(scores="1,3,2,-1")
    states = [list(part) for part in list(scene.results)[::4]]
    shares = [list(part) for part in list(scene.results)[3::4]]
    assert states == [[1, 3, 2, -1], [2, 6, 4, -2], [2, 4, 3, 0], [1, 2, 3, -1]]
    for scores, probabilities in zip(states, shares, strict=True):
        total = sum(map(math.exp, scores))
        assert probabilities == pytest.approx([math.exp(z) / total for z in scores])
    assert shares[2] == pytest.approx(shares[0])


def test_a_lecturer_names_the_classes() -> None:
    assert made(classes="a, b, c, d").names == ["a", "b", "c", "d"]  # type: ignore[attr-defined]
    with pytest.raises(ProblemError, match="classes is 'a, b': expected 4 names"):
        made(classes="a, b")
