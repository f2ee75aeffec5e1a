"""A function of one number that is fitted to samples."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Self

import numpy as np
from manim import UL, Circle, Mobject, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.core import Data
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.panel import Panel
from netviz.drawing.panels.pieces import Curve, PanelAxes, key_of, legend
from netviz.drawing.paths import Course
from netviz.problems import expect
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# Widths in manim's stroke units: of the fitted curve, of the target, of a part; radius of a dot.
_CURVE, _TARGET, _PART, _DOT = 6.0, 4.0, 2.5, 0.085
# Space above and below the values, relative to their range.
_BEYOND = 0.12
# How far a part is from the background to its colour.
_FAINT = 0.7
# From the legend to the plot, in frame units.
_BELOW_LEGEND = 0.2


class FitPlot(Panel):
    """A curve over one input, with the curve or the samples that it should fit.

    Args:
        x: Where the curve is drawn, shape (n,), increasing.
        target: The curve to fit, shape (n,), if it is known.
        samples: The training samples, with one input and one target each: filled dots.
        unseen: Samples for validation: empty dots.
        reach: The values at the lower and the upper end; by default those of target and samples.
        names: What is drawn, by attribute, such as ``{"dots": "training", "curve": "network"}``:
            a legend above the plot. By default there is none.
        theme, box, words: As for every panel.

    Attributes:
        axes: An ``Axes`` of manim: ``axes.c2p(x, y)`` is the position of a point.
        target: The curve to fit, dashed.
        curve: The fitted curve; empty until ``show_curve``.
        parts: Thin curves; none until ``show_parts``.
        dots, rings: Of the samples, and of those for validation.
        legend: Keys and names.

    Raises:
        ProblemError: There is nothing to fit, or ``reach`` is not a low value and a higher one.

    Example:
        >>> import numpy as np
        >>> x = np.linspace(-2, 2, 50)
        >>> panel = FitPlot(x, target=np.sin(x))
        >>> scene.add(panel.show_curve(0.5 * x))
    """

    def __init__(
        self,
        x: ArrayLike,
        *,
        target: ArrayLike | None = None,
        samples: Data | None = None,
        unseen: Data | None = None,
        reach: tuple[float, float] | None = None,
        names: Mapping[str, str] = MappingProxyType({}),
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__(theme=theme, box=box, words=words)
        self._x = np.asarray(x, dtype=float)
        theme = self.theme
        given = [np.ravel(part.targets) for part in (samples, unseen) if part is not None]
        given += [] if target is None else [np.asarray(target, dtype=float)]
        expect("target", target, bool(given), "a curve or samples to fit")
        values = np.concatenate(given)
        beyond = _BEYOND * float(np.ptp(values)) or 1.0
        low, high = reach or (float(values.min()) - beyond, float(values.max()) + beyond)
        expect("reach", (low, high), low < high, "a low value and a higher one")
        self._reach = low, high
        ends = float(self._x[0]), float(self._x[-1])
        keys = [(self._key(part), name) for part, name in names.items()]
        self.legend = legend(keys, theme, self.box.width)
        self.legend.move_to([self.box.left, self.box.top, 0], aligned_edge=UL)
        room = self.legend.height + _BELOW_LEGEND if names else 0.0
        plot = replace(self.box, top=self.box.top - room)
        self.axes = PanelAxes(ends, (low, high), theme=theme, box=plot)
        self.target = Curve(theme.text, stroke=_TARGET, dashed=True)
        if target is not None:
            self.target.through(self._points(np.asarray(target, dtype=float)))
        self.curve = Curve(theme.output, stroke=_CURVE)
        self.parts = VGroup()
        self.dots = self._dots(samples, filled=True)
        self.rings = self._dots(unseen, filled=False)
        self.add(self.axes, self.parts, self.target, self.rings, self.dots, self.curve)
        self.add(self.legend)

    def show_curve(self, values: ArrayLike) -> Self:
        """Draw the fitted curve through values, shape (n,), where they are within the plot."""
        self._draw(self.curve, np.asarray(values, dtype=float))
        return self

    def show_parts(self, values: ArrayLike) -> Self:
        """Draw thin curves through values, shape (m, n), in the colour of a hidden layer."""
        rows = np.asarray(values, dtype=float).reshape(-1, len(self._x))
        while len(self.parts) < len(rows):
            self.parts.add(Curve(self._faint(self.theme.first_hidden), stroke=_PART))
        for place, curve in enumerate(self.parts):
            if place >= len(rows):
                curve.clear_points()
                continue
            self._draw(curve, rows[place])
        return self

    def _draw(self, curve: Curve, values: Array) -> None:
        """Draw the parts of a curve that are within the plot, up to its ends."""
        low, high = self._reach
        points = self._points(np.clip(values, low, high))
        inside = (values >= low) & (values <= high)
        shown = inside[:-1] | inside[1:]
        pieces = Course.straight(points[:-1][shown], points[1:][shown])
        ends = np.zeros(int(shown.sum())), np.ones(int(shown.sum()))
        curve.set_points(pieces.piece(*ends).reshape(-1, 3))

    def _points(self, values: Array) -> Array:
        points: Array = self.axes.c2p(self._x, values).T
        return points

    def _dots(self, data: Data | None, *, filled: bool) -> VGroup:
        dots = VGroup()
        if data is not None:
            for x, y in zip(data.inputs[:, 0], data.targets[:, 0], strict=True):
                dots.add(self._dot(filled=filled).move_to(self.axes.c2p(x, y)))
        return dots

    def _dot(self, *, filled: bool) -> Circle:
        dot = Circle(radius=_DOT, color=self.theme.text if filled else self.theme.blame)
        dot.set_fill(self.theme.text, 1.0 if filled else 0.0)
        return dot.set_stroke(width=0 if filled else 3)

    def _key(self, part: str) -> Mobject:
        """Return a sample of what is drawn, for the legend."""
        theme = self.theme
        if part in ("dots", "rings"):
            return self._dot(filled=part == "dots")
        colors = {
            "target": theme.text,
            "curve": theme.output,
            "parts": self._faint(theme.first_hidden),
        }
        right = part in colors
        expect("names", part, right, f"one of dots, rings, {', '.join(colors)}")
        strokes = {"target": _TARGET, "curve": _CURVE, "parts": _PART}
        return key_of(colors[part], strokes[part], dashed=part == "target")

    def _faint(self, color: str) -> str:
        return mix(self.theme.background, color, _FAINT)
