"""Contours of words, numbers and symbols, and the font that they are set in.

Pango sets each string once, and each of its glyphs is read once; manim's own ``Text`` reads all of
them each time.
"""

from __future__ import annotations

import errno
import os
import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import manimpango
import numpy as np
from manim import NORMAL, MathTypst, VMobject
from manim.mobject.text.text_mobject import TEXT_MOB_SCALE_FACTOR
from manimpango import TextSetting
from numpy.typing import NDArray

from netviz.drawing.numerals import MINUS
from netviz.files import temporary_folder
from netviz.problems import Problem, ProblemError, a

Points = NDArray[np.float64]

# The font_size at which manim's Text and its MathTypst have an em of one frame unit.
_TEXT_SIZE_OF_UNIT_EM = 72
MATH_SIZE_OF_UNIT_EM = 96
# Formulae are set in the font of the text, upright, with the mathematical signs that it lacks from
# Typst's own. Indices are a little larger than usual, so that they are as large as annotations.
_MATH_PREAMBLE = """\
#show math.equation: set text(font: (
  (name: "{family}", covers: regex("[^∂∑]")), "New Computer Modern Math"
))
#let larger(x) = if x == none {{ none }} else {{ text(size: 1.1em, x) }}
#show math.attach: it => if it.at("label", default: none) == <larger> {{ it }} else [#math.attach(
  it.base, tr: it.at("tr", default: none),
  t: larger(it.at("t", default: none)), b: larger(it.at("b", default: none)),
) <larger>]
"""
# Units of manim's font_size in one of Pango's points.
_PANGO_POINTS = 4.8
# What Pango writes: paths of glyphs, and where they are used.
_SVG, _HREF = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
_PATH, _USE = f"{_SVG}path", f"{_SVG}use"
_COMMANDS = re.compile(r"([MLCZ])([^MLCZ]*)")
# The characters of numbers, except the minus.
_FIGURE_SET = "0123456789+."

# Lengths in ems.
# Lower and upper end of the box of a line above the baseline: of words, of digits (the point is a
# little below the baseline), of a letter with indices. The first two have the same middle, so that
# words and numbers align by their centres.
WORDS = (-0.2, 0.956)
FIGURES = (-0.04, 0.796)
SYMBOL = (-0.38, 1.09)
# Half the thickness of a minus.
_MINUS_HALF = 0.036

# Kinds of letters, by the first word of their Unicode names, with a package of fonts that has them.
_CJK = (
    "fonts-noto-cjk on Debian and Ubuntu, google-noto-sans-cjk-fonts on Fedora, "
    "noto-fonts-cjk on Arch"
)
_SCRIPTS = {
    "HANGUL": (
        "Korean",
        "fonts-nanum on Debian and Ubuntu, naver-nanum-gothic-fonts on Fedora, "
        "noto-fonts-cjk on Arch",
    ),
    "CJK": ("Chinese", _CJK),
    "HIRAGANA": ("Japanese", _CJK),
    "KATAKANA": ("Japanese", _CJK),
    "DIGIT": ("Latin", "fonts-dejavu on Debian and Ubuntu, dejavu-sans-fonts on Fedora"),
    "LATIN": ("Latin", "fonts-dejavu on Debian and Ubuntu, dejavu-sans-fonts on Fedora"),
}
_SYMBOLS = "fonts-symbola on Debian and Ubuntu, gdouros-symbola-fonts on Fedora"
_OTHERS = "fonts-noto-core on Debian and Ubuntu, noto-fonts on Arch"
# What begins and ends a part of a text with a direction of its own, after a digit from left to
# right: LEFT-TO-RIGHT MARK and FIRST STRONG ISOLATE, POP DIRECTIONAL ISOLATE (UAX #9).
_ISOLATED = "\u200e\u2068{}\u2069"


# ---- fonts ---------------------------------------------------------------------------------------


class MissingFontError(ProblemError):
    """No installed font has a glyph for some letter, or only one that is a picture."""


@lru_cache(maxsize=64)
def family_for(families: tuple[str, ...]) -> str:
    """Return the first installed family; without one, the system's sans-serif.

    Args:
        families: Names of font families, in order of preference.
    """
    return next((family for family in families if family in _installed()), "sans-serif")


@lru_cache(maxsize=1)
def _installed() -> frozenset[str]:
    return frozenset(manimpango.list_fonts())


