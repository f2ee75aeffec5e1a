import re

import numpy as np
import pytest

from netviz.core.arrays import checked


def test_a_checked_array_is_a_read_only_copy_in_float64() -> None:
    original = np.array([1, 2, 3])
    array = checked(original, "the input")
    original[0] = 9
    assert array.dtype == np.float64
    assert array.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1.0, 2.0], [3.0]], "the input must be a regular array of numbers; found [[1.0, 2.0], ["),
        (["a"], "the input must be a regular array of numbers; found ['a']"),
        (None, "the input must be finite; found nan"),
        ([1.0, float("nan")], "the input must be finite; found nan at index [1]"),
        ([[1.0], [float("-inf")]], "the input must be finite; found -inf at index [1, 0]"),
    ],
)
def test_what_is_not_finite_numbers_is_named(values: object, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        checked(values, "the input")
