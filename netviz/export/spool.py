"""Frames in a temporary file, compressed without loss as differences from the previous frame."""

from __future__ import annotations

import struct
import zlib
from array import array
from collections.abc import Iterator
from typing import IO

import numpy as np
import numpy.typing as npt

from netviz.export.canvas import PixelBox, box_of

Colors = npt.NDArray[np.uint32]
"""A frame of shape (height, width); each pixel is a number 0xBBGGRR."""

RECORD = struct.Struct("<4HI")


class Spool:
    """Frames of one shape, written once and read once, in order.

    Memory holds one frame, however many there are, and one integer for each frame.
    """

    def __init__(self, file: IO[bytes], height: int, width: int) -> None:
        """Start without frames.

        Args:
            file: An empty binary file that can be read and written.
            height, width: Of the frames, in pixels.
        """
        self._file = file
        # No colour is above 0xFFFFFF, so every pixel of the first frame is a change.
        self._last: Colors = np.full((height, width), 0xFFFFFFFF, np.uint32)
        self._repeats = array("L")

    def add(self, part: Colors, repeat: int, box: PixelBox | None = None) -> Colors:
        """Append a frame that is shown ``repeat`` times.

        Args:
            part: The box of the frame, which is copied.
            repeat: How often it is shown.
            box: Where it may differ from the previous frame; by default everywhere.

        Returns:
            The colours of the pixels that changed, in one row; none if the frame is equal to the
            previous one.
        """
        height, width = self._last.shape
        box = box or PixelBox(0, 0, width, height)
        last = self._last[box.part]
        changed = part != last
        new: Colors = part[changed]
        found = box_of(changed)
        if found is None:
            self._repeats[-1] += repeat
            return new
        difference = part[found.part] ^ last[found.part]
        packed = zlib.compress(difference.tobytes(), level=1)
        self._file.write(RECORD.pack(*found.shifted(box), len(packed)) + packed)
        self._repeats.append(repeat)
        last[found.part] = part[found.part]
        return new

    def __iter__(self) -> Iterator[tuple[Colors, int]]:
        """Yield each frame and how often it is shown.

        All frames are the same array, which the next step overwrites.
        """
        return ((frame, repeat) for frame, _, repeat in self.changes())

    def changes(self) -> Iterator[tuple[Colors, PixelBox, int]]:
        """Yield each frame, the box of what it changes, and how often it is shown.

        All frames are the same array, which the next step overwrites.
        """
        self._file.seek(0)
        frame = np.full_like(self._last, 0xFFFFFFFF)
        for repeat in self._repeats:
            *corners, size = RECORD.unpack(self._file.read(RECORD.size))
            box = PixelBox(*corners)
            difference = np.frombuffer(zlib.decompress(self._file.read(size)), np.uint32)
            frame[box.part] ^= difference.reshape(box.shape)
            yield frame, box, repeat
