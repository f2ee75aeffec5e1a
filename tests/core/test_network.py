import copy
import dataclasses
import re
from collections.abc import Callable

import numpy as np
import pytest

from netviz.core import ACTIVATIONS, Dense, Network, backward, forward

LAYER = Dense([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], [0.1, 0.2, 0.3], "tanh")


def test_a_layer_keeps_read_only_copies_in_float64() -> None:
    weights = np.array([[1, 2]])
    layer = Dense(weights, [3], "relu")
    weights[0, 0] = 9
    assert layer.weights.tolist() == [[1.0, 2.0]]
    assert layer.weights.dtype == layer.bias.dtype == np.float64
    for array in (layer.weights, layer.bias):
        assert not array.flags.writeable
    with pytest.raises(dataclasses.FrozenInstanceError):
        layer.bias = np.zeros(1)


def test_a_layer_takes_an_activation_or_its_name() -> None:
    assert LAYER.activation is ACTIVATIONS["tanh"]
    assert Dense(LAYER.weights, LAYER.bias, ACTIVATIONS["tanh"]) == LAYER


def test_layers_and_networks_are_equal_by_value_and_not_hashable() -> None:
    one, same, other = (Network.random((3, 4, 2), rng=seed) for seed in (1, 1, 2))
    assert one == same == copy.deepcopy(one)
    assert one != other
    assert one != Network.random((3, 4, 2), "relu", rng=1)
    assert one != "a network"
    assert one.layers[0] != "a layer"
    for value in (one, one.layers[0]):
        with pytest.raises(TypeError, match="unhashable"):
            hash(value)


def test_repr_shows_the_structure() -> None:
    network = Network.random((5, 2, 3), ["tanh", "softmax"], rng=0)
    assert repr(network) == "Network(Dense(5 → 2, tanh), Dense(2 → 3, softmax))"


def test_random_networks_have_the_sizes_activations_and_zero_biases() -> None:
    network = Network.random([5, 2, 3], ["relu", ACTIVATIONS["softmax"]], "he_normal", rng=0)
    assert network.sizes == (5, 2, 3)
    assert [layer.weights.shape for layer in network.layers] == [(2, 5), (3, 2)]
    assert [layer.activation.name for layer in network.layers] == ["relu", "softmax"]
    assert not any(layer.bias.any() for layer in network.layers)


def test_a_seed_is_a_generator_with_that_seed() -> None:
    generator = np.random.default_rng(3)
    first = Network.random((4, 4), rng=generator)
    assert first == Network.random((4, 4), rng=3)
    assert first != Network.random((4, 4), rng=generator)  # the generator has moved on


def test_from_weights_is_the_layers_one_by_one() -> None:
    network = Network.from_weights([LAYER.weights, [[1, 1, 1]]], [LAYER.bias, [0]], "tanh")
    assert network == Network((LAYER, Dense([[1, 1, 1]], [0], "tanh")))


def test_an_update_goes_down_the_gradient_and_leaves_the_old_network_alone() -> None:
    network = Network.random((3, 4, 2), "tanh", rng=0)
    untouched = copy.deepcopy(network)
    gradients = backward(network, forward(network, [0.5, -1.0, 2.0]), [1.0, -1.0])
    new = network.updated(gradients, 0.25)
    assert network == untouched
    for old, step, layer in zip(network.layers, gradients.layers, new.layers, strict=True):
        np.testing.assert_array_equal(layer.weights, old.weights - 0.25 * step.weight_gradient)
        np.testing.assert_array_equal(layer.bias, old.bias - 0.25 * step.bias_gradient)
        assert layer.activation is old.activation
    assert backward(new, forward(new, [0.5, -1.0, 2.0]), [1.0, -1.0]).loss < gradients.loss


def updated_with_another_networks_gradients() -> None:
    other = Network.random((3, 3), rng=0)
    gradients = backward(other, forward(other, np.ones(3)), np.ones(3))
    Network.random((3, 2), rng=0).updated(gradients, 0.1)


def updated_too_far() -> None:
    network = Network((LAYER,))
    network.updated(backward(network, forward(network, [0.1, 0.1]), np.zeros(3)), float("inf"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Dense([1.0, 2.0], [0.0], "relu"),
            "weights must be a matrix of shape (n_out, n_in); found shape (2,)",
        ),
        (
            lambda: Dense(np.zeros((0, 2)), [], "relu"),
            "weights must be a matrix of shape (n_out, n_in); found shape (0, 2)",
        ),
        (
            lambda: Dense([[1.0, 2.0]], [0.0, 1.0], "relu"),
            "bias must have shape (1,), one number for each row of weights; found shape (2,)",
        ),
        (
            lambda: Dense([[1.0, np.nan]], [0.0], "relu"),
            "weights must be finite; found nan at index [0, 1]",
        ),
        (
            lambda: Dense([[1.0], [1.0, 2.0]], [0.0, 0.0], "relu"),
            "weights must be a regular array of numbers; found [[1.0], [1.0, 2.0]]",
        ),
        (
            lambda: Dense([[1.0]], [0.0], "rleu"),
            "unknown activation 'rleu'; did you mean 'relu'?",
        ),
        (
            lambda: Network(()),
            "a network needs at least one layer after the input; found none",
        ),
        (
            lambda: Network((LAYER, LAYER)),
            "layer 2 must read the 3 neurons of layer 1; its weights have 2 columns",
        ),
        (
            lambda: Network.from_weights([[[1.0]]], []),
            "there must be one bias vector for each weight matrix; found 0 for 1",
        ),
        (
            lambda: Network.from_weights([[[1.0]], [[1.0]]], [[0.0], [np.inf]]),
            "layer 2: bias must be finite; found inf at index [0]",
        ),
        (
            lambda: Network.random((2,), rng=0),
            "sizes must name the input and at least one layer; found (2,)",
        ),
        (
            lambda: Network.random((2, 0, 1), rng=0),
            "sizes must be whole numbers from 1 up; found 0 in (2, 0, 1)",
        ),
        (
            lambda: Network.random((2, 2.5), rng=0),
            "sizes must be whole numbers from 1 up; found 2.5 in (2, 2.5)",
        ),
        (
            lambda: Network.random((2, 2), ["relu", "relu"], rng=0),
            "there must be one activation for each of the 1 layers after the input; found 2",
        ),
        (
            lambda: Network.random((2, 2), init="xavier", rng=0),
            "unknown initializer 'xavier'; did you mean 'xavier_normal'?",
        ),
        (
            updated_with_another_networks_gradients,
            "the gradients must be of a network of sizes (3, 2); found gradients for (3, 3)",
        ),
        (
            lambda: Network([3, 4, 2]),
            "layers has 3: expected Dense layers; for sizes there is Network.random, for arrays "
            "Network.from_weights",
        ),
        (
            lambda: Network([np.ones((2, 3))]),
            "layers has ndarray: expected Dense layers; for sizes there is Network.random, for "
            "arrays Network.from_weights",
        ),
        (
            lambda: Network(LAYER),
            "layers is Dense: expected Dense layers; for sizes there is Network.random, for "
            "arrays Network.from_weights",
        ),
        (
            lambda: Network.random("3-4-2", rng=0),
            "sizes is '3-4-2': expected numbers of neurons, such as [3, 4, 2]",
        ),
        (
            lambda: Network.random(3, rng=0),
            "sizes is 3: expected numbers of neurons, such as [3, 4, 2]",
        ),
        (updated_too_far, "layer 1: weights must be finite; found -inf at index [0, 0]"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_what_is_wrong_is_said(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message) + "$"):
        make()
