"""Scene files: find them, read their titles, load the scene classes in them."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from netviz import catalogue, export
from netviz.problems import Problem, ProblemError, did_you_mean

if TYPE_CHECKING:
    from manim import Scene


def about(path: Path) -> str:
    """Return the first line of the docstring of a scene file."""
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return docstring.partition("\n")[0]


def file_of(text: str) -> Path | None:
    """Return the file that a scene is in, or None if it is named as in ``netviz list``."""
    file = re.fullmatch(r"(.+\.py)(?::\w+)?", text)
    return Path(file[1]) if file else None


def length(path: Path) -> float:
    """Return the seconds that the scene of a file says it takes, or 0 if it says nothing.

    They are read from the source, ``length = 42``, without loading manim.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for line in (each for node in tree.body for each in getattr(node, "body", ())):
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "length":
            return float(ast.literal_eval(line.value))
    return 0.0


def find(text: str) -> tuple[Path, str | None]:
    """Return the file of a scene, and the class in it if one is named.

    Args:
        text: A name from ``netviz list``, ``FILE.py`` or ``FILE.py:ClassName``.

    Raises:
        ProblemError: There is no such scene or file.
    """
    path = file_of(text)
    if path is not None:
        if not path.is_file():
            raise ProblemError(Problem(str(path), "is not a file", "a Python file with a scene"))
        return path, text.rpartition(".py:")[2] if ".py:" in text else None
    known = catalogue.scenes()
    if text not in known:
        from netviz.spec import built_in_names

        expected = "a name from `netviz list`, FILE.py, FILE.toml, or a model file"
        hint = did_you_mean(text, [*known, *built_in_names()])
        raise ProblemError(Problem("scene", f"is {text!r}", expected, hint))
    return known[text], None


def scene_class(path: Path, name: str | None = None) -> type[Scene]:
    """Return the scene that a file defines.

    Args:
        path: A Python file.
        name: Name of the class, needed only if the file defines several scenes.

    Raises:
        ProblemError: The file raises an error, or the scene is not in it.
    """
    export.import_manim()
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
    found = f"defines {', '.join(classes) or 'no scene'}"
    if name is not None:
        hint = did_you_mean(name, classes)
        raise ProblemError(Problem(str(path), found, f"a scene {name}", hint))
    hint = "choose one with FILE.py:ClassName" if classes else ""
    raise ProblemError(Problem(str(path), found, "one scene", hint))


def _module(path: Path) -> ModuleType:
    """Execute a scene file. It may import modules in its folder, as it may when manim runs it."""
    name = f"netviz_scene_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    neighbours = str(path.parent.resolve())
    sys.path.insert(0, neighbours)
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise _located(error, path) from error
    finally:
        sys.path.remove(neighbours)
    return module


@contextmanager
def located_errors(path: Path) -> Iterator[None]:
    """Add the line of a scene file to the errors that it causes.

    Problems with what a scene of netviz is given are left as they are: its file is not the user's.

    Raises:
        ProblemError: The scene asks for something that is not possible.
    """
    try:
        yield
    except export.ExportError:
        raise
    except ValueError as error:
        if isinstance(error, ProblemError) and path.parent == catalogue.folder():
            raise
        raise _located(error, path) from error


def _located(error: Exception, path: Path) -> ProblemError:
    """Return an error as problems in the line of the scene file that caused it."""
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if Path(frame.filename).resolve() == path.resolve()]
    source = f"{path}, line {lines[-1]}" if lines else str(path)
    if isinstance(error, ProblemError):
        within = f"{source}: {error.source}" if error.source else source
        return ProblemError(*error.problems, source=within)
    found = f"raises {type(error).__name__} ({error})"
    return ProblemError(Problem("the scene", found), source=source)
