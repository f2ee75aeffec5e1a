"""The camera: draws again only what has changed since the frame before."""

from netviz.camera.layered import LayeredCamera

__all__ = ["LayeredCamera"]
