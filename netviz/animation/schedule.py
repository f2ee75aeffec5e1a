"""When the steps of a pass happen: a pulse travels, then the neurons that it reaches answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from netviz.animation.timeline import Span, Step

# Shares of a step's time: light travels, and the answer begins while the pulse still ends.
_TRAVEL, _ANSWER, _EARLIER = 0.7, 0.5, 0.2


@dataclass(frozen=True)
class Timing:
    """How long the steps of a pass are, and how they follow each other.

    Attributes:
        step_time: Seconds a step.
        lag_ratio: How soon the next step begins, as a share of ``step_time``: 1 is one after the
            other, 0 all together, as in manim's ``LaggedStart``.
        hold: Seconds of stillness between a step and the next.
    """

    step_time: float
    lag_ratio: float
    hold: float

    def __post_init__(self) -> None:
        """Check them.

        Raises:
            ValueError: One of them is not what it may be.
        """
        if not self.step_time > 0:
            raise ValueError(f"step_time is {self.step_time}: expected more than 0 seconds")
        for name in ("lag_ratio", "hold"):
            if not getattr(self, name) >= 0:
                raise ValueError(f"{name} is {getattr(self, name)}: expected 0 or more")

    def spans(
        self, opening: Sequence[Step], steps: Sequence[tuple[Step, list[Step]]]
    ) -> list[Span]:
        """Steps in time.

        Args:
            opening: What happens together before the first pulse.
            steps: Each a pulse and the answers to it.
        """
        spans: list[Span] = []
        time = 0.0
        if opening:
            spans.append(Span(0, _ANSWER * self.step_time, _together(opening)))
            time = _ANSWER * self.step_time + self.hold
        for travel, answers in steps:
            arrived = time + _TRAVEL * self.step_time
            spans.append(Span(time, arrived, travel))
            if answers:
                begins = arrived - _EARLIER * self.step_time
                ends = begins + _ANSWER * self.step_time
                spans.append(Span(begins, ends, _together(answers)))
            time += self.lag_ratio * self.step_time + self.hold
        return spans


def _together(steps: Sequence[Step]) -> Step:
    def together(progress: float) -> None:
        for step in steps:
            step(progress)

    return together
