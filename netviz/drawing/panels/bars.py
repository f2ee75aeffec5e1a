"""Bars with their numbers, one below the other, which can change in every frame."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import SHORTEST_BAR, column, expect_count, rule
from netviz.drawing.paths import Course, add_band, add_outline
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# Lengths in frame units: between name, number and bar, and of what a bar is thick relative to the
# distance from row to row, and at most.
_GAP, _THICK, _MOST_THICK = 0.25, 0.5, 0.42
# Of the point of a bar that goes on beyond the limits: its length and its width, relative to what
# the bar is thick.
_POINT, _WIDE = 0.9, 1.5
# Stroke of the outline of a target.
_OUTLINE = 3.0
# A number of the most characters: there is room for it from the beginning.
_WIDEST = -0.099


class NumberBars(Panel):
    """A row for each value: a name, the number, and a bar as long as it is large.

    Bars of negative values run to the left of a line at zero. ``show_values`` and ``show_targets``
    may be called in every frame: the names and the scale stay.

    Args:
        values: Shape (n,).
        limits: The values at the two ends of the bars; zero is between them or an end.
        names: Of the rows; by default they have none.
        colors: Of the bars, ``#RRGGBB``; by default all have that of the output layer.
        decimals: Digits after the point of a number below 1.
        powers: Whether small numbers may be written with a power of ten.
        heights: y of each row; by default evenly spaced.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        names, numbers, bars, targets: One for each row; ``targets`` are outlines, empty at first.
        zero: The line where the bars begin.
        values, heights: What is shown, and the y of each row.
        limits: The values at the two ends of the bars.

    Raises:
        ProblemError: The lengths differ, or zero is not within the limits.

    Example:
        >>> panel = NumberBars(trace.prediction, (0.0, 1.0), names=("cat", "dog"))
        >>> scene.add(panel.show_targets([1.0, 0.0]))
        >>> len(panel.bars)
        2
    """

    def __init__(
        self,
        values: ArrayLike,
        limits: tuple[float, float],
        *,
        names: Sequence[str] = (),
        colors: Sequence[str] = (),
        decimals: int = 2,
        powers: bool = True,
        heights: Sequence[float] | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self.values = np.asarray(values, dtype=float)
        rows, theme, (low, high) = len(self.values), self.theme, limits
        expect("limits", limits, low <= 0 <= high and low < high, "a range around zero")
        for what, given in (("names", names), ("colors", colors)):
            if given:
                expect_count(what, given, rows, "value")
        self._decimals, self._powers, self.limits = decimals, powers, limits
        hues = list(colors) or [theme.output] * rows
        self.names = VGroup(*(TextLabel(name, theme) for name in names))
        self.numbers = VGroup(*(Number(value, theme, decimals=decimals) for value in self.values))
        self.bars = VGroup(
            *(VMobject(stroke_width=0, fill_color=hue, fill_opacity=1) for hue in hues)
        )
        self.targets = VGroup(
            *(VMobject(stroke_color=theme.forward, stroke_width=_OUTLINE) for _ in range(rows))
        )
        self.zero = rule((0, 0), (0, 1), theme)
        self._widest = Number(_WIDEST, theme, decimals=decimals).width
        self._presence, self._wanted = np.ones(rows), np.zeros(rows)
        self.add(self.zero, self.bars, self.targets, self.names, self.numbers)
        self.arrange_rows(self.box, self._heights(rows, heights))

    def arrange_rows(self, box: Box, heights: Sequence[float]) -> Self:
        """Move the rows to a box and to other heights.

        Raises:
            ProblemError: There is not one height for each row.
        """
        expect_count("heights", heights, len(self.values), "value")
        self.box, self.heights = box, [float(y) for y in heights]
        apart = abs(self.heights[0] - self.heights[-1]) / max(len(self.heights) - 1, 1)
        self._thick = min(_THICK * apart, _MOST_THICK) if apart else _MOST_THICK
        column(self.names, box.left, self.heights[: len(self.names)], edge=LEFT)
        named = self.names.width + _GAP if len(self.names) else 0.0
        self._number_right = box.left + named + self._widest
        self._start = self._number_right + _GAP
        x = self.at(0.0)
        top, bottom = self.heights[0] + self._thick, self.heights[-1] - self._thick
        self.zero.set_points_as_corners([[x, top, 0], [x, bottom, 0]])
        self.show_values(self.values, self._presence)
        return self.show_targets(self._wanted)

    def set_limits(self, low: float, high: float) -> Self:
        """Change the values at the two ends of the bars.

        Raises:
            ProblemError: Zero is not within them.
        """
        expect("limits", (low, high), low <= 0 <= high and low < high, "a range around zero")
        self.limits = low, high
        return self.arrange_rows(self.box, self.heights)

    def at(self, value: float) -> float:
        """Return the x at which a bar of some value ends."""
        low, high = self.limits
        share = (value - low) / (high - low)
        return float(self._start + share * (self.box.right - self._start))

    def show_values(self, values: ArrayLike, presence: ArrayLike = 1.0) -> Self:
        """Show other values, with bars that end within the limits.

        A bar that would be longer ends in the point of an arrow.

        Args:
            values: Shape (n,).
            presence: 0 … 1, how far numbers and bars have appeared; bars grow from zero. One
                number, or one for each row, shape (n,).
        """
        self.values = np.asarray(values, dtype=float)
        self._presence = np.broadcast_to(np.asarray(presence, dtype=float), self.values.shape)
        for value, shown, y, number, bar in zip(
            self.values, self._presence, self.heights, self.numbers, self.bars, strict=True
        ):
            text = figures(float(value), self._decimals, powers=self._powers)
            number.show(float(value), text).set_opacity(shown)
            number.move_to([self._number_right, y, 0], aligned_edge=RIGHT)
            bar.clear_points()
            length = float(shown) * (self.at(float(np.clip(value, *self.limits))) - self.at(0.0))
            if abs(length) < SHORTEST_BAR:
                length = SHORTEST_BAR if value >= 0 else -SHORTEST_BAR
            if shown > 0:
                start = np.array([self.at(0.0), y, 0.0])
                course = Course.straight(start, start + np.array([length, 0.0, 0.0]))
                low, high = self.limits
                if low <= value <= high or abs(length) < 2 * self._thick:
                    add_band(bar, course, self._thick / 2, dashed=False)
                else:
                    self._add_pointed_bar(bar, start, length)
        return self

    def _add_pointed_bar(self, bar: VMobject, start: Array, length: float) -> None:
        """Add a bar that ends in the point of an arrow."""
        half, sign = self._thick / 2, np.sign(length)
        neck, wing = length - sign * _POINT * self._thick, _WIDE * half
        above = [(0.0, half), (neck, half), (neck, wing)]
        corners = [*above, (length, 0.0), *((x, -y) for x, y in reversed(above))]
        add_outline(bar, [start + np.array([x, y, 0.0]) for x, y in corners])

    def show_targets(self, targets: ArrayLike | None, presence: float = 1.0) -> Self:
        """Show the values that there should be as outlines; ``None`` removes them.

        A target of zero has none.
        """
        wanted = np.zeros(len(self.values)) if targets is None else np.asarray(targets, dtype=float)
        expect_count("targets", wanted, len(self.values), "value")
        self._wanted = wanted
        for target, y, outline in zip(wanted, self.heights, self.targets, strict=True):
            outline.clear_points()
            length = self.at(float(target)) - self.at(0.0)
            if abs(length) > SHORTEST_BAR:
                frame = Rectangle(width=abs(length), height=self._thick)
                outline.set_points(frame.move_to([self.at(0.0) + length / 2, y, 0]).points)
            outline.set_stroke(opacity=presence)
        return self
