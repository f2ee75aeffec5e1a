"""Layout: where the drawn neurons of a network stand."""

from __future__ import annotations

from dataclasses import dataclass

from netviz.drawing.layout.columns import Column
from netviz.style import Direction

Point = tuple[float, float, float]


@dataclass(frozen=True)
class Layout:
    """Centres and radius of the drawn neurons of a layered network.

    Attributes:
        direction: Which way activations flow.
        columns: Which neurons of each layer are drawn.
        centers: For each layer the points (x, y, 0) of its drawn neurons.
        dots: For each layer the point of the ⋮ that stands for the others, or ``None``.
        biases: For each layer the point of its bias neuron, or ``None``.
        radius: Of every neuron, but of an input that stands as an image.
        value_em: Size of the number in a neuron; ``None`` where it would be too small to read.
        values_beside: Whether inputs and outputs have room for a number beside them instead.
        blame_fits: For each layer, whether a second number has room beside a neuron.
        input_radius: Of the pixels of such an input; else ``None``.
    """

    direction: Direction
    columns: tuple[Column, ...]
    centers: tuple[tuple[Point, ...], ...]
    dots: tuple[Point | None, ...]
    biases: tuple[Point | None, ...]
    radius: float
    value_em: float | None
    values_beside: bool
    blame_fits: tuple[bool, ...]
    input_radius: float | None = None

    def radius_of(self, layer: int) -> float:
        """Of the neurons of a layer."""
        return self.radius if layer or self.input_radius is None else self.input_radius
