"""The forward and the backward pass, played from their traces over a diagram.

Both run over the same edges: forward is light and goes to the right, blame is red and goes to the
left. The width of a pulse is |w·a| or |w·δ| beside the largest of its layer.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, Generic, Literal, Self, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from netviz.animation.chosen import Chosen, Mask, expect_diagram
from netviz.animation.schedule import Timing
from netviz.animation.steps import blame, fill
from netviz.animation.timeline import Step, Timeline, ease
from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import EdgeLayer
from netviz.drawing.expected import Address, expect_trace
from netviz.problems import expect, shown

Array = NDArray[np.float64]
Detail = Literal["neuron", "layer", "network"]
Trace = TypeVar("Trace", ForwardTrace, BackwardTrace)

# Length of a pulse as a fraction of its edge.
_TAIL = 0.42
# How soon the next step begins; with the detail "network" before the one before has ended.
_LAG_RATIOS = {"neuron": 1.0, "layer": 1.0, "network": 0.6}


class _Pass(Timeline, Generic[Trace]):
    """What both passes have in common: which part is played, and when."""

    # What is played, and the first layer out of which edges can be.
    _plays: type[ForwardTrace | BackwardTrace]
    _first: int

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: Trace,
        *,
        detail: Detail = "layer",
        layers: int | Iterable[int] | None = None,
        neurons: int | Iterable[int] | None = None,
        edges: Iterable[Address] | None = None,
        step_time: float = 1.0,
        lag_ratio: float | None = None,
        hold: float = 0.0,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        expect_trace(trace, self._plays, diagram.sizes)
        known = detail in get_args(Detail)
        expect("detail", detail, known, "'neuron', 'layer' or 'network'")
        timing = Timing(step_time, _LAG_RATIOS[detail] if lag_ratio is None else lag_ratio, hold)
        chosen = Chosen(diagram, layers, neurons, edges, first=self._first)
        opening = self._opening(diagram, trace, chosen)
        steps = [
            step
            for layer in self._order(chosen)
            for group in _groups(chosen.neurons(layer), detail)
            for step in self._step(diagram, trace, chosen, layer, group)
        ]
        super().__init__(diagram, timing.spans(opening, steps), **options)

    @classmethod
    def by_neuron(cls, diagram: NetworkDiagram, trace: Trace, **options: Any) -> Self:
        """One neuron after the other: each step is a neuron's own sum."""
        return cls(diagram, trace, **_detailed("neuron", options))

    @classmethod
    def by_layer(cls, diagram: NetworkDiagram, trace: Trace, **options: Any) -> Self:
        """One layer after the other: each step is a layer, as it is unless told."""
        return cls(diagram, trace, **_detailed("layer", options))

    @classmethod
    def at_once(cls, diagram: NetworkDiagram, trace: Trace, **options: Any) -> Self:
        """One quick sweep: a layer begins before the one before it has ended."""
        return cls(diagram, trace, **_detailed("network", options))

    @abstractmethod
    def _order(self, chosen: Chosen) -> list[int]:
        """The layers that answer to a pulse, in the order in which they do."""

    @abstractmethod
    def _opening(self, diagram: NetworkDiagram, trace: Trace, chosen: Chosen) -> list[Step]:
        """What is there before the first pulse."""

    @abstractmethod
    def _step(
        self,
        diagram: NetworkDiagram,
        trace: Trace,
        chosen: Chosen,
        layer: int,
        group: list[int],
    ) -> Iterator[tuple[Step, list[Step]]]:
        """The pulse that neurons of a layer receive and their answers; none if nothing travels."""


class ForwardPass(_Pass[ForwardTrace]):
    """Activations flow from the input to the output.

    A step is a layer, or with ``by_neuron`` a neuron: the products w·a travel over its edges, and
    it answers with its activation.

    Args:
        diagram: Of the network of the trace.
        trace: Of one sample (no batch axes).
        detail: ``"layer"`` plays a layer at a time, ``"neuron"`` a neuron at a time, ``"network"``
            one quick sweep: the same as ``ForwardPass.by_layer``, ``by_neuron`` and ``at_once``.
        layers: Which layers after the input are played (1 is the first); all unless told.
        neurons: Which neurons of those layers; all unless told.
        edges: Addresses (layer, source, target) of the edges, as in ``diagram.edge``, over which
            products travel; all unless told. A neuron answers only if all edges into it are
            played: before that its sum is not known. ``netviz.drawing.EdgeTag`` writes the number
            of one on its edge.
        step_time: Seconds a step. With ``run_time`` the whole takes that long instead.
        lag_ratio: How soon the next step begins, as a share of ``step_time``: 1 is one after the
            other, less overlaps, 0 is all together; 1 unless told, 0.6 in one sweep.
        hold: Seconds of stillness between a step and the next.
        options: ``run_time`` in seconds, ``rate_func`` for the course of the whole (linear unless
            told), and what else ``manim.Animation`` takes.

    Raises:
        ValueError: The trace is of a batch, of another network or a backward one, ``detail`` is
            unknown, a time is negative, or there is no such layer, neuron or edge.

    Example:
        >>> scene.add(diagram)
        >>> scene.play(ForwardPass(diagram, trace, layers=[1], hold=0.5))
        >>> scene.play(ForwardPass.by_neuron(diagram, trace, layers=[2], neurons=[0], step_time=2))
        >>> scene.play(ForwardPass(diagram, trace, edges=[(1, 0, 1)]))
    """

    _plays, _first = ForwardTrace, 0

    def _order(self, chosen: Chosen) -> list[int]:
        return chosen.layers

    def _opening(self, diagram: NetworkDiagram, trace: ForwardTrace, chosen: Chosen) -> list[Step]:
        if 1 not in chosen.layers:
            return []
        reached: Mask = np.any(chosen.edges(0), axis=0)
        inputs = [i for i in diagram.shown(0) if reached[i]]
        # An input that stands there already stays, instead of fading in once more.
        new = [i for i in inputs if diagram.neuron(0, i).value != trace.input[i]]
        return [fill(diagram, trace, 0, i) for i in new]

    def _step(
        self,
        diagram: NetworkDiagram,
        trace: ForwardTrace,
        chosen: Chosen,
        layer: int,
        group: list[int],
    ) -> Iterator[tuple[Step, list[Step]]]:
        carriers, played = [diagram.edge_layers[layer - 1]], chosen.edges(layer - 1)
        whole: Mask = np.all(played[:, carriers[0].sources], axis=1)
        products = trace.layers[layer - 1].contributions
        if diagram.style.biases == "neurons":
            carriers.append(diagram.bias_edges(layer - 1))
            # Where it ends in a whole sum, a bias travels too.
            played = np.column_stack([played, whole])
            products = np.column_stack([products, trace.network.layers[layer - 1].bias])
        over = np.full(played.shape, np.nan)
        over[group] = _relative(products)[group]
        over[~played] = np.nan
        if not np.isnan(over).all():
            answers = [fill(diagram, trace, layer, j) for j in group if whole[j]]
            yield _pulse(carriers, over, diagram.theme.forward), answers


