"""What is on screen: manim mobjects, from a neuron to a diagram with its panels.

``NetworkDiagram`` is the picture of a network; ``diagram.neuron(layer, i)``,
``diagram.edge(layer, source, target)`` and ``diagram.layer(layer)`` address its parts. The other
mobjects are panels beside it. ``Box`` says which part of the frame something fills: ``FRAME``
all of it, ``WIDE`` all above a caption, ``LEFT`` and ``RIGHT`` room for a diagram and a panel.

In the examples there are a ``network`` of sizes (3, 4, 2), its ``trace`` and ``blame`` for one
sample, its ``diagram``, and a manim ``scene``; ``DARK`` is ``netviz.theme.DARK``.
"""

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.layout.box import FRAME, LEFT, RIGHT, WIDE, Box
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.panels.curve import ActivationCurve
from netviz.drawing.panels.loss import LossHistory
from netviz.drawing.panels.ranking import Correction, GradientRanking
from netviz.drawing.panels.reckoning import Named, Reckoning
from netviz.drawing.panels.target import LossReadout, TargetPanel
from netviz.drawing.text import Label, Number, formula

__all__ = [
    "FRAME",
    "LEFT",
    "RIGHT",
    "WIDE",
    "ActivationCurve",
    "Box",
    "Correction",
    "EdgeTag",
    "Factors",
    "GradientRanking",
    "Label",
    "LossHistory",
    "LossReadout",
    "Named",
    "NetworkDiagram",
    "Number",
    "ProductTable",
    "Reckoning",
    "TargetPanel",
    "formula",
]
