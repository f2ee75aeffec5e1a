"""A recording: a training run as arrays in one file, with everything that is needed to show it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz import archive
from netviz.archive import ArchiveError
from netviz.core import LOSSES, BackwardTrace, Data, ForwardTrace, Network, backward, forward
from netviz.core.arrays import Array, finite
from netviz.core.losses import as_loss
from netviz.core.objective import evaluate
from netviz.core.training import check_fit
from netviz.problems import PartError, Problem, ProblemError, expect

KIND = "netviz recording 2"
FIRST_KIND = "netviz recording 1"
"""The format of files with dense layers only, which are still read."""

MOST_POINTS = 2000
"""The largest number of samples of the training data that is kept."""

_OPTIONAL = {"validation_losses", "accuracies", "validation_accuracies"}


@dataclass(frozen=True, eq=False)
class Recording:
    """m moments of a training run, each with its network and its performance.

    Activations and gradients of the samples are not stored. ``forward`` and ``backward`` compute
    them from the parameters, exactly.

    Attributes:
        steps: The number of steps taken, shape ``(m,)``; 0 is before the first step.
        losses: The mean loss on the training data, shape ``(m,)``.
        validation_losses: The mean loss on the validation data, shape ``(m,)`` or ``(0,)``.
        accuracies: The share of the training data that is classified correctly, shape ``(m,)`` or
            ``(0,)``.
        validation_accuracies: The same for the validation data, shape ``(m,)`` or ``(0,)``.
        structure: Layers, activations and skip connections: see ``Network.structure``.
        parameters: The parameters of each layer by name, with m entries along the first axis.
        loss: The name of the loss.
        sample_inputs: The inputs of the chosen samples, shape ``(s, n_in)``.
        sample_targets: Their targets, shape ``(s, n)``.
        data: The training data, for decision regions and names; at most `MOST_POINTS` samples,
            evenly spaced.

    Example:
        >>> network = netviz.Network.random([2, 3, 1], rng=0)
        >>> run = netviz.train(network, netviz.load_data("xor"), epochs=9, rng=0)
        >>> with netviz.record(run) as recorder:
        ...     for step in run:
        ...         pass
        >>> recording = recorder.recording
        >>> recording.parameters[0]["weights"].shape, recording.network(-1) == run.network
        ((10, 3, 2), True)
    """

    steps: NDArray[np.int64]
    losses: Array
    validation_losses: Array
    accuracies: Array
    validation_accuracies: Array
    structure: Mapping[str, Any]
    parameters: tuple[Mapping[str, Array], ...]
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
        """Evaluate each network on the data, and stack all numbers.

        Args:
            moments: Pairs of a step and the network after it, in increasing order.
            data: The training data.
            loss: A name in ``LOSSES``.
            samples: The indices of the samples to show.
            validation: The validation data, if any.

        Raises:
            ProblemError: There are no moments, or the networks have different structures.
        """
        if not moments:
            raise ProblemError(Problem("the recording", "is empty", "at least one step"))
        networks = [network for _, network in moments]
        different = sorted({repr(network) for network in networks})
        if len(different) > 1:
            found = f"has {' and '.join(different)}"
            raise ProblemError(Problem("the recording", found, "networks of one structure"))
        scores = [evaluate(network, data, loss) for network in networks]
        validated = [evaluate(network, validation, loss) for network in networks if validation]
        chosen = data.rows(list(samples))
        layers = zip(*(network.layers for network in networks), strict=True)
        return cls(
            steps=np.array([step for step, _ in moments], dtype=np.int64),
            losses=np.array([score.loss for score in scores]),
            validation_losses=np.array([score.loss for score in validated]),
            accuracies=_known([score.accuracy for score in scores]),
            validation_accuracies=_known([score.accuracy for score in validated]),
            structure=networks[0].structure,
            parameters=tuple(
                {
                    name: np.stack([layer.parameters[name] for layer in at])
                    for name in at[0].parameters
                }
                for at in layers
            ),
            loss=loss,
            sample_inputs=chosen.inputs,
            sample_targets=chosen.targets,
            data=_some(data),
        )

    def __post_init__(self) -> None:
        """Freeze the arrays, and check that each has one entry for each moment.

        Raises:
            ProblemError: Some array has another shape, or some number is not finite.
        """
        _expect_shape("steps", self.steps, 1)
        moments = len(self.steps)
        if not moments:
            raise ProblemError(Problem("steps", "is empty", "at least one moment"))
        if (
            self.steps.dtype.kind not in "iu"
            or self.steps[0] < 0
            or (np.diff(self.steps) <= 0).any()
        ):
            raise ProblemError(Problem("steps", "are not increasing", "numbers of steps from 0 on"))
        for name in ("losses", *sorted(_OPTIONAL)):
            _expect_shape(name, getattr(self, name), 1)
        for name in ("sample_inputs", "sample_targets"):
            _expect_shape(name, getattr(self, name), 2)
        if len(self.sample_inputs) != len(self.sample_targets):
            found = f"has {len(self.sample_targets)} rows"
            raise ProblemError(Problem("sample_targets", found, f"{len(self.sample_inputs)}"))
        for array in (self.steps, self.sample_inputs, self.sample_targets):
            array.setflags(write=False)
        for name, array in self._histories().items():
            finite(array, name)
            if len(array) != moments and not (len(array) == 0 and name in _OPTIONAL):
                expected = f"{moments}, one for each moment"
                raise ProblemError(Problem(name, f"has length {len(array)}", expected))

    def __len__(self) -> int:
        """Return the number of moments."""
        return len(self.steps)

    def network(self, moment: int) -> Network:
        """Return the network of a moment; -1 is the last.

        Raises:
            PartError: There is no such moment.
        """
        _expect_index("moment", moment, len(self))
        parameters = [
            {name: array[moment] for name, array in layer.items()} for layer in self.parameters
        ]
        return Network.from_structure(self.structure, parameters)

    def forward(self, moment: int, sample: int = 0) -> ForwardTrace:
        """Return the forward pass of a chosen sample through the network of a moment.

        Raises:
            PartError: There is no such moment or sample.
        """
        _expect_index("sample", sample, len(self.sample_inputs))
        return forward(self.network(moment), self.sample_inputs[sample])

    def backward(self, moment: int, sample: int = 0) -> BackwardTrace:
        """Return the backward pass of a chosen sample: its blame, shares and gradients.

        Raises:
            PartError: There is no such moment or sample.
        """
        trace, target = self.forward(moment, sample), self.sample_targets[sample]
        return backward(trace.network, trace, target, LOSSES[self.loss])

    def thinned(self, keep: int) -> Recording:
        """Return ``keep`` of the moments, evenly spaced on a log scale, with the first and last.

        Raises:
            ProblemError: ``keep`` is below 2.
        """
        chosen = log_spaced(self.steps, keep)
        parts: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        parts["steps"] = self.steps[chosen]
        for name in _OPTIONAL | {"losses"}:
            parts[name] = parts[name][chosen] if len(parts[name]) else parts[name]
        parts["parameters"] = tuple(
            {name: array[chosen] for name, array in layer.items()} for layer in self.parameters
        )
        return Recording(**parts)

    def save(self, path: str | Path) -> None:
        """Write everything to one .npz file.

        Raises:
            ArchiveError: The name of the file does not end in .npz.
            OSError: The file cannot be written.
        """
        data = {f"data.{field.name}": getattr(self.data, field.name) for field in fields(Data)}
        for name in ("input_names", "target_names"):
            data[f"data.{name}"] = np.array(data[f"data.{name}"], dtype=np.str_)
        texts = {"kind": KIND, "loss": self.loss, "structure": json.dumps(dict(self.structure))}
        samples = {name: getattr(self, name) for name in ("sample_inputs", "sample_targets")}
        archive.write(path, {**texts, "steps": self.steps, **self._histories(), **samples, **data})

    @classmethod
    def load(cls, path: str | Path) -> Recording:
        """Read what ``save`` has written, in this or an earlier version.

        Raises:
            ArchiveError: The file cannot be read, or is not a recording.
        """
        arrays = archive.read(path)
        if str(arrays.get("kind")) != FIRST_KIND:
            archive.check_kind(path, arrays, KIND)
        try:
            return _from_arrays(arrays)
        except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
            problem = Problem("the recording", f"is broken ({error})")
            raise ArchiveError(problem, source=path) from error

    @staticmethod
    def is_in(path: str | Path) -> bool:
        """Return whether a file is a recording, in this or an earlier version."""
        is_archive = Path(path).suffix.lower() == ".npz" and Path(path).is_file()
        return is_archive and archive.kind_of(path) in (KIND, FIRST_KIND)

    def _histories(self) -> dict[str, Array]:
        """Return the arrays with an entry for each moment, by their names in a file."""
        layers = {
            f"{name}.{place}": array
            for place, layer in enumerate(self.parameters)
            for name, array in layer.items()
        }
        return {name: getattr(self, name) for name in ("losses", *sorted(_OPTIONAL))} | layers


def log_spaced(steps: Sequence[int] | NDArray[np.int64], keep: int) -> list[int]:
    """Return the indices of ``keep`` steps, evenly spaced in the logarithm of 1 + their distance.

    The first and the last are among them: most happens at the beginning of a run. Where the steps
    are too coarse for the spacing, as the first ones always are, the following ones are taken
    instead, so that there are exactly ``keep``.

    Args:
        steps: In increasing order.
        keep: The number of steps to choose, from 2 up; all of them if there are not more.

    Raises:
        ProblemError: ``keep`` is below 2.
    """
    expect("keep", keep, keep >= 2, "at least 2: the first and the last step are kept")
    if len(steps) <= keep:
        return list(range(len(steps)))
    depth = np.log1p(np.asarray(steps) - steps[0])
    wanted = np.searchsorted(depth, np.linspace(0.0, depth[-1], keep) - 1e-9)
    chosen: list[int] = []
    for left, place in zip(reversed(range(keep)), wanted, strict=True):
        earliest = chosen[-1] + 1 if chosen else 0
        latest = len(steps) - 1 - left
        chosen.append(min(max(int(place), earliest), latest))
    return chosen


def _expect_index(where: str, index: int, length: int) -> None:
    if not -length <= index < length:
        raise PartError(Problem(where, f"is {index}", f"0 … {length - 1}" if length else "none"))


def _expect_shape(name: str, array: NDArray[Any], dimensions: int) -> None:
    if array.ndim != dimensions:
        expected = "a number for each moment" if dimensions == 1 else "a row for each sample"
        raise ProblemError(Problem(name, f"has shape {array.shape}", expected))


def _some(data: Data) -> Data:
    if len(data) <= MOST_POINTS:
        return data
    return data.rows(np.linspace(0, len(data) - 1, MOST_POINTS).astype(np.intp))


def _known(values: Sequence[float | None]) -> Array:
    return np.array([value for value in values if value is not None], dtype=np.float64)


def _from_arrays(arrays: dict[str, NDArray[Any]]) -> Recording:
    structure, parameters = _layers(arrays)
    recording = Recording(
        **{name: arrays[name] for name in ("steps", "losses", *_OPTIONAL)},
        structure=structure,
        parameters=parameters,
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
    check_fit(recording.network(-1), recording.data, as_loss(recording.loss))
    for sample in range(len(recording.sample_inputs)):
        recording.backward(-1, sample)  # reports what does not fit
    return recording


def _layers(
    arrays: dict[str, NDArray[Any]],
) -> tuple[dict[str, Any], tuple[dict[str, NDArray[Any]], ...]]:
    """Return the structure of the network, and the arrays of each layer."""
    if str(arrays["kind"]) == FIRST_KIND:
        layers = [{"kind": "Dense", "activation": str(name)} for name in arrays["activations"]]
        parameters = tuple(
            {"weights": arrays[f"weights.{place}"], "bias": arrays[f"biases.{place}"]}
            for place in range(len(layers))
        )
        return {"layers": layers, "skips": []}, parameters
    structure = json.loads(str(arrays["structure"]))
    names = [name.rpartition(".") for name in arrays]
    return structure, tuple(
        {name: arrays[f"{name}.{place}"] for name, _, at in names if at == str(place)}
        for place in range(len(structure["layers"]))
    )
