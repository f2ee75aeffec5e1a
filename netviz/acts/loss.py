"""The prediction against the target, and the loss."""

from __future__ import annotations

from manim import LEFT, RIGHT, FadeIn, FadeOut, GrowFromEdge, LaggedStart

from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.panels.outputs import LossReadout, TargetPanel
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene

# Closer to the diagram than other panels: the targets stand next to the predictions.
TARGET_BOX = Box(1.9, RIGHT_BOX.right, RIGHT_BOX.bottom, RIGHT_BOX.top)
_SQUARED = ("mse", "half_squared_error")
# Letters of the name of a loss that fit above its number.
_LONGEST = 5


@act(
    "loss",
    section="loss",
    rows=True,
    needs=OnScreen("left", values="all", blames=0),
    leaves=OnScreen("left", values="all", blames=0, panels=True),
)
def loss(scene: NetworkScene) -> None:
    """The prediction next to the target, and the loss."""
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
            GrowFromEdge(bar, LEFT if number.value > 0 else RIGHT)
            for bar, number in zip(panel.bars, panel.differences, strict=True)
        )
        scene.play(LaggedStart(*grow, lag_ratio=0.15), run_time=1.0)
        scene.play(*map(FadeIn, panel.differences), run_time=0.5)
    readout = loss_readout(scene, panel)
    if len(panel.squares):
        with scene.beat("loss.squares"):
            squares = (FadeIn(square, shift=0.4 * RIGHT) for square in panel.squares)
            scene.play(FadeIn(panel.titles[2]), LaggedStart(*squares, lag_ratio=0.15), run_time=1.4)
    with scene.beat("loss.mean" if scene.example.loss.name == "mse" else "loss.value"):
        collected = (FadeOut(square, target_position=readout.number) for square in panel.squares)
        scene.play(*collected, *map(FadeOut, panel.titles[2:]), FadeIn(readout), run_time=1.0)
    panel.remove(panel.squares)
    panel.titles.remove(*panel.titles[2:])
    scene.show(panel, readout)


def target_panel(scene: NetworkScene) -> TargetPanel:
    """Return targets, errors and the squares of squared losses, each row next to its output."""
    target, last = scene.example.target, len(scene.diagram.sizes) - 1
    # With gaussian_nll, two outputs describe one target: the means come first.
    rows = [i for i in scene.diagram.shown(last) if i < len(target)]
    return TargetPanel(
        scene.trace.prediction[rows],
        target[rows],
        heights=[scene.diagram.neuron(last, i).disc.get_y() for i in rows],
        theme=scene.theme,
        words=scene.words,
        box=TARGET_BOX,
        squares=scene.example.loss.name in _SQUARED,
    )


def loss_readout(scene: NetworkScene, panel: TargetPanel) -> LossReadout:
    """Return the loss in large figures, half-way down the last column."""
    title = scene.example.loss.title
    short = title if len(title) <= _LONGEST else scene.words("panel.loss")
    left = 2 * panel.last_column - TARGET_BOX.right
    half, middle = panel.axis.height / 2, panel.axis.get_y()
    box = Box(left, TARGET_BOX.right, middle - half, middle + half)
    return LossReadout(short, float(scene.blame.loss), theme=scene.theme, box=box)
