"""Patterns that pass through two neurons: their codes drift apart during the training."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, Indicate

from netviz.acts.sweeps import quick_pass
from netviz.acts.training import curves, loss_series, play_run
from netviz.animation.details import DimEdges
from netviz.animation.passes import ForwardPass
from netviz.core import forward
from netviz.core.data import accuracy
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.notation import symbol
from netviz.drawing.panels.planes import CodePlane
from netviz.drawing.text import formula
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.training_scene import TrainingScene

# The codes are the subject, so they have the larger part of the height.
_PLANE = Box(RIGHT_BOX.left, RIGHT_BOX.right, -0.75, RIGHT_BOX.top)
_BELOW = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, -0.95)


def code_layer(scene: TrainingScene) -> int:
    """Return the last hidden layer of two neurons.

    Raises:
        ProblemError: There is none.
    """
    sizes = scene.example.network.sizes
    layers = [layer for layer in range(1, len(sizes) - 1) if sizes[layer] == 2]
    if not layers:
        found = f"has layers of {', '.join(map(str, sizes))} neurons"
        hint = "the codes of the patterns are drawn in a plane"
        raise ProblemError(Problem("the network", found, "a hidden layer of 2 neurons", hint))
    return layers[-1]


def code_plane(scene: TrainingScene) -> CodePlane:
    """Return the panel of the codes of all samples at all moments of the run."""
    layer, run, theme = code_layer(scene), scene.run, scene.theme
    inputs = run.data.inputs
    codes = [forward(run.network(i), inputs).activations[layer] for i in range(len(run))]
    first, second = (
        formula(symbol("a", layer, k), theme, em=theme.number_size, color=theme.muted)
        for k in (1, 2)
    )
    color = scene.diagram.role(layer)
    return CodePlane(np.array(codes), (first, second), color=color, theme=theme, box=_PLANE)


@act(
    "patterns",
    section="patterns",
    run=True,
    check=code_layer,
    needs=OnScreen("left", values=0, blames=0),
    leaves=OnScreen("left", values="all", blames=0, panels=True),
)
def patterns(scene: TrainingScene) -> None:
    """A pattern passes through a hidden layer of two neurons, before training."""
    with scene.beat("encoder.patterns"):
        quick_pass(scene, scene.run.forward(0))
    with scene.beat("encoder.narrow"):
        plane = code_plane(scene)
        scene.play(DimEdges(scene.diagram), FadeIn(plane), run_time=0.8)
    scene.show(plane)


@act(
    "codes",
    section="codes",
    run=True,
    check=code_layer,
    needs=OnScreen("left", values="all", panels=None),
    leaves=OnScreen("left", values="all", blames=0, panels=True),
)
def codes(scene: TrainingScene) -> None:
    """Training drives the codes of the patterns apart; then every pattern passes again."""
    plane = scene.panel(CodePlane)
    if plane is None:
        scene.clear_panels()
        plane = code_plane(scene)
        scene.show(plane)
    with scene.beat("encoder.drift"):
        losses = curves(scene, loss_series(scene), _BELOW)
        scene.show(losses, run_time=0.5)
        play_run(scene, [plane, losses])
    _patterns_again(scene, plane)


def _patterns_again(scene: TrainingScene, plane: CodePlane) -> None:
    """Send every pattern through the trained network."""
    diagram, trained = scene.diagram, scene.run.network(-1)
    inputs, targets = scene.run.data.inputs, scene.run.data.targets
    right = round(accuracy(forward(trained, inputs).prediction, targets) * len(inputs))
    with scene.beat("encoder.again", hold=1.5, right=right, count=len(inputs)):
        diagram.clear_blame()
        for disc, sample in zip(plane.discs, inputs, strict=True):
            trace = forward(trained, sample)
            scene.play(ForwardPass(diagram, trace, detail="network", step_time=0.7))
            scene.play(Indicate(disc, scale_factor=1.4, color=None), run_time=0.5)
