"""The parts of a diagram by their addresses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from manim import VGroup

from netviz.drawing.biases import BiasNeurons
from netviz.drawing.edges.layer import Edge, EdgeLayer
from netviz.drawing.edges.network import NetworkEdges
from netviz.drawing.edges.skips import Skip, Skips
from netviz.drawing.expected import Address, edge_address, expect_layer, expect_neuron
from netviz.drawing.layout.problem import Column
from netviz.drawing.neuron import Neuron
from netviz.problems import PartError, Problem, ProblemError


class Parts:
    """Neurons, edges and arcs of a diagram; its methods are documented there.

    Args:
        columns: Which neurons of each layer are drawn.
        neurons: The drawn neurons of every layer.
        edges: All edges.
        biases: The bias neurons with their edges.
        skips: The arcs of the residual connections.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        neurons: VGroup,
        edges: NetworkEdges,
        biases: BiasNeurons,
        skips: Skips,
    ) -> None:
        self.columns, self.layers, self.edges = columns, neurons, edges
        self.biases, self.skips = biases, skips
        self.sizes = tuple(column.size for column in columns)

    def neurons(self) -> Iterator[Neuron]:
        """Yield every drawn neuron, but no bias neuron."""
        return (neuron for column in self.layers for neuron in column)

    def neuron(self, layer: int, i: int) -> Neuron:
        """Return neuron i of a layer."""
        place = self.place_of(layer, i)
        return self.layers[layer][place]

    def place_of(self, layer: int, i: int) -> int:
        """Return the place of a neuron among the drawn ones of its layer.

        Raises:
            PartError: There is no such neuron, or it is not drawn.
        """
        expect_neuron(layer, i, self.sizes)
        shown = self.columns[layer].shown
        if i in shown:
            return shown.index(i)
        where = f"neuron {i} of layer {layer}"
        found = f"is not drawn, {len(shown)} of {self.sizes[layer]} are"
        expected = "one of diagram.shown(layer), or max_neurons=None"
        raise PartError(Problem(where, found, expected))

    def layer(self, layer: int) -> VGroup:
        """Return the drawn neurons of a layer."""
        expect_layer(layer, self.sizes)
        return self.layers[layer]

    def edge_layers(self) -> Iterator[EdgeLayer]:
        """Yield the edges of every layer, then those out of every bias neuron."""
        yield from self.edges.layers
        yield from self.biases.edges

    def edge(self, layer: int, source: int, target: int) -> Edge:
        """Return the edge from neuron ``source`` of ``layer`` to neuron ``target`` of the next."""
        self._expect_edges_from(layer)
        self.place_of(layer, source), self.place_of(layer + 1, target)
        return self.edges.layers[layer].edge(source, target)

    def edges_into(self, layer: int, i: int) -> VGroup:
        """Return the edges that end at neuron i of a layer."""
        self.place_of(layer, i)
        if layer == 0:
            expected = f"a layer from 1 to {len(self.sizes) - 1}"
            raise PartError(Problem("layer 0, the input,", "has no edges into it", expected))
        return VGroup(*self.edges.layers[layer - 1].into(i))

    def edges_out_of(self, layer: int, i: int) -> VGroup:
        """Return the edges that begin at neuron i of a layer."""
        self._expect_edges_from(layer)
        self.place_of(layer, i)
        return VGroup(*self.edges.layers[layer].out_of(i))

    def _expect_edges_from(self, layer: int) -> None:
        expect_layer(layer, self.sizes)
        last = len(self.sizes) - 1
        if layer == last:
            where, expected = f"layer {last}, the output,", f"a layer from 0 to {last - 1}"
            raise PartError(Problem(where, "has no edges out of it", expected))

    def edges_among(self, edges: Iterable[Edge | Address]) -> list[Edge]:
        """Return edges, some of which may be given by their addresses."""
        if isinstance(edges, Edge):
            raise ProblemError(Problem("edges", "is an Edge", "several, such as [edge]"))
        return [
            edge if isinstance(edge, Edge) else self.edge(*edge_address(edge)) for edge in edges
        ]

    def bias(self, layer: int) -> Neuron:
        """Return the bias neuron of a layer."""
        self._expect_bias(layer)
        return self.biases.neurons[layer]

    def bias_edges(self, layer: int) -> EdgeLayer:
        """Return the edges from the bias neuron of a layer to the next layer."""
        self._expect_bias(layer)
        return self.biases.edges[layer]

    def _expect_bias(self, layer: int) -> None:
        if not self.biases.neurons:
            raise PartError(Problem("biases", "are not drawn as neurons", "biases='neurons'"))
        last = len(self.sizes) - 2
        if not 0 <= layer <= last:
            raise PartError(Problem(f"layer {layer}", "has no bias neuron", f"0 to {last}"))

    def flowing(self) -> Iterator[EdgeLayer | Skip]:
        """Yield everything over which something may flow."""
        yield from self.edge_layers()
        yield from self.skips

    def whole(self, layer: int) -> VGroup:
        """Return the neurons of a layer and its bias neuron, if there is one."""
        return VGroup(*self.layers[layer], *self.biases.neurons[layer : layer + 1])
