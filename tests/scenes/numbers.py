"""The core's numbers: those of an example, each at its neuron or edge, and results of a scene."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import isclose

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.core import BackwardTrace, Data, ForwardTrace, Network, backward, forward
from netviz.core.data import accuracy
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.numerals import MINUS, figures
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.drawing.text import Number
from netviz.recording import Recording
from netviz.spec import Description

from .screen import Screen, Subject, is_visible, parts_of

Array = NDArray[np.float64]

# No scene plays more corrections than this.
STEPS = 40
DECIMAL = re.compile(rf"{MINUS}?\d+\.(\d+)(?:[kMGT]|e{MINUS}?\d+)?")


@dataclass(frozen=True)
class Moment:
    """One sample in one network: both passes, or the forward pass alone."""

    forward: ForwardTrace
    backward: BackwardTrace | None

    def numbers(self, subject: Subject) -> tuple[float, ...]:
        """Return the numbers that may stand at a neuron or an edge, as the core computed them."""
        layer, *rest = subject.address
        if self.backward is None:
            return self._forward_numbers(subject.kind, layer, rest)
        if subject.kind == "target":
            return (self.backward.target[layer],)
        if subject.kind == "sum":
            returned = self.backward.layers[layer - 1].activation_gradient[rest[0]]
            return (self.forward.layers[layer - 1].z[rest[0]], returned)
        if subject.kind == "activation":
            return (self.forward.activations[layer][rest[0]],)
        if subject.kind == "blame":
            return (self.backward.layers[layer - 1].blame[rest[0]],)
        if subject.kind == "bias":
            return (self.forward.layers[layer - 1].bias[rest[0]],)
        if subject.kind == "skip":
            target, i = rest
            vectors = (
                self.forward.layers[target - 1].skipped[layer],
                self.backward.layers[target - 1].skip_shares[layer],
            )
            return tuple(vector[i] for vector in vectors)
        source, target = rest
        there, here = self.forward.layers[layer], self.backward.layers[layer]
        if subject.kind == "weight":
            return (there.weights[target, source],)
        parts = (there.contributions, here.shares, here.weight_gradient)
        return tuple(part[target, source] for part in parts)

    def _forward_numbers(self, kind: str, layer: int, rest: Sequence[int]) -> tuple[float, ...]:
        """Return the numbers at a neuron or an edge when nothing has flowed back."""
        if kind == "activation":
            return (self.forward.activations[layer][rest[0]],)
        if kind in ("sum", "bias"):
            record = self.forward.layers[layer - 1]
            return ((record.z if kind == "sum" else record.bias)[rest[0]],)
        if kind in ("weight", "edge"):
            record, (source, target) = self.forward.layers[layer], rest
            matrix = record.weights if kind == "weight" else record.contributions
            return (matrix[target, source],)
        return ()


# Numbers of one group belong to one moment. The parameters have a group of their own, because a
# correction changes them while the numbers of the passes before it are still on screen.
GROUPS = (("activation", "blame", "edge", "skip", "sum"), ("weight", "bias"), ("target",))
# Two positions that are nearer, in frame units, are one.
NEAR = 2e-3


class CoreNumbers:
    """All numbers that a scene may show.

    Of an example these are both passes, before and after each of many corrections. ``results`` are
    further numbers of the scene, alone or in words: ``scene.results``. A forward trace among them
    is what a diagram may show.

    Attributes:
        moments: What a diagram may show: the passes before and after each correction, and those of
            the recorded samples at each moment of the run.
        losses: What a caption may name.
        measured: What a label may name: the sample before it was standardised.
    """

    def __init__(
        self,
        example: Description | None = None,
        run: Recording | None = None,
        unseen: Data | None = None,
        results: Iterable[ArrayLike | ForwardTrace] = (),
    ) -> None:
        self.example, self.run, self.unseen = example, run, unseen
        every = list(results)
        traces = [each for each in every if isinstance(each, ForwardTrace)]
        numbers = [np.ravel(each) for each in every if not isinstance(each, ForwardTrace)]
        self.results = np.concatenate([np.zeros(0), *numbers])
        self.losses: list[float] = []
        self.measured: list[str] = []
        self.moments = [Moment(trace, None) for trace in traces]
        of_traces = (part for trace in traces for part in of_trace(trace))
        arrays = [self.results, *of_traces, *self._all()]
        self._arrays = [np.atleast_1d(array).ravel() for array in arrays]

    @cached_property
    def _sorted(self) -> Array:
        values = np.concatenate(self._arrays)
        return np.sort(values[np.isfinite(values)])

    def holds(self, value: float) -> bool:
        """Return whether the core has computed this number (to the last digits of a float)."""
        place = int(np.searchsorted(self._sorted, value))
        near = self._sorted[max(place - 1, 0) : place + 1]
        return bool(np.isclose(near, value, rtol=1e-9, atol=1e-12).any())

    def complaints(self, screen: Screen) -> Iterator[str]:
        """Yield every number on screen, alone or in a caption, that is not the core's."""
        shown: list[tuple[Subject, float]] = []
        for text in screen.texts:
            if not isinstance(text.mobject, Number):
                yield from self._in_words(text.text)
            elif text.subject is not None:
                shown.append((text.subject, text.mobject.value))
            elif not self.holds(text.mobject.value):
                yield f"{text} is none of the core's numbers: {text.mobject.value}"
        yield from self.misplaced(shown)
        for mobject in parts_of(screen.family, EdgeSum, GapBars, LossMeter):
            if isinstance(mobject, EdgeSum):
                yield from of_parts(mobject)
            elif isinstance(mobject, GapBars):
                yield from self.of_gaps(mobject, screen)
            elif isinstance(mobject, LossMeter):
                yield from self.of_meter(mobject)

    def of_gaps(self, bars: GapBars, screen: Screen) -> Iterator[str]:
        """Yield gap bars that do not lead from a prediction of the core's to its target."""
        diagrams = list(parts_of(screen.family, NetworkDiagram))
        rows = range(len(bars.targets))
        shown = diagrams[0].shown(len(diagrams[0].sizes) - 1) if diagrams else list(rows)
        assert self.example is not None
        outputs = [i for i in shown if i < len(self.example.target)]
        seen = {row: bars.predictions[row] for row in rows if is_visible(bars.predictions[row])}
        for row, dot in seen.items():
            gap, goal = bars.gaps[row], bars.targets[row].get_x()
            ends = sorted((goal, dot.get_x()))
            covered = [gap.get_left()[0], gap.get_right()[0]] if is_visible(gap) else [goal, goal]
            if not is_visible(gap) and ends[1] - ends[0] < 0.05:
                continue
            if is_visible(gap) and not np.allclose(covered, ends, atol=0.02):
                yield f"the gap of row {row} covers {covered} instead of {ends}"
        for moment in self.moments:
            predicted = moment.forward.prediction
            wrong = [
                row
                for row, dot in seen.items()
                if abs(bars.at(row, float(predicted[outputs[row]]))[0] - dot.get_x()) > NEAR
            ]
            if not wrong:
                return
        yield "the predictions of the gap bars are not those of one moment"

    def of_meter(self, meter: LossMeter) -> Iterator[str]:
        """Yield a loss that is none of the core's, or that its bar does not show."""
        if not is_visible(meter.number):
            return
        loss = meter.number.value
        if not self.holds(loss):
            yield f"the loss {loss} is not the core's"
        room = meter.frame.width - meter.frame.get_stroke_width() / 100
        length = meter.bar.width if is_visible(meter.bar) else 0.0
        filled = loss / meter._largest
        if abs(length / room - min(filled, 1.0)) > 0.05:
            yield f"the bar of the loss is {length / room:.2f} full instead of {filled:.2f}"

    def misplaced(self, shown: Iterable[tuple[Subject, float]]) -> Iterator[str]:
        """Yield every number at a neuron or an edge that belongs to another one.

        All numbers of the passes on screen must be those of one moment, each at its own place.
        """
        for kinds in GROUPS:
            group = [pair for pair in shown if pair[0].kind in kinds]
            wrong = group
            for place, moment in enumerate(self.moments):
                here = [
                    (subject, value)
                    for subject, value in group
                    if not _is_one_of(value, moment.numbers(subject))
                ]
                if len(here) < len(wrong):
                    wrong = here
                if not wrong:
                    # The next screen most likely shows the same moment.
                    self.moments.insert(0, self.moments.pop(place))
                    break
            for subject, value in wrong:
                yield f"{subject} shows {value}, which is not its number"

    def _in_words(self, words: str) -> Iterator[str]:
        for match in DECIMAL.finditer(words):
            named = [*self.losses, *self.results]
            known = {figures(number, len(match[1])) for number in named}
            if match[0] not in known | set(self.measured):
                yield f"{match[0]} in {words!r} is no loss or result of the core's"

    def _all(self) -> Iterator[Array]:
        if self.example is None:
            return
        network = self.example.network
        yield np.array([self.example.learning_rate])
        yield np.arange(STEPS + 1.0)  # how many corrections there have been
        for _ in range(STEPS):
            trace = forward(network, self.example.input)
            back = backward(network, trace, self.example.target, self.example.loss)
            self.moments.append(Moment(trace, back))
            yield from self._of_passes(trace, back)
            yield from of_slopes(network, trace)
            yield from (self.example.learning_rate * part.weight_gradient for part in back.layers)
            corrected = network.updated(back, self.example.learning_rate)
            yield from of_changes(network, corrected)
            network = corrected
        if self.run is not None:
            yield from self._of_run(self.run)
        if self.run is not None and self.unseen is not None:
            answers = forward(self.run.network(-1), self.unseen.inputs).prediction
            yield answers
            # Captions name the accuracy, and labels what was measured.
            self.losses.append(100 * accuracy(answers, self.unseen.targets))
        setup = self.example.training_setup
        if setup is not None and setup.measured is not None:
            self.measured.extend(f"{value:g}" for value in setup.measured.inputs[0])

    def _of_run(self, run: Recording) -> Iterator[Array]:
        self.losses.extend(map(float, run.losses))
        yield from (run.steps.astype(float), run.losses, run.validation_losses)
        # The marks of the axis of steps, and the values at the axes of a plane.
        yield 10.0 ** np.arange(len(str(run.steps[-1])))
        yield np.stack([run.data.inputs.min(axis=0), run.data.inputs.max(axis=0)])
        yield from (100 * run.accuracies, 100 * run.validation_accuracies, np.array([0.0, 100.0]))
        for place in range(len(run)):
            for sample in range(len(run.sample_inputs)):
                moment = Moment(run.forward(place, sample), run.backward(place, sample))
                self.moments.append(moment)
                yield from moment.forward.activations
                yield from (layer.blame for layer in moment.backward.layers)

    def _of_passes(self, trace: ForwardTrace, back: BackwardTrace) -> Iterator[Array]:
        self.losses.append(float(back.loss))
        yield np.array([back.loss])
        yield from (trace.input, back.target)
        # Of a Gaussian's outputs the means come first, one for each target.
        if back.target.size in (trace.prediction.size, trace.prediction.size / 2):
            difference = trace.prediction[: back.target.size] - back.target
            yield from (difference, np.abs(difference), difference**2, difference**2 / 2)
            with np.errstate(divide="ignore", invalid="ignore"):  # a prediction may be right
                yield back.layers[-1].activation_gradient[: difference.size] / difference
        yield from of_trace(trace)
        for here in back.layers:
            yield from (here.activation_gradient, here.blame)
            yield from (here.weight_gradient, here.bias_gradient)
            yield from sums_of_the_last(here.shares)


