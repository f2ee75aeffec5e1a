"""XOR, solved by training: a hidden layer bends the plane until one line separates the classes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np
from manim import LEFT, UP, FadeIn, Indicate, LaggedStart, VGroup
from numpy.typing import ArrayLike

from netviz.animation import ForwardPass
from netviz.animation.details import DimEdges, Forget
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ForwardTrace, Network, forward, train
from netviz.datasets import load_data
from netviz.drawing import BentPlane, Box, DecisionPlane, NetworkDiagram, Number, formula
from netviz.drawing.text import put_name
from netviz.scene import BeatScene, Option

DIAGRAM_BOX = Box(-6.75, -2.9, -2.2, 2.2)
PLANE_BOX, BENT_BOX = Box(-2.5, 2.15, -2.85, 3.6), Box(2.5, 6.85, -2.85, 3.6)
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
            networks[0], theme, box=DIAGRAM_BOX, words=words, layer_names=False, neuron_size=0.5
        )
        plane = DecisionPlane(data, networks, theme=theme, box=PLANE_BOX, words=words)
        bent = BentPlane(data.inputs, classes, networks, theme=theme, box=BENT_BOX, words=words)
        bent.bend(0.0)
        loss = Number(self.run[0][1], theme, decimals=3, em=theme.caption_size, color=theme.blame)
        loss.move_to([-4.6, 3.4, 0], aligned_edge=LEFT)
        code = f'"{words("panel.loss")}" L ='
        name = put_name(formula(code, theme, em=theme.caption_size, color=theme.blame), loss)
        # The names of the axes of both planes, at the neurons that give their values.
        letters = VGroup()
        for layer, letter in enumerate("xa"):
            for k, neuron in enumerate(diagram.layer(layer), start=1):
                label = formula(
                    f"{letter}_{k}", theme, em=theme.caption_size, color=diagram.role(layer)
                )
                letters.add(label.next_to(neuron.disc, UP, buff=0.12))
        self.add(diagram, letters, plane, bent)
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
            left = loss.get_left()
            loss.set_value(self.run[int(place)][1]).move_to(left, aligned_edge=LEFT)

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
            bent.bend(start + ease(progress) * (end - start))

        self.play(Timeline(bent, [Span(0, run_time, step)], run_time))
