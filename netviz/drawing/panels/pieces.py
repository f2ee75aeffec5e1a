"""Pieces that panels are made of: axes, plane, curve, rule, bars, columns, rows.

Values become positions by :class:`ValueMap`, which ``axes.c2p(x, y)`` and ``plane.at(points)`` use.
It follows what is drawn, so that a panel can be moved and scaled.
Lengths and positions are in frame units (the frame is 8 high), stroke widths in manim's.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Literal, Self

import numpy as np
from manim import (
    DL,
    DOWN,
    DR,
    LEFT,
    ORIGIN,
    RIGHT,
    UL,
    UP,
    UR,
    Axes,
    Line,
    Mobject,
    Rectangle,
    VGroup,
    VMobject,
)
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import plain
from netviz.drawing.paths import Course, add_band
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError
from netviz.theme import Theme

Array = NDArray[np.float64]

# Strokes of axes, rules and frames, and of a cross.
_THIN, _CROSS = 2.0, 5.0
# Above and below a plane, for the names of its axes.
_NAME_SPACE = 0.4
_NAME_GAP = 0.1
# Length of a bar of zero: it stays visible.
SHORTEST_BAR = 0.02
# A dash of a dashed curve, and the gap after it, in frame units: as in a legend.
_DASH, _PAUSE = 0.14, 0.12
# Of a legend, in frame units: from a key to its name, from entry to entry and from row to row, and
# the ends of the strokes of a sample of a curve.
_KEY_GAP, _ENTRY_GAP, _ENTRY_ROW = 0.12, 0.3, 0.36
_SOLID_KEY: tuple[tuple[float, float], ...] = ((0.0, 0.4),)
_DASHED_KEY = ((0.0, _DASH), (_DASH + _PAUSE, 0.4))


def expect_count(where: str, values: Sequence[object] | Array, count: int, of: str) -> None:
    """Refuse a sequence that does not have one entry for each of ``count`` things.

    Raises:
        ProblemError: It has more or fewer.
    """
    if len(values) != count:
        problem = Problem(where, f"has {len(values)} entries", f"{count}, one for each {of}")
        raise ProblemError(problem)


class ValueMap:
    """The linear map from values to positions in a box.

    The mobject that fills the box may be moved and scaled later: the map follows its corners. Until
    then positions are exact, without the rounding errors of manim's transformations.

    Args:
        low, high: Values at the lower left and at the upper right corner of the box, shape (2,).
        box: Part of the frame.
    """

    def __init__(self, low: Array, high: Array, box: Box) -> None:
        self.low, self.high, self._box = low, high, box
        self._first: Array | None = None

    def hold(self, corners: Array) -> None:
        """Take the corners of a mobject, shape (2, 3), as those of the box from now on."""
        self._first = corners

    def at(self, values: Array, corners: Array | None = None) -> Array:
        """Return positions, shape (n, 3), of values, shape (n, 2).

        Args:
            values: Points (x, y).
            corners: Lower left and upper right corner of the mobject now, shape (2, 3).
        """
        share, box = (values - self.low) / (self.high - self.low), self._box
        x, y = box.left + share[:, 0] * box.width, box.bottom + share[:, 1] * box.height
        positions: Array = np.stack([x, y, np.zeros(len(values))], axis=1)
        if corners is None or self._first is None:
            return positions
        first = self._first
        scale = np.append((corners[1] - corners[0])[:2] / (first[1] - first[0])[:2], 1.0)
        return positions * scale + (corners[0] - scale * first[0])


class PanelAxes(Axes):
    """manim's ``Axes`` over a box, without ticks and tips, in the theme's muted colour.

    They cross at zero, or where a range does not contain zero, at the end next to it.

    Args:
        x_range, y_range: Values at the ends of the axes.
        theme: Gives the colour.
        box: Part of the frame that the axes fill.
    """

    def __init__(
        self,
        x_range: tuple[float, float],
        y_range: tuple[float, float],
        *,
        theme: Theme,
        box: Box,
    ) -> None:
        self._map: ValueMap | None = None
        ranges = ([low, high, high - low] for low, high in (x_range, y_range))
        super().__init__(
            *ranges,
            x_length=box.width,
            y_length=box.height,
            tips=False,
            axis_config={"include_ticks": False, "color": theme.muted, "stroke_width": _THIN},
        )
        low, high = np.array([x_range, y_range]).T
        self._map = ValueMap(low, high, box)
        x, y = (min(max(0.0, low), high) for low, high in (x_range, y_range))
        self.x_axis.set_points_as_corners(self._map.at(np.array([[end, y] for end in x_range])))
        self.y_axis.set_points_as_corners(self._map.at(np.array([[x, end] for end in y_range])))
        self._map.hold(self._corners)

    def coords_to_point(self, *coords: ArrayLike) -> Array:
        """Return the position of a point (x, y), or positions of points in columns, shape (3, n).

        Args:
            coords: x and y, each a number or an array of shape (n,).
        """
        if self._map is None:
            return super().coords_to_point(*coords)
        x, y = (np.asarray(values, dtype=float) for values in coords[:2])
        positions = self._map.at(np.column_stack([x.ravel(), y.ravel()]), self._corners)
        return positions.T if x.ndim else positions[0]

    @property
    def _corners(self) -> Array:
        """Lower left and upper right corner, shape (2, 3)."""
        across, up = self.x_axis, self.y_axis
        ends = (across.get_start(), up.get_start()), (across.get_end(), up.get_end())
        return np.array([[x[0], y[1], 0.0] for x, y in ends])


def rule(start: tuple[float, float], end: tuple[float, float], theme: Theme) -> Line:
    """Return a thin line between two points (x, y)."""
    return Line([*start, 0], [*end, 0], stroke_color=theme.muted, stroke_width=_THIN)


def cross(arm: float, color: str) -> VGroup:
    """Return a diagonal cross; ``arm`` is half its width and half its height."""
    return VGroup(Line(UL, DR), Line(UR, DL)).scale(arm).set_stroke(color, _CROSS)


class Plane(VGroup):
    """The largest square in a box that leaves space for what is written around it.

    Args:
        low, high: Values at the lower left and at the upper right corner, shape (2,).
        names: The names of the horizontal and of the vertical axis.
        theme: Gives the colour of the frame.
        box: The square is centered in it, between what is written.
        ticks: Values that are written below and to the left of the square.
        zero: Whether thin lines are drawn through zero.

    Attributes:
        frame: Its outline.
        names: The names of both axes.
        numbers: The values at the ticks, first those of the horizontal axis.
    """

    def __init__(
        self,
        low: Array,
        high: Array,
        names: tuple[Mobject, Mobject],
        *,
        theme: Theme,
        box: Box,
        ticks: tuple[Sequence[float], Sequence[float]] = ((), ()),
        zero: bool = False,
    ) -> None:
        self.low, self.high = low, high
        em, muted = theme.smallest_text, theme.muted
        below, left = (VGroup(*(tick(value, em, theme) for value in part)) for part in ticks)
        margin = left.width + _NAME_GAP if len(left) else 0.0
        side = min(box.width - margin, box.height - 2 * _NAME_SPACE)
        x, y = box.center[0] + margin / 2, box.center[1]
        square = Box(x - side / 2, x + side / 2, y - side / 2, y + side / 2)
        self._map = ValueMap(low, high, square)
        self.frame = Rectangle(width=side, height=side).move_to([x, y, 0])
        self.frame.set_stroke(muted, _THIN)
        across, up = names
        across.next_to(self.frame, DOWN, buff=_NAME_GAP)
        across.align_to(self.frame, RIGHT) if not len(below) else across.set_x(x)
        up.next_to(self.frame, UP, buff=_NAME_GAP).align_to(self.frame, LEFT)
        for text, value in zip(below, ticks[0], strict=True):
            place = self._map.at(np.array([[value, low[1]]]))[0]
            text.move_to([place[0], across.get_y(), 0])
        for text, value in zip(left, ticks[1], strict=True):
            place = self._map.at(np.array([[low[0], value]]))[0]
            text.move_to(place + _NAME_GAP * LEFT, aligned_edge=RIGHT)
        self.names, self.numbers = VGroup(across, up), VGroup(*below, *left)
        super().__init__(*self._zeros(theme, zero), self.frame, self.names, self.numbers)
        self._map.hold(self._corners)

    def _zeros(self, theme: Theme, drawn: bool) -> list[Line]:
        """Return the lines of the values zero, where they are within the plane."""
        low, high, lines = self.low, self.high, []
        for axis in (0, 1):
            if drawn and low[axis] < 0 < high[axis]:
                ends = np.stack([low, high])
                ends[:, axis] = 0.0
                start, end = self._map.at(ends)
                lines.append(Line(start, end, stroke_color=theme.edge, stroke_width=_THIN / 2))
        return lines

    def at(self, points: Array) -> Array:
        """Return positions, shape (n, 3), of points of the plane, shape (n, 2)."""
        return self._map.at(points, self._corners)

    @property
    def _corners(self) -> Array:
        return np.array([self.frame.get_corner(DL), self.frame.get_corner(UR)])


def tick(value: float, em: float, theme: Theme) -> Number:
    """Return a value of an axis, in the theme's muted colour."""
    return Number(value, theme, em=em, color=theme.muted).show(value, plain(value))


