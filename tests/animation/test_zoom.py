"""Zooms are sharp: a zoomed frame equals a part of a larger picture."""

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
    """A scene that names MovingCameraScene too, which is not required."""


def seen(kind: type[Scene], size: int, zoom: float) -> NDArray[np.uint8]:
    """Return a frame during a pass, ``size`` times as large, with the camera zoomed in."""
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
def test_a_zoom_equals_a_part_of_a_larger_picture(kind: type[Scene]) -> None:
    near, large, small = seen(kind, 1, NEARER), seen(kind, NEARER, 1), seen(kind, 1, 1)
    middle = large[
        (NEARER - 1) * HEIGHT // 2 : (NEARER + 1) * HEIGHT // 2,
        (NEARER - 1) * WIDTH // 2 : (NEARER + 1) * WIDTH // 2,
    ]
    assert near.std() > 5
    assert np.abs(near - middle).mean() < 0.5
    # An enlarged small picture is different.
    enlarged = Image.fromarray(small.astype(np.uint8)).resize((NEARER * WIDTH, NEARER * HEIGHT))
    blurred = np.asarray(enlarged, dtype=float)[
        (NEARER - 1) * HEIGHT // 2 : (NEARER + 1) * HEIGHT // 2,
        (NEARER - 1) * WIDTH // 2 : (NEARER + 1) * WIDTH // 2,
    ]
    assert np.abs(near - blurred).mean() > 5 * np.abs(near - middle).mean()
