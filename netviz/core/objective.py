"""What training makes smaller: the mean loss of a batch, and its gradient in all parameters.

The same mathematics as ``forward`` and ``backward``, which keep every number of every sample and
check it. Here only what a step of training needs is computed, and nothing is checked: a third of
the time. A test holds the two together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from netviz.core.activations import Activation
from netviz.core.arrays import Array
from netviz.core.data import Data, accuracy
from netviz.core.losses import LOSSES, Loss
from netviz.core.network import Network
from netviz.core.parameters import Layout, Views, flat
from netviz.core.registry import named


@dataclass(frozen=True)
class Score:
    """How good a network is on some data.

    Attributes:
        loss: The mean over the samples.
        accuracy: The share of samples that are classified right, or None where the targets are
            not classes.

    Example:
        >>> xor = netviz.load_data("xor")
        >>> netviz.evaluate(netviz.Network.random([2, 3, 1], rng=0), xor).accuracy
        0.5
    """

    loss: float
    accuracy: float | None


def evaluate(network: Network, data: Data, loss: Loss | str = "mse") -> Score:
    """How good ``network`` is on ``data``; the two must fit each other, and the loss both.

    Raises:
        ValueError: There is no loss of that name.

    Example:
        >>> xor = netviz.load_data("xor")
        >>> score = netviz.evaluate(netviz.Network.random([2, 3, 1], rng=0), xor, loss="mse")
        >>> score.loss > 0.2
        True
    """
    compare = named(loss, LOSSES, "loss")
    return score(Layout.of(network), flat(network), data, compare)


def score(layout: Layout, parameters: Array, data: Data, loss: Loss) -> Score:
    """The same for parameters that stand in a vector, shape ``(size,)``."""
    functions = layout.activations
    with np.errstate(over="ignore", invalid="ignore"):
        z, activations = _forward(layout.views(parameters), functions, data.inputs)
        losses = _losses(functions[-1], z[-1], activations[-1], data.targets, loss)
    hits = accuracy(activations[-1], data.targets) if data.classes else None
    return Score(float(np.mean(losses)), hits)


def mean_loss_and_gradient(
    layout: Layout, parameters: Array, x: Array, target: Array, loss: Loss
) -> tuple[float, Array]:
    """The mean loss of a batch, and its gradient in all parameters.

    Args:
        layout: Where the parameters stand.
        parameters: Shape ``(size,)``.
        x: Shape ``(n, n_in)``.
        target: Shape ``(n, m)``.
        loss: Compares predictions and targets.

    Returns:
        The mean of the loss over the n samples, and its gradient, shape ``(size,)``.
    """
    layers = layout.views(parameters)
    z, activations = _forward(layers, layout.activations, x)
    function, output, last = layout.activations[-1], activations[-1], z[-1]
    losses = _losses(function, last, output, target, loss)
    blame = _output_blame(function, last, output, target, loss) * (1.0 / len(x))
    gradient = np.empty_like(parameters)
    parts = layout.views(gradient)
    for place in reversed(range(len(layers))):
        np.matmul(blame.T, activations[place], out=parts[place][0])
        np.add.reduce(blame, axis=0, out=parts[place][1])
        if place > 0:
            pullback = layout.activations[place - 1].pullback
            blame = pullback(blame @ layers[place][0], z[place - 1], activations[place])
    return float(np.add.reduce(losses)) / len(x), gradient


def _forward(
    layers: Views, functions: Sequence[Activation], x: Array
) -> tuple[list[Array], list[Array]]:
    """The z of each layer; and x, then the activations of each layer."""
    pre_activations, activations = [], [x]
    for (weights, bias), function in zip(layers, functions, strict=True):
        z = activations[-1] @ weights.T
        z += bias
        pre_activations.append(z)
        activations.append(function.value(z))
    return pre_activations, activations


def _losses(function: Activation, z: Array, a: Array, target: Array, loss: Loss) -> Array:
    """The loss of each sample."""
    joined = loss.joined
    if joined is not None and joined.activation == function:
        return joined.value(z, target)
    return loss.value(a, target)


def _output_blame(function: Activation, z: Array, a: Array, target: Array, loss: Loss) -> Array:
    """∂L/∂z of the last layer, for each sample."""
    joined = loss.joined
    if joined is not None and joined.activation == function:
        return joined.blame(z, target)
    return function.pullback(loss.gradient(a, target), z, a)
