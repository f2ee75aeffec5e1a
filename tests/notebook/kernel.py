"""Execute notebooks as Jupyter does, without a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

MimeBundle = dict[str, Any]
FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Return the notebook with its outputs; it and Jupyter write only into ``folder``."""
    with pytest.MonkeyPatch.context() as patch:
        for name in FOLDERS:
            patch.setenv(name, str(folder / ".jupyter"))
        place = {"metadata": {"path": str(folder)}}
        return NotebookClient(
            notebook, timeout=120, kernel_name="python3", resources=place
        ).execute()


def shown(cell: NotebookNode) -> MimeBundle:
    """Return what a cell displays, by MIME type."""
    (result,) = (output for output in cell.outputs if output.output_type == "execute_result")
    return dict(result.data)


def printed(cell: NotebookNode) -> str:
    """Return what a cell wrote to stdout or stderr."""
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")
