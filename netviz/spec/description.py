"""A network with everything that a picture of it needs, and what of that can be drawn by lot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from netviz.core import LOSSES, Checkpoint, Loss, Network, Training, backward, forward
from netviz.core.arrays import Array, checked
from netviz.core.losses import as_loss
from netviz.spec.film import Film
from netviz.spec.lesson import Lesson


@dataclass(frozen=True, eq=False)
class Description:
    """A network with everything that a picture of it needs.

    Attributes:
        name: What to call it: the file's name without its suffix, or the shape.
        network: The network.
        input: The sample, shape ``(n_in,)``.
        target: What the network should answer, shape ``(n_out,)``; ``(n_out / 2,)`` for
            gaussian_nll, where two outputs describe one target.
        loss: Compares prediction and target.
        learning_rate: η of one correction.
        lesson: What the network is trained on and how, if that is told.
        theme: Name of the colours, if told.
        language: Code of the language of captions and names, if told.
        options: Of the diagram: what is told of :class:`netviz.style.Style`, by its attributes.
        film: What to make of it, as far as that is told.
    """

    name: str
    network: Network
    input: Array
    target: Array
    loss: Loss
    learning_rate: float
    lesson: Lesson | None = None
    theme: str | None = None
    language: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    film: Film = field(default_factory=Film)

    def training(self, resume: Checkpoint | None = None) -> Training:
        """The training run of the lesson, from its beginning or from where another one ended.

        Raises:
            ValueError: There is no lesson, or the checkpoint is of another run.
        """
        if self.lesson is None:
            raise ValueError(f"{self.name} tells no data to train on, expected a table [data]")
        return self.lesson.training(self.network, self.loss, resume)


def describe(
    network: Network,
    *,
    input: ArrayLike | None = None,
    target: ArrayLike | None = None,
    loss: Loss | str | None = None,
    learning_rate: float = 0.5,
    name: str = "network",
    rng: np.random.Generator | int = 0,
) -> Description:
    """Return a network with everything that a picture of it needs.

    Args:
        network: The network.
        input: The sample, shape ``(n_in,)``; drawn from 0 … 1 if left out.
        target: What the network should answer, shape ``(n_out,)``, half of that for gaussian_nll;
            a one-hot one is drawn if left out.
        loss: A loss, or its name; else the one made for the activation of the output layer, or mse.
        learning_rate: η of one correction.
        name: What to call it.
        rng: What the sample is drawn from, or a seed for that.

    Raises:
        ValueError: Shapes do not fit, or the numbers of a pass or a correction are not finite.
    """
    loss = as_loss(loss or loss_for(network))
    drawn_input, drawn_target = _drawn_sample(network, loss, np.random.default_rng(rng))
    given = checked(drawn_input if input is None else input, "the input")
    goal = checked(drawn_target if target is None else target, "the target")
    described = Description(name, network, given, goal, loss, learning_rate)
    _run(described)
    return described


def loss_for(network: Network) -> str:
    """Return the name of the loss made for the activation of the output layer, or else mse."""
    output = network.layers[-1].activation
    made = (
        loss.name for loss in LOSSES.values() if loss.joined and loss.joined.activation == output
    )
    return next(made, "mse")


def _drawn_sample(network: Network, loss: Loss, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return inputs in 0 … 1, of two decimals as they are shown, and a one-hot target."""
    target = np.zeros(loss.target_size(network.sizes[-1]))
    target[rng.integers(len(target))] = 1.0
    given = rng.random(network.sizes[0]).round(2)
    return given, target


def _run(described: Description) -> None:
    """Run the network, correct it, run it again: only that shows if its numbers fit float64."""
    network, loss = described.network, described.loss
    gradients = backward(network, forward(network, described.input), described.target, loss)
    better = network.updated(gradients, described.learning_rate)
    backward(better, forward(better, described.input), described.target, loss)
