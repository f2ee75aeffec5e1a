"""A sample whose inputs and classes have names: what it is taken for before and after training."""

from __future__ import annotations

import numpy as np
from manim import LEFT as LEFTWARD
from manim import RIGHT as RIGHTWARD
from manim import FadeIn, FadeOut, Group, VGroup

from netviz.acts.forward import quick_pass
from netviz.acts.training import panels_of, whole_run
from netviz.animation.details import DimEdges, FillNeuron, FitBox
from netviz.animation.passes import BackwardPass
from netviz.drawing.layout.box import WIDE, Box
from netviz.drawing.text import Label
from netviz.training_scene import TrainingScene

# Between the names of the inputs and those of the classes.
BETWEEN_NAMES = Box(-4.3, 4.3, WIDE.bottom, WIDE.top)


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


def names_of(scene: TrainingScene) -> VGroup:
    """The names of the inputs beside the first layer, those of the classes beside the last."""
    diagram, data = scene.diagram, scene.run.data
    last = len(diagram.sizes) - 1
    ends = (0, data.input_names, LEFTWARD), (last, data.target_names, RIGHTWARD)
    return VGroup(
        *(
            Label(names[i], scene.theme).next_to(diagram.neuron(layer, i).disc, side, buff=0.3)
            for layer, names, side in ends
            for i in diagram.shown(layer)
        )
    )


def first_guess(scene: TrainingScene) -> None:
    """The sample arrives, and the untrained network takes it for something.

    Needs the diagram between the names. Leaves it on the left with values and blames.
    """
    diagram, trace = scene.diagram, scene.run.forward(0)
    names = names_of(scene)
    with scene.beat("classify.sample"):
        scene.play(FadeIn(names), run_time=0.6)
        fill = (FillNeuron(diagram, trace, 0, i) for i in diagram.shown(0))
        scene.play(*fill)
    with scene.beat("classify.guess", name=_answer(scene, 0)):
        quick_pass(scene, trace)
    scene.make_room(names)
    with scene.beat("classify.blame", name=_target(scene)):
        scene.play(BackwardPass(diagram, scene.run.backward(0)))
        scene.play(DimEdges(diagram))


def learnt(scene: TrainingScene) -> None:
    """The run, and then the same sample once more. Needs what :func:`first_guess` leaves."""
    panels: Group = panels_of(scene)
    whole_run(scene, panels)
    diagram = scene.diagram
    scene.play(*map(FadeOut, panels), run_time=0.4)
    diagram.clear_blame().clear_activations()
    scene.play(FitBox(diagram, BETWEEN_NAMES))
    names = names_of(scene)
    answer, target = _answer(scene, -1), _target(scene)
    key = "classify.right" if answer == target else "classify.wrong"
    scene.section("answer")
    with scene.beat(key, hold=1.5, name=answer, target=target):
        scene.play(FadeIn(names), run_time=0.6)
        quick_pass(scene, scene.run.forward(-1))


def _answer(scene: TrainingScene, moment: int) -> str:
    return scene.run.data.target_names[int(np.argmax(scene.run.forward(moment).prediction))]


def _target(scene: TrainingScene) -> str:
    return scene.run.data.target_names[int(np.argmax(scene.run.sample_targets[0]))]
