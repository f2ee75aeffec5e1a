"""The prediction against the target: a column of targets, the differences as bars, the loss."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, Line, Rectangle, VGroup
from numpy.typing import NDArray

from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

_BAR_HEIGHT = 0.26


class TargetPanel(VGroup):
    """Rows at the heights of the output neurons: target, difference ``prediction − target``.

    Args:
        prediction, target: Arrays of shape (n,).
        heights: y of each row.
        footer: y of the columns' names.
        theme, words: Colours, fonts and language.
        box: Gives left and right.
        squares: Whether a third column shows the squared differences (for squared losses).

    Attributes:
        targets, bars, differences, squares: One mobject a row in each.
        titles: Names of the columns: target, error, squared error.
        last: x of the last column.

    Example:
        >>> panel = TargetPanel(
        ...     trace.prediction,
        ...     blame.target,
        ...     heights=[neuron.get_y() for neuron in diagram.layer(2)],
        ...     footer=diagram.names[2].get_y(),
        ...     theme=DARK_THEME,
        ...     words=load_words("en"),
        ...     box=RIGHT_BOX,
        ...     squares=True,
        ... )
        >>> len(panel.bars)
        2
    """

    def __init__(
        self,
        prediction: Array,
        target: Array,
        *,
        heights: Sequence[float],
        footer: float,
        theme: Theme,
        words: Words,
        box: Box,
        squares: bool,
    ) -> None:
        difference = prediction - target
        columns = _Columns(box)
        self.last = columns.square
        self.targets = _numbers(target, heights, columns.target, theme, theme.text, signed=False)
        self.axis = Line(
            [columns.axis, heights[0] + 0.3, 0], [columns.axis, heights[-1] - 0.3, 0]
        ).set_stroke(theme.muted, 2)
        scale = columns.half / max(float(np.abs(difference).max()), 1e-12)
        self.bars = VGroup(
            *(
                _bar(d * scale, columns.axis, y, theme)
                for d, y in zip(difference, heights, strict=True)
            )
        )
        self.differences = _numbers(difference, heights, columns.number, theme, theme.blame)
        self.squares = VGroup()
        if squares:
            self.squares = _numbers(
                difference**2, heights, columns.square, theme, theme.text, signed=False
            )
        self.titles = VGroup(
            *(
                TextLabel(text, theme, em=NAME_EM, color=color).move_to([x, footer, 0])
                for text, color, x in (
                    (words("panel.target"), theme.text, columns.target),
                    (words("panel.error"), theme.blame, columns.error),
                    (words("panel.square"), theme.text, columns.square),
                )
            )
        )
        super().__init__(
            self.targets, self.axis, self.bars, self.differences, self.squares, self.titles
        )


class _Columns:
    """Where the columns stand: fractions of the box's width."""

    def __init__(self, box: Box) -> None:
        def at(share: float) -> float:
            return box.left + share * box.width

        self.target = at(0.07)
        self.axis = at(0.33)
        self.half = 0.14 * box.width
        self.number = at(0.6)
        self.error = (self.axis + self.number) / 2
        self.square = at(0.89)


def _numbers(
    values: Array,
    heights: Sequence[float],
    x: float,
    theme: Theme,
    color: str,
    signed: bool = True,
) -> VGroup:
    return VGroup(
        *(
            Number(value, theme, signed=signed, color=color).move_to([x, y, 0])
            for value, y in zip(values, heights, strict=True)
        )
    )


def _bar(length: float, x: float, y: float, theme: Theme) -> Rectangle:
    bar = Rectangle(
        width=max(abs(length), 0.02),
        height=_BAR_HEIGHT,
        stroke_width=0,
        fill_color=theme.blame,
        fill_opacity=0.85,
    )
    return bar.move_to([x, y, 0], aligned_edge=LEFT if length > 0 else RIGHT)


class LossReadout(VGroup):
    """The loss in large figures, its name above.

    Args:
        title: The name.
        value: The loss.
        theme: Colours and fonts.
        decimals: Digits after the point.
        width: What the number may fill at most, in frame units; a longer one is set smaller.

    Attributes:
        title, number: The two parts.

    Example:
        >>> LossReadout("loss", float(blame.loss), DARK_THEME, decimals=4).number.decimals
        4
    """

    def __init__(
        self, title: str, value: float, theme: Theme, *, decimals: int = 3, width: float = math.inf
    ) -> None:
        self.title = TextLabel(title, theme, em=theme.heading_size)
        self.number = Number(value, theme, decimals=decimals, em=0.46, color=theme.blame)
        if self.number.width > width:
            self.number.scale(width / self.number.width)
        super().__init__(self.title, self.number)
        self.arrange(DOWN, buff=0.14)
