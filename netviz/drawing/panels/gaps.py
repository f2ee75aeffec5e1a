"""What is still wrong: the gap between each prediction and its target, and the loss as a bar."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Self

import numpy as np
from manim import LEFT, RIGHT, UP, Circle, Line, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import expect_count
from netviz.drawing.paths import Course, add_band, add_outline
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# Radius of the dots of targets and predictions, and half the width of a gap, in frame units.
_DOT, _HALF_GAP = 0.1, 0.075
# Room for the number of a target right of its axis, and from the top row to the title.
_NUMBER_ROOM, _TITLE = 0.72, 0.5
# From row to row, in ems of the numbers.
_LINE = 1.2
# Half the height of the bar of a loss, and the room for its number of up to six characters, in
# frame units.
_HALF_BAR, _LOSS_ROOM = 0.13, 1.2
_NAME_GAP = 0.18
# From the bar of a loss to the earlier loss below it, and from there to its word, in frame units.
_BELOW, _WORD_GAP = 0.38, 0.12
# Radius of the circle of an earlier prediction, in frame units; and how far the ghost of an earlier
# loss is from the background to its colour.
_RING, _GHOST = 0.07, 0.4


def _fill_bar(path: VMobject, start: Array, end: Array, half: float) -> None:
    path.clear_points()
    if float(np.abs(end - start).max()) > 1e-4:
        add_band(path, Course.straight(start, end), half, dashed=False)


class GapBars(Panel):
    """A row for each output: an axis with its target, its prediction, and the gap between them.

    At first only the targets are shown. ``show_prediction`` shows the rest, and may be called in
    every frame: the gaps change while the weights do. Next to a diagram in the box ``"stage"``
    they fill the box ``"gaps"``.

    Args:
        target: Targets, shape (m,).
        prediction: Outputs at the beginning, shape (n,), n ≥ m; they widen the range of the axes.
        color: Colour of the predictions, by default the theme's for outputs.
        heights: Height of each row, such as those of the output neurons.
        reach: Further values that the axes reach, of any shape.
        theme, box, words: As for every panel.

    Attributes:
        axes, gaps, ghosts, predictions, targets, numbers: One mobject for each row.
        title: The word above the targets.
        prediction, earlier: The predictions that are shown, and those of the ghosts, or ``None``.

    Raises:
        ProblemError: There is not one height for each row, or fewer outputs than targets.

    Example:
        >>> panel = GapBars(blame.target, trace.prediction)
        >>> scene.add(panel.show_prediction(trace.prediction))
        >>> len(panel.gaps)
        2
    """

    def __init__(
        self,
        target: ArrayLike,
        prediction: ArrayLike,
        *,
        color: str | None = None,
        heights: Sequence[float] | None = None,
        reach: ArrayLike = (),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self._target = np.asarray(target, dtype=float)
        first, rows = np.asarray(prediction, dtype=float), len(self._target)
        expect("prediction", len(first), len(first) >= rows, f"{rows} outputs or more")
        if heights is not None:
            expect_count("heights", heights, rows, "target")
        self._rows = self._heights(rows, heights)
        self._color = color or self.theme.output
        values = np.concatenate([self._target, first[:rows], np.ravel(reach), [0.0, 1.0]])
        self._low, self._high = float(values.min()), float(values.max())
        self.numbers = VGroup(*(self._number(value) for value in self._target))
        widest = max((number.width for number in self.numbers), default=0.0)
        self._room = max(_NUMBER_ROOM, widest + 4 * _DOT)
        self._ends = self.box.left, self.box.right - self._room
        ink, blame = self.theme.text, self.theme.blame
        self.axes = VGroup(*(self._axis(row) for row in range(rows)))
        self.gaps, self.predictions = (
            VGroup(*(VMobject(stroke_width=0, fill_color=hue, fill_opacity=1) for _ in range(rows)))
            for hue in (blame, self._color)
        )
        self.ghosts = VGroup(
            *(VMobject(stroke_color=self._color, stroke_width=2) for _ in range(rows))
        )
        self.targets = VGroup(
            *(
                Circle(radius=_DOT, stroke_width=0, fill_color=ink, fill_opacity=1)
                for _ in range(rows)
            )
        )
        self.title = TextLabel(self.words("panel.target"), self.theme)
        self.prediction: Array | None = None
        self._opening, self._presence = 1.0, 1.0
        self.earlier: Array | None = None
        self.add(self.axes, self.gaps, self.ghosts, self.predictions, self.targets)
        self.add(self.numbers, self.title)
        self._place()

    def _place(self) -> None:
        heights, theme = sorted(self._rows), self.theme
        pitch = min((b - a for a, b in pairwise(heights)), default=math.inf)
        em = max(min(theme.number_size, pitch / _LINE), theme.smallest_text)
        for row, (dot, number) in enumerate(zip(self.targets, self.numbers, strict=True)):
            self.axes[row].set_y(self._rows[row])
            dot.move_to(self.at(row, self._target[row]))
            number.set_em(em).move_to([self._number_x, self._rows[row], 0])
        self.title.move_to([self._number_x, max(self._rows) + _TITLE, 0])
        if self.title.get_right()[0] > self.box.right:
            self.title.move_to([self.box.right, self.title.get_y(), 0], aligned_edge=RIGHT)

    @property
    def heights(self) -> list[float]:
        """The height of each row."""
        return list(self._rows)

    def set_heights(self, heights: Sequence[float]) -> Self:
        """Move the rows, such as with the output neurons.

        Raises:
            ProblemError: There is not one height for each row.
        """
        expect_count("heights", heights, len(self._rows), "target")
        self._rows = [float(height) for height in heights]
        self._place()
        self.show_prediction(self.prediction, self._opening, self._presence)
        return self.show_ghosts(self.earlier)

    @property
    def _number_x(self) -> float:
        return self.box.right - self._room / 2

    def _axis(self, row: int) -> Line:
        left, right = self._ends
        y = self._rows[row]
        return Line([left, y, 0], [right, y, 0], stroke_color=self.theme.edge, stroke_width=2)

    def _number(self, value: float) -> Number:
        whole = float(value).is_integer() and abs(value) < 1000
        text = f"{value:.0f}".replace("-", "−") if whole else figures(float(value))
        return Number(value, self.theme).show(value, text)

    def at(self, row: int, value: float) -> Array:
        """Return the point of a row's axis for a value, shape (3,)."""
        left, right = self._ends
        share = (value - self._low) / (self._high - self._low)
        return np.array([left + min(max(share, 0.0), 1.0) * (right - left), self._rows[row], 0])

    def show_prediction(
        self, prediction: ArrayLike | None, opening: float = 1.0, presence: float = 1.0
    ) -> Self:
        """Show predictions, and the gaps from them to the targets.

        Args:
            prediction: Outputs, shape (n,), n ≥ m; ``None`` leaves the targets alone.
            opening: 0 … 1, how far the gaps have opened.
            presence: 0 … 1, how far predictions and gaps have appeared.
        """
        self.prediction = None if prediction is None else np.asarray(prediction, dtype=float)
        self._opening, self._presence = opening, presence
        for row, (dot, gap) in enumerate(zip(self.predictions, self.gaps, strict=True)):
            dot.clear_points(), gap.clear_points()
            if prediction is None or presence <= 0:
                continue
            here = self.at(row, float(np.asarray(prediction)[row]))
            goal = self.at(row, float(self._target[row]))
            dot.set_points(Circle(radius=_DOT).move_to(here).points).set_fill(opacity=presence)
            _fill_bar(gap, here, here + opening * (goal - here), _HALF_GAP)
            gap.set_fill(self.theme.blame, opacity=presence)
        return self

    def show_ghosts(self, prediction: ArrayLike | None, presence: float = 1.0) -> Self:
        """Show earlier predictions as small circles; ``None`` removes them."""
        self.earlier = None if prediction is None else np.asarray(prediction, dtype=float)
        for row, ghost in enumerate(self.ghosts):
            ghost.clear_points()
            if prediction is not None and presence > 0:
                here = self.at(row, float(np.asarray(prediction)[row]))
                ghost.set_points(Circle(radius=_RING).move_to(here).points)
                ghost.set_stroke(opacity=presence)
        return self


