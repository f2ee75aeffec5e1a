"""All edges of a network's layers: their weights, their colours and their labels."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from manim import VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.edges.bundle import edges_between, number_of_edges
from netviz.drawing.edges.layer import MOST_DASHED
from netviz.drawing.edges.paint import Mask, Paint, strongest
from netviz.drawing.edges.tags import EdgeLabels, label_edges
from netviz.drawing.layout.problem import Column
from netviz.drawing.neuron import Neuron
from netviz.problems import Problem, ProblemError
from netviz.style import Style

Array = NDArray[np.float64]


class NetworkEdges:
    """The edges between all consecutive layers.

    Args:
        columns: Which neurons of each layer are drawn.
        paints: How the edges look, one for each layer after the input.
        masks: Which pairs are connected, one for each layer after the input, shape (n_out, n_in).
        style: Says whether there are labels.

    Attributes:
        layers: An :class:`EdgeLayer` for each layer after the input.
        labels: The labels of each of these; none if the style says so.
        dense: Whether a tint shows the signs of weights, in all layers, instead of dashes.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        paints: Sequence[Paint],
        masks: Sequence[Mask],
        style: Style,
    ) -> None:
        shown = [column.shown for column in columns]
        gaps = list(zip(shown, shown[1:], masks, strict=False))
        # All layers of a diagram show signs in the same way.
        self.dense = any(number_of_edges(*gap) > MOST_DASHED for gap in gaps)
        parts = zip(range(len(paints)), shown, shown[1:], paints, masks, strict=False)
        self.layers = VGroup(*(edges_between(*part, dense=self.dense) for part in parts))
        labelled = paints if style.edge_labels != "none" else ()
        self.labels = VGroup(*(EdgeLabels(layer, paint) for layer, paint in enumerate(labelled)))

    def connect(
        self, neurons: Sequence[VGroup], weights: Sequence[Array], masks: Sequence[Mask]
    ) -> None:
        """Draw the edges between neurons.

        Args:
            neurons: The drawn neurons of every layer.
            weights, masks: For each layer after the input, shape (n_out, n_in).
        """
        drawn = zip(self.layers, pairwise(neurons), weights, masks, strict=True)
        for edges, (sources, targets), matrix, mask in drawn:
            edges.connect(sources, targets, matrix, mask)

    def discard_label_places(self) -> None:
        """Find new places for the labels when they are written next, because edges have moved."""
        for labels in self.labels:
            labels.forget()

    def write_labels(self, neurons: Sequence[VGroup], biases: Sequence[Neuron]) -> None:
        """Let the labels show the weights as they are drawn now.

        Args:
            neurons: The drawn neurons of every layer, which labels must not touch.
            biases: The bias neurons of every layer, if they are drawn.

        Raises:
            ProblemError: There is no room.
        """
        around = (
            [*before, *after, *biases[layer : layer + 2]]
            for layer, (before, after) in enumerate(pairwise(neurons))
        )
        if self.labels:
            label_edges(list(zip(self.labels, self.layers, around, strict=True)))

    def color_by(self, matrices: Sequence[ArrayLike] | None) -> None:
        """Let the colours show other numbers than the style says.

        Args:
            matrices: One for each layer after the input, shape (n_out, n_in); ``None`` for what
                the style says.

        Raises:
            ProblemError: Their number or the shape of one is wrong.
        """
        if matrices is None:
            for edges in self.layers:
                edges.forget_colors()
                edges.color_by(None)
            return
        values = [np.asarray(matrix, dtype=float) for matrix in matrices]
        shapes = [matrix.shape for matrix in values]
        expected = [edges.weights.shape for edges in self.layers]
        if shapes != expected:
            raise ProblemError(Problem("matrices", f"have shapes {shapes}", f"{expected}"))
        largest = strongest(*values)
        for edges, matrix in zip(self.layers, values, strict=True):
            edges.forget_colors()
            edges.color_by(matrix / largest)
