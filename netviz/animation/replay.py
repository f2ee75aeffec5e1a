"""A training run, played back: weights morph, blame settles, panels follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from netviz.animation.timeline import Span, Timeline
from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.panels.panel import Panel


@dataclass(frozen=True)
class Moment:
    """A network on its way, and the passes of one sample through it."""

    network: Network
    forward: ForwardTrace
    backward: BackwardTrace


class Replay(Timeline):
    """A diagram goes through the moments of a run.

    Weights move from moment to moment; the numbers are always those of a moment that was. The
    rings of blame are drawn beside the largest blame of the whole run, so that they shrink as the
    errors do.

    Args:
        diagram: Of the network of the run.
        moments: Two or more.
        run_time: Seconds.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        moments: Sequence[Moment],
        *,
        run_time: float = 8.0,
        **options: Any,
    ) -> None:
        loudest = max((moment.backward for moment in moments), key=_largest_blame)
        shown = [-1]

        def step(progress: float) -> None:
            place = progress * (len(moments) - 1)
            before = min(int(place), len(moments) - 2)
            after = moments[before + 1].network
            diagram.set_weights(after, place - before, start=moments[before].network)
            if shown[0] != int(place):
                shown[0] = int(place)
                diagram.show_activations(moments[int(place)].forward)
                diagram.show_blame(moments[int(place)].backward, scale_to=loudest)

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class Follow(Timeline):
    """A panel goes through the same moments, beside a :class:`Replay` of the same length.

    Args:
        panel: Shows a moment with ``show_moment``, such as ``ProgressCurves``.
        moments: How many there are.
        run_time: Seconds.
    """

    def __init__(
        self, panel: Panel, moments: int, *, run_time: float = 8.0, **options: Any
    ) -> None:
        def step(progress: float) -> None:
            panel.show_moment(progress * (moments - 1))

        super().__init__(panel, [Span(0, run_time, step)], run_time, **options)


def _largest_blame(trace: BackwardTrace) -> float:
    return max(float(np.abs(record.blame).max()) for record in trace.layers)
