"""A training run: the diagram morphs, blame settles, loss and accuracy grow beside it."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, Group

from netviz.acts.forward import quick_pass
from netviz.animation.details import DimEdges
from netviz.animation.passes import BackwardPass
from netviz.animation.replay import Follow, Moment, Replay
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.panels.planes import MAX_CLASSES, DecisionPlane
from netviz.drawing.panels.training import ProgressCurves, Series
from netviz.drawing.text import formatted
from netviz.training_scene import TrainingScene

_SECONDS = 9.0
UPPER = Box(RIGHT_BOX.left, RIGHT_BOX.right, 0.55, RIGHT_BOX.top)
LOWER = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, 0.1)
# A plane is square and takes more of the height.
_PLANE = Box(RIGHT_BOX.left, RIGHT_BOX.right, -0.05, RIGHT_BOX.top)
_BELOW = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, -0.15)


def before_training(scene: TrainingScene) -> None:
    """The followed sample goes forward and back through the network as it begins.

    Needs the diagram on the left.
    """
    first = scene.run.forward(0)
    with scene.beat("training.before"):
        quick_pass(scene, first)
    with scene.beat("training.blame"):
        scene.play(BackwardPass(scene.diagram, scene.run.backward(0)))
        scene.play(DimEdges(scene.diagram))


def whole_run(scene: TrainingScene, panels: Group) -> None:
    """The run from its first to its last moment.

    Needs the diagram on the left with values and blames.

    Args:
        scene: Where it is played.
        panels: What goes along with it, not yet on screen.
    """
    run = scene.run
    with scene.beat("training.panels"):
        for panel in panels:
            scene.play(FadeIn(panel), run_time=0.6)
    with scene.beat("training.run"):
        play_run(scene, panels)
    before, after = float(run.losses[0]), float(run.losses[-1])
    key = "training.falls" if after < before else "training.rises"
    told = {"before": formatted(before, 3), "after": formatted(after, 3)}
    with scene.beat(key, hold=1.5, steps=int(run.steps[-1]), **told):
        pass


def play_run(scene: TrainingScene, panels: Group) -> None:
    """Diagram and panels go through all moments together."""
    run = scene.run
    moments = [Moment(run.network(i), run.forward(i), run.backward(i)) for i in range(len(run))]
    follow = (Follow(panel, len(run), run_time=_SECONDS) for panel in panels)
    scene.play(Replay(scene.diagram, moments, run_time=_SECONDS), *follow)


def panels_of(scene: TrainingScene) -> Group:
    """What is to be seen beside the diagram: regions if the plane has them, and the curves."""
    data = scene.run.data
    losses, accuracies = loss_series(scene), accuracy_series(scene)
    if data.inputs.shape[1] == 2 and 2 <= data.classes <= MAX_CLASSES:
        networks = [scene.run.network(i) for i in range(len(scene.run))]
        plane = DecisionPlane(data, networks, theme=scene.theme, box=_PLANE)
        return Group(plane, curves(scene, [*losses, *accuracies], _BELOW))
    if accuracies:
        return Group(curves(scene, losses, UPPER), curves(scene, accuracies, LOWER))
    return Group(curves(scene, losses, RIGHT_BOX))


def curves(scene: TrainingScene, series: list[Series], box: Box) -> ProgressCurves:
    """The panel of some series over the steps of the run."""
    steps, theme, words = scene.run.steps, scene.theme, scene.words
    return ProgressCurves(series, steps, theme=theme, box=box, words=words)


def loss_series(scene: TrainingScene) -> list[Series]:
    """The loss, and beside it, where there are such data, the validation loss."""
    run, color = scene.run, scene.theme.blame
    top = max(float(np.concatenate([run.losses, run.validation_losses]).max()), 1e-12)
    series = [Series(scene.words("panel.loss"), run.losses, color, top)]
    if len(run.validation_losses):
        name = scene.words("panel.validation_loss")
        series.append(Series(name, run.validation_losses, color, top, dashed=True))
    return series


def accuracy_series(scene: TrainingScene) -> list[Series]:
    """The share of samples classified right, if they are classified."""
    run, color = scene.run, scene.theme.output
    named = (("accuracy", run.accuracies), ("validation_accuracy", run.validation_accuracies))
    return [
        Series(scene.words(f"panel.{name}"), values, color, 1.0, name != "accuracy", percent=True)
        for name, values in named
        if len(values)
    ]
