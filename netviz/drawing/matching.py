"""Which parts of two diagrams match: neurons by their address, layers from both ends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.biases import BIAS
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.edges.layer import Edge, EdgeLayer
from netviz.drawing.morphing.tween import Pair, Similarity, pair_parts
from netviz.drawing.neuron import Neuron

if TYPE_CHECKING:
    from netviz.drawing.diagram import NetworkDiagram

Point = NDArray[np.float64]
# Layers of one network, each with the layer of another that matches it.
Matching = dict[int, int]
# The points at which the neuron (layer, i) is before and after.
Moves = dict[tuple[int, int], tuple[Point, Point]]

# Size of a neuron where it appears or disappears, relative to its full size.
_SEED = 0.05


def diagram_pairs(before: NetworkDiagram, after: NetworkDiagram) -> Iterator[Pair]:
    """Yield all parts of two diagrams in pairs.

    The input layers match, and so do the output layers. Hidden layers are counted from the input:
    the last ones of the deeper network are new. Neurons match if they have the same index in
    matching layers. A neuron without a match grows out of a neighbour or shrinks into it, and a
    layer without a match appears in the gap between its neighbours. Edges stay at their neurons.
    """
    matching = _matching(len(before.sizes), len(after.sizes))
    there = _moves(before, after, matching)
    origin = _moves(after, before, {new: old for old, new in matching.items()})
    here: Moves = {at: (start, end) for at, (end, start) in origin.items()}
    paired = [
        *_strands(before, after, there, here),
        *_edges(before, after, matching, there, here),
        *_neurons(before, after, matching, there, here),
        *_texts(before, after, matching),
    ]
    yield from paired
    done = {id(part) for pair in paired for part in (pair.before, pair.after)}
    for own, other in zip(before.submobjects, after.submobjects, strict=True):
        if done.isdisjoint(id(part) for part in (*own.get_family(), *other.get_family())):
            yield from pair_parts(own, other)


def _matching(before: int, after: int) -> Matching:
    """Return which layers match, from the numbers of layers of two networks."""
    hidden = {layer: layer for layer in range(min(before, after) - 1)}
    return {**hidden, before - 1: after - 1}


# ---- where neurons go ----------------------------------------------------------------------------


def _drawn(diagram: NetworkDiagram) -> dict[tuple[int, int], Neuron]:
    """Return every neuron by its address, including bias neurons."""
    neurons = {
        (layer, i): neuron
        for layer, column in enumerate(diagram.neuron_layers)
        for i, neuron in zip(diagram.shown(layer), column, strict=True)
    }
    if diagram.style.biases == "neurons":
        last = len(diagram.sizes) - 1
        neurons |= {(layer, BIAS): diagram.bias(layer) for layer in range(last)}
    return neurons


def _moves(before: NetworkDiagram, after: NetworkDiagram, matching: Matching) -> Moves:
    """Return for each neuron of ``before`` where it is, and where it goes in ``after``."""
    places = {at: neuron.disc.get_center() for at, neuron in _drawn(after).items()}
    moves: Moves = {}
    for (layer, i), neuron in _drawn(before).items():
        center = neuron.disc.get_center()
        if layer in matching:
            there = [index for at, index in places if at == matching[layer]]
            nearest = min(there, key=lambda index: abs(index - i))
            moves[layer, i] = center, places[matching[layer], nearest]
        else:
            moves[layer, i] = center, center - _middle(before, layer) + _gap(layer, after, matching)
    return moves


def _gap(layer: int, after: NetworkDiagram, matching: Matching) -> Point:
    """Return where a layer without a match in ``after`` would be: between its neighbours."""
    first = max(there for there in matching if there < layer)
    last = min(there for there in matching if there > layer)
    share = (layer - first) / (last - first)
    ends = _middle(after, matching[first]), _middle(after, matching[last])
    return (1 - share) * ends[0] + share * ends[1]


def _middle(diagram: NetworkDiagram, layer: int) -> Point:
    centers = [neuron.disc.get_center() for neuron in diagram.layer(layer)]
    return np.mean(centers, axis=0)


# ---- pairs ---------------------------------------------------------------------------------------


def _neurons(
    before: NetworkDiagram, after: NetworkDiagram, matching: Matching, there: Moves, here: Moves
) -> Iterator[Pair]:
    new = _drawn(after)
    for (layer, i), neuron in _drawn(before).items():
        other = new.pop((matching.get(layer, BIAS), i), None)
        scale = other.radius / neuron.radius if other else _SEED
        yield from pair_parts(neuron, other, Similarity.between(*there[layer, i], scale))
    for address, neuron in new.items():
        yield from pair_parts(None, neuron, Similarity.between(*here[address], 1 / _SEED))


def _edges(
    before: NetworkDiagram, after: NetworkDiagram, matching: Matching, there: Moves, here: Moves
) -> Iterator[Pair]:
    new = _edges_of(after)
    for (layer, source, target), edge in _edges_of(before).items():
        follows = matching.get(layer, BIAS) + 1 == matching.get(layer + 1, BIAS)
        other = new.pop((matching[layer], source, target), None) if follows else None
        way = _carried([there[layer, source]], [there[layer + 1, target]])
        yield from pair_parts(edge, other, way)
    for (layer, source, target), edge in new.items():
        way = _carried([here[layer, source]], [here[layer + 1, target]])
        yield from pair_parts(None, edge, way)


def _edge_layers(diagram: NetworkDiagram) -> list[EdgeLayer]:
    biases = range(len(diagram.sizes) - 1) if diagram.style.biases == "neurons" else ()
    return [*diagram.edge_layers, *(diagram.bias_edges(layer) for layer in biases)]


def _edges_of(diagram: NetworkDiagram) -> dict[tuple[int, int, int], Edge]:
    return {edge.address: edge for layer in _edge_layers(diagram) for *_, edge in layer.edges()}


def _strands(
    before: NetworkDiagram, after: NetworkDiagram, there: Moves, here: Moves
) -> Iterator[Pair]:
    """Pair strands with nothing, because they hold other lines in every network.

    Between networks of one shape the old strands fade while the new ones appear, so that there are
    always edges.
    """
    alike = before.sizes == after.sizes
    for strand, onward in _strands_of(before, there):
        yield Pair(strand, None, onward, dissolves=alike)
    for strand, onward in _strands_of(after, here):
        yield Pair(None, strand, onward, dissolves=alike)


def _strands_of(diagram: NetworkDiagram, moves: Moves) -> Iterator[tuple[VMobject, Similarity]]:
    for edges in (layer for layer in diagram.edge_layers if isinstance(layer, Bundle)):
        starts = np.array([moves[edges.layer, k] for k in edges.sources])
        ends = np.array([moves[edges.layer + 1, j] for j in edges.targets])
        for strand in (*edges.rest, *edges.flows):
            # There is a mark before the first line and one after the last, which move with these.
            targets, sources = np.divmod(np.pad(strand.members, 1, mode="edge"), len(edges.sources))
            yield strand, _carried(starts[sources], ends[targets]).for_each(4)


def _carried(sources: ArrayLike, targets: ArrayLike) -> Similarity:
    """Return what moves edges with their ends: points before and after, shape (n, 2, 3)."""
    (a, c), (b, d) = (np.swapaxes(np.asarray(ends), 0, 1) for ends in (sources, targets))
    return Similarity.of_segments((a, b), (c, d))


def _texts(before: NetworkDiagram, after: NetworkDiagram, matching: Matching) -> Iterator[Pair]:
    """Pair the names and the captions of matching layers."""
    for own, other in ((before.names, after.names), (before.captions, after.captions)):
        new = dict(enumerate(other))
        for layer, text in enumerate(own):
            yield from _text_pairs(text, new.pop(matching.get(layer, BIAS), None))
        for text in new.values():
            yield from pair_parts(None, text)


def _text_pairs(text: VMobject, other: VMobject | None) -> Iterator[Pair]:
    if other is None or text.has_no_points() or other.has_no_points():
        return pair_parts(text, other)
    return pair_parts(text, other, Similarity.between(text.get_center(), other.get_center()))
