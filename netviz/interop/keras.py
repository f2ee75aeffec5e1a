"""Models of Keras 3, on any of its backends: Sequential of Dense layers and activations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

import keras
import numpy as np
from keras import activations, layers

from netviz.core import Activation, Network
from netviz.core.activations import activation_named
from netviz.core.arrays import Array
from netviz.interop.builder import (
    ActivationRule,
    NetworkBuilder,
    Value,
    kind_of,
    refusal,
    unsupported,
)

FUNCTIONS = {
    activations.linear: "identity",
    activations.sigmoid: "sigmoid",
    activations.tanh: "tanh",
    activations.relu: "relu",
    activations.leaky_relu: "leaky_relu(0.2)",
    activations.elu: "elu",
    activations.gelu: "gelu",
    activations.softplus: "softplus",
    activations.silu: "silu",
    activations.softmax: "softmax",
}
"""Activation functions of Keras → the activation of the core with the same default settings."""

ACTIVATIONS = {
    layers.LeakyReLU: ActivationRule("leaky_relu", {"negative_slope": "negative_slope"}),
    layers.ELU: ActivationRule("elu", {"alpha": "alpha"}),
    layers.Softmax: ActivationRule("softmax", required={"axis": (-1, 1)}),
}
PLAIN_RELU = ActivationRule(
    "relu", required={"max_value": (None,), "negative_slope": (0.0,), "threshold": (0.0,)}
)
LEAKY_RELU = ActivationRule(
    "leaky_relu",
    {"negative_slope": "negative_slope"},
    {"max_value": (None,), "threshold": (0.0,)},
)
IGNORED = (
    layers.Flatten,
    layers.Identity,
    layers.Dropout,
    layers.AlphaDropout,
    layers.GaussianDropout,
    layers.GaussianNoise,
)
KINDS = (
    *(keras.Sequential, layers.Dense, layers.BatchNormalization),
    *(layers.Activation, layers.ReLU, *ACTIVATIONS, *IGNORED),
)


def from_model(model: Any) -> Network:
    """Return the network in a Sequential, also a nested one.

    Raises:
        ModelError: A layer is not supported or has unsupported settings.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    builder = NetworkBuilder()
    value = builder.input
    for layer in _layers(model):
        where = f"layer {layer.name!r} ({type(layer).__name__})"
        kind = kind_of(layer, KINDS, "call")
        if kind is layers.Dense:
            value = builder.affine(value, *_numbers(layer, where), where)
        if kind is layers.BatchNormalization:
            value = _normalized(builder, value, layer, where)
        if kind in (*IGNORED, layers.BatchNormalization):
            continue
        value = builder.activation(value, _activation(kind, layer, where), where)
    return builder.network(value)


def _normalized(builder: NetworkBuilder, value: Value, layer: Any, where: str) -> Value:
    if not layer.built:
        raise refusal(where, "has no statistics yet", "a model with an Input, or after build")

    def numbers(name: str) -> Any:
        variable = getattr(layer, name, None)
        return None if variable is None else keras.ops.convert_to_numpy(variable)

    return builder.normalize(
        value,
        mean=numbers("moving_mean"),
        variance=numbers("moving_variance"),
        epsilon=layer.epsilon,
        gain=numbers("gamma"),
        shift=numbers("beta"),
        where=where,
    )


def _layers(model: Any) -> Iterator[Any]:
    if kind_of(model, KINDS, "call") is not keras.Sequential:
        yield model
        return
    for layer in model.layers:
        yield from _layers(layer)


def _activation(kind: type | None, layer: Any, where: str) -> Activation:
    """Return the activation of a layer, which may be a layer of nothing else.

    Raises:
        ModelError: The layer or its activation is not supported.
    """
    if kind in (layers.Dense, layers.Activation):
        return _function(layer, where)
    if kind is layers.ReLU:
        rule = LEAKY_RELU if layer.negative_slope else PLAIN_RELU
    elif kind in ACTIVATIONS:
        rule = ACTIVATIONS[kind]
    else:
        raise unsupported(where, KINDS)
    return rule.activation(partial(getattr, layer), where)


def _function(layer: Any, where: str) -> Activation:
    """Return the activation of a Dense or an Activation layer, which has a function."""
    for function, text in FUNCTIONS.items():
        if layer.activation is function:
            return activation_named(text)
    found = f"has the activation {getattr(layer.activation, '__name__', layer.activation)}"
    names = ", ".join(function.__name__ for function in FUNCTIONS)
    raise refusal(where, found, f"one of {names}, or an activation layer")


def _numbers(layer: Any, where: str) -> tuple[Array, Array | None]:
    """Return W and b of a Dense layer, which stores W with shape ``(n_in, n_out)``."""
    if not layer.built:
        raise refusal(where, "has no weights yet", "a model with an Input, or after build")
    weights = np.asarray(keras.ops.convert_to_numpy(layer.kernel), np.float64)
    bias = None if layer.bias is None else keras.ops.convert_to_numpy(layer.bias)
    return weights.T, None if bias is None else np.asarray(bias, np.float64)