def _missing(text: str, family: str) -> MissingFontError:
    """Return the error for a text with letters that no font has, which names their script."""
    letters = [letter for letter in dict.fromkeys(text) if not letter.isspace()]
    letter = next((each for each in letters if not _is_drawn(each, family)), letters[0])
    word = unicodedata.name(letter, "UNKNOWN").partition(" ")[0].partition("-")[0]
    if word in _SCRIPTS:
        script, package = _SCRIPTS[word]
    elif unicodedata.category(letter) in ("So", "Sk", "Cn", "Co"):
        script, package = "symbol", _SYMBOLS
    else:
        script, package = word.capitalize(), _OTHERS
    shown = letter if letter.isprintable() else f"U+{ord(letter):04X}"
    found = f"has {a(script)} character, {shown}, which no installed font has as an outline"
    hint = f"install a package such as {package}"
    return MissingFontError(Problem(f"the text {text!r}", found, "other characters", hint))


def _is_drawn(text: str, family: str) -> bool:
    with temporary_folder() as folder:
        return _write(text, family, folder / "letter.svg")


# ---- contours ------------------------------------------------------------------------------------


@lru_cache(maxsize=2048)
def line(text: str, family: str) -> Points:
    """Return the contours of ``text`` at an em of one, on the baseline y = 0, read-only."""
    from_right = any(unicodedata.bidirectional(letter) in ("R", "AL") for letter in text)
    drawn = _ISOLATED.format(text) if from_right else text
    reference, *glyphs = _glyphs("0" + drawn, family, text)
    if not glyphs:  # blanks only
        return _boxed(np.zeros((0, 3)), 0.0, WORDS)
    points = np.concatenate(glyphs)
    points = points - [points[:, 0].min(), reference[:, 1].min(), 0]
    return _boxed(points, points[:, 0].max(), WORDS)


def math(typst: str, family: str, size: float, **options: Any) -> MathTypst:
    """Return a formula in the font of the text.

    Args:
        typst: Typst mathematics.
        family: The font family.
        size: manim's ``font_size``; ``MATH_SIZE_OF_UNIT_EM`` is an em of one frame unit.
        options: Other options of ``MathTypst``.
    """
    # An argument of a function of Typst ends at a comma.
    depth, code = 0, ""
    for before, character in zip(" " + typst, typst, strict=False):
        if before != "\\":
            depth += (character in "([{") - (character in ")]}")
        code += "\\," if character == "," and depth == 0 and before != "\\" else character
    preamble = _MATH_PREAMBLE.format(family=family)
    return MathTypst(f"upright({code})", font_size=size, typst_preamble=preamble, **options)


@lru_cache(maxsize=1024)
def symbol_line(typst: str, family: str) -> Points:
    """Return the contours of a symbol at an em of one, on the baseline y = 0, read-only."""
    glyphs = math(typst, family, MATH_SIZE_OF_UNIT_EM).family_members_with_points()
    letter = glyphs[0]
    points = np.concatenate([glyph.points for glyph in glyphs])
    points = points - [points[:, 0].min(), letter.get_bottom()[1], 0]
    return _boxed(points, points[:, 0].max(), SYMBOL)


@lru_cache(maxsize=512)
def digits(text: str, family: str) -> Points:
    """Return the contours of a number at an em of one, all digits in cells of one width."""
    x, parts = 0.0, []
    for character in text:
        points, advance = _cell(character, family)
        parts.append(points + np.array([x, 0, 0]))
        x += advance
    return _boxed(np.concatenate(parts), x, FIGURES)


def _boxed(points: Points, width: float, ends: tuple[float, float]) -> Points:
    """Add two curves without extent at the corners of the line's box, at the end of the path.

    They draw nothing. With them the extent of a mobject is that of its line and cells instead of
    its letters: "input" and "hidden" have one baseline, 0.61 and 0.64 one place. Read-only.
    """
    corners = [np.tile([x, y, 0.0], (4, 1)) for x, y in ((0, ends[0]), (width, ends[1]))]
    boxed = np.concatenate([points, *corners])
    boxed.flags.writeable = False
    return boxed


@lru_cache(maxsize=64)
def _cell(character: str, family: str) -> tuple[Points, float]:
    """Return the contour of one character from the left of its cell, and the cell's width."""
    if character == MINUS:
        return _minus(family)
    return _cells(_FIGURE_SET if character in _FIGURE_SET else character, family)[character]


