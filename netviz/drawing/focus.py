"""Which parts of a diagram are dimmed, and which stand out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from netviz.drawing.biases import BIAS
from netviz.drawing.edges.skips import Skip
from netviz.drawing.expected import Address
from netviz.drawing.neuron import Neuron
from netviz.drawing.parts import Parts
from netviz.theme import Theme

Array = NDArray[np.float64]
# The layers (source, target) of a residual connection.
SkipAddress = tuple[int, int]
# (layer, i)
NeuronAddress = tuple[int, int]

# Brightness of neurons that are dimmed, if their rings remain visible.
_DIMMED_NEURON = 0.5


class Focus:
    """The brightness of all edges, neurons and arcs of a diagram.

    Args:
        parts: The parts of the diagram.
        theme: Gives the colours.
        roles: Colours of the layers, ``#RRGGBB``.
    """

    def __init__(self, parts: Parts, theme: Theme, roles: Sequence[str]) -> None:
        self._parts = parts
        self._dimmed_edge = theme.faintest(theme.edge)
        self._dimmed_neuron = max(_DIMMED_NEURON, *(theme.faintest(role) for role in roles))

    def brightness(self) -> Array:
        """Return the brightness of each edge, 0 … 2, each neuron, 0 … 1, and each arc, 0 … 2."""
        edges = [edges.brightness() for edges in self._parts.edge_layers()]
        return np.concatenate([*edges, [part.brightness for part in self._others()]])

    def set_brightness(self, brightness: Array) -> None:
        """Set what :meth:`brightness` returns."""
        for edges in self._parts.edge_layers():
            count = len(edges.brightness())
            edges.set_brightness(brightness[:count])
            brightness = brightness[count:]
        for part, value in zip(self._others(), brightness, strict=True):
            part.set_brightness(float(value))

    def on(
        self,
        edges: Collection[Address] | None,
        neurons: Iterable[NeuronAddress] | None,
        skips: Collection[SkipAddress] = (),
        bright: float = 1.0,
    ) -> Array:
        """Return the brightness of each part if all but some are dimmed.

        Args:
            edges: Addresses (layer, source, target) of the edges that are not dimmed; ``None`` for
                all edges and arcs.
            neurons: Addresses (layer, i) of the neurons that are not dimmed; ``None`` for all.
            skips: The layers (source, target) of the arcs that are not dimmed.
            bright: Brightness of these edges and arcs.
        """
        kept = None if edges is None else {*edges, *self._complete_biases(edges)}
        lines = [
            value
            for layer in self._parts.edge_layers()
            for value in layer.brightness_for(
                _of_layer(kept, layer.layer), self._dimmed_edge, bright
            )
        ]
        with_biases = {address[:2] for address in kept or () if address[1] == BIAS}
        chosen = None if neurons is None else {*neurons, *with_biases}
        discs = [
            1.0 if chosen is None or address in chosen else self._dimmed_neuron
            for address in self._addresses()
        ]
        arcs = [
            1.0 if kept is None else bright if pair in skips else self._dimmed_edge
            for pair in self._parts.skips.pairs
        ]
        return np.array([*lines, *discs, *arcs])

    def path(self, neurons: Collection[NeuronAddress]) -> tuple[set[Address], set[SkipAddress]]:
        """Return the addresses of the visible edges and of the arcs between some neurons."""
        edges: set[Address] = set()
        for layer, group in enumerate(self._parts.edges.layers):
            visible = group.paint.visible(group.weights, group.mask)
            sources = [i for at, i in neurons if at == layer]
            targets = [i for at, i in neurons if at == layer + 1]
            edges |= {
                (layer, source, target)
                for source in sources
                for target in targets
                if visible[target, source]
            }
        arcs = {
            (start, end)
            for start, end in self._parts.skips.pairs
            if any((end, i) in neurons for layer, i in neurons if layer == start)
        }
        return edges, arcs

    def _complete_biases(self, kept: Collection[Address]) -> Iterator[Address]:
        """Yield the bias edges into those neurons of which all other edges are kept."""
        for biases, edges in zip(self._parts.biases.edges, self._parts.edges.layers, strict=False):
            for target in biases.targets:
                sources = [source for source in edges.sources if edges.has(source, target)]
                if all((edges.layer, source, target) in kept for source in sources):
                    yield edges.layer, BIAS, target

    def _others(self) -> Iterator[Neuron | Skip]:
        yield from self._parts.neurons()
        yield from self._parts.biases.neurons
        yield from self._parts.skips

    def _addresses(self) -> Iterator[NeuronAddress]:
        """Yield (layer, i) of every neuron, then (layer, BIAS) of every bias neuron."""
        for layer, column in enumerate(self._parts.columns):
            yield from ((layer, i) for i in column.shown)
        yield from ((layer, BIAS) for layer in range(len(self._parts.biases.neurons)))


def _of_layer(kept: Collection[Address] | None, layer: int) -> set[tuple[int, int]] | None:
    """Return (source, target) of those addresses that belong to a layer."""
    return None if kept is None else {address[1:] for address in kept if address[0] == layer}
