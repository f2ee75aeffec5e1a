"""A neuron of two inputs: its sum, its line in the plane, its truth table; and a bent plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import RIGHT, Circle, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.core import Network, forward
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, Plane, column, expect_count, rule
from netviz.drawing.panels.planes import class_colors, class_markers
from netviz.drawing.text import Number, formula
from netviz.problems import expect
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# Space around the samples of a plane, as a share of their range.
_MARGIN = 0.35
# Of the colour of a class, on its side of the line.
_SIDE = 0.34
# Radius of a sample and of the ring around it, in frame units; strokes.
_SAMPLE, _RING = 0.22, 0.36
_KEY = 0.14
_LINE_STROKE, _RING_STROKE, _OUTLINE = 5.0, 4.0, 2.5
_MARK_STROKE = 2.5
# Of a table: between the head and the rule, from the side of the highlight to the numbers.
_HEAD, _PAD = 0.62, 0.18
_WIDE = 1.6
# Of a bent plane: how far it reaches beyond the bound of the activations, lines of the grid along
# each side and points of a line, stroke of the grid, radius of a sample; how far it is bent before
# the line appears; samples that are closer lie together, in frame units, and from them to their
# number; radius of the ring.
_AROUND, _GRID_LINES, _FINE, _GRID_STROKE, _SMALL_SAMPLE, _BENT = 1.25, 9, 41, 1.5, 0.17, 0.9
_TOGETHER, _TO_COUNT, _SMALL_RING = 0.08, np.array([0.48, 0.42, 0.0]), 0.28
# Between the parts of a sum, and how much wider than its room a number may be: less than a digit.
_GAP, _LONGER = 0.16, 1.1


class LinearSum(Panel):
    """A weighted sum with numbers as weights: ``z = 0.5 x₁ + 0.5 x₂ − 0.7``.

    Args:
        name: Of the sum, in Typst.
        factors: Of the terms, in Typst; one that is empty stands for a number alone.
        weights: Number of each term.
        color: Of the numbers; by default that of texts.
        theme, box, words: As for every :class:`Panel`. The sum is centered in the box.

    Attributes:
        numbers: The weights.
        name: The name with its equals sign.

    Raises:
        ProblemError: There are more or fewer weights than factors.

    Example:
        >>> weights = network.layers[0].weights[0]
        >>> panel = LinearSum("z", ["x_1", "x_2", "x_3"], weights, box="wide")
        >>> bool(panel.set_weights([1, -0.5, 2]).numbers[1].text == "−0.50")
        True
    """

    def __init__(
        self,
        name: str,
        factors: Sequence[str],
        weights: ArrayLike,
        *,
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        values = np.asarray(weights, dtype=float)
        expect_count("weights", values, len(factors), "factor")
        em = self.theme.caption_size
        self.name = formula(f"{name} =", self.theme, em=em)
        self.numbers = VGroup(
            *(Number(0.0, self.theme, signed=k > 0, em=em, color=color) for k in range(len(values)))
        )
        self._factors = [formula(each, self.theme, em=em) if each else None for each in factors]
        # Each number keeps the room of the longest, so that a sum does not dance.
        room = self._room = float(Number(-0.88, self.theme, em=em).width)
        self._ends: list[float] = []
        x = float(self.name.width)
        for factor in self._factors:
            x += room + _GAP
            self._ends.append(x)
            x += 0.0 if factor is None else float(factor.width) + _GAP / 2
        parts = [part for part in self._factors if part is not None]
        self.add(self.name, self.numbers, *parts)
        left, y = self.box.center[0] - x / 2, self.box.center[1]
        self._ends = [left + end for end in self._ends]
        self.name.move_to([left, y, 0], aligned_edge=-RIGHT)
        baseline = self.name[-1].get_y() - 0.25 * em
        for number, end in zip(self.numbers, self._ends, strict=True):
            number.move_to([end, y, 0], aligned_edge=RIGHT)
            number.shift([0, baseline - number.baseline[2], 0])
        for factor, end in zip(self._factors, self._ends, strict=True):
            if factor is not None:
                letter = factor[0]
                factor.next_to([end, y, 0], RIGHT, buff=_GAP / 2)
                factor.shift([0, baseline - letter.get_bottom()[1], 0])
        self.set_weights(values)

    def set_weights(self, weights: ArrayLike) -> Self:
        """Write other weights; they end where the old ones ended, and the name before the first."""
        for number, value in zip(self.numbers, np.asarray(weights, dtype=float), strict=True):
            right = number.get_right()
            number.set_value(float(value)).fit(_LONGER * self._room)
            number.move_to(right, aligned_edge=RIGHT)
        gap = self.numbers[0].get_left()[0] - _GAP - self.name.get_right()[0]
        self.name.shift(gap * RIGHT)
        return self


class LinePlane(Panel):
    """The plane of two inputs, its samples, and the line on which ``w₁x₁ + w₂x₂ + b`` is 0.

    The side where the sum is positive has the colour of class 1, the other one that of class 0.
    Until :meth:`set_line` there is neither line nor colour.

    Args:
        inputs: The samples, shape (n, 2).
        classes: 0 or 1 for each sample.
        names: Names of the axes, in Typst.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        plane: The square, a :class:`~netviz.drawing.panels.pieces.Plane`.
        sides: The sides of class 0 and of class 1.
        line: The line.
        samples: A marker for each sample.
        legend: The markers of both classes with their numbers.
        rings: A ring for each sample; empty until :meth:`set_wrong`.

    Raises:
        ProblemError: ``classes`` has not one entry for each sample, or one that is not 0 or 1.

    Example:
        >>> corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
        >>> panel = LinePlane(corners, [0, 0, 0, 1]).set_line([0.5, 0.5, -0.7])
        >>> scene.add(panel.set_wrong([False, False, False, False]))
    """

    def __init__(
        self,
        inputs: ArrayLike,
        classes: Sequence[int],
        *,
        names: tuple[str, str] = ("x_1", "x_2"),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self.inputs = np.asarray(inputs, dtype=float)
        low, high = self.inputs.min(axis=0), self.inputs.max(axis=0)
        margin = _MARGIN * np.where(high > low, high - low, 1.0)
        across, up = (formula(name, self.theme, color=self.theme.input) for name in names)
        ticks = [sorted({float(a), float(b)}) for a, b in zip(low, high, strict=True)]
        self.plane = Plane(
            *(low - margin, high + margin),
            (across, up),
            theme=self.theme,
            box=self.box,
            ticks=(ticks[0], ticks[1]),
        )
        self.sides = _sides(self.theme)
        self.line = Curve(self.theme.text, stroke=_LINE_STROKE)
        self.samples = VGroup(*(VMobject() for _ in self.inputs))
        ring = {"stroke_color": self.theme.blame, "stroke_width": _RING_STROKE}
        self.rings = VGroup(*(VMobject(**ring) for _ in self.inputs))
        self.legend = self._legend()
        self.add(self.sides, self.plane, self.line, self.samples, self.rings, self.legend)
        self.set_classes(classes)

    def set_classes(self, classes: Sequence[int]) -> Self:
        """Draw each sample as one of class 0 or 1."""
        expect_count("classes", classes, len(self.inputs), "sample")
        for marker, point, k in zip(self.samples, self._places, classes, strict=True):
            expect("classes", k, k in (0, 1), "0 or 1")
            marker.become(_marker(point, int(k), _SAMPLE, self.theme))
        return self

    def _legend(self) -> VGroup:
        """Return the marker of each class and its number, above the right corner of the plane."""
        entries = VGroup()
        for k in (0, 1):
            key = _marker(np.zeros(3), k, _KEY, self.theme)
            number = Number(k, self.theme, decimals=0, color=self.theme.text)
            entries.add(VGroup(key, number.next_to(key, RIGHT, buff=_GAP)))
        entries.arrange(RIGHT, buff=3 * _GAP)
        height = self.plane.names[1].get_y()
        return entries.move_to([self.plane.frame.get_right()[0], height, 0], aligned_edge=RIGHT)

    def set_wrong(self, wrong: Sequence[bool]) -> Self:
        """Draw a ring around the samples that lie on the wrong side, and only around them."""
        for ring, point, is_wrong in zip(self.rings, self._places, wrong, strict=True):
            ring.clear_points()
            if is_wrong:
                ring.set_points(Circle(radius=_RING).move_to(point).points)
        return self

    def set_line(self, weights: ArrayLike, presence: float = 1.0) -> Self:
        """Draw the line where ``w₁x₁ + w₂x₂ + b`` is 0, and colour its sides.

        Args:
            weights: (w₁, w₂, b). If both weights are 0 there is no line, and one side has the whole
                plane.
            presence: 0 … 1, opacity of the colours.
        """
        w1, w2, b = np.asarray(weights, dtype=float)
        values = _corners(self.plane) @ np.array([w1, w2]) + b
        _divide(self.plane, values, self.sides, self.line, presence)
        return self

    @property
    def _places(self) -> Array:
        return self.plane.at(self.inputs)


def _sides(theme: Theme) -> VGroup:
    """Return the sides of class 0 and of class 1, still empty."""
    fills = [mix(theme.background, color, _SIDE) for color in class_colors(theme)[:2]]
    return VGroup(*(VMobject(fill_color=fill, stroke_width=0) for fill in fills))


def _marker(point: Array, k: int, radius: float, theme: Theme) -> VMobject:
    """Return the marker of a class, with an outline, as it lies on its own colour."""
    return class_markers(point[np.newaxis], k, radius, theme).set_stroke(theme.text, _OUTLINE)


def _corners(plane: Plane) -> Array:
    """Return the corners of a plane, in its own coordinates, shape (4, 2)."""
    (left, bottom), (right, top) = plane.low, plane.high
    return np.array([(left, bottom), (right, bottom), (right, top), (left, top)])


def _divide(
    plane: Plane,
    values: Array,
    sides: VGroup,
    line: Curve,
    presence: float,
    *,
    lined: bool = True,
) -> None:
    """Draw the sides on which a linear function is negative and positive, and where it is 0.

    Args:
        plane: The plane.
        values: Of the function at the corners of the plane, shape (4,).
        sides, line: What is drawn.
        presence: 0 … 1, opacity of the sides.
        lined: Whether there is a line between them.
    """
    corners = _corners(plane)
    for side, sign in zip(sides, (-1.0, 1.0), strict=True):
        side.clear_points().set_fill(opacity=presence)
        polygon = plane.at(_clipped(corners, sign * values))
        if len(polygon) > 2:
            side.set_points_as_corners([*polygon, polygon[0]])
    ends = _crossings(corners, values)
    line.through(plane.at(ends) if lined and len(ends) == 2 else np.zeros((0, 3)))


def _crossings(corners: Array, values: Array) -> Array:
    """Return where a linear function is 0 on the outline of a polygon, shape (0 or 2, 2)."""
    following, after = np.roll(corners, -1, axis=0), np.roll(values, -1)
    crossed = (values > 0) != (after > 0)
    share = values[crossed] / (values[crossed] - after[crossed])
    ends: Array = corners[crossed] + share[:, np.newaxis] * (following - corners)[crossed]
    return ends


def _clipped(corners: Array, values: Array) -> Array:
    """Return the part of a convex polygon where a linear function is positive, shape (n, 2).

    Sutherland & Hodgman 1974.
    """
    following, after = np.roll(corners, -1, axis=0), np.roll(values, -1)
    kept: list[Array] = []
    for here, value, there, next_value in zip(corners, values, following, after, strict=True):
        if value > 0:
            kept.append(here)
        if (value > 0) != (next_value > 0):
            kept.append(here + value / (value - next_value) * (there - here))
    return np.array(kept).reshape(-1, 2)


class TruthTable(Panel):
    """Rows of numbers below heads: inputs of a gate, what is computed from them, its outputs.

    Args:
        heads: A formula for each column, in Typst.
        values: Shape (rows, columns), as computed by the core.
        colors: Of the columns; by default that of texts.
        decimals: Digits after the point for each column; by default 0, whole numbers.
        theme, box, words: As for every :class:`Panel`. A column of numbers with a
            point is wider than one of whole numbers.

    Attributes:
        columns: For each column a group of its head and its numbers, which can be shown alone.
        rule: The line below the heads.
        mark: The frame around the row that is marked; empty until :meth:`mark_row`.

    Raises:
        ProblemError: There is not one head, color and number of decimals for each column.

    Example:
        >>> table = [(0, 0, -0.7, 0), (0, 1, -0.2, 0), (1, 0, -0.2, 0), (1, 1, 0.3, 1)]
        >>> panel = TruthTable(["x_1", "x_2", "z", "a"], table, decimals=(0, 0, 2, 0))
        >>> panel.mark_row(3).cells(2)[3].text
        '+0.30'
    """

    def __init__(
        self,
        heads: Sequence[str],
        values: ArrayLike,
        *,
        colors: Sequence[str] = (),
        decimals: Sequence[int] = (),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        table = np.atleast_2d(np.asarray(values, dtype=float))
        count, box = table.shape[1], self.box
        expect_count("heads", heads, count, "column")
        inks, digits = colors or [self.theme.text] * count, decimals or [0] * count
        expect_count("colors", inks, count, "column")
        expect_count("decimals", digits, count, "column")
        em = self.theme.caption_size
        # A column of numbers with a point is wider.
        widths = np.array([_WIDE if digit else 1.0 for digit in digits])
        ends = box.left + box.width * np.cumsum(widths) / widths.sum()
        self._xs = [float(x) for x in ends - box.width * widths / widths.sum() / 2]
        top = box.top - _HEAD
        self.pitch = (top - box.bottom) / len(table)
        ys = [top - (row + 0.5) * self.pitch for row in range(len(table))]
        names = [formula(h, self.theme, em=em, color=c) for h, c in zip(heads, inks, strict=True)]
        for name, x in zip(names, self._xs, strict=True):
            name.move_to([x, box.top - _HEAD / 2, 0])
        self.rule = rule((box.left, top), (box.right, top), self.theme)
        self.columns = VGroup()
        parts = zip(names, table.T, digits, inks, self._xs, strict=True)
        for head, numbers, digit, ink, x in parts:
            cells = [
                Number(value, self.theme, decimals=digit, signed=digit > 0, em=em, color=ink)
                for value in numbers
            ]
            longest = Number(-0.8, self.theme, decimals=digit, em=em) if digit else cells[0]
            widest = max(float(cell.width) for cell in [*cells, longest])
            self.columns.add(VGroup(head, column(cells, x + widest / 2, ys, edge=RIGHT)))
        self.mark = VMobject(stroke_color=self.theme.text, stroke_width=_MARK_STROKE)
        self.add(self.mark, self.rule, self.columns)

    def cells(self, place: int) -> VGroup:
        """Return the numbers of a column."""
        return self.columns[place][1]

    def set_head(self, place: int, head: str) -> Self:
        """Write another head, in Typst, above a column."""
        group = self.columns[place]
        old, em = group[0], self.theme.caption_size
        new = formula(head, self.theme, em=em, color=old.get_color().to_hex())
        group.submobjects[0] = new.move_to(old)
        return self

    def set_column(self, place: int, values: ArrayLike) -> Self:
        """Write other numbers into a column; they end where the old ones ended."""
        for cell, value in zip(self.cells(place), np.asarray(values, dtype=float), strict=True):
            right = cell.get_right()
            cell.set_value(float(value)).move_to(right, aligned_edge=RIGHT)
        return self

    def mark_row(self, row: int | None) -> Self:
        """Mark a row, or none."""
        self.mark.clear_points()
        if row is not None:
            height = self.cells(0)[row].get_y()
            strip = Rectangle(width=self.box.width + _PAD, height=0.8 * self.pitch)
            self.mark.set_points(strip.move_to([self.box.center[0], height, 0]).points)
        return self


class BentPlane(Panel):
    """What a hidden layer of two neurons makes of the plane of two inputs, and the line after it.

    A grid of the input plane moves, with its samples, to the activations of the two neurons. There
    the output is decided by a straight line: its sides have the colours of both classes. Where
    samples of one class lie on each other, their number is next to them.

    Args:
        inputs: The samples, shape (n, 2).
        classes: 0 or 1 for each sample.
        networks: One for each moment of a training run, of sizes 2, 2, 1.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        plane: The square, a :class:`~netviz.drawing.panels.pieces.Plane`.
        input_names: The names of the axes before the plane is bent.
        grid: The lines of the grid.
        line, sides, samples: As in :class:`LinePlane`.
        counts: For each sample how many lie there; visible at the first of several.
        ring: The ring around the sample that is followed; empty until :meth:`follow`.

    Raises:
        ProblemError: A network has other sizes, or ``classes`` has not one entry for each sample.

    Example:
        >>> from netviz import Network
        >>> networks = [Network.random([2, 2, 1], "tanh", rng=seed) for seed in range(3)]
        >>> corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
        >>> panel = BentPlane(corners, [0, 1, 1, 0], networks)
        >>> scene.add(panel.show_moment(2).bend(0.5))
    """

    def __init__(
        self,
        inputs: ArrayLike,
        classes: Sequence[int],
        networks: Sequence[Network],
        *,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self.inputs = np.asarray(inputs, dtype=float)
        expect_count("classes", classes, len(self.inputs), "sample")
        expect("networks", networks, len(networks) > 0, "one or more")
        for network in networks:
            expect("the sizes of a network", network.sizes, network.sizes == (2, 2, 1), "(2, 2, 1)")
        self._networks, self._moment, self._share = list(networks), 0.0, 1.0
        low, high = self.inputs.min(axis=0), self.inputs.max(axis=0)
        margin = _MARGIN * np.maximum(high - low, 1e-9)
        self._low, self._high = low - margin, high + margin
        bound = networks[0].layers[0].activation.bound or 1.0
        names = tuple(formula(f"a_{k}", self.theme, color=self.theme.first_hidden) for k in (1, 2))
        ends = np.full(2, -_AROUND * bound), np.full(2, _AROUND * bound)
        self.plane = Plane(*ends, (names[0], names[1]), theme=self.theme, box=self.box)
        self.input_names = VGroup(
            *(
                formula(f"x_{k}", self.theme, color=self.theme.input).move_to(name)
                for k, name in enumerate(self.plane.names, start=1)
            )
        )
        self._lines = self._grid()
        hue = self.theme.muted
        self.grid = VGroup(*(Curve(hue, stroke=_GRID_STROKE) for _ in self._lines))
        self.sides = _sides(self.theme)
        self.line = Curve(self.theme.text, stroke=_LINE_STROKE)
        origin = np.zeros(3)
        self.samples = VGroup(
            *(_marker(origin, int(k), _SMALL_SAMPLE, self.theme) for k in classes)
        )
        self._classes, self._followed = np.asarray(classes), -1
        em = self.theme.number_size
        self.counts = VGroup(*(Number(1, self.theme, decimals=0, em=em) for _ in classes))
        self.ring = VMobject(stroke_color=self.theme.text, stroke_width=_RING_STROKE)
        self.add(self.sides, self.plane, self.input_names, self.grid, self.line)
        self.add(self.samples, self.ring, self.counts)
        self.bend(1.0)

    @property
    def moments(self) -> int:
        """Number of networks."""
        return len(self._networks)

    def show_moment(self, moment: float) -> Self:
        """Show what a network does with the plane, or what lies between two of them."""
        super().show_moment(moment)
        self._moment = moment
        return self.bend(self._share)

    def bend(self, share: float) -> Self:
        """Show the plane on its way from the inputs (0) to the activations (1).

        The line and its sides belong to the activations: they are there only at 1. The names of
        the axes are those of the inputs at 0, and those of the activations at 1.
        """
        self._share = share
        self.input_names.set_opacity(max(1 - 4 * share, 0.0))
        self.plane.names.set_opacity(max(4 * share - 3, 0.0))
        for curve, points in zip(self.grid, self._lines, strict=True):
            curve.through(self.plane.at(self._bent(points)))
        places = self.plane.at(self._bent(self.inputs))
        for marker, place in zip(self.samples, places, strict=True):
            marker.move_to(place)
        self._count(places)
        self._put_ring()
        corners = _corners(self.plane)
        before = int(self._moment)
        after = min(before + 1, self.moments - 1)
        traces = (forward(self._networks[k], self.inputs[0]) for k in (before, after))
        outputs = (trace.layers[1] for trace in traces)
        values = [corners @ output.weights[0] + output.bias[0] for output in outputs]
        mixed = values[0] + (self._moment - before) * (values[1] - values[0])
        presence, lined = max(4 * share - 3, 0.0), share > _BENT
        _divide(self.plane, mixed, self.sides, self.line, presence, lined=lined)
        return self

    def follow(self, sample: int | None) -> Self:
        """Draw a ring around a sample, by its row, or around none."""
        self._followed = -1 if sample is None else sample
        return self._put_ring()

    def _put_ring(self) -> Self:
        self.ring.clear_points()
        if self._followed >= 0:
            place = self.samples[self._followed].get_center()
            self.ring.set_points(Circle(radius=_SMALL_RING).move_to(place).points)
        return self

    def _count(self, places: Array) -> None:
        """Write how many samples of one class lie together, once for all of them."""
        apart = np.linalg.norm(places[:, np.newaxis] - places, axis=2)
        together = (apart < _TOGETHER) & (self._classes[:, np.newaxis] == self._classes)
        for k, (number, place) in enumerate(zip(self.counts, places, strict=True)):
            count = int(together[k].sum())
            number.show(count, f"{count}×").move_to(place + _TO_COUNT)
            number.set_opacity(float(count > 1 and not together[k, :k].any()))

    def _bent(self, points: Array) -> Array:
        """Return points of the input plane, shape (n, 2), as they lie now."""
        before = int(self._moment)
        after = min(before + 1, self.moments - 1)
        one, other = (forward(self._networks[k], points).activations[1] for k in (before, after))
        activations = one + (self._moment - before) * (other - one)
        low, high = self.plane.low, self.plane.high
        flat = low + (points - self._low) / (self._high - self._low) * (high - low)
        moved: Array = flat + self._share * (activations - flat)
        return moved

    def _grid(self) -> list[Array]:
        """Return the lines of the grid, each of shape (n, 2)."""
        fine, lines = np.linspace(0, 1, _FINE), []
        for place in np.linspace(0, 1, _GRID_LINES):
            for line in ((fine, np.full(_FINE, place)), (np.full(_FINE, place), fine)):
                lines.append(self._low + np.stack(line, axis=1) * (self._high - self._low))
        return lines
