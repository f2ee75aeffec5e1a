"""Strands: very many lines, stroked one by one, over which a gradient moves."""

import numpy as np
import pytest
from manim import Camera, tempconfig

from netviz.camera import LayeredCamera
from netviz.camera.strands import Strands
from netviz.drawing.edges.strand import Strand

SMALL = {"pixel_width": 480, "pixel_height": 270, "dry_run": True}
GOLD = np.array([1.0, 0.8, 0.2])


def strand(lines: int, *, share: float = 1.0) -> Strand:
    heights = np.random.default_rng(7).uniform(-3, 3, size=(lines, 2))
    start = np.column_stack([np.full(lines, -5.0), heights[:, 0], np.zeros(lines)])
    end = np.column_stack([np.full(lines, 5.0), heights[:, 1], np.zeros(lines)])
    curves = start[:, np.newaxis] + np.linspace(0, 1, 4)[:, np.newaxis] * (end - start)[:, None]
    ends = np.array([[-5.0, 0, 0], [5.0, 0, 0]])
    path = Strand(1).hold(np.arange(lines), curves, ends).set_stroke(width=2)
    path.share = share
    return path


def picture(camera: Camera, *paths: Strand) -> np.ndarray:
    camera.reset().capture_mobjects(paths)
    return camera.pixel_array[..., :3].astype(int)


def test_a_plain_camera_draws_the_same_except_at_the_borders_of_lines() -> None:
    with tempconfig(SMALL):
        for light in ((0.2, 0.6), (0.6, 0.2), (0.0, 1.0)):
            paths = [
                strand(40).show_comet(*light, GOLD, 0.9),
                strand(20, share=0.4).show_comet(*light, GOLD, 0.9),
            ]
            one, other = picture(LayeredCamera(), *paths), picture(Camera(), *paths)
            assert one.max() > 150
            assert np.abs(one - other).mean() < 1.5
            by_column = one.sum(axis=(0, 2)), other.sum(axis=(0, 2))
            assert np.abs(np.subtract(*by_column)).max() < 0.1 * by_column[1].max()


def test_a_pulse_is_brightest_at_its_head_and_limited_to_its_ends() -> None:
    with tempconfig(SMALL):
        path = strand(60).show_comet(0.3, 0.7, GOLD, 1.0)
        columns = picture(LayeredCamera(), path).sum(axis=(0, 2))
    tail, head = (round(480 * (0.5 + (10 * at - 5) / (128 / 9))) for at in (0.3, 0.7))
    assert not columns[: tail - 2].any()
    assert not columns[head + 2 :].any()
    assert columns[head - 12] > 2 * columns[tail + 40] > 0


def test_lines_are_stroked_once_and_again_after_a_move(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stroked: list[object] = []
    original = Strands._stroke
    monkeypatch.setattr(
        Strands, "_stroke", lambda self, *args: (stroked.append(args[0]), original(self, *args))
    )
    with tempconfig(SMALL):
        camera, path = LayeredCamera(), strand(30)
        for head in (0.5, 0.6, 0.7):
            picture(camera, path.show_comet(0.2, head, GOLD, 1.0))
        assert len(stroked) == 1
        picture(camera, path.shift([0.1, 0, 0]))
        assert len(stroked) == 2


def test_a_pulse_moves_with_its_strand() -> None:
    path = strand(30).show_comet(0.25, 0.5, GOLD, 1.0)
    path.shift([0, 1, 0]).scale(2, about_point=np.zeros(3))
    tail, head = path.get_gradient_start_and_end_points()
    np.testing.assert_allclose([tail, head], [[-5, 2, 0], [0, 2, 0]])
