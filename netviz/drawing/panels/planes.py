"""Planes of two numbers: what a network decides for two inputs, and the codes of two neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import Circle, Mobject, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import Data, Network, forward
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, Plane
from netviz.drawing.text import TextLabel
from netviz.problems import Problem, ProblemError, expect
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# The network is evaluated at so many points along each side of the plane.
_GRID = 80
# The colour of a class has so many tints, the stronger the surer the network; the strongest one
# is this share of the colour on the background.
_TINTS, _STRONGEST = 5, 0.42
# Space around the samples and around the codes, as a share of their range.
_SAMPLE_MARGIN, _CODE_MARGIN = 0.15, 0.12
_MOST_SAMPLES = 300
# Up to this many samples have large markers; radii in frame units.
_FEW_SAMPLES, _LARGE, _SMALL = 50, 0.11, 0.065
_MARKER_STROKE = 1.5
# Corners of the marker of each class, so that classes differ not only by colour.
_CORNERS = (24, 4, 3, 5)
MAX_CLASSES = len(_CORNERS)
# Radius of the disc of a code, in frame units, and stroke of its trail.
_DISC_RADIUS, _TRAIL_STROKE = 0.17, 2.5


def class_colors(theme: Theme) -> tuple[str, ...]:
    """Return a colour for each of up to ``MAX_CLASSES`` classes."""
    return theme.input, theme.first_hidden, theme.last_hidden, theme.output


class DecisionPlane(Panel):
    """The plane of two inputs, in the colours of the classes that a network predicts there.

    Args:
        data: Samples of two inputs and at most ``MAX_CLASSES`` classes.
        networks: One for each moment of a training run.
        theme, box, words: As for every :class:`Panel`. The square and the names of the inputs
            fill the box.

    Attributes:
        plane: The square, a :class:`~netviz.drawing.panels.pieces.Plane`.
        regions: For each class its tints, the weakest and largest region first.
        samples: The markers of the samples, a path for each class.

    Raises:
        ProblemError: The data have another number of inputs or more classes, or there is no
            network.

    Example:
        >>> from netviz import Network, load_data
        >>> xor = load_data("xor")
        >>> networks = [Network.random([2, 3, 1], "tanh", rng=seed) for seed in range(3)]
        >>> panel = DecisionPlane(xor, networks)
        >>> scene.add(panel.show_moment(2))
    """

    def __init__(
        self,
        data: Data,
        networks: Sequence[Network],
        *,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("networks", networks, len(networks) > 0, "one or more")
        _expect_number("inputs of data", data.inputs.shape[1], 2, 2)
        _expect_number("classes of data", data.classes, 0, MAX_CLASSES)
        self._networks = list(networks)
        self._colors = class_colors(self.theme)[: max(data.classes, 1)]
        first, second = (
            TextLabel(name, self.theme, color=self.theme.muted)
            for name in data.input_names or ("x1", "x2")
        )
        low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
        margin = _SAMPLE_MARGIN * np.where(high > low, high - low, 1.0)
        ends = low - margin, high + margin
        self.plane = Plane(*ends, (first, second), theme=self.theme, box=self.box)
        self.regions = VGroup(*(self._tints(color) for color in self._colors))
        self.samples = VGroup(*self._samples(data))
        self.add(self.regions, self.plane, self.samples)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of networks."""
        return len(self._networks)

    def show_moment(self, moment: float) -> Self:
        """Show what the network of the last whole moment predicts."""
        super().show_moment(moment)
        grid = self._grid()
        shares = np.clip(forward(self._networks[int(moment)], grid).prediction, 0.0, 1.0)
        if shares.shape[1] == 1:
            shares = np.concatenate([1 - shares, shares], axis=1)
        classes, sure = shares.argmax(axis=1), shares.max(axis=1) / shares.sum(axis=1)
        chance = 1 / shares.shape[1]
        tint = np.floor(_TINTS * (sure - chance) / (1 - chance)).clip(0, _TINTS - 1)
        for k, tints in enumerate(self.regions):
            for level, region in enumerate(tints):
                inside = (classes == k) & (tint >= level)
                region.set_points(self._outlines(inside.reshape(_GRID, _GRID)))
        return self

    def _tints(self, color: str) -> VGroup:
        shares = _STRONGEST * (np.arange(_TINTS) + 0.5) / _TINTS
        colors = [mix(self.theme.background, color, share) for share in shares]
        return VGroup(
            *(VMobject(stroke_width=0, fill_color=tint, fill_opacity=1) for tint in colors)
        )

    def _outlines(self, inside: NDArray[np.bool_]) -> Array:
        """Rectangles around the cells that are inside; neighbours in a row are one rectangle."""
        edges = np.diff(np.pad(inside, ((0, 0), (1, 1))).astype(int), axis=1)
        row, start = np.nonzero(edges == 1)
        end = np.nonzero(edges == -1)[1]
        ends = self.plane.at(np.stack([self.plane.low, self.plane.high]))
        (left, bottom, _), (right, top, _) = ends
        width, height = (right - left) / _GRID, (top - bottom) / _GRID
        x0, x1, y1 = left + start * width, left + end * width, top - row * height
        y0 = y1 - height
        x = np.stack([x0, x1, x1, x0, x0], axis=1)
        y = np.stack([y1, y1, y0, y0, y1], axis=1)
        corners = np.stack([x, y, np.zeros_like(x)], axis=2)
        thirds = (np.arange(4) / 3)[:, np.newaxis]
        sides = corners[:, :-1, np.newaxis], corners[:, 1:, np.newaxis]
        points: Array = (sides[0] + thirds * (sides[1] - sides[0])).reshape(-1, 3)
        return points

    def _grid(self) -> Array:
        """Centers of the cells, row by row from the top left, shape (_GRID², 2)."""
        share = (np.arange(_GRID) + 0.5) / _GRID
        low, high = self.plane.low, self.plane.high
        x, y = (a + share * (b - a) for a, b in zip(low, high, strict=True))
        return np.stack(np.meshgrid(x, y[::-1]), axis=-1).reshape(-1, 2)

    def _samples(self, data: Data) -> list[VMobject]:
        rows = np.unique(np.linspace(0, len(data) - 1, _MOST_SAMPLES).astype(int))
        shown = data.rows(rows)
        targets = shown.targets
        classes = targets.argmax(axis=1) if targets.shape[1] > 1 else targets[:, 0].astype(int)
        radius = _LARGE if len(shown) <= _FEW_SAMPLES else _SMALL
        return [
            self._markers(self.plane.at(shown.inputs[classes == k]), k, radius)
            for k in range(max(data.classes, 1))
        ]

    def _markers(self, points: Array, k: int, radius: float) -> VMobject:
        color = self._colors[k]
        markers = VMobject(fill_color=color, fill_opacity=1)
        markers.set_stroke(mix(color, self.theme.background, 0.75), _MARKER_STROKE)
        # The sides of the square are horizontal and vertical.
        angles = np.linspace(0, 2 * np.pi, _CORNERS[k] + 1) + np.pi / 2 + (k == 1) * np.pi / 4
        outline = radius * np.stack([np.cos(angles), np.sin(angles), np.zeros(len(angles))], axis=1)
        for point in points:
            markers.start_new_path(point + outline[0])
            for corner in outline[1:]:
                markers.add_line_to(point + corner)
        return markers


