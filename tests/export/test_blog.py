"""What a film for a web page needs: a part of it, another shape, several files, few bytes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from manim import RIGHT, UP, Dot, FadeIn, MovingCameraScene, Scene, Square, VGroup
from PIL import Image, ImageSequence

from netviz.export import Cut, ExportError, Page, render, render_all, size_in_bytes
from netviz.problems import ProblemError
from netviz.scene import BeatScene

pytestmark = pytest.mark.usefixtures("in_empty_folder")

SMALL: dict[str, Any] = {"width": 160, "fps": 10}


class Steps(Scene):
    """A square that jumps to the right at every second, three times, with two captions."""

    def construct(self) -> None:
        self.camera.background_color = "#0F1117"
        square = Square(1.0, fill_opacity=1, color="#E69F00", stroke_width=0).shift(3 * RIGHT)
        self.add(square.move_to(-3 * RIGHT))
        for number in range(3):
            self.add_subcaption(f"step {number}", duration=1)
            self.wait(1)
            square.shift(3 * RIGHT)


class Said(BeatScene):
    """A beat with a long caption."""

    def construct(self) -> None:
        with self.beat(text="Every weight changes a little, against its own part of the gradient."):
            self.play(FadeIn(Dot(3.5 * UP)), run_time=0.1)


class Noise(Scene):
    """Many colours that move, which take many bytes."""

    def construct(self) -> None:
        rng = np.random.default_rng(0)
        dots = [
            Dot([x, y, 0], radius=0.6, color="#" + "".join(f"{c:02x}" for c in color))
            for x, y, color in zip(
                rng.uniform(-6, 6, 80),
                rng.uniform(-3, 3, 80),
                rng.integers(0, 256, (80, 3)),
                strict=True,
            )
        ]
        self.play(VGroup(*dots).animate.shift(RIGHT), run_time=0.6)


def frames(path: Path | str, decoder: str = "", form: str = "rgb24") -> list[Any]:
    """Return the frames of a film, decoded."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        codec: Any = av.CodecContext.create(decoder, "r") if decoder else stream.codec_context
        found = [frame for packet in container.demux(stream) for frame in codec.decode(packet)]
        return [frame.to_ndarray(format=form) for frame in found]


def place(frame: Any) -> int:
    """Return where the square is: 0, 1 or 2."""
    lit = np.flatnonzero(frame[..., 0].max(axis=0) > 120)
    return round(float(lit.mean() / frame.shape[1] - 0.5) * 128 / 9 / 3) + 1


# ---- a part of a film ----------------------------------------------------------------------------


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_cut_shows_a_part_of_the_scene_faster_and_its_end_longer(jobs: int) -> None:
    cut = Cut(start=0.5, end=2.5, speed=2, hold=0.4)
    made = render(Steps, "part.mp4", cut=cut, jobs=jobs, **SMALL)
    assert [place(frame) for frame in frames(made.path)] == [0] * 3 + [1] * 5 + [2] * (2 + 4)
    assert made.seconds == 1.4
    said = Path("part.srt").read_text().split("\n\n")
    assert [cue.split("\n")[2] for cue in said if cue.strip()] == ["step 0", "step 1", "step 2"]


def test_captions_and_chapters_are_at_the_times_of_the_cut() -> None:
    class Two(Steps):
        def construct(self) -> None:
            self.next_section("one")
            self.next_section("two", skip_animations=False)
            super().construct()
            self.next_section("three")
            self.wait(1)

    render(Two, "slow.mp4", cut=Cut(start=0.5, end=3.5, speed=0.5), **SMALL)
    times = [
        cue.split("\n")[1] for cue in Path("slow.srt").read_text().split("\n\n") if cue.strip()
    ]
    assert times == [
        "00:00:00,000 --> 00:00:01,000",
        "00:00:01,000 --> 00:00:03,000",
        "00:00:03,000 --> 00:00:05,000",
    ]
    with av.open("slow.mp4") as film:
        found = [
            (c["metadata"]["title"], float(c["start"] * c["time_base"])) for c in film.chapters()
        ]
    assert found == [("two", 0.0), ("three", 5.0)]


