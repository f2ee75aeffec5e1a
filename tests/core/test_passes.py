import dataclasses
import math
import re
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from netviz.core import (
    ACTIVATIONS,
    LAYERS,
    LOSSES,
    BackwardTrace,
    Dense,
    Network,
    OneToOne,
    backward,
    forward,
)
from netviz.core.arrays import Array
from netviz.problems import ProblemError

from . import reference
from .differences import assert_is_gradient
from .networks import RESIDUAL, possible_skips, random_network
from .variants import DIFFERENTIABLE, VARIANTS

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=5)
EQUAL_SIZES = st.lists(st.sampled_from([2, 3, 3, 3]), min_size=3, max_size=6)
KNOWN = [text for text in DIFFERENTIABLE if VARIANTS[text].name in reference.ACTIVATIONS]
PROBABILITIES = ["sigmoid", "softmax"]

quick = settings(deadline=None, max_examples=100, derandomize=True)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, Array, Array, str]:
    """A random network, a batch of inputs, targets that suit the loss, and the loss."""
    loss = LOSSES[draw(st.sampled_from(sorted(reference.LOSSES)))]
    sizes = draw(st.one_of(SIZES, EQUAL_SIZES))
    sizes[-1] *= loss.outputs_per_target
    rng = np.random.default_rng(draw(SEEDS))
    layers = len(sizes) - 1
    names = draw(st.lists(st.sampled_from(KNOWN), min_size=layers, max_size=layers))
    if loss.probabilities:
        names[-1] = draw(st.sampled_from(PROBABILITIES))
    pairs = possible_skips(sizes)
    skips = draw(st.lists(st.sampled_from(pairs), unique=True)) if pairs else []
    one_to_one = draw(st.lists(st.integers(1, layers)))
    network = random_network(sizes, names, rng, skips=skips, one_to_one=one_to_one)
    batch = draw(st.sampled_from([(), (1,), (4,), (2, 3)]))
    target_shape = (*batch, loss.target_size(sizes[-1]))
    target = rng.uniform(size=target_shape) if loss.probabilities else rng.normal(size=target_shape)
    return network, rng.normal(size=(*batch, sizes[0])), target, loss.name


def run(case: tuple[Network, Array, Array, str]) -> BackwardTrace:
    network, x, target, loss = case
    return backward(network, forward(network, x), target, loss)


def assert_close(found: Array, expected: Array, tolerance: float = 1e-9) -> None:
    scale = max(1.0, float(np.abs(expected).max(initial=0.0)))
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * scale)


def test_a_rectified_network_by_hand() -> None:
    # z₁ = (1·2 − 2·1 + ½, 3·2 + 1·1 − 1) = (½, 6); ReLU leaves both; z₂ = 2·½ − 1·6 + 1 = −4.
    network = Network.from_weights(
        [[[1, -2], [3, 1]], [[2, -1]]], [[0.5, -1], [1]], ["relu", "identity"]
    )
    trace = forward(network, [2, 1])
    np.testing.assert_array_equal(trace.input, [2, 1])
    np.testing.assert_array_equal(trace.layers[0].contributions, [[2, -2], [6, 1]])
    np.testing.assert_array_equal(trace.layers[0].z, [0.5, 6])
    np.testing.assert_array_equal(trace.layers[0].activation, [0.5, 6])
    np.testing.assert_array_equal(trace.prediction, [-4])
    # Target −3: L = (−4 + 3)² = 1, ∂L/∂y = 2·(−1) = −2, and the slope of the output is 1.
    back = backward(network, trace, [-3])
    hidden, output = back.layers
    assert back.loss == 1.0
    np.testing.assert_array_equal(output.activation_gradient, [-2])
    np.testing.assert_array_equal(output.blame, [-2])
    np.testing.assert_array_equal(output.weight_gradient, [[-2 * 0.5, -2 * 6]])
    np.testing.assert_array_equal(output.bias_gradient, [-2])
    # The shares over the weights 2 and −1 are −4 and 2; both ReLUs have the slope 1.
    np.testing.assert_array_equal(output.shares, [[-4, 2]])
    np.testing.assert_array_equal(hidden.activation_gradient, [-4, 2])
    np.testing.assert_array_equal(hidden.blame, [-4, 2])
    np.testing.assert_array_equal(hidden.weight_gradient, [[-4 * 2, -4 * 1], [2 * 2, 2 * 1]])
    np.testing.assert_array_equal(hidden.shares, [[1 * -4, -2 * -4], [3 * 2, 1 * 2]])
    np.testing.assert_array_equal(back.input_gradient, [-4 + 6, 8 + 2])


