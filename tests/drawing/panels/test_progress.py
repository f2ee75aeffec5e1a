"""Curves of a run: as far as it has gone, and the numbers of the moment that was reached."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.progress import ProgressCurves, Series
from netviz.theme import DARK_THEME

STEPS = np.array([0, 1, 3, 10, 100])
LOSSES = np.array([1.2, 1.0, 0.7, 0.4, 0.1])
SHARES = np.array([0.1, 0.5, 0.6, 0.9, 1.0])


def panel() -> ProgressCurves:
    series = [
        Series("loss", LOSSES, DARK_THEME.blame, 1.2),
        Series("accuracy, %", SHARES, DARK_THEME.output, 1.0, dashed=True, percent=True),
    ]
    return ProgressCurves(series, STEPS, step_name="step", theme=DARK_THEME, box=RIGHT_BOX)


@pytest.mark.parametrize(("place", "moment"), [(0, 0), (0.9, 0), (1, 1), (3.5, 3), (4, 4)])
def test_numbers_are_those_of_the_moment_reached(place: float, moment: int) -> None:
    made = panel().set_place(place)
    assert made.numbers[0].value == LOSSES[moment]
    assert made.numbers[1].value == 100 * SHARES[moment]
    assert made.step.value == STEPS[moment]


def test_a_curve_ends_where_the_run_is() -> None:
    made = panel()
    assert not made.curves[0].has_points()
    for place, depth in ((2, np.log(4) / np.log(101)), (4, 1.0)):
        made.set_place(place)
        end = made.curves[0].points[-1]
        expected = made.at(depth, LOSSES[place] / 1.2)
        np.testing.assert_allclose(end, expected, atol=1e-9)
    np.testing.assert_allclose(made.curves[0].points[0], made.at(0, 1), atol=1e-9)


def test_it_stays_in_its_box_and_dashes_have_gaps() -> None:
    made = panel().set_place(4)
    assert made.get_left()[0] >= RIGHT_BOX.left - 0.05
    assert made.get_right()[0] <= RIGHT_BOX.right + 0.05
    assert made.get_bottom()[1] >= RIGHT_BOX.bottom - 0.05
    assert made.get_top()[1] <= RIGHT_BOX.top + 0.05
    assert len(made.curves[0].get_subpaths()) == 1
    assert len(made.curves[1].get_subpaths()) > 10


def test_numbers_end_at_the_right_edge_however_long_they_are() -> None:
    made = panel()
    for place in range(5):
        made.set_place(place)
        for number in (*made.numbers, made.step):
            assert number.get_right()[0] == pytest.approx(RIGHT_BOX.right)
