"""A manim camera that redraws only what has changed since the previous frame."""

from netviz.camera.layered import LayeredCamera

__all__ = ["LayeredCamera"]
