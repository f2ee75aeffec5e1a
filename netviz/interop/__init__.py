"""Networks from live models of other frameworks, and from and to model files.

Each framework and file format is one module, imported only when it is used, with its framework:

- ``from_model(model) -> Network`` reads a live model,
- ``from_file(path, activation) -> Network`` reads a file,
- ``to_file(network, path)`` writes one.

No file is read in a way that could run code from it. In particular, no pickle is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from netviz.core import Network
from netviz.interop.builder import ModelError, refusal
from netviz.problems import Problem, ProblemError

__all__ = ["FILES", "FRAMEWORKS", "ModelError", "check_writable", "is_model", "load", "save"]

FRAMEWORKS = ("torch", "sklearn", "keras", "onnx")
"""Packages whose live models can be read, each with a module of that name here."""

FILES = {".onnx": "onnx", ".npz": "arrays", ".safetensors": "safetensors"}
"""Suffix of a model file → the module here that reads it."""

WRITABLE = (".npz", ".safetensors")
PICKLES = (".pt", ".pth", ".pkl", ".pickle", ".joblib", ".ckpt", ".bin")
KERAS_FILES = (".keras", ".h5", ".hdf5")


def load(source: object, *, activation: str | Sequence[str] | None = None) -> Network:
    """Return the network in a trained model, with its numbers unchanged, as float64.

    Dropout is left out, as frameworks do when they predict, and batch normalization becomes part
    of the weights next to it. Weights have shape ``(n_out, n_in)``:
    ``weights[1, 0]`` is the number that is W₁,₂ on screen, where neurons count from 1 and the
    source is named first.

    Args:
        source: A live model: a ``torch.nn.Sequential`` or a user module with a forward made
            of modules, activations and residual additions ``x + block(x)``; a fitted
            scikit-learn ``MLPClassifier``, ``MLPRegressor``, ``LogisticRegression``,
            ``LinearRegression`` or ``Perceptron``; a ``keras.Sequential``; an ONNX
            ``ModelProto``. Or the path of a file: ``.onnx``, ``.npz`` or ``.safetensors``
            (``netviz.interop.arrays`` describes the names of arrays).
        activation: For files without activations: one activation for all layers after the input,
            or one for each of them, such as ``"relu"`` or ``"leaky_relu(0.2)"``.

    Raises:
        ModelError: The model is not supported. The error names the layer and what is supported.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.

    Example:
        >>> network = netviz.Network.random([2, 3, 1], rng=0)
        >>> netviz.save(network, "model.npz")
        >>> netviz.load("model.npz") == network
        True
    """
    if isinstance(source, str | Path):
        return _from_file(Path(source), activation)
    if activation is not None:
        raise refusal("a live model", "defines its activations", "no activation argument")
    for kind in type(source).__mro__:  # the nearest first: Keras models on torch are torch's, too
        package = kind.__module__.partition(".")[0]
        if package in FRAMEWORKS:
            network: Network = _module(package).from_model(source)
            return network
    expected = f"a path, or a model of {', '.join(FRAMEWORKS)}"
    raise refusal("the model", f"is of the class {type(source).__name__}", expected)


def is_model(path: str | Path) -> bool:
    """Whether a file has the suffix of a model file, including those that ``load`` refuses."""
    return Path(path).suffix.lower() in (*FILES, *PICKLES, *KERAS_FILES)


def save(network: Network, path: str | Path) -> None:
    """Write a network to a file from which ``load`` reads exactly the same network.

    Args:
        network: The network, with registered activations and kinds of layers.
        path: The file, ``.npz`` or ``.safetensors``. An existing file is replaced.

    Raises:
        ModelError: The file has another suffix, or an activation or a kind of layer is not
            registered.
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
    """Check that ``save`` can write a file with that suffix.

    Raises:
        ModelError: The file has another suffix.
    """
    suffix = path.suffix.lower()
    if suffix not in WRITABLE:
        found = f"is {suffix!r}" if suffix else "is missing"
        problem = Problem("the suffix", found, " or ".join(map(repr, WRITABLE)))
        raise ModelError(problem, source=path)


def _from_file(path: Path, activation: str | Sequence[str] | None) -> Network:
    try:
        suffix = path.suffix.lower()
        if suffix not in FILES:
            raise _unreadable(suffix)
        if not path.is_file():
            found = "is a directory" if path.is_dir() else "does not exist"
            raise refusal("the file", found, "a model file")
        network: Network = _module(FILES[suffix]).from_file(path, activation)
    except ProblemError as error:
        raise ModelError(*error.problems, source=path) from error
    return network


def _unreadable(suffix: str) -> ModelError:
    """Return the error for a file with another suffix."""
    made = "a file made by netviz.save(netviz.load({}), 'model.npz')"
    if suffix in PICKLES:
        found = "may be a pickle, which can run any code when it is opened"
        return refusal("the file", found, made.format("model") + " with the live model")
    if suffix in KERAS_FILES:
        found = "may contain code, so that only Keras should open it"
        return refusal("the file", found, made.format("keras.models.load_model(path)"))
    return refusal("the file", "is not a model file", f"one of {', '.join(FILES)}")


def _module(name: str) -> Any:
    """Return the module here that reads ``name``, if its framework is installed."""
    try:
        return import_module(f"netviz.interop.{name}")
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("netviz"):
            raise
        hint = f"run pip install 'manim-netviz[{name}]'"
        raise refusal(f"the package {error.name}", "is not installed", hint=hint) from error
