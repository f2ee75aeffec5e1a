"""A sample with named inputs and classes: how it is classified before and after training."""

from __future__ import annotations

import numpy as np
from manim import Transform

from netviz.acts.sweeps import quick_pass
from netviz.animation.details import DimEdges, FillNeuron
from netviz.animation.passes import BackwardPass
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX, Box
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.training_scene import TrainingScene


def check_names(scene: TrainingScene) -> None:
    """Check that the data have classes, and names of inputs and classes.

    Raises:
        ProblemError: They have not.
    """
    data = scene.data
    if not (data.input_names and data.classes == len(data.target_names)):
        found = "have no names of inputs and classes"
        expected = "data such as iris, or a CSV file with a row of names"
        raise ProblemError(Problem(f"the data of {data.name}", found, expected))


@act(
    "guess",
    section="flower",
    check=check_names,
    needs=OnScreen(values=0, blames=0),
    leaves=OnScreen("left", values="all", blames="all"),
)
def guess(scene: TrainingScene) -> None:
    """A sample with names arrives, and the network classifies it before training."""
    diagram, trace = scene.diagram, scene.trace
    with scene.beat("classify.sample"):
        scene.play(Transform(diagram, _named(scene, WIDE_BOX)))
        scene.play(*(FillNeuron(diagram, trace, 0, i) for i in diagram.shown(0)))
    with scene.beat("classify.guess", name=_answer(scene)):
        quick_pass(scene, trace)
    scene.play(DimEdges(diagram))
    scene.play(Transform(diagram, _named(scene, LEFT_BOX).show_activations(trace)))
    with scene.beat("classify.blame", name=_target(scene)):
        scene.play(BackwardPass(diagram, scene.blame))
        scene.play(DimEdges(diagram))


@act(
    "answer",
    section="answer",
    check=check_names,
    needs=OnScreen(),
    leaves=OnScreen("wide", values="all", blames=0),
)
def answer(scene: TrainingScene) -> None:
    """The sample with names again, and whether its class is right."""
    scene.clear_caption()
    scene.play(Transform(scene.diagram, _named(scene, WIDE_BOX)))
    quick_pass(scene, scene.trace)
    given, target = _answer(scene), _target(scene)
    key = "classify.right" if given == target else "classify.wrong"
    with scene.beat(key, hold=1.5, name=given, target=target):
        pass


def _named(scene: TrainingScene, box: Box) -> NetworkDiagram:
    """Return the diagram without numbers and with names: in a narrow box those of the outputs."""
    data = scene.data
    inputs = {0: data.input_names} if box == WIDE_BOX else {}
    return NetworkDiagram(
        scene.example.network,
        scene.theme,
        box=box,
        words=scene.words,
        **{
            **scene.example.options,
            **scene.options,
            "neuron_labels": {**inputs, -1: data.target_names},
        },
    )


def _answer(scene: TrainingScene) -> str:
    """Return the class of the largest output."""
    return scene.data.target_names[int(np.argmax(scene.trace.prediction))]


def _target(scene: TrainingScene) -> str:
    """Return the class of the sample."""
    return scene.data.target_names[int(np.argmax(scene.example.target))]
