"""How a training run goes: curves of loss and accuracy that grow, their values above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, Line, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme

_ROW, _FOOT = 0.42, 0.4
# Points of a curve; every other piece of a dashed one is left out.
_POINTS = 121


@dataclass(frozen=True)
class Series:
    """One curve.

    Attributes:
        name: What it shows.
        values: One for each moment.
        color: ``#RRGGBB``.
        top: The value at the upper end of the axis.
        dashed: Whether it is drawn in dashes: what is judged on other data.
        percent: Whether its number is written in hundredths.
    """

    name: str
    values: NDArray[np.float64]
    color: str
    top: float
    dashed: bool = False
    percent: bool = False


class ProgressCurves(VGroup):
    """Curves over the steps of a run, on a log scale as the moments of a recording are.

    Args:
        series: One or more.
        steps: How many steps had been taken at each moment, shape (m,).
        step_name: What stands before the number of steps.
        theme: Colours and fonts.
        box: What is filled.

    Attributes:
        curves, names, numbers: One for each of the series.
        step: The number of steps so far.
    """

    def __init__(
        self,
        series: Sequence[Series],
        steps: NDArray[np.int64],
        *,
        step_name: str,
        theme: Theme,
        box: Box,
    ) -> None:
        self._series, self._steps = list(series), steps
        head = _ROW * len(series) + 0.15
        self._plot = Box(box.left, box.right, box.bottom + _FOOT, box.top - head)
        depth = np.log1p(steps - steps[0])
        self._depth = depth / max(float(depth[-1]), 1e-12)
        self.axes = self._axes(theme)
        self.curves = VGroup(*(VMobject(stroke_color=s.color, stroke_width=4) for s in series))
        self.keys = VGroup(*map(_key, series))
        self.names = VGroup(*(TextLabel(s.name, theme, color=s.color) for s in series))
        self.numbers = VGroup(*(_number(s, theme) for s in series))
        self._arrange(box)
        self.step_name = TextLabel(step_name, theme, em=theme.smallest_text, color=theme.muted)
        self.step = Number(steps[-1], theme, decimals=0, em=theme.smallest_text, color=theme.muted)
        self._place_step(box)
        super().__init__(
            *(self.axes, self.curves, self.keys, self.names, self.numbers),
            *(self.step_name, self.step),
        )
        self.set_place(0.0)

    def set_place(self, place: float) -> Self:
        """Show the run up to moment ``place``, counted from 0, or between two of them."""
        moment = min(int(place), len(self._steps) - 1)
        reached = float(np.interp(place, np.arange(len(self._steps)), self._depth))
        for series, curve, number in zip(self._series, self.curves, self.numbers, strict=True):
            self._draw(curve, series, reached)
            shown = series.values[moment] * (100 if series.percent else 1)
            number.set_value(float(shown)).align_to(self._number_edge, RIGHT)
        self.step.set_value(float(self._steps[moment])).align_to(self._step_edge, RIGHT)
        self.step_name.next_to(self.step, LEFT, buff=0.15)
        return self

    def at(self, depth: float, share: float) -> tuple[float, float, float]:
        """The point of the frame for a depth 0 … 1 and a height 0 … 1."""
        plot = self._plot
        return plot.left + depth * plot.width, plot.bottom + share * plot.height, 0.0

    def _draw(self, curve: VMobject, series: Series, reached: float) -> None:
        depths = np.linspace(0, 1, _POINTS)
        depths = np.append(depths[depths < reached], reached)
        heights = np.interp(depths, self._depth, series.values) / series.top
        points = np.array([self.at(d, h) for d, h in zip(depths, heights, strict=True)])
        curve.clear_points()
        if len(points) < 2:
            return
        if not series.dashed:
            curve.set_points_as_corners(points)
            return
        for i in range(0, len(points) - 1, 4):
            piece = points[i : i + 3]
            curve.start_new_path(piece[0])
            for point in piece[1:]:
                curve.add_line_to(point)

    def _axes(self, theme: Theme) -> VGroup:
        across = Line(self.at(0, 0), self.at(1, 0))
        up = Line(self.at(0, 0), self.at(0, 1))
        return VGroup(across, up).set_stroke(theme.muted, 2)

    def _arrange(self, box: Box) -> None:
        self._number_edge = np.array([box.right, 0, 0])
        rows = zip(self.keys, self.names, self.numbers, strict=True)
        for i, (key, name, number) in enumerate(rows):
            y = box.top - (i + 0.5) * _ROW
            key.move_to([box.left, y, 0], aligned_edge=LEFT)
            name.move_to([key.get_right()[0] + 0.15, y, 0], aligned_edge=LEFT)
            number.move_to([box.right, y, 0], aligned_edge=RIGHT)

    def _place_step(self, box: Box) -> None:
        y = box.bottom + 0.5 * self.step.em
        self._step_edge = np.array([box.right, 0, 0])
        self.step.move_to([box.right, y, 0], aligned_edge=RIGHT)


def _key(series: Series) -> VMobject:
    """A piece of the curve as it is drawn, before its name."""
    key = VMobject(stroke_color=series.color, stroke_width=4)
    ends = ((0.0, 0.14), (0.26, 0.4)) if series.dashed else ((0.0, 0.4),)
    for start, end in ends:
        key.start_new_path(np.array([start, 0.0, 0.0]))
        key.add_line_to(np.array([end, 0.0, 0.0]))
    return key


def _number(series: Series, theme: Theme) -> Number:
    decimals = 0 if series.percent else 3
    return Number(series.values[0], theme, decimals=decimals, color=series.color)
