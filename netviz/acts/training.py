"""A training run: the weights change, the blame shrinks, curves show loss and accuracy."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from manim import Mobject

from netviz.acts.sweeps import quick_pass
from netviz.animation.details import DimEdges
from netviz.animation.passes import BackwardPass
from netviz.animation.replay import Follow, Moment, Replay
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.planes import MAX_CLASSES, DecisionPlane
from netviz.drawing.panels.training import ProgressCurves, Series
from netviz.staging.act import OnScreen, act
from netviz.staging.training_scene import TrainingScene

# Length of the run on screen, in seconds.
_SECONDS = 9.0
UPPER = Box(RIGHT_BOX.left, RIGHT_BOX.right, 0.55, RIGHT_BOX.top)
LOWER = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, 0.1)
# A plane is square and takes more of the height.
_PLANE = Box(RIGHT_BOX.left, RIGHT_BOX.right, -0.05, RIGHT_BOX.top)
_BELOW = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, -0.15)


@act(
    "training",
    section="run",
    run=True,
    needs=OnScreen("left", values=0, blames=0),
    leaves=OnScreen("left", values="all", blames="all", panels=True),
)
def training(scene: TrainingScene) -> None:
    """A whole training run on the data of the file, or on its one sample."""
    with scene.beat("training.before"):
        quick_pass(scene, scene.run.forward(0))
    with scene.beat("training.blame"):
        scene.play(BackwardPass(scene.diagram, scene.run.backward(0)))
        scene.play(DimEdges(scene.diagram))
    whole_run(scene)


@act(
    "run",
    section="run",
    run=True,
    needs=OnScreen("left", values="all", blames="all"),
    leaves=OnScreen("left", values="all", blames="all", panels=True),
)
def run(scene: TrainingScene) -> None:
    """A training run as in "training", without a first look at the untrained network."""
    whole_run(scene)


def whole_run(scene: TrainingScene) -> None:
    """Play the run from its first to its last moment, over values and blames of the first."""
    panels = panels_of(scene)
    run = scene.run
    with scene.beat("training.panels"):
        for panel in panels:
            scene.show(panel)
    with scene.beat("training.run"):
        play_run(scene, panels)
    before, after = float(run.losses[0]), float(run.losses[-1])
    key = "training.falls" if after < before else "training.rises"
    losses = {"before": figures(before, 3), "after": figures(after, 3)}
    with scene.beat(key, hold=1.5, steps=int(run.steps[-1]), **losses):
        pass


def play_run(scene: TrainingScene, panels: Iterable[Mobject]) -> None:
    """Take the diagram and the panels through all moments of the run together."""
    run = scene.run
    moments = [Moment(run.network(i), run.forward(i), run.backward(i)) for i in range(len(run))]
    follow = (Follow(panel, len(run), run_time=_SECONDS) for panel in panels)
    scene.play(Replay(scene.diagram, moments, run_time=_SECONDS), *follow)


def panels_of(scene: TrainingScene) -> list[Mobject]:
    """Return the panels of the run: decision regions if the inputs are a plane, and curves."""
    data = scene.run.data
    losses, accuracies = loss_series(scene), accuracy_series(scene)
    if data.inputs.shape[1] == 2 and 2 <= data.classes <= MAX_CLASSES:
        networks = [scene.run.network(i) for i in range(len(scene.run))]
        plane = DecisionPlane(data, networks, theme=scene.theme, box=_PLANE)
        return [plane, curves(scene, [*losses, *accuracies], _BELOW)]
    if accuracies:
        return [curves(scene, losses, UPPER), curves(scene, accuracies, LOWER)]
    return [curves(scene, losses, RIGHT_BOX)]


def curves(scene: TrainingScene, series: list[Series], box: Box) -> ProgressCurves:
    """Return the panel of some series over the steps of the run."""
    steps, theme, words = scene.run.steps, scene.theme, scene.words
    return ProgressCurves(series, steps, theme=theme, box=box, words=words)


def loss_series(scene: TrainingScene) -> list[Series]:
    """Return the training loss, and the validation loss if there are validation data."""
    run, color = scene.run, scene.theme.blame
    top = max(float(np.concatenate([run.losses, run.validation_losses]).max()), 1e-12)
    series = [Series(scene.words("panel.loss"), run.losses, color, top)]
    if len(run.validation_losses):
        name = scene.words("panel.validation_loss")
        series.append(Series(name, run.validation_losses, color, top, dashed=True))
    return series


def accuracy_series(scene: TrainingScene) -> list[Series]:
    """Return the share of correctly classified samples, if the task is classification."""
    run, color = scene.run, scene.theme.output
    named = (("accuracy", run.accuracies), ("validation_accuracy", run.validation_accuracies))
    return [
        Series(scene.words(f"panel.{name}"), values, color, 1.0, name != "accuracy", percent=True)
        for name, values in named
        if len(values)
    ]
