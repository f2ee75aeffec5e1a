"""The cells of a CSV file, as spreadsheets write them: encoding, separator and decimal mark."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from netviz.problems import Problem, ProblemError, did_you_mean

MISSING = {"", "na", "n/a", "nan", "null", "none", "?", "-"}
"""Cells of a CSV file that stand for a missing value, in lower case."""

LONGEST_CELL = 40
"""Characters of a cell that an error shows."""

# Each separator with its name, in order of precedence: a comma may also be a decimal comma.
_SEPARATORS = {"\t": "tabs", ";": "semicolons", ",": "commas"}
_DECIMAL_COMMA = re.compile(r"[-+]?\d*,\d+([eE][-+]?\d+)?")
_HANGUL = re.compile(r"[\x00-\x7f\u3130-\u318f\uac00-\ud7a3]*")


class DataError(ProblemError):
    """Data that cannot be used."""


@dataclass(frozen=True)
class CsvTable:
    """The cells of a CSV file.

    Attributes:
        path: The file.
        names: The names of the columns, or their numbers from 1 if there are no names.
        lines: The line number of each row in the file.
        rows: The texts of the cells, without the row of names.
        named: Whether the file names its columns.
        separator: What separates the cells, in words.
        decimal_comma: Whether numbers have a comma in place of a decimal point.
    """

    path: Path
    names: list[str]
    lines: list[int]
    rows: list[list[str]]
    named: bool
    separator: str
    decimal_comma: bool

    @classmethod
    def read(cls, path: Path) -> CsvTable:
        """Return the cells of a file.

        Args:
            path: A file in UTF-8, UTF-16 with a byte order mark, or cp949. Its cells are separated
                by tabs, semicolons or commas. Unless they are separated by commas, numbers may
                have a decimal comma.

        Raises:
            DataError: The file cannot be read, or a row is too long or too short.
        """
        text = _text(path)
        top = next((line for line in text.splitlines() if line.strip()), "")
        unquoted = re.sub(r'"[^"]*"', "", top)
        mark = next((mark for mark in _SEPARATORS if mark in unquoted), ",")
        filled = [(line, cells) for line, cells in _rows(path, text, mark) if any(cells)]
        if not filled:
            raise DataError(
                Problem("the file", "is empty", "a row of numbers for each sample"), source=path
            )
        first_line, first = filled[0]
        for line, cells in filled:
            if len(cells) != len(first):
                expected = f"{len(first)} as in line {first_line}, separated by {_SEPARATORS[mark]}"
                problem = Problem(f"line {line}", f"has {columns(len(cells))}", expected)
                raise DataError(problem, source=path)
        comma = mark != "," and any(
            _DECIMAL_COMMA.fullmatch(cell) for _, cells in filled for cell in cells
        )
        named = all(_number(cell, comma) is None and cell.lower() not in MISSING for cell in first)
        samples = filled[named:]
        if not samples:
            found = "ends after the column names"
            raise DataError(Problem("the file", found, "a row for each sample"), source=path)
        return cls(
            path,
            names=first if named else [str(place + 1) for place in range(len(first))],
            lines=[line for line, _ in samples],
            rows=[row for _, row in samples],
            named=named,
            separator=_SEPARATORS[mark],
            decimal_comma=comma,
        )

    def where(self, row: int, column: int) -> str:
        """Return the place of a cell for an error: ``line 3, column 2 (width)``."""
        name = f" ({self.names[column]})" if self.named else ""
        return f"line {self.lines[row]}, column {column + 1}{name}"

    def places(self, names: Sequence[str]) -> list[int]:
        """Return the columns of these names.

        Raises:
            DataError: There is no column of a name, or more than one.
        """
        for name in names:
            if self.names.count(name) != 1:
                found = f"is the name of {columns(self.names.count(name))}"
                expected = f"one of {', '.join(self.names)}"
                hint = did_you_mean(name, self.names, quote='"')
                raise DataError(Problem(f'"{name}"', found, expected, hint), source=self.path)
        return [self.names.index(name) for name in names]

    def complete(self, used: Sequence[int]) -> CsvTable:
        """Return the table without the rows in which one of the columns ``used`` has no value.

        Raises:
            DataError: No row is left.
        """
        kept = [
            row
            for row, cells in enumerate(self.rows)
            if not any(_is_missing(cells[at]) for at in used)
        ]
        if not kept:
            found = "has no row without a missing value"
            raise DataError(Problem("the file", found, "one or more"), source=self.path)
        return replace(
            self, lines=[self.lines[row] for row in kept], rows=[self.rows[row] for row in kept]
        )

    def column(self, column: int) -> list[str]:
        """Return the texts of a column.

        Raises:
            DataError: A value is missing.
        """
        for row, cells in enumerate(self.rows):
            if _is_missing(cells[column]):
                found = f"is missing ({cells[column]})" if cells[column] else "is missing"
                hint = 'fill it in, or leave out such rows with missing = "skip"'
                problem = Problem(self.where(row, column), found, "a value", hint)
                raise DataError(problem, source=self.path)
        return [cells[column] for cells in self.rows]

    def is_text(self, column: int) -> bool:
        """Return whether no cell of a column is a number."""
        return all(_number(cell, self.decimal_comma) is None for cell in self.column(column))

    def numbers(self, column: int) -> list[float]:
        """Return the numbers of a column.

        Raises:
            DataError: A value is missing or is not a finite number.
        """
        values = []
        for row, text in enumerate(self.column(column)):
            number = _number(text, self.decimal_comma)
            if number is None or not math.isfinite(number):
                shown = text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"
                expected = "a finite number"
                if self.decimal_comma:
                    expected += " with a decimal comma, as in other cells"
                hint = "only the target may be text, which is then a class"
                problem = Problem(self.where(row, column), f'is "{shown}"', expected, hint)
                raise DataError(problem, source=self.path)
            values.append(number)
        return values


def _is_missing(cell: str) -> bool:
    return cell.lower() in MISSING


def columns(count: int) -> str:
    """Return a number of columns in words."""
    return f"{count} column{'s' * (count != 1)}"


def _text(path: Path) -> str:
    """Return the text of a file in one of the encodings of spreadsheets."""
    try:
        data = path.read_bytes()
    except OSError as error:
        problem = Problem("the file", f"cannot be read ({error.strerror})", "a CSV file")
        raise DataError(problem, source=path) from error
    utf16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return data.decode("utf-16" if utf16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        found = f"contains the byte 0x{error.object[error.start]:02X}"
    if not utf16 and (text := _korean(data)) is not None:
        return text
    hint = "save it again as CSV in UTF-8"
    problem = Problem("the file", found, "text in UTF-8, UTF-16 or cp949", hint)
    raise DataError(problem, source=path)


def _korean(data: bytes) -> str | None:
    """Return text in cp949, or None if there would be anything but Korean and ASCII in it.

    Most bytes of other encodings decode as cp949 too, but seldom as Korean letters alone.
    """
    try:
        text = data.decode("cp949")
    except UnicodeDecodeError:
        return None
    return text if _HANGUL.fullmatch(text) else None


def _rows(path: Path, text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line number and the cells of each row, stripped of blanks."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for cells in reader:
            yield reader.line_num, [cell.strip() for cell in cells]
    except csv.Error as error:
        expected = f"cells separated by {_SEPARATORS[separator]}"
        problem = Problem(f"line {reader.line_num}", f"is not CSV ({error})", expected)
        raise DataError(problem, source=path) from error


def _number(text: str, decimal_comma: bool) -> float | None:
    if decimal_comma:
        if "." in text:
            return None  # perhaps a mark between thousands
        text = text.replace(",", ".", 1)
    try:
        return None if "_" in text else float(text)  # Python alone reads 1_000 as a number
    except ValueError:
        return None
