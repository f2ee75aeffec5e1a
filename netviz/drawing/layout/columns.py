"""Which neurons of a layer are drawn: all of them, or the first, ⋮ and the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """The drawn neurons of one layer, and their places in its column.

    Attributes:
        size: Neurons of the layer, drawn or not.
        shown: Indices of the drawn ones, ascending.
        places: Place of each drawn one, counted from the first; steps of the column's spacing.
        dots: Place of the ⋮, or ``None``.
    """

    size: int
    shown: tuple[int, ...]
    places: tuple[int, ...]
    dots: float | None = None

    @property
    def length(self) -> int:
        """How many places it takes."""
        return self.places[-1] + 1


def columns(sizes: Sequence[int], most: int | None, *, whole: bool = False) -> tuple[Column, ...]:
    """The column of each layer.

    Args:
        sizes: Neurons in each layer, input first.
        most: Places that a column takes at most; ``None`` for as many as there are neurons.
        whole: Whether all of the input are drawn, however many there are.
    """
    first = _column(sizes[0], None if whole else most)
    return (first, *(_column(size, most) for size in sizes[1:]))


def _column(size: int, most: int | None) -> Column:
    if most is None or size <= most:
        return Column(size, tuple(range(size)), tuple(range(size)))
    # As many before the dots as after them; these have the rest, a place or two.
    half = (most - 1) // 2
    shown = (*range(half), *range(size - half, size))
    places = (*range(half), *range(most - half, most))
    return Column(size, shown, places, (most - 1) / 2)
