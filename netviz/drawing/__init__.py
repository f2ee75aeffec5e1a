"""What is on screen: manim mobjects, from a neuron to a diagram with its panels.

``NetworkDiagram`` is the picture of a network; ``diagram.neuron(layer, i)``,
``diagram.edge(layer, source, target)`` and ``diagram.layer(layer)`` address its parts. Subclasses
of ``Panel`` show something about a network next to its diagram; ``Factors``, ``Series``, ``Term``
and ``WeightGradient`` are data of theirs. A ``Box`` is the part of the frame that something fills:
``FRAME_BOX`` all of it, ``WIDE_BOX`` all above a caption, ``LEFT_BOX`` and ``RIGHT_BOX`` are for a
diagram and a panel.

The examples use a ``network`` of sizes (3, 4, 2), its ``trace`` and ``blame`` for one sample, its
``diagram``, and a manim ``scene``; ``DARK_THEME`` is ``netviz.theme.DARK_THEME``.
"""

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_gradients import EdgeGradients, EdgeStep
from netviz.drawing.edge_key import EdgeKey
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.layout.box import FRAME_BOX, LEFT_BOX, RIGHT_BOX, WIDE_BOX, Box
from netviz.drawing.panels.activations import ActivationCurve, ActivationTable, SlopeCurve
from netviz.drawing.panels.arithmetic import Factors, GradientRanking, ProductTable, WeightGradient
from netviz.drawing.panels.bars import NumberBars
from netviz.drawing.panels.calculation import Calculation, Term
from netviz.drawing.panels.descent import LossContour, LossCurve
from netviz.drawing.panels.fits import FitPlot
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.drawing.panels.graph import ComputationGraph
from netviz.drawing.panels.layers import LayerBars, LayerHistograms
from netviz.drawing.panels.linear import BentPlane, LinearSum, LinePlane, TruthTable
from netviz.drawing.panels.matrices import MatrixProduct
from netviz.drawing.panels.outputs import AnswerBars, ChangeTable, LossReadout, TargetPanel
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.planes import CodePlane, DecisionPlane
from netviz.drawing.panels.regression import RegressionPlot
from netviz.drawing.panels.residuals import ResidualPlot
from netviz.drawing.panels.squares import SquaredErrors
from netviz.drawing.panels.steps import StepList
from netviz.drawing.panels.training import LossHistory, ProgressCurves, Series
from netviz.drawing.text import Number, TextLabel, formula

__all__ = [
    "FRAME_BOX",
    "LEFT_BOX",
    "RIGHT_BOX",
    "WIDE_BOX",
    "ActivationCurve",
    "ActivationTable",
    "AnswerBars",
    "BentPlane",
    "Box",
    "Calculation",
    "ChangeTable",
    "CodePlane",
    "ComputationGraph",
    "DecisionPlane",
    "EdgeGradients",
    "EdgeKey",
    "EdgeStep",
    "EdgeSum",
    "EdgeTag",
    "Factors",
    "FitPlot",
    "GapBars",
    "GradientRanking",
    "LayerBars",
    "LayerHistograms",
    "LinePlane",
    "LinearSum",
    "LossContour",
    "LossCurve",
    "LossHistory",
    "LossMeter",
    "LossReadout",
    "MatrixProduct",
    "NetworkDiagram",
    "Number",
    "NumberBars",
    "Panel",
    "ProductTable",
    "ProgressCurves",
    "RegressionPlot",
    "ResidualPlot",
    "Series",
    "SlopeCurve",
    "SquaredErrors",
    "StepList",
    "TargetPanel",
    "Term",
    "TextLabel",
    "TruthTable",
    "WeightGradient",
    "formula",
]
