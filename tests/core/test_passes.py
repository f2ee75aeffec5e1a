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

from netviz.core import ACTIVATIONS, LOSSES, BackwardTrace, Network, backward, forward
from netviz.core.arrays import Array

from . import reference

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.lists(st.integers(1, 6), min_size=2, max_size=5)
WITH_SLOPE = [a.name for a in ACTIVATIONS.values() if a.differentiable]
PROBABILITIES = ["sigmoid", "softmax"]

quick = settings(deadline=None, max_examples=100, derandomize=True)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Network, Array, Array, str]:
    """A random network, a batch of inputs, targets that suit the loss, and the loss."""
    loss = LOSSES[draw(st.sampled_from(sorted(LOSSES)))]
    sizes = draw(SIZES)
    sizes[-1] *= loss.outputs_per_target
    rng = np.random.default_rng(draw(SEEDS))
    names = draw(
        st.lists(st.sampled_from(WITH_SLOPE), min_size=len(sizes) - 1, max_size=len(sizes) - 1)
    )
    if loss.probabilities:
        names[-1] = draw(st.sampled_from(PROBABILITIES))
    network = Network.from_weights(
        [layer.weights for layer in Network.random(sizes, rng=rng).layers],
        [rng.normal(size=n) for n in sizes[1:]],
        names,
    )
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
    # Over the edges with weights 2 and −1 come back −4 and 2; both ReLUs are open.
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


def test_the_reference_knows_every_entry() -> None:
    assert set(reference.ACTIVATIONS) == set(WITH_SLOPE)
    assert set(reference.LOSSES) == set(LOSSES)


@quick
@given(cases())
def test_whole_networks_agree_with_an_independent_autodiff(case: Any) -> None:
    loss, expected = reference.gradients(*case)
    back = run(case)
    assert_close(back.loss.sum(), loss)
    assert_close(back.input_gradient, expected["input"])
    for i, layer in enumerate(back.layers):
        assert_close(layer.weight_gradient, expected["weights"][i])
        assert_close(layer.bias_gradient, expected["biases"][i])
        assert_close(layer.blame, expected["z"][i])
        assert_close(layer.activation_gradient, expected["a"][i])


@quick
@given(cases())
def test_shares_add_up_to_the_activation_gradient_before(case: Any) -> None:
    # The passes add in the order of a matrix product, so a few roundings of the largest share
    # may lie between the sums.
    back = run(case)
    gradients = [back.input_gradient, *(layer.activation_gradient for layer in back.layers)]
    for gradient, layer in zip(gradients, back.layers, strict=False):
        size = np.abs(layer.shares).sum(axis=-2)
        assert np.all(np.abs(layer.shares.sum(axis=-2) - gradient) <= 1e-14 * size)


@quick
@given(cases())
def test_contributions_and_bias_add_up_to_z(case: Any) -> None:
    network, x, _, _ = case
    for dense, layer in zip(network.layers, forward(network, x).layers, strict=True):
        size = np.abs(layer.contributions).sum(axis=-1) + np.abs(dense.bias)
        gap = layer.contributions.sum(axis=-1) + dense.bias - layer.z
        assert np.all(np.abs(gap) <= 1e-14 * size)


@quick
@given(SIZES, SEEDS)
def test_in_whole_numbers_shares_add_up_exactly(sizes: list[int], seed: int) -> None:
    # Sums of whole numbers below 2⁵³ are exact in float64, in any order: here = means =.
    rng = np.random.default_rng(seed)
    weights = [rng.integers(-9, 10, size=(n, m)) for m, n in pairwise(sizes)]
    network = Network.from_weights(weights, [np.zeros(n) for n in sizes[1:]], "relu")
    trace = forward(network, rng.integers(-9, 10, size=(3, sizes[0])))
    back = backward(network, trace, np.ones((3, sizes[-1])), "half_squared_error")
    gradients = [back.input_gradient, *(layer.activation_gradient for layer in back.layers)]
    for gradient, layer in zip(gradients, back.layers, strict=False):
        np.testing.assert_array_equal(layer.shares.sum(axis=-2), gradient)


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
        assert_close(layer.weight_gradient, sum(p.weight_gradient for p in parts), 1e-12)
        assert_close(layer.bias_gradient, sum(p.bias_gradient for p in parts), 1e-12)
        for i, part in zip(samples, parts, strict=True):
            assert_close(layer.blame[i], part.blame, 1e-12)
            assert_close(layer.shares[i], part.shares, 1e-12)


