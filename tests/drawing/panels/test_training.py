"""Training: bars and curves of the losses, and the numbers of the moment that is shown."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.training import LossHistory, ProgressCurves, Series
from netviz.drawing.text import Number
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME

STEPS = np.array([0, 1, 3, 10, 100])
LOSSES = np.array([1.2, 1.0, 0.7, 0.4, 0.1])
SHARES = np.array([0.1, 0.5, 0.6, 0.9, 1.0])


def panel() -> ProgressCurves:
    series = [
        Series("loss", LOSSES, DARK_THEME.blame, 1.2),
        Series("accuracy, %", SHARES, DARK_THEME.output, 1.0, dashed=True, percent=True),
    ]
    return ProgressCurves(series, STEPS)


@pytest.mark.parametrize(("moment", "whole"), [(0, 0), (0.9, 0), (1, 1), (3.5, 3), (4, 4)])
def test_numbers_are_those_of_the_moment_shown(moment: float, whole: int) -> None:
    made = panel().show_moment(moment)
    assert made.numbers[0].value == LOSSES[whole]
    assert made.numbers[1].value == 100 * SHARES[whole]
    assert made.step.value == STEPS[whole]


def test_a_curve_ends_at_the_moment() -> None:
    made = panel()
    assert not made.curves[0].has_points()
    for moment, depth in ((2, np.log(4) / np.log(101)), (4, 1.0)):
        made.show_moment(moment)
        end = made.curves[0].points[-1]
        expected = made.axes.c2p(depth, LOSSES[moment] / 1.2)
        np.testing.assert_allclose(end, expected, atol=1e-9)
    np.testing.assert_allclose(made.curves[0].points[0], made.axes.c2p(0, 1), atol=1e-9)


def test_curves_stay_in_the_box_and_dashes_have_gaps() -> None:
    made = panel().show_moment(4)
    assert made.get_left()[0] >= RIGHT_BOX.left - 0.05
    assert made.get_right()[0] <= RIGHT_BOX.right + 0.05
    assert made.get_bottom()[1] >= RIGHT_BOX.bottom - 0.05
    assert made.get_top()[1] <= RIGHT_BOX.top + 0.05
    assert len(made.curves[0].get_subpaths()) == 1
    assert len(made.curves[1].get_subpaths()) > 10


def test_numbers_end_at_the_right_edge_however_long_they_are() -> None:
    made = panel()
    for moment in range(5):
        made.show_moment(moment)
        for number in made.numbers:
            assert number.get_right()[0] == pytest.approx(RIGHT_BOX.right)


def test_numbers_stay_aligned_after_the_panel_was_moved() -> None:
    made = panel().fit("left").show_moment(4)
    right = made.axes.x_axis.get_end()[0]
    for number in made.numbers:
        assert number.get_right()[0] == pytest.approx(right)
    assert made.step.get_left()[0] > made.step_name.get_right()[0]
    np.testing.assert_allclose(made.curves[0].points[-1], made.axes.c2p(1, LOSSES[4] / 1.2))


def test_the_axis_of_steps_says_that_it_is_logarithmic() -> None:
    made = panel()
    assert "log" in made.step_name.text
    texts = [each for each in made.ticks if isinstance(each, Number)]
    assert [text.text for text in texts] == ["100", "0", "1", "10"]
    lefts = sorted((text.get_left()[0], text.get_right()[0]) for text in texts)
    assert all(right < left for (_, right), (left, _) in pairwise(lefts))
    where = made.axes.c2p(np.log1p(10) / np.log1p(100), 0)[0]
    assert texts[3].get_x() == pytest.approx(where)


def test_shares_are_written_in_percent() -> None:
    assert [panel().show_moment(m).numbers[1].text for m in (0, 4)] == ["10.0%", "100%"]


def test_series_must_have_a_value_for_each_moment() -> None:
    series = [Series("loss", LOSSES[:3], DARK_THEME.blame, 1.2)]
    message = r"series\[0\].values has 3 entries: expected 5, one for each moment"
    with pytest.raises(ProblemError, match=message):
        ProgressCurves(series, STEPS)
    with pytest.raises(ProblemError, match=r"series is \[\]: expected one or more"):
        ProgressCurves([], STEPS)


# ---- the first losses ---------------------------------------------------------------------------

FALLING = [0.9 * 0.8**step for step in range(25)]


@pytest.mark.parametrize("losses", [[0.3, 0.2], FALLING, FALLING[::-1], [0.2] * 25])
def test_the_losses_are_a_curve_over_evenly_spaced_steps(losses: list[float]) -> None:
    made = LossHistory(losses)
    across, up = made.axes.p2c(made.dot.get_center())
    assert across == pytest.approx(len(losses) - 1)
    assert up == pytest.approx(losses[-1] / max(losses))
    half = made.show_moment((len(losses) - 1) / 2).axes.p2c(made.dot.get_center())
    assert half[0] == pytest.approx((len(losses) - 1) / 2)
    assert made.top.value == max(losses)
    assert made.get_left()[0] >= RIGHT_BOX.left - 1e-6
    assert made.get_right()[0] <= RIGHT_BOX.right + 0.1
    assert RIGHT_BOX.bottom - 0.1 <= made.get_bottom()[1]
    assert made.get_top()[1] <= RIGHT_BOX.top + 0.1


def test_the_number_of_steps_is_that_of_the_last_whole_one() -> None:
    made = LossHistory(FALLING)
    assert [made.show_moment(moment).step.text for moment in (0, 0.9, 3, 24)] == [
        *("0", "0", "3", "24")
    ]


def test_losses_that_are_not_above_zero_lie_on_the_axis() -> None:
    for losses in ([0.0, 0.0], [-1.0, -2.0]):
        made = LossHistory(losses)
        assert made.dot.get_y() == pytest.approx(made.axes.x_axis.get_y())


def test_one_loss_is_no_curve() -> None:
    with pytest.raises(ProblemError, match=r"losses is .*: expected two or more"):
        LossHistory([0.3])


def test_runs_of_different_lengths_share_an_axis() -> None:
    series = [Series("loss", LOSSES, DARK_THEME.blame, 1.2)]
    made = ProgressCurves(series, STEPS, last=1000).show_moment(4)
    np.testing.assert_allclose(
        made.curves[0].points[-1], made.axes.c2p(np.log(101) / np.log(1001), 0.1 / 1.2), atol=1e-9
    )
    assert "1000" in {each.text for each in made.ticks if isinstance(each, Number)}
    with pytest.raises(ProblemError, match="last is 99: expected 100 or more"):
        ProgressCurves(series, STEPS, last=99)


@pytest.mark.parametrize("moment", [0, 3, 4])
def test_a_mark_rings_its_moment_and_its_name_is_clear_of_the_curves(moment: int) -> None:
    made = panel().show_moment(4).show_mark(moment, "best")
    _, ring, _, name = made.mark
    depth = np.log1p(STEPS[moment]) / np.log(101)
    np.testing.assert_allclose(ring.get_center(), made.axes.c2p(depth, SHARES[moment]), atol=1e-9)
    over = [
        point[1]
        for curve in made.curves
        for point in curve.points
        if name.get_left()[0] <= point[0] <= name.get_right()[0]
    ]
    assert max(over) < name.get_bottom()[1]
    with pytest.raises(ProblemError, match="moment is 5"):
        made.show_mark(5, "best")
