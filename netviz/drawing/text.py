"""Words, numbers and formulae as mobjects whose size is the em of their font in frame units.

Each is one ``VMobject`` (all contours in one path), cheap to copy, to draw and to change in every
frame. Pango is asked once for a string; manim's own ``Text`` parses an SVG file each time.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

import manimpango
import numpy as np
from manim import LEFT, UP, MathTypst, Text, VMobject
from manimpango import TextSetting
from numpy.typing import NDArray

from netviz.drawing.fonts import family_for, has_hangul
from netviz.drawing.notation import symbol
from netviz.theme import Theme

Points = NDArray[np.float64]

# manim's Text at font_size 72, and its MathTypst at 96, have an em of one frame unit.
_TEXT_SIZE_OF_UNIT_EM = 72
_MATH_SIZE_OF_UNIT_EM = 96
# Stroke around the letters, in manim's stroke units for an em of one.
_WEIGHT = 2.0
# How many units of manim's font_size one of Pango's points is.
_PANGO_POINTS = 4.8
MINUS = "−"
# What numbers are made of, beside the minus.
_FIGURE_SET = "0123456789+."
# From this size on, a number may be shortened to a whole one.
_WHOLE = 10
# Height of the axis of a formula above its baseline, at an em of one.
_AXIS = 0.25
# From line to line of words, at an em of one.
LINE = 1.156
# Lower and upper end of the box of a line of words, and of a line of digits, above the baseline at
# an em of one. Both have the same middle, so that words and numbers align by their centres.
_WORDS = (-0.2, 0.956)
# The point hangs a little below the baseline.
_FIGURES = (-0.04, 0.796)
# A letter with indices below and above.
_SYMBOL = (-0.38, 1.09)
_BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_ABOVE = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


class _Sized(VMobject):
    """A path that knows the em of its font, whatever scales it or a group that it is in.

    Args:
        em: It is set in, in frame units.
        ends: Of the box of a line at an em of one: ``_WORDS``, ``_FIGURES`` or ``_SYMBOL``.
        color: ``#RRGGBB``.
    """

    def __init__(self, em: float, ends: tuple[float, float], color: str) -> None:
        width = _WEIGHT * em
        super().__init__(fill_color=color, fill_opacity=1, stroke_color=color, stroke_width=width)
        self._em, self._ends = em, ends

    def set_ink(self, color: str, opacity: float = 1.0) -> Self:
        """Colour of the letters. A hair of stroke gives the light fonts of the list some weight."""
        self.set_fill(color, opacity=opacity)
        return self.set_stroke(color, width=_WEIGHT * self.em, opacity=opacity)

    @property
    def em(self) -> float:
        """Em of the font in frame units; while nothing is written, that of the last line."""
        if self.has_points():
            low, high = (self.points[corner, 1] for corner in (-5, -1))
            self._em = float(high - low) / (self._ends[1] - self._ends[0])
        return self._em

    def set_em(self, em: float) -> Self:
        """Write it in another size, about its centre; what is not written yet, when it is."""
        if self.has_points():
            self.scale(em / self.em)
        self._em = em
        return self

    @property
    def baseline(self) -> tuple[float, float, float]:
        """Left and right end of what is written, and the foot of its letters, in frame units."""
        start, end = self.points[-5], self.points[-1]
        return float(start[0]), float(end[0]), float(start[1] - self._ends[0] * self.em)


class TextLabel(_Sized):
    """Words, in as many lines as ``text`` has.

    Args:
        text: What it says.
        theme: Gives the font.
        em: Size in frame units; the theme's ``number_size`` unless told.
        color: ``#RRGGBB``; the theme's text colour unless told.
        centred: Whether lines stand in the middle of each other, and not at the left.

    Raises:
        MissingFontError: ``text`` is Korean and no font for it is installed.
        ValueError: It has a character that draws nothing, such as a soft hyphen.

    Example:
        >>> round(TextLabel("hidden", DARK_THEME, em=0.5, color=DARK_THEME.muted).em, 3)
        0.5
    """

    def __init__(
        self,
        text: str,
        theme: Theme,
        *,
        em: float | None = None,
        color: str | None = None,
        centred: bool = True,
    ) -> None:
        size = em or theme.number_size
        super().__init__(size, _WORDS, color or theme.text)
        self.theme, self.centred = theme, centred
        self.write(text).center()

    def write(self, text: str) -> Self:
        """Write something else in the same place (same centre, same em); "" leaves nothing."""
        center = self.get_center() if self.has_points() else np.zeros(3)
        size, self.text = self.em, text
        family = family_for(self.theme.fonts, has_hangul(text))
        lines = [size * _line(line, family) for line in text.split("\n") if line]
        for row, line in enumerate(lines):
            left = line[:, 0].max() / 2 if self.centred else 0.0
            lines[row] = line - [left, row * LINE * size, 0]
        self.set_points(np.concatenate(lines) if lines else np.zeros((0, 3)))
        return self.move_to(center) if lines else self


class Number(_Sized):
    """A number in tabular digits whose value can change in every frame.

    Args:
        value: What it shows.
        theme: Gives the font.
        decimals: Digits after the point.
        signed: Whether a plus is written too. A minus always is (the true sign ``−``).
        em, color: As for :class:`TextLabel`.

    Attributes:
        value: As set, unrounded.
        text: What stands on screen.

    Example:
        >>> number = Number(0.5, DARK_THEME, decimals=3, signed=True)
        >>> number.set_value(float(blame.loss)).text == f"+{blame.loss:.3f}"
        True
    """

    def __init__(
        self,
        value: float,
        theme: Theme,
        *,
        decimals: int = 2,
        signed: bool = False,
        em: float | None = None,
        color: str | None = None,
    ) -> None:
        super().__init__(em or theme.number_size, _FIGURES, color or theme.text)
        self.decimals = decimals
        self.signed = signed
        self._family = family_for(theme.fonts, korean=False)
        self.set_value(value)

    def set_value(self, value: float) -> Self:
        """Write another number in the same place (same centre, same em)."""
        self.value = float(value)
        return self._write(formatted(self.value, self.decimals, self.signed))

    def shorten(self, width: float) -> Self:
        """Write the number shorter, if it is wider than ``width``: −.34, −0.3; 12.3, 12."""
        full = formatted(self.value, self.decimals, self.signed)
        least = 0 if abs(self.value) >= _WHOLE else 1
        digits = range(self.decimals - 1, least - 1, -1)
        fewer = (formatted(self.value, n, self.signed) for n in digits)
        for text in (full, full.replace("0.", ".", 1) if abs(self.value) < 1 else full, *fewer):
            self._write(text)
            if self.width <= width:
                break
        return self

    def _write(self, text: str) -> Self:
        center = self.get_center() if self.has_points() else np.zeros(3)
        self.text = text
        self.set_points(self.em * _digits(text, self._family))
        return self.move_to(center)


class Symbol(_Sized):
    """A letter with indices, such as W₁,₂ with its layer above, as formulae have it.

    Args:
        letter: In Typst mathematics.
        layer: 1 is the first after the input.
        indices: Counted from 1.
        theme: Gives the colour.
        em, color: As for :class:`TextLabel`.

    Attributes:
        text: What it says, in a line.
    """

    def __init__(
        self,
        letter: str,
        layer: int,
        indices: tuple[int, ...],
        theme: Theme,
        *,
        em: float | None = None,
        color: str | None = None,
    ) -> None:
        size = em or theme.number_size
        super().__init__(size, _SYMBOL, color or theme.text)
        below = ",".join(map(str, indices)).translate(_BELOW)
        self.text = letter + below + (f"⁽{layer}⁾".translate(_ABOVE) if layer > 1 else "")
        self.set_points(size * _symbol(symbol(letter, layer, *indices)))
        self.center()


def formatted(value: float, decimals: int = 2, signed: bool = False) -> str:
    """``value`` as it stands on screen: rounded, with a true minus, never a negative zero.

    >>> formatted(-0.0412, 3, signed=True), formatted(-0.001, 2)
    ('−0.041', '0.00')
    """
    text = f"{value:+.{decimals}f}" if signed else f"{value:.{decimals}f}"
    if not any(c in "123456789" for c in text):
        text = text.lstrip("+-")
    return text.replace("-", MINUS)


def formula(
    typst: str,
    theme: Theme,
    *,
    em: float | None = None,
    color: str | None = None,
    parts: Mapping[str, str] | None = None,
    width: float | None = None,
) -> MathTypst:
    """A formula set by Typst.

    Args:
        typst: Typst mathematics; ``{{ x : name }}`` names a part.
        theme: Gives the size and the colour.
        em, color: As for :class:`TextLabel`.
        parts: Colour of named parts.
        width: What it may fill at most, in frame units; a longer one is set smaller.

    Example:
        >>> sum_of_products = formula("z_j = sum_k W_(j,k) a_k + b_j", DARK_THEME, width=4)
        >>> bool(sum_of_products.width <= 4)
        True
    """
    size = em or theme.heading_size
    mobject = MathTypst(
        typst, font_size=size * _MATH_SIZE_OF_UNIT_EM, color=color or theme.text, stroke_width=0
    )
    for name, part_color in (parts or {}).items():
        mobject.select(name).set_color(part_color)
    if width is not None and mobject.width > width:
        mobject.scale(width / mobject.width)
    # manim keeps the parsed SVG path of each glyph and copies it with every copy of the formula.
    for glyph in mobject.family_members_with_points():
        glyph.path_obj = None
    return mobject


def put_name(name: MathTypst, number: Number, gap: float = 0.2) -> MathTypst:
    """Put a formula that ends in ``=`` before a number, both on one baseline.

    The two strokes of the equals sign lie about the axis of the formula, a quarter of an em above
    its baseline.
    """
    name.next_to(number, LEFT, buff=gap)
    baseline = name[-1].get_y() - _AXIS * name.font_size / _MATH_SIZE_OF_UNIT_EM
    return name.shift((number.baseline[2] - baseline) * UP)


@lru_cache(maxsize=2048)
def _line(text: str, family: str) -> Points:
    """Contours of ``text`` at an em of one, on the baseline y = 0, read-only."""
    try:
        reference, *glyphs = _glyphs("0" + text, family)
    except ValueError as error:  # manim finds fewer glyphs than letters
        told = f"the text {text!r} has a character that draws nothing: expected none but spaces"
        raise ValueError(told) from error
    points = np.concatenate([glyph.points for glyph in glyphs])
    points = points - [points[:, 0].min(), reference.get_bottom()[1], 0]
    return _boxed(points, points[:, 0].max(), _WORDS)


@lru_cache(maxsize=1024)
def _symbol(typst: str) -> Points:
    """Contours of a symbol at an em of one, its letter on the baseline y = 0, read-only."""
    glyphs = MathTypst(typst, font_size=_MATH_SIZE_OF_UNIT_EM).family_members_with_points()
    letter = glyphs[0]
    points = np.concatenate([glyph.points for glyph in glyphs])
    points = points - [points[:, 0].min(), letter.get_bottom()[1], 0]
    return _boxed(points, points[:, 0].max(), _SYMBOL)


@lru_cache(maxsize=512)
def _digits(text: str, family: str) -> Points:
    """Contours of a number at an em of one, every digit in a cell of the same width."""
    x, parts = 0.0, []
    for character in text:
        points, advance = _cell(character, family)
        parts.append(points + np.array([x, 0, 0]))
        x += advance
    return _boxed(np.concatenate(parts), x, _FIGURES)


def _boxed(points: Points, width: float, ends: tuple[float, float]) -> Points:
    """Add two curves without extent at the corners of the line's box, at the end of the path.

    They draw nothing, and make the box of a mobject that of its line and cells rather than of its
    ink: "input" and "hidden" stand on one baseline, 0.61 and 0.64 in one place. Read-only.
    """
    corners = [np.tile([x, y, 0.0], (4, 1)) for x, y in ((0, ends[0]), (width, ends[1]))]
    boxed = np.concatenate([points, *corners])
    boxed.flags.writeable = False
    return boxed


@lru_cache(maxsize=64)
def _cell(character: str, family: str) -> tuple[Points, float]:
    """Contour of one character from the left of its cell, and the width of the cell."""
    if character == MINUS:
        return _minus(family)
    return _cells(_FIGURE_SET if character in _FIGURE_SET else character, family)[character]


@lru_cache(maxsize=64)
def _cells(characters: str, family: str) -> dict[str, tuple[Points, float]]:
    """The same for several characters, of which Pango is asked at once: that is its price."""
    glyphs = _glyphs("0" + "".join(f"{character}0" for character in characters), family)
    cells = {}
    for place, character in enumerate(characters):
        zero, glyph, after = glyphs[2 * place : 2 * place + 3]
        left = zero.get_left()[0] + _digit_width(family)
        points = glyph.points - [left, zero.get_bottom()[1], 0]
        cells[character] = points, after.get_left()[0] - left
    return cells


def _minus(family: str) -> tuple[Points, float]:
    """A minus as wide as the plus: many fonts lack the glyph, and a hyphen is too short."""
    plus, advance = _cell("+", family)
    (left, bottom), (right, top) = plus[:, :2].min(axis=0), plus[:, :2].max(axis=0)
    middle, half = (bottom + top) / 2, 0.036
    corners = [(left, middle - half), (right, middle - half), (right, middle + half)]
    corners += [(left, middle + half), (left, middle - half)]
    bar = VMobject().set_points_as_corners([(x, y, 0) for x, y in corners])
    return bar.points, advance


@lru_cache(maxsize=8)
def _digit_width(family: str) -> float:
    first, second = _glyphs("00", family)
    return float(second.get_left()[0] - first.get_left()[0])


def _glyphs(text: str, family: str) -> list[VMobject]:
    with TemporaryDirectory(prefix="netviz-text-") as folder:
        line = _OneLine(text, family, Path(folder))
    return [glyph for glyph in line.submobjects if glyph.has_points()]


class _OneLine(Text):
    """Text that is never broken: manim lets Pango wrap it at the width of the frame in pixels."""

    def __init__(self, text: str, family: str, folder: Path) -> None:
        self._folder = folder
        super().__init__(text, font=family, font_size=_TEXT_SIZE_OF_UNIT_EM, disable_ligatures=True)

    def _text2svg(self, color: str) -> str:
        file = self._folder / "line.svg"
        size = self._font_size / _PANGO_POINTS
        room = round(4 * size * (len(self.text) + 2))
        style = TextSetting(0, len(self.text), self.font, self.slant, self.weight, line_num=0)
        manimpango.text2svg(
            [style],
            size,
            size,
            self.disable_ligatures,
            str(file),
            0,
            round(2 * size),
            room,
            round(4 * size),
            self.text,
        )
        return str(file)
