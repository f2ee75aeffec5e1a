"""Data in files: CSV with one row for each sample, and .npz archives of numpy."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz import archive
from netviz.core import Data, one_hot
from netviz.core.arrays import Array
from netviz.problems import Problem, ProblemError

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
"""Cells of a CSV file that stand for a missing value, in lower case."""

LONGEST_CELL = 40
"""Characters of a cell that an error shows."""


class DataError(ProblemError):
    """Data that cannot be used."""


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


@dataclass(frozen=True)
class CsvTable:
    """The cells of a CSV file.

    Attributes:
        path: The file.
        names: The names of the columns, or their numbers from 1 if there are no names.
        lines: The line number of each row in the file.
        rows: The texts of the cells, without the row of names.
        named: Whether the file names its columns.
    """

    path: Path
    names: list[str]
    lines: list[int]
    rows: list[list[str]]
    named: bool

    def where(self, row: int, column: int) -> str:
        """Return the place of a cell for an error: ``line 3, column 2 (width)``."""
        name = f" ({self.names[column]})" if self.named else ""
        return f"line {self.lines[row]}, column {column + 1}{name}"

    def column(self, column: int) -> list[str]:
        """Return the texts of a column.

        Raises:
            DataError: A value is missing.
        """
        for row, cells in enumerate(self.rows):
            if cells[column].lower() in MISSING:
                found = f"is missing ({cells[column]})" if cells[column] else "is missing"
                hint = "leave out the row, or fill it in"
                problem = Problem(self.where(row, column), found, "a value", hint)
                raise DataError(problem, source=self.path)
        return [cells[column] for cells in self.rows]

    def numbers(self, column: int) -> list[float]:
        """Return the numbers of a column.

        Raises:
            DataError: A value is missing or is not a finite number.
        """
        values = []
        for row, text in enumerate(self.column(column)):
            number = _number(text)
            if number is None or not math.isfinite(number):
                shown = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
                hint = "only the target may be text, which is then a class"
                place = self.where(row, column)
                problem = Problem(place, f'is "{shown}"', "a finite number", hint)
                raise DataError(problem, source=self.path)
            values.append(number)
        return values


def read_csv(
    path: str | Path, *, targets: int | Sequence[str] = 1, classes: bool | None = None
) -> Data:
    """Read data from a CSV file in UTF-8.

    The first row names the columns if none of its cells is a number.

    Args:
        path: The file.
        targets: The columns that are targets, by name, or the number of target columns at the
            end. All other columns are inputs.
        classes: Whether the target, a single column, is a class, which is converted to one-hot.
            By default, it is a class if none of its cells is a number.

    Raises:
        DataError: The file cannot be read, a row is too long or too short, a cell is missing or
            is not a number, or a column does not exist. The error names line and column.
    """
    table = _table(Path(path))
    chosen = _target_columns(table, targets)
    others = [place for place in range(len(table.names)) if place not in chosen]
    if not others:
        problem = Problem("the file", "has no columns left for the inputs", "one or more")
        raise DataError(problem, source=path)
    inputs = np.array([table.numbers(place) for place in others]).T
    values, names = _targets(table, chosen, classes)
    input_names = tuple(table.names[place] for place in others) if table.named else ()
    return Data(inputs, values, input_names, names, name=Path(path).stem)


def _targets(
    table: CsvTable, chosen: list[int], classes: bool | None
) -> tuple[Array, tuple[str, ...]]:
    if classes and len(chosen) > 1:
        expected = "one column with the class of each row"
        problem = Problem("the class", f"has {_columns(len(chosen))}", expected)
        raise DataError(problem, source=table.path)
    if classes is None and len(chosen) == 1:
        classes = all(_number(text) is None for text in table.column(chosen[0]))
    if classes:
        labels = table.column(chosen[0])
        # So that 10 comes after 9. Python reads no integers of thousands of digits.
        whole = all(label.isdecimal() and len(label) <= LONGEST_CELL for label in labels)
        return one_hot([int(label) for label in labels] if whole else labels)
    names = tuple(table.names[place] for place in chosen) if table.named else ()
    return np.array([table.numbers(place) for place in chosen]).T, names


def _target_columns(table: CsvTable, targets: int | Sequence[str]) -> list[int]:
    if isinstance(targets, int):
        width = len(table.names)
        if not 1 <= targets < width:
            found = f"has {_columns(width)}, separated by commas"
            expected = f"inputs, then {targets} target{'s' * (targets != 1)}"
            raise DataError(Problem("each line", found, expected), source=table.path)
        return list(range(width - targets, width))
    wanted = [targets] if isinstance(targets, str) else list(targets)
    for name in wanted:
        if table.names.count(name) != 1:
            found = f"is the name of {_columns(table.names.count(name))}"
            expected = f"one of {', '.join(table.names)}"
            raise DataError(Problem(f'"{name}"', found, expected), source=table.path)
    return [table.names.index(name) for name in wanted]


def _table(path: Path) -> CsvTable:
    filled = [(line, cells) for line, cells in _rows(path) if any(cells)]
    if not filled:
        problem = Problem("the file", "is empty", "a row of numbers for each sample")
        raise DataError(problem, source=path)
    first_line, first = filled[0]
    for line, cells in filled:
        if len(cells) != len(first):
            expected = f"{len(first)} as in line {first_line}"
            problem = Problem(f"line {line}", f"has {_columns(len(cells))}", expected)
            raise DataError(problem, source=path)
    named = all(_number(cell) is None and cell.lower() not in MISSING for cell in first)
    names = first if named else [str(place + 1) for place in range(len(first))]
    samples = filled[named:]
    if not samples:
        problem = Problem("the file", "ends after the column names", "a row for each sample")
        raise DataError(problem, source=path)
    return CsvTable(path, names, [line for line, _ in samples], [row for _, row in samples], named)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each row, stripped of blanks."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                for cells in reader:
                    yield reader.line_num, [cell.strip() for cell in cells]
            except csv.Error as error:
                where = f"line {reader.line_num}"
                problem = Problem(where, f"is not CSV ({error})", "cells separated by commas")
                raise DataError(problem, source=path) from error
    except UnicodeDecodeError as error:
        found = f"contains the byte 0x{error.object[error.start]:02X}"
        raise DataError(Problem("the file", found, "text in UTF-8"), source=path) from error
    except OSError as error:
        problem = Problem("the file", f"cannot be read ({error.strerror})", "a CSV file")
        raise DataError(problem, source=path) from error


def _number(text: str) -> float | None:
    try:
        return None if "_" in text else float(text)  # Python alone reads 1_000 as a number
    except ValueError:
        return None


def _columns(count: int) -> str:
    return f"{count} column{'s' * (count != 1)}"
