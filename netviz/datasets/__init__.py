"""Where data come from: built-in patterns, the data sets inside scikit-learn, CSV and .npz files.

To add a data set, add an entry to `DATASETS`. Nothing is downloaded.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from netviz.core import Data
from netviz.datasets import patterns
from netviz.datasets.arrays import read_npz
from netviz.datasets.problems import DataError
from netviz.datasets.table import read_csv

__all__ = ["DATASETS", "DataError", "load_data", "read_csv", "read_npz"]


def _scikit(name: str) -> Callable[[], Data]:
    """A data set inside scikit-learn, which is imported when the data are asked for."""

    def load() -> Data:
        try:
            module = import_module("netviz.datasets.scikit")
        except ModuleNotFoundError as error:
            if (error.name or "").startswith("netviz"):
                raise
            right = "pip install 'manim-netviz[sklearn]'"
            raise DataError(name, "scikit-learn", "is not installed", right) from error
        data: Data = getattr(module, name)()
        return data

    return load


DATASETS: dict[str, Callable[[], Data]] = {
    "xor": patterns.xor,
    "encoder": patterns.encoder,
    "iris": _scikit("iris"),
    "digits": _scikit("digits"),
    "moons": _scikit("moons"),
}


def load_data(
    source: str | Path, *, targets: int | Sequence[str] = 1, classes: bool | None = None
) -> Data:
    """The data of that name, or in that file.

    Args:
        source: A name in ``DATASETS``, or the path of a ``.csv`` or ``.npz`` file.
        targets: For a CSV: which columns are targets, by name, or how many of the last ones.
        classes: For a CSV: whether the target is a class, to be made one-hot. By default it is
            where it is a text.

    Raises:
        DataError: There is no such data set or file, or it cannot be used; one sentence says
            where, with line and column in a CSV.

    Example:
        >>> netviz.load_data("xor")
        Data(xor: 4 samples, 2 → 1)
    """
    suffix = Path(source).suffix.lower()
    if suffix == ".csv":
        return read_csv(source, targets=targets, classes=classes)
    if suffix == ".npz":
        return read_npz(source)
    if str(source) in DATASETS:
        return DATASETS[str(source)]()
    close = get_close_matches(str(source), DATASETS, n=1)
    hint = f"; did you mean {close[0]}?" if close else ""
    right = f"one of {', '.join(DATASETS)}, a .csv or a .npz file{hint}"
    raise DataError(str(source) or '""', "this", "is no data set", right)
