import math

import numpy as np
import pytest

from netviz.core import ACTIVATIONS, Activation

from .differences import assert_is_gradient

WIDE = np.concatenate([np.linspace(-1e4, 1e4, 41), [-745.0, -710.0, -37.0, 0.0, 37.0, 710.0]])

every = pytest.mark.parametrize("activation", ACTIVATIONS.values(), ids=ACTIVATIONS)


@every
def test_pullback_is_the_derivative(activation: Activation) -> None:
    rng = np.random.default_rng(1)
    z, g = rng.normal(scale=2.0, size=(2, 3, 4))
    if not activation.differentiable:
        with pytest.raises(ValueError, match=f"{activation.name} cannot carry an error back"):
            activation.pullback(g, z, activation.value(z))
        return
    back = activation.pullback(g, z, activation.value(z))
    assert_is_gradient(back, lambda z: np.sum(g * activation.value(z)), z)


@every
def test_slope_is_the_derivative_of_each_output_by_its_own_input(activation: Activation) -> None:
    z = np.random.default_rng(2).normal(scale=2.0, size=7)
    if not (activation.elementwise and activation.differentiable):
        with pytest.raises(ValueError, match=activation.name):
            activation.slope(z)
        return
    assert_is_gradient(activation.slope(z), lambda z: np.sum(activation.value(z)), z)


@every
@pytest.mark.filterwarnings("error")
def test_nothing_overflows_up_to_ten_thousand(activation: Activation) -> None:
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        a = activation.value(WIDE)
        assert np.isfinite(a).all()
        if activation.differentiable:
            assert np.isfinite(activation.pullback(np.ones_like(a), WIDE, a)).all()


@every
def test_bound_is_the_largest_magnitude(activation: Activation) -> None:
    largest = np.abs(activation.value(WIDE)).max()
    if activation.bound is None:
        assert largest == 1e4
    else:
        assert largest == pytest.approx(activation.bound)


@every
def test_a_batch_is_its_samples(activation: Activation) -> None:
    z = np.random.default_rng(3).normal(size=(2, 3, 4))
    batch = activation.value(z)
    for i, j in np.ndindex(2, 3):
        np.testing.assert_array_equal(batch[i, j], activation.value(z[i, j]))


@pytest.mark.parametrize(
    ("name", "z", "a"),
    [
        ("identity", -3.5, -3.5),
        ("step", -1e-9, 0.0),
        ("step", 0.0, 1.0),
        ("sigmoid", math.log(3.0), 0.75),
        ("sigmoid", -700.0, math.exp(-700.0)),
        ("tanh", math.log(2.0), 0.6),
        ("relu", -2.0, 0.0),
        ("relu", 2.0, 2.0),
        ("leaky_relu", -2.0, -0.02),
        ("elu", -math.log(2.0), -0.5),
        ("elu", 2.0, 2.0),
        ("gelu", 1.0, 0.8413447460685429),  # Φ(1), from a table of the normal distribution
        ("gelu", -1e4, 0.0),
        ("softplus", 0.0, math.log(2.0)),
        ("softplus", 1e4, 1e4),
        ("silu", math.log(3.0), 0.75 * math.log(3.0)),
    ],
)
def test_known_values(name: str, z: float, a: float) -> None:
    assert ACTIVATIONS[name].value(np.array([z]))[0] == pytest.approx(a, rel=1e-14, abs=0.0)


def test_softmax_gives_probabilities_that_ignore_a_shift() -> None:
    softmax = ACTIVATIONS["softmax"].value
    z = np.log([[1.0, 2.0, 5.0]])
    np.testing.assert_allclose(softmax(z), [[0.125, 0.25, 0.625]], rtol=1e-14)
    np.testing.assert_allclose(softmax(z + 1e4), softmax(z), rtol=1e-11)
    np.testing.assert_array_equal(softmax(np.array([1e4, -1e4])), [1.0, 0.0])


def test_sigmoid_keeps_its_slope_in_both_tails() -> None:
    slope = ACTIVATIONS["sigmoid"].slope(np.array([-50.0, 50.0]))
    np.testing.assert_allclose(slope, math.exp(-50.0), rtol=1e-12)
