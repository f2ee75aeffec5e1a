"""GIF: one palette for the whole clip, only the changed pixels of each frame, little memory.

Two passes: the frames are spooled to a file while their colours are counted; with the palette
known, they are read back and encoded one at a time. The palette keeps the most frequent colours
exactly and maps the others to the nearest ones.
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

from netviz.export.canvas import PixelBox, Pixels, box_of
from netviz.export.formats import GIF_DELAYS
from netviz.export.reel import Movie, Reel
from netviz.export.spool import Colors, Spool

if TYPE_CHECKING:
    from netviz.export.take import Take

Counts = npt.NDArray[np.uint32]
Channels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.uint8]

LONGEST_DELAY = 0xFFFF

NOWHERE = PixelBox(0, 0, 0, 0)
TRANSPARENT = 255
KEEP = 1  # "disposal": the next frame is drawn over this one
CODE_BITS = 8

# The numbers are those of the sections of the GIF89a specification.
SCREEN = struct.Struct("<6sHHBBB")  # 17, 18
CONTROL = struct.Struct("<3sBHBB")  # 23
IMAGE = struct.Struct("<cHHHHBB")  # 20, 22
GLOBAL_PALETTE_OF_256 = 0b1111_0111
REPEATED = b"!\xff\x0bNETSCAPE2.0\x03\x01"

EVERY_COLOR = 1 << 24
SAMPLE = 1 << 18  # pixels from which median cut chooses


def gif(take: Take, draft: Path) -> Reel:
    """Write a GIF."""
    scratch = tempfile.TemporaryFile(dir=take.media)  # noqa: SIM115 (closed when it is read)
    clip = Clip(Spool(scratch, take.height, take.width))

    def finish(movie: Movie) -> None:
        with scratch, draft.open("wb") as file:
            colors = (TRANSPARENT + 1 >> take.saving) - 1
            size, delay = (take.width, take.height), GIF_DELAYS[take.fps]
            clip.encode(file, size, delay, loop=take.cut.loop, colors=colors)

    return Reel(finish, sink=clip)


# ---- the palette ---------------------------------------------------------------------------------


class Histogram:
    """How often each colour has occurred.

    The table has an entry for every colour: 64 MB, of which only the touched pages are allocated.
    """

    def __init__(self) -> None:
        """Start without colours."""
        self._counts: Counts = np.zeros(EVERY_COLOR, np.uint32)

    def add(self, colors: Colors) -> None:
        """Count the colours of some pixels."""
        found, counts = np.unique(colors, return_counts=True)
        self._counts[found] += counts.astype(np.uint32)

    def colors(self) -> tuple[Colors, Counts]:
        """Return the colours that have occurred and their counts, the most frequent first."""
        found = np.flatnonzero(self._counts)
        order = np.argsort(self._counts[found], kind="stable")[::-1]
        found = found[order]
        return found.astype(np.uint32), self._counts[found]


def channels(colors: Colors) -> Channels:
    """Return red, green and blue of 0xBBGGRR colours, in a last axis of length 3."""
    return np.stack([(colors >> shift) & 0xFF for shift in (0, 8, 16)], axis=-1).astype(np.uint8)


def choose_palette(histogram: Histogram, size: int) -> Channels:
    """Return at most ``size`` colours that represent all, of shape (n, 3).

    Half of them are the most frequent colours, unchanged: backgrounds, fills and text stay exact.
    The rest are chosen among the other colours by median cut.
    """
    colors, counts = histogram.colors()
    if len(colors) <= size:
        return channels(colors)
    exact = size // 2
    return np.concatenate(
        [channels(colors[:exact]), _median_cut(colors[exact:], counts[exact:], size - exact)]
    )


def _median_cut(colors: Colors, counts: Counts, size: int) -> Channels:
    # Square roots: a colour that is a hundred times more frequent gets ten times the weight.
    weights = np.sqrt(counts)
    copies = np.ceil(weights * (SAMPLE / weights.sum())).astype(int)
    sample = np.repeat(channels(colors), copies, axis=0)
    image = Image.fromarray(sample[np.newaxis]).quantize(size, Image.Quantize.MEDIANCUT, kmeans=1)
    return np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)[:size]


def nearest_table(histogram: Histogram, palette: Channels) -> Indices:
    """Return a table from each colour that has occurred to the index of the nearest palette entry.

    Returns:
        Indices of shape (2²⁴,).
    """
    table = np.zeros(EVERY_COLOR, np.uint8)
    colors, _ = histogram.colors()
    for chunk in np.array_split(colors, len(colors) // 4096 + 1):
        table[chunk] = _nearest(channels(chunk).astype(np.float32), palette.astype(np.float32))
    return table


def _nearest(points: Floats, palette: Floats) -> Indices:
    # |p - q|² without |p|², which is the same for every q; exact in float32: all are integers.
    distances = (palette**2).sum(axis=1) - 2 * points @ palette.T
    nearest: Indices = distances.argmin(axis=1).astype(np.uint8)
    return nearest


# ---- encoding ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Clip:
    """A sequence of frames that becomes a GIF."""

    spool: Spool
    histogram: Histogram = field(default_factory=Histogram)

    def add(self, pixels: Pixels, changed: PixelBox | None, repeat: int) -> None:
        """Append a frame; see :class:`netviz.export.reel.Sink`."""
        box = changed or NOWHERE
        colors = pixels.view("<u4")[..., 0][box.part] & 0xFFFFFF
        self.histogram.add(self.spool.add(colors.astype(np.uint32), repeat, box))

    def finish(self) -> None:
        """Do nothing: frames are encoded when the palette is known."""

    def encode(
        self,
        file: BinaryIO,
        size: tuple[int, int],
        delay: int,
        *,
        loop: int = 0,
        colors: int = TRANSPARENT,
    ) -> None:
        """Write all frames.

        Args:
            file: Receives the GIF.
            size: (width, height) in pixels.
            delay: Duration of a frame in hundredths of a second.
            loop: How often it is played; 0 for endlessly.
            colors: The most colours, besides transparent.
        """
        palette = choose_palette(self.histogram, colors)
        table = nearest_table(self.histogram, palette)
        file.write(_header(size, palette, loop))
        encoder = Encoder(file, size)
        for frame, box, repeat in self.spool.changes():
            encoder.add(table[frame[box.part]], box, repeat * delay)
        encoder.finish()


def _header(size: tuple[int, int], palette: Channels, loop: int) -> bytes:
    full = np.zeros((256, 3), np.uint8)
    full[: len(palette)] = palette
    screen = SCREEN.pack(b"GIF89a", *size, GLOBAL_PALETTE_OF_256, 0, 0)
    # The number in the file is that of repetitions after the first time; 0 is endlessly.
    repeated = b"" if loop == 1 else REPEATED + struct.pack("<HB", max(loop - 1, 0), 0)
    return screen + full.tobytes() + repeated


class Encoder:
    """Writes frames of palette indices one at a time, each as its changes from the previous one."""

    def __init__(self, file: BinaryIO, size: tuple[int, int]) -> None:
        """Start with a transparent frame of ``size`` (width, height)."""
        width, height = size
        self._file = file
        self._shown: Indices = np.full((height, width), TRANSPARENT, np.uint8)
        self._pending: tuple[Indices, PixelBox] | None = None
        self._delay = 0

    def add(self, part: Indices, box: PixelBox, delay: int) -> None:
        """Append a frame that is shown for ``delay`` hundredths of a second.

        Args:
            part: The box of the frame.
            box: Where it may differ from the last frame.
            delay: Its duration.
        """
        shown = self._shown[box.part]
        changed = part != shown
        found = box_of(changed)
        if found is not None:
            self._flush()
            changes = np.where(changed, part, TRANSPARENT)[found.part]
            self._pending = changes, found.shifted(box)
            shown[:] = part
        self._delay += delay

    def finish(self) -> None:
        """Write the last frame and the end of the file."""
        self._flush()
        self._file.write(b";")

    def _flush(self) -> None:
        if self._pending is None:
            return
        changes, box = self._pending
        self._write(changes, box, min(self._delay, LONGEST_DELAY))
        for rest in range(self._delay - LONGEST_DELAY, 0, -LONGEST_DELAY):
            nothing = np.full((1, 1), TRANSPARENT, np.uint8)
            self._write(nothing, PixelBox(0, 0, 1, 1), min(rest, LONGEST_DELAY))
        self._delay = 0

    def _write(self, indices: Indices, box: PixelBox, delay: int) -> None:
        transparent = KEEP << 2 | 1
        self._file.write(CONTROL.pack(b"!\xf9\x04", transparent, delay, TRANSPARENT, 0))
        self._file.write(IMAGE.pack(b",", box.left, box.top, *box.shape[::-1], 0, CODE_BITS))
        pixels = Image.fromarray(np.ascontiguousarray(indices), "P")
        self._file.write(pixels.tobytes("gif", "P") + b"\0")
