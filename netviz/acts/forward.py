"""Activations flow forward: one neuron slowly, then its layer, then the other layers."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import (
    DOWN,
    LEFT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Mobject,
    VGroup,
)

from netviz.acts.loss import clearing, gap_moves, open_gap
from netviz.animation.details import DimEdges, FillNeuron, Focus, Forget
from netviz.animation.gap import AddUp
from netviz.animation.gaps import FadeGaps
from netviz.animation.passes import ForwardPass
from netviz.animation.timeline import Change, ease
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.layer import Z_TAG
from netviz.drawing.edges.tags import lift, plate
from netviz.drawing.layout.box import GAPS_BOX, Box
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.panels.activations import ActivationCurve, ActivationValue
from netviz.drawing.text import Number
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import CLEARING
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme

# In frame units: from a neuron to what is written behind it, from there to the next layer, the
# largest and the smallest curve, and the margin of a plate.
_BEHIND, _BEFORE = 0.2, 0.3
_CURVE_WIDTH, _CURVE_HEIGHT, _LEAST_CURVE = 3.8, 3.0, 2.0
_MARGIN = 0.1
# Room for a value outside its neuron, in frame units.
_VALUE = 0.95
# The angle that the way of a result turns by.
_ARC = 1.6
# From line to line of the sums of a layer, in ems.
_LINE = 1.2
# Part of the range of the gap bars from which on a gap is a mistake.
_MISTAKE = 0.1


# ---- a wrong answer -----------------------------------------------------------------------------


@act(
    "mistake",
    section="network",
    rows=True,
    needs=OnScreen("stage", values="all", blames=0, gaps="open"),
    leaves=OnScreen("stage", values=1, blames=0, gaps="targets"),
)
def mistake(scene: NetworkScene) -> None:
    """A prediction with its gaps to the target; then the values clear."""
    diagram = scene.diagram
    with scene.beat(opening_caption(scene), hold=1.6):
        pass
    with scene.beat("mistake.clear", hold=0.3):
        scene.play(Forget(diagram, run_time=0.8), FadeGaps(scene.gap_bars, scene.loss_meter))


def opening_caption(scene: NetworkScene) -> str:
    """Return the key of the caption that says whether a gap is large enough to be a mistake."""
    target = scene.example.target
    prediction = scene.trace.prediction[: len(target)]
    values = np.concatenate([target, prediction, [0.0, 1.0]])
    gaps = np.abs(prediction - target)
    wrong = float(gaps.max()) > _MISTAKE * float(values.max() - values.min())
    return "mistake.wrong" if wrong else "mistake.right"


# ---- the first hidden layer ---------------------------------------------------------------------


@act(
    "neuron",
    section="neuron",
    rows=True,
    needs=OnScreen("stage", values=1, blames=0, gaps="targets"),
    leaves=OnScreen("stage", values=2, blames=0, gaps="targets"),
)
def neuron(scene: NetworkScene) -> None:
    """One neuron slowly: products on its edges, bias, sum, activation; then its layer."""
    first, *others = shown = scene.diagram.shown(1)
    scene.show_key("weights", along=gap_moves(scene, 0))
    if not elementwise(scene, 1):
        _leave(scene, _sum_slowly(scene, 1, first))
        scene.play(Focus(scene.diagram, None))
        _together(scene, 1, shown)
        _clear(scene)
        return
    one_neuron(scene, 1, first)
    if others:
        key = "forward.rest" if others[1:] else "forward.twin"
        with scene.beat(key, along=_focus_on(scene, 1, others)):
            _activate(scene, 1, others, _arrive(scene, 1, others))
    _clear(scene)


def elementwise(scene: NetworkScene, layer: int) -> bool:
    """Return whether the activation of each neuron of a layer depends on its own sum alone."""
    return scene.example.network.layers[layer - 1].activation.elementwise


def one_neuron(scene: NetworkScene, layer: int, i: int) -> None:
    """Write the sum of a neuron on its edges, and turn it into its activation.

    The gap before the layer opens, and stays open. The layer before shows its activations.

    Args:
        scene: The scene on which it is played.
        layer, i: The neuron; its activation function is elementwise.
    """
    written = _sum_slowly(scene, layer, i)
    curve = activation_curve(scene, layer, i, written)
    mark = _mark(curve, scene.theme)
    whole = VGroup(curve, mark)
    ground = plate(whole.width + 2 * _MARGIN, whole.height + 2 * _MARGIN, scene.theme)
    ground.move_to(whole)
    lift(ground, whole, Z_TAG)
    flying = written.sum.copy().set_z_index(Z_NUMBER)
    # The sum leaves before its activation comes.
    gone = Change(written, lambda progress: written.hide_lines(1 - progress), 0.4)
    appear = [FadeIn(ground), FadeIn(curve.axes), Create(curve.curve)]
    scene.add(flying)
    with scene.beat("forward.squash", along=[gone, *(each.set_run_time(0.8) for each in appear)]):
        there = flying.animate.move_to(mark).set_color(scene.theme.forward_ink)
        scene.play(there.set_height(mark.height), run_time=0.8)
        scene.remove(flying).add(mark)
        scene.play(*map(FadeIn, curve.value.submobjects[:-1]), run_time=0.3)
        scene.play(_slide(curve, run_time=0.9))
        scene.play(FadeIn(curve.value.result), run_time=0.3)
        _settle(scene, layer, i, curve)
    _leave(scene, written, ground, curve, mark)


def _mark(curve: ActivationCurve, theme: Theme) -> Number:
    """Return the number z at its place on the axis, on the side on which the curve is not."""
    z = curve.value.z.value
    number = Number(z, theme, signed=True, em=theme.smallest_text, color=theme.forward_ink)
    side = UP if curve.result.value < 0 else DOWN
    foot, origin = curve.axes.c2p(z, 0), curve.axes.c2p(0, 0)
    number.next_to(foot, side, buff=_MARGIN)
    clear = number.width / 2 + _MARGIN
    away = max(abs(float(foot[0] - origin[0])), clear)
    return number.set_x(float(origin[0]) + (away if z >= 0 else -away))


def _leave(scene: NetworkScene, written: EdgeSum, *others: Mobject) -> None:
    """Let a sum disappear, with the light on its edges and what stands behind it."""

    def step(progress: float) -> None:
        written.set_presence(1 - progress)

    gone = Change(written, step, 0.5)
    fading = [FadeOut(each, run_time=0.5) for each in others]
    scene.play(gone, *fading, DimEdges(scene.diagram, run_time=0.5))
    scene.remove(written)


def _sum_slowly(scene: NetworkScene, layer: int, i: int) -> EdgeSum:
    """Show the first product, then the others, then the bias, each with its caption."""
    name = scene.neuron_name(layer - 1, scene.diagram.shown(layer - 1)[0])
    open_gap(scene, layer - 1)
    written = EdgeSum(scene.diagram, scene.trace, layer, i, words=scene.words)
    with scene.beat("forward.edge", name=name, along=[_focus_on_sum(scene, written, layer, i)]):
        scene.add(written)
        scene.play(AddUp(written, terms=[0], slow=True, extras=False))
    rest = list(range(1, len(written.terms)))
    if rest:
        with scene.beat("forward.products"):
            scene.play(AddUp(written, terms=rest, slow=True, extras=False))
    if len(written.extras):
        with scene.beat("forward.bias"):
            scene.play(AddUp(written, terms=[], extras=True))
    return written


def _focus_on_sum(scene: NetworkScene, written: EdgeSum, layer: int, i: int) -> Animation:
    """Return what dims all but a neuron, the edges of its sum, and the layer before."""
    sources = [(layer - 1, k) for k in scene.diagram.shown(layer - 1)]
    return Focus(scene.diagram, [term.edge for term in written.terms], [*sources, (layer, i)])


def _slide(curve: ActivationCurve, run_time: float) -> Animation:
    """Return the animation in which the dot of a curve slides to the z that is written on it."""
    z = curve.value.z.value
    moving = VGroup(curve.guides, curve.dot)
    return Change(moving, lambda progress: curve.set_dot(ease(progress) * z), run_time)


def _settle(scene: NetworkScene, layer: int, i: int, curve: ActivationCurve) -> None:
    """Let the result of a curve settle in its neuron, in the place of the sum."""
    diagram = scene.diagram
    flying = curve.result.copy().set_z_index(Z_NUMBER)
    home = diagram.neuron(layer, i).disc
    scene.play(flying.animate(path_arc=_ARC).move_to(home), run_time=0.7)
    fill = FillNeuron(diagram, scene.trace, layer, i, run_time=0.4)
    scene.play(fill, FadeOut(flying, run_time=0.2))


def behind(scene: NetworkScene, layer: int) -> tuple[float, float]:
    """Return from where to where something can be written behind a layer, in an open gap."""
    diagram = scene.diagram
    last = layer == len(diagram.sizes) - 1
    neurons = diagram.layer(layer)
    left = max(each.disc.get_right()[0] for each in neurons) + _BEHIND
    if last:
        if diagram.layout.values_outside[layer]:
            left += _VALUE
        labels = [each.texts.label for each in neurons if each.texts.label is not None]
        ends = [label.get_right()[0] + _BEHIND for label in labels if label.has_points()]
        return max([left, *ends]), GAPS_BOX.left - _BEFORE
    return left, min(each.get_left()[0] for each in diagram.layer(layer + 1)) - _BEFORE


def activation_curve(
    scene: NetworkScene, layer: int, i: int, written: EdgeSum | None = None
) -> ActivationCurve:
    """Return the curve of a neuron's activation function, behind the neuron, wide enough for z.

    Args:
        scene: The scene.
        layer, i: The neuron; the gap before it is open.
        written: Its sum, where there is no room for it in the neuron.
    """
    texts = [] if written is None else [*written.extras, *written.others]
    if written is not None and not written.inside:
        texts.append(written.sum)
    box = _curve_box(scene, layer, i, texts)
    return ActivationCurve(
        scene.example.network.layers[layer - 1].activation,
        z=float(scene.trace.layers[layer - 1].z[i]),
        color=scene.diagram.role(layer),
        theme=scene.theme,
        box=box,
        words=scene.words,
    )


def _curve_box(scene: NetworkScene, layer: int, i: int, texts: Sequence[Mobject]) -> Box:
    """Return where a curve has room behind a neuron: level with it, below or above some texts."""
    disc, stage = scene.diagram.neuron(layer, i).disc, scene.diagram.box
    left, right = behind(scene, layer)
    bottom = max(name.get_top()[1] for name in scene.diagram.names) + _MARGIN
    top = stage.top + _MARGIN
    near = [text for text in texts if text.get_right()[0] > left - _BEHIND]
    lower, upper = (
        (min(text.get_bottom()[1] for text in near), max(text.get_top()[1] for text in near))
        if near
        else (disc.get_y(), disc.get_y())
    )
    hanging = [(start - _CURVE_HEIGHT, start) for start in (disc.get_top()[1], lower - _MARGIN)]
    standing = [(start, start + _CURVE_HEIGHT) for start in (disc.get_bottom()[1], upper + _MARGIN)]
    places = [
        (max(low, bottom), min(high, top))
        for low, high in (hanging[0], standing[0], hanging[1], standing[1])
    ]
    width = min(right - left, _CURVE_WIDTH)
    for low, high in places:
        free = not near or high <= lower or low >= upper
        if free and high - low >= _LEAST_CURVE:
            return Box(left, left + width, low, high)
    beyond = max(text.get_right()[0] for text in near) + _BEHIND if near else left
    left = min(beyond, right - _LEAST_CURVE)
    low, high = max(places, key=lambda place: place[1] - place[0])
    return Box(left, min(right, left + _CURVE_WIDTH), low, high)


# ---- a layer at a time --------------------------------------------------------------------------


@act(
    "layers",
    section="layers",
    rows=True,
    needs=OnScreen("stage", values=2, blames=0, gaps="targets", panels=None),
    leaves=OnScreen("stage", values="all", blames=0, gaps="targets"),
)
def layers(scene: NetworkScene) -> None:
    """The layers after the first hidden one, one at a time, each with its sums."""
    last = len(scene.diagram.sizes) - 1
    if last > 2:
        with scene.beat("forward.layer", hold=0, along=_opening(scene, 2)):
            for layer in range(2, last):
                if layer > 2:
                    scene.play(*_opening(scene, layer))
                _whole_layer(scene, layer)
                scene.hold()
    if last > 1 and not elementwise(scene, last):
        scene.play(*_opening(scene, last))
        _together(scene, last, scene.diagram.shown(last))
    elif last > 1:
        with scene.beat("forward.output", along=_opening(scene, last)):
            _whole_layer(scene, last)
    _clear(scene)


def _opening(scene: NetworkScene, layer: int) -> list[Animation]:
    """Return what opens the gap before a layer, and dims all else, while what was there leaves."""
    focus = _focus_on(scene, layer, scene.diagram.shown(layer))
    return [*clearing(scene), *gap_moves(scene, layer - 1), *focus]


def _focus_on(scene: NetworkScene, layer: int, neurons: Sequence[int]) -> list[Animation]:
    """Return what dims all but some neurons of a layer and what flows into them, if it is seen."""
    diagram = scene.diagram
    if diagram.edge_layers[layer - 1].dense:
        return []
    into = [edge for i in neurons for edge in diagram.edges_into(layer, i)]
    sources = [(layer - 1, k) for k in diagram.shown(layer - 1)]
    return [Focus(diagram, into, [*sources, *((layer, i) for i in neurons)])]


def _whole_layer(scene: NetworkScene, layer: int) -> None:
    """Show all sums and activations of a layer, in the open gap before it."""
    shown = scene.diagram.shown(layer)
    _activate(scene, layer, shown, _arrive(scene, layer, shown))


def _arrive(scene: NetworkScene, layer: int, neurons: Sequence[int]) -> list[Line]:
    """Let the products of some neurons arrive, and write their sums behind them."""
    lines = _lines(scene, layer, neurons)
    arrival = ForwardPass(
        *(scene.diagram, scene.trace),
        layers=[layer],
        neurons=list(neurons),
        step_time=1.4,
        stay=True,
        answer=False,
    )
    scene.play(arrival)
    if lines:
        appear = (FadeIn(part) for line in lines for part in line.sum)
        scene.play(*appear, run_time=0.4)
    return lines


def _activate(
    scene: NetworkScene, layer: int, neurons: Sequence[int], lines: Sequence[Line]
) -> None:
    """Turn the sums of some neurons into their activations."""
    results = [FadeIn(line.value.result) for line in lines]
    fill = [FillNeuron(scene.diagram, scene.trace, layer, i) for i in neurons]
    scene.play(*results, *fill, run_time=0.5)
    # As wholes: manim keeps the parts, which were animated one by one.
    scene.remove(*(part for line in lines for part in (line.ground, *line.value)))
    scene.add(*lines)
    scene.show(*lines)


def _clear(scene: NetworkScene) -> None:
    """Let the sums behind a layer disappear, with the light on the edges before it."""
    scene.play(*clearing(scene), Focus(scene.diagram, None, run_time=CLEARING))


def _together(scene: NetworkScene, layer: int, neurons: Sequence[int]) -> None:
    """Show the sums of a layer, then activations that depend on all of them, as with softmax."""
    name = scene.example.network.layers[layer - 1].activation.name
    with scene.beat("forward.sums"):
        lines = _arrive(scene, layer, neurons)
    with scene.beat("forward.together", function=name.capitalize()):
        _activate(scene, layer, neurons, lines)


class Line(VGroup):
    """``σ(z) = a`` on a plate.

    Args:
        value: The text.
        theme: Gives the colour of the plate.

    Attributes:
        ground, value: The parts.
    """

    def __init__(self, value: ActivationValue, theme: Theme) -> None:
        self.value = value
        self.ground = plate(value.width + _MARGIN, value.height + _MARGIN, theme)
        lift(self.ground.move_to(value), value, Z_TAG)
        super().__init__(self.ground, self.value)

    @property
    def sum(self) -> list[Mobject]:
        """Everything but the result."""
        return [self.ground, *self.value.submobjects[:-1]]


def _lines(scene: NetworkScene, layer: int, neurons: Sequence[int]) -> list[Line]:
    """Return ``σ(z) = a`` behind each of some neurons; none if they are too close together."""
    diagram, theme, record = scene.diagram, scene.theme, scene.trace.layers[layer - 1]
    function = scene.example.network.layers[layer - 1].activation
    left, right = behind(scene, layer)
    em = min(theme.number_size, 2 * diagram.layout.half_way(layer) / _LINE)
    if em < theme.smallest_text:
        return []
    lines = []
    for i in neurons:
        value = ActivationValue(
            *(function, float(record.z[i]), float(record.activation[i])),
            theme=theme,
            color=diagram.role(layer),
            width=(right - left) * theme.number_size / em,
        ).scale(em / theme.number_size)
        if value.result.em < theme.smallest_text:
            return []
        y = diagram.neuron(layer, i).disc.get_y()
        lines.append(Line(value.move_to([left, y, 0], aligned_edge=LEFT), theme))
    return lines
