"""Training: a lazy iterator of steps, each with its numbers.

The loss of a step is the mean over its mini-batch, and its gradient is the gradient of that mean,
as in the usual frameworks. Nothing is mutated: every step makes a new vector of parameters, so a
step that somebody keeps stays what it was, and a step that nobody keeps is gone.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.core.arrays import Array
from netviz.core.data import Data, as_data
from netviz.core.losses import LOSSES, Loss
from netviz.core.network import Network
from netviz.core.objective import mean_loss_and_gradient, score
from netviz.core.optimizers import OPTIMIZERS, Memory, Optimizer
from netviz.core.parameters import Layout, flat
from netviz.core.passes import backward, forward
from netviz.core.registry import named


@dataclass(frozen=True, eq=False)
class LayerGradient:
    """The mean gradient of one layer over a batch, as read-only views.

    Attributes:
        weight_gradient: ∂L/∂W, shape ``(n_out, n_in)``.
        bias_gradient: ∂L/∂b, shape ``(n_out,)``.
    """

    weight_gradient: Array
    bias_gradient: Array


@dataclass(frozen=True, eq=False)
class Plan:
    """What stays the same throughout a run: see ``train``, which checks it.

    Attributes:
        network: The network to begin with.
        data: The samples to train on.
        loss: What is made smaller.
        optimizer: How.
        epochs: How many times all samples are seen.
        batch_size: Samples in a step; the last step of an epoch may have fewer.
        seed: What the order of the samples is drawn from.
        validation: Samples to judge by, if any.
        layout: Where the parameters stand in their vector.
    """

    network: Network
    data: Data
    loss: Loss
    optimizer: Optimizer
    epochs: int
    batch_size: int
    seed: int
    validation: Data | None
    layout: Layout = field(repr=False)

    @property
    def steps_per_epoch(self) -> int:
        """The number of batches."""
        return math.ceil(len(self.data) / self.batch_size)

    def order(self, epoch: int) -> NDArray[np.intp]:
        """The order of the samples in an epoch, counted from 0; drawn anew for each epoch."""
        return np.random.default_rng([self.seed, epoch]).permutation(len(self.data))

    def identity(self) -> dict[str, str]:
        """What a run must have in common with another to go on where that one ended."""
        numbers = self.data.inputs.tobytes() + self.data.targets.tobytes()
        settings = ", ".join(f"{name}={value!r}" for name, value in self.optimizer.settings.items())
        return {
            "network": repr(self.network),
            "data": f"{self.data!r} {hashlib.sha256(numbers).hexdigest()}",
            "loss": self.loss.name,
            "optimizer": f"{self.optimizer.name}({settings})",
            "batch size": str(self.batch_size),
        }


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """One step. Loss and gradients are those of the network before it: they led to it.

    Attributes:
        step: Counted from 1, through all epochs.
        epoch: Counted from 1.
        batch: Which samples of the data it looked at, shape ``(samples,)``.
        loss: The mean loss of the batch.

    Example:
        >>> network = netviz.Network.random([2, 3, 1], rng=0)
        >>> step = next(netviz.train(network, netviz.load_data("xor"), rng=0))
        >>> step.step, step.epoch, step.batch.shape, step.gradients[0].weight_gradient.shape
        (1, 1, (4,), (3, 2))
    """

    step: int
    epoch: int
    batch: NDArray[np.intp]
    loss: float
    _parameters: Array = field(repr=False)
    _gradient: Array = field(repr=False)
    _plan: Plan = field(repr=False)

    @cached_property
    def network(self) -> Network:
        """The network after the step."""
        return self._plan.layout.network(self._parameters)

    @cached_property
    def gradients(self) -> tuple[LayerGradient, ...]:
        """The gradient of ``loss``, layer by layer, in forward order."""
        self._gradient.setflags(write=False)
        return tuple(LayerGradient(*views) for views in self._plan.layout.views(self._gradient))

    @cached_property
    def validation_loss(self) -> float | None:
        """The mean loss of the network after the step on the validation data, if there are any."""
        plan = self._plan
        if plan.validation is None:
            return None
        return score(plan.layout, self._parameters, plan.validation, plan.loss).loss


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """All that a run needs to go on exactly as if it had never stopped.

    Attributes:
        step: How many steps were taken.
        seed: What the order of the samples is drawn from.
        parameters: Shape ``(size,)``.
        memory: What the optimizer remembers.
        plan: What the run was: see `Plan.identity`.

    Example:
        >>> network, xor = netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor")
        >>> run = netviz.train(network, xor, epochs=3, rng=0)
        >>> half = [next(run), run.checkpoint][1]
        >>> len(list(netviz.train(network, xor, epochs=3, rng=0, resume=half)))
        2
    """

    step: int
    seed: int
    parameters: Array
    memory: Memory
    plan: dict[str, str]


class Training(Iterator[TrainingStep]):
    """A run of training; each ``next`` takes one step. Made by ``train``.

    Attributes:
        plan: What is trained, on what, and how.
        step: How many steps were taken.

    Example:
        >>> run = netviz.train(
        ...     netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor"), epochs=5, rng=0
        ... )
        >>> len(run), next(run).step, run.network.sizes
        (5, 1, (2, 3, 1))
    """

    def __init__(self, plan: Plan, step: int, parameters: Array, memory: Memory) -> None:
        """Stand where ``step`` steps have led."""
        self.plan = plan
        self.step = step
        self._parameters = parameters
        self._memory = memory
        self._order = plan.order(self._epoch)
        self._listeners: list[Callable[[], object]] = []

    def __len__(self) -> int:
        """The number of steps of the whole run."""
        return self.plan.epochs * self.plan.steps_per_epoch

    def __next__(self) -> TrainingStep:
        """Take the next step.

        Raises:
            StopIteration: All epochs are done.
            ValueError: The numbers grew beyond all bounds.
        """
        if self.step >= len(self):
            raise StopIteration
        place = self.step % self.plan.steps_per_epoch
        if place == 0:
            self._order = self.plan.order(self._epoch)
        size = self.plan.batch_size
        done = self._descended(self._order[place * size : (place + 1) * size])
        for listener in self._listeners:
            listener()
        return done

    @property
    def network(self) -> Network:
        """The network as it is now."""
        return self.plan.layout.network(self._parameters)

    @property
    def checkpoint(self) -> Checkpoint:
        """Where the run is now; ``train(…, resume=checkpoint)`` goes on from there."""
        plan = self.plan
        return Checkpoint(self.step, plan.seed, self._parameters, self._memory, plan.identity())

    def listen(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call ``listener`` after each step.

        Returns:
            What ends that.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def _epoch(self) -> int:
        return self.step // self.plan.steps_per_epoch

    def _descended(self, batch: NDArray[np.intp]) -> TrainingStep:
        """The step that these samples ask for."""
        plan, epoch = self.plan, self._epoch + 1
        x, target = plan.data.inputs.take(batch, axis=0), plan.data.targets.take(batch, axis=0)
        with np.errstate(over="ignore", invalid="ignore"):  # told below
            loss, gradient = mean_loss_and_gradient(
                plan.layout, self._parameters, x, target, plan.loss
            )
            change, memory = plan.optimizer.rule(
                gradient, self._memory, self.step + 1, plan.optimizer.settings
            )
            parameters = self._parameters - change
            total = float(np.add.reduce(parameters))
        if not math.isfinite(loss + total):
            raise ValueError(
                f"training grew beyond all bounds in step {self.step + 1}, epoch {epoch}; "
                f"expected a smaller learning rate than {plan.optimizer.settings['learning_rate']}"
            )
        self.step, self._parameters, self._memory = self.step + 1, parameters, memory
        return TrainingStep(self.step, epoch, batch, loss, parameters, gradient, plan)


def train(
    network: Network,
    data: Data | tuple[ArrayLike, ArrayLike],
    *,
    loss: Loss | str = "mse",
    optimizer: Optimizer | str = "sgd",
    learning_rate: float | None = None,
    epochs: int = 1,
    batch_size: int | None = None,
    rng: np.random.Generator | int,
    validation: Data | tuple[ArrayLike, ArrayLike] | None = None,
    resume: Checkpoint | None = None,
) -> Training:
    """Train, one step for each turn of a loop: ``for step in netviz.train(…)``.

    Args:
        network: The network to begin with.
        data: The samples, or their inputs ``(n, n_in)`` and targets ``(n, n_out)``.
        loss: What to make smaller, or its name in ``LOSSES``.
        optimizer: How, or its name in ``OPTIMIZERS``.
        learning_rate: η; by default the optimizer's own.
        epochs: How many times to see all samples.
        batch_size: Samples in a step; all of them by default. Where they do not come out even,
            the last step of an epoch has fewer.
        rng: The source of the order of the samples, or a seed for a new one.
        validation: Samples to judge each step by; only when ``validation_loss`` is asked for.
        resume: Go on from here; ``network`` and ``rng`` are then those of the run before.

    Returns:
        An iterator that takes a step when it is asked for one; its ``network`` is the network so
        far.

    Raises:
        ValueError: An unknown name, numbers out of range, data that do not fit the network or
            the loss, or a checkpoint of another run.

    Example:
        >>> network = netviz.Network.random([2, 4, 1], activation=["tanh", "sigmoid"], rng=0)
        >>> run = netviz.train(
        ...     network, netviz.load_data("xor"), loss="binary_cross_entropy", optimizer="adam",
        ...     learning_rate=0.05, epochs=200, rng=0,
        ... )
        >>> losses = [step.loss for step in run]
        >>> losses[-1] < 0.1 * losses[0]
        True
    """
    rule = named(optimizer, OPTIMIZERS, "optimizer")
    if learning_rate is not None:
        rule = rule.with_settings(learning_rate=learning_rate)
    samples = as_data(data)
    plan = Plan(
        network=network,
        data=samples,
        loss=named(loss, LOSSES, "loss"),
        optimizer=rule,
        epochs=_whole(epochs, "epochs"),
        batch_size=len(samples) if batch_size is None else _whole(batch_size, "batch_size"),
        seed=_seed(rng) if resume is None else resume.seed,
        validation=None if validation is None else as_data(validation),
        layout=Layout.of(network),
    )
    for part in (plan.data, plan.validation):
        if part is not None:
            check_fit(network, part, plan.loss)
    if resume is None:
        return Training(plan, 0, flat(network), rule.first_memory(plan.layout.size))
    _check_same(resume.plan, plan.identity())
    return Training(plan, resume.step, resume.parameters, resume.memory)


def _whole(number: int, what: str) -> int:
    if number != int(number) or number < 1:
        raise ValueError(f"{what} must be a whole number from 1 up; found {number}")
    return int(number)


def _seed(rng: np.random.Generator | int) -> int:
    return int(np.random.default_rng(rng).integers(2**63))


def check_fit(network: Network, data: Data, loss: Loss) -> None:
    """Assert that a network can be trained on these data with this loss.

    Raises:
        ValueError: Widths differ, the loss compares probabilities and finds others, or an
            activation has no derivative.
    """
    # One sample, forward and back, says in words what does not fit; the rest is about the others.
    backward(network, forward(network, data.inputs[:1]), data.targets[:1], loss)
    wrong = data.targets[(data.targets < 0.0) | (data.targets > 1.0)]
    if loss.probabilities and wrong.size:
        raise ValueError(f"targets of {loss.name} must lie in 0 … 1; found {wrong[0]}")
    function = network.layers[-1].activation
    extremes = function.value(np.array([-3.0, 3.0]))
    if loss.probabilities and not 0.0 <= extremes.min() <= extremes.max() <= 1.0:
        raise ValueError(
            f"{loss.name} compares probabilities; found an output layer of {function.name}, "
            f"expected {loss.joined.activation.name if loss.joined else 'sigmoid'}"
        )


def _check_same(found: dict[str, str], expected: dict[str, str]) -> None:
    for what, right in expected.items():
        if found.get(what) != right:
            raise ValueError(
                f"the checkpoint is of another run: its {what} was {found.get(what)}, not {right}"
            )
