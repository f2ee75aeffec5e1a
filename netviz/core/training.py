"""Training: a lazy iterator of steps, each with its numbers.

The loss of a step is the mean over its mini-batch, and its gradient is the gradient of this mean,
as in other frameworks. Nothing is mutated: every step makes a new vector of parameters, so that a
step that is kept does not change, and a step that is not kept is freed.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.core.arrays import Array, whole
from netviz.core.data import Data, as_data
from netviz.core.layers import Parameters
from netviz.core.losses import Loss, as_loss
from netviz.core.network import Network
from netviz.core.objective import ParameterLayout, flat, mean_loss_and_gradient, score
from netviz.core.optimizers import Memory, Optimizer, as_optimizer
from netviz.core.passes import backward, expect_probabilities, forward
from netviz.core.propagation import Factors
from netviz.problems import Problem, ProblemError, expect, takes_rng


@dataclass(frozen=True, eq=False)
class LayerGradient:
    """The mean gradient of one layer over a batch.

    Attributes:
        gradients: The gradients of the parameters by name, as read-only arrays.
    """

    gradients: Parameters

    @property
    def weight_gradient(self) -> Array:
        """∂L/∂W, shape ``(n_out, n_in)``, of a layer with weights."""
        return self.gradients["weights"]

    @property
    def bias_gradient(self) -> Array:
        """∂L/∂b, shape ``(n_out,)``, of a layer with a bias."""
        return self.gradients["bias"]


@dataclass(frozen=True, eq=False)
class Plan:
    """The constants of a run, checked by ``train``.

    Attributes:
        network: The initial network.
        data: The training data.
        loss: The loss function.
        optimizer: The optimizer.
        epochs: The number of passes over all samples.
        batch_size: Samples in a step; the last step of an epoch may have fewer.
        seed: The seed of the order of the samples.
        validation: The validation data, if any.
        dropout: The share of the hidden activations that is set to zero in each step.
        patience: The number of epochs without a lower validation loss after which the run ends,
            or None.
        layout: The positions of the parameters in their vector.
    """

    network: Network
    data: Data
    loss: Loss
    optimizer: Optimizer
    epochs: int
    batch_size: int
    seed: int
    validation: Data | None
    dropout: float
    patience: int | None
    layout: ParameterLayout = field(repr=False)

    @property
    def steps_per_epoch(self) -> int:
        """The number of batches in an epoch."""
        return math.ceil(len(self.data) / self.batch_size)

    def order(self, epoch: int) -> NDArray[np.intp]:
        """Return the random order of the samples in an epoch, counted from 0."""
        return np.random.default_rng([self.seed, epoch]).permutation(len(self.data))

    def factors(self, step: int, samples: int) -> Factors | None:
        """Return the factors of the activations in a step under dropout, counted from 0.

        A hidden activation is set to zero with probability p = ``dropout``, and otherwise divided
        by 1 − p, so that its mean stays the same (Srivastava et al. 2014, sec. 10).
        """
        if not self.dropout:
            return None
        rng = np.random.default_rng(np.random.SeedSequence([self.seed, step], spawn_key=(1,)))
        kept = 1.0 - self.dropout
        hidden = self.network.layers[:-1]
        return [*((rng.random((samples, layer.n_out)) < kept) / kept for layer in hidden), None]

    def identity(self) -> dict[str, str]:
        """Return what two runs must have in common if one is to resume the other."""
        numbers = self.data.inputs.tobytes() + self.data.targets.tobytes()
        settings = ", ".join(f"{name}={value!r}" for name, value in self.optimizer.settings.items())
        return {
            "network": repr(self.network),
            "data": f"{self.data!r} {hashlib.sha256(numbers).hexdigest()}",
            "loss": self.loss.name,
            "optimizer": f"{self.optimizer.name}({settings})",
            "batch size": str(self.batch_size),
            "dropout": str(self.dropout),
        }


@dataclass(frozen=True, eq=False)
class TrainingStep:
    """One step. Its loss and gradients are those of the network before the step.

    Attributes:
        step: Counted from 1, over all epochs.
        epoch: Counted from 1.
        batch: The indices of its samples in the data, shape ``(samples,)``.
        loss: The mean loss of the batch; under dropout, of the network without the dropped
            neurons.

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
        """The gradient of ``loss`` for each layer, in forward order."""
        self._gradient.setflags(write=False)
        return tuple(LayerGradient(views) for views in self._plan.layout.views(self._gradient))

    @cached_property
    def validation_loss(self) -> float | None:
        """The mean loss of the network after the step on the validation data, if any."""
        plan = self._plan
        if plan.validation is None:
            return None
        return score(plan.layout, self._parameters, plan.validation, plan.loss).loss


