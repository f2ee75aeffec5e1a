"""Words, numbers and formulae: tabular, on one baseline, in place, with a true minus."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import UP, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing import glyphs
from netviz.drawing.glyphs import MissingFontError, family_for
from netviz.drawing.numerals import MINUS, value_of
from netviz.drawing.text import Number, TextLabel, formula
from netviz.theme import DARK_THEME, LIGHT_THEME

SHOWN = [
    (0.412, 2, False, "0.41"),
    (-0.412, 2, False, "−0.41"),
    (0.412, 3, True, "+0.412"),
    (-0.001, 2, False, "−0.001"),
    (-0.0, 2, True, "0"),
    (0.00004, 3, True, "+4e−5"),
    (-12.345, 0, False, "−12"),
    (12345.678, 2, False, "12.3k"),
    (-399999997950.6, 2, False, "−400G"),
]


@pytest.mark.parametrize(("value", "decimals", "signed", "text"), SHOWN)
def test_numbers_are_rounded_and_signed_in_words(
    value: float, decimals: int, signed: bool, text: str
) -> None:
    assert Number(value, DARK_THEME, decimals=decimals, signed=signed).text == text


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(1, 99), st.integers(1, 99))
def test_numbers_of_as_many_digits_are_equally_wide_and_stay_in_place(one: int, other: int) -> None:
    number = Number(one / 100, DARK_THEME).move_to([1.5, -0.7, 0])
    box, em = box_of(number), number.em
    number.set_value(other / 100)
    assert box_of(number) == pytest.approx(box)
    assert box[:2] == pytest.approx((1.5, -0.7))
    assert number.em == pytest.approx(em)


def test_a_number_is_rewritten_from_where_it_begins() -> None:
    number = Number(0.5, DARK_THEME).move_to([1.5, -0.7, 0])
    left = number.get_left()
    assert number.rewrite(-123.4).text == "−123"
    assert number.get_left() == pytest.approx(left)


def box_of(text: VMobject) -> tuple[float, float, float]:
    """Centre and width of the line's box, whose corners end the path."""
    low, high = text.points[-5], text.points[-1]
    return (low[0] + high[0]) / 2, (low[1] + high[1]) / 2, high[0] - low[0]


def test_a_minus_is_as_wide_as_a_plus_and_no_hyphen() -> None:
    assert MINUS == "−"
    minus, plus = Number(-0.4, DARK_THEME, signed=True), Number(0.4, DARK_THEME, signed=True)
    assert box_of(minus)[2] == pytest.approx(box_of(plus)[2])
    assert minus.text == "−0.40"


def ink_bottom(text: VMobject) -> float:
    """The lowest ink; the last two curves are the corners of the box."""
    return float(text.points[:-8, 1].min())


@pytest.mark.parametrize("words", ["output", "input", "hidden", "error"])
def test_words_and_numbers_that_are_aligned_by_their_centres_share_a_baseline(words: str) -> None:
    without_descenders = words.replace("p", "").replace("y", "")
    line, number = (
        TextLabel(words, DARK_THEME).move_to(UP),
        Number(10, DARK_THEME, decimals=0).move_to(UP),
    )
    plain = TextLabel(without_descenders, DARK_THEME).move_to(UP)
    assert box_of(line)[1] == pytest.approx(box_of(plain)[1])
    assert ink_bottom(plain) == pytest.approx(ink_bottom(number), abs=0.01)


@pytest.mark.parametrize("size", [DARK_THEME.smallest_text, 0.5])
def test_the_em_is_that_of_the_font_however_it_was_scaled(size: float) -> None:
    label, number = TextLabel("gjp", DARK_THEME, em=size), Number(-1.5, DARK_THEME, em=size)
    assert (label.em, number.em) == pytest.approx((size, size))
    VGroup(label, number).scale(2)
    assert (label.em, number.em) == pytest.approx((2 * size, 2 * size))
    assert number.copy().scale(0.5).em == pytest.approx(size)
    assert number.set_value(77.7).em == pytest.approx(2 * size)


def test_a_label_is_one_line_of_the_given_size_and_colour() -> None:
    label = TextLabel("A neuron", LIGHT_THEME, em=0.5, color=LIGHT_THEME.blame)
    assert label.text == "A neuron"
    assert label.get_fill_color().to_hex() == LIGHT_THEME.blame
    assert 0.5 < label.height < 0.7
    assert not label.submobjects


