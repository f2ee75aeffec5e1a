"""Planes of two numbers: what a network decides for two inputs, and the codes of two neurons."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import DOWN, LEFT, RIGHT, Circle, Line, Mobject, VGroup, VMobject
from numpy.typing import NDArray

from netviz.core import Data, Network, forward
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, Plane, legend
from netviz.drawing.panels.regions import outlines, positive_regions
from netviz.drawing.text import TextLabel, formula
from netviz.problems import Problem, ProblemError, expect
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# The network is evaluated at the corners of so many cells along each side of the plane.
_GRID = 80
# The colour of a class has so many tints, the stronger the surer the network; the strongest one
# is this share of the colour on the background.
_TINTS, _STRONGEST = 5, 0.42
# Space around the samples and around the codes, as a share of their range.
_SAMPLE_MARGIN, _CODE_MARGIN = 0.15, 0.2
_MOST_SAMPLES = 300
# Up to this many samples have large markers; radii in frame units.
_FEW_SAMPLES, _LARGE, _SMALL = 50, 0.13, 0.065
_MARKER_STROKE, _THIN_STROKE = 2.0, 1.0
# Corners of the marker of each class, so that classes differ not only by colour.
_CORNERS = (24, 4, 3, 5)
MAX_CLASSES = len(_CORNERS)
# Of the legend, in frame units: its height, and its least distance from the name of an axis.
_LEGEND, _ENTRY_GAP = 0.4, 0.3
# Radius and stroke of the ring around the sample that is followed.
_FOLLOWED, _FOLLOWED_STROKE = 0.24, 3.0
# In frame units: radius of the dot at a code and of its numbered tag, from the dot to the middle
# of the tag, least distance between two tags; and strokes of trails and of the lines to the tags.
_DOT_RADIUS, _TAG_RADIUS, _TAG_DISTANCE, _TAG_GAP = 0.075, 0.19, 0.36, 0.06
_TRAIL_STROKE, _LEADER_STROKE = 3.0, 1.5
# Steps in which tags make room for each other, at the first moment and at each later one.
_FIRST_STEPS, _STEPS = 400, 40
_GUIDE_STROKE, _GUIDE_DASH = 2.0, 0.1


def class_colors(theme: Theme) -> tuple[str, ...]:
    """Return a colour for each of up to ``MAX_CLASSES`` classes; no layer has it."""
    return theme.classes[:MAX_CLASSES]


def pattern_colors(theme: Theme, count: int) -> list[str]:
    """Return a colour for each of some patterns; after the fifth they begin again."""
    hues = (*class_colors(theme), theme.text)
    return [hues[k % len(hues)] for k in range(count)]


class DecisionPlane(Panel):
    """The plane of two inputs, in the colours of the classes that a network predicts there.

    Args:
        data: Samples of two inputs and at most ``MAX_CLASSES`` classes.
        networks: One for each moment of a training run.
        followed: Row of the sample that has a ring; by default none.
        measured: The same samples in other units, which the axes then have: each of their inputs
            is a multiple of that of ``data``, plus a constant.
        theme, box, words: As for every :class:`Panel`. The square and what is written around it
            fill the box.

    Attributes:
        plane: The square, a :class:`~netviz.drawing.panels.pieces.Plane`.
        regions: For each class its tints, the weakest and largest region first.
        samples: The markers of the samples, a path for each class.
        legend: For each class its marker and its name.
        ring: The ring around the sample that is followed, or nothing; see :meth:`follow`.

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
        followed: int | None = None,
        measured: Data | None = None,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        expect("networks", networks, len(networks) > 0, "one or more")
        _expect_number("inputs of data", data.inputs.shape[1], 2, 2)
        _expect_number("classes of data", data.classes, 0, MAX_CLASSES)
        self._networks = list(networks)
        self._shares: dict[int, Array] = {}
        self._seen = data.inputs
        data = measured or data
        self._colors = class_colors(self.theme)[: max(data.classes, 1)]
        hue = self.theme.input
        first, second = (formula(f"x_{k}", self.theme, color=hue) for k in (1, 2))
        if data.input_names:
            first, second = (TextLabel(name, self.theme, color=hue) for name in data.input_names)
        self.legend = self._legend(data)
        low, high = data.inputs.min(axis=0), data.inputs.max(axis=0)
        margin = _SAMPLE_MARGIN * np.where(high > low, high - low, 1.0)
        ends = low - margin, high + margin
        own_row = self.legend.width + second.width + _ENTRY_GAP > self.box.width
        lowered = Box(
            self.box.left, self.box.right, self.box.bottom, self.box.top - own_row * _LEGEND
        )
        (x0, y0), (x1, y1) = low, high
        ticks = [x0, x1] if x1 > x0 else [x0], [y0, y1] if y1 > y0 else [y0]
        self.plane = Plane(
            *ends, (first, second), theme=self.theme, box=lowered, ticks=(ticks[0], ticks[1])
        )
        height = second.get_y() + own_row * _LEGEND
        self.legend.move_to([self.plane.frame.get_right()[0], height, 0], aligned_edge=RIGHT)
        self.regions = VGroup(*(self._tints(color) for color in self._colors))
        self.samples = VGroup(*self._samples(data))
        self.ring = VMobject(stroke_color=self.theme.text, stroke_width=_FOLLOWED_STROKE)
        self._inputs = data.inputs
        self.follow(followed)
        self.add(self.regions, self.plane, self.samples, self.ring, self.legend)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of networks."""
        return len(self._networks)

    def follow(self, sample: int | None) -> Self:
        """Draw a ring around a sample, by its row, or around none."""
        self.ring.clear_points()
        if sample is not None:
            at = self.plane.at(self._inputs[[sample]])[0]
            self.ring.set_points(Circle(radius=_FOLLOWED).move_to(at).points)
        return self

    def show_moment(self, moment: float) -> Self:
        """Show what a network predicts, or what lies between two of them."""
        super().show_moment(moment)
        before = int(moment)
        shares, between = self._at(before), moment - before
        if between:
            shares = shares + between * (self._at(before + 1) - shares)
        largest = np.sort(shares, axis=2)
        for k, tints in enumerate(self.regions):
            own = shares[:, :, k]
            # How much surer of this class than of the best of the others.
            lead = own - np.where(own == largest[:, :, -1], largest[:, :, -2], largest[:, :, -1])
            for level, region in enumerate(tints):
                chance = 1 / shares.shape[2]
                sure = own - (chance + level / _TINTS * (1 - chance))
                # Where all classes are equal, the first one has the plane.
                values = np.minimum(lead, sure) if level else lead + (k == 0) * 1e-12
                region.set_points(self._drawn(values))
        return self

    def _at(self, moment: int) -> Array:
        """Return the share of each class at the corners of the grid, shape (n + 1, n + 1, c)."""
        if moment not in self._shares:
            axis = np.linspace(0, 1, _GRID + 1)
            low, high = self.plane.low, self.plane.high
            x, y = (a + axis * (b - a) for a, b in zip(low, high, strict=True))
            grid = self._as_seen(np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2))
            shares = np.clip(forward(self._networks[moment], grid).prediction, 0.0, 1.0)
            if shares.shape[1] == 1:
                shares = np.concatenate([1 - shares, shares], axis=1)
            shares = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
            self._shares[moment] = shares.reshape(_GRID + 1, _GRID + 1, -1)
        return self._shares[moment]

    def _as_seen(self, points: Array) -> Array:
        """Return points of the plane, shape (n, 2), as the network gets them."""
        low, seen = self._inputs.min(axis=0), self._seen.min(axis=0)
        ranges = np.ptp(self._inputs, axis=0)
        factor = np.ptp(self._seen, axis=0) / np.where(ranges > 0, ranges, 1.0)
        return seen + (points - low) * factor

    def _tints(self, color: str) -> VGroup:
        shares = _STRONGEST * (np.arange(_TINTS) + 0.5) / _TINTS
        colors = [mix(self.theme.background, color, share) for share in shares]
        return VGroup(
            *(VMobject(stroke_width=0, fill_color=tint, fill_opacity=1) for tint in colors)
        )

    def _drawn(self, values: Array) -> Array:
        """Return the points of the regions in which a function of the plane is positive."""
        polygons = positive_regions(values)
        low, high = self.plane.low, self.plane.high
        places = self.plane.at(low + polygons.reshape(-1, 2) / _GRID * (high - low))
        return outlines(places.reshape(-1, 6, 3))

    def _legend(self, data: Data) -> VGroup:
        """The marker of each class and its name, in a row."""
        if not data.classes:
            return VGroup()
        names: Sequence[str] = data.target_names
        if data.targets.shape[1] == 1:
            names = [f"{self.words('panel.target')} {k}" for k in (0, 1)]
        origin = np.zeros((1, 3))
        entries = (
            (class_markers(origin, k, _LARGE, self.theme), names[k] if names else str(k + 1))
            for k in range(data.classes)
        )
        return legend(entries, self.theme)

    def _samples(self, data: Data) -> list[VMobject]:
        rows = np.unique(np.linspace(0, len(data) - 1, _MOST_SAMPLES).astype(int))
        shown = data.rows(rows)
        targets = shown.targets
        classes = targets.argmax(axis=1) if targets.shape[1] > 1 else targets[:, 0].astype(int)
        radius = _LARGE if len(shown) <= _FEW_SAMPLES else _SMALL
        return [
            class_markers(self.plane.at(shown.inputs[classes == k]), k, radius, self.theme)
            for k in range(max(data.classes, 1))
        ]


def class_markers(points: Array, k: int, radius: float, theme: Theme) -> VMobject:
    """Return the markers of samples of one class, one path at positions of shape (n, 3)."""
    color = class_colors(theme)[k]
    markers = VMobject(fill_color=color, fill_opacity=1)
    # The outline sets a marker off from the region of its own class.
    markers.set_stroke(theme.text, _MARKER_STROKE if radius == _LARGE else _THIN_STROKE)
    # The sides of the square are horizontal and vertical.
    angles = np.linspace(0, 2 * np.pi, _CORNERS[k] + 1) + np.pi / 2 + (k == 1) * np.pi / 4
    outline = radius * np.stack([np.cos(angles), np.sin(angles), np.zeros(len(angles))], axis=1)
    for point in points:
        markers.start_new_path(point + outline[0])
        for corner in outline[1:]:
            markers.add_line_to(point + corner)
    return markers


class CodePlane(Panel):
    """The plane of two neurons: a dot at the code of each pattern, its trail, and a numbered tag.

    Tags stand next to their dots and make room for each other.

    Args:
        codes: Activations of the two neurons, shape (moments, patterns, 2).
        names: Names of the horizontal and of the vertical axis.
        colors: Of each pattern: of its dot, its tag and its trail; by default those of classes.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        plane: The square, a :class:`~netviz.drawing.panels.pieces.Plane`.
        dots, tags, leaders, trails: One for each pattern; a leader is the line from dot to tag.
        guides: Lines from a dot to both axes, see :meth:`show_guides`.

    Raises:
        ProblemError: ``codes`` has another shape.

    Example:
        >>> import numpy as np
        >>> codes = np.array([[[0.1, 0.2], [0.2, 0.1]], [[-0.8, 0.9], [0.9, -0.7]]])
        >>> names = formula("a_1", DARK_THEME), formula("a_2", DARK_THEME)
        >>> panel = CodePlane(codes, names)
        >>> scene.add(panel.show_moment(1))
        >>> len(panel.dots)
        2
    """

    def __init__(
        self,
        codes: Array,
        names: tuple[Mobject, Mobject],
        *,
        colors: Sequence[str] = (),
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
        self.plane = Plane(*ends, names, theme=self.theme, box=self.box, zero=True)
        # Values of the plane for one frame unit: it is a square.
        self._unit = float((ends[1] - ends[0])[0]) / float(self.plane.frame.width)
        self._places = self._tag_places()
        hues = list(colors) or pattern_colors(self.theme, shape[1])
        self.trails = VGroup(*(Curve(hue, stroke=_TRAIL_STROKE) for hue in hues))
        self.leaders = VGroup(
            *(Line(stroke_color=hue, stroke_width=_LEADER_STROKE) for hue in hues)
        )
        self.dots = VGroup(
            *(
                Circle(radius=_DOT_RADIUS, stroke_width=0, fill_color=hue, fill_opacity=1)
                for hue in hues
            )
        )
        self.tags = VGroup(*(_tag(k, hue, self.theme) for k, hue in enumerate(hues)))
        self.guides = VGroup(*(Curve(self.theme.text, stroke=_GUIDE_STROKE) for _ in range(2)))
        self.add(self.plane, self.trails, self.guides, self.leaders, self.dots, self.tags)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of moments of the run."""
        return len(self._codes)

    def show_moment(self, moment: float) -> Self:
        """Put the dots at the codes of a moment, or on the way from one moment to the next."""
        super().show_moment(moment)
        before = int(moment)
        after, share = min(before + 1, self.moments - 1), moment - before
        now, beside = (
            part[before] + share * (part[after] - part[before])
            for part in (self._codes, self._places)
        )
        so_far = np.concatenate([self._codes[: before + 1], now[np.newaxis]])
        parts = zip(self.trails, self.dots, self.leaders, self.tags, strict=True)
        for k, (trail, dot, leader, tag) in enumerate(parts):
            trail.through(self.plane.at(so_far[:, k]))
            start, end = self.plane.at(np.stack([now[k], beside[k]]))
            dot.move_to(start)
            tag.move_to(end)
            leader.set_points_as_corners([start, end])
        return self

    def show_guides(self, k: int | None, share: float = 1.0) -> Self:
        """Draw dashed lines from both axes towards the dot of a pattern.

        Args:
            k: The pattern; ``None`` removes the lines.
            share: 0 … 1, how far they have been drawn.
        """
        for axis, guide in enumerate(self.guides):
            guide.clear_points()
            if k is None or share <= 0:
                continue
            start, end = self.ends_of_guide(k, axis)
            along = np.linspace(start, start + share * (end - start), 60)
            length = float(np.linalg.norm(end - start)) * share
            for i in range(0, max(int(length / _GUIDE_DASH), 1), 2):
                at = np.clip(np.array([i, i + 1]) * _GUIDE_DASH / max(length, 1e-9), 0, 1)
                first, last = along[0] + at[:, np.newaxis] * (along[-1] - along[0])
                guide.start_new_path(first)
                guide.add_line_to(last)
        return self

    def ends_of_guide(self, k: int, axis: int) -> tuple[Array, Array]:
        """Return the point of an axis (0 horizontal, 1 vertical) and the dot of a pattern."""
        dot = self.dots[k].get_center()
        start, side = dot.copy(), 1 - axis
        corner = self.plane.frame.get_corner(DOWN + LEFT)
        start[side] = corner[side]
        return start, dot

    def _tag_places(self) -> Array:
        """Return where the middle of each tag is at each moment, in values of the plane."""
        moments, count, _ = self._codes.shape
        places = np.empty_like(self._codes)
        angles = 2 * np.pi * np.arange(count) / count
        offsets = np.stack([np.cos(angles), np.sin(angles)], axis=1) * _TAG_DISTANCE * self._unit
        for m in range(moments):
            steps = _STEPS if m else _FIRST_STEPS
            places[m] = self._with_room(self._codes[m], self._codes[m] + offsets, steps)
            offsets = places[m] - self._codes[m]
        return places

    def _with_room(self, codes: Array, tags: Array, steps: int) -> Array:
        """Return places of tags that hide neither each other nor a code."""
        unit = self._unit
        from_tag = (2 * _TAG_RADIUS + _TAG_GAP) * unit
        from_code = (_TAG_RADIUS + _DOT_RADIUS + _TAG_GAP) * unit
        low, high = (end + s * 1.1 * _TAG_RADIUS * unit for end, s in self._ends)
        outward = codes - codes.mean(axis=0)
        outward /= np.maximum(np.linalg.norm(outward, axis=1, keepdims=True), 1e-9)
        wanted = codes + outward * _TAG_DISTANCE * unit
        for step in range(steps):
            # In the last steps tags only make room.
            tags = tags + 0.1 * (step < 0.7 * steps) * (wanted - tags)
            for least, others in ((from_code, codes), (from_tag, tags)):
                apart = tags[:, np.newaxis] - others
                distance = np.linalg.norm(apart, axis=2)
                if others is tags:
                    np.fill_diagonal(distance, np.inf)
                missing = np.maximum(least - distance, 0.0) * (0.5 if others is tags else 1.0)
                way = apart / np.maximum(distance, 1e-9)[..., np.newaxis]
                tags = tags + (missing[..., np.newaxis] * way).sum(axis=1)
            tags = np.clip(tags, low, high)
        return tags

    @property
    def _ends(self) -> tuple[tuple[Array, int], tuple[Array, int]]:
        return (self.plane.low, 1), (self.plane.high, -1)


def _tag(k: int, color: str, theme: Theme) -> VGroup:
    disc = Circle(radius=_TAG_RADIUS, stroke_width=0, fill_color=color, fill_opacity=1)
    ink = theme.ink_on(color)
    return VGroup(disc, TextLabel(str(k + 1), theme, em=theme.smallest_text, color=ink))


def _expect_number(where: str, count: int, least: int, most: int) -> None:
    if not least <= count <= most:
        expected = str(most) if least == most else f"at most {most}"
        raise ProblemError(Problem(where, f"are {count}", expected))