@dataclass(frozen=True, eq=False)
class Best:
    """The epoch with the lowest validation loss so far.

    Attributes:
        epoch: Counted from 1.
        loss: The validation loss after it.
        parameters: The parameters after it, shape ``(size,)``.
    """

    epoch: int
    loss: float
    parameters: Array


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """The state of a run, from which it continues exactly as if it had never stopped.

    Attributes:
        step: The number of steps taken.
        seed: The seed of the order of the samples.
        parameters: Shape ``(size,)``.
        memory: The memory of the optimizer.
        plan: What identifies the run: see `Plan.identity`.
        best: The best epoch so far, of a run that may stop early.

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
    best: Best | None = None


class Training(Iterator[TrainingStep]):
    """A training run; each ``next`` takes one step. Made by ``train``.

    Attributes:
        plan: The constants of the run.
        step: The number of steps taken.

    Example:
        >>> run = netviz.train(
        ...     netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor"), epochs=5, rng=0
        ... )
        >>> len(run), next(run).step, run.network.sizes
        (5, 1, (2, 3, 1))
    """

    def __init__(
        self, plan: Plan, step: int, parameters: Array, memory: Memory, best: Best | None = None
    ) -> None:
        """Make a run that has taken ``step`` steps."""
        self.plan = plan
        self.step = step
        self._parameters = parameters
        self._memory = memory
        self._best = best
        self._order = plan.order(self._epoch)
        self._listeners: list[Callable[[], object]] = []

    def __len__(self) -> int:
        """Return the number of steps of the whole run; it may stop early."""
        return self.plan.epochs * self.plan.steps_per_epoch

    def __next__(self) -> TrainingStep:
        """Take the next step.

        Raises:
            StopIteration: The run has ended.
            ProblemError: The run diverged: loss or parameters are no longer finite.
        """
        if self.ended:
            raise StopIteration
        place = self.step % self.plan.steps_per_epoch
        if place == 0:
            self._order = self.plan.order(self._epoch)
        size = self.plan.batch_size
        done = self._descended(self._order[place * size : (place + 1) * size])
        if self.plan.patience is not None and self.step % self.plan.steps_per_epoch == 0:
            loss = done.validation_loss
            if loss is not None and (self._best is None or loss < self._best.loss):
                self._best = Best(done.epoch, loss, self._parameters)
        for listener in self._listeners:
            listener()
        return done

    @property
    def ended(self) -> bool:
        """Whether all epochs are done, or the run has stopped early."""
        patience, best = self.plan.patience, self._best
        waited = self._epoch - best.epoch if best else 0
        return self.step >= len(self) or (patience is not None and waited >= patience)

    @property
    def network(self) -> Network:
        """The current network."""
        return self.plan.layout.network(self._parameters)

    @property
    def best(self) -> Network:
        """The network after the epoch with the lowest validation loss, if ``patience`` is given.

        Without ``patience``, and before the end of the first epoch, it is the current network.
        """
        best = self._best
        return self.plan.layout.network(best.parameters if best else self._parameters)

    @property
    def checkpoint(self) -> Checkpoint:
        """The current state; ``train(…, resume=checkpoint)`` continues from it."""
        plan = self.plan
        return Checkpoint(
            self.step, plan.seed, self._parameters, self._memory, plan.identity(), self._best
        )

    def listen(self, listener: Callable[[], object]) -> Callable[[], None]:
        """Call ``listener`` after each step.

        Returns:
            A function that removes the listener.
        """
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @property
    def _epoch(self) -> int:
        return self.step // self.plan.steps_per_epoch

    def _descended(self, batch: NDArray[np.intp]) -> TrainingStep:
        """Take the step for these samples."""
        plan, epoch = self.plan, self._epoch + 1
        x, target = plan.data.inputs.take(batch, axis=0), plan.data.targets.take(batch, axis=0)
        with np.errstate(over="ignore", invalid="ignore"):  # reported below
            loss, gradient = mean_loss_and_gradient(
                *(plan.layout, self._parameters, x, target, plan.loss),
                plan.factors(self.step, len(batch)),
            )
            parameters, memory = plan.optimizer.step(
                self._parameters, gradient, self._memory, self.step + 1
            )
            total = float(np.add.reduce(parameters))
        if not math.isfinite(loss + total):
            rate = plan.optimizer.settings["learning_rate"]
            found = f"diverged in step {self.step + 1}, epoch {epoch}"
            raise ProblemError(Problem("training", found, f"a learning rate below {rate}"))
        self.step, self._parameters, self._memory = self.step + 1, parameters, memory
        return TrainingStep(self.step, epoch, batch, loss, parameters, gradient, plan)


@takes_rng
def train(
    network: Network,
    data: Data | tuple[ArrayLike, ArrayLike],
    *,
    loss: Loss | str = "mse",
    optimizer: Optimizer | str = "sgd",
    learning_rate: float | None = None,
    epochs: int = 1,
    batch_size: int | None = None,
    weight_decay: float | None = None,
    dropout: float = 0.0,
    rng: np.random.Generator | int,
    validation: Data | tuple[ArrayLike, ArrayLike] | None = None,
    patience: int | None = None,
    resume: Checkpoint | None = None,
) -> Training:
    """Train a network, one step per iteration: ``for step in netviz.train(…)``.

    Args:
        network: The initial network.
        data: The training data, or their inputs ``(n, n_in)`` and targets ``(n, n_out)``.
        loss: The loss function, or its name in ``LOSSES``.
        optimizer: The optimizer, or its name in ``OPTIMIZERS``.
        learning_rate: η; by default that of the optimizer.
        epochs: The number of passes over all samples.
        batch_size: Samples in a step, by default all of them. The last step of an epoch has the
            remaining ones.
        weight_decay: λ, which pulls weights and biases towards zero; by default that of the
            optimizer, which is 0 except for adamw. It is not part of the loss.
        dropout: The probability, from 0 to below 1, with which each activation of a hidden layer
            is set to zero in a step, for each sample anew. The others are divided by
            1 − ``dropout``; the network itself stays whole, also when it is evaluated.
        rng: The source of randomness for the order of the samples and for dropout, or a seed for
            a new one.
        validation: Validation data; evaluated only if ``validation_loss`` of a step is read, or
            for ``patience``.
        patience: Early stopping: the run ends when the validation loss was not lower than before
            for this many epochs. The network of the best epoch is ``best``.
        resume: A checkpoint to continue from. ``network`` is then that of the earlier run, and
            ``rng`` is ignored.

    Returns:
        An iterator that takes a step at each ``next``. Its ``network`` is the current network,
        its ``best`` the one with the lowest validation loss.

    Raises:
        ProblemError: An unknown name, numbers out of range, data that do not fit the network or
            the loss, ``patience`` without validation data, or a checkpoint of another run.

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
    rule = as_optimizer(optimizer)
    if learning_rate is not None:
        rule = rule.with_settings(learning_rate=learning_rate)
    if weight_decay is not None:
        rule = rule.with_settings(weight_decay=weight_decay)
    expect("dropout", dropout, 0.0 <= dropout < 1.0, "a number from 0 to below 1")
    if patience is not None and validation is None:
        raise ProblemError(Problem("patience", "is given", "validation data to stop by"))
    samples = as_data(data)
    plan = Plan(
        network=network,
        data=samples,
        loss=as_loss(loss),
        optimizer=rule,
        epochs=whole(epochs, "epochs"),
        batch_size=len(samples) if batch_size is None else whole(batch_size, "batch_size"),
        seed=_seed(rng) if resume is None else resume.seed,
        validation=None if validation is None else as_data(validation),
        dropout=float(dropout),
        patience=None if patience is None else whole(patience, "patience"),
        layout=ParameterLayout.of(network),
    )
    for part in (plan.data, plan.validation):
        if part is not None:
            check_fit(network, part, plan.loss)
    if resume is None:
        return Training(plan, 0, flat(network), rule.first_memory(plan.layout.size))
    _check_same(resume.plan, plan.identity())
    _check_state(resume, plan)
    return Training(plan, resume.step, resume.parameters, resume.memory, resume.best)


