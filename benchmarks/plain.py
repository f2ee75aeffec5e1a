"""The three passes of ``benchmarks.drawing`` over 5-2-2-5, as one writes them in plain manim.

The same things are seen: neurons that fill, their numbers, light that runs over the edges. The
numbers are those of the same network. Nothing of netviz draws, moves or encodes.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from manim import (
    DOWN,
    RIGHT,
    UP,
    AnimationGroup,
    Circle,
    DecimalNumber,
    FadeIn,
    Line,
    Scene,
    ShowPassingFlash,
    Text,
    VGroup,
    linear,
)

from benchmarks.drawing import PASS, PAUSE, SMALL, numbers_of

BLUE, ORANGE = "#56B4E9", "#E69F00"


class PlainPasses(Scene):
    """A forward, a backward and another forward pass in ten seconds."""

    def construct(self) -> None:
        activations, blames = numbers_of(SMALL)
        self.camera.background_color = "#0F1117"
        columns = [self._column(n, 4 * (layer - 1.5)) for layer, n in enumerate(SMALL)]
        self.edges = [
            [Line(a.get_center(), b.get_center(), stroke_width=2) for a in before for b in after]
            for before, after in pairwise(columns)
        ]
        for edges in self.edges:
            self.add(*(edge.set_stroke("#8A93A6", opacity=0.6).set_z_index(-1) for edge in edges))
        self.add(*columns)
        self._run(columns, activations, BLUE, [0, 1, 2])
        self.wait(PAUSE)
        self._run(columns, blames, ORANGE, [2, 1, 0])
        self.wait(PAUSE)
        self._run(columns, activations, BLUE, [0, 1, 2])

    def _column(self, neurons: int, x: float) -> VGroup:
        discs = [Circle(0.4, color="#E8EAF0", stroke_width=3) for _ in range(neurons)]
        column = VGroup(*(disc.set_fill("#0F1117", 1) for disc in discs))
        return column.arrange(DOWN, buff=0.5).move_to(x * RIGHT)

    def _run(
        self, columns: list[VGroup], numbers: list[np.ndarray], color: str, order: list[int]
    ) -> None:
        """Let light run over the edges, layer by layer, and fill the neurons that it reaches."""
        forward = order[0] == 0
        for layer in order:
            reached = layer + 1 if forward else layer
            light = [edge.copy().set_stroke(color, 5) for edge in self.edges[layer]]
            if not forward:
                for each in light:
                    each.reverse_points()
            new = [
                DecimalNumber(value, 2, mob_class=Text, font_size=20).move_to(disc)
                for disc, value in zip(columns[reached], numbers[reached], strict=True)
            ]
            self.play(
                AnimationGroup(*(ShowPassingFlash(each, time_width=0.3) for each in light)),
                run_time=0.7 * PASS / len(order),
                rate_func=linear,
            )
            old = getattr(columns[reached], "numbers", [])
            self.remove(*old)
            self.play(
                *(
                    disc.animate.set_fill(color, min(abs(float(value)), 1))
                    for disc, value in zip(columns[reached], numbers[reached], strict=True)
                ),
                *(FadeIn(number, shift=0.1 * UP) for number in new),
                run_time=0.3 * PASS / len(order),
            )
            columns[reached].numbers = new
