"""A key in one line: what the widths, dashes and halos of edges mean, and rings of neurons."""

from __future__ import annotations

from typing import Literal

import numpy as np
from manim import RIGHT, Circle, VGroup, VMobject

from netviz.drawing.edges.layer import HAIRLINE, WIDEST, halo_ink
from netviz.drawing.paths import DASH, Course, add_band
from netviz.drawing.text import TextLabel
from netviz.theme import Theme, as_theme
from netviz.words import Words, as_words

# Lengths in frame units: a piece of a line, from there to its word, from entry to entry; half the
# width of the halo of a large gradient, and of a small one.
_PIECE, _TO_WORD, _BETWEEN, _HALO, _SMALL_HALO = 5 * DASH, 0.12, 0.3, 0.11, 0.025
# Radius of a ring, in frame units, and its stroke.
_RING, _RING_STROKE = 0.1, 4.0
_WAY = Course.straight(np.zeros(3), _PIECE * RIGHT)
# Of each entry its word, its width from 0 to 1, and whether it is negative.
_ENTRIES = {
    "weights": (
        ("large_weight", 1.0, False),
        ("small_weight", 0.0, False),
        ("negative_weight", 0.5, True),
    ),
    "gradients": (
        ("large_gradient", 1.0, False),
        ("small_gradient", 0.0, False),
        ("negative_gradient", 1.0, True),
    ),
    "sign": (("dashed_weight", 0.5, True),),
    "blame": (("blame", 1.0, False),),
}


class EdgeKey(VGroup):
    """Pieces of edges, each with what it means.

    Args:
        theme: Gives the font and the colours; a theme or its name.
        shows: ``"weights"``: wide and narrow lines, and how a negative weight is drawn.
            ``"gradients"``: the same of halos. ``"sign"``: how a negative weight is drawn, and no
            more. ``"blame"``: the ring around a neuron.
        dense: Whether a tint shows the sign of a weight, as in layers with too many edges for
            dashes.
        negative: Whether any of what is shown is negative, so that the key explains it.
        em: Size of the words, by default that of annotations.
        words: Language of the words.

    Example:
        >>> key = EdgeKey("dark", "weights")
        >>> scene.add(key)
        >>> len(key)
        3
    """

    def __init__(
        self,
        theme: Theme | str,
        shows: Literal["weights", "gradients", "sign", "blame"] = "weights",
        *,
        dense: bool = False,
        negative: bool = True,
        em: float | None = None,
        words: Words | str = "en",
    ) -> None:
        self.theme, words = as_theme(theme), as_words(words)
        line, halo, ring = self._line, self._halo, self._ring
        draw = {"weights": line, "gradients": halo, "sign": line, "blame": ring}[shows]
        entries = VGroup()
        for key, share, below_zero in _ENTRIES[shows]:
            if below_zero and not negative:
                continue
            word = TextLabel(words(f"key.{key}"), self.theme, em=em or self.theme.smallest_text)
            piece = draw(share, below_zero, dense)
            entries.add(VGroup(piece, word).arrange(RIGHT, buff=_TO_WORD))
        super().__init__(*entries.arrange(RIGHT, buff=_BETWEEN))

    def _line(self, share: float, negative: bool, dense: bool) -> VMobject:
        width = 2 * (HAIRLINE + share * (WIDEST - HAIRLINE)) / 100
        color = self.theme.negative_edge if negative and dense else self.theme.edge
        piece = VMobject(stroke_width=0, fill_color=color, fill_opacity=1)
        add_band(piece, _WAY, width / 2, dashed=negative and not dense)
        return piece

    def _halo(self, share: float, negative: bool, _dense: bool) -> VMobject:
        # Without its edge: next to a filled halo, a hollow one is told at a glance.
        half = _SMALL_HALO + share * (_HALO - _SMALL_HALO)
        piece = VMobject()
        add_band(piece, _WAY, half, dashed=False)
        halo_ink(piece, self.theme, -1.0 if negative else 1.0)
        return piece

    def _ring(self, share: float, negative: bool, dense: bool) -> VMobject:
        return Circle(radius=_RING, stroke_color=self.theme.blame, stroke_width=_RING_STROKE)
