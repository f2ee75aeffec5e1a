"""Sound in a film: recordings in any format, each laid at its moment, silence between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.packet import Packet

from netviz.export.request import ExportError
from netviz.problems import Problem

Samples = npt.NDArray[np.float32]
Sounds = Iterable[tuple[float, Path]]
"""The start of each recording in seconds, and its file."""

RATE = 48_000  # samples a second
# The codec of the sound of a film, by its suffix.
CODECS = {".mp4": "aac", ".webm": "libopus", ".mov": "aac"}
SUFFIXES = (".wav", ".flac", ".mp3", ".m4a")
# Samples of a frame that is encoded.
_FRAME = 1024


def sound_length(path: Path) -> float:
    """Return the length of a recording in seconds: that of its samples, whatever its header says.

    Raises:
        ExportError: It is not a recording.
    """
    return sum(map(len, _samples(path))) / RATE


def has_sound(path: Path) -> bool:
    """Return whether a film has sound."""
    with av.open(path) as film:
        return bool(film.streams.audio)


def add_track(target: OutputContainer, suffix: str, layout: str = "mono") -> AudioStream:
    """Add a stream for sound to a film whose name ends in ``suffix``."""
    track = target.add_stream(CODECS[suffix], rate=RATE, layout=layout)
    assert isinstance(track, AudioStream)
    return track


def packets(track: AudioStream, sounds: Sounds, seconds: float) -> Iterator[Packet[AudioStream]]:
    """Yield the encoded track of a film, silent where no recording is.

    Args:
        track: As ``add_track`` returns it.
        sounds: The recordings, in order; one that begins before the end of another follows it.
        seconds: Length of the film; what is longer is cut.

    Raises:
        ExportError: A file is not a recording.
    """
    place = 0
    for samples in _in_frames(_laid(sounds, round(seconds * RATE))):
        frame = AudioFrame.from_ndarray(samples[np.newaxis], format="fltp", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = RATE, Fraction(1, RATE), place
        place += len(samples)
        yield from track.encode(frame)
    yield from track.encode(None)


def _laid(sounds: Sounds, length: int) -> Iterator[Samples]:
    """Yield samples of a whole track, in pieces of any length."""
    place = 0
    for start, path in sounds:
        silence = min(round(start * RATE), length) - place
        if silence > 0:
            yield np.zeros(silence, np.float32)
            place += silence
        for piece in _samples(path):
            yield piece[: length - place]
            place = min(place + len(piece), length)
    yield np.zeros(length - place, np.float32)


def _in_frames(pieces: Iterable[Samples]) -> Iterator[Samples]:
    """Yield the same samples in pieces of one length, the last one shorter."""
    rest = np.zeros(0, np.float32)
    for piece in pieces:
        rest = np.concatenate([rest, piece])
        whole = len(rest) - len(rest) % _FRAME
        yield from rest[:whole].reshape(-1, _FRAME)
        rest = rest[whole:]
    if len(rest):
        yield rest


def _samples(path: Path) -> Iterator[Samples]:
    """Yield the samples of a recording, of all its channels together."""
    resampler = AudioResampler(format="flt", layout="mono", rate=RATE)
    try:
        with av.open(path) as recording:
            for frame in [*recording.decode(audio=0), None]:
                for piece in resampler.resample(frame):
                    yield np.asarray(piece.to_ndarray(), np.float32).reshape(-1)
    except (av.FFmpegError, IndexError) as error:
        found = "is no recording that can be read"
        expected = f"sound in a file such as {', '.join(SUFFIXES)}"
        raise ExportError(Problem(str(path), found, expected)) from error