def test_a_cut_is_the_same_frames_as_in_the_whole_film() -> None:
    render(Steps, "whole.apng", **SMALL)
    render(Steps, "part.apng", cut=Cut(start=0.7, end=2.2), **SMALL)
    whole, part = frames("whole.apng"), frames("part.apng")
    assert len(part) == 15
    assert all((one == other).all() for one, other in zip(part, whole[7:22], strict=True))


def test_a_still_image_of_a_cut_shows_its_end() -> None:
    made = render_all(Steps, ["a.gif", "a.png"], cut=Cut(end=1.5), **SMALL)
    assert [file.seconds for file in made] == [1.5, 0.0]
    assert place(np.asarray(Image.open("a.png").convert("RGB"))) == 1


@pytest.mark.parametrize(("loop", "played"), [(0, 0), (1, None), (3, 2)])
def test_a_gif_says_how_often_it_is_played(loop: int, played: int | None) -> None:
    render(Steps, "a.gif", cut=Cut(end=0.5, loop=loop), **SMALL)
    with Image.open("a.gif") as picture:
        assert picture.info.get("loop") == played  # repetitions after the first time
    render(Steps, "a.webp", cut=Cut(end=1.5, loop=loop), **SMALL)
    with Image.open("a.webp") as picture:
        assert picture.info["loop"] == loop


@pytest.mark.parametrize(
    ("output", "cut", "sentence"),
    [
        ("a.mp4", {"end": 9}, "to is 9: expected at most 3.00, the duration of Steps in seconds"),
        ("a.mp4", {"start": 3}, "from is 3: expected less than 3.00, the duration of Steps"),
        ("a.mp4", {"loop": 1}, "loop is given for a.mp4: expected none; only animated images"),
        ("a.png", {"speed": 2}, "speed is given for a.png: expected none; a still image has no"),
        ("a.mp4", {"start": 2, "end": 1}, "to is 1: expected a moment after 2, in seconds"),
        ("a.mp4", {"speed": 0}, "speed is 0: expected a number from 0.1 to 100"),
        ("a.mp4", {"hold": -1}, "hold_end is -1: expected 0 to 600 seconds"),
    ],
)
def test_a_cut_that_is_not_possible_is_refused(
    output: str, cut: dict[str, float], sentence: str
) -> None:
    with pytest.raises(ProblemError) as error:
        render(Steps, output, cut=Cut(**cut), width=160)  # type: ignore[arg-type]
    assert str(error.value).startswith(sentence)
    assert not list(Path().iterdir())


# ---- the shape of the frame ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("aspect", "size"), [("1:1", (160, 160)), ("9:16", (160, 284)), ("4:3", (160, 120))]
)
def test_a_higher_frame_has_a_larger_caption_below_a_picture_of_the_same_size(
    aspect: str, size: tuple[int, int]
) -> None:
    made = render(Said, "a.png", width=160, aspect=aspect, at=0.5)
    assert (made.width, made.height) == size
    render(Said, "wide.png", width=160, at=0.5)
    high, wide = (np.asarray(Image.open(p).convert("L")) > 90 for p in ("a.png", "wide.png"))
    rows, rows_wide = np.flatnonzero(high.any(axis=1)), np.flatnonzero(wide.any(axis=1))
    # The dot is at the top of the picture, and nothing is at the ends of the frame.
    dot, dot_wide = high[: rows[0] + 6], wide[: rows_wide[0] + 6]
    assert abs(int(dot.sum()) - int(dot_wide.sum())) <= 3
    assert 0 < rows[0] < rows[-1] < size[1] - 1
    caption, caption_wide = high[rows[0] + 8 :], wide[rows_wide[0] + 8 :]
    assert np.ptp(np.flatnonzero(caption.any(axis=1))) > np.ptp(
        np.flatnonzero(caption_wide.any(axis=1))
    )
    assert not high[:, 0].any()
    assert not high[:, -1].any()