@quick
@given(st.permutations(range(6)), st.sampled_from(WITH_SLOPE), SEEDS)
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
@pytest.mark.parametrize("activation", WITH_SLOPE)
def test_every_pair_stays_finite_in_saturation(activation: str, loss: Any) -> None:
    if loss.probabilities and activation not in PROBABILITIES:
        activation = loss.joined.activation.name
    network = Network.from_weights([np.eye(2)], [[0, 0]], activation)
    z = [[1e4, -1e4], [-1e4, 1e4], [1e4, 1e4], [-1e4, -1e4], [0.0, 1e4]]
    target = np.eye(5, loss.target_size(2))
    back = run((network, z, target, loss))  # refuses to return anything that is not finite
    assert back.loss.shape == (5,)


@pytest.mark.parametrize(
    ("activation", "loss"), [("sigmoid", "binary_cross_entropy"), ("softmax", "cross_entropy")]
)
def test_a_saturated_and_wrong_output_keeps_its_blame(activation: str, loss: str) -> None:
    network = Network.from_weights([np.eye(2)], [[0, 0]], activation)
    back = run((network, [1e4, -1e4], [0.0, 1.0], loss))
    assert back.loss == 2e4
    np.testing.assert_array_equal(back.layers[0].blame, [1.0, -1.0])
    np.testing.assert_array_equal(back.input_gradient, [1.0, -1.0])


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
    arrays += [back.layers[0].shares, trace.layers[0].contributions]
    assert len(arrays) == 1 + 3 + 2 * 4 + 2 * 5 + 2
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
            "the input must have shape (2,); found shape (3,)",
        ),
        (lambda: back_through("relu", x=1.0), "the input must have shape (2,); found shape ()"),
        (
            lambda: back_through("relu", x=[1.0, np.nan]),
            "the input must be finite; found nan at index [1]",
        ),
        (
            lambda: back_through("relu", target=[1.0]),
            "the target must have shape (2,); found shape (1,)",
        ),
        (
            lambda: back_through("relu", x=np.ones((3, 2))),
            "the target must have shape (3, 2); found shape (2,)",
        ),
        (
            lambda: back_through("relu", target=[1.0, np.inf]),
            "the target must be finite; found inf at index [1]",
        ),
        (
            lambda: back_through("identity", loss="gaussian_nll"),
            "the target must have shape (1,); found shape (2,)",
        ),
        (
            lambda: back_through("sigmoid", target=[0.0, 1.5], loss="binary_cross_entropy"),
            "targets of binary_cross_entropy must lie in 0 … 1; found 1.5",
        ),
        (
            lambda: back_through("identity", x=[1e3, 1e3], loss="cross_entropy"),
            "predictions for cross_entropy must lie in 0 … 1; found ",
        ),
        (lambda: back_through("relu", loss="msr"), "unknown loss 'msr'; did you mean 'mse'?"),
        (
            lambda: back_through("step", "sigmoid"),
            "step cannot carry an error back: its slope is 0 everywhere but at its jump; "
            "use sigmoid, for instance",
        ),
        (lambda: back_through("sigmoid", "step"), "step cannot carry an error back"),
        (
            lambda: backward(
                Network.random((2, 3), rng=0),
                forward(Network.random((2, 2), rng=0), [1, 1]),
                [1, 1],
            ),
            "the trace must be of a network of sizes (2, 3); found (2, 2)",
        ),
        (lambda: huge(target=1e200), "the loss must be finite; found inf"),
        (huge, "the gradient of the input must be finite; found inf at index [0]"),
        (
            lambda: forward(Network.from_weights([[[1e200]]], [[0]], "relu"), [1e200]),
            "z of layer 1 must be finite; found inf at index [0]",
        ),
    ],
)
def test_what_is_wrong_is_said(act: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        act()


def test_step_still_goes_forward() -> None:
    network = Network.from_weights([[[0.5, 0.5]]], [[-0.7]], "step")  # AND
    outputs = forward(network, [[0, 0], [0, 1], [1, 0], [1, 1]]).prediction
    np.testing.assert_array_equal(outputs[:, 0], [0, 0, 0, 1])


def test_a_trace_tells_its_shape_and_what_came_out_in_a_line() -> None:
    network = Network.from_weights([[[0.5, -1.0]]], [[0.1]])
    trace = forward(network, [1.0, 0.2])
    assert repr(trace) == "ForwardTrace(2-1, prediction [0.5987])"
    assert repr(backward(network, trace, [1.0])) == "BackwardTrace(2-1, mse 0.1611)"
    many = forward(network, np.linspace([0, 0], [1, 1], 1000))
    assert re.fullmatch(r"ForwardTrace\(2-1, prediction \[.{,80}, \.\.\., .{,80}\]\)", repr(many))
