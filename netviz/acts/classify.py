"""A sample with named inputs and classes: how it is classified before and after training."""

from __future__ import annotations

import numpy as np
from manim import UP, FadeIn, FadeOut, Indicate, LaggedStart, VGroup

from netviz.acts.sweeps import quick_pass
from netviz.acts.training import (
    WHOLE_BOX,
    WHOLE_GAPS,
    move_stage,
    open_gaps,
    set_stage,
)
from netviz.animation.details import DimEdges, FillNeuron, Forget
from netviz.animation.passes import BackwardPass
from netviz.drawing.text import TextLabel
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import LAST
from netviz.staging.training_scene import TrainingScene


def check_names(scene: TrainingScene) -> None:
    """Check that the data have classes, and names of inputs and classes.

    Raises:
        ProblemError: They have not.
    """
    data = scene.data
    if not (data.input_names and data.classes == len(data.target_names)):
        found = "have no names of inputs and classes"
        expected = "data with names of inputs and classes, such as a CSV file with a row of names"
        hint = "for classes that are numbers, set data.classes = true" if data.input_names else ""
        raise ProblemError(Problem(f"the data of {data.name}", found, expected, hint))


@act(
    "guess",
    section="flower",
    run=True,
    check=check_names,
    needs=OnScreen(values=0, blames=0, diagram=False),
    leaves=OnScreen(values="all", blames="all"),
)
def guess(scene: TrainingScene) -> None:
    """A sample with names arrives, and the network classifies it before training."""
    trace = scene.run.forward(0)
    set_stage(scene, trace, layers=(), box=WHOLE_BOX, gaps=WHOLE_GAPS)
    diagram = scene.diagram
    fill = [FillNeuron(diagram, trace, 0, i) for i in diagram.shown(0)]
    with scene.beat("classify.sample"):
        if scene.example.measured is None:
            scene.play(*fill)
        else:
            labels = [diagram.neuron(0, i).texts.label for i in diagram.shown(0)]
            lit = (
                Indicate(label, scale_factor=1.05, color=scene.theme.forward_ink)
                for label in labels
            )
            scene.play(LaggedStart(*lit, lag_ratio=0.5), run_time=2.4)
    average = VGroup()
    if scene.example.measured is not None:
        average.add(_average(scene))
        with scene.beat("classify.scaled"):
            scene.play(FadeIn(average), *fill, run_time=1.0)
            scene.hold_for(len(fill))
    with scene.beat("classify.guess", along=[FadeOut(average)]):
        quick_pass(scene, trace)
        scene.play(DimEdges(diagram), open_gaps(scene, trace))
    with scene.beat("classify.guessed", name=_answer(scene), target=_target(scene)):
        scene.play(_largest(scene))
    with scene.beat("classify.blame"):
        scene.play(BackwardPass(diagram, scene.run.backward(0)))
        scene.play(DimEdges(diagram))


@act(
    "answer",
    section="answer",
    check=check_names,
    needs=OnScreen(panels=None),
    leaves=OnScreen(values="all", blames=0, panels=None),
)
def answer(scene: TrainingScene) -> None:
    """The sample with names again, and whether its class is right."""
    diagram, trace = scene.diagram, scene.trace
    with scene.beat("classify.again"):
        if not scene.is_shown(scene.gap_bars):
            move_stage(scene, trace)
        bars = scene.gap_bars
        scene.play(Forget(diagram))
        bars.show_prediction(None)
        quick_pass(scene, trace)
        scene.play(DimEdges(diagram), open_gaps(scene, trace))
    given, target = _answer(scene), _target(scene)
    key = "classify.right" if given == target else "classify.wrong"
    with scene.beat(key, hold=LAST, name=given, target=target):
        scene.play(_largest(scene))


def _average(scene: TrainingScene) -> TextLabel:
    """Return ``0 = mean`` above the inputs, whose numbers are distances from their average."""
    diagram, text = scene.diagram, f"0 = {scene.words('panel.mean')}"
    label = TextLabel(text, scene.theme, color=diagram.role(0))
    return label.next_to(diagram.neuron(0, 0).disc, UP, buff=0.25)


def _answer(scene: TrainingScene) -> str:
    """Return the class of the largest output."""
    return scene.data.target_names[int(np.argmax(scene.trace.prediction))]


def _largest(scene: TrainingScene) -> Indicate:
    """Return the animation in which the largest output is pointed out, with its name."""
    last = len(scene.diagram.sizes) - 1
    best = scene.diagram.neuron(last, int(np.argmax(scene.trace.prediction)))
    return Indicate(best, scale_factor=1.25, color=None)


def _target(scene: TrainingScene) -> str:
    """Return the class of the sample."""
    return scene.data.target_names[int(np.argmax(scene.example.target))]
