"""Networks in .npz files of numpy: see ``arrays``; activations are an array of their names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from netviz import archive
from netviz.core import Network
from netviz.interop.arrays import activation_names, from_arrays, to_arrays

ACTIVATIONS = "activations"


def from_file(path: Path, activation: str | Sequence[str] | None = None) -> Network:
    """Read a network; ``activation`` goes before what the file tells.

    Raises:
        ArchiveError: It is no such file.
        ModelError: Its arrays are not those of a network.
        ValueError: The layers do not fit each other, or their numbers are not finite.
    """
    arrays = archive.read(path)
    told = arrays.pop(ACTIVATIONS, None)
    if activation is None and told is not None:
        activation = [str(name) for name in np.atleast_1d(told)]
    return from_arrays(arrays, activation)


def to_file(network: Network, path: Path) -> None:
    """Write what ``from_file`` reads.

    Raises:
        ModelError: An activation is not a registered one.
        OSError: The file cannot be written.
    """
    archive.write(path, {**to_arrays(network), ACTIVATIONS: activation_names(network)})
