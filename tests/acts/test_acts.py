"""Every act keeps its word about what it needs and what it leaves on screen."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, ClassVar

import numpy as np
import pytest
from manim import VGroup

from netviz.acts.backward import blame_before, output_blame, shares_sum, split_and_add
from netviz.acts.forward import one_neuron, quick_pass, remaining_layers, rest_of_layer
from netviz.acts.game import blame_game
from netviz.acts.loop import round_trip
from netviz.acts.loss import compare
from netviz.acts.opening import input_arrives, network_appears
from netviz.acts.overview import from_far_away
from netviz.acts.update import correct, training_steps
from netviz.core import ForwardTrace, Network, backward, forward
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.layout.box import LEFT_BOX
from netviz.drawing.notation import activation, gradient, slope, symbol
from netviz.drawing.panels.arithmetic import ProductTable
from netviz.drawing.text import Number
from netviz.export.take import LeapingRenderer
from netviz.scene import NetworkScene
from netviz.spec import load

Act = Callable[[NetworkScene], Any]

# With two hidden layers, with none, with so many inputs that tables are cut short, and with layers
# of which only the first and the last neurons are drawn.
SHAPES = ["2-3-3-1", "3-2", "9-2-1", "20-17-18"]
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)


def play(shape: str, act: Act) -> NetworkScene:
    """A scene that has played one act."""

    class Stage(NetworkScene):
        network = load(shape)

        def construct(self) -> None:
            act(self)

    scene = Stage()
    LeapingRenderer(scene, None)
    scene.render()
    return scene


def values(scene: NetworkScene, layer: int) -> list[float | None]:
    return [neuron.value for neuron in scene.diagram.layer(layer)]


def blames(scene: NetworkScene, layer: int) -> list[float | None]:
    return [neuron.blame for neuron in scene.diagram.layer(layer)]


def drawn(scene: NetworkScene, layer: int, numbers: np.ndarray) -> list[float]:
    """Those of a layer's numbers whose neurons are drawn."""
    return [float(numbers[i]) for i in scene.diagram.shown(layer)]


def is_filled(scene: NetworkScene, layer: int, trace: ForwardTrace | None = None) -> bool:
    numbers = (trace or scene.trace).activations[layer]
    return values(scene, layer) == drawn(scene, layer, numbers)


def is_blamed(scene: NetworkScene, layer: int) -> bool:
    return blames(scene, layer) == drawn(scene, layer, scene.blame.layers[layer - 1].blame)


def last(scene: NetworkScene) -> int:
    return len(scene.diagram.sizes) - 1


def with_values(scene: NetworkScene) -> None:
    scene.begin_on_left(scene.diagram.show_activations(scene.trace))


def with_blames(scene: NetworkScene) -> None:
    scene.begin_on_left(scene.diagram.show_activations(scene.trace).show_blame(scene.blame))


# ---- forward ------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_network_appears_empty_and_then_its_input(shape: str) -> None:
    scene = play(shape, network_appears)
    assert scene.diagram in scene.mobjects
    assert set(values(scene, 0)) == {None}
    scene = play(shape, lambda s: (s.add(s.diagram), input_arrives(s)))
    assert is_filled(scene, 0)
    assert set(values(scene, 1)) == {None}
    loose = [m for m in scene.mobjects if isinstance(m, Number)]
    assert not loose


def slow_forward(scene: NetworkScene) -> None:
    scene.begin_on_left(scene.diagram.show_activations(scene.trace, layers=[0]))
    panels = one_neuron(scene)
    filled = [value is not None for value in values(scene, 1)]
    assert filled == [True] + [False] * (len(filled) - 1)
    table = panels[0]
    assert isinstance(table, ProductTable)
    assert table.total.value == scene.trace.layers[0].z[0]
    panels = rest_of_layer(scene, panels)
    assert is_filled(scene, 1)
    remaining_layers(scene, panels)


@EVERY_SHAPE
def test_the_slow_forward_pass_fills_every_neuron_with_its_activation(shape: str) -> None:
    scene = play(shape, slow_forward)
    assert all(is_filled(scene, layer) for layer in range(last(scene) + 1))
    assert not scene.diagram.is_flowing()


def test_a_quick_pass_fills_all_at_once() -> None:
    scene = play("3-4-2", lambda s: (with_values(s), quick_pass(s, s.corrected_trace)))
    for layer in (1, 2):
        assert values(scene, layer) == list(scene.corrected_trace.activations[layer])


# ---- loss and blame -----------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_comparison_ends_with_the_loss(shape: str) -> None:
    kept: list[VGroup] = []
    scene = play(shape, lambda s: (with_values(s), kept.append(compare(s))))
    panel, readout = kept[0]
    assert readout.number.value == scene.blame.loss
    assert [n.value for n in panel.targets] == drawn(scene, last(scene), scene.example.target)
    errors = scene.trace.prediction - scene.example.target
    assert [n.value for n in panel.differences] == drawn(scene, last(scene), errors)


