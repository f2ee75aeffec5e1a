"""Render a manim scene class to a file, which appears only when it is complete.

Nothing here depends on networks. Importing this package loads no manim: that waits until something
is rendered.
"""

from netviz.export.configuration import import_manim
from netviz.export.formats import FORMATS, Format
from netviz.export.rendering import Progress, Rehearsal, Rendered, check, rehearse, render
from netviz.export.request import QUALITY_PRESETS, ExportError, Page

__all__ = [
    "FORMATS",
    "QUALITY_PRESETS",
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
]
