"""One number, or one distribution, for each layer: bars and histograms below a diagram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Self

import numpy as np
from manim import LEFT, RIGHT, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import expect_count, rule
from netviz.drawing.paths import add_outline
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# Width of a bar relative to the distance of two layers; room for the number above it, in frame
# units.
_WIDE, _NUMBER_ROOM = 0.5, 0.45
# From a bar to its number, and the least height of a bar of more than zero, which is seen on its
# base.
_GAP, _LEAST = 0.1, 0.04
# Room for a share in percent, in ems.
_PERCENT = 2.4
# Numbers below have a power of ten, or zeros in at most so many characters.
_TINY, _MOST = 1e-3, 9
# Width of the outline of an earlier bar, in manim's stroke units, and how far it lies inside.
_GHOST, _INSIDE = 3.0, 0.02


class LayerBars(Panel):
    """A bar for each layer, with its number above: how large something is there.

    All bars have one linear scale, so that what is tiny looks tiny: a thin line, which is the least
    that a value of more than zero has.

    Args:
        values: One number from 0 up for each layer, shape (n,).
        top: The value of a bar as high as the box; by default the largest value.
        centers: x of each bar, such as those of the layers of a diagram; by default evenly spaced.
        color: Of bars and numbers; by default that of blame.
        powers: Whether small numbers are written with a power of ten; if not, with zeros where they
            fit.
        theme, box, words: As for every panel.

    Attributes:
        bars, numbers, ghosts: One mobject for each layer; a ghost is the outline of an earlier bar.
        base: The line on which they stand.

    Raises:
        ProblemError: A value is negative, or there is not one centre for each value.

    Example:
        >>> sizes = [float(abs(layer.blame).mean()) for layer in blame.layers]
        >>> panel = LayerBars(sizes)
        >>> scene.add(panel.show_bar(0, 0.5))
        >>> panel.numbers[1].value == sizes[1]
        True
    """

    def __init__(
        self,
        values: ArrayLike,
        *,
        top: float | None = None,
        centers: Sequence[float] | None = None,
        color: str | None = None,
        powers: bool = True,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self.values = np.atleast_1d(np.asarray(values, dtype=float))
        expect("values", values, bool((self.values >= 0).all()), "numbers from 0 up")
        self._top = top or float(self.values.max()) or 1.0
        self._centers = _centers(self.box, len(self.values), centers)
        self._width = _WIDE * _pitch(self.box, self._centers)
        ink = color or self.theme.blame
        self.base = rule(
            (self.box.left, self.box.bottom), (self.box.right, self.box.bottom), self.theme
        )
        self.ghosts = VGroup(
            *(VMobject(stroke_color=self.theme.text, stroke_width=_GHOST) for _ in self.values)
        )
        self.bars = VGroup(
            *(VMobject(stroke_width=0, fill_color=ink, fill_opacity=1) for _ in self.values)
        )
        self.numbers = VGroup(*(Number(value, self.theme, color=ink) for value in self.values))
        room, least = 0.92 * _pitch(self.box, self._centers), self.theme.smallest_text
        for number in self.numbers:
            if not powers and 0 < number.value < _TINY:
                text = figures(number.value, most=_MOST, powers=False)
                width = number.set_em(least).show(number.value, text).width
                if width <= room:  # as large as possible, with a gap to the next one
                    number.set_em(min(0.94 * least * room / width, self.theme.number_size))
                    continue
            number.fit(room, least)
        self.add(self.base, self.bars, self.ghosts, self.numbers)
        for place in range(len(self.values)):
            self.show_bar(place)

    def show_bar(self, place: int, presence: float = 1.0) -> Self:
        """Show the bar of a layer and its number, as far as it has grown, 0 to 1."""
        height = presence * self._height(float(self.values[place]))
        _fill(self.bars[place], self._corners(place, height))
        number = self.numbers[place]
        y = self.box.bottom + height + _GAP + number.height / 2
        number.move_to([self._centers[place], y, 0])
        number.set_ink(self.bars[place].get_fill_color().to_hex(), presence)
        return self

    def show_ghosts(self, values: ArrayLike) -> Self:
        """Show the outlines of bars of earlier values, shape (n,), where they are no mere lines."""
        for place, value in enumerate(np.asarray(values, dtype=float)):
            height = self._height(float(value))
            _fill(self.ghosts[place], self._corners(place, height * (height > _LEAST), _INSIDE))
        return self

    def _height(self, value: float) -> float:
        if value == 0:
            return 0.0
        return max((self.box.height - _NUMBER_ROOM) * min(value / self._top, 1.0), _LEAST)

    def _corners(self, place: int, height: float, inside: float = 0.0) -> list[Array]:
        x, y, half = self._centers[place], self.box.bottom, self._width / 2 - inside
        corners = ((x - half, y), (x - half, y + height), (x + half, y + height), (x + half, y))
        return [np.array([*corner, 0.0]) for corner in corners]


class LayerHistograms(Panel):
    """A histogram for each layer, all on one scale of values: where its activations lie.

    Args:
        samples: For each layer, its numbers, of any shape.
        reach: The values at the ends of each histogram, low and high.
        bins: The number of bars of each histogram.
        names: Written below each histogram; by default nothing is.
        scale: Whether the values at the ends are written, and the shares of bars that are cut off.
        value_name: Of the values, written between their ends.
        centers: x of each histogram; by default evenly spaced.
        colors: Of each histogram; by default those of hidden layers.
        theme, box, words: As for every panel.

    Attributes:
        shapes: One mobject for each layer.
        base: The line on which they stand.
        ends: The values at the ends of each histogram, and their name.
        tops: (layer, bin) → the share in percent, above the box, of a bar that is cut off; of
            neighbours only the largest has one.
        FULL: A bar with this share of all numbers is as high as the box.
        shares: For each layer, the share of its numbers in each bin, shape (n, bins).

    Raises:
        ProblemError: There is not one centre or name for each layer, or ``reach`` is empty.

    Example:
        >>> panel = LayerHistograms(trace.activations[1:], reach=(-1, 1), bins=8)
        >>> panel.shares.shape, bool(panel.shares.sum() <= 2)
        ((2, 8), True)
    """

    FULL: ClassVar[float] = 1 / 5

    def __init__(
        self,
        samples: Sequence[ArrayLike],
        *,
        reach: tuple[float, float],
        bins: int = 25,
        names: Sequence[str] = (),
        scale: bool = True,
        value_name: str = "",
        centers: Sequence[float] | None = None,
        colors: Sequence[str] | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        low, high = reach
        expect("reach", reach, low < high, "a low value and a higher one")
        count = len(samples)
        self._centers = _centers(self.box, count, centers)
        self._width = 0.88 * _pitch(self.box, self._centers)
        edges = np.linspace(low, high, bins + 1)
        counts = [np.histogram(np.ravel(layer), edges)[0] for layer in samples]
        self.shares = np.array(
            [found / max(np.size(layer), 1) for found, layer in zip(counts, samples, strict=True)]
        )
        inks = colors or [self.theme.role(place + 1, count + 2) for place in range(count)]
        em, muted = self.theme.smallest_text, self.theme.muted
        self.base = VGroup()
        self.shapes = VGroup()
        self.ends = VGroup()
        foot = self.box.bottom + (1.2 * scale + 1.0 * bool(names)) * em
        for place, ink in enumerate(inks):
            left, right = (self._centers[place] + side * self._width / 2 for side in (-1, 1))
            self.base.add(rule((left, foot), (right, foot), self.theme))
            self.shapes.add(VMobject(stroke_width=0, fill_color=ink, fill_opacity=1))
            for value, x in zip(reach, (left, right), strict=True) if scale else ():
                text = Number(value, self.theme, decimals=0, em=em, color=muted)
                edge = text.width / 2 if x == left else -text.width / 2
                self.ends.add(text.move_to([x + edge, foot - 0.7 * em, 0]))
            if value_name:
                text = TextLabel(value_name, self.theme, em=em, color=muted)
                self.ends.add(text.move_to([self._centers[place], foot - 0.7 * em, 0]))
        self.names = VGroup(*(TextLabel(name, self.theme, em=em, color=muted) for name in names))
        if names:
            expect_count("names", names, count, "layer")
            for x, name in zip(self._centers, self.names, strict=True):
                name.move_to([x, self.box.bottom + 0.4 * em, 0])
        self._foot = foot
        self.tops = {cut: self._top(*cut) for cut in self._cut()} if scale else {}
        self.add(self.shapes, self.base, self.ends, self.names, *self.tops.values())
        self.show_shares(self.shares)

    def show_shares(self, shares: ArrayLike, presence: float = 1.0) -> Self:
        """Show histograms of other shares, shape (n, bins); they grow with the presence, 0 to 1.

        A bar reaches the top of the box where it has at least a share of ``FULL`` of all numbers;
        lower ones have a common scale.
        """
        rows = np.asarray(shares, dtype=float)
        height = self.box.top - self._foot
        for (place, at), text in self.tops.items():
            text.set_opacity(float(presence * rows[place][at] > self.FULL))
        for place, (shape, row) in enumerate(zip(self.shapes, rows, strict=True)):
            shape.clear_points()
            left = self._centers[place] - self._width / 2
            step = self._width / len(row)
            for at, share in enumerate(row):
                top = self._foot + presence * height * min(share / self.FULL, 1.0)
                if top - self._foot < 1e-3:
                    continue
                xs = left + at * step, left + (at + 0.92) * step
                corners = ((xs[0], self._foot), (xs[0], top), (xs[1], top), (xs[1], self._foot))
                add_outline(shape, [np.array([*corner, 0.0]) for corner in corners])
        return self

    def _cut(self) -> list[tuple[int, int]]:
        """Return layer and bin of the bars that are cut off, as far apart as their shares need."""
        found: list[tuple[int, int]] = []
        for place, row in enumerate(self.shares):
            apart = _PERCENT * self.theme.smallest_text * len(row) / self._width
            bins: list[int] = []
            for at in np.argsort(-row, kind="stable")[: np.count_nonzero(row > self.FULL)]:
                if all(abs(int(at) - other) > apart for other in bins):
                    bins.append(int(at))
            found += [(place, at) for at in bins]
        return found

    def _top(self, place: int, at: int) -> Number:
        """Return the share of a bin, above the top of its bar, towards the middle."""
        share, step = 100 * float(self.shares[place][at]), self._width / len(self.shares[place])
        text = Number(share, self.theme, em=self.theme.smallest_text).show(share, f"{share:.0f}%")
        left = self._centers[place] - self._width / 2
        x, edge = left + at * step, LEFT
        if at > len(self.shares[place]) / 2:
            x, edge = left + (at + 0.92) * step, RIGHT
        return text.move_to([x, self.box.top + _GAP + text.em / 2, 0], aligned_edge=edge)


def _centers(box: Box, count: int, centers: Sequence[float] | None) -> list[float]:
    if centers is not None:
        expect_count("centers", centers, count, "layer")
        return [float(x) for x in centers]
    return [box.left + (place + 0.5) * box.width / count for place in range(count)]


def _pitch(box: Box, centers: Sequence[float]) -> float:
    """Return the distance of two neighbours."""
    return min(np.diff(centers)) if len(centers) > 1 else box.width


def _fill(path: VMobject, corners: Sequence[Array]) -> None:
    path.clear_points()
    if corners[1][1] - corners[0][1] > 1e-3:
        add_outline(path, corners)
