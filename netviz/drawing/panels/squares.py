"""The errors of a few samples as bars, their squares as squares, and the mean of these."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, UP, Circle, Mobject, Square, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures, plain
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import expect_count, rule
from netviz.drawing.paths import Course, add_band, add_outline
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# Lengths in frame units: radius of a dot, half a bar, from row to row of the table below the plot,
# from column to column at least, between words and what they name, and half a number.
_DOT, _HALF_BAR, _ROW, _AIR, _GAP, _HALF_COLUMN = 0.11, 0.07, 0.43, 0.3, 0.2, 0.45
# Stroke and opacity of a square, and how faint an earlier mean is.
_OUTLINE, _FILL, _EARLIER = 2.5, 0.25, 0.4
# Rows of the table: input, prediction, target, error and square.
_ROWS = 5
_PREDICTION, _TARGET, _ERROR, _SQUARE = range(1, _ROWS)
_SHORTEST = 1e-3
# The part of the way of the squares to their mean after which its number appears.
_NUMBER_OF_MEAN = 0.7


class SquaredErrors(Panel):
    """A column for each sample: prediction, target, the error between them, and its square.

    Below the plot is a table with the same four numbers; each row is marked with what it is in the
    plot. The side of a square is as long as its error, so that areas can be compared. A last column
    has the mean of the squares. At first only the targets are shown. ``show`` may be called in
    every frame.

    Args:
        targets: One for each sample, shape (n,).
        names: Of the samples, written below them.
        limits: The lowest and the highest value of the plot.
        largest: The largest |error| whose square must fit; by default the range of the plot.
        color: Of the predictions; by default that of the output layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        targets, predictions, errors, squares: A mobject for each sample.
        target_numbers, prediction_numbers, error_numbers, square_numbers: What the table has for
            each sample; all but the targets are empty at first.
        mean_square, mean_number, mean_title: The last column, empty at first.
        names, titles: The names of the samples, and those of the rows with their marks.

    Raises:
        ProblemError: There is not one name for each sample.

    Example:
        >>> panel = SquaredErrors(blame.target, ["a", "b"], (0.0, 1.0), box="frame")
        >>> error = trace.prediction - blame.target
        >>> mean = float((error**2).mean())
        >>> scene.add(panel.show(trace.prediction, error, error**2, mean=mean, gathered=1.0))
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
        blame, ink = theme.blame, color or theme.output
        self.titles = self._titles(ink)
        labels = [TextLabel(name, theme) for name in names]
        # The numbers of a sample are right below its dots.
        half = max(_HALF_COLUMN, *(label.width / 2 for label in labels))
        left = box.left + self.titles.width + 2 * _GAP + half
        pitch = (box.right - left) / (len(rows) + 1)
        low, high = limits
        bottom = box.bottom + _ROWS * _ROW
        # A square of the largest error fits between two columns, and the range into the plot.
        side = (pitch - _AIR) / (largest or high - low)
        self._unit = min(side, (box.top - bottom - 2 * _DOT) / (high - low))
        middle = (bottom + box.top) / 2
        self._low, self._base = low, middle - self._unit * (high - low) / 2
        self._x = [left + pitch * row for row in range(len(rows) + 1)]
        self._table = [box.bottom + (_ROWS - row - 0.5) * _ROW for row in range(_ROWS)]
        self.titles.shift((box.left - self.titles.get_left()[0]) * RIGHT)
        for title, y in zip(self.titles, self._table, strict=True):
            title.shift((y - title[0].get_y()) * UP)
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
        self.names = VGroup(*(self._in_table(labels[k], k, 0) for k in rows))
        self.targets = VGroup(
            *(_dot(theme.text, [self._x[k], self._y(float(self._target[k])), 0]) for k in rows)
        )
        self.predictions = VGroup(
            *(VMobject(stroke_width=0, fill_color=ink, fill_opacity=1) for _ in rows)
        )
        self.errors = VGroup(*(VMobject(stroke_width=0, fill_color=blame) for _ in rows))
        self.squares, self._moving = (VGroup(*(self._square() for _ in rows)) for _ in range(2))
        self.mean_square, self._earlier = self._square(), VMobject(stroke_width=_OUTLINE)
        self._earlier.set_stroke(mix(theme.background, blame, _EARLIER))
        self.target_numbers = VGroup(
            *(self._in_table(Number(v, theme).show(v, plain(v)), k, _TARGET)
            for k, v in enumerate(map(float, self._target)))
        )  # fmt: skip
        self.prediction_numbers, self.error_numbers, self.square_numbers = (
            VGroup(*(Number(0.0, theme, signed=signed, color=hue) for _ in rows))
            for signed, hue in ((False, ink), (True, blame), (False, blame))
        )
        text = f"{self.words('panel.mean')} = {self.words('panel.cost')}"
        # The head of its column, next to the names of the samples.
        self.mean_title = TextLabel(text, theme, em=theme.smallest_text)
        self._in_table(self.mean_title, len(rows), 0)
        self.mean_number = Number(0.0, theme, color=blame)
        numbers = *self.prediction_numbers, *self.error_numbers, *self.square_numbers
        for number in (*numbers, self.mean_number):
            number.clear_points()
        self.mean_title.set_opacity(0.0)
        self.add(self.lines, self.ticks, self.squares, self._moving, self._earlier)
        self.add(self.mean_square, self.errors, self.targets, self.predictions)
        self.add(self.names, self.titles, self.target_numbers, self.prediction_numbers)
        self.add(self.error_numbers, self.square_numbers, self.mean_title, self.mean_number)

    def _titles(self, ink: str) -> VGroup:
        """Return the names of the rows, each with its mark from the plot, all from one line."""
        theme, blame = self.theme, self.theme.blame
        bar = VMobject(stroke_width=0, fill_color=blame, fill_opacity=1)
        add_band(bar, Course.straight(_DOT * UP, -_DOT * UP), _HALF_BAR, dashed=False)
        square = self._square().set_fill(opacity=_FILL)
        square.set_points(Square(2.2 * _DOT).points)
        marks: list[Mobject] = [
            VMobject(),
            _dot(ink, [0, 0, 0]),
            _dot(theme.text, [0, 0, 0]),
            bar,
            square,
        ]
        signs = "", "", "− ", "= ", ""
        keys = "input", "prediction", "target", "error", "square"
        titles = VGroup()
        for mark, sign, key in zip(marks, signs, keys, strict=True):
            text = sign + self.words(f"panel.{key}")
            label = TextLabel(text, theme, color=theme.muted)
            label.move_to([2 * _GAP, 0, 0], aligned_edge=LEFT)
            titles.add(VGroup(label, mark))
        return titles

    def _square(self) -> VMobject:
        blame = self.theme.blame
        return VMobject(stroke_color=blame, stroke_width=_OUTLINE, fill_color=blame)

    def _in_table(self, text: Mobject, k: int, row: int) -> Mobject:
        """Place a text in a column and a row of the table."""
        text.move_to([self._x[k], self._table[row], 0])
        return text

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
        gathered: float = 0.0,
        earlier: float | None = None,
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
            gathered: 0 … 1, how far copies of the squares have come to the last column, where all
                have the area of the mean and become its square.
            earlier: A mean that stays visible as an outline.
        """
        shown = len(self._target) if samples is None else samples
        given = zip(
            *(np.asarray(part, float) for part in (predictions, errors, squares)), strict=True
        )
        for k, (prediction, error, square) in enumerate(given):
            parts = self.predictions[k], self.errors[k], self.squares[k], self._moving[k]
            numbers = self.prediction_numbers[k], self.error_numbers[k], self.square_numbers[k]
            for part in (*parts, *numbers):
                part.clear_points()
            if k >= shown:
                continue
            x, y, goal = self._x[k], self._y(float(prediction)), self._y(float(self._target[k]))
            self.predictions[k].set_points(Circle(_DOT).move_to([x, y, 0]).points)
            self._in_table(numbers[0].set_value(float(prediction)), k, _PREDICTION)
            if opening > 0:
                self._draw_error(k, y, y + opening * (goal - y), float(error), opening)
            if squaring > 0:
                side, low = self._unit * float(np.sqrt(square)), min(y, goal)
                self._draw(self.squares[k], x, low, squaring * side, side)
                text = figures(float(square), powers=False)
                number = numbers[2].show(square, text).set_opacity(squaring)
                self._in_table(number, k, _SQUARE)
                if 0 < gathered < 1:
                    self._move(k, low, float(square), mean, gathered)
        self._show_mean(mean, gathered, earlier)
        return self

    def _draw_error(self, k: int, start: float, end: float, error: float, presence: float) -> None:
        bar, number, x = self.errors[k], self.error_numbers[k], self._x[k]
        if abs(end - start) > _SHORTEST:
            course = Course.straight(np.array([x, start, 0.0]), np.array([x, end, 0.0]))
            add_band(bar, course, _HALF_BAR, dashed=False)
            bar.set_fill(opacity=1)
        number.show(error, figures(error, signed=True)).set_opacity(presence)
        self._in_table(number, k, _ERROR)

    def _draw(self, path: VMobject, x: float, low: float, across: float, side: float) -> None:
        """Draw a square, or its left part, from its lower left corner."""
        if side > _SHORTEST:
            corners = [(x, low), (x + across, low), (x + across, low + side), (x, low + side)]
            add_outline(path, [np.array([*corner, 0.0]) for corner in corners])
            path.set_fill(opacity=_FILL)

    def _move(self, k: int, low: float, square: float, mean: float, share: float) -> None:
        """Draw the copy of a square on its way to the mean."""
        side = self._unit * float(np.sqrt((1 - share) * square + share * mean))
        x = (1 - share) * self._x[k] + share * self._x[-1]
        self._draw(self._moving[k], x, (1 - share) * low + share * self._base, side, side)

    def _show_mean(self, mean: float, gathered: float, earlier: float | None) -> None:
        side = self._unit * float(np.sqrt(max(mean, 0.0)))
        for part in (self.mean_square, self.mean_number, self._earlier):
            part.clear_points()
        presence = float(np.clip((gathered - _NUMBER_OF_MEAN) / (1 - _NUMBER_OF_MEAN), 0.0, 1.0))
        self.mean_title.set_opacity(min(gathered / _NUMBER_OF_MEAN, 1.0))
        if gathered >= 1:
            self._draw(self.mean_square, self._x[-1], self._base, side, side)
        if presence > 0:
            number = self.mean_number.show(mean, figures(mean, 3)).set_opacity(presence)
            self._in_table(number, len(self._target), _SQUARE)
        if earlier is not None:
            length = self._unit * float(np.sqrt(max(earlier, 0.0)))
            self._draw(self._earlier, self._x[-1], self._base, length, length)
            self._earlier.set_fill(opacity=0)


def _dot(color: str, place: Sequence[float]) -> Circle:
    return Circle(_DOT, stroke_width=0, fill_color=color, fill_opacity=1).move_to(place)
