"""Which part of a pass is played: some layers, some neurons, some edges."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.expected import Address, among, edge_address
from netviz.problems import Problem, ProblemError, expect_kind

Mask = NDArray[np.bool_]


class Selection:
    """The part of a diagram over which a pass runs.

    Args:
        diagram: The diagram.
        layers: Counted from the input, 0; by default all layers except the input.
        neurons: Neurons of each of those layers; by default all that are drawn.
        edges: Addresses (layer, source, target), as in ``diagram.edge``; by default all.
        first: The first layer that edges may leave.

    Raises:
        ProblemError: There is no such layer, neuron or edge.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        layers: int | Iterable[int] | None,
        neurons: int | Iterable[int] | None,
        edges: Iterable[Address] | None,
        *,
        first: int,
    ) -> None:
        self.diagram = diagram
        self.layers = among(range(1, len(diagram.sizes)), layers, "layers")
        self._neurons = list(neurons) if isinstance(neurons, Iterable) else neurons
        self._edges = None if edges is None else {_address(edge, diagram, first) for edge in edges}

    def neurons(self, layer: int) -> list[int]:
        """Return the selected neurons of a layer.

        Raises:
            ProblemError: A selected neuron does not exist or is not drawn.
        """
        drawn = self.diagram.shown(layer)
        if self._neurons is None:
            return drawn
        selected = among(range(self.diagram.sizes[layer]), self._neurons, "neurons")
        for i in selected:
            if i not in drawn:
                found, expected = f"has {i}, which is not drawn", f"some of diagram.shown({layer})"
                raise ProblemError(Problem("neurons", found, expected))
        return selected

    def edges(self, layer: int) -> Mask:
        """Return which edges that leave ``layer`` are selected, of shape (n_out, n_in)."""
        sources, targets = self.diagram.sizes[layer : layer + 2]
        if self._edges is None:
            return np.ones((targets, sources), dtype=bool)
        mask = np.zeros((targets, sources), dtype=bool)
        for _, source, target in (edge for edge in self._edges if edge[0] == layer):
            mask[target, source] = True
        return mask

    @property
    def has_all_edges(self) -> bool:
        """Whether every edge is selected, so that the sum of every neuron is complete."""
        return self._edges is None


def expect_diagram(diagram: object) -> None:
    """Refuse anything but a diagram, for example a network in its place.

    Raises:
        ProblemError: It is not a diagram.
    """
    expect_kind("diagram", diagram, NetworkDiagram, "NetworkDiagram(network)")


def _address(edge: Address, diagram: NetworkDiagram, first: int) -> Address:
    layer, source, target = edge_address(edge)
    last = len(diagram.sizes) - 2
    if not first <= layer <= last:
        raise ProblemError(Problem("edges", f"has {edge}", f"a layer from {first} to {last}"))
    sizes = diagram.sizes[layer : layer + 2]
    if not (0 <= source < sizes[0] and 0 <= target < sizes[1]):
        expected = (
            f"(layer, source, target), in layer {layer} with a source from 0 to {sizes[0] - 1} and "
            f"a target from 0 to {sizes[1] - 1}"
        )
        raise ProblemError(Problem("edges", f"has {edge}", expected))
    return layer, source, target
