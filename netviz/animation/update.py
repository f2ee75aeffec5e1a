"""WeightUpdate: every edge goes from W to W − η ∂L/∂W."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.animation.selection import expect_diagram
from netviz.animation.timeline import Change, ease
from netviz.core import Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import share_of
from netviz.drawing.edges.paint import strongest
from netviz.problems import Problem, ProblemError, expect_kind

# When, as shares of the time, ghosts appear, weights change, and ghosts leave.
_APPEAR, _CHANGE, _LEAVE = (0.0, 0.15), (0.2, 0.5), (0.88, 1.0)


class WeightUpdate(Change):
    """Edges become as wide as the new weights.

    The old widths stay visible as ghosts for a moment. Edges that are drawn wider than usual stand
    out from these ghosts. Among edges that are too many for ghosts, those light up that change.

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
        changes = [a.weights - b.weights for a, b in ends]
        largest = strongest(*changes)
        exact = [connection.weights for connection in before.connections()]
        old: list[NDArray[np.float64]] = []
        widths: list[NDArray[np.float64]] = []

        def step(progress: float) -> None:
            if not widths:
                # A weight that has changed before, alone, does not change again.
                drawn = diagram.network is before
                old.extend(diagram.drawn_weights if drawn else exact)
                widths.extend(edges.line_widths() for edges in diagram.edge_layers)
            diagram.set_weights(after, ease(share_of(progress, *_CHANGE)), start=old)
            lit = ease(share_of(progress, *_APPEAR)) - ease(share_of(progress, *_CHANGE))
            for edges, change in zip(diagram.edge_layers, changes, strict=True):
                if edges.dense:
                    edges.set_halo(lit * change / largest)
            presence = share_of(progress, *_APPEAR) - share_of(progress, *_LEAVE)
            parts = zip(diagram.edge_layers, old, widths, strict=True)
            for edges, weights, width in parts:
                edges.set_ghosts(weights if presence > 0 else None, width, presence)
                for _, _, edge in edges.edges():
                    # Others would become wider, as if their weights grew.
                    if edge.magnification != 1 and not edge.dense:
                        edge.set_brightness(1 + presence)
            if progress >= 1:
                diagram.clear_flows()

        super().__init__(diagram, step, run_time=run_time, **options)
