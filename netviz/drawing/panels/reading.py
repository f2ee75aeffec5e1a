"""One line of numbers: ``σ(+1.17) = 0.76``."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Self

from manim import RIGHT, VGroup, VMobject

from netviz.core import Activation
from netviz.drawing.text import Number, TextLabel, formula
from netviz.theme import Theme


class Reading(VGroup):
    """An activation function at one point; for softmax only ``z → a``.

    Args:
        function: Gives the symbol.
        theme: Colours and fonts.
        z, a: The two numbers, as the core computed them.
        color: Of the result; the forward colour unless told.
        width: What it may fill at most, in frame units; a longer one is set smaller.

    Attributes:
        z, result: The two numbers on screen.
    """

    def __init__(
        self,
        function: Activation,
        theme: Theme,
        z: float,
        a: float,
        *,
        color: str | None = None,
        width: float | None = None,
    ) -> None:
        self._room = math.inf if width is None else width
        self.z = Number(z, theme, signed=True, color=theme.forward)
        self.result = Number(a, theme, color=color or theme.forward)
        super().__init__(*self._parts(function, theme))
        self._align()

    def _parts(self, function: Activation, theme: Theme) -> list[VMobject]:
        if not function.elementwise:
            # a depends on every z of the layer: it is not f of this one.
            return [self.z, TextLabel("→", theme, color=theme.muted), self.result]
        name = formula(function.symbol, theme, color=theme.forward)
        opening, closing = (TextLabel(text, theme, color=theme.forward) for text in ("(", ") ="))
        return [name, opening, self.z, closing, self.result]

    def _align(self) -> None:
        center = self.get_center()
        for left, right in pairwise(self):
            right.next_to(left, RIGHT, buff=0.16 if right is self.result else 0.04)
        if self.width > self._room:
            self.scale(self._room / self.width)
        self.move_to(center)

    def set_values(self, z: float, a: float) -> Self:
        """Write other numbers."""
        self.z.set_value(z)
        self.result.set_value(a)
        self._align()
        return self
