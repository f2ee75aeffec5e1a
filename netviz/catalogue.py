"""The names of the acts, for checking network files and listing acts without loading manim.

Nothing is declared here: the names and their descriptions are read from the source of
``netviz/acts``, where each act is a function below ``@act("name", …)``.
"""

from __future__ import annotations

import re
from pathlib import Path

FOLDER = Path(__file__).with_name("acts")

# The name, and the first line of the docstring of the function below. Parsing all files would take
# as long as loading the rest of the command line.
_ACT = re.compile(r'^@act\(\s*"([^"]+)".*?^def .*?^    """(.*?)(?:"""|$)', re.MULTILINE | re.DOTALL)
_SOURCES = (path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))

# Every act with its description, in alphabetical order.
ACTS: dict[str, str] = dict(sorted(entry for text in _SOURCES for entry in _ACT.findall(text)))