def _seed(rng: np.random.Generator | int) -> int:
    return int(np.random.default_rng(rng).integers(2**63))


def check_fit(network: Network, data: Data, loss: Loss) -> None:
    """Check that a network can be trained on these data with this loss.

    Raises:
        ProblemError: Sizes differ, the loss compares probabilities and gets others, or an
            activation has no derivative.
    """
    # The passes of one sample report what does not fit; the rest is about the other samples.
    backward(network, forward(network, data.inputs[:1]), data.targets[:1], loss)
    if not loss.probabilities:
        return
    expect_probabilities("targets", data.targets, loss)
    function = network.layers[-1].activation
    extremes = function.value(np.array([-3.0, 3.0]))
    if not 0.0 <= extremes.min() <= extremes.max() <= 1.0:
        right = loss.joined.activation.name if loss.joined else "sigmoid"
        expected = f"{right}, as {loss.name} compares probabilities"
        where = "the activation of the output layer"
        raise ProblemError(Problem(where, f"is {function}", expected))


def _check_same(found: dict[str, str], expected: dict[str, str]) -> None:
    for what, right in expected.items():
        if found.get(what) != right:
            where = f"the {what} of the checkpoint"
            hint = "it belongs to another run"
            raise ProblemError(Problem(where, f"is {found.get(what)}", right, hint))


def _check_state(found: Checkpoint, plan: Plan) -> None:
    """Check the step of a checkpoint, and the shapes of its vectors."""
    steps, right = plan.epochs * plan.steps_per_epoch, (plan.layout.size,)
    expect("the step of the checkpoint", found.step, 0 <= found.step <= steps, f"0 to {steps}")
    slots = plan.optimizer.slots
    if len(found.memory) != slots:
        where = "the memory of the checkpoint"
        raise ProblemError(Problem(where, f"has {len(found.memory)} vectors", str(slots)))
    for vector in (found.parameters, *found.memory):
        if vector.shape != right:
            where = "a vector of the checkpoint"
            raise ProblemError(Problem(where, f"has shape {vector.shape}", f"shape {right}"))
