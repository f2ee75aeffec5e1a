"""Texts next to neurons: labels that say what a neuron stands for, and biases."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup
from numpy.typing import NDArray

from netviz.drawing.labels.lettering import cut_off, fit_words, too_long
from netviz.drawing.layout.box import Box
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.problem import TEXT_CLEARANCE, Column, TextRoom
from netviz.drawing.text import LINE, Number, TextLabel
from netviz.style import Style
from netviz.theme import Theme

Vector = NDArray[np.float64]

# Lengths in frame units.
# Between two texts next to a neuron.
TEXT_GAP = 0.16
# Between the labels of a row. A space between words is half as wide.
_LABEL_GAP = 0.12
# A blame below a row of outputs.
_BLAME_HEIGHT = 0.45
# Least width of a neuron in a row.
_NEURON_WIDTH = 1.0

# Ratios.
# Largest width of labels: at the ends, relative to the box; else relative to the layer's share.
_END_SHARE, _HIDDEN_SHARE = 0.3, 0.7
# About what the names of layers leave of the height.
_COLUMN_SHARE = 0.85
# How much of its room a label takes: with air to the next, and without in a low box.
_AIRY, _TIGHT = 0.85, 0.92

# From ``b`` to its number, in ems.
_BIAS_GAP = 0.35
_MOST_LINES = 2


class NeuronLabel(TextLabel):
    """What a neuron stands for, such as ``pixel 1`` or ``cat``."""

    def set_brightness(self, brightness: float) -> Self:
        """Dim the label: 1 is fully visible, 0 invisible."""
        return self.set_ink(self.theme.text, brightness)


class BiasNumber(VGroup):
    """A bias as text, such as ``b +0.10``.

    Args:
        value: The bias.
        theme: Gives the font and the colours.
    """

    def __init__(self, value: float, theme: Theme) -> None:
        self._color = theme.muted
        em = theme.smallest_text
        self.name = TextLabel("b", theme, em=em, color=theme.muted)
        self.number = Number(value, theme, signed=True, em=em, color=theme.muted)
        super().__init__(self.name, self.number.next_to(self.name, RIGHT, buff=_BIAS_GAP * em))

    def set_value(self, value: float) -> Self:
        """Write another bias in the same place; the ``b`` does not move."""
        left = self.number.get_left()
        self.number.set_value(value).move_to(left, aligned_edge=LEFT)
        return self

    def set_brightness(self, brightness: float) -> Self:
        """Dim the text: 1 is fully visible, 0 invisible."""
        for part in self:
            part.set_ink(self._color, brightness)
        return self


@dataclass
class NeuronTexts:
    """The texts next to one neuron. They are copied with it.

    Attributes:
        side: Unit vector from the neuron to the texts.
        label: What the neuron stands for, or ``None``.
        bias: Its bias, or ``None``.
        plated: Whether the texts need a plate because edges pass there.
    """

    side: Vector
    label: NeuronLabel | None = None
    bias: BiasNumber | None = None
    plated: bool = False

    @property
    def parts(self) -> tuple[NeuronLabel | BiasNumber, ...]:
        """The texts that exist."""
        return tuple(part for part in (self.label, self.bias) if part is not None)


class NeuronLabels:
    """The texts next to all neurons of a diagram.

    Args:
        columns: Which neurons of each layer are drawn.
        biases: For each layer after the input its biases, shape (n_out,); ``None`` without any.
        theme: Gives the font, the sizes and the colours.
        style: Says which texts there are.
        skip_ends: Layers at which residual connections begin or end.
        spare: Texts by layer, counted from 0, which are left out where there is no room for them.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        biases: Sequence[Vector | None],
        theme: Theme,
        style: Style,
        skip_ends: frozenset[int] = frozenset(),
        spare: Mapping[int, Sequence[str]] | None = None,
    ) -> None:
        self._columns, self._theme, self._style = columns, theme, style
        self._down, self._last = style.direction == "down", len(columns) - 1
        self._skip_ends = skip_ends
        count = len(columns)
        own = {layer % count: texts for layer, texts in style.neuron_labels.items()}
        others = (spare or {}).items()
        self._spare = {layer: tuple(texts) for layer, texts in others if layer not in own}
        self._texts: dict[int, Sequence[str]] = {**self._spare, **own}
        self.labels = {
            layer: [NeuronLabel("", theme) for _ in columns[layer].shown] for layer in self._texts
        }
        # The labels of each layer as they were fitted, and the width at which they are cut off.
        self._whole: dict[int, list[str]] = {}
        self._cut: dict[int, float] = {}
        numbered = enumerate(biases, start=1) if style.biases == "numbers" else ()
        self.biases = {
            layer: [BiasNumber(float(numbers[i]), theme) for i in columns[layer].shown]
            for layer, numbers in numbered
            if numbers is not None
        }

    def of(self, layer: int, place: int) -> NeuronTexts:
        """Return the texts of the neuron at a place among the drawn ones of its layer."""
        label, bias = (
            texts[layer][place] if layer in texts else None for texts in (self.labels, self.biases)
        )
        return NeuronTexts(self.side(layer), label, bias, plated=layer not in (0, self._last))

    def side(self, layer: int) -> Vector:
        """Unit vector from a neuron to its texts.

        It points away from the edges at the first and the last layer, and along the layer at the
        others.
        """
        if layer == 0:
            return UP if self._down else LEFT
        outward, inward = (DOWN, RIGHT) if self._down else (RIGHT, DOWN)
        return outward if layer == self._last else inward

    def numbers(
        self, layout: Layout, layer: int, i: int
    ) -> tuple[float | None, Vector | None, Vector | None, Vector]:
        """Return where the numbers of neuron i of a layer are written.

        A blame is written beyond an output, and at other neurons before or after it, away from
        the steep edges.

        Returns:
            Em of the value in frame units, side of the value, side of the blame; each may be
            ``None`` (no number, inside the neuron, no blame). Side of a value that is too long for
            the neuron.
        """
        em, value_side = layout.value_ems[layer], None
        before, after = (LEFT, RIGHT) if self._down else (UP, DOWN)
        if layout.values_outside[layer]:
            em, value_side = self._theme.smallest_text, self._value_side(layout, layer)
        if not layout.blame_fits[layer] or (layer == self._last and em is None):
            return em, value_side, None, before
        blame_side = self._blame_side(layer, i)
        spare = after if np.array_equal(blame_side, before) else before
        return em, value_side, blame_side, spare

    def _value_side(self, layout: Layout, layer: int) -> Vector:
        """Return the side of a value outside, which is not that of the open gap."""
        if layer in (0, self._last):
            return self.side(layer)
        before, after = (UP, DOWN) if self._down else (LEFT, RIGHT)
        return before if layer == layout.gap else after

    def _blame_side(self, layer: int, i: int) -> Vector:
        if layer == self._last:
            return self.side(layer)
        before, after = (LEFT, RIGHT) if self._down else (UP, DOWN)
        if layer in self._skip_ends:
            # The arcs of residual connections pass on the other side.
            return LEFT if self._down else DOWN
        return before if 2 * i < self._columns[layer].size - 1 else after

    def set_biases(self, biases: Sequence[Vector]) -> None:
        """Write other biases."""
        for layer, numbers in self.biases.items():
            for i, number in zip(self._columns[layer].shown, numbers, strict=True):
                number.set_value(float(biases[layer - 1][i]))

    # ---- sizes ----------------------------------------------------------------------------------

    @property
    def written(self) -> dict[int, tuple[str, ...]]:
        """The texts by layer, of all neurons of the layer, without those that are left out."""
        return {
            layer: tuple(self._texts[layer])
            for layer, labels in self.labels.items()
            if any(label.text for label in labels)
        }

    @property
    def has_spare(self) -> bool:
        """Whether any text is written that may be left out."""
        return not self._spare.keys().isdisjoint(self.written)

    def fit(self, box: Box, room: TextRoom, *, spare: bool = True) -> TextRoom:
        """Set every label as large as a box allows.

        Args:
            box: The box of the whole diagram.
            room: What the texts of layers take of it.
            spare: Whether spare texts are written where they fit.

        Returns:
            What both take.

        Raises:
            ProblemError: A label is too long.
        """
        for layer, labels in self.labels.items():
            texts = [self._texts[layer][i] for i in self._columns[layer].shown]
            least = self._theme.smallest_text
            em, width, lines = self._limits(layer, box, room)
            if layer in self._spare and not spare:
                texts = [""] * len(texts)
            if not fit_words(labels, texts, width, em, least, lines):
                if layer not in self._spare:
                    raise too_long(f"neuron_labels[{layer}]", texts)
                fit_words(labels, [""] * len(texts), width, em, least, lines)
            self._whole[layer] = [label.text for label in labels]
        self._cut.clear()
        blame = _BLAME_HEIGHT if self._down and self._style.numbered(self._last) else 0.0
        taken = [self._extent(layer) for layer in range(len(self._columns))]
        first, *hidden, last = taken
        return replace(
            room,
            beyond=(_cleared(first), _cleared(last) + blame),
            below=(0.0, *hidden, 0.0),
            label_pitch=tuple(map(self._label_pitch, range(len(self._columns)))),
        )

    def _label_pitch(self, layer: int) -> float:
        """Least distance from neuron to neuron of a layer at which labels do not touch."""
        if layer not in (0, self._last) or layer not in self.labels:
            return 0.0
        labels = [label for label in self.labels[layer] if label.text]
        if self._down:
            return max((label.width + _LABEL_GAP for label in labels), default=0.0)
        # The letters of a line are no higher than its em.
        return max((label.height - (LINE - 1) * label.em for label in labels), default=0.0)

    def _limits(self, layer: int, box: Box, taken: TextRoom) -> tuple[float, float, int]:
        """Return the largest em, the largest width and the largest number of lines of a label."""
        n, ends = self._columns[layer].length, layer in (0, self._last)
        n += self._style.biases == "neurons" and layer != self._last
        full, small = self._theme.number_size, self._theme.smallest_text
        spacing = self._style.neuron_spacing or math.inf
        across = (box.width if self._down else box.height) - taken.foot - taken.head
        if self._down:
            room = min(across / n, spacing)
            width = min(_AIRY * room, room - _LABEL_GAP)
            return (full, width, _MOST_LINES) if ends else (small, room - _NEURON_WIDTH, 1)
        if ends:
            room = min(_AIRY * _COLUMN_SHARE * box.height / n, _TIGHT * across / n, spacing)
            lines = min(max(int(room / (LINE * small)), 1), _MOST_LINES)
            return max(min(full, room / lines), small), _END_SHARE * box.width, lines
        return small, _HIDDEN_SHARE * box.width / len(self._columns), _MOST_LINES

    def _extent(self, layer: int) -> float:
        """What the texts of a layer take on their side, one beyond the other."""
        across = self.side(layer)[0] != 0
        kinds = [texts[layer] for texts in (self.labels, self.biases) if layer in texts]
        sizes = [max(text.width if across else text.height for text in kind) for kind in kinds]
        return sum(sizes) + TEXT_GAP * max(len(sizes) - 1, 0)

    def widths_at_ends(self) -> tuple[float, float]:
        """Widths of the widest labels of the first and of the last layer; 0 without labels."""
        return self.label_room(0), self.label_room(self._last)

    def cut(self, widths: tuple[float, float]) -> None:
        """Cut off labels of the first and of the last layer that are wider than ``widths``.

        Those of a layer with width 0 disappear.
        """
        for layer, width in zip((0, self._last), widths, strict=True):
            if self._cut.get(layer, math.inf) == width or layer not in self.labels:
                continue
            self._cut[layer], whole = width, self._whole[layer]
            lines = 1 + max(text.count("\n") for text in whole)
            for label, text in zip(self.labels[layer], whole, strict=True):
                label.write(text if width else "")
                if label.text and label.width > width + 1e-9:
                    cut_off(label, text.replace("\n", " "), width, lines)

    def label_room(self, layer: int) -> float:
        """Width of the widest label of a layer, so that the texts beyond labels are aligned."""
        return max((label.width for label in self.labels.get(layer, ())), default=0.0)


def _cleared(extent: float) -> float:
    return extent + TEXT_CLEARANCE if extent else 0.0
