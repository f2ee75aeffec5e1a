"""Films in one after the other, without encoding their pictures again."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import groupby
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from netviz.export import video
from netviz.export.reel import SAME_MOMENT, Chapter, Movie
from netviz.export.request import ExportError
from netviz.problems import Problem

# Parts of a film are encoded again, with a quality at which that cannot be seen.
_PART = {**video.COMMON, "crf": "18", "preset": "veryfast"}


def film_length(path: Path) -> float:
    """Return the length of the pictures of a film in seconds.

    Raises:
        ExportError: It is not a film.
    """
    with opened(path) as film:
        return float(_length(film))


def is_whole(path: Path) -> bool:
    """Return whether a film has all its pictures: a file that was cut off has fewer.

    Raises:
        ExportError: It is not a film.
    """
    with opened(path) as film:
        stream = film.streams.video[0]
        try:
            found = sum(packet.size > 0 for packet in film.demux(stream))
        except av.FFmpegError:
            return False
        return found == stream.frames


def join(
    films: Sequence[Path],
    draft: Path,
    *,
    chapters: Iterable[Chapter] = (),
    sounds: Iterable[tuple[float, Path]] = (),
) -> float:
    """Copy the pictures of films, one after the other, into one with chapters.

    Args:
        films: Films of one codec, size and frame rate, as ``render`` makes them.
        draft: The film that is written.
        chapters: Its chapters.
        sounds: Recordings in it. The films' own sound is left out.

    Returns:
        Its length in seconds.

    Raises:
        ExportError: The films do not fit together.
    """
    with opened(films[0]) as first:
        look, rate = _look(first), first.streams.video[0].average_rate
    assert rate is not None
    seconds = float(sum(_checked(path, films[0], look) for path in films))
    movie = Movie(tuple(films), rate, seconds, (), tuple(chapters), None, sounds=tuple(sounds))
    video.join(movie, draft, {"movflags": "+faststart"})
    return seconds


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


# ---- parts ---------------------------------------------------------------------------------------


def split(film: Path, moments: Sequence[float], folder: Path) -> dict[int, Path]:
    """Write the parts of a film, without sound, each as a film of its own.

    Args:
        film: The film.
        moments: Where a part ends and the next one begins, in seconds, in order.
        folder: Where the parts are written.

    Returns:
        Number of a part, from 0 → its film. A part that is shorter than a frame may have none.
    """
    parts = {}
    with opened(film) as source:
        stream = source.streams.video[0]

        def part_of(picture: VideoFrame) -> int:
            return bisect_right(moments, float(picture.time or 0) + SAME_MOMENT)

        for number, pictures in groupby(source.decode(stream), key=part_of):
            parts[number] = folder / f"{film.stem}-{number:03}.mp4"
            _encode(pictures, parts[number], stream)
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
