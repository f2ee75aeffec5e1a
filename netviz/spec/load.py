"""From the name of a network to its description: find it, read it, check it, build it."""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from netviz.core import LOSSES, Loss, Network, backward, forward
from netviz.spec import checks
from netviz.spec.document import NetworkFile, NetworkTable, SampleTable
from netviz.spec.problems import Problem, SpecError, closest, from_pydantic

MAX_BYTES = 16 * 2**20
SHAPE = re.compile(r"[0-9]{1,9}(-[0-9]{1,9})+")


@dataclass(frozen=True, eq=False)
class Description:
    """A network with everything that a picture of it needs.

    Attributes:
        name: What to call it: the file's name without its suffix, or the shape.
        network: The network.
        input: The sample, shape ``(n_in,)``.
        target: What the network should answer, shape ``(n_out,)``; ``(n_out / 2,)`` for
            gaussian_nll, where two outputs describe one target.
        loss: Compares prediction and target.
        learning_rate: η of one correction.
    """

    name: str
    network: Network
    input: NDArray[np.float64]
    target: NDArray[np.float64]
    loss: Loss
    learning_rate: float


def load(source: str | Path) -> Description:
    """Return the network that ``source`` names, ready to run forward, back and one step on.

    Args:
        source: The path of a TOML file; or else the name of a built-in network
            (``built_in_names``); or else a shape such as ``"3-4-2"``: sigmoid neurons, random
            weights, inputs in 0 … 1 and a one-hot target, all from seed 0.

    Raises:
        SpecError: There is no such network, or its file is wrong; the message is one sentence.
    """
    name = str(source)
    if not os.path.isdir(name) and os.path.exists(name):
        return _described(name, Path(name).stem, _parsed(name, _read(Path(name))))
    if name in built_in_names():
        text = (_built_in() / f"{name}.toml").read_text(encoding="utf-8")
        return _described(name, name, _parsed(name, text))
    if SHAPE.fullmatch(name):
        return _described(name, name, {"network": {"layers": [int(n) for n in name.split("-")]}})
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


def _described(source: str, name: str, document: dict[str, Any]) -> Description:
    """Validate a document and build what it describes."""
    if not document:
        raise SpecError(source, [Problem("the file", "is empty", "a table [network]")])
    try:
        file = NetworkFile.model_validate(document)
    except ValidationError as error:
        raise SpecError(source, from_pydantic(error, NetworkFile)) from error
    if found := list(checks.problems(file)):
        raise SpecError(source, found)
    rng = np.random.default_rng(file.network.seed)
    network, loss = _network(file.network, rng), LOSSES[file.loss.name]
    sample = file.sample or _drawn_sample(network, loss, rng)
    given, target = np.array(sample.input, np.float64), np.array(sample.target, np.float64)
    for array in (given, target):
        array.setflags(write=False)
    described = Description(name, network, given, target, loss, file.update.learning_rate)
    _check_finite(source, described)
    return described


def _network(table: NetworkTable, rng: np.random.Generator) -> Network:
    if table.weights is None:
        return Network.random(table.layers or (), table.activation, table.init, rng=rng)
    biases = table.biases or [[0.0] * len(matrix) for matrix in table.weights]
    return Network.from_weights(table.weights, biases, table.activation)


def _drawn_sample(network: Network, loss: Loss, rng: np.random.Generator) -> SampleTable:
    """Return inputs in 0 … 1, of two decimals as they are shown, and a one-hot target."""
    target = np.zeros(loss.target_size(network.sizes[-1]))
    target[rng.integers(len(target))] = 1.0
    given = rng.random(network.sizes[0]).round(2)
    return SampleTable(input=given.tolist(), target=target.tolist())


def _check_finite(source: str, described: Description) -> None:
    """Run the network, correct it, run it again: only that shows if its numbers fit float64."""
    network, loss = described.network, described.loss
    try:
        gradients = backward(network, forward(network, described.input), described.target, loss)
        better = network.updated(gradients, described.learning_rate)
        backward(better, forward(better, described.input), described.target, loss)
    except ValueError as error:
        found = f"gives numbers that cannot be worked with ({error})"
        right = "smaller weights, inputs or learning rate"
        raise SpecError(source, [Problem("network", found, right)]) from error
