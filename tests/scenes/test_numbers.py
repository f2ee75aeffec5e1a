"""The check of the numbers on screen finds wrong numbers and numbers at the wrong place."""

from __future__ import annotations

import pytest
from manim import Mobject

from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.drawing.text import Number, TextLabel
from netviz.spec import describe, load
from netviz.theme import DARK_THEME

from .numbers import CoreNumbers
from .screen import Screen

EXAMPLE = load("5-2-2-5")
TRACE = forward(EXAMPLE.network, EXAMPLE.input)
BLAME = backward(EXAMPLE.network, TRACE, EXAMPLE.target, EXAMPLE.loss)
CORRECTED = EXAMPLE.network.updated(BLAME, EXAMPLE.learning_rate)


@pytest.fixture(scope="module")
def numbers() -> CoreNumbers:
    return CoreNumbers(EXAMPLE)


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(EXAMPLE.network, biases="numbers", edge_labels="weights")


def complaints(numbers: CoreNumbers, *mobjects: Mobject) -> list[str]:
    return list(numbers.complaints(Screen(mobjects, DARK_THEME.background)))


def test_the_numbers_of_a_diagram_are_the_core_s(
    numbers: CoreNumbers, diagram: NetworkDiagram
) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME)
    assert complaints(numbers, diagram) == []


def test_the_parameters_may_be_corrected_while_the_old_passes_are_shown(
    numbers: CoreNumbers, diagram: NetworkDiagram
) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME).set_weights(CORRECTED)
    assert complaints(numbers, diagram) == []


def test_swapped_activations_are_found(numbers: CoreNumbers, diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE)
    one, other = diagram.neuron(3, 0), diagram.neuron(3, 1)
    one_value, other_value = one.value, other.value
    one.set_activation(other_value, 0.5)
    other.set_activation(one_value, 0.5)
    assert all(map(numbers.holds, (one_value, other_value)))
    assert [sentence.split(" shows ")[0] for sentence in complaints(numbers, diagram)] == [
        "activation(3, 0)",
        "activation(3, 1)",
    ]


def test_swapped_blames_are_found(numbers: CoreNumbers, diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME)
    one, other = diagram.neuron(2, 0), diagram.neuron(2, 1)
    one_blame, other_blame = one.blame, other.blame
    one.set_blame(other_blame, 0.5)
    other.set_blame(one_blame, 0.5)
    assert [sentence.split(" shows ")[0] for sentence in complaints(numbers, diagram)] == [
        "blame(2, 0)",
        "blame(2, 1)",
    ]


def test_a_blame_of_another_moment_is_found(numbers: CoreNumbers, diagram: NetworkDiagram) -> None:
    later = backward(CORRECTED, forward(CORRECTED, EXAMPLE.input), EXAMPLE.target, EXAMPLE.loss)
    diagram.show_activations(TRACE).show_blame(BLAME)
    diagram.neuron(3, 2).set_blame(float(later.layers[-1].blame[2]), 0.5)
    (sentence,) = complaints(numbers, diagram)
    assert sentence.startswith("blame(3, 2) shows ")


def test_a_bias_of_another_neuron_is_found(numbers: CoreNumbers, diagram: NetworkDiagram) -> None:
    texts = diagram.neuron(3, 0).texts
    assert texts.bias is not None
    texts.bias.set_value(float(EXAMPLE.network.layers[2].bias[1]))
    assert [sentence.split(" shows ")[0] for sentence in complaints(numbers, diagram)] == [
        "bias(3, 0)"
    ]


@pytest.mark.parametrize("kind", ["contributions", "shares", "weight_gradient"])
def test_a_number_on_the_wrong_edge_is_found(
    numbers: CoreNumbers, diagram: NetworkDiagram, kind: str
) -> None:
    record = TRACE.layers[0] if kind == "contributions" else BLAME.layers[0]
    value = float(getattr(record, kind)[1, 3])  # from neuron 3 to neuron 1
    diagram = NetworkDiagram(EXAMPLE.network)
    right, wrong = (EdgeTag(diagram.edge(0, *edge), value, DARK_THEME) for edge in ((3, 1), (1, 0)))
    assert complaints(numbers, diagram, right) == []
    (sentence,) = complaints(numbers, diagram, wrong)
    assert sentence.startswith("edge(0, 1, 0) shows ")


def test_the_numbers_on_the_arc_of_a_residual_connection_are_in_order() -> None:
    network = Network.random([3, 4, 3], "tanh", rng=3, skips=[(0, 2)])
    example = describe(network, input=[0.5, -0.2, 0.8], target=[1.0, 0.0, 0.0])
    numbers, trace = CoreNumbers(example), forward(network, example.input)
    diagram = NetworkDiagram(network).show_activations(trace)
    color, carried = DARK_THEME.forward, trace.layers[1].skipped[0]
    diagram.skip(0, 2).set_flow(0, 1, 1, color, values=carried)
    assert complaints(numbers, diagram) == []
    diagram.skip(0, 2).set_flow(0, 1, 1, color, values=carried[[1, 0, 2]])
    assert [sentence.split(" shows ")[0] for sentence in complaints(numbers, diagram)] == [
        "skip(0, 2, 0)",
        "skip(0, 2, 1)",
    ]


def test_a_label_with_the_weight_of_another_edge_is_found(
    numbers: CoreNumbers, diagram: NetworkDiagram
) -> None:
    label = next(iter(diagram.edge_labels[0]))
    label.text.set_value(float(EXAMPLE.network.layers[0].weights[1, 4]))
    (sentence,) = complaints(numbers, diagram)
    assert sentence.startswith("weight(0, 0, 0) shows ")


