"""The correction: weights change, the same input runs again, the loss falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, Animation, VGroup

from netviz.animation.details import DimEdges, Focus, Forget, LightCorrections, MagnifyEdges
from netviz.animation.gap import OpenGap
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.timeline import Span, Timeline, ease
from netviz.animation.update import WeightUpdate
from netviz.core import BackwardTrace, Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_gradients import EdgeStep
from netviz.drawing.edge_sum import Plated
from netviz.drawing.layout.box import STAGE_BOX, Box
from netviz.drawing.neuron import Neuron
from netviz.drawing.numerals import figures
from netviz.drawing.panels.training import LossHistory
from netviz.drawing.text import Number, TextLabel
from netviz.problems import ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

# How many times as wide as usual one edge is, alone, and all are together, while they change.
_ONE, _ALL = 5.0, 3.0
# From a neuron to its bias, and from the blame of an output to its bias, in frame units.
_AWAY, _UNDER = 0.16, 0.3
# The lower part of the stage, and the part above it for the curve of the losses.
_LOW = Box(STAGE_BOX.left, STAGE_BOX.right - 0.6, STAGE_BOX.bottom, 1.3)
_CURVE = Box(STAGE_BOX.left, STAGE_BOX.right - 0.4, 1.75, 3.8)
# Seconds of a layer's step in the one slow round, of the others together, and of the hold.
_STEP, _ROUNDS, _END = 0.8, 10.0, 2.0
# How much slower the first of many rounds is than the last one.
_SLOWER = 6.0


@act(
    "update",
    section="update",
    rows=True,
    needs=OnScreen("stage", values="all", blames="all", gaps="open"),
    leaves=OnScreen("stage", blames="all", gaps="open"),
)
def update(scene: NetworkScene) -> None:
    """One weight takes its step of gradient descent, and then all weights and biases do."""
    diagram, example = scene.diagram, scene.example
    layer, j, k = largest_gradient(scene)
    address = (layer - 1, k, j)
    record = scene.blame.layers[layer - 1]
    gradients = [each.weight_gradient for each in scene.blame.layers]
    largest = max(max(float(np.abs(part).max()) for part in gradients), 1e-300)
    gradient = float(record.weight_gradient[j, k])
    old, new = (
        float(network.connections()[layer - 1].weights[j, k])
        for network in (example.network, scene.corrected)
    )
    with scene.beat("update.step", hold=reading_time(3)):
        scene.play(OpenGap(diagram, layer - 1, result=False))
        edge = diagram.edge(*address)
        step = EdgeStep(
            diagram, address, old=old, rate=example.learning_rate, gradient=gradient, new=new
        )
        scene.add(step)
        scene.play(
            Focus(diagram, [edge], run_time=0.6),
            MagnifyEdges(diagram, _ONE, [edge]),
            Timeline(step, [Span(0, 0.6, step.before.set_presence)]),
        )
        scene.play(
            LightCorrections(diagram, [edge], [gradient / largest], run_time=0.8),
            Timeline(step, [Span(0, 0.8, step.step.set_presence)]),
        )
    with scene.beat("update.new", hold=reading_time(1)):
        width = edge.line_width

        def change(progress: float) -> None:
            share = ease(min(progress / 0.8, 1.0))
            weights = [connection.weights for connection in example.network.connections()]
            changed = weights[layer - 1].copy()
            changed[j, k] = old + share * (new - old)
            diagram.draw_weights([*weights[: layer - 1], changed, *weights[layer:]])
            edge.set_halo((1 - share) * gradient / largest)
            edge.set_ghost(old, width, min(8 * progress, 1.0))
            step.count(share)
            step.after.set_presence(min(4 * progress, 1.0))

        scene.play(Timeline(diagram, [Span(0, 2.2, change)]))
    with scene.beat("update.all", hold=reading_time(2)):
        scene.play(
            Timeline(step, [Span(0, 0.5, lambda p: _leave(step, 1 - p))]),
            Timeline(edge, [Span(0, 0.5, lambda p: edge.set_ghost(old, width, 1 - p))]),
        )
        scene.remove(step)
        edge.set_ghost(None)
        scene.play(
            OpenGap(diagram, None), Focus(diagram, None, run_time=1.0), MagnifyEdges(diagram, _ALL)
        )
        biases = _Biases(scene, scene.corrected)
        if biases.texts:
            scene.add(biases.texts)
            scene.play(biases.appear(0.0, 1.0))
        scene.play(
            WeightUpdate(diagram, example.network, scene.corrected, run_time=3.6),
            *([biases.change(3.6)] if biases.texts else []),
        )
        leave = [biases.appear(1.0, 0.0)] if biases.texts else []
        scene.play(MagnifyEdges(diagram, 1.0), *leave)
        scene.remove(biases.texts)


@act(
    "again",
    section="again",
    rows=True,
    needs=OnScreen("stage", panels=None),
    leaves=OnScreen("stage", values="all", blames=0, gaps="open"),
)
def again(scene: NetworkScene) -> None:
    """The same input runs through the corrected network: the gaps shrink, and the loss falls."""
    diagram, bars, meter = scene.diagram, scene.gap_bars, scene.loss_meter
    if not {bars, meter} <= set(scene.get_mobject_family_members()):
        scene.show_gaps()
    before, loss_before = bars.prediction, meter.loss
    after, loss_after = scene.predictions(scene.trace), float(scene.blame.loss)
    with scene.beat("update.again", hold=0.3):
        diagram.show_activations(scene.trace, layers=0)
        scene.play(
            Forget(diagram, run_time=0.8),
            Timeline(bars, [Span(0, 0.8, lambda p: bars.show_ghosts(before, p))]),
            Timeline(meter, [Span(0, 0.8, lambda p: meter.show_ghost(loss_before, p))]),
        )
        scene.play(ForwardPass(diagram, scene.trace, step_time=1.1))
        scene.play(DimEdges(diagram))
    start = after if before is None else before

    first = 0.0 if loss_before is None else loss_before

    def shrink(progress: float) -> None:
        share = ease(progress)
        bars.show_prediction((1 - share) * start + share * after)

    def fall(progress: float) -> None:
        share = ease(progress)
        meter.show_loss(first + share * (loss_after - first) if progress < 1 else loss_after)

    with scene.beat("update.compare", hold=reading_time(1)):
        scene.play(
            Timeline(bars, [Span(0, 2.0, shrink)]),
            Timeline(meter, [Span(0, 2.0, fall)]),
        )
    if loss_before is not None and loss_before != loss_after:
        key = "update.falls" if loss_after < loss_before else "update.rises"
        losses = {"before": figures(loss_before, 3), "after": figures(loss_after, 3)}
        with scene.beat(key, hold=2.0, **losses):
            pass


def _leave(step: EdgeStep, presence: float) -> None:
    for part in step:
        part.set_presence(presence)


@dataclass(frozen=True)
class _Round:
    """A network on the way, and the passes of the sample through it."""

    network: Network
    backward: BackwardTrace

    @property
    def loss(self) -> float:
        return float(self.backward.loss)


@act(
    "repeat",
    section="training",
    rows=True,
    needs=OnScreen("stage", values="all", gaps="open", panels=None),
    leaves=OnScreen(_LOW, values="all", blames="all", gaps="open", panels=True),
)
def repeat(scene: NetworkScene, *, steps: int = 12, caption: str = "update.repeat") -> None:
    """Many more steps of gradient descent on the same sample, while gaps and loss shrink.

    Args:
        scene: The scene on which it is played.
        steps: How many corrections.
        caption: Key of the caption.
    """
    diagram = scene.diagram
    rounds = _rounds(scene, steps)
    steps = len(rounds) - 1
    first = rounds[0].backward
    curve = LossHistory(
        [each.loss for each in rounds], theme=scene.theme, box=_CURVE, words=scene.words
    ).show_moment(0)
    with scene.beat(caption, hold=0.6):
        scene.play(*scene.fit_diagram(_LOW), *_forget_ghosts(scene))
        scene.show(curve)
        scene.play(BackwardPass(diagram, first, step_time=_STEP))
        scene.play(DimEdges(diagram))
        scene.play(*_rounds_between(scene, rounds, curve, (0.0, 1.0), 2.0))
    if steps > 1:
        with scene.beat("update.rounds", hold=0.6):
            scene.play(*_rounds_between(scene, rounds, curve, (1.0, float(steps)), _ROUNDS))
    diagram.set_weights(rounds[-1].network)
    before, after = rounds[0].loss, rounds[-1].loss
    losses = {"before": figures(before, 3), "after": figures(after, 3)}
    key = "training.falls" if after < before else "training.rises"
    with scene.beat(key, hold=_END, steps=steps, **losses):
        pass


def _rounds(scene: NetworkScene, steps: int) -> list[_Round]:
    """Return the network before and after each of so many corrections."""
    network = scene.example.network
    rounds = [_Round(network, scene.blame)]
    for _ in range(steps):
        network = network.updated(rounds[-1].backward, scene.example.learning_rate)
        try:
            rounds.append(_Round(network, scene.blame_in(network)))
        except ProblemError:  # it diverges: what came before is shown
            if len(rounds) == 1:
                raise
            break
    return rounds


def _rounds_between(
    scene: NetworkScene,
    rounds: Sequence[_Round],
    curve: LossHistory,
    ends: tuple[float, float],
    seconds: float,
) -> list[Animation]:
    """Return the animations from one round to another, faster and faster.

    Widths, gaps and the loss change continuously; the numbers of neurons are those of the last
    whole round.
    """
    diagram, bars, meter = scene.diagram, scene.gap_bars, scene.loss_meter
    last, shown = len(rounds) - 1, [-1]

    def pace(progress: float) -> float:
        share = (_SLOWER**progress - 1) / (_SLOWER - 1) if ends[1] > 1 else ease(progress)
        return ends[0] + share * (ends[1] - ends[0])

    def part(progress: float) -> tuple[int, float]:
        moment = pace(progress)
        before = min(int(moment + 1e-9), last - 1)
        return before, moment - before

    def weights(progress: float) -> None:
        before, share = part(progress)
        start, end = rounds[before], rounds[before + 1]
        diagram.set_weights(end.network, share, start=start.network)
        whole = before + int(share >= 1 - 1e-9)
        if shown[0] != whole:
            shown[0] = whole
            diagram.show_activations(rounds[whole].backward.forward)
            diagram.show_blame(rounds[whole].backward, scale_to=rounds[0].backward)

    def gaps(progress: float) -> None:
        before, share = part(progress)
        start, end = (
            scene.predictions(each.backward.forward) for each in rounds[before : before + 2]
        )
        bars.show_prediction((1 - share) * start + share * end)

    def loss(progress: float) -> None:
        before, share = part(progress)
        start, end = rounds[before].loss, rounds[before + 1].loss
        meter.show_loss(end if share >= 1 - 1e-9 else start + share * (end - start))

    steps = (
        (diagram, weights),
        (bars, gaps),
        (meter, loss),
        (curve, lambda progress: curve.show_moment(min(pace(progress), last))),
    )
    return [Timeline(part, [Span(0, seconds, step)]) for part, step in steps]


def _forget_ghosts(scene: NetworkScene) -> list[Animation]:
    """Return the animations in which the ghosts of earlier gaps and losses fade."""
    bars, meter = scene.gap_bars, scene.loss_meter
    earlier, loss = bars.earlier, meter.earlier
    if earlier is None and loss is None:
        return []

    def forget(progress: float) -> None:
        bars.show_ghosts(earlier if progress < 1 else None, 1 - progress)

    def forget_loss(progress: float) -> None:
        meter.show_ghost(loss if progress < 1 else None, 1 - progress)

    return [
        Timeline(bars, [Span(0, 0.8, forget)]),
        Timeline(meter, [Span(0, 0.8, forget_loss)]),
    ]


def largest_gradient(scene: NetworkScene) -> tuple[int, int, int]:
    """Return (layer, j, k) of the drawn edge with the largest |∂L/∂W|: from neuron k into j."""
    shown = [scene.diagram.shown(layer) for layer in range(len(scene.diagram.sizes))]
    sizes = [
        np.where(scene.trace.layers[layer].mask, np.abs(record.weight_gradient), -1.0)[
            np.ix_(shown[layer + 1], shown[layer])
        ]
        for layer, record in enumerate(scene.blame.layers)
    ]
    layer = int(np.argmax([part.max() for part in sizes]))
    j, k = np.unravel_index(int(sizes[layer].argmax()), sizes[layer].shape)
    return layer + 1, shown[layer + 1][j], shown[layer][k]


def _put_bias(text: Plated, diagram: NetworkDiagram, layer: int, neuron: Neuron) -> bool:
    """Place a bias next to its neuron, on the side without its blame; return whether it fits."""
    column = [each.disc for each in diagram.layer(layer)]
    apart = min((a.get_y() - b.get_y() for a, b in pairwise(column)), default=np.inf)
    side = neuron.blame_side
    if side is not None and side[0]:
        text.next_to(neuron.disc, RIGHT, buff=_AWAY).shift(0.5 * _UNDER * DOWN)
        if neuron.blame is not None:
            text.next_to(neuron.blame_text, DOWN, buff=0.5 * _AWAY, aligned_edge=LEFT)
        return bool(apart >= 2 * _UNDER + text.height)
    away = DOWN if side is not None and side[1] > 0 else UP
    text.next_to(neuron.disc, away, buff=_AWAY)
    return bool(apart - neuron.disc.height >= text.height + 2 * _AWAY)


class _Biases:
    """The bias of each neuron, above it where there is room, while it is corrected.

    Attributes:
        texts: One for each neuron that has room.
    """

    def __init__(self, scene: NetworkScene, after: Network) -> None:
        diagram, theme = scene.diagram, scene.theme
        self.texts = VGroup()
        self._ends: list[tuple[float, float]] = []
        if diagram.style.biases != "hidden":
            return
        layers = zip(scene.example.network.layers, after.layers, strict=True)
        for layer, (old, new) in enumerate(layers, start=1):
            if "bias" not in old.parameters:
                continue
            for i, neuron in zip(diagram.shown(layer), diagram.layer(layer), strict=True):
                value = float(old.bias[i])
                word = TextLabel(
                    scene.words("sum.bias"), theme, em=theme.smallest_text, color=theme.muted
                )
                number = Number(value, theme, em=theme.smallest_text).show(value, figures(value))
                text = Plated(word, number, theme=theme, gap=0.1)
                if _put_bias(text, diagram, layer, neuron):
                    self.texts.add(text.set_presence(0.0))
                    self._ends.append((value, float(new.bias[i])))

    def appear(self, start: float, end: float) -> Animation:
        """Return the animation in which the texts appear or disappear."""

        def step(progress: float) -> None:
            for text in self.texts:
                text.set_presence(start + progress * (end - start))

        return Timeline(self.texts, [Span(0, 0.6, step)])

    def change(self, seconds: float) -> Animation:
        """Return the animation in which the numbers count to those of the corrected network."""

        def step(progress: float) -> None:
            share = ease(min(max((progress - 0.1) / 0.5, 0.0), 1.0))
            for text, (old, new) in zip(self.texts, self._ends, strict=True):
                value = new if share >= 1 else old + share * (new - old)
                number = text.texts[1]
                number.show(value, figures(value)).next_to(text.texts[0], RIGHT, buff=0.1)

        return Timeline(self.texts, [Span(0, seconds, step)])
