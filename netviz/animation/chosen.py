"""Which part of a pass is played: some layers, some neurons, some edges."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.expected import Address, among, edge_address
from netviz.problems import expect_kind

Mask = NDArray[np.bool_]


class Chosen:
    """The part of a diagram over which a pass runs.

    Args:
        diagram: Of which it is a part.
        layers: Counted from the input; all but the input unless told.
        neurons: Of each of those layers; all that are drawn unless told.
        edges: Addresses (layer, source, target), as in ``diagram.edge``; all unless told.
        first: The first layer out of which edges may lead.

    Raises:
        ValueError: There is no such layer, neuron or edge.
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
        """Which drawn neurons of a layer are played.

        Raises:
            ValueError: One that is asked for is not there, or not drawn.
        """
        shown = self.diagram.shown(layer)
        if self._neurons is None:
            return shown
        chosen = among(range(self.diagram.sizes[layer]), self._neurons, "neurons")
        for i in chosen:
            if i not in shown:
                raise ValueError(
                    f"neurons has {i}, which is not drawn: expected some of diagram.shown({layer})"
                )
        return chosen

    def edges(self, layer: int) -> Mask:
        """Which edges out of ``layer`` are played, in the shape of the weights (n_out, n_in)."""
        sources, targets = self.diagram.sizes[layer : layer + 2]
        if self._edges is None:
            return np.ones((targets, sources), dtype=bool)
        mask = np.zeros((targets, sources), dtype=bool)
        for _, source, target in (edge for edge in self._edges if edge[0] == layer):
            mask[target, source] = True
        return mask

    @property
    def has_all_edges(self) -> bool:
        """Whether every edge is played, so that every neuron has all that adds up in it."""
        return self._edges is None


def expect_diagram(diagram: object) -> None:
    """Refuse anything but a diagram, such as the network of which one is drawn.

    Raises:
        ValueError: It is something else.
    """
    expect_kind("diagram", diagram, NetworkDiagram, "NetworkDiagram(network)")


def _address(edge: Address, diagram: NetworkDiagram, first: int) -> Address:
    layer, source, target = edge_address(edge)
    last = len(diagram.sizes) - 2
    if not first <= layer <= last:
        raise ValueError(f"edges has {edge}: expected a layer from {first} to {last}")
    sizes = diagram.sizes[layer : layer + 2]
    if not (0 <= source < sizes[0] and 0 <= target < sizes[1]):
        raise ValueError(
            f"edges has {edge}: expected (layer, source, target), in layer {layer} a source from 0 "
            f"to {sizes[0] - 1} and a target from 0 to {sizes[1] - 1}"
        )
    return layer, source, target
