"""``NetworkDiagram``: a network as a picture, with its values, its blame and what flows over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any, Self

import numpy as np
from manim import Mobject, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz import memory
from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.core.pictured import Pictured
from netviz.drawing.annotations import Annotation, checked_text, points_of, texts_in
from netviz.drawing.biases import BiasNeurons
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.layer import Edge, EdgeLayer
from netviz.drawing.edges.network import NetworkEdges
from netviz.drawing.edges.paint import Mask, Paint
from netviz.drawing.edges.skips import Skip, Skips
from netviz.drawing.expected import (
    Address,
    among,
    expect_trace,
)
from netviz.drawing.focus import Focus, NeuronAddress
from netviz.drawing.labels.lettering import Lettering
from netviz.drawing.labels.neuron_labels import NeuronLabels
from netviz.drawing.layout.box import WIDE_BOX, Box, as_box
from netviz.drawing.layout.layout import Layout, with_image, with_open_gap
from netviz.drawing.layout.problem import TextRoom, columns
from netviz.drawing.layout.solver import arrange
from netviz.drawing.matching import diagram_pairs
from netviz.drawing.morphing.morph import Morphing
from netviz.drawing.morphing.tween import Pair
from netviz.drawing.neuron import Neuron
from netviz.drawing.parts import Parts
from netviz.drawing.values import BlameScale, activation_of, activation_scale, blame_of
from netviz.problems import PartError, Problem, ProblemError, expect, expect_kind, moved
from netviz.style import Style
from netviz.theme import DARK_THEME, Theme, as_theme
from netviz.words import Words, as_words

Array = NDArray[np.float64]
# Weights, masks and biases of each layer after the input.
Drawn = tuple[Sequence[Array], Sequence[Mask], Sequence[Array]]

# Spare labels leave at least this distance from layer to layer, in radii.
_LEAST_GAP = 3.0


class NetworkDiagram(Morphing, VGroup, Pictured):
    """A layered network, drawn with its own weights.

    An edge is as wide as its |w| relative to the largest of its layer, and dashed if w < 0. Where
    there are too many edges for dashes, negative ones have a tint of their own. A neuron is as
    full as its |activation| is large, and its ring is dashed if the activation is negative; a red
    ring around it is as wide as its |δ|, its blame; ``keep_scales`` sets both scales. Numbers
    are written where they can be read: values in the neurons, or outside those of the first and
    the last layer; blame next to the outputs, and next to hidden neurons where there is room. The
    residual connections of the network are arcs.

    Its parts are ``neuron(layer, i)``, ``edge(layer, source, target)``, ``layer(layer)``,
    ``edges_into(layer, i)``, ``edges_out_of(layer, i)`` and ``skip(source, target)``.
    ``show_activations(trace)`` and ``show_blame(blame)`` fill it; ``highlight(neurons)``,
    ``color_edges(matrices)``, ``fit(box)`` and ``set_weights(network)`` change it, also after
    ``.animate``.

    Behind numbers on edges are plates in the colour of the theme's background: in a plain manim
    scene set ``self.camera.background_color = diagram.theme.background``, as ``NetworkScene`` does.

    Layers are counted from the input: ``neuron(0, i)`` is input i, and ``edge(l, k, j)`` leads
    from neuron k of layer l to neuron j of layer l + 1, with ``weights[j, k]`` of the core. On
    screen indices count from 1 and the source comes first: W₁,₂ leads from neuron 1 to neuron 2
    and is ``weights[1, 0]``. Indices are those of the network, also where only the first and the
    last neurons of a layer are drawn (``shown(layer)`` lists them).

    Args:
        network: Gives the sizes and the weights.
        theme: Colours and text sizes; a theme or its name.
        box: The part of the frame that is filled; a box or its name. By default the whole frame
            above a caption. Blame of the outputs is written to the right of it and needs up to 1.3
            frame units there, which ``netviz.drawing.FRAME_BOX`` leaves.
        words: Language of the layers' names; words or the name of a language, by default English.
        options: Attributes of :class:`netviz.style.Style`, by default those of the theme's style:
            ``max_neurons``, ``input_grid``, ``direction``, ``layer_spacing``, ``neuron_spacing``,
            ``neuron_size``, ``numbers``, ``biases``, ``edge_labels``, ``edge_shape``,
            ``edge_colors``, ``edge_threshold``, ``layer_names``, ``names``, ``captions``,
            ``braces``, ``neuron_labels``, ``layer_colors``, ``sum_of`` and ``highlight``.
        spare_labels: Like ``neuron_labels``, but left out in a box without room for them, and
            where ``neuron_labels`` has others: such as the names of columns of data.

    Attributes:
        network: The network whose weights are drawn.
        sizes: Neurons in each layer, input first.
        style: Every option.
        box, layout: What is filled, and where the neurons are in it.
        gap: The layer before the open gap, or ``None``.
        activation_scale, blame_scale: What :meth:`keep_scales` has set, or ``None``.
        neuron_layers: The drawn neurons of each layer.
        edge_layers: The edges out of each layer but the last.
        skips: The arcs of the residual connections.
        notes: What :meth:`annotate` has written.

    Raises:
        ProblemError: An option has a wrong value or does not fit the network, or there is no such
            option, theme, box or language.

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
        theme: Theme | str = DARK_THEME,
        *,
        box: Box | str = WIDE_BOX,
        words: Words | str = "en",
        spare_labels: Mapping[int, Sequence[str]] | None = None,
        **options: Any,
    ) -> None:
        expect_kind("network", network, Network, "Network.random([3, 4, 2], rng=0)")
        for problem in memory.weights("network", network.weight_count):
            raise ProblemError(problem)
        theme, words, self.box = as_theme(theme), as_words(words), as_box(box)
        self.network, self.theme, self.sizes, self._words = network, theme, network.sizes, words
        self.gap: int | None = None
        self.activation_scale: tuple[float, ...] | None = None
        self.blame_scale: BlameScale | None = None
        self.style = theme.style.replaced(**options)
        self.style.check(self.sizes)
        layers = range(len(self.sizes))
        style, self._drawn = self.style, _connections(network)
        _, masks, biases = self._drawn
        self.columns = columns(self.sizes, style.max_neurons, whole_input=style.input_grid)
        roles = [self.role(layer) for layer in layers]
        names = style.names or words.layer_names(len(self.sizes))
        self._lettering = Lettering(self.columns, names, roles, theme, style)
        self.sums, self.notes = VGroup(), VGroup()
        self._summed: ForwardTrace | BackwardTrace | None = None
        self.skips = Skips(network.skips, style.direction, theme)
        biased = ["bias" in layer.parameters for layer in network.layers]
        written = [bias if has else None for bias, has in zip(biases, biased, strict=True)]
        spare = self._checked_labels(spare_labels or {})
        self._labels = NeuronLabels(self.columns, written, theme, style, self.skips.ends, spare)
        self.layout = self._arranged(self.box)
        paints = [Paint(theme, style, *pair) for pair in pairwise(roles)]
        self._edges = NetworkEdges(self.columns, paints, masks, style)
        self.edge_layers, self.edge_labels = self._edges.layers, self._edges.labels
        self.neuron_layers = VGroup(*(self._column(layer) for layer in layers))
        drawn = paints if style.biases == "neurons" else []
        self._biases = BiasNeurons(
            self.columns, drawn, biased, theme, self.layout, dense=self._edges.dense
        )
        self._parts = Parts(self.columns, self.neuron_layers, self._edges, self._biases, self.skips)
        self._focus = Focus(self._parts, theme, roles)
        texts = self._lettering
        self.names, self.captions, self.braces = texts.names, texts.captions, texts.braces
        super().__init__(
            *(self.edge_layers, self.edge_labels, self.neuron_layers),
            *(self._biases.edges, self._biases.neurons),
            *(
                texts.dots,
                texts.braces,
                texts.captions,
                texts.names,
                self.skips,
                self.sums,
                self.notes,
            ),
        )
        self._place_at_rest()
        if style.highlight:
            self.highlight(style.highlight)

    def _checked_labels(self, labels: Mapping[int, Sequence[str]]) -> dict[int, Sequence[str]]:
        """Return spare labels by layer, counted from 0; none for an input that is an image."""
        Style().replaced(neuron_labels=labels).check(self.sizes)
        count = len(self.sizes)
        by_layer = {layer % count: texts for layer, texts in labels.items()}
        return {k: v for k, v in by_layer.items() if k > 0 or not self.style.input_grid}

    def _column(self, layer: int) -> VGroup:
        return VGroup(
            *(
                Neuron(
                    self.role(layer),
                    self.theme,
                    radius=self.layout.radii[layer],
                    texts=self._labels.of(layer, place),
                )
                for place in range(len(self.shown(layer)))
            )
        )

    def can_become(self, other: object) -> bool:
        """Any diagram can become any other, of whatever shape."""
        return isinstance(other, NetworkDiagram)

    def pairs_with(self, other: Self) -> Iterator[Pair]:
        """Yield every part of two diagrams in pairs."""
        return diagram_pairs(self, other)

    @property
    def neuron_labels(self) -> dict[int, tuple[str, ...]]:
        """The texts next to neurons, by layer: ``neuron_labels``, and spare labels that fit."""
        return self._labels.written

    # ---- parts ----------------------------------------------------------------------------------

    def shown(self, layer: int) -> list[int]:
        """Return the indices of the drawn neurons of a layer, ascending."""
        return list(self.columns[layer].shown)

    def role(self, layer: int) -> str:
        """Return the colour of a layer, ``#RRGGBB``: of its rings, its fill and its name."""
        own = self.style.layer_colors[layer] if self.style.layer_colors else ""
        return own or self.theme.role(layer, len(self.sizes))

    def neuron(self, layer: int, i: int) -> Neuron:
        """Return neuron i of a layer; layer 0 is the input.

        Raises:
            PartError: There is no such neuron, or it is one of those that ⋮ stands for.
        """
        return self._parts.neuron(layer, i)

    def layer(self, layer: int) -> VGroup:
        """Return the drawn neurons of a layer, in the order of ``shown``; layer 0 is the input.

        Raises:
            PartError: There is no such layer.
        """
        return self._parts.layer(layer)

    def lettering(self, layer: int) -> VGroup:
        """Return what is written about a layer: name, caption, ⋮ and brace, if they exist."""
        return self._lettering.of(layer)

    def edge(self, layer: int, source: int, target: int) -> Edge:
        """Return the edge from neuron ``source`` of ``layer`` to neuron ``target`` of the next.

        Raises:
            PartError: There is no such edge, or one of its neurons is not drawn.
        """
        return self._parts.edge(layer, source, target)

    def edges_into(self, layer: int, i: int) -> VGroup:
        """Return the edges that end at neuron i of a layer, in order of their sources.

        Raises:
            PartError: There is no such neuron, or it is not drawn, or the layer is the input.
        """
        return self._parts.edges_into(layer, i)

    def edges_out_of(self, layer: int, i: int) -> VGroup:
        """Return the edges that begin at neuron i of a layer, in order of their targets.

        Raises:
            PartError: There is no such neuron, or it is not drawn, or the layer is the output.
        """
        return self._parts.edges_out_of(layer, i)

    def edges_among(self, edges: Iterable[Edge | Address]) -> list[Edge]:
        """Return edges, some of which may be given by their addresses (layer, source, target).

        Raises:
            ProblemError: Something is neither an edge nor an address.
            PartError: There is no such edge, or one of its neurons is not drawn.
        """
        return self._parts.edges_among(edges)

    def skip(self, source: int, target: int) -> Skip:
        """Return the arc of the residual connection from layer ``source`` to layer ``target``.

        Raises:
            PartError: There is no such connection.
        """
        return self.skips.skip(source, target)

    def bias(self, layer: int) -> Neuron:
        """Return the bias neuron of a layer, which is always 1; layer 0 is the input.

        Raises:
            PartError: Biases are not drawn as neurons, or not at this layer.
        """
        return self._parts.bias(layer)

    def bias_edges(self, layer: int) -> EdgeLayer:
        """Return the edges from the bias neuron of a layer to the next, in order of their targets.

        They take matrices of one column, shape (n_out, 1), or with the biases in the last column.

        Raises:
            PartError: Biases are not drawn as neurons, or not at this layer.
        """
        return self._parts.bias_edges(layer)

    # ---- place ----------------------------------------------------------------------------------

    def place(self, layout: Layout) -> Self:
        """Move every part to its place in a layout."""
        self.layout = layout
        self._labels.cut(layout.label_widths)
        for layer, (column, centers) in enumerate(
            zip(self.neuron_layers, layout.centers, strict=True)
        ):
            half_way = layout.half_way(layer)
            for i, neuron, center in zip(self.shown(layer), column, centers, strict=True):
                neuron.set_label_room(self._labels.label_room(layer))
                neuron.set_sides(*self._labels.numbers(layout, layer, i))
                neuron.place(np.array(center), layout.radii[layer], half_way)
        self._biases.place(layout)
        self._lettering.place(layout, self.skips.within(self.box), self._room)
        wholes = [
            VGroup(*self._parts.whole(layer), *self._lettering.of(layer))
            for layer in range(len(self.sizes))
        ]
        self.skips.place(self.box, layout.centers, wholes)
        self._edges.discard_label_places()
        self._connect(*self._drawn)
        self._place_notes()
        return self

    def _arranged(self, box: Box) -> Layout:
        """Set every text as large as a box allows, and return the layout in the box."""
        free = self.skips.within(box)
        try:
            layout = self._arranged_with(free, spare=True)
        except ProblemError:
            return self._arranged_with(free, spare=False)
        if self._labels.has_spare and layout.layer_gap < _LEAST_GAP * max(layout.radii):
            return self._arranged_with(free, spare=False)
        return layout

    def _arranged_with(self, free: Box, *, spare: bool) -> Layout:
        # Labels have what the names of rows leave; names of columns have what labels leave.
        named = self._lettering.fit(free, TextRoom())
        self._room = self._lettering.fit(free, self._labels.fit(free, named, spare=spare))
        if not self.style.input_grid:
            return arrange(self.sizes, free, self.theme, self.style, self._room)
        # The other layers do not become smaller because there are so many inputs.
        others = arrange((1, *self.sizes[1:]), free, self.theme, self.style, self._room)
        return with_image(others, self.sizes[0], free, self._room)

    def fit(self, box: Box | str) -> Self:
        """Fill another box; ``self.play(diagram.animate.fit(box))`` moves it there.

        Raises:
            ProblemError: There is no such box, or a spacing, a size or a text of the style does
                not fit it.
        """
        self.box, self.gap = as_box(box), None
        return self._place_at_rest()

    def _place_at_rest(self) -> Self:
        """Place the diagram as its style says: with a gap open if it writes a sum."""
        if self.style.sum_of is None:
            return self.place(self._arranged(self.box))
        if self._summed is None:
            return self.open_gap(self.style.sum_of[0] - 1)
        return self._write_sum(self._summed)

    def _write_sum(self, trace: ForwardTrace | BackwardTrace) -> Self:
        """Write the sum of the style's neuron on its edges, and open the gap for it."""
        if self.style.sum_of is None:
            return self
        layer, i = self.style.sum_of
        back = isinstance(trace, BackwardTrace)
        if back and layer == len(self.sizes) - 1:  # the blame of outputs comes over no edges
            return self
        self._summed = trace
        self.clear_flows().open_gap(layer if back else layer - 1, back=back)
        self.focus(self.edges_out_of(layer, i) if back else self.edges_into(layer, i))
        self.sums.submobjects = [EdgeSum(self, trace, layer, i, words=self._words).show_all()]
        return self

    def open_gap(self, gap: int | None, *, back: bool = False, result: bool = True) -> Self:
        """Give one gap between layers most of the width, so that its edges can be written on.

        The other layers become small and move aside. ``OpenGap`` in ``netviz.animation`` plays it.

        Args:
            gap: The layer before the gap, counted from the input, 0; ``None`` closes it.
            back: Whether the gap is open for a backward pass: the room for the result is before
                the layer ``gap``, and not after the next one.
            result: Whether there is room for a result at all; if not, the gap is wider.

        Raises:
            ProblemError: There is no such gap.
        """
        self.place(self.layout_with_gap(gap, back=back, result=result))
        self.gap = gap
        return self

    def layout_with_gap(
        self, gap: int | None, *, back: bool = False, result: bool = True
    ) -> Layout:
        """Return the layout that :meth:`open_gap` places the diagram in."""
        layout, last = self._arranged(self.box), len(self.sizes) - 2
        if gap is None:
            self._labels.cut(self.layout.label_widths)
            return layout
        expect("gap", gap, gap in range(last + 1), f"a layer from 0 to {last}, or None")
        free, labels = self.skips.within(self.box), self._labels.widths_at_ends()
        # The labels of the present layout are as they were.
        self._labels.cut(self.layout.label_widths)
        return with_open_gap(layout, gap, free, self._room, labels, back=back, result=result)

    # ---- texts of one's own ---------------------------------------------------------------------

    def annotate(
        self, part: Edge | Neuron | Address | NeuronAddress, text: str, *, color: str | None = None
    ) -> Annotation:
        """Write a text at an edge or a neuron, where it covers no other text and no neuron.

        It belongs to the diagram, moves with it, and finds a new place when the layout changes.
        Annotate a diagram after it shows its numbers.

        Args:
            part: An edge or a neuron of this diagram, or its address.
            text: One line, or several.
            color: ``#RRGGBB``; by default the colour of texts.

        Returns:
            The text, for ``FadeIn``; ``diagram.notes.remove(…)`` takes it off.

        Raises:
            ProblemError: The part is none of the diagram, or a bundle of edges, or there is no
                room.

        Example:
            >>> note = diagram.annotate(diagram.edge(0, 1, 2), "the strongest")
            >>> other = diagram.annotate((1, 0), "always on")
            >>> len(diagram.notes)
            2
        """
        if isinstance(part, tuple):
            part = self.neuron(*part) if len(part) == 2 else self.edge(*part)
        right = isinstance(part, Edge | Neuron) and part in self.get_family()
        expect("part", part, right, "an edge or a neuron of this diagram, or its address")
        note = Annotation(part, checked_text(text), self.theme, color)
        note.place(*self._around_notes())
        self.notes.add(note)
        return note

    def _around_notes(self) -> tuple[list[Mobject], list[Neuron], Array]:
        """Return what notes must not cover, the neurons, and points of the edges."""
        neurons = [neuron for column in self.neuron_layers for neuron in column]
        edges = (edge for layer in self.edge_layers for *_, edge in layer.edges())
        return texts_in(self.submobjects), neurons, points_of(edges)

    def _place_notes(self) -> None:
        """Find new places for all notes; where none is free, the one that covers least."""
        notes = list(self.notes)
        self.notes.submobjects = []
        for note in notes:
            with suppress(ProblemError):
                note.place(*self._around_notes())
            self.notes.add(note)

    # ---- weights --------------------------------------------------------------------------------

    def set_weights(
        self,
        network: Network,
        share: float = 1.0,
        *,
        start: Network | Sequence[Array] | None = None,
    ) -> Self:
        """Draw the weights of ``network``, or of a point on the way to it.

        Args:
            network: A network of the same shape.
            share: 0 shows ``start``, 1 shows ``network``.
            start: A network of the same shape, or its weights; by default the network that was
                drawn last.

        Raises:
            ProblemError: ``network`` has another shape.
        """
        if network.sizes != self.sizes:
            raise ProblemError(Problem("network", f"has sizes {network.sizes}", f"{self.sizes}"))
        if network.skips != self.skips.pairs:
            expected = f"{self.skips.pairs}"
            raise ProblemError(Problem("network", f"has skips {network.skips}", expected))
        weights, masks, biases = _connections(network)
        given = start if isinstance(start, Network) else self.network
        before, _, biases_before = _connections(given)
        if start is not None and not isinstance(start, Network):
            before = start
        self._connect(
            [a + share * (b - a) for a, b in zip(before, weights, strict=True)],
            masks,
            [a + share * (b - a) for a, b in zip(biases_before, biases, strict=True)],
        )
        if share >= 1:
            self.network = network
        return self

    def draw_weights(self, weights: Sequence[Array]) -> Self:
        """Draw other weights, such as those of a step in which only some have changed.

        Args:
            weights: One matrix for each layer after the input, shape (n_out, n_in).
        """
        _, masks, biases = self._drawn
        return self._connect(weights, masks, biases)

    @property
    def drawn_weights(self) -> Sequence[Array]:
        """The weights as drawn, for each layer after the input, shape (n_out, n_in)."""
        return self._drawn[0]

    def show_weights(self, trace: ForwardTrace) -> Self:
        """Draw the connections of one sample, for layers whose connections depend on the input.

        Raises:
            ProblemError: The trace is a backward one, of a batch or of another network.
        """
        expect_trace(trace, ForwardTrace, self.sizes)
        return self._connect(*_connections(trace.network, trace))

    def _connect(
        self, weights: Sequence[Array], masks: Sequence[Mask], biases: Sequence[Array]
    ) -> Self:
        self._drawn = weights, masks, biases
        self._edges.connect(self.neuron_layers, weights, masks)
        if self._biases.neurons:
            self._biases.connect(self.neuron_layers, weights, masks, biases)
        if self._labels.biases:
            self._labels.set_biases(biases)
            for neuron in self._parts.neurons():
                neuron.arrange_texts()
        self._edges.write_labels(self.neuron_layers, self._biases.neurons)
        return self

    def color_edges(self, matrices: Sequence[ArrayLike] | None) -> Self:
        """Let the colours of edges show other numbers, such as ∂L/∂W of a backward trace.

        They go from the theme's ``negative`` through an edge at rest to ``positive``, on one scale
        for all layers: the largest |value| has the full colour. They stay when weights change.

        Args:
            matrices: One for each layer after the input, shape (n_out, n_in) as the weights;
                ``None`` for what the style says.

        Raises:
            ProblemError: Their number or the shape of one is wrong.
        """
        self._edges.color_by(matrices)
        return self

    # ---- values ---------------------------------------------------------------------------------

    def keep_scales(
        self,
        trace: ForwardTrace | None = None,
        blame: BackwardTrace | None = None,
        *,
        weights: Sequence[float] = (),
    ) -> Self:
        """Show all numbers on one scale from now on, so that changes can be seen.

        Args:
            trace: Its largest |a| of a layer fills a neuron, where the activation function has no
                bound; ``None`` for those of each trace that is shown.
            blame: Its largest |δ| has the widest ring, and its largest shares the widest pulses;
                ``None`` for those of each trace that is shown.
            weights: For each layer after the input, the |w| of the widest edges; by default those
                of the weights that were drawn first.

        Raises:
            ProblemError: A trace is of the wrong direction, of a batch or of another network.
        """
        if weights:
            for edges, most in zip(self.edge_layers, weights, strict=True):
                edges.scale_to(most)
            self._connect(*self._drawn)
        if trace is not None:
            expect_trace(trace, ForwardTrace, self.sizes)
        if blame is not None:
            expect_trace(blame, BackwardTrace, self.sizes)
        kept = None if trace is None else activation_scale(self.network, trace)
        self.activation_scale = kept
        self.blame_scale = None if blame is None else BlameScale.of(blame)
        return self

    def scale_of(self, trace: BackwardTrace, scale_to: BackwardTrace | None = None) -> BlameScale:
        """Return the scale on which the blame of a trace is shown.

        Args:
            trace: The trace that is shown.
            scale_to: The trace whose largest |δ| has the widest ring; by default the one that
                :meth:`keep_scales` was given, or ``trace``.

        Raises:
            ProblemError: A trace is a forward one, of a batch or of another network.
        """
        for given in (trace, scale_to or trace):
            expect_trace(given, BackwardTrace, self.sizes)
        if scale_to is None and self.blame_scale is not None:
            return self.blame_scale
        return BlameScale.of(scale_to or trace)

    def show_activations(
        self, trace: ForwardTrace, *, layers: int | Iterable[int] | None = None
    ) -> Self:
        """Fill the neurons of ``layers`` (by default all) with the numbers of one sample.

        Raises:
            ProblemError: The trace is a backward one, of a batch or of another network, or there
                is no such layer.
        """
        for layer in among(range(len(self.sizes)), layers, "layers"):
            for i, neuron in zip(self.shown(layer), self.layer(layer), strict=True):
                neuron.set_activation(*self.activation_of(trace, layer, i))
        return self._write_sum(trace)

    def show_blame(
        self,
        trace: BackwardTrace,
        *,
        layers: int | Iterable[int] | None = None,
        scale_to: BackwardTrace | None = None,
    ) -> Self:
        """Draw rings around the neurons of ``layers`` that are as wide as their blame.

        Its number is written where there is room: at the outputs, and at hidden neurons that are
        far enough apart.

        Args:
            trace: Gives the blame.
            layers: One layer or several; by default all after the input.
            scale_to: As for :meth:`scale_of`.

        Raises:
            ProblemError: A trace is a forward one, of a batch or of another network, or there is
                no such layer after the input.
        """
        for layer in among(range(1, len(self.sizes)), layers, "layers"):
            for i, neuron in zip(self.shown(layer), self.layer(layer), strict=True):
                neuron.set_blame(*self.blame_of(trace, layer, i, scale_to))
        return self._write_sum(trace)

    def activation_of(self, trace: ForwardTrace, layer: int, i: int) -> tuple[float, float]:
        """Return a neuron's activation, and its strength 0 … 1 on its activation's scale.

        Raises:
            ProblemError: The trace is a backward one, of a batch or of another network.
        """
        return activation_of(self.network, trace, layer, i, self.activation_scale)

    def blame_of(
        self, trace: BackwardTrace, layer: int, i: int, scale_to: BackwardTrace | None = None
    ) -> tuple[float, float]:
        """Return a neuron's blame δ, and its strength 0 … 1 relative to the largest |δ|.

        Args:
            trace: Gives the blame.
            layer, i: The neuron.
            scale_to: As for :meth:`scale_of`.

        Raises:
            ProblemError: A trace is a forward one, of a batch or of another network, or the layer
                is the input.
        """
        return blame_of(self.network, trace, layer, i, self.scale_of(trace, scale_to))

    def clear_activations(self) -> Self:
        """Empty every neuron."""
        for neuron in self._parts.neurons():
            neuron.set_activation(None)
        return self

    def clear_blame(self) -> Self:
        """Remove every blame."""
        for neuron in self._parts.neurons():
            neuron.set_blame(None)
        return self

    # ---- flows ----------------------------------------------------------------------------------

    def clear_flows(self) -> Self:
        """Remove whatever flows over edges and arcs."""
        for edges in self._parts.flowing():
            edges.clear_flow()
        return self

    def fade_flows(self, opacity: float) -> Self:
        """Set the opacity, 0 … 1, of whatever flows over edges and arcs."""
        for edges in self._parts.flowing():
            edges.fade_flow(opacity)
        return self

    def is_flowing(self) -> bool:
        """Whether anything flows over edges or arcs."""
        return any(edges.is_flowing() for edges in self._parts.flowing())

    # ---- focus ----------------------------------------------------------------------------------

    def focus(
        self,
        edges: Iterable[Edge | Address] | None,
        neurons: Iterable[NeuronAddress] | None = None,
        *,
        skips: Iterable[tuple[int, int]] = (),
    ) -> Self:
        """Dim everything but some parts.

        Args:
            edges: The edges that are not dimmed, or their addresses (layer, source, target);
                ``None`` for all edges and arcs.
            neurons: Addresses (layer, i) of the neurons that are not dimmed; by default the ends
                of ``edges``.
            skips: The layers (source, target) of the arcs that are not dimmed.

        Raises:
            ProblemError: Something among ``edges`` is neither an edge nor an address.
            PartError: There is no such edge or arc, or a neuron is not drawn.
        """
        kept = None
        if edges is not None:
            # By address: ``.animate`` works on a copy, whose edges are other objects.
            kept = {edge.address for edge in self.edges_among(edges) if not edge.hidden}
        if neurons is None and kept is not None:
            neurons = [(layer + end, at[end]) for layer, *at in kept for end in (0, 1)]
        arcs = {self.skip(*pair).layers for pair in skips}
        return self.set_brightness(self._focus.on(kept, neurons, arcs))

    def highlight(self, neurons: Iterable[NeuronAddress] | None) -> Self:
        """Let neurons and the edges between them stand out, and dim everything else.

        ``highlight(None)`` takes it back; ``self.play(diagram.animate.highlight(...))`` plays it.
        The arc of a residual connection stands out with both neurons that it connects.

        Args:
            neurons: Addresses (layer, i): a path or any set; empty or ``None`` for all.

        Raises:
            ProblemError: A neuron does not exist or is not drawn.
        """
        chosen = set(self.style.replaced(highlight=() if neurons is None else neurons).highlight)
        if not chosen:
            return self.focus(None)
        try:
            for layer, i in chosen:
                self._parts.place_of(layer, i)
        except PartError as error:
            (problem,) = error.problems
            where = moved(problem, f"highlight: {problem.where}")
            raise ProblemError(where) from error
        edges, arcs = self._focus.path(chosen)
        return self.set_brightness(self._focus.on(edges, chosen, arcs, bright=2.0))

    def brightness(self) -> Array:
        """Return the brightness of each edge, 0 … 2, each neuron, 0 … 1, and each arc, 0 … 2.

        Below 1 a part is dimmed, above 1 it stands out.
        """
        return self._focus.brightness()

    def set_brightness(self, brightness: Array) -> Self:
        """Set what :meth:`brightness` returns."""
        self._focus.set_brightness(brightness)
        self._edges.write_labels(self.neuron_layers, self._biases.neurons)
        return self


def _connections(network: Network, trace: ForwardTrace | None = None) -> Drawn:
    """Return weights and masks, shape (n_out, n_in), and biases of each layer after the input."""
    connections = network.connections(trace)
    weights, masks = [part.weights for part in connections], [part.mask for part in connections]
    return weights, masks, [layer.bias for layer in network.layers]
