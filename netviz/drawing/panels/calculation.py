"""Named numbers one below the other, and their result: error, times slope, is blame."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import RIGHT, VGroup

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import rows_from, rule
from netviz.drawing.text import Number, formula, put_name
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

# Lengths in frame units: from row to row, between given numbers and terms, between a name and its
# number, below the heading, from the last row to the rule and from there to the result.
_PITCH, _APART, _NAME_GAP = 0.66, 0.3, 0.22
_BELOW_HEADING, _ABOVE_RULE, _BELOW_RULE = 0.45, 0.09, 0.44


@dataclass(frozen=True)
class Term:
    """A number with a name.

    Attributes:
        name: In Typst. It begins with the operation, if there is one: ``times sigma'(z)``.
        value: The number.
        color: ``#RRGGBB``.
        decimals: Digits after the point.

    Example:
        >>> Term("times sigma'(z)", 0.24, DARK_THEME.text).decimals
        3
    """

    name: str
    value: float
    color: str
    decimals: int = 3


class Calculation(Panel):
    """A formula, its terms as numbers one below the other, a rule, and the result.

    Args:
        heading: The formula, in Typst.
        terms: One or more, in order.
        result: As computed by the core.
        given: Numbers that the terms are made of, shown above them.
        theme, box, words: As for every :class:`Panel`. The box is filled from its top.

    Attributes:
        heading: The formula.
        rows: A group of name and number for each of ``given`` and ``terms``.
        rule: The line above the result.
        result: The group of name and number of the result.

    Raises:
        ProblemError: There are no terms.

    Example:
        >>> record, z = blame.layers[0], trace.layers[0].z[1]
        >>> gradient = float(record.activation_gradient[1])
        >>> slope = float(network.layers[0].activation.slope(z))
        >>> panel = Calculation(
        ...     "delta = partial L slash partial a dot f'(z)",
        ...     [
        ...         Term("partial L slash partial a", gradient, DARK_THEME.blame),
        ...         Term("times f'(z)", slope, DARK_THEME.text),
        ...     ],
        ...     Term("delta", float(record.blame[1]), DARK_THEME.blame),
        ... )
        >>> len(panel.rows)
        2
    """

    def __init__(
        self,
        heading: str,
        terms: Sequence[Term],
        result: Term,
        *,
        given: Sequence[Term] = (),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("terms", terms, len(terms) > 0, "one or more")
        self.heading = formula(heading, self.theme, width=self.box.width)
        self.rows = VGroup(*(self._pair(term) for term in (*given, *terms)))
        self.result = self._pair(result, em=self.theme.caption_size)
        self.rule = rule((0, 0), (1, 0), self.theme)
        self.add(self.heading, self.rows, self.rule, self.result)
        self._arrange(len(given))

    def _pair(self, term: Term, em: float | None = None) -> VGroup:
        number = Number(
            term.value, self.theme, decimals=term.decimals, signed=True, color=term.color, em=em
        )
        width = self.box.width - number.width - _NAME_GAP
        name = formula(f"{term.name} =", self.theme, color=term.color, width=width)
        return VGroup(put_name(name, number), number)

    def _arrange(self, given: int) -> None:
        center = self.box.center[0]
        top = self._put_at_top(self.heading) - _BELOW_HEADING
        steps = [_PITCH] * (len(self.rows) - 1)
        if given:
            steps[given - 1] += _APART
        right = center + max(pair.width for pair in (*self.rows, self.result)) / 2
        for pair, y in zip(self.rows, rows_from(top, steps), strict=True):
            _place(pair, right, y)
        # Below the brackets and indices of the last term.
        y = self.rows[-1].get_bottom()[1] - _ABOVE_RULE
        self.rule.put_start_and_end_on([2 * center - right, y, 0], [right, y, 0])
        _place(self.result, right, y - _BELOW_RULE)
        if self.width > self.box.width:
            about = self.get_top()
            self.scale(self.box.width / self.width, about_point=about).set_x(center)


def _place(pair: VGroup, right: float, y: float) -> None:
    name, number = pair
    number.move_to([right, y, 0], aligned_edge=RIGHT)
    put_name(name, number)
