"""Captions as WebVTT, the form that a web page's <track> understands; manim itself writes .srt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from html import escape


@dataclass(frozen=True)
class Caption:
    """A text, and when it is shown."""

    start: timedelta
    end: timedelta
    text: str


def as_vtt(captions: Iterable[Caption]) -> str:
    """The captions as a WebVTT file (https://www.w3.org/TR/webvtt1/)."""
    cues = sorted(captions, key=lambda caption: (caption.start, caption.end))
    return "\n".join(["WEBVTT\n", *map(_cue, cues)])


def _cue(caption: Caption) -> str:
    # A blank line would end the cue; escaping also takes care of "-->".
    lines = [escape(line, quote=False) for line in caption.text.splitlines() if line.strip()]
    return "\n".join([f"{_clock(caption.start)} --> {_clock(caption.end)}", *lines, ""])


def _clock(moment: timedelta) -> str:
    minutes, milliseconds = divmod(round(moment / timedelta(milliseconds=1)), 60_000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.{milliseconds:03}"
