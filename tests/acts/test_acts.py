"""Every act leaves on screen what it declares, and every number is that of the network."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from manim import Mobject

from netviz.acts.acts_scene import PLAYED, ActsScene
from netviz.acts.forward import one_neuron
from netviz.acts.forward import opening_caption as _caption
from netviz.acts.sweeps import quick_pass
from netviz.acts.update import rounds_of
from netviz.core import Dense, ForwardTrace, Network, backward, forward
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.layout.box import as_box
from netviz.drawing.notation import activation, gradient, slope, symbol
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.panels.training import LossHistory
from netviz.drawing.text import Number
from netviz.export.take import LeapingRenderer
from netviz.problems import ProblemError
from netviz.scene import Act, OnScreen, Play, act
from netviz.spec import Description, describe, load

# With two hidden layers, with none, with so many inputs that tables are cut short, and with layers
# in which only the first and the last neurons are drawn.
SHAPES = ["2-3-3-1", "3-2", "9-2-1", "20-17-18"]
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)


def play(shape: str | Description, *acts: str | Act | Play, **options: Any) -> ActsScene:
    """Return a scene that has played acts on a network."""

    network = load(shape) if isinstance(shape, str) else shape
    attributes = {"network": network, "style": options, "acts": acts}
    scene = type("Played", (ActsScene,), attributes)()
    assert isinstance(scene, ActsScene)
    LeapingRenderer(scene, None)
    scene.render()
    return scene


def values(scene: ActsScene, layer: int) -> list[float | None]:
    return [neuron.value for neuron in scene.diagram.layer(layer)]


def blames(scene: ActsScene, layer: int) -> list[float | None]:
    return [neuron.blame for neuron in scene.diagram.layer(layer)]


def drawn(scene: ActsScene, layer: int, numbers: np.ndarray) -> list[float]:
    """Return the numbers of the drawn neurons of a layer."""
    return [float(numbers[i]) for i in scene.diagram.shown(layer)]


def is_filled(scene: ActsScene, layer: int, trace: ForwardTrace | None = None) -> bool:
    numbers = (trace or scene.trace).activations[layer]
    return values(scene, layer) == drawn(scene, layer, numbers)


def is_blamed(scene: ActsScene, layer: int) -> bool:
    return blames(scene, layer) == drawn(scene, layer, scene.blame.layers[layer - 1].blame)


def last(scene: ActsScene) -> int:
    return len(scene.diagram.sizes) - 1


def numbers(mobjects: tuple[Mobject, ...]) -> list[float]:
    return [m.value for each in mobjects for m in each.get_family() if isinstance(m, Number)]


# ---- declarations -------------------------------------------------------------------------------

# A network on which each act can be played, quickly; the others are played on "2-3-3-1".
NETWORKS = {"patterns": "encoder", "codes": "encoder", "guess": "iris", "answer": "iris"}
NETWORKS |= dict.fromkeys(("pixels", "read", "misread"), "digits")


def is_as_declared(scene: ActsScene, state: OnScreen) -> bool:
    """Whether the screen is in a state, as far as it says anything."""
    layers = range(len(scene.diagram.sizes))
    filled = sum(None not in values(scene, layer) for layer in layers)
    blamed = sum(None not in blames(scene, layer) for layer in layers)
    return (
        (state.box is None or scene.diagram.box == as_box(state.box))
        and state.values in (None, filled, "all" if filled == len(layers) else None)
        and state.blames in (None, blamed, "all" if blamed == len(layers) - 1 else None)
        and state.panels in (None, bool(scene.panels))
        and scene.is_shown(scene.diagram) == state.diagram
    )


@pytest.mark.parametrize("name", PLAYED)
def test_an_act_finds_what_it_needs_and_leaves_what_it_declares(name: str) -> None:
    if NETWORKS.get(name) in ("iris", "digits"):
        pytest.importorskip("sklearn")
    declared, found = PLAYED[name], []

    def watched(scene: ActsScene) -> None:
        found.append(is_as_declared(scene, declared.needs))
        declared.function(scene)
        found.append(is_as_declared(scene, declared.leaves))

    needs, leaves = declared.needs, declared.leaves
    network = NETWORKS.get(name, "2-3-3-1")
    options = {"max_neurons": None} if network == "digits" else {}
    play(network, act(name, needs=needs, leaves=leaves)(watched), **options)
    assert found == [True, True]


# Acts that need the most: what other ones need is a part of it.
DEMANDING = ("neuron", "layers", "loss", "shares", "update")


@pytest.mark.parametrize("after", ["opening", "game", "repeat"])
@pytest.mark.parametrize("name", DEMANDING)
def test_what_an_act_needs_is_there_after_any_other_act(name: str, after: str) -> None:
    needs, found = PLAYED[name].needs, []

    def look(scene: ActsScene) -> None:
        found.append(is_as_declared(scene, needs))

    play("2-3-3-1", after, act("look", needs=needs, leaves=OnScreen(panels=None))(look))
    assert found == [True]


# ---- forward ------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_network_appears_empty_and_then_its_input(shape: str) -> None:
    scene = play(shape, "opening")
    assert scene.is_shown(scene.diagram)
    assert set(values(scene, 0)) == {None}
    scene = play(shape, "input")
    assert is_filled(scene, 0)
    assert set(values(scene, 1)) == {None}
    loose = [m for m in scene.mobjects if isinstance(m, Number)]
    assert not loose


@act("first neuron", needs=PLAYED["neuron"].needs, leaves=OnScreen(panels=None))
def first_neuron(scene: ActsScene) -> None:
    one_neuron(scene, 1, 0)
    filled = [value is not None for value in values(scene, 1)]
    assert filled == [True] + [False] * (len(filled) - 1)
    assert scene.diagram.gap == 0
    assert not scene.diagram.is_flowing()
    assert not [each for each in scene.mobjects if isinstance(each, EdgeSum | ActivationCurve)]


def test_one_neuron_is_filled_and_nothing_of_its_sum_stays() -> None:
    play("2-3-3-1", first_neuron)


@EVERY_SHAPE
def test_the_slow_forward_pass_fills_every_neuron_with_its_activation(shape: str) -> None:
    scene = play(shape, "neuron", "layers")
    assert all(is_filled(scene, layer) for layer in range(last(scene) + 1))
    assert not scene.diagram.is_flowing()
    assert scene.diagram.gap is None
    assert np.allclose(scene.diagram.brightness(), 1.0)
    assert not scene.panels


@pytest.mark.parametrize("sizes", [[3, 2], [3, 4, 3]])
def test_softmax_turns_the_sums_of_its_layer_into_activations_together(sizes: list[int]) -> None:
    functions = ["tanh"] * (len(sizes) - 2) + ["softmax"]
    network = Network.random(sizes, functions, rng=2)
    given = {"input": [0.5, -0.2, 0.8], "target": np.eye(sizes[-1])[0], "loss": "cross_entropy"}
    scene = play(describe(network, **given), "neuron", "layers")
    assert is_filled(scene, last(scene))


def test_an_input_of_zeros_through_weights_of_zero_is_added_up() -> None:
    network = Network(
        [Dense(np.zeros((2, 3)), [0.0, 0.0], "tanh"), Dense(np.ones((1, 2)), [0.0], "identity")]
    )
    scene = play(describe(network, input=[0.0, 0.0, 0.0], target=[1.0]), "neuron", "layers")
    assert is_filled(scene, 2)


def test_a_mistake_is_shown_with_its_gaps_and_then_the_values_clear() -> None:
    found = []

    @act("begins", needs=PLAYED["mistake"].needs, leaves=OnScreen(panels=None))
    def begins(scene: ActsScene) -> None:
        shown = [dot.has_points() for dot in scene.gap_bars.predictions]
        found.append((all(shown), scene.loss_meter.number.value == scene.blame.loss))

    scene = play("5-2-2-5", begins, "mistake")
    assert found == [(True, True)]
    assert is_filled(scene, 0)
    assert set(values(scene, 1)) == set(values(scene, 3)) == {None}
    assert not any(dot.has_points() for dot in scene.gap_bars.predictions)
    assert scene.is_shown(scene.gap_bars)
    assert scene.is_shown(scene.loss_meter)


@pytest.mark.parametrize(("target", "word"), [(0.0, "wrong"), (1.0, "right")])
def test_the_opening_says_whether_the_prediction_is_a_mistake(target: float, word: str) -> None:
    network = Network([Dense([[0.5]], [0.45], "identity")])
    description = describe(network, input=[1.0], target=[target])
    scene = ActsScene.configured(network=description)()
    assert _caption(scene) == f"mistake.{word}"


def test_neurons_are_called_what_the_user_calls_them() -> None:
    scene = type("Named", (ActsScene,), {"style": {"neuron_labels": {0: ("area", "age")}}})
    named = scene.configured(network="2-2-2")()
    assert named.neuron_name(0, 1) == "age"
    assert named.neuron_name(1, 0) == "hidden 1"


def test_the_overview_ends_closer_to_the_target() -> None:
    scene = play("5-2-2-5", "predict", Play("adjust", steps=3))
    first = ActsScene.configured(network="5-2-2-5")()
    assert scene.diagram.network == trained(first.example.network, first, 3)
    assert scene.blame.loss < first.blame.loss
    assert scene.loss_meter.number.value == scene.blame.loss
    assert all(is_filled(scene, layer) for layer in range(4))


def test_a_quick_pass_fills_all_at_once() -> None:
    @act("quick", needs=OnScreen(values="all"), leaves=OnScreen())
    def quick(scene: ActsScene) -> None:
        quick_pass(scene, scene.corrected_trace)

    scene = play("3-4-2", quick)
    for layer in (1, 2):
        assert values(scene, layer) == list(scene.corrected_trace.activations[layer])


# ---- game and update ----------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_blame_game_ends_with_every_edge_lit_by_its_gradient(shape: str) -> None:
    scene = play(shape, "game")
    for edges in scene.diagram.edge_layers:
        # A bundle has no single edges to look at.
        gradient = scene.blame.layers[edges.layer].weight_gradient
        single = [
            edge.halo.has_points() == bool(gradient[target, source])
            for source, target, edge in edges.edges()
        ]
        assert edges.is_flowing() if isinstance(edges, Bundle) else all(single)


@EVERY_SHAPE
def test_the_correction_leaves_the_corrected_network_and_what_it_did_not_change(shape: str) -> None:
    scene, before = play(shape, "update"), ActsScene.configured(network=load(shape))()
    assert scene.diagram.network == scene.example.network == before.corrected
    assert all(is_filled(scene, layer, before.trace) for layer in range(last(scene) + 1))
    assert scene.loss_meter.loss == before.blame.loss
    assert not scene.diagram.is_flowing()


@EVERY_SHAPE
def test_the_same_input_again_leaves_the_new_loss_and_ghosts_of_the_old_one(shape: str) -> None:
    scene, before = play(shape, "update", "again"), ActsScene.configured(network=load(shape))()
    for layer in range(last(scene) + 1):
        assert is_filled(scene, layer, before.corrected_trace)
        assert set(blames(scene, layer)) == {None}
    assert scene.loss_meter.loss == before.blame_in(before.corrected).loss
    assert scene.loss_meter.earlier == before.blame.loss
    earlier, prediction = scene.gap_bars.earlier, scene.gap_bars.prediction
    assert earlier is not None
    assert prediction is not None
    assert earlier.tolist() == scene.predictions(before.trace).tolist()
    assert prediction.tolist() == scene.predictions(before.corrected_trace).tolist()


def trained(network: Network, scene: ActsScene, steps: int) -> Network:
    for _ in range(steps):
        network = network.updated(scene.blame_in(network), scene.example.learning_rate)
    return network


def test_repeat_takes_as_many_exact_steps_as_its_option_says() -> None:
    scene = play("3-4-2", Play("repeat", steps=5))
    expected = trained(load("3-4-2").network, scene, 5)
    assert scene.diagram.network == expected
    final = forward(expected, scene.example.input)
    assert values(scene, 2) == list(final.prediction)
    loss = float(backward(expected, final, scene.example.target, scene.example.loss).loss)
    assert scene.loss_meter.loss == loss
    (curve,) = scene.panels
    assert isinstance(curve, LossHistory)
    assert curve.step.value == 5
    assert scene.gap_bars.heights == [neuron.disc.get_y() for neuron in scene.diagram.layer(2)]


def test_the_losses_of_all_corrections_are_kept_for_the_next_curve() -> None:
    scene = play("3-4-2", "update", "again", Play("repeat", steps=3), Play("repeat", steps=2))
    network, losses = ActsScene.configured(network="3-4-2")().example.network, []
    for _ in range(6):
        blame = scene.blame_in(network)
        losses.append(float(blame.loss))
        network = network.updated(blame, scene.example.learning_rate)
    assert scene.past_losses == pytest.approx(losses)


def test_repeat_ends_where_the_training_diverges() -> None:
    network = Network.from_weights([[[1.0]]], [[0.0]], "identity")
    steep = describe(network, input=[1e30], target=[0.0], learning_rate=1.0)
    scene = ActsScene.configured(network=steep)()
    assert len(rounds_of(scene, 5)) < 6


OVERVIEW = ("opening", "input", "forward", "backward")


@pytest.mark.parametrize("acts", [("loop",), OVERVIEW], ids=" ".join)
def test_acts_without_rows_can_be_played_on_a_network_that_flows_downwards(
    acts: tuple[str, ...],
) -> None:
    scene = play("3-4-2", *acts, direction="down")
    assert scene.diagram.style.direction == "down"
    shown = 0 if acts == ("loop",) else 2
    assert all(value is not None for value in values(scene, shown))


def test_the_codes_are_plotted_where_no_act_before_has_done_so() -> None:
    scene = play("encoder", "loss", "codes")
    assert len(scene.panels) == 2


# ---- what cannot be played ----------------------------------------------------------------------


def problem(shape: str, *acts: str, **options: str) -> str:
    with pytest.raises(ProblemError) as caught:
        play(shape, *acts, **options)
    return str(caught.value)


def test_rows_of_numbers_need_columns() -> None:
    sentence = "direction is 'down': expected 'right'"
    assert problem("3-4-2", "opening", "neuron", direction="down").startswith(sentence)


@pytest.mark.parametrize(
    ("network", "name", "sentence"),
    [
        ("3-4-2", "patterns", "the network has layers of 3, 4, 2 neurons: expected a hidden layer"),
        ("3-4-2", "codes", "the network has layers of 3, 4, 2 neurons: expected a hidden layer"),
        ("3-4-2", "guess", "the data of 3-4-2 have no names of inputs and classes: expected"),
        ("3-4-2", "answer", "the data of 3-4-2 have no names of inputs and classes: expected"),
        ("3-4-2", "pixels", "the network has layers of 3, 4, 2 neurons: expected square images"),
        ("1-3-1", "read", "1-3-1 has no validation samples: expected data.validation in its file"),
        ("xor", "misread", "the network has layers of 2, "),
        ("digits", "read", "max_neurons is 16: expected None; every pixel is drawn as a neuron"),
    ],
)
def test_an_act_that_cannot_be_played_on_a_network_is_refused_before_the_film(
    network: str, name: str, sentence: str
) -> None:
    assert problem(network, "opening", name).startswith(sentence)


# ---- notation -----------------------------------------------------------------------------------


def test_symbols_carry_their_layer_from_the_second_on() -> None:
    assert symbol("W", 1, 2, 1) == "W_(2,1)"
    assert symbol("W", 2, 2, 1) == "W_(2,1)^((2))"
    assert (activation(0, 1), activation(1, "j")) == ('"In"_(1)', "a_(j)")
    assert gradient(symbol("a", 1, 1)) == "partial L slash partial a_(1)"
    assert re.fullmatch(r"sigma' ?\\?\(Z_\(1\)\\?\)", slope("sigma", symbol("Z", 1, 1)))
