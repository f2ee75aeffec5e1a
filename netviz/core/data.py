"""Data to train on: inputs and targets, a row for each sample. netviz.datasets reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from netviz.core.arrays import Array, checked


@dataclass(frozen=True, eq=False, repr=False)
class Data:
    """Samples, as read-only float64.

    Attributes:
        inputs: Shape ``(n, n_in)``.
        targets: Shape ``(n, n_out)``; for classes, one-hot.
        input_names: What each input is, or nothing.
        target_names: What each target is, the class names for classes, or nothing.
        name: What to call the data.

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
            ValueError: Wrong shapes, no samples, numbers that are not finite, or a wrong number
                of names.
        """
        for what in ("input", "target"):
            array = checked(getattr(self, f"{what}s"), f"the {what}s")
            names = tuple(map(str, getattr(self, f"{what}_names")))
            if array.ndim != 2 or array.size == 0:
                raise ValueError(
                    f"the {what}s must be a matrix with a row for each sample; "
                    f"found shape {array.shape}"
                )
            if names and len(names) != array.shape[1]:
                raise ValueError(
                    f"there must be one name for each of the {array.shape[1]} {what}s; "
                    f"found {len(names)}"
                )
            object.__setattr__(self, f"{what}s", array)
            object.__setattr__(self, f"{what}_names", names)
        if len(self.inputs) != len(self.targets):
            raise ValueError(
                f"there must be one row of targets for each of the {len(self.inputs)} inputs; "
                f"found {len(self.targets)}"
            )

    def __len__(self) -> int:
        """The number of samples."""
        return len(self.inputs)

    def __repr__(self) -> str:
        """Name and shape: ``Data(iris: 150 samples, 4 → 3)``."""
        widths = f"{self.inputs.shape[1]} → {self.targets.shape[1]}"
        return f"Data({self.name}: {len(self)} samples, {widths})"

    @property
    def classes(self) -> int:
        """The number of classes, or 0 where the targets are not classes.

        One-hot rows are classes; so is a single column of zeros and ones, which has two.
        """
        if not np.isin(self.targets, (0.0, 1.0)).all():
            return 0
        n_out = self.targets.shape[1]
        if n_out == 1:
            return 2
        return n_out if bool((self.targets.sum(axis=1) == 1.0).all()) else 0

    def rows(self, indices: ArrayLike) -> Data:
        """These samples, in this order.

        Raises:
            IndexError: There is no such sample.
        """
        chosen = np.asarray(indices, dtype=np.intp)
        return replace(self, inputs=self.inputs[chosen], targets=self.targets[chosen])

    def split(
        self, share: float, rng: np.random.Generator | int, *, keep: Sequence[int] = ()
    ) -> tuple[Data, Data]:
        """Training data, and at random a ``share`` of the samples for validation.

        Both keep the order that the samples had.

        Args:
            share: How much to set aside, between 0 and 1.
            rng: The source of randomness, or a seed for a new one.
            keep: Samples that go first into the training data, in this order.

        Raises:
            ValueError: The share leaves one part without samples.
        """
        aside = round(share * len(self))
        order = np.random.default_rng(rng).permutation(len(self))
        free = order[~np.isin(order, keep)]
        if not 0 < aside < len(self) or aside > len(free):
            raise ValueError(
                f"a validation share must leave samples on both sides; "
                f"found {share} of {len(self)} samples"
            )
        kept = np.array(keep, dtype=np.intp)
        training = np.concatenate([kept, np.sort(free[aside:])])
        return self.rows(training), self.rows(np.sort(free[:aside]))

    def standardised(self, like: Data | None = None) -> Data:
        """Each input less its mean, divided by its standard deviation.

        Args:
            like: The data whose mean and deviation to use: for validation data, the training
                data. By default these data themselves.

        An input that never changes becomes 0.
        """
        model = (like or self).inputs
        if model.shape[1] != self.inputs.shape[1]:
            raise ValueError(
                f"data with {self.inputs.shape[1]} inputs cannot be standardised like data "
                f"with {model.shape[1]}"
            )
        spread = model.std(axis=0)
        constant = np.ptp(model, axis=0) == 0.0  # its computed spread may be off by rounding
        inputs = (self.inputs - model.mean(axis=0)) / np.where(constant, 1.0, spread)
        return replace(self, inputs=np.where(constant, 0.0, inputs))


def one_hot(labels: ArrayLike) -> tuple[Array, tuple[str, ...]]:
    """Classes as targets.

    Args:
        labels: The class of each sample, texts or numbers, shape ``(n,)``.

    Returns:
        Targets of shape ``(n, classes)``, in each row a single 1; and the names of the classes,
        in sorted order.

    Raises:
        ValueError: ``labels`` are not in one row.

    Example:
        >>> netviz.one_hot(["cat", "dog", "cat"])
        (array([[1., 0.],
               [0., 1.],
               [1., 0.]]), ('cat', 'dog'))
    """
    column = np.asarray(labels)
    if column.ndim != 1:
        raise ValueError(f"labels must be one for each sample; found shape {column.shape}")
    names, places = np.unique(column, return_inverse=True)
    return np.eye(len(names))[places], tuple(map(str, names))


def accuracy(prediction: Array, targets: Array) -> float:
    """How many of the samples are classified right, 0 … 1.

    Args:
        prediction: Shape ``(n, n_out)``: the largest output names the class; a single output
            says yes from 0.5 on.
        targets: One-hot, same shape; or zeros and ones, shape ``(n, 1)``.
    """
    if targets.shape[1] == 1:
        return float(np.mean((prediction >= 0.5) == (targets >= 0.5)))
    return float(np.mean(prediction.argmax(axis=1) == targets.argmax(axis=1)))


def as_data(data: Data | tuple[ArrayLike, ArrayLike] | Sequence[ArrayLike]) -> Data:
    """``data`` itself, or the data of a pair (inputs, targets).

    Raises:
        ValueError: It is neither.
    """
    if isinstance(data, Data):
        return data
    if len(data) != 2:
        raise ValueError(f"data must be Data, or inputs and targets; found {len(data)} parts")
    inputs, targets = data
    return Data(checked(inputs, "the inputs"), checked(targets, "the targets"))
