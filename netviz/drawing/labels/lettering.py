"""Texts that belong to whole layers: names, captions, ⋮, and braces with a number of neurons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Circle, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.problem import NAME_GAP, Column, TextRoom
from netviz.drawing.text import TextLabel
from netviz.problems import Problem, ProblemError
from netviz.style import Style
from netviz.theme import Theme

Vector = NDArray[np.float64]

# Lengths in frame units.
# From the ends of a brace to its tip, from the tip to the count, from the neurons to the brace, and
# the height of a brace with its count.
_BRACE_DEPTH, _COUNT_GAP, _BRACE_GAP, _BRACE_HEIGHT = 0.16, 0.06, 0.17, 0.55
# Half of the least width of a brace, by direction of the flow.
_BRACE_HALF = {"right": 0.36, "down": 0.25}
# Radius of a dot of ⋮, and from dot to dot.
_DOT_RADIUS, _DOT_GAP = 0.035, 0.15
# Between a name and a caption.
_CAPTION_GAP = 0.1
# Reserved between the tip of a row's brace and its count.
_ROW_COUNT_GAP = 0.1
# Least distance between the names of two layers.
_BETWEEN_NAMES = 0.18
# Half a name of the usual length.
_NAME_HALF = 0.55
# Both ends of the box together: half a neuron each, and with values outside the neurons.
_NEURON_ENDS, _VALUE_ENDS = 0.7, 2.2
# Where nothing is written: room for half of a ring.
_HALF_RING = 0.03
# Stroke units.
_BRACE_WIDTH = 2.5
# Ratios: largest width of the names of rows, relative to the box; width of names next to each
# other, relative to the distance of layers.
_NAMES_SHARE, _ABREAST_SHARE = 0.22, 0.92
# What the box of a line adds above its letters, and below, in ems.
_LINE_AIR = 0.078
_MOST_LINES = 3


class Dots(VMobject):
    """The sign ⋮, or ⋯ where a layer is a row: three discs on a line.

    Args:
        theme: Gives the colour.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(stroke_width=0, fill_color=theme.text, fill_opacity=1)

    def place(self, center: Vector, along: Vector) -> Self:
        """Place the middle disc.

        Args:
            center: Where it stands, shape ``(3,)``.
            along: Unit vector of the line, shape ``(3,)``.
        """
        self.clear_points()
        for step in (-1, 0, 1):
            disc = Circle(radius=_DOT_RADIUS).shift(center + step * _DOT_GAP * along)
            self.append_points(disc.points)
        return self


class Brace(VGroup):
    """A brace with a count at its tip.

    Args:
        count: The number at its tip.
        theme: Gives the font and the colours.
        color: Colour of the count, ``#RRGGBB``.

    Attributes:
        line, label: The two parts.
    """

    def __init__(self, count: int, theme: Theme, color: str) -> None:
        self.line = VMobject(stroke_color=theme.muted, stroke_width=_BRACE_WIDTH)
        self.label = TextLabel(f"{count}", theme, color=color)
        super().__init__(self.line, self.label)

    def place(self, center: Vector, half: float, outward: Vector) -> Self:
        """Place the brace, open towards the layer.

        Args:
            center: The point between its two ends, shape ``(3,)``.
            half: From there to an end, in frame units.
            outward: Unit vector from there to the tip, shape ``(3,)``.
        """
        along = np.array([-outward[1], outward[0], 0.0])
        bend = min(_BRACE_DEPTH / 2, half / 2)

        def at(across: float, out: float) -> Vector:
            point: Vector = center + across * along + out * _BRACE_DEPTH * outward
            return point

        self.line.clear_points()
        self.line.start_new_path(at(-half, 0))
        for side in (-1, 1):
            ends = ((half, 0.0), (half - bend, 0.5), (bend, 0.5), (0.0, 1.0))
            steps = [at(side * across, out) for across, out in ends[::-side]]
            corners = [at(side * across, 0.5) for across in (half, 0.0)][::-side]
            self.line.add_quadratic_bezier_curve_to(corners[0], steps[1])
            self.line.add_line_to(steps[2])
            self.line.add_quadratic_bezier_curve_to(corners[1], steps[3])
        reach = abs(outward[0]) * self.label.width + abs(outward[1]) * self.label.height
        self.label.move_to(center + (_BRACE_DEPTH + _COUNT_GAP + reach / 2) * outward)
        return self


