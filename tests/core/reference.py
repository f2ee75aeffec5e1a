"""The same networks, written independently for another autodiff (autograd), formula by formula."""

from typing import Any

import autograd.numpy as np
from autograd import grad
from autograd.scipy.special import erf

from netviz.core import Dense, Network, OneToOne
from netviz.core.arrays import Array


def sigma(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def soft(z: Any) -> Any:
    return np.log(1 + np.exp(z))


ACTIVATIONS: dict[str, Any] = {
    "identity": lambda z: z,
    "sigmoid": sigma,
    "tanh": np.tanh,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z, negative_slope: np.where(z > 0, z, z * negative_slope),
    "elu": lambda z, alpha: np.where(z > 0, z, alpha * (np.exp(z) - 1)),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "softplus": lambda z, beta: soft(z * beta) / beta,
    "silu": lambda z, beta: z / (1 + np.exp(-z * beta)),
    "softmax": lambda z: np.exp(z) / np.sum(np.exp(z), axis=-1, keepdims=True),
}


def gaussian(y: Any, t: Any) -> Any:
    m = t.shape[-1]
    deviation = np.sqrt(soft(y[..., m:]) + 1e-6)
    density = np.exp(-(((y[..., :m] - t) / deviation) ** 2) / 2) / (deviation * np.sqrt(2 * np.pi))
    return -np.sum(np.log(density))


def huber(y: Any, t: Any) -> Any:
    e = np.abs(y - t)
    return np.sum(np.where(e <= 1, e**2 / 2, e - 1 / 2)) / y.shape[-1]


LOSSES = {
    "mse": lambda y, t: np.sum((y - t) ** 2) / y.shape[-1],
    "half_squared_error": lambda y, t: np.sum((y - t) ** 2) / 2,
    "mae": lambda y, t: np.sum(np.abs(y - t)) / y.shape[-1],
    "huber": huber,
    "binary_cross_entropy": lambda y, t: -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y)),
    "cross_entropy": lambda y, t: -np.sum(t * np.log(y)),
    "gaussian_nll": gaussian,
}

LAYERS = {
    Dense: lambda a, p: np.dot(a, p["weights"].T) + p["bias"],
    OneToOne: lambda a, p: a,
}


def gradients(network: Network, x: Array, target: Array, loss: str) -> tuple[Any, Any]:
    """The loss summed over the batch, and its derivatives.

    Each layer's z and activation get an offset of zero: the derivative by the first is the blame,
    by the second the activation gradient.

    Returns:
        The loss, and a dict with ``input`` and the lists ``parameters``, ``z``, ``a``.
    """
    shapes = [(*x.shape[:-1], layer.n_out) for layer in network.layers]
    point = {
        "input": x,
        "parameters": [dict(layer.parameters) for layer in network.layers],
        "z": [np.zeros(shape) for shape in shapes],
        "a": [np.zeros(shape) for shape in shapes],
    }

    def summed_loss(point: Any) -> Any:
        outputs = [point["input"]]
        for i, layer in enumerate(network.layers):
            z = LAYERS[type(layer)](outputs[-1], point["parameters"][i]) + point["z"][i]
            for source, target_layer in network.skips:
                if target_layer == i + 1:
                    z = z + outputs[source]
            function = layer.activation
            a = ACTIVATIONS[function.name](z, **function.settings)
            outputs.append(a + point["a"][i])
        return LOSSES[loss](outputs[-1], target)

    return summed_loss(point), grad(summed_loss)(point)
