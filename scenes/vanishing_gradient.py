"""A deep network: the blame fades towards the input, or arrives there."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from manim import DL, DOWN, LEFT, RIGHT, FadeIn, FadeOut, Rectangle, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.animation import BackwardPass, ForwardPass
from netviz.animation.timeline import Span, Step, Timeline, ease
from netviz.core import ACTIVATIONS, INITIALIZERS, BackwardTrace, Network, backward, forward
from netviz.drawing import Box, EdgeKey, LayerBars, NetworkDiagram, Number, TextLabel
from netviz.drawing.edge_sum import Plated
from netviz.drawing.numerals import figures
from netviz.drawing.paths import Course, add_arrow
from netviz.drawing.values import BlameScale
from netviz.scene import BeatScene, Option

SLOPED = tuple(n for n, f in ACTIVATIONS.items() if f.differentiable and f.elementwise)
STARTS = tuple(name for name in INITIALIZERS if name != "zeros")
INPUTS, SAMPLES = 8, 200
# The sample whose passes are shown; its blame reaches the few neurons that are drawn.
SAMPLE = 2
DIAGRAM, BARS = Box(-6.55, 6.45, 0.45, 3.1), Box(-6.7, 6.7, -2.65, -0.5)
# Heights of the title, of what the bars are, and of the arrow over them, with half its width; the
# size and the stroke of the key of the ghosts.
TITLE, HEAD, OVER, ARROW, KEY, GHOST = 3.55, 0.15, -0.3, 0.02, (0.4, 0.22), 3.0
SHOWN = 5
# The widest arrows are those of the largest shares, above this quantile of a network, and shares of
# less than such a part of them have no arrow.
WIDEST, LEAST = 0.95, 0.03
# Seconds of a step forward and back, in the first network and in the others, and when in a step
# back the bar of a layer grows.
FORWARD, BACK, OPENING, ARRIVES, GROWS = (0.7, 0.4), (0.75, 0.6), 0.5, 0.7, 0.8
# The comparison: x of the names and of the bars, heights of the names of the layers, of the top of
# the first row and of its bars, and from row to row.
NAMES, ROWS, LAYERS, FIRST, TALL, ROW = -6.7, (-4.2, 6.7), 3.6, 3.35, 1.8, 2.05


class Deep(NamedTuple):
    """A network, and how much blame arrives in its layers.

    Attributes:
        network: As it is initialized.
        activation, init: Names of the activation and of the initializer of its hidden layers.
        blame: The root of the mean square of the blame in each hidden layer.
        trace: The passes of one sample, of which rings and arrows are shown.
    """

    network: Network
    activation: str
    init: str
    blame: NDArray[np.float64]
    trace: BackwardTrace


class VanishingGradient(BeatScene):
    """Each sigmoid layer lets through less than a quarter of the blame, until nothing is left.

    The picture to remember: red arrows that become thin on their way to the input, and bars below
    the layers, of which only the last ones can be seen. With ReLU they become visible, and with its
    own initialization, that of He, they are level. One thing changes at a time.
    """

    length = 60.4
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
    def networks(self) -> list[Deep]:
        """The first network, the same with another activation, and then with another start."""
        chosen = self.chosen
        first, other = chosen["activation"], chosen["other"]
        kinds = (first, chosen["init"]), (other, chosen["init"]), (other, chosen["other_init"])
        return [self.measured(*kind) for kind in dict.fromkeys(kinds)]

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
        shown = backward(network, forward(network, inputs[SAMPLE]), targets[SAMPLE], "mse")
        return Deep(network, activation, init, sizes_of_blame, shown)

    @cached_property
    def scale(self) -> BlameScale:
        """One scale of rings and arrows for the hidden layers of all networks.

        By default each layer has arrows on a scale of its own, on which nothing fades.
        """
        passes = [deep.trace.layers for deep in self.networks]
        blame = max(float(np.abs(part.blame).max()) for layers in passes for part in layers[:-1])
        # The last shares come from the output, where the error is, and are far larger.
        shares = ([np.abs(part.shares).ravel() for part in layers[1:-1]] for layers in passes)
        widest = max(float(np.quantile(np.concatenate(each), WIDEST)) for each in shares)
        return BlameScale(blame, (widest,) * len(passes[0]), LEAST)

    @property
    def results(self) -> Iterator[ArrayLike]:
        """The bars, and the ratio of the last to the first."""
        for deep in self.networks:
            yield deep.blame
            yield ratio(deep)

    def construct(self) -> None:
        """Show one network after the other, and then the bars of all."""
        self.section("vanish_fades")
        first, *others = self.networks
        top = max(float(deep.blame.max()) for deep in self.networks)
        diagram, title = self.diagram_of(first), self.title_of(first)
        bars = self.bars_of(first, diagram, top)
        self.add(diagram, title, bars, self.head(), self.sign())
        layers, name = len(first.blame), self.words(f"activation.{first.activation}")
        with self.beat("vanish.network", layers=layers, activation=name):
            self.pass_forward(diagram, first, FORWARD[0])
        with self.beat("vanish.back", hold=0.3):
            self.pass_back(diagram, first, bars, BACK[0])
            self.hold_for(layers)
        times = self.times(first, bars)
        with self.beat("vanish.fades", ratio=figures(ratio(first)), hold=1.5):
            self.play(FadeIn(times, shift=0.3 * LEFT), run_time=0.8)
        self.section("vanish_arrives")
        shown: list[VMobject] = [diagram, title, bars, times]
        before = first
        for deep in others:
            diagram, title = self.diagram_of(deep), self.title_of(deep)
            bars = self.bars_of(deep, diagram, top).show_ghosts(first.blame)
            coming = [diagram, title, bars] + ([self.key()] if before is first else [])
            only_start = deep.activation == before.activation
            key = "vanish.start" if only_start else "vanish.other"
            names = {
                "activation": self.words(f"activation.{deep.activation}"),
                "init": self.words(f"initializer.{deep.init}"),
            }
            change = [*map(FadeOut, shown), *map(FadeIn, coming)]
            with self.beat(key, along=change, hold=0.3, **names):
                self.pass_forward(diagram, deep, FORWARD[1])
                self.pass_back(diagram, deep, bars, BACK[1])
                self.hold_for(layers)
            key = "vanish.arrives" if deep is others[-1] else "vanish.less"
            times = self.times(deep, bars)
            with self.beat(key, ratio=figures(ratio(deep)), hold=1.5):
                self.play(FadeIn(times, shift=0.3 * LEFT), run_time=0.8)
            shown, before = [diagram, title, bars, times], deep
        self.section("vanish_compared")
        rows = [self.row_of(place, deep, top) for place, deep in enumerate(self.networks)]
        coming = [*rows, self.layer_names(rows[0])]
        self.clear_caption()
        self.play(*map(FadeOut, self.mobjects), run_time=0.3)
        with self.beat("vanish.compared", along=list(map(FadeIn, coming))):
            pass

    # ---- parts -----------------------------------------------------------------------------------

    def diagram_of(self, deep: Deep) -> NetworkDiagram:
        """Return the diagram, without numbers: there are too many."""
        style: dict[str, Any] = {"numbers": False, "layer_names": False, "max_neurons": SHOWN}
        diagram = NetworkDiagram(deep.network, self.theme, box=DIAGRAM, words=self.words, **style)
        diagram.keep_scales(deep.trace.forward).blame_scale = self.scale
        return diagram

    def title_of(self, deep: Deep) -> TextLabel:
        """Return activation and initializer, to stand above the diagram."""
        names = {
            "activation": self.words(f"activation.{deep.activation}"),
            "init": self.words(f"initializer.{deep.init}"),
        }
        text = self.words("start.network", **names)
        label = TextLabel(text, self.theme, em=self.theme.caption_size)
        return label.move_to([BARS.left, TITLE, 0], aligned_edge=LEFT)

    def head(self) -> TextLabel:
        """Return what the bars are, to stand above them."""
        text, theme = self.words("start.blame", samples=SAMPLES), self.theme
        label = TextLabel(text, theme, color=theme.blame)
        return label.move_to([BARS.left, HEAD, 0], aligned_edge=LEFT)

    def sign(self) -> EdgeKey:
        """Return what a dashed line is, to stand next to the title."""
        key = EdgeKey(self.theme, "sign", words=self.words)
        return key.move_to([BARS.right, TITLE, 0], aligned_edge=RIGHT)

    def times(self, deep: Deep, bars: LayerBars) -> VGroup:
        """Return an arrow over the bars, from the last to the first, and how they shrink."""
        theme, ends = self.theme, [[number.get_x(), OVER, 0] for number in bars.numbers]
        arrow = VMobject(stroke_width=0, fill_color=theme.text, fill_opacity=1)
        way = Course.straight(*np.array([ends[-1], ends[0]]))
        add_arrow(arrow, way, 0.0, 1.0, ARROW, dashed=False)
        divided, number = TextLabel("÷", theme), Number(ratio(deep), theme)
        return VGroup(arrow, Plated(divided, number, theme=theme).move_to(arrow))

    def key(self) -> VGroup:
        """Return what the outlines are: the bars of the first network."""
        first, theme = self.networks[0], self.theme
        outline = Rectangle(width=KEY[0], height=KEY[1]).set_stroke(theme.text, GHOST)
        names = (f"activation.{first.activation}", f"initializer.{first.init}")
        text = TextLabel(" · ".join(map(self.words, names)), theme, em=theme.smallest_text)
        key = VGroup(outline, text).arrange(RIGHT, buff=0.15)
        return key.move_to([BARS.right, HEAD, 0], aligned_edge=RIGHT)

    def row_of(self, place: int, deep: Deep, top: float) -> VGroup:
        """Return the bars of a network in a row, after its activation and its initializer."""
        y = FIRST - place * ROW
        box = Box(*ROWS, y - TALL, y)
        bars = self.bars_in(box, deep, top)
        names = VGroup(
            TextLabel(self.words(f"activation.{deep.activation}"), self.theme),
            TextLabel(self.words(f"initializer.{deep.init}"), self.theme),
        )
        names.arrange(DOWN, buff=0.15, aligned_edge=LEFT)
        return VGroup(bars, names.move_to([NAMES, box.bottom, 0], aligned_edge=DL))

    def layer_names(self, row: VGroup) -> VGroup:
        """Return the names of the hidden layers, to stand above the rows."""
        names = VGroup()
        for n, number in enumerate(row[0].numbers, start=1):
            text = self.words("layer.hidden_n", n=n)
            name = TextLabel(text, self.theme, em=self.theme.smallest_text)
            names.add(name.move_to([number.get_x(), LAYERS, 0]))
        return names

    def bars_of(self, deep: Deep, diagram: NetworkDiagram, top: float) -> LayerBars:
        """Return the bars below the hidden layers, not grown yet."""
        hidden = range(1, len(deep.blame) + 1)
        centers = [float(diagram.layer(layer)[0].disc.get_x()) for layer in hidden]
        bars = self.bars_in(BARS, deep, top, centers=centers)
        for place in range(len(deep.blame)):
            bars.show_bar(place, 0.0)
        return bars

    def bars_in(self, box: Box, deep: Deep, top: float, **options: Any) -> LayerBars:
        """Return the bars of a network in a box, all on one scale."""
        options |= {"theme": self.theme, "box": box, "words": self.words}
        return LayerBars(deep.blame, top=top, powers=False, **options)

    def pass_forward(self, diagram: NetworkDiagram, deep: Deep, seconds: float) -> None:
        """A sample runs through the network."""
        self.play(ForwardPass.at_once(diagram, deep.trace.forward, step_time=seconds))

    def pass_back(
        self, diagram: NetworkDiagram, deep: Deep, bars: LayerBars, seconds: float
    ) -> None:
        """Its blame runs back and stays; the bar of a layer grows when it arrives there."""
        spans = []
        for back, place in enumerate(reversed(range(len(deep.blame)))):
            start = (OPENING + back + ARRIVES) * seconds
            spans.append(Span(start, start + GROWS, growing(bars, place)))
        steps = BackwardPass.by_layer(diagram, deep.trace, step_time=seconds, stay=True)
        self.play(steps, Timeline(bars, spans))


def ratio(deep: Deep) -> float:
    """Return how many times the blame of the last hidden layer is that of the first."""
    return float(deep.blame[-1] / deep.blame[0])


def growing(bars: LayerBars, place: int) -> Step:
    """Return the step in which a bar grows."""
    return lambda share: bars.show_bar(place, ease(share))
