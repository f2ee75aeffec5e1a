"""The layout problem: which neurons are drawn, in which box and style, and what texts need.

Columns and rows are handled alike: ``u`` runs along the flow, from layer to layer, and ``v`` across
it, from neuron to neuron of one layer. Lengths are frame units; the frame is 8 of them high.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from netviz.drawing.layout.box import NAME_EM, Box
from netviz.problems import Problem, ProblemError
from netviz.style import Direction, Style
from netviz.theme import Theme

# Between the outermost neurons and the names of the layers, in frame units.
NAME_GAP = 1.1 * NAME_EM
# From the rim of a neuron with the widest lines, over the widest blame ring, to a text, and from a
# text to the next such rim, in frame units. Half of each is air, which small neurons need too.
TEXT_CLEARANCE, RIM_CLEARANCE = 0.26, 0.24


# ---- which neurons are drawn ---------------------------------------------------------------------


@dataclass(frozen=True)
class Column:
    """The drawn neurons of one layer, and their places in its column.

    Attributes:
        size: Number of neurons of the layer, drawn or not.
        shown: Indices of the drawn neurons, ascending.
        places: Place of each drawn neuron, counted from the first, in steps of the column's
            spacing.
        dots: Place of the ⋮, or ``None``.
    """

    size: int
    shown: tuple[int, ...]
    places: tuple[int, ...]
    dots: float | None = None

    @property
    def length(self) -> int:
        """Number of places, including those that ⋮ takes."""
        return self.places[-1] + 1


def columns(
    sizes: Sequence[int], max_neurons: int | None, *, whole_input: bool = False
) -> tuple[Column, ...]:
    """Return the column of each layer: all its neurons, or the first, ⋮ and the last.

    Args:
        sizes: Neurons in each layer, input first.
        max_neurons: Largest number of places in a column; ``None`` for no limit.
        whole_input: Whether all inputs are drawn, regardless of ``max_neurons``.
    """
    first = _column(sizes[0], None if whole_input else max_neurons)
    return (first, *(_column(size, max_neurons) for size in sizes[1:]))


def _column(size: int, most: int | None) -> Column:
    if most is None or size <= most:
        return Column(size, tuple(range(size)), tuple(range(size)))
    # As many neurons before the dots as after them. The dots take the rest, one or two places.
    half = (most - 1) // 2
    shown = (*range(half), *range(size - half, size))
    places = (*range(half), *range(most - half, most))
    return Column(size, shown, places, (most - 1) / 2)


# ---- what texts and numbers need -----------------------------------------------------------------


@dataclass(frozen=True)
class TextRoom:
    """What texts take of the box of a diagram, in frame units.

    Attributes:
        foot: The strip that holds the layer names: below columns, left of rows.
        head: The strip opposite the foot.
        brace_reserve: What braces add to either strip as soon as a layer is drawn with ⋮; 0 if
            there are braces already.
        ends: Least distances of the centres of the first and the last layer from the ends of the
            box.
        beyond: From the rims of the first and the last layer to the ends of the box.
        below: For each layer, a text that each of its neurons has below it (right of it in rows).
        label_pitch: For each layer, the least distance from neuron to neuron at which the labels
            of the neurons do not touch.
    """

    foot: float = NAME_EM + NAME_GAP
    head: float = 0.0
    brace_reserve: float = 0.0
    ends: tuple[float, float] = (0.55, 0.55)
    beyond: tuple[float, float] = (0.0, 0.0)
    below: tuple[float, ...] = ()
    label_pitch: tuple[float, ...] = ()


@dataclass(frozen=True)
class NumberRoom:
    """What numbers need. They are wider than high, so it depends on the direction of the flow.

    All but the last attribute are lengths in frame units.

    Attributes:
        value_outside: For a value outside a neuron of the first or the last layer.
        pitch_with_values: Least distance from neuron to neuron with values outside.
        blame_between: From rim to rim of two hidden neurons with a blame between them.
        blame_beyond: For the blame of the outermost hidden neuron.
        pitch_with_blames: Least distance from output to output with a blame at each.
        layer_gap_with_blames: Least distance from layer to layer with a blame at each neuron.
        radius_share: Largest radius of a neuron, relative to the distance from layer to layer.
    """

    value_outside: float
    pitch_with_values: float
    blame_between: float
    blame_beyond: float
    pitch_with_blames: float
    layer_gap_with_blames: float
    radius_share: float


def number_room(direction: Direction, theme: Theme) -> NumberRoom:
    """Return what numbers need where activations flow in ``direction``."""
    if direction == "right":
        return NumberRoom(0.75, 1.25 * theme.smallest_text, 0.72, 0.48, 0.0, 1.12, 0.17)
    return NumberRoom(0.4, 0.8, 1.5, 1.4, 1.15, 0.0, 0.25)


# ---- the problem ---------------------------------------------------------------------------------


class LayoutProblem:
    """Everything that the solver needs to know.

    Args:
        sizes: Neurons in each layer, input first.
        box: The part of the frame that is filled.
        theme: Gives the text sizes.
        style: Gives the direction, the spacings, and what is drawn.
        room: What texts take of the box.

    Attributes:
        numbers: What numbers need.
        down: Whether layers are rows.
        columns: Which neurons of each layer are drawn.
        has_bias: For each layer, whether it has a bias neuron.
        lengths: Number of places in each layer, including the bias neuron.
        longest: The largest of these.
        last: Index of the last layer, which is also the number of gaps between layers.
        text_below: For each layer, what texts take below (right of) each neuron, in frame units.
        label_pitch: For each layer, the least distance from neuron to neuron at which labels do
            not touch, in frame units.
        along, across: Size of the box for neurons in the directions u and v, in frame units.
    """

    def __init__(
        self, sizes: Sequence[int], box: Box, theme: Theme, style: Style, room: TextRoom
    ) -> None:
        self.box, self.theme, self.style, self.room = box, theme, style, room
        self.numbers, self.down = number_room(style.direction, theme), style.direction == "down"
        self.columns, self.last = columns(sizes, style.max_neurons), len(sizes) - 1
        self.has_bias = [
            style.biases == "neurons" and layer < self.last for layer in range(len(sizes))
        ]
        lengths = zip(self.columns, self.has_bias, strict=True)
        self.lengths = [column.length + bias for column, bias in lengths]
        self.longest = max(self.lengths)
        self.text_below = room.below or (0.0,) * len(sizes)
        self.label_pitch = room.label_pitch or (0.0,) * len(sizes)
        self.along, across = (box.height, box.width) if self.down else (box.width, box.height)
        self.across = across - room.foot - room.head

    @property
    def layers(self) -> range:
        """Indices of the layers; 0 is the input."""
        return range(self.last + 1)

    def at_most(self, option: str, length: float, limit: float) -> float:
        """Return the length that an option gives.

        Raises:
            ProblemError: The length exceeds the limit.
        """
        if length <= limit + 1e-9:
            return length
        most = math.floor(100 * limit) / 100
        sizes = ", ".join(str(column.size) for column in self.columns)
        expected = f"at most {most:g}, or None, for layers of {sizes} in a box of {self._extent}"
        if most <= 0:  # the spacings alone leave nothing
            expected = "larger spacings of layers and neurons, or None for all of them"
        raise ProblemError(Problem(option, f"is {length:g}", expected))

    def too_close(self, spacing: float, least: float, layer: int) -> ProblemError:
        """Return the error for a ``neuron_spacing`` that is too small for the texts of a layer."""
        enough = math.ceil(100 * least) / 100
        expected = f"at least {enough:g}, or None, for the texts of layer {layer}"
        return ProblemError(Problem("neuron_spacing", f"is {spacing:g}", expected))

    def too_crowded(self, layer: int, most: int) -> ProblemError:
        """Return the error for a layer with more neurons than the box has room for texts.

        Args:
            layer: The layer.
            most: How many neurons there is room for.
        """
        count = self.columns[layer].length
        found = f"has texts next to {count} neurons, too many for a box of {self._extent}"
        expected = f"fewer, such as with max_neurons={most}" if most >= 3 else "a larger box"
        return ProblemError(Problem(f"layer {layer}", found, expected))

    @property
    def _extent(self) -> str:
        return f"{self.box.width:.1f} by {self.box.height:.1f} units"
