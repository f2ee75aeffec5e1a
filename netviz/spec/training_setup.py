"""What a network is trained on, and how: the tables [data] and [training] of a network file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

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
from netviz.datasets import DATASETS, load_data
from netviz.spec.document import DataTable, NetworkFile, TrainingTable
from netviz.spec.problems import Problem, SpecError, closest

FILES = (".csv", ".npz")


@dataclass(frozen=True, eq=False)
class TrainingSetup:
    """What a network is trained on, and how.

    Attributes:
        data: The samples, the followed ones first.
        validation: Samples to judge by, if any.
        followed: How many of the first samples are shown on their way forward and back.
        optimizer: How the weights are corrected.
        epochs: How many times all samples are seen.
        batch_size: Samples in a step; all of them if None.
        seed: Of the order of the samples.
    """

    data: Data
    validation: Data | None
    followed: int
    optimizer: Optimizer
    epochs: int
    batch_size: int | None
    seed: int

    def training(self, network: Network, loss: Loss, resume: Checkpoint | None = None) -> Training:
        """The run of a network, from its beginning or from where another one ended.

        Raises:
            ValueError: Network, data and loss do not fit, or the checkpoint is of another run.
        """
        return train(
            network,
            self.data,
            loss=loss,
            optimizer=self.optimizer,
            epochs=self.epochs,
            batch_size=self.batch_size,
            rng=self.seed,
            validation=self.validation,
            resume=resume,
        )


def read(
    source: str, path: Path | None, file: NetworkFile, sizes: Sequence[int]
) -> TrainingSetup | None:
    """The lesson of a network file, if it has one.

    Args:
        source: What to call the file in errors.
        path: Where it is, to find data beside it; a built-in network has none.
        file: What it says.
        sizes: Of the layers of its network.

    Raises:
        SpecError: Data and network do not fit.
        DataError, ArchiveError: The data cannot be read.
    """
    if file.data is None:
        return None
    if found := list(_source(file.data)):
        raise SpecError(source, found)
    training = file.training or TrainingTable()
    data = _loaded(file.data, path)
    if found := list(_problems(file, training, data, sizes)):
        raise SpecError(source, found)
    return _setup(file.data, training, data)


def _source(table: DataTable) -> Iterator[Problem]:
    if table.source not in DATASETS and Path(table.source).suffix.lower() not in FILES:
        right = f"one of {', '.join(DATASETS)}, or a {' or '.join(FILES)} file"
        near = closest(table.source, DATASETS)
        yield Problem("data.source", f'is "{table.source}"', right, near and f'"{near}"')
    for key in ("targets", "classes"):
        if key in table.model_fields_set and Path(table.source).suffix.lower() != ".csv":
            yield Problem(f"data.{key}", f'is given for "{table.source}"', "it for a .csv only")


def _loaded(table: DataTable, path: Path | None) -> Data:
    if table.source in DATASETS:
        return load_data(table.source)
    folder = path.parent if path else Path()
    return load_data(folder / table.source, targets=table.targets, classes=table.classes)


def _problems(
    file: NetworkFile, training: TrainingTable, data: Data, sizes: Sequence[int]
) -> Iterator[Problem]:
    loss, count = LOSSES[file.loss.name], len(data)
    wanted, width = loss.target_size(sizes[-1]), data.targets.shape[1]
    if data.inputs.shape[1] != sizes[0]:
        found = f"has {data.inputs.shape[1]} inputs"
        yield Problem("data.source", found, f"{sizes[0]}, one for each neuron of the input layer")
    if width != wanted:
        yield Problem("data.source", f"has {width} targets", f"{wanted}, as many as the outputs")
    outside = data.targets[(data.targets < 0) | (data.targets > 1)]
    if loss.probabilities and outside.size:
        right = f"0 to 1, as {loss.name} compares probabilities"
        yield Problem("data.source", f"has the target {outside[0]:g}", right)
    for at, row in enumerate(training.follow):
        if row >= count:
            yield Problem(f"training.follow[{at}]", f"is {row}", f"a row from 0 to {count - 1}")
    share = file.data.validation if file.data else None
    if share is not None and not 0 < round(share * count) <= count - len(set(training.follow)):
        right = "a share that leaves samples on both sides, and those that are followed"
        yield Problem("data.validation", f"is {share} of {count} samples", right)


def _setup(table: DataTable, training: TrainingTable, data: Data) -> TrainingSetup:
    follow, validation = list(dict.fromkeys(training.follow)), None
    if table.validation is None:
        others = [row for row in range(len(data)) if row not in set(follow)]
        data = data.rows([*follow, *others])
    else:
        data, validation = data.split(table.validation, training.seed, keep=follow)
    if table.standardise:
        validation = validation and validation.standardised(data)
        data = data.standardised()
    optimizer = OPTIMIZERS[training.optimizer]
    if training.learning_rate is not None:
        optimizer = optimizer.with_settings(learning_rate=training.learning_rate)
    return TrainingSetup(
        data=data,
        validation=validation,
        followed=len(follow),
        optimizer=optimizer,
        epochs=training.epochs,
        batch_size=training.batch_size,
        seed=training.seed,
    )
