"""Replay of a training run: weights change, blame decreases, panels follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from netviz.animation.selection import expect_diagram
from netviz.animation.timeline import Change
from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.panels.panel import Panel
from netviz.problems import Problem, ProblemError


@dataclass(frozen=True)
class Moment:
    """A network during training, and the passes of one sample through it."""

    network: Network
    forward: ForwardTrace
    backward: BackwardTrace


class Replay(Change):
    """A diagram goes through the moments of a training run.

    Weights are interpolated between moments; numbers are always those of a moment. Rings of blame
    are drawn relative to the largest blame of the whole run, so that they shrink with the errors,
    or on the scale that the diagram keeps.

    Args:
        diagram: A diagram of the network of the run.
        moments: Two or more.
        kept_scale: Whether blame is on the scale of :meth:`NetworkDiagram.keep_scales`.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: There are fewer than two moments.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        moments: Sequence[Moment],
        *,
        kept_scale: bool = False,
        run_time: float = 8.0,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        if len(moments) < 2:
            found = f"has {len(moments)} entries"
            raise ProblemError(Problem("moments", found, "at least 2"))
        traces = (moment.backward for moment in moments)
        largest = None if kept_scale else max(traces, key=_largest_blame)
        shown = [-1]

        def step(progress: float) -> None:
            place = progress * (len(moments) - 1)
            before = min(int(place), len(moments) - 2)
            after = moments[before + 1].network
            diagram.set_weights(after, place - before, start=moments[before].network)
            if shown[0] != int(place):
                shown[0] = int(place)
                diagram.show_activations(moments[int(place)].forward)
                diagram.show_blame(moments[int(place)].backward, scale_to=largest)

        super().__init__(diagram, step, run_time=run_time, **options)


class Follow(Change):
    """A panel goes through the moments of a run, together with a :class:`Replay`.

    Args:
        panel: A panel that shows moments with ``show_moment``, such as ``ProgressCurves``.
        moments: The number of moments.
        run_time: Seconds, as for the replay.
        options: As for ``manim.Animation``.
    """

    def __init__(
        self, panel: Panel, moments: int, *, run_time: float = 8.0, **options: Any
    ) -> None:
        def step(progress: float) -> None:
            panel.show_moment(progress * (moments - 1))

        super().__init__(panel, step, run_time=run_time, **options)


def _largest_blame(trace: BackwardTrace) -> float:
    return max(float(np.abs(record.blame).max()) for record in trace.layers)