def test_a_sigmoid_network_by_hand() -> None:
    # σ(ln 3) = ¾ and σ(−ln 3) = ¼, both with slope ¾ · ¼ = 3/16.
    ln3 = math.log(3)
    network = Network.from_weights([[[ln3, 0], [0, -ln3]], [[4, -4]]], [[0, 0], [ln3 - 2]])
    trace = forward(network, [1, 1])
    assert_close(trace.layers[0].activation, np.array([0.75, 0.25]), 1e-15)
    assert_close(trace.prediction, np.array([0.75]), 1e-15)  # z = 3 − 1 + ln 3 − 2 = ln 3
    # Target 1: L = ½ · (¼)² = 1/32, ∂L/∂y = −1/4, δ = −1/4 · 3/16 = −3/64, shares 4δ and −4δ.
    back = backward(network, trace, [1], "half_squared_error")
    assert back.loss == pytest.approx(1 / 32, rel=1e-14)
    assert_close(back.layers[1].blame, np.array([-3 / 64]), 1e-15)
    assert_close(back.layers[1].shares, np.array([[-3 / 16, 3 / 16]]), 1e-15)
    assert_close(back.layers[0].blame, np.array([-9 / 256, 9 / 256]), 1e-15)
    assert_close(back.input_gradient, np.array([-9 * ln3 / 256, -9 * ln3 / 256]), 1e-15)


def test_the_reference_has_no_other_names() -> None:
    assert set(reference.ACTIVATIONS) <= set(ACTIVATIONS)
    assert set(reference.LOSSES) <= set(LOSSES)
    assert set(reference.LAYERS) <= set(LAYERS.values())


@quick
@given(cases())
def test_whole_networks_agree_with_an_independent_autodiff(case: Any) -> None:
    loss, expected = reference.gradients(*case)
    back = run(case)
    assert_close(back.loss.sum(), loss)
    assert_close(back.input_gradient, expected["input"])
    for i, layer in enumerate(back.layers):
        assert set(layer.gradients) == set(expected["parameters"][i])
        for name, gradient in layer.gradients.items():
            assert_close(gradient, expected["parameters"][i][name])
        assert_close(layer.blame, expected["z"][i])
        assert_close(layer.activation_gradient, expected["a"][i])


def shares_into(back: BackwardTrace, layer: int) -> list[Array]:
    """The shares that arrive at a layer over connections and skip connections."""
    skipped = [record.skip_shares[layer] for record in back.layers if layer in record.skip_shares]
    return [*np.moveaxis(back.layers[layer].shares, -2, 0), *skipped]


@quick
@given(cases())
def test_shares_add_up_to_the_activation_gradient_before(case: Any) -> None:
    # The passes add in the order of a matrix product, so the sums may differ by a few roundings
    # of the largest share.
    back = run(case)
    gradients = [back.input_gradient, *(layer.activation_gradient for layer in back.layers[:-1])]
    for place, gradient in enumerate(gradients):
        shares = shares_into(back, place)
        size = sum(np.abs(share) for share in shares)
        assert np.all(np.abs(sum(shares) - gradient) <= 1e-14 * size)


@quick
@given(cases())
def test_contributions_bias_and_skips_add_up_to_z(case: Any) -> None:
    network, x, _, _ = case
    trace = forward(network, x)
    for place, layer in enumerate(trace.layers, start=1):
        assert tuple(layer.skipped) == network.skip_sources[place]
        parts = [*np.moveaxis(layer.contributions, -1, 0), layer.bias, *layer.skipped.values()]
        size = sum(np.abs(part) for part in parts)
        assert np.all(np.abs(sum(parts) - layer.z) <= 1e-14 * size)


@quick
@given(cases())
def test_only_connected_pairs_have_weights_contributions_shares_and_gradients(case: Any) -> None:
    back = run(case)
    for layer in back.layers:
        assert layer.mask.shape == layer.weights.shape == layer.weight_gradient.shape
        assert layer.bias_gradient.shape == layer.forward.bias.shape == layer.mask.shape[:1]
        for array in (layer.weights, layer.weight_gradient):
            assert not array[~layer.mask].any()
        for array in (layer.shares, layer.forward.contributions):
            assert not array[..., ~layer.mask].any()
        if not layer.gradients:
            assert not layer.weight_gradient.any()
            assert not layer.bias_gradient.any()


