"""All the weights and biases of a network as one flat vector, and back.

An optimizer treats every parameter alike, so training keeps them side by side: W of the first
layer row by row, then its b, then the second layer's. Weights and biases are views of the vector.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod
from typing import TypeAlias

import numpy as np

from netviz.core.activations import Activation
from netviz.core.arrays import Array
from netviz.core.network import Network

Views: TypeAlias = list[tuple[Array, Array]]


@dataclass(frozen=True)
class Layout:
    """Where each weight and bias of a network stands in the vector.

    Attributes:
        places: For each layer where W begins, where b begins, where b ends, and the shape of W.
        activations: The activation of each layer.
    """

    places: tuple[tuple[int, int, int, tuple[int, int]], ...]
    activations: tuple[Activation, ...]

    @classmethod
    def of(cls, network: Network) -> Layout:
        """The layout of all networks of this one's shape and activations."""
        places, begin = [], 0
        for layer in network.layers:
            shape = (layer.n_out, layer.n_in)
            places.append((begin, begin + prod(shape), begin + prod(shape) + layer.n_out, shape))
            begin = places[-1][2]
        return cls(tuple(places), tuple(layer.activation for layer in network.layers))

    @property
    def size(self) -> int:
        """The number of parameters."""
        return self.places[-1][2]

    def views(self, vector: Array) -> Views:
        """W and b of each layer, as views of a vector of shape ``(size,)``."""
        return [
            (vector[start:middle].reshape(shape), vector[middle:end])
            for start, middle, end, shape in self.places
        ]

    def network(self, vector: Array) -> Network:
        """The network of these parameters.

        Raises:
            ValueError: Some parameter is not finite.
        """
        weights, biases = zip(*self.views(vector), strict=True)
        return Network.from_weights(weights, biases, self.activations)


def flat(network: Network) -> Array:
    """The parameters of a network, shape ``(size,)``, in the order of its `Layout`."""
    parts = [part.ravel() for layer in network.layers for part in (layer.weights, layer.bias)]
    return np.concatenate(parts)
