"""Every key of a network file with its meaning, its values, its default and an example.

All of this is read from the JSON Schema of the file, and so from the models that validate it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from netviz.problems import Problem, did_you_mean
from netviz.spec.errors import SpecError, bare
from netviz.spec.schema import schema
from netviz.style import Style

_PLAIN = {"number": "a number", "integer": "a whole number", "boolean": "true or false"}


@dataclass(frozen=True)
class Entry:
    """A key of a network file.

    Attributes:
        table: The table that it is in, such as ``output``.
        key: Its name in the table.
        meaning: What it specifies, in whole sentences.
        values: Its valid values, in words.
        default: Its default as TOML writes it, or an empty text if its meaning tells it.
        example: A line of a network file with this key.
        required: Whether its table cannot do without it.
    """

    table: str
    key: str
    meaning: str
    values: str
    default: str
    example: str
    required: bool

    @property
    def name(self) -> str:
        """The dotted key, such as ``output.file``."""
        return f"{self.table}.{self.key}"


@dataclass(frozen=True)
class Table:
    """A table of a network file: its name, what it specifies, and its keys."""

    name: str
    meaning: str
    entries: tuple[Entry, ...]


def tables() -> list[Table]:
    """Return all tables of a network file with their keys, in their order."""
    whole = schema()
    definitions: Mapping[str, Any] = whole["$defs"]
    found = []
    for name, place in whole["properties"].items():
        model = definitions[_definition(place)]
        entries = tuple(
            _entry(name, key, value, key in model.get("required", ()))
            for key, value in model["properties"].items()
        )
        found.append(Table(name, _text(model["description"]), entries))
    return found


def described(name: str) -> str:
    """Return what a table or a key means, as plain text.

    Args:
        name: A table, ``output``, a key, ``output.file``, or the last part of a key, ``file``.

    Raises:
        SpecError: There is no such table or key.
    """
    everything = tables()
    for table in everything:
        if table.name == name:
            return f"[{table.name}]  {table.meaning}\n\n{_summary(table)}"
    entries = [entry for table in everything for entry in table.entries]
    chosen = [entry for entry in entries if name in (entry.name, entry.key)]
    if not chosen:
        names = [table.name for table in everything] + [entry.name for entry in entries]
        expected = f"a key such as output.file, or one of {', '.join(t.name for t in everything)}"
        raise SpecError(Problem("the key", f'is "{name}"', expected, did_you_mean(name, names)))
    return "\n\n".join(map(_paragraph, chosen))


def overview() -> str:
    """Return all tables and the names of their keys, as plain text."""
    return "\n\n".join(
        f"[{table.name}]  {table.meaning}\n  {', '.join(entry.key for entry in table.entries)}"
        for table in tables()
    )


def page() -> str:
    """Return the reference of all keys in Markdown."""
    parts = [
        "# Network files",
        "Every table and key of a network file, in TOML. `netviz help KEY` prints the same in a "
        "terminal, and an editor completes keys with the schema that `netviz schema` prints. This "
        "page is made by `netviz help --markdown`.",
    ]
    for table in tables():
        parts += [f"## [{table.name}]", table.meaning]
        for entry in table.entries:
            default = "Required." if entry.required else f"Default: `{entry.default}`."
            told = entry.required or entry.default
            parts += [
                f"### `{entry.name}`",
                entry.meaning,
                f"Value: {entry.values}." + (f" {default}" if told else ""),
                f"```toml\n[{entry.table}]\n{entry.example}\n```",
            ]
    return "\n\n".join(parts) + "\n"


def _paragraph(entry: Entry) -> str:
    lines = [entry.name, f"  {entry.meaning}", f"  Value:    {entry.values}"]
    if entry.required:
        lines.append("  Required")
    elif entry.default:
        lines.append(f"  Default:  {entry.default}")
    lines.append(f"  Example:  {entry.example}")
    return "\n".join(lines)


def _summary(table: Table) -> str:
    width = max(len(entry.key) for entry in table.entries)
    return "\n".join(
        f"  {entry.key:{width}}  {_first_sentence(entry.meaning)}" for entry in table.entries
    )


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[a-z)\]\"`]\.) ", text)[0]


def _definition(place: Mapping[str, Any]) -> str:
    return str(place["$ref"]).rpartition("/")[2]


def _entry(table: str, key: str, value: Mapping[str, Any], required: bool) -> Entry:
    return Entry(
        table,
        key,
        meaning=_text(value["description"]),
        values=_values(value),
        default=_default(table, key, value),
        example=f"{key} = {toml(value['examples'][0])}",
        required=required,
    )


def _default(table: str, key: str, value: Mapping[str, Any]) -> str:
    """Return the default of a key: its own, or that of the option of a diagram with its name."""
    if "default" in value:
        return toml(value["default"])
    option = getattr(Style(), key, None) if table == "style" else None
    return "" if option is None or isinstance(option, tuple) else toml(option)


def _text(description: str) -> str:
    return " ".join(description.split()).replace("``", "`")


def _values(value: Mapping[str, Any]) -> str:
    """Return in words what a JSON Schema accepts."""
    if choices := value.get("oneOf") or value.get("anyOf"):
        return " or ".join(dict.fromkeys(filter(None, map(_values, choices))))
    if "$ref" in value:  # the only table in a table
        return "a table, key of a caption → your text"
    if "const" in value:
        return toml(value["const"])
    if "enum" in value:
        return f"one of {', '.join(map(toml, value['enum']))}"
    kind = value.get("type")
    if kind == "array":
        return f"an array{_count(value)}, each {_values(value['items'])}"
    if kind == "object":
        inside = next(iter(value["patternProperties"].values()))
        return f"a table, each value {_values(inside)}"
    if kind == "string":
        return "a string"
    return f"{_PLAIN[str(kind)]}{_range(value)}"


def _count(value: Mapping[str, Any]) -> str:
    least, most = value.get("minItems", 0), value.get("maxItems")
    if least == most:
        return f" of {least}"
    if most is not None:
        return f" of {least} to {most}"
    return f" of at least {least}" if least > 1 else ""


def _range(value: Mapping[str, Any]) -> str:
    least, above = value.get("minimum"), value.get("exclusiveMinimum")
    most, below = value.get("maximum"), value.get("exclusiveMaximum")
    if least is not None and most is not None:
        return f" from {least:g} to {most:g}"
    if above is not None and below is not None:
        return f" between {above:g} and {below:g}"
    if above is not None:
        return f" above {above:g}"
    return f" of at least {least:g}" if least is not None else ""


def toml(value: object) -> str:
    """Return a value as a line of TOML has it."""
    if isinstance(value, Mapping):
        keys = (f"{bare(key)} = {toml(item)}" for key, item in value.items())
        return f"{{ {', '.join(keys)} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)
