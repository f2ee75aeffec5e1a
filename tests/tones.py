"""Recordings that are made up, and where there is sound in a film."""

from __future__ import annotations

import wave
from pathlib import Path

import av
import numpy as np


def tone(path: Path, seconds: float, pitch: float = 440.0, rate: int = 44_100) -> Path:
    """Write a tone of full strength from its first sample to its last one."""
    samples = np.sin(2 * np.pi * pitch * np.arange(round(seconds * rate)) / rate)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((20_000 * samples).astype("<i2").tobytes())
    return path


def loud(path: Path) -> list[tuple[float, float]]:
    """Return where there is sound in a film, in seconds."""
    with av.open(path) as film:
        pieces = [frame.to_ndarray().ravel() for frame in film.decode(audio=0)]
        rate = film.streams.audio[0].rate
    places = np.flatnonzero(np.abs(np.concatenate(pieces)) > 0.05) / rate
    ends = [*np.flatnonzero(np.diff(places) > 0.02), len(places) - 1]
    starts = [0, *(end + 1 for end in ends[:-1])]
    return [(float(places[a]), float(places[b])) for a, b in zip(starts, ends, strict=True)]
