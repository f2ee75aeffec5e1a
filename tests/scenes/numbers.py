"""The numbers of the core for one example: what a scene may show, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from netviz.core import BackwardTrace, Data, ForwardTrace, Network, backward, forward
from netviz.drawing.text import MINUS, Number, formatted
from netviz.recording import Recording
from netviz.spec import Description

from .screen import Screen

Array = NDArray[np.float64]

# As many corrections as a scene plays at most.
STEPS = 40
DECIMAL = re.compile(rf"{MINUS}?\d+\.(\d+)")


class CoreNumbers:
    """All numbers of an example: both passes, before and after each of many corrections."""

    def __init__(
        self, example: Description, run: Recording | None = None, unseen: Data | None = None
    ) -> None:
        self.example, self.run, self.unseen = example, run, unseen
        self.losses: list[float] = []
        self._arrays = [np.atleast_1d(array).ravel() for array in self._all()]

    @cached_property
    def _sorted(self) -> Array:
        values = np.concatenate(self._arrays)
        return np.sort(values[np.isfinite(values)])

    def holds(self, value: float) -> bool:
        """Whether the core has computed this number (to the last digits of a float)."""
        place = int(np.searchsorted(self._sorted, value))
        near = self._sorted[max(place - 1, 0) : place + 1]
        return bool(np.isclose(near, value, rtol=1e-9, atol=1e-12).any())

    def complaints(self, screen: Screen) -> Iterator[str]:
        """Every number on screen, in a text of its own or in a caption, that is not the core's."""
        for text in screen.texts:
            if isinstance(text.mobject, Number):
                if not self.holds(text.mobject.value):
                    yield f"{text} is none of the core's numbers: {text.mobject.value}"
            else:
                yield from self._in_words(text.text)

    def _in_words(self, words: str) -> Iterator[str]:
        for match in DECIMAL.finditer(words):
            if match[0] not in {formatted(loss, len(match[1])) for loss in self.losses}:
                yield f"{match[0]} in {words!r} is no loss of the core's"

    def _all(self) -> Iterator[Array]:
        network = self.example.network
        yield np.array([self.example.learning_rate])
        for _ in range(STEPS):
            trace = forward(network, self.example.input)
            back = backward(network, trace, self.example.target, self.example.loss)
            yield from self._of_passes(trace, back)
            yield from of_slopes(network, trace)
            corrected = network.updated(back, self.example.learning_rate)
            yield from of_changes(network, corrected)
            network = corrected
        if self.run is not None:
            yield from self._of_run(self.run)
        if self.run is not None and self.unseen is not None:
            yield forward(self.run.network(-1), self.unseen.inputs).prediction

    def _of_run(self, run: Recording) -> Iterator[Array]:
        self.losses.extend(map(float, run.losses))
        yield from (run.steps.astype(float), run.losses, run.validation_losses)
        yield from (100 * run.accuracies, 100 * run.validation_accuracies)
        for moment in range(len(run)):
            for sample in range(len(run.sample_inputs)):
                yield from run.forward(moment, sample).activations
                yield from (layer.blame for layer in run.backward(moment, sample).layers)

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


def of_slopes(network: Network, trace: ForwardTrace) -> Iterable[Array]:
    for dense, there in zip(network.layers, trace.layers, strict=True):
        if dense.activation.elementwise:
            yield dense.activation.slope(there.z)


def of_changes(before: Network, after: Network) -> Iterable[Array]:
    for old, new in zip(before.layers, after.layers, strict=True):
        yield from (old.bias, new.weights - old.weights, new.bias - old.bias)


def sums_of_the_last(terms: Array) -> Iterable[Array]:
    """Terms of sums over the first axis, and for every sum what its last terms come to."""
    yield terms
    yield np.cumsum(terms[::-1], axis=0)
