"""Patterns that must pass through two neurons: their codes drift apart while it is learnt."""

from __future__ import annotations

import numpy as np
from manim import FadeIn, Group, Indicate

from netviz.acts.forward import quick_pass
from netviz.acts.training import curves, loss_series, play_run
from netviz.animation.details import DimEdges
from netviz.animation.passes import ForwardPass
from netviz.core import forward
from netviz.core.data import accuracy
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.notation import symbol
from netviz.drawing.panels.planes import CodePlane
from netviz.drawing.text import formula
from netviz.training_scene import TrainingScene

# The codes are what this is about: they have the larger part.
_PLANE = Box(RIGHT_BOX.left, RIGHT_BOX.right, -0.75, RIGHT_BOX.top)
_BELOW = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, -0.95)


def code_layer(scene: TrainingScene) -> int:
    """The last hidden layer of two neurons.

    Raises:
        ValueError: There is none.
    """
    sizes = scene.example.network.sizes
    layers = [layer for layer in range(1, len(sizes) - 1) if sizes[layer] == 2]
    if not layers:
        raise ValueError(
            f"codes are drawn in a plane; found layers of {', '.join(map(str, sizes))}, "
            "expected a hidden layer of 2"
        )
    return layers[-1]


def code_plane(scene: TrainingScene) -> CodePlane:
    """The codes of all samples at all moments of the run."""
    layer, run, theme = code_layer(scene), scene.run, scene.theme
    inputs = run.data.inputs
    codes = [forward(run.network(i), inputs).activations[layer] for i in range(len(run))]
    first, second = (
        formula(symbol("a", layer, k), theme, em=theme.number_size, color=theme.muted)
        for k in (1, 2)
    )
    color = scene.diagram.role(layer)
    return CodePlane(np.array(codes), (first, second), color=color, theme=theme, box=_PLANE)


def codes_drift(scene: TrainingScene) -> None:
    """The patterns before, while and after they are learnt. Needs the diagram on the left."""
    plane, losses = code_plane(scene), curves(scene, loss_series(scene), _BELOW)
    scene.section("patterns")
    with scene.beat("encoder.patterns"):
        quick_pass(scene, scene.run.forward(0))
    with scene.beat("encoder.narrow"):
        scene.play(DimEdges(scene.diagram), FadeIn(plane), run_time=0.8)
    scene.section("codes")
    with scene.beat("encoder.drift"):
        scene.play(FadeIn(losses), run_time=0.5)
        play_run(scene, Group(plane, losses))
    _come_out_again(scene, plane)


def _come_out_again(scene: TrainingScene, plane: CodePlane) -> None:
    diagram, run = scene.diagram, scene.run
    inputs, targets = run.data.inputs, run.data.targets
    trained = run.network(-1)
    right = round(accuracy(forward(trained, inputs).prediction, targets) * len(inputs))
    with scene.beat("encoder.again", hold=1.5, right=right, count=len(inputs)):
        diagram.clear_blame()
        for disc, given in zip(plane.discs, inputs, strict=True):
            trace = forward(trained, given)
            scene.play(ForwardPass(diagram, trace, detail="network", step_time=0.7))
            scene.play(Indicate(disc, scale_factor=1.4, color=None), run_time=0.5)
