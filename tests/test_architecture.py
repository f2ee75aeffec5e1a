"""Who may import whom: the table of docs/architecture.md, held against the source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE, SCENES = ROOT / "netviz", ROOT / "scenes"

# Room → what its files may import beside the standard library and each other. `netviz.x` is a room.
MAY_IMPORT: dict[str, set[str]] = {
    "core": {"numpy", "netviz.problems"},
    "problems": set(),
    "style": {"netviz.problems"},
    "catalogue": set(),
    "theme": {"netviz.problems", "netviz.style"},
    "words": {"netviz.problems"},
    "spec": {
        *("netviz.core", "netviz.datasets", "netviz.style", "netviz.theme", "netviz.words"),
        *("netviz.catalogue", "netviz.export", "netviz.problems"),
        *("numpy", "pydantic", "pydantic_core"),
    },
    "explain": {"netviz.core", "netviz.spec", "netviz.words", "numpy", "rich"},
    "archive": {"netviz.problems", "numpy"},
    "datasets": {"netviz.core", "netviz.archive", "netviz.problems", "numpy"},
    "interop": {"netviz.core", "netviz.archive", "netviz.problems", "numpy"},
    "recording": {
        *("netviz.core", "netviz.archive", "netviz.interop", "netviz.problems", "numpy"),
    },
    "drawing": {
        *("netviz.core", "netviz.problems", "netviz.style", "netviz.theme", "netviz.words"),
        *("manim", "manimpango", "numpy"),
    },
    "camera": {"manim", "numpy", "cairo"},
    "animation": {
        *("netviz.drawing", "netviz.core", "netviz.problems", "netviz.theme"),
        *("manim", "numpy"),
    },
    "staging": {
        "netviz.camera",
        *("netviz.drawing", "netviz.animation", "netviz.core", "netviz.spec", "netviz.interop"),
        *("netviz.problems", "netviz.theme", "netviz.words", "netviz.recording"),
        *("manim", "numpy"),
    },
    "acts": {
        *("netviz.staging", "netviz.animation", "netviz.drawing", "netviz.core"),
        *("netviz.problems", "netviz.recording", "netviz.spec"),
        *("netviz.theme", "netviz.words", "manim", "numpy"),
    },
    "scene": {"netviz.acts", "netviz.staging"},
    "notebook": {
        *("netviz.core", "netviz.drawing", "netviz.export", "netviz.explain"),
        *("netviz.theme", "netviz.words", "manim"),
    },
    "export": {"netviz.problems", "manim", "numpy", "PIL", "av", "cairo"},
    "cli": {
        *("netviz", "netviz.spec", "netviz.explain", "netviz.export", "netviz.interop"),
        *("netviz.recording", "netviz.scene"),
        *("netviz.catalogue", "netviz.problems", "netviz.theme", "netviz.words"),
        *("click", "cloup", "manim", "rich"),
    },
    "starters": {"netviz.animation", "netviz.scene"},
    "__init__": {
        *("netviz.core", "netviz.datasets", "netviz.interop", "netviz.recording"),
        "netviz.notebook",
    },
    "__main__": {"netviz.cli"},
}
# A framework is imported by one file, which in `interop` has its name.
FRAMEWORKS = {
    **{f"interop/{name}.py": {name} for name in ("torch", "sklearn", "keras", "onnx")},
    "interop/safetensors.py": {"safetensors"},
    "datasets/scikit.py": {"sklearn"},
}
# What loads slowly is loaded where it is used: by a command, for a framework, to render.
IMPORT_LATE = {"cli", "interop", "export", "notebook"}
MANIMS_CONFIG = {"config", "tempconfig"}


@dataclass(frozen=True)
class Source:
    """A file of Python and the room that it is in."""

    path: Path
    room: str

    def __str__(self) -> str:
        return str(self.path.relative_to(ROOT))

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.path.read_text(encoding="utf-8"), str(self))

    def imports(self, tree: ast.AST | None = None) -> Iterator[tuple[str, str]]:
        """Every import as (module, name in it), such as ``("manim", "Scene")``."""
        for node in ast.walk(tree or self.tree):
            if isinstance(node, ast.Import):
                yield from ((alias.name, "") for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                module = ".".join([*self._parents(node.level), *filter(None, [node.module])])
                yield from ((module, alias.name) for alias in node.names)

    def _parents(self, level: int) -> list[str]:
        parts = self.path.relative_to(ROOT).parts
        return list(parts[: len(parts) - level]) if level else []


def sources() -> list[Source]:
    inside = [Source(path, room_with(path)) for path in PACKAGE.rglob("*.py")]
    outside = [Source(path, "scenes") for path in SCENES.glob("*.py")]
    return sorted(inside, key=str) + sorted(outside, key=str)


def room_with(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def room_of(module: str, name: str) -> str:
    """``netviz.core`` for anything in the core, ``netviz`` for its own names, ``numpy``, …"""
    first, *rest = module.split(".")
    if first != "netviz":
        return first
    inside = rest[0] if rest else name
    return f"netviz.{inside}" if inside in rooms() else "netviz"


def rooms() -> set[str]:
    entries = [entry for entry in PACKAGE.iterdir() if entry.suffix == ".py" or is_package(entry)]
    return {entry.stem for entry in entries}


def is_package(entry: Path) -> bool:
    return entry.is_dir() and any(entry.glob("*.py"))


def allowed(source: Source) -> set[str]:
    if source.room == "scenes":
        return {*(f"netviz.{room}" for room in rooms()), "netviz", "manim", "numpy"}
    framework = FRAMEWORKS.get(source.path.relative_to(PACKAGE).as_posix(), set())
    return MAY_IMPORT[source.room] | {f"netviz.{source.room}"} | framework


FILES = pytest.mark.parametrize("source", sources(), ids=str)


def test_every_room_is_in_the_table() -> None:
    assert rooms() <= set(MAY_IMPORT)


@FILES
def test_a_file_imports_only_what_its_room_may(source: Source) -> None:
    found = {room_of(module, name) for module, name in source.imports()}
    assert found - sys.stdlib_module_names <= allowed(source)


@FILES
def test_nothing_imports_a_scene(source: Source) -> None:
    modules = {module.partition(".")[0] for module, _ in source.imports()}
    names = {path.stem for path in SCENES.glob("*.py")}
    assert not modules & {"scenes", *names}


@FILES
def test_only_export_touches_the_configuration_of_manim(source: Source) -> None:
    if source.room == "export":
        return
    imported = {name for module, name in source.imports() if module.startswith("manim")}
    attributes = {
        node.attr
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node.value).startswith("manim")
    }
    assert not (imported | attributes) & MANIMS_CONFIG


@FILES
def test_imports_stand_at_the_top_and_name_what_they_take(source: Source) -> None:
    assert "*" not in {name for _, name in source.imports()}
    if source.room in IMPORT_LATE:
        return
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert not list(source.imports(node)), f"{source}, line {node.lineno}: {node.name}"
