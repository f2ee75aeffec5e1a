"""Files that a film is written into while it is drawn: one film may be written into several."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Protocol

from netviz.captions import Caption
from netviz.export.canvas import PixelBox, Pixels
from netviz.export.encoder import Coding

# Moments that differ by less, in seconds or in frames, are the same.
SAME_MOMENT = 1e-6


class Sink(Protocol):
    """What takes the frames of a film, one after the other."""

    def add(self, pixels: Pixels, changed: PixelBox | None, repeat: int) -> None:
        """Append a frame.

        Args:
            pixels: RGBA of shape (height, width, 4). What is needed of it is copied.
            changed: A box outside of which it equals the last frame; None if it equals it.
            repeat: For how many frames it is shown.
        """

    def finish(self) -> None:
        """Take note that there are no more frames."""


class Sinks:
    """Several sinks that take the same frames."""

    def __init__(self, sinks: Sequence[Sink]) -> None:
        """Keep the sinks."""
        self._sinks = sinks

    def add(self, pixels: Pixels, changed: PixelBox | None, repeat: int) -> None:
        """Append a frame to each."""
        for sink in self._sinks:
            sink.add(pixels, changed, repeat)

    def finish(self) -> None:
        """Finish each, and raise the first error."""
        errors: list[Exception] = []
        for sink in self._sinks:
            try:
                sink.finish()
            except Exception as error:
                errors.append(error)
        if errors:
            raise errors[0]


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


@dataclass(frozen=True)
class Reel:
    """A file that a film is written into.

    Attributes:
        finish: Completes the file when the film has been played.
        coding: How the pieces of a video are encoded.
        sink: What takes all frames, for a format that cannot be made in pieces.
    """

    finish: Callable[[Movie], None]
    coding: Coding | None = None
    sink: Sink | None = None
