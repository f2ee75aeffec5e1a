"""MP4 and WebM: the pieces of a film are joined, with chapters, sound and captions."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import av

from netviz.captions import Caption, as_srt, as_vtt, cues
from netviz.export import sound as recordings
from netviz.export.encoder import Coding

if TYPE_CHECKING:
    from netviz.export.take import Take

# The conversion to YUV is that of BT.601; without a declaration, players assume BT.709 for large
# pictures. One thread, because the file would depend on their number.
COMMON = {
    "colorspace": "smpte170m",
    "color_primaries": "bt709",
    "color_trc": "iec61966-2-1",
    "color_range": "tv",
    "crf": "23",
    "threads": "1",
}
# For flat colours and thin lines, these settings are as good as those of the preset "medium", with
# files of the same size, in less than half of the time.
H264 = Coding("libx264", COMMON | {"preset": "veryfast", "x264-params": "me=dia:subme=1"})
VP9 = Coding("libvpx-vp9", COMMON | {"b": "0", "deadline": "good", "cpu-used": "4", "row-mt": "1"})
SOUND = {".mp4": "aac", ".webm": "libopus"}
MILLISECOND = Fraction(1, 1000)


@dataclass(frozen=True)
class Chapter:
    """A section of the scene, from ``start`` to ``end`` in seconds."""

    title: str
    start: float
    end: float


@dataclass(frozen=True)
class Movie:
    """A film in pieces.

    Attributes:
        pieces: Video files that follow each other, each with a frame at every moment.
        rate: Frames per second.
        seconds: Duration.
        captions: Texts, in any order.
        chapters: Empty if the film has no sections.
        sound: A .wav file, if there is sound.
        sounds: Recordings that are laid into the film in place of it: when each begins, in
            seconds, and its file.
    """

    pieces: tuple[Path, ...]
    rate: Fraction
    seconds: float
    captions: tuple[Caption, ...]
    chapters: tuple[Chapter, ...]
    sound: Path | None
    sounds: tuple[tuple[float, Path], ...] = ()


def write_mp4(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write H.264 video. With its index in front, it can be played before all of it has arrived."""
    return _write(take, draft, H264, {"movflags": "+faststart"})


def write_webm(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write VP9 video."""
    return _write(take, draft, VP9, {"fflags": "+bitexact"})  # without random identifiers


def _write(
    take: Take, draft: Path, coding: Coding, muxer: Mapping[str, str]
) -> tuple[float, tuple[int, int]]:
    """Write a video, and its captions, if there are any, as .srt and .vtt next to it."""
    movie = take.movie(draft.suffix, coding)
    join(movie, draft, muxer)
    shown = cues(movie.captions)
    for suffix, written in ((".srt", as_srt), (".vtt", as_vtt)):
        if shown:
            draft.with_suffix(suffix).write_text(written(shown), encoding="utf-8")
    return movie.seconds, (take.width, take.height)


def join(movie: Movie, draft: Path, options: Mapping[str, str]) -> None:
    """Copy the packets of all pieces into one file, without encoding them again."""
    with av.open(draft, "w", options=dict(options)) as target:
        with av.open(movie.pieces[0]) as first:
            video = target.add_stream_from_template(first.streams.video[0])
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
        sound: Any = None
        if movie.sounds:
            sound = recordings.add_track(target)
        elif movie.sound is not None:
            sound = target.add_stream(SOUND[draft.suffix], rate=48_000)
        flows: list[Iterator[av.Packet[Any]]] = [_in_one_time(movie)]
        if movie.sounds:
            flows.append(recordings.packets(sound, movie.sounds, movie.seconds))
        # A player reads the file from front to back, so pictures and recordings alternate in it.
        for packet in heapq.merge(*flows, key=_moment):
            if packet.stream is not sound:
                packet.stream = video
            target.mux(packet)
        if movie.sound is not None and not movie.sounds:
            with av.open(movie.sound) as source:
                for frame in source.decode(audio=0):
                    target.mux(sound.encode(frame))
            target.mux(sound.encode(None))


def _moment(packet: av.Packet[Any]) -> Fraction:
    assert packet.dts is not None
    return packet.dts * packet.time_base


def _in_one_time(movie: Movie) -> Iterator[av.Packet[Any]]:
    """Yield the packets of all pieces in the order of decoding, with the times of the whole film.

    As each frame has one packet, the n-th packet is decoded at the moment n, earlier by the number
    of frames by which a packet may come too late to be shown.
    """
    unit, number, began = 1 / movie.rate, 0, 0
    late = max(_lateness(piece, movie.rate) for piece in movie.pieces)
    for piece in movie.pieces:
        with av.open(piece) as source:
            for packet in source.demux(video=0):
                if packet.pts is None:  # the empty packet at the end
                    continue
                packet.pts = began + _frame(packet, movie.rate)
                packet.dts = number - late
                packet.duration, packet.time_base = 1, unit
                number += 1
                yield packet
        began = number


def _lateness(piece: Path, rate: Fraction) -> int:
    """Return by how many frames a packet of a piece comes too late to be shown at once."""
    with av.open(piece) as source:
        packets = (packet for packet in source.demux(video=0) if packet.pts is not None)
        return max(number - _frame(packet, rate) for number, packet in enumerate(packets))


def _frame(packet: av.Packet[Any], rate: Fraction) -> int:
    """Return the number of the frame in a packet."""
    assert packet.pts is not None
    return round(packet.pts * packet.time_base * rate)
