"""Who is corrected most: gradients of weights, ranked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import LEFT, ORIGIN, RIGHT, VGroup, VMobject

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.arithmetic import ProductRow
from netviz.drawing.paths import Course, add_band
from netviz.drawing.text import Number, formula
from netviz.theme import Theme

MAX_ROWS = 5
_BAR_HEIGHT, _ROW = 0.16, 1.02
_NAME_EM, _NAME_GAP = 0.34, 0.2


@dataclass(frozen=True)
class Correction:
    """One weight: its name (Typst), the activation before it, the blame after it, its gradient.

    ``gradient`` is ``activation * blame`` as the core computed it; ``color`` is the role of the
    neuron before it.

    Example:
        >>> record = blame.layers[0]
        >>> Correction(
        ...     "W_(1,1)",
        ...     float(trace.input[0]),
        ...     float(record.blame[0]),
        ...     float(record.weight_gradient[0, 0]),
        ...     color=DARK_THEME.input,
        ... ).name
        'W_(1,1)'
    """

    name: str
    activation: float
    blame: float
    gradient: float
    color: str


class GradientRanking(VGroup):
    """``a × δ = ∂L/∂W`` of some weights, the largest first, each over its name and a bar.

    Args:
        heading: Typst; the formula.
        corrections: In any order.
        theme: Colours and fonts.
        box: Filled, or with few rows its middle.

    Attributes:
        order: Indices into ``corrections`` as ranked; at most ``MAX_ROWS`` are shown.
        rows, names, bars: In ranked order. The longest bar is the largest gradient.

    Example:
        >>> record, a = blame.layers[0], trace.input
        >>> delta = float(record.blame[0])
        >>> weights = [
        ...     Correction(f"W_({k},1)", float(a[k - 1]), delta, float(gradient), DARK_THEME.input)
        ...     for k, gradient in enumerate(record.weight_gradient[0], start=1)
        ... ]
        >>> ranking = GradientRanking("a_k dot delta_1", weights, theme=DARK_THEME, box=RIGHT_BOX)
        >>> bool(ranking.order[0] == abs(record.weight_gradient[0]).argmax())
        True
    """

    def __init__(
        self, heading: str, corrections: Sequence[Correction], *, theme: Theme, box: Box
    ) -> None:
        self.heading = formula(heading, theme, width=box.width)
        ranked = sorted(range(len(corrections)), key=lambda i: -abs(corrections[i].gradient))
        self.order = ranked[:MAX_ROWS]
        chosen = [corrections[i] for i in self.order]
        self.names = VGroup(*(formula(c.name, theme, em=_NAME_EM) for c in chosen))
        self.rows = VGroup(*(_row(c, theme) for c in chosen))
        room = box.width - self.names.width - _NAME_GAP
        largest = max(abs(chosen[0].gradient), 1e-300)
        self.bars = VGroup(*(_bar(c.gradient / largest, theme, room) for c in chosen))
        super().__init__(self.heading, self.names, self.rows, self.bars)
        self._arrange(box)

    def _arrange(self, box: Box) -> None:
        # Few rows stand in the middle of the box, beside the diagram's middle.
        height = self.heading.height + 0.5 + (len(self.rows) - 0.4) * _ROW
        top = box.top - max(box.height - height, 0) / 2
        self.heading.move_to([box.center[0], top - self.heading.height / 2, 0])
        y = top - self.heading.height - 0.5
        bars = box.right - max(bar.width for bar in self.bars)
        for name, row, bar in zip(self.names, self.rows, self.bars, strict=True):
            row.move_to([box.right, y, 0], aligned_edge=RIGHT)
            name.move_to([box.left, y - 0.42, 0], aligned_edge=LEFT)
            bar.move_to([bars, y - 0.42, 0], aligned_edge=LEFT)
            y -= _ROW


def _row(correction: Correction, theme: Theme) -> ProductRow:
    left = Number(correction.activation, theme, color=correction.color)
    right = Number(correction.blame, theme, decimals=3, signed=True, color=theme.blame)
    product = Number(correction.gradient, theme, decimals=3, signed=True)
    return ProductRow(left, right, product, theme).arrange(RIGHT, buff=0.12)


def _bar(share: float, theme: Theme, width: float) -> VMobject:
    """A bar as long as the size of a gradient, dashed if it is negative."""
    bar = VMobject(stroke_width=0, fill_color=theme.text, fill_opacity=1)
    length = max(abs(share) * width, 0.02)
    line = Course.straight(ORIGIN, length * RIGHT)
    add_band(bar, line, _BAR_HEIGHT / 2, dashed=share < 0)
    return bar
