"""Batch, mini-batch, stochastic: as many samples seen, in more steps with more noise."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TypeAlias

import numpy as np
from manim import RIGHT, Dot, FadeIn, FadeOut, RoundedRectangle, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.animation.timeline import Change, ease
from netviz.captions import rows
from netviz.core import Data, Network, evaluate, train
from netviz.drawing import Box, LossContour, Number, TextLabel
from netviz.scene import BeatScene, Option

Array: TypeAlias = NDArray[np.float64]

TRUE, NOISE, LOW, HIGH, BEGIN = (1.0, 0.3), 0.9, (-1.6, -1.5), (2.6, 2.1), (-1.1, -1.0)
# How far the landscape reaches beyond the paths, and at most.
BEYOND, FARTHEST = 0.3, 8.0
GRID = 41
# Three sizes of batches, with their captions.
KINDS = {"whole": "batches.whole", "mini": "batches.mini", "single": "batches.single"}
CONTOUR, EPOCH = Box(-6.7, 2.1, -2.95, 3.9), 3.65
# The table: x of its names and of its columns, y of the heads and of the first name, from name to
# name, and from a name to its numbers.
NAME, PLACES = 2.6, (3.1, 4.15, 5.25, 6.3)
COLUMNS, LETTERS = ("batch.size", "batch.steps", "batch.seen", "panel.loss"), 10
HEAD, FIRST, ROW, BELOW = 3.4, 2.5, 1.9, 0.65
# Around the samples seen, which are the same for all.
AROUND, CORNER, STROKE = (0.9, 0.52), 0.12, 3.0
# How large the balls are at the end.
SMALLER = 0.6
# Seconds in which the landscape appears, of each path, of the first epoch of all, and of the rest.
OPENING, SECONDS, START, REST, LAST = 2.0, 4.5, 3.0, 3.5, 2.4


class Batches(BeatScene):
    """The fewer samples a step sees, the more the path staggers, and the more steps there are.

    The picture to remember: a smooth path, a trembling one and a wild one into the same valley, and
    after one epoch, how far each of them has come with the same samples.
    """

    length = 41.2
    options = (
        Option("samples", 32, "number of samples", least=4, most=500),
        Option("batch", 8, "samples in a mini-batch", least=2, most=100),
        Option("epochs", 10, "passes over all samples", least=2, most=50),
        Option("rate", 0.15, "learning rate", least=0.0, most=1.0),
        Option("seed", 0, "seed of samples and of their order", least=0),
    )

    @cached_property
    def data(self) -> Data:
        """Noisy samples of a line."""
        rng = np.random.default_rng(self.chosen["seed"])
        xs = rng.normal(size=self.chosen["samples"])
        ys = TRUE[0] * xs + TRUE[1] + NOISE * rng.normal(size=len(xs))
        return Data(xs[:, np.newaxis], ys[:, np.newaxis], name="line")

    @cached_property
    def sizes(self) -> dict[str, int]:
        """How many samples a step sees at most."""
        sizes = (len(self.data), min(self.chosen["batch"], len(self.data)), 1)
        return dict(zip(KINDS, sizes, strict=True))

    @cached_property
    def paths(self) -> dict[str, Array]:
        """Slope and height of the line before the first and after each step, by batch size."""
        return {kind: self.path(size) for kind, size in self.sizes.items()}

    @cached_property
    def losses(self) -> dict[str, Array]:
        """The mean loss of all samples at each point of the paths."""
        return {
            kind: np.array([evaluate(neuron(w, b), self.data).loss for w, b in path])
            for kind, path in self.paths.items()
        }

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
        layers = [run.network.layers[0], *(step.network.layers[0] for step in self.counted(run))]
        return np.array([(each.parameters["weights"][0, 0], each.bias[0]) for each in layers])

    @cached_property
    def corners(self) -> tuple[tuple[float, float], tuple[float, float]]:
        """Slope and height at two corners of the landscape, which contains all paths."""
        points = np.concatenate(list(self.paths.values()))
        low = np.minimum(LOW, points.min(axis=0) - BEYOND)
        high = np.maximum(HIGH, points.max(axis=0) + BEYOND)
        (w, b), (w_end, b_end) = np.clip([low, high], -FARTHEST, FARTHEST).tolist()
        return (w, b), (w_end, b_end)

    @cached_property
    def landscape(self) -> Array:
        """The mean loss on a grid of slope and height."""
        ws, bs = (np.linspace(*ends, GRID) for ends in zip(*self.corners, strict=True))
        return np.array([[evaluate(neuron(w, b), self.data).loss for w in ws] for b in bs])

    @property
    def results(self) -> Iterator[ArrayLike]:
        """Samples in a step, steps, samples seen, and losses."""
        yield list(self.sizes.values())
        for kind, path in self.paths.items():
            yield np.arange(len(path))
            yield [self.seen(kind, step) for step in range(len(path))]
            yield self.losses[kind]
        yield [self.lowest[1]]

    def seen(self, kind: str, step: int) -> int:
        """Return how many samples have been seen after a step."""
        epochs, rest = divmod(step, (len(self.paths[kind]) - 1) // self.chosen["epochs"])
        return epochs * len(self.data) + min(rest * self.sizes[kind], len(self.data))

    def construct(self) -> None:
        """One path after the other, then all of them."""
        self.section("batches_paths")
        self.epoch = TextLabel("", self.theme)
        self.rows = {kind: self.row_of(place, kind) for place, kind in enumerate(KINDS)}
        panel = self.contour(("whole",))
        self.add(panel, self.heads(), self.epoch, self.rows["whole"])
        self.show_epoch(0.0)
        appearing = self.appearing(panel)
        with self.beat("batches.landscape", hold=1.0):
            self.play(appearing)
        for place, kind in enumerate(KINDS):
            with self.beat(KINDS[kind]):
                if place:
                    other = self.contour((kind,))
                    self.show_epoch(0.0)
                    coming = FadeIn(other), FadeIn(self.rows[kind])
                    # The new landscape covers the old one, which is the same.
                    self.play(*coming, run_time=0.6)
                    self.remove(panel)
                    panel = other
                self.play(self.running(panel, (kind,), 0.0, 1.0, SECONDS))
        self.section("batches_compared")
        # The smoothest path is drawn last, over the others.
        kinds, first = tuple(reversed(KINDS)), 1 / self.chosen["epochs"]
        both = self.contour(kinds)
        # At the end the balls lie close together.
        for ball in both.balls:
            ball.scale(SMALLER)
        samples = len(self.data)
        with self.beat("batches.first", samples=samples):
            for kind in kinds:
                self.show_step(kind, 0)
            self.show_epoch(0.0)
            self.play(FadeIn(both), run_time=0.6)
            self.remove(panel)
            self.play(self.running(both, kinds, 0.0, first, START))
            same = self.same()
            self.play(FadeIn(same))
        with self.beat("batches.all", hold=LAST, epochs=self.chosen["epochs"]):
            self.play(FadeOut(same), run_time=0.4)
            self.play(self.running(both, kinds, first, 1.0, REST))
            self.play(FadeIn(both.lowest(*self.lowest)), FadeIn(same))
            self.hold_for(len(KINDS) * 2 + 1)

    # ---- parts -----------------------------------------------------------------------------------

    def contour(self, kinds: tuple[str, ...]) -> LossContour:
        """Return the landscape with some paths, at their start."""
        return LossContour(
            self.landscape,
            *self.corners,
            [self.paths[kind] for kind in kinds],
            colors=[self.color(kind) for kind in kinds],
            names=("w", "b"),
            theme=self.theme,
            box=CONTOUR,
            words=self.words,
        )

    def color(self, kind: str) -> str:
        """Return the colour of a kind of batch."""
        return self.theme.classes[list(KINDS).index(kind)]

    def appearing(self, panel: LossContour) -> Change:
        """Return the animation in which the landscape appears, from its rim to its valley."""
        inner = panel.regions[1:]
        lag = 1 / (len(inner) + 1)

        def show(progress: float) -> None:
            for place, region in enumerate(inner):
                share = (progress - place * lag) / (2 * lag)
                region.set_fill(opacity=ease(min(max(share, 0.0), 1.0)))

        show(0.0)
        return Change(panel.regions, show, OPENING)

    def heads(self) -> VGroup:
        """Return what stands above the columns of the table."""
        em = self.theme.smallest_text
        heads = VGroup()
        for key, x in zip(COLUMNS, PLACES, strict=True):
            text = "\n".join(rows(self.words(key), LETTERS))
            heads.add(TextLabel(text, self.theme, em=em).move_to([x, HEAD, 0]))
        return heads

    @cached_property
    def lowest(self) -> tuple[tuple[float, float], float]:
        """Slope and height of the line with the lowest loss on all samples, and this loss."""
        w, b = map(float, np.polyfit(self.data.inputs[:, 0], self.data.targets[:, 0], 1))
        return (w, b), evaluate(neuron(w, b), self.data).loss

    def row_of(self, place: int, kind: str) -> VGroup:
        """Return the row of a kind of batch: a dot in its colour, its name, and its numbers."""
        y = FIRST - place * ROW
        dot = Dot(radius=0.14, color=self.color(kind)).move_to([NAME + 0.15, y, 0])
        name = TextLabel(self.words(f"batch.{kind}"), self.theme)
        numbers = VGroup(Number(self.sizes[kind], self.theme, decimals=0))
        numbers.add(*(Number(0, self.theme, decimals=0) for _ in ("steps", "seen")))
        numbers.add(Number(float(self.losses[kind][0]), self.theme))
        for number, x in zip(numbers, PLACES, strict=True):
            number.move_to([x, y - BELOW, 0])
        return VGroup(dot, name.next_to(dot, RIGHT, buff=0.2), numbers)

    def show_step(self, kind: str, step: int) -> None:
        """Write steps, samples seen and loss into a row."""
        *_, numbers = self.rows[kind]
        _, steps, seen, loss = numbers
        steps.set_value(step)
        seen.set_value(self.seen(kind, step))
        loss.set_value(float(self.losses[kind][step]))

    def show_epoch(self, share: float) -> None:
        """Write how many epochs are over, above the landscape."""
        epochs = self.chosen["epochs"]
        text = self.words("batch.epoch", n=int(share * epochs + 1e-9), epochs=epochs)
        self.epoch.write(text).move_to([CONTOUR.right, EPOCH, 0], aligned_edge=RIGHT)

    def running(
        self, panel: LossContour, kinds: tuple[str, ...], start: float, end: float, seconds: float
    ) -> Change:
        """Return the animation of some paths between two shares of their samples."""

        def step(progress: float) -> None:
            share = start + progress * (end - start)
            places = [share * (len(self.paths[kind]) - 1) for kind in kinds]
            panel.show_steps(places)
            for kind, place in zip(kinds, places, strict=True):
                self.show_step(kind, int(place + 1e-9))
            self.show_epoch(share)

        moving = VGroup(panel, self.epoch, *(self.rows[kind] for kind in kinds))
        return Change(moving, step, seconds)

    def same(self) -> VGroup:
        """Return frames around the numbers of samples seen, which are the same for all."""
        width, height = AROUND
        frames = VGroup()
        for place in range(len(KINDS)):
            frame = RoundedRectangle(width=width, height=height, corner_radius=CORNER)
            frame.set_stroke(self.theme.text, STROKE)
            frames.add(frame.move_to([PLACES[2], FIRST - place * ROW - BELOW, 0]))
        return frames


def neuron(w: float, b: float) -> Network:
    """Return the line ŷ = w x + b as a network."""
    return Network.from_weights([[[w]]], [[b]], "identity")