@quick
@given(st.one_of(SIZES, EQUAL_SIZES), SEEDS)
def test_shares_of_whole_numbers_add_up_exactly(sizes: list[int], seed: int) -> None:
    # Sums of whole numbers below 2⁵³ are exact in float64, in any order.
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-9, 10, size=(n, m)) for m, n in pairwise(sizes)]
    biases = [np.zeros(n) for n in sizes[1:]]
    network = Network.from_weights(weights, biases, "relu", skips=possible_skips(sizes))
    trace = forward(network, rng.integers(-9, 10, size=(3, sizes[0])))
    back = backward(network, trace, np.ones((3, sizes[-1])), "half_squared_error")
    gradients = [back.input_gradient, *(layer.activation_gradient for layer in back.layers[:-1])]
    for place, gradient in enumerate(gradients):
        np.testing.assert_array_equal(sum(shares_into(back, place)), gradient)
    for layer in trace.layers:
        z = layer.contributions.sum(axis=-1) + sum(layer.skipped.values())
        np.testing.assert_array_equal(z, layer.z)


@quick
@given(cases())
def test_a_batch_is_the_sum_of_its_samples(case: Any) -> None:
    network, x, target, loss = case
    back = run(case)
    samples = {i: run((network, x[i], target[i], loss)) for i in np.ndindex(x.shape[:-1])}
    assert back.loss.shape == x.shape[:-1]
    for i, sample in samples.items():
        assert_close(back.loss[i], sample.loss, 1e-12)
        assert_close(back.input_gradient[i], sample.input_gradient, 1e-12)
    for place, layer in enumerate(back.layers):
        parts = [sample.layers[place] for sample in samples.values()]
        for name, gradient in layer.gradients.items():
            assert_close(gradient, sum(p.gradients[name] for p in parts), 1e-12)
        for i, part in zip(samples, parts, strict=True):
            assert_close(layer.blame[i], part.blame, 1e-12)
            assert_close(layer.shares[i], part.shares, 1e-12)


