"""Arrays as the core keeps them: float64, finite, read-only."""

from __future__ import annotations

import reprlib
from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array: TypeAlias = NDArray[np.float64]


def checked(values: ArrayLike, what: str) -> Array:
    """A read-only float64 copy of ``values``.

    Args:
        values: Numbers in a regular (not ragged) nesting, of any shape.
        what: What they are, the beginning of the error: ``"the input"``.

    Raises:
        ValueError: ``values`` are ragged, not numbers, or not finite.
    """
    try:
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        found = reprlib.repr(values)
        raise ValueError(f"{what} must be a regular array of numbers; found {found}") from error
    return finite(array, what)


def finite(array: Array, what: str) -> Array:
    """``array`` itself, made read-only.

    Raises:
        ValueError: Some entry is nan or infinite; the first one is named.
    """
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = tuple(int(i) for i in np.argwhere(wrong)[0])
        where = f" at index {list(place)}" if place else ""
        raise ValueError(f"{what} must be finite; found {array[place]}{where}")
    array.setflags(write=False)
    return array
