"""A network as a frozen value: layers of weights, biases and activations."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from netviz.core.activations import ACTIVATIONS, Activation
from netviz.core.arrays import Array, checked
from netviz.core.initializers import INITIALIZERS, Initializer
from netviz.core.pictured import Pictured
from netviz.core.registry import named

if TYPE_CHECKING:
    from netviz.core.passes import BackwardTrace


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Dense:
    """A fully connected layer, ``a = f(W x + b)``. Equal by value, and so not hashable.

    Attributes:
        weights: W, shape ``(n_out, n_in)``: row j holds the weights into neuron j.
        bias: b, shape ``(n_out,)``.
        activation: f.

    Example:
        >>> layer = netviz.Dense(weights=[[0.5, -1.0]], bias=[0.1], activation="sigmoid")
        >>> layer, layer.weights.shape
        (Dense(2 → 1, sigmoid), (1, 2))
    """

    weights: Array
    bias: Array
    activation: Activation

    def __init__(self, weights: ArrayLike, bias: ArrayLike, activation: Activation | str) -> None:
        """Copy, check and freeze the arrays.

        Args:
            weights: Shape ``(n_out, n_in)``.
            bias: Shape ``(n_out,)``.
            activation: An activation, or the name of one in ``ACTIVATIONS``.

        Raises:
            ValueError: Wrong shapes, numbers that are not finite, an unknown activation.
        """
        matrix, vector = checked(weights, "weights"), checked(bias, "bias")
        if matrix.ndim != 2 or matrix.size == 0:
            raise ValueError(
                f"weights must be a matrix of shape (n_out, n_in); found shape {matrix.shape}"
            )
        if vector.shape != matrix.shape[:1]:
            raise ValueError(
                f"bias must have shape {matrix.shape[:1]}, one number for each row of weights; "
                f"found shape {vector.shape}"
            )
        object.__setattr__(self, "weights", matrix)
        object.__setattr__(self, "bias", vector)
        object.__setattr__(self, "activation", named(activation, ACTIVATIONS, "activation"))

    @property
    def n_in(self) -> int:
        """Number of inputs."""
        return int(self.weights.shape[1])

    @property
    def n_out(self) -> int:
        """Number of neurons."""
        return int(self.weights.shape[0])

    def __eq__(self, other: object) -> bool:
        """Whether the numbers and the activation are the same."""
        if not isinstance(other, Dense):
            return NotImplemented
        return (
            self.activation == other.activation
            and np.array_equal(self.weights, other.weights)
            and np.array_equal(self.bias, other.bias)
        )

    def __repr__(self) -> str:
        """Shape and activation: ``Dense(5 → 2, sigmoid)``."""
        return f"Dense({self.n_in} → {self.n_out}, {self.activation.name})"


@dataclass(frozen=True, repr=False)
class Network(Pictured):
    """Layers, one after the other. Equal by value, and so not hashable.

    Attributes:
        layers: The layers after the input; ``layers[0]`` reads the input.

    Example:
        >>> network = netviz.Network.random([3, 4, 2], activation=["tanh", "sigmoid"], rng=7)
        >>> network, network.sizes
        (Network(Dense(3 → 4, tanh), Dense(4 → 2, sigmoid)), (3, 4, 2))
    """

    layers: tuple[Dense, ...]

    def __post_init__(self) -> None:
        """Check that each layer fits the one before it.

        Raises:
            ValueError: One does not, or is no layer, or there is none.
        """
        object.__setattr__(self, "layers", _checked_layers(self.layers))
        if not self.layers:
            raise ValueError("a network needs at least one layer after the input; found none")
        for place, (before, after) in enumerate(pairwise(self.layers), start=1):
            if before.n_out != after.n_in:
                raise ValueError(
                    f"layer {place + 1} must read the {before.n_out} neurons of layer {place}; "
                    f"its weights have {after.n_in} columns"
                )

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        activation: Activation | str | Sequence[Activation | str] = "sigmoid",
        init: Initializer | str = "xavier_uniform",
        *,
        rng: np.random.Generator | int,
    ) -> Network:
        """A network with random weights and biases of zero.

        Args:
            sizes: Number of neurons in each layer, the input first: ``(5, 2, 2, 5)``.
            activation: One for all layers after the input, or one for each of them.
            init: How weights are drawn, or its name in ``INITIALIZERS``.
            rng: The source of randomness, or a seed for a new one.

        Raises:
            ValueError: Wrong sizes, an unknown name, or a wrong number of activations.

        Example:
            >>> network = netviz.Network.random([5, 2, 2, 5], activation="sigmoid", rng=7)
            >>> [layer.weights.shape for layer in network.layers]
            [(2, 5), (2, 2), (5, 2)]
        """
        sizes = _checked_sizes(sizes)
        generator = np.random.default_rng(rng)
        draw = named(init, INITIALIZERS, "initializer").draw
        weights = [draw(generator, n_out, n_in) for n_in, n_out in pairwise(sizes)]
        return cls.from_weights(weights, [np.zeros(n) for n in sizes[1:]], activation)

    @classmethod
    def from_weights(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        activation: Activation | str | Sequence[Activation | str] = "sigmoid",
    ) -> Network:
        """A network of known numbers.

        Args:
            weights: One matrix a layer, shape ``(n_out, n_in)``.
            biases: One vector a layer, shape ``(n_out,)``.
            activation: One for all layers, or one for each of them.

        Raises:
            ValueError: Numbers of layers or shapes that do not fit, numbers that are not finite,
                an unknown activation.

        Example:
            >>> netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]], activation="tanh")
            Network(Dense(2 → 1, tanh))
        """
        if len(biases) != len(weights):
            raise ValueError(
                f"there must be one bias vector for each weight matrix; "
                f"found {len(biases)} for {len(weights)}"
            )
        activations = _one_each(activation, len(weights))
        layers = []
        for place, parts in enumerate(zip(weights, biases, activations, strict=True), start=1):
            try:
                layers.append(Dense(*parts))
            except ValueError as error:
                raise ValueError(f"layer {place}: {error}") from error
        return cls(tuple(layers))

    @property
    def sizes(self) -> tuple[int, ...]:
        """Number of neurons in each layer, the input first."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    def updated(self, gradients: BackwardTrace, learning_rate: float) -> Network:
        """The network after one step of gradient descent: W − η ∂L/∂W, b − η ∂L/∂b.

        Args:
            gradients: What ``backward`` gave for this network. Over a batch its gradients are
                sums, so divide the learning rate by the batch size for a mean.
            learning_rate: η.

        Raises:
            ValueError: The gradients are another network's, or the new weights are not finite.

        Example:
            >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]])
            >>> trace = netviz.forward(network, [1.0, 0.3])
            >>> blame = netviz.backward(network, trace, target=[1.0])
            >>> better = network.updated(blame, learning_rate=0.5)
            >>> again = netviz.backward(better, netviz.forward(better, [1.0, 0.3]), target=[1.0])
            >>> bool(again.loss < blame.loss)
            True
        """
        if gradients.sizes != self.sizes:
            raise ValueError(
                f"the gradients must be of a network of sizes {self.sizes}; "
                f"found gradients for {gradients.sizes}"
            )
        with np.errstate(over="ignore", invalid="ignore"):  # Dense says it better
            return Network.from_weights(
                [
                    layer.weights - learning_rate * gradient.weight_gradient
                    for layer, gradient in zip(self.layers, gradients.layers, strict=True)
                ],
                [
                    layer.bias - learning_rate * gradient.bias_gradient
                    for layer, gradient in zip(self.layers, gradients.layers, strict=True)
                ],
                [layer.activation for layer in self.layers],
            )

    def __repr__(self) -> str:
        """The layers in order."""
        return f"Network({', '.join(map(repr, self.layers))})"


