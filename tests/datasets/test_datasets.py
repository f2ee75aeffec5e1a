import re
from pathlib import Path

import numpy as np
import pytest

from netviz.archive import ArchiveError
from netviz.core.arrays import Array
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
def test_the_data_sets_are_what_they_are_known_for(
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


def test_digits_are_grey_from_0_to_1() -> None:
    inputs = load_data("digits").inputs
    assert (inputs.min(), inputs.max()) == (0.0, 1.0)


def test_iris_is_told_by_names() -> None:
    data = load_data("iris")
    assert data.input_names[0] == "sepal length"
    assert data.target_names == ("setosa", "versicolor", "virginica")
    np.testing.assert_array_equal(data.targets.sum(axis=0), [50, 50, 50])


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("irsi", "irsi: this is no data set, expected one of xor, encoder"),
        ("irsi", "did you mean iris?"),
        ("data.xlsx", "a .csv or a .npz file"),
        ("", '"": this is no data set'),
    ],
)
def test_unknown_data_are_refused(source: str, message: str) -> None:
    with pytest.raises(DataError, match=re.escape(message)):
        load_data(source)


def saved(folder: Path, **arrays: object) -> Path:
    path = folder / "mine.npz"
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


@pytest.mark.parametrize(
    ("targets", "expected", "names"),
    [
        (np.array([[0.5], [1.5]]), [[0.5], [1.5]], ()),
        (np.array([0.5, 1.5]), [[0.5], [1.5]], ()),
        (np.array([3, 1]), [[0, 1], [1, 0]], ("1", "3")),
        (np.array(["b", "a"]), [[0, 1], [1, 0]], ("a", "b")),
    ],
)
def test_npz_targets_may_be_numbers_or_classes(
    tmp_path: Path, targets: Array, expected: list, names: tuple
) -> None:
    data = load_data(saved(tmp_path, inputs=np.ones((2, 3)), targets=targets))
    np.testing.assert_array_equal(data.targets, expected)
    assert data.target_names == names
    assert data.name == "mine"


def test_npz_may_tell_names(tmp_path: Path) -> None:
    arrays = {"inputs": np.ones((2, 1)), "targets": np.array([0, 1])}
    names = {"input_names": ["x"], "target_names": ["no", "yes"]}
    data = load_data(saved(tmp_path, **arrays, **names))
    assert data.input_names == ("x",)
    assert data.target_names == ("no", "yes")


def test_an_npz_without_targets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"mine\.npz: targets is missing beside inputs"):
        load_data(saved(tmp_path, inputs=np.ones((2, 1))))


def test_an_npz_of_other_arrays_is_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, inputs=np.ones((2, 1)), targets=np.ones((3, 1)))
    with pytest.raises(DataError, match="targets has 3 rows: expected 2, one for each row"):
        load_data(path)


def test_a_pickle_in_an_npz_is_never_opened(tmp_path: Path) -> None:
    path = tmp_path / "mine.npz"
    np.savez(path, allow_pickle=True, inputs=np.array([object()]), targets=np.ones((1, 1)))
    with pytest.raises(ArchiveError, match="cannot be read"):
        load_data(path)
