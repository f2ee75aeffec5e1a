"""What is written around the layers: names, captions, ⋮ and braces for the neurons they have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, VGroup

from netviz.drawing.labels.braces import DEPTH, Brace, Dots
from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.layout.columns import Column
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.room import AIR, Room
from netviz.drawing.text import TextLabel
from netviz.style import Style
from netviz.theme import Theme

# A brace with its count, and the air between it and the neurons.
_COUNT, _BRACE_AIR = 0.55, 0.17
# Half of what a brace is wide at least.
_HALF = {"right": 0.36, "down": 0.25}
_GAP = 0.1
# Half a name of the usual length, and what the names of rows take of the width at most.
_NAME, _NAMES = 0.55, 0.22
# Half a neuron at each end of the box; the same with values beside them.
_NEURON, _ENDS = 0.7, 2.2
# Where nothing is written, room for half of a ring.
_RING = 0.03
_MOST_LINES = 3


class Lettering:
    """The texts of a diagram that belong to whole layers.

    Args:
        columns: Which neurons of each layer are drawn.
        names: Of the layers, input first.
        roles: Colours of the layers.
        theme: Gives font, sizes and the other colours.
        style: Says which texts there are.

    Attributes:
        names, captions: A :class:`TextLabel` for each layer, empty where nothing is written.
        braces: A brace with a count for each layer of ``braced``.
        dots: The ⋮ of each layer of ``dotted``.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        names: Sequence[str],
        roles: Sequence[str],
        theme: Theme,
        style: Style,
    ) -> None:
        self._theme, self._style = theme, style
        self._down = style.direction == "down"
        self._texts = names if style.layer_names else [""] * len(columns)
        centred, small = not self._down, theme.smallest_text
        self.names = VGroup(
            *(TextLabel("", theme, em=NAME_EM, color=role, centred=centred) for role in roles)
        )
        self.captions = VGroup(
            *(TextLabel("", theme, em=small, color=theme.muted, centred=centred) for _ in columns)
        )
        self.dotted = [layer for layer, c in enumerate(columns) if c.dots is not None]
        self.braced = [
            layer for layer in range(len(columns)) if style.braces or layer in self.dotted
        ]
        counts = ((columns[layer].size, roles[layer]) for layer in self.braced)
        self.braces = VGroup(*(Brace(count, theme, role) for count, role in counts))
        self._longest = max(column.size for column in columns)
        self.dots = VGroup(*(Dots(theme) for _ in self.dotted))

    def of(self, layer: int) -> VGroup:
        """All that is written about one layer."""
        braces = zip(self.braced, self.braces, strict=True)
        dots = zip(self.dotted, self.dots, strict=True)
        marks = [part for at, part in (*braces, *dots) if at == layer]
        return VGroup(self.names[layer], self.captions[layer], *marks)

    # ---- how large ------------------------------------------------------------------------------

    def fit(self, box: Box, room: Room) -> Room:
        """Set every text as large as a box allows.

        Args:
            box: Of the whole diagram.
            room: What other texts take of it.

        Returns:
            What both take.

        Raises:
            ValueError: A name that was told, or a caption, is too long.
        """
        width = _NAMES * box.width if self._down else self._apart(box, room)
        least = self._theme.smallest_text
        fits = fit_words(self.names, self._texts, width, NAME_EM, least)
        if not fits and self._style.names is not None:
            raise ValueError(too_long("names", self._texts))
        captions = self._style.captions or [""] * len(self.names)
        if not fit_words(self.captions, captions, width, least, least):
            raise ValueError(too_long("captions", captions))
        return self._room_beside(room) if self._down else self._room_below(room)

    def _apart(self, box: Box, room: Room) -> float:
        """Width of texts that do not touch their neighbours, whichever end leaves less room."""
        layers = len(self.names)
        ends = _ENDS if self._style.numbers else _NEURON
        between = (box.width - sum(room.beyond) - ends) / (layers - 1)
        return 0.92 * min(between, box.width / layers)

    def _room_below(self, room: Room) -> Room:
        texts = _height(self.names) + _height(self.captions) + _GAP * bool(self._told_captions)
        foot = texts + (_COUNT if self.braced else 0.0)
        widths = [
            max(name.width, caption.width) / 2 + _RING
            for name, caption in zip(self.names, self.captions, strict=True)
        ]
        least = _NAME if self._style.layer_names or self.braced else 0.0
        first, *_, last = (max(width, least) for width in widths)
        folded = 0.0 if self.braced else _COUNT + (0.0 if foot else AIR - _RING)
        return replace(room, foot=foot + AIR if foot else _RING, ends=(first, last), folded=folded)

    def _room_beside(self, room: Room) -> Room:
        widest = max(text.width for text in (*self.names, *self.captions))
        braces = self.braces or [Brace(self._longest, self._theme, self._theme.text)]
        braced = _BRACE_AIR + DEPTH + _GAP + max(brace.label.width for brace in braces)
        return replace(
            room,
            foot=widest + AIR if widest else _RING,
            head=braced if self.braced else _RING,
            ends=(0.0, 0.0),
            folded=0.0 if self.braced else braced - _RING,
        )

    @property
    def _told_captions(self) -> tuple[str, ...]:
        return tuple(filter(None, self._style.captions))

    # ---- place ----------------------------------------------------------------------------------

    def place(self, layout: Layout, box: Box, room: Room) -> None:
        """Stand at the neurons of a layout that was arranged with ``room``."""
        middles = [np.mean(centers, axis=0) for centers in layout.centers]
        for layer, middle in enumerate(middles):
            words = self.names[layer], self.captions[layer]
            self._place_beside(*words, middle, box) if self._down else self._place_below(
                *words, middle, box
            )
        along, outward = (RIGHT, RIGHT) if self._down else (DOWN, DOWN)
        for layer, dots in zip(self.dotted, self.dots, strict=True):
            dots.place(np.array(layout.dots[layer]), along)
        for layer, brace in zip(self.braced, self.braces, strict=True):
            x, y, _ = middles[layer]
            end = (
                [box.right - room.head + _BRACE_AIR, y, 0.0]
                if self._down
                else [x, box.bottom + room.foot - _BRACE_AIR, 0.0]
            )
            half = max(layout.radii[layer], _HALF[layout.direction])
            brace.place(np.array(end), half, outward)

    def _place_below(
        self, name: TextLabel, caption: TextLabel, middle: np.ndarray, box: Box
    ) -> None:
        below = _height(self.captions) + _GAP * bool(self._told_captions)
        top = box.bottom + below + _height(self.names) + _OVER * name.em
        name.move_to([middle[0], top, 0], aligned_edge=UP)
        top = box.bottom + _height(self.captions) + _OVER * caption.em
        caption.move_to([middle[0], top, 0], aligned_edge=UP)

    def _place_beside(
        self, name: TextLabel, caption: TextLabel, middle: np.ndarray, box: Box
    ) -> None:
        between = (name.height - caption.height) / 2 if caption.text else 0.0
        start = [box.left, middle[1], 0]
        name.move_to(start, aligned_edge=LEFT).shift((caption.height / 2) * UP)
        caption.move_to(start, aligned_edge=LEFT).shift(
            (name.height / 2) * DOWN if name.text else between * UP
        )


