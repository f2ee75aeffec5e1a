"""From the name of a network to its description: find the file, read it, check it, build it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import ValidationError

from netviz.core import Network
from netviz.core.data import as_data
from netviz.datasets import DATASETS
from netviz.problems import Problem, ProblemError, closest
from netviz.spec import build, checks, training_setup
from netviz.spec.description import Description, SceneDescription, describe, loss_for
from netviz.spec.errors import SpecError, from_pydantic
from netviz.spec.tables import LossTable, NetworkFile, NetworkTable

MAX_BYTES = 16 * 2**20
MAX_KEYS = 5000
# Keys of so many parts are refused before they are parsed, which takes the square of their number.
MAX_PARTS = 30
LONG_KEY = re.compile(
    rf"""(?m)(?:^|[\[{{,])[ \t\[]*+(?:[\w"'-]++[ \t]*+\.[ \t]*+){{{MAX_PARTS}}}"""
)
SHAPE = re.compile(r"[0-9]{1,9}(-[0-9]{1,9})+")
# A text without quotes: ``theme = light``.
BARE_TEXT = re.compile(r"""\s*([\w."'-]+\s*=\s*)([A-Za-z_][\w.-]*)\s*(#.*)?""")


class Models(Protocol):
    """A reader for files of trained models, such as ``netviz.interop``."""

    def is_model(self, path: str | Path, /) -> bool:
        """Return whether the name of a file is that of a model."""

    def load(self, source: str | Path, /, *, activation: str | Sequence[str] | None) -> Network:
        """Return the network in a file; ``activation`` is used where the file has none."""


def load(source: str | Path, models: Models | None = None) -> Description:
    """Return the network that ``source`` names, ready for a forward pass, a backward pass, a step.

    Args:
        source: The path of a TOML file or of a trained model; or else the name of a built-in
            network (``built_in_names``); or else a shape such as ``"3-4-2"``: sigmoid neurons and
            random weights. Without a sample, inputs from 0 to 1 and a one-hot target are sampled
            at random with seed 0.
        models: The reader of trained models.

    Raises:
        SpecError: There is no such network, or something in its file is wrong.
        ProblemError: The model or the data cannot be read.
    """
    described = load_film(source, models)
    if not isinstance(described, Description):
        raise SpecError(Problem("network", "is missing", "a table [network]"), source=source)
    return described


def load_film(
    source: str | Path, models: Models | None = None, changes: Mapping[str, Any] | None = None
) -> SceneDescription:
    """Return what a file says about a film; a ``Description`` if it has a network.

    Args:
        source, models: As for :func:`load`.
        changes: Dotted key → value, in place of what the file says:
            ``{"update.learning_rate": 0.1}``.

    Raises:
        SpecError, ProblemError: As for :func:`load`.
    """
    name = str(source)
    if not os.path.isdir(name) and os.path.exists(name):
        path = Path(name)
        is_model = models is not None and models.is_model(path)
        document = {"network": {"model": path.name}} if is_model else _parsed(name, _read(path))
        _change(name, document, changes or {})
        return _described(_Origin(name, path.stem, path, models), document)
    if name in built_in_names():
        text = (_built_in() / f"{name}.toml").read_text(encoding="utf-8")
        return _described(_Origin(name, name), _parsed(name, text))
    if SHAPE.fullmatch(name):
        layers = [int(size) for size in name.split("-")]
        return _described(_Origin(name, name), {"network": {"layers": layers}})
    raise _not_found(name)


def document(path: str | Path) -> dict[str, Any]:
    """Return what a TOML file contains, unchecked.

    Raises:
        SpecError: It cannot be read, or is no TOML.
    """
    return _parsed(str(path), _read(Path(path)))


def _change(source: str, document: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Set keys of a document, with the tables that they are in."""
    for key, value in changes.items():
        *tables, last = key.split(".")
        inside = document
        for table in tables:
            inside = inside.setdefault(table, {})
            if not isinstance(inside, dict):
                problem = Problem(key, f"is in {table}, which is no table", "a dotted key")
                raise SpecError(problem, source=source)
        inside[last] = value


def built_in_names() -> list[str]:
    """Return the names of the networks that come with netviz."""
    files = (Path(entry.name) for entry in _built_in().iterdir())
    return sorted(file.stem for file in files if file.suffix == ".toml")


def built_in_networks() -> dict[str, str]:
    """Return the first line of the comment of each network that comes with netviz, by name."""
    lines = {name: (_built_in() / f"{name}.toml") for name in built_in_names()}
    return {
        name: path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        for name, path in lines.items()
    }


def is_name(source: str) -> bool:
    """Return whether a text is the name of a built-in network, or a shape such as ``3-4-2``."""
    return source in built_in_names() or SHAPE.fullmatch(source) is not None


def _built_in() -> Path:
    return Path(__file__).parents[1] / "networks"


def _not_found(name: str) -> SpecError:
    if os.path.isdir(name):
        return SpecError(Problem("the path", "is a directory", "a network file"), source=name)
    folder = Path(name).parent
    neighbours = {path.name: str(path) for path in folder.glob("*.toml")} if folder.is_dir() else {}
    names = {built_in: built_in for built_in in built_in_names()} | neighbours
    near = names.get(closest(Path(name).name, names), "")
    problem = Problem(
        "the file",
        "does not exist",
        f"a TOML file, a shape such as 3-4-2, or one of {', '.join(built_in_names())}",
        f"did you mean {near}?" if near else "",
    )
    return SpecError(problem, source=name or '""')


def _read(path: Path) -> str:
    """Return the text of a file, with or without a byte-order mark."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
        raise SpecError(Problem("the file", found, "a readable file"), source=path) from error
    if len(data) > MAX_BYTES:
        expected = f"at most {MAX_BYTES // 2**20} MB"
        raise SpecError(Problem("the file", "is too large", expected), source=path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"contains the byte 0x{data[error.start]:02X}"
        raise SpecError(Problem(f"line {line}", found, "text in UTF-8"), source=path) from error


def _parsed(source: str, text: str) -> dict[str, Any]:
    if long := LONG_KEY.search(text):
        line = text.count("\n", 0, long.end()) + 1
        expected = f"at most {MAX_PARTS}"
        problem = Problem(f"line {line}", "has a key of too many parts", expected)
        raise SpecError(problem, source=source)
    try:
        document = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nestings that are too long
        place, lines = re.search(r"line (\d+)", str(error)), text.splitlines()
        line = int(place[1]) if place else len(lines)
        reason = re.sub(r"( \(at |;).*", "", str(error))
        problem = Problem(
            f"line {line}",
            f"is not valid TOML ({reason[:1].lower()}{reason[1:]})",
            "a line such as layers = [5, 2, 2, 5]",
            _syntax_hint(lines[line - 1]) if line <= len(lines) else "",
        )
        raise SpecError(problem, source=source) from error
    if (keys := _keys(document)) > MAX_KEYS:
        problem = Problem("the file", f"has {keys} keys", f"at most {MAX_KEYS}")
        raise SpecError(problem, source=source)
    return document


def _keys(document: dict[str, Any]) -> int:
    """Return the number of keys in a document, those of its tables and arrays included."""
    left: list[Any] = [document]
    count = 0
    while left:
        part = left.pop()
        count += len(part) if isinstance(part, dict) else 0
        values = part.values() if isinstance(part, dict) else part
        left.extend(value for value in values if isinstance(value, dict | list))
    return count


def _syntax_hint(line: str) -> str:
    """Return the hint for a value that is a word: a text without quotes, or True for true."""
    bare = BARE_TEXT.fullmatch(line)
    if not bare:
        return ""
    key, word = bare[1], bare[2]
    if word.lower() in {"true", "false"}:
        return f"write {key}{word.lower()}"
    return f'a text needs quotes: {key}"{word}"'


@dataclass(frozen=True)
class _Origin:
    """Where a document comes from.

    Attributes:
        source: As the caller wrote it; the name in errors.
        name: The name of the network.
        path: Its file; None if it is built in or a shape.
        models: The reader of trained models.
    """

    source: str
    name: str
    path: Path | None = None
    models: Models | None = None


def _described(origin: _Origin, document: dict[str, Any]) -> SceneDescription:
    """Validate a document and build what it describes."""
    source = origin.source
    if not document:
        raise SpecError(Problem("the file", "is empty", "a table [network]"), source=source)
    try:
        file = NetworkFile.model_validate(document)
    except ValidationError as error:
        raise SpecError(*from_pydantic(error, NetworkFile), source=source) from error
    trained = _trained(origin, file.network) if file.network is not None else None
    if trained is not None and "loss" not in file.model_fields_set:
        file = file.model_copy(update={"loss": LossTable(name=loss_for(trained))})
    if found := list(checks.problems(file, trained)):
        raise SpecError(*found, source=source)
    described: SceneDescription = SceneDescription(origin.name)
    if file.network is not None:
        described = _built(origin, file, file.network, trained)
    return replace(
        described,
        theme=file.style.theme,
        language=file.style.language,
        film=build.film(origin.path and origin.path.parent, file.scene, file.output),
        sources=tuple(_sources(origin, file)),
    )


def _built(
    origin: _Origin, file: NetworkFile, table: NetworkTable, trained: Network | None
) -> Description:
    rng = np.random.default_rng(table.seed)
    network = trained or build.network(table, rng)
    setup = training_setup.read(origin.source, origin.path, file, network.sizes)
    sample: dict[str, Any] = file.sample.model_dump() if file.sample else {}
    measured = None
    if setup is not None:
        given = as_data(([sample["input"]], [sample["target"]])) if sample else None
        seen, measured = setup.sample(given)
        sample = {"input": seen.inputs[0], "target": seen.targets[0]}
    try:
        described = describe(
            network,
            **sample,
            loss=file.loss.name,
            learning_rate=file.update.learning_rate,
            name=origin.name,
            rng=rng,
        )
    except ProblemError as error:
        reason = f"{error.problems[0].where} {error.problems[0].found}"
        found = f"gives non-finite results ({reason})"
        problem = Problem("network", found, "smaller weights, inputs or learning rate")
        raise SpecError(problem, source=origin.source) from error
    if setup is not None:
        described = described.of(setup.data, measured)
    return replace(described, training_setup=setup, style=build.style(file.style, file.labels))


def _sources(origin: _Origin, file: NetworkFile) -> Iterator[Path]:
    """Yield the files that a description is read from."""
    if origin.path is None:
        return
    yield origin.path
    if file.network is not None and file.network.model is not None:
        yield origin.path.parent / file.network.model
    if file.data is not None and file.data.source not in DATASETS:
        yield origin.path.parent / file.data.source


def _trained(origin: _Origin, table: NetworkTable) -> Network | None:
    """Return the network in the model that a file names, or that is the file."""
    if table.model is None:
        return None
    if origin.models is None or origin.path is None:
        expected = "spec.load(source, netviz.interop), which reads models"
        problem = Problem("network.model", "is given", expected)
        raise SpecError(problem, source=origin.source)
    given = table.activation if "activation" in table.model_fields_set else None
    return origin.models.load(origin.path.parent / table.model, activation=given)
