"""The forward and the backward pass, played from their traces over a diagram.

Both run over the same edges: forward is light and goes to the right, blame is red and goes to the
left. The width of a pulse is |w·a| or |w·δ| beside the largest of its layer.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from netviz.animation.steps import blame, fill
from netviz.animation.timeline import Span, Step, Timeline, ease
from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges import EdgeLayer

Array = NDArray[np.float64]
Detail = Literal["neuron", "layer", "network"]

# Length of a pulse as a fraction of its edge.
_TAIL = 0.42
# One step of a pass: a pulse travels, then the neurons that it reaches answer.
_TRAVEL, _ANSWER = 0.7, 0.5
# With the detail "network" the next layer starts this soon after the one before.
_SWEEP = 0.6


class ForwardPass(Timeline):
    """Activations flow from the input to the output.

    Args:
        diagram: Of the network of the trace.
        trace: Of one sample (no batch axes).
        detail: ``"layer"`` plays a layer at a time, ``"neuron"`` a neuron at a time, ``"network"``
            one quick sweep.
        layers: Which layers after the input are played (1 is the first); all unless told.
        neurons: Which neurons of those layers; all unless told.
        pace: Seconds a step. With ``run_time`` the whole takes that long instead.

    Raises:
        ValueError: The trace is of a batch or of another network, ``detail`` is unknown, or there
            is no such layer or neuron.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: ForwardTrace,
        *,
        detail: Detail = "layer",
        layers: Iterable[int] | None = None,
        neurons: Iterable[int] | None = None,
        pace: float = 1.0,
        **options: Any,
    ) -> None:
        _check(diagram, trace, trace.input.shape[:-1])
        chosen = _layers(layers, diagram, detail)
        steps = []
        for layer in chosen:
            strengths = _relative(trace.layers[layer - 1].contributions)
            for group in _groups(_chosen(neurons, diagram.sizes[layer]), detail):
                over = _only(strengths, (group, slice(None)))
                pulse = _forward_pulse(diagram.edge_layers[layer - 1], over, diagram)
                steps.append((pulse, _all([fill(diagram, trace, layer, j) for j in group])))
        inputs = range(diagram.sizes[0]) if 1 in chosen else ()
        # An input that stands there already stays, instead of fading in once more.
        new = [i for i in inputs if diagram.neuron(0, i).value != trace.input[i]]
        opening = [fill(diagram, trace, 0, i) for i in new]
        spans = _schedule(opening, steps, detail, pace)
        super().__init__(diagram, spans, **options)


