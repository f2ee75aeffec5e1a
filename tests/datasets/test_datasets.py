"""Built-in data sets, and those of scikit-learn."""

import re

import numpy as np
import pytest

from netviz.datasets import DATASETS, DataError, load_data


@pytest.mark.parametrize(
    ("name", "samples", "inputs", "targets", "classes"),
    [
        ("xor", 4, 2, 1, 2),
        ("encoder", 5, 5, 5, 5),
        ("iris", 150, 4, 3, 3),
        ("digits", 1797, 64, 10, 10),
        ("moons", 200, 2, 1, 2),
    ],
)
def test_sizes_of_the_data_sets(
    name: str, samples: int, inputs: int, targets: int, classes: int
) -> None:
    data = load_data(name)
    assert data.name == name
    assert data.inputs.shape == (samples, inputs)
    assert data.targets.shape == (samples, targets)
    assert data.classes == classes
    np.testing.assert_array_equal(load_data(name).inputs, data.inputs)


def test_every_data_set_is_tested_above() -> None:
    assert set(DATASETS) == {"xor", "encoder", "iris", "digits", "moons"}


def test_pixels_of_digits_are_from_0_to_1() -> None:
    inputs = load_data("digits").inputs
    assert (inputs.min(), inputs.max()) == (0.0, 1.0)


def test_iris_has_names() -> None:
    data = load_data("iris")
    assert data.input_names[0] == "sepal length (cm)"
    assert data.target_names == ("setosa", "versicolor", "virginica")
    np.testing.assert_array_equal(data.targets.sum(axis=0), [50, 50, 50])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("irsi", "the data set is 'irsi': expected one of xor, encoder"),
        ("irsi", "did you mean 'iris'?"),
        ("data.xlsx", "a .csv or .npz file"),
        ("", "the data set is ''"),
    ],
)
def test_unknown_data_are_refused(source: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        load_data(source)
