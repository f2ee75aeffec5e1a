import math

import numpy as np
import pytest

from netviz.core import LOSSES, Loss
from netviz.core.arrays import Array
from netviz.core.losses import SMALLEST, VARIANCE_FLOOR, mean_and_variance

from .differences import assert_is_gradient

every = pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
joined = pytest.mark.parametrize(
    "loss", [loss for loss in LOSSES.values() if loss.joined], ids=lambda loss: loss.name
)


def example(loss: Loss, *batch: int) -> tuple[Array, Array]:
    """Random predictions and targets for the loss."""
    rng = np.random.default_rng(5)
    shapes = (*batch, 4), (*batch, loss.target_size(4))
    if loss.probabilities:
        return rng.uniform(0.05, 0.95, shapes[0]), rng.uniform(0.05, 0.95, shapes[1])
    return rng.normal(size=shapes[0]), 2.0 * rng.normal(size=shapes[1])


@every
def test_gradient_is_the_derivative(loss: Loss) -> None:
    prediction, target = example(loss, 3)
    gradient = loss.gradient(prediction, target)
    assert_is_gradient(gradient, lambda y: np.sum(loss.value(y, target)), prediction)


@every
def test_each_sample_has_its_own_loss(loss: Loss) -> None:
    prediction, target = example(loss, 2, 3)
    batch = loss.value(prediction, target)
    assert batch.shape == (2, 3)
    for i, j in np.ndindex(2, 3):
        assert batch[i, j] == pytest.approx(float(loss.value(prediction[i, j], target[i, j])))


@joined
def test_joined_is_the_same_loss_of_z(loss: Loss) -> None:
    rng = np.random.default_rng(6)
    z, target = rng.normal(scale=3.0, size=(5, 4)), rng.uniform(size=(5, 4))
    alone = loss.value(loss.joined.activation.value(z), target)
    np.testing.assert_allclose(loss.joined.value(z, target), alone, rtol=1e-10)


@joined
def test_joined_blame_is_the_derivative(loss: Loss) -> None:
    rng = np.random.default_rng(7)
    z, target = rng.normal(scale=3.0, size=(5, 4)), rng.uniform(size=(5, 4))
    blame = loss.joined.blame(z, target)
    assert_is_gradient(blame, lambda z: np.sum(loss.joined.value(z, target)), z)


@joined
@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [40.0, 800.0, 1e4])
def test_joined_is_accurate_for_a_saturated_wrong_neuron(loss: Loss, size: float) -> None:
    z, target = np.array([size, -size]), np.array([0.0, 1.0])
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        value, blame = loss.joined.value(z, target), loss.joined.blame(z, target)
    # Each wrong output costs |z| (binary), or the true class lies 2 |z| below (softmax).
    assert value == pytest.approx(2 * size, rel=1e-14)
    np.testing.assert_allclose(blame, [1.0, -1.0], rtol=1e-14)


@joined
@pytest.mark.filterwarnings("error")
def test_joined_is_accurate_for_a_saturated_correct_neuron(loss: Loss) -> None:
    z, target = np.array([1e4, -1e4]), np.array([1.0, 0.0])
    assert loss.joined.value(z, target) == 0.0
    np.testing.assert_array_equal(loss.joined.blame(z, target), [0.0, 0.0])


@joined
@pytest.mark.filterwarnings("error")
def test_without_z_the_loss_of_a_certain_wrong_prediction_is_finite(loss: Loss) -> None:
    y, target = np.array([1.0, 0.0]), np.array([0.0, 1.0])
    assert loss.value(y, target) >= -math.log(SMALLEST)
    assert np.isfinite(loss.value(y, target))
    assert loss.gradient(y, target)[1] == -1.0 / SMALLEST


@every
@pytest.mark.filterwarnings("error")
def test_nothing_overflows_for_predictions_up_to_ten_thousand(loss: Loss) -> None:
    y = np.array([[1e4, 1e4], [-1e4, -1e4], [1e4, -1e4], [-1e4, 1e4]])
    target = np.zeros((4, loss.target_size(2)))
    if loss.probabilities:
        y = (y > 0).astype(float)
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        assert np.isfinite(loss.value(y, target)).all()
        assert np.isfinite(loss.gradient(y, target)).all()


@pytest.mark.parametrize(
    ("name", "prediction", "target", "value"),
    [
        ("mse", [1.0, 2.0], [3.0, 1.0], (4 + 1) / 2),
        ("half_squared_error", [1.0, 2.0], [3.0, 1.0], (4 + 1) / 2),
        ("half_squared_error", [1.0, 2.0, 0.0, 0.0], [3.0, 1.0, 0.0, 0.0], (4 + 1) / 2),
        ("mse", [1.0, 2.0, 0.0, 0.0], [3.0, 1.0, 0.0, 0.0], (4 + 1) / 4),
        ("mae", [1.0, 2.0], [3.0, 1.0], (2 + 1) / 2),
        ("huber", [0.5, 3.0], [0.0, 0.0], (0.5**2 / 2 + 2.5) / 2),
        ("binary_cross_entropy", [0.25, 0.5], [1.0, 0.0], math.log(4) + math.log(2)),
        # "I ___ a bicycle": ride, buy, fix, send, break
        ("cross_entropy", [0.51, 0.22, 0.20, 0.05, 0.02], [1, 0, 0, 0, 0], 0.6733445532637656),
        # softplus(ln(e − 1)) = 1: a standard normal distribution, two deviations from its mean
        ("gaussian_nll", [2.0, math.log(math.e - 1)], [0.0], 0.5 * math.log(2 * math.pi) + 2.0),
    ],
)
def test_known_values(name: str, prediction: list, target: list, value: float) -> None:
    found = LOSSES[name].value(np.array(prediction), np.array(target))
    assert found == pytest.approx(
        value, rel=2 * VARIANCE_FLOOR if name == "gaussian_nll" else 1e-14
    )


def test_gaussian_outputs_are_means_then_widths() -> None:
    mean, variance = mean_and_variance(np.array([[1.0, 2.0, 0.0, -1e4]]))
    np.testing.assert_array_equal(mean, [[1.0, 2.0]])
    np.testing.assert_allclose(variance, [[math.log(2.0) + 1e-6, 1e-6]], rtol=1e-14)


def test_gaussian_outputs_come_in_pairs() -> None:
    assert LOSSES["gaussian_nll"].target_size(6) == 3
    with pytest.raises(ValueError, match="outputs is 5: expected a multiple of 2 for gaussian_nll"):
        LOSSES["gaussian_nll"].target_size(5)