@quick
@given(st.permutations(range(6)), st.sampled_from(DIFFERENTIABLE), SEEDS)
def test_permuting_hidden_neurons_permutes_their_blame(
    order: list[int], activation: str, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    (w1, w2), b1, b2 = (
        (rng.normal(size=(6, 4)), rng.normal(size=(3, 6))),
        rng.normal(size=6),
        [0] * 3,
    )
    network = Network.from_weights([w1, w2], [b1, b2], activation)
    permuted = Network.from_weights([w1[order], w2[:, order]], [b1[order], b2], activation)
    x, target = rng.normal(size=4), rng.normal(size=3)
    one, other = run((network, x, target, "mse")), run((permuted, x, target, "mse"))
    assert_close(other.layers[0].blame, one.layers[0].blame[order], 1e-12)
    assert_close(other.layers[1].shares, one.layers[1].shares[:, order], 1e-12)
    assert_close(other.layers[1].blame, one.layers[1].blame, 1e-12)
    assert_close(other.input_gradient, one.input_gradient, 1e-12)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("activation", DIFFERENTIABLE)
def test_every_activation_with_every_loss_is_finite_in_saturation(
    activation: str, loss: Any
) -> None:
    if loss.probabilities and activation not in PROBABILITIES:
        activation = loss.joined.activation.name
    network = Network.from_weights([np.eye(2)], [[0, 0]], activation)
    z = [[1e4, -1e4], [-1e4, 1e4], [1e4, 1e4], [-1e4, -1e4], [0.0, 1e4]]
    target = np.eye(5, loss.target_size(2))
    back = run((network, z, target, loss))  # raises an error for anything that is not finite
    assert back.loss.shape == (5,)


@pytest.mark.parametrize(
    ("activation", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]
)
def test_a_saturated_wrong_output_has_its_full_blame(activation: str, loss: str) -> None:
    network = Network.from_weights([np.eye(2)], [[0, 0]], activation)
    back = run((network, [1e4, -1e4], [0.0, 1.0], loss))
    assert back.loss == 2e4
    np.testing.assert_array_equal(back.layers[0].blame, [1.0, -1.0])
    np.testing.assert_array_equal(back.input_gradient, [1.0, -1.0])


def test_a_residual_network_by_hand() -> None:
    # z₁ = 2x + 1 = (5, −1), ReLU (5, 0); z₂ = (5, 5) + x = (7, 4): the identity adds x = (2, −1).
    network = Network.from_weights(
        [[[2, 0], [0, 2]], [[1, 3], [1, -2]]],
        [[1, 1], [0, 0]],
        ["relu", "identity"],
        skips=[(0, 2)],
    )
    trace = forward(network, [2, -1])
    np.testing.assert_array_equal(trace.layers[0].activation, [5, 0])
    assert trace.layers[0].skipped == {}
    np.testing.assert_array_equal(trace.layers[1].skipped[0], [2, -1])
    np.testing.assert_array_equal(trace.prediction, [7, 4])
    # Target (6, 6): ∂L/∂y = (1, −2). Back to the hidden layer: Wᵀδ = (1 − 2, 3 + 4) = (−1, 7), and
    # only the first ReLU is active; to the input: (2 · −1, 0), plus (1, −2) over the skip.
    back = backward(network, trace, [6, 6], "half_squared_error")
    np.testing.assert_array_equal(back.layers[1].blame, [1, -2])
    np.testing.assert_array_equal(back.layers[1].skip_shares[0], [1, -2])
    np.testing.assert_array_equal(back.layers[0].activation_gradient, [-1, 7])
    np.testing.assert_array_equal(back.layers[0].blame, [-1, 0])
    np.testing.assert_array_equal(back.layers[1].weight_gradient, [[5, 0], [-10, 0]])
    np.testing.assert_array_equal(back.input_gradient, [-2 + 1, 0 - 2])


def test_a_one_to_one_layer_by_hand() -> None:
    network = Network((Dense([[1], [-1]], [0, 0], "identity"), OneToOne(2, "leaky_relu(0.5)")))
    trace = forward(network, [4])
    np.testing.assert_array_equal(trace.prediction, [4, -2])
    np.testing.assert_array_equal(trace.layers[1].weights, [[1, 0], [0, 1]])
    np.testing.assert_array_equal(trace.layers[1].contributions, [[4, 0], [0, -4]])
    back = backward(network, trace, [3, -4], "half_squared_error")
    np.testing.assert_array_equal(back.layers[1].blame, [1, 1])
    np.testing.assert_array_equal(back.layers[1].shares, [[1, 0], [0, 1]])
    np.testing.assert_array_equal(back.layers[0].weight_gradient, [[4], [4]])
    assert back.layers[1].gradients == {}


@pytest.mark.parametrize("activation", DIFFERENTIABLE)
@pytest.mark.parametrize("shape", RESIDUAL)
def test_gradients_of_residual_networks_agree_with_finite_differences(
    shape: str, activation: str
) -> None:
    sizes, skips, one_to_one = RESIDUAL[shape]
    rng = np.random.default_rng(3)
    names = [activation] * (len(sizes) - 1)
    network = random_network(sizes, names, rng, skips=skips, one_to_one=one_to_one)
    x, target = rng.normal(size=(2, sizes[0])), rng.normal(size=(2, sizes[-1]))
    back = run((network, x, target, "mse"))

    def loss_at(x: Array) -> Array:
        return run((network, x, target, "mse")).loss.sum()

    assert_is_gradient(back.input_gradient, loss_at, x)
    for place, layer in enumerate(network.layers):
        for name, values in layer.parameters.items():

            def loss_with(values: Array, place: int = place, name: str = name) -> Array:
                parameters = [dict(layer.parameters) for layer in network.layers]
                parameters[place][name] = values
                return run((network.with_parameters(parameters), x, target, "mse")).loss.sum()

            assert_is_gradient(back.layers[place].gradients[name], loss_with, values)


def test_traces_are_frozen() -> None:
    network = Network.random((3, 2, 2), ["identity", "softmax"], rng=0)
    x = np.array([1.0, 2.0, 3.0])
    trace = forward(network, x)
    back = backward(network, trace, [0.0, 1.0])
    x[0] = 9.0
    assert trace.input[0] == 1.0
    records = (trace, back, *trace.layers, *back.layers)
    values = [getattr(r, field.name) for r in records for field in dataclasses.fields(r)]
    arrays = [v for v in values if isinstance(v, np.ndarray)]
    assert len(arrays) == 1 + 3 + 2 * 3 + 2 * 2
    for layer in back.layers:
        arrays += [*layer.gradients.values(), *layer.skip_shares.values()]
        arrays += [layer.shares, layer.weights, layer.weight_gradient, layer.bias_gradient]
        arrays += [layer.forward.contributions, layer.forward.bias]
    for array in arrays:
        assert array.dtype == np.float64
        assert not array.flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        back.loss = 0.0


def test_a_trace_names_its_loss_target_and_activations() -> None:
    network = Network.random((3, 2, 1), rng=0)
    trace = forward(network, [1.0, 2.0, 3.0])
    assert [a.shape for a in trace.activations] == [(3,), (2,), (1,)]
    assert trace.activations[-1] is trace.prediction
    back = backward(network, trace, [1.0], LOSSES["mae"])
    assert back.loss_function is LOSSES["mae"]
    np.testing.assert_array_equal(back.target, [1.0])
    assert trace.sizes == back.sizes == network.sizes
    assert trace.network is network
    assert back.forward is trace
    assert f"{back.loss:.3f}" == f"{abs(float(trace.prediction[0]) - 1.0):.3f}"


def test_an_empty_batch_has_no_gradient() -> None:
    network = Network.random((3, 2), rng=0)
    back = run((network, np.zeros((0, 3)), np.zeros((0, 2)), "mse"))
    assert back.loss.shape == (0,)
    assert not back.layers[0].weight_gradient.any()


def back_through(
    *activations: str, x: Any = (1.0, 2.0), target: Any = (0.0, 1.0), loss: str = "mse"
) -> None:
    network = Network.random([2] * (len(activations) + 1), activations, rng=0)
    run((network, x, target, loss))


def huge(target: float = 0.0) -> None:
    """The prediction is 1e100; its square still fits in float64, ∂L/∂x = 2e100 · 1e400 does not."""
    network = Network.from_weights([[[1e200]], [[1e200]]], [[0], [0]], "identity")
    backward(network, forward(network, [1e-300]), [target])


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    ("act", "message"),
    [
        (
            lambda: back_through("relu", x=[1.0, 2.0, 3.0]),
            "input has shape (3,): expected shape (2,)",
        ),
        (lambda: back_through("relu", x=1.0), "input has shape (): expected shape (2,)"),
        (
            lambda: back_through("relu", x=[1.0, np.nan]),
            "input has nan at index [1]: expected finite numbers",
        ),
        (
            lambda: back_through("relu", target=[1.0]),
            "target has shape (1,): expected shape (2,)",
        ),
        (
            lambda: back_through("relu", x=np.ones((3, 2))),
            "target has shape (2,): expected shape (3, 2)",
        ),
        (
            lambda: back_through("relu", target=[1.0, np.inf]),
            "target has inf at index [1]: expected finite numbers",
        ),
        (
            lambda: back_through("identity", loss="gaussian_nll"),
            "target has shape (2,): expected shape (1,)",
        ),
        (
            lambda: back_through("sigmoid", target=[0.0, 1.5], loss="binary_cross_entropy"),
            "target has 1.5: expected 0 to 1, as binary_cross_entropy compares probabilities",
        ),
        (
            lambda: back_through("identity", x=[1e3, 1e3], loss="cross_entropy"),
            ": expected 0 to 1, as cross_entropy compares probabilities",
        ),
        (lambda: back_through("relu", loss="msr"), "; did you mean 'mse'?"),
        (
            lambda: back_through("step", "sigmoid"),
            "the derivative of step is 0 wherever it exists: expected a differentiable "
            "activation, such as sigmoid",
        ),
        (lambda: back_through("sigmoid", "step"), "the derivative of step is 0"),
        (
            lambda: backward(
                Network.random((2, 3), rng=0),
                forward(Network.random((2, 2), rng=0), [1, 1]),
                [1, 1],
            ),
            "trace is of a network with sizes (2, 2): expected one of a network with sizes (2, 3)",
        ),
        (
            lambda: backward(
                Network.random((2, 2, 2), skips=[(0, 2)], rng=0),
                forward(Network.random((2, 2, 2), rng=0), [1, 1]),
                [1, 1],
            ),
            "trace is of a network with skips (): expected one of a network with skips ((0, 2),)",
        ),
        (lambda: huge(target=1e200), "the loss is inf: expected a finite number"),
        (huge, "the gradient of the input has inf at index [0]"),
        (
            lambda: forward(Network.from_weights([[[1e200]]], [[0]], "relu"), [1e200]),
            "z of layer 1 has inf at index [0]: expected finite numbers",
        ),
    ],
)
def test_wrong_arguments_are_refused(act: Callable[[], object], message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message)):
        act()


def test_step_has_a_forward_pass() -> None:
    network = Network.from_weights([[[0.5, 0.5]]], [[-0.7]], "step")  # AND
    outputs = forward(network, [[0, 0], [0, 1], [1, 0], [1, 1]]).prediction
    np.testing.assert_array_equal(outputs[:, 0], [0, 0, 0, 1])


def test_repr_shows_shape_and_result_in_a_line() -> None:
    network = Network.from_weights([[[0.5, -1.0]]], [[0.1]])
    trace = forward(network, [1.0, 0.2])
    assert repr(trace) == "ForwardTrace(2-1, prediction [0.5987])"
    assert repr(backward(network, trace, [1.0])) == "BackwardTrace(2-1, mse 0.1611)"
    many = forward(network, np.linspace([0, 0], [1, 1], 1000))
    assert re.fullmatch(r"ForwardTrace\(2-1, prediction \[.{,80}, \.\.\., .{,80}\]\)", repr(many))