# What the box of a line has above its em, and below.
_OVER = 0.078


def _height(labels: Iterable[TextLabel]) -> float:
    """Of the highest of some labels, without the air in the box of a line."""
    return max(label.height - 2 * _OVER * label.em if label.text else 0.0 for label in labels)


def fit_words(
    labels: Sequence[TextLabel],
    texts: Sequence[str],
    width: float,
    em: float,
    least: float,
    most_lines: int = _MOST_LINES,
) -> bool:
    """Write texts in one size, no wider than ``width``: smaller if need be, then in more lines.

    Args:
        labels: What is written.
        texts: One for each; empty ones leave nothing.
        width: In frame units.
        em, least: The largest and the smallest size.
        most_lines: Of a text.

    Returns:
        Whether they fit; if not, they are in their smallest size and too wide.
    """
    for lines in range(1, most_lines + 1):
        for label, text in zip(labels, texts, strict=True):
            broken = wrapped(text, lines)
            if label.text != broken:
                label.write(broken)
        widest = max((label.width / label.em for label in labels if label.text), default=0.0)
        size = min(em, width / widest) if widest else em
        if size >= least - 1e-9:
            break
    for label in labels:
        if label.text:
            label.scale(max(size, least) / label.em)
    return size >= least - 1e-9


def wrapped(text: str, lines: int) -> str:
    """A text broken between words into ``lines`` lines, the longest as short as can be."""
    words = text.split(" ")
    cuts = combinations(range(1, len(words)), min(lines, len(words)) - 1)
    broken = (
        [" ".join(words[a:b]) for a, b in zip((0, *cut), (*cut, len(words)), strict=True)]
        for cut in cuts
    )
    return "\n".join(min(broken, key=lambda rows: max(map(len, rows))))


def too_long(option: str, texts: Sequence[str]) -> str:
    """What is said of texts that find no room."""
    longest = max(texts, key=len)
    return f"{option} has {longest!r}, which finds no room: expected a shorter text"