class Curve(VMobject):
    """A line through points, solid or dashed.

    Args:
        color: ``#RRGGBB``.
        stroke: Width.
        dashed: Whether it is drawn in dashes.
    """

    def __init__(self, color: str, *, stroke: float = 4.0, dashed: bool = False) -> None:
        super().__init__(stroke_color=color, stroke_width=stroke)
        self.dashed = dashed

    def through(self, points: Array) -> Self:
        """Draw the line through positions, shape (n, 3). A single one draws nothing."""
        self.clear_points()
        if len(points) < 2:
            return self
        if not self.dashed:
            return self.set_points_as_corners(points)
        steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
        along = np.append(0.0, np.cumsum(steps))
        for start in np.arange(0.0, along[-1], _DASH + _PAUSE):
            end = min(start + _DASH, along[-1])
            at = np.concatenate([[start], along[(along > start) & (along < end)], [end]])
            piece = np.column_stack([np.interp(at, along, axis) for axis in points.T])
            self.start_new_path(piece[0])
            self.add_points_as_corners(piece[1:])
        return self


class Bars(VGroup):
    """Bars that start at given positions. A bar of zero is a thin line.

    Args:
        lengths: In frame units, one for each bar.
        starts: Middle of the end at which each bar starts, (x, y).
        thickness: In frame units.
        color: ``#RRGGBB``.
        opacity: 0 … 1.
        direction: Of positive bars, a unit vector.
        negative: A negative bar is ``"dashed"``, as edges of negative weights are, or runs in the
            ``"opposite"`` direction.
        shortest: Length of the bars that would be shorter, in frame units.
    """

    def __init__(
        self,
        lengths: ArrayLike,
        starts: Iterable[tuple[float, float]],
        *,
        thickness: float,
        color: str,
        opacity: float = 1.0,
        direction: Array = RIGHT,
        negative: Literal["dashed", "opposite"] = "dashed",
        shortest: float = SHORTEST_BAR,
    ) -> None:
        super().__init__()
        for length, (x, y) in zip(np.asarray(lengths, dtype=float), starts, strict=True):
            way = -direction if negative == "opposite" and length <= 0 else direction
            start = np.array([x, y, 0.0])
            end = start + max(abs(length), shortest) * way
            bar = VMobject(stroke_width=0, fill_color=color, fill_opacity=opacity)
            dashed = negative == "dashed" and length < 0
            add_band(bar, Course.straight(start, end), thickness / 2, dashed=bool(dashed))
            self.add(bar)


