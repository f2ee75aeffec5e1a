"""One palette for a whole clip: the colours it uses most exactly, the others by the nearest."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from PIL import Image

from netviz.export.spool import Colors

EVERY_COLOR = 1 << 24
SAMPLE = 1 << 18

Counts = npt.NDArray[np.uint32]
Channels = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Indices = npt.NDArray[np.uint8]


class Histogram:
    """How often each colour has appeared.

    The table has a place for every colour, 64 MB of which only the touched pages are ever real.
    """

    def __init__(self) -> None:
        """Start with no colour."""
        self._counts: Counts = np.zeros(EVERY_COLOR, np.uint32)

    def add(self, colors: Colors) -> None:
        """Count the colours of some pixels."""
        found, counts = np.unique(colors, return_counts=True)
        self._counts[found] += counts.astype(np.uint32)

    def colors(self) -> tuple[Colors, Counts]:
        """Colours that have appeared, and how often; most frequent first."""
        found = np.flatnonzero(self._counts)
        order = np.argsort(self._counts[found], kind="stable")[::-1]
        found = found[order]
        return found.astype(np.uint32), self._counts[found]


def channels(colors: Colors) -> Channels:
    """Red, green and blue of 0xBBGGRR colours, in a last axis of 3."""
    return np.stack([(colors >> shift) & 0xFF for shift in (0, 8, 16)], axis=-1).astype(np.uint8)


def choose_palette(histogram: Histogram, size: int) -> Channels:
    """At most ``size`` colours that stand for all, of shape (n, 3).

    Half of them are the most frequent ones as they are: backgrounds, fills and text stay exact.
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
    # Roots, so that a colour seen a hundred times more often gets ten times the attention.
    weights = np.sqrt(counts)
    copies = np.ceil(weights * (SAMPLE / weights.sum())).astype(int)
    sample = np.repeat(channels(colors), copies, axis=0)
    image = Image.fromarray(sample[np.newaxis]).quantize(size, Image.Quantize.MEDIANCUT, kmeans=1)
    return np.array(image.getpalette("RGB"), np.uint8).reshape(-1, 3)[:size]


def nearest_table(histogram: Histogram, palette: Channels) -> Indices:
    """A table from each colour that has appeared to the index of the nearest one in the palette."""
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
