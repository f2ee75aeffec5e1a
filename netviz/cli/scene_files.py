"""Scene files: where they are, what they are about, and the scene classes in them."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from netviz import export

if TYPE_CHECKING:
    from manim import Scene


def folder() -> Path:
    """In a wheel the scenes lie in the package, in a checkout beside it."""
    package = Path(__file__).parents[1]
    inside = package / "scenes"
    return inside if inside.is_dir() else package.parent / "scenes"


def scenes() -> dict[str, Path]:
    """Every scene file by its name, in alphabetical order."""
    files = sorted(folder().glob("[!_]*.py"))
    return {path.stem: path for path in files}


def about(path: Path) -> str:
    """The first line of a scene file's docstring."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def find(text: str) -> tuple[Path, str | None]:
    """The file of a scene, and the class in it if one is named.

    Args:
        text: A name from ``netviz list``, ``FILE.py`` or ``FILE.py:ClassName``.

    Raises:
        ValueError: There is no such scene or file.
    """
    given = re.fullmatch(r"(.+\.py)(?::(\w+))?", text)
    if given:
        path = Path(given[1])
        if not path.is_file():
            raise ValueError(f"{path} is not a file: expected a Python file with a scene")
        return path, given[2]
    there = scenes()
    if text not in there:
        near = get_close_matches(text, there, n=1)
        hint = f"did you mean {near[0]}?" if near else "`netviz list` shows them all"
        raise ValueError(f"there is no scene {text!r}; {hint}")
    return there[text], None


def scene_class(path: Path, name: str | None = None) -> type[Scene]:
    """The scene that a file defines; its name is needed only if there are several.

    Raises:
        ValueError: The file does not run, or the scene is not in it.
    """
    from manim import Scene

    module = _module(path)
    classes = {
        key: value
        for key, value in vars(module).items()
        if inspect.isclass(value)
        and issubclass(value, Scene)
        and value.__module__ == module.__name__
        and not key.startswith("_")
    }
    if name is None and len(classes) == 1:
        return next(iter(classes.values()))
    if name in classes:
        return classes[name]
    found = ", ".join(classes) or "no scene"
    asked = f"no scene {name}" if name else "no single scene"
    raise ValueError(f"{path} defines {found} and {asked}: expected FILE.py:ClassName")


def _module(path: Path) -> ModuleType:
    """Run a scene file. It may import its neighbours, as it may when manim runs it."""
    name = f"netviz_scene_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    beside = str(path.parent.resolve())
    sys.path.insert(0, beside)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise ValueError(f"{_place(error, path)}: {type(error).__name__}: {error}") from error
    finally:
        sys.path.remove(beside)
    return module


@contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Say where in a scene file something was asked that cannot be done."""
    try:
        yield
    except export.ExportError:
        raise
    except ValueError as error:
        raise ValueError(f"{_place(error, path)}: {error}") from error


def _place(error: Exception, path: Path) -> str:
    """The scene file, and the line in it that led to an error."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    return f"{path}, line {lines[-1]}" if lines else str(path)
