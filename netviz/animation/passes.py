"""ForwardPass and BackwardPass, which play their traces over a diagram.

Both run over the same edges and arcs: activations are light pulses that travel from the input to
the output, blame is red and travels back. The width of a pulse over an edge is |w·a| or |w·δ|
relative to the largest of its layer. A vector travels over the arc of a skip connection, one number
for each neuron: the pulse is as wide as the largest of them, and dashed if all are negative. The
numbers are written on the arc and stay there afterwards.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Iterator
from typing import Any, Generic, Literal, Self, TypeVar, get_args

import numpy as np
from numpy.typing import NDArray

from netviz.animation.details import blame_step, fill_step
from netviz.animation.selection import Mask, Selection, expect_diagram
from netviz.animation.timeline import Step, Timeline, Timing, ease, together
from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import EdgeLayer
from netviz.drawing.edges.paint import strongest
from netviz.drawing.edges.skips import Skip
from netviz.drawing.expected import Address, expect_trace
from netviz.problems import expect

Array = NDArray[np.float64]
Detail = Literal["neuron", "layer", "network"]
Trace = TypeVar("Trace", ForwardTrace, BackwardTrace)

# Length of a pulse as a fraction of its edge.
_PULSE = 0.42
# When the next step starts; with the detail "network", before the previous one has ended.
_LAG_RATIOS = {"neuron": 1.0, "layer": 1.0, "network": 0.6}


class _Pass(Timeline, Generic[Trace]):
    """What both passes have in common: which part is played, and when."""

    # The kind of trace, and the first layer that edges may leave.
    _kind: type[ForwardTrace | BackwardTrace]
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
        stay: bool = False,
        answer: bool = True,
        **options: Any,
    ) -> None:
        self._stay = stay
        expect_diagram(diagram)
        expect_trace(trace, self._kind, diagram.sizes)
        known = detail in get_args(Detail)
        expect("detail", detail, known, "'neuron', 'layer' or 'network'")
        timing = Timing(step_time, _LAG_RATIOS[detail] if lag_ratio is None else lag_ratio, hold)
        masks = [record.mask for record in trace.layers]
        selection = Selection(diagram, masks, layers, neurons, edges, first=self._first)
        opening = self._opening(diagram, trace, selection)
        steps = [
            step
            for layer in self._order(selection)
            for group in _groups(selection.neurons(layer), detail)
            for step in self._step(diagram, trace, selection, layer, group)
        ]
        if not answer:
            steps = [(travel, []) for travel, _ in steps]
        super().__init__(diagram, timing.spans(opening, steps), **options)

    @classmethod
    def by_neuron(cls, diagram: NetworkDiagram, trace: Trace, **options: Any) -> Self:
        """Play one neuron after the other: each step is the sum of one neuron."""
        return cls(diagram, trace, **_with_detail("neuron", options))

    @classmethod
    def by_layer(cls, diagram: NetworkDiagram, trace: Trace, **options: Any) -> Self:
        """Play one layer after the other: each step is a layer. This is the default."""
        return cls(diagram, trace, **_with_detail("layer", options))

    @classmethod
    def at_once(cls, diagram: NetworkDiagram, trace: Trace, **options: Any) -> Self:
        """Play one quick sweep: a layer starts before the previous one has ended."""
        return cls(diagram, trace, **_with_detail("network", options))

    @abstractmethod
    def _order(self, selection: Selection) -> list[int]:
        """Return the layers that receive a pulse, in order."""

    @abstractmethod
    def _opening(self, diagram: NetworkDiagram, trace: Trace, selection: Selection) -> list[Step]:
        """Return the steps before the first pulse."""

    @abstractmethod
    def _step(
        self,
        diagram: NetworkDiagram,
        trace: Trace,
        selection: Selection,
        layer: int,
        group: list[int],
    ) -> Iterator[tuple[Step, list[Step]]]:
        """Yield the pulse that neurons of a layer receive, and their answers.

        Nothing is yielded if nothing travels.
        """


class ForwardPass(_Pass[ForwardTrace]):
    """Activations travel from the input to the output.

    A step is a layer, or with ``by_neuron`` a neuron: the products w·a travel over its edges, the
    activations of earlier layers over the arcs of skip connections, and it answers with its
    activation.

    Args:
        diagram: A diagram of the network of the trace.
        trace: A trace of one sample (no batch axes).
        detail: ``"layer"`` plays a layer at a time, ``"neuron"`` a neuron at a time, ``"network"``
            one quick sweep: the same as ``ForwardPass.by_layer``, ``by_neuron`` and ``at_once``.
        layers: Which layers after the input are played (1 is the first); by default all.
        neurons: Which neurons of those layers; by default all.
        edges: Addresses (layer, source, target), as in ``diagram.edge``, of the edges over which
            products travel; by default all. A neuron answers only if all edges into it are played:
            otherwise its sum is not complete. ``netviz.drawing.EdgeTag`` writes the number of an
            edge on it.
        step_time: Seconds per step. ``run_time`` sets the total time instead.
        lag_ratio: When the next step starts, as a fraction of ``step_time``: 1 is one after the
            other, less overlaps, 0 is all at once. By default 1, and 0.6 in one sweep.
        hold: Seconds without movement between two steps.
        stay: Whether the light stays on edges and arcs, until ``DimEdges`` removes it.
        answer: Whether the neurons answer; without, only their sums arrive.
        options: ``run_time`` in seconds, ``rate_func`` for the whole pass (by default linear), and
            other options of ``manim.Animation``.

    Raises:
        ProblemError: The trace is of a batch, of another network or a backward trace, ``detail`` is
            unknown, a time is negative, or there is no such layer, neuron or edge.

    Example:
        >>> scene.add(diagram)
        >>> scene.play(ForwardPass(diagram, trace, layers=[1], hold=0.5))
        >>> scene.play(ForwardPass.by_neuron(diagram, trace, layers=[2], neurons=[0], step_time=2))
        >>> scene.play(ForwardPass(diagram, trace, edges=[(1, 0, 1)]))
    """

    _kind, _first = ForwardTrace, 0

    def _order(self, selection: Selection) -> list[int]:
        return selection.layers

    def _opening(
        self, diagram: NetworkDiagram, trace: ForwardTrace, selection: Selection
    ) -> list[Step]:
        if 1 not in selection.layers:
            return []
        used: Mask = np.any(selection.edges(0), axis=0)
        inputs = [i for i in diagram.shown(0) if used[i] or selection.has_all_edges]
        # An input that is already shown stays, instead of fading in again.
        new = [i for i in inputs if diagram.neuron(0, i).value != trace.input[i]]
        return [fill_step(diagram, trace, 0, i) for i in new]

    def _step(
        self,
        diagram: NetworkDiagram,
        trace: ForwardTrace,
        selection: Selection,
        layer: int,
        group: list[int],
    ) -> Iterator[tuple[Step, list[Step]]]:
        record, carriers = trace.layers[layer - 1], [diagram.edge_layers[layer - 1]]
        played, complete = selection.edges(layer - 1), selection.sums_into(layer)
        products = record.contributions
        summed = [j for j in group if complete[j]]
        if diagram.style.biases == "neurons":
            carriers.append(diagram.bias_edges(layer - 1))
            # A bias and what is skipped travel with the last part of a sum.
            played = np.column_stack([played, complete])
            products = np.column_stack([products, record.bias])
        largest = strongest(products, *record.skipped.values())
        strengths = np.full(played.shape, np.nan)
        strengths[group] = _relative(products, largest)[group]
        strengths[~played] = np.nan
        if not np.isnan(strengths).all():
            color = diagram.theme.forward
            written = _up_to(summed, selection.neurons(layer), complete)
            arcs = [
                _arc_pulse(
                    diagram.skip(source, layer),
                    values,
                    summed,
                    written,
                    largest,
                    color,
                    stay=self._stay,
                )
                for source, values in record.skipped.items()
                if summed
            ]
            answers = [fill_step(diagram, trace, layer, j) for j in summed]
            pulse = _pulse(carriers, strengths, color, stay=self._stay)
            yield together([pulse, *arcs]), answers


class BackwardPass(_Pass[BackwardTrace]):
    """Blame travels from the output back to the first layer after the input.

    First all outputs show their blame, because it comes from the loss and not over edges. Then a
    step is a layer, or with ``by_neuron`` a neuron: the shares w·δ travel back over the edges and
    arcs that leave it, and it answers with its blame.

    Args:
        diagram: A diagram of the network of the trace.
        trace: A trace of one sample (no batch axes).
        detail: As for :class:`ForwardPass`; with ``"neuron"`` one neuron at a time collects its
            shares.
        layers: Which layers receive their blame (the last is ``len(sizes) - 1``); by default all
            after the input.
        neurons: Which neurons of those layers; by default all.
        edges: Addresses (layer, source, target), as in ``diagram.edge``, of the edges over which
            shares travel back, from layer 1 on; by default all. A neuron answers only if all edges
            that leave it are played.
        scale_to: A trace of the same network. Its largest numbers are drawn widest, so that two
            traces can be compared; by default the one that ``diagram.keep_scales`` was given, or
            ``trace`` itself.
        step_time, lag_ratio, hold, stay, answer, options: As for :class:`ForwardPass`.

    Raises:
        ProblemError: As for :class:`ForwardPass`.

    Example:
        >>> scene.add(diagram.show_activations(trace))
        >>> scene.play(BackwardPass.at_once(diagram, blame, run_time=2))
        >>> scene.play(BackwardPass(diagram, blame, edges=[(1, 0, 1)]))
    """

    _kind, _first = BackwardTrace, 1

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        *,
        scale_to: BackwardTrace | None = None,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        self._scale, self._scale_to = diagram.scale_of(trace, scale_to), scale_to
        super().__init__(diagram, trace, **options)

    def _order(self, selection: Selection) -> list[int]:
        last = len(selection.diagram.sizes) - 1
        return [layer for layer in selection.layers[::-1] if layer < last]

    def _opening(
        self, diagram: NetworkDiagram, trace: BackwardTrace, selection: Selection
    ) -> list[Step]:
        last = len(diagram.sizes) - 1
        if last not in selection.layers or not selection.has_all_edges:
            return []
        return [
            blame_step(diagram, trace, last, j, self._scale_to) for j in selection.neurons(last)
        ]

    def _step(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        selection: Selection,
        layer: int,
        group: list[int],
    ) -> Iterator[tuple[Step, list[Step]]]:
        edges, played = diagram.edge_layers[layer], selection.edges(layer)
        largest = max(self._scale.shares[layer], 1e-300)
        strengths = np.full(played.shape, np.nan)
        strengths[:, group] = _relative(trace.layers[layer].shares, largest)[:, group]
        strengths[~played | (np.abs(strengths) < self._scale.least)] = np.nan
        if not np.isnan(strengths).all():
            color, complete = diagram.theme.blame, selection.sums_out_of(layer)
            summed = [k for k in group if complete[k]]
            written = _up_to(summed, selection.neurons(layer), complete)
            arcs = [
                _arc_pulse(
                    *(diagram.skip(layer, target), values, summed, written, largest, color),
                    back=True,
                    stay=self._stay,
                )
                for target, values in _skip_shares(trace, layer).items()
                if summed
            ]
            answers = [blame_step(diagram, trace, layer, k, self._scale_to) for k in summed]
            pulse = _pulse([edges], strengths, color, back=True, stay=self._stay)
            yield together([pulse, *arcs]), answers


def _with_detail(detail: Detail, options: dict[str, Any]) -> dict[str, Any]:
    given = options.get("detail")
    hint = "by_neuron, by_layer and at_once set it"
    expect("detail", given, "detail" not in options, "none", hint)
    return {**options, "detail": detail}


def _groups(neurons: list[int], detail: Detail) -> list[list[int]]:
    return [[i] for i in neurons] if detail == "neuron" else [neurons]


def _skip_shares(trace: BackwardTrace, layer: int) -> dict[int, Array]:
    """Return the shares that go back over the skip connections out of a layer, by target layer."""
    targets = trace.forward.network.skip_targets[layer]
    return {target: trace.layers[target - 1].skip_shares[layer] for target in targets}


def _relative(values: Array, largest: float) -> Array:
    """Return values divided by ``largest``, limited to ±1."""
    return np.clip(values / largest, -1.0, 1.0)


def _up_to(group: list[int], neurons: list[int], complete: Mask) -> list[int]:
    """Return the neurons that have received their sum when ``group``, some of them, has."""
    return [i for i in neurons if complete[i] and i <= max(group, default=-1)]


def _pulse(
    carriers: list[EdgeLayer],
    strengths: Array,
    color: str,
    *,
    back: bool = False,
    stay: bool = False,
) -> Step:
    """Return the step of a pulse along edges; nothing travels where the strength is NaN."""

    def step(progress: float) -> None:
        ends = _ends(progress, back, stay)
        for edges in carriers:
            edges.set_flow(*ends, strengths, color)

    return step


def _arc_pulse(
    skip: Skip,
    values: Array,
    travelling: list[int],
    written: list[int],
    largest: float,
    color: str,
    *,
    back: bool = False,
    stay: bool = False,
) -> Step:
    """Return the step of a pulse along the arc of a skip connection.

    Args:
        skip: The arc.
        values: The number of every neuron, shape (n,).
        travelling: The neurons for which numbers travel.
        written: The neurons with numbers that are written on the arc from then on.
        largest: The number that is drawn widest.
        color: Of the pulse and the numbers.
        back: Whether the pulse runs from the target to the source.
        stay: Whether its light stays on the arc.
    """
    moving, numbers = values[travelling], values[written]
    sign = -1.0 if (moving < 0).all() else 1.0
    strength = sign * min(strongest(moving) / largest, 1.0)

    def step(progress: float) -> None:
        if progress > 0:
            skip.set_flow(*_ends(progress, back, stay), strength, color, values=numbers)
        else:
            skip.clear_flow()

    return step


def _ends(progress: float, back: bool, stay: bool) -> tuple[float, float]:
    """Return where the tail and the head of a pulse are, as fractions of its way."""
    pulse = 0.0 if stay else _PULSE
    head = ease(progress) * (1 + pulse)
    tail, head = 0.0 if stay else min(max(head - pulse, 0.0), 1.0), min(head, 1.0)
    return (1 - tail, 1 - head) if back else (tail, head)
