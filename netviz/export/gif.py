"""GIF: one palette for the whole clip, only the changed pixels of a frame, little memory.

Two passes: the frames are spooled to a file while their colours are counted; when the palette is
known, they are read back and encoded one at a time.
"""

from __future__ import annotations

import struct
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np
import numpy.typing as npt
from PIL import Image

from netviz.export.palette import Channels, Histogram, Indices, choose_palette, nearest_table
from netviz.export.spool import Box, Spool, box_of

if TYPE_CHECKING:
    from netviz.export.stage import Take

# Frame rate → delay in hundredths of a second, the only unit a GIF has. Browsers slow down
# anything faster than 50 a second, and 33⅓ and 50 cost size without looking better here.
DELAYS = {10.0: 10, 12.5: 8, 20.0: 5, 25.0: 4}
LONGEST_DELAY = 0xFFFF

TRANSPARENT = 255
KEEP = 1  # "disposal": the next frame is drawn over this one
CODE_BITS = 8

# Section numbers are those of the GIF89a specification.
SCREEN = struct.Struct("<6sHHBBB")  # 17, 18
CONTROL = struct.Struct("<3sBHBB")  # 23
IMAGE = struct.Struct("<cHHHHBB")  # 20, 22
GLOBAL_PALETTE_OF_256 = 0b1111_0111
ENDLESS = b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def write(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write a GIF that repeats for ever."""
    with tempfile.TemporaryFile(dir=take.media) as scratch:
        clip = Clip(Spool(scratch, take.height, take.width))
        seconds = take.frames(clip.add)
        size = take.width, take.height
        with draft.open("wb") as file:
            clip.encode(file, size, DELAYS[take.fps])
    return seconds, size


@dataclass(frozen=True)
class Clip:
    """A sequence of frames that becomes a GIF."""

    spool: Spool
    histogram: Histogram = field(default_factory=Histogram)

    def add(self, pixels: npt.NDArray[np.uint8], repeat: int = 1) -> None:
        """Append a frame, RGBA of shape (height, width, 4), for ``repeat`` frames."""
        colors = pixels.view("<u4")[..., 0] & 0xFFFFFF
        self.histogram.add(self.spool.add(colors.astype(np.uint32), repeat))

    def encode(self, file: BinaryIO, size: tuple[int, int], delay: int) -> None:
        """Write all frames; ``size`` is (width, height), ``delay`` is in hundredths of a second."""
        palette = choose_palette(self.histogram, TRANSPARENT)
        table = nearest_table(self.histogram, palette)
        file.write(_header(size, palette))
        encoder = Encoder(file, size)
        for picture, repeat in self.spool:
            encoder.add(table[picture], repeat * delay)
        encoder.finish()


def _header(size: tuple[int, int], palette: Channels) -> bytes:
    full = np.zeros((256, 3), np.uint8)
    full[: len(palette)] = palette
    screen = SCREEN.pack(b"GIF89a", *size, GLOBAL_PALETTE_OF_256, 0, 0)
    return screen + full.tobytes() + ENDLESS


class Encoder:
    """Writes frames of palette indices one at a time, each as its changes from the one before."""

    def __init__(self, file: BinaryIO, size: tuple[int, int]) -> None:
        """Start with an empty picture; ``size`` is (width, height)."""
        width, height = size
        self._file = file
        self._shown: Indices = np.full((height, width), TRANSPARENT, np.uint8)
        self._waiting: tuple[Indices, Box] | None = None
        self._delay = 0

    def add(self, picture: Indices, delay: int) -> None:
        """Append a picture, shown for ``delay`` hundredths of a second."""
        changed = picture != self._shown
        box = box_of(changed)
        if box is not None:
            self._flush()
            self._waiting = np.where(changed, picture, TRANSPARENT)[box.part], box
            self._shown = picture
        self._delay += delay

    def finish(self) -> None:
        """Write what is left to write."""
        self._flush()
        self._file.write(b";")

    def _flush(self) -> None:
        if self._waiting is None:
            return
        changes, box = self._waiting
        self._write(changes, box, min(self._delay, LONGEST_DELAY))
        for rest in range(self._delay - LONGEST_DELAY, 0, -LONGEST_DELAY):
            nothing = np.full((1, 1), TRANSPARENT, np.uint8)
            self._write(nothing, Box(0, 0, 1, 1), min(rest, LONGEST_DELAY))
        self._delay = 0

    def _write(self, indices: Indices, box: Box, delay: int) -> None:
        transparent = KEEP << 2 | 1
        self._file.write(CONTROL.pack(b"!\xf9\x04", transparent, delay, TRANSPARENT, 0))
        self._file.write(IMAGE.pack(b",", box.left, box.top, *box.shape[::-1], 0, CODE_BITS))
        pixels = Image.fromarray(np.ascontiguousarray(indices), "P")
        self._file.write(pixels.tobytes("gif", "P") + b"\0")
