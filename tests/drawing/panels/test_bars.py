from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import Box, NumberBars
from netviz.problems import ProblemError

VALUES = np.array([2.0, -1.0, 0.0])


def bars(**options: object) -> NumberBars:
    return NumberBars(VALUES, (-2.0, 2.0), names=("a", "b", "c"), **options)  # type: ignore[arg-type]


def test_bars_are_as_long_as_their_values_and_leave_zero_to_both_sides() -> None:
    panel = bars()
    unit = panel.at(1.0) - panel.at(0.0)
    assert np.allclose([bar.width for bar in panel.bars[:2]], [2 * unit, unit])
    assert np.isclose(panel.bars[0].get_left()[0], panel.at(0.0))
    assert np.isclose(panel.bars[1].get_right()[0], panel.at(0.0))
    assert [number.text for number in panel.numbers] == ["2.00", "−1.00", "0"]


def test_other_values_keep_the_scale() -> None:
    panel = bars()
    before = panel.at(1.0)
    panel.show_values([1.0, 1.0, 1.0])
    assert panel.at(1.0) == before
    assert np.isclose(panel.bars[0].get_right()[0], before)


def test_a_target_is_the_outline_of_the_bar_that_there_should_be() -> None:
    panel = bars().show_targets([1.0, 0.0, 0.0])
    assert np.isclose(panel.targets[0].width, panel.at(1.0) - panel.at(0.0))
    assert not panel.targets[1].has_points()


def test_rows_move_to_another_box_with_all_their_parts() -> None:
    panel = bars().arrange_rows(Box(-3.0, 3.0, -1.0, 1.0), [0.9, 0.0, -0.9])
    assert np.isclose(panel.names[0].get_left()[0], -3.0)
    assert np.isclose(panel.bars[0].get_right()[0], 3.0)
    assert np.allclose([number.get_y() for number in panel.numbers], [0.9, 0.0, -0.9])


def test_limits_without_zero_and_missing_names_are_refused() -> None:
    with pytest.raises(ProblemError, match=r"limits is .*a range around zero"):
        NumberBars(VALUES, (1.0, 2.0))
    with pytest.raises(ProblemError, match="names has 1 entries: expected 3"):
        NumberBars(VALUES, (-2.0, 2.0), names=("a",))


def test_rows_appear_one_by_one_and_small_numbers_have_zeros() -> None:
    panel = NumberBars([0.00081, 0.5], (0.0, 1.0), names=("a", "b"), powers=False)
    assert [number.text for number in panel.numbers] == ["0.0008", "0.50"]
    assert panel.numbers[0].get_left()[0] > panel.names.get_right()[0]
    panel.show_values([0.2, 0.5], [1.0, 0.0])
    assert [number.get_fill_opacity() for number in panel.numbers] == [1.0, 0.0]
    assert not panel.bars[1].has_points()


def test_a_bar_beyond_the_limits_ends_there_in_a_point() -> None:
    panel = bars().show_values([2.0, -5.0, 0.0])
    whole, pointed = panel.bars[:2]
    assert np.isclose(pointed.get_left()[0], panel.at(-2.0))
    assert np.isclose(pointed.get_right()[0], panel.at(0.0))
    at_the_end = [
        bar.points[np.isclose(bar.points[:, 0], x)]
        for bar, x in ((whole, panel.at(2.0)), (pointed, panel.at(-2.0)))
    ]
    assert [bool(np.ptp(points[:, 1]) > 0) for points in at_the_end] == [True, False]
