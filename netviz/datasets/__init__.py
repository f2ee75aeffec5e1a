"""Data sets: small built-in ones, those inside scikit-learn, and data in CSV and .npz files.

To add a data set, add an entry to `DATASETS`. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

import numpy as np

from netviz.core import Data
from netviz.datasets.csv_table import DataError
from netviz.datasets.files import ON_MISSING, read_csv, read_npz
from netviz.problems import Problem, did_you_mean

__all__ = ["DATASETS", "ON_MISSING", "DataError", "load_data", "read_csv", "read_npz"]


def xor() -> Data:
    """Return exclusive or, which is not linearly separable (Minsky & Papert 1969)."""
    inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = np.array([[0.0], [1.0], [1.0], [0.0]])
    return Data(inputs, targets, ("x1", "x2"), ("XOR",), name="xor")


def encoder() -> Data:
    """Return five one-hot patterns, each its own target (Rumelhart, Hinton & Williams 1986).

    A network learns to reproduce them through a hidden layer with fewer neurons.
    """
    return Data(np.eye(5), np.eye(5), name="encoder")


def _scikit(name: str) -> Callable[[], Data]:
    """Return a function that loads a data set of scikit-learn, which is only then imported."""

    def load() -> Data:
        try:
            module = import_module("netviz.datasets.scikit")
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("netviz"):
                raise
            hint = "run pip install 'manim-netviz[sklearn]'"
            problem = Problem("the package scikit-learn", "is not installed", hint=hint)
            raise DataError(problem, source=name) from error
        data: Data = getattr(module, name)()
        return data

    return load


DATASETS: dict[str, Callable[[], Data]] = {
    "xor": xor,
    "encoder": encoder,
    "iris": _scikit("iris"),
    "digits": _scikit("digits"),
    "moons": _scikit("moons"),
}


def load_data(
    source: str | Path,
    *,
    inputs: Sequence[str] | None = None,
    targets: int | str | Sequence[str] = 1,
    classes: bool | None = None,
    missing: str = "error",
) -> Data:
    """Load the data set of a name, or the data in a file.

    Args:
        source: A name in ``DATASETS``, or the path of a ``.csv`` or ``.npz`` file.
        inputs: For a CSV file: the names of the columns that are inputs. By default all that are
            not targets.
        targets: For a CSV file: the columns that are targets, by name, or the number of target
            columns at the end.
        classes: For a CSV file: whether the target is a class, which is converted to one-hot. By
            default, a target is a class if it is text.
        missing: For a CSV file: what happens if a value is missing, ``"error"``, or ``"skip"`` to
            leave out the row.

    Raises:
        DataError: The data set or file does not exist or cannot be used. The error names the line
            and column of a CSV file.

    Example:
        >>> netviz.load_data("xor")
        Data(xor: 4 samples, 2 → 1)
    """
    suffix = Path(source).suffix.lower()
    if suffix == ".csv":
        return read_csv(source, inputs=inputs, targets=targets, classes=classes, missing=missing)
    if suffix == ".npz":
        return read_npz(source)
    if str(source) in DATASETS:
        return DATASETS[str(source)]()
    expected = f"one of {', '.join(DATASETS)}, or a .csv or .npz file"
    hint = did_you_mean(source, DATASETS)
    raise DataError(Problem("the data set", f"is {str(source)!r}", expected, hint))
