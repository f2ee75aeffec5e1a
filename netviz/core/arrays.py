"""Arrays of the core: float64, finite, read-only."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

from netviz.problems import Problem, ProblemError, expect, shown

Array: TypeAlias = NDArray[np.float64]


def checked(values: ArrayLike, where: str) -> Array:
    """Return a read-only float64 copy of ``values``.

    Args:
        values: Numbers in a regular (not ragged) nesting, of any shape.
        where: What the values are, for the error: ``"input"``.

    Raises:
        ProblemError: ``values`` are ragged, not numbers, or not finite.
    """
    try:
        if np.iscomplexobj(values):  # only the real part would remain
            raise TypeError
        array = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        problem = Problem(where, f"is {shown(values)}", "a regular array of numbers")
        raise ProblemError(problem) from error
    return finite(array, where)


def finite(array: Array, where: str) -> Array:
    """Return ``array`` itself, made read-only.

    Raises:
        ProblemError: Some entry is nan or infinite. The first one is named.
    """
    wrong = ~np.isfinite(array)
    if wrong.any():
        index = tuple(int(i) for i in np.argwhere(wrong)[0])
        found = f"has {array[index]} at index {list(index)}" if index else f"is {array[()]}"
        raise ProblemError(Problem(where, found, "finite numbers" if index else "a finite number"))
    array.setflags(write=False)
    return array


def expect_shape(where: str, array: Array, shape: tuple[int, ...], hint: str = "") -> None:
    """Refuse an array of another shape.

    Raises:
        ProblemError: ``array`` does not have the shape.
    """
    if array.shape != shape:
        raise ProblemError(Problem(where, f"has shape {array.shape}", f"shape {shape}", hint))


def whole(number: float, where: str) -> int:
    """Return a whole number from 1 up.

    Raises:
        ProblemError: It is another number, or none.
    """
    right = isinstance(number, int | float | np.number) and number >= 1 and number == int(number)
    expect(where, number, right, "a whole number from 1 up")
    return int(number)
