import numpy as np

from netviz.core import Dense

from .checks import check_layer


def test_a_dense_layer_is_a_layer() -> None:
    rng = np.random.default_rng(0)
    check_layer(Dense(rng.normal(size=(4, 3)), rng.normal(size=4), "silu(2)"))


def test_all_pairs_are_connected_by_the_weights() -> None:
    connections = Dense([[1, 2, 3]], [0], "relu").connections()
    np.testing.assert_array_equal(connections.weights, [[1, 2, 3]])
    assert connections.mask.all()
