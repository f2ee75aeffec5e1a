"""How what is on screen changes: manim animations that play traces over a diagram."""

from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.update import WeightUpdate

__all__ = ["BackwardPass", "ForwardPass", "WeightUpdate"]
