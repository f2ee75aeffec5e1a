"""The correction: weights change, the same input runs again, the loss falls."""

from __future__ import annotations

from manim import FadeIn, FadeOut, GrowFromEdge
from manim import DOWN as DOWNWARD

from netviz.acts.forward import quick_pass
from netviz.animation.update import WeightUpdate
from netviz.core import Network, forward
from netviz.drawing.layout import RIGHT, Box
from netviz.drawing.panels.loss import LossHistory
from netviz.drawing.text import formatted
from netviz.scene import NetworkScene

LOSS_BOX = Box(RIGHT.left, RIGHT.right, RIGHT.bottom, RIGHT.top)


def correct(scene: NetworkScene) -> LossHistory:
    """One step of gradient descent; the old loss stays visible beside the new.

    Needs the diagram, wide, with all values and blames. Leaves it on the left with the corrected
    weights and their activations.

    Returns:
        The panel of losses, which stays on screen.
    """
    diagram, example = scene.diagram, scene.example
    scene.make_room()
    before = float(scene.blame.loss)
    panel = losses(scene, [before])
    with scene.beat("update.step"):
        scene.play(FadeIn(panel), run_time=0.6)
        diagram.clear_blame()
        scene.play(WeightUpdate(diagram, example.network, scene.corrected, run_time=2.0))
    after = scene.blame_in(scene.corrected)
    with scene.beat("update.again"):
        rerun(scene, scene.corrected)
    both = losses(scene, [before, float(after.loss)])
    with scene.beat(
        "update.falls", before=formatted(before, 3), after=formatted(float(after.loss), 3)
    ):
        scene.play(FadeIn(both.labels[1]), GrowFromEdge(both.bars[1], DOWNWARD), run_time=0.8)
        scene.play(FadeIn(both.numbers[1]), run_time=0.5)
        scene.remove(panel)
        scene.add(both)
    return both


def rerun(scene: NetworkScene, network: Network) -> None:
    """Run the sample through other weights, fast."""
    scene.diagram.clear_activations()
    quick_pass(scene, forward(network, scene.example.input))


def losses(scene: NetworkScene, values: list[float], slots: int = 2) -> LossHistory:
    """The panel with the losses so far."""
    names = [scene.words("panel.before"), scene.words("panel.after")]
    return LossHistory(
        values,
        title=f"{scene.words('panel.loss')} ({scene.example.loss.title})",
        theme=scene.theme,
        box=LOSS_BOX,
        labels=names[: len(values)] if slots == 2 else (),
        slots=slots,
    )


def train_on(scene: NetworkScene, steps: int) -> None:
    """Repeat forward, blame and correction; each step adds a bar of its true loss.

    Needs the diagram on the left, empty of blame.
    """
    network, history = scene.example.network, [float(scene.blame.loss)]
    panel = losses(scene, history, slots=steps + 1)
    scene.play(FadeIn(panel), run_time=0.4)
    with scene.beat("update.repeat"):
        for _ in range(steps):
            corrected = network.updated(scene.blame_in(network), scene.example.learning_rate)
            scene.play(WeightUpdate(scene.diagram, network, corrected, run_time=0.35))
            network = corrected
            trace = forward(network, scene.example.input)
            scene.diagram.show_activations(trace)
            history.append(float(scene.blame_in(network).loss))
            scene.remove(panel)
            panel = losses(scene, history, slots=steps + 1)
            scene.add(panel)
    scene.play(FadeOut(panel), run_time=0.4)
