"""Places the neurons of a network in a box: columns, or rows, as large as there is room."""

from __future__ import annotations

from collections.abc import Sequence

from netviz.drawing.layout.across import Across
from netviz.drawing.layout.box import Box
from netviz.drawing.layout.given import Given
from netviz.drawing.layout.layout import Layout, Point
from netviz.drawing.layout.room import Room
from netviz.drawing.layout.sizes import Sizes
from netviz.style import Style
from netviz.theme import Theme


def arrange(
    sizes: Sequence[int],
    box: Box,
    theme: Theme,
    style: Style | None = None,
    room: Room | None = None,
) -> Layout:
    """Place a network of layer ``sizes`` so that it fills ``box``, or as ``style`` tells.

    Neurons are as large as their column and the gaps between columns allow. Columns are centred;
    a short column is spread, so that a layer of two does not huddle in the middle.

    Args:
        sizes: Neurons in each layer, input first.
        box: What is filled.
        theme: Gives the sizes of texts.
        style: How it is drawn; as the theme has it unless told.
        room: What texts take; as much as the names of layers unless told.

    Raises:
        ValueError: A spacing or a size of the style, or a text, does not fit the box.
    """
    given = Given(sizes, box, theme, style or theme.style, room or Room())
    measured = Sizes(given)
    across = Across(given, measured)
    first, gap = _along(given, measured, across)

    def point(layer: int, v: float) -> Point:
        return _point(given, first + layer * gap, v)

    def some(places: Sequence[float | None]) -> tuple[Point | None, ...]:
        return tuple(None if v is None else point(layer, v) for layer, v in enumerate(places))

    return Layout(
        direction=given.style.direction,
        centers=tuple(
            tuple(point(layer, v) for v in across.neurons(layer)) for layer in given.layers
        ),
        dots=some([across.dots(layer) for layer in given.layers]),
        biases=some([across.bias(layer) for layer in given.layers]),
        radii=tuple(measured.radii),
        value_ems=tuple(measured.value_ems),
        values_beside=tuple(across.values_beside),
        blame_fits=tuple(across.blame_fits(layer, gap) for layer in given.layers),
    )


def _along(given: Given, sizes: Sizes, across: Across) -> tuple[float, float]:
    """u of the first layer, and from a layer to the next."""
    room, value = given.room, given.grain.value
    first, last = (
        max(end, sizes.radii[layer] + value * across.values_beside[layer] + beyond)
        for layer, end, beyond in zip((0, given.last), room.ends, room.beyond, strict=True)
    )
    widest = (given.along - first - last) / given.last
    if given.style.layer_spacing is None:
        return first, widest
    gap = given.told("layer_spacing", given.style.layer_spacing, widest)
    return first + (widest - gap) * given.last / 2, gap


def _point(given: Given, u: float, v: float) -> Point:
    if given.down:
        return given.box.left + given.room.foot + v, given.box.top - u, 0.0
    return given.box.left + u, given.box.top - given.room.head - v, 0.0
