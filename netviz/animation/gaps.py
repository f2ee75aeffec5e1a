"""The gaps to the targets and the loss, together: they open, change and fade."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from manim import Scene, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Change, Step, ease
from netviz.drawing.panels.gaps import GapBars, LossMeter

# Progress at which predictions have appeared and the gaps begin to open.
_APPEARED = 0.5


class _Together(Change):
    """A step that changes gaps and loss, which are on screen each on its own."""

    def __init__(self, bars: GapBars, meter: LossMeter | None, step: Step, **options: Any) -> None:
        self.parts = [bars] if meter is None else [bars, meter]
        super().__init__(bars if meter is None else VGroup(bars, meter), step, **options)

    def clean_up_from_scene(self, scene: Scene) -> None:
        """Leave the parts on screen, and not their group."""
        super().clean_up_from_scene(scene)
        if self.mobject not in self.parts:
            scene.remove(self.mobject).add(*self.parts)


class OpenGaps(_Together):
    """Predictions appear, then their gaps to the targets open, while the loss fills.

    Args:
        bars: The gaps, of which only the targets are shown.
        prediction: As for ``bars.show_prediction``.
        meter: The loss.
        loss: Its value.
        run_time: Seconds.
        options: As for ``manim.Animation``.
    """

    def __init__(
        self,
        bars: GapBars,
        prediction: ArrayLike,
        meter: LossMeter | None = None,
        loss: float = 0.0,
        *,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        def step(progress: float) -> None:
            opening = (progress - _APPEARED) / (1 - _APPEARED)
            bars.show_prediction(
                prediction, ease(max(opening, 0.0)), min(progress / _APPEARED, 1.0)
            )
            if meter is not None and opening > 0:
                meter.show_loss(loss if opening >= 1 else None, level=loss * ease(opening))

        super().__init__(bars, meter, step, run_time=run_time, **options)


class MoveGaps(_Together):
    """Gaps and loss go through a list of states; the number is the loss of the last one reached.

    Args:
        bars: The gaps.
        predictions: The prediction of each state, shape (states, n).
        meter: The loss.
        losses: The loss of each state.
        pace: The place in the list at each progress, from 0 to the last index; by default it begins
            and ends slowly.
        run_time: Seconds.
        options: As for ``manim.Animation``, and ``start`` as for :class:`Change`.
    """

    def __init__(
        self,
        bars: GapBars,
        predictions: ArrayLike,
        meter: LossMeter | None = None,
        losses: Sequence[float] = (),
        *,
        pace: Callable[[float], float] | None = None,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        shown = np.asarray(predictions, dtype=float)
        last = len(shown) - 1

        def step(progress: float) -> None:
            place = ease(progress) * last if pace is None else pace(progress)
            bars.show_prediction(_between(shown, place))
            if meter is not None:
                level = float(_between(np.asarray(losses), place))
                meter.show_loss(losses[int(place + 1e-9)], level=level)

        super().__init__(bars, meter, step, run_time=run_time, **options)


class FadeGaps(_Together):
    """Predictions, gaps, loss and their ghosts disappear; the targets stay.

    Args:
        bars: The gaps.
        meter: The loss.
        ghosts: Whether only the ghosts disappear.
        run_time: Seconds.
        options: As for ``manim.Animation``.
    """

    def __init__(
        self,
        bars: GapBars,
        meter: LossMeter,
        *,
        ghosts: bool = False,
        run_time: float = 0.8,
        **options: Any,
    ) -> None:
        prediction, earlier = bars.prediction, bars.earlier
        loss, earlier_loss = meter.loss, meter.earlier

        def step(progress: float) -> None:
            gone, presence = progress >= 1, 1 - ease(progress)
            bars.show_ghosts(None if gone else earlier, presence)
            meter.show_ghost(None if gone else earlier_loss, presence)
            if not ghosts:
                bars.show_prediction(None if gone else prediction, 1.0, presence)
                meter.show_loss(None if gone else loss, presence)

        super().__init__(bars, meter, step, run_time=run_time, **options)


class LeaveGhosts(_Together):
    """Predictions and loss become ghosts, while the network forgets what it has computed.

    Args:
        bars: The gaps.
        meter: The loss.
        run_time: Seconds.
        options: As for ``manim.Animation``.
    """

    def __init__(
        self, bars: GapBars, meter: LossMeter, *, run_time: float = 0.8, **options: Any
    ) -> None:
        prediction, loss = bars.prediction, meter.loss

        def step(progress: float) -> None:
            gone, presence = progress >= 1, ease(progress)
            bars.show_ghosts(prediction, presence)
            bars.show_prediction(None if gone else prediction, 1.0, 1 - presence)
            meter.show_ghost(loss, presence).show_loss(None if gone else loss, 1 - presence)

        super().__init__(bars, meter, step, run_time=run_time, **options)


def _between(states: NDArray[np.float64], place: float) -> NDArray[np.float64]:
    """Return what is at a place between two states; at a state, the state itself."""
    before = min(int(place + 1e-9), max(len(states) - 2, 0))
    after, share = min(before + 1, len(states) - 1), place - before
    if share >= 1 - 1e-9:
        return np.asarray(states[after])
    return np.asarray(states[before] + share * (states[after] - states[before]))
