"""Networks from elsewhere: live models of the usual frameworks, and model files.

One file a framework or file format, imported, with its framework, only when it is needed:

- ``from_model(model) -> Network`` reads a live model,
- ``from_file(path, activation) -> Network`` reads a file,
- ``to_file(network, path)`` writes one.

Files are data, never programs: a pickle can run any code when it is opened, so none is.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from netviz.core import Network
from netviz.interop.refusal import ModelError

__all__ = ["FILES", "FRAMEWORKS", "ModelError", "check_writable", "is_model", "load", "save"]

FRAMEWORKS = ("torch", "sklearn", "keras", "onnx")
"""Packages whose live models can be read, each with a file of that name here."""

FILES = {".onnx": "onnx", ".npz": "npz", ".safetensors": "safetensors"}
"""Suffix of a model file → what reads it, and so the file here."""

WRITABLE = (".npz", ".safetensors")
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin")
MADE = "a file made by"
KERAS_FILES = (".keras", ".h5", ".hdf5")


def load(source: object, *, activation: str | Sequence[str] | None = None) -> Network:
    """The network in a trained model, with its numbers unchanged, as float64.

    Dropout is left out, as frameworks do when they predict.

    Args:
        source: A live model: ``torch.nn.Sequential``; a fitted scikit-learn ``MLPClassifier``,
            ``MLPRegressor``, ``LogisticRegression``, ``LinearRegression`` or ``Perceptron``;
            ``keras.Sequential``; an ONNX ``ModelProto``. Or the path of a file: ``.onnx``,
            ``.npz`` or ``.safetensors`` (``netviz.interop.arrays`` tells how arrays are named).
        activation: For arrays that do not tell: one activation for all layers after the input,
            or one for each of them.

    Raises:
        ModelError: The model cannot be shown; one sentence names the layer and what would work.
        ValueError: The layers do not fit each other, or hold numbers that are not finite.

    Example:
        >>> network = netviz.Network.random([2, 3, 1], rng=0)
        >>> netviz.save(network, "model.npz")
        >>> netviz.load("model.npz") == network
        True
    """
    if isinstance(source, str | Path):
        return _from_file(Path(source), activation)
    if activation is not None:
        raise ModelError("a live model", "tells its activations itself", "no `activation`")
    for kind in type(source).__mro__:  # the nearest first: Keras models on torch are torch's, too
        package = kind.__module__.partition(".")[0]
        if package in FRAMEWORKS:
            network: Network = _module(package).from_model(source)
            return network
    raise ModelError(
        f"a {type(source).__name__}",
        "is not a model that can be read",
        f"a path, or a model of {', '.join(FRAMEWORKS)}",
    )


def is_model(path: str | Path) -> bool:
    """Whether a file, by its suffix, is that of a model, be it one that is never opened."""
    return Path(path).suffix.lower() in (*FILES, *PICKLES, *KERAS_FILES)


def save(network: Network, path: str | Path) -> None:
    """Write a network to a file that ``load`` reads, bit by bit the same.

    Args:
        network: The network; its activations must be registered ones.
        path: A file to write or replace, ``.npz`` or ``.safetensors``.

    Raises:
        ModelError: The suffix is another, or an activation has no registered name.
        OSError: The file cannot be written.

    Example:
        >>> netviz.save(netviz.Network.random([2, 3, 1], activation="relu", rng=0), "model.npz")
        >>> netviz.load("model.npz")
        Network(Dense(2 → 3, relu), Dense(3 → 1, relu))
    """
    path = Path(path)
    check_writable(path)
    _module(FILES[path.suffix.lower()]).to_file(network, path)


def check_writable(path: Path) -> None:
    """Assert that ``save`` can write a file of that name.

    Raises:
        ModelError: The suffix is another.
    """
    if path.suffix.lower() not in WRITABLE:
        raise ModelError(str(path), "is no file that can be written", " or ".join(WRITABLE))


def _from_file(path: Path, activation: str | Sequence[str] | None) -> Network:
    suffix = path.suffix.lower()
    if suffix not in FILES:
        raise ModelError(str(path), *_not_read(suffix))
    if not path.is_file():
        found = "is a directory" if path.is_dir() else "is missing"
        raise ModelError(str(path), found, "a model file")
    reader = _module(FILES[suffix])
    try:
        network: Network = reader.from_file(path, activation)
    except ValueError as error:
        raise ModelError.about(path, error) from error
    return network


def _not_read(suffix: str) -> tuple[str, str]:
    """What is wrong with a file of that suffix, and what to do about it."""
    if suffix in PICKLES:
        found = "may be a pickle, which can run any code when it is opened"
        return found, f'{MADE} netviz.save(netviz.load(model), "model.npz") with the live model'
    if suffix in KERAS_FILES:
        found = "may hold code, so that Keras alone should open it"
        live = "keras.models.load_model(path)"
        return found, f'{MADE} netviz.save(netviz.load({live}), "model.npz")'
    return "is no model file", f"one of {', '.join(FILES)}"


def _module(name: str) -> Any:
    """The file here that reads ``name``; its framework may not be installed."""
    try:
        return import_module(f"netviz.interop.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("netviz"):
            raise
        right = f"pip install 'manim-netviz[{name}]'"
        raise ModelError(f"the package {error.name}", "is not installed", right) from error
