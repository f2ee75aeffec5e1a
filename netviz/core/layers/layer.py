"""The interface of a layer: whatever implements it can be computed, trained, recorded and drawn."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.core.activations import Activation, as_activation
from netviz.core.arrays import Array, checked

if TYPE_CHECKING:
    from typing import Self

    from netviz.core.passes import ForwardLayer

Parameters: TypeAlias = Mapping[str, Array]
"""Arrays by the names of the parameters of one layer."""


@dataclass(frozen=True, eq=False)
class Connections:
    """The connections into one layer, as read-only arrays of shape ``(n_out, n_in)``.

    Row j holds the connections into neuron j: ``weights[1, 0]`` belongs to the connection from
    neuron 0 to neuron 1. On screen neurons are counted from 1 and the source is named first, so
    that the same number is W₁,₂.

    Attributes:
        weights: The effective weight of each pair; 0 where there is no connection.
        mask: Which pairs are connected.

    Example:
        >>> network = netviz.Network.random([3, 4, 2], rng=7)
        >>> connections = network.connections()[0]
        >>> connections.weights.shape, bool(connections.mask.all())
        ((4, 3), True)
    """

    weights: Array
    mask: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Freeze the arrays."""
        self.weights.setflags(write=False)
        self.mask.setflags(write=False)


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Layer(ABC):
    """A layer computes z from the activations x of the layer before, and then a = f(z).

    A kind of layer implements `n_in`, `n_out`, `connections` and the computation
    (`preactivation`, `parameter_gradients`, `input_gradient`); if it has parameters, also
    `parameters` and `effective_gradients`; if its constructor takes more, such as the size of a
    kernel, also `structure`. The constructor takes the entries of `structure` and `parameters`,
    and ``activation``, by name. The kind is listed in ``LAYERS``.

    The computation is unchecked and takes the parameters as arguments, so that training can pass
    views of one flat vector. ``x`` has shape ``(..., n_in)`` with any number of batch axes.

    Layers are equal by value, and so not hashable.

    Attributes:
        activation: f.
        bias: What is added to z independently of x, shape ``(n_out,)``.

    Example:
        >>> layer: netviz.Layer = netviz.Dense([[0.5, -1.0]], [0.1], "tanh")
        >>> layer.n_in, layer.n_out, sorted(layer.parameters)
        (2, 1, ['bias', 'weights'])
    """

    activation: Activation
    bias: Array

    def __init__(self, activation: Activation | str, bias: ArrayLike) -> None:
        """Check what all kinds of layers have.

        Raises:
            ProblemError: An unknown activation, or a bias that is not finite.
        """
        object.__setattr__(self, "activation", as_activation(activation))
        object.__setattr__(self, "bias", checked(bias, "bias"))

    @property
    @abstractmethod
    def n_in(self) -> int:
        """The number of inputs."""

    @property
    @abstractmethod
    def n_out(self) -> int:
        """The number of neurons."""

    @property
    def parameters(self) -> Parameters:
        """The arrays that training changes, by name. Empty by default."""
        return {}

    @property
    def structure(self) -> Mapping[str, Any]:
        """What the constructor takes besides parameters and activation, as JSON values."""
        return {}

    @abstractmethod
    def preactivation(self, x: Array, parameters: Parameters) -> Array:
        """Return z, shape ``(..., n_out)``, without what arrives over skip connections."""

    @abstractmethod
    def parameter_gradients(
        self, blame: Array, x: Array, parameters: Parameters, gradients: Parameters
    ) -> None:
        """Write the gradients, summed over all samples, into the arrays of ``gradients``.

        Args:
            blame: δ = ∂L/∂z, shape ``(..., n_out)``.
            x: The input of the layer, shape ``(..., n_in)``.
            parameters: The parameters that z was computed with.
            gradients: An array for each parameter, to be overwritten.
        """

    @abstractmethod
    def input_gradient(self, blame: Array, x: Array, parameters: Parameters) -> Array:
        """Return ∂L/∂x, shape ``(..., n_in)``; arguments as in `parameter_gradients`."""

    @abstractmethod
    def connections(self, record: ForwardLayer | None = None) -> Connections:
        """Return the connections from the layer before.

        Args:
            record: What the layer computed. A layer with connections that depend on its input
                needs it, and raises a ``ProblemError`` without; for a record with batch axes its
                arrays have these axes too.
        """

    def effective_gradients(
        self, blame: Array, x: Array, gradients: Parameters
    ) -> tuple[Array, Array]:
        """Return the gradients of the effective weights and of the bias, summed over all samples.

        Args:
            blame: δ = ∂L/∂z, shape ``(..., n_out)``.
            x: The input of the layer, shape ``(..., n_in)``.
            gradients: What `parameter_gradients` has computed.

        Returns:
            Arrays of shapes ``(n_out, n_in)`` and ``(n_out,)``, zero where nothing is trained. By
            default nothing is.
        """
        return np.zeros((self.n_out, self.n_in)), np.zeros(self.n_out)

    def with_parameters(self, parameters: Mapping[str, ArrayLike]) -> Self:
        """Return the layer with other parameters.

        Raises:
            ProblemError: A parameter has another shape, or is not finite.
        """
        return self._changed(parameters=parameters)

    def with_activation(self, activation: Activation | str) -> Self:
        """Return the layer with another activation.

        Raises:
            ProblemError: There is no activation of that name.
        """
        return self._changed(activation=activation)

    def _changed(
        self,
        parameters: Mapping[str, ArrayLike] | None = None,
        activation: Activation | str | None = None,
    ) -> Self:
        make: Callable[..., Self] = type(self)
        arrays = self.parameters if parameters is None else parameters
        return make(**self.structure, **arrays, activation=activation or self.activation)

    def __eq__(self, other: object) -> bool:
        """Compare kind, activation, structure and parameters."""
        if not isinstance(other, Layer):
            return NotImplemented
        mine, theirs = self.parameters, other.parameters
        return (
            type(self) is type(other)
            and self.activation == other.activation
            and self.structure == other.structure
            and all(np.array_equal(mine[name], theirs[name]) for name in mine)
        )

    def __repr__(self) -> str:
        """Return kind, sizes and activation: ``Dense(5 → 2, sigmoid)``."""
        return f"{type(self).__name__}({self.n_in} → {self.n_out}, {self.activation})"