class BackwardPass(_Pass[BackwardTrace]):
    """Blame flows from the output back to the first layer after the input.

    The outputs take their blame first, all at once, for it comes from the loss and not over edges.
    Then a step is a layer, or with ``by_neuron`` a neuron: the shares w·δ travel back over the
    edges out of it, and it answers with its blame.

    Args:
        diagram: Of the network of the trace.
        trace: Of one sample (no batch axes).
        detail: As for :class:`ForwardPass`; ``"neuron"`` lets one neuron at a time collect its
            shares.
        layers: Which layers receive their blame (the last is ``len(sizes) - 1``); all after the
            input unless told.
        neurons: Which neurons of those layers; all unless told.
        edges: Addresses (layer, source, target) of the edges, as in ``diagram.edge``, over which
            shares travel back, from layer 1 on; all unless told. A neuron answers only if all
            edges out of it are played.
        beside: A trace of the same network, whose largest numbers are drawn widest, so that two
            traces can be compared; its own unless told.
        step_time, lag_ratio, hold, options: As for :class:`ForwardPass`.

    Raises:
        ValueError: As for :class:`ForwardPass`.

    Example:
        >>> scene.add(diagram.show_activations(trace))
        >>> scene.play(BackwardPass.at_once(diagram, blame, run_time=2))
        >>> scene.play(BackwardPass(diagram, blame, edges=[(1, 0, 1)]))
    """

    _plays, _first = BackwardTrace, 1

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        *,
        beside: BackwardTrace | None = None,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        self._scale = beside or trace
        expect_trace(self._scale, self._plays, diagram.sizes)
        super().__init__(diagram, trace, **options)

    def _order(self, chosen: Chosen) -> list[int]:
        return [layer for layer in chosen.layers[::-1] if layer < len(chosen.diagram.sizes) - 1]

    def _opening(self, diagram: NetworkDiagram, trace: BackwardTrace, chosen: Chosen) -> list[Step]:
        last = len(diagram.sizes) - 1
        outputs = chosen.neurons(last) if last in chosen.layers and chosen.has_all_edges else []
        return [blame(diagram, trace, last, j, self._scale) for j in outputs]

    def _step(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        chosen: Chosen,
        layer: int,
        group: list[int],
    ) -> Iterator[tuple[Step, list[Step]]]:
        edges, played = diagram.edge_layers[layer], chosen.edges(layer)
        shares = _relative(trace.layers[layer].shares, self._scale.layers[layer].shares)
        over = np.full(played.shape, np.nan)
        over[:, group] = shares[:, group]
        over[~played] = np.nan
        if not np.isnan(over).all():
            whole: Mask = np.all(played[edges.targets], axis=0)
            answers = [blame(diagram, trace, layer, k, self._scale) for k in group if whole[k]]
            yield _pulse([edges], over, diagram.theme.blame, back=True), answers


def _detailed(detail: Detail, options: dict[str, Any]) -> dict[str, Any]:
    if "detail" in options:
        raise ValueError(
            f"detail is {shown(options['detail'])} beside by_neuron, by_layer or at_once, which "
            "tells it: expected none"
        )
    return {**options, "detail": detail}


def _groups(neurons: list[int], detail: Detail) -> list[list[int]]:
    return [[i] for i in neurons] if detail == "neuron" else [neurons]


def _relative(values: Array, scale: Array | None = None) -> Array:
    """Values beside the largest |value| of them, or of others, −1 … 1."""
    largest = float(np.abs(values if scale is None else scale).max())
    return np.clip(values / max(largest, 1e-300), -1.0, 1.0)


def _pulse(carriers: list[EdgeLayer], strengths: Array, color: str, *, back: bool = False) -> Step:
    """Light runs along edges, forward or back; nothing flows where the strength is NaN."""

    def step(progress: float) -> None:
        head = ease(progress) * (1 + _TAIL)
        tail, head = min(max(head - _TAIL, 0.0), 1.0), min(head, 1.0)
        ends = (1 - tail, 1 - head) if back else (tail, head)
        for edges in carriers:
            edges.set_flow(*ends, strengths, color)

    return step