class LossMeter(Panel):
    """The loss as a bar with its number, in one place while it changes.

    At first the bar is empty. ``show_loss`` may be called in every frame. Above gap bars it fills
    the box ``"loss"``.

    Args:
        largest: The loss at which the bar is full.
        title: What stands before the bar; by default the word for the loss.
        theme, box, words: As for every panel.

    Attributes:
        name, frame, bar, ghost, number, before: The parts; ``before`` has the loss of the ghost.
        loss, earlier: The loss that is shown, and that of the ghost, or ``None``.

    Example:
        >>> panel = LossMeter(float(blame.loss))
        >>> scene.add(panel.show_loss(float(blame.loss)))
        >>> bool(panel.number.value == blame.loss)
        True
    """

    def __init__(
        self,
        largest: float,
        *,
        title: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self._largest, y = max(abs(largest), 1e-300), self.box.center[1]
        self.loss: float | None = None
        self.earlier: float | None = None
        name = self.words("panel.loss") if title is None else title
        self.name = TextLabel(name, self.theme).move_to([self.box.left, y, 0], aligned_edge=LEFT)
        self.number = Number(largest, self.theme, decimals=3, color=self.theme.blame)
        room = max(_LOSS_ROOM, self.number.width + _NAME_GAP)
        left, right = self.name.get_right()[0] + _NAME_GAP, self.box.right - room
        self._start, self._end = np.array([left, y, 0.0]), np.array([right, y, 0.0])
        self.frame = VMobject(stroke_color=self.theme.muted, stroke_width=2)
        up = _HALF_BAR * UP
        corners = [self._start - up, self._end - up, self._end + up, self._start + up]
        add_outline(self.frame, corners)
        ghost = mix(self.theme.background, self.theme.blame, _GHOST)
        self.ghost, self.bar = (
            VMobject(stroke_width=0, fill_color=hue, fill_opacity=1)
            for hue in (ghost, self.theme.blame)
        )
        muted = self.theme.muted
        word = TextLabel("", self.theme, color=muted)
        self.before = VGroup(word, Number(largest, self.theme, color=muted))
        self.add(self.ghost, self.bar, self.frame, self.name, self.number, self.before)
        self.show_loss(None).show_ghost(None)

    def show_loss(
        self, loss: float | None, presence: float = 1.0, *, level: float | None = None
    ) -> Self:
        """Show a loss.

        Args:
            loss: The loss; ``None`` shows no number.
            presence: 0 … 1, how far bar and number have appeared.
            level: The loss that the bar shows, on its way from one loss to another; by default
                ``loss``.
        """
        self.loss, level = loss, loss if level is None else level
        self.number.clear_points(), self.bar.clear_points()
        if presence <= 0:
            return self
        if loss is not None:
            self.number.show(loss, figures(loss, 3))
            self.number.move_to([self.box.right, self._start[1], 0], aligned_edge=RIGHT)
            self.number.set_ink(self.theme.blame, presence)
        if level is not None:
            self._fill(self.bar, level)
            self.bar.set_fill(opacity=presence)
        return self

    def show_ghost(self, loss: float | None, presence: float = 1.0) -> Self:
        """Leave an earlier loss visible behind and below the bar; ``None`` removes it."""
        self.earlier = loss
        word, number = self.before
        self.ghost.clear_points(), number.clear_points()
        shown = loss is not None and presence > 0
        # What is not shown takes no room.
        word.write(self.words("panel.before") if shown else "")
        if loss is not None and shown:
            self._fill(self.ghost, loss)
            self.ghost.set_fill(opacity=presence)
            number.show(loss, figures(loss, 3))
            self.before.set_opacity(presence)
            # On the left, away from the title of the targets below.
            word.next_to([self.box.left, 0, 0], RIGHT, buff=0).set_y(self._start[1] - _BELOW)
            number.next_to(word, RIGHT, buff=_WORD_GAP)
        return self

    def _fill(self, path: VMobject, loss: float) -> None:
        share = min(max(loss / self._largest, 0.0), 1.0)
        _fill_bar(path, self._start, self._start + share * (self._end - self._start), _HALF_BAR)
