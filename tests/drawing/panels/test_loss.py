"""The history of the loss: bars as high as the losses, numbers that cross none of them."""

from __future__ import annotations

import pytest

from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.loss import LossHistory
from netviz.theme import DARK_THEME

FALLING = [0.9 * 0.8**step for step in range(25)]


def history(losses: list[float], **options: object) -> LossHistory:
    return LossHistory(losses, title="loss", theme=DARK_THEME, box=RIGHT_BOX, **options)


@pytest.mark.parametrize("losses", [[0.3], [0.3, 0.2], FALLING, FALLING[::-1]])
def test_bars_stand_on_the_axis_as_high_as_the_losses(losses: list[float]) -> None:
    made = history(losses)
    for bar, loss in zip(made.bars, losses, strict=True):
        assert bar.get_bottom()[1] == pytest.approx(made.axis.get_y())
        assert bar.height / max(b.height for b in made.bars) == pytest.approx(loss / max(losses))
    places = [bar.get_x() for bar in made.bars]
    assert places == sorted(places)
    assert made.get_top()[1] <= RIGHT_BOX.top + 0.1


def test_few_bars_have_their_numbers_and_many_the_first_and_the_last() -> None:
    assert [n.value for n in history([0.3, 0.2]).numbers] == [0.3, 0.2]
    assert [n.value for n in history(FALLING).numbers] == [FALLING[0], FALLING[-1]]


@pytest.mark.parametrize("losses", [FALLING, FALLING[::-1], [0.2] * 25])
def test_a_number_stands_over_all_bars_that_it_reaches(losses: list[float]) -> None:
    made = history(losses)
    for number in made.numbers:
        assert RIGHT_BOX.left <= number.get_left()[0]
        assert number.get_right()[0] <= RIGHT_BOX.right
        for bar in made.bars:
            apart = bar.get_right()[0] < number.get_left()[0]
            apart |= number.get_right()[0] < bar.get_left()[0]
            assert apart or bar.get_top()[1] < number.get_bottom()[1]


def test_room_is_left_for_bars_to_come() -> None:
    made = history([0.3], slots=2, labels=["before"])
    assert made.bars[0].get_x() < RIGHT_BOX.center[0]
    assert made.labels[0].get_x() == pytest.approx(made.bars[0].get_x())
    assert made.labels[0].get_y() < made.axis.get_y()


def test_the_largest_loss_sets_the_scale_even_if_it_comes_last() -> None:
    rising = history([0.1, 0.4])
    assert rising.bars[1].height == pytest.approx(4 * rising.bars[0].height)
