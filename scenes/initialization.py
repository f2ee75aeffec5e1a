"""Initialization: the activations of a deep network, layer by layer, for five ways to begin."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, VGroup, VMobject
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Span, Step, Timeline, ease
from netviz.captions import rows
from netviz.core import INITIALIZERS, Initializer, Network, forward
from netviz.drawing import Box, LayerHistograms, TextLabel
from netviz.drawing.numerals import plain
from netviz.scene import BeatScene, Option
from netviz.staging.beat_scene import reading_time

# A network, its activation, and the values at the ends of its histograms.
Start: TypeAlias = tuple[Network, str, tuple[float, float]]

SAMPLES = 300
WHOLE, TITLE = Box(-6.7, 6.7, -2.7, 2.15), (-6.7, 3.4)
# The rows of the comparison, the names to their left, and the height of what stands above them.
NAMES, ROWS, FIRST, STEP, HEAD = -6.7, (-3.3, 6.7), 3.35, 1.2, 3.62
TANH, RELU = (-1.0, 1.0), (0.0, 3.0)
# Letters in a line of what the axes are.
LETTERS = 36
SHORTEST, LAST = 2.0, 2.4
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

    length = 31.2
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
            "zeros": (self.network("tanh", INITIALIZERS["zeros"]), "tanh", TANH),
            "small": (self.network("tanh", small), "tanh", TANH),
            "large": (self.network("tanh", large), "tanh", TANH),
            "xavier": (self.network("tanh", INITIALIZERS["xavier_normal"]), "tanh", TANH),
            "he": (self.network("relu", INITIALIZERS["he_normal"]), "ReLU", RELU),
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
        """The ends of the histograms, their bars in percent, and two deviations."""
        yield (*TANH, *RELU)
        yield from (100 * self.histograms(key, WHOLE).shares for key in self.starts)
        yield self.chosen["small"], self.chosen["large"]

    def construct(self) -> None:
        """Show one start after the other, then all of them."""
        self.section("init_one")
        self.add(self.axes())
        before: list[VMobject] = []
        for key in self.starts:
            panel, title = self.histograms(key, WHOLE), self.title_of(key)
            panel.show_shares(0 * panel.shares)
            coming: list[VMobject] = [title, panel]
            if not before:
                self.add(*coming)
            # The axes stay on screen while one picture gives way to the next.
            change = [*map(FadeOut, before), *map(FadeIn, coming if before else ())]
            hold = max(SHORTEST, reading_time(len(panel.tops)))
            with self.beat(STARTS[key], along=change, hold=hold):
                self.play(Timeline(panel, [Span(0, 1.6, self.growing(panel))]))
                if self.starts[key][1] == "ReLU" and (0, 0) in panel.tops:
                    coming.append(self.switched_off(panel))
                    self.play(FadeIn(coming[-1]))
            before = coming
        self.section("init_all")
        self.clear_caption()
        self.play(*map(FadeOut, self.mobjects), run_time=0.4)
        table = [self.row_of(place, key) for place, key in enumerate(self.starts)]
        with self.beat(
            "init.all", along=[*map(FadeIn, table), FadeIn(self.heads(table))], hold=LAST
        ):
            pass

    # ---- parts -----------------------------------------------------------------------------------

    def histograms(self, key: str, box: Box, *, small: bool = False) -> LayerHistograms:
        """Return the histograms of the activations of all layers."""
        network, _, reach = self.starts[key]
        return LayerHistograms(
            forward(network, self.inputs).activations[1:],
            reach=reach,
            names=() if small else self.layers,
            scale=not small,
            value_name="" if small else self.words("start.activation"),
            theme=self.theme,
            box=box,
            words=self.words,
        )

    def switched_off(self, panel: LayerHistograms) -> TextLabel:
        """Return what the bars at 0 are, to stand above the share of the first one."""
        name = TextLabel(self.words("start.off"), self.theme)
        return name.next_to(panel.tops[0, 0], UP, buff=0.12, aligned_edge=LEFT)

    @property
    def layers(self) -> list[str]:
        """The names of the hidden layers."""
        count = self.chosen["layers"]
        return [self.words("layer.hidden_n", n=n + 1) for n in range(count)]

    def weights_of(self, key: str) -> str:
        """Return how weights begin, in words."""
        fields = {name: plain(self.chosen[name]) for name in ("small", "large")}
        return self.words(f"start.{key}", **fields)

    def title_of(self, key: str) -> TextLabel:
        """Return the title of a start: how its weights begin, and its activation."""
        weights, activation = self.weights_of(key), self.starts[key][1]
        text = self.words("start.title", weights=weights, activation=activation)
        title = TextLabel(text, self.theme, em=self.theme.caption_size)
        return title.move_to([*TITLE, 0], aligned_edge=LEFT)

    def axes(self) -> TextLabel:
        """Return what the heights of the histograms mean."""
        text = self.words("start.axes", percent=f"{100 * LayerHistograms.FULL:.0f}")
        lines, muted = "\n".join(rows(text, LETTERS)), self.theme.muted
        label = TextLabel(lines, self.theme, em=self.theme.smallest_text, color=muted)
        return label.move_to([WHOLE.right, TITLE[1], 0], aligned_edge=RIGHT)

    def row_of(self, place: int, key: str) -> VGroup:
        """Return the histograms of a start in a row, after its name and the range of their axes."""
        _, activation, (low, high) = self.starts[key]
        top = FIRST - place * STEP
        box = Box(*ROWS, top - 0.85 * STEP, top)
        name = TextLabel(self.weights_of(key), self.theme)
        ends = {"low": plain(low), "high": plain(high)}
        text = self.words("start.range", activation=activation, **ends)
        below = TextLabel(text, self.theme, em=self.theme.smallest_text, color=self.theme.muted)
        verdict = TextLabel(self.words(f"verdict.{key}"), self.theme, em=below.em)
        names = VGroup(name, verdict, below).arrange(DOWN, buff=0.07, aligned_edge=LEFT)
        names.move_to([NAMES, box.center[1], 0], aligned_edge=LEFT)
        return VGroup(self.histograms(key, box, small=True), names)

    def heads(self, table: list[VGroup]) -> VGroup:
        """Return what stands above the rows: what their names are, and the layers."""
        em = self.theme.smallest_text
        weights = TextLabel(self.words("start.weights"), self.theme, em=em)
        heads = VGroup(weights.move_to([NAMES, HEAD, 0], aligned_edge=LEFT))
        for base, layer in zip(table[0][0].base, self.layers, strict=True):
            heads.add(TextLabel(layer, self.theme, em=em).move_to([base.get_x(), HEAD, 0]))
        return heads

    def growing(self, panel: LayerHistograms) -> Step:
        """Return the step in which histograms grow, one layer after the other."""
        count = len(panel.shares)

        def show(progress: float) -> None:
            reached = np.clip(ease(progress) * count - np.arange(count), 0.0, 1.0)
            panel.show_shares(panel.shares * reached[:, np.newaxis])

        return show
