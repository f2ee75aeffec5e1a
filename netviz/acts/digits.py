"""Handwritten digits: the pixels are the input neurons; one is read right, one is not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from manim import LEFT, FadeIn, FadeOut, GrowFromEdge, LaggedStart

from netviz.animation.details import DimEdges, FillNeuron, LightEdges
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.core import BackwardTrace, Data, ForwardTrace, backward, forward
from netviz.core.arrays import Array
from netviz.core.data import accuracy
from netviz.drawing.layout.box import WIDE_BOX, Box
from netviz.drawing.layout.layout import PIXEL_RADIUS, pixel_grid
from netviz.drawing.panels.outputs import AnswerBars
from netviz.training_scene import TrainingScene

_GRID = Box(-6.7, -3.1, -1.1, 2.5)
_HIDDEN, _OUTPUT = -0.7, 2.0
_ANSWERS = Box(2.55, 6.75, WIDE_BOX.bottom, WIDE_BOX.top)
_COLUMN = Box(0.0, 0.0, -1.9, 3.25)
# The weights step back; what flows over them stands out.
_MIST = 0.55
# A share of at least this, beside the largest, is worth a look.
_LARGE = 0.15


def unseen(scene: TrainingScene) -> Data:
    """The samples that were set aside, so that the network was not trained on them.

    Raises:
        ValueError: There are none.
    """
    if scene.training_setup.validation is None:
        raise ValueError(
            f"{scene.example.name} sets no samples aside, expected data.validation in its file"
        )
    return scene.training_setup.validation


def check_images(scene: TrainingScene) -> None:
    """Assert that the inputs are square images, that there are classes, and unseen samples.

    Raises:
        ValueError: They are not.
    """
    sizes = scene.example.network.sizes
    square = math.isqrt(sizes[0]) ** 2 == sizes[0]
    if len(sizes) != 3 or not square or not scene.training_setup.data.classes:
        raise ValueError(
            f"this scene shows square images in one hidden layer; found layers of "
            f"{', '.join(map(str, sizes))}, expected such as 64, 16, 10 on the data set digits"
        )
    unseen(scene)


def pixels_are_neurons(scene: TrainingScene) -> None:
    """Place the input neurons like the pixels of the image, and the others in columns."""
    diagram = scene.diagram
    side = math.isqrt(diagram.sizes[0])
    step = _GRID.width / side
    grid = pixel_grid(_GRID.left, _GRID.top, _GRID.width, diagram.sizes[0])
    columns = (_column(n, x) for n, x in zip(diagram.sizes[1:], (_HIDDEN, _OUTPUT), strict=True))
    diagram.place(
        replace(
            diagram.layout,
            centers=(grid, *columns),
            radii=3 * (PIXEL_RADIUS * min(step, _COLUMN.height / max(diagram.sizes[1:])),),
            value_ems=(None, None, None),
            values_outside=(False, False, False),
            blame_fits=(False, False, False),
        )
    )
    diagram.names[0].set_x(_GRID.center[0])
    for edges in diagram.edge_layers:
        edges.set_brightness(np.full(len(edges.brightness()), _MIST))


def _column(n: int, x: float) -> tuple[tuple[float, float, float], ...]:
    heights = np.linspace(_COLUMN.top, _COLUMN.bottom, n)
    return tuple((x, float(y), 0.0) for y in heights)


def surest_and_worst(scene: TrainingScene) -> tuple[int, int]:
    """Rows of the unseen samples: the worst one read, and the best of the same digit."""
    data = unseen(scene)
    shares = forward(scene.run.network(-1), data.inputs).prediction
    target = data.targets.argmax(axis=1)
    of_target = shares[np.arange(len(data)), target]
    worst = int(of_target.argmin())
    same = np.where(target == target[worst], of_target, -1.0)
    return int(same.argmax()), worst


def read_both(scene: TrainingScene) -> None:
    """The network reads a digit, hears its blame, and then the one that it reads worst.

    Needs the diagram, trained.
    """
    data, trained = unseen(scene), scene.run.network(-1)
    rows = surest_and_worst(scene)
    traces = [forward(trained, data.inputs[row]) for row in rows]
    blames = [
        backward(trained, trace, data.targets[row], scene.example.loss)
        for trace, row in zip(traces, rows, strict=True)
    ]
    percent = round(100 * accuracy(forward(trained, data.inputs).prediction, data.targets))
    scene.section("right")
    with scene.beat("digits.unseen", percent=percent, count=len(data)):
        _show_image(scene, traces[0])
    panel = _read(scene, data, rows[0], traces[0])
    _hear(scene, blames[0], blames[1], "digits.little")
    scene.section("wrong")
    scene.play(FadeOut(panel), DimEdges(scene.diagram), run_time=0.3)
    scene.diagram.clear_blame().clear_activations()
    with scene.beat("digits.another"):
        _show_image(scene, traces[1])
    _read(scene, data, rows[1], traces[1])
    _hear(scene, blames[1], blames[1], "digits.much")


def _show_image(scene: TrainingScene, trace: ForwardTrace) -> None:
    pixels = range(scene.diagram.sizes[0])
    fill = (FillNeuron(scene.diagram, trace, 0, i) for i in pixels)
    scene.play(LaggedStart(*fill, lag_ratio=0.03), run_time=1.4)


def _read(scene: TrainingScene, data: Data, row: int, trace: ForwardTrace) -> AnswerBars:
    diagram, target = scene.diagram, int(data.targets[row].argmax())
    answer = int(trace.prediction.argmax())
    names = data.target_names or tuple(map(str, range(data.classes)))
    panel = AnswerBars(
        trace.prediction,
        names,
        target=target,
        heights=[neuron.disc.get_y() for neuron in diagram.layer(2)],
        theme=scene.theme,
        box=_ANSWERS,
        words=scene.words,
    )
    key = "digits.right" if answer == target else "digits.wrong"
    with scene.beat(key, answer=names[answer], target=names[target]):
        scene.play(ForwardPass(diagram, trace, step_time=1.2))
        scene.play(FadeIn(panel.names), run_time=0.3)
        scene.play(*(GrowFromEdge(bar, LEFT) for bar in panel.bars), run_time=0.7)
        scene.play(FadeIn(panel.numbers), FadeIn(panel.mark), run_time=0.4)
    return panel


def _hear(scene: TrainingScene, blame: BackwardTrace, beside: BackwardTrace, key: str) -> None:
    with scene.beat(key):
        scene.play(BackwardPass(scene.diagram, blame, scale_to=beside, step_time=1.4))
        _light_shares(scene, blame.layers[-1].shares, beside.layers[-1].shares)


def _light_shares(scene: TrainingScene, shares: Array, beside: Array) -> None:
    """The large shares of the outputs' blame stay on their edges, to be looked at."""
    strengths = np.abs(shares) / float(np.abs(beside).max())
    large = np.argwhere(strengths > _LARGE)
    if len(large):
        lit = [scene.diagram.edge_layers[-1].edge(int(k), int(j)) for j, k in large]
        widths = [float(strengths[j, k]) for j, k in large]
        scene.play(LightEdges(scene.diagram, lit, widths, back=True))