class CodePlane(Panel):
    """The plane of two neurons: a numbered disc at the code of each pattern, and its trail.

    Args:
        codes: Activations of the two neurons, shape (moments, patterns, 2).
        names: Names of the horizontal and of the vertical axis.
        color: Of discs and trails; by default the colour of the last hidden layer.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        plane: The square, a :class:`~netviz.drawing.panels.pieces.Plane`.
        discs, trails: One for each pattern.

    Raises:
        ProblemError: ``codes`` has another shape.

    Example:
        >>> import numpy as np
        >>> codes = np.array([[[0.1, 0.2], [0.2, 0.1]], [[-0.8, 0.9], [0.9, -0.7]]])
        >>> names = formula("a_1", DARK_THEME), formula("a_2", DARK_THEME)
        >>> panel = CodePlane(codes, names)
        >>> scene.add(panel.show_moment(1))
        >>> len(panel.discs)
        2
    """

    def __init__(
        self,
        codes: Array,
        names: tuple[Mobject, Mobject],
        *,
        color: str | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        shape = np.shape(codes)
        if len(shape) != 3 or 0 in shape or shape[2] != 2:
            raise ProblemError(Problem("codes", f"has shape {shape}", "(moments, patterns, 2)"))
        self._codes = np.asarray(codes, dtype=float)
        low, high = float(self._codes.min()), float(self._codes.max())
        margin = _CODE_MARGIN * max(high - low, 1e-9)
        ends = np.full(2, low - margin), np.full(2, high + margin)
        self.plane = Plane(*ends, names, theme=self.theme, box=self.box)
        ink, patterns = color or self.theme.last_hidden, range(shape[1])
        self.trails = VGroup(*(Curve(ink, stroke=_TRAIL_STROKE) for _ in patterns))
        self.discs = VGroup(*(_disc(k, ink, self.theme) for k in patterns))
        self.add(self.plane, self.trails, self.discs)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of moments of the run."""
        return len(self._codes)

    def show_moment(self, moment: float) -> Self:
        """Put the discs at the codes of a moment, or on the way from one moment to the next."""
        super().show_moment(moment)
        before = int(moment)
        after, share = min(before + 1, self.moments - 1), moment - before
        now = self._codes[before] + share * (self._codes[after] - self._codes[before])
        so_far = np.concatenate([self._codes[: before + 1], now[np.newaxis]])
        for k, (trail, disc) in enumerate(zip(self.trails, self.discs, strict=True)):
            points = self.plane.at(so_far[:, k])
            trail.through(points)
            disc.move_to(points[-1])
        return self


def _disc(k: int, color: str, theme: Theme) -> VGroup:
    fill = theme.fill(color, 1.0)
    disc = Circle(radius=_DISC_RADIUS, stroke_width=0, fill_color=fill, fill_opacity=1)
    ink = theme.ink_on(fill)
    return VGroup(disc, TextLabel(str(k + 1), theme, em=theme.smallest_text, color=ink))


def _expect_number(where: str, count: int, least: int, most: int) -> None:
    if not least <= count <= most:
        expected = str(most) if least == most else f"at most {most}"
        raise ProblemError(Problem(where, f"are {count}", expected))
