"""What stands for the neurons that are not drawn: three dots, and a brace with the true count."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import Circle, VGroup, VMobject
from numpy.typing import NDArray

from netviz.drawing.text import TextLabel
from netviz.theme import Theme

Vector = NDArray[np.float64]

# From the ends of a brace to its tip, and from the tip to the count, in manim units.
DEPTH, _GAP = 0.16, 0.06
_LINE = 2.5
_DOT, _APART = 0.035, 0.15


class Dots(VMobject):
    """⋮, or ⋯ where a layer is a row: three discs on a line.

    Args:
        theme: Gives the colour.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__(stroke_width=0, fill_color=theme.text, fill_opacity=1)

    def place(self, center: Vector, along: Vector) -> Self:
        """Stand on a point, on a line in the direction of the unit vector ``along``."""
        self.clear_points()
        for step in (-1, 0, 1):
            disc = Circle(radius=_DOT).shift(center + step * _APART * along)
            self.append_points(disc.points)
        return self


class Brace(VGroup):
    """A brace with a count at its tip.

    Args:
        count: What it says.
        theme: Gives font and colours.
        color: Of the count.

    Attributes:
        line, label: The two parts.
    """

    def __init__(self, count: int, theme: Theme, color: str) -> None:
        self.line = VMobject(stroke_color=theme.muted, stroke_width=_LINE)
        self.label = TextLabel(f"{count}", theme, color=color)
        super().__init__(self.line, self.label)

    def place(self, center: Vector, half: float, outward: Vector) -> Self:
        """Open towards the layer and point away from it.

        Args:
            center: Between its two ends.
            half: From there to an end.
            outward: Unit vector from there to the tip.
        """
        along = np.array([-outward[1], outward[0], 0.0])
        bend = min(DEPTH / 2, half / 2)

        def at(across: float, out: float) -> Vector:
            point: Vector = center + across * along + out * DEPTH * outward
            return point

        self.line.clear_points()
        self.line.start_new_path(at(-half, 0))
        for side in (-1, 1):
            ends = ((half, 0.0), (half - bend, 0.5), (bend, 0.5), (0.0, 1.0))
            steps = [at(side * across, out) for across, out in ends[::-side]]
            corners = [at(side * across, 0.5) for across in (half, 0.0)][::-side]
            self.line.add_quadratic_bezier_curve_to(corners[0], steps[1])
            self.line.add_line_to(steps[2])
            self.line.add_quadratic_bezier_curve_to(corners[1], steps[3])
        reach = abs(outward[0]) * self.label.width + abs(outward[1]) * self.label.height
        self.label.move_to(center + (DEPTH + _GAP + reach / 2) * outward)
        return self
