"""The forward and the backward pass, and the traces of numbers that they leave.

Arrays may carry leading batch axes, written ``...``; without any, a pass is about one sample.
Every array in a trace is float64, finite and read-only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from netviz.core.arrays import Array, checked, finite
from netviz.core.losses import LOSSES, Loss
from netviz.core.network import Dense, Network
from netviz.core.pictured import Pictured
from netviz.core.registry import named


@dataclass(frozen=True, eq=False)
class ForwardLayer:
    """What one layer computed.

    Attributes:
        weights: The layer's W, shape ``(n_out, n_in)``.
        incoming: Activations of the layer before, shape ``(..., n_in)``.
        z: Pre-activations W x + b, shape ``(..., n_out)``.
        activation: Activations a = f(z), shape ``(..., n_out)``.
    """

    weights: Array
    incoming: Array
    z: Array
    activation: Array

    @property
    def contributions(self) -> Array:
        """What each edge adds to z: ``W[j, k] a[k]``, shape ``(..., n_out, n_in)``.

        Summed over k, with the bias, they are z. Computed when asked for, as ``shares`` are.
        """
        return finite(self.weights * self.incoming[..., np.newaxis, :], "the contributions")


@dataclass(frozen=True, eq=False, repr=False)
class ForwardTrace(Pictured):
    """The numbers of a forward pass.

    Attributes:
        network: What the input was carried through.
        input: x, shape ``(..., n_in)``.
        layers: One record for each layer after the input.

    Example:
        >>> network = netviz.Network.random([3, 4, 2], rng=7)
        >>> trace = netviz.forward(network, [0.5, -0.2, 0.8])
        >>> trace.layers[0].z.shape, trace.layers[0].contributions.shape, trace.prediction.shape
        ((4,), (4, 3), (2,))
    """

    network: Network
    input: Array
    layers: tuple[ForwardLayer, ...]

    @property
    def activations(self) -> tuple[Array, ...]:
        """The input, then the activations of each layer."""
        return (self.input, *(layer.activation for layer in self.layers))

    @property
    def prediction(self) -> Array:
        """Activations of the last layer, shape ``(..., n_out)``."""
        return self.layers[-1].activation

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of neurons in each layer, the input first."""
        return self.network.sizes

    def __repr__(self) -> str:
        """Shape and prediction: ``ForwardTrace(2-1, prediction [0.5987])``."""
        return f"ForwardTrace({_shape(self.sizes)}, prediction {_brief(self.prediction)})"


@dataclass(frozen=True, eq=False)
class BackwardLayer:
    """The errors of one layer.

    Attributes:
        weights: The layer's W, shape ``(n_out, n_in)``.
        activation_gradient: ∂L/∂a, shape ``(..., n_out)``.
        blame: δ = ∂L/∂z, shape ``(..., n_out)``.
        weight_gradient: ∂L/∂W, δⱼ aₖ summed over the batch, shape ``(n_out, n_in)``.
        bias_gradient: ∂L/∂b, δⱼ summed over the batch, shape ``(n_out,)``.
    """

    weights: Array
    activation_gradient: Array
    blame: Array
    weight_gradient: Array
    bias_gradient: Array

    @property
    def shares(self) -> Array:
        """How the blame comes back over each edge: ``W[j, k] δ[j]``, shape ``(..., n_out, n_in)``.

        Summed over j they are ∂L/∂a of the layer before. Computed when asked for: a batch has
        one such matrix for each sample.
        """
        shares = self.weights * self.blame[..., :, np.newaxis]
        return finite(shares, "the shares")


