"""The import rules: the tables of docs/architecture.md, checked against the source."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[1]

# Room → what its files may import besides the standard library and each other.
# `netviz.x` is a room. A room imports only rooms that stand before it: no arrow points upwards.
MAY_IMPORT: dict[str, set[str]] = {
    "problems": set(),
    "files": {"netviz.problems"},
    "memory": {"netviz.problems"},
    "core": {"numpy", "netviz.problems"},
    "plugins": {"netviz.core", "netviz.problems", "numpy"},
    "style": {"netviz.problems"},
    "catalogue": set(),
    "captions": set(),
    "theme": {"netviz.problems", "netviz.style"},
    "words": {"netviz.problems"},
    "archive": {"netviz.files", "netviz.problems", "numpy"},
    "datasets": {"netviz.core", "netviz.archive", "netviz.problems", "numpy"},
    "interop": {"netviz.core", "netviz.archive", "netviz.files", "netviz.problems", "numpy"},
    "recording": {
        *("netviz.core", "netviz.archive", "netviz.interop", "netviz.memory"),
        *("netviz.problems", "numpy"),
    },
    "camera": {"netviz.problems", "manim", "numpy", "cairo"},
    "export": {
        *("netviz.camera", "netviz.captions", "netviz.files", "netviz.memory"),
        *("netviz.problems", "manim", "numpy", "PIL", "av", "cairo"),
    },
    "spec": {
        *(
            "netviz.core",
            "netviz.datasets",
            "netviz.plugins",
            "netviz.style",
            "netviz.theme",
            "netviz.words",
        ),
        *("netviz.catalogue", "netviz.export", "netviz.memory", "netviz.problems"),
        *("numpy", "pydantic", "pydantic_core"),
    },
    "explain": {"netviz.core", "netviz.spec", "netviz.words", "numpy", "rich"},
    "drawing": {
        *("netviz.files", "netviz.memory"),
        *("netviz.core", "netviz.problems", "netviz.style", "netviz.theme", "netviz.words"),
        *("manim", "manimpango", "numpy", "typst"),
    },
    "animation": {
        *("netviz.drawing", "netviz.core", "netviz.problems"),
        *("manim", "numpy"),
    },
    "staging": {
        *("netviz.camera", "netviz.captions", "netviz.memory"),
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
        *("netviz.core", "netviz.drawing", "netviz.export", "netviz.explain", "netviz.files"),
        *("netviz.theme", "netviz.words", "manim"),
    },
    "__init__": {
        *("netviz.core", "netviz.datasets", "netviz.interop", "netviz.recording"),
        "netviz.notebook",
    },
    "starters": {"netviz.animation", "netviz.scene"},
    "cli": {
        *("netviz", "netviz.spec", "netviz.explain", "netviz.export", "netviz.interop"),
        *("netviz.recording", "netviz.scene", "netviz.drawing"),
        *("netviz.captions", "netviz.catalogue", "netviz.files", "netviz.plugins"),
        *("netviz.problems", "netviz.theme", "netviz.words"),
        *("click", "cloup", "manim", "rich", "av"),
    },
    "__main__": {"netviz.cli"},
}
# The folders and modules inside `drawing`, the lowest first. Those in one entry may import each
# other; all others import only what stands before them.
DRAWING: tuple[set[str], ...] = (
    {"glyphs", "notation", "numerals", "text", "paths"},
    {"layout", "morphing"},
    {"labels"},
    {"neuron"},
    {"edges"},
    {
        *("annotations", "biases", "expected", "parts", "values", "focus", "matching"),
        *("edge_sum", "diagram"),
    },
    {"edge_gradients", "edge_key", "panels"},
    {"__init__"},
)
# Panels stand next to a diagram and do not depend on it: they import the first two entries only.
FOR_PANELS = {*DRAWING[0], *DRAWING[1]}
# Each framework is imported by these files only. In `interop` the file has its name.
FRAMEWORKS = {
    **{f"interop/{name}.py": {name} for name in ("torch", "sklearn", "keras", "onnx")},
    "interop/safetensors.py": {"safetensors"},
    "datasets/scikit.py": {"sklearn"},
    "export/slides.py": {"manim_slides"},
    "cli/films.py": {"distributed"},
}
# Rooms that may import inside functions: by a command, for a framework, to render.
IMPORT_LATE = {"cli", "interop", "export", "notebook"}
MANIMS_CONFIG = {"config", "tempconfig"}
# What manim's cameras consist of, and will consist of differently: pixels move out of them.
OF_A_CAMERA = {
    *("pixel_array", "set_pixel_array", "pixel_width", "pixel_height", "reset_pixel_shape"),
    *("frame_center", "frame_width", "frame_height", "background_opacity"),
    *("capture_mobjects", "display_vectorized", "get_cairo_context", "set_cairo_context_color"),
}


@dataclass(frozen=True)
class Import:
    """One imported name, such as ``Import(3, "manim", "Scene", inside="")``.

    Attributes:
        line: Where it stands.
        module: The absolute name of the module.
        name: What is taken from it; empty for ``import module``.
        inside: The function in which it stands; empty at the top.
    """

    line: int
    module: str
    name: str
    inside: str


@dataclass(frozen=True)
class Source:
    """A Python file of netviz or of scenes.

    Attributes:
        path: Relative to the root of the repository, such as ``netviz/core/losses.py``.
        text: What it holds.
    """

    path: PurePosixPath
    text: str

    @property
    def room(self) -> str:
        first, second = self.path.parts[:2]
        return first if first == "scenes" else second.removesuffix(".py")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, str(self.path))

    @cached_property
    def imports(self) -> list[Import]:
        return list(self._imports_in(self.tree, ""))

    def _imports_in(self, node: ast.AST, inside: str) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                yield from (Import(child.lineno, a.name, "", inside) for a in child.names)
            elif isinstance(child, ast.ImportFrom):
                parents = self.path.parts[: -child.level] if child.level else ()
                module = ".".join([*parents, *filter(None, [child.module])])
                yield from (Import(child.lineno, module, a.name, inside) for a in child.names)
            else:
                function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef)
                yield from self._imports_in(child, child.name if function else inside)


def sources() -> list[Source]:
    paths = [*sorted((ROOT / "netviz").rglob("*.py")), *sorted((ROOT / "scenes").glob("*.py"))]
    return [
        Source(PurePosixPath(path.relative_to(ROOT).as_posix()), path.read_text(encoding="utf-8"))
        for path in paths
    ]


def room_of(found: Import) -> str:
    """Return ``netviz.core`` for all of the core, ``netviz`` for its own names, ``numpy``, …"""
    first, *rest = found.module.split(".")
    if first != "netviz":
        return first
    inside = rest[0] if rest else found.name
    return f"netviz.{inside}" if inside in MAY_IMPORT else "netviz"


# Line and sentence of every violation of one rule in a file.
Violations = Iterator[tuple[int, str]]


def rooms_import_what_the_table_allows(source: Source) -> Violations:
    if source.room != "scenes" and source.room not in MAY_IMPORT:
        yield 1, f"room {source.room} is not in the table"
        return
    allowed = {f"netviz.{source.room}", *sys.stdlib_module_names}
    if source.room == "scenes":
        allowed |= {*(f"netviz.{room}" for room in MAY_IMPORT), "netviz", "manim", "numpy"}
    else:
        inside = source.path.relative_to("netviz").as_posix()
        allowed |= MAY_IMPORT[source.room] | FRAMEWORKS.get(inside, set())
    for found in source.imports:
        if room_of(found) not in allowed:
            yield found.line, f"room {source.room} may not import {room_of(found)}"


def drawing_imports_downwards(source: Source) -> Violations:
    if source.room != "drawing":
        return
    part = source.path.parts[2].removesuffix(".py")
    floors = {name: floor for floor, names in enumerate(DRAWING) for name in names}
    if part not in floors:
        yield 1, f"drawing/{part} is not in the table"
        return
    for found in source.imports:
        names = [*found.module.split("."), found.name]
        if names[:2] != ["netviz", "drawing"]:
            continue
        other = names[2] if names[2] in floors else "__init__"
        if other != part and floors[other] > floors[part]:
            yield found.line, f"drawing/{part} may not import drawing/{other}, which is above it"
        if part == "panels" and other not in {"panels", *FOR_PANELS}:
            yield found.line, f"drawing/panels may not import drawing/{other}"


def nothing_imports_a_scene(source: Source) -> Violations:
    scenes = {"scenes", *(path.stem for path in (ROOT / "scenes").glob("*.py"))}
    for found in source.imports:
        if found.module.partition(".")[0] in scenes:
            yield found.line, f"imports a scene, {found.module}"


def only_export_configures_manim(source: Source) -> Violations:
    if source.room == "export":
        return
    for found in source.imports:
        if found.module.startswith("manim") and found.name in MANIMS_CONFIG:
            yield found.line, f"imports {found.name} of manim"
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Attribute) or node.attr not in MANIMS_CONFIG:
            continue
        if ast.unparse(node.value).startswith("manim"):
            yield node.lineno, f"uses {ast.unparse(node)}"


def imports_stand_at_the_top_and_name_what_they_take(source: Source) -> Violations:
    for found in source.imports:
        if found.name == "*":
            yield found.line, f"imports * of {found.module}"
        if found.inside and source.room not in IMPORT_LATE:
            yield found.line, f"imports {found.module} inside {found.inside}"


def only_camera_depends_on_manims_cameras(source: Source) -> Iterator[tuple[int, str]]:
    if source.room == "camera":
        return
    for found in source.imports:
        if found.module.startswith("manim.camera"):
            yield found.line, f"imports {found.module}"
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Attribute) and node.attr in OF_A_CAMERA:
            if ast.unparse(node.value) == "config":  # has settings of the same names
                continue
            yield node.lineno, f"uses {node.attr} of a camera of manim"
        elif isinstance(node, ast.ClassDef):
            bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
            if any(base.endswith("Camera") for base in bases):
                yield node.lineno, "derives from a camera of manim"


RULES = (
    rooms_import_what_the_table_allows,
    drawing_imports_downwards,
    nothing_imports_a_scene,
    only_export_configures_manim,
    only_camera_depends_on_manims_cameras,
    imports_stand_at_the_top_and_name_what_they_take,
)


def violations(files: list[Source]) -> list[str]:
    return [
        f"{source.path}:{line}: {sentence}"
        for source in files
        for rule in RULES
        for line, sentence in rule(source)
    ]


def test_every_file_keeps_the_import_rules() -> None:
    found = violations(sources())
    assert not found, "\n" + "\n".join(found)


def test_the_table_has_every_room_and_no_arrow_upwards() -> None:
    exist = {source.room for source in sources()} - {"scenes"}
    assert exist == set(MAY_IMPORT)
    order = [f"netviz.{room}" for room in MAY_IMPORT]
    upwards = [
        f"{room} imports {other}, which stands after it"
        for place, (room, allowed) in enumerate(MAY_IMPORT.items())
        for other in sorted(allowed & set(order[place:]))
    ]
    assert not upwards


def test_the_table_of_drawing_has_every_part_once() -> None:
    parts = [
        source.path.parts[2].removesuffix(".py") for source in sources() if source.room == "drawing"
    ]
    listed = [name for floor in DRAWING for name in floor]
    assert sorted(listed) == sorted(set(parts))


@pytest.mark.parametrize(
    ("path", "code", "complaint"),
    [
        ("netviz/core/new.py", "import manim", "room core may not import manim"),
        ("netviz/core/new.py", "from netviz import drawing", "may not import netviz.drawing"),
        ("netviz/core/new.py", "from ..scene import NetworkScene", "may not import netviz.scene"),
        ("netviz/attic/new.py", "", "room attic is not in the table"),
        ("netviz/drawing/text.py", "from .diagram import NetworkDiagram", "which is above it"),
        ("netviz/drawing/text.py", "from netviz.drawing import Box", "may not import drawing/__"),
        ("netviz/drawing/panels/new.py", "from ..neuron import Neuron", "panels may not import"),
        ("netviz/drawing/attic.py", "", "drawing/attic is not in the table"),
        ("netviz/acts/new.py", "import main_clip", "imports a scene"),
        ("netviz/scene.py", "from manim import config", "imports config of manim"),
        ("scenes/new.py", "import manim\nmanim.config.frame_rate = 8", ":2: uses manim.config"),
        ("scenes/new.py", "from manim import *", "imports * of manim"),
        ("netviz/export/new.py", "x = camera.pixel_array", ":1: uses pixel_array of a camera"),
        ("scenes/new.py", "class Mine(Camera): pass", ":1: derives from a camera of manim"),
        ("netviz/export/new.py", "from manim.camera.camera import Camera", "imports manim.camera"),
        ("netviz/acts/new.py", "def act():\n    import numpy", ":2: imports numpy inside act"),
    ],
)  # fmt: skip
def test_a_violation_is_reported(path: str, code: str, complaint: str) -> None:
    found = violations([Source(PurePosixPath(path), code)])
    assert any(complaint in sentence for sentence in found), found


def test_imports_that_are_allowed_are_not_reported() -> None:
    late = Source(PurePosixPath("netviz/interop/torch.py"), "def load():\n    import torch")
    assert violations([late]) == []


def test_the_folders_of_tests_are_those_of_the_package() -> None:
    folders = {
        path.parent.relative_to(ROOT / "tests") for path in (ROOT / "tests").rglob("test_*.py")
    }
    mirrored = {
        path.relative_to(ROOT / "netviz")
        for path in [ROOT / "netviz", *(ROOT / "netviz").rglob("*")]
        if path.is_dir()
    }
    assert folders - mirrored - {Path("scenes")} == set()
