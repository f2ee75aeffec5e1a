"""Acts in any order: each finds what it needs, and what is shown is always the network's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from netviz.acts.registry import PLAYED
from netviz.acts.sequence import ActsScene
from netviz.catalogue import ACTS
from netviz.core import Network
from netviz.drawing.layout.box import LEFT_BOX
from netviz.export.take import LeapingRenderer
from netviz.spec import Film, load


def play(*acts: str, shape: str = "2-2-2", **options: str) -> ActsScene:
    """A scene that has played acts, as a network file tells them."""
    description = replace(load(shape), film=Film(acts=acts), options=options)
    scene = ActsScene.configured(network=description)()
    LeapingRenderer(scene, None)
    scene.render()
    assert isinstance(scene, ActsScene)
    return scene


def values(scene: ActsScene, layer: int) -> list[float | None]:
    return [neuron.value for neuron in scene.diagram.layer(layer)]


def blames(scene: ActsScene, layer: int) -> list[float | None]:
    return [neuron.blame for neuron in scene.diagram.layer(layer)]


def is_true(scene: ActsScene) -> bool:
    """Whether every number in a neuron is that of the network which is drawn."""
    trace, blame = scene.trace.activations, scene.blame.layers
    shown = [(values(scene, layer), trace[layer]) for layer in range(3)]
    shown += [(blames(scene, layer), blame[layer - 1].blame) for layer in (1, 2)]
    return scene.diagram.network is scene.example.network and all(
        found is None or found == right
        for column, numbers in shown
        for found, right in zip(column, numbers, strict=True)
    )


def learnt(steps: int) -> Network:
    scene = ActsScene.configured(network="2-2-2")()
    network = scene.example.network
    for _ in range(steps):
        network = network.updated(scene.blame_in(network), scene.example.learning_rate)
    return network


def same(network: Network, other: Network) -> bool:
    pairs = zip(network.layers, other.layers, strict=True)
    return all(np.array_equal(one.weights, two.weights) for one, two in pairs)


def test_every_act_that_is_told_of_can_be_played() -> None:
    assert list(PLAYED) == list(ACTS)


@pytest.mark.parametrize("act", [act for act in ACTS if act != "training"])
def test_an_act_may_stand_alone(act: str) -> None:
    scene = play(act)
    assert scene.diagram in scene.mobjects
    assert is_true(scene)


@pytest.mark.parametrize(
    "acts",
    [
        ["opening", "input", "neuron", "layers", "loss", "blame", "shares", "game", "update"],
        ["opening", "forward", "backward", "update", "forward", "backward", "end"],
        ["loop", "opening", "input"],
        ["game", "loss", "neuron", "loop"],
        ["repeat", "shares", "input", "blame"],
    ],
    ids=" ".join,
)
def test_acts_follow_each_other(acts: Sequence[str]) -> None:
    scene = play(*acts)
    assert scene.diagram in scene.mobjects
    assert is_true(scene)


def test_each_correction_is_where_the_next_act_begins() -> None:
    assert same(play("update").diagram.network, learnt(1))
    assert same(play("update", "update").diagram.network, learnt(2))
    assert same(play("loop", "repeat", "forward").diagram.network, learnt(13))


def test_after_a_training_run_the_trained_network_is_shown() -> None:
    scene = play("training", "forward", "backward")
    assert is_true(scene)
    assert scene.diagram.box == LEFT_BOX
    assert not same(scene.diagram.network, load("2-2-2").network)


def test_an_act_does_not_find_more_than_it_needs() -> None:
    scene = play("backward", "blame")
    assert blames(scene, 2) == list(scene.blame.layers[1].blame)
    assert blames(scene, 1) == [None] * 2
    scene = play("forward", "input")
    assert values(scene, 0) == list(scene.trace.input)
    assert values(scene, 1) == [None] * 2


def test_panels_stay_for_the_closing_sentence_and_leave_for_the_next_act() -> None:
    closing, next_one = (len(play("loss", act).mobjects) for act in ("end", "forward"))
    assert closing > next_one


@pytest.mark.parametrize("before", [(), ("opening",)], ids=["alone", "after another"])
@pytest.mark.parametrize("act", [act for act in ACTS if act != "opening"])
def test_rows_of_numbers_need_columns_wherever_the_act_stands(
    act: str, before: tuple[str, ...]
) -> None:
    if PLAYED[act].rows:
        with pytest.raises(ValueError, match='direction is "down": expected "right"'):
            play(*before, act, direction="down")
    else:
        assert play(*before, act, shape="2-1", direction="down").diagram


def test_captions_of_ones_own_are_said() -> None:
    said = "It guesses."
    film = Film(acts=("forward",), captions={"caption.overview.predict": said})
    scene = ActsScene.configured(network=replace(load("3-2"), film=film))()
    renderer = LeapingRenderer(scene, None)
    scene.render()
    assert [caption.content for caption in renderer.file_writer.subcaptions] == [said]
