"""Boxes: the parts of the frame that diagrams, panels and captions fill."""

from __future__ import annotations

from dataclasses import astuple, dataclass

from netviz.problems import entry_named

# Size of manim's frame, in frame units.
FRAME_WIDTH, FRAME_HEIGHT = 128 / 9, 8.0
# Em of the names of layers, in frame units: that of values.
NAME_EM = 8 / 26
# Radius of a neuron from which on lines have their full width, in frame units.
FULL_LINES = 0.38


@dataclass(frozen=True)
class Box:
    """A rectangle of the frame, in frame units (the frame is 8 units high).

    ``FRAME_BOX`` is the whole frame with a margin and with room for blame to the right of the
    outputs of a diagram. ``WIDE_BOX`` leaves the bottom to a caption. ``LEFT_BOX`` is for a diagram
    next to a panel in ``RIGHT_BOX``. Where a box is expected, its name in ``BOXES`` will do, such
    as ``box="left"``.

    Example:
        >>> scene.add(NetworkDiagram(network, box=FRAME_BOX).show_blame(blame))
        >>> WIDE_BOX.towards(LEFT_BOX, 0.5).width
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
        """Distance from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Distance from bottom to top."""
        return self.top - self.bottom

    @property
    def center(self) -> tuple[float, float, float]:
        """The middle, as a point (x, y, 0)."""
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2, 0.0

    def towards(self, other: Box, share: float) -> Box:
        """Return the box ``share`` of the way from this one (0) to another (1)."""
        ends = zip(astuple(self), astuple(other), strict=True)
        return Box(*((1 - share) * a + share * b for a, b in ends))


# A caption takes the strip at the bottom. A diagram takes all above it, or the left part of that,
# with a panel to its right.
CAPTION_BOX = Box(-6.8, 6.8, -3.75, -3.15)
WIDE_BOX = Box(-5.3, 5.3, -2.85, 3.5)
# The whole frame, for a picture without a caption. Blame is written to the right of the outputs.
FRAME_BOX = Box(-6.7, 5.45, -3.65, 3.65)
LEFT_BOX = Box(-6.75, 1.2, -2.85, 3.5)
RIGHT_BOX = Box(2.8, 6.75, -2.85, 3.5)
# The diagram, when what is still wrong stays on screen: the gaps between predictions and targets to
# its right, with room for blame between them and the outputs, and the loss above them.
STAGE_BOX = Box(-6.75, 3.62, -2.75, 2.88)
GAPS_BOX = Box(5.2, 6.9, -2.75, 3.05)
LOSS_BOX = Box(4.0, 6.9, 3.4, 3.84)

BOXES = {
    "frame": FRAME_BOX,
    "wide": WIDE_BOX,
    "left": LEFT_BOX,
    "right": RIGHT_BOX,
    "caption": CAPTION_BOX,
    "stage": STAGE_BOX,
    "gaps": GAPS_BOX,
    "loss": LOSS_BOX,
}


def as_box(box: Box | str) -> Box:
    """Return a box, which may be given by its name in ``BOXES``.

    Raises:
        ProblemError: It is neither a box nor the name of one.
    """
    return box if isinstance(box, Box) else entry_named(box, BOXES, "box")
