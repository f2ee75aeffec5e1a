"""Training: the losses of its first steps, and curves of loss and accuracy that grow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from manim import DL, DOWN, LEFT, RIGHT, UP, Circle, Dot, Line, VGroup
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import (
    Curve,
    PanelAxes,
    column,
    expect_count,
    key_of,
    rows_from,
)
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

# Radius of the dot at the end of a curve, in frame units.
_DOT = 0.08
# Lengths in frame units: from row to row of the names above curves, below these rows, below the
# plot, between parts of a row.
_PITCH, _BELOW_NAMES, _BELOW_PLOT, _GAP = 0.42, 0.15, 0.66, 0.15
# The marks of the axis of steps: their length, from the axis to their numbers, between numbers, and
# from the foot of the box to the middle of the last row.
_TICK, _TICK_ROW, _TICK_GAP, _STEP_ROW = 0.08, 0.22, 0.12, 0.12
# The ring and the line at a marked step, and the distance from them to their name.
_RING, _MARK_STROKE, _MARK_GAP = 0.14, 3.0, 0.1
# Points at which a curve is drawn.
_SAMPLES = 121
_CURVE_STROKE = 4.0
# From here on the number of a step has a suffix, such as 10.0k.
_MOST_STEPS = 10_000


class LossHistory(Panel):
    """The loss of each training step as a curve that grows; both axes are linear and begin at 0.

    Args:
        losses: Two or more, in order: before the first step, after it, and so on.
        title: Above the curve; by default the word for loss.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        title: The title.
        axes: An ``Axes`` of manim: steps across, loss up.
        top: The number at the upper end of the axis of losses.
        curve, dot: The losses so far, and the last of them.
        step_name, step: The number of steps at the moment that is shown, and its name.

    Raises:
        ProblemError: There are fewer than two losses.

    Example:
        >>> losses = [float(blame.loss) * 0.8**step for step in range(12)]
        >>> panel = LossHistory(losses)
        >>> panel.show_moment(4).step.text
        '4'
    """

    def __init__(
        self,
        losses: Sequence[float],
        *,
        title: str = "",
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("losses", losses, len(losses) > 1, "two or more")
        theme, box = self.theme, self.box
        self._losses = np.asarray(losses, dtype=float)
        finite = self._losses[np.isfinite(self._losses)]
        self._top = max(float(finite.max(initial=0.0)), 1e-300)
        em, muted = theme.number_size, theme.muted
        name = title or self.words("panel.loss")
        self.title = TextLabel(name, theme, color=theme.blame)
        self.title.move_to([box.left, box.top - self.title.em / 2, 0], aligned_edge=LEFT)
        self.top = Number(self._top, theme, em=em, color=muted)
        self.top.show(self._top, figures(self._top, 3))
        left = box.left + self.top.width + _GAP
        top = box.top - self.title.em - _BELOW_NAMES
        plot = Box(left, box.right, box.bottom + _BELOW_PLOT, top)
        self.axes = PanelAxes((0, len(losses) - 1), (0, 1), theme=theme, box=plot)
        self.top.move_to([box.left, top, 0], aligned_edge=LEFT + UP)
        self.curve = Curve(theme.blame, stroke=_CURVE_STROKE)
        self.dot = Dot(radius=_DOT, color=theme.blame)
        self.step_name = TextLabel(self.words("panel.step"), theme, em=em, color=muted)
        self.step = Number(len(losses) - 1, theme, decimals=0, em=em, color=muted)
        self.step.move_to([box.right, box.bottom + 0.5 * self.step.em, 0], aligned_edge=RIGHT)
        self.add(self.axes, self.curve, self.dot, self.title, self.top)
        self.add(self.step_name, self.step)
        self.show_moment(len(losses) - 1)

    @property
    def moments(self) -> int:
        """Number of losses."""
        return len(self._losses)

    def show_moment(self, moment: float) -> Self:
        """Draw the curve up to a step, which may be a fraction, and write the last whole one."""
        super().show_moment(moment)
        steps = np.append(np.arange(np.ceil(moment)), moment)
        heights = np.interp(steps, np.arange(self.moments), self._losses) / self._top
        heights = np.nan_to_num(heights, nan=1.0).clip(0.0, 1.0)
        points = self.axes.c2p(steps, heights).T
        self.dot.move_to(points[-1])
        self.curve.through(np.repeat(points, 2, axis=0) if len(points) == 1 else points)
        right = self.axes.x_axis.get_end()
        self.step.set_value(int(moment + 1e-9)).align_to(right, RIGHT)
        self.step_name.next_to(self.step, LEFT, buff=_GAP)
        return self


@dataclass(frozen=True)
class Series:
    """A quantity at each moment of a training run.

    Attributes:
        name: Of the quantity.
        values: One for each moment, shape (m,).
        color: ``#RRGGBB``.
        top: The value at the upper end of the axis.
        dashed: Whether it is drawn in dashes, as for validation data.
        percent: Whether its number is written in percent.
        ink: Colour of its name and its number, ``#RRGGBB``; by default that of the curve.

    Example:
        >>> import numpy as np
        >>> Series("accuracy", np.array([0.5, 0.9]), DARK_THEME.output, 1.0, percent=True).top
        1.0
    """

    name: str
    values: NDArray[np.float64]
    color: str
    top: float
    dashed: bool = False
    percent: bool = False
    ink: str = ""


class ProgressCurves(Panel):
    """Curves over the steps of a training run, their names and values above them.

    The steps are on a logarithmic axis, as the moments of a recording are. The axis says so, and
    has a mark at each power of ten.

    Args:
        series: One or more.
        steps: Number of training steps before each moment, shape (m,), increasing.
        last: The step at the right end of the axis; by default the last one. With the same one,
            runs of different lengths can be compared.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        axes: An ``Axes`` of manim, 0 … 1 across and up.
        curves, keys, names, numbers: One for each series; a key is a sample of its curve.
        ticks: The marks of the axis, and their numbers.
        step_name, step: The number of steps at the moment that is shown, and its name.
        mark: A ring, a line to the axis and a name at one moment; empty until ``show_mark``.

    Raises:
        ProblemError: There is no series, one does not have a value for each moment, or the axis
            ends before the run.

    Example:
        >>> import numpy as np
        >>> losses = np.array([1.2, 0.7, 0.1])
        >>> series = [Series("loss", losses, DARK_THEME.blame, top=1.2)]
        >>> panel = ProgressCurves(series, np.array([0, 10, 100]))
        >>> scene.add(panel.show_moment(2))
        >>> panel.numbers[0].text
        '0.100'
    """

    def __init__(
        self,
        series: Sequence[Series],
        steps: NDArray[np.int64],
        *,
        last: int | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("series", series, len(series) > 0, "one or more")
        for i, one in enumerate(series):
            expect_count(f"series[{i}].values", one.values, len(steps), "moment")
        theme, box = self.theme, self.box
        self._series, self._steps = list(series), steps
        self._last = int(steps[-1]) if last is None else last
        expect("last", last, self._last >= steps[-1], f"{steps[-1]} or more")
        whole = math.log1p(self._last - int(steps[0]))
        self._depth = np.log1p(steps - steps[0]) / max(whole, 1e-12)
        top = box.top - _PITCH * len(series) - _BELOW_NAMES
        plot = Box(box.left, box.right, box.bottom + _BELOW_PLOT, top)
        self.axes = PanelAxes((0, 1), (0, 1), theme=theme, box=plot)
        self.curves = VGroup(
            *(Curve(one.color, stroke=_CURVE_STROKE, dashed=one.dashed) for one in series)
        )
        rows = rows_from(box.top - _PITCH / 2, [_PITCH] * (len(series) - 1))
        keys = [key_of(one.color, _CURVE_STROKE, dashed=one.dashed) for one in series]
        self.keys = column(keys, box.left, rows, edge=LEFT)
        inks = [one.ink or one.color for one in series]
        names = [
            TextLabel(one.name, theme, color=ink) for one, ink in zip(series, inks, strict=True)
        ]
        left = float(self.keys.get_right()[0]) + _GAP
        self.names = column(names, left, rows, edge=LEFT)
        numbers = [
            Number(
                one.values[0], theme, decimals=0 if one.percent else 3, color=one.ink or one.color
            )
            for one in series
        ]
        self.numbers = column(numbers, box.right, rows, edge=RIGHT)
        em, muted = theme.smallest_text, theme.muted
        self.ticks = self._ticks()
        row = box.bottom + _STEP_ROW
        self.step_name = TextLabel(self.words("panel.steps_log"), theme, em=em, color=muted)
        self.step_name.move_to([box.left, row, 0], aligned_edge=LEFT)
        self.step = Number(steps[-1], theme, em=em, color=muted)
        self.step.next_to(self.step_name, RIGHT, buff=_GAP)
        self.add(self.axes, self.ticks, self.curves, self.keys, self.names, self.numbers)
        self.mark = VGroup()
        self.add(self.step_name, self.step, self.mark)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of moments of the run."""
        return len(self._steps)

    def show_moment(self, moment: float, *, read: float | None = None) -> Self:
        """Draw the curves up to a moment, and write the numbers of the last whole one.

        Args:
            moment: Which one; 0 is the first, and it may be a fraction.
            read: The moment whose numbers are written instead, for a run that returns to it.
        """
        super().show_moment(moment)
        written = int((moment if read is None else read) + 1e-9)
        reached = float(np.interp(moment, np.arange(self.moments), self._depth))
        depths = np.linspace(0, 1, _SAMPLES)
        depths = np.append(depths[depths < reached], reached)
        right = self.axes.x_axis.get_end()
        for one, curve, number in zip(self._series, self.curves, self.numbers, strict=True):
            heights = np.interp(depths, self._depth, one.values) / one.top
            curve.through(self.axes.c2p(depths, heights).T)
            value = float(one.values[written]) * (100 if one.percent else 1)
            text = f"{figures(value, 1)}%" if one.percent else figures(value, 3, powers=False)
            number.show(value, text).align_to(right, RIGHT)
        steps = int(self._steps[written])
        left = float(self.step_name.get_right()[0]) + _GAP * self.step.em / self.theme.smallest_text
        self.step.show(steps, str(steps)).align_to([left, 0, 0], LEFT)
        return self

    def show_mark(self, moment: int, name: str) -> Self:
        """Mark a moment of the last series, in its colour: a ring, a line to the axis, and a name.

        Args:
            moment: Which one; 0 is the first.
            name: What there is.

        Raises:
            ProblemError: There is no such moment.
        """
        right = 0 <= moment < self.moments
        expect("moment", moment, right, f"a number from 0 to {self.moments - 1}")
        theme, depth = self.theme, float(self._depth[moment])
        text = TextLabel(name, theme, em=theme.smallest_text)
        # The name stands above all curves, left of the line if there is room.
        width = (text.width + 2 * _MARK_GAP) / self.axes.x_axis.width
        left = depth - width if depth > width else min(depth, 1 - width)
        over = np.linspace(left, left + width, _SAMPLES)
        shares = [one.values / one.top for one in self._series]
        top = max(float(np.interp(over, self._depth, share).max()) for share in shares)
        start, height = self.axes.c2p(left, top)[:2]
        text.move_to([start + _MARK_GAP, height + 2 * _MARK_GAP, 0], aligned_edge=DL)
        foot, place = self.axes.c2p(np.full(2, depth), [0.0, shares[-1][moment]]).T
        head = np.array([place[0], text.get_top()[1], 0.0])
        line = {"stroke_color": theme.text, "stroke_width": _MARK_STROKE}
        ring = Circle(radius=_RING, color=theme.text, stroke_width=_MARK_STROKE).move_to(place)
        below = Line(place + _RING * DOWN, foot, **line)
        above = Line(place + _RING * UP, head, **line)
        self.mark.submobjects = [below, ring, above, text]
        return self

    def _ticks(self) -> VGroup:
        """Marks at the first and the last step and at powers of ten, and numbers where they fit."""
        first, last = int(self._steps[0]), self._last
        span, found = math.log1p(last - first) or 1.0, VGroup()
        powers = [10**n for n in range(len(str(last))) if first < 10**n < last]
        free = [math.inf, -math.inf]  # from the last number on the right, and on the left
        for step in dict.fromkeys([last, first, *powers]):
            start = self.axes.c2p(math.log1p(step - first) / span, 0)
            end = start + _TICK * DOWN
            found.add(Line(start, end, stroke_color=self.theme.muted, stroke_width=2))
            number = Number(step, self.theme, em=self.theme.smallest_text, color=self.theme.muted)
            number.show(step, figures(step) if step >= _MOST_STEPS else str(step))
            number.move_to(start + _TICK_ROW * DOWN)
            half = number.width / 2
            number.shift(min(self.box.right - start[0] - half, 0) * RIGHT)
            number.shift(max(self.box.left - start[0] + half, 0) * RIGHT)
            left, right = number.get_left()[0], number.get_right()[0]
            if step == last:
                free[0] = left
            elif right + _TICK_GAP <= free[0] and left >= free[1] + _TICK_GAP:
                free[1] = right
            else:
                continue
            found.add(number)
        return found
