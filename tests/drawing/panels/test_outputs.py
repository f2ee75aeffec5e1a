"""Outputs: bars as long as probabilities and errors, numbers of the right rows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.panels.outputs import AnswerBars, ChangeTable, LossReadout, TargetPanel
from netviz.problems import ProblemError
from netviz.words import load_words

PREDICTION, TARGET = np.array([0.7, 0.2, 0.9]), np.array([1.0, 0.0, 0.9])
HEIGHTS = [2.0, 0.0, -2.0]


@pytest.fixture
def panel() -> TargetPanel:
    return TargetPanel(PREDICTION, TARGET, squares=True, heights=HEIGHTS)


def test_every_row_has_its_numbers_at_its_height(panel: TargetPanel) -> None:
    difference = PREDICTION - TARGET
    assert [number.value for number in panel.targets] == list(TARGET)
    assert [number.value for number in panel.differences] == list(difference)
    assert [number.value for number in panel.squares] == list(difference**2)
    for column in (panel.targets, panel.differences, panel.squares, panel.bars):
        assert [part.get_y() for part in column] == pytest.approx(HEIGHTS, abs=1e-6)


def test_bars_begin_at_the_axis_and_are_as_long_as_the_errors(panel: TargetPanel) -> None:
    axis = panel.axis.get_x()
    too_small, too_large, right = panel.bars
    assert too_small.get_right()[0] == pytest.approx(axis)
    assert too_large.get_left()[0] == pytest.approx(axis)
    assert too_small.width / too_large.width == pytest.approx(0.3 / 0.2)
    assert right.width < 0.05


def test_columns_of_numbers_stand_on_one_line(panel: TargetPanel) -> None:
    for column in (panel.targets, panel.differences, panel.squares):
        places = [number.get_x() for number in column]
        assert places == pytest.approx([places[0]] * 3, abs=1e-6)


def test_other_losses_have_no_squares() -> None:
    made = TargetPanel(PREDICTION, TARGET, words="ko")
    words = load_words("ko")
    assert len(made.squares) == 0
    assert [title.text for title in made.titles] == [words("panel.target"), words("panel.error")]


def test_the_loss_is_named_and_large() -> None:
    made = LossReadout("MSE", 0.29187)
    assert (made.title.text, made.number.text) == ("MSE", "0.292")
    assert made.number.em > made.title.em
    narrow = Box(0.0, 0.5, -1.0, 1.0)
    assert LossReadout("MSE", 123.4, box=narrow).number.width == pytest.approx(0.5)


def test_bars_of_answers_are_proportional_to_the_probabilities() -> None:
    shares, names = np.array([0.7, 0.2, 0.1]), ["one", "two", "three"]
    made = AnswerBars(shares, names, target=1, heights=[2.0, 1.0, 0.0])
    widths = [bar.width for bar in made.bars]
    np.testing.assert_allclose(np.divide(widths, widths[0]), shares / shares[0])
    assert [number.value for number in made.numbers] == shares.tolist()
    assert made.mark.get_y() == pytest.approx(1.0)
    assert made.get_right()[0] <= RIGHT_BOX.right
    assert len(AnswerBars(shares, names).mark) == 0


def test_outputs_change_from_left_to_right() -> None:
    made = ChangeTable(PREDICTION, TARGET)
    assert [number.value for number in made.before] == list(PREDICTION)
    assert [number.value for number in made.after] == list(TARGET)
    rows = zip(made.before, made.arrows, made.after, strict=True)
    for before, arrow, after in rows:
        assert before.get_right()[0] < arrow.get_left()[0] < after.get_left()[0]
        assert before.get_y() == pytest.approx(after.get_y())
    assert made.titles[0].get_y() < made.before[-1].get_y()


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        (lambda: TargetPanel([0.5], [1.0, 0.0]), "target has 2 entries: expected 1"),
        (lambda: ChangeTable([0.5], [1.0, 0.0]), "after has 2 entries: expected 1"),
        (lambda: AnswerBars([0.5, 0.5], ["a"]), "names has 1 entries: expected 2"),
        (lambda: AnswerBars([0.5], ["a"], target=1), "target is 1: expected 0 to 0"),
        (lambda: AnswerBars([0.5], ["a"], heights=[1, 2]), "heights has 2 entries: expected 1"),
    ],
)
def test_what_does_not_match_is_refused(wrong: Callable[[], object], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        wrong()
