"""What a new user tells wrongly is answered with one sentence: what, what was found, what else."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from netviz.animation import (
    BackwardPass,
    BlameNeuron,
    FillNeuron,
    ForwardPass,
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
    "beside": lambda diagram, trace: diagram.show_blame(BLAME, beside=trace),
    "BlameNeuron": lambda diagram, trace: BlameNeuron(diagram, trace, 1, 0),
    "LightGradient": LightGradient,
    "BackwardPass": BackwardPass,
    "compared": lambda diagram, trace: BackwardPass(diagram, BLAME, beside=trace, layers=[1]),
}


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK)


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("taker", [*OF_FORWARD, *OF_BACKWARD])
def test_what_takes_a_trace_takes_only_one_sample_of_its_network(
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


ASKED: list[tuple[Callable[[NetworkDiagram], object], str]] = [
    (lambda d: d.show_blame(BLAME, layers=[0]), "layers has 0: expected 1 to 2"),
    (lambda d: d.show_activations(TRACE, layers=[3]), "layers has 3: expected 0 to 2"),
    (lambda d: d.show_activations(TRACE, layers="all"), "layers is 'all': expected numbers"),
    (lambda d: BlameNeuron(d, BLAME, 0, 0), "layer is 0: expected 1 to 2; the input has no blame"),
    (lambda d: ForwardPass(d, TRACE, layers=1.5), "layers is 1.5: expected numbers"),
    (lambda d: ForwardPass(d, TRACE, neurons=["a"]), "neurons has 'a': expected 0 to 3"),
    (lambda d: ForwardPass(d, TRACE, edges=(0, 1, 2)), r"edges has 0: expected addresses \(layer"),
    (lambda d: ForwardPass(d, TRACE, edges=[(0, 1)]), r"edges has \(0, 1\): expected addresses"),
    (lambda d: ForwardPass.by_neuron(d, TRACE, detail="layer"), "detail is 'layer' beside by_neu"),
    (lambda d: WeightUpdate(d, NETWORK, BLAME), "after is a BackwardTrace: expected a Network"),
]


@pytest.mark.parametrize(("ask", "sentence"), ASKED)
def test_what_is_not_there_is_not_asked_for(
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
