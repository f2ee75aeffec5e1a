"""Animated images in newer formats than GIF: WebP, AVIF and APNG.

Frames go to the encoder one by one, so that memory does not grow with their number.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.export.encoder import Coding, Encoder
from netviz.export.reel import Movie, Reel

if TYPE_CHECKING:
    from netviz.export.take import Take

WEBP = Coding(
    "libwebp_anim",
    {"quality": "75", "compression_level": "4"},
    container="webp",
)
AVIF = Coding("libsvtav1", {"crf": "35", "preset": "8"}, container="avif")
APNG = Coding("apng", {"pred": "none"}, "rgb24", container="apng")


def webp(take: Take, draft: Path) -> Reel:
    """Write an animated WebP image."""
    return _image(take, draft, WEBP, "loop", "yuva420p")


def avif(take: Take, draft: Path) -> Reel:
    """Write an animated AVIF image."""
    return _image(take, draft, AVIF, "loop")


def apng(take: Take, draft: Path) -> Reel:
    """Write an animated PNG image."""
    return _image(take, draft, APNG, "plays", "rgba")


def _image(take: Take, draft: Path, coding: Coding, loop: str, transparent: str = "") -> Reel:
    """Return a file that takes all frames.

    Args:
        take: The film.
        draft: The file.
        coding: How it is encoded.
        loop: The option of the file format that says how often it is played.
        transparent: Its pixels if there is no background.
    """
    pixels = transparent if take.page.transparent else coding.pixels
    muxer = {loop: str(take.cut.loop)}
    coding = replace(coding.saving(take.saving), pixels=pixels, muxer=muxer)
    rate = Fraction(take.fps).limit_denominator(1000)

    def finish(movie: Movie) -> None:
        """Do nothing: the file ends with its last frame."""

    return Reel(finish, sink=Encoder(draft, coding, (take.width, take.height), rate))
