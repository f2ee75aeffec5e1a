"""What a network answers: a bar for each class, its probability as a number."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import LEFT, RIGHT, Rectangle, VGroup
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme

_BAR = 0.24
_NUMBER_ROOM, _GAP = 0.75, 0.2


class AnswerBars(VGroup):
    """A row for each output: the name of its class, a bar, the number.

    Args:
        prediction: Between 0 and 1, shape (n,).
        names: Of the classes.
        target: The right class, counted from 0: its name is marked.
        mark: What stands beside the right class.
        heights: y of each row, that of its neuron.
        theme: Colours and fonts.
        box: Gives left and right.

    Attributes:
        names, bars, numbers: One for each class.
        mark: The word beside the right class.
    """

    def __init__(
        self,
        prediction: NDArray[np.float64],
        names: Sequence[str],
        *,
        target: int,
        mark: str,
        heights: Sequence[float],
        theme: Theme,
        box: Box,
    ) -> None:
        self.names = VGroup(*(TextLabel(name, theme, color=theme.text) for name in names))
        self.mark = TextLabel(mark, theme, color=theme.forward)
        left = box.left + self.names.width + _GAP
        room = box.right - left - _NUMBER_ROOM - self.mark.width - 2 * _GAP
        self.bars = VGroup(*(_bar(float(share) * room, theme) for share in prediction))
        self.numbers = VGroup(*(Number(share, theme) for share in prediction))
        for name, bar, number, y in zip(self.names, self.bars, self.numbers, heights, strict=True):
            name.move_to([box.left, y, 0], aligned_edge=LEFT)
            bar.move_to([left, y, 0], aligned_edge=LEFT)
            number.next_to(bar, RIGHT, buff=_GAP)
        self.mark.next_to(self.numbers[target], RIGHT, buff=_GAP)
        super().__init__(self.names, self.bars, self.numbers, self.mark)


def _bar(length: float, theme: Theme) -> Rectangle:
    return Rectangle(
        width=max(length, 0.02),
        height=_BAR,
        stroke_width=0,
        fill_color=theme.output,
        fill_opacity=1,
    )