@EVERY_SHAPE
def test_first_the_outputs_have_their_blame(shape: str) -> None:
    scene = play(shape, lambda s: (with_values(s), output_blame(s)))
    assert is_blamed(scene, last(scene))
    for layer in range(1, last(scene)):
        assert set(blames(scene, layer)) == {None}


def slow_backward(scene: NetworkScene) -> None:
    with_values(scene)
    panels = split_and_add(scene, output_blame(scene))
    if last(scene) > 1:
        assert is_blamed(scene, last(scene) - 1)
    blame_before(scene, panels)


@EVERY_SHAPE
def test_the_slow_backward_pass_blames_every_neuron(shape: str) -> None:
    scene = play(shape, slow_backward)
    assert all(is_blamed(scene, layer) for layer in range(1, last(scene) + 1))
    assert set(blames(scene, 0)) == {None}
    assert not scene.diagram.is_flowing()


def test_shares_add_up_to_the_gradient_of_the_activation() -> None:
    scene = play("2-3-3-1", with_values)
    table = shares_sum(scene, 1, 2)
    shares = [row.product.value for row in table.rows]
    assert sum(shares) == pytest.approx(table.total.value)
    assert table.total.value == scene.blame.layers[0].activation_gradient[2]


# ---- game and update ----------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_blame_game_ends_with_every_edge_lit_by_its_gradient(shape: str) -> None:
    scene = play(shape, lambda s: (with_blames(s), blame_game(s)))
    for edges in scene.diagram.edge_layers:
        # A bundle has no single edges to look at.
        single = [edge.flow.has_points() for *_, edge in edges.edges()]
        assert edges.is_flowing() if isinstance(edges, Bundle) else all(single)


@EVERY_SHAPE
def test_the_correction_leaves_the_corrected_network_and_both_losses(shape: str) -> None:
    kept: list[VGroup] = []
    scene = play(shape, lambda s: (with_blames(s), kept.append(correct(s, VGroup()))))
    assert scene.diagram.network is scene.corrected
    assert scene.diagram.box == LEFT_BOX
    for layer in range(last(scene) + 1):
        assert is_filled(scene, layer, scene.corrected_trace)
        assert set(blames(scene, layer)) == {None}
    shown = [n.value for n in kept[0].get_family() if isinstance(n, Number)]
    for loss in (scene.blame.loss, scene.blame_in(scene.corrected).loss):
        assert float(loss) in shown


def trained(network: Network, scene: NetworkScene, steps: int) -> Network:
    for _ in range(steps):
        network = network.updated(scene.blame_in(network), scene.example.learning_rate)
    return network


def test_training_takes_as_many_true_steps_as_it_says() -> None:
    scene = play("3-4-2", lambda s: (with_values(s), training_steps(s, 5, key="update.repeat")))
    expected = trained(scene.example.network, scene, 5)
    for shown, right in zip(scene.diagram.network.layers, expected.layers, strict=True):
        assert np.array_equal(shown.weights, right.weights)
    final = forward(expected, scene.example.input)
    assert values(scene, 2) == list(final.prediction)
    loss = float(backward(expected, final, scene.example.target, scene.example.loss).loss)
    numbers = [m.value for p in scene.mobjects for m in p.get_family() if isinstance(m, Number)]
    assert loss in numbers


def test_the_loop_goes_forward_back_and_one_step_on() -> None:
    scene = play("3-4-2", round_trip)
    assert scene.diagram.network is scene.corrected
    assert values(scene, 2) == list(scene.corrected_trace.prediction)


def lying(name: str, story: Act) -> NetworkScene:
    """A scene whose diagram flows downwards, after its story."""

    class Stage(NetworkScene):
        network = load(name)
        options: ClassVar[dict[str, str]] = {"direction": "down"}

        def construct(self) -> None:
            story(self)

    scene = Stage()
    LeapingRenderer(scene, None)
    scene.render()
    return scene


@pytest.mark.parametrize("story", [round_trip, from_far_away])
def test_the_loop_and_the_overview_may_flow_downwards(story: Act) -> None:
    scene = lying("3-4-2", story)
    assert scene.diagram.style.direction == "down"
    assert all(value is not None for value in values(scene, 2))


@pytest.mark.parametrize("story", [with_values, lambda scene: scene.make_room()])
def test_rows_of_numbers_beside_neurons_ask_for_columns(story: Act) -> None:
    with pytest.raises(ValueError, match='direction is "down": expected "right"'):
        lying("3-4-2", story)


# ---- notation -----------------------------------------------------------------------------------


def test_symbols_carry_their_layer_from_the_second_on() -> None:
    assert symbol("W", 1, 2, 1) == "W_(2,1)"
    assert symbol("W", 2, 2, 1) == "W_(2,1)^((2))"
    assert (activation(0, 1), activation(1, "j")) == ('"In"_(1)', "a_(j)")
    assert gradient(symbol("a", 1, 1)) == "partial L slash partial a_(1)"
    assert re.fullmatch(r"sigma' ?\\?\(Z_\(1\)\\?\)", slope("sigma", symbol("Z", 1, 1)))
