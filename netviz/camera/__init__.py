"""Everything that depends on manim's cameras, and one that redraws only what has changed."""

from netviz.camera.frames import (
    Pixels,
    Projector,
    aim,
    background_of,
    clear_background,
    cut,
    drawn,
    frame_of,
    pixels_of,
    size_of,
)
from netviz.camera.layered import LayeredCamera
from netviz.camera.vector import TextLine, draw_paths

__all__ = [
    "LayeredCamera",
    "Pixels",
    "Projector",
    "TextLine",
    "aim",
    "background_of",
    "clear_background",
    "cut",
    "draw_paths",
    "drawn",
    "frame_of",
    "pixels_of",
    "size_of",
]
