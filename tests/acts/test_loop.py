"""The loop ends as it begins, and every number in it is the core's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from netviz.acts.acts_scene import ActsScene
from netviz.export.request import WHOLE_FRAME
from netviz.export.take import LeapingRenderer, Take


def play(shape: str) -> ActsScene:
    """Return a scene that has played the loop on a network."""
    attributes = {"network": shape, "acts": ("loop",)}
    scene = type("Played", (ActsScene,), attributes)()
    LeapingRenderer(scene, None)
    scene.render()
    return scene


def values(scene: ActsScene, layer: int) -> list[float | None]:
    return [neuron.value for neuron in scene.diagram.layer(layer)]


def test_the_loop_ends_as_it_begins() -> None:
    scene, before = play("3-4-2"), ActsScene.configured(network="3-4-2")()
    assert scene.diagram.network == before.example.network
    assert values(scene, 0) == list(before.trace.input)
    assert values(scene, 2) == [None, None]
    assert not scene.loss_meter.number.has_points()
    assert not any(gap.has_points() for gap in scene.gap_bars.gaps)
    assert scene.renderer.time <= 15


def test_the_last_frame_of_the_loop_is_its_first(tmp_path: Path) -> None:
    frames: list[NDArray[np.uint8]] = []

    class Loop(ActsScene):
        acts = ("loop",)

    def keep(pixels: NDArray[np.uint8], repeat: int) -> None:
        frames[1:] = []
        frames.append(pixels.copy())

    take = Take(Loop, 320, 180, 12.5, None, None, tmp_path, WHOLE_FRAME)
    assert take.frames(keep) <= 15.05
    assert np.array_equal(frames[0], frames[-1])
    background = frames[0][-1, -1]
    assert (frames[0] != background).any(axis=-1).mean() > 0.05


def test_the_loop_goes_forward_back_and_one_step_on() -> None:
    """Every number that it shows is the core's, and so is every loss."""
    shown: list[tuple[float | None, float | None]] = []
    losses: list[float] = []

    class Watched(ActsScene):
        network, acts = "3-4-2", ("loop",)

        def hold(self, *args: Any, **options: Any) -> None:
            neuron = self.diagram.neuron(2, 0)
            shown.append((neuron.value, neuron.blame))
            if self.loss_meter.number.has_points():
                losses.append(self.loss_meter.number.value)
            super().hold(*args, **options)

    scene = Watched()
    LeapingRenderer(scene, None)
    scene.render()
    out, again = (float(t.prediction[0]) for t in (scene.trace, scene.corrected_trace))
    blame = float(scene.blame.layers[-1].blame[0])
    assert shown == [(out, None), (out, None), (out, blame), (out, blame), (again, None)]
    first, last = float(scene.blame.loss), float(scene.blame_in(scene.corrected).loss)
    assert losses == [first, first, first, last]


@pytest.mark.parametrize("shape", ["1-1", "9-8-6", "2-2-2-2-2-2-2-2", "16-16-16-10"])
def test_the_loop_suits_any_network(shape: str) -> None:
    scene = play(shape)
    assert 12 < scene.renderer.time <= 15.5
    assert scene.diagram.network == scene.example.network
