"""A sample with named inputs and classes: how it is classified before and after training."""

from __future__ import annotations

import numpy as np

from netviz.acts.sweeps import quick_pass
from netviz.acts.training import (
    WHOLE_BOX,
    WHOLE_GAPS,
    is_shown,
    label_diagram,
    move_stage,
    open_gaps,
    set_stage,
)
from netviz.animation.details import DimEdges, FillNeuron, Forget
from netviz.animation.passes import BackwardPass
from netviz.drawing.numerals import MINUS, MOST_CHARACTERS, figures
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import LAST
from netviz.staging.training_scene import TrainingScene

# A space at which no line is broken, and the longest name that is kept on a line.
_SPACE, _SHORT = "\N{NO-BREAK SPACE}", 16


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


def measurements(scene: TrainingScene) -> list[str]:
    """Return the name of each input, with the number that was measured if it was standardised.

    A unit stands in brackets at the end of the name, such as ``length (cm)``.
    """
    names, measured = scene.data.input_names, scene.training_setup.measured
    if measured is None or scene.recording is not None:
        return list(names)
    texts = []
    for full, value in zip(names, measured.inputs[0], strict=True):
        name, unit = name_and_unit(full)
        # Number and unit stay on one line, and so does a short name.
        number = _SPACE.join(filter(None, [_measured(float(value)), unit]))
        whole = name.replace(" ", _SPACE) if len(name) <= _SHORT else name
        texts.append(f"{whole} {number}")
    return texts


def _measured(value: float) -> str:
    """Return a number as it was written down, unless it is long."""
    text = f"{value:g}".replace("-", MINUS)
    return text if len(text) <= MOST_CHARACTERS and "e" not in text else figures(value)


def name_and_unit(name: str) -> tuple[str, str]:
    """Return the name of an input without its unit, and the unit, which may be empty.

    >>> name_and_unit("length (cm)"), name_and_unit("age")
    (('length', 'cm'), ('age', ''))
    """
    if not name.endswith(")") or " (" not in name:
        return name, ""
    before, _, unit = name[:-1].rpartition(" (")
    return before, unit


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
    label_diagram(scene, {0: measurements(scene), -1: scene.data.target_names})
    trace = scene.run.forward(0)
    set_stage(scene, trace, layers=(), box=WHOLE_BOX, gaps=WHOLE_GAPS)
    diagram = scene.diagram
    fill = [FillNeuron(diagram, trace, 0, i) for i in diagram.shown(0)]
    with scene.beat("classify.sample"):
        if scene.training_setup.measured is None:
            scene.play(*fill)
    if scene.training_setup.measured is not None:
        with scene.beat("classify.scaled"):
            scene.play(*fill, run_time=1.0)
            scene.hold_for(len(fill))
    with scene.beat("classify.guess"):
        quick_pass(scene, trace)
        scene.play(DimEdges(diagram), open_gaps(scene, trace))
    with scene.beat("classify.guessed", name=_answer(scene), target=_target(scene)):
        pass
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
        if not is_shown(scene, scene.gap_bars):
            move_stage(scene, trace)
        bars = scene.gap_bars
        scene.play(Forget(diagram))
        bars.show_prediction(None)
        quick_pass(scene, trace)
        scene.play(DimEdges(diagram), open_gaps(scene, trace))
    given, target = _answer(scene), _target(scene)
    key = "classify.right" if given == target else "classify.wrong"
    with scene.beat(key, hold=LAST, name=given, target=target):
        pass


def _answer(scene: TrainingScene) -> str:
    """Return the class of the largest output."""
    return scene.data.target_names[int(np.argmax(scene.trace.prediction))]


def _target(scene: TrainingScene) -> str:
    """Return the class of the sample."""
    return scene.data.target_names[int(np.argmax(scene.example.target))]
