"""The sum of a neuron is written on its edges: the core's numbers, in an open gap."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Scene

from netviz.animation import AddUp, OpenGap
from netviz.core import Network, backward, forward
from netviz.drawing import EdgeSum, NetworkDiagram
from netviz.drawing.edge_sum import MOST_TERMS
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import unit_of, value_of
from netviz.problems import ProblemError
from tests.scenes.arithmetic import of_edge_sum

NETWORK = Network.random([5, 3, 2, 4], "tanh", rng=3)
TRACE = forward(NETWORK, [0.9, 0.1, -0.8, 0.2, 0.6])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0, 0.0, 1.0])


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, box="stage").show_activations(TRACE, layers=0)


def widths(diagram: NetworkDiagram) -> list[float]:
    x = [float(layer[0].disc.get_x()) for layer in diagram.neuron_layers]
    return list(np.diff(x))


@pytest.mark.parametrize("gap", [0, 1, 2])
@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("direction", ["right", "down"])
def test_the_open_gap_is_the_widest_and_the_diagram_stays_in_its_box(
    gap: int, back: bool, direction: str
) -> None:
    diagram = NetworkDiagram(NETWORK, box="stage", direction=direction).open_gap(gap, back=back)
    axis = 0 if direction == "right" else 1
    places = [layer[0].disc.get_center()[axis] for layer in diagram.neuron_layers]
    distances = np.abs(np.diff(places))
    assert diagram.gap == gap
    assert distances[gap] >= 0.3 * distances.sum()
    for layer in diagram.neuron_layers:
        for neuron in layer:
            x, y, _ = neuron.disc.get_center()
            assert diagram.box.left <= x - neuron.radius + 1e-6
            assert x + neuron.radius <= diagram.box.right + 1e-6
            assert diagram.box.bottom <= y <= diagram.box.top


def test_a_gap_that_does_not_exist_is_refused(diagram: NetworkDiagram) -> None:
    with pytest.raises(ProblemError, match="gap is 3: expected a layer from 0 to 2, or None"):
        diagram.open_gap(3)


def test_a_closed_gap_leaves_the_diagram_as_it_was(diagram: NetworkDiagram) -> None:
    before = widths(diagram)
    assert widths(diagram.open_gap(1).open_gap(None)) == pytest.approx(before)
    assert diagram.gap is None


def test_terms_are_the_contributions_of_the_core(diagram: NetworkDiagram) -> None:
    edge_sum = EdgeSum(diagram.open_gap(0), TRACE, 1, 2).show_all()
    record = TRACE.layers[0]
    assert [term.product for term in edge_sum.terms] == list(record.contributions[2])
    assert [term.edge.address for term in edge_sum.terms] == [(0, k, 2) for k in range(5)]
    assert edge_sum.sum.value == record.z[2]


def test_shares_add_up_before_the_neuron(diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME, layers=3)
    edge_sum = EdgeSum(diagram.open_gap(2, back=True), BLAME, 2, 1).show_all()
    assert [term.product for term in edge_sum.terms] == list(BLAME.layers[2].shares[:, 1])
    assert edge_sum.sum.value == BLAME.layers[1].activation_gradient[1]
    assert edge_sum.sum.get_right()[0] < diagram.neuron(2, 1).disc.get_left()[0]


def test_what_is_printed_agrees_with_a_calculator(diagram: NetworkDiagram) -> None:
    edge_sum = EdgeSum(diagram.open_gap(0), TRACE, 1, 0)
    for k in range(len(edge_sum.terms)):
        value, weight = edge_sum.values[k].texts[0].text, edge_sum.weights[k].texts[1].text
        product = edge_sum.products[k].texts[0].text
        off = abs(value_of(value) * value_of(weight) - value_of(product))
        assert off <= unit_of(product)


@pytest.mark.parametrize("seed", range(4))
def test_sums_agree_with_what_the_neurons_show(seed: int) -> None:
    network = Network.random([8, 5, 2], "tanh", rng=seed)
    trace = forward(network, np.random.default_rng(seed).normal(size=8))
    diagram = NetworkDiagram(network, box="stage").show_activations(trace).open_gap(0)
    for i in range(5):
        written = EdgeSum(diagram, trace, 1, i).show_all()
        assert list(of_edge_sum(written)) == []


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("gap", [0, 3, 6])
def test_a_gap_of_a_deep_network_has_room_for_numbers(gap: int, back: bool) -> None:
    network = Network.random([2, 3, 3, 3, 3, 3, 3, 2], "tanh", rng=1)
    diagram = NetworkDiagram(network, box="stage").open_gap(gap, back=back)
    assert widths(diagram)[gap] >= 3.0
    x = [float(layer[0].disc.get_x()) for layer in diagram.neuron_layers]
    small = [layer[0].radius for layer in diagram.neuron_layers]
    assert min(b - a - r - s for a, b, r, s in zip(x, x[1:], small, small[1:], strict=False)) > 0


def test_long_labels_are_cut_off_while_a_gap_is_open() -> None:
    labels = {0: ["systolic blood pressure before breakfast", "age"], -1: ["needs examination"] * 2}
    network = Network.random([2, 3, 2], "tanh", rng=1)
    diagram = NetworkDiagram(network, box="stage", neuron_labels=labels)
    texts = [[neuron.texts.label for neuron in diagram.layer(layer)] for layer in (0, 2)]
    whole = [label.text for column in texts for label in column]
    diagram.open_gap(0)
    assert texts[0][0].text.endswith("…")
    assert texts[0][1].text == "age"
    # Those of a layer that is moved aside may disappear.
    assert [label.text for label in texts[1]] == ["", ""]
    assert widths(diagram)[0] >= 3.0
    diagram.layout_with_gap(None)
    assert texts[0][0].text.endswith("…")
    diagram.open_gap(None)
    assert [label.text for column in texts for label in column] == whole


@pytest.mark.parametrize("inputs", [3, 8])
def test_weights_and_products_of_a_narrow_gap_do_not_touch(inputs: int) -> None:
    network = Network.random([inputs, 4, 3], "tanh", rng=2)
    trace = forward(network, np.linspace(-0.9, 0.9, inputs))
    box = Box(-5, 2, -2.75, 2.88)
    diagram = NetworkDiagram(network, box=box).show_activations(trace, layers=0).open_gap(0)
    edge_sum = EdgeSum(diagram, trace, 1, 0).show_all()
    plates = [text.plate for text in (*edge_sum.weights, *edge_sum.products)]
    sizes = [text.texts[-1].em for text in (*edge_sum.weights, *edge_sum.products)]
    assert min(sizes) >= 0.999 * edge_sum.theme.smallest_text
    right = max(made.get_right()[0] for made in plates[: len(edge_sum.weights)])
    left = min(made.get_left()[0] for made in plates[len(edge_sum.weights) :])
    assert right <= left + 1e-6


def test_texts_do_not_touch_each_other() -> None:
    network = Network.random([8, 8, 2], "tanh", rng=1)
    trace = forward(network, np.linspace(-0.9, 0.9, 8))
    diagram = NetworkDiagram(network, box="stage").show_activations(trace, layers=0)
    edge_sum = EdgeSum(diagram.open_gap(0), trace, 1, 4).show_all()
    for column in (edge_sum.weights, edge_sum.products):
        heights = sorted(float(text.get_y()) for text in column)
        assert min(np.diff(heights)) >= 0.95 * edge_sum.products[0].texts[0].em


def test_of_many_edges_the_strongest_are_written_and_the_others_summed() -> None:
    network = Network.random([40, 3, 2], "tanh", rng=1)
    trace = forward(network, np.linspace(0.1, 0.9, 40))
    diagram = NetworkDiagram(network, box="stage").show_activations(trace, layers=0)
    edge_sum = EdgeSum(diagram.open_gap(0), trace, 1, 0).show_all()
    assert 1 <= len(edge_sum.terms) <= MOST_TERMS
    written = sum(term.product for term in edge_sum.terms)
    hidden = 40 - len(edge_sum.terms)
    assert f"+ {hidden} more =" in edge_sum.others[0].texts[0].text
    rest = edge_sum.others[0].texts[1].value
    assert written + rest + network.layers[0].bias[0] == pytest.approx(trace.layers[0].z[0])
    assert edge_sum.sum.value == trace.layers[0].z[0]


def test_what_arrives_over_a_skip_connection_is_added() -> None:
    network = Network.random([3, 3, 3], "tanh", skips=[(0, 2)], rng=1)
    trace = forward(network, [0.5, -0.2, 0.8])
    diagram = NetworkDiagram(network, box="stage").show_activations(trace)
    edge_sum = EdgeSum(diagram.open_gap(1), trace, 2, 1).show_all()
    assert [line.texts[0].text for line in edge_sum.extras] == ["bias", "skip"]
    assert edge_sum.extras[1].texts[1].value == trace.input[1]


def test_a_sum_is_added_up_in_time_and_ends_at_the_total(diagram: NetworkDiagram) -> None:
    scene = Scene(skip_animations=True)
    scene.add(diagram)
    scene.play(OpenGap(diagram, 0))
    edge_sum = EdgeSum(diagram, TRACE, 1, 0)
    scene.play(AddUp(edge_sum, slow=True))
    assert edge_sum.sum.value == TRACE.layers[0].z[0]
    assert diagram.gap == 0


def test_a_product_of_zero_is_written_but_sends_no_light() -> None:
    network = Network.from_weights([[[0.5, 0.0, 0.4]]], [[0.0]], "identity")
    trace = forward(network, [1.0, 1.0, 0.0])
    diagram = NetworkDiagram(network, box="stage").show_activations(trace, layers=0).open_gap(0)
    written = EdgeSum(diagram, trace, 1, 0).show_all()
    assert [term.edge.flow.has_points() for term in written.terms] == [True, False, False]
    assert [product.texts[0].text for product in written.products] == ["+0.50", "0", "0"]


@pytest.mark.parametrize(
    ("layer", "trace", "sentence"),
    [
        (0, TRACE, "layer is 0: expected a layer from 1 to 3"),
        (3, BLAME, "layer is 3: expected a layer from 1 to 2"),
    ],
)
def test_a_layer_that_receives_nothing_is_refused(
    diagram: NetworkDiagram, layer: int, trace: object, sentence: str
) -> None:
    with pytest.raises(ProblemError, match=sentence):
        EdgeSum(diagram, trace, layer, 0)


def test_a_still_writes_the_sum_of_the_neuron_that_its_style_names() -> None:
    diagram = NetworkDiagram(NETWORK, sum_of=(2, 1))
    assert diagram.gap == 1
    diagram.show_activations(TRACE)
    assert diagram.sums[0].sum.value == TRACE.layers[1].z[1]
    diagram.show_blame(BLAME)
    assert diagram.gap == 2
    assert diagram.sums[0].sum.value == BLAME.layers[1].activation_gradient[1]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ((0, 1), "sum_of has layer 0: expected 1 to 3, the layers after the input"),
        ((1, 3), "sum_of has neuron 3 of layer 1: expected 0 to 2"),
        (7, r"sum_of is 7: expected a pair \(layer, neuron\), such as \(1, 0\)"),
    ],
)
def test_a_neuron_without_a_sum_is_refused(option: object, sentence: str) -> None:
    with pytest.raises(ProblemError, match=sentence):
        NetworkDiagram(NETWORK, sum_of=option)
