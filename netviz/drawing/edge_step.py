"""One correction, written along an edge: old weight − learning rate × gradient = new weight."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import VGroup

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import Plated
from netviz.drawing.numerals import checked_step, figures
from netviz.drawing.text import Number, TextLabel

# Between the texts on one plate, in frame units.
_GAP = 0.12


class EdgeStep(VGroup):
    """The correction of one weight, in three parts along its edge, in the direction of flow.

    At first nothing is visible: :meth:`set_presence` shows the parts, :meth:`count` writes the new
    weight while it changes.

    Args:
        diagram: A diagram with the gap of the edge open.
        address: (layer, source, target) of the edge.
        old, rate, gradient, new: The numbers, as the core computed them.

    Attributes:
        edge: The edge.
        before, step, after: The old weight; the learning rate times the gradient; the new weight.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        address: tuple[int, int, int],
        *,
        old: float,
        rate: float,
        gradient: float,
        new: float,
    ) -> None:
        theme = diagram.theme
        self.edge, self._old, self._new = diagram.edge(*address), old, new
        texts = checked_step(old, rate, gradient, new)
        first, rated, slope, self._last = texts

        def number(value: float, text: str, color: str) -> Number:
            return Number(value, theme, color=color).show(value, text)

        def sign(text: str) -> TextLabel:
            return TextLabel(text, theme, color=theme.muted)

        self.before = Plated(number(old, first, theme.text), theme=theme)
        self.step = Plated(
            sign("−"),
            number(rate, rated, theme.muted),
            sign("×"),
            number(gradient, slope, theme.text),
            theme=theme,
            gap=_GAP,
        )
        self._result = number(new, self._last, theme.text)
        self.after = Plated(sign("="), self._result, theme=theme, gap=_GAP)
        super().__init__(self.before, self.step, self.after)
        self._place()
        for part in self:
            part.set_presence(0.0)

    def _place(self) -> None:
        """Spread the three parts evenly along the edge."""
        start, end = self.edge.at(0.0), self.edge.at(1.0)
        way = float(abs(end[0] - start[0])) or 1.0
        free = max(way - sum(part.width for part in self), 0.0) / (len(self) + 1)
        reached = free
        for part in self:
            share = (reached + part.width / 2) / way
            part.move_to(self.edge.at(float(np.clip(share, 0.0, 1.0))))
            reached += part.width + free

    def count(self, progress: float) -> Self:
        """Write the weight on its way from the old one (0) to the new one (1)."""
        value = self._old + progress * (self._new - self._old)
        text = self._last if progress >= 1 else figures(value)
        right = self._result.get_right()
        self._result.show(value, text).shift(right - self._result.get_right())
        return self
