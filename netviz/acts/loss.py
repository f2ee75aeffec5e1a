"""The prediction against the target, and the loss."""

from __future__ import annotations

from manim import LEFT as LEFTWARD
from manim import RIGHT as RIGHTWARD
from manim import UP, FadeIn, GrowFromEdge, LaggedStart, TransformFromCopy, VGroup

from netviz.drawing.layout import RIGHT, Box
from netviz.drawing.panels.target import LossReadout, TargetPanel
from netviz.scene import NetworkScene

# The targets stand close to the predictions, closer than other panels to the diagram.
TARGET_BOX = Box(1.9, RIGHT.right, RIGHT.bottom, RIGHT.top)
_SQUARED = ("mse", "half_squared_error")


def compare(scene: NetworkScene) -> VGroup:
    """Targets beside the predictions, errors as bars, the loss. Needs the diagram on the left.

    Returns:
        The panel, which stays on screen.
    """
    panel = target_panel(scene)
    with scene.beat("loss.target"):
        scene.play(
            FadeIn(panel.titles[0]),
            LaggedStart(*(FadeIn(number) for number in panel.targets), lag_ratio=0.15),
            run_time=1.0,
        )
    with scene.beat("loss.errors"):
        scene.play(FadeIn(panel.axis), FadeIn(panel.titles[1]), run_time=0.4)
        grow = (
            GrowFromEdge(bar, LEFTWARD if number.value > 0 else RIGHTWARD)
            for bar, number in zip(panel.bars, panel.differences, strict=True)
        )
        scene.play(LaggedStart(*grow, lag_ratio=0.15), run_time=1.0)
        scene.play(*map(FadeIn, panel.differences), run_time=0.5)
    loss = loss_readout(scene, panel)
    if len(panel.squares):
        with scene.beat("loss.squares"):
            squares = (
                TransformFromCopy(difference, square)
                for difference, square in zip(panel.differences, panel.squares, strict=True)
            )
            scene.play(LaggedStart(*squares, lag_ratio=0.15), run_time=1.4)
            scene.play(FadeIn(loss, shift=0.3 * UP), run_time=0.6)
    else:
        with scene.beat("loss.value"):
            scene.play(FadeIn(loss, shift=0.3 * UP), run_time=0.6)
    return VGroup(panel, loss)


def target_panel(scene: NetworkScene) -> TargetPanel:
    """Targets, errors and, for squared losses, squares, each row beside its output neuron."""
    outputs = scene.diagram.layer(len(scene.diagram.sizes) - 1)
    return TargetPanel(
        scene.trace.prediction,
        scene.example.target,
        heights=[neuron.disc.get_y() for neuron in outputs],
        footer=scene.diagram.layout.name_y,
        theme=scene.theme,
        words=scene.words,
        box=TARGET_BOX,
        squares=scene.example.loss.name in _SQUARED,
    )


def loss_readout(scene: NetworkScene, panel: TargetPanel) -> LossReadout:
    """The loss in large figures, at the foot of the last column."""
    readout = LossReadout(scene.example.loss.title, float(scene.blame.loss), scene.theme)
    readout.move_to([0, scene.diagram.layout.name_y, 0])
    return readout.align_to([TARGET_BOX.right, 0, 0], RIGHTWARD)
