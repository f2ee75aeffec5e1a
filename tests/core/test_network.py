import copy
import dataclasses
import json
import re
from collections.abc import Callable

import numpy as np
import pytest

from netviz.core import (
    ACTIVATIONS,
    INITIALIZERS,
    LAYERS,
    Dense,
    Network,
    OneToOne,
    backward,
    forward,
)
from netviz.problems import ProblemError

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
    assert first != Network.random((4, 4), rng=generator)  # the state of the generator has changed


def test_from_weights_makes_dense_layers() -> None:
    network = Network.from_weights([LAYER.weights, [[1, 1, 1]]], [LAYER.bias, [0]], "tanh")
    assert network == Network((LAYER, Dense([[1, 1, 1]], [0], "tanh")))


def test_an_update_descends_the_gradient_and_returns_a_new_network() -> None:
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


def residual_network() -> Network:
    return Network.random(
        (3, 4, 3, 3, 2), ["relu", "identity", "elu(2)", "tanh"], skips=[(0, 2)], rng=5
    )


def test_skips_are_sorted_and_shown() -> None:
    network = Network.random((3, 3, 3, 3), "relu", skips=[[1, 3], (0, 2)], rng=0)
    assert network.skips == ((0, 2), (1, 3))
    assert repr(network) == (
        "Network(Dense(3 → 3, relu), Dense(3 → 3, relu), Dense(3 → 3, relu), skips=(0→2, 1→3))"
    )
    assert network.skip_sources == ((), (), (0,), (1,))
    assert network.skip_targets == ((2,), (3,), (), ())
    assert network != Network(network.layers)


def test_the_structure_and_the_parameters_are_the_network() -> None:
    network = residual_network().then(Network((OneToOne(2, "leaky_relu(0.2)"),)))
    structure = json.loads(json.dumps(network.structure))
    assert structure["layers"][2] == {"kind": "Dense", "activation": "elu(2)"}
    assert structure["layers"][4] == {
        "kind": "OneToOne",
        "size": 2,
        "activation": "leaky_relu(0.2)",
    }
    parameters = [layer.parameters for layer in network.layers]
    assert Network.from_structure(structure, parameters) == network


def test_a_block_becomes_residual_at_its_last_layer_or_after_it() -> None:
    x = np.array([0.5, -1.0, 2.0])
    for activations, layers in ((["tanh", "identity"], 2), (["tanh", "relu"], 3)):
        block = Network.random((3, 4, 3), activations, rng=1)
        inner = forward(block, x).prediction
        for function in ("identity", "relu"):
            network = block.residual(function)
            assert len(network.layers) == layers
            right = ACTIVATIONS[function].value(x + inner)
            np.testing.assert_allclose(forward(network, x).prediction, right, rtol=1e-15)


def test_a_block_of_one_layer_becomes_residual() -> None:
    block = Network.from_weights([[[2.0]]], [[1.0]], "identity")
    assert forward(block.residual(), [3.0]).prediction == 2 * 3 + 1 + 3


def test_networks_are_joined_with_their_skips() -> None:
    block = Network.random((3, 4, 3), ["tanh", "identity"], rng=1).residual()
    head = Network.random((3, 2), rng=2)
    network = block.then(block).then(head)
    assert network.skips == ((0, 2), (2, 4))
    x = [0.5, -1.0, 2.0]
    middle = forward(block, forward(block, x).prediction).prediction
    np.testing.assert_array_equal(forward(network, x).prediction, forward(head, middle).prediction)


def test_an_update_keeps_skips_kinds_and_settings() -> None:
    network = residual_network()
    x, target = [0.5, -1.0, 2.0], [1.0, -1.0]
    gradients = backward(network, forward(network, x), target)
    new = network.updated(gradients, 0.1)
    assert new.structure == network.structure
    assert backward(new, forward(new, x), target).loss < gradients.loss


