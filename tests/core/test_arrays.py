import re

import numpy as np
import pytest

from netviz import Network, load_data, train
from netviz.core.arrays import checked
from netviz.problems import ProblemError
from netviz.spec import describe


def test_a_checked_array_is_a_read_only_copy_in_float64() -> None:
    original = np.array([1, 2, 3])
    array = checked(original, "input")
    original[0] = 9
    assert array.dtype == np.float64
    assert array.tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 0.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1.0, 2.0], [3.0]], "input is [[1.0, 2.0], [3.0]]: expected a regular array of numbers"),
        (["a"], "input is ['a']: expected a regular array of numbers"),
        (None, "input is nan: expected a finite number"),
        ([1.0, float("nan")], "input has nan at index [1]: expected finite numbers"),
        ([[1.0], [float("-inf")]], "input has -inf at index [1, 0]: expected finite numbers"),
    ],
)
def test_values_that_are_not_finite_numbers_are_refused(values: object, message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        checked(values, "input")


@pytest.mark.parametrize("name", ["seed", "random_state"])
@pytest.mark.parametrize(
    "called",
    [
        lambda **given: Network.random([2, 1], **given),
        lambda **given: train(Network.random([2, 1], rng=0), load_data("xor"), **given),
        lambda **given: load_data("xor").split(0.5, **given),
        lambda **given: describe(Network.random([2, 1], rng=0), **given),
    ],
)
def test_the_error_for_a_seed_names_rng(name, called):
    with pytest.raises(ProblemError, match=rf"^{name} is not an argument of \w+: expected rng, "):
        called(**{name: 0})
