"""Which part of a pass is played: some layers, some neurons, some edges."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

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
        masks: For each layer after the input, which pairs of neurons are connected, of shape
            (n_out, n_in).
        layers: Counted from the input, 0; by default all layers except the input.
        neurons: Neurons of each of those layers; by default all that are drawn.
        edges: Addresses (layer, source, target), as in ``diagram.edge``; by default all that exist.
        first: The first layer that edges may leave.

    Raises:
        ProblemError: There is no such layer, neuron or edge.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        masks: Sequence[Mask],
        layers: int | Iterable[int] | None,
        neurons: int | Iterable[int] | None,
        edges: Iterable[Address] | None,
        *,
        first: int,
    ) -> None:
        self.diagram = diagram
        self.masks = masks
        self.layers = among(range(1, len(diagram.sizes)), layers, "layers")
        self._neurons = list(neurons) if isinstance(neurons, Iterable) else neurons
        self._edges = None if edges is None else {self._address(edge, first) for edge in edges}

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
        if self._edges is None:
            return self.masks[layer]
        mask = np.zeros_like(self.masks[layer])
        for _, source, target in (edge for edge in self._edges if edge[0] == layer):
            mask[target, source] = True
        return mask

    @property
    def has_all_edges(self) -> bool:
        """Whether every edge is selected, so that the sum of every neuron is complete."""
        return self._edges is None

    def sums_into(self, layer: int) -> Mask:
        """Return which neurons of a layer receive all products over the edges that are drawn.

        Returns:
            A mask of shape (n,).
        """
        missing = self.masks[layer - 1] & ~self.edges(layer - 1)
        complete: Mask = np.all(~missing[:, self.diagram.shown(layer - 1)], axis=1)
        return complete

    def sums_out_of(self, layer: int) -> Mask:
        """Return which neurons of a layer receive all shares over the edges that are drawn.

        Returns:
            A mask of shape (n,).
        """
        missing = self.masks[layer] & ~self.edges(layer)
        complete: Mask = np.all(~missing[self.diagram.shown(layer + 1)], axis=0)
        return complete

    def _address(self, edge: Address, first: int) -> Address:
        layer, source, target = edge_address(edge)
        last = len(self.masks) - 1
        if not first <= layer <= last:
            raise ProblemError(Problem("edges", f"has {edge}", f"a layer from {first} to {last}"))
        sources, targets = self.diagram.sizes[layer : layer + 2]
        if not (0 <= source < sources and 0 <= target < targets):
            expected = (
                f"(layer, source, target), in layer {layer} with a source from 0 to {sources - 1} "
                f"and a target from 0 to {targets - 1}"
            )
            raise ProblemError(Problem("edges", f"has {edge}", expected))
        if not self.masks[layer][target, source]:
            raise ProblemError(Problem("edges", f"has {edge}", "neurons that are connected"))
        return layer, source, target


def expect_diagram(diagram: object) -> None:
    """Refuse anything but a diagram, for example a network in its place.

    Raises:
        ProblemError: It is not a diagram.
    """
    expect_kind("diagram", diagram, NetworkDiagram, "NetworkDiagram(network)")
