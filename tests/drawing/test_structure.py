"""Inside ``netviz.drawing`` imports go one way: the order of docs/architecture.md."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import netviz.drawing

DRAWING = Path(netviz.drawing.__file__).parent

# Each line may import from itself and from the lines above it.
ORDER = (
    ("glyphs", "notation", "text", "paths"),
    ("layout", "morphing"),
    ("labels",),
    ("neuron",),
    ("edges",),
    ("biases", "expected", "parts", "values", "focus", "matching", "diagram"),
)
LEVELS = {name: level for level, names in enumerate(ORDER) for name in names}
# What panels may import besides each other; nothing imports a panel.
FOR_PANELS = {"glyphs", "notation", "text", "paths", "layout", "morphing"}


def names_imported(path: Path) -> Iterator[str]:
    """Yield the parts of ``netviz.drawing`` that a file imports when it runs."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    only_typed = {
        node
        for block in ast.walk(tree)
        if isinstance(block, ast.If) and ast.unparse(block.test) == "TYPE_CHECKING"
        for node in ast.walk(block)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node not in only_typed:
            before, found, rest = (node.module or "").partition("netviz.drawing")
            if found and not before:
                yield from [rest.split(".")[1]] if rest else [alias.name for alias in node.names]


def part_of(path: Path) -> str:
    return path.relative_to(DRAWING).parts[0].removesuffix(".py")


def test_every_part_of_drawing_has_a_place_in_the_order() -> None:
    parts = {part_of(path) for path in DRAWING.rglob("*.py")}
    assert parts == {*LEVELS, "panels", "__init__"}


def test_no_import_inside_drawing_goes_up() -> None:
    upward = [
        f"{path.relative_to(DRAWING)} imports {name}"
        for path in sorted(DRAWING.rglob("*.py"))
        if part_of(path) != "__init__"
        for name in names_imported(path)
        if not is_allowed(part_of(path), name)
    ]
    assert upward == []


def is_allowed(part: str, name: str) -> bool:
    if part == "panels":
        return name == "panels" or name in FOR_PANELS
    return name != "panels" and LEVELS[name] <= LEVELS[part]
