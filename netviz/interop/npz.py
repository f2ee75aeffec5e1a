"""Networks in .npz files of numpy: see ``arrays``; activations are an array of their names."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import numpy as np

from netviz.core import Network
from netviz.interop.arrays import activation_names, from_arrays, to_arrays
from netviz.interop.refusal import ModelError

ACTIVATIONS = "activations"
MAX_BYTES = 2**30


def from_file(path: Path, activation: str | Sequence[str] | None = None) -> Network:
    """Read a network; ``activation`` goes before what the file tells.

    Raises:
        ModelError: It is no such file, or its arrays are not those of a network.
        ValueError: The layers do not fit each other, or their numbers are not finite.
    """
    _check_size(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = dict(file)
    except Exception as error:  # zipfile, zlib and numpy each raise many kinds
        raise ModelError("the file", f"cannot be read ({error})", "plain arrays in .npz") from error
    told = arrays.pop(ACTIVATIONS, None)
    if activation is None and told is not None:
        activation = [str(name) for name in np.atleast_1d(told)]
    return from_arrays(arrays, activation)


def to_bytes(network: Network) -> bytes:
    """What ``from_file`` reads.

    Raises:
        ModelError: An activation is not a registered one.
    """
    names = np.array(activation_names(network))
    buffer = BytesIO()
    np.savez(buffer, allow_pickle=False, **to_arrays(network), **{ACTIVATIONS: names})
    return buffer.getvalue()


def _check_size(path: Path) -> None:
    """A small file may unpack to more than fits the memory."""
    try:
        with zipfile.ZipFile(path) as file:
            size = sum(entry.file_size for entry in file.infolist())
    except (OSError, zipfile.BadZipFile) as error:
        raise ModelError("the file", f"is no .npz ({error})", "what numpy.savez writes") from error
    if size > MAX_BYTES:
        raise ModelError("the file", f"holds {size} bytes", f"at most {MAX_BYTES}")
