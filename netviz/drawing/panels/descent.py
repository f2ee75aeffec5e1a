"""A loss as a curve of one parameter and as a landscape of two, with the paths of a descent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
from manim import (
    DL,
    DOWN,
    LEFT,
    RIGHT,
    UP,
    UR,
    Dot,
    Mobject,
    Rectangle,
    SurroundingRectangle,
    VGroup,
    VMobject,
)
from numpy.typing import ArrayLike, NDArray

from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, PanelAxes, ValueMap, cross, expect_count
from netviz.drawing.panels.regions import outlines, positive_regions
from netviz.drawing.text import Number, TextLabel, formula
from netviz.problems import Problem, ProblemError, expect
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# Radii of the ball and of the dots at steps before, in frame units. A path of more steps than this
# is drawn finer, so that its dots cover as much as so many, down to a part of the usual size.
_BALL, _STEP, _MANY, _FINEST = 0.17, 0.08, 30, 0.5
# The arrow of the steepest gradient, in frame units, and the share of it that is still drawn.
_ARROW, _LEAST = 2.2, 0.13
_CURVE_STROKE, _PATH_STROKE = 5.0, 4.0
_SHAFT, _HEAD = 0.08, 0.28
# Half the width of the cross at the lowest loss, in frame units.
_ARM = 0.12
# Space for the names of axes, and from the ball to the name of its arrow, in frame units.
_NAMES, _NAME_GAP = 0.5, 0.1
# A landscape has so many tints; the strongest is this share of the colour of a loss.
_TINTS, _STRONGEST = 9, 0.55
# Width and height of a tint in the key of a landscape, from the tints to a word and from the frame
# to what is written around it, in frame units.
_TINT, _KEY_GAP, _AROUND = (0.09, 0.2), 0.12, 0.12


class LossCurve(Panel):
    """The loss as a curve of one parameter, and a ball that descends on it step by step.

    Args:
        parameters: Values of the parameter, shape (n,), in ascending order.
        losses: The loss at each of them.
        path: The parameter at each step, shape (m,). Steps beyond the curve are not drawn.
        gradients: The derivative of the loss at each step, shape (m,); by default no arrow.
        name: Of the parameter, in Typst.
        loss_name: Of the loss, in Typst.
        arrow_name: Of the arrow, in Typst; by default it has no name.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        axes: An ``Axes`` of manim: the parameter across, the loss up.
        curve, ball: The curve, and the ball on it.
        trail: A dot for each step so far.
        arrow: The gradient at the ball, along the curve and uphill; longer where it is steeper.
        arrow_label: The name of the arrow where it begins, if it has one and is not on an axis.

    Raises:
        ProblemError: ``losses`` or ``gradients`` has not one entry for each parameter or step.

    Example:
        >>> import numpy as np
        >>> w = np.linspace(-2, 2, 41)
        >>> panel = LossCurve(w, w**2, [-1.5, -0.9, -0.54], [-3, -1.8, -1.08])
        >>> scene.add(panel.show_moment(1))
        >>> panel.moments
        3
    """

    def __init__(
        self,
        parameters: ArrayLike,
        losses: ArrayLike,
        path: ArrayLike,
        gradients: ArrayLike = (),
        *,
        name: str = "w",
        loss_name: str = "L",
        arrow_name: str = "",
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self._w, self._losses = (np.asarray(each, dtype=float) for each in (parameters, losses))
        expect_count("losses", self._losses, len(self._w), "parameter")
        steps = np.asarray(path, dtype=float)
        inside = (steps >= self._w[0]) & (steps <= self._w[-1])
        last = len(steps) if inside.all() else int(np.argmin(inside))
        expect("path", path, last > 0, "a first step within the parameters")
        slopes = np.asarray(gradients, dtype=float)
        if len(slopes):
            expect_count("gradients", slopes, len(steps), "step")
        self._path, self._slopes = steps[:last], slopes[:last]
        theme, box = self.theme, self.box
        low, high = min(float(self._losses.min()), 0.0), max(float(self._losses.max()), 0.0)
        plot = Box(box.left, box.right, box.bottom + _NAMES, box.top - _NAMES)
        ends = float(self._w[0]), float(self._w[-1])
        self.axes = PanelAxes(ends, (low, high), theme=theme, box=plot)
        across, up = (formula(each, theme) for each in (name, loss_name))
        across.next_to(self.axes.x_axis.get_end(), DOWN, buff=0.12).align_to(self.axes, RIGHT)
        up.next_to(self.axes.y_axis.get_end(), UP, buff=0.12)
        points = self.axes.c2p(self._w, self._losses).T
        self.curve = Curve(theme.blame, stroke=_CURVE_STROKE).through(points)
        self.trail = VGroup(*(Dot(radius=_STEP, color=theme.forward) for _ in self._path))
        self.ball = Dot(radius=_BALL, color=theme.forward)
        self.arrow = VMobject(fill_color=theme.text, fill_opacity=1, stroke_width=0)
        self.arrow_label = VGroup()
        if arrow_name:
            self.arrow_label.add(formula(arrow_name, theme, em=theme.caption_size))
        # The name stands on the side of the curve that the arrow is on.
        middle = float(self._losses[len(self._losses) // 2])
        self._below = 1.0 if self._losses[0] + self._losses[-1] >= 2 * middle else -1.0
        self.add(self.axes, across, up, self.curve, self.trail, self.arrow, self.ball)
        self.add(self.arrow_label)
        self.show_moment(0.0)

    @property
    def moments(self) -> int:
        """Number of steps that are on the curve, the start included."""
        return len(self._path)

    def show_moment(self, moment: float) -> Self:
        """Put the ball at a step, or on the way from one to the next, and its gradient with it."""
        super().show_moment(moment)
        w = float(np.interp(moment, np.arange(self.moments), self._path))
        self.ball.move_to(self._at(w))
        for k, dot in enumerate(self.trail):
            dot.move_to(self._at(float(self._path[k])))
            dot.set_opacity(1.0 if k <= moment else 0.0)
        self.hide_arrow()
        if len(self._slopes):
            self._point(w, float(np.interp(moment, np.arange(self.moments), self._slopes)))
        return self

    def hide_arrow(self) -> Self:
        """Remove the arrow and its name until the next moment."""
        self.arrow.clear_points()
        self.arrow_label.set_opacity(0.0)
        return self

    def _at(self, w: float) -> Array:
        point: Array = self.axes.c2p(w, float(np.interp(w, self._w, self._losses)))
        return point

    def _point(self, w: float, slope: float) -> None:
        """Draw the arrow of a gradient."""
        share = abs(slope) / max(float(np.abs(self._slopes).max()), 1e-300)
        if share < _LEAST:
            return
        here = self._at(w)
        uphill = np.sign(slope) * 1e-3 * (self._w[-1] - self._w[0])
        way = self.axes.c2p(w + uphill, self.axes.p2c(here)[1] + slope * uphill) - here
        way, length = way / np.linalg.norm(way), _ARROW * share
        end, box = here + length * way, self.box
        if not (box.left <= end[0] <= box.right and box.bottom <= end[1] <= box.top):
            return
        # One path, so that nothing is added to the panel while it is animated.
        side, neck = np.array([-way[1], way[0], 0.0]), max(length - _HEAD, 0.0)
        half, wide = _SHAFT / 2, _HEAD / 2
        along = [(0, half), (neck, half), (neck, wide), (length, 0)]
        outline = [*along, *((x, -y) for x, y in reversed(along[:-1])), along[0]]
        self.arrow.set_points_as_corners([here + x * way + y * side for x, y in outline])
        outside = self._below * (DOWN + np.sign(slope) * RIGHT)
        self.arrow_label.next_to(self.ball, outside, buff=_NAME_GAP)
        (left, low, _), (right, high, _) = (self.arrow_label.get_corner(end) for end in (DL, UR))
        x, y = self.axes.y_axis.get_x(), self.axes.x_axis.get_y()
        # On an axis it could not be read, and beyond that of w it would be far from its arrow.
        sides = {np.sign(height - y) for height in (low, high, here[1])}
        clear = len(sides) == 1 and not left <= x <= right
        self.arrow_label.set_opacity(float(clear))


class LossContour(Panel):
    """The loss as a landscape of two parameters, and paths on it that grow step by step.

    The stronger the colour, the higher the loss, as a key below it says.

    Args:
        losses: On a grid, shape (rows, columns): columns along the first parameter, the lowest
            value of the second one in the first row.
        low, high: Both parameters at the first and at the last corner of the grid.
        paths: Of each path the parameters at each step, shape (m, 2). It ends at the border.
        colors: Of the paths; by default that of the forward flow for all.
        names: Of both parameters, in Typst.
        square: Whether the landscape is a square; by default it fills the box.
        theme, box, words: As for every :class:`Panel`.

    Attributes:
        frame: Its outline.
        regions: The landscape, the highest loss first.
        key: All its colours, the lowest loss first, between the words for both ends.
        lines, balls: For each path its line and the ball at its end.
        trails: For each path a dot for each step; of a long path, small ones.

    Raises:
        ProblemError: A path has another shape, or there is not one colour for each.

    Example:
        >>> import numpy as np
        >>> x, y = np.meshgrid(np.linspace(-2, 2, 41), np.linspace(-1, 1, 41))
        >>> path = [(-1.8, 0.8), (-1.0, 0.1), (-0.5, 0.05), (-0.2, 0.0)]
        >>> panel = LossContour(x**2 + 4 * y**2, (-2, -1), (2, 1), [path])
        >>> scene.add(panel.show_moment(3))
    """

    def __init__(
        self,
        losses: ArrayLike,
        low: tuple[float, float],
        high: tuple[float, float],
        paths: Sequence[ArrayLike] = (),
        *,
        colors: Sequence[str] = (),
        names: tuple[str, str] = ("w_1", "w_2"),
        square: bool = False,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        theme, box = self.theme, self.box
        hues = list(colors) or [theme.forward] * len(paths)
        expect_count("colors", hues, len(paths), "path")
        plot = Box(box.left, box.right, box.bottom + _NAMES, box.top - _NAMES)
        if square:
            half = min(plot.width, plot.height) / 2
            x, y, _ = plot.center
            plot = Box(x - half, x + half, y - half, y + half)
        self.low, self.high = (np.asarray(each, dtype=float) for each in (low, high))
        self._map = ValueMap(self.low, self.high, plot)
        self.frame = Rectangle(width=plot.width, height=plot.height).move_to(plot.center)
        self.frame.set_stroke(theme.muted, 2)
        self._map.hold(self._corners)
        self.regions = self._landscape(np.asarray(losses, dtype=float))
        across, up = (formula(name, theme) for name in names)
        across.next_to(self.frame, DOWN, buff=_AROUND).align_to(self.frame, RIGHT)
        up.next_to(self.frame, UP, buff=_AROUND).align_to(self.frame, LEFT)
        self._across = across
        self.key = self._key().next_to(self.frame, DOWN, buff=_AROUND).align_to(self.frame, LEFT)
        self._paths = [self._inside(path) for path in paths]
        self.lines, self.trails = VGroup(), VGroup()
        for hue, path in zip(hues, self._paths, strict=True):
            fine = max(min(math.sqrt(_MANY / len(path)), 1.0), _FINEST)
            self.lines.add(Curve(hue, stroke=fine * _PATH_STROKE))
            self.trails.add(VGroup(*(Dot(radius=fine * _STEP, color=hue) for _ in path)))
        self.balls = VGroup(*(Dot(radius=_BALL, color=hue) for hue in hues))
        self.add(self.regions, self.frame, across, up, self.key)
        self.add(self.lines, self.trails, self.balls)
        self.show_moment(0.0)

    def at(self, points: ArrayLike) -> Array:
        """Return positions, shape (n, 3), of parameters, shape (n, 2)."""
        return self._map.at(np.asarray(points, dtype=float).reshape(-1, 2), self._corners)

    def lowest(self, point: ArrayLike, loss: float | None = None) -> VGroup:
        """Return a cross at the lowest loss, if it is in sight, and what it is, below.

        Args:
            point: Both parameters there.
            loss: Written after the name; by default it is not.
        """
        marks = [cross(_ARM, self.theme.text) for _ in range(2)]
        key = VGroup(marks[0], TextLabel(self.words("panel.lowest_loss"), self.theme))
        if loss is not None:
            key.add(Number(loss, self.theme))
        key.arrange(RIGHT, buff=0.15).next_to(self._across, LEFT, buff=0.5)
        found = VGroup(key.set_y(self._across.get_y()))
        at = np.asarray(point, dtype=float)
        if ((self.low <= at) & (at <= self.high)).all():
            found.add(marks[1].move_to(self.at(at)[0]))
        # Another landscape, with more paths, does not cover it.
        return found.set_z_index(1)

    @property
    def moments(self) -> int:
        """Number of steps of the longest path, its start included; 1 without paths."""
        return max([1, *map(len, self._paths)])

    def show_moment(self, moment: float) -> Self:
        """Draw all paths up to a step, or to between two; shorter ones wait at their end."""
        super().show_moment(moment)
        return self.show_steps([moment] * len(self._paths))

    def show_steps(self, steps: Sequence[float]) -> Self:
        """Draw each path up to a step of its own, or to between two; at most up to its end.

        Raises:
            ProblemError: There is not one step for each path.
        """
        expect_count("steps", steps, len(self._paths), "path")
        parts = zip(steps, self._paths, self.lines, self.trails, self.balls, strict=True)
        for step, path, line, trail, ball in parts:
            here = min(step, len(path) - 1.0)
            whole = np.arange(len(path))
            end = [float(np.interp(here, whole, path[:, axis])) for axis in (0, 1)]
            places = self.at([*path[: int(here) + 1], end])
            line.through(places)
            ball.move_to(places[-1])
            for k, (dot, place) in enumerate(zip(trail, self.at(path), strict=True)):
                dot.move_to(place).set_opacity(1.0 if k <= here else 0.0)
        return self

    def _inside(self, path: ArrayLike) -> Array:
        """Return a path up to the border."""
        points = np.asarray(path, dtype=float)
        if points.ndim != 2 or points.shape[1] != 2:
            raise ProblemError(Problem("a path", f"has shape {points.shape}", "(steps, 2)"))
        inside = ((points >= self.low) & (points <= self.high)).all(axis=1)
        last = len(points) if inside.all() else int(np.argmin(inside))
        expect("a path", points[0].tolist(), last > 0, "a start within the landscape")
        return points[:last]

    def _landscape(self, losses: Array) -> VGroup:
        """Return regions of equal area, each of a lower loss than the one before."""
        rows, columns = losses.shape
        cells = np.array([columns - 1, rows - 1])
        tints = _STRONGEST * np.linspace(1, 0, _TINTS)
        colors = [mix(self.theme.background, self.theme.blame, share) for share in tints]
        whole = self.frame.copy().set_stroke(width=0).set_fill(colors[0], 1)
        regions: list[Mobject] = [whole]
        for color, share in zip(colors[1:], np.linspace(1, 0, _TINTS + 1)[1:], strict=False):
            polygons = positive_regions(float(np.quantile(losses, share)) - losses)
            places = self.at(self.low + polygons.reshape(-1, 2) / cells * (self.high - self.low))
            region = VMobject(stroke_width=0, fill_color=color, fill_opacity=1)
            regions.append(region.set_points(outlines(places.reshape(-1, 6, 3))))
        return VGroup(*regions)

    def _key(self) -> VGroup:
        """Return the colours of the regions in a row, between the words for both ends."""
        theme, (width, height) = self.theme, _TINT
        tints = VGroup()
        for region in reversed(self.regions):
            tint = Rectangle(width=width, height=height, stroke_width=0)
            tints.add(tint.set_fill(region.get_fill_color(), 1))
        tints.arrange(RIGHT, buff=0)
        tints.add(SurroundingRectangle(tints, color=theme.muted, buff=0, stroke_width=1))
        low, high = (
            TextLabel(text, theme, em=theme.smallest_text)
            for text in (self.words("panel.small_loss"), self.words("panel.large_loss"))
        )
        return VGroup(low, tints, high).arrange(RIGHT, buff=_KEY_GAP)

    @property
    def _corners(self) -> Array:
        return np.array([self.frame.get_corner(DL), self.frame.get_corner(UR)])
