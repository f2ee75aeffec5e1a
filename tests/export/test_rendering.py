"""Small scenes rendered completely and decoded again, and invalid requests."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import RIGHT, Create, Dot, MovingCameraScene, Scene, Square, config
from PIL import Image

from netviz.export import FORMATS, QUALITY_PRESETS, ExportError, render
from netviz.export.request import frame_size
from netviz.problems import ProblemError

pytestmark = pytest.mark.usefixtures("in_empty_folder")

SMALL = 96


class Sections(Scene):
    """2.5 seconds: a square that moves, in two sections with captions."""

    def construct(self) -> None:
        self.camera.background_color = "#0F1117"
        square = Square(color="#E69F00", fill_opacity=1)
        self.next_section("first")
        self.add_subcaption("a < b --> c\n\nd", duration=1)
        self.play(Create(square))
        self.next_section("second")
        self.add_subcaption("later", duration=0.5)
        self.play(square.animate.shift(4 * RIGHT))
        self.wait(0.5)


class Picture(Scene):
    """A scene without animations."""

    def construct(self) -> None:
        self.add(Square(fill_opacity=1))


class Zoom(MovingCameraScene):
    """The camera moves for 1 second."""

    def construct(self) -> None:
        self.add(Square(side_length=2, fill_opacity=1, stroke_width=0))
        self.play(self.camera.frame.animate.set(width=4))


class Updated(Scene):
    """Two seconds in which an updater moves a dot."""

    def construct(self) -> None:
        dot = Dot(radius=1).shift(-5 * RIGHT)
        dot.add_updater(lambda mobject, dt: mobject.shift(4 * dt * RIGHT))
        self.add(dot)
        self.wait(1)
        self.play(Create(Square()))


def all_files() -> set[str]:
    return {str(path) for path in Path().rglob("*") if not path.is_dir()}


def video_frames(path: Path) -> list[np.ndarray[Any, Any]]:
    with av.open(path) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def decoded(path: Path) -> tuple[list[float], np.ndarray[Any, Any]]:
    """Return the time of each frame, and the last frame."""
    if path.suffix in (".mp4", ".webm", ".mov"):
        with av.open(path) as container:
            frames = list(container.decode(video=0))
        return [float(frame.time) for frame in frames], frames[-1].to_ndarray(format="rgb24")
    with Image.open(path) as picture:
        durations = []
        for frame in range(picture.n_frames):
            picture.seek(frame)
            picture.load()
            durations.append(picture.info["duration"] / 1000)
        times = [0.0, *np.cumsum(durations)]
        return times[:-1], np.asarray(picture.convert("RGB"))


@pytest.mark.parametrize(("suffix", "codec"), [(".mp4", "h264"), (".webm", "libdav1d")])
def test_a_video_has_the_frames_captions_and_chapters_of_its_scene(suffix: str, codec: str) -> None:
    made = render(Sections, Path("new/folder/film").with_suffix(suffix), width=SMALL, fps=10)
    assert (made.width, made.height, made.seconds) == (SMALL, 54, 2.5)
    assert made.size_bytes == made.path.stat().st_size
    with av.open(made.path) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == (codec, "yuv420p")
        assert (stream.width, stream.height, stream.average_rate) == (SMALL, 54, 10)
        times = [round(float(frame.time), 2) for frame in container.decode(video=0)]
        titles = [chapter["metadata"]["title"] for chapter in container.chapters()]
        ends = [float(chapter["end"] * chapter["time_base"]) for chapter in container.chapters()]
    assert times == [round(n / 10, 2) for n in range(25)]
    assert (titles, ends) == (["first", "second"], [1.0, 2.5])
    assert made.companions == (made.path.with_suffix(".srt"), made.path.with_suffix(".vtt"))
    assert all_files() == {str(path) for path in (made.path, *made.companions)}


@pytest.mark.parametrize("suffix", [suffix for suffix, kind in FORMATS.items() if not kind.still])
def test_a_film_of_any_format_has_the_size_length_and_last_frame_of_its_scene(suffix: str) -> None:
    made = render(Sections, Path("film").with_suffix(suffix), width=SMALL, fps=10)
    times, last = decoded(made.path)
    assert last.shape == (54, SMALL, 3)
    assert (made.width, made.height, made.seconds) == (SMALL, 54, 2.5)
    # The picture is still for the last half second, which some formats store as one frame.
    assert times[0] == 0.0
    assert 2.0 <= times[-1] < 2.5
    assert np.abs(last[27, 48 + 27].astype(int) - (0xE6, 0x9F, 0x00)).max() <= 6


@pytest.mark.parametrize("suffix", [".gif", ".webp", ".apng", ".avif"])
def test_an_animated_image_takes_its_time_and_repeats_endlessly(suffix: str) -> None:
    made = render(Sections, Path("film").with_suffix(suffix), width=SMALL, fps=20)
    with Image.open(made.path) as picture:
        durations = []
        for frame in range(picture.n_frames):
            picture.seek(frame)
            picture.load()
            durations.append(picture.info["duration"])
        loops = picture.info.get("loop")
    assert sum(durations) == pytest.approx(1000 * made.seconds, abs=1 if suffix != ".webp" else 10)
    # Pillow does not read it from AVIF.
    assert loops == 0 or suffix == ".avif"


def test_captions_are_written_as_srt_and_vtt() -> None:
    render(Sections, Path("film.mp4"), width=SMALL, fps=10)
    assert Path("film.vtt").read_text() == (
        "WEBVTT\n\n"
        "00:00:00.000 --> 00:00:01.000\na &lt; b --&gt; c\nd\n\n"
        "00:00:01.000 --> 00:00:02.000\nlater\n"
    )
    assert "00:00:01,000 --> 00:00:02,000\nlater\n" in Path("film.srt").read_text()


def test_an_mp4_has_its_index_in_front_and_declares_its_color_space() -> None:
    render(Sections, Path("film.mp4"), width=SMALL, fps=10)
    data = Path("film.mp4").read_bytes()
    assert 0 < data.find(b"moov") < data.find(b"mdat")
    with av.open("film.mp4") as container:
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_range) == (6, 1)  # BT.601, limited
    first, last = video_frames(Path("film.mp4"))[:: 25 - 1]
    assert np.abs(first[2, 2].astype(int) - (0x0F, 0x11, 0x17)).max() <= 3
    assert np.abs(last[27, 48 + 27].astype(int) - (0xE6, 0x9F, 0x00)).max() <= 6


def test_a_gif_has_every_frame_at_the_exact_time() -> None:
    made = render(Sections, Path("film.gif"), width=SMALL)
    with Image.open(made.path) as image:
        assert image.size == (SMALL, 54)
        assert image.info["loop"] == 0
        delays = []
        for number in range(image.n_frames):
            image.seek(number)
            delays.append(image.info["duration"])
        assert image.convert("RGB").getpixel((2, 2)) == (0x0F, 0x11, 0x17)
        assert image.convert("RGB").getpixel((48 + 27, 27)) == (0xE6, 0x9F, 0x00)
    assert sum(delays) == round(1000 * made.seconds)
    assert set(delays[:-1]) == {80}
    assert made.seconds == pytest.approx(2.5, abs=0.1)
    assert all_files() == {"film.gif"}


def test_a_gif_is_800_wide_whatever_the_quality() -> None:
    class Short(Scene):
        def construct(self) -> None:
            self.wait(0.2)

    made = render(Short, Path("film.gif"), quality="4k")
    assert (made.width, made.height) == (800, 450)


@pytest.mark.parametrize(("fps", "delay"), [(10, 100), (12.5, 80), (20, 50), (25, 40)])
def test_a_gif_supports_four_frame_rates(fps: float, delay: int) -> None:
    render(Zoom, Path("film.gif"), width=SMALL, fps=fps)
    with Image.open("film.gif") as image:
        assert image.info["duration"] == delay
        assert image.n_frames == pytest.approx(1000 / delay, abs=1)


def test_a_still_image_is_the_last_frame() -> None:
    render(Sections, Path("film.mp4"), width=SMALL, fps=10)
    made = render(Sections, Path("last.png"), width=SMALL)
    assert made.seconds == 0
    with Image.open(made.path) as image:
        assert (image.mode, image.size) == ("RGB", (SMALL, 54))
        assert np.abs(np.asarray(image, int) - video_frames(Path("film.mp4"))[-1]).mean() < 3


@pytest.mark.parametrize("scene", [Sections, Zoom, Updated])
@pytest.mark.parametrize("at", [0, 0.5, 0.9])
def test_a_still_image_of_a_moment_is_the_frame_of_the_video(scene: type[Scene], at: float) -> None:
    render(scene, Path("film.mp4"), width=SMALL, fps=10)
    render(scene, Path("moment.png"), width=SMALL, at=at)
    picture = np.asarray(Image.open("moment.png"), int)
    frames = video_frames(Path("film.mp4"))
    errors = [np.abs(picture - frame).mean() for frame in frames]
    assert errors[round(10 * at)] < min(errors) + 0.2  # compression blurs more than that
    assert min(errors) < 3


def test_a_still_image_draws_only_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    from manim import Camera

    drawn = []
    draw = Camera.capture_mobjects

    def counted(self: Camera, *args: Any, **kwargs: Any) -> None:
        drawn.append(self)
        draw(self, *args, **kwargs)

    monkeypatch.setattr(Camera, "capture_mobjects", counted)
    render(Sections, Path("last.png"), width=SMALL)
    render(Sections, Path("moment.png"), width=SMALL, at=1.5)
    assert len(drawn) == 2


@pytest.mark.parametrize(
    ("scene", "sentence"),
    [
        (lambda: Picture(), "scene_class is a Picture: expected the class itself, Picture"),
        (lambda: Square(), "scene_class is a Square: expected a class derived from manim.Scene"),
        (lambda: Square, "scene_class is the class Square: expected a class derived from"),
        (lambda: "Picture", "scene_class is 'Picture': expected a class derived from manim"),
    ],
)
def test_only_a_scene_class_is_rendered(scene: Callable[[], Any], sentence: str) -> None:
    with pytest.raises(ExportError, match=sentence):
        render(scene(), Path("still.png"), width=SMALL)
    assert not Path("still.png").exists()


def test_a_scene_without_animations_is_rendered_as_a_still_image_only() -> None:
    render(Picture, Path("still.png"), width=SMALL)
    for suffix in (suffix for suffix, kind in FORMATS.items() if not kind.still):
        with pytest.raises(ExportError, match="Picture plays no animation: expected a still image"):
            render(Picture, Path(f"still{suffix}"), width=SMALL)
    assert all_files() == {"still.png"}


@pytest.mark.parametrize("suffix", [suffix for suffix, kind in FORMATS.items() if not kind.still])
def test_progress_goes_up_to_the_end(suffix: str) -> None:
    calls: list[tuple[float, float]] = []
    render(
        Sections,
        Path("film").with_suffix(suffix),
        width=SMALL,
        fps=10,
        progress=lambda done, total: calls.append((done, total)),
    )
    assert {total for _, total in calls} == {2.5}
    done = [seconds for seconds, _ in calls]
    assert done == sorted(done)
    assert done[-1] == 2.5


@pytest.mark.parametrize("suffix", FORMATS)
def test_manim_writes_no_output(suffix: str, capfd: pytest.CaptureFixture[str]) -> None:
    level = logging.getLogger("manim").level
    render(Sections, Path("film").with_suffix(suffix), width=SMALL)
    assert capfd.readouterr() == ("", "")
    assert logging.getLogger("manim").level == level


def test_a_manim_cfg_changes_nothing() -> None:
    with pytest.MonkeyPatch.context() as patch:
        for key, value in {"save_sections": True, "upto_animation_number": 0}.items():
            patch.setitem(config._d, key, value)
        assert render(Sections, Path("film.mp4"), width=SMALL, fps=10).seconds == 2.5


@pytest.mark.parametrize(
    ("output", "options", "sentence"),
    [
        ("film.avi", {}, r"film.avi has suffix '.avi': expected one of .mp4, "),
        ("film.giff", {}, r"film.giff has suffix '.giff': .*; did you mean '.gif'\?"),
        ("film", {}, "film has no suffix: expected one of .mp4"),
        ("folder.mp4", {}, "folder.mp4 is a directory: expected the name of a file"),
        ("file/film.mp4", {}, r"file/film.mp4 cannot be written \(.*\): expected a path in a w"),
        (
            "film.mp4",
            {"quality": "hihg"},
            r"quality is 'hihg': expected one of low, .* did you mean 'high'\?",
        ),
        ("film.mp4", {"width": 3}, "width is 3: expected 64 to 7680 pixels"),
        ("film.mp4", {"width": 0}, "width is 0: expected 64 to 7680 pixels"),
        ("film.mp4", {"fps": 0.0}, "fps is 0: expected 1 to 240 frames per second"),
        ("film.mp4", {"fps": float("nan")}, "fps is nan: expected 1 to 240 frames per second"),
        ("film.gif", {"fps": 30.0}, "fps is 30 for a .gif: expected one of 10, 12.5, 20, 25"),
        ("film.gif", {"at": 1.0}, "at is given for film.gif: expected none; only a still image"),
        (
            "film.png",
            {"fps": 10.0},
            "fps is given for film.png: expected none; a still image has no",
        ),
        ("film.png", {"at": -1.0}, "at is -1: expected a moment from 0 on, in seconds"),
        ("film.png", {"at": 2.6}, "at is 2.6: expected at most 2.50, the duration of Sections"),
    ],
)
def test_an_invalid_request_raises_an_error_of_one_sentence(
    output: str, options: dict[str, Any], sentence: str
) -> None:
    Path("folder.mp4").mkdir()
    Path("file").write_text("in the way")
    with pytest.raises(ExportError, match=sentence) as raised:
        render(Sections, Path(output), **options)
    assert "\n" not in str(raised.value)
    assert isinstance(raised.value, ProblemError)
    assert len(raised.value.problems) == 1
    assert all_files() == {"file"}


def test_a_still_image_at_the_end_is_the_last_frame() -> None:
    render(Sections, Path("last.png"), width=SMALL)
    render(Sections, Path("end.png"), width=SMALL, at=2.5)
    assert Path("end.png").read_bytes() == Path("last.png").read_bytes()


def test_the_suffix_may_be_in_capitals() -> None:
    assert render(Picture, Path("STILL.PNG"), width=SMALL).path == Path("STILL.PNG")
    assert all_files() == {"STILL.PNG"}


@pytest.mark.parametrize("width", [preset.width for preset in QUALITY_PRESETS.values()] + [101, 64])
def test_frames_are_16_to_9_and_even(width: int) -> None:
    wide, high = frame_size(width)
    assert wide in (width, width - 1)
    assert wide % 2 == high % 2 == 0
    assert abs(high - wide * 9 / 16) <= 1
