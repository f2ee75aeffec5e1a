"""The names of scenes and acts, and of the captions that they show, without loading manim.

Nothing is declared here: everything is read from the source of ``netviz/acts`` and of scenes, where
an act is a function below ``@act("name", …)``, and a caption is the text of its key.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("acts")
_KEY = re.compile(r"[a-z]\w*(\.\w+)+")

# The name, and the first line of the docstring of the function below. Parsing all files would take
# as long as loading the rest of the command line.
_ACT = re.compile(r'^@act\(\s*"([^"]+)".*?^def .*?^    """(.*?)(?:"""|$)', re.MULTILINE | re.DOTALL)
_SOURCES = (path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))

# Every act with its description, in alphabetical order.
ACTS: dict[str, str] = dict(sorted(entry for text in _SOURCES for entry in _ACT.findall(text)))


@dataclass(frozen=True)
class _Module:
    """A source file: what it defines at its top, and what it imports, by name.

    Attributes:
        defined: Functions, classes and constants.
        imported: Name → file of ``netviz/acts`` that defines it.
    """

    defined: dict[str, ast.stmt]
    imported: dict[str, Path]


@cache
def _module(path: Path) -> _Module:
    defined: dict[str, ast.stmt] = {}
    imported: dict[str, Path] = {}
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            defined[node.name] = node
        elif isinstance(node, ast.Assign):
            targets = (each for target in node.targets for each in ast.walk(target))
            defined |= {each.id: node for each in targets if isinstance(each, ast.Name)}
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("netviz.acts."):
            file = FOLDER / f"{str(node.module).rpartition('.')[2]}.py"
            imported |= {alias.asname or alias.name: file for alias in node.names}
    return _Module(defined, imported)


@cache
def _places() -> dict[str, tuple[Path, str]]:
    """Return the file and the function of each act."""
    return {
        ast.literal_eval(call.args[0]): (path, node.name)
        for path in FOLDER.glob("*.py")
        for node in _module(path).defined.values()
        if isinstance(node, ast.FunctionDef)
        for call in node.decorator_list
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "act"
    }


def folder() -> Path:
    """Return the folder of the scenes: inside the package in a wheel, next to it in a checkout."""
    inside = Path(__file__).with_name("scenes")
    return inside if inside.is_dir() else Path(__file__).parents[1] / "scenes"


def scenes() -> dict[str, Path]:
    """Return every scene file by its name, in alphabetical order."""
    return {path.stem: path for path in sorted(folder().glob("[!_]*.py"))}


def captions_of_act(name: str) -> list[str]:
    """Return the keys of all captions that an act may show, in the order of its source.

    Args:
        name: One of ``ACTS``.
    """
    path, function = _places()[name]
    return _keys(path, [function])


def acts_of_scene(path: Path) -> list[str]:
    """Return the names of the acts that a scene lists, without those that stand in its own file.

    Args:
        path: The file of the scene.
    """
    return [
        constant.value
        for node in _module(path).defined.values()
        if isinstance(node, ast.ClassDef)
        for line in node.body
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "acts"
        for constant in ast.walk(line.value)
        if isinstance(constant, ast.Constant) and constant.value in ACTS
    ]


def captions_of_scene(path: Path) -> list[str]:
    """Return the keys of all captions that a scene may show, with those of its acts, in order.

    Args:
        path: The file of the scene.
    """
    keys = (key for name in acts_of_scene(path) for key in captions_of_act(name))
    return list(dict.fromkeys([*keys, *_keys(path, _module(path).defined)]))


def captions_of_comparison() -> list[str]:
    """Return the keys of all captions of ``netviz compare``, in order."""
    return _keys(FOLDER / "comparison.py", ["ComparisonScene"])


def _keys(path: Path, names: Iterable[str]) -> list[str]:
    """Return what looks like a key in some definitions and in everything that they mention."""
    found: dict[str, None] = {}
    seen: set[tuple[Path, str]] = set()

    def visit(file: Path, name: str) -> None:
        module = _module(file)
        if (file, name) in seen:
            return
        seen.add((file, name))
        if name not in module.defined:
            if name in module.imported:
                visit(module.imported[name], name)
            return
        for node in ast.walk(module.defined[name]):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if _KEY.fullmatch(node.value):
                    found[node.value] = None
            elif isinstance(node, ast.Name):
                visit(file, node.id)

    for name in names:
        visit(path, name)
    return list(found)
