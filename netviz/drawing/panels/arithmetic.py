"""Products in rows: a weighted sum, shares, slopes times errors, gradients by size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import LEFT, RIGHT, MathTypst, VGroup
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import (
    SHORTEST_BAR,
    Bars,
    column,
    expect_count,
    rows_from,
    rule,
)
from netviz.drawing.text import Number, TextLabel, formula, put_name
from netviz.problems import PartError, Problem, expect
from netviz.theme import Theme
from netviz.words import Words

# A longer table shows its first rows, an ellipsis, and the sum of the rest.
MAX_ROWS = 6
# A ranking shows this many rows.
MAX_RANKED = 5
# Lengths in frame units. From row to row of a table; with many rows closer, down to the second.
_PITCH, _LEAST_PITCH = 0.46, 0.385
_BELOW_HEADING = 0.42
_COLUMN_GAP, _LABEL_GAP = 0.14, 0.3
# The rule lies this share of a row below the last one, and the sum this far below the rule.
_RULE_SHARE, _BELOW_RULE = 0.4, 0.42
# Height of the rule and the sum together.
_FOOT = 0.65
# Of a ranking: from row to row, from a product down to its bar, and so on.
_RANK_PITCH, _RANK_BAR, _RANK_THICKNESS = 1.02, 0.42, 0.16
_BELOW_RANK_HEADING = 0.5
# The last row of a ranking takes this share of the pitch.
_LAST_RANK = 0.6
_RANK_GAP, _NAME_GAP = 0.12, 0.2


@dataclass(frozen=True)
class Factors:
    """A column of factors or products: the values and how they are written.

    Attributes:
        values: One for each row.
        color: ``#RRGGBB``.
        decimals: Digits after the point.
        signed: Whether a plus is written too.

    Example:
        >>> layer = trace.layers[0]
        >>> Factors(layer.contributions[0], DARK_THEME.forward).decimals
        2
    """

    values: Sequence[float] | NDArray[np.float64]
    color: str
    decimals: int = 2
    signed: bool = True


class ProductRow(VGroup):
    """``left × right = product``."""

    def __init__(self, left: Number, right: Number, product: Number, theme: Theme) -> None:
        self.left, self.right, self.product = left, right, product
        times, equals = (TextLabel(sign, theme, color=theme.muted) for sign in "×=")
        super().__init__(left, times, right, equals, product)


class ProductTable(Panel):
    """A formula, its products one below the other and, on request, a rule and their sum.

    Args:
        heading: The formula, in Typst.
        left, right, products: The columns, as computed by the core: each product is that of the
            two values before it.
        extra: Label (Typst) and value of one more term, such as the bias.
        total: Label (Typst) and value of the sum including ``extra``, as computed by the core.
        heights: y of each row, such as those of neurons, with the formula below them. By default
            the rows follow each other from the top of the box, at most ``MAX_ROWS`` of them.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        heading: The formula.
        rows: The :class:`ProductRow` of each term that is shown, in order.
        rest: An ellipsis, and the sum of the terms that are not shown; or nothing.
        extra: Label and number of the extra term, or nothing.
        footer: Rule, label and number of the sum, or nothing.

    Raises:
        ProblemError: The columns or ``heights`` have different lengths, or there is no row.

    Example:
        >>> layer, dense = trace.layers[0], network.layers[0]
        >>> panel = ProductTable(
        ...     "z_2 = sum_k a_k W_(k,2) + b_2",
        ...     Factors(layer.incoming, DARK_THEME.input),
        ...     Factors(dense.weights[1], DARK_THEME.text),
        ...     Factors(layer.contributions[1], DARK_THEME.forward),
        ...     extra=("b_2 =", float(dense.bias[1])),
        ...     total=("z_2 =", float(layer.z[1])),
        ... )
        >>> len(panel.rows), bool(panel.total.value == layer.z[1])
        (3, True)
    """

    def __init__(
        self,
        heading: str,
        left: Factors,
        right: Factors,
        products: Factors,
        *,
        extra: tuple[str, float] | None = None,
        total: tuple[str, float] | None = None,
        heights: Sequence[float] | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        terms = len(products.values)
        expect("products", products.values, terms > 0, "one or more values")
        for name, factors in (("left", left), ("right", right)):
            expect_count(f"{name}.values", factors.values, terms, "product")
        self.heading = formula(heading, self.theme, width=self.box.width)
        shown = terms if terms <= MAX_ROWS or heights is not None else MAX_ROWS - 1
        self.rows = VGroup(*(self._row(left, right, products, i) for i in range(shown)))
        self.rest = self._rest(products, shown, summed=total is not None)
        self.extra = self._extra(extra, products)
        self.footer = self._footer(total, products)
        self.add(self.heading, self.rows, self.rest, self.extra, self.footer)
        self._arrange(heights)

    @property
    def total(self) -> Number:
        """The number of the sum.

        Raises:
            PartError: The table was made without one.
        """
        if not len(self.footer):
            raise PartError(Problem("total", "is not part of this table", hint="give total="))
        return self.footer[2]

    def _number(self, factors: Factors, i: int) -> Number:
        return Number(
            factors.values[i],
            self.theme,
            decimals=factors.decimals,
            signed=factors.signed,
            color=factors.color,
        )

    def _row(self, left: Factors, right: Factors, products: Factors, i: int) -> ProductRow:
        first, second, product = (self._number(factors, i) for factors in (left, right, products))
        return ProductRow(first, second, product, self.theme)

    def _rest(self, products: Factors, shown: int, *, summed: bool) -> VGroup:
        hidden = products.values[shown:]
        if not len(hidden):
            return VGroup()
        ellipsis = TextLabel(f"⋯ {len(hidden)} ⋯", self.theme, color=self.theme.muted)
        if not summed:
            return VGroup(ellipsis)
        number = Number(
            sum(hidden), self.theme, decimals=products.decimals, signed=True, color=products.color
        )
        return VGroup(ellipsis, number)

    def _extra(self, extra: tuple[str, float] | None, products: Factors) -> VGroup:
        if extra is None:
            return VGroup()
        label, value = extra
        number = Number(value, self.theme, decimals=products.decimals, signed=True)
        return VGroup(formula(label, self.theme, em=self.theme.number_size), number)

    def _footer(self, total: tuple[str, float] | None, products: Factors) -> VGroup:
        if total is None:
            return VGroup()
        label, value = total
        number = Number(
            value,
            self.theme,
            decimals=products.decimals,
            signed=True,
            em=self.theme.caption_size,
            color=products.color,
        )
        line = rule((0, 0), (1, 0), self.theme)
        return VGroup(line, formula(label, self.theme, color=products.color), number)

    # ---- layout ---------------------------------------------------------------------------------

    def _arrange(self, heights: Sequence[float] | None) -> None:
        top = self._put_at_top(self.heading) - _BELOW_HEADING
        if heights is not None:
            _, foot = self._heights_and_foot(len(self.rows), heights)
            self.heading.move_to([self.box.center[0], foot, 0])
        pairs = [pair for pair in (self.rest, self.extra) if len(pair)]
        pitch = self._pitch(top - self.box.bottom, len(self.rows) + len(pairs))
        below = rows_from(top, [pitch] * (len(self.rows) + len(pairs)))
        ends = self._column_ends()
        for cells, x in zip(zip(*self.rows, strict=True), ends, strict=True):
            column(cells, x, heights or below[: len(self.rows)], edge=RIGHT)
        for pair, y in zip(pairs, below[len(self.rows) : -1], strict=True):
            column(pair[1:], ends[-1], [y] * len(pair[1:]), edge=RIGHT)
            _put_label(pair, ends[-2] - _LABEL_GAP, y)
        if len(self.footer):
            line, label, number = self.footer
            left = min(row.get_left()[0] for row in self.rows)
            y = below[-1] + _RULE_SHARE * pitch
            line.put_start_and_end_on([left, y, 0], [ends[-1], y, 0])
            column([number], ends[-1], [y - _BELOW_RULE], edge=RIGHT)
            put_name(label, number)

    def _pitch(self, space: float, rows: int) -> float:
        """From row to row: less than usual where many rows must fit into the box."""
        return max(min(_PITCH, (space - _FOOT) / rows), _LEAST_PITCH)

    def _column_ends(self) -> list[float]:
        """Right ends of the five columns of a row, together centered in the box."""
        widths = [max(cell.width for cell in cells) for cells in zip(*self.rows, strict=True)]
        numbers = [pair[1] for pair in (self.rest, self.extra) if len(pair) > 1]
        widths[-1] = max([widths[-1], *(number.width for number in numbers)])
        left = self.box.center[0] - (sum(widths) + _COLUMN_GAP * (len(widths) - 1)) / 2
        gaps = np.arange(len(widths)) * _COLUMN_GAP
        return [float(x) for x in left + np.cumsum(widths) + gaps]


def _put_label(pair: VGroup, right: float, y: float) -> None:
    """Put the label of a term before its number, on its baseline if the label is a formula."""
    label = pair[0]
    if isinstance(label, MathTypst):
        put_name(label, pair[1])
        y = label.get_y()
    label.move_to([right, y, 0], aligned_edge=RIGHT)


@dataclass(frozen=True)
class WeightGradient:
    """The gradient of one weight and its two factors.

    Attributes:
        name: Of the weight, in Typst. On screen ``W_(1,2)`` leads from neuron 1 to neuron 2; in
            the core it is ``weights[1, 0]``.
        activation: Of the neuron that the connection comes from.
        blame: Of the neuron that it leads to, δ.
        gradient: ∂L/∂W, ``activation * blame`` as computed by the core.
        color: Of the activation, ``#RRGGBB``.

    Example:
        >>> record = blame.layers[0]
        >>> WeightGradient(
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


class GradientRanking(Panel):
    """``a × δ = ∂L/∂W`` of some weights, the largest first, each above its name and a bar.

    Args:
        heading: The formula, in Typst.
        gradients: One or more, in any order.
        theme, box, words: As for every :class:`Panel`. A few rows fill the middle of the box.

    Attributes:
        heading: The formula.
        order: Indices into ``gradients`` in ranked order, at most ``MAX_RANKED``.
        rows, names, bars: In ranked order. The longest bar is the largest gradient; bars of
            negative gradients are dashed.

    Raises:
        ProblemError: There are no gradients.

    Example:
        >>> record, a = blame.layers[0], trace.input
        >>> delta = float(record.blame[0])
        >>> gradients = [
        ...     WeightGradient(f"W_({k},1)", float(a[k - 1]), delta, float(g), DARK_THEME.input)
        ...     for k, g in enumerate(record.weight_gradient[0], start=1)
        ... ]
        >>> panel = GradientRanking("partial L slash partial W_(k,1) = a_k delta_1", gradients)
        >>> bool(panel.order[0] == abs(record.weight_gradient[0]).argmax())
        True
    """

    def __init__(
        self,
        heading: str,
        gradients: Sequence[WeightGradient],
        *,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("gradients", gradients, len(gradients) > 0, "one or more")
        ranked = sorted(range(len(gradients)), key=lambda i: -abs(gradients[i].gradient))
        self.order = ranked[:MAX_RANKED]
        self.heading = formula(heading, self.theme, width=self.box.width)
        first = self._put_heading(len(self.order))
        chosen = [gradients[i] for i in self.order]
        heights = rows_from(first, [_RANK_PITCH] * (len(chosen) - 1))
        below = [y - _RANK_BAR for y in heights]
        names = [formula(entry.name, self.theme, em=self.theme.number_size) for entry in chosen]
        self.names = column(names, self.box.left, below, edge=LEFT)
        rows = [self._row(entry) for entry in chosen]
        self.rows = column(rows, self.box.right, heights, edge=RIGHT)
        self.bars = self._bars([entry.gradient for entry in chosen], below)
        self.add(self.heading, self.names, self.rows, self.bars)

    def _put_heading(self, rows: int) -> float:
        """Place the heading, and return the height of the first row."""
        below = _BELOW_RANK_HEADING + (rows - 1 + _LAST_RANK) * _RANK_PITCH
        space = max(self.box.height - self.heading.height - below, 0.0)
        lower_end = self._put_at_top(self.heading) - space / 2
        self.heading.shift([0, -space / 2, 0])
        return lower_end - _BELOW_RANK_HEADING

    def _row(self, entry: WeightGradient) -> ProductRow:
        left = Number(entry.activation, self.theme, color=entry.color)
        right = Number(entry.blame, self.theme, decimals=3, signed=True, color=self.theme.blame)
        product = Number(entry.gradient, self.theme, decimals=3, signed=True)
        return ProductRow(left, right, product, self.theme).arrange(RIGHT, buff=_RANK_GAP)

    def _bars(self, gradients: Sequence[float], heights: Sequence[float]) -> Bars:
        longest = self.box.width - self.names.width - _NAME_GAP
        lengths = longest * np.array(gradients) / max(abs(gradients[0]), 1e-300)
        left = self.box.right - max(float(np.abs(lengths).max()), SHORTEST_BAR)
        return Bars(
            lengths,
            [(left, y) for y in heights],
            thickness=_RANK_THICKNESS,
            color=self.theme.text,
        )
