"""The frame of a film that is shown now, and where the next one differs from it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


class PixelBox(NamedTuple):
    """A part of a frame: columns ``left`` to ``right``, rows ``top`` to ``bottom`` (excluded)."""

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

    def shifted(self, by: PixelBox) -> PixelBox:
        """Return this box in a frame of which ``by`` is a part."""
        return PixelBox(
            self.left + by.left, self.top + by.top, self.right + by.left, self.bottom + by.top
        )


def box_of(mask: npt.NDArray[np.bool_]) -> PixelBox | None:
    """Return the smallest box that contains every true pixel of a mask, or None if all are false.

    Args:
        mask: Of shape (height, width).
    """
    rows = np.flatnonzero(mask.any(axis=1))
    if rows.size == 0:
        return None
    top, bottom = int(rows[0]), int(rows[-1]) + 1
    columns = np.flatnonzero(mask[top:bottom].any(axis=0))
    return PixelBox(int(columns[0]), top, int(columns[-1]) + 1, bottom)


class Canvas:
    """Keeps the last frame of a film, and finds what the next one changes.

    Attributes:
        pixels: The last frame, RGBA of shape (height, width, 4). Each frame overwrites it.
        whole: The box of a whole frame.
    """

    def __init__(self, height: int, width: int) -> None:
        """Start without a frame."""
        self.pixels: Pixels = np.empty((height, width, 4), np.uint8)
        self._colors = self.pixels.view("<u4")[..., 0]
        self.whole = PixelBox(0, 0, width, height)
        self._empty = True

    def update(self, pixels: Pixels, within: PixelBox | None) -> PixelBox | None:
        """Show a frame.

        Args:
            pixels: RGBA of shape (height, width, 4).
            within: A box outside of which it equals the last frame; None if it equals it.

        Returns:
            The smallest box outside of which it equals the last frame, or None if it equals it.
        """
        colors = pixels.view("<u4")[..., 0]
        if self._empty:
            changed, self._empty = self.whole, False
        elif within is None:
            return None
        else:
            found = box_of(colors[within.part] != self._colors[within.part])
            if found is None:
                return None
            changed = found.shifted(within)
        self._colors[changed.part] = colors[changed.part]
        return changed
