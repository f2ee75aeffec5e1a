"""Images whose pixels are the input neurons: one that is classified right, and one that is not."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from manim import LEFT, FadeIn, GrowFromEdge, Indicate, LaggedStart, VGroup

from netviz.animation.details import DimEdges, FillNeuron, Forget, LightEdges, blame_step
from netviz.animation.passes import ForwardPass
from netviz.animation.timeline import Change, together
from netviz.core import BackwardTrace, Data, ForwardTrace, backward, forward
from netviz.core.arrays import Array
from netviz.core.data import accuracy
from netviz.drawing.layout.box import WIDE_BOX, Box
from netviz.drawing.layout.layout import PIXEL_RADIUS, pixel_grid
from netviz.drawing.numerals import figures
from netviz.drawing.panels.outputs import AnswerBars
from netviz.drawing.text import TextLabel
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import HOLD, LAST
from netviz.staging.network_scene import layers_of
from netviz.staging.training_scene import TrainingScene

# Where the pixels are, the x of the other two layers, their heights, and the answers.
_GRID = Box(-6.7, -3.1, -1.1, 2.5)
_HIDDEN, _OUTPUT = -0.7, 2.0
_ANSWERS = Box(2.55, 6.75, WIDE_BOX.bottom, WIDE_BOX.top)
_COLUMN = Box(0.0, 0.0, -1.9, 3.25)
# From the image down to its target, and from the layers up to what goes back, in frame units.
_BELOW, _ABOVE = 0.4, 0.35
# Brightness of the edges, so low that light on them is seen well.
_DIMMED = 0.7
# Shares above the first fraction of the largest share travel; those above the second stay on their
# edges.
_VISIBLE, _LARGE = 0.04, 0.15


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
        expected = "square images, one hidden layer and classes, such as 64, 16, 10 for digits"
        raise ProblemError(Problem("the network", layers_of(scene.example.network), expected))
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
    leaves=OnScreen(values=1, blames=0, panels=None),
)
def pixels(scene: TrainingScene) -> None:
    """A trained network, its input neurons placed as the pixels of an image."""
    scene.continue_with(scene.run.network(-1))
    # The names of the classes stand in the panel.
    scene.diagram = scene.labelled_diagram({len(scene.example.network.sizes) - 1: ()})
    data, network, diagram = unseen(scene), scene.example.network, scene.diagram
    diagram.set_weights(network)
    pixels_are_neurons(scene)
    row, _ = surest_and_worst(scene)
    trace = _trace(scene, row)
    diagram.show_activations(trace, layers=[0])
    panel = _answers(scene, row)
    scene.add(diagram, panel.names, panel.goal, panel.mark)
    with scene.beat("digits.pixels"):
        scene.play(_lines_of_pixels(scene), run_time=2.0)
    share = accuracy(forward(network, data.inputs).prediction, data.targets)
    percent = f"{figures(100 * share, 1)}%"
    with scene.beat("digits.unseen", percent=percent, count=len(data)):
        pass
    scene.show(panel.names, panel.goal, panel.mark)


@act(
    "read",
    section="right",
    check=check_images,
    needs=OnScreen(values=None, blames=0, panels=None),
    leaves=OnScreen(values="all", blames="all", panels=True),
)
def read(scene: TrainingScene) -> None:
    """Forward and back for an unseen image that the network classifies right."""
    best, _ = surest_and_worst(scene)
    with scene.beat("digits.forward"):
        _show_image(scene, best)
        panel = _classify(scene, best)
    _judge(scene, best)
    scene.show(panel, _blame(scene, best, "digits.little"))


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
    panel = _answers(scene, worst)
    with scene.beat("digits.another"):
        scene.play(
            *(DimEdges(scene.diagram), Forget(scene.diagram)),
            *scene.fade_panels(),
            *map(FadeIn, (panel.names, panel.goal, panel.mark)),
            run_time=0.6,
        )
        scene.show(panel.names, panel.goal, panel.mark)
        _show_image(scene, worst)
    with scene.beat("digits.pass", target=_names(scene)[_class_of(scene, worst)]):
        panel = _classify(scene, worst)
    _judge(scene, worst)
    scene.show(panel, _blame(scene, worst, "digits.much", hold=LAST))


def _lines_of_pixels(scene: TrainingScene) -> LaggedStart:
    """Return the animation in which the rows of pixels are pointed out, one after the other."""
    neurons = scene.diagram.layer(0)
    side = math.isqrt(len(neurons))
    rows = (VGroup(*neurons[i : i + side]) for i in range(0, len(neurons), side))
    lit = (Indicate(row, scale_factor=1.08, color=None) for row in rows)
    return LaggedStart(*lit, lag_ratio=0.3)


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


def _class_of(scene: TrainingScene, row: int) -> int:
    """Return the class of an unseen sample."""
    return int(unseen(scene).targets[row].argmax())


def _names(scene: TrainingScene) -> tuple[str, ...]:
    """Return the names of the classes, or their numbers."""
    data = unseen(scene)
    return data.target_names or tuple(map(str, range(data.classes)))


def _show_image(scene: TrainingScene, row: int) -> None:
    """Fill the input neurons, one after the other, if they do not show the image already."""
    diagram, trace = scene.diagram, _trace(scene, row)
    pixels = range(diagram.sizes[0])
    if all(diagram.neuron(0, i).value == trace.input[i] for i in pixels):
        return
    fill = (FillNeuron(diagram, trace, 0, i) for i in pixels)
    scene.play(LaggedStart(*fill, lag_ratio=0.03), run_time=1.4)


def _answers(scene: TrainingScene, row: int) -> AnswerBars:
    """Return the outputs for an unseen sample as bars, with its target."""
    diagram, target = scene.diagram, _class_of(scene, row)
    panel = AnswerBars(
        _trace(scene, row).prediction,
        _names(scene),
        target=target,
        heights=[neuron.disc.get_y() for neuron in diagram.layer(2)],
        theme=scene.theme,
        box=_ANSWERS,
        words=scene.words,
    )
    # What the image should be read as is also said below it.
    text = f"{scene.words('panel.target')} {_names(scene)[target]}"
    below = TextLabel(text, scene.theme, color=scene.theme.forward_ink)
    below.move_to([_GRID.center[0], _GRID.bottom - _BELOW, 0])
    panel.remove(panel.mark)
    panel.mark = VGroup(panel.mark, below)
    return panel.add(panel.mark)


def _classify(scene: TrainingScene, row: int) -> AnswerBars:
    """Play the forward pass of an unseen sample, and let its bars grow next to the target."""
    panel, shown = _answers(scene, row), scene.panels
    target = (panel.names, panel.goal, panel.mark)
    if shown:
        # The same names and the same mark, of the panel that is to have bars.
        scene.fade_panels()
        scene.remove(*shown)
        scene.add(*target)
    else:
        scene.play(*map(FadeIn, target), run_time=0.4)
    scene.play(ForwardPass(scene.diagram, _trace(scene, row), step_time=1.2))
    scene.play(
        *(GrowFromEdge(bar, LEFT) for bar in panel.bars), DimEdges(scene.diagram), run_time=0.8
    )
    scene.play(FadeIn(panel.numbers), run_time=0.4)
    scene.remove(*target, *panel.bars, panel.numbers)
    scene.add(panel)
    return panel


def _judge(scene: TrainingScene, row: int) -> None:
    """Say whether the answer is right, after it was shown."""
    answer, target = int(_trace(scene, row).prediction.argmax()), _class_of(scene, row)
    key = "digits.right" if answer == target else "digits.wrong"
    names = _names(scene)
    with scene.beat(key, answer=names[answer], target=names[target]):
        pass


def _blame(scene: TrainingScene, row: int, key: str, hold: float = HOLD) -> TextLabel:
    """Play the backward pass of an unseen sample, on the scale of the one that is read worst.

    What goes back is named above the edges; the name is returned.

    Only shares that are visible on this scale travel: where there is hardly any blame, hardly
    anything moves.
    """
    diagram, blame = scene.diagram, _blame_of(scene, row)
    scale = _blame_of(scene, surest_and_worst(scene)[1])
    shares, largest = blame.layers[-1].shares, float(np.abs(scale.layers[-1].shares).max())
    strengths = shares / max(largest, 1e-300)
    travelling = np.argwhere(np.abs(strengths) > _VISIBLE)
    outputs, hidden = range(diagram.sizes[2]), range(diagram.sizes[1])
    name = TextLabel(f"← {scene.words('panel.blame')}", scene.theme, color=scene.theme.blame)
    name.move_to([(_HIDDEN + _OUTPUT) / 2, _COLUMN.top + _ABOVE, 0])
    with scene.beat(key, hold=hold):
        scene.play(_blamed(scene, blame, scale, 2, outputs), FadeIn(name))
        if len(travelling):
            edges = [diagram.edge(1, int(k), int(j)) for j, k in travelling]
            widths = [float(strengths[j, k]) for j, k in travelling]
            scene.play(LightEdges(diagram, edges, widths, back=True, run_time=1.4))
        scene.play(_blamed(scene, blame, scale, 1, hidden))
        faint = np.argwhere((np.abs(strengths) > _VISIBLE) & (np.abs(strengths) <= _LARGE))
        if len(faint):
            _keep_large(scene, strengths)
    return name


def _blamed(
    scene: TrainingScene,
    blame: BackwardTrace,
    scale: BackwardTrace,
    layer: int,
    neurons: Iterable[int],
) -> Change:
    """Return the animation in which neurons of a layer get their rings of blame."""
    steps = [blame_step(scene.diagram, blame, layer, i, scale) for i in neurons]
    return Change(scene.diagram.layer(layer), together(steps), 0.8)


def _keep_large(scene: TrainingScene, strengths: Array) -> None:
    """Let the light on edges of small shares fade."""
    diagram = scene.diagram
    lit = [(int(k), int(j)) for j, k in np.argwhere(np.abs(strengths) > _LARGE)]
    widths = [float(strengths[j, k]) for k, j in lit]

    def step(progress: float) -> None:
        diagram.clear_flows()
        for (k, j), width in zip(lit, widths, strict=True):
            diagram.edge(1, k, j).set_flow(1.0, 0.0, width, scene.theme.blame)

    scene.play(Change(diagram, step, 0.6))
