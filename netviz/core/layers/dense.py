"""The fully connected layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from netviz.core.activations import Activation
from netviz.core.arrays import Array, checked, expect_shape
from netviz.core.layers.layer import Connections, Layer, Parameters
from netviz.problems import Problem, ProblemError

if TYPE_CHECKING:
    from netviz.core.passes import ForwardLayer


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Dense(Layer):
    """A fully connected layer, ``a = f(W x + b)``. Equal by value, and so not hashable.

    Attributes:
        weights: W, shape ``(n_out, n_in)``: row j holds the weights into neuron j. On screen
            neurons are counted from 1 and the source is named first: ``weights[1, 0]`` is W₁,₂.
        bias: b, shape ``(n_out,)``.
        activation: f.

    Example:
        >>> layer = netviz.Dense(weights=[[0.5, -1.0]], bias=[0.1], activation="sigmoid")
        >>> layer, layer.weights.shape
        (Dense(2 → 1, sigmoid), (1, 2))
    """

    weights: Array

    def __init__(self, weights: ArrayLike, bias: ArrayLike, activation: Activation | str) -> None:
        """Copy, check and freeze the arrays.

        Args:
            weights: Shape ``(n_out, n_in)``.
            bias: Shape ``(n_out,)``.
            activation: An activation, or its text, such as ``relu`` or ``leaky_relu(0.2)``.

        Raises:
            ProblemError: Wrong shapes, numbers that are not finite, an unknown activation.
        """
        matrix = checked(weights, "weights")
        if matrix.ndim != 2 or matrix.size == 0:
            found = f"has shape {matrix.shape}"
            raise ProblemError(Problem("weights", found, "a matrix of shape (n_out, n_in)"))
        super().__init__(activation, bias)
        expect_shape("bias", self.bias, matrix.shape[:1], "one number for each row of weights")
        object.__setattr__(self, "weights", matrix)

    @property
    def n_in(self) -> int:
        """The number of inputs."""
        return int(self.weights.shape[1])

    @property
    def n_out(self) -> int:
        """The number of neurons."""
        return int(self.weights.shape[0])

    @property
    def parameters(self) -> Parameters:
        """``weights`` and ``bias``."""
        return {"weights": self.weights, "bias": self.bias}

    def preactivation(self, x: Array, parameters: Parameters) -> Array:
        """Return W x + b."""
        z: Array = x @ parameters["weights"].T
        z += parameters["bias"]
        return z

    def parameter_gradients(
        self, blame: Array, x: Array, parameters: Parameters, gradients: Parameters
    ) -> None:
        """Write ∂L/∂W = Σ δ xᵀ and ∂L/∂b = Σ δ, summed over all samples."""
        if blame.ndim != 2:
            blame, x = blame.reshape(-1, self.n_out), x.reshape(-1, self.n_in)
        np.matmul(blame.T, x, out=gradients["weights"])
        np.add.reduce(blame, axis=0, out=gradients["bias"])

    def input_gradient(self, blame: Array, x: Array, parameters: Parameters) -> Array:
        """Return Wᵀ δ."""
        gradient: Array = blame @ parameters["weights"]
        return gradient

    def connections(self, record: ForwardLayer | None = None) -> Connections:
        """Return W, all pairs connected."""
        return Connections(self.weights, np.broadcast_to(np.True_, self.weights.shape))

    def effective_gradients(
        self, blame: Array, x: Array, gradients: Parameters
    ) -> tuple[Array, Array]:
        """Return ∂L/∂W and ∂L/∂b."""
        return gradients["weights"], gradients["bias"]
