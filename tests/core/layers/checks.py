"""What every kind of layer must fulfil; call `check_layer` with an example of a new kind."""

import json

import numpy as np
import pytest

from netviz.core import Data, Layer, Network, backward, forward, train
from netviz.core.layers import LAYERS

from ..differences import assert_is_gradient


def check_layer(layer: Layer) -> None:
    """Check computation, derivatives, connections, copies and training of a layer."""
    rng = np.random.default_rng(8)
    x, blame = rng.normal(size=(3, layer.n_in)), rng.normal(size=(3, layer.n_out))
    _check_derivatives(layer, x, blame)
    _check_connections(layer, x)
    _check_copies(layer)
    _check_training(layer, rng)


def _check_derivatives(layer: Layer, x: np.ndarray, blame: np.ndarray) -> None:
    parameters = dict(layer.parameters)
    assert layer.preactivation(x, parameters).shape == blame.shape
    gradients = {name: np.full_like(array, np.nan) for name, array in parameters.items()}
    layer.parameter_gradients(blame, x, parameters, gradients)
    for name, array in parameters.items():
        assert_is_gradient(
            gradients[name],
            lambda a, name=name: np.sum(blame * layer.preactivation(x, {**parameters, name: a})),
            array,
        )
    assert_is_gradient(
        layer.input_gradient(blame, x, parameters),
        lambda x: np.sum(blame * layer.preactivation(x, parameters)),
        x,
    )


def _check_connections(layer: Layer, x: np.ndarray) -> None:
    network = Network((layer,))
    for sample in (x, x[0]):
        trace = forward(network, sample)
        (record,) = trace.layers
        z = record.contributions.sum(axis=-1) + record.bias
        np.testing.assert_allclose(z, record.z, rtol=1e-13, atol=1e-13)
        assert record.mask.shape == record.weights.shape
        assert record.mask.dtype == bool
        assert not record.weights[~record.mask].any()
        (errors,) = backward(network, trace, np.zeros_like(record.activation)).layers
        shape = (layer.n_out, layer.n_in)
        assert (errors.weight_gradient.shape, errors.bias_gradient.shape) == (shape, shape[:1])
        for array in (record.weights, record.mask, errors.weight_gradient):
            assert not array.flags.writeable


def _check_copies(layer: Layer) -> None:
    again = layer.with_parameters(layer.parameters)
    assert again == layer
    assert layer.with_activation("tanh").activation.name == "tanh"
    assert layer.with_activation(layer.activation) == layer
    for name, array in layer.parameters.items():
        assert layer.with_parameters({**layer.parameters, name: array + 1.0}) != layer
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0.0
    network = Network((layer,))
    if type(layer).__name__ in LAYERS:
        structure = json.loads(json.dumps(network.structure))
        assert Network.from_structure(structure, [layer.parameters]) == network


def _check_training(layer: Layer, rng: np.random.Generator) -> None:
    ends = (
        Network.random((2, layer.n_in), "tanh", rng=rng),
        Network.random((layer.n_out, 1), rng=rng),
    )
    network = ends[0].then(Network((layer,))).then(ends[1])
    data = Data(rng.normal(size=(9, 2)), rng.uniform(size=(9, 1)))
    run = train(network, data, optimizer="adam", learning_rate=0.02, epochs=30, rng=0)
    losses = [step.loss for step in run]
    assert losses[-1] < losses[0]
    assert type(run.network.layers[1]) is type(layer)
