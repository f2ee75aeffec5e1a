"""Calculations: terms above their result, numbers that end on one line."""

from __future__ import annotations

import pytest

from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.panels.calculation import Calculation, Term
from netviz.drawing.text import Number
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME


def test_a_calculation_ends_in_its_result() -> None:
    made = Calculation(
        "delta = e dot s",
        [Term("e", 0.5, DARK_THEME.text), Term("times s", -0.25, DARK_THEME.text, decimals=2)],
        Term("delta", -0.125, DARK_THEME.blame),
    )
    numbers = [pair[1] for pair in (*made.rows, made.result)]
    assert all(isinstance(number, Number) for number in numbers)
    assert [number.text for number in numbers] == ["+0.500", "−0.25", "−0.125"]
    assert [number.get_right()[0] for number in numbers] == pytest.approx(
        [numbers[0].get_right()[0]] * 3, abs=1e-6
    )
    assert made.rows[-1].get_y() > made.rule.get_y() > made.result.get_y()
    assert numbers[-1].em > numbers[0].em


def test_given_numbers_stand_apart_above_the_terms() -> None:
    rows = [Term(name, 1.0, DARK_THEME.text) for name in "abcd"]
    made = Calculation("x", rows[2:], rows[0], given=rows[:2])
    first, second, third, fourth = (pair[1].get_y() for pair in made.rows)
    assert first - second == pytest.approx(third - fourth)
    assert second - third > 1.2 * (first - second)


def test_a_narrow_box_is_not_left() -> None:
    narrow = Box(0.0, 1.2, RIGHT_BOX.bottom, RIGHT_BOX.top)
    term = Term("(partial L) / (partial a)", 0.5, DARK_THEME.text)
    made = Calculation("delta = e dot s", [term], term, box=narrow)
    assert made.width <= narrow.width + 1e-6
    assert made.get_x() == pytest.approx(narrow.center[0])


def test_terms_are_needed() -> None:
    with pytest.raises(ProblemError, match=r"terms is \[\]: expected one or more"):
        Calculation("x", [], Term("y", 1.0, DARK_THEME.text))
