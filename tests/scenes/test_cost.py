"""The numbers of the scene cost, computed again, and the data that it refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from netviz import forward
from netviz.acts.cost import Errors
from netviz.problems import ProblemError

from .playing import FILES, scene_in


def test_the_cost_is_the_mean_of_the_squared_errors() -> None:
    scene: Any = scene_in(FILES["cost"])()
    for moment in (0, 20, len(scene.run) - 1):
        errors, data = Errors.at(scene, moment), scene.data
        answers = forward(scene.run.network(moment), data.inputs).prediction[:, 0]
        assert errors.predictions == pytest.approx(answers)
        assert errors.squares == pytest.approx((answers - data.targets[:, 0]) ** 2)
        assert errors.mean == pytest.approx(np.mean(errors.squares))


def test_data_with_several_targets_are_refused() -> None:
    scene = scene_in(FILES["cost"]).configured(network="encoder")()  # type: ignore[call-arg]
    with pytest.raises(ProblemError, match="at most 6 samples with one target"):
        scene.construct()
