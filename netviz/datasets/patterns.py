"""Data sets small enough to be written down."""

from __future__ import annotations

import numpy as np

from netviz.core import Data


def xor() -> Data:
    """Exclusive or: no line parts its ones from its zeros (Minsky & Papert 1969)."""
    inputs = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    targets = np.array([[0.0], [1.0], [1.0], [0.0]])
    return Data(inputs, targets, ("x1", "x2"), ("x1 ⊕ x2",), name="xor")


def encoder() -> Data:
    """Five patterns, each a single 1, to be told again through fewer neurons (Rumelhart 1986)."""
    return Data(np.eye(5), np.eye(5), name="encoder")
