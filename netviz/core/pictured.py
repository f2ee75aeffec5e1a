"""The slot for who draws the core's values: the core has numbers, and no pictures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeAlias

Artist: TypeAlias = Callable[[Any], str | None]


class Pictured:
    """A value that a notebook shows as a picture, once somebody draws it.

    Attributes:
        artist: Given a value, draws it as SVG, or has no single picture of it and returns None.
            ``netviz`` fills this in; the core alone has nobody.
    """

    artist: ClassVar[Artist | None] = None

    def _repr_svg_(self) -> str | None:
        """The picture, for Jupyter; with None it shows the text instead."""
        artist = Pictured.artist
        return artist(self) if artist else None
