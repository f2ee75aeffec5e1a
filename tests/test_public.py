"""The public surface: which names there are, and that the example of each runs as written."""

from __future__ import annotations

import doctest
import importlib
import inspect
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

import netviz

MODULES = ("netviz", "netviz.export")


def surface() -> list[tuple[str, str]]:
    return [
        (module, name)
        for module in MODULES
        for name in importlib.import_module(module).__all__
        if is_documented(getattr(importlib.import_module(module), name))
    ]


def is_documented(value: object) -> bool:
    """Constants and names of types have no docstrings of their own."""
    return inspect.isclass(value) or inspect.isfunction(value)


@pytest.mark.parametrize("name", MODULES)
def test_what_is_public_is_listed_in_order(name: str) -> None:
    module = importlib.import_module(name)
    assert list(module.__all__) == sorted(module.__all__, key=_constants_first)
    assert public_names(module) == set(module.__all__) - {"__version__"}


def public_names(module: ModuleType) -> set[str]:
    """What a reader sees in a module that was written to be read: no modules, no imported tools."""
    return {
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name not in ("annotations",)
    }


def _constants_first(name: str) -> tuple[bool, bool, str]:
    return (not name.isupper(), not name[0].isupper() and not name.startswith("_"), name)


@pytest.mark.parametrize(("module", "name"), surface())
def test_the_example_of_a_public_name_runs_as_written(
    module: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    public = getattr(importlib.import_module(module), name)
    names = {"np": np, "netviz": netviz}
    tests = [
        test
        for test in doctest.DocTestFinder(recurse=True).find(public, name, globs=names)
        if test.examples
    ]
    assert tests, f"{module}.{name} has no example"
    for test in tests:
        run(test)


def run(test: doctest.DocTest) -> None:
    said: list[str] = []
    say: Callable[[str], object] = said.append
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=say)
    assert not result.failed, "".join(said)
