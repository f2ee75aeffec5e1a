"""The public names: they are listed, clash with none of manim, and their examples run."""

from __future__ import annotations

import ast
import doctest
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from manim import Scene

import netviz
from netviz.drawing import NetworkDiagram
from netviz.style import Style
from netviz.theme import DARK_THEME
from netviz.words import load_words

MODULES = ("netviz", "netviz.drawing", "netviz.animation", "netviz.scene", "netviz.export")
# Run as a command, or as a starting point for a file of the user.
NOT_IMPORTED_FROM = ("netviz.__main__", "netviz.starters")


def surface() -> list[tuple[str, str]]:
    return [
        (module, name)
        for module in MODULES
        for name in importlib.import_module(module).__all__
        if is_documented(getattr(importlib.import_module(module), name))
    ]


def is_documented(value: object) -> bool:
    """Return whether a value has a docstring: constants and type aliases have none."""
    return inspect.isclass(value) or inspect.isfunction(value)


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_is_listed_in_order(name: str) -> None:
    module = importlib.import_module(name)
    assert list(module.__all__) == sorted(module.__all__, key=_constants_first)
    if hasattr(module, "__path__"):  # modules also hold what they import
        assert public_names(module) == set(module.__all__) - {"__version__"}


def public_names(module: ModuleType) -> set[str]:
    """Return the public names of a package, without its modules."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not inspect.ismodule(value)
    }


def _constants_first(name: str) -> tuple[bool, bool, str]:
    return (not name.isupper(), not name[0].isupper() and not name.startswith("_"), name)


@pytest.mark.parametrize(("module", "name"), surface())
def test_the_example_of_a_public_name_runs_as_written(
    module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    public = getattr(importlib.import_module(module), name)
    tests = [
        test
        for test in doctest.DocTestFinder(recurse=True).find(public, name, globs=given(module))
        if test.examples
    ]
    assert tests, f"{module}.{name} has no example"
    for test in tests:
        run(test)


def test_the_docstring_of_the_diagram_names_all_options() -> None:
    documented = NetworkDiagram.__doc__ or ""
    assert [option.name for option in fields(Style) if f"``{option.name}``" not in documented] == []


def public_modules() -> Iterator[ModuleType]:
    """Yield the modules that a user imports names from."""
    for found in pkgutil.iter_modules(netviz.__path__, "netviz."):
        if found.name not in NOT_IMPORTED_FROM:
            yield importlib.import_module(found.name)
    yield importlib.import_module("netviz.drawing.layout.box")


def test_no_public_name_is_replaced_by_manim() -> None:
    """``from manim import *`` after the imports of netviz changes none of their names."""
    of_manim: dict[str, object] = {}
    exec("from manim import *", of_manim)
    clashes = {
        f"{module.__name__}.{name}"
        for module in (netviz, *public_modules())
        for name in exported(module)
        if name in of_manim
    }
    assert clashes == set()


def exported(module: ModuleType) -> set[str]:
    """Return the names in ``__all__``, or the public names that a module defines."""
    if hasattr(module, "__all__"):
        return set(module.__all__)
    tree = ast.parse(inspect.getsource(module))
    assigned = {
        name.id
        for node in tree.body
        if isinstance(node, ast.Assign | ast.AnnAssign)
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        for name in ast.walk(target)
        if isinstance(name, ast.Name)
    }
    defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)}
    return {name for name in assigned | defined if not name.startswith("_")}


def given(module: str) -> dict[str, object]:
    """Return the names that an example may use without importing them."""
    if module in ("netviz", "netviz.export"):
        return {"np": np, "netviz": netviz}
    network = netviz.Network.random([3, 4, 2], "tanh", rng=2)
    trace = netviz.forward(network, [0.9, -0.3, 0.5])
    return {
        **vars(importlib.import_module(module)),
        "DARK_THEME": DARK_THEME,
        "load_words": load_words,
        "network": network,
        "trace": trace,
        "blame": netviz.backward(network, trace, [1.0, 0.0]),
        "diagram": NetworkDiagram(network),
        "scene": Scene(skip_animations=True),
    }


class ShownOutput(doctest.OutputChecker):
    """Compare the output that an example shows; an example without output may print anything."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return not want or super().check_output(want, got, optionflags)


def run(test: doctest.DocTest) -> None:
    report: list[str] = []
    out: Callable[[str], object] = report.append
    result = doctest.DocTestRunner(ShownOutput(), optionflags=doctest.ELLIPSIS).run(test, out=out)
    assert not result.failed, "".join(report)
