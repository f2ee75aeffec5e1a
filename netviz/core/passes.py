"""The forward and the backward pass, and their traces: all numbers that were computed.

Arrays may have leading batch axes, written ``...``; without any, a pass is about one sample. Every
array in a trace is float64, finite and read-only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.core.arrays import Array, checked, expect_shape, finite
from netviz.core.layers import Connections, Layer, Parameters
from netviz.core.losses import Loss, as_loss
from netviz.core.network import Network
from netviz.core.pictured import Pictured
from netviz.core.propagation import propagate, propagate_back
from netviz.problems import Problem, ProblemError


@dataclass(frozen=True, eq=False)
class ForwardLayer:
    """The record of one layer in a forward pass.

    z is the sum of the contributions over the connections, the bias, and what arrives over skip
    connections.

    Attributes:
        layer: The layer.
        incoming: Activations of the layer before, shape ``(..., n_in)``.
        z: Pre-activations, shape ``(..., n_out)``.
        activation: Activations a = f(z), shape ``(..., n_out)``.
        skipped: For each skip connection into the layer, the source layer and the activations
            that are added to z, shape ``(..., n_out)``.
    """

    layer: Layer
    incoming: Array
    z: Array
    activation: Array
    skipped: Mapping[int, Array]

    @cached_property
    def connections(self) -> Connections:
        """The connections from the layer before."""
        return self.layer.connections(self)

    @property
    def weights(self) -> Array:
        """The effective weights, shape ``(n_out, n_in)``; 0 where there is no connection.

        ``weights[1, 0]`` is the weight from neuron 0 to neuron 1: W₁,₂ on screen.
        """
        return self.connections.weights

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The pairs of neurons that are connected, shape ``(n_out, n_in)``."""
        return self.connections.mask

    @property
    def bias(self) -> Array:
        """The bias, shape ``(n_out,)``; zeros for a layer without one."""
        return self.layer.bias

    @property
    def contributions(self) -> Array:
        """What each connection adds to z: ``W[j, k] a[k]``, shape ``(..., n_out, n_in)``.

        Computed on demand, like ``shares``.
        """
        return finite(self.weights * self.incoming[..., np.newaxis, :], "contributions")


@dataclass(frozen=True, eq=False, repr=False)
class ForwardTrace(Pictured):
    """The numbers of a forward pass.

    Attributes:
        network: The network.
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
        """The input, followed by the activations of each layer."""
        return (self.input, *(layer.activation for layer in self.layers))

    @property
    def prediction(self) -> Array:
        """The activations of the last layer, shape ``(..., n_out)``."""
        return self.layers[-1].activation

    @property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons in each layer, the input first."""
        return self.network.sizes

    def __repr__(self) -> str:
        """Return shape and prediction: ``ForwardTrace(2-1, prediction [0.5987])``."""
        return f"ForwardTrace({_shape(self.sizes)}, prediction {_brief(self.prediction)})"


@dataclass(frozen=True, eq=False)
class BackwardLayer:
    """The record of one layer in a backward pass.

    Attributes:
        forward: The record of the forward pass.
        activation_gradient: ∂L/∂a, shape ``(..., n_out)``.
        blame: δ = ∂L/∂z, shape ``(..., n_out)``.
        gradients: The gradients of the parameters by name, summed over the batch.
        skip_shares: For each skip connection into the layer, the source layer and the share of
            its ∂L/∂a that goes back over the connection: the blame, as the weight is 1.
    """

    forward: ForwardLayer
    activation_gradient: Array
    blame: Array
    gradients: Parameters
    skip_shares: Mapping[int, Array]

    @property
    def weights(self) -> Array:
        """The effective weights, shape ``(n_out, n_in)``; 0 where there is no connection."""
        return self.forward.weights

    @property
    def mask(self) -> NDArray[np.bool_]:
        """The pairs of neurons that are connected, shape ``(n_out, n_in)``."""
        return self.forward.mask

    @property
    def weight_gradient(self) -> Array:
        """∂L/∂W of the effective weights, summed over the batch, shape ``(n_out, n_in)``.

        In a dense layer, δⱼ aₖ. Zero where the weights are fixed.
        """
        return self._effective_gradients[0]

    @property
    def bias_gradient(self) -> Array:
        """∂L/∂b, δⱼ summed over the batch, shape ``(n_out,)``; zeros without a bias."""
        return self._effective_gradients[1]

    @property
    def shares(self) -> Array:
        """What goes back over each connection: ``W[j, k] δ[j]``, shape ``(..., n_out, n_in)``.

        Summed over j, together with ``skip_shares`` of the skip connections that begin in the
        layer before, they are ∂L/∂a of the layer before. Computed on demand: a batch has one such
        matrix for each sample.
        """
        return finite(self.weights * self.blame[..., :, np.newaxis], "shares")

    @cached_property
    def _effective_gradients(self) -> tuple[Array, Array]:
        forward = self.forward
        weights, bias = forward.layer.effective_gradients(
            self.blame, forward.incoming, self.gradients
        )
        return finite(weights, "the weight gradient"), finite(bias, "the bias gradient")