class Lettering:
    """The texts of a diagram that belong to whole layers.

    Args:
        columns: Which neurons of each layer are drawn.
        names: Names of the layers, input first.
        roles: Colours of the layers, ``#RRGGBB``.
        theme: Gives the font, the sizes and the other colours.
        style: Says which texts there are.

    Attributes:
        names, captions: A :class:`TextLabel` for each layer, empty where nothing is written.
        braces: A brace with a count for each layer in ``braced``.
        dots: The ⋮ of each layer in ``dotted``.
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
        """Return all that is written about one layer."""
        braces = zip(self.braced, self.braces, strict=True)
        dots = zip(self.dotted, self.dots, strict=True)
        marks = [part for at, part in (*braces, *dots) if at == layer]
        return VGroup(self.names[layer], self.captions[layer], *marks)

    # ---- sizes ----------------------------------------------------------------------------------

    def fit(self, box: Box, room: TextRoom) -> TextRoom:
        """Set every text as large as a box allows.

        Args:
            box: The box of the whole diagram.
            room: What other texts take of it.

        Returns:
            What both take.

        Raises:
            ProblemError: A name that the style gives, or a caption, is too long.
        """
        width = _NAMES_SHARE * box.width if self._down else self._abreast(box, room)
        least = self._theme.smallest_text
        fits = fit_words(self.names, self._texts, width, NAME_EM, least)
        if not fits and self._style.names is not None:
            raise too_long("names", self._texts)
        captions = self._style.captions or [""] * len(self.names)
        if not fit_words(self.captions, captions, width, least, least):
            raise too_long("captions", captions)
        return self._room_beside(room) if self._down else self._room_below(room)

    def _abreast(self, box: Box, room: TextRoom) -> float:
        """Width of texts that do not touch their neighbours, also at the end with less room."""
        layers = len(self.names)
        ends = _VALUE_ENDS if self._style.any_numbers else _NEURON_ENDS
        between = (box.width - sum(room.beyond) - ends) / (layers - 1)
        return _ABREAST_SHARE * min(between, box.width / layers)

    def _room_below(self, room: TextRoom) -> TextRoom:
        """Return ``room`` with the texts below columns."""
        foot = _height(self.names) + _height(self.captions) + self._caption_gap
        foot += _BRACE_HEIGHT if self.braced else 0.0
        widths = [
            round(max(name.width, caption.width) / 2 + _HALF_RING, 9)
            for name, caption in zip(self.names, self.captions, strict=True)
        ]
        least = _NAME_HALF if self._style.layer_names or self.braced else 0.0
        first, *_, last = (max(width, least) for width in widths)
        reserve = _BRACE_HEIGHT + (0.0 if foot else NAME_GAP - _HALF_RING)
        return replace(
            room,
            foot=foot + NAME_GAP if foot else _HALF_RING,
            ends=(first, last),
            brace_reserve=0.0 if self.braced else reserve,
        )

    def _room_beside(self, room: TextRoom) -> TextRoom:
        """Return ``room`` with the texts to the left and to the right of rows."""
        widest = round(max(text.width for text in (*self.names, *self.captions)), 9)
        braces = self.braces or [Brace(self._longest, self._theme, self._theme.text)]
        count = max(brace.label.width for brace in braces)
        braced = _BRACE_GAP + _BRACE_DEPTH + _ROW_COUNT_GAP + count
        return replace(
            room,
            foot=widest + NAME_GAP if widest else _HALF_RING,
            head=braced if self.braced else _HALF_RING,
            ends=(0.0, 0.0),
            brace_reserve=0.0 if self.braced else braced - _HALF_RING,
        )

    @property
    def _caption_gap(self) -> float:
        return _CAPTION_GAP * any(self._style.captions)

    # ---- places ---------------------------------------------------------------------------------

    def place(self, layout: Layout, box: Box, room: TextRoom) -> None:
        """Place every text at the neurons of a layout that was computed with ``room``."""
        middles = [np.mean(centers, axis=0) for centers in layout.centers]
        place_words = self._place_beside if self._down else self._place_below
        for name, caption, middle in zip(self.names, self.captions, middles, strict=True):
            place_words(name, caption, middle, box)
        self._show_those_that_fit(layout.gap)
        along, outward = (RIGHT, RIGHT) if self._down else (DOWN, DOWN)
        for layer, dots in zip(self.dotted, self.dots, strict=True):
            dots.place(np.array(layout.dots[layer]), along)
        for layer, brace in zip(self.braced, self.braces, strict=True):
            x, y, _ = middles[layer]
            end = (
                [box.right - room.head + _BRACE_GAP, y, 0.0]
                if self._down
                else [x, box.bottom + room.foot - _BRACE_GAP, 0.0]
            )
            half = max(layout.radii[layer], _BRACE_HALF[layout.direction])
            brace.place(np.array(end), half, outward)

    def _show_those_that_fit(self, gap: int | None) -> None:
        """Hide words that would touch others: those of layers that an open gap has moved aside."""
        axis, last = (1, len(self.names) - 1) if self._down else (0, len(self.names) - 1)
        first = [0, last] if gap is None else [gap, gap + 1, 0, last]
        for words in (self.names, self.captions):
            taken: list[tuple[float, float]] = []
            for layer in dict.fromkeys((*first, *range(1, last))):
                label = words[layer]
                if not label.text:
                    continue
                half = label.length_over_dim(axis) / 2 + _BETWEEN_NAMES / 2
                low, high = label.get_center()[axis] - half, label.get_center()[axis] + half
                fits = all(high <= start or end <= low for start, end in taken)
                if fits:
                    taken.append((low, high))
                if fits != bool(label.get_fill_opacity()):
                    label.set_ink(label.get_fill_color().to_hex(), float(fits))

    def _place_below(self, name: TextLabel, caption: TextLabel, middle: Vector, box: Box) -> None:
        below = _height(self.captions) + self._caption_gap
        top = box.bottom + below + _height(self.names) + _LINE_AIR * name.em
        name.move_to([middle[0], top, 0], aligned_edge=UP)
        top = box.bottom + _height(self.captions) + _LINE_AIR * caption.em
        caption.move_to([middle[0], top, 0], aligned_edge=UP)

    def _place_beside(self, name: TextLabel, caption: TextLabel, middle: Vector, box: Box) -> None:
        between = (name.height - caption.height) / 2 if caption.text else 0.0
        start = [box.left, middle[1], 0]
        name.move_to(start, aligned_edge=LEFT).shift((caption.height / 2) * UP)
        caption.move_to(start, aligned_edge=LEFT).shift(
            (name.height / 2) * DOWN if name.text else between * UP
        )


def _height(labels: Iterable[TextLabel]) -> float:
    """Height of the highest label, without the air in the box of a line."""
    heights = (label.height - 2 * _LINE_AIR * label.em if label.text else 0.0 for label in labels)
    return round(max(heights), 9)


def fit_words(
    labels: Sequence[TextLabel],
    texts: Sequence[str],
    width: float,
    em: float,
    least: float,
    most_lines: int = _MOST_LINES,
) -> bool:
    """Write texts in one size within a width: smaller if necessary, then in more lines.

    Args:
        labels: The labels to write to.
        texts: One for each label; an empty one leaves nothing.
        width: Largest width, in frame units.
        em, least: The largest and the smallest size, in frame units.
        most_lines: Largest number of lines of a text.

    Returns:
        Whether the texts fit. If not, they have the smallest size and are too wide.
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
            label.set_em(max(size, least))
    return size >= least - 1e-9


