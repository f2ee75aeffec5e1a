"""The training data of a network and how it is trained: the tables [data] and [training]."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from netviz.core import (
    LOSSES,
    OPTIMIZERS,
    Checkpoint,
    Data,
    Loss,
    Network,
    Optimizer,
    Training,
    train,
)
from netviz.core.arrays import Array
from netviz.core.data import name_and_unit
from netviz.datasets import DATASETS, load_data
from netviz.problems import Problem, did_you_mean
from netviz.spec.errors import MOST_NAMES, SpecError
from netviz.spec.tables import DataTable, NetworkFile, TrainingTable
from netviz.spec.toml import toml_text

FILES = (".csv", ".npz")
_NUMBERED = "data.classes = true if the numbers of this column are classes"


@dataclass(frozen=True, eq=False)
class TrainingSetup:
    """The training data of a network, and how it is trained on them.

    Attributes:
        data: The training samples, the followed ones first.
        validation: The validation samples, if any.
        followed: Number of the first samples whose forward and backward passes are shown.
        optimizer: The rule that turns gradients into steps.
        epochs: Number of passes over all training samples.
        batch_size: Number of samples in a step; None for all of them.
        seed: Seed of the order of the samples.
        dropout: Probability with which a hidden activation is set to zero in a step.
        patience: Epochs without a lower validation loss after which the training ends, if any.
        measured: The training data before they were standardised, if they were.
    """

    data: Data
    validation: Data | None
    followed: int
    optimizer: Optimizer
    epochs: int
    batch_size: int | None
    seed: int
    dropout: float = 0.0
    patience: int | None = None
    measured: Data | None = None

    def sample(self, given: Data | None = None) -> tuple[Data, Array | None]:
        """Return a sample as the network gets it, and its inputs in the units of the data.

        Args:
            given: One sample in the units of the data. By default the first one that is followed.

        Returns:
            The sample, and its inputs before they were standardised, if they were.
        """
        if self.measured is None:
            return given or self.data.rows([0]), None
        if given is None:
            return self.data.rows([0]), self.measured.inputs[0]
        return given.standardised(self.measured), given.inputs[0]

    def training(self, network: Network, loss: Loss, resume: Checkpoint | None = None) -> Training:
        """Return the training run of a network.

        Args:
            network: The network to begin with.
            loss: The loss function.
            resume: The checkpoint of an interrupted run to continue. By default a new run.

        Raises:
            ProblemError: Network, data and loss do not fit, or the checkpoint is of another run.
        """
        return train(
            network,
            self.data,
            loss=loss,
            optimizer=self.optimizer,
            epochs=self.epochs,
            batch_size=self.batch_size,
            dropout=self.dropout,
            rng=self.seed,
            validation=self.validation,
            patience=self.patience,
            resume=resume,
        )


def read(
    source: str, path: Path | None, file: NetworkFile, sizes: Sequence[int]
) -> TrainingSetup | None:
    """Return the training setup of a network file, or None if it has no table [data].

    Args:
        source: The name of the file in errors.
        path: The file, to find data relative to it. A built-in network has none.
        file: The tables of the file.
        sizes: Number of neurons in each layer of its network.

    Raises:
        SpecError: Data and network do not fit.
        DataError, ArchiveError: The data cannot be read.
    """
    if file.data is None:
        return None
    if found := list(_source(file.data)):
        raise SpecError(*found, source=source)
    training = file.training or TrainingTable()
    data = _loaded(file.data, path)
    units = file.data.units or {}
    if found := list(_units(units, data)):
        raise SpecError(*found, source=source)
    if units:
        names = (f"{name} ({units[name]})" if name in units else name for name in data.input_names)
        data = replace(data, input_names=tuple(names))
    if found := list(_problems(file, training, data, sizes)):
        raise SpecError(*found, source=source)
    return _setup(file.data, training, data)


def _source(table: DataTable) -> Iterator[Problem]:
    if table.source not in DATASETS and Path(table.source).suffix.lower() not in FILES:
        expected = f"one of {', '.join(DATASETS)}, or a {' or '.join(FILES)} file"
        hint = did_you_mean(table.source, DATASETS, quote='"')
        yield Problem("data.source", f'is "{table.source}"', expected, hint)
    for key in ("inputs", "targets", "target", "classes", "missing"):
        if key in table.model_fields_set and Path(table.source).suffix.lower() != ".csv":
            found = f'is given for "{table.source}"'
            yield Problem(f"data.{key}", found, "a .csv file")


def _units(units: Mapping[str, str], data: Data) -> Iterator[Problem]:
    """Check that units are those of inputs that have none."""
    for name in units:
        where = f'data.units."{name}"'
        if name not in data.input_names:
            expected = f"one of {', '.join(data.input_names)}" if data.input_names else "no units"
            found = "is no input of the data" if data.input_names else "is given for unnamed inputs"
            yield Problem(where, found, expected, did_you_mean(name, data.input_names, quote='"'))
        elif name_and_unit(name)[1]:
            yield Problem(where, "is given for a name with a unit", "one of the two")


def _loaded(table: DataTable, path: Path | None) -> Data:
    if table.source in DATASETS:
        return load_data(table.source)
    folder = path.parent if path else Path()
    return load_data(
        folder / table.source,
        inputs=table.inputs,
        targets=table.targets if table.target is None else table.target,
        classes=table.classes,
        missing=table.missing,
    )


def _problems(
    file: NetworkFile, training: TrainingTable, data: Data, sizes: Sequence[int]
) -> Iterator[Problem]:
    loss, count = LOSSES[file.loss.name], len(data)
    wanted, width = loss.target_size(sizes[-1]), data.targets.shape[1]
    n_in = data.inputs.shape[1]
    fitting = [n_in, *sizes[1:-1], width * loss.outputs_per_target]
    hint = f"layers = {fitting} would fit" if file.network and file.network.layers else ""
    if n_in != sizes[0]:
        found = f"has {n_in} inputs{_named(data.input_names)}"
        expected = f"{sizes[0]}, one for each neuron of the input layer"
        yield Problem("data.source", found, expected, hint)
    if width != wanted:
        if width == 1 and wanted == len(np.unique(data.targets)):
            hint = " ".join(filter(None, [f"{hint};" if hint else "", _NUMBERED]))
        what = (
            "classes"
            if data.target_names and data.classes == width
            else f"target{'s' * (width != 1)}"
        )
        found = f"has {width} {what}{_named(data.target_names)}"
        yield Problem("data.source", found, f"{wanted}, to match the output layer", hint)
    outside = data.targets[(data.targets < 0) | (data.targets > 1)]
    if loss.probabilities and outside.size:
        expected = f"0 to 1, because {loss.name} compares probabilities"
        yield Problem("data.source", f"contains the target {outside[0]:g}", expected)
    for at, row in enumerate(training.follow):
        if row >= count:
            yield Problem(
                f"training.follow[{at}]", f"is {toml_text(row)}", f"a row from 0 to {count - 1}"
            )
    share = file.data.validation if file.data else None
    if training.patience is not None and share is None:
        yield Problem("training.patience", "is given", "data.validation, the samples to stop by")
    if share is not None and not 0 < round(share * count) <= count - len(set(training.follow)):
        expected = (
            "a share that leaves at least one sample for validation, and those of training.follow "
            "for training"
        )
        yield Problem("data.validation", f"is {share} of {count} samples", expected)


def _named(names: Sequence[str]) -> str:
    """Return the first names in parentheses, or an empty text if there are none."""
    more = ", …" if len(names) > MOST_NAMES else ""
    return f" ({', '.join(names[:MOST_NAMES])}{more})" if names else ""


def _setup(table: DataTable, training: TrainingTable, data: Data) -> TrainingSetup:
    follow, validation = list(dict.fromkeys(training.follow)), None
    if table.validation is None:
        others = [row for row in range(len(data)) if row not in set(follow)]
        data = data.rows([*follow, *others])
    else:
        data, validation = data.split(table.validation, training.seed, keep=follow)
    measured = data if table.standardise else None
    if table.standardise:
        validation = validation and validation.standardised(data)
        data = data.standardised()
    optimizer = OPTIMIZERS[training.optimizer]
    for name in ("learning_rate", "weight_decay"):
        if (value := getattr(training, name)) is not None:
            optimizer = optimizer.with_settings(**{name: value})
    return TrainingSetup(
        data=data,
        validation=validation,
        followed=len(follow),
        optimizer=optimizer,
        epochs=training.epochs,
        batch_size=training.batch_size,
        seed=training.seed,
        dropout=training.dropout,
        patience=training.patience,
        measured=measured,
    )
