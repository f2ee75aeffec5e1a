"""How numbers are written: three significant digits, at most six characters, true minus signs.

A number on screen has to fit its place, and a reader has to be able to check a printed product
with a calculator. So this module decides on digits in one place::

    figures(0.7631)        0.76        figures(12345.678)     12.3k
    figures(-1.224)        −1.22       figures(0.00004)       4.0e−5
    figures(-0.0)          0           figures(-3.99e11)      −399G
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

MINUS = "−"
SIGNIFICANT = 3
MOST_CHARACTERS = 6
# Fixed notation is used for sizes from SMALLEST to LARGEST; suffixes follow, then powers of ten.
_SMALLEST, _LARGEST = 1e-3, 1e3
_SUFFIXES = {0: "", 3: "k", 6: "M", 9: "G", 12: "T"}
# So many digits are added at most to make a product checkable.
_MOST_DIGITS = 4


def figures(
    value: float,
    decimals: int = 2,
    *,
    signed: bool = False,
    most: int = MOST_CHARACTERS,
    powers: bool = True,
) -> str:
    """Return a number with three significant digits, in at most six characters.

    Args:
        value: A finite number.
        decimals: Digits after the point of a number below 1. More are printed if fewer than two
            significant digits would remain, fewer if the text would be too long. With 0, whole
            numbers are written.
        signed: Whether a positive number has a plus sign.
        most: The number of characters, with the sign.
        powers: Whether a number below 0.001 is written with a power of ten; if not, with zeros as
            long as it fits, such as 0.0003.

    Returns:
        Fixed notation from 0.001 to 999, a suffix (k, M, G, T) up to 999T, and powers of ten for
        everything else. Zero is ``0``.
    """
    if value == 0:
        return "0"
    whole = f"{_sign(value, signed)}{abs(value):.0f}"
    if decimals == 0 and abs(value) >= 0.5 and len(whole) <= most:
        return whole
    for text in _candidates(abs(value), decimals, powers):
        whole = f"{_sign(value, signed)}{text}"
        if len(whole) <= most:
            return whole
    return whole


def plain(value: float) -> str:
    """Return a number as in a formula: a whole number without a point, others as `figures` does."""
    whole = float(value).is_integer() and abs(value) < _LARGEST
    return f"{value + 0.0:.0f}".replace("-", MINUS) if whole else figures(value)


def _candidates(size: float, decimals: int, powers: bool) -> Iterable[str]:
    """Yield texts for a positive number, the most precise one first."""
    rounded, exponent = float(f"{size:.{SIGNIFICANT}g}"), _exponent(size)
    if (_SMALLEST if powers else 0.0) <= rounded < _LARGEST:
        digits = _decimals(size, exponent, decimals)
        # Two digits before the point are enough of a number.
        least = 0 if exponent > 0 else 1
        yield from (f"{size:.{n}f}" for n in range(digits, least - 1, -1) if round(size, n))
    power = 3 * (exponent // 3)
    if rounded >= _LARGEST / 10 and power in _SUFFIXES:
        scaled, places = size / 10**power, SIGNIFICANT - 1 - (exponent - power)
        yield from (f"{scaled:.{n}f}{_SUFFIXES[power]}" for n in range(places, -1, -1))
    for digits in (1, 0):
        mantissa, _, shown = f"{size:.{digits}e}".partition("e")
        yield f"{mantissa}e{int(shown)}".replace("-", MINUS)


def _decimals(size: float, exponent: int, decimals: int) -> int:
    """Digits after the point of a number in fixed notation."""
    if exponent >= 0:
        return SIGNIFICANT - 1 - exponent
    if math.isclose(round(size, decimals), size, rel_tol=1e-9):
        return decimals
    return max(decimals, 1 - exponent)


def _sign(value: float, signed: bool) -> str:
    return MINUS if value < 0 else "+" if signed else ""


@dataclass(frozen=True)
class Column:
    """How the addends of one column are written: all with the same decimals and suffix.

    Attributes:
        decimals: Digits after the point.
        power: Every number is divided by 10 to this power, and has the suffix of it.
    """

    decimals: int
    power: int = 0

    @classmethod
    def of(cls, values: Iterable[float], decimals: int = 2) -> Column:
        """The column of some numbers: the largest one has three significant digits.

        Args:
            values: The addends, and their sum.
            decimals: Digits after the point where the largest number is below 10.
        """
        largest = max((abs(value) for value in values), default=0.0)
        if largest == 0:
            return cls(0)
        exponent = _exponent(largest)
        if exponent < 0:
            return cls(1, exponent) if exponent < -3 else cls(max(decimals, 1 - exponent))
        power = 3 * (exponent // 3)
        return cls(min(decimals, max(SIGNIFICANT - 1 - (exponent - power), 0)), power)

    @property
    def unit(self) -> float:
        """The size of one unit in the last digit of every number."""
        return float(10.0 ** (self.power - self.decimals))

    def write(self, value: float, *, signed: bool = True) -> str:
        """Return one number of the column. What rounds to zero has no sign."""
        text = f"{abs(value) / 10**self.power:.{self.decimals}f}"
        if not any(digit in "123456789" for digit in text):
            return "0" if value == 0 else text
        if self.power in _SUFFIXES:
            suffix = _SUFFIXES[self.power]
        else:
            suffix = f"e{self.power}".replace("-", MINUS)
        return f"{_sign(value, signed)}{text}{suffix}"


def value_of(text: str) -> float:
    """Return the number that a printed text stands for, as a reader would type it."""
    plain = text.replace(MINUS, "-")
    for power, suffix in _SUFFIXES.items():
        if suffix and plain.endswith(suffix):
            return float(plain[: -len(suffix)]) * 10**power
    return float(plain)


def unit_of(text: str) -> float:
    """Return the size of one unit in the last digit of a printed text."""
    plain = text.replace(MINUS, "-").lstrip("+-")
    mantissa, _, power = plain.partition("e")
    scale = 10.0 ** int(power) if power else 1.0
    for exponent, suffix in _SUFFIXES.items():
        if suffix and mantissa.endswith(suffix):
            mantissa, scale = mantissa[: -len(suffix)], 10.0**exponent
    _, _, decimals = mantissa.partition(".")
    return float(scale / 10 ** len(decimals))


def checked_product(
    factors: tuple[float, float], product: float, decimals: tuple[int, int, int] = (2, 2, 2)
) -> tuple[str, str, str]:
    """Return two factors and their product so that a calculator agrees with what is printed.

    The product of the printed factors differs from the printed product by at most one unit of its
    last digit. Where it does not, more digits are printed, first of the factors and then of the
    product.

    Args:
        factors: The two factors.
        product: Their product, as the core has computed it.
        decimals: Digits after the point to begin with: of the factors, then of the product.

    Returns:
        The texts of the factors, the second one and the product with their signs.
    """
    best: tuple[float, tuple[str, str, str]] | None = None
    for more in range(_MOST_DIGITS):
        for extra in range(min(more, 1) + 1):
            texts = (
                _precise(factors[0], decimals[0], more, signed=False),
                _precise(factors[1], decimals[1], more, signed=True),
                _precise(product, decimals[2], extra, signed=True),
            )
            off = abs(value_of(texts[0]) * value_of(texts[1]) - value_of(texts[2]))
            units = off / unit_of(texts[2])
            if units <= 1 + 1e-9:
                return texts
            if best is None or units < best[0]:
                best = units, texts
    assert best is not None
    return best[1]


def checked_factors(
    factors: tuple[float, float],
    product: str,
    unit: float,
    decimals: tuple[int, int] = (2, 2),
    seen: str = "",
) -> tuple[str, str, bool]:
    """Return two factors so that a calculator agrees with a product that is printed already.

    Args:
        factors: The two factors.
        product: Their product as it is printed.
        unit: By how much the product of the printed factors may differ from it.
        decimals: Digits after the point of the factors to begin with.
        seen: The first factor, if it is printed already.

    Returns:
        The texts of the factors, the second one with its sign, and whether a calculator agrees.
    """
    goal, first, second = value_of(product), "", ""
    for more in range(_MOST_DIGITS):
        first = seen or _precise(factors[0], decimals[0], more, signed=False)
        second = _precise(factors[1], decimals[1], more, signed=True)
        if abs(value_of(first) * value_of(second) - goal) <= unit * (1 + 1e-9):
            return first, second, True
    return first, second, False


def checked_step(
    value: float, rate: float, slope: float, result: float, decimals: tuple[int, int] = (2, 3)
) -> tuple[str, str, str, str]:
    """Return ``value − rate × slope = result`` so that a calculator agrees with what is printed.

    Args:
        value, rate, slope, result: As the core has computed them.
        decimals: Digits after the point to begin with: of the values, and of the slope.

    Returns:
        The texts of all four.
    """
    rated = f"{rate:.0f}" if float(rate).is_integer() and abs(rate) < 1000 else figures(rate)
    best: tuple[float, tuple[str, str, str, str]] | None = None
    for more in range(_MOST_DIGITS):
        for extra in range(min(more, 2) + 1):
            texts = (
                _precise(value, decimals[0], extra, signed=False),
                rated,
                _precise(slope, decimals[1], more, signed=False),
                _precise(result, decimals[0], extra, signed=False),
            )
            numbers = [value_of(text) for text in texts]
            unit = max(unit_of(texts[0]), unit_of(texts[3]))
            units = abs(numbers[0] - numbers[1] * numbers[2] - numbers[3]) / unit
            changed = texts[0] != texts[3] or value == result
            if units <= 0.5 + 1e-9 and changed:
                return texts
            if best is None or units < best[0]:
                best = units, texts
    assert best is not None
    return best[1]


def _precise(value: float, decimals: int, more: int, *, signed: bool) -> str:
    """A number with more digits than usual, and with as many characters as they need."""
    usual = figures(value, decimals, signed=signed)
    if more == 0 or math.isclose(value_of(usual), value, rel_tol=1e-12, abs_tol=0.0):
        return usual
    size = abs(value)
    if _SMALLEST <= size < _LARGEST:
        return f"{_sign(value, signed)}{size:.{_decimals(size, _exponent(size), decimals) + more}f}"
    power = 3 * (_exponent(size) // 3)
    if power in _SUFFIXES and power > 0:
        digits = SIGNIFICANT - 1 - (_exponent(size) - power) + more
        return f"{_sign(value, signed)}{size / 10**power:.{digits}f}{_SUFFIXES[power]}"
    mantissa, _, shown = f"{size:.{1 + more}e}".partition("e")
    return f"{_sign(value, signed)}{mantissa}e{int(shown)}".replace("-", MINUS)


def _exponent(size: float) -> int:
    """The power of ten of a positive number as it is printed."""
    rounded = float(f"{size:.{SIGNIFICANT}g}")
    return math.floor(math.log10(rounded)) if rounded else 0
