"""Small real data for small real models: rows of numbers in 0 … 1, and the class of each."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn import datasets


class Data(NamedTuple):
    x: NDArray[np.float64]
    y: NDArray[np.int64]


def _scaled(raw) -> Data:
    x = raw.data - raw.data.min(axis=0)
    x = np.float32(x / np.maximum(x.max(axis=0), 1.0))  # the same numbers as in a float32 model
    return Data(np.float64(x), raw.target)


@pytest.fixture(scope="session")
def iris() -> Data:
    return _scaled(datasets.load_iris())


@pytest.fixture(scope="session")
def digits() -> Data:
    return _scaled(datasets.load_digits())
