from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import SquaredErrors
from netviz.problems import ProblemError

TARGETS, PREDICTIONS = np.array([1.0, 0.0, 0.0]), np.array([0.6, 0.5, 0.0])
ERRORS = PREDICTIONS - TARGETS


def panel(**options: float) -> SquaredErrors:
    made = SquaredErrors(TARGETS, ["a", "b", "c"], (0.0, 1.0), box="frame")
    return made.show(PREDICTIONS, ERRORS, ERRORS**2, **options)  # type: ignore[arg-type]


def test_the_side_of_a_square_is_the_error_in_the_plot() -> None:
    shown = panel()
    for k in (0, 1):
        gap = shown.targets[k].get_y() - shown.predictions[k].get_y()
        assert np.allclose([shown.squares[k].width, shown.squares[k].height], abs(gap))
    assert not shown.squares[2].has_points()
    assert [number.text for number in shown.error_numbers] == ["−0.40", "+0.50", "0"]
    assert [number.text for number in shown.square_numbers] == ["0.16", "0.25", "0"]


def test_the_square_of_the_mean_has_the_mean_of_their_areas() -> None:
    mean = float(np.mean(ERRORS**2))
    shown = panel(mean=mean, gathered=1.0, earlier=2 * mean)
    areas = [square.width * square.height for square in shown.squares if square.has_points()]
    square = shown.mean_square
    assert np.isclose(square.width * square.height, np.mean([*areas, 0.0]))
    assert shown.mean_number.text == "0.137"
    assert shown.mean_title.get_fill_opacity() == 1


def test_the_table_has_the_numbers_of_the_plot() -> None:
    shown = panel()
    assert [number.text for number in shown.target_numbers] == ["1", "0", "0"]
    assert [number.text for number in shown.prediction_numbers] == ["0.60", "0.50", "0"]
    assert shown.mean_title.get_fill_opacity() == 0


def test_at_first_there_are_targets_alone() -> None:
    made = SquaredErrors(TARGETS, ["a", "b", "c"], (0.0, 1.0))
    parts = [*made.predictions, *made.errors, *made.squares, *made.error_numbers]
    assert not any(part.has_points() for part in parts)


def test_only_the_first_samples_have_predictions() -> None:
    shown = panel(samples=1)
    assert [dot.has_points() for dot in shown.predictions] == [True, False, False]


def test_a_sample_without_a_name_is_refused() -> None:
    with pytest.raises(ProblemError, match="names has 2 entries: expected 3"):
        SquaredErrors(TARGETS, ["a", "b"], (0.0, 1.0))
