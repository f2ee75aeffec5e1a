"""The correction: weights change, the same input runs again, the loss falls."""

from __future__ import annotations

import numpy as np
from manim import DOWN, FadeIn, FadeOut, GrowFromEdge

from netviz.acts.loss import target_panel
from netviz.acts.sweeps import quick_pass
from netviz.animation.details import DimEdges, Focus, Forget, LightCorrections
from netviz.animation.update import WeightUpdate
from netviz.core import forward
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.notation import gradient, symbol
from netviz.drawing.numerals import figures
from netviz.drawing.panels.calculation import Calculation, Term
from netviz.drawing.panels.outputs import ChangeTable
from netviz.drawing.panels.training import LossHistory
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene

# Letters of the name of a loss that fit after the word "loss".
_LONGEST = 13
# To the right of the targets.
LOSS_BOX = Box(3.1, RIGHT_BOX.right, RIGHT_BOX.bottom, RIGHT_BOX.top)


@act(
    "update",
    section="update",
    rows=True,
    needs=OnScreen("left", values="all", blames="all"),
    leaves=OnScreen("left", values="all", blames=0, panels=True),
)
def update(scene: NetworkScene, *, pause: float = 0.0) -> None:
    """One step of gradient descent, and the loss before and after it.

    Args:
        scene: The scene on which it is played.
        pause: Seconds before it begins, for a film that opens with it.
    """
    if pause:
        scene.play(DimEdges(scene.diagram, run_time=pause))
    diagram, example = scene.diagram, scene.example
    before, after = float(scene.blame.loss), float(scene.blame_in(scene.corrected).loss)
    layer, j, k = largest_gradient(scene)
    step, old, both = (
        correction_step(scene),
        losses(scene, [before]),
        losses(scene, [before, after]),
    )
    with scene.beat("update.step"):
        edge = diagram.edge(layer - 1, k, j)
        sign = float(np.sign(scene.blame.layers[layer - 1].weight_gradient[j, k]))
        scene.play(Focus(diagram, [edge]))
        scene.play(LightCorrections(diagram, [edge], [sign]), run_time=0.6)
        scene.play(FadeIn(step), run_time=0.8)
        scene.hold(0.9)
        scene.play(Focus(diagram, None))
        scene.play(WeightUpdate(diagram, example.network, scene.corrected, run_time=2.4))
    targets = target_panel(scene)
    with scene.beat("update.again"):
        scene.play(FadeOut(step), Forget(diagram), run_time=0.5)
        scene.play(FadeIn(targets.targets), FadeIn(targets.titles[0]), run_time=0.5)
        quick_pass(scene, scene.corrected_trace)
        changes = output_changes(scene)
        scene.play(FadeIn(changes), run_time=0.6)
    key = "update.falls" if after < before else "update.rises"
    with scene.beat(key, before=figures(before, 3), after=figures(after, 3)):
        scene.play(FadeOut(changes), run_time=0.3)
        scene.play(FadeIn(old), run_time=0.5)
        scene.play(FadeIn(both.labels[1]), GrowFromEdge(both.bars[1], DOWN), run_time=0.8)
        scene.play(FadeIn(both.numbers[1]), run_time=0.5)
        scene.remove(old)
        scene.add(both)
    scene.show(targets.targets, targets.titles[0], both)


def largest_gradient(scene: NetworkScene) -> tuple[int, int, int]:
    """Return (layer, j, k) of the drawn edge with the largest |∂L/∂W|: from neuron k into j."""
    shown = [scene.diagram.shown(layer) for layer in range(len(scene.diagram.sizes))]
    sizes = [
        np.abs(record.weight_gradient)[np.ix_(shown[layer + 1], shown[layer])]
        for layer, record in enumerate(scene.blame.layers)
    ]
    layer = int(np.argmax([part.max() for part in sizes]))
    j, k = np.unravel_index(int(sizes[layer].argmax()), sizes[layer].shape)
    return layer + 1, shown[layer + 1][j], shown[layer][k]


