"""Bias neurons: one that is always 1 above each layer but the last, with b on its edges."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup
from numpy.typing import NDArray

from netviz.drawing.edges.layer import EdgeLayer
from netviz.drawing.edges.paint import Mask, Paint
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.problem import Column
from netviz.drawing.neuron import Neuron
from netviz.theme import Theme

Array = NDArray[np.float64]

# Least radius of a neuron with room for a 1, in ems. Other numbers are wider.
_RADIUS_OF_ONE = 0.45
# Index of the bias among the sources of a layer: its b is the last column, after the weights.
BIAS = -1


class BiasNeurons:
    """The bias neurons of a diagram, and the edges out of them.

    Args:
        columns: Which neurons of each layer are drawn.
        paints: How edges look, one for each layer after the input.
        biased: For each layer after the input, whether it has biases; if not, it has no bias edges.
        theme: Gives the colours.
        layout: Gives the sizes of the neurons.
        dense: Whether a tint shows the signs, as on the other edges of the diagram.

    Attributes:
        neurons: One for each layer but the last.
        edges: Their edges to the drawn neurons of the next layer, such as ``edge(BIAS, j)``.
    """

    def __init__(
        self,
        columns: Sequence[Column],
        paints: Sequence[Paint],
        biased: Sequence[bool],
        theme: Theme,
        layout: Layout,
        *,
        dense: bool = False,
    ) -> None:
        self._biased = biased
        self.neurons = VGroup(
            *(
                Neuron(
                    theme.muted,
                    theme,
                    radius=layout.radii[layer],
                    blame_side=None,
                    decimals=0,
                ).set_activation(1.0, 1.0)
                for layer in range(len(paints))
            )
        )
        self.edges = VGroup(
            *(
                EdgeLayer(
                    layer,
                    [BIAS],
                    column.shown,
                    paint,
                    np.full((column.size, 1), exist),
                    dense=dense,
                )
                for layer, (paint, column, exist) in enumerate(
                    zip(paints, columns[1:], biased, strict=False)
                )
            )
        )

    def place(self, layout: Layout) -> None:
        """Move the neurons to where a layout has them."""
        for layer, neuron in enumerate(self.neurons):
            em = layout.value_ems[layer] or _em_of_one(layout.radii[layer], neuron.theme)
            neuron.set_sides(em, None, None)
            neuron.place(np.array(layout.biases[layer]), layout.radii[layer])

    def connect(
        self,
        layers: Sequence[Sequence[Neuron]],
        weights: Sequence[Array],
        masks: Sequence[Mask],
        biases: Sequence[Array],
    ) -> None:
        """Draw the edges, each as wide as its |b| relative to the largest |w| or |b| of the layer.

        Args:
            layers: The drawn neurons of every layer.
            weights, masks: For each layer after the input, shape (n_out, n_in).
            biases: For each layer after the input, shape (n_out,).
        """
        numbers = map(np.column_stack, zip(weights, biases, strict=True))
        exist = ([exist] * len(mask) for exist, mask in zip(self._biased, masks, strict=True))
        pairs = map(np.column_stack, zip(masks, exist, strict=True))
        drawn = zip(self.neurons, self.edges, layers[1:], numbers, pairs, strict=True)
        for neuron, edges, targets, matrix, mask in drawn:
            edges.connect([neuron], targets, matrix, mask)


def _em_of_one(radius: float, theme: Theme) -> float | None:
    """Return the em of the 1 in a neuron without room for other numbers, or ``None``."""
    return theme.smallest_text if radius >= _RADIUS_OF_ONE * theme.smallest_text else None
