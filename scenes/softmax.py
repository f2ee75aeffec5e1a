"""Scores become probabilities: e to the score, and its share of the sum of all.

The idea: laid end to end, the exponentials are one bar, and a probability is a share of its length.
"""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    AnimationGroup,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    Indicate,
    LaggedStart,
    Mobject,
    Rectangle,
    RoundedRectangle,
    Transform,
    VGroup,
)
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ACTIVATIONS
from netviz.drawing import Box, Number, NumberBars, TextLabel, formula
from netviz.drawing.numerals import figures, plain
from netviz.problems import expect
from netviz.scene import BeatScene, Option
from netviz.staging.beat_scene import reading_time

Array = NDArray[np.float64]

COUNT = 4
# One, two and three columns (the first box reaches beyond the frame, its bars do not), the heights
# of their rows, and what stands how far above and below.
ONE, TWO, THREE = (
    [Box(left, right, -2.0, 3.0) for left, right in columns]
    for columns in (
        [(-6.7, 9.6)],
        [(-6.7, 0.0), (1.0, 6.7)],
        [(-6.7, -2.7), (-2.3, 2.4), (2.8, 6.7)],
    )
)
ROWS, TALL_ROWS, ABOVE = (2.6, 1.75, 0.9, 0.05), (2.4, 0.9, -0.6, -2.1), 0.8
BELOW_BARS = 0.56
# The bar of all exponentials, its half height, and the calculation below it.
WHOLE, HALF, BELOW = (-6.7, 6.7, -1.35), 0.27, -2.15
# Factor and addend of the changes that are tried, the gap between their names and around the one
# that is tried, and the stroke of the outlines of what was before.
TWICE, MORE = 2.0, 1.0
GAP, AROUND, OUTLINE, BEYOND = 0.8, 0.13, 2.5, 0.05
LAST = 3.0
# How many times as long the axis is before the first bars grow.
SHORT = 40.0


def check_names(names: str) -> None:
    """Refuse names that are not one for each score.

    Raises:
        ProblemError: There are more or fewer, or one is empty.
    """
    parts = [part.strip() for part in names.split(",")]
    right = len(parts) == COUNT and all(parts)
    expect("classes", names, right, f"{COUNT} names, such as 'cat, dog, owl, fish'")


