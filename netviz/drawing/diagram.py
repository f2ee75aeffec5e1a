"""A network as a picture: its values, its blame, what flows over its edges, what is in light."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.core.pictured import Pictured
from netviz.drawing.biases import BIAS
from netviz.drawing.edges.layer import Edge, EdgeLayer
from netviz.drawing.expected import Address, among, edge_address, expect_trace
from netviz.drawing.layout.box import WIDE_BOX, Box
from netviz.drawing.morphing.kinship import diagram_pairs
from netviz.drawing.morphing.morph import Morphing
from netviz.drawing.morphing.tween import Pair
from netviz.drawing.neuron import DIMMED
from netviz.drawing.structure import Structure
from netviz.problems import expect
from netviz.theme import DARK_THEME, Theme
from netviz.words import Words

Array = NDArray[np.float64]
_DIMMED = 0.35


class NetworkDiagram(Morphing, Structure, Pictured):
    """A layered network, drawn from its own weights.

    An edge is as wide as its |w| beside the largest of its layer, and dashed if w < 0; where there
    are too many edges for dashes, negative ones have a tint of their own. A neuron is as bright as
    its activation is large; a ring around it is as wide as its |δ|, its blame. Numbers stand where
    they can be read: values in the neurons, or beside those of the first and the last layer; blame
    beside the outputs, and at hidden neurons where there is room.

    Its parts are ``neuron(layer, i)``, ``edge(layer, source, target)``, ``layer(layer)``,
    ``edges_into(layer, i)`` and ``edges_out_of(layer, i)``. ``show_activations(trace)`` and
    ``show_blame(blame)`` fill it; ``highlight(neurons)``, ``color_edges(matrices)``, ``fit(box)``
    and ``set_weights(network)`` change it, and may stand behind ``.animate``.

    Plates in the colour of the theme's background lie behind numbers on edges: in a plain manim
    scene set ``self.camera.background_color = diagram.theme.background``, as ``NetworkScene`` does.

    Layers are counted from the input: ``neuron(0, i)`` is input i, and ``edge(l, k, j)`` leads
    from neuron k of layer l to neuron j of layer l + 1. These are the true indices, also where only
    the first and the last neurons of a layer are drawn (``shown`` tells which).

    Args:
        network: Gives the sizes and the weights.
        theme: Colours and text sizes.
        box: Part of the frame that is filled; the whole frame above a caption unless told. Blame
            of the outputs stands to the right of it, and needs up to 1.3 units there, which
            ``netviz.drawing.FRAME_BOX`` leaves.
        words: Language of the layers' names; English unless told.
        options: Attributes of :class:`netviz.style.Style`, which says what they are; the theme's
            style where not told. These are ``max_neurons``, ``input_grid``, ``direction``,
            ``layer_spacing``, ``neuron_spacing``, ``neuron_size``, ``numbers``, ``biases``,
            ``edge_labels``, ``edge_shape``, ``edge_colors``, ``edge_threshold``, ``layer_names``,
            ``names``, ``captions``, ``braces``, ``neuron_labels``, ``layer_colors``,
            ``highlight`` and ``skips``.

    Raises:
        ValueError: An option is not what it may be, or does not fit the network, or there is no
            such option.

    Example:
        >>> diagram = NetworkDiagram(network, names=("x", "h", "y"), edge_labels="weights")
        >>> scene.add(diagram.show_activations(trace).show_blame(blame))
        >>> bool(diagram.neuron(2, 0).value == trace.prediction[0])
        True
        >>> scene.play(diagram.animate.highlight([(0, 1), (1, 3), (2, 0)]))
    """

    def __init__(
        self,
        network: Network,
        theme: Theme = DARK_THEME,
        *,
        box: Box = WIDE_BOX,
        words: Words | None = None,
        **options: Any,
    ) -> None:
        super().__init__(network, theme, box=box, words=words, **options)
        if self.style.highlight:
            self.highlight(self.style.highlight)

    def can_become(self, other: object) -> bool:
        """Any diagram becomes any other, of whatever shape."""
        return isinstance(other, NetworkDiagram)

    def pairs_with(self, other: Self) -> Iterator[Pair]:
        """Every part of two diagrams in pairs; see ``morphing``."""
        return diagram_pairs(self, other)

    # ---- values ---------------------------------------------------------------------------------

    def show_activations(
        self, trace: ForwardTrace, *, layers: int | Iterable[int] | None = None
    ) -> Self:
        """Fill the neurons of ``layers`` (all unless told) with the numbers of one sample.

        Raises:
            ValueError: The trace is a backward one, of a batch or of another network, or there is
                no such layer.
        """
        for layer in among(range(len(self.sizes)), layers, "layers"):
            for i, neuron in zip(self.shown(layer), self.layer(layer), strict=True):
                neuron.set_activation(*self.activation_of(trace, layer, i))
        return self

    def show_blame(
        self,
        trace: BackwardTrace,
        *,
        layers: int | Iterable[int] | None = None,
        scale_to: BackwardTrace | None = None,
    ) -> Self:
        """Ring the neurons of ``layers`` (all after the input unless told) by their blame.

        Its number is written where there is room: at the outputs, and at hidden neurons that are
        far enough apart. The width of a ring is |δ| relative to the largest |δ| of ``scale_to``,
        by default the trace itself.

        Raises:
            ValueError: A trace is a forward one, of a batch or of another network, or there is no
                such layer after the input.
        """
        for layer in among(range(1, len(self.sizes)), layers, "layers"):
            for i, neuron in zip(self.shown(layer), self.layer(layer), strict=True):
                neuron.set_blame(*self.blame_of(trace, layer, i, scale_to))
        return self

    def activation_of(self, trace: ForwardTrace, layer: int, i: int) -> tuple[float, float]:
        """A neuron's activation and its strength 0 … 1 on the scale of its activation function.

        Raises:
            ValueError: The trace is a backward one, of a batch or of another network.
        """
        expect_trace(trace, ForwardTrace, self.sizes)
        values = trace.activations[layer]
        bound = self.network.layers[layer - 1].activation.bound if layer else None
        scale = bound or max(float(np.abs(values).max()), 1.0 if layer == 0 else 1e-12)
        return float(values[i]), min(abs(float(values[i])) / scale, 1.0)

    def blame_of(
        self, trace: BackwardTrace, layer: int, i: int, scale_to: BackwardTrace | None = None
    ) -> tuple[float, float]:
        """Return the blame δ of a neuron and its strength, from 0 to 1.

        The strength is |δ| relative to the largest |δ| of ``scale_to``, by default the trace.

        Raises:
            ValueError: A trace is a forward one, of a batch or of another network, or the layer is
                the input.
        """
        for given in (trace, scale_to or trace):
            expect_trace(given, BackwardTrace, self.sizes)
        there = range(1, len(self.sizes))
        expect("layer", layer, layer in there, f"1 to {there[-1]}; the input has no blame")
        value = float(trace.layers[layer - 1].blame[i])
        largest = max(float(np.abs(part.blame).max()) for part in (scale_to or trace).layers)
        return value, min(abs(value) / max(largest, 1e-300), 1.0)

    def clear_activations(self) -> Self:
        """Empty every neuron."""
        for neuron in self._every_neuron():
            neuron.set_activation(None)
        return self

    def clear_blame(self) -> Self:
        """Take every blame away."""
        for neuron in self._every_neuron():
            neuron.set_blame(None)
        return self

    def clear_flows(self) -> Self:
        """Take away whatever is on the edges."""
        for edges in self._every_edge_layer():
            edges.clear_flow()
        return self

    def fade_flows(self, opacity: float) -> Self:
        """Let whatever is on the edges be seen less, 0 … 1."""
        for edges in self._every_edge_layer():
            edges.fade_flow(opacity)
        return self

    def is_flowing(self) -> bool:
        """Whether anything is on the edges."""
        return any(edges.is_flowing() for edges in self._every_edge_layer())

    def focus(
        self,
        edges: Iterable[Edge | Address] | None,
        neurons: Iterable[tuple[int, int]] | None = None,
    ) -> Self:
        """Dim everything but what is spoken of.

        Args:
            edges: The edges that stay, or their addresses (layer, source, target); ``None`` for
                all.
            neurons: Addresses (layer, i) of the neurons that stay; unless told, the ends of
                ``edges``.

        Raises:
            ValueError: Something among ``edges`` is neither an edge nor an address.
            IndexError: There is no such edge, or one of its neurons is not drawn.
        """
        lit = None
        if edges is not None:
            # By address: ``.animate`` works on a copy, whose edges are other objects.
            lit = {edge.address for edge in self.edges_among(edges) if not edge.hidden}
        if neurons is None and lit is not None:
            neurons = [(layer + end, at[end]) for layer, *at in lit for end in (0, 1)]
        return self._light(lit, neurons)

    def edges_among(self, edges: Iterable[Edge | Address]) -> list[Edge]:
        """Edges, where some of them may be told by their addresses (layer, source, target).

        Raises:
            ValueError: Something is neither.
            IndexError: There is no such edge, or one of its neurons is not drawn.
        """
        if isinstance(edges, Edge):
            raise ValueError("edges is an Edge: expected several, such as [edge]")
        return [
            edge if isinstance(edge, Edge) else self.edge(*edge_address(edge)) for edge in edges
        ]

    def highlight(self, neurons: Iterable[tuple[int, int]] | None) -> Self:
        """Let neurons and the edges between consecutive ones stand out, and dim everything else.

        ``highlight(None)`` takes it back; ``self.play(diagram.animate.highlight(...))`` plays it.

        Args:
            neurons: Addresses (layer, i): a path or any set; none, or ``None``, for all.

        Raises:
            ValueError: A neuron is not there or not drawn.
        """
        told = self.style.replaced(highlight=() if neurons is None else neurons)
        if not told.highlight:
            return self.focus(None)
        chosen = set(told.highlight)
        try:
            for layer, i in chosen:
                self._place(layer, i)
        except IndexError as error:
            raise ValueError(f"highlight: {error}") from error
        visible = [edges.paint.visible(edges.weights) for edges in self.edge_layers]
        lit = {
            (layer, k, j)
            for layer, k in chosen
            for after, j in chosen
            if after == layer + 1 and visible[layer][j, k]
        }
        return self._light(lit, chosen, bright=2.0)

    def _light(
        self,
        lit: Collection[Address] | None,
        neurons: Iterable[tuple[int, int]] | None,
        bright: float = 1.0,
    ) -> Self:
        """Dim all but some edges, by address, and some neurons; ``None`` dims none."""
        lit = None if lit is None else {*lit, *self._lit_biases(lit)}
        edge_lights = [
            light
            for edges in self._every_edge_layer()
            for light in edges.lights_on(_of_layer(lit, edges.layer), _DIMMED, bright)
        ]
        chosen = None if neurons is None else {*neurons, *(at[:2] for at in lit or () if at[1] < 0)}
        neuron_lights = [
            1.0 if chosen is None or address in chosen else DIMMED
            for address in self._every_address()
        ]
        skip_lights = [1.0 if lit is None else _DIMMED] * len(self.skips)
        return self.set_lights(np.array([*edge_lights, *neuron_lights, *skip_lights]))

    def _lit_biases(self, lit: Collection[Address]) -> Iterator[Address]:
        """With all edges into a neuron its bias is spoken of too."""
        for edges in self._biases.edges:
            sources = self.shown(edges.layer)
            for j in edges.targets:
                if all((edges.layer, k, j) in lit for k in sources):
                    yield edges.layer, BIAS, j

    def lights(self) -> Array:
        """How far each edge, 0 … 2, then each neuron and skip, 0 … 1, is in the light."""
        others = (*self._every_neuron(), *self._biases.neurons, *self.skips)
        edges = [edges.lights() for edges in self._every_edge_layer()]
        return np.concatenate([*edges, [part.light for part in others]])

    def set_lights(self, lights: Array) -> Self:
        """Set what :meth:`lights` tells."""
        for edges in self._every_edge_layer():
            count = len(edges.lights())
            edges.set_lights(lights[:count])
            lights = lights[count:]
        others = (*self._every_neuron(), *self._biases.neurons, *self.skips)
        for part, light in zip(others, lights, strict=True):
            part.set_light(float(light))
        self._tell_weights()
        return self

    def _every_edge_layer(self) -> Iterator[EdgeLayer]:
        yield from self.edge_layers
        yield from self._biases.edges

    def _every_address(self) -> Iterator[tuple[int, int]]:
        """(layer, i) of every neuron, then (layer, BIAS) of every bias."""
        yield from ((layer, i) for layer in range(len(self.sizes)) for i in self.shown(layer))
        yield from ((layer, BIAS) for layer in range(len(self._biases.neurons)))


def _of_layer(lit: Collection[Address] | None, layer: int) -> set[tuple[int, int]] | None:
    """Addresses (j, k) of the edges out of a layer, among addresses (layer, k, j)."""
    return None if lit is None else {(j, k) for start, k, j in lit if start == layer}