def of_parts(edge_sum: EdgeSum) -> Iterator[str]:
    """Yield a running sum that is not the sum of what is written before it."""
    if not is_visible(edge_sum.sum):
        return
    lines = [*edge_sum.products, *edge_sum.extras, *edge_sum.others]
    shown = [line.texts[-1].value for line in lines if is_visible(line.texts[-1])]
    if not shown:  # the sum stays while its terms leave
        shown = [edge_sum.total]
    if not isclose(
        sum(shown), edge_sum.sum.value, rel_tol=1e-9, abs_tol=1e-9 * max(map(abs, shown))
    ):
        yield f"the sum {edge_sum.sum.text} is not that of {shown}"


def of_trace(trace: ForwardTrace) -> Iterator[Array]:
    yield trace.input
    for there in trace.layers:
        yield from (there.z, there.activation, there.weights, there.bias)
        yield from sums_of_the_last(there.contributions.T)


def _is_one_of(value: float, numbers: tuple[float, ...]) -> bool:
    return any(isclose(value, number, rel_tol=1e-9, abs_tol=1e-12) for number in numbers)


def of_slopes(network: Network, trace: ForwardTrace) -> Iterable[Array]:
    for dense, there in zip(network.layers, trace.layers, strict=True):
        if dense.activation.elementwise:
            yield dense.activation.slope(there.z)


def of_changes(before: Network, after: Network) -> Iterable[Array]:
    for old, new in zip(before.layers, after.layers, strict=True):
        yield from (old.bias, new.weights - old.weights, new.bias - old.bias)


def sums_of_the_last(terms: Array) -> Iterable[Array]:
    """Yield the terms of sums over the first axis, and every sum of the last terms."""
    yield terms
    yield np.cumsum(terms[::-1], axis=0)
