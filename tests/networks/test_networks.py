"""The built-in 5-2-2-5 network has the properties that the main clip relies on."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.core import backward, forward
from netviz.spec import load

CLIP = load("5-2-2-5")
FORWARD = forward(CLIP.network, CLIP.input)
BACKWARD = backward(CLIP.network, FORWARD, CLIP.target, CLIP.loss)
UPDATED = CLIP.network.updated(BACKWARD, CLIP.learning_rate)
HIDDEN = (0, 1)
ALL = (0, 1, 2)


def weights(layer):
    return CLIP.network.layers[layer].weights


def blame(layer):
    return BACKWARD.layers[layer].blame


def test_shape_sample_and_loss():
    assert CLIP.network.sizes == (5, 2, 2, 5)
    assert {layer.activation.name for layer in CLIP.network.layers} == {"sigmoid"}
    assert CLIP.loss.name == "mse"
    assert CLIP.input.tolist() == [0.9, 0.1, 0.8, 0.2, 0.6]
    assert CLIP.target.tolist() == [1, 0, 0, 1, 0]
    assert CLIP.learning_rate <= 15


def test_weights_and_biases_have_two_decimals():
    for layer in CLIP.network.layers:
        for array in (layer.weights, layer.bias):
            assert np.array_equal(array, array.round(2))


@pytest.mark.parametrize("layer", ALL)
def test_weights_have_both_signs_and_visibly_different_sizes(layer):
    matrix = weights(layer)
    assert matrix.min() < 0 < matrix.max()
    size = np.sort(np.abs(matrix).ravel())
    assert size[0] >= 0.15
    assert size[-1] <= 2.2
    assert size[-1] >= 2 * size[0]
    assert np.all(np.diff(size) > 0)


@pytest.mark.parametrize("layer", ALL)
def test_no_neuron_is_saturated(layer):
    activation = FORWARD.layers[layer].activation
    assert np.all((activation >= 0.12) & (activation <= 0.88))


@pytest.mark.parametrize("layer", HIDDEN)
def test_each_hidden_layer_has_an_active_and_an_inactive_neuron(layer):
    activation = FORWARD.layers[layer].activation
    assert activation.max() >= 0.7
    assert activation.min() <= 0.25


def test_the_active_neuron_before_the_outputs_has_most_blame():
    active = int(FORWARD.layers[1].activation.argmax())
    assert abs(blame(1)[active]) >= 1.3 * abs(blame(1)[1 - active])


@pytest.mark.parametrize("layer", [1, 2])
def test_the_weights_from_the_active_neuron_change_most(layer):
    active = int(FORWARD.layers[layer - 1].activation.argmax())
    gradient = np.abs(BACKWARD.layers[layer].weight_gradient)
    assert np.all(gradient[:, active] > 2.5 * gradient[:, 1 - active])


@pytest.mark.parametrize("layer", [1, 2])
def test_shares_into_each_hidden_neuron_have_both_signs_and_differ(layer):
    for shares in BACKWARD.layers[layer].shares.T:
        assert shares.min() < 0 < shares.max()
        assert np.abs(shares).max() >= 1.5 * np.abs(shares).min()
        shown = np.abs(shares).round(3)
        assert len(set(shown)) == len(shown)
        assert shown.min() > 0


@pytest.mark.parametrize("layer", HIDDEN)
def test_blame_reaches_every_hidden_layer(layer):
    assert np.abs(blame(layer)).max() >= 0.02


def test_three_decimals_distinguish_all_blames():
    shown = np.concatenate([blame(layer) for layer in ALL]).round(3)
    assert np.all(shown != 0)
    assert len(set(np.abs(shown))) == len(shown)


def test_the_prediction_is_half_right():
    error = np.abs(FORWARD.prediction - CLIP.target)
    assert np.sum(error < 0.35) == 2
    assert np.sum(error > 0.55) == 2
    assert 0.2 <= BACKWARD.loss <= 0.4


def test_rounded_sums_are_exact():
    """Rounded terms add up to the rounded sum, so that the arithmetic on screen is exact."""
    for layer, record, x in zip(
        CLIP.network.layers, FORWARD.layers, FORWARD.activations[:-1], strict=True
    ):
        terms = (layer.weights * x).round(2).sum(axis=1) + layer.bias
        np.testing.assert_allclose(terms, record.z.round(2), atol=1e-9)
    for above, below in zip(BACKWARD.layers[1:], BACKWARD.layers[:-1], strict=True):
        total = above.shares.round(3).sum(axis=0)
        np.testing.assert_allclose(total, below.activation_gradient.round(3), atol=1e-9)


def test_the_change_in_one_step_is_visible():
    trace = forward(UPDATED, CLIP.input)
    loss = backward(UPDATED, trace, CLIP.target, CLIP.loss).loss
    assert loss <= 0.9 * BACKWARD.loss
    change = [
        np.abs(new.weights - old.weights).max()
        for new, old in zip(UPDATED.layers, CLIP.network.layers, strict=True)
    ]
    assert max(change) >= 0.05
