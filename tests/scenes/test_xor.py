"""The scene xor: the training converges within the clip, and its line separates the classes."""

from __future__ import annotations

import numpy as np

from netviz.core import forward
from netviz.datasets import load_data

from .playing import FILES, scene_in

Xor = scene_in(FILES["xor"])


def test_the_training_converges() -> None:
    scene, data = Xor(), load_data("xor")
    losses = [loss for _, loss in scene.run]
    assert losses[0] > 0.6
    assert losses[-1] < 0.01
    outputs = forward(scene.run[-1][0], data.inputs).prediction
    assert (outputs.round() == data.targets).all()


def test_the_loss_is_that_of_the_network_next_to_it() -> None:
    data = load_data("xor")
    for network, loss in Xor().run[::12]:
        p, t = forward(network, data.inputs).prediction, data.targets
        assert np.isclose(loss, -np.where(t == 1, np.log(p), np.log(1 - p)).mean())
