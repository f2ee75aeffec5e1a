"""The correction: every edge goes from W to W − η ∂L/∂W."""

from __future__ import annotations

from typing import Any

import numpy as np

from netviz.animation.chosen import expect_diagram
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.problems import expect_kind


class WeightUpdate(Timeline):
    """Edges swell by how much they change, and settle at the widths of the other weights.

    Args:
        diagram: Whose edges change.
        before, after: Networks of the diagram's shape.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ValueError: A network has another shape than the diagram, or is none.

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
        if before.sizes != diagram.sizes or after.sizes != diagram.sizes:
            raise ValueError(
                f"networks have sizes {before.sizes} and {after.sizes}: "
                f"expected {diagram.sizes}, the diagram's"
            )
        ends = zip(before.connections(), after.connections(), strict=True)
        changes = [b.weights - a.weights for a, b in ends]
        largest = max(max(float(np.abs(change).max()) for change in changes), 1e-300)

        def morph(progress: float) -> None:
            diagram.set_weights(after, share=ease(progress), start=before)
            glow = 1 - abs(2 * progress - 1)
            for edges, change in zip(diagram.edge_layers, changes, strict=True):
                edges.set_swell(glow * change / largest, opacity=glow)
            if progress >= 1:
                diagram.clear_flows()

        super().__init__(diagram, [Span(0, run_time, morph)], run_time=run_time, **options)
