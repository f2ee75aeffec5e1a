"""MP4 and WebM: manim's encoding, with chapters, captions beside it, and the index in front."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av

from netviz.export.captions import as_vtt

if TYPE_CHECKING:
    from netviz.export.stage import Movie, Take

# With its index in front, an MP4 starts to play before all of it has arrived.
MUXER_OPTIONS = {".mp4": {"movflags": "+faststart"}}
MILLISECOND = Fraction(1, 1000)


def write(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write a video, and its captions, if it has any, as .srt and .vtt beside it."""
    movie = take.movie(draft.suffix.removeprefix("."))
    _repack(movie, draft)
    if movie.captions:
        shutil.move(movie.path.with_suffix(".srt"), draft.with_suffix(".srt"))
        draft.with_suffix(".vtt").write_text(as_vtt(movie.captions), encoding="utf-8")
    return movie.seconds, (take.width, take.height)


def _repack(movie: Movie, draft: Path) -> None:
    """Copy the packets, without encoding them again."""
    options = MUXER_OPTIONS.get(draft.suffix, {})
    with av.open(movie.path) as source, av.open(draft, "w", options=options) as target:
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
