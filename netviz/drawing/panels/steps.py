"""The steps of a procedure, one below the other, with an arrow back from the last one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import LEFT, RoundedRectangle, VMobject

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import column
from netviz.drawing.paths import add_outline
from netviz.drawing.text import TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

# Lengths in frame units: from the frame of a step to its text and to the next frame, room for the
# arrow, and half the width and the length of its head.
_INSIDE, _APART, _ARROW, _HEAD_HALF, _HEAD = 0.2, 0.08, 0.45, 0.1, 0.18
_FRAME, _LINE, _CORNER = 3.0, 2.5, 0.12
# Em of the names, relative to the distance from row to row.
_EM = 0.68


class StepList(Panel):
    """Steps one below the other; a frame marks one of them, and an arrow says what is repeated.

    Args:
        steps: The names of the steps, two or more.
        back_to: Index of the step that follows the last one.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        texts: The names.
        arrow: From the last step back.
        frame: Around the marked step.

    Raises:
        ProblemError: There are fewer than two steps, or no step ``back_to``.

    Example:
        >>> panel = StepList(["initialize", "forward", "update"], back_to=1)
        >>> scene.add(panel.mark(2))
        >>> len(panel.texts)
        3
    """

    def __init__(
        self,
        steps: Sequence[str],
        *,
        back_to: int = 0,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("steps", steps, len(steps) > 1, "two or more")
        last, theme, box = len(steps) - 1, self.theme, self.box
        expect("back_to", back_to, back_to in range(last), f"a step from 0 to {last - 1}")
        self._pitch = box.height / len(steps)
        self._rows = [box.top - (place + 0.5) * self._pitch for place in range(len(steps))]
        em = min(theme.caption_size, max(_EM * self._pitch, theme.smallest_text))
        texts = [TextLabel(step, theme, em=em) for step in steps]
        self.texts = column(texts, box.left + _INSIDE, self._rows, edge=LEFT)
        right = box.right - _ARROW
        self.frame = RoundedRectangle(
            width=right - box.left,
            height=self._pitch - _APART,
            corner_radius=_CORNER,
            stroke_color=theme.forward,
            stroke_width=_FRAME,
        )
        self._middle = (box.left + right) / 2
        self.arrow = VMobject(stroke_color=theme.muted, stroke_width=_LINE)
        low, high = self._rows[last], self._rows[back_to]
        corners = [[right + _APART, low], [box.right, low], [box.right, high]]
        corners.append([right + _APART + _HEAD, high])
        self.arrow.set_points_as_corners([[*corner, 0.0] for corner in corners])
        self.head = VMobject(stroke_width=0, fill_color=theme.muted, fill_opacity=1)
        tip = right + _APART
        triangle = [[tip, high], [tip + _HEAD, high + _HEAD_HALF], [tip + _HEAD, high - _HEAD_HALF]]
        add_outline(self.head, [np.array([*corner, 0.0]) for corner in triangle])
        self.add(self.arrow, self.head, self.frame, self.texts)
        self.mark(0)

    def mark(self, place: float) -> Self:
        """Mark a step; a fraction lies between two.

        Raises:
            ProblemError: There is no such step.
        """
        last = len(self.texts) - 1
        expect("place", place, 0 <= place <= last, f"a number from 0 to {last}")
        before = min(int(place), last - 1)
        start, end = self._rows[before : before + 2]
        self.frame.move_to([self._middle, start + (place - before) * (end - start), 0])
        return self
