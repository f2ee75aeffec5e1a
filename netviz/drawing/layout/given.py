"""What an arrangement begins with: layers, a box, a style, and how much room numbers need."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from netviz.drawing.layout.box import Box
from netviz.drawing.layout.columns import columns
from netviz.drawing.layout.room import Room
from netviz.style import Direction, Style
from netviz.theme import Theme


@dataclass(frozen=True)
class Grain:
    """How much room numbers need: they are wider than high, so it depends on the direction.

    Attributes:
        value: For a value beyond the first or the last layer.
        values: Least distance of neurons of a layer that have their values there.
        blame: From rim to rim of two neurons of a hidden layer that have a blame between them.
        outside: For a blame beyond the last of them.
        blames: Least distance of outputs that have a blame.
        layers: Least distance of layers whose neurons have a blame.
        share: Radius of a neuron beside the distance of layers, at most.
    """

    value: float
    values: float
    blame: float
    outside: float
    blames: float
    layers: float
    share: float


def _grain(direction: Direction, theme: Theme) -> Grain:
    if direction == "right":
        return Grain(0.75, 1.25 * theme.smallest_text, 0.72, 0.48, 0.0, 1.12, 0.17)
    return Grain(0.4, 0.8, 1.5, 1.4, 1.15, 0.0, 0.25)


class Given:
    """The same for columns and rows: u runs along the flow, v from neuron to neuron.

    Args:
        sizes: Neurons in each layer, input first.
        box, theme, style, room: As for :func:`~netviz.drawing.layout.arrangement.arrange`.

    Attributes:
        grain: How much room numbers need.
        down: Whether layers are rows.
        columns: Which neurons of each layer are drawn.
        biased: For each layer, whether it has a bias neuron.
        lengths: For each layer how many places it takes, with its bias neuron.
        most: The largest of these.
        last: Number of the last layer, and of gaps between layers.
        beside: For each layer, what texts take below (right of) each of its neurons.
        abreast: For each layer, the least distance of its neurons for texts beyond them.
        along, across: What layers have of the box, u and v.
    """

    def __init__(
        self, sizes: Sequence[int], box: Box, theme: Theme, style: Style, room: Room
    ) -> None:
        self.box, self.theme, self.style, self.room = box, theme, style, room
        self.grain, self.down = _grain(style.direction, theme), style.direction == "down"
        self.columns, self.last = columns(sizes, style.max_neurons), len(sizes) - 1
        self.biased = [
            style.biases == "neurons" and layer < self.last for layer in range(len(sizes))
        ]
        lengths = zip(self.columns, self.biased, strict=True)
        self.lengths = [column.length + biased for column, biased in lengths]
        self.most = max(self.lengths)
        self.beside = room.beside or (0.0,) * len(sizes)
        self.abreast = room.abreast or (0.0,) * len(sizes)
        self.along, across = (box.height, box.width) if self.down else (box.width, box.height)
        self.across = across - room.foot - room.head

    @property
    def layers(self) -> range:
        """Their numbers; 0 is the input."""
        return range(self.last + 1)

    @property
    def extent(self) -> str:
        """How large the box is, for a sentence about what does not fit it."""
        return f"{self.box.width:.1f} by {self.box.height:.1f} units"

    def told(self, option: str, length: float, limit: float) -> float:
        """The length that an option tells.

        Raises:
            ValueError: It is beyond the limit.
        """
        if length > limit + 1e-9:
            most = math.floor(100 * limit) / 100
            sizes = ", ".join(str(column.size) for column in self.columns)
            raise ValueError(
                f"{option} is {length:g}: expected at most {most:g}, or None, "
                f"for layers of {sizes} in a box of {self.extent}"
            )
        return length
