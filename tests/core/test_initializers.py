import numpy as np
import pytest

from netviz.core import INITIALIZERS, Initializer

N_OUT, N_IN = 200, 300
VARIANCES = {
    "zeros": 0.0,
    "normal": 1.0,
    "uniform": 1 / (3 * N_IN),  # a uniform distribution on ±c has variance c² / 3
    "xavier_uniform": 2 / (N_IN + N_OUT),
    "xavier_normal": 2 / (N_IN + N_OUT),
    "he_uniform": 2 / N_IN,
    "he_normal": 2 / N_IN,
    "lecun_normal": 1 / N_IN,
}

every = pytest.mark.parametrize("initializer", INITIALIZERS.values(), ids=INITIALIZERS)


def draw(initializer: Initializer, seed: int) -> np.ndarray:
    return initializer.draw(np.random.default_rng(seed), N_OUT, N_IN)


@every
def test_weights_have_mean_0_and_depend_on_the_seed(initializer: Initializer) -> None:
    weights = draw(initializer, 0)
    assert weights.shape == (N_OUT, N_IN)
    assert weights.dtype == np.float64
    assert abs(weights.mean()) <= 4 * weights.std() / np.sqrt(weights.size)
    np.testing.assert_array_equal(weights, draw(initializer, 0))
    assert np.any(weights != draw(initializer, 1)) or not weights.any()


@pytest.mark.parametrize(("name", "variance"), VARIANCES.items())
def test_the_variance_is_that_of_the_publication(name: str, variance: float) -> None:
    assert draw(INITIALIZERS[name], 0).var() == pytest.approx(variance, rel=0.03)


@pytest.mark.parametrize("name", ["uniform", "xavier_uniform", "he_uniform"])
def test_uniform_weights_fill_their_interval(name: str) -> None:
    largest = np.abs(draw(INITIALIZERS[name], 0)).max()
    limit = np.sqrt(3 * VARIANCES[name])
    assert 0.999 * limit < largest <= limit
