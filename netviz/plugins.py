"""Activations and losses of the user's own: from installed packages, or from a named Python file.

A package offers them as entry points of the groups ``netviz.activations`` and ``netviz.losses``,
whose names are those of the functions. A package is imported only if a network file uses such a
name. A Python file is run only if it is named on the command line.
"""

from __future__ import annotations

import runpy
from collections.abc import Iterable, Iterator, MutableMapping
from contextlib import contextmanager
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.core import ACTIVATIONS, LOSSES, Activation, Loss
from netviz.problems import Problem, ProblemError, expect

GROUPS: dict[str, tuple[type, MutableMapping[str, Any]]] = {
    "netviz.activations": (Activation, ACTIVATIONS),
    "netviz.losses": (Loss, LOSSES),
}
_TRIED = np.linspace(-2.0, 2.0, 9)

FILES: list[Path] = []
"""The Python files that were run, in order: what is drawn may depend on them."""


def register(function: Activation | Loss) -> None:
    """Let network and model files use an activation or a loss by its name.

    Args:
        function: The activation or loss. The same one may be registered again.

    Raises:
        ProblemError: There is another one of that name, or it does not compute what it should.

    Example:
        >>> from netviz.plugins import register
        >>> cube = netviz.Activation(
        ...     "cube", lambda z: z**3, lambda g, z, a: g * 3 * z**2, source="an example"
        ... )
        >>> register(cube)
        >>> netviz.Network.random([2, 1], activation="cube", rng=0).layers[0].activation == cube
        True
    """
    kind = "activation" if isinstance(function, Activation) else "loss"
    registry: MutableMapping[str, Any] = ACTIVATIONS if kind == "activation" else LOSSES
    name = function.name
    if registry.get(name, function) is not function:
        raise ProblemError(Problem(f"the {kind} {name!r}", "exists already", "another name"))
    if isinstance(function, Activation):
        _check_activation(function)
    else:
        _check_loss(function)
    registry[name] = function


def load_named(group: str, name: str) -> bool:
    """Register what an installed package offers under a name; return whether one does.

    Args:
        group: One of ``GROUPS``.
        name: The name of the entry point, and of the activation or loss.

    Raises:
        ProblemError: What it offers is something else, or has another name.
    """
    kind, registry = GROUPS[group]
    if name in registry:
        return True
    for entry in entry_points(group=group, name=name):
        where = f"the entry point {name!r} of {group}"
        try:
            offered = entry.load()
        except Exception as error:
            found = f"raises {type(error).__name__} ({error})"
            raise ProblemError(Problem(where, found)) from error
        right = isinstance(offered, kind) and getattr(offered, "name", "") == name
        expect(where, offered, right, f"an {kind.__name__} of the name {name!r}")
        register(offered)
        return True
    return False


def run(path: Path) -> None:
    """Run a Python file, and register every activation and loss that it defines at its top.

    Raises:
        ProblemError: It cannot be read, raises an error, or defines none.
    """
    if not path.is_file():
        raise ProblemError(Problem(str(path), "is not a file", "a Python file"))
    try:
        names = runpy.run_path(str(path))
    except (Exception, SystemExit) as error:
        found = f"raises {type(error).__name__} ({error})"
        raise ProblemError(Problem(str(path), found)) from error
    own = {
        id(value): value
        for key, value in names.items()
        if not key.startswith("_") and isinstance(value, Activation | Loss)
    }
    if not own:
        expected = "one or more at its top, by any names"
        raise ProblemError(Problem(str(path), "defines no Activation and no Loss", expected))
    for function in own.values():
        try:
            register(function)
        except ProblemError as error:
            raise ProblemError(*error.problems, source=path) from error
    FILES.append(path)


@contextmanager
def running(files: Iterable[Path]) -> Iterator[None]:
    """Run Python files, and forget what they define when the block ends.

    Raises:
        ProblemError: As for :func:`run`.
    """
    before = [(registry, dict(registry)) for _, registry in GROUPS.values()]
    count = len(FILES)
    try:
        for path in files:
            run(path)
        yield
    finally:
        del FILES[count:]
        for registry, known in before:
            for name in set(registry) - set(known):
                del registry[name]


def _check_activation(function: Activation) -> None:
    for z in (_TRIED, np.stack([_TRIED, _TRIED[::-1]])):  # of a sample, and of several
        _check_activation_of(function, z)


def _check_activation_of(function: Activation, z: NDArray[np.float64]) -> None:
    where = f"the activation {function.name!r}"
    a = _result(f"{where}: value(z)", z.shape, lambda: function.value(z))
    if function.differentiable:
        g = np.ones_like(z)
        _result(f"{where}: pullback(g, z, a)", z.shape, lambda: function.pullback(g, z, a))


def _check_loss(function: Loss) -> None:
    prediction = np.full((3, 2 * function.outputs_per_target), 0.5)
    target = np.full((3, 2), 0.25)
    where = f"the loss {function.name!r}"
    _result(f"{where}: value(y, t)", (3,), lambda: function.value(prediction, target))
    shape = prediction.shape
    _result(f"{where}: gradient(y, t)", shape, lambda: function.gradient(prediction, target))


def _result(where: str, shape: tuple[int, ...], compute: Any) -> Any:
    """Return what a function computes, after a check.

    Raises:
        ProblemError: It raises an error, or its result has another shape or is not finite.
    """
    try:
        result = np.asarray(compute(), dtype=np.float64)
    except Exception as error:
        found = f"raises {type(error).__name__} ({error})"
        raise ProblemError(Problem(where, found, f"an array of shape {shape}")) from error
    if result.shape != shape:
        raise ProblemError(Problem(where, f"has shape {result.shape}", f"{shape}"))
    if not np.isfinite(result).all():
        raise ProblemError(Problem(where, "is not finite", "finite numbers for z from −2 to 2"))
    return result
