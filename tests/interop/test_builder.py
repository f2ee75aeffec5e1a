"""Operations of a model become the layers of a network."""

from __future__ import annotations

import numpy as np
import pytest

import netviz
from netviz.core import ACTIVATIONS
from netviz.interop.builder import ActivationRule, ModelError, NetworkBuilder

EYE = np.eye(2)
RELU, TANH = ACTIVATIONS["relu"], ACTIVATIONS["tanh"]


def test_an_activation_after_an_activation_is_a_one_to_one_layer():
    builder = NetworkBuilder()
    value = builder.activation(builder.input, TANH, "first")
    value = builder.affine(value, np.ones((3, 2)), None, "weights")
    value = builder.activation(value, RELU, "second")
    network = builder.network(builder.activation(value, TANH, "third"))
    ones = netviz.Dense(np.ones((3, 2)), np.zeros(3), "relu")
    expected = (netviz.OneToOne(2, "tanh"), ones, netviz.OneToOne(3, "tanh"))
    assert network == netviz.Network(expected)


def test_operations_that_do_not_lead_to_the_output_are_left_out():
    builder = NetworkBuilder()
    builder.affine(builder.input, np.ones((3, 2)), None, "unused")
    network = builder.network(builder.affine(builder.input, EYE, [1.0, 2.0], "used"))
    assert network == netviz.Network.from_weights([EYE], [[1.0, 2.0]], "identity")


def test_constants_are_biases_in_either_order():
    builder = NetworkBuilder()
    value = builder.affine(builder.input, EYE, None, "weights")
    value = builder.add([1.0, 2.0], value, "bias")
    network = builder.network(builder.add(value, 0.5, "bias"))
    assert network.layers[0].bias.tolist() == [1.5, 2.5]


def residual_sum(builder):
    """The input, added to one layer, then to another one."""
    first = builder.add(builder.affine(builder.input, EYE, None, "a"), builder.input, "sum")
    return builder.add(builder.affine(first, EYE, None, "b"), first, "sum")


def test_a_layer_of_weights_and_its_input_are_added_in_a_one_to_one_layer():
    builder = NetworkBuilder()
    network = builder.network(residual_sum(builder))
    assert [type(layer).__name__ for layer in network.layers] == ["Dense", "OneToOne"] * 2
    assert network.skips == ((0, 2), (2, 4))
    np.testing.assert_array_equal(netviz.forward(network, [1.0, 2.0]).prediction, [4.0, 8.0])


def test_a_value_added_before_and_after_the_bias():
    builder = NetworkBuilder()
    value = builder.affine(builder.input, EYE, None, "a")
    value = builder.affine(value, EYE, None, "b")
    value = builder.add(builder.add(value, builder.input, "sum"), [1.0, 2.0], "bias")
    network = builder.network(builder.add(value, builder.input, "sum again"))
    assert network.skips == ((0, 2), (0, 3))
    np.testing.assert_array_equal(netviz.forward(network, [1.0, 1.0]).prediction, [4.0, 5.0])


def no_weights(builder):
    return builder.activation(builder.input, TANH, "tanh")


def twice(builder):
    value = builder.affine(builder.input, EYE, None, "weights")
    return builder.add(value, value, "sum")


def two_constants(builder):
    return builder.add(1.0, 2.0, "sum")


def column(builder):
    return builder.add(builder.input, np.ones((2, 1)), "sum")


def late_sum(builder):
    first = builder.affine(builder.input, EYE, None, "a")
    second = builder.activation(first, TANH, "b")
    third = builder.affine(second, EYE, None, "c")
    total = builder.add(first, second, "sum")
    return builder.add(third, builder.activation(total, RELU, "d"), "last")


def non_finite(builder):
    return builder.affine(builder.input, [[np.nan]], None, "fc1")


@pytest.mark.parametrize(
    ("operations", "sentence"),
    [
        (no_weights, "the model has no weights: expected at least one layer with weights"),
        (twice, "sum adds the same value twice: expected one chain of layers with identity "),
        (two_constants, "sum adds two constants: expected a value that depends on the input"),
        (column, "sum adds an array of shape (2, 1): expected one number, or one for each"),
        (late_sum, "sum adds two values that other layers follow: expected one chain of layers"),
        (non_finite, "weights of fc1 has nan at index [0, 0]: expected finite numbers"),
    ],
)
def test_operations_that_are_not_a_network(operations, sentence):
    builder = NetworkBuilder()
    with pytest.raises(ModelError) as caught:
        builder.network(operations(builder))
    assert str(caught.value).startswith(sentence)


def test_settings_of_an_activation():
    rule = ActivationRule("elu", {"alpha": "alpha"}, {"bound": (None, 0.5)})
    assert rule.activation({"alpha": 2, "bound": None}.__getitem__, "layer").text == "elu(2)"
    with pytest.raises(ModelError, match="layer has bound=6: expected bound=None"):
        rule.activation({"alpha": 2, "bound": 6.0}.__getitem__, "layer")
    with pytest.raises(ModelError, match="layer has the setting 'x': expected a number"):
        rule.activation({"alpha": "x", "bound": None}.__getitem__, "layer")
