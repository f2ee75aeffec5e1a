"""The hook for drawing values of the core, which itself contains no drawing code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

Artist: TypeAlias = Callable[[Any], str | None]


class Pictured:
    """A value that a notebook shows as a picture.

    Attributes:
        artist: A function that draws a value as SVG, or returns None if there is no single picture
            of it. Set by ``netviz.notebook``; the core alone has none.
    """

    artist: ClassVar[Artist | None] = None

    def _repr_svg_(self) -> str | None:
        """Return the picture, for Jupyter; with None it shows the text instead."""
        artist = Pictured.artist
        return artist(self) if artist else None
