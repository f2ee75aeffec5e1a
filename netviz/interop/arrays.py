"""Networks as named arrays, and the .npz files that contain them.

netviz writes, for the layers after the input in order, ``weights.0``, ``bias.0``, ``weights.1``, …
with weights of shape ``(n_out, n_in)``, and one of:

- ``activations``: the activation of each layer, such as ``relu`` or ``leaky_relu(0.2)``, if all
  layers are dense and there are no skip connections;
- ``structure``: otherwise, ``Network.structure`` as JSON, with kinds of layers, activations and
  skip connections.

Files of others have any names that consist of a *place* and ``weight(s)`` or ``bias(es)``, or the
other way round, joined by ``.``, ``_`` or nothing: ``weights.0``, ``weights0``, ``0.weight``,
``layers.2.bias``, ``fc1.weight``. The names of torch's ``state_dict()`` are among them. Arrays with
the same place are one layer. Layers are sorted by the numbers in their places, which must otherwise
be the same. A layer without a bias has zeros.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from netviz import archive
from netviz.core import ACTIVATIONS, Dense, Network
from netviz.core.arrays import Array
from netviz.core.layers import LAYERS
from netviz.interop.builder import refusal
from netviz.problems import shown

NAME = re.compile(r"(?P<before>.*?)[._]?(?P<kind>weight|bias)(?:s|es)?(?:[._]?(?P<after>\d+))?")
NAMES = "names like 0.weight, 0.bias"

ACTIVATION_TEXTS, STRUCTURE = "activations", "structure"
"""Names of the entries of a file that are texts."""

Activations: TypeAlias = str | Sequence[str] | None


def from_file(path: Path, activation: Activations = None) -> Network:
    """Read a network from a .npz file. A given ``activation`` overrides those of the file.

    Raises:
        ArchiveError: The file cannot be read.
        ModelError: Its arrays are not those of a network.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    arrays = archive.read(path)
    texts, structure = arrays.pop(ACTIVATION_TEXTS, None), arrays.pop(STRUCTURE, None)
    if activation is None and texts is not None:
        activation = [str(text) for text in np.atleast_1d(texts)]
    return from_arrays(arrays, activation, None if structure is None else str(structure))


def to_file(network: Network, path: Path) -> None:
    """Write a network to a .npz file.

    Raises:
        ModelError: An activation or a kind of layer is not registered.
        OSError: The file cannot be written.
    """
    texts: dict[str, object]
    if is_plain(network):
        texts = {ACTIVATION_TEXTS: activation_texts(network)}
    else:
        texts = {STRUCTURE: structure_text(network)}
    archive.write(path, {**to_arrays(network), **texts})


def to_arrays(network: Network) -> dict[str, Array]:
    """Return the parameters of all layers by the names that netviz writes."""
    return {
        f"{name}.{place}": array
        for place, layer in enumerate(network.layers)
        for name, array in layer.parameters.items()
    }


def is_plain(network: Network) -> bool:
    """Whether activations are all that a file must state next to the arrays."""
    return not network.skips and all(type(layer) is Dense for layer in network.layers)


def activation_texts(network: Network) -> list[str]:
    """Return the activation of each layer as text.

    Raises:
        ModelError: An activation is not in ``ACTIVATIONS``, so that a reader could not find it.
    """
    for place, layer in enumerate(network.layers, start=1):
        name = layer.activation.name
        if name not in ACTIVATIONS:
            expected = f"one of {', '.join(ACTIVATIONS)}"
            raise refusal(f"layer {place}", f"has the unregistered activation {name}", expected)
    return [layer.activation.text for layer in network.layers]


def structure_text(network: Network) -> str:
    """Return the structure of a network as JSON.

    Raises:
        ModelError: An activation is not in ``ACTIVATIONS``, or a kind of layer not in ``LAYERS``.
    """
    activation_texts(network)
    for place, layer in enumerate(network.layers, start=1):
        name = type(layer).__name__
        if LAYERS.get(name) is not type(layer):
            expected = f"one of {', '.join(LAYERS)}"
            raise refusal(f"layer {place}", f"is of the unregistered kind {name}", expected)
    return json.dumps(network.structure)


