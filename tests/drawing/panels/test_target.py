"""Predictions against targets: differences as bars that point where the error points."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.target import LossReadout, TargetPanel
from netviz.theme import DARK_THEME
from netviz.words import load_words

PREDICTION, TARGET = np.array([0.7, 0.2, 0.9]), np.array([1.0, 0.0, 0.9])
HEIGHTS = [2.0, 0.0, -2.0]


@pytest.fixture
def panel() -> TargetPanel:
    return TargetPanel(
        PREDICTION,
        TARGET,
        heights=HEIGHTS,
        footer=-2.8,
        theme=DARK_THEME,
        words=load_words("en"),
        box=RIGHT_BOX,
        squares=True,
    )


def test_every_row_stands_beside_its_neuron_with_its_numbers(panel: TargetPanel) -> None:
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
    words = load_words("en")
    made = TargetPanel(
        PREDICTION,
        TARGET,
        heights=HEIGHTS,
        footer=-2.8,
        theme=DARK_THEME,
        words=words,
        box=RIGHT_BOX,
        squares=False,
    )
    assert len(made.squares) == 0
    assert made.titles[0].text == words("panel.target")


def test_the_loss_is_named_and_large() -> None:
    made = LossReadout("MSE", 0.29187, DARK_THEME)
    assert (made.title.text, made.number.text) == ("MSE", "0.292")
    assert made.number.em > made.title.em
