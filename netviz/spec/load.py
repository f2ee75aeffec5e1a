"""From the name of a network to its description: find it, read it, check it, build it."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from pydantic import ValidationError

from netviz.core import Network
from netviz.spec import checks, training_setup
from netviz.spec.description import Description, describe, loss_for
from netviz.spec.document import LossTable, NetworkFile, NetworkTable
from netviz.spec.film import film
from netviz.spec.look import options
from netviz.spec.problems import Problem, SpecError, closest, from_pydantic

MAX_BYTES = 16 * 2**20
SHAPE = re.compile(r"[0-9]{1,9}(-[0-9]{1,9})+")


class Models(Protocol):
    """Who can read the files of trained models: ``netviz.interop`` can."""

    def is_model(self, path: str | Path, /) -> bool:
        """Whether a file, by its name, is that of a model and no network file."""

    def load(self, source: str | Path, /, *, activation: str | Sequence[str] | None) -> Network:
        """The network in a file, with its activations told where the file does not."""


def load(source: str | Path, models: Models | None = None) -> Description:
    """Return the network that ``source`` names, ready to run forward, back and one step on.

    Args:
        source: The path of a TOML file or of a trained model; or else the name of a built-in
            network (``built_in_names``); or else a shape such as ``"3-4-2"``: sigmoid neurons,
            random weights. Without a sample told, inputs in 0 … 1 and a one-hot target are drawn
            from seed 0.
        models: Who reads trained models.

    Raises:
        SpecError: There is no such network, or its file is wrong; the message is one sentence.
        ValueError: The model or the data are refused by who reads them.
    """
    name = str(source)
    if not os.path.isdir(name) and os.path.exists(name):
        path = Path(name)
        is_model = models is not None and models.is_model(path)
        document = {"network": {"model": path.name}} if is_model else _parsed(name, _read(path))
        return _described(_Origin(name, path.stem, path, models), document)
    if name in built_in_names():
        text = (_built_in() / f"{name}.toml").read_text(encoding="utf-8")
        return _described(_Origin(name, name), _parsed(name, text))
    if SHAPE.fullmatch(name):
        layers = [int(size) for size in name.split("-")]
        return _described(_Origin(name, name), {"network": {"layers": layers}})
    raise _nothing_there(name)


def built_in_names() -> list[str]:
    """Return the names of the networks that come with netviz."""
    files = (Path(entry.name) for entry in _built_in().iterdir())
    return sorted(file.stem for file in files if file.suffix == ".toml")


def _built_in() -> resources.abc.Traversable:
    return resources.files("netviz") / "networks"


def _nothing_there(name: str) -> SpecError:
    if os.path.isdir(name):
        return SpecError(name, [Problem("this", "is a directory", "a network file")])
    folder = Path(name).parent
    beside = {path.name: str(path) for path in folder.glob("*.toml")} if folder.is_dir() else {}
    names = {built_in: built_in for built_in in built_in_names()} | beside
    right = f"a TOML file, a shape such as 3-4-2, or one of {', '.join(built_in_names())}"
    near = names.get(closest(Path(name).name, names), "")
    return SpecError(name or '""', [Problem("the file", "is missing", right, near)])


def _read(path: Path) -> str:
    """Return the text of a file, with or without a byte-order mark."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        found = f"cannot be read ({error.strerror})"
        raise SpecError(str(path), [Problem("the file", found, "one that may be read")]) from error
    if len(data) > MAX_BYTES:
        right = f"at most {MAX_BYTES // 2**20} MB"
        raise SpecError(str(path), [Problem("the file", "is too large", right)])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"holds the byte 0x{data[error.start]:02X}"
        raise SpecError(str(path), [Problem(f"line {line}", found, "text in UTF-8")]) from error


def _parsed(source: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also numbers and nestings without end
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else len(text.splitlines())
        reason = re.sub(r"( \(at |;).*", "", str(error))
        found = f"is not TOML ({reason[:1].lower()}{reason[1:]})"
        right = "valid TOML, such as layers = [5, 2, 2, 5]"
        raise SpecError(source, [Problem(f"line {line}", found, right)]) from error


@dataclass(frozen=True)
class _Origin:
    """Where a document comes from: as asked for, what to call it, its file, who reads models."""

    source: str
    name: str
    path: Path | None = None
    models: Models | None = None


def _described(origin: _Origin, document: dict[str, Any]) -> Description:
    """Validate a document and build what it describes."""
    source = origin.source
    if not document:
        raise SpecError(source, [Problem("the file", "is empty", "a table [network]")])
    try:
        file = NetworkFile.model_validate(document)
    except ValidationError as error:
        raise SpecError(source, from_pydantic(error, NetworkFile)) from error
    trained = _trained(origin, file.network)
    if trained is not None and "loss" not in file.model_fields_set:
        file = file.model_copy(update={"loss": LossTable(name=loss_for(trained))})
    if found := list(checks.problems(file, trained)):
        raise SpecError(source, found)
    return _built(origin, file, trained)


def _built(origin: _Origin, file: NetworkFile, trained: Network | None) -> Description:
    rng = np.random.default_rng(file.network.seed)
    network = trained or _network(file.network, rng)
    learnt = training_setup.read(origin.source, origin.path, file, network.sizes)
    sample: dict[str, Any] = file.sample.model_dump() if file.sample else {}
    if learnt is not None and not sample:
        sample = {"input": learnt.data.inputs[0], "target": learnt.data.targets[0]}
    try:
        described = describe(
            network,
            **sample,
            loss=file.loss.name,
            learning_rate=file.update.learning_rate,
            name=origin.name,
            rng=rng,
        )
    except ValueError as error:
        found = f"gives numbers that cannot be worked with ({error})"
        right = "smaller weights, inputs or learning rate"
        raise SpecError(origin.source, [Problem("network", found, right)]) from error
    return replace(
        described,
        training_setup=learnt,
        theme=file.style.theme,
        language=file.style.language,
        options=options(file.style, file.labels),
        film=film(origin.path and origin.path.parent, file.scene, file.output),
    )


def _trained(origin: _Origin, table: NetworkTable) -> Network | None:
    """The network in the model that a file names, or that is the file."""
    if table.model is None:
        return None
    if origin.models is None or origin.path is None:
        right = "spec.load(source, netviz.interop), which reads models"
        raise SpecError(origin.source, [Problem("network.model", "is given", right)])
    told = table.activation if "activation" in table.model_fields_set else None
    return origin.models.load(origin.path.parent / table.model, activation=told)


def _network(table: NetworkTable, rng: np.random.Generator) -> Network:
    if table.weights is None:
        return Network.random(table.layers or (), table.activation, table.init, rng=rng)
    biases = table.biases or [[0.0] * len(matrix) for matrix in table.weights]
    return Network.from_weights(table.weights, biases, table.activation)