def test_a_number_elsewhere_must_be_one_of_the_core_s(numbers: CoreNumbers) -> None:
    value = float(EXAMPLE.input[0])
    assert complaints(numbers, Number(value, DARK_THEME)) == []
    assert complaints(numbers, Number(value + 1e-6, DARK_THEME))


def test_a_caption_may_name_a_loss_and_no_other_number(numbers: CoreNumbers) -> None:
    loss = f"{numbers.losses[0]:.3f}"
    assert complaints(numbers, TextLabel(f"The loss is {loss}.", DARK_THEME)) == []
    assert complaints(numbers, TextLabel("The loss is 77.123.", DARK_THEME))


# ---- sums on edges, gap bars, loss --------------------------------------------------------------


def opened(back: bool = False) -> tuple[NetworkDiagram, EdgeSum]:
    """Return a diagram with an open gap, and the sum of a neuron: forward, or its shares."""
    diagram = NetworkDiagram(EXAMPLE.network, box="stage").show_activations(TRACE, layers=0)
    if back:
        diagram.show_blame(BLAME, layers=[3]).open_gap(2, back=True)
        return diagram, EdgeSum(diagram, BLAME, 2, 0).show_all()
    diagram.open_gap(0)
    return diagram, EdgeSum(diagram, TRACE, 1, 0).show_all()


@pytest.mark.parametrize("back", [False, True])
def test_the_numbers_of_a_sum_on_its_edges_are_the_core_s(numbers: CoreNumbers, back: bool) -> None:
    assert complaints(numbers, *opened(back)) == []


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("progress", [0.0, 0.3, 1.0])
def test_a_part_of_a_sum_is_the_sum_of_what_is_written(
    numbers: CoreNumbers, back: bool, progress: float
) -> None:
    diagram, shown = opened(back)
    layer, _ = shown.neuron_address
    edge_sum = EdgeSum(diagram, BLAME if back else TRACE, layer, 0)
    edge_sum.show_term(0, 1.0).show_term(2, 1.0)
    if 0 < progress < 1:
        edge_sum.show_term(1, progress)
    assert complaints(numbers, diagram, edge_sum) == []
    edge_sum.sum.show(edge_sum.sum.value + 0.1, "0.1")
    assert any("is not that of" in sentence for sentence in complaints(numbers, diagram, edge_sum))


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize(
    ("part", "kind"), [("products", "edge"), ("weights", "weight"), ("values", None)]
)
def test_numbers_of_a_sum_on_the_wrong_edges_are_found(
    numbers: CoreNumbers, back: bool, part: str, kind: str | None
) -> None:
    diagram, edge_sum = opened(back)
    one, other = (place.texts[-1] for place in getattr(edge_sum, part)[:2])
    one_value, other_value = one.value, other.value
    one.set_value(other_value).set_opacity(1)
    other.set_value(one_value).set_opacity(1)
    kind = kind or ("blame" if back else "activation")
    found = [sentence.split("(")[0] for sentence in complaints(numbers, diagram, edge_sum)]
    assert found == [kind, kind]


@pytest.mark.parametrize("back", [False, True])
def test_the_sum_of_another_neuron_is_found(numbers: CoreNumbers, back: bool) -> None:
    diagram, edge_sum = opened(back)
    layer, _ = edge_sum.neuron_address
    other = EdgeSum(diagram, BLAME if back else TRACE, layer, 1)
    edge_sum.total = other.total
    edge_sum.sum.set_value(other.total)
    assert f"sum({layer}, 0) shows {other.total}" in " ".join(
        complaints(numbers, diagram, edge_sum)
    )


def gap_bars(diagram: NetworkDiagram) -> GapBars:
    heights = [neuron.get_y() for neuron in diagram.layer(3)]
    return GapBars(EXAMPLE.target, TRACE.prediction, heights=heights)


def test_gap_bars_lead_from_the_core_s_predictions_to_the_targets(numbers: CoreNumbers) -> None:
    diagram = NetworkDiagram(EXAMPLE.network, box="stage").show_activations(TRACE)
    bars = gap_bars(diagram)
    assert complaints(numbers, diagram, bars) == []
    bars.show_prediction(TRACE.prediction)
    assert complaints(numbers, diagram, bars) == []
    bars.show_prediction(TRACE.prediction[::-1])
    assert complaints(numbers, diagram, bars) == [
        "the predictions of the gap bars are not those of one moment"
    ]


def test_a_gap_of_the_wrong_length_and_a_wrong_target_are_found(numbers: CoreNumbers) -> None:
    diagram = NetworkDiagram(EXAMPLE.network, box="stage").show_activations(TRACE)
    bars = gap_bars(diagram).show_prediction(TRACE.prediction, opening=0.5)
    assert any("the gap of row 0 covers" in sentence for sentence in complaints(numbers, bars))
    bars.show_prediction(TRACE.prediction).numbers[0].set_value(0.5)
    (sentence,) = complaints(numbers, diagram, bars)
    assert sentence.startswith("target(0,) shows 0.5")


def test_the_loss_is_the_core_s_and_its_bar_as_long(numbers: CoreNumbers) -> None:
    meter = LossMeter(numbers.losses[0])
    assert complaints(numbers, meter) == []
    assert complaints(numbers, meter.show_loss(numbers.losses[0])) == []
    assert complaints(numbers, meter.show_loss(numbers.losses[3])) == []
    meter.show_loss(numbers.losses[0]).bar.stretch(0.5, 0)
    assert "full instead of" in complaints(numbers, meter)[0]
    meter.show_loss(0.123456)
    assert "the loss 0.123456 is not the core's" in complaints(numbers, meter)
