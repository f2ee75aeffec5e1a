"""A training run: the task, and how weights, blame, gaps and curves change until it is solved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
from manim import Animation, FadeIn, FadeOut, Indicate
from numpy.typing import ArrayLike

from netviz.acts.loss import compare_losses
from netviz.acts.sweeps import quick_pass
from netviz.animation.details import DimEdges, FillNeuron
from netviz.animation.gaps import MoveGaps, OpenGaps
from netviz.animation.passes import BackwardPass
from netviz.animation.replay import Follow, Moment, Replay
from netviz.animation.timeline import Change, ease
from netviz.core import ForwardTrace
from netviz.core.data import name_and_unit
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.planes import MAX_CLASSES, DecisionPlane
from netviz.drawing.panels.training import ProgressCurves, Series
from netviz.staging.act import OnScreen, act
from netviz.staging.training_scene import TrainingScene

# Length of the run on screen, in seconds.
_SECONDS = 9.0
# The diagram next to panels, the gaps at its outputs, and the panels.
RUN_BOX = Box(-6.75, -0.2, -2.75, 3.5)
RUN_GAPS = Box(0.2, 2.15, -2.75, 3.5)
PANELS_BOX = Box(2.85, 6.85, -2.75, 3.75)
# The diagram and the gaps before there are panels.
WHOLE_BOX, WHOLE_GAPS = replace(RUN_BOX, right=4.1), replace(RUN_GAPS, left=4.6, right=6.85)
# The names of outputs take so much of the width of the panels.
_NAMES = 0.8
# Where the lower of two panels begins. A plane is square and takes more of the height.
_HALF, _AIR = 0.4, 0.25
PLANE_BOX, BELOW_PLANE = replace(PANELS_BOX, bottom=-0.45), replace(PANELS_BOX, top=-0.7)


@act(
    "task",
    section="task",
    run=True,
    needs=OnScreen(values=0, blames=0, diagram=False),
    leaves=OnScreen(values="all", blames=0, panels=None),
)
def task(scene: TrainingScene) -> None:
    """The samples with their targets, and what the untrained network answers."""
    trace = scene.run.forward(0)
    plane = decision_plane(scene)
    if plane is None:
        set_stage(scene, trace, layers=[0], box=WHOLE_BOX, gaps=WHOLE_GAPS)
    else:
        set_stage(scene, trace, layers=[0])
        _introduce(scene, plane)
    with scene.beat("training.before"):
        if plane is not None:
            scene.play(FadeIn(plane.ring, scale=1.6), run_time=0.6)
        quick_pass(scene, trace)
        scene.play(DimEdges(scene.diagram), open_gaps(scene, trace))
    if plane is not None:
        with scene.beat("training.plane"):
            # The tints appear below the samples.
            scene.add(plane.regions, plane.plane, plane.samples, plane.legend, plane.ring)
            scene.play(FadeIn(plane.regions), run_time=1.0)
        scene.remove(plane.plane, plane.samples, plane.legend, plane.ring, plane.regions)
        scene.add(plane)
        scene.show(plane)


def _introduce(scene: TrainingScene, plane: DecisionPlane) -> None:
    """Say what the axes of the plane are, and which marker is which class."""
    names = scene.data.input_names or ("x1", "x2")
    first, second = (name_and_unit(name)[0] for name in names)
    scene.add(plane.plane, plane.samples, plane.legend)
    with scene.beat("training.points", first=first, second=second):
        scene.play(
            *(Indicate(name, scale_factor=1.3, color=None) for name in plane.plane.names),
            run_time=1.2,
        )
    with scene.beat("training.classes"):
        for markers, entry in zip(plane.samples, plane.legend, strict=True):
            scene.play(
                Indicate(markers, scale_factor=1.12, color=None),
                Indicate(entry, scale_factor=1.2, color=None),
                run_time=0.9,
            )


@act(
    "training",
    section="run",
    run=True,
    needs=OnScreen(values="all", blames=0, panels=None),
    leaves=OnScreen(values="all", blames="all", panels=True),
)
def training(scene: TrainingScene) -> None:
    """A whole training run on the data of the file, or on its one sample."""
    panels = _panels_of(scene)
    with scene.beat("training.panels"):
        _show_new(scene, panels)
    with scene.beat("training.blame"):
        scene.play(BackwardPass(scene.diagram, scene.run.backward(0)))
        scene.play(DimEdges(scene.diagram))
    _whole_run(scene, panels)


@act(
    "run",
    section="run",
    run=True,
    needs=OnScreen(values="all", panels=None),
    leaves=OnScreen(values="all", blames="all", panels=True),
)
def run(scene: TrainingScene) -> None:
    """A training run as in "training", without a look at the blame of its beginning."""
    panels = _panels_of(scene)
    with scene.beat("training.panels"):
        _show_new(scene, panels)
    # Small circles stay where the predictions were.
    scene.gap_bars.show_ghosts(scene.predictions(scene.run.forward(0)))
    _whole_run(scene, panels)


def _whole_run(scene: TrainingScene, panels: Sequence[Panel]) -> None:
    """Play the run from its first to its last moment."""
    run = scene.run
    with scene.beat("training.run"):
        play_run(scene, panels)
    ends, keys = (run.losses[0], run.losses[-1]), ("training.falls", "training.rises")
    compare_losses(scene, keys, *map(float, ends), steps=int(run.steps[-1]))


def play_run(scene: TrainingScene, panels: Iterable[Panel]) -> None:
    """Take the diagram, the gaps and the panels through all moments of the run together."""
    run = scene.run
    moments = [Moment(run.network(i), run.forward(i), run.backward(i)) for i in range(len(run))]
    outputs = np.array([scene.predictions(moment.forward) for moment in moments])

    follow = (Follow(panel, len(run), run_time=_SECONDS) for panel in panels)
    scene.play(
        Replay(scene.diagram, moments, run_time=_SECONDS),
        MoveGaps(scene.gap_bars, outputs, pace=lambda p: p * (len(run) - 1), run_time=_SECONDS),
        *follow,
    )


# ---- the stage ----------------------------------------------------------------------------------


def run_boxes(scene: TrainingScene) -> tuple[Box, Box, Box]:
    """Return the boxes of the diagram next to panels, of the gaps and of the panels."""
    more = _NAMES if len(scene.diagram.sizes) - 1 in scene.diagram.neuron_labels else 0.0
    gaps = replace(RUN_GAPS, left=RUN_GAPS.left + more, right=RUN_GAPS.right + more)
    panels = replace(PANELS_BOX, left=PANELS_BOX.left + more)
    return replace(RUN_BOX, right=RUN_BOX.right + more), gaps, panels


def hide_numbers_of_blame(diagram: NetworkDiagram) -> None:
    """Let blame be rings alone: during a run its numbers could not be read."""
    diagram.place(replace(diagram.layout, blame_fits=(False,) * len(diagram.sizes)))


def set_stage(
    scene: TrainingScene,
    trace: ForwardTrace,
    *,
    layers: Iterable[int] | None = None,
    box: Box | None = None,
    gaps: Box | None = None,
) -> None:
    """Put a diagram that is not yet on screen there at once, with the targets next to it.

    Args:
        scene: The scene.
        trace: Gives the activations.
        layers: The layers that show them; by default all, and the gaps are open.
        box, gaps: Where the diagram and the gaps are; by default where they stand next to panels.
    """
    diagram = scene.diagram.fit(box or run_boxes(scene)[0])
    hide_numbers_of_blame(scene.diagram)
    diagram.show_activations(trace, layers=layers)
    scene.gap_bars = scene.gaps_of(scene.run.sample_targets[0], trace, gaps or run_boxes(scene)[1])
    if layers is None:
        scene.gap_bars.show_prediction(scene.predictions(trace))
    scene.add(diagram, scene.gap_bars)


def move_stage(scene: TrainingScene, trace: ForwardTrace) -> None:
    """Move the diagram, its gaps and their targets to their places next to panels."""
    box, gaps, _ = run_boxes(scene)
    if scene.diagram.box == box and scene.is_shown(scene.gap_bars):
        return
    leaving: list[Animation] = []
    for part in (scene.gap_bars, scene.loss_meter):
        if scene.is_shown(part):
            leaving.append(FadeOut(part, run_time=0.4))
    scene.play(_fit(scene.diagram, box), DimEdges(scene.diagram), *leaving)
    scene.gap_bars = scene.gaps_of(scene.run.sample_targets[0], trace, gaps)
    scene.gap_bars.show_prediction(scene.predictions(trace))
    scene.play(FadeIn(scene.gap_bars), run_time=0.4)


def _fit(diagram: NetworkDiagram, box: Box) -> Change:
    """Return the animation in which a diagram moves into a box, its blame as rings alone."""
    start = diagram.box

    def step(progress: float) -> None:
        hide_numbers_of_blame(diagram.fit(start.towards(box, ease(progress))))

    return Change(diagram, step, run_time=0.8)


def open_gaps(scene: TrainingScene, trace: ForwardTrace, run_time: float = 1.0) -> Animation:
    """Return the animation in which the predictions appear and the gaps to the targets open."""
    return OpenGaps(scene.gap_bars, scene.predictions(trace), run_time=run_time)


def another_sample(
    scene: TrainingScene, trace: ForwardTrace, target: ArrayLike, run_time: float = 0.6
) -> None:
    """Show the input and the targets of another sample, and forget the last one."""
    diagram, old = scene.diagram, scene.gap_bars
    scene.gap_bars = scene.gaps_of(target, trace, run_boxes(scene)[1])
    inputs = (FillNeuron(diagram, trace, 0, i, run_time=run_time) for i in diagram.shown(0))
    scene.play(FadeOut(old), FadeIn(scene.gap_bars), *inputs, run_time=run_time)


# ---- panels -------------------------------------------------------------------------------------


def decision_plane(scene: TrainingScene) -> DecisionPlane | None:
    """Return the plane of the inputs, if there are two of them and a few classes."""
    data = scene.run.data
    if data.inputs.shape[1] != 2 or not 2 <= data.classes <= MAX_CLASSES:
        return None
    networks = [scene.run.network(i) for i in range(len(scene.run))]
    same = (data.inputs == scene.run.sample_inputs[0]).all(axis=1)
    followed = int(same.argmax()) if same.any() else None
    measured = None if scene.recording else scene.training_setup.measured
    return DecisionPlane(
        data,
        networks,
        followed=followed,
        measured=measured,
        theme=scene.theme,
        box=replace(PLANE_BOX, left=run_boxes(scene)[2].left),
        words=scene.words,
    )


def _panels_of(scene: TrainingScene) -> list[Panel]:
    """Return the panels of the run, those on screen among them, with the diagram next to them."""
    plane = scene.panel(DecisionPlane)
    if plane is None:
        scene.clear_panels()
    move_stage(scene, scene.run.forward(0))
    plane = plane or decision_plane(scene)
    losses, accuracies = loss_series(scene), accuracy_series(scene)
    _, _, box = run_boxes(scene)
    if plane is not None:
        return [plane, curves(scene, [*losses, *accuracies], replace(box, top=BELOW_PLANE.top))]
    if accuracies:
        upper, lower = replace(box, bottom=_HALF + _AIR), replace(box, top=_HALF - _AIR)
        return [curves(scene, losses, upper), curves(scene, accuracies, lower)]
    return [curves(scene, losses, box)]


def _show_new(scene: TrainingScene, panels: Iterable[Panel]) -> None:
    new = [panel for panel in panels if not scene.is_shown(panel)]
    scene.show(*new)


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
