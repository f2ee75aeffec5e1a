"""Batch, mini-batch, stochastic: the same descent with more and more noise, and cheaper steps."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from manim import DOWN, LEFT, RIGHT, Dot, FadeIn, FadeOut, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.replay import Follow
from netviz.core import Data, Network, evaluate, train
from netviz.drawing import Box, LossContour, Number, TextLabel
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]

TRUE, NOISE, LOW, HIGH, BEGIN = (1.0, 0.3), 0.9, (-1.6, -1.5), (2.6, 2.1), (-1.1, -1.0)
GRID = 41
# Three sizes of batches, with their captions.
KINDS = {"whole": "batches.whole", "mini": "batches.mini", "single": "batches.single"}
CONTOUR, TABLE = Box(-6.7, 3.0, -2.95, 3.9), (3.5, 6.7)
ROWS, ROW = 2.6, 1.6
SECONDS, LAST = 4.5, 2.4


class Batches(BeatScene):
    """The fewer samples a step sees, the more the path staggers, and the more steps there are.

    The picture to remember: a smooth path, a trembling one and a wild one into the same valley.
    """

    length = 26.2
    options = (
        Option("samples", 32, "number of samples", least=4, most=500),
        Option("batch", 8, "samples in a mini-batch", least=2, most=100),
        Option("epochs", 10, "passes over all samples", least=2, most=50),
        Option("rate", 0.15, "learning rate", least=0.0, most=1.0),
        Option("seed", 3, "seed of samples and of their order", least=0),
    )

    @cached_property
    def data(self) -> Data:
        """Noisy samples of a line."""
        rng = np.random.default_rng(self.chosen["seed"])
        xs = rng.normal(size=self.chosen["samples"])
        ys = TRUE[0] * xs + TRUE[1] + NOISE * rng.normal(size=len(xs))
        return Data(xs[:, np.newaxis], ys[:, np.newaxis], name="line")

    @cached_property
    def paths(self) -> dict[str, Array]:
        """Slope and height of the line before the first and after each step, by batch size."""
        sizes = (len(self.data), self.chosen["batch"], 1)
        return {kind: self.path(size) for kind, size in zip(KINDS, sizes, strict=True)}

    def path(self, batch_size: int) -> Array:
        """Train one linear neuron, for the same number of epochs whatever the batch size."""
        run = train(
            neuron(*BEGIN),
            self.data,
            learning_rate=self.chosen["rate"],
            epochs=self.chosen["epochs"],
            batch_size=batch_size,
            rng=self.chosen["seed"],
        )
        layers = [run.network.layers[0], *(step.network.layers[0] for step in run)]
        return np.array([(each.parameters["weights"][0, 0], each.bias[0]) for each in layers])

    @cached_property
    def landscape(self) -> Array:
        """The mean loss on a grid of slope and height."""
        ws, bs = (np.linspace(low, high, GRID) for low, high in zip(LOW, HIGH, strict=True))
        return np.array([[evaluate(neuron(w, b), self.data).loss for w in ws] for b in bs])

    @property
    def results(self) -> Iterator[ArrayLike]:
        """How many steps each of them takes, and how many samples a step sees."""
        yield [len(path) - 1 for path in self.paths.values()]
        yield (len(self.data), self.chosen["batch"], 1)

    def construct(self) -> None:
        """One path after the other, then all of them."""
        self.section("batches_paths")
        names = {kind: self.name_of(place, kind) for place, kind in enumerate(KINDS)}
        panel = self.contour(("whole",), (0,))
        self.add(panel, names["whole"])
        epochs = self.chosen["epochs"]
        with self.beat("batches.landscape", hold=1.5):
            pass
        for place, kind in enumerate(KINDS):
            with self.beat(KINDS[kind]):
                if place:
                    other = self.contour((kind,), (place,))
                    self.play(FadeOut(panel), FadeIn(other), FadeIn(names[kind]), run_time=0.6)
                    panel = other
                self.play(Follow(panel, panel.moments, run_time=SECONDS))
        self.section("batches_compared")
        last = self.contour(tuple(KINDS), (0, 1, 2))
        last.show_moment(last.moments - 1)
        fade = [FadeOut(panel), FadeIn(last)]
        with self.beat("batches.all", along=fade, hold=LAST, epochs=epochs):
            numbers = [self.number_of(place, kind) for place, kind in enumerate(KINDS)]
            self.play(*map(FadeIn, numbers))

    # ---- parts -----------------------------------------------------------------------------------

    def contour(self, kinds: tuple[str, ...], places: tuple[int, ...]) -> LossContour:
        """Return the landscape with some paths, at their start."""
        return LossContour(
            self.landscape,
            LOW,
            HIGH,
            [self.paths[kind] for kind in kinds],
            colors=[self.theme.classes[place] for place in places],
            names=("w", "b"),
            theme=self.theme,
            box=CONTOUR,
            words=self.words,
        )

    def name_of(self, place: int, kind: str) -> VGroup:
        """Return the name of a kind of batch in its row, with a dot in its colour."""
        y = ROWS - place * ROW
        dot = Dot(radius=0.14, color=self.theme.classes[place]).move_to([TABLE[0] + 0.15, y, 0])
        name = TextLabel(self.words(f"batch.{kind}"), self.theme)
        return VGroup(dot, name.next_to(dot, RIGHT, buff=0.2))

    def number_of(self, place: int, kind: str) -> VGroup:
        """Return how many steps there were, below the name."""
        count = len(self.paths[kind]) - 1
        number = Number(count, self.theme, decimals=0, em=self.theme.caption_size)
        number.move_to([TABLE[0] + 0.45, ROWS - place * ROW - 0.55, 0], aligned_edge=LEFT)
        word = TextLabel(self.words("batch.steps"), self.theme)
        return VGroup(number, word.next_to(number, RIGHT, buff=0.2).align_to(number, DOWN))


def neuron(w: float, b: float) -> Network:
    """Return the line ŷ = w x + b as a network."""
    return Network.from_weights([[[w]]], [[b]], "identity")
