"""Words, numbers and formulae as mobjects whose size is the em of their font, in frame units.

Each is one ``VMobject`` (all contours in one path), cheap to copy, to draw and to change in every
frame.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose
from typing import Self

import numpy as np
from manim import LEFT, UP, MathTypst, VMobject
from numpy.typing import NDArray
from typst import TypstError

from netviz.drawing.glyphs import (
    FIGURES,
    MATH_SIZE_OF_UNIT_EM,
    SYMBOL,
    WORDS,
    digits,
    family_for,
    line,
    math,
    symbol_line,
)
from netviz.drawing.notation import symbol
from netviz.drawing.numerals import MOST_CHARACTERS, figures, value_of
from netviz.problems import Problem, ProblemError
from netviz.theme import Theme, as_theme

# Stroke around the letters, and of the bar of a fraction, in stroke units for an em of one frame
# unit.
_WEIGHT, _BAR = 2.0, 6.0
# Lengths in ems: height of the axis of a formula above its baseline; from line to line of words.
_AXIS = 0.25
# By how much of itself a number may be off that is written with fewer digits than usual.
_MOST_OFF = 1 / 4
LINE = 1.156
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Sized(VMobject):
    """A path that knows the em of its font, also after it or its group has been scaled.

    Args:
        em: Size in frame units.
        ends: Lower and upper end of a line, in ems: ``WORDS``, ``FIGURES`` or ``SYMBOL``.
        color: ``#RRGGBB``.
    """

    def __init__(self, em: float, ends: tuple[float, float], color: str) -> None:
        width = _WEIGHT * em
        super().__init__(fill_color=color, fill_opacity=1, stroke_color=color, stroke_width=width)
        self._em, self._ends = em, ends

    def get_points_defining_boundary(self) -> NDArray[np.float64]:
        """Return the ends of its curves, without a list of them, which takes manim long."""
        if self.submobjects:
            return super().get_points_defining_boundary()
        return self.points.reshape(-1, 4, 3)[:, ::3].reshape(-1, 3)

    def length_over_dim(self, dim: int) -> float:
        """Return its extent in a dimension, without visiting point by point as manim does."""
        if self.submobjects or not self.has_points():
            return super().length_over_dim(dim)
        return float(np.ptp(self.points[:, dim]))

    def set_ink(self, color: str, opacity: float = 1.0) -> Self:
        """Set the colour of the letters. A thin stroke gives light fonts some weight."""
        self.set_fill(color, opacity=opacity)
        return self.set_stroke(color, width=_WEIGHT * self.em, opacity=opacity)

    @property
    def em(self) -> float:
        """Em of the font in frame units; if nothing is written, that of the last text."""
        if self.has_points():
            low, high = (self.points[corner, 1] for corner in (-5, -1))
            self._em = float(high - low) / (self._ends[1] - self._ends[0])
        return self._em

    def set_em(self, em: float) -> Self:
        """Change the size, about the centre; if nothing is written, that of the next text."""
        if self.has_points() and not self._has_em(em):
            self.scale(em / self.em)
        self._em = em
        return self

    def _has_em(self, em: float) -> bool:
        return isclose(em, self.em, rel_tol=1e-12)

    @property
    def baseline(self) -> tuple[float, float, float]:
        """Left end, right end and height of the baseline, in frame units."""
        start, end = self.points[-5], self.points[-1]
        return float(start[0]), float(end[0]), float(start[1] - self._ends[0] * self.em)


class TextLabel(_Sized):
    """Words, in as many lines as ``text`` has.

    Args:
        text: The words.
        theme: Gives the font; a theme or its name.
        em: Size in frame units; by default the theme's ``number_size``.
        color: ``#RRGGBB``; by default the theme's colour of texts.
        centred: Whether lines are centred instead of aligned at the left.

    Raises:
        MissingFontError: No installed font has a letter of ``text``, which the error names.
        ProblemError: There is no such theme.

    Example:
        >>> round(TextLabel("hidden", DARK_THEME, em=0.5, color=DARK_THEME.muted).em, 3)
        0.5
    """

    def __init__(
        self,
        text: str,
        theme: Theme | str,
        *,
        em: float | None = None,
        color: str | None = None,
        centred: bool = True,
    ) -> None:
        theme = as_theme(theme)
        size = em or theme.number_size
        super().__init__(size, WORDS, color or theme.text)
        self.theme, self.centred = theme, centred
        self.write(text).center()

    def write(self, text: str) -> Self:
        """Write other words with the same centre and em; an empty text leaves nothing."""
        center = self.get_center() if self.has_points() else np.zeros(3)
        size, self.text = self.em, text
        family = family_for(self.theme.fonts)
        lines = [size * line(row, family) for row in text.split("\n") if row]
        for row, points in enumerate(lines):
            left = points[:, 0].max() / 2 if self.centred else 0.0
            lines[row] = points - [left, row * LINE * size, 0]
        self.set_points(np.concatenate(lines) if lines else np.zeros((0, 3)))
        return self.move_to(center) if lines else self


class Number(_Sized):
    """A number in tabular digits whose value can change in every frame.

    Args:
        value: The number.
        theme: Gives the font; a theme or its name.
        decimals: Digits after the point of a number below 1, as for ``numerals.figures``; 0 writes
            whole numbers.
        signed: Whether a plus is written too. A minus is always written (the true sign ``−``).
        em, color: As for :class:`TextLabel`.

    Attributes:
        value: The number as set, unrounded.
        text: The text on screen.

    Raises:
        ProblemError: There is no such theme.

    Example:
        >>> number = Number(0.5, DARK_THEME, decimals=3, signed=True)
        >>> number.set_value(-0.0412).text, number.set_value(12345.678).text
        ('−0.041', '+12.3k')
    """

    def __init__(
        self,
        value: float,
        theme: Theme | str,
        *,
        decimals: int = 2,
        signed: bool = False,
        em: float | None = None,
        color: str | None = None,
    ) -> None:
        theme = as_theme(theme)
        super().__init__(em or theme.number_size, FIGURES, color or theme.text)
        self.decimals = decimals
        self.signed = signed
        self._family = family_for(theme.fonts)
        self.set_value(value)

    def set_value(self, value: float) -> Self:
        """Write another number with the same centre and em."""
        return self.show(value, figures(float(value), self.decimals, signed=self.signed))

    def rewrite(self, value: float) -> Self:
        """Write another number that begins where this one begins, with the same em."""
        left = self.get_left()
        return self.set_value(value).move_to(left, aligned_edge=LEFT)

    def show(self, value: float, text: str) -> Self:
        """Write a number as ``text``, with the same centre and em."""
        self.value = float(value)
        return self._write(text)

    def fit(self, width: float, least: float | None = None) -> bool:
        """Write the number smaller, and then with fewer digits, until it fits a width.

        No form is off by more than a quarter: −0.066 does not become −0.1.

        Args:
            width: Largest width, in frame units.
            least: The smallest em, in frame units; by default the present one.

        Returns:
            Whether it fits. If not, it has the smallest size and as few digits as possible.
        """
        sizes = (self.em, self.em if least is None else min(least, self.em))
        forms = [
            (sizes[0], MOST_CHARACTERS),
            *((sizes[1], n) for n in range(MOST_CHARACTERS, 2, -1)),
        ]
        for em, most in forms:
            text = figures(self.value, self.decimals, signed=self.signed, most=most)
            if abs(value_of(text) - self.value) > _MOST_OFF * abs(self.value):
                break
            if text != self.text or not (self.has_points() and self._has_em(em)):
                self.set_em(em)._write(text)
            if self.width <= width + 1e-9:
                return True
        return False

    def _write(self, text: str) -> Self:
        center = self.get_center() if self.has_points() else np.zeros(3)
        self.text = text
        self.set_points(self.em * digits(text, self._family))
        return self.move_to(center)


class Symbol(_Sized):
    """A letter with indices, such as W₁,₂, with its layer above, as in formulae.

    Args:
        letter: A letter in Typst mathematics.
        layer: The layer; 1 is the first after the input.
        indices: Indices of neurons, counted from 1.
        theme: Gives the colour; a theme or its name.
        em, color: As for :class:`TextLabel`.

    Attributes:
        text: The same in one line.

    Raises:
        ProblemError: There is no such theme.
    """

    def __init__(
        self,
        letter: str,
        layer: int,
        indices: tuple[int, ...],
        theme: Theme | str,
        *,
        em: float | None = None,
        color: str | None = None,
    ) -> None:
        theme = as_theme(theme)
        size = em or theme.number_size
        super().__init__(size, SYMBOL, color or theme.text)
        below = ",".join(map(str, indices)).translate(_BELOW)
        self.text = letter + below + (f"⁽{layer}⁾".translate(_ABOVE) if layer > 1 else "")
        family = family_for(theme.fonts)
        self.set_points(size * symbol_line(symbol(letter, layer, *indices), family))
        self.center()


def formula(
    typst: str,
    theme: Theme | str,
    *,
    em: float | None = None,
    color: str | None = None,
    parts: Mapping[str, str] | None = None,
    width: float | None = None,
    whose: str = "",
) -> MathTypst:
    """Return a formula in the font of the text, set by Typst.

    Args:
        typst: Typst mathematics; ``{{ x : name }}`` names a part.
        theme: Gives the size and the colour; a theme or its name.
        em, color: As for :class:`TextLabel`.
        parts: Colours of named parts.
        width: Largest width, in frame units; a longer formula is set smaller.
        whose: What the formula belongs to, for the error.

    Raises:
        ProblemError: There is no such theme, or Typst cannot read the formula.

    Example:
        >>> sum_of_products = formula("z_j = sum_k W_(j,k) a_k + b_j", DARK_THEME, width=4)
        >>> bool(sum_of_products.width <= 4)
        True
    """
    theme = as_theme(theme)
    size = em or theme.number_size
    family = family_for(theme.fonts)
    color, font_size = color or theme.text, size * MATH_SIZE_OF_UNIT_EM
    try:
        mobject = math(typst, family, font_size, color=color)
    except TypstError as error:
        where = f"the formula {typst!r}" + (f" of {whose}" if whose else "")
        expected = "mathematics of Typst, such as 1 / (1 + e^(-z))"
        raise ProblemError(Problem(where, f"cannot be read ({error})", expected)) from error
    for glyph in mobject.family_members_with_points():
        is_bar = glyph.get_stroke_width() > 0  # of a fraction
        glyph.set_stroke(color, width=(_BAR if is_bar else _WEIGHT) * size)
    for name, part_color in (parts or {}).items():
        mobject.select(name).set_color(part_color)
    if width is not None and mobject.width > width:
        mobject.scale(width / mobject.width)
    # manim keeps the parsed SVG path of each glyph and copies it with every copy of the formula.
    for glyph in mobject.family_members_with_points():
        glyph.path_obj = None
    return mobject


def put_name(name: MathTypst, number: Number, gap: float = 0.2) -> MathTypst:
    """Place a formula that ends in ``=`` before a number, both on one baseline.

    The two strokes of the equals sign lie around the axis of the formula, a quarter of an em above
    its baseline.

    Args:
        name: The formula.
        number: The number.
        gap: Distance between them, in frame units.
    """
    name.next_to(number, LEFT, buff=gap)
    baseline = name[-1].get_y() - _AXIS * name.font_size / MATH_SIZE_OF_UNIT_EM
    return name.shift((number.baseline[2] - baseline) * UP)
