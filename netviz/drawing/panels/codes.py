"""The codes of a few patterns in the plane of two neurons, and the ways that they have gone."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import Circle, Mobject, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.plane import Plane
from netviz.drawing.text import TextLabel
from netviz.theme import Theme

Array = NDArray[np.float64]

_RADIUS = 0.17
_MARGIN = 0.12


class CodePlane(Plane):
    """A numbered disc for each pattern, where its code is; behind it a trail.

    Args:
        codes: Activations of the two neurons, shape (moments, patterns, 2).
        names: What stands at the two axes.
        color: Of the discs, the role of the neurons' layer.
        theme: Colours and fonts.
        box: What is filled.

    Attributes:
        discs, trails: One for each pattern.
    """

    def __init__(
        self,
        codes: Array,
        names: tuple[Mobject, Mobject],
        *,
        color: str,
        theme: Theme,
        box: Box,
    ) -> None:
        self._codes = codes
        low, high = float(codes.min()), float(codes.max())
        margin = _MARGIN * max(high - low, 1e-9)
        ends = np.full(2, low - margin), np.full(2, high + margin)
        super().__init__(*ends, names, theme=theme, box=box)
        patterns = range(codes.shape[1])
        self.trails = VGroup(*(VMobject(stroke_color=color, stroke_width=2.5) for _ in patterns))
        self.discs = VGroup(*(_disc(k, color, theme) for k in patterns))
        self.add(self.trails, self.discs)
        self.set_place(0.0)

    def set_place(self, place: float) -> Self:
        """Show the codes of moment ``place``, counted from 0, or on the way between two."""
        last = len(self._codes) - 1
        before = min(int(place), last)
        after, share = min(before + 1, last), place - before
        now = self._codes[before] + share * (self._codes[after] - self._codes[before])
        so_far = np.concatenate([self._codes[: before + 1], now[np.newaxis]])
        for k, (trail, disc) in enumerate(zip(self.trails, self.discs, strict=True)):
            points = self.at(so_far[:, k])
            trail.set_points_as_corners(points)
            disc.move_to(points[-1])
        return self


def _disc(k: int, color: str, theme: Theme) -> VGroup:
    fill = theme.fill(color, 1.0)
    disc = Circle(radius=_RADIUS, stroke_width=0, fill_color=fill, fill_opacity=1)
    return VGroup(
        disc, TextLabel(str(k + 1), theme, em=theme.smallest_text, color=theme.ink_on(fill))
    )
