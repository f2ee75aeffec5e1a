"""Where everything stands: boxes of the frame, and the neurons of a network in a box."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass

from netviz.drawing.columns import Column, columns
from netviz.style import Style
from netviz.theme import Theme

# manim's frame in its own units.
FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0


@dataclass(frozen=True)
class Box:
    """A rectangle of the frame, in manim units."""

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        """Units from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Units from bottom to top."""
        return self.top - self.bottom

    @property
    def center(self) -> tuple[float, float, float]:
        """The middle, as a point of manim's space."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0

    def towards(self, other: Box, share: float) -> Box:
        """The box ``share`` of the way from this one (0) to another (1)."""
        ends = zip(astuple(self), astuple(other), strict=True)
        return Box(*((1 - share) * a + share * b for a, b in ends))


# The caption has the bottom strip; the diagram has all above it, or the left of that, with a
# panel to its right.
CAPTION = Box(-6.8, 6.8, -3.75, -3.15)
WIDE = Box(-5.3, 5.3, -2.85, 3.5)
LEFT = Box(-6.75, 1.2, -2.85, 3.5)
RIGHT = Box(2.8, 6.75, -2.85, 3.5)

# Room for the name of the input layer, and for a number beside a neuron, in manim units.
_NAME, _BESIDE = 1.1, 0.75
# Between two neurons of a column: two rings and a number with air around it.
_BLAME = 0.72
# Above and below a hidden column that is the longest: its ends have their numbers outside.
_OUTSIDE = 0.48
NAME_EM = 0.34
# A brace with its count below a column; half the width that it has at least; air above it.
_COUNT, _BRACE, _AIR = 0.55, 0.36, 0.0


Point = tuple[float, float, float]


@dataclass(frozen=True)
class Layout:
    """Centres and radius of the drawn neurons of a layered network.

    Attributes:
        columns: Which neurons of each layer are drawn.
        centers: For each layer the points (x, y, 0) of its drawn neurons.
        dots: For each layer the point of the ⋮ that stands for the others, or ``None``.
        radius: Of every neuron.
        braced: Layers under which a brace tells how many neurons they have.
        brace_y: Height of the braces' ends.
        brace_half: Half the width of a brace.
        name_y: Height of the middle of the layers' names.
        value_em: Size of the number in a neuron; ``None`` where it would be too small to read.
        values_beside: Whether inputs and outputs have room for a number beside them instead.
        blame_fits: For each layer, whether a second number has room above or below a neuron.
    """

    columns: tuple[Column, ...]
    centers: tuple[tuple[Point, ...], ...]
    dots: tuple[Point | None, ...]
    radius: float
    braced: tuple[int, ...]
    brace_y: float
    brace_half: float
    name_y: float
    value_em: float | None
    values_beside: bool
    blame_fits: tuple[bool, ...]


def arrange(sizes: Sequence[int], box: Box, theme: Theme, style: Style | None = None) -> Layout:
    """Place a network of layer ``sizes`` so that it fills ``box``.

    Neurons are as large as their column and the gaps between columns allow. Columns are centred;
    a short column is spread, so that a layer of two does not huddle in the middle.

    Args:
        sizes: Neurons in each layer, input first.
        box: What is filled.
        theme: Gives the sizes of texts.
        style: How it is drawn; as the theme has it unless told.
    """
    style = style or theme.style
    drawn = columns(sizes, style.max_neurons)
    braced = tuple(layer for layer, c in enumerate(drawn) if style.braces or len(c.shown) < c.size)
    lengths = [column.length for column in drawn]
    most = max(lengths)
    height = box.height - 2.1 * NAME_EM - (_COUNT if braced else 0)
    radius = _radius(most, height, box.width, len(sizes), theme)
    outside = 0.0
    smaller = (height - 2 * _OUTSIDE - (most - 1) * _BLAME) / (2 * most)
    if most in lengths[1:-1] and smaller >= _radius_for_number(theme):
        radius, outside = min(radius, smaller), _OUTSIDE
    low, high = box.top - height + radius + outside, box.top - radius - outside
    pitch = _pitch(most, low, high)
    value_em = _value_em(radius, theme)
    beside = value_em is None and pitch >= 1.25 * theme.smallest_text
    # A name is wider than a small neuron, and so is a number beside it: neither leaves the box.
    inset = max(radius, radius + _BESIDE if beside else _NAME / 2)
    gap = (box.width - 2 * inset) / (len(sizes) - 1)
    places = tuple(
        _column(n, box.left + inset + layer * gap, low, high, most)
        for layer, n in enumerate(lengths)
    )
    return Layout(
        columns=drawn,
        centers=tuple(
            tuple(line[place] for place in column.places)
            for column, line in zip(drawn, places, strict=True)
        ),
        dots=tuple(_between(line, c.dots) for c, line in zip(drawn, places, strict=True)),
        radius=radius,
        braced=braced,
        brace_y=box.bottom + 1.6 * NAME_EM + _COUNT - _AIR,
        brace_half=max(radius, _BRACE),
        name_y=box.bottom + 0.5 * NAME_EM,
        value_em=value_em,
        values_beside=beside,
        blame_fits=tuple(
            _gap(column, radius) >= _BLAME - 1e-9
            and box.top - column[0][1] - radius >= _OUTSIDE - 1e-9
            for column in places
        ),
    )


def _between(line: tuple[Point, ...], place: float | None) -> Point | None:
    """The point at a place of a column, a half too; its places are evenly spaced."""
    if place is None:
        return None
    (x, first, _), (*_, last, _) = line[0], line[-1]
    return x, first + place / (len(line) - 1) * (last - first), 0.0


def _radius(most: int, height: float, width: float, layers: int, theme: Theme) -> float:
    share = height / most
    roomy = 0.355 * share
    # In a crowded column numbers matter more than air between neurons, as long as there is some.
    readable = min(_radius_for_number(theme), 0.43 * share)
    return min(max(roomy, readable), 0.17 * width / (layers - 1))


def _radius_for_number(theme: Theme) -> float:
    return 1.24 * theme.smallest_text


def _value_em(radius: float, theme: Theme) -> float | None:
    if radius < 0.999 * _radius_for_number(theme):
        return None
    return max(theme.smallest_text, min(0.76 * radius, 3 * theme.number_size))


def _gap(column: tuple[tuple[float, float, float], ...], radius: float) -> float:
    """From rim to rim of neighbours in a column; a neuron alone has all the room."""
    return column[0][1] - column[1][1] - 2 * radius if len(column) > 1 else math.inf


def _pitch(n: int, low: float, high: float) -> float:
    return (high - low) / (n - 1) if n > 1 else high - low


def _column(
    n: int, x: float, low: float, high: float, most: int
) -> tuple[tuple[float, float, float], ...]:
    middle = (low + high) / 2
    if n == 1:
        return ((x, middle, 0.0),)
    # Half the full height at least: two neurons beside five do not huddle in the middle.
    tight, full = (high - low) / max(most - 1, 1), (high - low) / (n - 1)
    pitch = min(full, max(tight, 0.5 * full))
    top = middle + pitch * (n - 1) / 2
    return tuple((x, top - i * pitch, 0.0) for i in range(n))
