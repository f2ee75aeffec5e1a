"""Activation functions: every one with its slope, and why a step cannot be trained."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from manim import RIGHT, Create, FadeIn, FadeOut, LaggedStart, Line, VGroup
from numpy.typing import ArrayLike

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ACTIVATIONS
from netviz.drawing import Box, SlopeCurve
from netviz.drawing.numerals import figures
from netviz.drawing.text import TextLabel
from netviz.scene import BeatScene, Option

# The two curves of the beginning, and the room of the gallery.
LARGE = (Box(-6.7, -0.4, -2.8, 3.1), Box(0.4, 6.7, -2.8, 3.1))
ROOM, GAP, ROW_GAP = Box(-6.75, 6.75, -2.85, 3.1), 0.35, 0.25
# The legend, above all.
LEGEND_HEIGHT, KEY, KEY_GAP = 3.55, 0.5, 0.15
ROWS, REACH = 2, 4.0
FIRST = ("step", "sigmoid")
# In the gallery z slides so far that no function leaves its plot.
SHORT = 2.0


class Activations(BeatScene):
    """Under every curve runs its slope: where that is zero, nothing can be learned."""

    length = 37.7
    options = (
        Option("reach", REACH, "how far z slides to both sides", least=1.0, most=REACH),
        Option("seconds", 5.0, "how long a slide takes", least=2.0, most=20.0),
    )

    @property
    def largest(self) -> float:
        """The largest slope of the sigmoid."""
        z = np.linspace(-REACH, REACH, 801)
        return float(ACTIVATIONS["sigmoid"].slope(z).max())

    @property
    def results(self) -> Iterable[ArrayLike]:
        """The slope that is named, and the value at the vertical axes."""
        yield self.largest
        yield 1.0

    def construct(self) -> None:
        """Compare the step with the sigmoid, then show all functions."""
        step, sigmoid = (
            SlopeCurve(ACTIVATIONS[name], low=-0.3, high=1.3, theme=self.theme, box=box)
            for name, box in zip(FIRST, LARGE, strict=True)
        )
        for panel in (step, sigmoid):
            self.add(panel.axes, panel.name, panel.tick)
        self.add(self.legend())
        with self.beat("activations.step"):
            drawn = map(Create, (step.curve, sigmoid.curve, step.slope))
            self.play(LaggedStart(*drawn, lag_ratio=0.5), run_time=3.0)
            self.add(step)
        with self.beat("activations.flat"):
            self.slide([step])
        with self.beat("activations.smooth"):
            self.play(Create(sigmoid.slope), run_time=1.4)
        with self.beat("activations.largest", slope=figures(self.largest)):
            self.slide([step, sigmoid])
        self.play(FadeOut(step), FadeOut(sigmoid), run_time=0.6)
        panels = self.gallery()
        with self.beat("activations.gallery", along=[*map(FadeIn, panels)]):
            self.hold(1.0)
        with self.beat("activations.slide"):
            self.slide(panels)
        with self.beat("activations.learn"):
            self.slide(panels, back=True)
            self.hold(1.2)

    def legend(self) -> VGroup:
        """Return a piece of each curve and what it is, one above the other."""
        entries = VGroup()
        for key, color in (
            ("panel.activation", self.theme.first_hidden),
            ("panel.slope", self.theme.blame),
        ):
            line = Line(stroke_color=color, stroke_width=3).set_length(KEY)
            name = TextLabel(self.words(key), self.theme, color=color)
            entries.add(VGroup(line, name).arrange(RIGHT, buff=KEY_GAP))
        return entries.arrange(RIGHT, buff=3 * KEY_GAP).move_to([0, LEGEND_HEIGHT, 0])

    def gallery(self) -> list[SlopeCurve]:
        """Return a panel for each function of one variable, in rows."""
        functions = [each for each in ACTIVATIONS.values() if each.elementwise]
        columns = -(-len(functions) // ROWS)
        width = (ROOM.width - (columns - 1) * GAP) / columns
        height = (ROOM.height - (ROWS - 1) * ROW_GAP) / ROWS
        panels = []
        for place, function in enumerate(functions):
            row, column = divmod(place, columns)
            left, top = ROOM.left + column * (width + GAP), ROOM.top - row * (height + ROW_GAP)
            box = Box(left, left + width, top - height, top)
            panels.append(SlopeCurve(function, theme=self.theme, box=box))
        return panels

    def slide(self, panels: Sequence[SlopeCurve], *, back: bool = False) -> None:
        """Let one z slide through all functions."""
        ends = np.array([-1, 1]) * self.chosen["reach"]
        start, end = ends[::-1] if back else ends
        if len(panels) > len(FIRST):
            start, end = np.clip([start, end], -SHORT, SHORT)

        def step(progress: float) -> None:
            for panel in panels:
                panel.set_z(float(start + ease(progress) * (end - start)))

        seconds = self.chosen["seconds"]
        self.play(Timeline(VGroup(*panels), [Span(0, seconds, step)], seconds))
