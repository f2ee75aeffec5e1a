"""The names of the acts, for checking network files and listing acts without loading manim.

Nothing is declared here: the names and their descriptions are read from the source of
``netviz/acts``, where each act is a function below ``@act("name", …)``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).with_name("acts")


def _declared(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and description, the first line of the docstring, of each act in a file."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            for call in node.decorator_list:
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "act":
                    about = ast.get_docstring(node) or ""
                    yield ast.literal_eval(call.args[0]), about.partition("\n")[0]


# Every act with its description, in alphabetical order.
ACTS = dict(sorted(entry for path in sorted(FOLDER.glob("*.py")) for entry in _declared(path)))
