"""Time is the same at every frame rate, in films, stills and subtitles."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import RIGHT, Create, Dot, FadeIn, Scene, Square

from netviz.export import render
from netviz.export.request import WHOLE_FRAME
from netviz.export.take import Take

RATES = (10, 15, 30, 60)
# Sums of run times that lie between the frames of every rate.
SECONDS = 0.33 + 0.47 + 0.004 + 0.21 + 0.613 + 0.05
SMALL = (96, 54)


class Uneven(Scene):
    """Run times that are whole numbers of frames at no rate, one of them shorter than a frame."""

    def construct(self) -> None:
        dot = Dot(radius=1).shift(-5 * RIGHT)
        dot.add_updater(lambda mobject, dt: mobject.shift(3 * dt * RIGHT))
        square = Square(fill_opacity=1)
        self.add_subcaption("one", duration=0.8)
        self.play(Create(square), run_time=0.33)
        self.next_section("later")
        self.wait(0.47)
        self.play(FadeIn(Dot(radius=0.5)), run_time=0.004)
        self.add(dot)
        self.wait(0.21)
        self.play(square.animate.shift(2 * RIGHT), run_time=0.613)
        self.add_subcaption("two", duration=0.05)
        self.wait(0.05)


def take(scene: type[Scene], fps: float, folder: Path, at: float | None = None) -> Take:
    return Take(scene, *SMALL, fps, at, None, folder, WHOLE_FRAME)


def frames(fps: float, folder: Path) -> list[np.ndarray[Any, Any]]:
    found: list[np.ndarray[Any, Any]] = []
    take(Uneven, fps, folder).frames(lambda pixels, repeat: found.extend([pixels] * repeat))
    return found


@pytest.mark.parametrize("fps", RATES)
def test_a_film_is_as_long_at_every_rate(fps: float, tmp_path: Path) -> None:
    made = render(Uneven, tmp_path / "film.mp4", width=96, fps=fps)
    assert made.seconds == pytest.approx(math.ceil(SECONDS * fps) / fps)
    assert take(Uneven, fps, tmp_path).length() == pytest.approx(SECONDS)
    with av.open(made.path) as container:
        assert len(list(container.decode(video=0))) == math.ceil(SECONDS * fps)
        chapters = [float(c["start"] * c["time_base"]) for c in container.chapters()]
    assert chapters == pytest.approx([0, 0.33], abs=1 / fps)
    assert "00:00:00,000 --> 00:00:01,000" in made.path.with_suffix(".srt").read_text()
    assert "00:00:01,627 --> 00:00:02,627" in made.path.with_suffix(".srt").read_text()


@pytest.mark.parametrize("fps", RATES)
def test_a_moment_is_exactly_the_frame_of_the_film(fps: float, tmp_path: Path) -> None:
    film = frames(fps, tmp_path)
    for n in range(0, len(film), max(len(film) // 8, 1)):
        with take(Uneven, fps, tmp_path, at=n / fps).picture() as picture:
            still = picture.pixels()[..., :3]
        assert np.abs(still.astype(int) - film[n][..., :3]).max() <= 1, n


def test_the_same_moments_look_the_same_at_every_rate(tmp_path: Path) -> None:
    slow, fast = frames(10, tmp_path), frames(60, tmp_path)
    for n, frame in enumerate(slow):
        assert np.abs(frame.astype(int) - fast[6 * n]).max() <= 1, n


def test_a_section_that_is_left_out_takes_no_time(tmp_path: Path) -> None:
    class Left(Scene):
        def construct(self) -> None:
            square = Square(fill_opacity=1)
            self.play(Create(square), run_time=0.5)
            self.next_section("out", skip_animations=True)
            self.play(square.animate.shift(RIGHT), run_time=2)
            self.next_section("in")
            self.play(square.animate.shift(RIGHT), run_time=0.5)

    assert render(Left, tmp_path / "film.mp4", width=96, fps=10).seconds == 1.0
    assert take(Left, 10, tmp_path).length() == 1.0


def test_what_waits_for_something_ends_when_it_has_happened(tmp_path: Path) -> None:
    class Until(Scene):
        def construct(self) -> None:
            dot = Dot()
            dot.add_updater(lambda mobject, dt: mobject.shift(dt * RIGHT))
            self.add(dot)
            self.wait_until(lambda: dot.get_x() > 0.45, max_time=5)

    assert render(Until, tmp_path / "film.mp4", width=96, fps=10).seconds == pytest.approx(0.6)
