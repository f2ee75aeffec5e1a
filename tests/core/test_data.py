import numpy as np
import pytest

from netviz.core import Data, one_hot
from netviz.core.data import accuracy, as_data
from netviz.problems import PartError, ProblemError

XOR = Data([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])


def random_data(samples: int) -> Data:
    rng = np.random.default_rng(0)
    return Data(rng.normal(3.0, 5.0, (samples, 3)), rng.normal(size=(samples, 2)))


def test_data_are_copied_and_frozen() -> None:
    inputs = np.ones((2, 3), dtype=np.float32)
    data = Data(inputs, [[1], [2]], input_names=("a", "b", "c"), name="mine")
    inputs[0, 0] = 9.0
    assert data.inputs[0, 0] == 1.0
    assert data.inputs.dtype == np.float64
    with pytest.raises(ValueError, match="read-only"):
        data.inputs[0, 0] = 9.0
    assert len(data) == 2
    assert repr(data) == "Data(mine: 2 samples, 3 → 1)"


@pytest.mark.parametrize(
    ("inputs", "targets", "message"),
    [
        (
            [1.0, 2.0],
            [[1.0]],
            r"inputs has shape \(2,\): expected a matrix, one row for each sample",
        ),
        ([[1.0]], [], r"targets has shape \(0,\): expected a matrix"),
        ([[1.0], [2.0]], [[1.0]], "targets has 1 rows: expected 2, one for each row of inputs"),
        ([[np.nan]], [[1.0]], r"inputs has nan at index \[0, 0\]: expected finite numbers"),
        ([["x"]], [[1.0]], "inputs is .*: expected a regular array of numbers"),
    ],
)
def test_wrong_arrays_are_refused(inputs: list, targets: list, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        Data(inputs, targets)


def test_there_is_one_name_for_each_column() -> None:
    with pytest.raises(
        ValueError, match="input_names has length 1: expected 2, one for each input"
    ):
        Data([[1, 2]], [[1]], input_names=("a",))


def test_a_split_has_every_sample_once() -> None:
    data = random_data(50)
    train, validation = data.split(0.2, rng=3)
    assert (len(train), len(validation)) == (40, 10)
    together = np.concatenate([train.inputs, validation.inputs])
    np.testing.assert_array_equal(np.sort(together, axis=0), np.sort(data.inputs, axis=0))
    rows = {tuple(row) for row in np.hstack([data.inputs, data.targets])}
    for part in (train, validation):
        assert all(tuple(row) in rows for row in np.hstack([part.inputs, part.targets]))


def test_a_split_depends_on_the_rng() -> None:
    data = random_data(50)
    first, again, other = (data.split(0.2, rng=seed)[1].inputs for seed in (3, 3, 4))
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("share", [0.0, 1.0, 0.001])
def test_both_parts_of_a_split_have_samples(share: float) -> None:
    with pytest.raises(
        ValueError, match=r"validation share is .* of 50 samples: expected one that"
    ):
        random_data(50).split(share, rng=0)


def test_standardised_inputs_have_mean_0_and_deviation_1() -> None:
    data = random_data(50).standardised()
    np.testing.assert_allclose(data.inputs.mean(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(data.inputs.std(axis=0), 1.0)


def test_validation_data_are_standardised_like_the_training_data() -> None:
    data = random_data(50)
    train, validation = data.split(0.2, rng=0)
    expected = (validation.inputs - train.inputs.mean(axis=0)) / train.inputs.std(axis=0)
    np.testing.assert_allclose(validation.standardised(like=train).inputs, expected)


def test_a_constant_input_becomes_0() -> None:
    data = Data([[0.1, 1.0], [0.1, 2.0], [0.1, 3.0]], [[0], [0], [0]])
    np.testing.assert_array_equal(data.standardised().inputs[:, 0], 0.0)


def test_one_hot_sorts_the_classes() -> None:
    targets, names = one_hot(["dog", "cat", "dog"])
    assert names == ("cat", "dog")
    np.testing.assert_array_equal(targets, [[0, 1], [1, 0], [0, 1]])


@pytest.mark.parametrize(
    ("targets", "classes"),
    [
        (np.eye(3), 3),
        ([[0.0], [1.0]], 2),
        ([[1.0, 1.0], [0.0, 1.0]], 0),
        ([[0.5], [1.0]], 0),
    ],
)
def test_classes_are_recognised_by_their_targets(targets: list, classes: int) -> None:
    assert Data(np.zeros((len(targets), 1)), targets).classes == classes


def test_accuracy_is_the_share_of_correct_classes() -> None:
    assert accuracy(np.array([[0.2, 0.8], [0.6, 0.4]]), np.array([[0.0, 1.0], [0.0, 1.0]])) == 0.5
    yes_or_no = np.array([[0.1], [0.6], [0.4], [0.2]])
    assert accuracy(yes_or_no, XOR.targets) == 0.75


def test_a_pair_is_data() -> None:
    assert as_data(XOR) is XOR
    np.testing.assert_array_equal(as_data((XOR.inputs, XOR.targets)).inputs, XOR.inputs)
    with pytest.raises(ValueError, match="data has 3 parts: expected inputs and targets"):
        as_data(([[1]], [[1]], [[1]]))  # type: ignore[arg-type]


def test_a_sample_that_does_not_exist_is_refused() -> None:
    with pytest.raises(PartError, match="samples has 4: expected indices from 0 to 3"):
        XOR.rows([0, 4])


@pytest.mark.parametrize("values", [[1e308, -1e308], [1e-320, 0.0]])
@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_numbers_that_cannot_be_standardised_are_refused(values: list[float]) -> None:
    data = Data([[1.0, value] for value in values], [[0.0], [1.0]], input_names=("a", "b"))
    with pytest.raises(ProblemError, match="the input b has numbers that are too large or too"):
        data.standardised()
