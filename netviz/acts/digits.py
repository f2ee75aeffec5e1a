"""Images whose pixels are the input neurons: one that is classified right, and one that is not."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from manim import LEFT, FadeIn, GrowFromEdge, LaggedStart

from netviz.acts.opening import network_appears
from netviz.animation.details import DimEdges, FillNeuron, LightEdges
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.core import BackwardTrace, Data, ForwardTrace, backward, forward
from netviz.core.arrays import Array
from netviz.core.data import accuracy
from netviz.drawing.layout.box import WIDE_BOX, Box
from netviz.drawing.layout.layout import PIXEL_RADIUS, pixel_grid
from netviz.drawing.panels.outputs import AnswerBars
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.training_scene import TrainingScene

# Where the pixels are, the x of the other two layers, their heights, and the answers.
_GRID = Box(-6.7, -3.1, -1.1, 2.5)
_HIDDEN, _OUTPUT = -0.7, 2.0
_ANSWERS = Box(2.55, 6.75, WIDE_BOX.bottom, WIDE_BOX.top)
_COLUMN = Box(0.0, 0.0, -1.9, 3.25)
# Brightness of the edges, so low that light on them is seen well.
_DIMMED = 0.55
# Shares above this fraction of the largest share stay on their edges.
_LARGE = 0.15


def unseen(scene: TrainingScene) -> Data:
    """Return the validation samples, on which the network was not trained.

    Raises:
        ProblemError: There are none.
    """
    if scene.training_setup.validation is None:
        found, expected = "has no validation samples", "data.validation in its file"
        raise ProblemError(Problem(scene.example.name, found, expected))
    return scene.training_setup.validation


def check_images(scene: TrainingScene) -> None:
    """Check that the inputs are square images, and that there are classes and unseen samples.

    Raises:
        ProblemError: They are not, or there are none.
    """
    sizes = scene.example.network.sizes
    square = math.isqrt(sizes[0]) ** 2 == sizes[0]
    if len(sizes) != 3 or not square or not scene.training_setup.data.classes:
        found = f"has layers of {', '.join(map(str, sizes))} neurons"
        expected = "square images, one hidden layer and classes, such as 64, 16, 10 for digits"
        raise ProblemError(Problem("the network", found, expected))
    diagram = scene.diagram
    if any(len(diagram.shown(layer)) < size for layer, size in enumerate(sizes)):
        found, hint = f"is {diagram.style.max_neurons}", "every pixel is drawn as a neuron"
        raise ProblemError(Problem("max_neurons", found, "None", hint))
    unseen(scene)


@act(
    "pixels",
    section="network",
    run=True,
    check=check_images,
    needs=OnScreen("wide", values=0, blames=0, diagram=False),
    leaves=OnScreen(values=0, blames=0),
)
def pixels(scene: TrainingScene) -> None:
    """A trained network appears, its input neurons placed as the pixels of an image."""
    scene.continue_with(scene.run.network(-1))
    scene.diagram.set_weights(scene.example.network)
    pixels_are_neurons(scene)
    network_appears(scene)


@act(
    "read",
    section="right",
    check=check_images,
    needs=OnScreen(values=0, blames=0),
    leaves=OnScreen(values="all", blames="all", panels=True),
)
def read(scene: TrainingScene) -> None:
    """Forward and back for an unseen image that the network classifies right."""
    data, network = unseen(scene), scene.example.network
    best, _ = surest_and_worst(scene)
    percent = round(100 * accuracy(forward(network, data.inputs).prediction, data.targets))
    with scene.beat("digits.unseen", percent=percent, count=len(data)):
        _show_image(scene, _trace(scene, best))
    _classify(scene, best)
    _blame(scene, best, "digits.little")


@act(
    "misread",
    section="wrong",
    check=check_images,
    needs=OnScreen(panels=None),
    leaves=OnScreen(values="all", blames="all", panels=True),
)
def misread(scene: TrainingScene) -> None:
    """Forward and back for the unseen image that the network classifies worst."""
    _, worst = surest_and_worst(scene)
    scene.play(*scene.fade_panels(), DimEdges(scene.diagram), run_time=0.3)
    scene.diagram.clear_blame().clear_activations()
    with scene.beat("digits.another"):
        _show_image(scene, _trace(scene, worst))
    _classify(scene, worst)
    _blame(scene, worst, "digits.much")


def pixels_are_neurons(scene: TrainingScene) -> None:
    """Place the input neurons as the pixels of the image, and the others in columns."""
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
        edges.set_brightness(np.full(len(edges.brightness()), _DIMMED))


def _column(n: int, x: float) -> tuple[tuple[float, float, float], ...]:
    heights = np.linspace(_COLUMN.top, _COLUMN.bottom, n)
    return tuple((x, float(y), 0.0) for y in heights)


def surest_and_worst(scene: TrainingScene) -> tuple[int, int]:
    """Return rows of the unseen samples: the best classified of a class, and the worst of all.

    The network is the one that the scene explains; both samples have the same class.
    """
    data = unseen(scene)
    outputs = forward(scene.example.network, data.inputs).prediction
    target = data.targets.argmax(axis=1)
    of_target = outputs[np.arange(len(data)), target]
    worst = int(of_target.argmin())
    same = np.where(target == target[worst], of_target, -1.0)
    return int(same.argmax()), worst


def _trace(scene: TrainingScene, row: int) -> ForwardTrace:
    """Return the forward pass of an unseen sample."""
    return forward(scene.example.network, unseen(scene).inputs[row])


def _blame_of(scene: TrainingScene, row: int) -> BackwardTrace:
    """Return the backward pass of an unseen sample."""
    target = unseen(scene).targets[row]
    return backward(scene.example.network, _trace(scene, row), target, scene.example.loss)


def _show_image(scene: TrainingScene, trace: ForwardTrace) -> None:
    """Fill the input neurons, one after the other."""
    pixels = range(scene.diagram.sizes[0])
    fill = (FillNeuron(scene.diagram, trace, 0, i) for i in pixels)
    scene.play(LaggedStart(*fill, lag_ratio=0.03), run_time=1.4)


def _classify(scene: TrainingScene, row: int) -> None:
    """Play the forward pass of an unseen sample, and show the outputs as bars."""
    data, trace, diagram = unseen(scene), _trace(scene, row), scene.diagram
    target, answer = int(data.targets[row].argmax()), int(trace.prediction.argmax())
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
    scene.show(panel)


def _blame(scene: TrainingScene, row: int, key: str) -> None:
    """Play the backward pass of an unseen sample, on the scale of the one that is read worst."""
    blame, scale = _blame_of(scene, row), _blame_of(scene, surest_and_worst(scene)[1])
    with scene.beat(key):
        scene.play(BackwardPass(scene.diagram, blame, scale_to=scale, step_time=1.4))
        _light_shares(scene, blame.layers[-1].shares, scale.layers[-1].shares)


def _light_shares(scene: TrainingScene, shares: Array, scale: Array) -> None:
    """Leave light on the edges of large shares, relative to the largest share of ``scale``."""
    strengths = np.abs(shares) / float(np.abs(scale).max())
    large = np.argwhere(strengths > _LARGE)
    if len(large):
        lit = [scene.diagram.edge_layers[-1].edge(int(k), int(j)) for j, k in large]
        widths = [float(strengths[j, k]) for j, k in large]
        scene.play(LightEdges(scene.diagram, lit, widths, back=True))
