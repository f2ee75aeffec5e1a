"""Frames kept losslessly in a temporary file, each as its difference from the one before."""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator
from typing import IO, NamedTuple

import numpy as np
import numpy.typing as npt

Colors = npt.NDArray[np.uint32]
"""A picture, one number 0xBBGGRR a pixel, of shape (height, width)."""

RECORD = struct.Struct("<4HI")


class Box(NamedTuple):
    """A part of a picture: columns ``left`` to ``right``, rows ``top`` to ``bottom`` (excluded)."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def part(self) -> tuple[slice, slice]:
        """The index of this part in an array of shape (height, width)."""
        return slice(self.top, self.bottom), slice(self.left, self.right)

    @property
    def shape(self) -> tuple[int, int]:
        """(height, width)."""
        return self.bottom - self.top, self.right - self.left


def box_of(mask: npt.NDArray[np.bool_]) -> Box | None:
    """The smallest box around all that is true in a mask of shape (height, width), if any is."""
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return None
    columns = np.flatnonzero(mask.any(axis=0))
    return Box(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


class Spool:
    """Pictures of one shape, written once and read once, in order.

    Memory holds one picture, however many there are; each costs a number more, for how long it
    stands still.
    """

    def __init__(self, file: IO[bytes], height: int, width: int) -> None:
        """Start with no picture; ``file`` is empty, binary, and can be read and written."""
        self._file = file
        # No colour is above 0xFFFFFF, so every pixel of the first picture is a change.
        self._last: Colors = np.full((height, width), 0xFFFFFFFF, np.uint32)
        self._repeats = array("L")

    def add(self, picture: Colors, repeat: int) -> Colors:
        """Append a picture that stands still for ``repeat`` frames.

        Returns:
            The colours of the pixels that changed, in one row: none if it is the last one again.
        """
        changed = picture != self._last
        news: Colors = picture[changed]
        box = box_of(changed)
        if box is None:
            self._repeats[-1] += repeat
            return news
        difference = picture[box.part] ^ self._last[box.part]
        packed = zlib.compress(difference.tobytes(), level=1)
        self._file.write(RECORD.pack(*box, len(packed)) + packed)
        self._repeats.append(repeat)
        self._last = picture
        return news

    def __iter__(self) -> Iterator[tuple[Colors, int]]:
        """Each picture, and for how many frames it stands still.

        The picture is one array, which the next step changes.
        """
        self._file.seek(0)
        picture = np.full_like(self._last, 0xFFFFFFFF)
        for repeat in self._repeats:
            *corners, size = RECORD.unpack(self._file.read(RECORD.size))
            box = Box(*corners)
            difference = np.frombuffer(zlib.decompress(self._file.read(size)), np.uint32)
            picture[box.part] ^= difference.reshape(box.shape)
            yield picture, repeat
