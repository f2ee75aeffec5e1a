"""Every act leaves on screen what it declares, and every number is that of the network."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import Mobject
from numpy.typing import NDArray

from netviz.acts.acts_scene import PLAYED, ActsScene
from netviz.acts.backward import shares_sum
from netviz.acts.forward import one_neuron, rest_of_layer
from netviz.acts.sweeps import quick_pass
from netviz.core import ForwardTrace, Network, backward, forward
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.layout.box import LEFT_BOX, as_box
from netviz.drawing.notation import activation, gradient, slope, symbol
from netviz.drawing.panels.arithmetic import ProductTable
from netviz.drawing.text import Number
from netviz.export.request import WHOLE_FRAME
from netviz.export.take import LeapingRenderer, Take
from netviz.problems import ProblemError
from netviz.scene import Act, OnScreen, Play, act
from netviz.spec import load

# With two hidden layers, with none, with so many inputs that tables are cut short, and with layers
# in which only the first and the last neurons are drawn.
SHAPES = ["2-3-3-1", "3-2", "9-2-1", "20-17-18"]
EVERY_SHAPE = pytest.mark.parametrize("shape", SHAPES)


def play(shape: str, *acts: str | Act | Play, **options: Any) -> ActsScene:
    """Return a scene that has played acts on a network."""

    attributes = {"network": load(shape), "options": options, "acts": acts}
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


def is_on_screen(scene: ActsScene, mobject: Mobject) -> bool:
    shown = set(map(id, scene.get_mobject_family_members()))
    return not shown.isdisjoint(map(id, mobject.get_family()))


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
        and is_on_screen(scene, scene.diagram) == state.diagram
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


@pytest.mark.parametrize("after", ["opening", "game", "repeat"])
def test_what_an_act_needs_is_there_after_any_other_act(after: str) -> None:
    for name in ("neuron", "layers", "loss", "shares", "update", "forward", "backward"):
        found = []

        def look(scene: ActsScene, name: str = name, found: list[bool] = found) -> None:
            found.append(is_as_declared(scene, PLAYED[name].needs))

        leaves = OnScreen(panels=None)
        play("2-3-3-1", after, act("look", needs=PLAYED[name].needs, leaves=leaves)(look))
        assert found == [True], name


# ---- forward ------------------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_network_appears_empty_and_then_its_input(shape: str) -> None:
    scene = play(shape, "opening")
    assert is_on_screen(scene, scene.diagram)
    assert set(values(scene, 0)) == {None}
    scene = play(shape, "input")
    assert is_filled(scene, 0)
    assert set(values(scene, 1)) == {None}
    loose = [m for m in scene.mobjects if isinstance(m, Number)]
    assert not loose


@act("checked neuron", needs=PLAYED["neuron"].needs, leaves=PLAYED["neuron"].leaves)
def checked_neuron(scene: ActsScene) -> None:
    one_neuron(scene)
    filled = [value is not None for value in values(scene, 1)]
    assert filled == [True] + [False] * (len(filled) - 1)
    table = scene.panel(ProductTable)
    assert table is not None
    assert table.total.value == scene.trace.layers[0].z[0]
    rest_of_layer(scene)
    assert is_filled(scene, 1)


@EVERY_SHAPE
def test_the_slow_forward_pass_fills_every_neuron_with_its_activation(shape: str) -> None:
    scene = play(shape, checked_neuron, "layers")
    assert all(is_filled(scene, layer) for layer in range(last(scene) + 1))
    assert not scene.diagram.is_flowing()


def test_a_quick_pass_fills_all_at_once() -> None:
    @act("quick", needs=OnScreen(values="all"), leaves=OnScreen())
    def quick(scene: ActsScene) -> None:
        quick_pass(scene, scene.corrected_trace)

    scene = play("3-4-2", quick)
    for layer in (1, 2):
        assert values(scene, layer) == list(scene.corrected_trace.activations[layer])


# ---- loss and blame -----------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_comparison_ends_with_the_loss(shape: str) -> None:
    scene = play(shape, "loss")
    panel, readout = scene.panels
    assert readout.number.value == scene.blame.loss
    assert [n.value for n in panel.targets] == drawn(scene, last(scene), scene.example.target)
    errors = scene.trace.prediction - scene.example.target
    assert [n.value for n in panel.differences] == drawn(scene, last(scene), errors)


@EVERY_SHAPE
def test_first_the_outputs_have_their_blame(shape: str) -> None:
    scene = play(shape, "blame")
    assert is_blamed(scene, last(scene))
    for layer in range(1, last(scene)):
        assert set(blames(scene, layer)) == {None}


@EVERY_SHAPE
def test_the_slow_backward_pass_blames_every_neuron(shape: str) -> None:
    scene = play(shape, "blame", "shares")
    assert all(is_blamed(scene, layer) for layer in range(1, last(scene) + 1))
    assert set(blames(scene, 0)) == {None}
    assert not scene.diagram.is_flowing()


def test_shares_add_up_to_the_gradient_of_the_activation() -> None:
    scene = ActsScene.configured(network="2-3-3-1")()
    table = shares_sum(scene, 1, 2)
    shares = [row.product.value for row in table.rows]
    assert sum(shares) == pytest.approx(table.total.value)
    assert table.total.value == scene.blame.layers[0].activation_gradient[2]


# ---- game and update ----------------------------------------------------------------------------


@EVERY_SHAPE
def test_the_blame_game_ends_with_every_edge_lit_by_its_gradient(shape: str) -> None:
    scene = play(shape, "game")
    for edges in scene.diagram.edge_layers:
        # A bundle has no single edges to look at.
        single = [edge.flow.has_points() for *_, edge in edges.edges()]
        assert edges.is_flowing() if isinstance(edges, Bundle) else all(single)


@EVERY_SHAPE
def test_the_correction_leaves_the_corrected_network_and_both_losses(shape: str) -> None:
    scene = play(shape, "update")
    before = ActsScene.configured(network=load(shape))()
    assert scene.diagram.network == scene.example.network == before.corrected
    assert scene.diagram.box == LEFT_BOX
    for layer in range(last(scene) + 1):
        assert is_filled(scene, layer, before.corrected_trace)
        assert set(blames(scene, layer)) == {None}
    for loss in (before.blame.loss, before.blame_in(before.corrected).loss):
        assert float(loss) in numbers(scene.panels)


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
    assert loss in numbers(scene.panels)


def test_the_loop_ends_as_it_begins() -> None:
    scene, before = play("3-4-2", "loop"), ActsScene.configured(network="3-4-2")()
    assert scene.diagram.network == before.example.network
    assert values(scene, 0) == list(before.trace.input)
    assert values(scene, 2) == [None, None]
    assert not scene.loss_meter.number.has_points()
    assert not any(gap.has_points() for gap in scene.gap_bars.gaps)
    assert scene.renderer.time <= 15


def test_the_last_frame_of_the_loop_is_its_first(tmp_path: Path) -> None:
    frames: list[NDArray[np.uint8]] = []

    class Loop(ActsScene):
        acts = ("loop",)

    def keep(pixels: NDArray[np.uint8], repeat: int) -> None:
        frames[1:] = []
        frames.append(pixels.copy())

    take = Take(Loop, 320, 180, 12.5, None, None, tmp_path, WHOLE_FRAME)
    assert take.frames(keep) <= 15.05
    assert np.array_equal(frames[0], frames[-1])
    background = frames[0][-1, -1]
    assert (frames[0] != background).any(axis=-1).mean() > 0.05


def test_the_loop_goes_forward_back_and_one_step_on() -> None:
    """Every number that it shows is the core's, and so is every loss."""
    shown: list[tuple[float | None, float | None]] = []
    losses: list[float] = []

    class Watched(ActsScene):
        network, acts = "3-4-2", ("loop",)

        def hold(self, *args: Any, **options: Any) -> None:
            neuron = self.diagram.neuron(2, 0)
            shown.append((neuron.value, neuron.blame))
            if self.loss_meter.number.has_points():
                losses.append(self.loss_meter.number.value)
            super().hold(*args, **options)

    scene = Watched()
    LeapingRenderer(scene, None)
    scene.render()
    out, again = (float(t.prediction[0]) for t in (scene.trace, scene.corrected_trace))
    blame = float(scene.blame.layers[-1].blame[0])
    assert shown == [(out, None), (out, None), (out, blame), (out, blame), (again, None)]
    first, last = float(scene.blame.loss), float(scene.blame_in(scene.corrected).loss)
    assert losses == [first, first, first, last]


@pytest.mark.parametrize("shape", ["1-1", "9-8-6", "2-2-2-2-2-2-2-2", "16-16-16-10"])
def test_the_loop_suits_any_network(shape: str) -> None:
    scene = play(shape, "loop")
    assert 12 < scene.renderer.time <= 15.5
    assert scene.diagram.network == scene.example.network


OVERVIEW = ("opening", "input", "forward", "backward", "repeat")


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
