"""From a manim scene class to a file that is complete or not there at all.

Nothing here knows networks. Importing this loads no manim: that waits until something is rendered.
"""

from netviz.export.errors import ExportError
from netviz.export.formats import FORMATS, Format
from netviz.export.quality import QUALITIES
from netviz.export.rendering import Progress, Rendered, check, render
from netviz.export.sheet import Sheet

__all__ = [
    "FORMATS",
    "QUALITIES",
    "ExportError",
    "Format",
    "Progress",
    "Rendered",
    "Sheet",
    "check",
    "render",
]
