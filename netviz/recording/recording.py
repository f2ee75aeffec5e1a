"""A recording: a training run as arrays, in one file, with all that pictures of it need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz import archive
from netviz.archive import ArchiveError
from netviz.core import LOSSES, BackwardTrace, Data, ForwardTrace, Network, backward, forward
from netviz.core.arrays import Array, finite
from netviz.core.objective import evaluate
from netviz.problems import Problem
from netviz.recording.thinning import log_spaced

KIND = "netviz recording 1"
MOST_POINTS = 2000


@dataclass(frozen=True, eq=False)
class Recording:
    """The m moments of a run that were kept, each with its network and how good it was.

    Activations and gradients of the samples are not stored: ``forward`` and ``backward`` give
    them, exactly, from the weights.

    Attributes:
        steps: How many steps had been taken, shape ``(m,)``; 0 is before the first one.
        losses: The mean loss on the training data, shape ``(m,)``.
        validation_losses: The same on the validation data, shape ``(m,)`` or ``(0,)``.
        accuracies: The share of training data classified right, shape ``(m,)`` or ``(0,)``.
        validation_accuracies: The same on the validation data, shape ``(m,)`` or ``(0,)``.
        weights: Of each layer, shape ``(m, n_out, n_in)``.
        biases: Of each layer, shape ``(m, n_out)``.
        activations: The activation of each layer, by name.
        loss: The loss, by name.
        sample_inputs: The chosen samples, shape ``(s, n_in)``.
        sample_targets: Their targets, shape ``(s, n)``.
        data: Training data, for decision regions and names; of more than `MOST_POINTS` samples
            so many, evenly spaced.

    Example:
        >>> network = netviz.Network.random([2, 3, 1], rng=0)
        >>> run = netviz.train(network, netviz.load_data("xor"), epochs=9, rng=0)
        >>> with netviz.record(run) as recorder:
        ...     for step in run:
        ...         pass
        >>> recording = recorder.recording
        >>> recording.weights[0].shape, recording.network(-1) == run.network
        ((10, 3, 2), True)
    """

    steps: NDArray[np.int64]
    losses: Array
    validation_losses: Array
    accuracies: Array
    validation_accuracies: Array
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activations: tuple[str, ...]
    loss: str
    sample_inputs: Array
    sample_targets: Array
    data: Data

    @classmethod
    def of(
        cls,
        moments: Sequence[tuple[int, Network]],
        data: Data,
        loss: str,
        samples: Sequence[int],
        validation: Data | None = None,
    ) -> Recording:
        """Judge each network on the data, and stack all numbers.

        Args:
            moments: Pairs of a step and the network after it, in growing order.
            data: The training data.
            loss: A name in ``LOSSES``.
            samples: Which samples of the data to follow.
            validation: Other data to judge by.

        Raises:
            ValueError: There are no moments, or the networks do not fit each other or the data.
        """
        if not moments:
            raise ValueError("nothing was recorded; expected at least one step")
        networks = [network for _, network in moments]
        kinds = {repr(network) for network in networks}
        if len(kinds) > 1:
            raise ValueError(f"a recording is of one network; found {' and '.join(sorted(kinds))}")
        scores = [evaluate(network, data, loss) for network in networks]
        judged = [evaluate(network, validation, loss) for network in networks if validation]
        followed = data.rows(list(samples))
        layers = list(zip(*(network.layers for network in networks), strict=True))
        return cls(
            steps=np.array([step for step, _ in moments], dtype=np.int64),
            losses=np.array([score.loss for score in scores]),
            validation_losses=np.array([score.loss for score in judged]),
            accuracies=_known([score.accuracy for score in scores]),
            validation_accuracies=_known([score.accuracy for score in judged]),
            weights=tuple(np.stack([dense.weights for dense in layer]) for layer in layers),
            biases=tuple(np.stack([dense.bias for dense in layer]) for layer in layers),
            activations=tuple(dense.activation.name for dense in networks[0].layers),
            loss=loss,
            sample_inputs=followed.inputs,
            sample_targets=followed.targets,
            data=_some(data),
        )

    def __post_init__(self) -> None:
        """Freeze the arrays, and check that there is one of each for each moment.

        Raises:
            ValueError: Some array has another length, or some number is not finite.
        """
        moments = len(self.steps)
        for array in (self.steps, self.sample_inputs, self.sample_targets):
            array.setflags(write=False)
        for name, array in self._histories().items():
            finite(array, name)
            if len(array) != moments and not (len(array) == 0 and name in _OPTIONAL):
                raise ValueError(
                    f"{name} must have one entry for each of {moments} steps; found {len(array)}"
                )

    def __len__(self) -> int:
        """The number of moments."""
        return len(self.steps)

    def network(self, moment: int) -> Network:
        """The network of a moment; -1 is the last.

        Raises:
            IndexError: There is no such moment.
        """
        return Network.from_weights(
            [weights[moment] for weights in self.weights],
            [biases[moment] for biases in self.biases],
            self.activations,
        )

    def forward(self, moment: int, sample: int = 0) -> ForwardTrace:
        """The forward pass of a followed sample through the network of a moment."""
        return forward(self.network(moment), self.sample_inputs[sample])

    def backward(self, moment: int, sample: int = 0) -> BackwardTrace:
        """Its backward pass: blame, shares and gradients of this one sample."""
        trace, target = self.forward(moment, sample), self.sample_targets[sample]
        return backward(self.network(moment), trace, target, LOSSES[self.loss])

    def thinned(self, keep: int) -> Recording:
        """``keep`` of the moments, evenly spaced on a log scale, the first and the last among them.

        Raises:
            ValueError: ``keep`` is below 2.
        """
        chosen = log_spaced(self.steps, keep)
        parts: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        parts["steps"] = self.steps[chosen]
        for name in _OPTIONAL | {"losses"}:
            parts[name] = parts[name][chosen] if len(parts[name]) else parts[name]
        for name in ("weights", "biases"):
            parts[name] = tuple(array[chosen] for array in parts[name])
        return Recording(**parts)

    def save(self, path: str | Path) -> None:
        """Write everything to one .npz file.

        Raises:
            ArchiveError: The name of the file does not end in .npz.
            OSError: The file cannot be written.
        """
        data = {f"data.{field.name}": getattr(self.data, field.name) for field in fields(Data)}
        samples = {name: getattr(self, name) for name in ("sample_inputs", "sample_targets")}
        told = {"kind": KIND, "loss": self.loss, "activations": np.array(self.activations)}
        for name in ("input_names", "target_names"):
            data[f"data.{name}"] = np.array(data[f"data.{name}"], dtype=np.str_)
        archive.write(path, {**told, "steps": self.steps, **self._histories(), **samples, **data})

    @classmethod
    def load(cls, path: str | Path) -> Recording:
        """Read what ``save`` has written.

        Raises:
            ArchiveError: The file cannot be read, or is no recording.
        """
        arrays = archive.read(path)
        archive.check_kind(path, arrays, KIND)
        try:
            return _from_arrays(arrays)
        except (KeyError, IndexError, TypeError, ValueError) as error:
            problem = Problem("the recording", f"is broken ({error})")
            raise ArchiveError(problem, source=path) from error

    def _histories(self) -> dict[str, Array]:
        """The arrays with an entry for each moment, by the names that they have in a file."""
        layers = {
            f"{name}.{place}": array
            for name in ("weights", "biases")
            for place, array in enumerate(getattr(self, name))
        }
        return {name: getattr(self, name) for name in ("losses", *sorted(_OPTIONAL))} | layers


_OPTIONAL = {"validation_losses", "accuracies", "validation_accuracies"}


def _some(data: Data) -> Data:
    if len(data) <= MOST_POINTS:
        return data
    return data.rows(np.linspace(0, len(data) - 1, MOST_POINTS).astype(np.intp))


def _known(values: Sequence[float | None]) -> Array:
    return np.array([value for value in values if value is not None], dtype=np.float64)


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> Recording:
    activations = tuple(map(str, arrays["activations"]))
    layers = range(len(activations))
    recording = Recording(
        **{name: arrays[name] for name in ("steps", "losses", *_OPTIONAL)},
        weights=tuple(arrays[f"weights.{place}"] for place in layers),
        biases=tuple(arrays[f"biases.{place}"] for place in layers),
        activations=activations,
        loss=str(arrays["loss"]),
        sample_inputs=arrays["sample_inputs"],
        sample_targets=arrays["sample_targets"],
        data=Data(
            arrays["data.inputs"],
            arrays["data.targets"],
            tuple(map(str, arrays["data.input_names"])),
            tuple(map(str, arrays["data.target_names"])),
            name=str(arrays["data.name"]),
        ),
    )
    if len(recording.sample_inputs):
        recording.backward(-1)  # says in words what does not fit
    return recording
