"""XOR, solved by training: a hidden layer bends the plane until one line separates the classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, FadeIn, Indicate, LaggedStart, Mobject, VGroup
from numpy.typing import ArrayLike

from netviz.animation import ForwardPass
from netviz.animation.details import DimEdges, Forget
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ForwardTrace, Network, forward, train
from netviz.datasets import load_data
from netviz.drawing import (
    BentPlane,
    Box,
    DecisionPlane,
    NetworkDiagram,
    Number,
    TextLabel,
    formula,
)
from netviz.scene import BeatScene, Option

DIAGRAM_BOX = Box(-6.2, -2.65, -2.3, 2.5)
PLANE_BOX, BENT_BOX = Box(-2.35, 2.35, -2.85, 3.0), Box(2.6, 6.8, -2.85, 3.0)
# Height of the loss and of what the planes show; from a neuron to its name.
TITLES, BESIDE = 3.5, 0.2
# Moments of the run that are shown.
MOMENTS = 48


class Xor(BeatScene):
    """A hidden layer bends the plane like a sheet of paper, and then one straight cut is enough."""

    length = 50.6
    options = (
        Option("seed", 5, "seed of the weights before training", least=0),
        Option("rate", 0.1, "learning rate of Adam", least=0.0, most=1.0),
        Option("epochs", 200, "epochs of training", least=MOMENTS, most=5000),
    )

    @cached_property
    def run(self) -> list[tuple[Network, float]]:
        """Networks at some moments of the training, each with its loss."""
        network = Network.random([2, 2, 1], ["tanh", "sigmoid"], rng=self.chosen["seed"])
        count, every = self.chosen["epochs"], []
        run = train(
            network,
            load_data("xor"),
            loss="binary_cross_entropy",
            optimizer="adam",
            learning_rate=self.chosen["rate"],
            epochs=count + 1,
            rng=0,
        )
        # The loss of a step is that before it.
        for step in self.counted(run):
            every.append((network, step.loss))
            network = step.network
        chosen = np.unique(np.geomspace(1, count + 1, MOMENTS).astype(int)) - 1
        return [every[k] for k in chosen]

    @cached_property
    def passes(self) -> list[ForwardTrace]:
        """The passes of the four inputs through the trained network."""
        return [forward(self.run[-1][0], sample) for sample in load_data("xor").inputs]

    @property
    def results(self) -> Iterable[ArrayLike | ForwardTrace]:
        """Losses, inputs, how many of them may lie together, and the passes of the end."""
        inputs = load_data("xor").inputs
        yield [loss for _, loss in self.run]
        yield inputs
        yield np.arange(len(inputs)) + 1
        yield from self.passes

    def construct(self) -> None:
        """Bend the plane before, during and after the training."""
        theme, words = self.theme, self.words
        # Its inputs are x₁ and x₂, as in the formulas of the lecture.
        data = replace(load_data("xor"), input_names=())
        networks = [network for network, _ in self.run]
        classes = [int(target) for target in data.targets[:, 0]]
        diagram = NetworkDiagram(
            networks[0], theme, box=DIAGRAM_BOX, words=words, layer_names=False, neuron_size=0.46
        )
        plane = DecisionPlane(data, networks, theme=theme, box=PLANE_BOX, words=words)
        bent = BentPlane(data.inputs, classes, networks, theme=theme, box=BENT_BOX, words=words)
        em = theme.caption_size
        answers = self.title("panel.output", theme.output, plane.plane.frame)
        self.before = self.title("layer.input", theme.input, bent.plane.frame)
        self.after = self.title("layer.hidden", theme.first_hidden, bent.plane.frame)
        self.put(bent, 0.0)
        name = TextLabel(words("panel.loss"), theme, em=em, color=theme.blame)
        name.move_to([DIAGRAM_BOX.left, TITLES, 0], aligned_edge=LEFT)
        loss = Number(self.run[0][1], theme, decimals=3, em=em, color=theme.blame)
        loss.next_to(name, RIGHT, buff=0.2)
        self.add(diagram, self.names_of(diagram), plane, bent, answers, self.before, self.after)
        with self.beat("xor.task"):
            seen = (Indicate(sample, scale_factor=1.7, color=None) for sample in bent.samples)
            self.play(LaggedStart(*seen, lag_ratio=0.4), run_time=2.4)
        with self.beat("xor.bend"):
            self.bend(bent, 0, 1, 3.0)

        def show(progress: float) -> None:
            place = progress * (len(networks) - 1)
            plane.show_moment(place)
            bent.show_moment(place)
            diagram.set_weights(networks[int(place)])
            loss.rewrite(self.run[int(place)][1])

        with self.beat("xor.train", along=[FadeIn(loss), FadeIn(name)]):
            self.play(Timeline(VGroup(diagram, plane, bent, loss), [Span(0, 10, show)]))
            self.hold_for(1)
        with self.beat("xor.again"):
            self.bend(bent, 1, 0, 1.5)
            self.hold(0.8)
            self.bend(bent, 0, 1, 4.0)
        with self.beat("xor.passes"):
            for row, trace in enumerate(self.passes):
                plane.follow(row)
                bent.follow(row)
                self.play(ForwardPass(diagram, trace, detail="network", step_time=0.8))
                self.play(DimEdges(diagram, run_time=0.6))
                self.hold_for(3)
                if trace is not self.passes[-1]:
                    self.play(Forget(diagram, run_time=0.6))
        right = sum(
            round(float(trace.prediction[0])) == k
            for trace, k in zip(self.passes, classes, strict=True)
        )
        plane.follow(None)
        bent.follow(None)
        with self.beat("xor.right", right=right, count=len(classes)):
            self.hold(1.2)

    def bend(self, bent: BentPlane, start: float, end: float, run_time: float) -> None:
        """Bend the plane from one share to another."""

        def step(progress: float) -> None:
            self.put(bent, start + ease(progress) * (end - start))

        changing = VGroup(bent, self.before, self.after)
        self.play(Timeline(changing, [Span(0, run_time, step)], run_time))

    def put(self, bent: BentPlane, share: float) -> None:
        """Show the plane on its way from inputs (0) to hidden neurons (1), and its title."""
        bent.bend(share)
        self.before.set_opacity(max(1 - 4 * share, 0.0))
        self.after.set_opacity(max(4 * share - 3, 0.0))

    def title(self, key: str, color: str, frame: Mobject) -> TextLabel:
        """Return what a plane shows, above its left corner."""
        label = TextLabel(self.words(key), self.theme, em=self.theme.caption_size, color=color)
        label.move_to([frame.get_left()[0], TITLES, 0], aligned_edge=LEFT)
        return label

    def names_of(self, diagram: NetworkDiagram) -> VGroup:
        """Return x₁ and x₂ next to the inputs, and a₁ and a₂ above and below the hidden neurons."""
        theme, names = self.theme, VGroup()
        for k, (above, own) in enumerate(zip((UP, DOWN), diagram.layer(1), strict=True)):
            x = formula(f"x_{k + 1}", theme, em=theme.caption_size, color=theme.input)
            a = formula(f"a_{k + 1}", theme, em=theme.caption_size, color=theme.first_hidden)
            names.add(x.next_to(diagram.neuron(0, k).disc, LEFT, buff=BESIDE))
            names.add(a.next_to(own.disc, above, buff=BESIDE))
        return names
