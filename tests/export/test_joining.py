"""Films that follow each other, parts of a film, existing films, and sound."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from manim import BLUE, RED, Scene, Square
from tones import loud, tone

from netviz.export import ExportError, render
from netviz.export.joining import film_length, fits, join, split
from netviz.export.reel import Chapter
from netviz.export.replay import replayed
from netviz.export.slides import check_slides
from netviz.export.sound import has_sound, sound_length

FPS = 10


class Red(Scene):
    """A second in red, then half a second in blue."""

    def construct(self) -> None:
        square = Square(side_length=20, fill_opacity=1, color=RED)
        self.add(square)
        self.wait(1)
        square.set_color(BLUE)
        self.wait(0.5)


@pytest.fixture(scope="module")
def red(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return render(Red, tmp_path_factory.mktemp("films") / "red.mp4", width=96, fps=FPS).path


def times_and_hues(path: Path) -> Iterator[tuple[float, str]]:
    with av.open(path) as film:
        for frame in film.decode(video=0):
            red, _, blue = frame.to_ndarray(format="rgb24")[10, 10].astype(int)
            yield round(float(frame.time), 3), "red" if red > blue else "blue"


def packets(path: Path) -> list[bytes]:
    with av.open(path) as film:
        return [bytes(packet) for packet in film.demux(video=0) if packet.size]


def test_films_are_joined_without_being_encoded_again(red: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.mp4"
    chapters = [Chapter("one", 0, 1.5), Chapter("two and three", 1.5, 4.5)]
    assert join([red] * 3, made, chapters=chapters) == pytest.approx(4.5)
    assert packets(made) == packets(red) * 3
    seen = list(times_and_hues(made))
    assert [time for time, _ in seen] == [round(n / FPS, 3) for n in range(45)]
    assert [hue for _, hue in seen] == (["red"] * 10 + ["blue"] * 5) * 3
    with av.open(made) as film:
        assert [each["metadata"]["title"] for each in film.chapters()] == ["one", "two and three"]
    assert not has_sound(made)


def test_a_film_of_another_size_is_refused_and_can_be_shown_again(
    red: Path, tmp_path: Path
) -> None:
    other = render(Red, tmp_path / "other.mp4", width=160, fps=5).path
    assert not fits(other, red)
    with pytest.raises(ExportError, match=r"other.mp4 has another codec, size or frame rate"):
        join([red, other], tmp_path / "made.mp4")
    again = render(replayed(other, FPS), tmp_path / "again.mp4", width=96, fps=FPS).path
    assert fits(again, red)
    assert film_length(again) == pytest.approx(film_length(other), abs=1 / FPS)
    assert [hue for _, hue in times_and_hues(again)][:15] == ["red"] * 10 + ["blue"] * 5


def test_a_film_is_cut_into_parts_at_moments(red: Path, tmp_path: Path) -> None:
    first, second, third = split(red, [0.3, 1.0], tmp_path).values()
    assert [film_length(part) for part in (first, second, third)] == pytest.approx([0.3, 0.7, 0.5])
    assert {hue for _, hue in times_and_hues(second)} == {"red"}
    assert {hue for _, hue in times_and_hues(third)} == {"blue"}


# ---- sound --------------------------------------------------------------------------------------


def test_recordings_are_heard_at_their_moments(red: Path, tmp_path: Path) -> None:
    sounds = [(0.25, tone(tmp_path / "a.wav", 0.4)), (0.9, tone(tmp_path / "b.wav", 0.3))]
    made = tmp_path / "made.mp4"
    join([red], made, sounds=sounds)
    (a, b) = loud(made)
    assert a == pytest.approx((0.25, 0.65), abs=0.01)
    assert b == pytest.approx((0.9, 1.2), abs=0.01)
    assert packets(made) == packets(red)


def test_sound_that_is_longer_than_the_film_is_cut(red: Path, tmp_path: Path) -> None:
    made = tmp_path / "made.mp4"
    join([red], made, sounds=[(1.0, tone(tmp_path / "long.wav", 3.0))])
    assert loud(made)[-1][1] == pytest.approx(1.5, abs=0.03)


@pytest.mark.parametrize(
    ("suffix", "codec"), [("flac", "flac"), ("mp3", "libmp3lame"), ("m4a", "aac")]
)
def test_recordings_may_have_other_formats(suffix: str, codec: str, tmp_path: Path) -> None:
    path = tmp_path / f"tone.{suffix}"
    with av.open(tone(tmp_path / "tone.wav", 1.0)) as source, av.open(path, "w") as target:
        stream = target.add_stream(codec, rate=44_100, layout="mono")
        frames: Any = source.decode(audio=0)
        for frame in frames:
            frame.pts = None
            target.mux(stream.encode(frame))  # type: ignore[union-attr, arg-type]
        target.mux(stream.encode(None))  # type: ignore[union-attr, arg-type]
    assert sound_length(path) == pytest.approx(1.0, abs=0.06)


def test_what_is_no_recording_is_refused(red: Path, tmp_path: Path) -> None:
    path = tmp_path / "text.wav"
    path.write_text("no sound")
    for wrong in (path, red):
        with pytest.raises(ExportError, match=r"is no recording that can be read: expected sound"):
            sound_length(wrong)


# ---- slides -------------------------------------------------------------------------------------


def test_slides_of_another_format_are_refused() -> None:
    with pytest.raises(ExportError, match=r"has suffix '.odp': expected one of .html, .pptx"):
        check_slides(Path("slides.odp"))
