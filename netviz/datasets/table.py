"""Data in CSV files: commas, a row for each sample, with or without a row of names above."""

from __future__ import annotations

import csv
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from netviz.core import Data, one_hot
from netviz.core.arrays import Array
from netviz.datasets.problems import DataError

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
LONGEST_CELL = 40


@dataclass(frozen=True)
class Table:
    """The cells of a file.

    Attributes:
        path: The file.
        names: The names of the columns; their numbers from 1, where there are no names.
        lines: The line of each row in the file.
        rows: The texts, without the row of names.
        named: Whether the file tells the names.
    """

    path: Path
    names: list[str]
    lines: list[int]
    rows: list[list[str]]
    named: bool

    def where(self, row: int, column: int) -> str:
        """The place of a cell, as it is told."""
        name = f" ({self.names[column]})" if self.named else ""
        return f"line {self.lines[row]}, column {column + 1}{name}"

    def column(self, column: int) -> list[str]:
        """The texts of a column, none of them missing.

        Raises:
            DataError: One is missing.
        """
        for row, cells in enumerate(self.rows):
            if cells[column].lower() in MISSING:
                found = f"is missing ({cells[column]})" if cells[column] else "is missing"
                right = "a value; leave out the row, or fill it in"
                raise DataError(self.path, self.where(row, column), found, right)
        return [cells[column] for cells in self.rows]

    def numbers(self, column: int) -> list[float]:
        """The numbers of a column.

        Raises:
            DataError: A cell is missing, or is no finite number.
        """
        values = []
        for row, text in enumerate(self.column(column)):
            number = _number(text)
            if number is None or not math.isfinite(number):
                shown = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
                right = "a finite number; only the target may be a text, which is then a class"
                raise DataError(self.path, self.where(row, column), f'is "{shown}"', right)
            values.append(number)
        return values


def read_csv(
    path: str | Path, *, targets: int | Sequence[str] = 1, classes: bool | None = None
) -> Data:
    """Data in a CSV file in UTF-8.

    The first row tells the names of the columns, if none of its cells is a number.

    Args:
        path: The file.
        targets: Which columns are targets, by name; or how many of the last ones. All others are
            inputs.
        classes: Whether the target, one column, is a class, to be made one-hot. By default it is
            where no cell of it is a number.

    Raises:
        DataError: The file cannot be read, a row is too long or too short, a cell is missing or
            is no number, or there is no such column; line and column are told.
    """
    table = _table(Path(path))
    chosen = _target_columns(table, targets)
    others = [place for place in range(len(table.names)) if place not in chosen]
    if not others:
        raise DataError(path, "the file", "has no column left for the inputs", "one or more")
    inputs = np.array([table.numbers(place) for place in others]).T
    values, names = _targets(table, chosen, classes)
    input_names = tuple(table.names[place] for place in others) if table.named else ()
    return Data(inputs, values, input_names, names, name=Path(path).stem)


def _targets(
    table: Table, chosen: list[int], classes: bool | None
) -> tuple[Array, tuple[str, ...]]:
    if classes and len(chosen) > 1:
        found = f"are {len(chosen)} columns"
        raise DataError(table.path, "the classes", found, "one column with the class of each row")
    if classes is None and len(chosen) == 1:
        classes = all(_number(text) is None for text in table.column(chosen[0]))
    if classes:
        labels = table.column(chosen[0])
        whole = all(label.isdecimal() for label in labels)  # so that 10 comes after 9
        return one_hot([int(label) for label in labels] if whole else labels)
    names = tuple(table.names[place] for place in chosen) if table.named else ()
    return np.array([table.numbers(place) for place in chosen]).T, names


def _target_columns(table: Table, targets: int | Sequence[str]) -> list[int]:
    if isinstance(targets, int):
        width = len(table.names)
        if not 1 <= targets < width:
            found = f"has {_columns(width)}, separated by commas"
            right = f"inputs, then {targets} target{'s' * (targets != 1)}"
            raise DataError(table.path, "each line", found, right)
        return list(range(width - targets, width))
    wanted = [targets] if isinstance(targets, str) else list(targets)
    for name in wanted:
        if table.names.count(name) != 1:
            found = f"is the name of {_columns(table.names.count(name))}"
            raise DataError(table.path, f'"{name}"', found, f"one of {', '.join(table.names)}")
    return [table.names.index(name) for name in wanted]


def _table(path: Path) -> Table:
    filled = [(line, cells) for line, cells in _rows(path) if any(cells)]
    if not filled:
        raise DataError(path, "the file", "is empty", "a row of numbers for each sample")
    first_line, first = filled[0]
    for line, cells in filled:
        if len(cells) != len(first):
            found, right = f"has {_columns(len(cells))}", f"{len(first)} as in line {first_line}"
            raise DataError(path, f"line {line}", found, right)
    named = all(_number(cell) is None and cell.lower() not in MISSING for cell in first)
    names = first if named else [str(place + 1) for place in range(len(first))]
    samples = filled[named:]
    if not samples:
        raise DataError(path, "the file", "ends after the names", "a row for each sample")
    return Table(path, names, [line for line, _ in samples], [row for _, row in samples], named)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the cells of each row, without the blanks around them."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            try:
                for cells in reader:
                    yield reader.line_num, [cell.strip() for cell in cells]
            except csv.Error as error:
                found = f"is not CSV ({error})"
                raise DataError(
                    path, f"line {reader.line_num}", found, "cells and commas"
                ) from error
    except UnicodeDecodeError as error:
        found = f"holds the byte 0x{error.object[error.start]:02X}"
        raise DataError(path, "the file", found, "text in UTF-8") from error
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
        raise DataError(path, "the file", found, "a CSV file") from error


def _number(text: str) -> float | None:
    try:
        return None if "_" in text else float(text)  # Python alone reads 1_000 as a number
    except ValueError:
        return None


def _columns(count: int) -> str:
    return f"{count} column{'s' * (count != 1)}"
