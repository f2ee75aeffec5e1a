"""Networks in .safetensors files: the arrays as in `arrays`, and its texts as metadata.

There, ``activations`` is one text, with commas between the layers.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from netviz.core import Network
from netviz.files import replacing
from netviz.interop.arrays import (
    ACTIVATION_TEXTS,
    STRUCTURE,
    Activations,
    activation_texts,
    from_arrays,
    is_plain,
    structure_text,
    to_arrays,
)
from netviz.interop.builder import refusal

READABLE = ("F64", "F32", "F16")
"""Types that numpy has too; it has no bfloat16, and nothing smaller than float16."""

COMMA = re.compile(r",(?![^(]*\))")
"""A comma outside of parentheses."""


def from_file(path: Path, activation: Activations = None) -> Network:
    """Read a network. A given ``activation`` overrides those of the file.

    Raises:
        ModelError: The file cannot be read, or its arrays are not those of a network.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            arrays = {name: _array(file, name) for name in file.keys()}  # noqa: SIM118
            texts = file.metadata() or {}
    except (SafetensorError, OSError) as error:
        raise refusal("the file", f"cannot be read ({error})", "a .safetensors file") from error
    if activation is None and ACTIVATION_TEXTS in texts:
        activation = [text.strip() for text in COMMA.split(texts[ACTIVATION_TEXTS])]
    return from_arrays(arrays, activation, texts.get(STRUCTURE))


def to_file(network: Network, path: Path) -> None:
    """Write a network.

    Raises:
        ModelError: An activation or a kind of layer is not registered.
        OSError: The file cannot be written.
    """
    if is_plain(network):
        texts = {ACTIVATION_TEXTS: ",".join(activation_texts(network))}
    else:
        texts = {STRUCTURE: structure_text(network)}
    # A view of another array, such as a transposed one, would be written in the wrong order.
    arrays = {name: np.ascontiguousarray(array) for name, array in to_arrays(network).items()}
    with replacing(path) as unfinished:
        unfinished.write_bytes(save(arrays, metadata=texts))


def _array(file: safe_open, name: str) -> NDArray[Any]:
    kind = file.get_slice(name).get_dtype()
    if kind not in READABLE:
        raise refusal(f"the array {name!r}", f"is of type {kind}", f"one of {', '.join(READABLE)}")
    array: NDArray[Any] = file.get_tensor(name)
    return array
