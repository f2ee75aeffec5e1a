"""Networks in .safetensors files: see ``arrays``; activations are in the metadata.

There they are one text, ``activations``: names with commas between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save

from netviz.archive import replacing
from netviz.core import Network
from netviz.interop.arrays import activation_names, from_arrays, to_arrays
from netviz.interop.refusal import ModelError

ACTIVATIONS = "activations"
READABLE = ("F64", "F32", "F16")


def from_file(path: Path, activation: str | Sequence[str] | None = None) -> Network:
    """Read a network; ``activation`` goes before what the file tells.

    Raises:
        ModelError: It is no such file, or its arrays are not those of a network.
        ValueError: The layers do not fit each other, or their numbers are not finite.
    """
    try:
        with safe_open(path, framework="numpy") as file:
            arrays = {name: _array(file, name) for name in file.keys()}  # noqa: SIM118
            told = (file.metadata() or {}).get(ACTIVATIONS)
    except (SafetensorError, OSError) as error:
        raise ModelError("the file", f"cannot be read ({error})", "a .safetensors file") from error
    if activation is None and told is not None:
        activation = [name.strip() for name in told.split(",")]
    return from_arrays(arrays, activation)


def to_file(network: Network, path: Path) -> None:
    """Write what ``from_file`` reads.

    Raises:
        ModelError: An activation is not a registered one.
        OSError: The file cannot be written.
    """
    names = ",".join(activation_names(network))
    # An array that is a view of another, transposed say, would be written in the wrong order.
    arrays = {name: np.ascontiguousarray(array) for name, array in to_arrays(network).items()}
    with replacing(path) as unfinished:
        unfinished.write_bytes(save(arrays, metadata={ACTIVATIONS: names}))


def _array(file: safe_open, name: str) -> NDArray[Any]:
    kind = file.get_slice(name).get_dtype()
    if kind not in READABLE:  # numpy has no bfloat16, nor anything smaller than float16
        raise ModelError(f"the array {name!r}", f"is {kind}", f"one of {', '.join(READABLE)}")
    array: NDArray[Any] = file.get_tensor(name)
    return array