def _checked_layers(layers: object) -> tuple[Dense, ...]:
    several = isinstance(layers, Iterable)
    given = tuple(layers) if isinstance(layers, Iterable) else (layers,)
    for layer in given:
        if not several or not isinstance(layer, Dense):
            found = repr(layer) if isinstance(layer, int | float | str) else type(layer).__name__
            raise ValueError(
                f"layers {'has' if several else 'is'} {found}: expected Dense layers; for sizes "
                "there is Network.random, for arrays Network.from_weights"
            )
    return given


def _checked_sizes(sizes: Iterable[int]) -> tuple[int, ...]:
    if isinstance(sizes, str) or not isinstance(sizes, Iterable):
        raise ValueError(f"sizes is {sizes!r}: expected numbers of neurons, such as [3, 4, 2]")
    sizes = tuple(sizes)
    if len(sizes) < 2:
        raise ValueError(f"sizes must name the input and at least one layer; found {sizes}")
    for size in sizes:
        if not isinstance(size, Integral) or size < 1:
            raise ValueError(f"sizes must be whole numbers from 1 up; found {size!r} in {sizes}")
    return tuple(int(size) for size in sizes)


def _one_each(
    activation: Activation | str | Sequence[Activation | str], layers: int
) -> Sequence[Activation | str]:
    if isinstance(activation, Activation | str):
        return [activation] * layers
    if len(activation) != layers:
        raise ValueError(
            f"there must be one activation for each of the {layers} layers after the input; "
            f"found {len(activation)}"
        )
    return activation
