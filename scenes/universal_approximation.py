"""One hidden layer, more and more neurons: the network closes in on a curve."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from typing import Any, TypeAlias

import numpy as np
from manim import LEFT, RIGHT, FadeIn, FadeOut
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Step, Timeline
from netviz.core import Data, Expression, Network, evaluate, forward, train
from netviz.drawing import Box, FitPlot, NetworkDiagram, Number, TextLabel
from netviz.problems import Problem, ProblemError
from netviz.recording.recording import log_spaced
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]
# Networks at some moments of a run, and the loss on all samples at each.
Run: TypeAlias = tuple[list[Network], Array]

REACH, SAMPLES = 2.0, 120
PLOT, DIAGRAM = Box(-2.3, 6.7, -2.75, 2.9), Box(-6.6, -3.3, -2.75, 3.1)
HEAD = 3.45
EPOCHS, MOMENTS, RATE = 2500, 40, 0.03
# Of several runs with different weights, the best one is shown.
TRIES = 3
TRAINING, LAST = 4.0, 2.2


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
    return kept, np.array([evaluate(each, data).loss for each in kept])


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

    length = 30.3
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
        for neurons in (int(count) for count in self.chosen["neurons"]):
            seeds = range(self.chosen["seed"], self.chosen["seed"] + TRIES)
            runs = (trained(self.chosen["curve"], neurons, seed) for seed in seeds)
            found[neurons] = min(runs, key=lambda run: float(run[1][-1]))
        return found

    @property
    def results(self) -> Iterator[ArrayLike]:
        """The losses of all runs, and the numbers of the formula."""
        yield from (losses for _, losses in self.runs.values())
        yield [node.number for node in Expression.parse(self.chosen["curve"]).nodes]

    def construct(self) -> None:
        """Show the curve, then one network after the other."""
        self.section("universal_curve")
        xs, ys = self.data.inputs[:, 0], self.data.targets[:, 0]
        plot = FitPlot(xs, target=ys, theme=self.theme, box=PLOT, words=self.words)
        name = TextLabel(f"y = {Expression.parse(self.chosen['curve'])}", self.theme)
        name.move_to([PLOT.left, HEAD, 0], aligned_edge=LEFT)
        counts = list(self.runs)
        diagram = self.diagram_of(counts[0])
        self.add(plot, name, diagram)
        with self.beat("universal.curve", hold=1.5):
            pass
        loss = Number(0.0, self.theme, color=self.theme.blame, em=self.theme.caption_size)
        word = TextLabel(self.words("panel.loss"), self.theme, color=self.theme.blame)
        for place, neurons in enumerate(counts):
            if place == 0:
                self.section("universal_first")
            elif place == 1:
                self.section("universal_more")
            first = float(self.runs[neurons][1][0])
            key = "universal.one" if neurons == 1 else "universal.more"
            fields: dict[str, Any] = {} if neurons == 1 else {"n": neurons}
            along = []
            if place:
                other = self.diagram_of(neurons)
                along, diagram = [FadeOut(diagram), FadeIn(other)], other
            ending = place == len(counts) - 1
            with self.beat(key, along=along, hold=1.1, **fields):
                self.write(loss, word, first)
                self.add(loss, word)
                self.play(Timeline(plot, [Span(0, TRAINING, self.step(plot, neurons, loss, word))]))
            if ending:
                with self.beat("universal.sum", hold=LAST):
                    pass

    # ---- parts -----------------------------------------------------------------------------------

    def diagram_of(self, neurons: int) -> NetworkDiagram:
        """Return the diagram of a trained network."""
        network = self.runs[neurons][0][-1]
        style: dict[str, Any] = {"numbers": False, "layer_names": False, "max_neurons": 12}
        return NetworkDiagram(network, self.theme, box=DIAGRAM, words=self.words, **style)

    def write(self, loss: Number, word: TextLabel, value: float) -> None:
        """Write the loss above the plot, at its right end."""
        loss.set_value(value).move_to([PLOT.right, HEAD, 0], aligned_edge=RIGHT)
        word.next_to(loss, LEFT, buff=0.2)

    def step(self, plot: FitPlot, neurons: int, loss: Number, word: TextLabel) -> Step:
        """Return the step of an animation that shows the run."""
        networks, losses = self.runs[neurons]
        traces = [forward(network, self.data.inputs) for network in networks]
        curves = [trace.prediction[:, 0] for trace in traces]
        parts = [trace.layers[1].contributions[:, 0].T for trace in traces]
        last = len(networks) - 1

        def show(progress: float) -> None:
            at = min(int(progress * last), last - 1)
            share = progress * last - at
            plot.show_curve((1 - share) * curves[at] + share * curves[at + 1])
            plot.show_parts((1 - share) * parts[at] + share * parts[at + 1])
            self.write(loss, word, float(losses[last if progress >= 1 else at]))

        return show
