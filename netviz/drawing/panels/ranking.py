"""Who is corrected most: the gradients of the weights into one neuron, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import LEFT, RIGHT, Rectangle, VGroup

from netviz.drawing.layout import Box
from netviz.drawing.panels.arithmetic import ProductRow
from netviz.drawing.text import Number, formula
from netviz.theme import Theme

MAX_ROWS = 5
_BAR_HEIGHT = 0.13


@dataclass(frozen=True)
class Correction:
    """One weight: its name (Typst), its upstream activation and its gradient a·δ."""

    name: str
    activation: float
    gradient: float


class GradientRanking(VGroup):
    """``name  a × δ = ∂L/∂W``, the largest first, each over a bar as long as its size.

    Args:
        heading: Typst; the formula.
        corrections: In the order of the upstream neurons.
        blame: δ of the neuron that is fed.
        theme: Colours and fonts.
        box: Filled from its top.
        color: Role colour of the upstream layer.

    Attributes:
        order: Indices into ``corrections`` as ranked; at most ``MAX_ROWS`` are shown.
        rows, names, bars: In ranked order.
    """

    def __init__(
        self,
        heading: str,
        corrections: Sequence[Correction],
        blame: float,
        *,
        theme: Theme,
        box: Box,
        color: str,
    ) -> None:
        self.heading = formula(heading, theme, width=box.width)
        ranked = sorted(range(len(corrections)), key=lambda i: -abs(corrections[i].gradient))
        self.order = ranked[:MAX_ROWS]
        chosen = [corrections[i] for i in self.order]
        self.names = VGroup(*(formula(c.name, theme, em=0.34) for c in chosen))
        self.rows = VGroup(*(_row(c, blame, theme, color) for c in chosen))
        largest = max(abs(corrections[ranked[0]].gradient), 1e-300)
        self.bars = VGroup(*(_bar(abs(c.gradient) / largest, theme, box.width) for c in chosen))
        super().__init__(self.heading, self.names, self.rows, self.bars)
        self._arrange(box)

    def _arrange(self, box: Box) -> None:
        self.heading.move_to([box.center[0], box.top - self.heading.height / 2, 0])
        y = box.top - self.heading.height - 0.55
        for name, row, bar in zip(self.names, self.rows, self.bars, strict=True):
            row.move_to([box.right, y, 0], aligned_edge=RIGHT)
            name.move_to([box.left, y, 0], aligned_edge=LEFT)
            bar.move_to([box.left, y - 0.36, 0], aligned_edge=LEFT)
            y -= 0.86


def _row(correction: Correction, blame: float, theme: Theme, color: str) -> ProductRow:
    em = 0.88 * theme.number_size
    left = Number(correction.activation, theme, em=em, color=color)
    right = Number(blame, theme, decimals=3, signed=True, em=em, color=theme.blame)
    product = Number(correction.gradient, theme, decimals=3, signed=True, em=em)
    row = ProductRow(left, right, product, theme)
    return row.arrange(RIGHT, buff=0.08)


def _bar(share: float, theme: Theme, width: float) -> Rectangle:
    return Rectangle(
        width=max(share * width, 0.02),
        height=_BAR_HEIGHT,
        stroke_width=0,
        fill_color=theme.text,
        fill_opacity=0.85,
    )