@dataclass(frozen=True, eq=False, repr=False)
class BackwardTrace(Pictured):
    """The numbers of a backward pass.

    Attributes:
        forward: The forward pass.
        target: The target, shape ``(..., m)``.
        loss_function: The loss function.
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
        """The number of neurons in each layer, the input first."""
        return self.forward.sizes

    def __repr__(self) -> str:
        """Return shape and loss: ``BackwardTrace(2-1, mse 0.1611)``."""
        return f"BackwardTrace({_shape(self.sizes)}, {self.loss_function.name} {_brief(self.loss)})"


def forward(network: Network, x: ArrayLike) -> ForwardTrace:
    """Compute the prediction of a network, and record all numbers.

    Args:
        network: The network.
        x: The input, shape ``(..., n_in)``.

    Raises:
        ProblemError: ``x`` has a wrong shape or is not finite, or a result exceeds the range of
            float64.

    Example:
        >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]], activation="relu")
        >>> trace = netviz.forward(network, [1.0, 0.25])
        >>> float(trace.layers[0].z[0]), float(trace.prediction[0])
        (0.35, 0.35)
    """
    given = checked(x, "input")
    expect_shape("input", given, (*given.shape[:-1], network.sizes[0]))
    with np.errstate(over="ignore", invalid="ignore"):  # `finite` reports the layer
        parameters = [layer.parameters for layer in network.layers]
        pre_activations, activations = propagate(network, parameters, given)
    layers = []
    for place, (layer, z) in enumerate(zip(network.layers, pre_activations, strict=True), start=1):
        skipped = {source: activations[source] for source in network.skip_sources[place]}
        layers.append(
            ForwardLayer(
                layer=layer,
                incoming=activations[place - 1],
                z=finite(z, f"z of layer {place}"),
                activation=finite(activations[place], f"activation of layer {place}"),
                skipped=MappingProxyType(skipped),
            )
        )
    return ForwardTrace(network, given, tuple(layers))


def backward(
    network: Network, trace: ForwardTrace, target: ArrayLike, loss: Loss | str = "mse"
) -> BackwardTrace:
    """Propagate the error of a prediction back through the network, and record all numbers.

    If the loss is joined to the activation of the output layer (cross_entropy to softmax,
    binary_cross_entropy to sigmoid), loss and blame are computed from z and are accurate however
    saturated the neuron is. Its ``activation_gradient`` is still ∂L/∂a, which is unbounded for a
    fully saturated, wrong neuron; there it is limited to 1e300.

    Args:
        network: The network.
        trace: The result of ``forward`` for this network.
        target: Same shape as the prediction, ``(..., n)``; for gaussian_nll half as long,
            ``(..., n / 2)``.
        loss: A loss, or its name in ``LOSSES``.

    Raises:
        ProblemError: The trace belongs to another network, the target has a wrong shape or is not
            finite, the loss needs probabilities and gets others, the network has an activation
            without a derivative, or a result exceeds the range of float64.

    Example:
        >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.25]], activation="identity")
        >>> trace = netviz.forward(network, [1.0, 0.25])
        >>> blame = netviz.backward(network, trace, target=[1.0], loss="mse")
        >>> float(blame.loss), blame.layers[0].blame, blame.layers[0].weight_gradient
        (0.25, array([-1.]), array([[-1.  , -0.25]]))
    """
    network.expect_own("trace", trace.network)
    loss = as_loss(loss)
    goal = _checked_target(trace.prediction, target, loss)
    pre_activations = [record.z for record in trace.layers]
    activations = list(trace.activations)
    parameters = [layer.parameters for layer in network.layers]
    gradients = [{name: np.empty_like(array) for name, array in p.items()} for p in parameters]
    with np.errstate(over="ignore", invalid="ignore"):  # `finite` reports the layer
        output = network.layers[-1].activation, pre_activations[-1], activations[-1], goal
        value = finite(np.asarray(loss.at_output(*output)), "the loss")
        last = loss.gradient(activations[-1], goal)
        (input_gradient, *inner), blames = propagate_back(
            network,
            parameters,
            pre_activations,
            activations,
            loss.blame_at_output(*output),
            gradients,
        )
    places = range(1, len(blames) + 1)
    parts = list(zip(places, trace.layers, [*inner, last], blames, gradients, strict=True))
    layers = [_backward_layer(*part) for part in reversed(parts)]  # errors of later layers first
    input_gradient = finite(input_gradient, "the gradient of the input")
    return BackwardTrace(trace, goal, loss, value, tuple(reversed(layers)), input_gradient)


def _backward_layer(
    place: int, record: ForwardLayer, gradient: Array, blame: Array, gradients: Parameters
) -> BackwardLayer:
    gradient = finite(gradient, f"the activation gradient of layer {place}")
    blame = finite(blame, f"the blame of layer {place}")
    for name, array in gradients.items():
        finite(array, f"the gradient of {name} of layer {place}")
    skip_shares = MappingProxyType(dict.fromkeys(record.skipped, blame))
    return BackwardLayer(record, gradient, blame, MappingProxyType(dict(gradients)), skip_shares)


def _checked_target(prediction: Array, target: ArrayLike, loss: Loss) -> Array:
    goal = checked(target, "target")
    outputs = int(prediction.shape[-1])
    expect_shape("target", goal, (*prediction.shape[:-1], loss.target_size(outputs)))
    if loss.probabilities:
        expect_probabilities("target", goal, loss)
        expect_probabilities("prediction", prediction, loss)
    return goal


def expect_probabilities(where: str, values: Array, loss: Loss) -> None:
    """Refuse values outside 0 … 1.

    Raises:
        ProblemError: Some value is outside.
    """
    wrong = values[(values < 0.0) | (values > 1.0)]
    if wrong.size:
        expected = f"0 to 1, as {loss.name} compares probabilities"
        raise ProblemError(Problem(where, f"has {wrong[0]}", expected))


def _shape(sizes: tuple[int, ...]) -> str:
    return "-".join(map(str, sizes))


def _brief(values: Array) -> str:
    """Return values to four decimals in one line; of many samples the first and the last."""
    text = np.array2string(values, precision=4, floatmode="fixed", threshold=16, separator=", ")
    return " ".join(text.split())
