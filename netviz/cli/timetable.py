"""What a scene says and when: for ``netviz render --dry-run``, scripts, slides and recordings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from netviz.cli.rendering import Piece, rehearsed

if TYPE_CHECKING:
    from netviz.scene import Beat

_MINUTE = 60


@dataclass(frozen=True)
class Timetable:
    """What a scene says and when.

    Attributes:
        title: Of the scene.
        seconds: Its length.
        beats: In order. Those of a plain manim scene are its captions.
    """

    title: str
    seconds: float
    beats: tuple[Beat, ...]

    @classmethod
    def of(cls, piece: Piece, quiet: bool = True) -> Timetable:
        """Play a scene without drawing it.

        Args:
            piece: The scene.
            quiet: Whether nobody sees how far it is with what it computes.

        Raises:
            ProblemError: It cannot be played.
        """
        played = rehearsed(piece, quiet)
        beats = getattr(played.scene, "beats", None)
        if beats is None:
            from netviz.scene import Beat

            beats = [
                Beat(number, str(number), caption.text, start=caption.start.total_seconds())
                for number, caption in enumerate(played.captions, 1)
            ]
            for beat, follows in zip(beats, [*beats[1:], None], strict=True):
                beat.end = played.seconds if follows is None else follows.start
                beat.moving = beat.end - beat.start
        return cls(piece.page.title, played.seconds, tuple(beats))

    def lines(self) -> Iterator[str]:
        """Yield a line for the scene, one for each act, and one for each beat."""
        yield f"{self.title}  {self.seconds:.1f} s"
        width = max((len(beat.name) for beat in self.beats), default=0)
        for (act, section), beats in groupby(self.beats, lambda beat: (beat.act, beat.section)):
            if act or section:
                yield ": ".join(filter(None, (act, section)))
            for beat in beats:
                times = f"{clock(beat.start):>8}  {beat.end - beat.start:5.1f} s"
                yield f"{beat.number:4}{times}  {beat.name:{width}}  {beat.text}"

    def script(self, title: str, level: int = 1) -> Iterator[str]:
        """Yield the paragraphs of a text for reading aloud, as Markdown.

        Args:
            title: The heading.
            level: Of the heading.
        """
        yield f"{'#' * level} {title}"
        yield f"{clock(self.seconds)}, {len(self.beats)} beats."
        for section, beats in groupby(self.beats, lambda beat: beat.section):
            if section:
                yield f"{'#' * (level + 1)} {section}"
            for beat in beats:
                lasts = f"{beat.end - beat.start:.1f} s"
                yield f"**{beat.number}** · `{beat.name}` · {clock(beat.start)} · {lasts}"
                yield f"> {beat.text}"


def clock(seconds: float) -> str:
    """Return a time as minutes, seconds and tenths."""
    minutes, tenths = divmod(round(10 * seconds), 10 * _MINUTE)
    return f"{minutes}:{tenths // 10:02}.{tenths % 10}"
