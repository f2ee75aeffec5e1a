"""Patterns that pass through two neurons: their codes drift apart during the training."""

from __future__ import annotations

import numpy as np
from manim import AnimationGroup, FadeIn, FadeOut, Indicate, VGroup

from netviz.acts.sweeps import quick_pass
from netviz.acts.training import (
    BELOW_PLANE,
    PLANE_BOX,
    RUN_BOX,
    another_sample,
    curves,
    loss_series,
    move_stage,
    open_gaps,
    play_run,
    set_stage,
)
from netviz.animation.details import DimEdges, Focus, Forget
from netviz.animation.passes import ForwardPass
from netviz.animation.timeline import Change, ease
from netviz.core import forward
from netviz.core.data import accuracy
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.numerals import figures
from netviz.drawing.panels.planes import CodePlane
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import LAST
from netviz.staging.network_scene import layers_of
from netviz.staging.training_scene import TrainingScene

# From a line of the plane to a value that is written at it, upwards and sidewards, in frame units.
_AT_AXIS, _BESIDE = 0.24, 0.1
# Values below this have more room on the side of the frame than on that of 0.
_INNER = 0.5


def code_layer(scene: TrainingScene) -> int:
    """Return the last hidden layer of two neurons.

    Raises:
        ProblemError: There is none.
    """
    sizes = scene.example.network.sizes
    layers = [layer for layer in range(1, len(sizes) - 1) if sizes[layer] == 2]
    if not layers:
        found = layers_of(scene.example.network)
        hint = "the codes of the patterns are drawn in a plane"
        raise ProblemError(Problem("the network", found, "a hidden layer of 2 neurons", hint))
    return layers[-1]


def code_names(scene: TrainingScene) -> tuple[str, str]:
    """Return the names of the two neurons: the labels of the file, or "code 1" and "code 2"."""
    layers, own = len(scene.example.network.sizes), scene.diagram.style.neuron_labels
    given = {layer % layers: texts for layer, texts in own.items()}.get(code_layer(scene))
    first, second = given or (scene.words("panel.code", n=n) for n in (1, 2))
    return first, second


def code_plane(scene: TrainingScene) -> CodePlane:
    """Return the panel of the codes of all samples at all moments of the run."""
    layer, run, theme = code_layer(scene), scene.run, scene.theme
    inputs = run.data.inputs
    codes = [forward(run.network(i), inputs).activations[layer] for i in range(len(run))]
    color = scene.diagram.role(layer)
    first, second = (TextLabel(name, theme, color=color) for name in code_names(scene))
    return CodePlane(np.array(codes), (first, second), theme=theme, box=PLANE_BOX)


@act(
    "patterns",
    section="patterns",
    run=True,
    check=code_layer,
    needs=OnScreen(values=0, blames=0, diagram=False),
    leaves=OnScreen(RUN_BOX, values="all", blames=0, panels=True),
)
def patterns(scene: TrainingScene) -> None:
    """A pattern passes through a hidden layer of two neurons, before training."""
    scene.diagram = scene.labelled_diagram({code_layer(scene): code_names(scene)})
    trace, plane = scene.run.forward(0), code_plane(scene)
    set_stage(scene, trace, layers=[0])
    scene.add(plane.plane)
    with scene.beat("encoder.patterns"):
        quick_pass(scene, trace)
        scene.play(DimEdges(scene.diagram), open_gaps(scene, trace))
    _link(scene, plane)
    with scene.beat("encoder.others"):
        rest = [
            FadeIn(VGroup(*parts))
            for k, parts in enumerate(zip(plane.leaders, plane.dots, plane.tags, strict=True))
            if k
        ]
        scene.play(AnimationGroup(*rest, lag_ratio=0.3), run_time=1.6)
    scene.remove(plane.plane, *plane.leaders, *plane.dots, *plane.tags)
    scene.add(plane)
    scene.show(plane)


def _link(scene: TrainingScene, plane: CodePlane) -> None:
    """Carry the values of the two neurons to the axes of the plane, where they meet in a point."""
    diagram, layer, theme = scene.diagram, code_layer(scene), scene.theme
    neurons = [diagram.neuron(layer, i) for i in (0, 1)]
    with scene.beat("encoder.narrow"):
        scene.play(Focus(diagram, [], [(layer, 0), (layer, 1)]), run_time=0.6)
        scene.play(*(Indicate(each.disc, scale_factor=1.15, color=None) for each in neurons))
    first, second = code_names(scene)
    with scene.beat("encoder.point", first=first, second=second):
        values = []
        for axis, neuron in enumerate(neurons):
            value = float(neuron.value or 0.0)
            # As it is written in the neuron, where there may be room for fewer digits.
            text = neuron.value_text.text if neuron.value_text.has_points() else figures(value)
            number = Number(value, theme, color=diagram.role(layer)).show(value, text)
            number.move_to(neuron.disc).set_z_index(Z_NUMBER)
            start, _ = plane.ends_of_guide(0, axis)
            # Beside the guide, clear of the lines through 0 and of the frame.
            side = np.copysign(1.0, value) * (1.0 if abs(value) < _INNER else -1.0)
            away = number.width / 2 + _BESIDE
            beside = [side * away, _AT_AXIS, 0.0] if axis == 0 else [away, side * _AT_AXIS, 0.0]
            goal = start + np.array(beside)
            scene.play(number.animate.move_to(goal), run_time=1.0)
            values.append(number)

        def grow(progress: float) -> None:
            plane.show_guides(0, ease(progress))

        scene.play(Change(plane.guides, grow, 0.8))
        scene.play(FadeIn(plane.leaders[0], plane.dots[0], plane.tags[0]), run_time=0.6)
    scene.play(*map(FadeOut, values), FadeOut(plane.guides), Focus(diagram, None), run_time=0.5)
    plane.show_guides(None)


@act(
    "codes",
    section="codes",
    run=True,
    check=code_layer,
    needs=OnScreen(values="all", blames=0, panels=None),
    leaves=OnScreen(RUN_BOX, values="all", blames=0, panels=True),
)
def codes(scene: TrainingScene) -> None:
    """Training drives the codes of the patterns apart; then every pattern passes again."""
    plane = scene.panel(CodePlane)
    if plane is None:
        scene.clear_panels()
        move_stage(scene, scene.run.forward(0))
        plane = code_plane(scene)
        scene.show(plane)
    with scene.beat("encoder.drift"):
        losses = curves(scene, loss_series(scene), BELOW_PLANE)
        scene.show(losses, run_time=0.6)
        play_run(scene, [plane, losses])
    _patterns_again(scene, plane)


def _patterns_again(scene: TrainingScene, plane: CodePlane) -> None:
    """Send every pattern through the trained network."""
    diagram, trained, data = scene.diagram, scene.run.network(-1), scene.run.data
    right = round(accuracy(forward(trained, data.inputs).prediction, data.targets) * len(data))
    with scene.beat("encoder.again"):
        diagram.clear_blame()
        for k, (sample, target) in enumerate(zip(data.inputs, data.targets, strict=True)):
            trace = forward(trained, sample)
            scene.play(Forget(diagram, run_time=0.3))
            another_sample(scene, trace, target)
            scene.play(ForwardPass(diagram, trace, detail="network", step_time=0.7))
            scene.play(
                DimEdges(diagram),
                open_gaps(scene, trace, 0.7),
                Indicate(plane.tags[k], scale_factor=1.4, color=None),
                run_time=0.7,
            )
    with scene.beat("encoder.right", hold=LAST, right=right, count=len(data)):
        pass
