"""Numbers fit their place, and what is printed agrees with a calculator."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from netviz.drawing.numerals import (
    MOST_CHARACTERS,
    Column,
    checked_product,
    figures,
    unit_of,
    value_of,
)

SIZES = st.floats(min_value=1e-9, max_value=1e9)
NUMBERS = st.builds(math.copysign, SIZES, st.sampled_from([1.0, -1.0]))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.7631, "0.76"),
        (-1.224, "−1.22"),
        (0.0, "0"),
        (-0.0, "0"),
        (12345.678, "12.3k"),
        (0.00004, "4.0e−5"),
        (-0.00004, "−4e−5"),
        (-399999997950.617, "−400G"),
        (999.6, "1.00k"),
        (0.05, "0.05"),
        (0.0533, "0.053"),
        (1e300, "1e300"),
        (-123.4, "−123"),
        (12.34, "12.3"),
    ],
)
def test_a_number_has_three_significant_digits(value: float, text: str) -> None:
    assert figures(value) == text


def test_a_plus_is_written_where_signs_matter() -> None:
    assert figures(0.118, 3, signed=True) == "+0.118"
    assert figures(0.0, signed=True) == "0"


@pytest.mark.parametrize(
    ("value", "most", "text"),
    [
        (0.00026, 6, "0.0003"),
        (0.00026, 9, "0.00026"),
        (1.34e-5, 9, "0.000013"),
        (-1.34e-5, 6, "−1e−5"),
        (0.5, 6, "0.50"),
        (12345.0, 6, "12.3k"),
    ],
)
def test_small_numbers_may_be_written_with_zeros(value: float, most: int, text: str) -> None:
    assert figures(value, most=most, powers=False) == text


def test_a_number_with_less_room_keeps_the_digits_that_fit() -> None:
    assert [figures(-41.2, most=most) for most in (6, 5, 4, 3)] == ["−41.2", "−41.2", "−41", "−41"]
    assert [figures(0.527, most=most) for most in (4, 3)] == ["0.53", "0.5"]


@given(NUMBERS, st.booleans())
def test_a_number_fits_its_place_and_is_close(value: float, signed: bool) -> None:
    text = figures(value, signed=signed)
    assert len(text) <= MOST_CHARACTERS
    assert value_of(text) == pytest.approx(value, rel=0.51, abs=0)
    assert abs(value_of(text) - value) <= 0.51 * unit_of(text)


@given(NUMBERS, NUMBERS)
def test_the_printed_product_is_that_of_the_printed_factors(a: float, b: float) -> None:
    first, second, product = checked_product((a, b), a * b)
    printed = value_of(first) * value_of(second)
    assert abs(printed - value_of(product)) <= 1.0001 * unit_of(product)


def test_exact_factors_get_no_more_digits() -> None:
    first, second, product = checked_product((0.0526, 1.77), 0.0526 * 1.77, (3, 2, 3))
    assert second == "+1.77"
    assert (first, product) == ("0.053", "+0.093")


@given(st.lists(NUMBERS, min_size=1, max_size=8))
def test_the_addends_of_a_column_share_their_decimals(values: list[float]) -> None:
    column = Column.of(values)
    written = [column.write(value) for value in values]
    texts = [text for text in written if value_of(text)]  # a rounded zero needs no suffix
    assert len({unit_of(text) for text in texts}) == 1
    largest = max(values, key=abs)
    assert value_of(column.write(largest)) == pytest.approx(largest, rel=0.06)


def test_a_column_of_zeros_is_written_as_zeros() -> None:
    column = Column.of([0.0, -0.0])
    assert [column.write(value) for value in (0.0, -0.0)] == ["0", "0"]


def test_a_sum_of_ordinary_numbers_has_two_decimals() -> None:
    column = Column.of([0.396, 0.053, -1.176, -0.076, 0.846])
    assert column.write(-1.176) == "−1.18"
    assert column.write(0.053) == "+0.05"
