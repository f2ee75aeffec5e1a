"""The data sets that ship inside scikit-learn, one function for each name in `DATASETS`."""

from __future__ import annotations

import numpy as np
from sklearn import datasets

from netviz.core import Data, one_hot

MOONS, NOISE, SEED = 200, 0.2, 0
"""Number of points, standard deviation of their noise, and random seed of ``moons``."""


def iris() -> Data:
    """Return 150 flowers: 4 lengths in cm, 3 species (Anderson 1935, Fisher 1936)."""
    bunch = datasets.load_iris()
    names = tuple(bunch.feature_names)
    targets, _ = one_hot(bunch.target)
    return Data(bunch.data, targets, names, tuple(map(str, bunch.target_names)), name="iris")


def digits() -> Data:
    """Return 1797 handwritten digits: 8 × 8 pixels row by row, grey values 0 … 1, 10 classes.

    Source: Alpaydin & Kaynak 1998.
    """
    bunch = datasets.load_digits()
    targets, names = one_hot(bunch.target)
    return Data(bunch.data / 16.0, targets, target_names=names, name="digits")


def moons() -> Data:
    """Return 200 points of two interleaved half circles with noise; the target is 1 in the second.

    The points are those of ``sklearn.datasets.make_moons``.
    """
    points, labels = datasets.make_moons(MOONS, noise=NOISE, random_state=SEED)
    targets = np.asarray(labels, dtype=np.float64)[:, np.newaxis]
    return Data(points, targets, ("x1", "x2"), ("second moon",), name="moons")