def correction_step(scene: NetworkScene) -> Calculation:
    """Return ``W − η ∂L/∂W`` in numbers, for the weight that is corrected most."""
    (layer, j, k), theme = largest_gradient(scene), scene.theme
    old, new = (
        float(network.connections()[layer - 1].weights[j, k])
        for network in (scene.example.network, scene.corrected)
    )
    weight, rate = symbol("W", layer, k + 1, j + 1), scene.example.learning_rate
    slope = float(scene.blame.layers[layer - 1].weight_gradient[j, k])
    return Calculation(
        f"W arrow.l W - eta dot {gradient('W')}",
        [
            Term(weight, old, theme.text),
            Term(f"- eta dot {gradient('W')}", new - old, theme.text),
        ],
        Term(weight, new, theme.text),
        given=[
            Term("eta", rate, theme.text, decimals=_digits(rate)),
            Term(gradient(weight), slope, theme.text, decimals=4),
        ],
        theme=theme,
        box=RIGHT_BOX,
    )


def _loss_title(scene: NetworkScene) -> str:
    """Return ``loss (MSE)``, without the name if it is too long for the panel."""
    word, name = scene.words("panel.loss"), scene.example.loss.title
    return f"{word} ({name})" if len(name) <= _LONGEST else word


def _digits(value: float) -> int:
    """Return the decimals that a number written by hand needs, as in 2.0 and 0.05; at most 4."""
    return next((n for n in range(1, 4) if round(value, n) == value), 4)


def output_changes(scene: NetworkScene) -> ChangeTable:
    """Return the drawn outputs before and after the correction, each row next to its neuron."""
    last = len(scene.diagram.sizes) - 1
    shown = scene.diagram.shown(last)
    return ChangeTable(
        scene.trace.prediction[shown],
        scene.corrected_trace.prediction[shown],
        heights=[neuron.disc.get_y() for neuron in scene.diagram.layer(last)],
        color=scene.diagram.role(last),
        theme=scene.theme,
        box=LOSS_BOX,
        words=scene.words,
    )


def losses(
    scene: NetworkScene, values: list[float], *, slots: int = 2, box: Box = LOSS_BOX
) -> LossHistory:
    """Return the panel of the losses so far; two slots are labelled "before" and "after"."""
    names = [scene.words("panel.before"), scene.words("panel.after")]
    return LossHistory(
        values,
        title=_loss_title(scene),
        theme=scene.theme,
        box=box,
        labels=names[: len(values)] if slots == 2 else (),
        slots=slots,
    )


@act(
    "repeat",
    section="training",
    needs=OnScreen("left", values="all"),
    leaves=OnScreen("left", values="all", blames=0, panels=True),
)
def repeat(scene: NetworkScene, *, steps: int = 12, caption: str = "update.repeat") -> None:
    """Twelve more steps of gradient descent on the same sample, each with its loss.

    Args:
        scene: The scene on which it is played.
        steps: How many corrections.
        caption: Key of the caption.
    """
    diagram, network = scene.diagram, scene.diagram.network
    diagram.clear_blame()
    history = [float(scene.blame_in(network).loss)]
    panel = losses(scene, history, slots=steps + 1, box=RIGHT_BOX)
    scene.play(FadeIn(panel), run_time=0.4)
    with scene.beat(caption, hold=1.5):
        for _ in range(steps):
            corrected = network.updated(scene.blame_in(network), scene.example.learning_rate)
            scene.play(WeightUpdate(diagram, network, corrected, run_time=0.3))
            network = corrected
            diagram.show_activations(forward(network, scene.example.input))
            history.append(float(scene.blame_in(network).loss))
            scene.remove(panel)
            panel = losses(scene, history, slots=steps + 1, box=RIGHT_BOX)
            scene.add(panel)
    scene.show(panel)
