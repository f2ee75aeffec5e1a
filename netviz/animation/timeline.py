"""An animation as a list of steps in time, each a pure function of its own progress."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from manim import Animation, Mobject, linear

Step = Callable[[float], object]


def ease(progress: float) -> float:
    """Slow at both ends, 0 … 1."""
    return progress * progress * (3 - 2 * progress)


@dataclass(frozen=True)
class Span:
    """A step and when it runs, in any unit of time."""

    start: float
    end: float
    step: Step

    def progress(self, time: float) -> float:
        """How far the step is at ``time``, 0 … 1."""
        return min(max((time - self.start) / (self.end - self.start), 0.0), 1.0)


class Timeline(Animation):
    """Runs spans over one mobject.

    What is on screen is a function of the time alone: a skipped animation ends in the same
    picture as a played one, and the parts of the mobject that no step names are left alone, so
    that other animations may run beside it.

    Args:
        mobject: What changes.
        spans: Steps in the order in which they begin.
        run_time: Seconds; the spans' own length unless told.
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
        """No copy is needed: a step never looks at where it began."""
        return self.mobject

    def interpolate_mobject(self, alpha: float) -> None:
        """Bring every step to where it is at ``alpha`` of the run time."""
        time = self.rate_func(alpha) * self.length
        for i, span in enumerate(self.spans):
            progress = span.progress(time)
            # Not begun yet: leave what an earlier step or scene put there.
            if progress == self._last[i] or (progress == 0 and self._last[i] is None):
                continue
            self._last[i] = progress
            span.step(progress)
