"""WeightUpdate: every edge goes from W to W − η ∂L/∂W."""

from __future__ import annotations

from typing import Any

import numpy as np

from netviz.animation.selection import expect_diagram
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.problems import Problem, ProblemError, expect_kind


class WeightUpdate(Timeline):
    """Edges swell by how much their weights change, and end at the widths of the new weights.

    Args:
        diagram: The diagram that changes.
        before, after: Networks of the same sizes as the diagram.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: ``before`` or ``after`` is not a network, or has other sizes.

    Example:
        >>> before = diagram.network
        >>> scene.play(WeightUpdate(diagram, before, before.updated(blame, 0.5)))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        before: Network,
        after: Network,
        *,
        run_time: float = 1.5,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        for name, network in (("before", before), ("after", after)):
            expect_kind(name, network, Network, "diagram.network")
            if network.sizes != diagram.sizes:
                found, expected = f"has sizes {network.sizes}", f"{diagram.sizes}, as the diagram"
                raise ProblemError(Problem(name, found, expected))
        ends = zip(before.connections(), after.connections(), strict=True)
        changes = [b.weights - a.weights for a, b in ends]
        largest = max(max(float(np.abs(change).max()) for change in changes), 1e-300)

        def step(progress: float) -> None:
            diagram.set_weights(after, share=ease(progress), start=before)
            glow = 1 - abs(2 * progress - 1)
            for edges, change in zip(diagram.edge_layers, changes, strict=True):
                edges.set_swell(glow * change / largest, opacity=glow)
            if progress >= 1:
                diagram.clear_flows()

        super().__init__(diagram, [Span(0, run_time, step)], run_time=run_time, **options)
