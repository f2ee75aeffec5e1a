"""Scenes about training: the run that they show, and the networks that they refuse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from manim import Animation

from netviz import Recording, forward, load_data, record
from netviz.acts.digits import surest_and_worst, unseen
from netviz.core.data import name_and_unit
from netviz.scene import NetworkScene, TrainingScene
from netviz.spec import load
from netviz.staging.training_scene import MOMENTS
from netviz.theme import LIGHT_THEME

from .playing import play, scene_in
from .screen import Screen
from .test_beats import FILES


def recording(keep: int = 200) -> Recording:
    training = load("xor").training()
    with record(training, samples=[2], keep=keep) as recorder:
        for _ in training:
            pass
    return recorder.recording


def made(**options: object) -> TrainingScene:
    scene = TrainingScene.configured(**options)()  # type: ignore[arg-type]
    assert isinstance(scene, TrainingScene)
    return scene


def test_a_long_recording_is_thinned_and_gives_the_example() -> None:
    given = recording()
    scene = made(recording=given, theme=LIGHT_THEME)
    assert len(given) > MOMENTS == len(scene.run)
    assert scene.run.network(-1) == given.network(-1)
    assert scene.example.network == given.network(0)
    assert scene.example.input.tolist() == load_data("xor").inputs[2].tolist()
    assert scene.example.loss.name == given.loss
    assert scene.theme is LIGHT_THEME


def test_a_recording_belongs_to_one_scene_class() -> None:
    assert made(recording=recording(5)).recording is not None
    assert TrainingScene.recording is None
    assert made().recording is None


def test_without_a_recording_the_network_of_the_file_is_trained_reproducibly() -> None:
    first, second = made(network="encoder"), made(network="encoder")
    np.testing.assert_array_equal(first.run.losses, second.run.losses)
    assert first.run.network(0) == load("encoder").network
    assert first.run.accuracies[-1] == 1.0


def test_a_network_without_data_is_trained_on_its_sample() -> None:
    scene = made(network="5-2-2-5")
    story = load("5-2-2-5")
    assert scene.run.data.inputs.tolist() == [story.input.tolist()]
    assert scene.run.network(1) == scene.corrected
    assert scene.run.losses[-1] < scene.run.losses[0] / 10


@pytest.mark.parametrize(
    ("scene", "network", "sentence"),
    [
        ("encoder", "3-4-2", "has layers of 3, 4, 2 neurons: expected a hidden layer of 2 neurons"),
        ("classify", "xor", "expected data with names of inputs and classes, such as a CSV file"),
        ("classify", "5-2-2-5", "the data of 5-2-2-5 have no names of inputs and classes"),
        ("digits", "iris", None),
        (
            "digits",
            "1-3-1",
            "1-3-1 has no validation samples: expected data.validation in its file",
        ),
        ("digits", "5-2-2-5", "has layers of 5, 2, 2, 5 neurons: expected square images"),
    ],
)
def test_a_network_of_another_kind_is_refused_in_one_sentence(
    scene: str, network: str, sentence: str | None
) -> None:
    scene_class = scene_in(FILES[scene]).configured(network=network)

    if sentence is None:  # 4 inputs are an image of 2 × 2
        assert play(scene_class).seconds > 0
        return
    with pytest.raises(ValueError, match=sentence):
        play(scene_class)


def test_iris_keeps_its_names_and_says_the_answer_after_the_pass() -> None:
    pytest.importorskip("sklearn")
    names = ["setosa", "versicolor", "virginica"]
    measured = ["sepal length 5 cm", "sepal width 2 cm", "petal length 3.5 cm", "petal width 1 cm"]
    found: list[tuple[list[str], list[str], bool]] = []

    def labels(scene: NetworkScene, layer: int) -> list[str]:
        texts = [neuron.texts.label for neuron in scene.diagram.layer(layer)]
        return [" ".join(text.text.split()) for text in texts if text]

    def look(scene: NetworkScene, _: Screen) -> None:
        assert isinstance(scene, TrainingScene)
        there = scene.is_shown(scene.gap_bars)
        found.append((labels(scene, 0), labels(scene, 2), there))

    scene_class = scene_in(FILES["classify"])
    answered: list[bool] = []

    class Heard(scene_class):  # type: ignore[misc, valid-type]
        def _show_caption(self, key: str | None, text: str, along: Sequence[Animation]) -> Any:
            if text.startswith("The largest output"):
                outputs = [self.diagram.neuron(2, i).value for i in range(3)]
                answered.append(None not in outputs and text.split()[4].strip(",.") in names)
            return super()._show_caption(key, text, along)

    play(Heard, look)
    assert all(shown == (measured, names, True) for shown in found)
    assert answered == [True, True]


def test_names_of_inputs_may_have_a_unit() -> None:
    assert name_and_unit("sepal length (cm)") == ("sepal length", "cm")
    assert name_and_unit("age") == ("age", "")
    assert name_and_unit("수면 [시간]") == ("수면", "시간")
    assert name_and_unit("(odd)") == ("(odd)", "")


def test_names_that_do_not_fit_are_left_out() -> None:
    scene = made(network="xor")
    output = {2: ("XOR",)}
    assert scene.labelled_diagram({0: ("x" * 200, "y")}).neuron_labels == output
    names = {0: ("one", "two"), 2: ()}
    assert scene.labelled_diagram(names).neuron_labels == {0: ("one", "two")}


def test_the_gaps_follow_a_run_and_stay_to_the_end() -> None:
    ends: list[float] = []

    def look(scene: NetworkScene, _: Screen) -> None:
        assert isinstance(scene, TrainingScene)
        assert scene.is_shown(scene.gap_bars)
        ends.append(float(scene.gap_bars.gaps[0].width))

    play(scene_in(FILES["training"]), look)
    assert max(ends) > 0.3
    assert ends[-1] < 0.02


def test_digits_shows_the_worst_and_the_best_of_the_same_class() -> None:
    scene = scene_in(FILES["digits"])()
    assert isinstance(scene, TrainingScene)
    scene.continue_with(scene.run.network(-1))
    best, worst = surest_and_worst(scene)
    data = unseen(scene)
    assert data is scene.training_setup.validation
    assert data.targets[best].tolist() == data.targets[worst].tolist()
    pair = data.inputs[[best, worst]]
    answers = forward(scene.example.network, pair).prediction.argmax(axis=1)
    target = int(data.targets[best].argmax())
    assert answers[0] == target != answers[1]
