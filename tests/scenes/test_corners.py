"""The numbers that break things, through every scene that takes a network."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from netviz import load_data, record, train
from netviz.core import Network, backward, forward
from netviz.export.take import LeapingRenderer
from netviz.problems import ProblemError
from netviz.scene import ActsScene, BeatScene, NetworkScene
from netviz.spec import Description, describe

from .playing import FILES, scene_in


def dense(sizes: list[int], weight: float, activation: str = "sigmoid") -> Network:
    """A network whose weights are all the same; its biases are zero."""
    weights = [np.full(shape, weight) for shape in zip(sizes[1:], sizes[:-1], strict=True)]
    return Network.from_weights(weights, [np.zeros(n) for n in sizes[1:]], activation)


def zero_loss() -> Description:
    """Equal weights, and a target that is the prediction."""
    network = dense([2, 3, 2], 0.5)
    sample = np.array([0.5, -1.0])
    return describe(network, input=sample, target=forward(network, sample).prediction, loss="mse")


def dead_relu() -> Description:
    network = dense([2, 3, 1], -1.0, "relu")
    return describe(network, input=[1.0, 2.0], target=[0.0], loss="mse")


def late_in_training() -> Description:
    """784-100-10 whose softmax is saturated: its cross-entropy is exactly 0."""
    rng = np.random.default_rng(0)
    network = Network.random([784, 100, 10], ["relu", "softmax"], rng=rng)
    weights = [layer.parameters["weights"] for layer in network.layers]
    biases = [np.zeros(100), np.array([800.0, *np.zeros(9)])]
    network = Network.from_weights(weights, biases, ["relu", "softmax"])
    return describe(network, input=rng.random(784), target=np.eye(10)[0], loss="cross_entropy")


CORNERS = {
    "zero_loss": zero_loss,
    "dead_relu": dead_relu,
    "late_in_training": late_in_training,
    "one_neuron": lambda: describe(Network.random([1, 1], rng=0)),
    "zero_weights": lambda: describe(dense([2, 2, 1], 0.0), input=[1.0, 0.5], target=[1.0]),
    "50_layers": lambda: describe(dense([2] * 50, 0.5, "tanh")),
    "1e-300": lambda: describe(dense([2, 2, 1], 1e-300, "identity"), input=[1e-300, 1.0]),
    "1e+300": lambda: describe(dense([2, 2, 1], 1e300, "tanh"), input=[1e-10, 1.0]),
}


@cache
def corner(name: str) -> Description:
    return CORNERS[name]()


def network_scenes() -> dict[str, type[NetworkScene]]:
    classes = {name: scene_in(path) for name, path in FILES.items()}
    return {name: each for name, each in classes.items() if issubclass(each, NetworkScene)}


def length(scene_class: type[BeatScene]) -> float:
    """Play a scene without drawing it, and return its length in seconds."""
    scene = scene_class()
    renderer = LeapingRenderer(scene, None)
    scene.render()
    return renderer.time


class Mistake(ActsScene):
    """What main_clip plays besides the acts of other scenes."""

    acts = ("mistake",)


SCENES = {**network_scenes(), "main_clip": Mistake}
# Many layers one after the other take long.
USUAL = set(CORNERS) - {"50_layers"}
QUICK = ("overview", "loop", "blame_game", "training_loop")
TRIED = {scene: set(CORNERS) for scene in QUICK}
CASES = [(scene, name) for scene in SCENES for name in CORNERS if name in TRIED.get(scene, USUAL)]
# What a scene is not about: another number of neurons or targets, other activations, no names.
NOT_ABOUT = {
    "bias_neurons": {"late_in_training"},
    "classify": USUAL,
    "connections": {"late_in_training"},
    "cost": {"zero_loss", "late_in_training"},
    "digits": USUAL,
    "encoder": {"zero_loss", "dead_relu", "late_in_training", "one_neuron"},
    "matrix": {"late_in_training"},
    "neuron_is_a_model": {"dead_relu", "late_in_training", "1e-300", "1e+300"},
}


@pytest.mark.parametrize(("scene", "name"), CASES)
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_scene_shows_it_or_refuses_it_in_a_sentence(scene: str, name: str) -> None:
    shown = SCENES[scene].configured(network=corner(name))
    if name not in NOT_ABOUT.get(scene, ()):
        assert length(shown) > 5.0
        return
    with pytest.raises(ProblemError, match=r"^[^\n]+: expected [^\n]+$"):
        length(shown)


def test_the_numbers_are_those_that_break_things() -> None:
    for name in ("zero_loss", "dead_relu", "late_in_training"):
        example = corner(name)
        trace = forward(example.network, example.input)
        assert backward(example.network, trace, example.target, example.loss).loss == 0.0
    assert not forward(corner("dead_relu").network, corner("dead_relu").input).prediction.any()
    assert len(corner("50_layers").network.sizes) == 50


def test_a_recording_that_follows_no_sample_is_refused() -> None:
    run = train(Network.random([2, 2, 1], rng=0), load_data("xor"), epochs=2, rng=0)
    with record(run) as recorder:
        list(run)
    none = {"sample_inputs": np.zeros((0, 2)), "sample_targets": np.zeros((0, 1))}
    shown = SCENES["training"].configured(recording=replace(recorder.recording, **none))
    with pytest.raises(ProblemError, match="the recording follows no sample: expected at least"):
        length(shown)
