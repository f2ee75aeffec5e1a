"""A network with everything that a picture of it needs, and random defaults for some of that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from netviz.core import LOSSES, Checkpoint, Data, Loss, Network, Training, backward, forward
from netviz.core.arrays import Array, checked
from netviz.core.data import name_and_unit
from netviz.core.losses import as_loss
from netviz.problems import Problem, ProblemError, takes_rng
from netviz.spec.training_setup import TrainingSetup


@dataclass(frozen=True)
class Film:
    """The film or still image that a network file asks for. What it does not say is None or empty.

    Attributes:
        scene: A name from ``netviz list``, ``FILE.py`` or ``FILE.py:ClassName``.
        acts: In place of a scene: names in ``netviz.catalogue.ACTS``, in order.
        options: Name → value of options of the scene.
        captions: Key → text, in place of the captions of ``netviz.words``.
        captioned: Whether captions are on screen.
        pacing: How fast it is played: ``pace``, ``hold`` and ``duration``.
        output: The file to write.
        picture: The other keys of [output] that are given, such as ``quality`` and ``aspect``.
    """

    scene: str | None = None
    acts: tuple[str, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    captions: Mapping[str, str] = field(default_factory=dict)
    captioned: bool = True
    pacing: Mapping[str, Any] = field(default_factory=dict)
    output: Path | None = None
    picture: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class SceneDescription:
    """What a file says about a film.

    Attributes:
        name: The name of the file without its suffix, or the shape of a network.
        theme: Name of the colour theme, if given.
        language: Code of the language of captions and names, if given.
        film: The film or still image to make.
        sources: The files that this was read from: the file, its data, its model.
    """

    name: str
    theme: str | None = field(default=None, kw_only=True)
    language: str | None = field(default=None, kw_only=True)
    film: Film = field(default_factory=Film, kw_only=True)
    sources: tuple[Path, ...] = field(default=(), kw_only=True)

    @property
    def source(self) -> str:
        """The file, for errors; empty if there is none."""
        return str(self.sources[0]) if self.sources else ""


@dataclass(frozen=True, eq=False)
class Description(SceneDescription):
    """A network with everything that a picture of it needs, and what its file says about a film.

    Attributes:
        network: The network.
        input: The sample, shape ``(n_in,)``.
        target: The desired prediction, shape ``(n_out,)``; ``(n_out / 2,)`` for gaussian_nll,
            where two outputs describe one target.
        loss: The loss function.
        learning_rate: η of one update.
        training_setup: The training data and how the network is trained on them, if given.
        style: How the diagram is drawn: attributes of :class:`netviz.style.Style` → value, only
            those that are given.
        input_names: The names of the inputs in the data, perhaps with units, or none.
        output_names: The names of the outputs in the data (for classes, the classes), or none.
        measured: The sample in the units of the data, shape ``(n_in,)``, if the network gets it
            standardised; otherwise None.
    """

    network: Network
    input: Array
    target: Array
    loss: Loss
    learning_rate: float
    training_setup: TrainingSetup | None = None
    style: Mapping[str, Any] = field(default_factory=dict)
    input_names: tuple[str, ...] = ()
    output_names: tuple[str, ...] = ()
    measured: Array | None = None

    def of(self, data: Data, measured: Array | None = None) -> Description:
        """Return the same network with the names of its data, and the sample in their units."""
        sizes = self.network.sizes
        inputs, outputs = data.input_names, data.target_names
        return replace(
            self,
            input_names=inputs if len(inputs) == sizes[0] else (),
            output_names=outputs if len(outputs) == sizes[-1] else (),
            measured=measured,
        )

    def name_of(self, layer: int, i: int) -> str:
        """Return the name of a neuron: its label, or its column or class in the data, or nothing.

        Args:
            layer: Counted from the input, 0.
            i: The neuron, counted from 0.
        """
        last = len(self.network.sizes) - 1
        labels = self.style.get("neuron_labels", {})
        own = labels.get(layer) or labels.get(layer - last - 1)
        if own:
            return str(own[i])
        names = {0: self.input_names, last: self.output_names}.get(layer)
        return name_and_unit(names[i])[0] if names else ""

    def shown_as(self, file: SceneDescription) -> Description:
        """Return the same network with the theme, the language and the film of another file."""
        return replace(
            self,
            theme=file.theme or self.theme,
            language=file.language or self.language,
            film=file.film,
        )

    def training(self, resume: Checkpoint | None = None) -> Training:
        """Return the training run of the network on its data.

        Args:
            resume: The checkpoint of an interrupted run to continue. By default a new run.

        Raises:
            ProblemError: There is no training data, or the checkpoint is of another run.
        """
        if self.training_setup is None:
            raise ProblemError(Problem(self.name, "defines no training data", "a table [data]"))
        return self.training_setup.training(self.network, self.loss, resume)


@takes_rng
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
        input: The sample, shape ``(n_in,)``. By default random numbers from 0 to 1.
        target: The desired prediction, shape ``(n_out,)``, half of that for gaussian_nll. By
            default a random one-hot vector.
        loss: A loss, or its name. By default the one made for the activation of the output layer,
            or mse.
        learning_rate: η of one update.
        name: The name of the network.
        rng: Source of the random sample, or a seed for a new one.

    Raises:
        ProblemError: Shapes do not fit, or the numbers of a pass or of an update are not finite.
    """
    loss = as_loss(loss or loss_for(network))
    random_input, random_target = _random_sample(network, loss, np.random.default_rng(rng))
    sample = checked(random_input if input is None else input, "the input")
    goal = checked(random_target if target is None else target, "the target")
    described = Description(name, network, sample, goal, loss, learning_rate)
    _run(described)
    return described


def loss_for(network: Network) -> str:
    """Return the name of the loss made for the activation of the output layer, or else mse."""
    output = network.layers[-1].activation
    made = (
        loss.name for loss in LOSSES.values() if loss.joined and loss.joined.activation == output
    )
    return next(made, "mse")


def _random_sample(network: Network, loss: Loss, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return inputs from 0 to 1, of two decimals as they are shown, and a one-hot target."""
    target = np.zeros(loss.target_size(network.sizes[-1]))
    target[rng.integers(len(target))] = 1.0
    sample = rng.random(network.sizes[0]).round(2)
    return sample, target


def _run(described: Description) -> None:
    """Run the network, update it and run it again, to check that all numbers are finite."""
    network, loss = described.network, described.loss
    gradients = backward(network, forward(network, described.input), described.target, loss)
    updated = network.updated(gradients, described.learning_rate)
    backward(updated, forward(updated, described.input), described.target, loss)
