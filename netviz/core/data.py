"""Training data: inputs and targets, one row for each sample. ``netviz.datasets`` reads them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from netviz.core.arrays import Array, checked
from netviz.problems import PartError, Problem, ProblemError, expect, takes_rng


@dataclass(frozen=True, eq=False, repr=False)
class Data:
    """Samples, as read-only float64.

    Attributes:
        inputs: Shape ``(n, n_in)``.
        targets: Shape ``(n, n_out)``; for classes, one-hot.
        input_names: A name for each input, or none.
        target_names: A name for each target (for classes, the class), or none.
        name: The name of the data.

    Example:
        >>> data = netviz.Data([[0.0, 1.0], [1.0, 0.0]], [[1.0], [0.0]], input_names=("a", "b"))
        >>> len(data), data.classes
        (2, 2)
    """

    inputs: Array
    targets: Array
    input_names: tuple[str, ...] = ()
    target_names: tuple[str, ...] = ()
    name: str = "data"

    def __post_init__(self) -> None:
        """Copy, check and freeze.

        Raises:
            ProblemError: Wrong shapes, no samples, numbers that are not finite, or a wrong number
                of names.
        """
        for what in ("input", "target"):
            array = checked(getattr(self, f"{what}s"), f"{what}s")
            names = tuple(map(str, getattr(self, f"{what}_names")))
            if array.ndim != 2 or array.size == 0:
                found = f"has shape {array.shape}"
                raise ProblemError(Problem(f"{what}s", found, "a matrix, one row for each sample"))
            if names and len(names) != array.shape[1]:
                expected = f"{array.shape[1]}, one for each {what}"
                raise ProblemError(Problem(f"{what}_names", f"has length {len(names)}", expected))
            object.__setattr__(self, f"{what}s", array)
            object.__setattr__(self, f"{what}_names", names)
        if len(self.inputs) != len(self.targets):
            found = f"has {len(self.targets)} rows"
            expected = f"{len(self.inputs)}, one for each row of inputs"
            raise ProblemError(Problem("targets", found, expected))

    def __len__(self) -> int:
        """The number of samples."""
        return len(self.inputs)

    def __repr__(self) -> str:
        """Return name and shape: ``Data(iris: 150 samples, 4 → 3)``."""
        widths = f"{self.inputs.shape[1]} → {self.targets.shape[1]}"
        return f"Data({self.name}: {len(self)} samples, {widths})"

    @property
    def classes(self) -> int:
        """The number of classes, or 0 if the targets are not classes.

        One-hot rows are classes; so is a single column of zeros and ones, which has two.
        """
        if not np.isin(self.targets, (0.0, 1.0)).all():
            return 0
        n_out = self.targets.shape[1]
        if n_out == 1:
            return 2
        return n_out if bool((self.targets.sum(axis=1) == 1.0).all()) else 0

    def rows(self, indices: ArrayLike) -> Data:
        """Return the samples with these indices, in this order.

        Raises:
            PartError: There is no such sample.
        """
        chosen = np.asarray(indices, dtype=np.intp)
        wrong = chosen[(chosen < -len(self)) | (chosen >= len(self))]
        if wrong.size:
            found = f"has {wrong.flat[0]}"
            raise PartError(Problem("samples", found, f"indices from 0 to {len(self) - 1}"))
        return replace(self, inputs=self.inputs[chosen], targets=self.targets[chosen])

    @takes_rng
    def split(
        self, share: float, rng: np.random.Generator | int, *, keep: Sequence[int] = ()
    ) -> tuple[Data, Data]:
        """Split into training and validation data, at random.

        Both keep the order of the samples.

        Args:
            share: The share of the samples for validation, between 0 and 1.
            rng: The source of randomness, or a seed for a new one.
            keep: Samples to put at the beginning of the training data, in this order.

        Raises:
            ProblemError: The share leaves one part without samples.
        """
        aside = round(share * len(self))
        order = np.random.default_rng(rng).permutation(len(self))
        free = order[~np.isin(order, keep)]
        if not 0 < aside < len(self) or aside > len(free):
            found = f"is {share} of {len(self)} samples"
            raise ProblemError(
                Problem("validation share", found, "one that leaves both parts samples")
            )
        kept = np.array(keep, dtype=np.intp)
        training = np.concatenate([kept, np.sort(free[aside:])])
        return self.rows(training), self.rows(np.sort(free[:aside]))

    def standardised(self, like: Data | None = None) -> Data:
        """Return the data with inputs of mean 0 and standard deviation 1. Constant inputs become 0.

        Args:
            like: The data that mean and standard deviation are computed from, such as the training
                data when the validation data are standardised. By default these data.

        Raises:
            ProblemError: ``like`` has another number of inputs, or numbers that are too large or
                lie too close together.
        """
        model = (like or self).inputs
        if model.shape[1] != self.inputs.shape[1]:
            found, expected = f"has {model.shape[1]} inputs", f"{self.inputs.shape[1]} inputs"
            raise ProblemError(Problem("like", found, expected))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # reported below
            spread = model.std(axis=0)
            constant = np.ptp(model, axis=0) == 0.0  # its computed spread may be off by rounding
            inputs = (self.inputs - model.mean(axis=0)) / np.where(constant, 1.0, spread)
        wrong = ~(np.isfinite(inputs).all(axis=0) & np.isfinite(spread))
        if wrong.any():
            found = "has numbers that are too large or too close together to be standardised"
            column = int(np.argmax(wrong))
            name = self.input_names[column] if self.input_names else column + 1
            raise ProblemError(Problem(f"the input {name}", found, "numbers of a usual size"))
        return replace(self, inputs=np.where(constant, 0.0, inputs))


def name_and_unit(name: str) -> tuple[str, str]:
    """Return the name of an input without its unit, and the unit, which may be empty.

    A unit stands in parentheses or brackets at the end: ``length (cm)``, ``length [cm]``.

    Example:
        >>> from netviz.core.data import name_and_unit
        >>> name_and_unit("length (cm)"), name_and_unit("age")
        (('length', 'cm'), ('age', ''))
    """
    found = re.fullmatch(r"(.+) (?:\(([^()]+)\)|\[([^][]+)\])", name)
    return (found[1], found[2] or found[3]) if found else (name, "")


def one_hot(labels: ArrayLike) -> tuple[Array, tuple[str, ...]]:
    """Return classes as one-hot targets.

    Args:
        labels: The class of each sample, texts or numbers, shape ``(n,)``.

    Returns:
        Targets of shape ``(n, classes)`` with a single 1 in each row, and the sorted names of the
        classes.

    Raises:
        ProblemError: ``labels`` are not one-dimensional.

    Example:
        >>> netviz.one_hot(["cat", "dog", "cat"])
        (array([[1., 0.],
               [0., 1.],
               [1., 0.]]), ('cat', 'dog'))
    """
    column = np.asarray(labels)
    if column.ndim != 1:
        raise ProblemError(Problem("labels", f"has shape {column.shape}", "one for each sample"))
    names, places = np.unique(column, return_inverse=True)
    return np.eye(len(names))[places], tuple(map(str, names))


def accuracy(prediction: Array, targets: Array) -> float:
    """Return the share of samples that are classified correctly, 0 … 1.

    Args:
        prediction: Shape ``(n, n_out)``. The largest output is the class; a single output means
            the second of two classes from 0.5 up.
        targets: One-hot, same shape; or zeros and ones, shape ``(n, 1)``.
    """
    if targets.shape[1] == 1:
        return float(np.mean((prediction >= 0.5) == (targets >= 0.5)))
    return float(np.mean(prediction.argmax(axis=1) == targets.argmax(axis=1)))


def as_data(data: Data | tuple[ArrayLike, ArrayLike] | Sequence[ArrayLike]) -> Data:
    """Return ``data`` itself, or the data of a pair (inputs, targets).

    Raises:
        ProblemError: It is neither.
    """
    if isinstance(data, Data):
        return data
    pair = isinstance(data, Sequence) and not isinstance(data, str)
    expect("data", data, pair, "Data, or a pair of inputs and targets")
    if len(data) != 2:
        raise ProblemError(Problem("data", f"has {len(data)} parts", "inputs and targets"))
    inputs, targets = data
    return Data(checked(inputs, "inputs"), checked(targets, "targets"))
