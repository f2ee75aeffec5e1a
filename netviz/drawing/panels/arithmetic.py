"""Products in rows, with or without their sum: a weighted sum, shares, slopes times errors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import RIGHT, Line, MathTypst, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.text import Number, TextLabel, formula, put_name
from netviz.theme import Theme

# More terms than this are shown as the first ones, an ellipsis, and the sum of the rest.
MAX_ROWS = 6
_ROW, _TIGHTEST = 0.46, 0.385
# Height of the sum below the rule.
_FOOT = 0.65


@dataclass(frozen=True)
class Factors:
    """One kind of factor or product: its values and how they are written.

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
        self.times = TextLabel("×", theme, color=theme.muted)
        self.equals = TextLabel("=", theme, color=theme.muted)
        super().__init__(left, self.times, right, self.equals, product)

    @property
    def question(self) -> VGroup:
        """The row without its product."""
        return VGroup(self.left, self.times, self.right, self.equals)


class ProductTable(VGroup):
    """A formula, its products one below the other and, if asked for, a rule and their sum.

    Args:
        heading: Typst; the formula.
        left, right, products: The columns, as the core computed them: each product is that of the
            two values before it.
        theme: Colours and fonts.
        box: Filled from its top.
        extra: Typst label and value of one more term, such as the bias.
        total: Typst label and value of the sum (with ``extra``), as the core computed it.
        heights: y of each row, to stand beside what it speaks of, with the formula below them;
            else rows follow each other from the top of the box, and many of them are cut short.

    Attributes:
        rows: The :class:`ProductRow` of each shown term, in order.
        rest: What stands for the terms that are not shown: an ellipsis and their sum, or nothing.
        extra: The extra term's label and number, or nothing.
        footer: Rule, label and number of the sum, or nothing.

    Example:
        >>> layer, dense = trace.layers[0], network.layers[0]
        >>> table = ProductTable(
        ...     "z_1 = sum_k W_(1,k) a_k + b_1",
        ...     Factors(layer.incoming, DARK_THEME.input),
        ...     Factors(dense.weights[0], DARK_THEME.text),
        ...     Factors(layer.contributions[0], DARK_THEME.forward),
        ...     extra=("b_1", float(dense.bias[0])),
        ...     total=("z_1", float(layer.z[0])),
        ...     theme=DARK_THEME,
        ...     box=RIGHT_BOX,
        ... )
        >>> len(table.rows), bool(table.footer[-1].value == layer.z[0])
        (3, True)
    """

    def __init__(
        self,
        heading: str,
        left: Factors,
        right: Factors,
        products: Factors,
        *,
        theme: Theme,
        box: Box,
        extra: tuple[str, float] | None = None,
        total: tuple[str, float] | None = None,
        heights: Sequence[float] | None = None,
    ) -> None:
        self._theme, self._box = theme, box
        self.heading = formula(heading, theme, width=box.width)
        terms = len(products.values)
        shown = terms if terms <= MAX_ROWS or heights is not None else MAX_ROWS - 1
        self.rows = VGroup(*(self._row(left, right, products, i) for i in range(shown)))
        self.rest = self._rest(products, shown, summed=total is not None)
        self.extra = self._extra(extra, products)
        self.footer = self._footer(total, products)
        super().__init__(self.heading, self.rows, self.rest, self.extra, self.footer)
        self._arrange(heights)

    @property
    def total(self) -> Number:
        """The number of the sum.

        Raises:
            IndexError: The table was made without one.
        """
        return self.footer[2]

    def _number(self, factors: Factors, i: int) -> Number:
        return Number(
            factors.values[i],
            self._theme,
            decimals=factors.decimals,
            signed=factors.signed,
            color=factors.color,
        )

    def _row(self, left: Factors, right: Factors, products: Factors, i: int) -> ProductRow:
        first, second, product = (self._number(factors, i) for factors in (left, right, products))
        return ProductRow(first, second, product, self._theme)

    def _rest(self, products: Factors, shown: int, *, summed: bool) -> VGroup:
        hidden = products.values[shown:]
        if not len(hidden):
            return VGroup()
        ellipsis = TextLabel(f"⋯ {len(hidden)} ⋯", self._theme, color=self._theme.muted)
        if not summed:
            return VGroup(ellipsis)
        number = Number(
            sum(hidden), self._theme, decimals=products.decimals, signed=True, color=products.color
        )
        return VGroup(ellipsis, number)

    def _extra(self, extra: tuple[str, float] | None, products: Factors) -> VGroup:
        if extra is None:
            return VGroup()
        label, value = extra
        number = Number(value, self._theme, decimals=products.decimals, signed=True)
        return VGroup(formula(label, self._theme, em=self._theme.number_size), number)

    def _footer(self, total: tuple[str, float] | None, products: Factors) -> VGroup:
        if total is None:
            return VGroup()
        label, value = total
        rule = Line(stroke_color=self._theme.muted, stroke_width=2)
        number = Number(
            value,
            self._theme,
            decimals=products.decimals,
            signed=True,
            em=0.46,
            color=products.color,
        )
        return VGroup(rule, formula(label, self._theme, color=products.color), number)

    # ---- arrangement ---------------------------------------------------------------------------

    def _arrange(self, heights: Sequence[float] | None) -> None:
        box, y = self._box, self._box.top
        above = y - self.heading.height / 2
        below = box.bottom + NAME_EM / 2
        self.heading.move_to([box.center[0], above if heights is None else below, 0])
        y -= self.heading.height + 0.42
        stops, pitch = self._stops(), self._pitch(y - box.bottom)
        for i, row in enumerate(self.rows):
            y_row = y - i * pitch if heights is None else heights[i]
            for part, x in zip(row, stops, strict=True):
                part.move_to([x, y_row, 0], aligned_edge=RIGHT)
        y -= len(self.rows) * pitch
        for pair in (self.rest, self.extra):
            if len(pair):
                if len(pair) > 1:
                    pair[1].move_to([stops[-1], y, 0], aligned_edge=RIGHT)
                _place_label(pair, stops[-2] - 0.3, y)
                y -= pitch
        if len(self.footer):
            rule, label, number = self.footer
            left = min(row.get_left()[0] for row in self.rows)
            y += 0.4 * pitch
            rule.put_start_and_end_on([left, y, 0], [stops[-1], y, 0])
            number.move_to([stops[-1], y - 0.42, 0], aligned_edge=RIGHT)
            put_name(label, number)

    def _pitch(self, room: float) -> float:
        """From row to row: less than usual where many rows must fit into the box."""
        rows = len(self.rows) + (len(self.rest) > 0) + (len(self.extra) > 0)
        return max(min(_ROW, (room - _FOOT) / rows), _TIGHTEST)

    def _stops(self) -> list[float]:
        """Right ends of the five columns of a row, the whole centred in the box."""
        widths = [max(row[column].width for row in self.rows) for column in range(5)]
        widths[-1] = max([widths[-1], *(pair[1].width for pair in self._pairs())])
        gap = 0.14
        x = self._box.center[0] - (sum(widths) + 4 * gap) / 2
        stops = []
        for width in widths:
            x += width
            stops.append(x)
            x += gap
        return stops

    def _pairs(self) -> list[VMobject]:
        return [pair for pair in (self.rest, self.extra) if len(pair) > 1]


def _place_label(pair: VGroup, right: float, y: float) -> None:
    """The label of a term beside its number, on its baseline if it is a formula."""
    label = pair[0]
    if isinstance(label, MathTypst):
        put_name(label, pair[1])
        y = label.get_y()
    label.move_to([right, y, 0], aligned_edge=RIGHT)
