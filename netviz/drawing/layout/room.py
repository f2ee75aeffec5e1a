"""What texts take of the box of a diagram."""

from __future__ import annotations

from dataclasses import dataclass

from netviz.drawing.layout.box import NAME_EM

# Between the outermost neurons and the names of the layers.
AIR = 1.1 * NAME_EM
# Of a neuron as large as lines get: from its rim, over the widest ring of blame, to a text; and
# from a text to the next such rim. Half of it is air, which small neurons need too.
CLEAR, APART = 0.26, 0.24


@dataclass(frozen=True)
class Room:
    """What texts take of the box, in manim units.

    Attributes:
        foot: Where the layers' names stand: below columns, left of rows.
        head: Opposite of it.
        folded: What braces will take of either once a layer is drawn with ⋮, if there are none yet.
        ends: Least distance of the first and the last layer from the ends of the box.
        beyond: From the rims of the first and the last layer to the ends of the box.
        beside: For each layer, a text that each of its neurons has below (right of) itself.
        abreast: For each layer, the least distance of its neurons at which the texts beyond them
            can be read beside each other.
    """

    foot: float = NAME_EM + AIR
    head: float = 0.0
    folded: float = 0.0
    ends: tuple[float, float] = (0.55, 0.55)
    beyond: tuple[float, float] = (0.0, 0.0)
    beside: tuple[float, ...] = ()
    abreast: tuple[float, ...] = ()