def from_arrays(
    arrays: Mapping[str, NDArray[Any]], activation: Activations, structure: str | None = None
) -> Network:
    """Return the network in named arrays.

    Args:
        arrays: The parameters of all layers, of any real type.
        activation: One for all layers, or one for each of them; overrides those of ``structure``.
        structure: ``Network.structure`` as JSON.

    Raises:
        ModelError: A name or an array does not fit, or the activations are missing.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    if structure is not None:
        return _structured(arrays, activation, structure)
    found = _by_place(arrays)
    if activation is None:
        problem = "contains weights, but no activations"
        raise refusal("the file", problem, 'activation="relu", or one for each layer')
    weights, biases = [], []
    for place in _in_order({place for place, _ in found}):
        if (place, "weight") not in found:
            raise refusal(f"layer {place!r}", "has only a bias", "weights and a bias")
        weights.append(found[place, "weight"])
        zeros = np.zeros(len(weights[-1]))
        biases.append(found.get((place, "bias"), zeros))
    return Network.from_weights(weights, biases, activation)


def _structured(arrays: Mapping[str, NDArray[Any]], activation: Activations, text: str) -> Network:
    """Return the network of a structure, in the arrays that netviz has written."""
    structure = _parsed(text)
    layers: list[dict[str, Any]] = structure["layers"]
    if activation is not None:
        texts = [activation] * len(layers) if isinstance(activation, str) else activation
        if len(texts) != len(layers):
            expected = f"{len(layers)}, one for each layer after the input"
            raise refusal("activation", f"has {len(texts)} entries", expected)
        layers = [{**layer, "activation": one} for layer, one in zip(layers, texts, strict=True)]
    parameters: list[dict[str, Array]] = [{} for _ in layers]
    if "kind" in arrays:
        hint = "`netviz render FILE` shows a recording"
        raise refusal("the file", f"is {arrays['kind']}", "a model", hint)
    for name, array in arrays.items():
        parameter, _, place = name.rpartition(".")
        if not place.isdecimal() or int(place) >= len(layers):
            expected = f"names like weights.0, up to the number {len(layers) - 1}"
            raise refusal(f"the array {name!r}", "belongs to no layer", expected)
        _check_real(name, array)
        parameters[int(place)][parameter] = np.asarray(array, np.float64)
    return Network.from_structure({**structure, "layers": layers}, parameters)


def _parsed(text: str) -> dict[str, Any]:
    """Return a structure from JSON, with lists of layers and of skip connections."""
    try:
        structure = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refusal("the structure", f"is not JSON ({error})") from error
    entries = structure if isinstance(structure, dict) else {}
    layers, skips = entries.get("layers"), entries.get("skips", [])
    if not isinstance(layers, list) or not isinstance(skips, list):
        found = "has no list of layers and list of skips"
        raise refusal("the structure", found, "Network.structure as JSON")
    for place, layer in enumerate(layers, start=1):
        if not isinstance(layer, dict):
            raise refusal(f"layer {place} of the structure", f"is {shown(layer)}", "an object")
    return {"layers": layers, "skips": skips}


def _by_place(arrays: Mapping[str, NDArray[Any]]) -> dict[tuple[str, str], Array]:
    """Return the arrays by place and kind, as float64, which changes no float32."""
    found: dict[tuple[str, str], Array] = {}
    for name, array in arrays.items():
        parts = NAME.fullmatch(name)
        where = f"the array {name!r}"
        if parts is None:
            raise refusal(where, "is neither weights nor a bias", NAMES)
        kind = parts["kind"]
        dimensions = 2 if kind == "weight" else 1
        if array.ndim != dimensions:
            expected = f"{dimensions} dimension{'s' * (dimensions > 1)}, as in a dense layer"
            raise refusal(where, f"has shape {array.shape}", expected)
        _check_real(name, array)
        key = ".".join(filter(None, (parts["before"], parts["after"]))), kind
        if key in found:
            raise refusal(where, "is also there under another name", "one of them")
        found[key] = np.asarray(array, np.float64)
    if not found:
        raise refusal("the file", "contains no arrays", NAMES)
    return found


def _check_real(name: str, array: NDArray[Any]) -> None:
    if array.dtype.kind not in "fiu":
        raise refusal(f"the array {name!r}", f"is of type {array.dtype}", "real numbers")


def _in_order(places: set[str]) -> list[str]:
    """Sort places by their numbers. Nothing else shows which layer comes first."""
    patterns = {re.sub(r"\d+", "#", place) for place in places}
    if len(patterns) > 1:
        names = ", ".join(map(repr, sorted(places)))
        expected = "names that differ only in numbers, which order them"
        raise refusal("the layers", f"have the names {names}", expected)
    return sorted(places, key=lambda place: [int(n) for n in re.findall(r"\d+", place)])
