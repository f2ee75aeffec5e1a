"""Gates as one neuron: four points and a line, and XOR, which no line does."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property

import numpy as np
from manim import Circle, Circumscribe, Create, FadeIn, FadeOut, MathTypst, Mobject
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ForwardTrace, Network, forward
from netviz.drawing import Box, LinearSum, LinePlane, TextLabel, TruthTable, formula
from netviz.problems import Problem, ProblemError
from netviz.scene import BeatScene, Option
from netviz.theme import Theme

Array = NDArray[np.float64]

INPUTS = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 0.0), (1.0, 1.0)])
OUTPUTS = {"AND": (0, 0, 0, 1), "OR": (0, 1, 1, 1), "NAND": (1, 1, 1, 0), "XOR": (0, 1, 1, 0)}
SUM_BOX, TABLE_BOX = Box(-6.8, 0.3, 3.2, 3.8), Box(-6.6, 0.1, -2.7, 2.3)
# Height of the rule of the step, and at the end of what was found in its place.
RULE = 2.75
PLANE_BOX = Box(1.0, 6.85, -2.9, 3.85)
# Columns of the table.
TARGET, SUM, OUTPUT = 2, 3, 4
CAPTIONS = {"OR": "gates.or", "NAND": "gates.nand", "XOR": "gates.xor"}
# Lines that are tried for XOR, as (w₁, w₂, b), and in the search of the best one: angles, and
# distances from the middle of the four points.
TRIED = ((1.0, 1.0, -0.5), (1.0, -1.0, -0.5), (-1.0, -1.0, 1.5))
ANGLES, DISTANCES = np.arange(0, 360, 3), np.linspace(-0.8, 0.8, 33)
# Seconds in which the last line turns once around.
TURN = 5.0


def neuron(weights: ArrayLike) -> Network:
    """Return neurons with a step as activation, one for each row (w₁, w₂, b)."""
    rows = np.atleast_2d(np.asarray(weights, dtype=float))
    return Network.from_weights([rows[:, :2]], [rows[:, 2]], "step")


def check(gate: str) -> Callable[[tuple[float, ...]], None]:
    """Return the check that weights (w₁, w₂, b) are those of a gate."""

    def weights_are_right(weights: tuple[float, ...]) -> None:
        outputs = tuple(forward(neuron(weights), INPUTS).prediction[:, 0].astype(int))
        if outputs != OUTPUTS[gate]:
            found = f"gives the outputs {', '.join(map(str, outputs))}"
            expected = f"weights and a bias that give {', '.join(map(str, OUTPUTS[gate]))}"
            raise ProblemError(Problem(f"option {gate}", found, expected))

    return weights_are_right


class Gates(BeatScene):
    """A gate is a line between four points: weights move it, and for XOR there is none."""

    length = 64.6
    options = (
        Option("gate", "all", "the gate that is shown", choices=("all", *OUTPUTS)),
        *(
            Option(name, weights, f"w1, w2 and bias of {name}", check=check(name))
            for name, weights in (
                ("AND", (0.5, 0.5, -0.7)),
                ("OR", (0.6, 0.6, -0.5)),
                ("NAND", (-0.5, -0.5, 0.7)),
            )
        ),
    )

    @property
    def gates(self) -> list[str]:
        """The gates that are shown, in order."""
        return list(OUTPUTS) if self.chosen["gate"] == "all" else [self.chosen["gate"]]

    @property
    def results(self) -> Iterable[ArrayLike]:
        """Inputs, outputs and sums of each gate, and its weights."""
        yield from (INPUTS, list(OUTPUTS.values()))
        for gate in self.gates:
            lines = TRIED if gate == "XOR" else [self.chosen[gate]]
            for weights in lines:
                yield from (weights, self.trace(weights).layers[0].z)

    @staticmethod
    def trace(weights: ArrayLike) -> ForwardTrace:
        """Return the pass of all four inputs through a neuron."""
        return forward(neuron(weights), INPUTS)

    @cached_property
    def table(self) -> TruthTable:
        """Inputs, targets, sums and outputs."""
        theme, targets = self.theme, OUTPUTS[self.gates[0]]
        blank = np.zeros((len(INPUTS), 2))
        return TruthTable(
            ["x_1", "x_2", f'"{self.gates[0]}"', "z", "a"],
            np.column_stack([INPUTS, targets, blank]),
            colors=[theme.input, theme.input, theme.text, theme.forward_ink, theme.text],
            decimals=(0, 0, 0, 2, 0),
            theme=theme,
            box=TABLE_BOX,
        )

    @cached_property
    def plane(self) -> LinePlane:
        """The four points."""
        classes = OUTPUTS[self.gates[0]]
        return LinePlane(INPUTS, classes, theme=self.theme, box=PLANE_BOX)

    @cached_property
    def sum(self) -> LinearSum:
        """The weighted sum of the neuron."""
        factors = ["x_1", "x_2", ""]
        return LinearSum("z", factors, [0, 0, 0], theme=self.theme, box=SUM_BOX)

    @cached_property
    def rule(self) -> MathTypst:
        """When the output of the neuron is 1."""
        rule = formula("z >= 0 arrow.r a = 1", self.theme, em=self.theme.caption_size)
        return rule.move_to([SUM_BOX.center[0], RULE, 0])

    def weights(self, gate: str) -> Array:
        """Return (w₁, w₂, b) of a gate; for XOR the first line that is tried."""
        return np.array(TRIED[0] if gate == "XOR" else self.chosen[gate])

    def construct(self) -> None:
        """Show one gate in detail, then how the line of the others lies."""
        first, *others = self.gates
        table, plane = self.table, self.plane
        self.line = self.weights(first)
        self.add(*(part for part in plane if part is not plane.samples))
        self.add(table.mark, table.rule, *table.columns[:TARGET], table.columns[TARGET][0])
        with self.beat("gates.task", gate=first):
            self.show_rows()
        self.show_sums()
        self.show_line()
        for gate in others:
            self.change(gate)
        if "XOR" in self.gates:
            self.try_lines()
        else:
            self.hold(1.5)

    def show_rows(self) -> None:
        """Let each output appear, and the point that stands for its row."""
        table, plane = self.table, self.plane
        pairs = zip(table.cells(TARGET), plane.samples, strict=True)
        for row, (cell, sample) in enumerate(pairs):
            table.mark_row(row)
            self.play(FadeIn(cell), FadeIn(sample, scale=2.0), run_time=0.8)
        table.mark_row(None)
        self.add(plane, table.columns[TARGET])

    def show_sums(self) -> None:
        """Compute the sum and the output of each row."""
        table, trace = self.table, self.trace(self.line)
        self.sum.set_weights(self.line)
        with self.beat("gates.sum", along=[FadeIn(self.sum)]):
            self.hold_for(3)
        table.set_column(SUM, trace.layers[0].z[:, 0])
        table.set_column(OUTPUT, trace.prediction[:, 0])
        with self.beat("gates.step"):
            heads = (FadeIn(table.columns[place][0]) for place in (SUM, OUTPUT))
            self.play(FadeIn(self.rule), *heads, run_time=0.6)
            for row, sample in enumerate(self.plane.samples):
                table.mark_row(row)
                found = FadeIn(table.cells(SUM)[row])
                self.play(found, ring(sample, self.theme), run_time=1.0)
                self.play(FadeIn(table.cells(OUTPUT)[row]), run_time=0.6)
                self.hold_for(1)
            table.mark_row(None)

    def show_line(self) -> None:
        """Draw the line on which the sum is 0, and colour its sides."""
        plane, line = self.plane.set_line(self.line, presence=0.0), self.line

        def colour(progress: float) -> None:
            plane.set_line(line, presence=ease(progress))

        with self.beat("gates.line"):
            self.play(Create(plane.line), run_time=1.2)
            self.play(Timeline(plane.sides, [Span(0, 0.8, colour)], 0.8))
            self.show_errors(line, self.gates[0])
            self.hold(1.0)

    def show_errors(self, line: Array, gate: str) -> None:
        """Mark the outputs that are not those of a gate, in the table and in the plane."""
        wrong = self.trace(line).prediction[:, 0] != OUTPUTS[gate]
        self.plane.set_wrong(wrong)
        for cell, is_wrong in zip(self.table.cells(OUTPUT), wrong, strict=True):
            cell.set_ink(self.theme.blame if is_wrong else self.theme.text)

    def change(self, gate: str) -> None:
        """Show other targets, and move the line until every output is right."""
        table, plane = self.table, self.plane
        with self.beat(CAPTIONS[gate]):
            old = table.columns[TARGET].copy()
            self.remove(table.columns[TARGET])
            table.set_head(TARGET, f'"{gate}"').set_column(TARGET, OUTPUTS[gate])
            plane.set_classes(OUTPUTS[gate])
            self.play(FadeOut(old), FadeIn(table.columns[TARGET]), run_time=0.6)
            self.show_errors(self.line, gate)
            self.hold(1.2)
            if gate != "XOR":
                self.move_to(self.weights(gate), gate)
                self.hold_for(4)

    def move_to(self, goal: Array, gate: str, run_time: float = 2.5) -> None:
        """Turn and shift the line, with all numbers that belong to it."""
        start = self.line

        def step(progress: float) -> None:
            self.put(goal if progress >= 1 else turned(start, goal, ease(progress)), gate)

        self.play(Timeline(self.plane, [Span(0, run_time, step)], run_time))
        self.line = goal

    def put(self, line: Array, gate: str) -> None:
        """Show a line with all numbers that belong to it."""
        trace = self.trace(line)
        self.sum.set_weights(line)
        self.plane.set_line(line)
        self.table.set_column(SUM, trace.layers[0].z[:, 0])
        self.table.set_column(OUTPUT, trace.prediction[:, 0])
        self.show_errors(line, gate)

    def try_lines(self) -> None:
        """Try lines for XOR, and then very many of them."""
        with self.beat("gates.tried"):
            for line in TRIED:
                if not np.array_equal(line, self.line):
                    self.move_to(np.array(line), "XOR", run_time=1.8)
                    self.hold_for(4)
        count, best = self.search()
        text = self.words("panel.best_line", count=f"{count:,}", best=best, points=len(INPUTS))
        found = TextLabel(text, self.theme, em=self.theme.caption_size, color=self.theme.blame)
        found.move_to(self.rule)
        start = self.line

        def turn(progress: float) -> None:
            self.put(start if progress >= 1 else around(start, ease(progress)), "XOR")

        with self.beat("gates.none", count=f"{count:,}", best=best, hold=2.2):
            self.play(Timeline(self.plane, [Span(0, TURN, turn)], TURN))
            self.play(FadeOut(self.rule), FadeIn(found), run_time=0.6)

    @staticmethod
    def search() -> tuple[int, int]:
        """Return how many lines were tried for XOR, and how many points the best one has right."""
        angles, distances = np.meshgrid(np.radians(ANGLES), DISTANCES)
        across, up = np.cos(angles.ravel()), np.sin(angles.ravel())
        lines = np.column_stack([across, up, -(across + up) / 2 - distances.ravel()])
        right = forward(neuron(lines), INPUTS).prediction == np.array(OUTPUTS["XOR"])[:, np.newaxis]
        return len(lines), int(right.sum(axis=0).max())


def ring(sample: Mobject, theme: Theme) -> Circumscribe:
    """Return the animation in which a ring is drawn around a sample, and leaves."""
    return Circumscribe(sample, Circle, color=theme.text, fade_out=True)


def around(line: Array, share: float) -> Array:
    """Return a line that is turned about the middle of the points, by a share of a whole turn."""
    at_middle = line[:2].sum() / 2 + line[2]
    angle = np.arctan2(line[1], line[0]) + 2 * np.pi * share
    w = np.hypot(line[0], line[1]) * np.array([np.cos(angle), np.sin(angle)])
    return np.array([*w, at_middle - w.sum() / 2])


def turned(start: Array, goal: Array, share: float) -> Array:
    """Return a line on the way from one to another: turned, and shifted from the middle."""
    ends = []
    for line in (start, goal):
        norm = np.hypot(line[0], line[1])
        at_middle = ((line[0] + line[1]) / 2 + line[2]) / norm
        ends.append((norm, np.arctan2(line[1], line[0]), at_middle))
    (norm, angle, value), (last_norm, last_angle, last_value) = ends
    r, at_middle = norm + share * (last_norm - norm), value + share * (last_value - value)
    angle += share * ((last_angle - angle) % (2 * np.pi))
    w = r * np.array([np.cos(angle), np.sin(angle)])
    return np.array([*w, r * at_middle - w.sum() / 2])
