"""How what is on screen changes: manim animations that play traces over a diagram."""

from netviz.animation.details import (
    BlameNeuron,
    CountTo,
    DimEdges,
    FillNeuron,
    FitBox,
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
    "Forget",
    "ForwardPass",
    "GrowTangent",
    "LightCorrections",
    "LightEdges",
    "LightGradient",
    "SlideDot",
    "WeightUpdate",
]
