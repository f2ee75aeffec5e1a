"""A sample whose inputs and classes have names: what it is taken for before and after training."""

from __future__ import annotations

import numpy as np
from manim import FadeOut, Group, Transform

from netviz.acts.forward import quick_pass
from netviz.acts.training import panels_of, whole_run
from netviz.animation.details import DimEdges, FillNeuron
from netviz.animation.passes import BackwardPass
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX, Box
from netviz.training_scene import TrainingScene


def check_names(scene: TrainingScene) -> None:
    """Assert that there are classes, and that they and the inputs have names.

    Raises:
        ValueError: There are none.
    """
    data = scene.run.data
    if not (data.input_names and data.classes == len(data.target_names)):
        raise ValueError(
            f"{data.name} has no names of inputs and classes, "
            "expected data such as iris, or a CSV with a row of names"
        )


def first_guess(scene: TrainingScene) -> None:
    """The sample arrives, and the untrained network takes it for something.

    Needs the diagram. Leaves it on the left with values and blames, and the names of the classes.
    """
    diagram, trace = scene.diagram, scene.run.forward(0)
    with scene.beat("classify.sample"):
        scene.play(Transform(diagram, _named(scene, 0, WIDE_BOX)))
        scene.play(*(FillNeuron(diagram, trace, 0, i) for i in diagram.shown(0)))
    with scene.beat("classify.guess", name=_answer(scene, 0)):
        quick_pass(scene, trace)
    scene.play(DimEdges(diagram))
    scene.play(Transform(diagram, _named(scene, 0, LEFT_BOX).show_activations(trace)))
    with scene.beat("classify.blame", name=_target(scene)):
        scene.play(BackwardPass(diagram, scene.run.backward(0)))
        scene.play(DimEdges(diagram))


def learnt(scene: TrainingScene) -> None:
    """The run, and then the same sample once more. Needs what :func:`first_guess` leaves."""
    panels: Group = panels_of(scene)
    whole_run(scene, panels)
    diagram = scene.diagram
    scene.play(*map(FadeOut, panels), run_time=0.4)
    scene.hush()
    scene.section("answer")
    scene.play(Transform(diagram, _named(scene, -1, WIDE_BOX)))
    quick_pass(scene, scene.run.forward(-1))
    answer, target = _answer(scene, -1), _target(scene)
    key = "classify.right" if answer == target else "classify.wrong"
    with scene.beat(key, hold=1.5, name=answer, target=target):
        pass


def _named(scene: TrainingScene, moment: int, box: Box) -> NetworkDiagram:
    """The diagram of a moment, empty, with names: of the classes alone where a panel stands too."""
    data = scene.run.data
    inputs = {0: data.input_names} if box == WIDE_BOX else {}
    return NetworkDiagram(
        scene.run.network(moment),
        scene.theme,
        box=box,
        words=scene.words,
        **{
            **scene.example.options,
            **scene.options,
            "neuron_labels": {**inputs, -1: data.target_names},
        },
    )


def _answer(scene: TrainingScene, moment: int) -> str:
    return scene.run.data.target_names[int(np.argmax(scene.run.forward(moment).prediction))]


def _target(scene: TrainingScene) -> str:
    return scene.run.data.target_names[int(np.argmax(scene.run.sample_targets[0]))]
