"""Labels on edges show the weights or their names, are readable, and cover little."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from manim import Camera, FadeIn, Scene

from netviz.animation import WeightUpdate
from netviz.core import Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.tags import EdgeLabel
from netviz.drawing.layout.box import LEFT_BOX, Box
from netviz.drawing.numerals import figures
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme


def network(*sizes: int, seed: int = 1) -> Network:
    return Network.random(sizes, "tanh", "normal", rng=seed)


def labels_of(diagram: NetworkDiagram) -> list[EdgeLabel]:
    return [label for labels in diagram.edge_labels for label in labels]


def texts_of(diagram: NetworkDiagram) -> list[str]:
    return [label.text.text for label in labels_of(diagram)]


def weights_of(shown: Network) -> list[str]:
    return [figures(float(w), signed=True) for layer in shown.layers for w in layer.weights.ravel()]


def overlap(one: EdgeLabel, other: EdgeLabel) -> bool:
    apart = np.abs(one.plate.get_center() - other.plate.get_center())
    return bool(apart[0] < one.plate.width and apart[1] < one.plate.height)


def touches(label: EdgeLabel, center: np.ndarray, reach: float) -> bool:
    half = np.array([label.plate.width / 2, label.plate.height / 2])
    apart = np.abs(label.plate.get_center() - center)[:2] - half
    return bool(np.linalg.norm(np.maximum(apart, 0)) < reach)


def is_readable(diagram: NetworkDiagram) -> bool:
    """No label covers another or a neuron, leaves its edge, or is too small to read."""
    labels = labels_of(diagram)
    assert not [pair for pair in combinations(labels, 2) if overlap(*pair)]
    for layer, group in enumerate(diagram.edge_labels):
        seen = [edge for _, _, edge in diagram.edge_layers[layer].edges() if not edge.hidden]
        for label, edge in zip(group, seen, strict=True):
            fine = edge.course.at(np.linspace(0, 1, 2001))
            assert np.linalg.norm(fine - label.plate.get_center(), axis=1).min() < 2e-3
            for column in diagram.neuron_layers[layer : layer + 2]:
                for neuron in column:
                    assert not touches(label, neuron.disc.get_center(), neuron.reach)
            assert label.text.width <= label.plate.width
            assert label.text.em >= DARK_THEME.smallest_text - 1e-9
    return True


@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=["dark", "light"])
def test_every_edge_shows_its_weight(theme: Theme) -> None:
    shown = network(3, 4, 2)
    assert texts_of(NetworkDiagram(shown, theme, edge_labels="weights")) == weights_of(shown)


def test_every_edge_shows_its_name_with_the_layer_from_the_second_on() -> None:
    names = texts_of(NetworkDiagram(network(2, 1, 2), edge_labels="names"))
    assert names == ["W₁,₁", "W₂,₁", "W₁,₁⁽²⁾", "W₁,₂⁽²⁾"]


def test_there_are_none_by_default() -> None:
    assert not labels_of(NetworkDiagram(network(3, 2)))


@pytest.mark.parametrize("kind", ["weights", "names"])
@pytest.mark.parametrize(
    "options",
    [{}, {"edge_shape": "curved"}, {"direction": "down"}, {"biases": "neurons"}],
    ids=["straight", "curved", "down", "with biases"],
)
def test_labels_can_be_read(kind: str, options: dict[str, str]) -> None:
    for sizes in ((2, 2, 4), (1, 1), (3, 4, 2)):
        assert is_readable(NetworkDiagram(network(*sizes), edge_labels=kind, **options))


@pytest.mark.parametrize("sizes", [(7, 7), (4, 6, 3), (5, 2, 2, 5)])
def test_many_labels_fit(sizes: tuple[int, ...]) -> None:
    assert is_readable(NetworkDiagram(network(*sizes), edge_labels="weights"))


CROWDED: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((6, 6, 3), {"edge_labels": "weights"}),
    ((6, 6, 3), {"edge_labels": "names"}),
    ((5, 6, 3), {"edge_labels": "weights", "direction": "down"}),
]


@pytest.mark.parametrize(("sizes", "options"), CROWDED, ids=str)
def test_too_many_labels_are_refused_with_a_threshold_that_leaves_room(
    sizes: tuple[int, ...], options: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"edge_labels do not fit .*=0\.\d+$") as refused:
        NetworkDiagram(network(*sizes), **options)
    threshold = float(str(refused.value).rpartition("=")[2])
    assert is_readable(NetworkDiagram(network(*sizes), edge_threshold=threshold, **options))


@pytest.mark.parametrize("kind", ["weights", "names"])
def test_labels_leave_most_of_every_line_to_be_seen(kind: str) -> None:
    diagram = NetworkDiagram(network(4, 4, 3), edge_labels=kind)
    for edges, labels in zip(diagram.edge_layers, diagram.edge_labels, strict=True):
        covered = []
        for own, (_, _, edge) in zip(labels, edges.edges(), strict=True):
            way = edge.course.at(np.linspace(0, 1, 201))
            others = [label.plate for label in labels if label is not own]
            half = np.array([[plate.width, plate.height] for plate in others]) / 2
            apart = np.abs(way[:, np.newaxis] - [plate.get_center() for plate in others])
            covered.append((apart[..., :2] < half).all(axis=-1).any(axis=-1).mean())
        assert np.mean(covered) <= 0.25


def test_without_a_visible_edge_there_is_no_label() -> None:
    weights = np.ones((9, 9))
    weights[4, 4] = 2.0
    shown = Network.from_weights([weights], [np.zeros(9)], "tanh")
    options = {"edge_labels": "weights", "edge_threshold": 1.0, "max_neurons": 3}
    assert not labels_of(NetworkDiagram(shown, **options))


def test_a_box_that_is_too_small_is_refused() -> None:
    diagram = NetworkDiagram(network(6, 6), edge_labels="weights")
    with pytest.raises(ValueError, match=r"edge_labels do not fit .*, or none$"):
        diagram.fit(Box(-1, 1, -1, 1))


def test_labels_follow_the_weights() -> None:
    before, after = network(3, 4, 2), network(3, 4, 2, seed=7)
    diagram = NetworkDiagram(before, edge_labels="weights")
    scene = Scene(skip_animations=True)
    scene.play(FadeIn(diagram))
    scene.play(WeightUpdate(diagram, before, after))
    assert texts_of(diagram) == weights_of(after)
    diagram.set_weights(before, share=0.5, start=after)
    middle = (before.layers[0].weights + after.layers[0].weights) / 2
    assert texts_of(diagram)[:12] == [figures(float(w), signed=True) for w in middle.ravel()]


def test_a_longer_number_is_shortened_to_its_plate() -> None:
    small = Network.from_weights([[[0.25]]], [[0.0]], "tanh")
    large = Network.from_weights([[[-1250.375]]], [[0.0]], "tanh")
    (label,) = labels_of(NetworkDiagram(small, edge_labels="weights").set_weights(large))
    assert label.text.text == "−1.3k"
    assert label.text.value == -1250.375


@pytest.mark.parametrize("played", [False, True], ids=["at once", "animated"])
def test_labels_follow_the_layout(played: bool) -> None:
    diagram = NetworkDiagram(network(5, 2, 2, 5), edge_labels="weights")
    if played:
        scene = Scene(skip_animations=True)
        scene.add(diagram)
        scene.play(diagram.animate.fit(LEFT_BOX))
    else:
        diagram.fit(LEFT_BOX)
    assert is_readable(diagram)
    assert is_readable(diagram.copy())


def test_hidden_edges_have_no_label() -> None:
    first, second = (network(16, 16, seed=seed) for seed in (1, 2))
    for shown in (first, second):
        diagram = NetworkDiagram(first, edge_labels="weights", edge_threshold=0.92)
        diagram.set_weights(shown)
        weights = shown.layers[0].weights
        there = weights[np.abs(weights) >= np.quantile(np.abs(weights), 0.92)]
        assert texts_of(diagram) == [figures(float(w), signed=True) for w in there]


def test_labels_are_dimmed_with_their_edges() -> None:
    diagram = NetworkDiagram(network(2, 3), edge_labels="weights", highlight=[(0, 1), (1, 2)])
    opacities = [label.text.get_fill_opacity() for label in labels_of(diagram)]
    assert opacities[5] == 1
    assert max(opacities[:5]) < 0.7
    diagram.focus(None)
    assert {label.text.get_fill_opacity() for label in labels_of(diagram)} == {1.0}


@pytest.mark.parametrize("sizes", [(3, 3, 2), (16, 16)], ids=["few", "a bundle"])
def test_an_edge_that_stands_out_lies_between_dimmed_labels_and_its_own(
    sizes: tuple[int, ...],
) -> None:
    threshold = 0.85 if sizes == (16, 16) else 0.0
    diagram = NetworkDiagram(network(*sizes), edge_labels="weights", edge_threshold=threshold)
    edges = diagram.edge_layers[0]
    seen = np.argwhere(edges.paint.visible(edges.weights))
    j, k = map(int, seen[len(seen) // 2])
    diagram.highlight([(0, k), (1, j)])
    order = Camera().get_mobjects_to_display([diagram])
    bright = edges.edge(k, j) if sizes != (16, 16) else edges.lines()[-1]
    neurons = min(order.index(neuron.disc) for column in diagram.neuron_layers for neuron in column)
    for (target, source), label in zip(seen, diagram.edge_labels[0], strict=True):
        places = [order.index(label.plate), order.index(label.text)]
        if (target, source) == (j, k):
            assert order.index(bright) < places[0] < places[1] < neurons
        else:
            assert places[0] < places[1] < order.index(bright)
    diagram.focus(None)
    order = Camera().get_mobjects_to_display([diagram])
    last = max(map(order.index, edges.lines()))
    assert all(order.index(label.plate) > last for label in labels_of(diagram))
