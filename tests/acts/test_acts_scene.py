"""ActsScene plays acts in any order; what is shown is always the network's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from netviz.acts.acts_scene import PLAYED
from netviz.acts.training import RUN_BOX
from netviz.catalogue import ACTS
from netviz.core import Network
from netviz.export.take import LeapingRenderer
from netviz.problems import ProblemError
from netviz.scene import Act, ActsScene, OnScreen, Play, act
from netviz.spec import Film, load


def play(*acts: str, shape: str = "2-2-2", **style: str) -> ActsScene:
    """Return a scene that has played acts, as a network file lists them."""
    description = replace(load(shape), film=Film(acts=acts), style=style)
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
    """Return whether every number in a neuron is that of the network which is drawn."""
    trace, blame = scene.trace.activations, scene.blame.layers
    shown = [(values(scene, layer), trace[layer]) for layer in range(3)]
    shown += [(blames(scene, layer), blame[layer - 1].blame) for layer in (1, 2)]
    return scene.diagram.network == scene.example.network and all(
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


def test_the_catalogue_has_every_act_with_the_first_line_of_its_docstring() -> None:
    lines = {name: (each.function.__doc__ or "").split("\n")[0] for name, each in PLAYED.items()}
    assert lines == ACTS
    assert all(line.endswith(".") for line in lines.values())


# Acts on any network whose numbers are those of the example: not of a run, or of images.
ANYWHERE = [name for name, each in PLAYED.items() if each.check is None and not each.run]


@pytest.mark.parametrize("name", ANYWHERE)
def test_an_act_can_be_played_alone(name: str) -> None:
    scene = play(name)
    assert scene.is_shown(scene.diagram)
    # After a correction the numbers are those before it, until the input runs again.
    assert name == "update" or is_true(scene)


@pytest.mark.parametrize(
    "acts",
    [
        [
            "opening",
            "input",
            "neuron",
            "layers",
            "loss",
            "blame",
            "shares",
            "game",
            "update",
            "again",
        ],
        ["opening", "forward", "backward", "update", "forward", "backward", "end"],
        ["loop", "opening", "input"],
        ["game", "loss", "neuron", "loop"],
        ["repeat", "shares", "input", "blame"],
    ],
    ids=" ".join,
)
def test_acts_follow_each_other(acts: Sequence[str]) -> None:
    scene = play(*acts)
    assert scene.is_shown(scene.diagram)
    assert is_true(scene)


def test_each_correction_is_where_the_next_act_begins() -> None:
    assert same(play("update").diagram.network, learnt(1))
    assert same(play("update", "update").diagram.network, learnt(2))
    assert same(play("loop", "repeat", "forward").diagram.network, learnt(12))


def test_after_a_training_run_the_trained_network_is_shown() -> None:
    scene = play("training", "forward", "backward")
    assert is_true(scene)
    assert scene.diagram.box == RUN_BOX
    assert not same(scene.diagram.network, load("2-2-2").network)


def test_an_act_does_not_find_more_than_it_needs() -> None:
    scene = play("backward", "blame")
    assert blames(scene, 2) == list(scene.blame.layers[1].blame)
    assert blames(scene, 1) == [None] * 2
    scene = play("forward", "input")
    assert values(scene, 0) == list(scene.trace.input)
    assert values(scene, 1) == [None] * 2


def test_panels_stay_for_the_closing_sentence_and_leave_for_the_next_act() -> None:
    closing, next_one = (len(play("repeat", act).panels) for act in ("end", "forward"))
    assert closing > next_one


@pytest.mark.parametrize("name", [name for name in ANYWHERE if name != "opening"])
def test_rows_of_numbers_need_columns_after_any_act(name: str) -> None:
    if PLAYED[name].rows:
        with pytest.raises(ValueError, match="direction is 'down': expected 'right'"):
            play("opening", name, direction="down")
    else:
        scene = play("opening", name, shape="2-1", direction="down")
        assert scene.is_shown(scene.diagram)


# ---- acts of a class ----------------------------------------------------------------------------


@act("twice", needs=OnScreen("wide", values=0, blames=0), leaves=OnScreen())
def twice(scene: ActsScene, *, times: int = 2) -> None:
    """The input flashes."""
    for _ in range(times):
        with scene.beat(text="Look."):
            scene.wait(1)


def made(*acts: str | Act | Play) -> ActsScene:
    scene = type("Made", (ActsScene,), {"acts": acts, "network": "2-2-2"})()
    assert isinstance(scene, ActsScene)
    return scene


def captions(scene: ActsScene) -> list[str]:
    renderer = LeapingRenderer(scene, None)
    scene.render()
    return [caption.content for caption in renderer.file_writer.subcaptions]


def test_an_act_of_a_user_is_played_like_any_other_and_takes_options() -> None:
    assert captions(made("opening", twice, Play(twice, times=3)))[-5:] == ["Look."] * 5


def test_the_acts_of_a_class_come_before_those_of_a_network_file() -> None:
    description = replace(load("2-2-2"), film=Film(acts=("loop",)))
    assert [each.name for each in ActsScene.configured(network=description)().resolved_acts] == [
        "loop"
    ]
    scene = type("Made", (ActsScene,), {"acts": ("end",)}).configured(network=description)()
    assert [each.name for each in scene.resolved_acts] == ["end"]


@pytest.mark.parametrize(
    ("acts", "sentence"),
    [
        (("opening", "forwards"), "acts[1] is 'forwards': expected one of adjust, again, answer, "),
        (("forwards",), "; did you mean 'forward'?"),
        ((), "acts is empty: expected one act or more, such as 'forward'"),
        ("loop", "acts is 'loop': expected a list, such as ['loop']"),
        (
            (len,),
            "acts[0] is a builtin_function_or_method: expected the name of an act, a function ",
        ),
        ((Play("repeat", step=3),), "the act 'repeat' has no option 'step': expected steps, capt"),
        ((Play("repeat", step=3),), "; did you mean 'steps'?"),
        ((Play("loop", steps=3),), "the act 'loop' has no option 'steps': expected no option"),
    ],
)
def test_a_list_of_acts_that_cannot_be_played_is_refused(acts: object, sentence: str) -> None:
    scene = type("Made", (ActsScene,), {"acts": acts, "network": "2-2-2"})()
    with pytest.raises(ProblemError) as caught:
        scene.construct()
    assert sentence in str(caught.value)


def test_a_recording_is_refused_by_a_scene_that_shows_none() -> None:
    recording = ActsScene.configured(network="xor")().run
    with pytest.raises(ProblemError, match="Made shows no recording: expected the scene training"):
        type(made("loop")).configured(recording=recording)
    shown = type(made("training")).configured(recording=recording)()
    assert shown.example.network == recording.network(0)


def test_panels_are_known_to_the_scene_and_leave_before_the_next_act() -> None:
    assert len(play("repeat").panels) == 1
    assert play("repeat", "input").panels == ()


# ---- captions -----------------------------------------------------------------------------------


def test_the_captions_of_a_network_file_replace_others() -> None:
    said = "It guesses."
    film = Film(acts=("forward",), captions={"caption.overview.predict": said})
    scene = ActsScene.configured(network=replace(load("3-2"), film=film))()
    assert isinstance(scene, ActsScene)
    assert captions(scene) == [said]
