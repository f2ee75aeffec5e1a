"""Films in one after the other, without encoding their pictures again."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from netviz.export import sound
from netviz.export.request import ExportError
from netviz.problems import Problem

MILLISECOND = Fraction(1, 1000)
# Moments that differ by less, in seconds, are the same.
_SAME = 1e-6
# manim converts to YUV by BT.601 and does not declare it; without a declaration, players assume
# BT.709 for large pictures.
COLOR_TAGS = {
    "colorspace": "smpte170m",
    "color_primaries": "bt709",
    "color_trc": "iec61966-2-1",
    "color_range": "tv",
}
# Parts of a film are encoded again, with a quality at which that cannot be seen.
_PART = {**COLOR_TAGS, "crf": "18", "preset": "veryfast"}


@dataclass(frozen=True)
class Chapter:
    """A part of a film with a title, from ``start`` to ``end`` in seconds."""

    title: str
    start: float
    end: float


def film_length(path: Path) -> float:
    """Return the length of the pictures of a film in seconds.

    Raises:
        ExportError: It is not a film.
    """
    with opened(path) as film:
        return float(_length(film))


def join(
    films: Sequence[Path],
    draft: Path,
    *,
    chapters: Iterable[Chapter] = (),
    sounds: sound.Sounds = (),
    options: Mapping[str, str] | None = None,
) -> float:
    """Copy the pictures of films, one after the other, into one with chapters.

    Args:
        films: Films of one codec, size and frame rate, as ``render`` makes them.
        draft: The film that is written.
        chapters: Its chapters.
        sounds: Recordings in it. The films' own sound is left out.
        options: Options of the container.

    Returns:
        Its length in seconds.

    Raises:
        ExportError: The films do not fit together.
    """
    laid = list(sounds)
    with av.open(draft, "w", options=dict(options or {})) as target:
        with opened(films[0]) as first:
            pictures = target.add_stream_from_template(first.streams.video[0])
            look = _look(first)
        track = sound.add_track(target) if laid else None
        target.set_chapters([_entry(number, each) for number, each in enumerate(chapters)])
        seconds = sum(_checked(path, films[0], look) for path in films)
        streams: list[Iterator[Packet[Any]]] = [_pictures(films, pictures)]
        if track is not None:
            streams.append(sound.packets(track, laid, float(seconds)))
        # A player reads the file from front to back, so sound and pictures alternate in it.
        for packet in heapq.merge(*streams, key=_moment):
            target.mux(packet)
    return float(seconds)


def fits(path: Path, like: Path) -> bool:
    """Return whether the pictures of a film can follow those of another as they are."""
    with opened(path) as film, opened(like) as other:
        return _look(film) == _look(other)


def _checked(path: Path, first: Path, look: tuple[Any, ...]) -> Fraction:
    """Return the length of a film, once it is clear that it can follow the first one."""
    with opened(path) as film:
        if _look(film) != look:
            found, expected = "has another codec, size or frame rate", f"those of {first}"
            raise ExportError(Problem(str(path), found, expected))
        return _length(film)


def opened(path: Path) -> InputContainer:
    """Open a film for reading.

    Raises:
        ExportError: It is not a film.
    """
    try:
        film = av.open(path)
    except av.FFmpegError as error:
        found = f"cannot be read ({error.strerror})"
        raise ExportError(Problem(str(path), found, "a film")) from error
    if not film.streams.video:
        film.close()
        raise ExportError(Problem(str(path), "has no pictures", "a film"))
    return film


def _look(film: InputContainer) -> tuple[Any, ...]:
    """Return what must be the same in films that follow each other."""
    stream = film.streams.video[0]
    context = stream.codec_context
    rates = stream.average_rate, stream.time_base
    return context.name, context.extradata, stream.width, stream.height, *rates


def _length(film: InputContainer) -> Fraction:
    stream = film.streams.video[0]
    if stream.duration is not None and stream.time_base is not None:
        return stream.duration * stream.time_base
    return Fraction(film.duration or 0, av.time_base)


def _pictures(films: Sequence[Path], target: VideoStream) -> Iterator[Packet[VideoStream]]:
    offset = Fraction(0)
    for path in films:
        with opened(path) as film:
            (source,) = film.streams.video[:1]
            assert source.time_base is not None
            ticks = round(offset / source.time_base)
            offset += _length(film)
            for packet in film.demux(source):
                if packet.dts is None or packet.pts is None:  # the empty packet at the end
                    continue
                packet.pts, packet.dts = packet.pts + ticks, packet.dts + ticks
                packet.stream = target
                yield packet


def _moment(packet: Packet[Any]) -> Fraction:
    return (packet.dts or 0) * (packet.time_base or Fraction(0))


def _entry(number: int, chapter: Chapter) -> Any:
    return {
        "id": number,
        "start": round(chapter.start / MILLISECOND),
        "end": round(chapter.end / MILLISECOND),
        "time_base": MILLISECOND,
        "metadata": {"title": chapter.title},
    }


# ---- parts ---------------------------------------------------------------------------------------


def split(film: Path, moments: Sequence[float], folder: Path) -> list[Path]:
    """Write the parts of a film, without sound, each as a film of its own.

    Args:
        film: The film.
        moments: Where a part ends and the next one begins, in seconds, in order, each at least a
            frame after the one before.
        folder: Where the parts are written.

    Returns:
        The parts, one more than moments.
    """
    parts = []
    with opened(film) as source:
        stream = source.streams.video[0]

        def part_of(picture: VideoFrame) -> int:
            return bisect_right(moments, float(picture.time or 0) + _SAME)

        for number, pictures in groupby(source.decode(stream), key=part_of):
            parts.append(folder / f"{film.stem}-{number:03}.mp4")
            _encode(pictures, parts[-1], stream)
    return parts


def _encode(pictures: Iterable[VideoFrame], path: Path, like: VideoStream) -> None:
    rate = like.average_rate
    assert rate is not None
    with av.open(path, "w", options={"movflags": "+faststart"}) as target:
        stream = target.add_stream("libx264", rate=rate, options=_PART)
        stream.width, stream.height, stream.pix_fmt = like.width, like.height, "yuv420p"
        for number, picture in enumerate(pictures):
            picture.pts, picture.time_base = number, 1 / rate
            target.mux(stream.encode(picture))
        target.mux(stream.encode(None))
