"""How large the neurons of an arrangement are."""

from __future__ import annotations

import math

from netviz.drawing.layout.box import FULL_LINES
from netviz.drawing.layout.given import Given
from netviz.drawing.layout.room import APART, CLEAR

# What the widest ring of blame takes around a neuron that is as large as lines get.
RING_OF_BLAME = 0.16
# As much of the distance of layers a radius may take so that its number can be read.
_READABLE_SHARE = 0.2
# The radius beside the distance of neurons: with room for rings of blame, and as close as can be.
AIRY, _CLOSEST = 0.355, 0.43
# A neuron that is smaller is a dot that nobody sees; what two rings and two layers keep between.
_SMALLEST, _RINGS, _EDGES = 0.12, 0.1, 0.3


class Sizes:
    """Radii, and numbers in the neurons.

    Args:
        given: What is arranged.

    Attributes:
        radius: Of all neurons, were they of one size.
        outside: What is kept free beyond the ends of the longest layer.
        radii: For each layer the radius of its neurons.
        value_ems: For each layer the size of the number in a neuron, or ``None``.

    Raises:
        ValueError: A size of the style, or a text, does not fit the box.
    """

    def __init__(self, given: Given) -> None:
        self._given, self._style = given, given.style
        self.radius, self.outside = self._radius()
        self.radii = self._radii()
        self.value_ems = [self._value_em(radius) for radius in self.radii]

    # ---- what is asked for ----------------------------------------------------------------------

    def full(self, n: int, radius: float) -> float:
        """From place to place of ``n`` neurons that take all of the height."""
        return (self._given.across - 2 * (radius + self.outside)) / max(n - 1, 1)

    def filling(self, spacing: float) -> float:
        """Radius of neurons at a distance, as far as the gaps between layers allow."""
        given = self._given
        # In a crowded column numbers matter more than air between neurons, as long as there is
        # some.
        readable = min(self._readable, _CLOSEST * spacing)
        along = self._style.layer_spacing or (given.along - sum(given.room.beyond)) / given.last
        widest = given.grain.share * along
        if self._readable <= _READABLE_SHARE * along:
            widest = max(widest, self._readable)
        # Labels need the room between rows, which is less high than that between columns is wide.
        if given.down and self._style.edge_labels != "none":
            widest = min(widest, self._readable)
        return min(max(AIRY * spacing, readable), widest)

    # ---- radii ----------------------------------------------------------------------------------

    def _radii(self) -> list[float]:
        """Of the neurons of each layer.

        All have one size, unless the longest layer has room for its numbers neither in its neurons
        nor beside them: then each layer has its own, as though the others were no longer than it,
        but none is larger than a number asks for.
        """
        given = self._given
        crowded = self.full(given.most, self.radius) < given.grain.values
        if self._style.neuron_size is not None or self._legible(self.radius) or not crowded:
            return [self.radius for _ in given.layers]
        limits = self._limits()
        return [self._own(n, limits.get(layer, math.inf)) for layer, n in enumerate(given.lengths)]

    def _own(self, n: int, limit: float) -> float:
        radius = min(self.filling(self._spacing(n)), limit, self._readable)
        if not self._legible(radius):
            radius = min(radius, AIRY * self._spacing(n))
        return max(radius, self.radius)

    def _radius(self) -> tuple[float, float]:
        """Of all neurons in one size, and what is kept free beyond the ends of the longest."""
        given, limits = self._given, self._limits()
        limit = min(limits.values(), default=math.inf)
        if self._style.neuron_size is not None:
            limit = min(limit, self._largest())
            return given.told("neuron_size", self._style.neuron_size, limit), 0.0
        if limit < _SMALLEST:
            raise ValueError(self._crowded(min(limits, key=lambda layer: limits[layer])))
        radius, outside = min(self.filling(self._spacing(given.most)), limit), 0.0
        smaller = self._fitting_with_blame()
        if given.most in given.lengths[1:-1] and smaller >= self._readable:
            radius, outside = min(radius, smaller), given.grain.outside
        return radius, outside

    def _spacing(self, n: int) -> float:
        """What each of ``n`` neurons has of its layer."""
        return self._style.neuron_spacing or self._given.across / n

    def _largest(self) -> float:
        """Largest radius at which neither the neurons of a layer nor two layers touch."""
        given = self._given
        free = given.along - sum(given.room.beyond) - given.last * _EDGES
        along = free / (2 * (given.last + 1))
        if self._style.layer_spacing is not None:
            along = min(along, (self._style.layer_spacing - _EDGES) / 2)
        if self._style.neuron_spacing is not None:
            return min(along, (self._style.neuron_spacing - _RINGS) / 2)
        return min(along, (given.across - (given.most - 1) * _RINGS) / (2 * given.most))

    # ---- with texts beside them -----------------------------------------------------------------

    def _limits(self) -> dict[int, float]:
        """Largest radius for each layer with texts beside its neurons."""
        lettered = [layer for layer, beside in enumerate(self._given.beside) if beside]
        lengths, across = self._given.lengths, self._given.across
        return {layer: self._fitting(layer, lengths[layer], across) for layer in lettered}

    def _fitting(self, layer: int, n: int, across: float) -> float:
        """Largest radius at which the texts beside ``n`` neurons of a layer have room."""
        beside = self._given.beside[layer]
        if self._style.neuron_spacing is not None:
            return (self._style.neuron_spacing - beside - CLEAR - APART) / 2
        taken = (n - 1) * (beside + CLEAR + APART) + 2 * (beside + CLEAR)
        thin = 2 * n * RING_OF_BLAME
        # Rings become thinner with their neurons.
        return max(
            (across - taken) / (2 * n),
            (across - taken + thin) / (2 * n + thin / FULL_LINES),
        )

    def _fitting_with_blame(self) -> float:
        given = self._given
        if self._style.neuron_spacing is not None or not self._style.numbers:
            return 0.0
        beside = max(given.beside[1:-1], default=0.0)
        between = given.grain.blame + beside
        taken = 2 * (given.grain.outside + beside) + (given.most - 1) * between
        return (given.across - taken) / (2 * given.most)

    def _crowded(self, layer: int) -> str:
        given, told = self._given, self._style.neuron_spacing
        if told is not None:
            least = 2 * _SMALLEST + given.beside[layer] + CLEAR + APART
            return (
                f"neuron_spacing is {told:g}: expected at least {math.ceil(100 * least) / 100:g}, "
                f"or None, for the texts of layer {layer}"
            )
        most = next(filter(self._leaves_room, range(given.columns[layer].length - 1, 2, -1)), 0)
        return (
            f"layer {layer} has texts beside {given.columns[layer].length} neurons, which find no "
            f"room in a box of {given.extent}: expected {fewer(most)}"
        )

    def _leaves_room(self, most: int) -> bool:
        """Whether texts beside neurons would have room with another ``max_neurons``."""
        given = self._given
        lengths = [
            min(n, most + biased) for n, biased in zip(given.lengths, given.biased, strict=True)
        ]
        across = given.across - given.room.folded
        return all(
            self._fitting(layer, lengths[layer], across) >= _SMALLEST for layer in self._limits()
        )

    # ---- numbers in them ------------------------------------------------------------------------

    @property
    def _readable(self) -> float:
        """Radius of a neuron in which a number can be read."""
        return 1.24 * self._given.theme.smallest_text

    def _legible(self, radius: float) -> bool:
        return radius >= 0.999 * self._readable

    def _value_em(self, radius: float) -> float | None:
        theme = self._given.theme
        if not self._legible(radius) or not self._style.numbers:
            return None
        return max(theme.smallest_text, min(0.76 * radius, 3 * theme.number_size))


def fewer(most: int) -> str:
    """What is expected where a box has room for ``most`` neurons of a layer."""
    return f"fewer, such as with max_neurons={most}" if most >= 3 else "a larger box"
