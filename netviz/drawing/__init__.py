"""What is on screen: manim mobjects, from a neuron to a diagram with its panels.

``NetworkDiagram`` is the picture of a network; ``diagram.neuron(layer, i)``,
``diagram.edge(layer, source, target)`` and ``diagram.layer(layer)`` address its parts. The other
mobjects are panels next to it. A ``Box`` is the part of the frame that something fills:
``FRAME_BOX`` all of it, ``WIDE_BOX`` all above a caption, ``LEFT_BOX`` and ``RIGHT_BOX`` leave room
for a diagram and a panel.

In the examples there are a ``network`` of sizes (3, 4, 2), its ``trace`` and ``blame`` for one
sample, its ``diagram``, and a manim ``scene``; ``DARK_THEME`` is ``netviz.theme.DARK_THEME``.
"""

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.layout.box import FRAME_BOX, LEFT_BOX, RIGHT_BOX, WIDE_BOX, Box
from netviz.drawing.panels.arithmetic import Factors, ProductTable
from netviz.drawing.panels.curve import ActivationCurve
from netviz.drawing.panels.loss import LossHistory
from netviz.drawing.panels.ranking import Correction, GradientRanking
from netviz.drawing.panels.reckoning import Named, Reckoning
from netviz.drawing.panels.target import LossReadout, TargetPanel
from netviz.drawing.text import Number, TextLabel, formula

__all__ = [
    "FRAME_BOX",
    "LEFT_BOX",
    "RIGHT_BOX",
    "WIDE_BOX",
    "ActivationCurve",
    "Box",
    "Correction",
    "EdgeTag",
    "Factors",
    "GradientRanking",
    "LossHistory",
    "LossReadout",
    "Named",
    "NetworkDiagram",
    "Number",
    "ProductTable",
    "Reckoning",
    "TargetPanel",
    "TextLabel",
    "formula",
]
