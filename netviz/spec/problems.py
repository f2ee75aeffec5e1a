"""What is wrong with a network file, in one sentence: where, what is there, what would be right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from netviz.spec.table import MISMATCH, REFUSED, UNION_TAGS

# pydantic's error types; the numbers they speak of are filled in from the error's context.
EXPECTED = {
    "model_type": "a table of keys",
    "list_type": "an array",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a text",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "too_short": "an array of at least {min_length}",
    "too_long": "an array of at most {max_length}",
    "string_too_short": "a text",
}
LONGEST_VALUE, MOST_NAMES = 40, 10
KEY = "[key]"  # pydantic puts it behind the location of a key that is wrong itself


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        where: The dotted key, with indices, or the place in the file.
        found: What is there, as a predicate: ``is "x"``.
        expected: What would be right, as a noun: ``a number``.
        closest: The valid name that was probably meant, or nothing.
    """

    where: str
    found: str
    expected: str
    closest: str = ""

    def __str__(self) -> str:
        """Return the sentence, without the file and the full stop."""
        hint = f"; did you mean {self.closest}?" if self.closest else ""
        return f"{self.where} {self.found}, expected {self.expected}{hint}"


class SpecError(ValueError):
    """A network file, or the name of one, that cannot be used; the message is one sentence."""

    def __init__(self, source: str, problems: Sequence[Problem]) -> None:
        """Name ``source``, tell the first of ``problems``, and count the others."""
        others = len(problems) - 1
        more = f" (and {others} more problem{'s' * (others > 1)})" if others else ""
        super().__init__(f"{source}: {problems[0]}{more}")


def closest(name: object, names: Iterable[str]) -> str:
    """Return the one of ``names`` that is most like ``name``, or nothing if none is."""
    return next(iter(get_close_matches(str(name).lower(), list(names), n=1)), "")


def dotted(keys: Iterable[str | int]) -> str:
    """Return ``network.weights[0][1]`` for ``("network", "weights", 0, 1)``."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{_bare(key)}" for key in keys)
    return "".join(parts).removeprefix(".")


def _bare(key: str) -> str:
    return key if re.fullmatch(r"[\w-]+", key) else shown(key)


def shown(value: object) -> str:
    """Return a value as TOML writes it, cut short where it is long."""
    if isinstance(value, list):
        return f"an array of {len(value)}"
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, int) and value.bit_length() > 128:
        return "a gigantic number"  # Python refuses to write very long ones out
    quoted = isinstance(value, bool | str)
    text = json.dumps(value, ensure_ascii=False) if quoted else str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return pydantic's findings on a file of ``model`` as problems.

    Unknown keys come first: a mistyped key is the reason why another one is missing.
    """
    details = error.errors(include_url=False)
    details.sort(key=lambda detail: detail["type"] != "extra_forbidden")
    known = dict(_keys(model))
    return [_problem(detail, known) for detail in details]


def _problem(detail: ErrorDetails, known: Mapping[tuple[str, ...], str]) -> Problem:
    keys = tuple(key for key in detail["loc"] if key not in UNION_TAGS)
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(keys, known)
    if kind == REFUSED:
        return _refused(keys, **context)
    if keys[-1:] == (KEY,):
        return Problem(dotted(keys[:-1]), "is not a known key", context["expected"])
    if kind == MISMATCH:
        return Problem(dotted(keys), f"is {shown(value)}", context["expected"])
    if kind == "missing":
        return Problem(dotted(keys), "is missing", known[tuple(map(str, keys))])
    if kind == "literal_error":
        names = re.findall(r"'([^']*)'", context["expected"])
        near = closest(value, names)
        expected = f"one of {', '.join(names)}" if len(names) > 1 else f'a number, or "{names[0]}"'
        return Problem(dotted(keys), f"is {shown(value)}", expected, near and f'"{near}"')
    expected = EXPECTED.get(kind, detail["msg"])
    return Problem(dotted(keys), f"is {shown(value)}", expected.format(**context))


def _refused(keys: Iterable[str | int], key: str, found: str, expected: str) -> Problem:
    """What a table's own validator has found, in the names of the whole file."""
    above = "".join(f"{table}." for table in [dotted(keys)] if table)
    told = (text.format(table=above) for text in (found, expected))
    return Problem(above + key, *told)


def _unknown_key(where: tuple[str | int, ...], known: Iterable[tuple[str, ...]]) -> Problem:
    """Propose a key of the same table, or else the place where a key of that name belongs."""
    *table, name = where
    siblings = {key[-1]: key for key in known if key[:-1] == tuple(table)}
    everywhere = {key[-1]: key for key in reversed(list(known))}  # the first of that name
    # At the top there are tables alone: a key that is known was meant for one of them.
    exact = () if table else everywhere.get(str(name), ())
    near = exact or siblings.get(closest(name, siblings), ())
    near = near or everywhere.get(closest(name, everywhere), ())
    more = ", …" if len(siblings) > MOST_NAMES else ""
    right = f"one of {', '.join(list(siblings)[:MOST_NAMES])}{more}"
    return Problem(dotted(where), "is not a known key", right, dotted(near))


def _keys(
    model: type[BaseModel], above: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield every key of a file, with the tables above it, and what it is for."""
    for key, field in model.model_fields.items():
        name = field.alias or key
        meaning = (field.description or "").rstrip(".")
        yield (*above, name), meaning[:1].lower() + meaning[1:]
        for table in (field.annotation, *get_args(field.annotation)):
            if isinstance(table, type) and issubclass(table, BaseModel):
                yield from _keys(table, (*above, name))
