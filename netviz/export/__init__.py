"""Render a manim scene class to a file, which appears only when it is complete.

Nothing here depends on networks. Importing this package loads no manim: that waits until something
is rendered.
"""

from netviz.export.configuration import import_manim
from netviz.export.formats import FORMATS, Format
from netviz.export.rendering import (
    Progress,
    Rehearsal,
    Rendered,
    check,
    rehearse,
    render,
    render_all,
)
from netviz.export.request import ASPECTS, QUALITY_PRESETS, Cut, ExportError, Page, size_in_bytes

__all__ = [
    "ASPECTS",
    "FORMATS",
    "QUALITY_PRESETS",
    "Cut",
    "ExportError",
    "Format",
    "Page",
    "Progress",
    "Rehearsal",
    "Rendered",
    "check",
    "import_manim",
    "rehearse",
    "render",
    "render_all",
    "size_in_bytes",
]
