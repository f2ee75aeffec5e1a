"""What a layer computed: ``f(z) = a`` beside each of its neurons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import VGroup
from numpy.typing import NDArray

from netviz.core import Activation
from netviz.drawing.layout.box import NAME_EM, Box
from netviz.drawing.panels.reading import Reading
from netviz.drawing.text import formula
from netviz.theme import Theme

Array = NDArray[np.float64]


class ActivationTable(VGroup):
    """A row for each neuron: its activation function, its pre-activation, its activation.

    Args:
        heading: Typst; the formula.
        function: The activation function of the layer.
        z, a: Pre-activations and activations, shape (n,), as the core computed them.
        heights: y of each row, that of its neuron.
        color: Of the activations, the role of the layer.
        theme: Colours and fonts.
        box: Gives left, right and bottom.

    Attributes:
        rows: A :class:`~netviz.drawing.panels.reading.Reading` for each neuron.
    """

    def __init__(
        self,
        heading: str,
        function: Activation,
        z: Array,
        a: Array,
        *,
        heights: Sequence[float],
        color: str,
        theme: Theme,
        box: Box,
    ) -> None:
        self.heading = formula(heading, theme, width=box.width)
        # Like the names of the layers, it stands below its column.
        self.heading.move_to([box.center[0], box.bottom + NAME_EM / 2, 0])
        self.rows = VGroup(
            *(
                Reading(function, theme, zi, ai, color=color, width=box.width)
                for zi, ai in zip(z, a, strict=True)
            )
        )
        for row, y in zip(self.rows, heights, strict=True):
            row.move_to([box.center[0], y, 0])
        super().__init__(self.heading, self.rows)