def test_a_number_gets_shorter_until_it_fits() -> None:
    number = Number(-0.34, DARK_THEME)
    assert number.fit(9)
    assert (number.text, number.em) == ("−0.34", pytest.approx(DARK_THEME.number_size))
    assert number.fit(0.7, least=DARK_THEME.smallest_text)
    assert (number.text, number.em) == ("−0.34", pytest.approx(DARK_THEME.smallest_text))
    assert number.fit(0.6)
    assert number.text == "−0.3"
    assert not number.fit(0.2)


def test_a_number_does_not_become_another_to_fit() -> None:
    number = Number(-0.066, DARK_THEME)
    assert not number.fit(0.6)
    assert number.text == "−0.07"


@pytest.mark.parametrize("value", [1000.0, 0.001, 12345.678, 1e-9, -399999997950.6, -1e9])
def test_an_awkward_number_is_as_long_as_any_other(value: float) -> None:
    for signed in (False, True):
        number = Number(value, DARK_THEME, signed=signed)
        assert len(number.text) <= 6
        assert value_of(number.text) == pytest.approx(value, rel=0.05)


def test_a_formula_knows_its_size_and_fits_where_it_must() -> None:
    free = formula("Z_1 = W_(1,1) dot a_1 + W_(2,1) dot a_2", DARK_THEME, em=0.4)
    assert free.font_size / 96 == pytest.approx(0.4)
    assert formula("Z_1 = W_(1,1) dot a_1", DARK_THEME, em=0.4, width=1.0).width == pytest.approx(
        1.0
    )
    coloured = formula("{{ x : mine }} + y", DARK_THEME, parts={"mine": DARK_THEME.blame})
    assert coloured.select("mine")[0].get_fill_color().to_hex() == DARK_THEME.blame


def test_a_family_that_is_not_installed_is_replaced() -> None:
    assert family_for(("No Such Font",)) == "sans-serif"


def test_a_letter_that_no_font_has_is_refused() -> None:
    with pytest.raises(
        MissingFontError, match=r"^the text 'a.*b' has a symbol character, U\+10FFFD, wh"
    ):
        TextLabel("a\U0010fffdb", DARK_THEME)


@pytest.mark.parametrize(
    ("text", "script", "package"),
    [
        ("สวัสดี", "a Thai character, ส", "fonts-noto-core"),
        ("नमस्ते", "a Devanagari character, न", "fonts-noto-core"),
        ("손실", "a Korean character, 손", "fonts-nanum"),
        ("損失", "a Chinese character, 損", "fonts-noto-cjk"),
        ("loss", "a Latin character, l", "fonts-dejavu"),
        ("😀", "a symbol character, 😀", "fonts-symbola"),
    ],
)
def test_the_error_of_a_missing_font_names_script_and_package(
    text: str, script: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glyphs, "_is_drawn", lambda letter, family: False)
    sentence = str(glyphs._missing(text, "sans-serif"))
    assert f"has {script}, which no installed font has as an outline" in sentence
    assert package in sentence


def test_a_text_of_blanks_draws_nothing_and_marks_draw_what_they_join() -> None:
    assert not ink(TextLabel("\u00a0\u3000\u200b", DARK_THEME)).size
    assert ink(TextLabel("soft\u00adhyphen", DARK_THEME)).size
    assert ink(TextLabel("\u0301", DARK_THEME)).size


def test_text_from_right_to_left_has_all_its_letters_in_their_order() -> None:
    try:
        narrow, wide = TextLabel("ו", DARK_THEME).width, TextLabel("ם", DARK_THEME).width
    except MissingFontError as missing:
        pytest.skip(str(missing))
    word = TextLabel("ום", DARK_THEME)  # its first letter, the narrow one, stands at the right
    assert word.width == pytest.approx(narrow + wide, rel=0.5)
    right = ink(word)[ink(word)[:, 0] > word.get_right()[0] - 0.9 * narrow]
    assert np.ptp(right[:, 0]) < 1.1 * narrow < 0.8 * wide


def ink(text: TextLabel) -> NDArray[np.float64]:
    """The points of the letters, without the corners of the box."""
    return text.points[:-8]
