"""The public surface: which names there are, and that the example of each runs as written."""

from __future__ import annotations

import doctest
import importlib
import inspect
import re
from collections.abc import Callable
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
    if hasattr(module, "__path__"):  # a package is written to be read; a file also imports
        assert public_names(module) == set(module.__all__) - {"__version__"}


def public_names(module: ModuleType) -> set[str]:
    """What a reader of a package finds in it, beside the modules."""
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


def test_the_diagram_names_all_its_options() -> None:
    listed = re.search(r"theme's style:\n(.*?)\.\n", NetworkDiagram.__doc__ or "", re.DOTALL)
    assert listed is not None
    assert re.findall(r"``(\w+)``", listed[1]) == [option.name for option in fields(Style)]


def given(module: str) -> dict[str, object]:
    """What an example may use without saying where it comes from."""
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


class WhatIsTold(doctest.OutputChecker):
    """Holds the output that an example shows; where it shows none, there may be some."""

    def check_output(self, want: str, got: str, optionflags: int) -> bool:
        return not want or super().check_output(want, got, optionflags)


def run(test: doctest.DocTest) -> None:
    said: list[str] = []
    say: Callable[[str], object] = said.append
    result = doctest.DocTestRunner(WhatIsTold(), optionflags=doctest.ELLIPSIS).run(test, out=say)
    assert not result.failed, "".join(said)
