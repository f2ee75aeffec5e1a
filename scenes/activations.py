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
LARGE = (Box(-6.7, -0.4, -2.8, 3.7), Box(0.4, 6.7, -2.8, 3.7))
ROOM, GAP, ROW_GAP = Box(-6.75, 6.75, -2.85, 3.1), 0.35, 0.25
# The legend, above the gallery and between the names of the two curves.
LEGEND_HEIGHT, KEY, KEY_GAP = 3.55, 0.5, 0.15
ROWS, REACH = 2, 4.0
FIRST = ("step", "sigmoid")


class Activations(BeatScene):
    """Under every curve runs its slope: where that is zero, nothing can be learned."""

    length = 37.1
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
        """The slope that is named."""
        yield self.largest

    def construct(self) -> None:
        """Compare the step with the sigmoid, then show all functions."""
        step, sigmoid = (
            SlopeCurve(ACTIVATIONS[name], low=-0.3, high=1.3, theme=self.theme, box=box)
            for name, box in zip(FIRST, LARGE, strict=True)
        )
        self.add(step.axes, step.name, sigmoid.axes, sigmoid.name, self.legend())
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
        """Return a piece of the slope's curve and what it is."""
        key = Line(stroke_color=self.theme.blame, stroke_width=3).set_length(KEY)
        name = TextLabel(self.words("panel.slope"), self.theme, color=self.theme.blame)
        return VGroup(key, name).arrange(RIGHT, buff=KEY_GAP).move_to([0, LEGEND_HEIGHT, 0])

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

        def step(progress: float) -> None:
            for panel in panels:
                panel.set_z(float(start + ease(progress) * (end - start)))

        seconds = self.chosen["seconds"]
        self.play(Timeline(VGroup(*panels), [Span(0, seconds, step)], seconds))
