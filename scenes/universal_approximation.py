"""One hidden layer, more and more neurons: the network closes in on a curve."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
from manim import LEFT, RIGHT, Create, FadeIn, FadeOut, VGroup, VMobject, linear
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Step, Timeline
from netviz.core import Data, Expression, Network, evaluate, forward, train
from netviz.drawing import Box, EdgeKey, FitPlot, NetworkDiagram, NumberBars, TextLabel
from netviz.problems import Problem, ProblemError
from netviz.recording.recording import log_spaced
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]
# At some moments of a run the network, the loss on all samples, and the steps so far.
Run: TypeAlias = tuple[list[Network], Array, list[int]]

REACH, SAMPLES = 2.0, 120
PLOT, DIAGRAM, LOSSES = Box(-1.7, 6.7, -2.35, 3.75), Box(-6.6, -2.7, 0.75, 3.1), (-6.7, -2.4)
# Heights of the title, of the key, of what stands above the losses, of the first of them, and of
# the steps; from row to row.
TITLE, KEY, HEAD, FIRST, COUNT, ROW = 3.5, 0.4, -0.25, -0.8, -2.6, 0.55
# The bars of the losses reach to so many times the largest loss at the end of a run.
BEYOND = 1.5
EPOCHS, MOMENTS, RATE = 2500, 40, 0.03
# Of several runs with different weights, the best one is shown.
TRIES = 3
DRAWING, TRAINING, LAST = 2.0, 4.0, 2.2


def expect_curve(text: str) -> None:
    """Check a curve as an option.

    Raises:
        ProblemError: It cannot be read, or is not a function of x with values everywhere.
    """
    expression = Expression.parse(text)
    if expression.variables != ("x",):
        raise ProblemError(Problem("option curve", f"is {text!r}", "a formula of x"))
    values_of(expression, np.linspace(-REACH, REACH, SAMPLES))


def values_of(expression: Expression, xs: Array) -> Array:
    """Return the values of a formula of x."""
    return np.array([expression.evaluate(x=float(x)).value for x in xs])


@cache
def trained(curve: str, neurons: int, seed: int) -> Run:
    """Train a network with one hidden layer on samples of a curve."""
    data = samples(curve)
    network = Network.random((1, neurons, 1), ["tanh", "identity"], rng=seed)
    options: dict[str, Any] = {"optimizer": "adam", "learning_rate": RATE, "epochs": EPOCHS}
    steps = list(train(network, data, rng=seed, **options))
    chosen = log_spaced(range(len(steps) + 1), MOMENTS)
    kept = [network if step == 0 else steps[step - 1].network for step in chosen]
    return kept, np.array([evaluate(each, data).loss for each in kept]), list(map(int, chosen))


@cache
def samples(curve: str) -> Data:
    """Return samples of a curve without noise."""
    xs = np.linspace(-REACH, REACH, SAMPLES)
    ys = values_of(Expression.parse(curve), xs)
    return Data(xs[:, np.newaxis], ys[:, np.newaxis], name="curve")


class UniversalApproximation(BeatScene):
    """The output is a sum of steps, one for each hidden neuron: more steps, a closer fit.

    The picture to remember: thin steps of the hidden neurons that add up to the curve.
    """

    length = 31.7
    options = (
        Option(
            "curve",
            "tanh(2 * x) + 0.5 * sin(5 * x)",
            "the curve, a formula of x",
            check=expect_curve,
        ),
        Option("neurons", (1.0, 2.0, 4.0, 8.0), "hidden neurons, four times", least=1, most=30),
        Option("seed", 0, "seed of the weights", least=0),
    )

    @cached_property
    def data(self) -> Data:
        """Samples of the curve."""
        return samples(self.chosen["curve"])

    @cached_property
    def runs(self) -> dict[int, Run]:
        """For each number of hidden neurons, the best of a few training runs."""
        found = {}
        for neurons in self.counted([int(count) for count in self.chosen["neurons"]]):
            seeds = range(self.chosen["seed"], self.chosen["seed"] + TRIES)
            runs = (trained(self.chosen["curve"], neurons, seed) for seed in seeds)
            found[neurons] = min(runs, key=lambda run: float(run[1][-1]))
        return found

    @property
    def results(self) -> Iterator[ArrayLike]:
        """The losses of all runs, and the numbers of the formula."""
        yield from (losses for _, losses, _ in self.runs.values())
        yield [node.number for node in Expression.parse(self.chosen["curve"]).nodes]

    def construct(self) -> None:
        """Show the curve, then one network after the other."""
        self.section("universal_curve")
        xs, ys = self.data.inputs[:, 0], self.data.targets[:, 0]
        names = {
            "target": f"y = {Expression.parse(self.chosen['curve'])}",
            "parts": self.words("fit.neuron"),
            "curve": self.words("fit.sum"),
        }
        plot = FitPlot(xs, target=ys, names=names, theme=self.theme, box=PLOT, words=self.words)
        counts = list(self.runs)
        diagram, title, losses = self.diagram_of(counts[0]), self.title_of(counts[0]), self.table()
        head = TextLabel(self.words("fit.losses"), self.theme, em=self.theme.smallest_text)
        head.move_to([LOSSES[0], HEAD, 0], aligned_edge=LEFT)
        sign = EdgeKey(self.theme, "sign", words=self.words)
        sign.move_to([LOSSES[0], KEY, 0], aligned_edge=LEFT)
        self.count = TextLabel("", self.theme)
        self.show_count(0)
        self.add(plot, diagram, title, sign, losses, head, self.count)
        drawing = Create(plot.target, rate_func=linear, run_time=DRAWING)
        with self.beat("universal.curve", along=[drawing], hold=1.0):
            pass
        for place, neurons in enumerate(counts):
            if place == 0:
                self.section("universal_first")
            elif place == 1:
                self.section("universal_more")
            key = "universal.one" if neurons == 1 else "universal.more"
            fields: dict[str, Any] = {} if neurons == 1 else {"n": neurons}
            leaving: list[VMobject] = []
            if place:
                # The old network leaves before another one begins with weights of its own.
                leaving = [diagram, title, plot.curve, plot.parts]
                diagram, title = self.diagram_of(neurons), self.title_of(neurons)
            ending = place == len(counts) - 1
            with self.beat(key, along=list(map(FadeOut, leaving)), hold=1.1, **fields):
                show = self.step(plot, losses, neurons)
                if place:
                    show(0.0)
                    coming = diagram, title, plot.curve, plot.parts
                    self.play(*map(FadeIn, coming), run_time=0.5)
                moving = VGroup(plot, losses, self.count)
                self.play(Timeline(moving, [Span(0, TRAINING, show)]))
            if ending:
                with self.beat("universal.sum", hold=LAST):
                    pass

    # ---- parts -----------------------------------------------------------------------------------

    def diagram_of(self, neurons: int) -> NetworkDiagram:
        """Return the diagram of a trained network."""
        network = self.runs[neurons][0][-1]
        style: dict[str, Any] = {"numbers": False, "layer_names": False, "max_neurons": 12}
        return NetworkDiagram(network, self.theme, box=DIAGRAM, words=self.words, **style)

    def title_of(self, neurons: int) -> TextLabel:
        """Return the number of hidden neurons, to stand above the diagram."""
        text = self.words("fit.neurons", n=neurons)
        title = TextLabel(text, self.theme, em=self.theme.caption_size)
        return title.move_to([LOSSES[0], TITLE, 0], aligned_edge=LEFT)

    def table(self) -> NumberBars:
        """Return a row for the loss of each network, all of them empty."""
        ends = [float(losses[-1]) for _, losses, _ in self.runs.values()]
        rows = [FIRST - place * ROW for place in range(len(ends))]
        table = NumberBars(
            ends,
            (0.0, BEYOND * max(ends)),
            names=[str(neurons) for neurons in self.runs],
            colors=[self.theme.blame] * len(ends),
            powers=False,
            heights=rows,
            theme=self.theme,
            box=Box(*LOSSES, rows[-1] - ROW / 2, rows[0] + ROW / 2),
            words=self.words,
        )
        return table.show_values(ends, 0.0)

    def show_count(self, steps: int) -> None:
        """Write how many steps the training has taken, below the plot."""
        text = self.words("fit.step", n=steps)
        self.count.write(text).move_to([PLOT.right, COUNT, 0], aligned_edge=RIGHT)

    def step(self, plot: FitPlot, table: NumberBars, neurons: int) -> Step:
        """Return the step of an animation that shows the run."""
        networks, losses, steps = self.runs[neurons]
        traces = [forward(network, self.data.inputs) for network in networks]
        curves = [trace.prediction[:, 0] for trace in traces]
        parts = [trace.layers[1].contributions[:, 0].T for trace in traces]
        last, row = len(networks) - 1, list(self.runs).index(neurons)
        shown = np.arange(len(self.runs)) <= row

        def show(progress: float) -> None:
            at = min(int(progress * last), last - 1)
            share = progress * last - at
            plot.show_curve((1 - share) * curves[at] + share * curves[at + 1])
            plot.show_parts((1 - share) * parts[at] + share * parts[at + 1])
            values = table.values.copy()
            values[row] = losses[last if progress >= 1 else at]
            table.show_values(values, shown)
            self.show_count(steps[last if progress >= 1 else at])

        return show