class BackwardPass(Timeline):
    """Blame flows from the output back to the first layer after the input.

    Args:
        diagram: Of the network of the trace.
        trace: Of one sample (no batch axes).
        detail: As for :class:`ForwardPass`; ``"neuron"`` lets one neuron at a time collect its
            shares.
        layers: Which layers receive their blame (the last is ``len(sizes) - 1``); all after the
            input unless told.
        neurons: Which neurons of those layers; all unless told.
        beside: A trace of the same network, whose largest numbers are drawn widest, so that two
            traces can be compared; its own unless told.
        pace: Seconds a step. With ``run_time`` the whole takes that long instead.

    Raises:
        ValueError: The trace is of a batch or of another network, ``detail`` is unknown, or there
            is no such layer or neuron.
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        *,
        detail: Detail = "layer",
        layers: Iterable[int] | None = None,
        neurons: Iterable[int] | None = None,
        beside: BackwardTrace | None = None,
        pace: float = 1.0,
        **options: Any,
    ) -> None:
        _check(diagram, trace, trace.loss.shape)
        last, scale = len(diagram.sizes) - 1, beside or trace
        chosen = _layers(layers, diagram, detail)[::-1]
        steps = []
        for layer in (layer for layer in chosen if layer < last):
            strengths = _relative(trace.layers[layer].shares, scale.layers[layer].shares)
            for group in _groups(_chosen(neurons, diagram.sizes[layer]), detail):
                over = _only(strengths, (slice(None), group))
                pulse = _backward_pulse(diagram.edge_layers[layer], over, diagram)
                answer = _all([blame(diagram, trace, layer, k, scale) for k in group])
                steps.append((pulse, answer))
        outputs = _chosen(neurons, diagram.sizes[last]) if last in chosen else []
        opening = [blame(diagram, trace, last, j, scale) for j in outputs]
        spans = _schedule(opening, steps, detail, pace)
        super().__init__(diagram, spans, **options)


def _check(
    diagram: NetworkDiagram, trace: ForwardTrace | BackwardTrace, batch: tuple[int, ...]
) -> None:
    if trace.sizes != diagram.sizes or batch:
        raise ValueError(
            f"trace is of sizes {trace.sizes} and batch axes {batch}: expected {diagram.sizes} and "
            "none, one sample of the diagram's network"
        )


def _layers(layers: Iterable[int] | None, diagram: NetworkDiagram, detail: Detail) -> list[int]:
    if detail not in get_args(Detail):
        raise ValueError(f"detail {detail!r}: expected 'neuron', 'layer' or 'network'")
    return _among(range(1, len(diagram.sizes)), layers, "layers")


def _chosen(neurons: Iterable[int] | None, n: int) -> list[int]:
    return _among(range(n), neurons, "neurons")


def _among(there: range, asked: Iterable[int] | None, what: str) -> list[int]:
    chosen = sorted(there if asked is None else asked)
    for index in chosen:
        if index not in there:
            raise ValueError(f"{what} has {index}: expected {there[0]} to {there[-1]}")
    return chosen


def _groups(neurons: list[int], detail: Detail) -> list[list[int]]:
    return [[i] for i in neurons] if detail == "neuron" else [neurons]


def _relative(values: Array, scale: Array | None = None) -> Array:
    """Values beside the largest |value| of them, or of others, −1 … 1."""
    largest = float(np.abs(values if scale is None else scale).max())
    return np.clip(values / max(largest, 1e-300), -1.0, 1.0)


def _schedule(
    opening: list[Step], steps: list[tuple[Step, Step]], detail: Detail, pace: float
) -> list[Span]:
    spans: list[Span] = []
    time = 0.0
    if opening:
        spans.append(Span(0, _ANSWER * pace, _all(opening)))
        time = _ANSWER * pace
    for travel, answer in steps:
        arrived = time + _TRAVEL * pace
        spans.append(Span(time, arrived, travel))
        # The first light arrives before the last: the answer begins while the pulse still ends.
        spans.append(Span(arrived - 0.2 * pace, arrived + (_ANSWER - 0.2) * pace, answer))
        time += pace * (_SWEEP if detail == "network" else _TRAVEL + _ANSWER - 0.2)
    return spans


def _all(steps: list[Step]) -> Step:
    def together(progress: float) -> None:
        for step in steps:
            step(progress)

    return together


def _only(strengths: Array, part: tuple[list[int] | slice, list[int] | slice]) -> Array:
    """Strengths with NaN, which is where nothing flows, in all but a part of them."""
    over = np.full_like(strengths, np.nan)
    over[part] = strengths[part]
    return over


def _forward_pulse(edges: EdgeLayer, strengths: Array, diagram: NetworkDiagram) -> Step:
    def step(progress: float) -> None:
        head = ease(progress) * (1 + _TAIL)
        tail, head = max(head - _TAIL, 0.0), min(head, 1.0)
        edges.set_flow(min(tail, 1.0), head, strengths, diagram.theme.forward)

    return step


def _backward_pulse(edges: EdgeLayer, strengths: Array, diagram: NetworkDiagram) -> Step:
    def step(progress: float) -> None:
        head = 1 - ease(progress) * (1 + _TAIL)
        tail, head = min(head + _TAIL, 1.0), max(head, 0.0)
        edges.set_flow(max(tail, 0.0), head, strengths, diagram.theme.blame)

    return step
