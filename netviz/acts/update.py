"""The correction: weights change, the same input runs again, the loss falls."""

from __future__ import annotations

import numpy as np
from manim import DOWN as DOWNWARD
from manim import FadeIn, GrowFromEdge, Mobject, VGroup

from netviz.acts.backward import most_blamed
from netviz.acts.forward import quick_pass
from netviz.animation.update import WeightUpdate
from netviz.core import forward
from netviz.drawing.layout import RIGHT, Box
from netviz.drawing.panels.loss import LossHistory
from netviz.drawing.panels.reckoning import Named, Reckoning
from netviz.drawing.text import formatted
from netviz.scene import NetworkScene

STEP_BOX = Box(RIGHT.left, RIGHT.right, 1.2, RIGHT.top)
LOSS_BOX = Box(RIGHT.left, RIGHT.right, RIGHT.bottom, 1.0)


def correct(scene: NetworkScene) -> VGroup:
    """One step of gradient descent; the old loss stays visible beside the new.

    Needs the diagram with all values and blames. Leaves it on the left with the corrected weights
    and their activations.

    Returns:
        The panels, which stay on screen.
    """
    diagram, example = scene.diagram, scene.example
    scene.make_room()
    before, after = float(scene.blame.loss), float(scene.blame_in(scene.corrected).loss)
    step, old, both = (
        correction_step(scene),
        losses(scene, [before]),
        losses(scene, [before, after]),
    )
    with scene.beat("update.step"):
        scene.play(FadeIn(step), run_time=0.8)
        diagram.clear_blame()
        scene.play(WeightUpdate(diagram, example.network, scene.corrected, run_time=2.0))
    with scene.beat("update.again"):
        scene.play(FadeIn(old), run_time=0.5)
        diagram.clear_activations()
        quick_pass(scene, scene.corrected_trace)
    key = "update.falls" if after < before else "update.rises"
    with scene.beat(key, before=formatted(before, 3), after=formatted(after, 3)):
        scene.play(FadeIn(both.labels[1]), GrowFromEdge(both.bars[1], DOWNWARD), run_time=0.8)
        scene.play(FadeIn(both.numbers[1]), run_time=0.5)
        scene.remove(old)
        scene.add(both)
    return VGroup(step, both)


def correction_step(scene: NetworkScene) -> Reckoning:
    """``W − η ∂L/∂W`` in numbers, for the weight of the last layer that is corrected most."""
    layer, theme = len(scene.diagram.sizes) - 1, scene.theme
    j = most_blamed(scene, layer)
    k = int(np.abs(scene.blame.layers[layer - 1].weight_gradient[j]).argmax())
    old, new = (
        float(network.layers[layer - 1].weights[j, k])
        for network in (scene.example.network, scene.corrected)
    )
    name = f"W_({k + 1},{j + 1})"
    rule = f"eta dot partial L slash partial {name}"
    return Reckoning(
        f"{name} arrow.l {name} - {rule}",
        [Named(name, old, theme.text), Named(f"- {rule}", new - old, theme.text)],
        Named(name, new, theme.text),
        theme=theme,
        box=STEP_BOX,
    )


def losses(
    scene: NetworkScene, values: list[float], *, slots: int = 2, box: Box = LOSS_BOX
) -> LossHistory:
    """The panel with the losses so far; with two slots they are called before and after."""
    names = [scene.words("panel.before"), scene.words("panel.after")]
    return LossHistory(
        values,
        title=f"{scene.words('panel.loss')} ({scene.example.loss.title})",
        theme=scene.theme,
        box=box,
        labels=names[: len(values)] if slots == 2 else (),
        slots=slots,
    )


def training_steps(
    scene: NetworkScene, steps: int, *, key: str, leaving: Mobject | None = None
) -> None:
    """Forward, blame, correction, again and again; each step adds a bar of its true loss.

    Needs the diagram. Starts from the network that the diagram shows.

    Args:
        scene: Where it is played.
        steps: How many corrections.
        key: Of the caption.
        leaving: Panels that make room first.
    """
    diagram, network = scene.diagram, scene.diagram.network
    scene.make_room(*([leaving] if leaving is not None else []))
    diagram.clear_blame()
    history = [float(scene.blame_in(network).loss)]
    panel = losses(scene, history, slots=steps + 1, box=RIGHT)
    scene.play(FadeIn(panel), run_time=0.4)
    with scene.beat(key, hold=1.5):
        for _ in range(steps):
            corrected = network.updated(scene.blame_in(network), scene.example.learning_rate)
            scene.play(WeightUpdate(diagram, network, corrected, run_time=0.3))
            network = corrected
            diagram.show_activations(forward(network, scene.example.input))
            history.append(float(scene.blame_in(network).loss))
            scene.remove(panel)
            panel = losses(scene, history, slots=steps + 1, box=RIGHT)
            scene.add(panel)
