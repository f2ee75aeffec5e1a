import math

import numpy as np
import pytest
import typst

from netviz.core import ACTIVATIONS, Activation
from netviz.core.activations import activation_named
from netviz.problems import ProblemError

from .differences import assert_is_gradient
from .variants import VARIANTS

WIDE = np.concatenate([np.linspace(-1e4, 1e4, 41), [-745.0, -710.0, -37.0, 0.0, 37.0, 710.0]])

every = pytest.mark.parametrize("activation", VARIANTS.values(), ids=VARIANTS)


@every
def test_pullback_is_the_derivative(activation: Activation) -> None:
    rng = np.random.default_rng(1)
    z, g = rng.normal(scale=2.0, size=(2, 3, 4))
    if not activation.differentiable:
        with pytest.raises(ValueError, match=f"the derivative of {activation.name} is 0"):
            activation.pullback(g, z, activation.value(z))
        return
    back = activation.pullback(g, z, activation.value(z))
    assert_is_gradient(back, lambda z: np.sum(g * activation.value(z)), z)


@every
def test_slope_is_the_derivative_of_each_output_by_its_own_input(activation: Activation) -> None:
    z = np.random.default_rng(2).normal(scale=2.0, size=7)
    if not (activation.elementwise and activation.differentiable):
        with pytest.raises(ProblemError, match=activation.name):
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
        assert largest >= 1e4
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
        ("leaky_relu(0.25)", -2.0, -0.5),
        ("elu", -math.log(2.0), -0.5),
        ("elu", 2.0, 2.0),
        ("elu(3)", -math.log(2.0), -1.5),
        ("gelu", 1.0, 0.8413447460685429),  # Φ(1), from a table of the normal distribution
        ("gelu", -1e4, 0.0),
        ("softplus", 0.0, math.log(2.0)),
        ("softplus", 1e4, 1e4),
        ("softplus(beta=2)", 0.0, math.log(2.0) / 2.0),
        ("silu", math.log(3.0), 0.75 * math.log(3.0)),
        ("silu(2)", math.log(3.0) / 2.0, 0.75 * math.log(3.0) / 2.0),
    ],
)
def test_known_values(name: str, z: float, a: float) -> None:
    assert activation_named(name).value(np.array([z]))[0] == pytest.approx(a, rel=1e-14, abs=0.0)


def test_softmax_gives_probabilities_that_ignore_a_shift() -> None:
    softmax = ACTIVATIONS["softmax"].value
    z = np.log([[1.0, 2.0, 5.0]])
    np.testing.assert_allclose(softmax(z), [[0.125, 0.25, 0.625]], rtol=1e-14)
    np.testing.assert_allclose(softmax(z + 1e4), softmax(z), rtol=1e-11)
    np.testing.assert_array_equal(softmax(np.array([1e4, -1e4])), [1.0, 0.0])


def test_sigmoid_keeps_its_slope_in_both_tails() -> None:
    slope = ACTIVATIONS["sigmoid"].slope(np.array([-50.0, 50.0]))
    np.testing.assert_allclose(slope, math.exp(-50.0), rtol=1e-12)


@every
def test_the_text_of_an_activation_names_it(activation: Activation) -> None:
    again = activation_named(activation.text)
    assert again == activation
    assert hash(again) == hash(activation)
    assert str(again) == activation.text


@every
def test_formula_and_symbol_are_typst_mathematics(activation: Activation) -> None:
    page = f"$ {activation.symbol}(z) $ $ {activation.formula} $"
    assert typst.compile(page.encode(), format="svg").startswith(b"<svg")


@pytest.mark.parametrize(
    ("text", "shortest"),
    [
        ("relu", "relu"),
        (" relu ( ) ", "relu"),
        ("leaky_relu(0.01)", "leaky_relu"),
        ("leaky_relu(negative_slope=0.2)", "leaky_relu(0.2)"),
        ("leaky_relu( -1e-5 )", "leaky_relu(-1e-05)"),
        ("elu(alpha=2.0)", "elu(2)"),
    ],
)
def test_a_text_names_an_activation_and_its_settings(text: str, shortest: str) -> None:
    assert activation_named(text).text == shortest


def test_settings_are_part_of_the_value() -> None:
    leaky = ACTIVATIONS["leaky_relu"]
    other = leaky.with_settings(negative_slope=0.2)
    assert other != leaky
    assert other.with_settings(negative_slope=0.01) == leaky
    assert (leaky.formula, other.formula) == ("max(0.01 z, z)", "max(0.2 z, z)")
    assert leaky != "leaky_relu"


def test_formula_and_symbol_are_optional() -> None:
    own = Activation("own", np.sin, lambda g, z, a: g * np.cos(z), source="")
    assert (own.formula, own.symbol, own.text) == ("", '"own"', "own")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sigmod", "activation is 'sigmod': expected one of identity, .*; did you mean 'sigmoid'?"),
        ("relu(1)", r"activation is 'relu\(1\)': expected relu alone"),
        ("relu(a=1)", "relu has no setting 'a': expected no settings"),
        (
            "leaky_relu(x)",
            r"activation is 'leaky_relu\(x\)': expected leaky_relu\(negative_slope=0.01\)",
        ),
        ("leaky_relu(1, 2)", r"expected leaky_relu\(negative_slope=0.01\)"),
        ("leaky_relu(nan)", r"expected leaky_relu\(negative_slope=0.01\)"),
        (
            "leaky_relu(slope=1)",
            "setting of leaky_relu is 'slope': expected one of negative_slope",
        ),
        ("softplus(0)", "beta of softplus is 0.0: expected a finite number above 0"),
        ("leaky_relu(", r"activation is 'leaky_relu\(': expected one of identity"),
        (3, "activation is 3: expected one of identity"),
    ],
)
def test_a_wrong_text_is_refused(text: str, message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        activation_named(text)


def test_settings_are_finite() -> None:
    with pytest.raises(ProblemError, match="alpha of elu is inf: expected a finite number"):
        ACTIVATIONS["elu"].with_settings(alpha=math.inf)


@pytest.mark.parametrize(
    ("text", "name"), [("swish", "silu"), ("Swish(2)", "silu"), ("rectifier", "relu")]
)
def test_names_of_other_frameworks_are_answered_with_those_here(text: str, name: str) -> None:
    called = text.partition("(")[0]
    with pytest.raises(
        ProblemError, match=f"expected one of .*; '{called}' is called '{name}' here"
    ):
        activation_named(text)
