import numpy as np

from netviz.core import OneToOne

from .checks import check_layer


def test_a_one_to_one_layer_is_a_layer() -> None:
    check_layer(OneToOne(4, "elu(0.5)"))


def test_only_the_neuron_in_the_same_place_is_connected() -> None:
    connections = OneToOne(2).connections()
    np.testing.assert_array_equal(connections.weights, np.eye(2))
    np.testing.assert_array_equal(connections.mask, np.eye(2, dtype=bool))
