"""The mean loss of a batch and its gradient, as functions of one flat vector of parameters.

Optimizers treat all parameters alike, so training keeps them in one vector: the parameters of the
first layer in their order, each row by row, followed by those of the second layer. The layers
compute with views of it. Unlike ``forward`` and ``backward``, nothing is recorded or checked, which
takes a third of the time. A test compares the two.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from netviz.core.arrays import Array
from netviz.core.data import Data, accuracy
from netviz.core.layers import Parameters
from netviz.core.losses import Loss, as_loss
from netviz.core.network import Network
from netviz.core.propagation import Factors, propagate, propagate_back

Place: TypeAlias = tuple[str, slice, tuple[int, ...] | None]


@dataclass(frozen=True)
class ParameterLayout:
    """The position of each parameter of a network in the vector.

    Attributes:
        template: A network of the same structure.
        places: For each layer, for each parameter: its name, the slice of the vector, and its
            shape, or None for a vector.
        size: The number of parameters.
    """

    template: Network
    places: tuple[tuple[Place, ...], ...]
    size: int

    @classmethod
    def of(cls, network: Network) -> ParameterLayout:
        """Return the layout of all networks with the structure of this one."""
        places, begin = [], 0
        for layer in network.layers:
            row = []
            for name, array in layer.parameters.items():
                place = slice(begin, begin + array.size)
                row.append((name, place, array.shape if array.ndim != 1 else None))
                begin += array.size
            places.append(tuple(row))
        return cls(network, tuple(places), begin)

    def views(self, vector: Array) -> Sequence[Parameters]:
        """Return the parameters of each layer, as views of a vector of shape ``(size,)``."""
        layers = []
        for row in self.places:  # faster than a comprehension in a comprehension
            arrays = {}
            for name, place, shape in row:
                arrays[name] = vector[place] if shape is None else vector[place].reshape(shape)
            layers.append(arrays)
        return layers

    def network(self, vector: Array) -> Network:
        """Return the network with these parameters.

        Raises:
            ProblemError: Some parameter is not finite.
        """
        return self.template.with_parameters(self.views(vector))


def flat(network: Network) -> Array:
    """Return the parameters of a network, shape ``(size,)``, in the order of its layout."""
    arrays = [array.ravel() for layer in network.layers for array in layer.parameters.values()]
    return np.concatenate(arrays) if arrays else np.empty(0)


@dataclass(frozen=True)
class Score:
    """The performance of a network on some data.

    Attributes:
        loss: The mean over the samples.
        accuracy: The share of samples that are classified correctly, or None if the targets are
            not classes.

    Example:
        >>> xor = netviz.load_data("xor")
        >>> netviz.evaluate(netviz.Network.random([2, 3, 1], rng=0), xor).accuracy
        0.5
    """

    loss: float
    accuracy: float | None


def evaluate(network: Network, data: Data, loss: Loss | str = "mse") -> Score:
    """Return the performance of ``network`` on ``data``, which must fit each other and the loss.

    Raises:
        ProblemError: There is no loss of that name.

    Example:
        >>> xor = netviz.load_data("xor")
        >>> score = netviz.evaluate(netviz.Network.random([2, 3, 1], rng=0), xor, loss="mse")
        >>> score.loss > 0.2
        True
    """
    return score(ParameterLayout.of(network), flat(network), data, as_loss(loss))


def score(layout: ParameterLayout, parameters: Array, data: Data, loss: Loss) -> Score:
    """Return the performance of the network with these parameters, shape ``(size,)``."""
    network = layout.template
    with np.errstate(over="ignore", invalid="ignore"):
        z, activations = propagate(network, layout.views(parameters), data.inputs)
        function = network.layers[-1].activation
        losses = loss.at_output(function, z[-1], activations[-1], data.targets)
    correct = accuracy(activations[-1], data.targets) if data.classes else None
    return Score(float(np.mean(losses)), correct)


def mean_loss_and_gradient(
    layout: ParameterLayout,
    parameters: Array,
    x: Array,
    target: Array,
    loss: Loss,
    factors: Factors | None = None,
) -> tuple[float, Array]:
    """Return the mean loss of a batch, and its gradient with respect to all parameters.

    Args:
        layout: The layout of the parameters.
        parameters: Shape ``(size,)``.
        x: Shape ``(n, n_in)``.
        target: Shape ``(n, m)``.
        loss: The loss function.
        factors: For each layer, the factors of its activations under dropout, shape
            ``(n, n_out)``, or None.

    Returns:
        The mean of the loss over the n samples, and its gradient, shape ``(size,)``.
    """
    network, layers = layout.template, layout.views(parameters)
    z, activations = propagate(network, layers, x, factors)
    output = network.layers[-1].activation, z[-1], activations[-1], target
    losses = loss.at_output(*output)
    blame = loss.blame_at_output(*output) * (1.0 / len(x))
    gradient = np.empty_like(parameters)
    parts = layout.views(gradient)
    propagate_back(network, layers, z, activations, blame, parts, factors, to_input=False)
    return float(np.add.reduce(losses)) / len(x), gradient
