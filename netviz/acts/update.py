"""The correction: weights change, the same input runs again, the loss falls."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from manim import DOWN, RIGHT, UP, Animation, VGroup

from netviz.acts.loss import clearing, compare_losses
from netviz.animation.details import DimEdges, Focus, Forget, ForgetBlame, MagnifyEdges
from netviz.animation.gap import OpenGap
from netviz.animation.gaps import FadeGaps, LeaveGhosts, MoveGaps, OpenGaps
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.timeline import Change, ease
from netviz.animation.update import WeightUpdate
from netviz.core import BackwardTrace, Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_gradients import EdgeStep
from netviz.drawing.edge_sum import Plated, share_of
from netviz.drawing.layout.box import GAPS_BOX, STAGE_BOX, Box
from netviz.drawing.neuron import Neuron
from netviz.drawing.numerals import figures
from netviz.drawing.panels.training import LossHistory
from netviz.drawing.text import Number, TextLabel
from netviz.problems import ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import CLEARING
from netviz.staging.network_scene import NetworkScene

# How many times as wide as usual lines are, from the beginning to the end: one scale.
_MAGNIFIED = 2.0
# Seconds in which biases appear and one begins to read them.
_READ = 1.0
# From a neuron to its bias, in frame units.
_AWAY = 0.16
# The lower part of the stage, and the part above it for the curve of the losses.
_LOW = Box(STAGE_BOX.left, STAGE_BOX.right - 0.6, STAGE_BOX.bottom, 1.3)
_CURVE = Box(STAGE_BOX.left, STAGE_BOX.right - 0.4, 1.75, 3.8)
# Seconds in which all weights take a step, of a layer's step in the one slow round, and of the
# others together.
_TOGETHER, _STEP, _ROUNDS = 2.2, 0.8, 10.0
# How much slower the first of many rounds is than the last one; and the part of a round in which
# something moves. In the rest, numbers and bars can be compared.
_SLOWER, _MOVES = 6.0, 0.5


@act(
    "update",
    section="update",
    rows=True,
    needs=OnScreen("stage", values="all", blames="all", panels=None, gaps="open"),
    leaves=OnScreen("stage", blames=0, gaps="open"),
)
def update(scene: NetworkScene) -> None:
    """One weight takes its step of gradient descent, and then all weights and biases do."""
    diagram, example = scene.diagram, scene.example
    layer, j, k = largest_gradient(scene)
    address = (layer - 1, k, j)
    record = scene.blame.layers[layer - 1]
    gradient = float(record.weight_gradient[j, k])
    old, new = (
        float(network.connections()[layer - 1].weights[j, k])
        for network in (example.network, scene.corrected)
    )
    edge = diagram.edge(*address)
    with scene.beat("update.step", along=clearing(scene)):
        opening = [
            OpenGap(diagram, layer - 1, result=False),
            MagnifyEdges(diagram, _MAGNIFIED),
            Focus(diagram, [edge]),
        ]
        scene.show_key("weights", along=opening)
        step = EdgeStep(
            *(diagram, address),
            old=old,
            rate=example.learning_rate,
            gradient=gradient,
            new=new,
            words=scene.words,
        )
        scene.add(step)
        scene.play(Change(step, step.before.set_presence, 0.6))
        scene.play(Change(step, step.step.set_presence, 0.6))
    with scene.beat("update.new"):
        width = edge.line_width

        def change(progress: float) -> None:
            share = ease(min(progress / 0.8, 1.0))
            # It stands out before its ghost.
            edge.set_brightness(1 + min(4 * progress, 1.0))
            weights = [connection.weights for connection in example.network.connections()]
            changed = weights[layer - 1].copy()
            changed[j, k] = old + share * (new - old)
            diagram.draw_weights([*weights[: layer - 1], changed, *weights[layer:]])
            edge.set_ghost(old, width, min(8 * progress, 1.0))
            # The result is there at once: what is written is right in every frame.
            step.after.set_presence(min(8 * progress, 1.0))

        scene.play(Change(diagram, change, 1.8))
    leaving = [
        Change(step, lambda p: _leave(step, 1 - p), CLEARING),
        Change(edge, lambda p: edge.set_ghost(old, width, 1 - p), CLEARING),
    ]
    with scene.beat("update.all", hold=0, along=leaving):
        scene.remove(step)
        edge.set_ghost(None)
        scene.play(OpenGap(diagram, None), Focus(diagram, None, run_time=1.0), ForgetBlame(diagram))
        biases = _Biases(scene, scene.corrected)
        if biases.texts:
            scene.add(biases.texts)
            scene.play(biases.appear(0.0, 1.0, _READ))
        scene.play(
            WeightUpdate(diagram, example.network, scene.corrected, run_time=_TOGETHER),
            *([biases.change(_TOGETHER)] if biases.texts else []),
        )
        leave = [biases.appear(1.0, 0.0)] if biases.texts else []
        scene.play(*leave, *clearing(scene))
        scene.remove(biases.texts)
    scene.past_losses.append(float(scene.blame.loss))


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
    before, after = meter.loss, float(scene.blame.loss)
    diagram.show_activations(scene.trace, layers=0)
    forgetting = [Forget(diagram, run_time=0.8), LeaveGhosts(bars, meter)]
    with scene.beat("update.again", hold=0, along=forgetting):
        scene.play(ForwardPass(diagram, scene.trace, step_time=0.8))
        opening = OpenGaps(bars, scene.predictions(scene.trace), meter, after, run_time=1.6)
        scene.play(DimEdges(diagram), opening)
    if before is not None:
        compare_losses(scene, ("update.falls", "update.rises"), before, after)


def _leave(step: EdgeStep, presence: float) -> None:
    for part in step:
        part.set_presence(presence)


@dataclass(frozen=True)
class Round:
    """A network on the way, and the passes of the sample through it."""

    network: Network
    backward: BackwardTrace

    @property
    def loss(self) -> float:
        """The loss of the sample."""
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
    rounds = rounds_of(scene, steps)
    steps = len(rounds) - 1
    first, past = rounds[0].backward, scene.past_losses
    losses = [*past, *(each.loss for each in rounds)]
    curve = LossHistory(losses, theme=scene.theme, box=_CURVE, words=scene.words)
    curve.show_moment(len(past))

    def go_on(start: int, end: int, seconds: float) -> None:
        pace = pace_of(start, end)
        follow = Change(
            curve, lambda progress: curve.show_moment(len(past) + pace(progress)), seconds
        )
        scene.play(*through_rounds(scene, rounds, pace, seconds, blames=True), follow)

    with scene.beat(caption):
        forget = FadeGaps(scene.gap_bars, scene.loss_meter, ghosts=True)
        scene.play(*scene.fit_diagram(_LOW), forget)
        scene.show(curve)
        scene.play(BackwardPass(diagram, first, step_time=_STEP))
        scene.play(DimEdges(diagram))
        go_on(0, 1, 2.0)
    if steps > 1:
        with scene.beat("update.rounds"):
            go_on(1, steps, _ROUNDS)
    diagram.set_weights(rounds[-1].network)
    past.extend(losses[len(past) : -1])
    keys = "training.falls", "training.rises"
    compare_losses(scene, keys, losses[0], losses[-1], steps=len(losses) - 1)


def rounds_of(scene: NetworkScene, steps: int) -> list[Round]:
    """Return the network before and after each of so many corrections."""
    network = scene.example.network
    rounds = [Round(network, scene.blame)]
    for _ in range(steps):
        network = network.updated(rounds[-1].backward, scene.example.learning_rate)
        try:
            rounds.append(Round(network, scene.blame_in(network)))
        except ProblemError:  # it diverges: what came before is shown
            if len(rounds) == 1:
                raise
            break
    return rounds


def pace_of(start: int, end: int) -> Callable[[float], float]:
    """Return the place between two rounds at each progress: faster and faster if they are many."""

    def pace(progress: float) -> float:
        if end - start == 1:
            return start + ease(progress)
        place = (_SLOWER**progress - 1) / (_SLOWER - 1) * (end - start)
        whole = int(place + 1e-9)
        return start + whole + ease(min(max(place - whole, 0.0) / _MOVES, 1.0))

    return pace


def through_rounds(
    scene: NetworkScene,
    rounds: Sequence[Round],
    pace: Callable[[float], float],
    seconds: float,
    *,
    blames: bool = False,
) -> list[Animation]:
    """Return the animations in which diagram, gaps and loss go through rounds of corrections.

    Widths, fills, gaps and the bar of the loss change continuously; numbers are those of the last
    whole round.

    Args:
        scene: The scene.
        rounds: Two or more.
        pace: The place among the rounds at each progress, from 0 to the last index.
        seconds: How long it takes.
        blames: Whether the neurons show their blame.
    """
    diagram, last = scene.diagram, len(rounds) - 1
    traces = [each.backward.forward for each in rounds]
    places = [(layer, i) for layer in range(1, len(diagram.sizes)) for i in diagram.shown(layer)]
    neurons = [
        (diagram.neuron(*place), [diagram.activation_of(trace, *place) for trace in traces])
        for place in places
    ]
    blamed = [-1]

    def step(progress: float) -> None:
        place = pace(progress)
        before = min(int(place + 1e-9), last - 1)
        share = place - before
        start, end = rounds[before], rounds[before + 1]
        diagram.set_weights(end.network, share, start=start.network)
        whole = before + int(share >= 1 - 1e-9)
        for neuron, shown in neurons:
            old, new = shown[before][1], shown[before + 1][1]
            neuron.set_activation(shown[whole][0], old + share * (new - old))
        if blames and blamed[0] != whole:
            blamed[0] = whole
            diagram.show_blame(rounds[whole].backward, scale_to=rounds[0].backward)

    predictions = [scene.predictions(trace) for trace in traces]
    losses = [each.loss for each in rounds]
    gaps = MoveGaps(
        scene.gap_bars, predictions, scene.loss_meter, losses, pace=pace, run_time=seconds
    )
    return [Change(diagram, step, seconds), gaps]


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
    """Place a bias next to its neuron; return whether it fits."""
    column = [each.disc for each in diagram.layer(layer)]
    apart = min((a.get_y() - b.get_y() for a, b in pairwise(column)), default=np.inf)
    side = neuron.blame_side
    if side is not None and side[0]:
        text.next_to(neuron.disc, RIGHT, buff=_AWAY)
        free = GAPS_BOX.left - _AWAY - text.get_right()[0]
        return bool(apart >= text.height + _AWAY and free >= 0)
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
            # One size for a layer.
            for em in (theme.number_size, theme.smallest_text):
                placed = []
                for i, neuron in zip(diagram.shown(layer), diagram.layer(layer), strict=True):
                    value = float(old.bias[i])
                    word = TextLabel(scene.words("sum.bias"), theme, em=em, color=theme.muted)
                    number = Number(value, theme, em=em).show(value, figures(value))
                    text = Plated(word, number, theme=theme, gap=0.1)
                    if _put_bias(text, diagram, layer, neuron):
                        placed.append((text.set_presence(0.0), (value, float(new.bias[i]))))
                if len(placed) == len(diagram.layer(layer)):
                    break
            self.texts.add(*(text for text, _ in placed))
            self._ends += [ends for _, ends in placed]

    def appear(self, start: float, end: float, seconds: float = 0.6) -> Animation:
        """Return the animation in which the texts appear or disappear."""

        def step(progress: float) -> None:
            for text in self.texts:
                text.set_presence(start + progress * (end - start))

        return Change(self.texts, step, seconds)

    def change(self, seconds: float) -> Animation:
        """Return the animation in which the numbers count to those of the corrected network."""

        def step(progress: float) -> None:
            share = ease(share_of(progress, 0.2, 0.5))
            for text, (old, new) in zip(self.texts, self._ends, strict=True):
                value = new if share >= 1 else old + share * (new - old)
                number = text.texts[1]
                number.show(value, figures(value)).next_to(text.texts[0], RIGHT, buff=0.1)

        return Change(self.texts, step, seconds)