def cut_off(label: TextLabel, text: str, width: float, lines: int) -> None:
    """Write as much of a text as fits a width, in so many lines, with ``…`` where it is cut off."""
    rows: list[str] = []
    left = text.split(" ")
    while left:
        row = left.pop(0)
        while left and len(rows) < lines - 1 and label.write(f"{row} {left[0]}").width <= width:
            row += f" {left.pop(0)}"
        if len(rows) == lines - 1:
            row = " ".join((row, *left))
        if label.write(row).width > width:
            while row and label.write(f"{row}…").width > width:
                row = row[:-1].rstrip()
            row, left = f"{row}…", []
        rows.append(row)
        if len(rows) == lines:
            break
    label.write("\n".join(rows))


def wrapped(text: str, lines: int) -> str:
    """Return a text broken between words into ``lines`` lines, the longest as short as possible."""
    words = text.split(" ")
    cuts = combinations(range(1, len(words)), min(lines, len(words)) - 1)
    broken = (
        [" ".join(words[a:b]) for a, b in zip((0, *cut), (*cut, len(words)), strict=True)]
        for cut in cuts
    )
    return "\n".join(min(broken, key=lambda rows: max(map(len, rows))))


def too_long(option: str, texts: Sequence[str]) -> ProblemError:
    """Return the error for texts that do not fit."""
    longest = max(texts, key=len)
    return ProblemError(Problem(option, f"has {longest!r}, which does not fit", "a shorter text"))
