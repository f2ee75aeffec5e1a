"""``SpecError``, and the findings of pydantic as problems with keys of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from netviz.problems import Problem, ProblemError, closest, did_you_mean
from netviz.spec.toml import (
    MISMATCH,
    REFUSED,
    UNION_TAGS,
    UNKNOWN_NAME,
    Later,
    meanings,
    toml_text,
)

# pydantic's error types; the bounds are filled in from the context of the error.
EXPECTED = {
    "model_type": "a table of keys",
    "list_type": "an array",
    "int_type": "a whole number",
    "float_type": "a number",
    "string_type": "a string",
    "bool_type": "true or false",
    "finite_number": "a finite number",
    "greater_than": "more than {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than": "less than {lt:g}",
    "less_than_equal": "at most {le:g}",
    "too_short": "an array of at least {min_length}",
    "too_long": "an array of at most {max_length}",
}
MOST_NAMES = 10
KEY = "[key]"  # pydantic appends it to the location of a key that is itself wrong
Key = tuple[str, ...]


class SpecError(ProblemError):
    """A network file, or the name of one, that cannot be used.

    ``problems`` holds everything that is wrong; ``Problem.where`` is a dotted key of the file,
    such as ``network.layers[1]``, or a line.
    """


def dotted(keys: Iterable[str | int]) -> str:
    """Return ``network.weights[0][1]`` for ``("network", "weights", 0, 1)``."""
    parts = (f"[{key}]" if isinstance(key, int) else f".{bare(key)}" for key in keys)
    return "".join(parts).removeprefix(".")


def bare(key: str) -> str:
    """Return a key as TOML writes it: in quotes if it needs them."""
    return key if re.fullmatch(r"[\w-]+", key) else toml_text(key)


def from_pydantic(error: ValidationError, model: type[BaseModel]) -> list[Problem]:
    """Return pydantic's findings on a file of ``model`` as problems.

    Unknown keys come first: a mistyped key is the reason why another one is missing.
    """
    details = error.errors(include_url=False)
    details.sort(key=lambda detail: detail["type"] != "extra_forbidden")
    known = dict(_keys(model))
    return [_problem(detail, known) for detail in details]


def _problem(detail: ErrorDetails, known: Mapping[Key, str]) -> Problem:
    keys = tuple(key for key in detail["loc"] if key not in UNION_TAGS)
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    where, found = dotted(keys), f"is {toml_text(value)}"
    if kind == "extra_forbidden":
        return _unknown_key(keys, value, known)
    if kind == REFUSED:
        return _refused(keys, **context)
    if keys[-1:] == (KEY,):
        return Problem(dotted(keys[:-1]), "is not a known key", context["expected"])
    if kind == UNKNOWN_NAME:
        return Problem(where, found, context["expected"], _name_hint(value, **context))
    if kind == MISMATCH:
        return Problem(where, found, context["expected"])
    if kind == "missing":
        return Problem(where, "is missing", known[_names(keys)])
    return Problem(where, found, EXPECTED.get(kind, detail["msg"]).format(**context))


def _name_hint(value: object, names: list[str], synonyms: Mapping[str, str], **_: Any) -> str:
    """Propose the name that the value is a synonym of, or the most similar one."""
    if not isinstance(value, str):
        return ""
    name = value.partition("(")[0].strip()
    if synonym := synonyms.get(name.lower()):
        return f'{toml_text(name)} is called "{synonym}" here'
    return did_you_mean(value, names, quote='"')


def _refused(keys: Iterable[str | int], key: str, found: str, expected: str) -> Problem:
    """Return what the validator of a table has found, with the keys of the whole file."""
    above = "".join(f"{table}." for table in [dotted(keys)] if table)
    return Problem(above + key, found.format(table=above), expected)


def _unknown_key(where: tuple[str | int, ...], value: object, known: Iterable[Key]) -> Problem:
    """Propose a key of the same table, or the place where a key of that very name belongs."""
    *table, name = _names(where)
    siblings = {key[-1]: key for key in known if key[:-1] == tuple(table)}
    elsewhere = [key for key in known if key[-1] == name]
    near = siblings.get(closest(name, siblings))
    within = next(iter(value), "") if isinstance(value, dict) else ""
    if "." not in str(name) and (quoted := _quoted(f"{name}.{within}", siblings)):
        hint = f"put a key with a dot in quotes: {quoted} = …"
    elif elsewhere and (near is None or not table):  # at the top there are only tables
        hint = f"did you mean {' or '.join(map(dotted, elsewhere))}?"
    else:
        hint = f"did you mean {dotted(near)}?" if near else ""
    more = ", …" if len(siblings) > MOST_NAMES else ""
    expected = f"one of {', '.join(list(siblings)[:MOST_NAMES])}{more}"
    return Problem(dotted(where), "is not a known key", expected, hint)


def _quoted(key: str, siblings: Iterable[str]) -> str:
    """Return the dotted key that was written without quotes, if the table has such keys.

    TOML reads ``forward.bias = "…"`` as a table ``forward`` with the key ``bias``. Of a key that
    ends in a dot only the first part was written.
    """
    dotted_keys = [sibling for sibling in siblings if "." in sibling]
    group, _, rest = key.partition(".")
    same = [sibling for sibling in dotted_keys if sibling.startswith(f"{group}.")]
    near = closest(key, same or (dotted_keys if rest else ())) or next(iter(same), "")
    return toml_text(near) if near else ""


def _keys(model: type[BaseModel], above: Key = ()) -> Iterator[tuple[Key, str]]:
    """Yield every key of a file, with the tables above it, and what it means."""
    for key, field in model.model_fields.items():
        name = field.alias or key
        meaning = meanings(model).get(name, field.description or "").rstrip(".")
        yield (*above, name), meaning[:1].lower() + meaning[1:]
        for table in _parts(field.annotation):
            if isinstance(table, Later):
                table = table.model()
            if isinstance(table, type) and issubclass(table, BaseModel):
                yield from _keys(table, (*above, name))


def _parts(annotation: Any) -> Iterator[Any]:
    """Yield a type, and the types that it is made of."""
    yield annotation
    for part in get_args(annotation):
        yield from _parts(part)


def _names(keys: Iterable[str | int]) -> Key:
    """Return keys without the places in arrays."""
    return tuple(key for key in keys if isinstance(key, str))
