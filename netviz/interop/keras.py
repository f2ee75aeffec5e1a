"""Models of Keras 3, on any of its backends: Sequential of Dense layers and activations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import activations, layers

from netviz.core import Network
from netviz.core.arrays import Array
from netviz.interop.refusal import ModelError
from netviz.interop.stack import Known, Stack, kind_of, refused

FUNCTIONS = {
    activations.linear: "identity",
    activations.sigmoid: "sigmoid",
    activations.tanh: "tanh",
    activations.relu: "relu",
    activations.elu: "elu",
    activations.gelu: "gelu",
    activations.softplus: "softplus",
    activations.silu: "silu",
    activations.softmax: "softmax",
}
"""Functions as Keras calls them, with the settings that they have by default.

Its leaky_relu is missing: it has a slope of 0.2 there, so that only the layer can be 0.01.
"""

ACTIVATIONS = {
    layers.ReLU: Known(
        "relu", {"max_value": (None,), "negative_slope": (0.0,), "threshold": (0.0,)}
    ),
    layers.LeakyReLU: Known("leaky_relu", {"negative_slope": (0.01,)}),
    layers.ELU: Known("elu", {"alpha": (1.0,)}),
    layers.Softmax: Known("softmax", {"axis": (-1, 1)}),
}
PASSED = (
    layers.Flatten,
    layers.Identity,
    layers.Dropout,
    layers.AlphaDropout,
    layers.GaussianDropout,
    layers.GaussianNoise,
)
KINDS = (keras.Sequential, layers.Dense, layers.Activation, *ACTIVATIONS, *PASSED)


def from_model(model: Any) -> Network:
    """The network in a Sequential, also nested.

    Raises:
        ModelError: A layer is none of those known here, or another function of its settings.
    """
    stack = Stack()
    for layer in _layers(model):
        where = f"layer {layer.name!r} ({type(layer).__name__})"
        kind = kind_of(layer, KINDS, "call")
        if kind is layers.Dense:
            stack.affine(*_numbers(layer, where))
            stack.activation(_function(layer, where), where)
        elif kind is layers.Activation:
            stack.activation(_function(layer, where), where)
        elif kind in ACTIVATIONS:
            name = ACTIVATIONS[kind].name_with(partial(getattr, layer), where)
            stack.activation(name, where)
        elif kind not in PASSED:
            raise refused(where, KINDS)
    return stack.network()


def _layers(model: Any) -> Iterator[Any]:
    if kind_of(model, KINDS, "call") is not keras.Sequential:
        yield model
        return
    for layer in model.layers:
        yield from _layers(layer)


def _function(layer: Any, where: str) -> str:
    """The core's name of the function in a Dense or an Activation layer."""
    for function, name in FUNCTIONS.items():
        if layer.activation is function:
            return name
    found = f"has the activation {getattr(layer.activation, '__name__', layer.activation)}"
    right = ", ".join(function.__name__ for function in FUNCTIONS)
    raise ModelError(where, found, f"one of {right}, or a layer LeakyReLU(negative_slope=0.01)")


def _numbers(layer: Any, where: str) -> tuple[Array, Array | None]:
    """W and b of a Dense layer, which keeps W as ``(n_in, n_out)``."""
    if not layer.built:
        raise ModelError(where, "has no weights yet", "a model with an Input, or after build")
    weights = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float64)
    bias = None if layer.bias is None else keras.ops.convert_to_numpy(layer.bias)
    return weights.T, None if bias is None else np.asarray(bias, np.float64)
