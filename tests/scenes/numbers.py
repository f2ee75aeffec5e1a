"""The core's numbers for one example, each at its neuron or edge: all that a scene may show."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import isclose

import numpy as np
from numpy.typing import NDArray

from netviz.core import BackwardTrace, Data, ForwardTrace, Network, backward, forward
from netviz.core.data import accuracy
from netviz.drawing.numerals import MINUS, figures
from netviz.drawing.text import Number
from netviz.recording import Recording
from netviz.spec import Description

from .screen import Screen, Subject

Array = NDArray[np.float64]

# No scene plays more corrections than this.
STEPS = 40
DECIMAL = re.compile(rf"{MINUS}?\d+\.(\d+)")


@dataclass(frozen=True)
class Moment:
    """One sample in one network: both passes."""

    forward: ForwardTrace
    backward: BackwardTrace

    def numbers(self, subject: Subject) -> tuple[float, ...]:
        """Return the numbers that may stand at a neuron or an edge, as the core computed them."""
        layer, *rest = subject.address
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


# Numbers of one group belong to one moment. The parameters have a group of their own, because a
# correction changes them while the numbers of the passes before it are still on screen.
GROUPS = (("activation", "blame", "edge", "skip"), ("weight", "bias"))


class CoreNumbers:
    """All numbers of an example: both passes, before and after each of many corrections.

    Attributes:
        moments: What a diagram may show: the passes before and after each correction, and those of
            the recorded samples at each moment of the run.
        losses: What a caption may name.
        measured: What a label may name: the sample before it was standardised.
    """

    def __init__(
        self, example: Description, run: Recording | None = None, unseen: Data | None = None
    ) -> None:
        self.example, self.run, self.unseen = example, run, unseen
        self.losses: list[float] = []
        self.measured: list[str] = []
        self.moments: list[Moment] = []
        self._arrays = [np.atleast_1d(array).ravel() for array in self._all()]

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
        shown: dict[Subject, float] = {}
        for text in screen.texts:
            if not isinstance(text.mobject, Number):
                yield from self._in_words(text.text)
            elif text.subject is not None:
                shown[text.subject] = text.mobject.value
            elif not self.holds(text.mobject.value):
                yield f"{text} is none of the core's numbers: {text.mobject.value}"
        yield from self.misplaced(shown)

    def misplaced(self, shown: Mapping[Subject, float]) -> Iterator[str]:
        """Yield every number at a neuron or an edge that belongs to another one.

        All numbers of the passes on screen must be those of one moment, each at its own place.
        """
        for kinds in GROUPS:
            group = {subject: value for subject, value in shown.items() if subject.kind in kinds}
            wrong = list(group)
            for place, moment in enumerate(self.moments):
                here = [s for s, value in group.items() if not _is_one_of(value, moment.numbers(s))]
                if len(here) < len(wrong):
                    wrong = here
                if not wrong:
                    # The next screen most likely shows the same moment.
                    self.moments.insert(0, self.moments.pop(place))
                    break
            for subject in wrong:
                yield f"{subject} shows {group[subject]}, which is not its number"

    def _in_words(self, words: str) -> Iterator[str]:
        for match in DECIMAL.finditer(words):
            known = {figures(loss, len(match[1])) for loss in self.losses}
            if match[0] not in known | set(self.measured):
                yield f"{match[0]} in {words!r} is no loss of the core's"

    def _all(self) -> Iterator[Array]:
        network = self.example.network
        yield np.array([self.example.learning_rate])
        for _ in range(STEPS):
            trace = forward(network, self.example.input)
            back = backward(network, trace, self.example.target, self.example.loss)
            self.moments.append(Moment(trace, back))
            yield from self._of_passes(trace, back)
            yield from of_slopes(network, trace)
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
        yield from (100 * run.accuracies, 100 * run.validation_accuracies)
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
            yield from (difference, difference**2)
            with np.errstate(divide="ignore", invalid="ignore"):  # a prediction may be right
                yield back.layers[-1].activation_gradient[: difference.size] / difference
        for there in trace.layers:
            yield from (there.z, there.activation, there.weights)
            yield from sums_of_the_last(there.contributions.T)
        for here in back.layers:
            yield from (here.activation_gradient, here.blame)
            yield from (here.weight_gradient, here.bias_gradient)
            yield from sums_of_the_last(here.shares)


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