def test_connections_are_those_of_the_layers_or_of_a_trace() -> None:
    network = Network((LAYER, OneToOne(3, "relu")))
    dense, one_to_one = network.connections()
    np.testing.assert_array_equal(dense.weights, LAYER.weights)
    assert dense.mask.all()
    np.testing.assert_array_equal(one_to_one.weights, np.eye(3))
    np.testing.assert_array_equal(one_to_one.mask, np.eye(3, dtype=bool))
    trace = forward(network, [1.0, 2.0])
    for one, other in zip(network.connections(trace), (dense, one_to_one), strict=True):
        np.testing.assert_array_equal(one.weights, other.weights)
    with pytest.raises(ProblemError, match="trace is of a network with sizes"):
        Network((LAYER,)).connections(trace)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: Dense([1.0, 2.0], [0.0], "relu"),
            "weights has shape (2,): expected a matrix of shape (n_out, n_in)",
        ),
        (
            lambda: Dense(np.zeros((0, 2)), [], "relu"),
            "weights has shape (0, 2): expected a matrix of shape (n_out, n_in)",
        ),
        (
            lambda: Dense([[1.0, 2.0]], [0.0, 1.0], "relu"),
            "bias has shape (2,): expected shape (1,); one number for each row of weights",
        ),
        (
            lambda: Dense([[1.0, np.nan]], [0.0], "relu"),
            "weights has nan at index [0, 1]: expected finite numbers",
        ),
        (
            lambda: Dense([[1.0], [1.0, 2.0]], [0.0, 0.0], "relu"),
            "weights is [[1.0], [1.0, 2.0]]: expected a regular array of numbers",
        ),
        (
            lambda: Dense([[1.0]], [0.0], "rleu"),
            f"activation is 'rleu': expected one of {', '.join(ACTIVATIONS)}; did you mean 'relu'?",
        ),
        (
            lambda: Network(()),
            "layers is empty: expected at least one layer after the input",
        ),
        (
            lambda: Network((LAYER, LAYER)),
            "layer 2 has 2 inputs: expected 3, the number of neurons of layer 1",
        ),
        (
            lambda: Network.from_weights([[[1.0]]], []),
            "biases has 0 entries: expected 1, one for each weight matrix",
        ),
        (
            lambda: Network.from_weights([[[1.0]], [[1.0]]], [[0.0], [np.inf]]),
            "bias of layer 2 has inf at index [0]: expected finite numbers",
        ),
        (
            lambda: Network.random((2,), rng=0),
            "sizes is (2,): expected the input and at least one layer, such as [3, 4, 2]",
        ),
        (
            lambda: Network.random((2, 0, 1), rng=0),
            "sizes has 0: expected whole numbers from 1 up",
        ),
        (
            lambda: Network.random((2, 2.5), rng=0),
            "sizes has 2.5: expected whole numbers from 1 up",
        ),
        (
            lambda: Network.random((2, 2), ["relu", "relu"], rng=0),
            "activation has 2 entries: expected 1, one for each layer after the input",
        ),
        (
            lambda: Network.random((2, 2), init="xavier", rng=0),
            f"initializer is 'xavier': expected one of {', '.join(INITIALIZERS)}; did you mean "
            "'xavier_normal'?",
        ),
        (
            updated_with_another_networks_gradients,
            "gradients is of a network with sizes (3, 3): expected one of a network with sizes "
            "(3, 2)",
        ),
        (
            lambda: Network([3, 4, 2]),
            "layers has 3: expected layers, such as Dense; Network.random takes sizes, "
            "Network.from_weights takes arrays",
        ),
        (
            lambda: Network([np.ones((2, 3))]),
            "layers has a ndarray: expected layers, such as Dense; Network.random takes sizes, "
            "Network.from_weights takes arrays",
        ),
        (
            lambda: Network(LAYER),
            "layers is a Dense: expected layers, such as Dense; Network.random takes sizes, "
            "Network.from_weights takes arrays",
        ),
        (
            lambda: Network.random("3-4-2", rng=0),
            "sizes is '3-4-2': expected numbers of neurons, such as [3, 4, 2]",
        ),
        (
            lambda: Network.random(3, rng=0),
            "sizes is 3: expected numbers of neurons, such as [3, 4, 2]",
        ),
        (
            lambda: Network.random((2, 2, 2), skips=[(0, 1)], rng=0),
            "skip connection (0, 1) leads to the next layer: expected layers at least two apart",
        ),
        (
            lambda: Network.random((2, 2, 2), skips=[(0, 3)], rng=0),
            "skip connection (0, 3) does not fit the network: expected a layer and a later one, of "
            "the layers 0 … 2",
        ),
        (
            lambda: Network.random((2, 2, 2), skips=[(2, 0)], rng=0),
            "skip connection (2, 0) does not fit the network: expected a layer and a later one, of "
            "the layers 0 … 2",
        ),
        (
            lambda: Network.random((2, 4, 3), skips=[(0, 2)], rng=0),
            "skip connection (0, 2) leads from 2 to 3 neurons: expected layers of equal sizes",
        ),
        (
            lambda: Network.random((2, 4, 2), skips=[(0, 2), (0, 2)], rng=0),
            "skip connection (0, 2) is given more than once: expected each pair once",
        ),
        (
            lambda: Network.random((2, 4, 2), skips=(0, 2), rng=0),
            "skips has 0: expected pairs of layers (source, target), such as (0, 2)",
        ),
        (
            lambda: Network.random((2, 3), rng=0).residual(),
            "a residual block has 2 inputs and 3 outputs: expected as many outputs as inputs",
        ),
        (
            lambda: Network.random((2, 3), rng=0).then(Network.random((2, 3), rng=0)),
            "layer 2 has 2 inputs: expected 3, the number of neurons of layer 1",
        ),
        (lambda: OneToOne(0), "size is 0: expected a whole number from 1 up"),
        (
            lambda: Network.from_structure(
                {"layers": [{"kind": "OneToTwo", "activation": "relu"}]}, [{}]
            ),
            f"kind of layer 1 is 'OneToTwo': expected one of {', '.join(LAYERS)}; did you mean "
            "'OneToOne'?",
        ),
        (updated_too_far, "weights of layer 1 has -inf at index [0, 0]: expected finite numbers"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_wrong_arguments_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(ProblemError, match=re.escape(message) + "$"):
        make()
