"""Data in .npz files: ``inputs``, ``targets``, and if known ``input_names``, ``target_names``."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from netviz import archive
from netviz.core import Data, one_hot
from netviz.datasets.problems import DataError


def read_npz(path: str | Path) -> Data:
    """Data in a file of numpy.

    Args:
        path: A file with ``inputs`` of shape ``(n, n_in)``, and ``targets`` of shape
            ``(n, n_out)``; or of shape ``(n,)``, where whole numbers and texts are classes.

    Raises:
        DataError: An array is missing, or they are not those of data.
        ArchiveError: The file cannot be read.
    """
    arrays = archive.read(path)
    for name in ("inputs", "targets"):
        if name not in arrays:
            found = ", ".join(arrays) or "nothing"
            raise DataError(path, name, f"is missing beside {found}", "an array of that name")
    targets, names = arrays["targets"], tuple(map(str, arrays.get("target_names", ())))
    try:
        if targets.ndim == 1 and targets.dtype.kind in "iuUS":
            targets, classes = one_hot(targets)
            names = names or classes
        elif targets.ndim == 1:
            targets = targets[:, np.newaxis]
        input_names = tuple(map(str, arrays.get("input_names", ())))
        return Data(arrays["inputs"], targets, input_names, names, name=Path(path).stem)
    except ValueError as error:
        raise DataError(
            path, "the file", f"holds no data ({error})", "inputs and targets"
        ) from error
