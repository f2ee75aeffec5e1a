"""MP4 and WebM: manim's encoding, with chapters, and with captions in files next to the video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from netviz.captions import Caption, as_srt, as_vtt, cues

if TYPE_CHECKING:
    from netviz.export.take import Take

# manim converts to YUV by BT.601 and does not declare it; without a declaration, players assume
# BT.709 for large pictures.
COLOR_TAGS = {
    "colorspace": "smpte170m",
    "color_primaries": "bt709",
    "color_trc": "iec61966-2-1",
    "color_range": "tv",
}
VP9 = {"b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"}
MILLISECOND = Fraction(1, 1000)


@dataclass(frozen=True)
class Chapter:
    """A section of the scene, from ``start`` to ``end`` in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True)
class Movie:
    """What manim's own file writer made: a video file, its duration, captions and chapters."""

    path: Path
    seconds: float
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]


def write_mp4(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write H.264 video. With its index in front, it can be played before all of it has arrived."""
    return _write(take, draft, COLOR_TAGS, {"movflags": "+faststart"})


def write_webm(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write VP9 video."""
    return _write(take, draft, COLOR_TAGS | VP9, {})


def _write(
    take: Take, draft: Path, encoder: Mapping[str, str], muxer: Mapping[str, str]
) -> tuple[float, tuple[int, int]]:
    """Write a video, and its captions, if there are any, as .srt and .vtt next to it."""
    movie = take.movie(draft.suffix.removeprefix("."), encoder)
    _remux(movie, draft, muxer)
    shown = cues(movie.captions)
    for suffix, written in ((".srt", as_srt), (".vtt", as_vtt)):
        if shown:
            draft.with_suffix(suffix).write_text(written(shown), encoding="utf-8")
    return movie.seconds, (take.width, take.height)


def _remux(movie: Movie, draft: Path, options: Mapping[str, str]) -> None:
    """Copy the packets into a new container with chapters, without encoding them again."""
    with av.open(movie.path) as source, av.open(draft, "w", options=dict(options)) as target:
        streams = [target.add_stream_from_template(stream) for stream in source.streams]
        target.set_chapters(
            [
                {
                    "id": number,
                    "start": round(chapter.start / MILLISECOND),
                    "end": round(chapter.end / MILLISECOND),
                    "time_base": MILLISECOND,
                    "metadata": {"title": chapter.title},
                }
                for number, chapter in enumerate(movie.chapters)
            ]
        )
        for packet in source.demux():
            if packet.dts is None:  # the empty packet at the end
                continue
            packet.stream = streams[packet.stream.index]
            target.mux(packet)
