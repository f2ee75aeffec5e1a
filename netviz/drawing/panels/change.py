"""What a correction did to the outputs: before → after, beside each neuron."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup
from numpy.typing import NDArray

from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme

Array = NDArray[np.float64]


class ChangeTable(VGroup):
    """Two columns of numbers with an arrow between them.

    Args:
        before, after: Shape (n,), as the core computed them.
        titles: Names of the two columns, below them.
        heights: y of each row.
        color: Of the numbers after.
        theme: Colours and fonts.
        box: Gives left, right and bottom.

    Attributes:
        before, arrows, after: One mobject a row in each.
    """

    def __init__(
        self,
        before: Array,
        after: Array,
        *,
        titles: tuple[str, str],
        heights: Sequence[float],
        color: str,
        theme: Theme,
        box: Box,
    ) -> None:
        left, middle, right = (box.left + share * box.width for share in (0.25, 0.5, 0.75))
        self.before = VGroup(*(Number(value, theme, color=theme.muted) for value in before))
        self.after = VGroup(*(Number(value, theme, color=color) for value in after))
        self.arrows = VGroup(*(TextLabel("→", theme, color=theme.muted) for _ in before))
        for column, x in ((self.before, left), (self.arrows, middle), (self.after, right)):
            for part, y in zip(column, heights, strict=True):
                part.move_to([x, y, 0])
        foot = box.bottom + NAME_EM / 2
        names = (
            TextLabel(title, theme, em=NAME_EM, color=ink).move_to([x, foot, 0])
            for title, ink, x in zip(titles, (theme.muted, color), (left, right), strict=True)
        )
        super().__init__(self.before, self.arrows, self.after, *names)
