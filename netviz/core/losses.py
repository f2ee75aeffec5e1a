"""Loss functions L(prediction, target), each beside its gradient.

To add one, add an entry to `LOSSES`. A loss gives one number for each sample. Errors (mse, mae,
huber) are averaged over the outputs; likelihoods (the entropies, gaussian_nll) and
half_squared_error are summed over them, as independent outputs multiply their probabilities.
Nothing is averaged over a batch.

A loss works on the activation. Where the activation has rounded to 0 or 1, it no longer knows how
wrong it is, but its pre-activation does: so a loss made for one activation is also written in z,
joined to it (`Joined`), and the joined form is what `netviz.backward` uses for that pair. Alone,
the entropies take no probability as smaller than `SMALLEST`, so that they stay finite.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from netviz.core.activations import ACTIVATIONS, Activation, sigmoid, softmax, softplus
from netviz.core.arrays import Array

Compare: TypeAlias = Callable[[Array, Array], Array]

SMALLEST = 1e-300
"""The smallest probability in a logarithm or a division; ∂L/∂a is at most 1 / SMALLEST."""

VARIANCE_FLOOR = 1e-6
"""What gaussian_nll adds to its variance (Lakshminarayanan et al. 2017, footnote 2)."""


@dataclass(frozen=True)
class Joined:
    """A loss and the activation before it as one function of the pre-activation z.

    Attributes:
        activation: The activation of the output layer that is joined in.
        value: ``value(z, target) -> L``, shape ``(...)``.
        blame: ``blame(z, target) -> ∂L/∂z``, shape ``(..., n)``.
    """

    activation: Activation
    value: Compare
    blame: Compare


@dataclass(frozen=True)
class Loss:
    """How wrong a prediction is, one number for each sample.

    Attributes:
        name: Its key in `LOSSES`.
        value: ``value(prediction, target) -> L``: ``(..., n), (..., m) -> (...)``.
        gradient: ``gradient(prediction, target) -> ∂L/∂prediction``, shape ``(..., n)``.
        formula: L in Typst mathematics, with predictions y and targets t.
        title: A short name for the screen.
        source: Where it comes from.
        probabilities: Whether predictions and targets must lie in 0 … 1.
        outputs_per_target: n / m: 1, unless several outputs together describe one target.
        joined: The same loss in z, for the activation that it is made for, if there is one.

    Example:
        >>> mse = netviz.LOSSES["mse"]
        >>> float(mse.value(np.array([0.5, 0.0]), np.array([1.0, 0.0])))
        0.125
    """

    name: str
    value: Compare
    gradient: Compare
    formula: str
    title: str
    source: str
    probabilities: bool = False
    outputs_per_target: int = 1
    joined: Joined | None = None

    def target_size(self, outputs: int) -> int:
        """The number of targets for so many outputs.

        Raises:
            ValueError: So many outputs cannot be shared out among targets.
        """
        size, rest = divmod(outputs, self.outputs_per_target)
        if rest:
            raise ValueError(
                f"{self.name} needs {self.outputs_per_target} outputs for each target; "
                f"found {outputs} outputs"
            )
        return size


def mean_and_variance(prediction: Array) -> tuple[Array, Array]:
    """What the outputs of a network trained with gaussian_nll say: ``(..., 2m) -> 2 × (..., m)``.

    The first half of the outputs are the means μ; the second half, s, give the variances
    σ² = softplus(s) + `VARIANCE_FLOOR` (Lakshminarayanan et al. 2017, sec. 2.2.1). Unlike e^s,
    that neither overflows nor vanishes for any s.
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
