"""Zooms are sharp: a camera that comes nearer sees what a larger picture shows."""

from __future__ import annotations

import numpy as np
import pytest
from manim import MovingCameraScene, Scene, tempconfig
from numpy.typing import NDArray
from PIL import Image

from netviz.animation import ForwardPass
from netviz.core import Network, forward
from netviz.drawing import NetworkDiagram
from netviz.scene import NetworkScene
from netviz.theme import DARK_THEME

NETWORK = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2)
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
WIDTH, HEIGHT, NEARER = 320, 180, 4


class Both(NetworkScene, MovingCameraScene):
    """What a user writes who wants to zoom, whether it is needed or not."""


def seen(kind: type[Scene], size: int, zoom: float) -> NDArray[np.uint8]:
    """A frame in the middle of a pass, ``size`` times as large, seen ``zoom`` times as near."""
    with tempconfig({"pixel_width": size * WIDTH, "pixel_height": size * HEIGHT}):
        scene = kind(skip_animations=True)
        scene.setup()
        scene.camera.background_color = DARK_THEME.background
        diagram = NetworkDiagram(NETWORK, DARK_THEME)
        scene.add(diagram)
        scene.play(ForwardPass(diagram, TRACE, layers=[1]))
        moving = ForwardPass(diagram, TRACE, layers=[2])
        moving.begin()
        moving.interpolate(0.3)
        scene.camera.frame.scale(1 / zoom)
        scene.renderer.update_frame(scene, ignore_skipping=True)
        return scene.renderer.get_frame()[..., :3].astype(float)


@pytest.mark.parametrize("kind", [MovingCameraScene, NetworkScene, Both])
def test_a_zoom_shows_what_a_larger_picture_shows(kind: type[Scene]) -> None:
    near, large, small = seen(kind, 1, NEARER), seen(kind, NEARER, 1), seen(kind, 1, 1)
    middle = large[
        (NEARER - 1) * HEIGHT // 2 : (NEARER + 1) * HEIGHT // 2,
        (NEARER - 1) * WIDTH // 2 : (NEARER + 1) * WIDTH // 2,
    ]
    assert near.std() > 5
    assert np.abs(near - middle).mean() < 0.5
    # A picture that was only enlarged is something else.
    enlarged = Image.fromarray(small.astype(np.uint8)).resize((NEARER * WIDTH, NEARER * HEIGHT))
    blurred = np.asarray(enlarged, dtype=float)[
        (NEARER - 1) * HEIGHT // 2 : (NEARER + 1) * HEIGHT // 2,
        (NEARER - 1) * WIDTH // 2 : (NEARER + 1) * WIDTH // 2,
    ]
    assert np.abs(near - blurred).mean() > 5 * np.abs(near - middle).mean()
