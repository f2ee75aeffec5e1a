"""Outputs: class probabilities, targets and errors, the loss, outputs before and after a step."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, LEFT, RIGHT, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike

from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Bars, column, expect_count, rule
from netviz.drawing.text import Number, TextLabel
from netviz.problems import expect
from netviz.theme import Theme
from netviz.words import Words

# Lengths in frame units: thickness of bars, space for a number behind the longest bar, gaps.
_CLASS_BAR, _ERROR_BAR = 0.24, 0.26
_NUMBER_SPACE, _GAP = 0.95, 0.2
_ERROR_OPACITY = 0.85
_GOAL_STROKE = 2.0
# How far the axis of the errors reaches above the first and below the last row, in frame units.
_AXIS_BEYOND = 0.3
# Middles of the columns, as shares of the width of the box.
_BEFORE, _ARROW, _AFTER = 0.25, 0.5, 0.75
_TARGET, _ERROR_AXIS, _ERROR, _SQUARE = 0.07, 0.33, 0.6, 0.89
# Length of the longest bar of an error, as a share of the width of the box.
_LONGEST_ERROR = 0.14
_LOSS_GAP = 0.14


class AnswerBars(Panel):
    """The probability of each class: its name, a bar, the number.

    Args:
        prediction: Probabilities, shape (n,).
        names: Of the classes.
        target: Index of the right class, which is marked; by default none is.
        heights: y of each row, such as those of the neurons; by default evenly spaced.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        names, bars, numbers: One for each class.
        mark: The word next to the right class, or nothing.
        goal: The outline of the bar that the right class should have, or nothing.

    Raises:
        ProblemError: The lengths differ, or there is no class ``target``.

    Example:
        >>> panel = AnswerBars([0.8, 0.2], ["cat", "dog"], target=0)
        >>> [number.text for number in panel.numbers]
        ['0.80', '0.20']
    """

    def __init__(
        self,
        prediction: ArrayLike,
        names: Sequence[str],
        *,
        target: int | None = None,
        heights: Sequence[float] | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        shares = np.asarray(prediction, dtype=float)
        expect_count("names", names, len(shares), "class")
        classes = range(len(shares))
        expect("target", target, target is None or target in classes, f"0 to {len(shares) - 1}")
        theme, box = self.theme, self.box
        ys = self._heights(len(shares), heights)
        labels = [TextLabel(name, theme, color=theme.text) for name in names]
        self.names = column(labels, box.left, ys, edge=LEFT)
        self.mark, self.goal = VGroup(), VMobject()
        if target is not None:
            self.mark = TextLabel(self.words("panel.target"), theme, color=theme.forward_ink)
        left = box.left + self.names.width + _GAP
        longest = box.right - left - _NUMBER_SPACE - self.mark.width - 2 * _GAP
        self.bars = Bars(
            np.maximum(shares, 0) * longest,
            [(left, y) for y in ys],
            thickness=_CLASS_BAR,
            color=theme.output,
        )
        self.numbers = VGroup(*(Number(share, theme) for share in shares))
        for number, bar in zip(self.numbers, self.bars, strict=True):
            number.next_to(bar, RIGHT, buff=_GAP)
        if target is not None:
            # Beyond the outline of the whole bar.
            self.numbers[target].set_x(left + longest + _GAP + self.numbers[target].width / 2)
            # In a column of its own: its place does not depend on the answer.
            self.mark.move_to([box.right, ys[target], 0], aligned_edge=RIGHT)
            self.goal.become(Rectangle(width=longest, height=_CLASS_BAR))
            self.goal.set_stroke(theme.forward, _GOAL_STROKE)
            self.goal.move_to([left, ys[target], 0], aligned_edge=LEFT)
        self.add(self.names, self.bars, self.numbers, self.goal, self.mark)


class ChangeTable(Panel):
    """The outputs before and after a step of training, with an arrow between them.

    Args:
        before, after: Activations as computed by the core, shape (n,).
        heights: y of each row, such as those of the neurons; by default evenly spaced.
        color: Of the numbers after the step; by default the colour of the output layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        before, arrows, after: One mobject for each row.
        titles: Names of the two columns, below them.

    Raises:
        ProblemError: The lengths differ.

    Example:
        >>> from netviz import forward
        >>> corrected = forward(network.updated(blame, 0.5), trace.input)
        >>> panel = ChangeTable(trace.prediction, corrected.prediction)
        >>> bool(panel.after[0].value == corrected.prediction[0])
        True
    """

    def __init__(
        self,
        before: ArrayLike,
        after: ArrayLike,
        *,
        heights: Sequence[float] | None = None,
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        old, new = np.asarray(before, dtype=float), np.asarray(after, dtype=float)
        expect_count("after", new, len(old), "output before")
        theme, box, ink = self.theme, self.box, color or self.theme.output
        ys, foot = self._heights_and_foot(len(old), heights)
        left, middle, right = (box.left + x * box.width for x in (_BEFORE, _ARROW, _AFTER))
        self.before = column([Number(a, theme, color=theme.muted) for a in old], left, ys)
        self.after = column([Number(a, theme, color=ink) for a in new], right, ys)
        arrows = [TextLabel("→", theme, color=theme.muted) for _ in old]
        self.arrows = column(arrows, middle, ys)
        self.titles = VGroup(
            *(
                TextLabel(self.words(key), theme, em=NAME_EM, color=c).move_to([x, foot, 0])
                for key, c, x in (
                    ("panel.before", theme.muted, left),
                    ("panel.after", ink, right),
                )
            )
        )
        self.add(self.before, self.arrows, self.after, *self.titles)


class TargetPanel(Panel):
    """Targets, and the errors ``prediction − target`` as bars and numbers.

    Args:
        prediction, target: Arrays of shape (n,).
        squares: Whether a third column shows the squared errors, as for squared losses.
        heights: y of each row, such as those of the neurons; by default evenly spaced.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        targets, bars, differences, squares: One mobject for each row; ``squares`` may be empty.
        axis: The line at which the bars start: those of negative errors run to the left.
        titles: Names of the columns: target, error, and of the squares if they are shown.
        last_column: x of the column of squares, in frame units.

    Raises:
        ProblemError: The lengths differ.

    Example:
        >>> panel = TargetPanel(trace.prediction, blame.target, squares=True)
        >>> bool(panel.differences[0].value == trace.prediction[0] - blame.target[0])
        True
    """

    def __init__(
        self,
        prediction: ArrayLike,
        target: ArrayLike,
        *,
        squares: bool = False,
        heights: Sequence[float] | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        predicted, wanted = np.asarray(prediction, dtype=float), np.asarray(target, dtype=float)
        expect_count("target", wanted, len(predicted), "prediction")
        theme, error = self.theme, predicted - wanted
        ys, foot = self._heights_and_foot(len(error), heights)
        left, axis, number, self.last_column = map(self._x, (_TARGET, _ERROR_AXIS, _ERROR, _SQUARE))
        self.targets = column([Number(t, theme) for t in wanted], left, ys)
        self.axis = rule((axis, ys[0] + _AXIS_BEYOND), (axis, ys[-1] - _AXIS_BEYOND), theme)
        self.bars = Bars(
            error * (_LONGEST_ERROR * self.box.width / max(float(np.abs(error).max()), 1e-12)),
            [(axis, y) for y in ys],
            thickness=_ERROR_BAR,
            color=theme.blame,
            opacity=_ERROR_OPACITY,
            negative="opposite",
        )
        signed = [Number(e, theme, signed=True, color=theme.blame) for e in error]
        self.differences = column(signed, number, ys)
        squared = [Number(e, theme) for e in error**2] if squares else []
        self.squares = column(squared, self.last_column, ys[: len(squared)])
        columns = [
            ("panel.target", theme.text, left),
            ("panel.error", theme.blame, (axis + number) / 2),
            *([("panel.square", theme.text, self.last_column)] if squares else []),
        ]
        self.titles = VGroup(
            *(
                TextLabel(self.words(key), theme, em=NAME_EM, color=c).move_to([x, foot, 0])
                for key, c, x in columns
            )
        )
        self.add(self.targets, self.axis, self.bars, self.differences, self.squares, self.titles)

    def _x(self, share: float) -> float:
        return self.box.left + share * self.box.width


class LossReadout(Panel):
    """The loss as a large number, its name above it, in the middle of the box.

    Args:
        title: The name.
        value: The loss.
        decimals: Digits after the point.
        theme, box, words: As for every :class:`Panel`. A number wider than the box is scaled down.

    Attributes:
        title, number: The two parts.

    Example:
        >>> panel = LossReadout("loss", float(blame.loss), decimals=4)
        >>> panel.number.decimals
        4
    """

    def __init__(
        self,
        title: str,
        value: float,
        *,
        decimals: int = 3,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        theme = self.theme
        self.title = TextLabel(title, theme, em=theme.number_size)
        self.number = Number(
            value, theme, decimals=decimals, em=theme.caption_size, color=theme.blame
        )
        if self.number.width > self.box.width:
            self.number.scale(self.box.width / self.number.width)
        self.add(self.title, self.number)
        self.arrange(DOWN, buff=_LOSS_GAP).move_to(self.box.center)
