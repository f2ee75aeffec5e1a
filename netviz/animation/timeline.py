"""Animations as lists of steps in time, each a pure function of its own progress."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from manim import Animation, Mobject, linear

from netviz.problems import expect

Step = Callable[[float], object]
"""Shows how something looks at a progress from 0 to 1."""

# Fractions of the time of a step in a pass: a pulse travels, and the neurons answer, which starts
# before the pulse ends.
_TRAVEL, _ANSWER, _OVERLAP = 0.7, 0.5, 0.2


def ease(progress: float) -> float:
    """Return a progress from 0 to 1 that changes slowly at both ends."""
    return progress * progress * (3 - 2 * progress)


def together(steps: Sequence[Step]) -> Step:
    """Return one step that runs several at the same progress."""

    def all_steps(progress: float) -> None:
        for step in steps:
            step(progress)

    return all_steps


@dataclass(frozen=True)
class Span:
    """A step, and when it starts and ends, in any unit of time."""

    start: float
    end: float
    step: Step

    def progress(self, time: float) -> float:
        """Return the progress of the step at ``time``, from 0 to 1."""
        return min(max((time - self.start) / (self.end - self.start), 0.0), 1.0)


class Timeline(Animation):
    """An animation that runs spans over one mobject.

    The picture is a function of time alone: a skipped animation ends in the same picture as a
    played one. Parts of the mobject that no step changes are left alone, so that other animations
    can run at the same time.

    Args:
        mobject: The mobject that changes.
        spans: Steps in the order in which they start.
        run_time: Seconds; by default the length of the spans.
        options: As for ``manim.Animation``.
    """

    def __init__(
        self, mobject: Mobject, spans: list[Span], run_time: float | None = None, **options: Any
    ) -> None:
        self.spans = spans
        self.length = max((span.end for span in spans), default=0.0)
        self._last: list[float | None] = [None] * len(spans)
        options.setdefault("rate_func", linear)
        super().__init__(mobject, run_time=run_time or max(self.length, 1e-3), **options)

    def create_starting_mobject(self) -> Mobject:
        """Return the mobject itself: a step does not depend on the start."""
        return self.mobject

    def interpolate_mobject(self, alpha: float) -> None:
        """Run every step to its progress at the fraction ``alpha`` of the run time."""
        time = self.rate_func(alpha) * self.length
        for i, span in enumerate(self.spans):
            progress = span.progress(time)
            # Not started yet: keep what an earlier step or animation has shown.
            if progress == self._last[i] or (progress == 0 and self._last[i] is None):
                continue
            self._last[i] = progress
            span.step(progress)


class Change(Timeline):
    """An animation that runs one step over one mobject.

    Args:
        mobject: The mobject that changes.
        step: Shows it at each progress.
        run_time: Seconds of the step.
        start: Seconds before it.
        options: As for ``manim.Animation``.
    """

    def __init__(
        self, mobject: Mobject, step: Step, run_time: float, start: float = 0.0, **options: Any
    ) -> None:
        super().__init__(mobject, [Span(start, start + run_time, step)], **options)


@dataclass(frozen=True)
class Timing:
    """How long the steps of a pass take, and how they follow each other.

    Attributes:
        step_time: Seconds per step.
        lag_ratio: When the next step starts, as a fraction of ``step_time``: 1 is one after the
            other, 0 all at once, as in manim's ``LaggedStart``.
        hold: Seconds without movement between two steps.
    """

    step_time: float
    lag_ratio: float
    hold: float

    def __post_init__(self) -> None:
        """Check the values.

        Raises:
            ProblemError: A value is out of range.
        """
        time = self.step_time
        right = isinstance(time, Real) and time > 0
        expect("step_time", time, right, "a number of seconds above 0")
        for name, value in (("lag_ratio", self.lag_ratio), ("hold", self.hold)):
            right = isinstance(value, Real) and value >= 0
            expect(name, value, right, "a number from 0 on")

    def spans(
        self, opening: Sequence[Step], steps: Sequence[tuple[Step, list[Step]]]
    ) -> list[Span]:
        """Return the steps in time.

        Args:
            opening: Steps that run together before the first pulse.
            steps: Pairs of a pulse and the answers to it.
        """
        spans: list[Span] = []
        time = 0.0
        if opening:
            spans.append(Span(0, _ANSWER * self.step_time, together(opening)))
            time = _ANSWER * self.step_time + self.hold
        for travel, answers in steps:
            arrived = time + _TRAVEL * self.step_time
            spans.append(Span(time, arrived, travel))
            if answers:
                start = arrived - _OVERLAP * self.step_time
                spans.append(Span(start, start + _ANSWER * self.step_time, together(answers)))
            time += self.lag_ratio * self.step_time + self.hold
        return spans
