"""The layer that applies an activation, and changes nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from netviz.core.activations import Activation
from netviz.core.arrays import Array, whole
from netviz.core.layers.layer import Connections, Layer, Parameters

if TYPE_CHECKING:
    from netviz.core.passes import ForwardLayer


@dataclass(frozen=True, init=False, eq=False, repr=False)
class OneToOne(Layer):
    """Neuron i reads neuron i of the layer before with the fixed weight 1: ``a = f(x)``.

    It has no parameters. Behind a block that ends in an activation it is where a skip connection
    is added: ``y = x + block(x)``.

    Attributes:
        size: The number of neurons n.
        activation: f.

    Example:
        >>> netviz.OneToOne(3, activation="relu")
        OneToOne(3 → 3, relu)
    """

    size: int

    def __init__(self, size: int, activation: Activation | str = "identity") -> None:
        """Check the size.

        Args:
            size: The number of neurons.
            activation: An activation, or its text, such as ``relu`` or ``leaky_relu(0.2)``.

        Raises:
            ProblemError: The size is not a whole number from 1 up, or an unknown activation.
        """
        object.__setattr__(self, "size", whole(size, "size"))
        super().__init__(activation, np.zeros(self.size))

    @property
    def n_in(self) -> int:
        """The number of inputs."""
        return self.size

    @property
    def n_out(self) -> int:
        """The number of neurons."""
        return self.size

    @property
    def structure(self) -> Mapping[str, Any]:
        """The size."""
        return {"size": self.size}

    def preactivation(self, x: Array, parameters: Parameters) -> Array:
        """Return x."""
        return x

    def parameter_gradients(
        self, blame: Array, x: Array, parameters: Parameters, gradients: Parameters
    ) -> None:
        """Write nothing, as there are no parameters."""

    def input_gradient(self, blame: Array, x: Array, parameters: Parameters) -> Array:
        """Return δ."""
        return blame

    def connections(self, record: ForwardLayer | None = None) -> Connections:
        """Return the identity matrix; only its diagonal is connected."""
        return Connections(np.eye(self.size), np.eye(self.size, dtype=bool))
