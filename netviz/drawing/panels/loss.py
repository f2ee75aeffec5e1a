"""The loss over the training steps: a bar a step, the first and the last with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from manim import UP, Line, Rectangle, VGroup

from netviz.drawing.layout.box import Box
from netviz.drawing.text import Number, TextLabel
from netviz.theme import Theme

_AXIS_ROOM, _NUMBER_ROOM = 0.55, 0.6
# Width of a bar, as a share of its slot.
_BAR = 0.42


class LossHistory(VGroup):
    """Bars of equal width from a common base; the height is the loss.

    Args:
        losses: One a step, in order; the first bar is as high as the box allows the largest.
        labels: Names under the bars, one each, or none.
        title: Above the bars.
        theme: Colours and fonts.
        box: What is filled.
        slots: Room is left for this many bars (at least as many as there are losses).

    Attributes:
        bars: One a loss.
        numbers: Of the first and the last bar; of each bar where there are four or fewer.

    Example:
        >>> losses = [float(blame.loss), 0.5 * float(blame.loss)]
        >>> names = ["old", "new"]
        >>> panel = LossHistory(losses, title="loss", labels=names, theme=DARK_THEME, box=RIGHT_BOX)
        >>> len(panel.bars), bool(panel.bars[0].height > panel.bars[1].height)
        (2, True)
    """

    def __init__(
        self,
        losses: Sequence[float],
        *,
        title: str,
        theme: Theme,
        box: Box,
        labels: Sequence[str] = (),
        slots: int = 0,
    ) -> None:
        self._theme, self._box = theme, box
        self._slots = max(slots, len(losses))
        self._largest = max(losses)
        self.title = TextLabel(title, theme, em=theme.heading_size).move_to(
            [box.center[0], box.top - theme.heading_size / 2, 0]
        )
        base = box.bottom + _AXIS_ROOM
        self.axis = Line([box.left, base, 0], [box.right, base, 0]).set_stroke(theme.muted, 2)
        self.bars = VGroup(*(self._bar(i, loss) for i, loss in enumerate(losses)))
        shown = range(len(losses)) if len(losses) <= 4 else (0, len(losses) - 1)
        self.numbers = VGroup(*(self._number(i, losses[i]) for i in shown))
        self.labels = VGroup(*(self._label(i, text) for i, text in enumerate(labels)))
        super().__init__(self.title, self.axis, self.bars, self.numbers, self.labels)

    def _x(self, i: int) -> float:
        return self._box.left + (i + 0.5) * self._box.width / self._slots

    def _bar(self, i: int, loss: float) -> Rectangle:
        room = self._box.height - 2 * self._theme.heading_size - _AXIS_ROOM - _NUMBER_ROOM
        bar = Rectangle(
            width=_BAR * self._box.width / self._slots,
            height=max(room * loss / self._largest, 0.01),
            stroke_width=0,
            fill_color=self._theme.blame,
            fill_opacity=0.9,
        )
        return bar.move_to([self._x(i), self._box.bottom + _AXIS_ROOM, 0], aligned_edge=-UP)

    def _number(self, i: int, loss: float) -> Number:
        number = Number(loss, self._theme, decimals=3, em=0.42, color=self._theme.blame)
        # A number over a thin bar is wider than the bar: it stays inside the box all the same, and
        # above the neighbours that it covers.
        half = number.width / 2
        x = min(max(self._box.left + half, self._x(i)), self._box.right - half)
        covered = [bar for bar in self.bars if abs(bar.get_x() - x) < half + bar.width]
        top = max(bar.get_top()[1] for bar in covered)
        return number.move_to([x, top + 0.14 + number.height / 2, 0])

    def _label(self, i: int, text: str) -> TextLabel:
        return TextLabel(text, self._theme).move_to([self._x(i), self._box.bottom + 0.2, 0])
