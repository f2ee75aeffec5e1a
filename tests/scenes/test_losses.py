"""The numbers of the scene losses, computed again."""

from __future__ import annotations

import math
from itertools import combinations
from typing import Any

import numpy as np
import pytest

from netviz.problems import ProblemError
from netviz.scene import BeatScene

from .playing import FILES, scene_in


def made(**options: object) -> Any:
    return scene_in(FILES["losses"]).configured(options=options)()


@pytest.fixture(scope="module")
def scene() -> BeatScene:
    return made(outlier=3)


def test_the_squared_error_has_the_line_of_least_squares(scene: Any) -> None:
    for y, (slope, start, loss) in zip(scene.heights, scene.lines["mse"], strict=True):
        expected = np.polyfit(X, y, 1)
        assert (slope, start) == pytest.approx(tuple(expected), abs=2e-3)
        assert loss == pytest.approx(np.mean((np.polyval(expected, X) - y) ** 2), abs=1e-4)


X = np.arange(1.0, 9.0)


def test_the_absolute_error_has_the_best_line_through_two_points(scene: Any) -> None:
    """A line of least absolute error goes through two points, if not through more."""
    for y, (*_, loss) in zip(scene.heights, scene.lines["mae"], strict=True):
        errors = []
        for i, k in combinations(range(len(X)), 2):
            slope = (y[k] - y[i]) / (X[k] - X[i])
            errors.append(np.mean(np.abs(y[i] + slope * (X - X[i]) - y)))
        assert loss == pytest.approx(min(errors), abs=2e-3)


def test_only_the_squared_error_follows_the_outlier(scene: Any) -> None:
    squared, absolute = ([line[0] for line in scene.lines[name]] for name in ("mse", "mae"))
    assert squared[-1] - squared[0] > 0.2
    assert abs(absolute[-1] - absolute[1]) < 0.01


def test_the_loss_of_a_word_is_minus_the_logarithm_of_its_probability(scene: Any) -> None:
    assert list(scene.predicted) == [0.51, 0.22, 0.20, 0.05, 0.02]
    assert scene.entropies == pytest.approx([-math.log(p) for p in scene.predicted])


def test_training_finds_mean_and_width_of_the_data(scene: Any) -> None:
    mean, width, _ = scene.bells[-1]
    values = scene.bell_data.targets
    assert (mean, width) == pytest.approx((values.mean(), values.std()), abs=0.02)


def test_options_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ProblemError, match="probabilities above 0 with the sum 1"):
        made(predicted="0.5,0.5,0.5,0.1,0.1")
    with pytest.raises(ProblemError, match="words is 'a, b': expected 5 words"):
        made(words="a, b")
