"""Boxes of the frame: what stands where beside each other."""

from __future__ import annotations

from dataclasses import astuple, dataclass

# manim's frame in its own units.
FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0


@dataclass(frozen=True)
class Box:
    """A rectangle of the frame, in manim units.

    ``FRAME`` is the whole frame with a margin, and with room for blame right of the outputs of a
    diagram; ``WIDE`` leaves the bottom to a caption; ``LEFT`` is for a diagram beside a panel in
    ``RIGHT``.

    Example:
        >>> scene.add(NetworkDiagram(network, box=FRAME).show_blame(blame))
        >>> WIDE.towards(LEFT, 0.5).width
        9.275
        >>> bool(NetworkDiagram(network, box=Box(left=-6, right=0, bottom=-2, top=2)).width < 6)
        True
    """

    left: float
    right: float
    bottom: float
    top: float

    @property
    def width(self) -> float:
        """Units from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Units from bottom to top."""
        return self.top - self.bottom

    @property
    def center(self) -> tuple[float, float, float]:
        """The middle, as a point of manim's space."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0

    def towards(self, other: Box, share: float) -> Box:
        """The box ``share`` of the way from this one (0) to another (1)."""
        ends = zip(astuple(self), astuple(other), strict=True)
        return Box(*((1 - share) * a + share * b for a, b in ends))


# The caption has the bottom strip; the diagram has all above it, or the left of that, with a
# panel to its right.
CAPTION = Box(-6.8, 6.8, -3.75, -3.15)
WIDE = Box(-5.3, 5.3, -2.85, 3.5)
# All of the frame, for a picture without a caption, but room for blame right of the outputs.
FRAME = Box(-6.7, 5.45, -3.65, 3.65)
LEFT = Box(-6.75, 1.2, -2.85, 3.5)
RIGHT = Box(2.8, 6.75, -2.85, 3.5)

NAME_EM = 0.34
# From this radius of a neuron on, lines are as thick as they get, in manim units.
FULL_LINES = 0.38
