"""Loss functions L(prediction, target), each with its gradient.

To add one, add an entry to `LOSSES`. A loss is one number for each sample. Errors (mse, mae,
huber) are averaged over the outputs; likelihoods (the entropies, gaussian_nll) and
half_squared_error are summed over them, as the probabilities of independent outputs multiply.
Nothing is averaged over a batch.

A loss is a function of the activation. Where the activation is rounded to 0 or 1, the size of the
error is lost, but the pre-activation still has it. So a loss that is made for one activation is
also written as a function of z, joined to this activation (`Joined`), and ``netviz.backward`` uses
the joined form for the pair. Without it, the entropies replace probabilities below `SMALLEST` by
`SMALLEST`, so that they stay finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from netviz.core.activations import ACTIVATIONS, Activation, sigmoid, softmax, softplus
from netviz.core.arrays import Array
from netviz.problems import Problem, ProblemError, entry_named

Compare: TypeAlias = Callable[[Array, Array], Array]

SMALLEST = 1e-300
"""The smallest probability in a logarithm or a division; ∂L/∂a is at most 1 / SMALLEST."""

VARIANCE_FLOOR = 1e-6
"""Added to the variance of gaussian_nll (Lakshminarayanan et al. 2017, footnote 2)."""


@dataclass(frozen=True)
class Joined:
    """A loss and the activation of the output layer as one function of the pre-activation z.

    Attributes:
        activation: The activation of the output layer.
        value: ``value(z, target) -> L``, shape ``(...)``.
        blame: ``blame(z, target) -> ∂L/∂z``, shape ``(..., n)``.
    """

    activation: Activation
    value: Compare
    blame: Compare


@dataclass(frozen=True)
class Loss:
    """The difference between predictions and targets, one number for each sample.

    Attributes:
        name: Its key in `LOSSES`.
        value: ``value(prediction, target) -> L``: ``(..., n), (..., m) -> (...)``.
        gradient: ``gradient(prediction, target) -> ∂L/∂prediction``, shape ``(..., n)``.
        source: The publication that it comes from.
        formula: L in Typst mathematics, with predictions y and targets t, or an empty text.
        title: A short name for the screen; by default the name.
        probabilities: Whether predictions and targets must lie in 0 … 1.
        outputs_per_target: n / m: 1, unless several outputs together describe one target.
        joined: The same loss as a function of z, for the activation that it is made for, if any.

    Example:
        >>> mse = netviz.LOSSES["mse"]
        >>> float(mse.value(np.array([0.5, 0.0]), np.array([1.0, 0.0])))
        0.125
    """

    name: str
    value: Compare
    gradient: Compare
    source: str
    formula: str = ""
    title: str = ""
    probabilities: bool = False
    outputs_per_target: int = 1
    joined: Joined | None = None

    def __post_init__(self) -> None:
        """Use the name as the title if there is none."""
        object.__setattr__(self, "title", self.title or self.name)

    def target_size(self, outputs: int) -> int:
        """Return the number of targets for a number of outputs.

        Raises:
            ProblemError: The outputs cannot be divided among targets.
        """
        size, rest = divmod(outputs, self.outputs_per_target)
        if rest:
            expected = f"a multiple of {self.outputs_per_target} for {self.name}"
            raise ProblemError(Problem("the number of outputs", f"is {outputs}", expected))
        return size

    def at_output(self, activation: Activation, z: Array, a: Array, target: Array) -> Array:
        """Return the loss of each sample, from z if the loss is joined to the activation.

        Args:
            activation: The activation of the output layer.
            z: Its pre-activations, shape ``(..., n)``.
            a: Its activations, shape ``(..., n)``.
            target: Shape ``(..., m)``.
        """
        joined = self._joined_to(activation)
        return joined.value(z, target) if joined else self.value(a, target)

    def blame_at_output(self, activation: Activation, z: Array, a: Array, target: Array) -> Array:
        """Return ∂L/∂z of the output layer, shape ``(..., n)``; arguments as in `at_output`."""
        joined = self._joined_to(activation)
        if joined:
            return joined.blame(z, target)
        return activation.pullback(self.gradient(a, target), z, a)

    def _joined_to(self, activation: Activation) -> Joined | None:
        joined = self.joined
        if joined is None or joined.activation is activation or joined.activation == activation:
            return joined
        return None


def mean_and_variance(prediction: Array) -> tuple[Array, Array]:
    """Return mean and variance from the outputs for gaussian_nll: ``(..., 2m) -> 2 × (..., m)``.

    The first half of the outputs are the means μ; the second half, s, give the variances
    σ² = softplus(s) + `VARIANCE_FLOOR` (Lakshminarayanan et al. 2017, sec. 2.2.1). Unlike e^s,
    this neither overflows nor vanishes for any s.
    """
    mean, raw = np.split(prediction, 2, axis=-1)
    return mean, softplus(raw) + VARIANCE_FLOOR


def _gaussian_value(prediction: Array, target: Array) -> Array:
    mean, variance = mean_and_variance(prediction)
    terms = np.log(2.0 * math.pi * variance) + (mean - target) ** 2 / variance
    return np.asarray(0.5 * np.sum(terms, axis=-1))


def _gaussian_gradient(prediction: Array, target: Array) -> Array:
    mean, variance = mean_and_variance(prediction)
    raw = prediction[..., mean.shape[-1] :]
    to_mean = (mean - target) / variance
    to_variance = 0.5 * (1.0 / variance - to_mean**2)
    return np.concatenate([to_mean, to_variance * sigmoid(raw)], axis=-1)


def _huber_value(y: Array, t: Array) -> Array:
    error = np.abs(y - t)
    small = np.minimum(error, 1.0)
    return np.asarray(np.mean(small * (error - 0.5 * small), axis=-1))


def _binary_value(y: Array, t: Array) -> Array:
    log_yes, log_no = (np.log(np.maximum(p, SMALLEST)) for p in (y, 1.0 - y))
    return np.asarray(-np.sum(t * log_yes + (1.0 - t) * log_no, axis=-1))


def _binary_gradient(y: Array, t: Array) -> Array:
    return (1.0 - t) / np.maximum(1.0 - y, SMALLEST) - t / np.maximum(y, SMALLEST)


def _log_softmax(z: Array) -> Array:
    largest: Array = np.max(z, axis=-1, keepdims=True)
    total: Array = np.sum(np.exp(z - largest), axis=-1, keepdims=True)
    return z - largest - np.log(total)


_SIGMOID_JOINED = Joined(
    activation=ACTIVATIONS["sigmoid"],
    value=lambda z, t: np.sum(t * softplus(-z) + (1.0 - t) * softplus(z), axis=-1),
    blame=lambda z, t: (1.0 - t) * sigmoid(z) - t * sigmoid(-z),
)

_SOFTMAX_JOINED = Joined(
    activation=ACTIVATIONS["softmax"],
    value=lambda z, t: -np.sum(t * _log_softmax(z), axis=-1),
    blame=lambda z, t: softmax(z) * np.sum(t, axis=-1, keepdims=True) - t,
)

_ALL = (
    Loss(
        name="mse",
        value=lambda y, t: np.mean((y - t) ** 2, axis=-1),
        gradient=lambda y, t: 2.0 * (y - t) / y.shape[-1],
        formula="1 / n sum_(i=1)^n (y_i - t_i)^2",
        title="MSE",
        source="Gauss 1809; the mean over the outputs",
    ),
    Loss(
        name="half_squared_error",
        value=lambda y, t: 0.5 * np.sum((y - t) ** 2, axis=-1),
        gradient=lambda y, t: y - t,
        formula="1 / 2 sum_(i=1)^n (y_i - t_i)^2",
        title="½ squared error",
        source="Rumelhart, Hinton & Williams 1986; Nielsen 2015, eq. 26",
    ),
    Loss(
        name="mae",
        value=lambda y, t: np.mean(np.abs(y - t), axis=-1),
        gradient=lambda y, t: np.sign(y - t) / y.shape[-1],
        formula="1 / n sum_(i=1)^n abs(y_i - t_i)",
        title="MAE",
        source="Boscovich 1757; the slope at a perfect prediction is taken as 0",
    ),
    Loss(
        name="huber",
        value=_huber_value,
        gradient=lambda y, t: np.clip(y - t, -1.0, 1.0) / y.shape[-1],
        formula="1 / n sum_(i=1)^n cases("
        '(y_i - t_i)^2 \\/ 2 & "if" abs(y_i - t_i) <= 1, '
        'abs(y_i - t_i) - 1 \\/ 2 & "otherwise")',
        title="Huber",
        source="Huber 1964, with the bend at an error of 1; the mean over the outputs",
    ),
    Loss(
        name="binary_cross_entropy",
        value=_binary_value,
        gradient=_binary_gradient,
        formula="-sum_(i=1)^n (t_i ln y_i + (1 - t_i) ln(1 - y_i))",
        title="binary cross-entropy",
        source="Bishop 2006, eq. 5.23; joined to sigmoid, ∂L/∂z = y − t",
        probabilities=True,
        joined=_SIGMOID_JOINED,
    ),
    Loss(
        name="cross_entropy",
        value=lambda y, t: -np.sum(t * np.log(np.maximum(y, SMALLEST)), axis=-1),
        gradient=lambda y, t: -t / np.maximum(y, SMALLEST),
        formula="-sum_(i=1)^n t_i ln y_i",
        title="cross-entropy",
        source="Bishop 2006, eq. 5.24; joined to softmax, ∂L/∂z = y − t when targets sum to 1",
        probabilities=True,
        joined=_SOFTMAX_JOINED,
    ),
    Loss(
        name="gaussian_nll",
        value=_gaussian_value,
        gradient=_gaussian_gradient,
        formula="1 / 2 sum_(i=1)^m (ln(2 pi sigma_i^2) + (mu_i - t_i)^2 / sigma_i^2)",
        title="Gaussian likelihood",
        source="Nix & Weigend 1994; outputs are means, then widths: see mean_and_variance",
        outputs_per_target=2,
    ),
)

LOSSES = {loss.name: loss for loss in _ALL}


def as_loss(loss: Loss | str) -> Loss:
    """Return the loss itself, or the one of that name.

    Raises:
        ProblemError: There is no loss of that name.
    """
    return loss if isinstance(loss, Loss) else entry_named(loss, LOSSES, "loss")
