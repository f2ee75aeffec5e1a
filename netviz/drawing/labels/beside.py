"""What is written beside neurons: what they stand for, and their biases."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup
from numpy.typing import NDArray

from netviz.drawing.labels.lettering import fit_words, too_long
from netviz.drawing.layout.box import Box
from netviz.drawing.layout.columns import Column
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.room import CLEAR, Room
from netviz.drawing.text import LINE, Number, TextLabel
from netviz.style import Style
from netviz.theme import Theme

Vector = NDArray[np.float64]

# Between two texts beside a neuron.
GAP = 0.16
# Between the labels of a row; a space between words is half as wide.
_BETWEEN = 0.12
# A blame below a row of outputs.
_BLAME = 0.45
# What labels take at most: of the width beside the ends; of a layer's distance in between.
_ENDS, _HIDDEN = 0.3, 0.7
# About what layers' names leave of a column, and the least room that a neuron takes of a row.
_ACROSS, _NEURON = 0.85, 1.0
# How much of its room a label takes, so that there is air to the next; in a low box, so that there
# is none.
_AIRY, _ABREAST = 0.85, 0.92
_MOST_LINES = 2


class NeuronLabel(TextLabel):
    """What a neuron stands for: ``pixel 1``, ``cat``."""

    def set_light(self, light: float) -> Self:
        """How far it is in the light, 0 … 1."""
        return self.set_ink(self.theme.text, light)


class BiasNumber(VGroup):
    """``b +0.10``.

    Args:
        value: The bias.
        theme: Gives font and colours.
    """

    def __init__(self, value: float, theme: Theme) -> None:
        self._color = theme.muted
        em = theme.smallest_text
        self.name = TextLabel("b", theme, em=em, color=theme.muted)
        self.number = Number(value, theme, signed=True, em=em, color=theme.muted)
        super().__init__(self.name, self.number.next_to(self.name, RIGHT, buff=0.35 * em))

    def set_value(self, value: float) -> Self:
        """Write another bias in the same place: the ``b`` stays where it is."""
        left = self.number.get_left()
        self.number.set_value(value).move_to(left, aligned_edge=LEFT)
        return self

    def set_light(self, light: float) -> Self:
        """How far it is in the light, 0 … 1."""
        for part in self:
            part.set_ink(self._color, light)
        return self


@dataclass
class Texts:
    """What stands beside one neuron, and is copied with it.

    Attributes:
        side: Unit vector from the neuron to them.
        label: What it stands for, or ``None``.
        bias: Its bias, or ``None``.
        plated: Whether all that stands beside it needs a plate, for edges pass there.
    """

    side: Vector
    label: NeuronLabel | None = None
    bias: BiasNumber | None = None
    plated: bool = False

    @property
    def parts(self) -> tuple[NeuronLabel | BiasNumber, ...]:
        """Those that there are."""
        return tuple(part for part in (self.label, self.bias) if part is not None)


class Beside:
    """All texts beside the neurons of a diagram.

    Args:
        columns: Which neurons of each layer are drawn.
        biases: For each layer after the input its biases, shape (n_out,).
        theme: Gives font, sizes and colours.
        style: Says which texts there are.
    """

    def __init__(
        self, columns: Sequence[Column], biases: Sequence[Vector], theme: Theme, style: Style
    ) -> None:
        self._columns, self._theme, self._style = columns, theme, style
        self._down, self._last = style.direction == "down", len(columns) - 1
        count = len(columns)
        self._told = {layer % count: texts for layer, texts in style.neuron_labels.items()}
        self.labels = {
            layer: [NeuronLabel("", theme) for _ in columns[layer].shown] for layer in self._told
        }
        numbered = range(1, count) if style.biases == "numbers" else ()
        self.biases = {
            layer: [BiasNumber(float(biases[layer - 1][i]), theme) for i in columns[layer].shown]
            for layer in numbered
        }

    def of(self, layer: int, place: int) -> Texts:
        """What stands beside the neuron that has a place among the drawn ones of its layer."""
        label, bias = (
            texts[layer][place] if layer in texts else None for texts in (self.labels, self.biases)
        )
        return Texts(self.side(layer), label, bias, plated=layer not in (0, self._last))

    def side(self, layer: int) -> Vector:
        """Away from the edges at the first and the last layer; else in the layer's own line."""
        if layer == 0:
            return UP if self._down else LEFT
        outward, inward = (DOWN, RIGHT) if self._down else (RIGHT, DOWN)
        return outward if layer == self._last else inward

    def numbers(
        self, layout: Layout, layer: int, i: int
    ) -> tuple[float | None, Vector | None, Vector | None]:
        """Em and side of the value of neuron i of a layer, and the side of its blame.

        Outputs have room for a blame beyond them; others before or after, away from the steep
        edges.
        """
        em, value_side = layout.value_ems[layer], None
        if layout.values_beside[layer]:
            em, value_side = self._theme.smallest_text, self.side(layer)
        if not layout.blame_fits[layer] or (layer == self._last and em is None):
            return em, value_side, None
        return em, value_side, self._blame_side(layer, i)

    def _blame_side(self, layer: int, i: int) -> Vector:
        if layer == self._last:
            return self.side(layer)
        before, after = (LEFT, RIGHT) if self._down else (UP, DOWN)
        if any(layer in pair for pair in self._style.skips):
            # Arcs of skips pass on the other side.
            return LEFT if self._down else DOWN
        return before if 2 * i < self._columns[layer].size - 1 else after

    def set_biases(self, biases: Sequence[Vector]) -> None:
        """Write other biases."""
        for layer, numbers in self.biases.items():
            for i, number in zip(self._columns[layer].shown, numbers, strict=True):
                number.set_value(float(biases[layer - 1][i]))

    # ---- how large ------------------------------------------------------------------------------

    def fit(self, box: Box, room: Room) -> Room:
        """Set every label as large as a box allows.

        Args:
            box: Of the whole diagram.
            room: What the texts of layers take of it.

        Returns:
            What both take.

        Raises:
            ValueError: A label is too long.
        """
        for layer, labels in self.labels.items():
            texts = [self._told[layer][i] for i in self._columns[layer].shown]
            least = self._theme.smallest_text
            em, width, lines = self._limits(layer, box, room)
            if not fit_words(labels, texts, width, em, least, lines):
                raise ValueError(too_long(f"neuron_labels[{layer}]", texts))
        blame = _BLAME if self._down and self._style.numbers else 0.0
        taken = [self._extent(layer) for layer in range(len(self._columns))]
        first, *hidden, last = taken
        return replace(
            room,
            beyond=(_clear(first), _clear(last) + blame),
            beside=(0.0, *hidden, 0.0),
            abreast=tuple(map(self._abreast, range(len(self._columns)))),
        )

    def _abreast(self, layer: int) -> float:
        """From neuron to neuron of a layer, at least, for the labels beyond them."""
        if layer not in (0, self._last) or layer not in self.labels:
            return 0.0
        labels = [label for label in self.labels[layer] if label.text]
        if self._down:
            return max((label.width + _BETWEEN for label in labels), default=0.0)
        # The ink of a line is no higher than its em.
        return max((label.height - (LINE - 1) * label.em for label in labels), default=0.0)

    def _limits(self, layer: int, box: Box, taken: Room) -> tuple[float, float, int]:
        """Em and width of a label, and lines that it may have, at most."""
        n, ends = self._columns[layer].length, layer in (0, self._last)
        n += self._style.biases == "neurons" and layer != self._last
        full, small = self._theme.number_size, self._theme.smallest_text
        told = self._style.neuron_spacing or math.inf
        across = (box.width if self._down else box.height) - taken.foot - taken.head
        if self._down:
            room = min(across / n, told)
            width = min(_AIRY * room, room - _BETWEEN)
            return (full, width, _MOST_LINES) if ends else (small, room - _NEURON, 1)
        if ends:
            room = min(_AIRY * _ACROSS * box.height / n, _ABREAST * across / n, told)
            lines = min(max(int(room / (LINE * small)), 1), _MOST_LINES)
            return max(min(full, room / lines), small), _ENDS * box.width, lines
        return small, _HIDDEN * box.width / len(self._columns), _MOST_LINES

    def _extent(self, layer: int) -> float:
        """What the texts of a layer take on their side, one beyond the other."""
        across = self.side(layer)[0] != 0
        kinds = [texts[layer] for texts in (self.labels, self.biases) if layer in texts]
        sizes = [max(text.width if across else text.height for text in kind) for kind in kinds]
        return sum(sizes) + GAP * max(len(sizes) - 1, 0)

    def label_room(self, layer: int) -> float:
        """Width of the widest label of a layer, so that what follows begins at one line."""
        return max((label.width for label in self.labels.get(layer, ())), default=0.0)


def _clear(extent: float) -> float:
    return extent + CLEAR if extent else 0.0
