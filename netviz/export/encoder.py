"""Encode frames of video in a thread of its own, next to the one that draws them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

import av
import numpy as np

from netviz.export.canvas import PixelBox, Pixels

# Frames that may wait to be encoded, while the next one is drawn.
_WAITING = 8
# A pixel has an effect on the colours of so many pixels around it, and a picture that is converted
# needs this margin in order to equal the same part of a whole frame.
_REACH, _MARGIN = 2, 8


@dataclass(frozen=True)
class Coding:
    """How a video is encoded.

    Attributes:
        codec: Name of the encoder.
        options: Its options. One thread, because the file would depend on their number.
    """

    codec: str
    options: Mapping[str, str]


class Encoder:
    """Encodes the frames of a video at a constant rate.

    Only what a frame changes is converted from RGB to YUV, and a frame that is shown for longer is
    converted once.
    """

    def __init__(self, path: Path, coding: Coding, size: tuple[int, int], rate: Fraction) -> None:
        """Start without frames.

        Args:
            path: The file to write; its suffix selects the container.
            coding: Codec and options.
            size: (width, height) in pixels, both even.
            rate: Frames per second.
        """
        self._path, self._coding, self._size, self._rate = path, coding, size, rate
        self._whole: PixelBox | None = PixelBox(0, 0, *size)
        self._queue: Queue[tuple[Pixels, PixelBox, PixelBox, int] | int | None] = Queue(_WAITING)
        self._error: BaseException | None = None
        self._thread = Thread(target=self._run, name="netviz-encoder")
        self._thread.start()

    def add(self, pixels: Pixels, changed: PixelBox | None, repeat: int) -> None:
        """Append a frame.

        Args:
            pixels: RGBA of shape (height, width, 4). What is needed of it is copied.
            changed: A box outside of which it equals the last frame; None if it equals it.
            repeat: For how many frames it is shown.
        """
        if self._error is not None:
            self.finish()
        if self._whole is not None:
            changed, self._whole = self._whole, None
        if changed is None:
            self._queue.put(repeat)
            return
        width, height = self._size
        inner = _even(changed, _REACH, width, height)
        outer = _even(changed, _MARGIN, width, height)
        self._queue.put((pixels[outer.part].copy(), outer, inner, repeat))

    def finish(self) -> None:
        """Write the end of the file.

        Raises:
            Exception: What prevented frames from being written.
        """
        self._queue.put(None)
        self._thread.join()
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._encode()
        except BaseException as error:
            self._error = error
            while self._queue.get() is not None:  # until ``finish``, so that nobody waits
                pass

    def _encode(self) -> None:
        width, height = self._size
        with av.open(self._path, "w") as container:
            codec, options = self._coding.codec, dict(self._coding.options)
            stream: Any = container.add_stream(codec, rate=self._rate, options=options)
            stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
            frame = av.VideoFrame(width, height, "yuv420p")
            frame.time_base = 1 / self._rate
            number = 0
            while (item := self._queue.get()) is not None:
                repeat = item if isinstance(item, int) else item[-1]
                if not isinstance(item, int):
                    _convert(frame, *item[:-1])
                for _ in range(repeat):
                    frame.pts = number
                    container.mux(stream.encode(frame))
                    number += 1
            container.mux(stream.encode(None))


def _even(box: PixelBox, margin: int, width: int, height: int) -> PixelBox:
    """Return a box with a margin and with even sides, inside the frame."""
    left, top = (max(low - margin, 0) // 2 * 2 for low in (box.left, box.top))
    right = min(-(-(box.right + margin) // 2) * 2, width)
    bottom = min(-(-(box.bottom + margin) // 2) * 2, height)
    return PixelBox(left, top, right, bottom)


def _convert(frame: av.VideoFrame, pixels: Pixels, outer: PixelBox, inner: PixelBox) -> None:
    """Convert a part of a picture into a frame.

    Args:
        frame: Receives the box ``inner``, in YUV with half as many columns and rows of colours.
        pixels: The box ``outer``, RGBA.
        outer, inner: Boxes with even sides.
    """
    converted = av.VideoFrame.from_numpy_buffer(pixels, format="rgba").reformat(
        format=frame.format.name, threads=1
    )
    for number, (target, source) in enumerate(zip(frame.planes, converted.planes, strict=True)):
        scale = 2 if number else 1
        to = PixelBox(*(side // scale for side in inner))
        at = PixelBox(*(side // scale for side in outer))
        rows, columns = to.part
        part = (
            slice(rows.start - at.top, rows.stop - at.top),
            slice(columns.start - at.left, columns.stop - at.left),
        )
        _rows(target)[to.part] = _rows(source)[part]


def _rows(plane: Any) -> Pixels:
    """Return the bytes of a plane, one row for each of the picture; writing changes the plane."""
    return np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)
