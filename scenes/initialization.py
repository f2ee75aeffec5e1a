"""Initialization: the activations of a deep network, layer by layer, for five ways to begin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from manim import LEFT, FadeIn, FadeOut, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Step, Timeline, ease
from netviz.core import INITIALIZERS, Initializer, Network, forward
from netviz.drawing import Box, LayerHistograms, TextLabel
from netviz.drawing.numerals import plain
from netviz.scene import BeatScene, Option

# A network, and the values at the ends of its histograms.
Start: TypeAlias = tuple[Network, tuple[float, float]]

SAMPLES = 300
WHOLE, TITLE = Box(-6.7, 6.7, -2.7, 2.6), (-6.7, 3.25)
# The rows of the comparison: their names to the left.
NAMES, ROWS, FIRST, STEP = -6.7, (-3.3, 6.7), 3.5, 1.22
TANH, RELU = (-1.0, 1.0), (0.0, 3.0)
LAST = 2.4
# The five ways to begin, with their captions.
STARTS = {
    "zeros": "init.zeros",
    "small": "init.small",
    "large": "init.large",
    "xavier": "init.xavier",
    "he": "init.he",
}


class Initialization(BeatScene):
    """Signals die out, saturate, or stay alive, depending on the size of the first weights.

    The picture to remember: five rows of histograms, of which only the last two keep their shape.
    """

    length = 26
    options = (
        Option("layers", 6, "number of hidden layers", least=2, most=8),
        Option("neurons", 100, "neurons in each of them", least=10, most=500),
        Option("small", 0.02, "standard deviation of weights that are too small", least=0.0),
        Option("large", 1.0, "standard deviation of weights that are too large", least=0.0),
        Option("seed", 0, "seed of weights and samples", least=0),
    )

    @cached_property
    def starts(self) -> dict[str, Start]:
        """The five networks, by name."""
        small, large = (self.normal(self.chosen[name]) for name in ("small", "large"))
        return {
            "zeros": (self.network("tanh", INITIALIZERS["zeros"]), TANH),
            "small": (self.network("tanh", small), TANH),
            "large": (self.network("tanh", large), TANH),
            "xavier": (self.network("tanh", INITIALIZERS["xavier_normal"]), TANH),
            "he": (self.network("relu", INITIALIZERS["he_normal"]), RELU),
        }

    def normal(self, deviation: float) -> Initializer:
        """Return the initializer of a standard deviation that does not depend on the layer."""
        name = f"N(0, {deviation:g}²)"
        return Initializer(
            name,
            lambda rng, n_out, n_in: rng.normal(0.0, deviation, (n_out, n_in)),
            source="the same for every layer, whatever its size",
        )

    def network(self, activation: str, init: Initializer) -> Network:
        """Return a deep network, as it is initialized."""
        sizes = [self.chosen["neurons"]] * (self.chosen["layers"] + 1)
        return Network.random(sizes, activation, init, rng=self.chosen["seed"])

    @cached_property
    def inputs(self) -> NDArray[np.float64]:
        """Random inputs with mean 0 and standard deviation 1."""
        rng = np.random.default_rng(self.chosen["seed"] + 1)
        return rng.normal(size=(SAMPLES, self.chosen["neurons"]))

    @property
    def results(self) -> Iterator[ArrayLike]:
        """The ends of the histograms, and the two deviations."""
        yield (*TANH, *RELU)
        yield self.chosen["small"], self.chosen["large"]

    def construct(self) -> None:
        """Show one start after the other, then all of them."""
        self.section("init_one")
        before: list[VGroup | LayerHistograms] = []
        for place, key in enumerate(self.starts):
            panel, title = self.histograms(key, WHOLE), self.title_of(key)
            title.move_to([*TITLE, 0], aligned_edge=LEFT)
            if place == 0:
                self.add(title, panel)
                along = []
            else:
                along = [*map(FadeOut, before), FadeIn(title)]
            with self.beat(STARTS[key], along=along, hold=2.0):
                grow = [Span(0, 1.6, self.growing(panel))]
                self.play(Timeline(panel, grow))
            before = [panel, title]
        self.section("init_all")
        rows = []
        for row, key in enumerate(self.starts):
            top = FIRST - row * STEP
            box = Box(*ROWS, top - 0.85 * STEP, top)
            title = self.title_of(key, em=self.theme.number_size)
            title.move_to([NAMES, box.bottom + 0.3, 0], aligned_edge=LEFT)
            rows.append(VGroup(self.histograms(key, box, small=True), title))
        with self.beat("init.all", along=[*map(FadeOut, before), *map(FadeIn, rows)], hold=LAST):
            pass

    # ---- parts -----------------------------------------------------------------------------------

    def histograms(self, key: str, box: Box, *, small: bool = False) -> LayerHistograms:
        """Return the histograms of the activations of all layers."""
        network, reach = self.starts[key]
        layers = forward(network, self.inputs).activations[1:]
        names = [self.words("layer.hidden_n", n=n + 1) for n in range(len(layers))]
        return LayerHistograms(
            layers,
            reach=reach,
            names=() if small else names,
            scale=not small,
            theme=self.theme,
            box=box,
            words=self.words,
        )

    def title_of(self, key: str, em: float | None = None) -> TextLabel:
        """Return the name of a start: how it is initialized, and its activation."""
        fields = {name: plain(self.chosen[name]) for name in ("small", "large")}
        text = self.words(f"start.{key}", **fields)
        return TextLabel(text, self.theme, em=em or self.theme.caption_size)

    def growing(self, panel: LayerHistograms) -> Step:
        """Return the step in which histograms grow, one layer after the other."""
        count = len(panel.shares)

        def show(progress: float) -> None:
            reached = np.clip(ease(progress) * count - np.arange(count), 0.0, 1.0)
            panel.show_shares(panel.shares * reached[:, np.newaxis])

        return show
