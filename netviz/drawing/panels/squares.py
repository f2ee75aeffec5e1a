"""The errors of a few samples as bars, their squares as squares, and the mean of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RIGHT, UP, Circle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import expect_count, rule
from netviz.drawing.paths import Course, add_band, add_outline
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# Lengths in frame units: radius of a dot, half a bar, from row to row of texts below the plot, from
# column to column at least, and between words and what they name.
_DOT, _HALF_BAR, _ROW, _AIR, _GAP = 0.11, 0.07, 0.48, 0.3, 0.2
# Stroke and opacity of a square.
_OUTLINE, _FILL = 2.5, 0.25
# Texts below the plot.
_ROWS = 3
_SHORTEST = 1e-3


class SquaredErrors(Panel):
    """A column for each sample: target, prediction, the error between them, and its square.

    The side of a square is as long as its error in the plot, so that areas can be compared. At
    first only the targets are shown. ``show`` may be called in every frame.

    Args:
        targets: One for each sample, shape (n,).
        names: Of the samples, written below them.
        limits: The lowest and the highest value of the plot.
        largest: The largest |error| whose square must fit; by default the range of the plot.
        color: Of the predictions; by default that of the output layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        targets, predictions, errors, squares: A mobject for each sample.
        error_numbers, square_numbers: What is written below, empty at first.
        names, titles: The names of the samples and of the rows.

    Raises:
        ProblemError: There is not one name for each sample.

    Example:
        >>> panel = SquaredErrors(blame.target, ["a", "b"], (0.0, 1.0), box="frame")
        >>> error = trace.prediction - blame.target
        >>> scene.add(panel.show(trace.prediction, error, error**2))
        >>> len(panel.squares)
        2
    """

    def __init__(
        self,
        targets: ArrayLike,
        names: Sequence[str],
        limits: tuple[float, float],
        *,
        largest: float | None = None,
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self._target, theme, box = np.asarray(targets, dtype=float), self.theme, self.box
        rows = range(len(self._target))
        expect_count("names", names, len(rows), "sample")
        words_of_rows = [self.words(f"panel.{key}") for key in ("error", "square")]
        self.titles = VGroup(
            *(
                TextLabel(word, theme, em=theme.smallest_text, color=theme.muted)
                for word in words_of_rows
            )
        )
        left = box.left + self.titles.width + _GAP
        pitch = (box.right - left) / len(rows)
        low, high = limits
        bottom = box.bottom + _ROWS * _ROW
        # A square of the largest error fits between two columns, and the range into the plot.
        side = (pitch - _AIR) / (largest or high - low)
        self._unit = min(side, (box.top - bottom - 2 * _DOT) / (high - low))
        middle = (bottom + box.top) / 2
        self._low, self._base = low, middle - self._unit * (high - low) / 2
        self._x = [left + _DOT + pitch * row for row in rows]
        self._heights_of_texts = [box.bottom + (_ROWS - row - 0.5) * _ROW for row in range(_ROWS)]
        ends = self._x[0] - 2 * _DOT, box.right
        self.lines = VGroup(
            *(rule((ends[0], self._y(v)), (ends[1], self._y(v)), theme) for v in limits)
        )
        self.ticks = VGroup(
            *(
                Number(v, theme, em=theme.smallest_text, color=theme.muted)
                .show(v, figures(v, 0))
                .move_to([ends[0] - _GAP, self._y(v), 0], aligned_edge=RIGHT)
                for v in limits
            )
        )
        for title, y in zip(self.titles, self._heights_of_texts[1:], strict=True):
            title.move_to([ends[0] - _GAP, y, 0], aligned_edge=RIGHT)
        em = theme.number_size
        self.names = VGroup(
            *(
                TextLabel(name, theme, em=em).move_to([x + pitch / 3, self._heights_of_texts[0], 0])
                for name, x in zip(names, self._x, strict=True)
            )
        )
        self._column = pitch / 3
        blame, ink = theme.blame, color or theme.output
        self.targets = VGroup(
            *(
                Circle(_DOT, stroke_width=0, fill_color=theme.text, fill_opacity=1).move_to(
                    [x, self._y(value), 0]
                )
                for x, value in zip(self._x, self._target, strict=True)
            )
        )
        self.predictions = VGroup(
            *(VMobject(stroke_width=0, fill_color=ink, fill_opacity=1) for _ in rows)
        )
        self.errors = VGroup(*(VMobject(stroke_width=0, fill_color=blame) for _ in rows))
        self.squares = VGroup(
            *(VMobject(stroke_color=blame, stroke_width=_OUTLINE, fill_color=blame) for _ in rows)
        )
        self.error_numbers, self.square_numbers = (
            VGroup(*(Number(0.0, theme, signed=signed, color=blame) for _ in rows))
            for signed in (True, False)
        )
        for number in (*self.error_numbers, *self.square_numbers):
            number.clear_points()
        self.add(self.lines, self.ticks, self.squares, self.errors, self.targets, self.predictions)
        self.add(self.names, self.titles, self.error_numbers, self.square_numbers)

    def _y(self, value: float) -> float:
        return self._base + self._unit * (value - self._low)

    def show(
        self,
        predictions: ArrayLike,
        errors: ArrayLike,
        squares: ArrayLike,
        *,
        samples: int | None = None,
        opening: float = 1.0,
        squaring: float = 1.0,
        mean: float = 0.0,
        levelled: float = 0.0,
    ) -> Self:
        """Show predictions, their errors and the squares of these.

        Args:
            predictions: Shape (n,).
            errors: Prediction minus target, shape (n,).
            squares: Of the errors, shape (n,).
            samples: How many of the first samples have a prediction; by default all.
            opening: 0 … 1, how far bars and numbers of the errors have appeared.
            squaring: 0 … 1, how far squares and their numbers have appeared.
            mean: The mean of the squares.
            levelled: 0 … 1, how far all squares have taken on the area of the mean, and stand on
                the lowest line.
        """
        shown = len(self._target) if samples is None else samples
        given = zip(
            *(np.asarray(part, float) for part in (predictions, errors, squares)), strict=True
        )
        for k, (prediction, error, square) in enumerate(given):
            parts = self.predictions[k], self.errors[k], self.squares[k]
            for part in (*parts, self.error_numbers[k], self.square_numbers[k]):
                part.clear_points()
            if k >= shown:
                continue
            x, y, goal = self._x[k], self._y(float(prediction)), self._y(float(self._target[k]))
            self.predictions[k].set_points(Circle(_DOT).move_to([x, y, 0]).points)
            if opening > 0:
                self._draw_error(k, y, y + opening * (goal - y), float(error), opening)
            if squaring > 0:
                area = (1 - levelled) * float(square) + levelled * mean
                side = self._unit * np.sqrt(max(area, 0.0))
                low = (1 - levelled) * min(y, goal) + levelled * self._y(self._low)
                self._draw_square(k, low, side, float(square), squaring)
        return self

    def _draw_error(self, k: int, start: float, end: float, error: float, presence: float) -> None:
        bar, number, x = self.errors[k], self.error_numbers[k], self._x[k]
        if abs(end - start) > _SHORTEST:
            course = Course.straight(np.array([x, start, 0.0]), np.array([x, end, 0.0]))
            add_band(bar, course, _HALF_BAR, dashed=False)
            bar.set_fill(opacity=1)
        number.show(error, figures(error, signed=True)).set_opacity(presence)
        number.move_to([x + self._column, self._heights_of_texts[1], 0])

    def _draw_square(self, k: int, low: float, side: float, square: float, presence: float) -> None:
        path, number, x = self.squares[k], self.square_numbers[k], self._x[k]
        if side > _SHORTEST:
            start, across, up = np.array([x, low, 0.0]), presence * side * RIGHT, side * UP
            add_outline(path, [start, start + across, start + across + up, start + up])
            path.set_fill(opacity=_FILL)
        number.show(square, figures(square)).set_opacity(presence)
        number.move_to([x + self._column, self._heights_of_texts[2], 0])