class Softmax(BeatScene):
    """Four scores, their exponentials, and the probabilities; then other scores."""

    length = 45.0
    options = (
        Option("scores", (2.0, 1.0, 0.1, -1.0), "scores of four classes", least=-5, most=5),
        Option("classes", "", "their names, such as a, b, c, d", check=check_names),
    )

    @cached_property
    def names(self) -> list[str]:
        """The names of the classes."""
        given = self.chosen["classes"] or self.words("example.animals")
        return [name.strip() for name in given.split(",")]

    @cached_property
    def states(self) -> list[Array]:
        """The scores: as given, twice as large, all one larger, the two largest exchanged."""
        given = np.array(self.chosen["scores"], dtype=float)
        second, first = np.argsort(given, kind="stable")[-2:]
        exchanged = given.copy()
        exchanged[[first, second]] = given[[second, first]]
        return [given, TWICE * given, given + MORE, exchanged]

    @property
    def results(self) -> Iterable[ArrayLike]:
        """Scores, exponentials, their sum and the probabilities of every state."""
        for scores in self.states:
            yield from (scores, np.exp(scores), np.exp(scores).sum(), probabilities(scores))

    def construct(self) -> None:
        """Play the scene."""
        self.section("softmax")
        theme, scores, powers = self.theme, self.states[0], np.exp(self.states[0])
        options: dict[str, Any] = {
            "colors": theme.classes[:COUNT],
            "theme": theme,
            "words": self.words,
        }
        tall = {"heights": TALL_ROWS} | options
        # Wide enough for all scores that are tried, so that their scale stays.
        limits = limits_of(self.states)
        self.scores = NumberBars(*(scores, limits), names=self.names, box=ONE[0], **tall)
        self.powers = NumberBars(powers, (0.0, float(powers.max())), box=TWO[1], **tall)
        self.shares = NumberBars(
            *(probabilities(scores), (0.0, 1.0)), box=THREE[2], heights=ROWS, **options
        )
        self.scale = VGroup(
            *(Number(0.0, theme, em=theme.smallest_text, color=theme.muted) for _ in range(2))
        )
        self.heads = VGroup(
            TextLabel(self.words("panel.score"), theme),
            formula("e^z", theme),
            TextLabel(self.words("panel.probability"), theme),
        )
        self.place_heads()
        self.add(self.scores, self.heads[0])
        self.scores.set_limits(*(SHORT * end for end in limits))
        with self.beat("softmax.scores", hold=reading_time(COUNT)):
            self.play(self.rescaling(self.scores, (SHORT * limits[0], SHORT * limits[1]), limits))
        with self.beat("softmax.powers", hold=reading_time(COUNT + 1)):
            self.play(self.moving([self.scores], [TWO[0]], TALL_ROWS))
            self.powers.show_values(powers, 0.0)
            coming = FadeIn(self.heads[1]), FadeIn(self.scale)
            self.play(*coming, self.growing(self.powers, powers))
        self._lay_end_to_end(powers)
        self._share_out(scores)
        self._try_others()

    def place_heads(self) -> None:
        """Place what stands above the columns over their numbers."""
        for text, bars in zip(self.heads, (self.scores, self.powers, self.shares), strict=True):
            text.move_to([bars.numbers.get_x(), bars.heights[0] + ABOVE, 0])
        self.place_scale()

    def place_scale(self) -> None:
        """Write the ends of the scale of the exponentials below their bars."""
        powers = self.powers
        y = powers.heights[-1] - BELOW_BARS
        for end, value, edge in zip(self.scale, powers.limits, (LEFT, RIGHT), strict=True):
            end.show(value, figures(value) if value else "0")
            end.move_to([powers.at(value), y, 0], aligned_edge=edge)

    def moving(
        self, columns: Sequence[NumberBars], boxes: Sequence[Box], heights: Sequence[float]
    ) -> Timeline:
        """Return the animation in which columns move to other boxes and their rows together."""
        starts = [(bars.box, np.array(bars.heights)) for bars in columns]

        def step(progress: float) -> None:
            share = ease(progress)
            for bars, (box, rows), end in zip(columns, starts, boxes, strict=True):
                between = rows + share * (np.array(heights) - rows)
                bars.arrange_rows(box.towards(end, share), between)
            self.place_heads()

        moved = [*columns, *self.heads[: len(columns)]]
        if self.powers in columns:
            moved.append(self.scale)
        return Timeline(VGroup(*moved), [Span(0, 1.0, step)])

    def rescaling(
        self, bars: NumberBars, before: tuple[float, float], after: tuple[float, float]
    ) -> Timeline:
        """Return the animation in which a column gets another scale.

        The lengths of its bars change evenly.
        """
        start, end = (1 / (high - low) for low, high in (before, after))
        share, ratios = np.array(after) * end, np.array(before) * start

        def step(progress: float) -> None:
            part = ease(progress)
            scale = start + part * (end - start)
            low, high = ratios + part * (share - ratios)
            bars.set_limits(low / scale, high / scale)

        return Timeline(bars, [Span(0, 1.0, step)])

    def growing(self, bars: NumberBars, values: Array) -> Timeline:
        """Return the animation in which bars grow from zero."""
        return Timeline(bars, [Span(0, 1.2, lambda p: bars.show_values(values, ease(p)))])

    def _lay_end_to_end(self, powers: Array) -> None:
        """Let the bars of the exponentials become the pieces of one bar, with their sum."""
        self.pieces = VGroup(
            *(
                Rectangle(stroke_width=0, fill_opacity=1, fill_color=hue)
                for hue in self.theme.classes
            )
        )
        self.pieces.submobjects = self.pieces.submobjects[:COUNT]
        self.divide(powers / powers.sum())
        self.sum, self.ends = self._sum_in_full(powers), self._ends(float(powers.sum()))
        with self.beat("softmax.sum", hold=reading_time(1)):
            self.play(self.moving([self.scores, self.powers], THREE[:2], ROWS))
            # A piece grows in its place: on its way there a bar would cross other rows.
            laid = (
                AnimationGroup(
                    Indicate(bar, scale_factor=1.05, color=None), GrowFromEdge(piece, LEFT)
                )
                for bar, piece in zip(self.powers.bars, self.pieces, strict=True)
            )
            self.play(LaggedStart(*laid, lag_ratio=0.8), run_time=3.2)
            self.add(self.pieces)
            self.play(FadeIn(self.sum, self.ends), run_time=0.6)

    def _sum_in_full(self, powers: Array) -> VGroup:
        """Return ``7.39 + 2.72 + … = 11.6`` below the bar."""
        theme = self.theme
        parts: list[Mobject] = []
        for place, power in enumerate(powers):
            parts += [TextLabel("+", theme, color=theme.muted)] if place else []
            parts.append(Number(float(power), theme))
        parts += [TextLabel("=", theme, color=theme.muted), Number(float(powers.sum()), theme)]
        return VGroup(*parts).arrange(RIGHT, buff=0.16).move_to([0, BELOW, 0])

    def _ends(self, length: float) -> VGroup:
        """Return what is written at the two ends of the bar."""
        ends = zip((0.0, length), WHOLE[:2], (LEFT, RIGHT), strict=True)
        return VGroup(
            *(
                Number(value, self.theme).show(value, plain(value)).move_to([x, BELOW, 0], edge)
                for value, x, edge in ends
            )
        )

    def divide(self, shares: Array) -> None:
        """Divide the bar among the classes."""
        left, right, y = WHOLE
        ends = left + (right - left) * np.concatenate([[0.0], np.cumsum(shares)])
        for piece, start, end in zip(self.pieces, ends[:-1], ends[1:], strict=True):
            piece.stretch_to_fit_width(max(end - start, 1e-3)).stretch_to_fit_height(2 * HALF)
            piece.move_to([(start + end) / 2, y, 0])

    def _share_out(self, scores: Array) -> None:
        """Turn every exponential into its share of the sum."""
        theme, shares = self.theme, probabilities(scores)
        best = int(np.argmax(shares))
        first, total = np.exp(scores)[best], np.exp(scores).sum()
        parts = [
            Number(float(first), theme),
            TextLabel("/", theme, color=theme.muted),
            Number(float(total), theme),
            TextLabel("=", theme, color=theme.muted),
            Number(float(shares[best]), theme),
        ]
        share = VGroup(*parts).arrange(RIGHT, buff=0.16).move_to([0, BELOW, 0])
        # The whole bar is 1 now.
        length, whole = self.ends[1], self._ends(1.0)[1]
        self.shares.show_values(shares, 0.0)
        self.place_heads()
        with self.beat("softmax.shares", hold=reading_time(COUNT + 2)):
            appearing = map(FadeIn, (share, whole, self.heads[2]))
            self.play(FadeOut(self.sum, length), *appearing, run_time=0.6)
            self.play(self.growing(self.shares, shares))
        with self.beat("softmax.best", hold=1.2, name=self.names[best]):
            self.play(FadeOut(share), run_time=0.4)
            self.frame = self.frame_of(best)
            self.play(FadeIn(self.frame), run_time=0.6)

    def frame_of(self, row: int) -> RoundedRectangle:
        """Return the frame around a class, in all columns."""
        frame = RoundedRectangle(width=13.75, height=0.78, corner_radius=0.12)
        frame.set_stroke(self.theme.forward, 3.0)
        return frame.move_to([0, ROWS[row], 0])

    def _try_others(self) -> None:
        """Change the scores: the class only changes when their order does."""
        given, *changed = self.states
        keys = ("softmax.twice", "softmax.more", "softmax.exchanged")
        tags = self._tags()
        around = self.around(tags[0])
        before = given
        for place, (key, state) in enumerate(zip(keys, changed, strict=True), start=1):
            last = place == len(changed)
            with self.beat(key, hold=LAST if last else reading_time(2 * COUNT + 2)):
                if place == 1:
                    self._keep_ghosts(given)
                    self.play(FadeIn(tags), FadeIn(around), run_time=0.6)
                else:
                    self.play(self.changing(before, given, 1.0), self.choosing(around, tags[0]))
                self.play(self.choosing(around, tags[place]), run_time=0.6)
                self.play(self.changing(given, state))
                best = int(np.argmax(probabilities(state)))
                if abs(self.frame.get_y() - ROWS[best]) > 1e-6:
                    self.play(self.frame.animate.set_y(ROWS[best]), run_time=0.8)
            before = state

    def _keep_ghosts(self, given: Array) -> None:
        """Outline what there is now.

        The exponentials keep their scale: a bar that becomes too long for it ends in a point.
        """
        powers, theme = np.exp(given), self.theme
        key = Rectangle(width=0.4, height=0.22).set_stroke(theme.text, OUTLINE)
        name = TextLabel(self.words("scores.given"), theme, em=theme.smallest_text)
        legend = VGroup(key, name).arrange(RIGHT, buff=0.12)
        legend.move_to([THREE[-1].right, ROWS[0] + ABOVE, 0], aligned_edge=RIGHT)
        columns = (self.scores, self.powers, self.shares)
        for bars, values in zip(columns, (given, powers, probabilities(given)), strict=True):
            bars.targets.set_stroke(theme.text, OUTLINE)
            bars.show_targets(values)
        ghosts = self.pieces.copy().set_fill(opacity=0).set_stroke(theme.text, OUTLINE)
        for ghost in ghosts:
            ghost.stretch_to_fit_height(2 * (HALF + BEYOND))
        shown = VGroup(*(outline for bars in columns for outline in bars.targets), ghosts, legend)
        self.play(FadeIn(shown), run_time=0.6)

    def _tags(self) -> VGroup:
        """Return the names of what is tried: as given, and three changes."""
        first, second = np.argsort(-self.states[0], kind="stable")[:2]
        texts = (
            self.words("scores.given"),
            f"z × {plain(TWICE)}",
            f"z + {plain(MORE)}",
            f"{self.names[first]} ⇄ {self.names[second]}",
        )
        tags = VGroup(*(TextLabel(text, self.theme) for text in texts))
        return tags.arrange(RIGHT, buff=GAP).move_to([0, BELOW, 0])

    def around(self, tag: TextLabel) -> RoundedRectangle:
        """Return the frame around the name of what is tried."""
        frame = RoundedRectangle(
            width=tag.width + 4 * AROUND, height=tag.em + 2 * AROUND, corner_radius=AROUND
        )
        return frame.set_stroke(self.theme.text, OUTLINE).move_to(tag)

    def choosing(self, around: RoundedRectangle, tag: TextLabel) -> Transform:
        """Return the animation in which the frame moves to another name."""
        return Transform(around, self.around(tag))

    def changing(self, before: Array, after: Array, seconds: float = 2.0) -> Timeline:
        """Return the animation from some scores to others, with all that follows from them."""

        def step(progress: float) -> None:
            scores = after if progress >= 1 else before + ease(progress) * (after - before)
            powers, shares = np.exp(scores), probabilities(scores)
            self.scores.show_values(scores)
            self.powers.show_values(powers)
            self.shares.show_values(shares)
            self.divide(shares)

        panels = VGroup(self.scores, self.powers, self.shares, self.pieces)
        return Timeline(panels, [Span(0, seconds, step)])


def probabilities(scores: Array) -> Array:
    """Return the probabilities of some scores."""
    return ACTIVATIONS["softmax"].value(scores)


def limits_of(states: Sequence[Array]) -> tuple[float, float]:
    """Return the smallest and the largest of some scores, and zero."""
    values = np.concatenate([np.zeros(1), *states])
    return float(values.min()), max(float(values.max()), 1e-9)