@lru_cache(maxsize=64)
def _cells(characters: str, family: str) -> dict[str, tuple[Points, float]]:
    """Return the same for several characters, rendered by one call of Pango, which is slow."""
    glyphs = _glyphs("0" + "".join(f"{character}0" for character in characters), family)
    cells = {}
    for place, character in enumerate(characters):
        zero, glyph, after = glyphs[2 * place : 2 * place + 3]
        left = zero[:, 0].min() + _digit_width(family)
        points = glyph - [left, zero[:, 1].min(), 0]
        cells[character] = points, after[:, 0].min() - left
    return cells


def _minus(family: str) -> tuple[Points, float]:
    """Return a minus as wide as the plus: many fonts lack it, and a hyphen is too short."""
    plus, advance = _cell("+", family)
    (left, bottom), (right, top) = plus[:, :2].min(axis=0), plus[:, :2].max(axis=0)
    middle, half = (bottom + top) / 2, _MINUS_HALF
    corners = [(left, middle - half), (right, middle - half), (right, middle + half)]
    corners += [(left, middle + half), (left, middle - half)]
    bar = VMobject().set_points_as_corners([(x, y, 0) for x, y in corners])
    return bar.points, advance


@lru_cache(maxsize=8)
def _digit_width(family: str) -> float:
    first, second = _glyphs("00", family)
    return float(second[:, 0].min() - first[:, 0].min())


def _glyphs(text: str, family: str, shown: str = "") -> list[Points]:
    """Return the contours of each glyph of one line, at an em of one, where Pango puts them.

    The line is never wrapped: manim lets Pango wrap it at the width of the frame.

    Args:
        text: The line.
        family: The font family.
        shown: What of it an error shows; by default all.

    Raises:
        MissingFontError: No font has some letter.
        OSError: The temporary folder is full.
    """
    with temporary_folder() as folder:
        file = folder / "line.svg"
        if not _write(text, family, file):
            raise _missing(shown or text, family)
        elements = list(ElementTree.parse(file).iter())
    paths = {f"#{e.get('id')}": path.get("d", "") for e in elements for path in e.iter(_PATH)}
    glyphs = []
    for use in elements:
        if use.tag == _USE and (points := _curves(paths.get(use.get(_HREF, ""), ""))).size:
            place = np.array([float(use.get("x", 0)), float(use.get("y", 0)), 0.0])
            glyphs.append((points + place) * [TEXT_MOB_SCALE_FACTOR, -TEXT_MOB_SCALE_FACTOR, 1])
    return glyphs


@lru_cache(maxsize=4096)
def _curves(path: str) -> Points:
    """Return a path of SVG as manim's cubic curves, without those of length 0.

    Args:
        path: Commands M, L, C and Z, as Cairo writes them. All contours are closed.
    """
    curves: list[tuple[complex, complex, complex, complex]] = []
    start = pen = 0j
    for command, numbers in _COMMANDS.findall(path):
        x_y = list(map(float, numbers.split()))
        places = [complex(*pair) for pair in zip(x_y[::2], x_y[1::2], strict=True)]
        if command == "M":
            start = pen = places[0]
            continue
        *handles, end = places or [start]
        first, second = handles or [(2 * pen + end) / 3, (pen + 2 * end) / 3]
        if not pen == first == second == end:
            curves.append((pen, first, second, end))
        pen = end
    flat = np.array(curves, dtype=complex).ravel()
    return np.stack([flat.real, flat.imag, np.zeros(len(flat))], axis=1)


def _write(text: str, family: str, file: Path) -> bool:
    """Let Pango write a line as SVG, and return whether there is an outline for every letter.

    Raises:
        OSError: The folder of the file is full.
    """
    size = _TEXT_SIZE_OF_UNIT_EM / _PANGO_POINTS
    room = round(4 * size * (len(text) + 2))
    style = TextSetting(0, len(text), family, NORMAL, NORMAL, line_num=0)
    # Without ligatures.
    height = round(4 * size)
    manimpango.text2svg(
        [style], size, size, True, str(file), 0, round(2 * size), room, height, text
    )
    written = file.read_text(encoding="utf-8") if file.exists() else ""
    if not written.rstrip().endswith("</svg>"):  # cairo does not report a full disk
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file.parent.parent))
    # A glyph is an element <use>. A box in place of a glyph is a path, a colour glyph an image.
    drawing = written.rpartition("</defs>")[2]
    return "<image" not in written and not re.search(r"<(path|rect)\b", drawing)
