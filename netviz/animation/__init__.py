"""manim animations that play traces over a diagram. They never compute anything.

The examples use a ``network`` of sizes (3, 4, 2), its forward trace ``trace`` and backward trace
``blame`` for one sample, its ``diagram``, and a manim ``scene``. On screen and in addresses an edge
is (layer, source, target); in the core, ``weights[target, source]`` is the same number.
"""

from netviz.animation.details import (
    BlameNeuron,
    CountTo,
    DimEdges,
    FillNeuron,
    FitBox,
    Focus,
    Forget,
    ForgetBlame,
    GrowTangent,
    LightCorrections,
    LightEdges,
    LightGradient,
    MagnifyEdges,
    SlideDot,
)
from netviz.animation.gap import AddUp, OpenGap
from netviz.animation.graph import AddGradients, NodeBackward, NodeForward, SettleGradients
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.update import WeightUpdate

__all__ = [
    "AddGradients",
    "AddUp",
    "BackwardPass",
    "BlameNeuron",
    "CountTo",
    "DimEdges",
    "FillNeuron",
    "FitBox",
    "Focus",
    "Forget",
    "ForgetBlame",
    "ForwardPass",
    "GrowTangent",
    "LightCorrections",
    "LightEdges",
    "LightGradient",
    "MagnifyEdges",
    "NodeBackward",
    "NodeForward",
    "OpenGap",
    "SettleGradients",
    "SlideDot",
    "WeightUpdate",
]
