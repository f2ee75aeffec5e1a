"""How what is on screen changes: manim animations that play traces over a diagram.

In the examples there are a ``network`` of sizes (3, 4, 2), its ``trace`` and ``blame`` for one
sample, its ``diagram``, and a manim ``scene``.
"""

from netviz.animation.details import (
    BlameNeuron,
    CountTo,
    DimEdges,
    FillNeuron,
    FitBox,
    Focus,
    Forget,
    GrowTangent,
    LightCorrections,
    LightEdges,
    LightGradient,
    SlideDot,
)
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.update import WeightUpdate

__all__ = [
    "BackwardPass",
    "BlameNeuron",
    "CountTo",
    "DimEdges",
    "FillNeuron",
    "FitBox",
    "Focus",
    "Forget",
    "ForwardPass",
    "GrowTangent",
    "LightCorrections",
    "LightEdges",
    "LightGradient",
    "SlideDot",
    "WeightUpdate",
]
