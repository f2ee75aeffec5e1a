"""Which parts of two diagrams are the same: neurons by their address, layers from both ends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

from netviz.drawing.tween import Pair, Similarity, family_pairs, is_alike

if TYPE_CHECKING:
    from netviz.drawing.diagram import NetworkDiagram

Point = NDArray[np.float64]
Moves = dict[tuple[int, int], tuple[Point, Point]]

# How large a neuron is where it comes from or goes to, beside what it is.
_SEED = 0.05


def diagram_pairs(before: NetworkDiagram, after: NetworkDiagram) -> Iterator[Pair]:
    """All parts of two diagrams in pairs.

    The input and the output are the same in both, and hidden layers are counted from the input:
    the last of the deeper network are new. Neurons are the same if they have the same index in the
    same layer. A neuron that is only in one grows out of a neighbour or goes into it, and a layer
    out of the gap where it will be; edges stay at their neurons all the way.
    """
    kin = _kin(len(before.sizes), len(after.sizes))
    back = {new: old for old, new in kin.items()}
    there, origin = _moves(before, after, kin), _moves(after, before, back)
    here: Moves = {at: (start, end) for at, (end, start) in origin.items()}
    yield from _edges(before, after, kin, there, here)
    yield from _neurons(before, after, kin, there, here)
    for old, new in _matched(len(before.sizes), len(after.sizes), kin):
        yield from _part(
            None if old is None else before.names[old], None if new is None else after.names[new]
        )
    for own, other in zip_longest(_rest(before), _rest(after)):
        yield from _part(own, other)


def _kin(before: int, after: int) -> dict[int, int]:
    """Layers of one network and what they are in another, from their numbers of layers."""
    hidden = {layer: layer for layer in range(min(before, after) - 1)}
    return {**hidden, before - 1: after - 1}


def _matched(
    before: int, after: int, kin: dict[int, int]
) -> Iterator[tuple[int | None, int | None]]:
    yield from ((layer, kin.get(layer)) for layer in range(before))
    yield from ((None, layer) for layer in range(after) if layer not in kin.values())


def _moves(before: NetworkDiagram, after: NetworkDiagram, kin: dict[int, int]) -> Moves:
    """For each drawn neuron of ``before`` where it is, and where it is or goes in ``after``."""
    moves: Moves = {}
    for layer, column in enumerate(before.neuron_layers):
        for i, neuron in zip(before.shown(layer), column, strict=True):
            center = neuron.disc.get_center()
            moves[layer, i] = (center, _goal(center, before, layer, i, after, kin))
    return moves


def _goal(
    center: Point,
    before: NetworkDiagram,
    layer: int,
    i: int,
    after: NetworkDiagram,
    kin: dict[int, int],
) -> Point:
    if layer not in kin:
        return center - _middle(before, layer) + _gap(layer, after, kin)
    shown = after.shown(kin[layer])
    nearest = min(shown, key=lambda there: abs(there - i))
    return after.neuron(kin[layer], nearest).disc.get_center()


def _gap(layer: int, after: NetworkDiagram, kin: dict[int, int]) -> Point:
    """Where a layer would be that ``after`` does not have: between those that it has."""
    first = max(there for there in kin if there < layer)
    last = min(there for there in kin if there > layer)
    share = (layer - first) / (last - first)
    ends = _middle(after, kin[first]), _middle(after, kin[last])
    return (1 - share) * ends[0] + share * ends[1]


def _middle(diagram: NetworkDiagram, layer: int) -> Point:
    centers = [neuron.disc.get_center() for neuron in diagram.layer(layer)]
    return np.mean(centers, axis=0)


def _neurons(
    before: NetworkDiagram, after: NetworkDiagram, kin: dict[int, int], there: Moves, here: Moves
) -> Iterator[Pair]:
    for (layer, i), (start, end) in there.items():
        neuron = before.neuron(layer, i)
        if layer in kin and (kin[layer], i) in here:
            other = after.neuron(kin[layer], i)
            onward = Similarity.between(start, end, other.radius / neuron.radius)
            yield from family_pairs(neuron, other, onward)
        else:
            onward = Similarity.between(start, end, _SEED)
            yield from (Pair(part, None, onward) for part in neuron.get_family())
    old = {(kin[layer], i) for layer, i in there if layer in kin}
    for (layer, i), (start, end) in here.items():
        if (layer, i) not in old:
            onward = Similarity.between(start, end, 1 / _SEED)
            for part in after.neuron(layer, i).get_family():
                yield Pair(None, part, onward)


def _edges(
    before: NetworkDiagram, after: NetworkDiagram, kin: dict[int, int], there: Moves, here: Moves
) -> Iterator[Pair]:
    old, new = (
        {edge.address: edge for layer in diagram.edge_layers for *_, edge in layer.edges()}
        for diagram in (before, after)
    )
    for (layer, k, j), edge in old.items():
        onward = _carried(there[layer, k], there[layer + 1, j])
        same = kin.get(layer, -2) + 1 == kin.get(layer + 1, -1)
        other = new.pop((kin[layer], k, j), None) if same else None
        if other is None:
            yield from (Pair(part, None, onward) for part in edge.get_family())
        else:
            yield from family_pairs(edge, other, onward)
    for (layer, k, j), edge in new.items():
        onward = _carried(here[layer, k], here[layer + 1, j])
        yield from (Pair(None, part, onward) for part in edge.get_family())


def _carried(source: tuple[Point, Point], target: tuple[Point, Point]) -> Similarity:
    (a, c), (b, d) = source, target
    return Similarity.of_segments((a, b), (c, d))


def _rest(diagram: NetworkDiagram) -> list[VMobject]:
    paired = (diagram.edge_layers, diagram.neuron_layers, diagram.names)
    return [part for part in diagram.submobjects if not any(part is own for own in paired)]


def _part(before: VMobject | None, after: VMobject | None) -> Iterator[Pair]:
    """Two parts that need not be alike: if they are not, one leaves and the other comes."""
    if before and after and is_alike(before, after):
        onward = Similarity.between(before.get_center(), after.get_center())
        yield from family_pairs(before, after, onward)
    else:
        for part in before.get_family() if before else ():
            yield Pair(part, None)
        for part in after.get_family() if after else ():
            yield Pair(None, part)
