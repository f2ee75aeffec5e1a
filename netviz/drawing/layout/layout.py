"""Layout: where the drawn neurons of a network stand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from netviz.style import Direction

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Layout:
    """Centres and radii of the drawn neurons of a layered network.

    Attributes:
        direction: Which way activations flow.
        centers: For each layer the points (x, y, 0) of its drawn neurons.
        dots: For each layer the point of the ⋮ that stands for the others, or ``None``.
        biases: For each layer the point of its bias neuron, or ``None``.
        radii: For each layer the radius of its neurons.
        value_ems: For each layer the size of the number in a neuron; ``None`` where it would be
            too small to read.
        values_beside: For each layer, whether its neurons have their numbers beside them instead.
        blame_fits: For each layer, whether a second number has room beside a neuron.
    """

    direction: Direction
    centers: tuple[tuple[Point, ...], ...]
    dots: tuple[Point | None, ...]
    biases: tuple[Point | None, ...]
    radii: tuple[float, ...]
    value_ems: tuple[float | None, ...]
    values_beside: tuple[bool, ...]
    blame_fits: tuple[bool, ...]

    def half_way(self, layer: int) -> float:
        """Half the least distance of two neurons of a layer; infinite for a single one."""
        bias = self.biases[layer]
        line = sorted((*self.centers[layer], bias) if bias else self.centers[layer])
        return min((math.dist(a, b) / 2 for a, b in pairwise(line)), default=math.inf)

    @property
    def roomy(self) -> bool:
        """Whether every neuron has room for its number, so that edges between them have too."""
        return None not in self.value_ems
