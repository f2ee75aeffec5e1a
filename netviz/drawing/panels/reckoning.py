"""Named numbers one below the other, and what they come to: error, times slope, is blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import RIGHT, Line, VGroup

from netviz.drawing.layout.box import Box
from netviz.drawing.text import Number, formula, put_name
from netviz.theme import Theme

_ROW, _APART, _BETWEEN = 0.66, 0.3, 0.22


@dataclass(frozen=True)
class Named:
    """A number with its name in Typst; the name begins with the operation: ``times sigma'(z)``.

    Example:
        >>> Named("times sigma'(z)", 0.24, DARK_THEME.text).decimals
        3
    """

    name: str
    value: float
    color: str
    decimals: int = 3


class Reckoning(VGroup):
    """Numbers under each other, a rule, and the result in larger figures.

    Args:
        heading: Typst; the formula.
        given: What the terms are made of, above them and apart.
        terms: Shown in order.
        result: As the core computed it.
        theme: Colours and fonts.
        box: Filled from its top.

    Attributes:
        rows: A group of name and number for each of ``given`` and ``terms``.
        result: The group of name and number of the result.

    Example:
        >>> record, z = blame.layers[0], trace.layers[0].z[0]
        >>> gradient = float(record.activation_gradient[0])
        >>> slope = float(network.layers[0].activation.slope(z))
        >>> panel = Reckoning(
        ...     "delta = (partial L) / (partial a) dot f'(z)",
        ...     [
        ...         Named("(partial L) / (partial a)", gradient, DARK_THEME.blame),
        ...         Named("times f'(z)", slope, DARK_THEME.text),
        ...     ],
        ...     Named("delta", float(record.blame[0]), DARK_THEME.blame),
        ...     theme=DARK_THEME,
        ...     box=RIGHT_BOX,
        ... )
        >>> len(panel.rows)
        2
    """

    def __init__(
        self,
        heading: str,
        terms: Sequence[Named],
        result: Named,
        *,
        theme: Theme,
        box: Box,
        given: Sequence[Named] = (),
    ) -> None:
        self.heading = formula(heading, theme, width=box.width)
        self.rows = VGroup(*(_pair(term, theme, box.width) for term in (*given, *terms)))
        self.result = _pair(result, theme, box.width, em=0.46)
        self.rule = Line(stroke_color=theme.muted, stroke_width=2)
        super().__init__(self.heading, self.rows, self.rule, self.result)
        self._arrange(box, len(given))
        if self.width > box.width:
            top = self.get_top()
            self.scale(box.width / self.width, about_point=top).set_x(box.center[0])

    def _arrange(self, box: Box, given: int) -> None:
        y = box.top - self.heading.height / 2
        self.heading.move_to([box.center[0], y, 0])
        y -= self.heading.height / 2 + 0.45
        right = box.center[0] + max(pair.width for pair in (*self.rows, self.result)) / 2
        for i, pair in enumerate(self.rows):
            y -= _APART if given and i == given else 0
            _place(pair, right, y)
            y -= _ROW
        # Clear of the brackets and indices of the last term.
        y = self.rows[-1].get_bottom()[1] - 0.09
        self.rule.put_start_and_end_on([2 * box.center[0] - right, y, 0], [right, y, 0])
        _place(self.result, right, y - 0.44)


def _place(pair: VGroup, right: float, y: float) -> None:
    name, number = pair
    number.move_to([right, y, 0], aligned_edge=RIGHT)
    put_name(name, number)


def _pair(named: Named, theme: Theme, width: float, em: float | None = None) -> VGroup:
    number = Number(
        named.value, theme, decimals=named.decimals, signed=True, color=named.color, em=em
    )
    room = width - number.width - _BETWEEN
    name = formula(f"{named.name} =", theme, color=named.color, width=room)
    return VGroup(put_name(name, number), number)
