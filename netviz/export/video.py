"""MP4 and WebM: manim's encoding, with chapters, and with captions in files next to the video."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.captions import Caption, as_srt, as_vtt, cues
from netviz.export.joining import COLOR_TAGS, Chapter, join

if TYPE_CHECKING:
    from netviz.export.take import Take

VP9 = {"b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"}


@dataclass(frozen=True)
class Movie:
    """What manim's own file writer made: a video file, its duration, captions and chapters.

    Recordings that belong to it are not in it yet.
    """

    path: Path
    seconds: float
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]
    sounds: tuple[tuple[float, Path], ...]


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
    join([movie.path], draft, chapters=movie.chapters, sounds=movie.sounds, options=muxer)
    shown = cues(movie.captions)
    for suffix, written in ((".srt", as_srt), (".vtt", as_vtt)):
        if shown:
            draft.with_suffix(suffix).write_text(written(shown), encoding="utf-8")
    return movie.seconds, (take.width, take.height)