def legend(entries: Iterable[tuple[Mobject, str]], theme: Theme, width: float = math.inf) -> VGroup:
    """Return keys, each before its name, in a row, or in as many as they need.

    Args:
        entries: Each key, such as a marker or a sample of a curve, and what it stands for.
        theme: Gives font and size.
        width: The most that a row of several entries has, in frame units.
    """
    found, x, y = VGroup(), 0.0, 0.0
    for key, name in entries:
        text = TextLabel(name, theme, em=theme.smallest_text)
        entry = VGroup(key, text.next_to(key, RIGHT, buff=_KEY_GAP))
        if x > 0 and x + entry.width > width:
            x, y = 0.0, y - _ENTRY_ROW
        found.add(entry.move_to([x, y, 0], aligned_edge=LEFT))
        x += entry.width + _ENTRY_GAP
    return found.center()


def key_of(color: str, stroke: float, *, dashed: bool = False) -> VMobject:
    """Return a sample of a curve, to stand before its name."""
    key = VMobject(stroke_color=color, stroke_width=stroke)
    for start, end in _DASHED_KEY if dashed else _SOLID_KEY:
        key.start_new_path(np.array([start, 0.0, 0.0]))
        key.add_line_to(np.array([end, 0.0, 0.0]))
    return key


def column(
    parts: Sequence[Mobject], x: float, heights: Sequence[float], *, edge: Array = ORIGIN
) -> VGroup:
    """Return mobjects one below the other: the column of a table.

    Args:
        parts: One for each row.
        x: Of the edge of all of them, or by default of their centers.
        heights: y of each row.
        edge: Of each part, such as ``RIGHT`` for numbers that end on one line.

    Raises:
        ProblemError: There are more or fewer heights than parts.
    """
    expect_count("heights", heights, len(parts), "row")
    for part, y in zip(parts, heights, strict=True):
        part.move_to([x, y, 0], aligned_edge=edge)
    return VGroup(*parts)


def rows_from(top: float, steps: Iterable[float]) -> list[float]:
    """Return the heights of rows from ``top`` downwards.

    Args:
        top: y of the first row.
        steps: Distance from each row to the next one.

    Example:
        >>> rows_from(3.0, [0.5, 0.5, 1.0])
        [3.0, 2.5, 2.0, 1.0]
    """
    return list(accumulate(steps, lambda y, step: y - step, initial=top))
