"""A deep network: the blame fades towards the input, or arrives there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from manim import LEFT, FadeIn, FadeOut
from numpy.typing import ArrayLike, NDArray

from netviz.animation import BackwardPass, ForwardPass
from netviz.animation.timeline import Span, Step, Timeline, ease
from netviz.core import ACTIVATIONS, INITIALIZERS, Network, backward, forward
from netviz.drawing import Box, LayerBars, NetworkDiagram, TextLabel
from netviz.drawing.numerals import figures
from netviz.scene import BeatScene, Option

SLOPED = tuple(n for n, f in ACTIVATIONS.items() if f.differentiable and f.elementwise)
STARTS = tuple(name for name in INITIALIZERS if name != "zeros")
INPUTS, SAMPLES = 8, 200
DIAGRAM, BARS = Box(-6.55, 6.45, 0.35, 3.1), Box(-6.7, 6.7, -2.75, 0.0)
TITLE = 3.55
SHOWN = 5
# Seconds of a step of the backward pass, and when in it the bar of a layer grows.
STEP, OPENING, ARRIVES, GROWS = 0.75, 0.5, 0.7, 0.8
LAST = 2.2


# A network, its title, and the root of the mean square of the blame in each hidden layer.
Deep: TypeAlias = tuple[Network, str, NDArray[np.float64]]


class VanishingGradient(BeatScene):
    """Each sigmoid layer lets through less than a quarter of the blame, until nothing is left.

    The picture to remember: bars below the layers, of which only the last ones can be seen; with
    ReLU and He initialization they are level.
    """

    length = 40.5
    options = (
        Option("activation", "sigmoid", "activation of the first network", choices=SLOPED),
        Option("init", "xavier_uniform", "initializer of the first network", choices=STARTS),
        Option("other", "relu", "activation of the second network", choices=SLOPED),
        Option("other_init", "he_normal", "initializer of the second network", choices=STARTS),
        Option("layers", 8, "number of hidden layers", least=3, most=10),
        Option("neurons", 24, "neurons in each of them", least=2, most=100),
        Option("seed", 5, "seed of weights and samples", least=0),
    )

    @cached_property
    def samples(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Random inputs, and the sign of the first of them as the target."""
        rng = np.random.default_rng(self.chosen["seed"] + 1)
        inputs = rng.normal(size=(SAMPLES, INPUTS))
        return inputs, np.where(inputs[:, :1] >= 0, 1.0, -1.0)

    @cached_property
    def first(self) -> Deep:
        """The network in which the blame fades."""
        return self.measured(self.chosen["activation"], self.chosen["init"])

    @cached_property
    def second(self) -> Deep:
        """The network in which it arrives."""
        return self.measured(self.chosen["other"], self.chosen["other_init"])

    def measured(self, activation: str, init: str) -> Deep:
        """Initialize a network, and measure the blame of all samples."""
        layers = self.chosen["layers"]
        sizes = [INPUTS, *[self.chosen["neurons"]] * layers, 1]
        functions = [*[activation] * layers, "identity"]
        network = Network.random(sizes, functions, init, rng=self.chosen["seed"])
        inputs, targets = self.samples
        trace = backward(network, forward(network, inputs), targets, "mse")
        hidden = [layer.blame for layer in trace.layers[:-1]]
        sizes_of_blame = np.array([np.sqrt(np.mean(blame**2)) for blame in hidden])
        return network, f"{activation} · {init}", sizes_of_blame

    @property
    def results(self) -> Iterator[ArrayLike]:
        """The bars, and the ratio of the last to the first."""
        for deep in (self.first, self.second):
            yield deep[2]
            yield deep[2][-1] / deep[2][0]

    def construct(self) -> None:
        """Show one network after the other."""
        self.section("vanish_fades")
        top = float(max(self.first[2].max(), self.second[2].max()))
        diagram, title = self.diagram_of(self.first), self.title_of(self.first)
        bars = self.bars_of(self.first, diagram, top)
        self.add(diagram, title, bars)
        layers, name = len(self.first[2]), self.chosen["activation"]
        with self.beat("vanish.network", layers=layers, activation=name):
            self.pass_forward(diagram, self.first)
        with self.beat("vanish.back", hold=0.3):
            self.pass_back(diagram, self.first, bars)
            self.hold_for(layers)
        ratio = figures(float(self.first[2][-1] / self.first[2][0]))
        with self.beat("vanish.fades", ratio=ratio, hold=1.5):
            pass
        self.section("vanish_arrives")
        other, other_title = self.diagram_of(self.second), self.title_of(self.second)
        level = self.bars_of(self.second, other, top).show_ghosts(self.first[2])
        leaving = [FadeOut(each) for each in (diagram, title, bars)]
        names = {"activation": self.chosen["other"], "init": self.chosen["other_init"]}
        coming = [FadeIn(each) for each in (other, other_title, level)]
        with self.beat("vanish.other", along=[*leaving, *coming], hold=0.5, **names):
            self.pass_forward(other, self.second)
        with self.beat("vanish.again", hold=0.3):
            self.pass_back(other, self.second, level)
            self.hold_for(layers)
        ratio = figures(float(self.second[2][-1] / self.second[2][0]))
        with self.beat("vanish.arrives", ratio=ratio, hold=LAST):
            pass

    # ---- parts -----------------------------------------------------------------------------------

    def diagram_of(self, deep: Deep) -> NetworkDiagram:
        """Return the diagram, without numbers: there are too many."""
        style: dict[str, Any] = {"numbers": False, "layer_names": False, "max_neurons": SHOWN}
        diagram = NetworkDiagram(deep[0], self.theme, box=DIAGRAM, words=self.words, **style)
        sample = forward(deep[0], self.samples[0][0])
        blame = backward(deep[0], sample, self.samples[1][0], "mse")
        return diagram.keep_scales(sample, blame)

    def title_of(self, deep: Deep) -> TextLabel:
        """Return activation and initializer, to stand above the diagram."""
        label = TextLabel(deep[1], self.theme, em=self.theme.caption_size)
        label.move_to([BARS.left, TITLE, 0], aligned_edge=LEFT)
        return label

    def bars_of(self, deep: Deep, diagram: NetworkDiagram, top: float) -> LayerBars:
        """Return the bars below the hidden layers, not grown yet."""
        hidden = range(1, len(deep[2]) + 1)
        centers = [float(diagram.layer(layer)[0].disc.get_x()) for layer in hidden]
        bars = LayerBars(
            deep[2], top=top, centers=centers, theme=self.theme, box=BARS, words=self.words
        )
        for place in range(len(deep[2])):
            bars.show_bar(place, 0.0)
        return bars

    def pass_forward(self, diagram: NetworkDiagram, deep: Deep) -> None:
        """A sample runs through the network."""
        trace = forward(deep[0], self.samples[0][0])
        self.play(ForwardPass.at_once(diagram, trace, step_time=0.7))

    def pass_back(self, diagram: NetworkDiagram, deep: Deep, bars: LayerBars) -> None:
        """Its blame runs back, and the bar of a layer grows when it arrives there."""
        trace = forward(deep[0], self.samples[0][0])
        blame = backward(deep[0], trace, self.samples[1][0], "mse")
        spans = []
        for back, place in enumerate(reversed(range(len(deep[2])))):
            start = (OPENING + back + ARRIVES) * STEP
            spans.append(Span(start, start + GROWS, growing(bars, place)))
        steps = BackwardPass.by_layer(diagram, blame, step_time=STEP)
        self.play(steps, Timeline(bars, spans))


def growing(bars: LayerBars, place: int) -> Step:
    """Return the step in which a bar grows."""
    return lambda share: bars.show_bar(place, ease(share))
