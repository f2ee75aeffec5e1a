"""Wrong arguments are refused with one sentence: where, what was found, what is expected."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from manim import DOWN, RED

from netviz.animation import (
    BackwardPass,
    BlameNeuron,
    FillNeuron,
    ForwardPass,
    LightEdges,
    LightGradient,
    WeightUpdate,
)
from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.drawing import NetworkDiagram

SIZES = (3, 4, 2)
NETWORK = Network.random(SIZES, "tanh", rng=2)
OTHER = Network.random((2, 5, 5, 1), "tanh", rng=2)


def passes(network: Network, x: np.ndarray) -> tuple[ForwardTrace, BackwardTrace]:
    trace = forward(network, x)
    return trace, backward(network, trace, np.zeros_like(trace.prediction))


TRACE, BLAME = passes(NETWORK, np.array([0.9, -0.3, 0.5]))
WRONG = {
    "another network": (*passes(OTHER, np.ones(2)), r"sizes \(2, 5, 5, 1\) .*: expected \(3, 4, 2"),
    "a batch": (*passes(NETWORK, np.ones((6, 3))), r"batch axes \(6,\): expected .* one sample"),
    "the other kind": (BLAME, TRACE, "trace is a (For|Back)wardTrace: expected a (For|Back)wardT"),
    "a network": (NETWORK, NETWORK, "trace is a Network: expected a (For|Back)wardTrace"),
}
OF_FORWARD: dict[str, Callable[..., object]] = {
    "show_activations": lambda diagram, trace: diagram.show_activations(trace),
    "FillNeuron": lambda diagram, trace: FillNeuron(diagram, trace, 1, 0),
    "ForwardPass": ForwardPass,
}
OF_BACKWARD: dict[str, Callable[..., object]] = {
    "show_blame": lambda diagram, trace: diagram.show_blame(trace),
    "scale_to": lambda diagram, trace: diagram.show_blame(BLAME, scale_to=trace),
    "BlameNeuron": lambda diagram, trace: BlameNeuron(diagram, trace, 1, 0),
    "LightGradient": LightGradient,
    "BackwardPass": BackwardPass,
    "compared": lambda diagram, trace: BackwardPass(diagram, BLAME, scale_to=trace, layers=[1]),
}


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("taker", [*OF_FORWARD, *OF_BACKWARD])
def test_a_trace_must_be_of_one_sample_through_the_diagrams_network(
    diagram: NetworkDiagram, taker: str, wrong: str
) -> None:
    trace, blame, sentence = WRONG[wrong]
    take = {**OF_FORWARD, **OF_BACKWARD}[taker]
    with pytest.raises(ValueError, match=sentence):
        take(diagram, trace if taker in OF_FORWARD else blame)
    assert all(neuron.value is neuron.blame is None for neuron in diagram.layer(1))


@pytest.mark.parametrize(
    "make",
    [
        lambda: ForwardPass(NETWORK, TRACE),
        lambda: BackwardPass(NETWORK, BLAME),
        lambda: FillNeuron(NETWORK, TRACE, 1, 0),
        lambda: BlameNeuron(NETWORK, BLAME, 1, 0),
        lambda: LightGradient(NETWORK, BLAME),
        lambda: WeightUpdate(NETWORK, NETWORK, NETWORK),
    ],
)
def test_animations_are_about_a_diagram_not_a_network(make: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match="diagram is a Network: expected a NetworkDiagram"):
        make()


ARGUMENTS: list[tuple[Callable[[NetworkDiagram], object], str]] = [
    (lambda d: d.show_blame(BLAME, layers=[0]), "layers has 0: expected 1 to 2"),
    (lambda d: d.show_activations(TRACE, layers=[3]), "layers has 3: expected 0 to 2"),
    (lambda d: d.show_activations(TRACE, layers="all"), "layers is 'all': expected numbers"),
    (lambda d: BlameNeuron(d, BLAME, 0, 0), "layer is 0: expected 1 to 2; the input has no blame"),
    (lambda d: ForwardPass(d, TRACE, layers=1.5), "layers is 1.5: expected numbers"),
    (lambda d: ForwardPass(d, TRACE, neurons=["a"]), "neurons has 'a': expected 0 to 3"),
    (lambda d: ForwardPass(d, TRACE, edges=(0, 1, 2)), r"edges has 0: expected addresses \(layer"),
    (lambda d: ForwardPass(d, TRACE, edges=[(0, 1)]), r"edges has \(0, 1\): expected addresses"),
    (lambda d: ForwardPass.by_neuron(d, TRACE, detail="layer"), "detail is 'layer': expected none"),
    (lambda d: d.focus(d.edge(0, 1, 2)), r"edges is an Edge: expected several, such as \[edge\]"),
    (lambda d: d.focus((0, 1, 2)), r"edges has 0: expected addresses \(layer, source, target\)"),
    (lambda d: d.highlight([(1, 7)]), "highlight: layer 1 has no neuron 7: expected 0 to 3"),
    (lambda d: d.highlight((1, 2)), r"highlight is \(1, 2\): expected pairs \(layer, neuron\)"),
    (lambda d: LightEdges(d, [(0, 1, 2)], [1, 2]), "strengths has 2 entries: expected 1"),
    (lambda d: d.fit("lefft"), "box is 'lefft': expected one of frame, .* did you mean 'left'"),
    (lambda d: WeightUpdate(d, NETWORK, BLAME), "after is a BackwardTrace: expected a Network"),
]


STYLED: list[tuple[dict[str, object], str]] = [
    ({"direction": "up"}, "direction is 'up': expected 'right' or 'down'"),
    ({"direction": DOWN}, "direction is a ndarray: expected 'right' or 'down'"),
    ({"biases": "yes"}, "biases is 'yes': expected 'hidden', 'numbers' or 'neurons'"),
    ({"edge_labels": True}, "edge_labels is True: expected 'none', 'weights' or 'names'"),
    ({"numbers": "no"}, "numbers is 'no': expected True or False"),
    ({"braces": 1}, "braces is 1: expected True or False"),
    (
        {"max_neurons": 3.5},
        "max_neurons is 3.5: expected an integer of at least 3, or None for all",
    ),
    ({"max_neurons": "all"}, "max_neurons is 'all': expected an integer of at least 3, or None"),
    ({"max_neurons": True}, "max_neurons is True: expected an integer of at least 3"),
    ({"neuron_size": "big"}, "neuron_size is 'big': expected a number of at least 0.001, or None"),
    ({"layer_spacing": -1}, "layer_spacing is -1: expected a number of at least 0.001, or None"),
    ({"neuron_spacing": np.inf}, "neuron_spacing is inf: expected a number of at least 0.001"),
    ({"edge_threshold": 1.5}, "edge_threshold is 1.5: expected a number from 0 to 1"),
    ({"edge_threshold": "0.5"}, "edge_threshold is '0.5': expected a number from 0 to 1"),
    ({"names": "abc"}, "names is 'abc': expected a text for each layer, such as ('x', 'h', 'y')"),
    ({"names": ("x", 1, "y")}, "names is ('x', 1, 'y'): expected a text for each layer"),
    ({"names": ("x", "y")}, "names has 2 entries: expected 3"),
    ({"captions": "abc"}, "captions is 'abc': expected a text for each layer"),
    ({"captions": None}, "captions is None: expected a text for each layer"),
    ({"neuron_labels": {-1: "ab"}}, "neuron_labels[-1] is 'ab': expected a text for each neuron"),
    ({"neuron_labels": {-1: (0, 1)}}, "neuron_labels[-1] is (0, 1): expected a text for each neu"),
    ({"neuron_labels": ["cat", "dog"]}, "neuron_labels is ['cat', 'dog']: expected texts by layer"),
    ({"neuron_labels": None}, "neuron_labels is None: expected texts by layer, such as {0: ("),
    ({"neuron_labels": {"out": ("a", "b")}}, "neuron_labels is {'out': ('a', 'b')}: expected text"),
    ({"neuron_labels": {9: ("a",)}}, "neuron_labels has layer 9: expected 0 to 2, or -1 for the"),
    ({"neuron_labels": {2: ("a", "b"), -1: ("a", "b")}}, "neuron_labels has both -1 and 2, which"),
    ({"neuron_labels": {-1: ("a",)}}, "neuron_labels[-1] has 1 entries: expected 2"),
    ({"layer_colors": "#50BCFE"}, "layer_colors is '#50BCFE': expected a colour for each layer"),
    ({"layer_colors": RED}, "layer_colors is a ManimColor: expected a colour for each layer"),
    ({"layer_colors": ("", "red", "")}, "layer_colors has 'red': expected a colour for each layer"),
    ({"layer_colors": (None,) * 3}, "layer_colors has None: expected a colour for each layer"),
    ({"highlight": (1, 2)}, "highlight is (1, 2): expected pairs (layer, neuron), such as [(0, 1)"),
    ({"highlight": [0, 1]}, "highlight is [0, 1]: expected pairs (layer, neuron)"),
    ({"highlight": [(1, 7)]}, "highlight has neuron 7 of layer 1: expected 0 to 3"),
    ({"highlight": [(3, 0)]}, "highlight has layer 3: expected 0 to 2"),
    ({"skips": [(0, 2)]}, "NetworkDiagram has no option 'skips'"),
    ({"edge_label": "names"}, "; did you mean 'edge_labels'?"),
    ({"zzz": 1}, "NetworkDiagram has no option 'zzz': expected one of max_neurons, input_grid, "),
    ({"theme": "ligth"}, "theme is 'ligth': expected one of dark, light"),
    ({"words": "kr"}, "language is 'kr': expected one of "),
    ({"box": (1, 2, 3, 4)}, "box is (1, 2, 3, 4): expected one of frame, wide, left, right"),
]


@pytest.mark.parametrize(("options", "sentence"), STYLED, ids=str)
def test_wrong_options_are_refused(options: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        NetworkDiagram(NETWORK, **options)


@pytest.mark.parametrize(
    ("network", "found"),
    [
        (5, "5"),
        ([3, 4, 2], "[3, 4, 2]"),
        ("3-4-2", "'3-4-2'"),
        (TRACE, "a ForwardTrace"),
        (Network, "the class Network"),
    ],
)
def test_a_diagram_is_made_from_a_network(network: Any, found: str) -> None:
    expected = "expected a Network, such as Network.random([3, 4, 2], rng=0)"
    with pytest.raises(ValueError, match=re.escape(f"network is {found}: {expected}")):
        NetworkDiagram(network)


def test_lists_and_colours_of_manim_are_as_good_as_tuples_and_hex() -> None:
    style = NetworkDiagram(
        NETWORK,
        names=["x", "h", "y"],
        neuron_labels={-1: ["cat", "dog"]},
        layer_colors=[RED, "", "#112233"],
        highlight=np.array([[0, 1], [1, 2]]),
    ).style
    assert style.names == ("x", "h", "y")
    assert style.neuron_labels == {-1: ("cat", "dog")}
    assert style.layer_colors == (RED.to_hex(), "", "#112233")
    assert style.highlight == ((0, 1), (1, 2))


PARTS: list[tuple[Callable[[NetworkDiagram], object], str]] = [
    (
        lambda d: d.edge(2, 0, 0),
        "layer 2, the output, has no edges out of it: expected a layer from 0",
    ),
    (lambda d: d.edges_out_of(2, 0), "layer 2, the output, has no edges out of it"),
    (
        lambda d: d.edges_into(0, 0),
        "layer 0, the input, has no edges into it: expected a layer from 1",
    ),
    (lambda d: d.edges_into(1, 4), "layer 1 has no neuron 4: expected 0 to 3"),
    (lambda d: d.edges_out_of(0, 3), "layer 0 has no neuron 3: expected 0 to 2"),
    (lambda d: d.edge(0, 3, 0), "layer 0 has no neuron 3: expected 0 to 2"),
    (lambda d: d.layer(3), "layer is 3: expected 0 to 2"),
    (lambda d: d.skip(0, 2), "the network has no residual connection from layer 0 to layer 2"),
    (lambda d: d.focus([(0, 0, 9)]), "layer 1 has no neuron 9: expected 0 to 3"),
]


@pytest.mark.parametrize(("ask", "sentence"), PARTS)
def test_parts_that_do_not_exist_are_refused(
    diagram: NetworkDiagram, ask: Callable[[NetworkDiagram], object], sentence: str
) -> None:
    with pytest.raises(IndexError, match=sentence):
        ask(diagram)


@pytest.mark.parametrize("none", [None, [], ()])
def test_highlighting_nothing_dims_nothing(diagram: NetworkDiagram, none: Any) -> None:
    assert diagram.highlight([(1, 0)]).brightness().min() < 1
    assert (diagram.highlight(none).brightness() == 1).all()


def test_edges_may_be_given_by_their_addresses(diagram: NetworkDiagram) -> None:
    addresses = [(0, 1, 2), (1, 2, 0)]
    edges = [diagram.edge(*address) for address in addresses]
    by_edge = diagram.focus(edges).brightness()
    assert (diagram.focus(None).focus(addresses).brightness() == by_edge).all()
    lights = LightEdges(diagram, addresses, [1.0, -0.5])
    lights.begin()
    lights.finish()
    assert [edge.flow.has_points() for edge in edges] == [True, True]
    assert not diagram.edge(0, 0, 0).flow.has_points()


@pytest.mark.parametrize(("ask", "sentence"), ARGUMENTS)
def test_wrong_arguments_are_refused(
    diagram: NetworkDiagram, ask: Callable[[NetworkDiagram], object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        ask(diagram)


def test_one_layer_or_neuron_needs_no_list(diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE, layers=1).show_blame(BLAME, layers=np.int64(2))
    assert [neuron.value is None for neuron in (diagram.neuron(0, 0), diagram.neuron(1, 0))] == [
        True,
        False,
    ]
    lone = ForwardPass(diagram, TRACE, layers=2, neurons=0)
    listed = ForwardPass(diagram, TRACE, layers=[2], neurons=[0])
    assert [(span.start, span.end) for span in lone.spans] == [
        (span.start, span.end) for span in listed.spans
    ]
