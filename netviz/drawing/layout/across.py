"""Where the neurons of an arrangement stand in their layers, and what has room between them."""

from __future__ import annotations

import math

from netviz.drawing.layout.box import FULL_LINES
from netviz.drawing.layout.given import Given
from netviz.drawing.layout.room import APART, CLEAR
from netviz.drawing.layout.sizes import AIRY, RING_OF_BLAME, Sizes, fewer

# Until a spacing and the radius that it allows agree.
_ROUNDS = 40


class Across:
    """From neuron to neuron of each layer.

    Args:
        given: What is arranged.
        sizes: How large it is.

    Attributes:
        pitches: For each layer the distance from place to place.
        values_beside: For each layer, whether its neurons have their numbers beside them.

    Raises:
        ValueError: A spacing of the style does not fit the box.
    """

    def __init__(self, given: Given, sizes: Sizes) -> None:
        self._given, self._sizes = given, sizes
        self.pitches = [self._pitch(layer) for layer in given.layers]
        self.values_beside = [self._value_beside(layer) for layer in given.layers]

    # ---- places ---------------------------------------------------------------------------------

    def neurons(self, layer: int) -> list[float]:
        """v of the drawn neurons of a layer."""
        return [self._at(layer, place) for place in self._given.columns[layer].places]

    def dots(self, layer: int) -> float | None:
        """v of the ⋮ of a layer, or ``None``."""
        place = self._given.columns[layer].dots
        return None if place is None else self._at(layer, place)

    def bias(self, layer: int) -> float | None:
        """v of the bias neuron of a layer, or ``None``: first in a column, last in a row."""
        if not self._given.biased[layer]:
            return None
        return self._at(layer, self._given.columns[layer].length if self._given.down else -1)

    def _at(self, layer: int, place: float) -> float:
        """v of a place, counted from the first of the neurons that are no bias."""
        n, pitch = self._given.lengths[layer], self.pitches[layer]
        before = self._given.biased[layer] and not self._given.down
        return (self._given.across - pitch * (n - 1)) / 2 + pitch * (place + before)

    # ---- from place to place --------------------------------------------------------------------

    def _pitch(self, layer: int) -> float:
        given, sizes = self._given, self._sizes
        n, radius = given.lengths[layer], sizes.radii[layer]
        self._expect_texts(layer)
        if given.style.neuron_spacing is not None:
            return given.told("neuron_spacing", given.style.neuron_spacing, self._widest())
        tight, full = sizes.full(given.most, sizes.radius), sizes.full(n, radius)
        need = max(radius / AIRY if radius > sizes.radius else 0.0, given.abreast[layer])
        if given.abreast[layer]:
            full = min(full, (given.across - given.abreast[layer]) / max(n - 1, 1))
        if given.beside[layer]:
            beyond = self._need(layer) - radius - APART / 2
            full = min(full, (given.across - 2 * beyond) / max(n - 1, 1))
            need = max(need, self._need(layer))
        if given.down or given.beside[layer]:
            need = max(need, self._need_with_blame(layer))
        # Half the full height at least: two neurons beside five do not huddle in the middle.
        return min(full, max(tight, 0.5 * full, need))

    def _expect_texts(self, layer: int) -> None:
        """Refuse texts beyond neurons that are too close for them."""
        given, need, n = self._given, self._given.abreast[layer], self._given.lengths[layer]
        told = given.style.neuron_spacing
        if told is not None and n > 1 and told < need:
            raise ValueError(
                f"neuron_spacing is {told:g}: expected at least {math.ceil(100 * need) / 100:g}, "
                f"or None, for the texts of layer {layer}"
            )
        if n * need > given.across:
            most = int((given.across - given.room.folded) / need) - given.biased[layer]
            raise ValueError(
                f"layer {layer} has texts beside {given.columns[layer].length} neurons, which "
                f"find no room in a box of {given.extent}: expected {fewer(most)}"
            )

    def _widest(self) -> float:
        """Largest distance of neurons; the farther they are apart, the larger they become."""
        across, steps = self._given.across, self._given.most - 1
        if not steps:
            return math.inf
        spacing = across / steps
        for _ in range(_ROUNDS):
            radius = self._given.style.neuron_size or self._sizes.filling(spacing)
            spacing = (across - 2 * radius) / steps
        return spacing

    def _need(self, layer: int) -> float:
        """From neuron to neuron of a layer with texts beside them, at least."""
        radius = self._sizes.radii[layer]
        thin = 2 * RING_OF_BLAME * (1 - min(1.0, radius / FULL_LINES))
        return 2 * radius + self._given.beside[layer] + CLEAR + APART - thin

    def _need_with_blame(self, layer: int) -> float:
        """The same with a blame at each neuron, as far as there is room; else nothing."""
        given, radius = self._given, self._sizes.radii[layer]
        within = 0 < layer < given.last and given.style.numbers
        need = 2 * radius + given.grain.blame + given.beside[layer]
        beyond = radius + given.grain.outside + given.beside[layer]
        fits = need * (given.lengths[layer] - 1) + 2 * beyond <= given.across
        return need if within and fits else 0.0

    # ---- numbers --------------------------------------------------------------------------------

    def _value_beside(self, layer: int) -> bool:
        """Only the two ends of a diagram have room there."""
        given = self._given
        small = given.style.numbers and self._sizes.value_ems[layer] is None
        return small and layer in (0, given.last) and self.pitches[layer] >= given.grain.values

    def blame_fits(self, layer: int, gap: float) -> bool:
        """Whether a blame has room at each neuron of a layer, ``gap`` away from the next layer."""
        given, n = self._given, self._given.lengths[layer]
        pitch = self.pitches[layer] if n > 1 else math.inf
        if not given.style.numbers:
            return False
        if layer == given.last:
            return pitch >= given.grain.blames
        radius, beside = self._sizes.radii[layer], given.beside[layer]
        outside = (given.across - (pitch * (n - 1) if n > 1 else 0.0)) / 2 - radius
        return (
            gap >= given.grain.layers
            and pitch - 2 * radius >= given.grain.blame + beside - 1e-9
            and outside >= given.grain.outside + beside - 1e-9
        )
