"""A layer as a product of matrices, with its shapes, and one row of it in full."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from manim import DOWN, RIGHT, Mobject, RoundedRectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import MINUS, figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import expect_count
from netviz.drawing.text import Number, TextLabel, formula
from netviz.problems import Problem, ProblemError, expect
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# In ems: from row to row and from column to column, between an entry and a bracket, the length of
# the ends of a bracket, around a sign, from the tallest matrix to the names below, and from these
# to the shapes.
_PITCH, _COLUMN_GAP, _INSIDE, _HOOK, _SIGN_GAP = 1.35, 0.75, 0.45, 0.25, 0.55
_BELOW, _SHAPES_BELOW = 0.8, 1.1
_BRACKET = 2.5
# Between the factors and between the terms of a row in full, in ems.
_FACTOR_GAP, _TERM_GAP = 0.2, 0.42
# Around what is framed, in frame units, and the stroke of frames and links.
_MARGIN, _FRAME = 0.06, 3.0
# From the shapes down to the line that links two of their numbers, and its depth, in ems.
_LINK_GAP, _LINK_DEPTH = 0.25, 0.45


class Matrix(VGroup):
    """Numbers in rows and columns between brackets.

    Args:
        values: Shape (rows, columns).
        theme: Gives the colours and the font.
        em: Size of the numbers, in frame units.
        color: Of the numbers, ``#RRGGBB``.

    Attributes:
        rows: The numbers, a group for each row.
        brackets: The two brackets.
        shape: Rows and columns.
    """

    def __init__(self, values: ArrayLike, *, theme: Theme, em: float, color: str) -> None:
        grid = np.asarray(values, dtype=float)
        self.shape = grid.shape
        self.rows = VGroup(
            *(VGroup(*(Number(x, theme, em=em, color=color) for x in row)) for row in grid)
        )
        widest = max(number.width for row in self.rows for number in row)
        for place, row in enumerate(self.rows):
            for column, number in enumerate(row):
                right = column * (widest + _COLUMN_GAP * em)
                number.move_to([right, -place * _PITCH * em, 0], aligned_edge=RIGHT)
        left = self.rows.get_right()[0] - grid.shape[1] * widest
        left -= (grid.shape[1] - 1) * _COLUMN_GAP * em + _INSIDE * em
        top, bottom = 0.5 * _PITCH * em, -(len(grid) - 0.5) * _PITCH * em
        self.brackets = VGroup(
            _bracket(left, top, bottom, _HOOK * em, theme),
            _bracket(self.rows.get_right()[0] + _INSIDE * em, top, bottom, -_HOOK * em, theme),
        )
        super().__init__(self.brackets, self.rows)
        self.center()

    def column(self, k: int) -> VGroup:
        """Return the numbers of column k."""
        return VGroup(*(row[k] for row in self.rows))


def _bracket(x: float, top: float, bottom: float, hook: float, theme: Theme) -> VMobject:
    corners = [[x + hook, top], [x, top], [x, bottom], [x + hook, bottom]]
    bracket = VMobject(stroke_color=theme.muted, stroke_width=_BRACKET)
    return bracket.set_points_as_corners([[*corner, 0.0] for corner in corners])


class Shape(VGroup):
    """``(rows, columns)``, as numpy writes the shape of an array.

    Attributes:
        rows, columns: The two numbers.
    """

    def __init__(self, shape: Sequence[int], *, theme: Theme, em: float) -> None:
        rows, columns = (TextLabel(str(count), theme, em=em) for count in shape)
        opening, comma, closing = (
            TextLabel(text, theme, em=em, color=theme.muted) for text in ("(", ",", ")")
        )
        self.rows, self.columns = rows, columns
        super().__init__(opening, rows, comma, columns, closing)
        self.arrange(RIGHT, buff=0.08 * em)
        columns.shift(0.2 * em * RIGHT)
        closing.shift(0.2 * em * RIGHT)


def framed(part: Mobject, theme: Theme) -> RoundedRectangle:
    """Return a frame around a row, a column or an entry."""
    return RoundedRectangle(
        width=part.width + 2 * _MARGIN,
        height=part.height + 2 * _MARGIN,
        corner_radius=_MARGIN,
        stroke_color=theme.forward,
        stroke_width=_FRAME,
    ).move_to(part)


class MatrixProduct(Panel):
    """``[W] @ [x] + [b] = [z]``: the sums of a layer, and below it the names and shapes of all.

    Args:
        weights: W, shape (n_out, n_in). Row i has the weights into neuron i.
        inputs: Activations of the layer before, shape (n_in,).
        bias: Shape (n_out,).
        sums: z as computed by the core, shape (n_out,).
        color: Colour of the inputs; by default the theme's for the input layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        weights, inputs, bias, sums: Each a :class:`Matrix`.
        signs: ``@``, ``+`` and ``=`` between them.
        names: W, x, b and z, each below its matrix.
        shapes: A :class:`Shape` below each name; ``shape_signs`` are the signs between them.

    Raises:
        ProblemError: The shapes do not fit each other, or the product does not fit the box.

    Example:
        >>> layer, dense = trace.layers[0], network.layers[0]
        >>> panel = MatrixProduct(dense.weights, trace.input, dense.bias, layer.z, box="frame")
        >>> panel.weights.shape, bool(panel.sums.rows[1][0].value == layer.z[1])
        ((4, 3), True)
    """

    def __init__(
        self,
        weights: ArrayLike,
        inputs: ArrayLike,
        bias: ArrayLike,
        sums: ArrayLike,
        *,
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        grid, column, added, made = (
            np.asarray(values, dtype=float) for values in (weights, inputs, bias, sums)
        )
        expect("weights", grid.shape, grid.ndim == 2 and grid.size > 0, "a matrix")
        for name, values, count, of in (
            ("inputs", column, grid.shape[1], "column of the weights"),
            ("bias", added, grid.shape[0], "row of the weights"),
            ("sums", made, grid.shape[0], "row of the weights"),
        ):
            expect_count(name, values, count, of)
        self._color = color or self.theme.input
        largest, smallest = self.theme.caption_size, self.theme.smallest_text
        for em in np.linspace(largest, smallest, 5):
            self._write(grid, column, added, made, float(em))
            if self.width <= self.box.width and self.height <= self.box.height:
                break
        else:
            found = f"is {self.width:.1f} × {self.height:.1f} frame units in size"
            most = f"at most {self.box.width:.1f} × {self.box.height:.1f}, the size of the box"
            raise ProblemError(Problem("the product", found, most))
        self.move_to(self.box.center)

    def _write(self, weights: Array, inputs: Array, bias: Array, sums: Array, em: float) -> None:
        theme = self.theme
        self.em = em
        self.weights, self.inputs, self.bias, self.sums = matrices = [
            Matrix(values.reshape(len(values), -1), theme=theme, em=em, color=color)
            for values, color in (
                (weights, theme.text),
                (inputs, self._color),
                (bias, theme.text),
                (sums, theme.forward_ink),
            )
        ]
        self.signs, self.shape_signs = (
            VGroup(*(TextLabel(sign, theme, em=em, color=theme.muted) for sign in "@+="))
            for _ in range(2)
        )
        self.names = VGroup(
            *(
                formula(name, theme, em=em, color=color)
                for name, color in zip(
                    "Wxbz", (theme.text, self._color, theme.text, theme.forward_ink), strict=True
                )
            )
        )
        self.shapes = VGroup(*(Shape(matrix.shape, theme=theme, em=em) for matrix in matrices))
        line = VGroup(*_between(matrices, self.signs)).arrange(RIGHT, buff=_SIGN_GAP * em)
        named = line.get_bottom()[1] - _BELOW * em
        foot = named - _SHAPES_BELOW * em
        # The names end on one baseline: none of them has a descender.
        lowest = named - self.names[0].height / 2
        for matrix, name, shape in zip(matrices, self.names, self.shapes, strict=True):
            name.move_to([matrix.get_x(), lowest, 0], aligned_edge=DOWN)
            shape.move_to([matrix.get_x(), foot, 0])
        for sign, below in zip(self.signs, self.shape_signs, strict=True):
            below.move_to([sign.get_x(), foot, 0])
        self.submobjects = [line, self.names, self.shapes, self.shape_signs]

    def frames(self, i: int, count: int) -> VGroup:
        """Return frames around the first ``count`` weights of row i and around as many inputs."""
        parts = self.weights.rows[i][:count], self.inputs.rows[:count]
        return VGroup(*(framed(part, self.theme) for part in parts))

    def end_frames(self, i: int) -> VGroup:
        """Return frames around entry i of the bias and of the sums."""
        parts = self.bias.rows[i], self.sums.rows[i]
        return VGroup(*(framed(part, self.theme) for part in parts))

    def inner_link(self) -> VMobject:
        """Return a line from the columns of W to the rows of x, which are equal."""
        ends = self.shapes[0].columns, self.shapes[1].rows
        top = self.shapes.get_bottom()[1] - _LINK_GAP * self.em
        bottom = top - _LINK_DEPTH * self.em
        (left, right) = (end.get_x() for end in ends)
        corners = [[left, top], [left, bottom], [right, bottom], [right, top]]
        link = VMobject(stroke_color=self.theme.forward, stroke_width=_FRAME)
        return link.set_points_as_corners([[*corner, 0.0] for corner in corners])

    def row_sum(self, i: int, width: float) -> RowSum:
        """Return row i in full, ``w₁ × x₁ + w₂ × x₂ + … + b = z``, at most ``width`` wide."""
        weights = [number.value for number in self.weights.rows[i]]
        inputs = [row[0].value for row in self.inputs.rows]
        bias, total = self.bias.rows[i][0].value, self.sums.rows[i][0].value
        line = RowSum(weights, inputs, bias, total, color=self._color, theme=self.theme)
        return line.scale(min(1.0, width / line.width))


class RowSum(VGroup):
    """``w₁ × x₁ + w₂ × x₂ + … + b = z`` in one line.

    Args:
        weights, inputs: The factors, of the same length.
        bias: What is added, if anything.
        total: The sum as computed by the core.
        color: Of the inputs, ``#RRGGBB``.
        theme: Gives the other colours and the font.

    Attributes:
        weights, inputs: The numbers.
        times: The sign between each pair.
        signs: The sign before each weight but the first, which has its own, and before the bias.
        bias, equals, total: The rest of the line; the bias in a group, which is empty without one.
        terms: The parts of each product with the sign before it, of the bias if there is one, and
            of the result.
    """

    def __init__(
        self,
        weights: Sequence[float],
        inputs: Sequence[float],
        bias: float | None,
        total: float,
        *,
        color: str,
        theme: Theme,
    ) -> None:
        ink, biases = theme.text, [] if bias is None else [bias]
        first, *others = weights
        self.weights = VGroup(
            Number(first, theme, color=ink), *(_unsigned(value, theme, ink) for value in others)
        )
        self.inputs = VGroup(*(Number(value, theme, color=color) for value in inputs))
        self.times = VGroup(*(TextLabel("×", theme, color=theme.muted) for _ in weights))
        self.signs = VGroup(
            *(
                TextLabel(MINUS if value < 0 else "+", theme, color=ink)
                for value in (*others, *biases)
            )
        )
        self.bias = VGroup(*(_unsigned(value, theme, ink) for value in biases))
        self.equals = TextLabel("=", theme, color=theme.muted)
        self.total = Number(total, theme, color=theme.forward_ink)
        products = [
            VGroup(*term) for term in zip(self.weights, self.times, self.inputs, strict=True)
        ]
        added = [*products[1:], *([self.bias] if biases else [])]
        self.terms = [
            products[0],
            *(VGroup(sign, *term) for sign, term in zip(self.signs, added, strict=True)),
            VGroup(self.equals, self.total),
        ]
        line = [part for term in self.terms for part in term]
        factors = {*self.weights, *self.times, *self.inputs}
        for left, right in pairwise(line):
            gap = _FACTOR_GAP if factors >= {left, right} else _TERM_GAP
            right.next_to(left, RIGHT, buff=gap * theme.number_size).set_y(left.get_y())
        super().__init__(*line)
        self.center()


def _unsigned(value: float, theme: Theme, color: str) -> Number:
    """Return a number without its sign, which is written before it."""
    return Number(value, theme, color=color).show(value, figures(abs(value)))


def _between(matrices: Sequence[Mobject], signs: VGroup) -> list[Mobject]:
    """Return matrices with the signs between them."""
    first, *others = matrices
    pairs = zip(signs, others, strict=True)
    return [first, *(part for pair in pairs for part in pair)]
