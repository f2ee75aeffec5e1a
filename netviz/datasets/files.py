"""Data in files: CSV with one row for each sample, and .npz archives of numpy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz import archive
from netviz.core import Data, one_hot
from netviz.core.arrays import Array
from netviz.datasets.csv_table import LONGEST_CELL, CsvTable, DataError, columns
from netviz.problems import Problem, ProblemError, expect

ON_MISSING = ("error", "skip")
"""What may happen to a row of a CSV file in which a value is missing."""


def read_npz(path: str | Path) -> Data:
    """Read data from a .npz file of numpy.

    Args:
        path: A file with ``inputs`` of shape ``(n, n_in)``, and ``targets`` of shape
            ``(n, n_out)``, or of shape ``(n,)``, in which whole numbers and texts are classes. It
            may also contain ``input_names`` and ``target_names``.

    Raises:
        DataError: An array is missing, or inputs and targets do not fit each other.
        ArchiveError: The file cannot be read.
    """
    arrays = archive.read(path)
    for name in ("inputs", "targets"):
        if name not in arrays:
            hint = f"the file has {', '.join(arrays) or 'no arrays'}"
            problem = Problem(f"the array {name!r}", "is missing", "inputs and targets", hint)
            raise DataError(problem, source=path)
    targets, names = arrays["targets"], _texts(arrays, "target_names")
    try:
        if targets.ndim == 1 and targets.dtype.kind in "iuUS":
            targets, classes = one_hot(targets)
            names = names or classes
        elif targets.ndim == 1:
            targets = targets[:, np.newaxis]
        input_names = _texts(arrays, "input_names")
        return Data(arrays["inputs"], targets, input_names, names, name=Path(path).stem)
    except ProblemError as error:
        raise DataError(*error.problems, source=path) from error


def _texts(arrays: Mapping[str, NDArray[Any]], name: str) -> tuple[str, ...]:
    return tuple(map(str, np.ravel(arrays.get(name, ()))))


def read_csv(
    path: str | Path,
    *,
    inputs: Sequence[str] | None = None,
    targets: int | str | Sequence[str] = 1,
    classes: bool | None = None,
    missing: str = "error",
) -> Data:
    """Read data from a CSV file.

    The file is in UTF-8, UTF-16 or cp949, its cells are separated by commas, semicolons or tabs,
    and numbers may have a decimal comma unless commas separate the cells. The first row names the
    columns if none of its cells is a number.

    Args:
        path: The file.
        inputs: The names of the columns that are inputs. By default all that are not targets.
        targets: The columns that are targets, by name, or the number of target columns at the
            end.
        classes: Whether the target, a single column, is a class, which is converted to one-hot.
            By default, it is a class if none of its cells is a number. Classes that are whole
            numbers are called by the name of the column and the number.
        missing: What happens if a value is missing in one of these columns: ``"error"``, or
            ``"skip"`` to leave out the row.

    Raises:
        DataError: The file cannot be read, a row is too long or too short, a cell is missing or
            is not a number, or a column does not exist. The error names line and column.
        ProblemError: ``missing`` is neither of the two.
    """
    expect("missing", missing, missing in ON_MISSING, " or ".join(map(repr, ON_MISSING)))
    table = CsvTable.read(Path(path))
    chosen = _target_columns(table, targets)
    others = (
        [place for place in range(len(table.names)) if place not in chosen]
        if inputs is None
        else table.places(inputs)
    )
    if not others:
        problem = Problem("the file", "has no columns left for the inputs", "one or more")
        raise DataError(problem, source=path)
    for place in others:
        if place in chosen:
            found = "is an input and a target"
            raise DataError(Problem(f'"{table.names[place]}"', found, "one of them"), source=path)
    if missing == "skip":
        table = table.complete([*others, *chosen])
    numbers = np.array([table.numbers(place) for place in others]).T
    values, names = _targets(table, chosen, classes)
    input_names = tuple(table.names[place] for place in others) if table.named else ()
    return Data(numbers, values, input_names, names, name=Path(path).stem)


def _targets(
    table: CsvTable, chosen: list[int], classes: bool | None
) -> tuple[Array, tuple[str, ...]]:
    if classes and len(chosen) > 1:
        expected = "one column with the class of each row"
        problem = Problem("the class", f"has {columns(len(chosen))}", expected)
        raise DataError(problem, source=table.path)
    if classes is None and len(chosen) == 1:
        classes = table.is_text(chosen[0])
    if classes:
        labels = table.column(chosen[0])
        # So that 10 comes after 9.
        whole = all(label.isdecimal() and len(label) <= LONGEST_CELL for label in labels)
        values, names = one_hot([int(label) for label in labels] if whole else labels)
        if whole and table.named:  # a number alone says nothing
            names = tuple(f"{table.names[chosen[0]]} {name}" for name in names)
        return values, names
    names = tuple(table.names[place] for place in chosen) if table.named else ()
    return np.array([table.numbers(place) for place in chosen]).T, names


def _target_columns(table: CsvTable, targets: int | str | Sequence[str]) -> list[int]:
    if not isinstance(targets, int):
        return table.places([targets] if isinstance(targets, str) else targets)
    width = len(table.names)
    if not 1 <= targets < width:
        found = f"has {columns(width)}, separated by {table.separator}"
        expected = f"inputs, then {targets} target{'s' * (targets != 1)}"
        raise DataError(Problem("each line", found, expected), source=table.path)
    return list(range(width - targets, width))
