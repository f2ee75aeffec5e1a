"""The rounds of the scene training_loop, computed again."""

from __future__ import annotations

from typing import Any

import pytest

from netviz import backward, forward

from .playing import FILES, play, scene_in


def losses_of(scene: Any, rounds: int) -> list[float]:
    """Return the losses before and after so many corrections, step by step."""
    example, network, losses = scene.example, scene.example.network, []
    for _ in range(rounds + 1):
        blame = backward(network, forward(network, example.input), example.target, example.loss)
        losses.append(float(blame.loss))
        network = network.updated(blame, example.learning_rate)
    return losses


def captions_with(**options: object) -> list[str]:
    scene_class = scene_in(FILES["training_loop"]).configured(options=options)
    return [text for _, _, text in play(scene_class).captions]


def test_training_ends_with_the_first_loss_below_the_tolerance() -> None:
    scene: Any = scene_in(FILES["training_loop"]).configured(options={"tolerance": 0.05})()
    losses = losses_of(scene, 40)
    rounds = next(place for place, loss in enumerate(losses) if loss < 0.05)
    last = captions_with(tolerance=0.05)[-1]
    assert last == f"After {rounds} rounds the loss is below the tolerance: done."


def test_other_seeds_begin_with_other_weights() -> None:
    first, second = (
        scene_in(FILES["training_loop"]).configured(options={"seed": seed})().example.network  # type: ignore[attr-defined]
        for seed in (1, 2)
    )
    assert first != second
    assert first.sizes == second.sizes


@pytest.mark.parametrize("tolerance", [1.0, 1e-4])
def test_a_loss_that_is_small_at_once_or_never(tolerance: float) -> None:
    last = captions_with(tolerance=tolerance)[-1]
    rounds, reached = (1, "is below") if tolerance == 1 else (40, "is not yet below")
    assert last.startswith(f"After {rounds} rounds the loss {reached} the tolerance")