@dataclass(frozen=True, eq=False, repr=False)
class BackwardTrace(Pictured):
    """The numbers of a backward pass.

    Attributes:
        forward: The pass that it goes back over.
        target: What the prediction was compared with, shape ``(..., m)``.
        loss_function: What compared them.
        loss: L, one number for each sample, shape ``(...)``.
        layers: One record for each layer after the input, in forward order.
        input_gradient: ∂L/∂x, shape ``(..., n_in)``.

    Example:
        >>> network = netviz.Network.random([3, 4, 2], rng=7)
        >>> trace = netviz.forward(network, [0.5, -0.2, 0.8])
        >>> blame = netviz.backward(network, trace, target=[1.0, 0.0])
        >>> shares = blame.layers[1].shares
        >>> shares.shape, bool(np.allclose(shares.sum(axis=0), blame.layers[0].activation_gradient))
        ((2, 4), True)
    """

    forward: ForwardTrace
    target: Array
    loss_function: Loss
    loss: Array
    layers: tuple[BackwardLayer, ...]
    input_gradient: Array

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of neurons in each layer, the input first."""
        return self.forward.sizes

    def __repr__(self) -> str:
        """Shape and loss: ``BackwardTrace(2-1, mse 0.1611)``."""
        return f"BackwardTrace({_shape(self.sizes)}, {self.loss_function.name} {_brief(self.loss)})"


def forward(network: Network, x: ArrayLike) -> ForwardTrace:
    """Carry an input through the network.

    Args:
        network: The network.
        x: Shape ``(..., n_in)``.

    Raises:
        ValueError: ``x`` has a wrong shape or is not finite, or numbers grow beyond float64.

    Example:
        >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]], activation="relu")
        >>> trace = netviz.forward(network, [1.0, 0.25])
        >>> float(trace.layers[0].z[0]), float(trace.prediction[0])
        (0.35, 0.35)
    """
    given = checked(x, "the input")
    _check_shape(given, (*given.shape[:-1], network.sizes[0]), "the input")
    layers: list[ForwardLayer] = []
    incoming = given
    for place, dense in enumerate(network.layers, start=1):
        layers.append(_forward_layer(dense, incoming, place))
        incoming = layers[-1].activation
    return ForwardTrace(network, given, tuple(layers))


def backward(
    network: Network, trace: ForwardTrace, target: ArrayLike, loss: Loss | str = "mse"
) -> BackwardTrace:
    """Carry the error of a prediction back through the network.

    Where the loss is joined to the activation of the output layer (cross_entropy to softmax,
    binary_cross_entropy to sigmoid), loss and blame are computed from z and are right however
    saturated the neuron is. Its ``activation_gradient`` is still ∂L/∂a, which in a wholly
    saturated and wholly wrong neuron is beyond all bounds; there it is held at 1e300.

    Args:
        network: The network.
        trace: What ``forward`` gave for this network.
        target: Same shape as the prediction, ``(..., n)``; for gaussian_nll half as long,
            ``(..., n / 2)``.
        loss: A loss, or its name in ``LOSSES``.

    Raises:
        ValueError: The trace is another network's, the target has a wrong shape or is not
            finite, the loss needs probabilities and has others, the network has an activation
            without a derivative, or numbers grow beyond float64.

    Example:
        >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.25]], activation="identity")
        >>> trace = netviz.forward(network, [1.0, 0.25])
        >>> blame = netviz.backward(network, trace, target=[1.0], loss="mse")
        >>> float(blame.loss), blame.layers[0].blame, blame.layers[0].weight_gradient
        (0.25, array([-1.]), array([[-1.  , -0.25]]))
    """
    if trace.sizes != network.sizes:
        raise ValueError(
            f"the trace must be of a network of sizes {network.sizes}; found {trace.sizes}"
        )
    loss = named(loss, LOSSES, "loss")
    goal = _checked_target(trace.prediction, target, loss)
    with np.errstate(over="ignore", invalid="ignore"):  # `finite` says where
        value, gradient, blame = _at_output(network.layers[-1], trace.layers[-1], goal, loss)
        layers: list[BackwardLayer] = []
        for place in reversed(range(len(network.layers))):
            dense, incoming = network.layers[place], trace.layers[place].incoming
            layers.insert(0, _backward_layer(dense, gradient, blame, incoming, place + 1))
            gradient = blame @ dense.weights
            if place > 0:
                record = trace.layers[place - 1]
                pullback = network.layers[place - 1].activation.pullback
                blame = pullback(gradient, record.z, record.activation)
    input_gradient = finite(gradient, "the gradient of the input")
    return BackwardTrace(trace, goal, loss, value, tuple(layers), input_gradient)


def _forward_layer(dense: Dense, incoming: Array, place: int) -> ForwardLayer:
    with np.errstate(over="ignore", invalid="ignore"):  # `finite` says where
        z = finite(incoming @ dense.weights.T + dense.bias, f"z of layer {place}")
        a = finite(dense.activation.value(z), f"the activation of layer {place}")
    return ForwardLayer(dense.weights, incoming, z, a)


def _at_output(
    dense: Dense, record: ForwardLayer, target: Array, loss: Loss
) -> tuple[Array, Array, Array]:
    """Loss, ∂L/∂a and ∂L/∂z of the last layer."""
    a, z = record.activation, record.z
    gradient = loss.gradient(a, target)
    if loss.joined is not None and loss.joined.activation == dense.activation:
        value, blame = loss.joined.value(z, target), loss.joined.blame(z, target)
    else:
        value, blame = loss.value(a, target), dense.activation.pullback(gradient, z, a)
    return finite(np.asarray(value), "the loss"), gradient, blame


def _backward_layer(
    dense: Dense, gradient: Array, blame: Array, incoming: Array, place: int
) -> BackwardLayer:
    deltas, inputs = blame.reshape(-1, dense.n_out), incoming.reshape(-1, dense.n_in)
    return BackwardLayer(
        weights=dense.weights,
        activation_gradient=finite(gradient, f"the activation gradient of layer {place}"),
        blame=finite(blame, f"the blame of layer {place}"),
        weight_gradient=finite(deltas.T @ inputs, f"the weight gradient of layer {place}"),
        bias_gradient=finite(deltas.sum(axis=0), f"the bias gradient of layer {place}"),
    )


def _checked_target(prediction: Array, target: ArrayLike, loss: Loss) -> Array:
    goal = checked(target, "the target")
    outputs = int(prediction.shape[-1])
    _check_shape(goal, (*prediction.shape[:-1], loss.target_size(outputs)), "the target")
    if loss.probabilities:
        _check_probabilities(goal, f"targets of {loss.name}")
        _check_probabilities(prediction, f"predictions for {loss.name}")
    return goal


def _check_shape(array: Array, expected: tuple[int, ...], what: str) -> None:
    if array.shape != expected:
        raise ValueError(f"{what} must have shape {expected}; found shape {array.shape}")


def _check_probabilities(array: Array, what: str) -> None:
    wrong = array[(array < 0.0) | (array > 1.0)]
    if wrong.size:
        raise ValueError(f"{what} must lie in 0 … 1; found {wrong[0]}")


def _shape(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))


def _brief(values: Array) -> str:
    """To four decimals in one line; of many samples the first and the last."""
    told = np.array2string(values, precision=4, floatmode="fixed", threshold=16, separator=", ")
    return " ".join(told.split())
