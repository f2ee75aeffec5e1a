"""Training: the losses of its steps as bars, and curves of loss and accuracy that grow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Line, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import (
    Bars,
    Curve,
    PanelAxes,
    column,
    expect_count,
    rows_from,
    rule,
)
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

# Lengths in frame units: below the axis of the bars, above the highest bar, from there to its
# number, from the foot of the box to the middle of the labels, the shortest bar.
_BELOW_AXIS, _ABOVE_BARS, _NUMBER_GAP, _LABEL_HEIGHT = 0.55, 0.6, 0.14, 0.2
_SHORTEST_LOSS = 0.01
# Width of a bar, as a share of the space for each.
_BAR_SHARE = 0.42
_BAR_OPACITY = 0.9
# Up to this many bars have a number each.
_MOST_NUMBERS = 4
# Lengths in frame units: from row to row of the names above curves, below these rows, below the
# plot, between parts of a row.
_PITCH, _BELOW_NAMES, _BELOW_PLOT, _GAP = 0.42, 0.15, 0.66, 0.15
# The marks of the axis of steps: their length, from the axis to their numbers, between numbers, and
# from the foot of the box to the middle of the last row.
_TICK, _TICK_ROW, _TICK_GAP, _STEP_ROW = 0.08, 0.22, 0.12, 0.12
# Ends of the strokes of a sample of a curve, in frame units.
_SOLID_KEY: tuple[tuple[float, float], ...] = ((0.0, 0.4),)
_DASHED_KEY = ((0.0, 0.14), (0.26, 0.4))
# Points at which a curve is drawn.
_SAMPLES = 121
_CURVE_STROKE = 4.0
# From here on the number of a step has a suffix, such as 10.0k.
_MOST_STEPS = 10_000


class LossHistory(Panel):
    """The loss of each step as a bar; the first and the last one have numbers.

    Args:
        losses: One or more, in order; the largest fills the height of the box.
        title: Above the bars; by default the word for loss.
        labels: Names below the bars, or none.
        slots: Space is left for this many bars, if there are fewer losses.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        title, axis, labels: The title, the line below the bars, the names below it.
        bars: One for each loss.
        numbers: Of the first and the last bar; of each bar if there are four or fewer.

    Raises:
        ProblemError: There are no losses, or more labels than losses.

    Example:
        >>> losses = [float(blame.loss), 0.5 * float(blame.loss)]
        >>> panel = LossHistory(losses, labels=["old", "new"])
        >>> len(panel.bars), bool(panel.bars[0].height > panel.bars[1].height)
        (2, True)
    """

    def __init__(
        self,
        losses: Sequence[float],
        *,
        title: str = "",
        labels: Sequence[str] = (),
        slots: int = 0,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        count = len(losses)
        expect("losses", losses, count > 0, "one or more")
        expect("labels", labels, len(labels) <= count, f"at most {count}, one for each loss")
        theme = self.theme
        self._slot = self.box.width / max(slots, count)
        name = title or self.words("panel.loss")
        self.title = TextLabel(name, theme, em=theme.number_size)
        height = self.box.top - theme.number_size / 2
        self.title.move_to([self.box.center[0], height, 0])
        base = self.box.bottom + _BELOW_AXIS
        self.axis = rule((self.box.left, base), (self.box.right, base), theme)
        highest = self.box.height - 2 * theme.number_size - _BELOW_AXIS - _ABOVE_BARS
        # A loss may be negative, such as that of a Gaussian: its bar is as short as that of 0.
        scale = highest / max(*losses, 1e-300)
        self.bars = Bars(
            [max(scale * loss, 0.0) for loss in losses],
            [(self._x(i), base) for i in range(count)],
            thickness=_BAR_SHARE * self._slot,
            color=theme.blame,
            opacity=_BAR_OPACITY,
            direction=UP,
            shortest=_SHORTEST_LOSS,
        )
        shown = range(count) if count <= _MOST_NUMBERS else (0, count - 1)
        self.numbers = VGroup(*(self._number(i, losses[i]) for i in shown))
        foot = self.box.bottom + _LABEL_HEIGHT
        self.labels = VGroup(*(TextLabel(label, theme) for label in labels))
        for i, label in enumerate(self.labels):
            label.move_to([self._x(i), foot, 0])
        self.add(self.title, self.axis, self.bars, self.numbers, self.labels)

    def _x(self, i: int) -> float:
        return self.box.left + (i + 0.5) * self._slot

    def _number(self, i: int, loss: float) -> Number:
        number = Number(
            loss, self.theme, decimals=3, em=self.theme.caption_size, color=self.theme.blame
        )
        # A number is wider than a thin bar: it stays inside the box all the same, and above the
        # bars next to its own.
        half = number.width / 2
        x = min(max(self.box.left + half, self._x(i)), self.box.right - half)
        covered = [bar for bar in self.bars if abs(bar.get_x() - x) < half + bar.width]
        top = max(bar.get_top()[1] for bar in covered)
        return number.move_to([x, top + _NUMBER_GAP + number.height / 2, 0])


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


class ProgressCurves(Panel):
    """Curves over the steps of a training run, their names and values above them.

    The steps are on a logarithmic axis, as the moments of a recording are. The axis says so, and
    has a mark at each power of ten.

    Args:
        series: One or more.
        steps: Number of training steps before each moment, shape (m,), increasing.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        axes: An ``Axes`` of manim, 0 … 1 across and up.
        curves, keys, names, numbers: One for each series; a key is a sample of its curve.
        ticks: The marks of the axis, and their numbers.
        step_name, step: The number of steps at the moment that is shown, and its name.

    Raises:
        ProblemError: There is no series, or one does not have a value for each moment.

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
        depth = np.log1p(steps - steps[0])
        self._depth = depth / max(float(depth[-1]), 1e-12)
        top = box.top - _PITCH * len(series) - _BELOW_NAMES
        plot = Box(box.left, box.right, box.bottom + _BELOW_PLOT, top)
        self.axes = PanelAxes((0, 1), (0, 1), theme=theme, box=plot)
        self.curves = VGroup(
            *(Curve(one.color, stroke=_CURVE_STROKE, dashed=one.dashed) for one in series)
        )
        rows = rows_from(box.top - _PITCH / 2, [_PITCH] * (len(series) - 1))
        self.keys = column([*map(_key, series)], box.left, rows, edge=LEFT)
        names = [TextLabel(one.name, theme, color=one.color) for one in series]
        left = float(self.keys.get_right()[0]) + _GAP
        self.names = column(names, left, rows, edge=LEFT)
        numbers = [
            Number(one.values[0], theme, decimals=0 if one.percent else 3, color=one.color)
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
        self.add(self.step_name, self.step)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of moments of the run."""
        return len(self._steps)

    def show_moment(self, moment: float) -> Self:
        """Draw the curves up to a moment, and write the numbers of the last whole one."""
        super().show_moment(moment)
        reached = float(np.interp(moment, np.arange(self.moments), self._depth))
        depths = np.linspace(0, 1, _SAMPLES)
        depths = np.append(depths[depths < reached], reached)
        right = self.axes.x_axis.get_end()
        for one, curve, number in zip(self._series, self.curves, self.numbers, strict=True):
            heights = np.interp(depths, self._depth, one.values) / one.top
            curve.through(self.axes.c2p(depths, heights).T)
            value = float(one.values[int(moment)]) * (100 if one.percent else 1)
            text = f"{figures(value, 1)}%" if one.percent else figures(value, 3)
            number.show(value, text).align_to(right, RIGHT)
        steps = int(self._steps[int(moment)])
        left = float(self.step_name.get_right()[0]) + _GAP * self.step.em / self.theme.smallest_text
        self.step.show(steps, str(steps)).align_to([left, 0, 0], LEFT)
        return self

    def _ticks(self) -> VGroup:
        """Marks at the first and the last step and at powers of ten, and numbers where they fit."""
        first, last = int(self._steps[0]), int(self._steps[-1])
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


def _key(series: Series) -> VMobject:
    """A sample of the curve, in front of its name."""
    key = VMobject(stroke_color=series.color, stroke_width=_CURVE_STROKE)
    for start, end in _DASHED_KEY if series.dashed else _SOLID_KEY:
        key.start_new_path(np.array([start, 0.0, 0.0]))
        key.add_line_to(np.array([end, 0.0, 0.0]))
    return key
