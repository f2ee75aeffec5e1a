"""A network as named arrays, as .npz and .safetensors files hold it.

netviz writes, for the layers after the input in order, ``weights.0``, ``bias.0``, ``weights.1``, …
with weights of shape ``(n_out, n_in)``, and the names of their activations.

It reads any names of the form *place* + ``weight(s)`` or ``bias(es)``, or the other way round,
joined by ``.``, ``_`` or nothing: ``weights.0``, ``weights0``, ``0.weight``, ``layers.2.bias``,
``fc1.weight``. Those of torch's ``state_dict()`` are among them. A layer is where its place is the
same; layers come in the order of the numbers in their places, which must be alike in all else.
A layer without a bias has zeros.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from netviz.core import ACTIVATIONS, Dense, Network
from netviz.core.arrays import Array
from netviz.interop.refusal import ModelError

NAME = re.compile(r"(?P<before>.*?)[._]?(?P<kind>weight|bias)(?:s|es)?(?:[._]?(?P<after>\d+))?")


def to_arrays(network: Network) -> dict[str, Array]:
    """Weights and biases by the names that netviz writes."""
    arrays: dict[str, Array] = {}
    for place, layer in enumerate(network.layers):
        if not isinstance(layer, Dense) or network.skips:
            raise ModelError("the network", "has other layers or skips", "a chain of dense layers")
        arrays[f"weights.{place}"] = layer.weights
        arrays[f"bias.{place}"] = layer.bias
    return arrays


def activation_names(network: Network) -> list[str]:
    """The name of the activation of each layer.

    Raises:
        ModelError: One of them is not in ``ACTIVATIONS``: its name would say nothing to a reader.
    """
    for place, layer in enumerate(network.layers, start=1):
        name = layer.activation.name
        if ACTIVATIONS.get(name) != layer.activation:
            right = f"one of {', '.join(ACTIVATIONS)}"
            raise ModelError(f"layer {place}", f"has the unregistered activation {name}", right)
    return [layer.activation.name for layer in network.layers]


def from_arrays(
    arrays: Mapping[str, NDArray[Any]], activation: str | Sequence[str] | None
) -> Network:
    """The network in named arrays.

    Args:
        arrays: Weights of shape ``(n_out, n_in)`` and biases, of any real type.
        activation: One for all layers, or one for each of them.

    Raises:
        ModelError: A name or an array does not fit, or no activation is told.
        ValueError: The layers do not fit each other, or their numbers are not finite.
    """
    found = _by_place(arrays)
    if activation is None:
        found_ = "has arrays, but not the activations between them"
        raise ModelError("the file", found_, 'activation="relu", or one for each layer')
    weights, biases = [], []
    for place in _in_order({place for place, _ in found}):
        if (place, "weight") not in found:
            raise ModelError(f"layer {place!r}", "has a bias only", "weights, too")
        weights.append(found[place, "weight"])
        zeros = np.zeros(len(weights[-1]))
        biases.append(found.get((place, "bias"), zeros))
    return Network.from_weights(weights, biases, activation)


def _by_place(arrays: Mapping[str, NDArray[Any]]) -> dict[tuple[str, str], Array]:
    """The arrays by place and kind, as float64, which changes no float32."""
    found: dict[tuple[str, str], Array] = {}
    for name, array in arrays.items():
        parts = NAME.fullmatch(name)
        where = f"the array {name!r}"
        if parts is None:
            raise ModelError(where, "is neither weights nor a bias", "names like 0.weight, 0.bias")
        kind, dimensions = parts["kind"], 2 if parts["kind"] == "weight" else 1
        if array.ndim != dimensions or array.dtype.kind not in "fiu":
            is_ = f"is {array.dtype} of shape {array.shape}"
            raise ModelError(where, is_, f"numbers in {dimensions} dimension(s): a dense layer")
        key = ".".join(filter(None, (parts["before"], parts["after"]))), kind
        if key in found:
            raise ModelError(where, "is there under another name, too", "one of them")
        found[key] = np.asarray(array, np.float64)
    if not found:
        raise ModelError("the file", "holds no arrays", "names like 0.weight, 0.bias")
    return found


def _in_order(places: set[str]) -> list[str]:
    """Sort places by their numbers; nothing else tells which layer comes first."""
    alike = {re.sub(r"\d+", "#", place) for place in places}
    if len(alike) > 1:
        found = f"are called {', '.join(map(repr, sorted(places)))}"
        raise ModelError("the layers", found, "names that differ in a number, which orders them")
    return sorted(places, key=lambda place: [int(n) for n in re.findall(r"\d+", place)])
