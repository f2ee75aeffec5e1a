"""The built-in 5-2-2-5 network tells the story of the main clip."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.core import backward, forward
from netviz.spec import load

STORY = load("5-2-2-5")
FORWARD = forward(STORY.network, STORY.input)
BACKWARD = backward(STORY.network, FORWARD, STORY.target, STORY.loss)
BETTER = STORY.network.updated(BACKWARD, STORY.learning_rate)
HIDDEN = (0, 1)
ALL = (0, 1, 2)


def weights(layer):
    return STORY.network.layers[layer].weights


def blame(layer):
    return BACKWARD.layers[layer].blame


def test_it_is_the_network_of_the_storyboard():
    assert STORY.network.sizes == (5, 2, 2, 5)
    assert {layer.activation.name for layer in STORY.network.layers} == {"sigmoid"}
    assert STORY.loss.name == "mse"
    assert STORY.input.tolist() == [0.9, 0.1, 0.8, 0.2, 0.6]
    assert STORY.target.tolist() == [1, 0, 0, 1, 0]
    assert STORY.learning_rate <= 5


def test_weights_and_biases_are_shown_as_they_are():
    for layer in STORY.network.layers:
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
def test_each_hidden_layer_has_an_active_and_a_lazy_neuron(layer):
    activation = FORWARD.layers[layer].activation
    assert activation.max() >= 0.7
    assert activation.min() <= 0.25


def test_the_active_neuron_behind_the_outputs_is_most_to_blame():
    active = int(FORWARD.layers[1].activation.argmax())
    assert abs(blame(1)[active]) >= 1.3 * abs(blame(1)[1 - active])


@pytest.mark.parametrize("layer", [1, 2])
def test_the_weights_from_the_active_neuron_are_corrected_most(layer):
    active = int(FORWARD.layers[layer - 1].activation.argmax())
    gradient = np.abs(BACKWARD.layers[layer].weight_gradient)
    assert np.all(gradient[:, active] > 2.5 * gradient[:, 1 - active])


@pytest.mark.parametrize("layer", [1, 2])
def test_shares_into_each_hidden_neuron_pull_both_ways_and_differ(layer):
    for shares in BACKWARD.layers[layer].shares.T:
        assert shares.min() < 0 < shares.max()
        assert np.abs(shares).max() >= 1.5 * np.abs(shares).min()
        shown = np.abs(shares).round(3)
        assert len(set(shown)) == len(shown)
        assert shown.min() > 0


@pytest.mark.parametrize("layer", HIDDEN)
def test_blame_reaches_every_hidden_layer(layer):
    assert np.abs(blame(layer)).max() >= 0.02


def test_three_decimals_tell_all_blames_apart():
    shown = np.concatenate([blame(layer) for layer in ALL]).round(3)
    assert np.all(shown != 0)
    assert len(set(np.abs(shown))) == len(shown)


def test_the_prediction_is_half_right():
    error = np.abs(FORWARD.prediction - STORY.target)
    assert np.sum(error < 0.35) == 2
    assert np.sum(error > 0.55) == 2
    assert 0.2 <= BACKWARD.loss <= 0.4


def test_sums_are_right_as_they_are_shown():
    """Rounded terms add up to the rounded sum, for whoever checks the arithmetic on screen."""
    for layer, record, x in zip(
        STORY.network.layers, FORWARD.layers, FORWARD.activations[:-1], strict=True
    ):
        terms = (layer.weights * x).round(2).sum(axis=1) + layer.bias
        np.testing.assert_allclose(terms, record.z.round(2), atol=1e-9)
    for above, below in zip(BACKWARD.layers[1:], BACKWARD.layers[:-1], strict=True):
        total = above.shares.round(3).sum(axis=0)
        np.testing.assert_allclose(total, below.activation_gradient.round(3), atol=1e-9)


def test_one_correction_is_visible():
    trace = forward(BETTER, STORY.input)
    loss = backward(BETTER, trace, STORY.target, STORY.loss).loss
    assert loss <= 0.9 * BACKWARD.loss
    change = [
        np.abs(new.weights - old.weights).max()
        for new, old in zip(BETTER.layers, STORY.network.layers, strict=True)
    ]
    assert max(change) >= 0.05
