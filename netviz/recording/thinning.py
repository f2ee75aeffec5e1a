"""Choosing which steps of a long run to keep: many at its beginning, where most happens."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def log_spaced(steps: Sequence[int] | NDArray[np.int64], keep: int) -> list[int]:
    """Places of ``keep`` of the steps, evenly spaced in the logarithm of 1 + their distance.

    The first and the last are among them. Where steps are too coarse for the spacing, as the
    first ones always are, the next ones are taken instead, so that it is exactly ``keep``.

    Args:
        steps: In growing order.
        keep: How many to choose, from 2 up; all of them if there are not more.

    Raises:
        ValueError: ``keep`` is below 2.
    """
    if keep < 2:
        raise ValueError(f"at least the first and the last step are kept; found {keep}")
    if len(steps) <= keep:
        return list(range(len(steps)))
    depth = np.log1p(np.asarray(steps) - steps[0])
    wanted = np.searchsorted(depth, np.linspace(0.0, depth[-1], keep) - 1e-9)
    chosen: list[int] = []
    for left, place in zip(reversed(range(keep)), wanted, strict=True):
        earliest = chosen[-1] + 1 if chosen else 0
        latest = len(steps) - 1 - left
        chosen.append(min(max(int(place), earliest), latest))
    return chosen
