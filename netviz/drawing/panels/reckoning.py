"""Named numbers one below the other, and what they come to: error, times slope, is blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import LEFT, RIGHT, Line, VGroup

from netviz.drawing.layout import Box
from netviz.drawing.text import Number, formula
from netviz.theme import Theme

_ROW = 0.6


@dataclass(frozen=True)
class Named:
    """A number with its name in Typst; the name begins with the operation: ``times sigma'(z)``."""

    name: str
    value: float
    color: str
    decimals: int = 3


class Reckoning(VGroup):
    """Numbers under each other, a rule, and the result in larger figures.

    Args:
        heading: Typst; the formula.
        terms: Shown in order.
        result: As the core computed it.
        theme: Colours and fonts.
        box: Filled from its top.

    Attributes:
        rows: A group of name and number for each term.
        result: The group of name and number of the result.
    """

    def __init__(
        self, heading: str, terms: Sequence[Named], result: Named, *, theme: Theme, box: Box
    ) -> None:
        self.heading = formula(heading, theme, width=box.width)
        self.rows = VGroup(*(_pair(term, theme) for term in terms))
        self.result = _pair(result, theme, em=0.46)
        self.rule = Line(stroke_color=theme.muted, stroke_width=2)
        super().__init__(self.heading, self.rows, self.rule, self.result)
        self._arrange(box)

    def _arrange(self, box: Box) -> None:
        y = box.top - self.heading.height / 2
        self.heading.move_to([box.center[0], y, 0])
        y -= self.heading.height / 2 + 0.45
        right = box.center[0] + max(pair.width for pair in (*self.rows, self.result)) / 2
        for pair in self.rows:
            pair.move_to([right, y, 0], aligned_edge=RIGHT)
            y -= _ROW
        y += 0.38 * _ROW
        self.rule.put_start_and_end_on([2 * box.center[0] - right, y, 0], [right, y, 0])
        self.result.move_to([right, y - 0.44, 0], aligned_edge=RIGHT)


def _pair(named: Named, theme: Theme, em: float | None = None) -> VGroup:
    number = Number(
        named.value, theme, decimals=named.decimals, signed=True, color=named.color, em=em
    )
    name = formula(f"{named.name} =", theme, color=named.color)
    name.next_to(number, LEFT, buff=0.2)
    return VGroup(name, number)
