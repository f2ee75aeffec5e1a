"""Everything that depends on manim's cameras, and one that redraws only what has changed."""

from netviz.camera.frames import (
    Pixels,
    Projector,
    background_of,
    clear_background,
    cut,
    drawn,
    frame_of,
    pixels_of,
    size_of,
)
from netviz.camera.layered import LayeredCamera
from netviz.camera.vector import Line, draw_paths

__all__ = [
    "LayeredCamera",
    "Line",
    "Pixels",
    "Projector",
    "background_of",
    "clear_background",
    "cut",
    "draw_paths",
    "drawn",
    "frame_of",
    "pixels_of",
    "size_of",
]
