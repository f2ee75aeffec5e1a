"""What a diagram is made of and where it stands: neurons, edges, texts, and their addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, Self

import numpy as np
from manim import VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.core import Network
from netviz.drawing.biases import Biases
from netviz.drawing.edges.bundle import edges_between
from netviz.drawing.edges.layer import Edge, EdgeLayer
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.skips import Skips
from netviz.drawing.edges.tags import EdgeLabels, label_edges
from netviz.drawing.labels.beside import Beside
from netviz.drawing.labels.lettering import Lettering
from netviz.drawing.layout.arrangement import arrange
from netviz.drawing.layout.box import WIDE_BOX, Box
from netviz.drawing.layout.columns import columns
from netviz.drawing.layout.grid import image_grid
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.room import Room
from netviz.drawing.neuron import Neuron
from netviz.problems import expect_kind
from netviz.theme import DARK_THEME, Theme
from netviz.words import Words, load_words

Array = NDArray[np.float64]


class Structure(VGroup):
    """The parts of a :class:`~netviz.drawing.diagram.NetworkDiagram`, which has its arguments."""

    def __init__(
        self,
        network: Network,
        theme: Theme = DARK_THEME,
        *,
        box: Box = WIDE_BOX,
        words: Words | None = None,
        **options: Any,
    ) -> None:
        expect_kind("network", network, Network, "Network.random([3, 4, 2], rng=0)")
        expect_kind("theme", theme, Theme, "netviz.theme.LIGHT_THEME")
        words = load_words("en") if words is None else words
        expect_kind("words", words, Words, "netviz.words.load_words('ko')")
        self.network, self.theme = network, theme
        self.sizes = network.sizes
        self.style = theme.style.replaced(**options)
        self.style.check(self.sizes)
        titles = self.style.names or words.layer_names(len(self.sizes))
        self.columns = columns(self.sizes, self.style.max_neurons, whole=self.style.input_grid)
        roles = [self.role(layer) for layer in range(len(self.sizes))]
        self._lettering = Lettering(self.columns, titles, roles, theme, self.style)
        biases = [dense.bias for dense in network.layers]
        self._beside = Beside(self.columns, biases, theme, self.style)
        self.box = box
        self.skips = Skips(self.style, theme)
        self.layout = self._arranged(box)
        self.edge_layers = VGroup(
            *(
                edges_between(layer, self.shown(layer + 1), self.shown(layer), self.paint(layer))
                for layer in range(len(self.sizes) - 1)
            )
        )
        self.neuron_layers = VGroup(*(self._column(layer) for layer in range(len(self.sizes))))
        told = self._lettering
        self.names, self.captions, self.braces = told.names, told.captions, told.braces
        shown = len(self.sizes) - 1 if self.style.biases == "neurons" else 0
        paints = [self.paint(layer) for layer in range(shown)]
        self._biases = Biases(self.columns, paints, theme, self.layout)
        labelled = len(self.sizes) - 1 if self.style.edge_labels != "none" else 0
        self.edge_labels = VGroup(*(EdgeLabels(at, self.paint(at)) for at in range(labelled)))
        super().__init__(
            *(self.edge_layers, self.edge_labels, self.neuron_layers),
            *(self._biases.edges, self._biases.neurons),
            *(told.dots, told.braces, told.captions, told.names, self.skips),
        )
        self.place(self.layout)

    def _column(self, layer: int) -> VGroup:
        return VGroup(
            *(
                Neuron(
                    self.role(layer),
                    self.theme,
                    radius=self.layout.radii[layer],
                    texts=self._beside.of(layer, place),
                )
                for place in range(len(self.shown(layer)))
            )
        )

    # ---- parts ----------------------------------------------------------------------------------

    def shown(self, layer: int) -> list[int]:
        """Indices of the drawn neurons of a layer, ascending; all, if it is not too long."""
        return list(self.columns[layer].shown)

    def role(self, layer: int) -> str:
        """Colour of a layer, ``#RRGGBB``: of its rings, its fill and its name."""
        told = self.style.layer_colors[layer] if self.style.layer_colors else ""
        return told or self.theme.role(layer, len(self.sizes))

    def paint(self, layer: int) -> Paint:
        """How the edges from a layer to the next look."""
        return Paint(self.theme, self.style, self.role(layer), self.role(layer + 1))

    def neuron(self, layer: int, i: int) -> Neuron:
        """Neuron i of a layer; layer 0 is the input.

        Raises:
            IndexError: There is none, or it is one of those for which ⋮ stands.
        """
        place = self._place(layer, i)
        return self.neuron_layers[layer][place]

    def _expect_layer(self, layer: int) -> None:
        if not 0 <= layer < len(self.sizes):
            raise IndexError(f"there is no layer {layer}: expected 0 to {len(self.sizes) - 1}")

    def _place(self, layer: int, i: int) -> int:
        """Place of a neuron among the drawn ones of its layer."""
        self._expect_layer(layer)
        size = self.sizes[layer]
        if not 0 <= i < size:
            raise IndexError(f"layer {layer} has no neuron {i}: expected 0 to {size - 1}")
        shown = self.shown(layer)
        if i not in shown:
            raise IndexError(
                f"neuron {i} of layer {layer} is not drawn, {len(shown)} of {size} are: "
                "expected one of diagram.shown(layer), or max_neurons=None"
            )
        return shown.index(i)

    def layer(self, layer: int) -> VGroup:
        """The drawn neurons of a layer, in the order of ``shown``; layer 0 is the input.

        Raises:
            IndexError: There is no such layer.
        """
        self._expect_layer(layer)
        return self.neuron_layers[layer]

    def lettering(self, layer: int) -> VGroup:
        """What is written about a layer: name, caption, ⋮ and brace, as far as there are any."""
        return self._lettering.of(layer)

    def edge(self, layer: int, source: int, target: int) -> Edge:
        """The edge from neuron ``source`` of ``layer`` to neuron ``target`` of ``layer + 1``.

        Raises:
            IndexError: There is none, or one of its neurons is not drawn.
        """
        self._expect_edges_from(layer)
        self._place(layer, source), self._place(layer + 1, target)
        return self.edge_layers[layer].edge(target, source)

    def edges_into(self, layer: int, i: int) -> VGroup:
        """The edges that end at neuron i of a layer (1 or higher), in order of their sources.

        Raises:
            IndexError: There is no such neuron, or it is not drawn, or the layer is the input.
        """
        self._place(layer, i)
        if layer == 0:
            last = len(self.sizes) - 1
            raise IndexError(
                f"no edges enter layer 0, the input: expected a layer from 1 to {last}"
            )
        return VGroup(*self.edge_layers[layer - 1].into(i))

    def edges_out_of(self, layer: int, i: int) -> VGroup:
        """The edges that begin at neuron i of a layer, in order of their targets.

        Raises:
            IndexError: There is no such neuron, or it is not drawn, or the layer is the output.
        """
        self._expect_edges_from(layer)
        self._place(layer, i)
        return VGroup(*self.edge_layers[layer].out_of(i))

    def _expect_edges_from(self, layer: int) -> None:
        last = len(self.sizes) - 1
        if layer == last:
            raise IndexError(
                f"no edges leave layer {last}, the output: expected a layer from 0 to {last - 1}"
            )

    def bias(self, layer: int) -> Neuron:
        """The neuron beside a layer that is always 1; layer 0 is the input.

        Raises:
            ValueError: Biases are not drawn as neurons, or not at this layer.
        """
        return self._biases.neurons[self._with_bias(layer)]

    def bias_edges(self, layer: int) -> EdgeLayer:
        """The edges from the bias of a layer to the next, in order of their targets.

        They take matrices of one column, shape (n_out, 1), or with the biases in the last.

        Raises:
            ValueError: Biases are not drawn as neurons, or not at this layer.
        """
        return self._biases.edges[self._with_bias(layer)]

    def _with_bias(self, layer: int) -> int:
        if self.style.biases != "neurons":
            raise ValueError(f'biases are "{self.style.biases}": expected "neurons"')
        last = len(self.sizes) - 2
        if not 0 <= layer <= last:
            raise ValueError(f"layer {layer} has no bias neuron: expected 0 to {last}")
        return layer

    # ---- place and weights ----------------------------------------------------------------------

    def place(self, layout: Layout) -> Self:
        """Move every part to where ``layout`` has it."""
        self.layout = layout
        for layer, (column, centers) in enumerate(
            zip(self.neuron_layers, layout.centers, strict=True)
        ):
            half_way = layout.half_way(layer)
            for i, neuron, center in zip(self.shown(layer), column, centers, strict=True):
                neuron.set_label_room(self._beside.label_room(layer))
                neuron.set_sides(*self._beside.numbers(self.layout, layer, i))
                neuron.place(np.array(center), layout.radii[layer], half_way)
        self._biases.place(layout)
        self._lettering.place(layout, self.skips.within(self.box), self._room)
        self.skips.place(self.box, layout.centers, list(map(self._whole, range(len(self.sizes)))))
        for labels in self.edge_labels:
            labels.forget()
        return self.set_weights(self.network)

    def _whole(self, layer: int) -> VGroup:
        """All that stands at a layer."""
        bias = self._biases.neurons[layer : layer + 1]
        return VGroup(*self.layer(layer), *bias, *self._lettering.of(layer))

    def _arranged(self, box: Box) -> Layout:
        """The layout in a box, with every text set as large as the box allows."""
        expect_kind("box", box, Box, "Box(left=-6, right=0, bottom=-2, top=2)")
        left = self.skips.within(box)
        # Labels have what the names of rows leave; names of columns have what labels leave.
        named = self._lettering.fit(left, Room())
        self._room = self._lettering.fit(left, self._beside.fit(left, named))
        if not self.style.input_grid:
            return arrange(self.sizes, left, self.theme, self.style, self._room)
        # The others do not become smaller for the sake of so many inputs.
        others = arrange((1, *self.sizes[1:]), left, self.theme, self.style, self._room)
        return image_grid(others, self.sizes[0], left, self._room)

    def fit(self, box: Box) -> Self:
        """Fill another box; ``self.play(diagram.animate.fit(box))`` moves it there.

        Raises:
            ValueError: A spacing, a size or a text of the style does not fit it.
        """
        self.box = box
        return self.place(self._arranged(box))

    def set_weights(
        self, network: Network, share: float = 1.0, *, start: Network | None = None
    ) -> Self:
        """Draw the edges of ``network``, or of a point on the way to it.

        Args:
            network: Of the same shape.
            share: 0 is ``start``, 1 is ``network``.
            start: Of the same shape; the network drawn now unless told.

        Raises:
            ValueError: ``network`` has another shape.
        """
        if network.sizes != self.sizes:
            raise ValueError(f"network has sizes {network.sizes}: expected {self.sizes}")
        first = start or self.network
        ends = zip(first.connections(), network.connections(), strict=True)
        layers = zip(first.layers, network.layers, strict=True)
        self._connect(
            [a.weights + share * (b.weights - a.weights) for a, b in ends],
            [a.bias + share * (b.bias - a.bias) for a, b in layers],
        )
        self._tell_weights()
        if share >= 1:
            self.network = network
        return self

    def _connect(self, weights: Sequence[Array], biases: Sequence[Array]) -> None:
        for layer, edges in enumerate(self.edge_layers):
            edges.connect(self.layer(layer), self.layer(layer + 1), weights[layer])
        if self._biases.neurons:
            self._biases.connect(self.neuron_layers, weights, biases)
        if self._beside.biases:
            self._beside.set_biases(biases)
            for neuron in self._every_neuron():
                neuron.arrange_texts()

    def _tell_weights(self) -> None:
        """Let the labels of the edges say what the edges are now."""
        around = (
            [*before, *after, *self._biases.neurons[layer : layer + 2]]
            for layer, (before, after) in enumerate(pairwise(self.neuron_layers))
        )
        if self.edge_labels:
            label_edges(list(zip(self.edge_labels, self.edge_layers, around, strict=True)))

    def color_edges(self, matrices: Sequence[ArrayLike] | None) -> Self:
        """Let the colours of edges tell other numbers, such as ∂L/∂W of a backward trace.

        They go from the theme's ``negative`` through an edge at rest to ``positive``, on one scale
        for all layers: the largest |value| has the full colour. They stay when weights change.

        Args:
            matrices: One for each layer after the input, of its weights' shape, (n_out, n_in);
                ``None`` for what the style tells.

        Raises:
            ValueError: Their number or the shape of one is another.
        """
        if matrices is None:
            for edges in self.edge_layers:
                edges.color_by(None)
            return self
        values = [np.asarray(matrix, dtype=float) for matrix in matrices]
        shapes = [matrix.shape for matrix in values]
        expected = [layer.weights.shape for layer in self.network.connections()]
        if shapes != expected:
            raise ValueError(f"edges are coloured by shapes {shapes}: expected {expected}")
        largest = max(max(float(np.abs(matrix).max()) for matrix in values), 1e-300)
        for edges, matrix in zip(self.edge_layers, values, strict=True):
            edges.color_by(matrix / largest)
        return self

    def _every_neuron(self) -> Iterator[Neuron]:
        return (neuron for column in self.neuron_layers for neuron in column)
