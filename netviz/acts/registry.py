"""Every act by its name, and what it needs to find on screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from manim import Mobject, VGroup

from netviz.acts.backward import blame_before, output_blame, split_and_add
from netviz.acts.forward import one_neuron, quick_pass, remaining_layers, rest_of_layer
from netviz.acts.game import blame_game
from netviz.acts.loop import round_trip
from netviz.acts.loss import compare
from netviz.acts.opening import input_arrives, network_appears
from netviz.acts.training import before_training, panels_of, whole_run
from netviz.acts.update import correct, training_steps
from netviz.animation.passes import BackwardPass
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX, Box
from netviz.training_scene import TrainingScene

_STEPS = 12
NONE, OUTPUTS, ALL = 0, 1, 100  # layers that have values, from the input, or blame, from the output


@dataclass(frozen=True)
class Act:
    """An act, and what it needs.

    Attributes:
        play: Plays it; returns the panels that it leaves on screen, if any.
        section: Key of its name, if it begins a section.
        box: Where the diagram stands; None for where it is.
        rows: Whether it has rows of numbers beside the neurons, whose layers must be columns then.
        empty: Whether it needs an empty frame instead.
        values: How many layers, from the input, have their values.
        blames: How many layers, from the output, have their blame.
        over: Whether it is played over what is on screen, whatever that is.
    """

    play: Callable[[TrainingScene], Mobject | None]
    section: str = ""
    box: Box | None = LEFT_BOX
    rows: bool = False
    empty: bool = False
    values: int = ALL
    blames: int = NONE
    over: bool = False


def _neuron(scene: TrainingScene) -> Mobject:
    return rest_of_layer(scene, one_neuron(scene))


def _layers(scene: TrainingScene) -> Mobject:
    return remaining_layers(scene, VGroup())


def _forward(scene: TrainingScene) -> None:
    with scene.beat("overview.predict"):
        quick_pass(scene, scene.trace)


def _shares(scene: TrainingScene) -> Mobject:
    return blame_before(scene, split_and_add(scene, VGroup()))


def _backward(scene: TrainingScene) -> None:
    with scene.beat("overview.blame"):
        scene.play(BackwardPass(scene.diagram, scene.blame, step_time=1.2))


def _update(scene: TrainingScene) -> Mobject:
    return correct(scene, VGroup())


def _repeat(scene: TrainingScene) -> Mobject:
    return training_steps(scene, _STEPS, key="update.repeat")


def _training(scene: TrainingScene) -> Mobject:
    panels = panels_of(scene)
    before_training(scene)
    whole_run(scene, panels)
    return panels


def _end(scene: TrainingScene) -> None:
    with scene.beat("update.end", hold=1.5):
        pass


# What netviz.catalogue.ACTS tells of.
PLAYED = {
    "opening": Act(network_appears, "network", box=WIDE_BOX, empty=True, values=NONE),
    "input": Act(input_arrives, "input", box=None, values=NONE),
    "neuron": Act(_neuron, "neuron", rows=True, values=1),
    "layers": Act(_layers, "layers", rows=True, values=2),
    "forward": Act(_forward, "layers", box=None, values=1),
    "loss": Act(compare, "loss", rows=True),
    "blame": Act(output_blame, "blame", rows=True),
    "shares": Act(_shares, "shares", rows=True, blames=OUTPUTS),
    "backward": Act(_backward, "blame", box=None),
    "game": Act(blame_game, "game", rows=True, blames=ALL),
    "update": Act(_update, "update", rows=True, blames=ALL),
    "repeat": Act(_repeat, "training"),
    "training": Act(_training, "run", values=NONE),
    "loop": Act(round_trip, box=WIDE_BOX, values=NONE),
    "end": Act(_end, box=None, over=True),
}
