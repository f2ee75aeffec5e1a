"""The numbers of Mazur, "A Step by Step Backpropagation Example" (2015), as published."""

from __future__ import annotations

import numpy as np

from netviz.core import Network, backward, forward
from netviz.spec import load

MAZUR = load("mazur")
FORWARD = forward(MAZUR.network, MAZUR.input)
BACKWARD = backward(MAZUR.network, FORWARD, MAZUR.target, MAZUR.loss)
UPDATED = MAZUR.network.updated(BACKWARD, MAZUR.learning_rate)


def loss_of(network: Network) -> float:
    trace = forward(network, MAZUR.input)
    return float(backward(network, trace, MAZUR.target, MAZUR.loss).loss)


def test_the_example() -> None:
    hidden, output = MAZUR.network.layers
    assert hidden.parameters["weights"].tolist() == [[0.15, 0.20], [0.25, 0.30]]
    assert output.parameters["weights"].tolist() == [[0.40, 0.45], [0.50, 0.55]]
    assert (hidden.bias.tolist(), output.bias.tolist()) == ([0.35, 0.35], [0.60, 0.60])
    assert MAZUR.input.tolist() == [0.05, 0.10]
    assert MAZUR.target.tolist() == [0.01, 0.99]
    assert MAZUR.learning_rate == 0.5


def test_the_forward_pass() -> None:
    hidden, output = FORWARD.layers
    np.testing.assert_allclose(hidden.z, [0.3775, 0.3925], atol=1e-12)
    np.testing.assert_allclose(hidden.activation, [0.593269992, 0.596884378], atol=5e-10)
    np.testing.assert_allclose(output.z[0], 1.105905967, atol=5e-10)
    np.testing.assert_allclose(FORWARD.prediction, [0.75136507, 0.772928465], atol=5e-9)
    np.testing.assert_allclose(BACKWARD.loss, 0.298371109, atol=5e-10)


def test_the_backward_pass() -> None:
    hidden, output = BACKWARD.layers
    np.testing.assert_allclose(output.activation_gradient[0], 0.74136507, atol=5e-9)
    np.testing.assert_allclose(output.blame, [0.138498562, -0.0380982], atol=5e-8)
    np.testing.assert_allclose(output.weight_gradient[0, 0], 0.082167041, atol=5e-10)
    np.testing.assert_allclose(output.shares[:, 0], [0.055399425, -0.019049119], atol=5e-8)
    np.testing.assert_allclose(hidden.activation_gradient[0], 0.036350306, atol=5e-10)
    np.testing.assert_allclose(hidden.weight_gradient[0, 0], 0.000438568, atol=5e-10)


def test_one_step() -> None:
    hidden, output = UPDATED.layers
    np.testing.assert_allclose(
        hidden.parameters["weights"],
        [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
        atol=5e-9,
    )
    np.testing.assert_allclose(
        output.parameters["weights"],
        [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
        atol=5e-9,
    )


def test_the_error_after_the_step_is_that_of_changed_weights_and_unchanged_biases() -> None:
    parameters = [
        {"weights": new.parameters["weights"], "bias": old.bias}
        for new, old in zip(UPDATED.layers, MAZUR.network.layers, strict=True)
    ]
    published, exact = 0.291027924, 0.291027774  # his intermediate results are rounded
    error = loss_of(MAZUR.network.with_parameters(parameters))
    np.testing.assert_allclose(error, published, atol=2e-7)
    assert round(error, 9) == exact
    assert round(loss_of(UPDATED), 9) == 0.280471447