def test_a_plain_scene_of_manim_is_not_distorted_in_another_frame() -> None:
    class Plain(MovingCameraScene):
        def construct(self) -> None:
            self.add(Square(4, fill_opacity=1, stroke_width=0, color="#FFFFFF"))

    render(Plain, "a.png", width=160, aspect="1:1")
    lit = np.asarray(Image.open("a.png").convert("L")) > 128
    assert abs(int(lit.any(axis=0).sum()) - int(lit.any(axis=1).sum())) <= 1


def test_a_cropped_film_shows_all_that_is_drawn_at_any_moment() -> None:
    made = render(Steps, "a.apng", page=Page(tight=True), **SMALL)
    # The square is 1 unit high, and is moved by 6 units; the margin is 0.15.
    assert made.width == 160
    assert made.height == pytest.approx(160 * 1.3 / 7.3, abs=2)
    assert {place_in(frame) for frame in frames("a.apng")} == {0, 1, 2}
    padded = render(Steps, "b.apng", page=Page(tight=True), aspect="1:1", **SMALL)
    assert (padded.width, padded.height) == (160, 160)


def place_in(frame: Any) -> int:
    lit = np.flatnonzero(frame[frame.shape[0] // 2, :, 0] > 120)
    assert len(lit) == pytest.approx(160 / 7.3, abs=2)
    return int(lit.mean() // (160 / 3))


def test_a_film_whose_camera_moves_is_not_cropped() -> None:
    class Moves(MovingCameraScene):
        def construct(self) -> None:
            self.add(Square())
            self.play(self.camera.frame.animate.scale(0.5), run_time=0.2)

    with pytest.raises(ExportError) as error:
        render(Moves, "a.gif", page=Page(tight=True), **SMALL)
    assert str(error.value).startswith("crop is given for Moves: expected a film without")


# ---- several files -------------------------------------------------------------------------------


def test_several_files_are_drawn_once_and_equal_those_that_are_rendered_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from netviz.export import take

    played: list[int] = []
    film = take.Take.film

    def counted(self: Any, *args: Any) -> Any:
        played.append(self.width)
        return film(self, *args)

    monkeypatch.setattr(take.Take, "film", counted)
    names = ["a.mp4", "a.webm", "a.gif", "a.avif", "a.png"]
    together = render_all(Steps, names, **SMALL)
    assert [str(file.path) for file in together] == names
    assert played == [160]
    contents = {name: Path(name).read_bytes() for name in names}
    for name in names:
        settings = {"width": 160} if name == "a.png" else SMALL
        render(Steps, name, **settings)
        assert Path(name).read_bytes() == contents[name], name


def test_files_of_other_sizes_are_drawn_for_themselves_and_no_file_is_left_by_an_error() -> None:
    made = render_all(Steps, ["a.mp4", "a.gif"], cut=Cut(end=0.2))
    assert [(file.width, file.seconds) for file in made] == [(854, 0.2), (800, 0.24)]
    for path in Path().iterdir():
        path.unlink()
    with pytest.raises(ExportError, match="is given twice"):
        render_all(Steps, ["a.mp4", "a.mp4"])
    with pytest.raises(ExportError, match="is given twice"):
        render_all(Steps, ["a.mp4", "b/../a.mp4"])
    with pytest.raises(ExportError, match="at most"):
        render_all(Steps, ["a.mp4", "a.gif"], cut=Cut(end=99), **SMALL)
    assert not list(Path().iterdir())


# ---- without background --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "codec", "decoder"),
    [
        ("a.mov", "prores", ""),
        ("a.webm", "vp9", "libvpx-vp9"),
        ("a.apng", "apng", ""),
        ("a.webp", "", ""),
    ],
)
def test_a_film_without_background_has_its_opacity(output: str, codec: str, decoder: str) -> None:
    class Half(Scene):
        def construct(self) -> None:
            self.camera.background_color = "#FF0000"
            square = Square(4, fill_opacity=0.5, stroke_width=0, color="#FFFFFF")
            self.add(square)
            self.wait(0.2)
            self.play(square.animate.shift(RIGHT), run_time=0.2)

    render(Half, output, page=Page(transparent=True), **SMALL)
    if codec:
        with av.open(output) as container:
            assert container.streams.video[0].codec_context.name == codec
        last = frames(output, decoder, "rgba")[-1]
    else:
        with Image.open(output) as picture:
            last = [np.asarray(each.convert("RGBA")) for each in ImageSequence.Iterator(picture)][
                -1
            ]
    middle, corner = last[45, 84].astype(int), last[3, 3].astype(int)
    # White, half of it: not grey, as colours that are multiplied by their opacity would be.
    assert np.abs(middle - (255, 255, 255, 128)).max() <= 6
    assert corner[3] <= 3


@pytest.mark.parametrize("output", ["a.mp4", "a.gif", "a.avif"])
def test_a_format_without_opacity_is_refused_for_a_transparent_film(output: str) -> None:
    with pytest.raises(ExportError) as error:
        render(Steps, output, page=Page(transparent=True))
    assert str(error.value).startswith(f"transparent is given for {output}: expected one of .webm")


# ---- few bytes -----------------------------------------------------------------------------------


def test_a_file_that_is_too_large_loses_frames_then_pixels_then_quality() -> None:
    whole = render(Noise, "whole.webp", width=200, fps=20)
    for share, word in {1: "", 0.6: "frames a second", 0.12: "quality"}.items():
        most = round(share * whole.size_bytes)
        made = render(Noise, "a.webp", width=200, fps=20, max_size=most)
        assert made.path.stat().st_size == made.size_bytes <= most
        assert word in made.given_up
        assert bool(word) == bool(made.given_up)
        assert (f"(smaller: {made.given_up})" in str(made)) == bool(word)
        if word == "quality":
            assert "pixels wide" in made.given_up


def test_a_still_image_loses_pixels_and_colours_and_a_sentence_says_when_that_is_not_enough() -> (
    None
):
    whole = render(Noise, "whole.png", width=320)
    made = render(Noise, "a.png", width=320, max_size=whole.size_bytes // 3)
    assert made.size_bytes <= whole.size_bytes // 3
    assert made.width < 320
    for name in ("a.png", "a.svg"):
        before = Path(name).read_bytes() if Path(name).exists() else b""
        with pytest.raises(ExportError) as error:
            render(Noise, name, width=320, max_size=100)
        assert str(error.value).startswith("max_size is 0 kB: expected at least ")
        assert (Path(name).read_bytes() if Path(name).exists() else b"") == before


def test_sizes_of_files_are_read_with_their_units() -> None:
    assert [size_in_bytes(text) for text in ("1MB", "500 kB", "1.5m", "700")] == [
        *(1_000_000, 500_000, 1_500_000, 700)
    ]


# ---- the text alternative ------------------------------------------------------------------------


def test_a_text_alternative_is_written_and_one_by_hand_is_kept() -> None:
    page = Page(description="A square in three places.")
    made = render_all(Steps, ["a.gif", "a.png"], page=page, **SMALL)
    text = Path("a.txt")
    assert text.read_text() == "A square in three places.\n"
    assert text in made[0].companions
    render(Steps, "a.gif", page=Page(description="Another text."), **SMALL)
    assert text.read_text() == "Another text.\n"
    # The same film in another format, some time later.
    for suffix in (".mp4", ".webm"):
        render(Steps, f"b{suffix}", cut=Cut(end=1), page=page, **SMALL)
        for path in Path().glob("b.*"):
            os.utime(path, (1e9, 1e9))
    text.write_text("By hand.\n")
    later = text.stat().st_mtime + 60
    os.utime(text, (later, later))
    for _ in range(2):
        made = render_all(Steps, ["a.gif", "a.png"], page=page, **SMALL)
        assert text.read_text() == "By hand.\n"
        assert made[0].companions == ()
