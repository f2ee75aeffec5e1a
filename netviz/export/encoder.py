"""Encode frames of video in a thread of its own, next to the one that draws them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from queue import Queue
from threading import Lock, Thread
from typing import Any

import av
import numpy as np
from PIL import Image

from netviz.export.canvas import PixelBox, Pixels

# Frames that may wait to be encoded, while the next one is drawn.
_WAITING = 8
# A pixel has an effect on the colours of so many pixels around it, and a picture that is converted
# needs this margin in order to equal the same part of a whole frame.
_REACH, _MARGIN = 2, 8


@dataclass(frozen=True)
class Coding:
    """How a film is encoded.

    Attributes:
        codec: Name of the encoder.
        options: Its options. One thread, because the file would depend on their number.
        pixels: Name of the format of its pixels.
        container: Name of the file format; by default the suffix of the file selects it.
        muxer: Options of the file format.
    """

    codec: str
    options: Mapping[str, str] = field(default_factory=dict)
    pixels: str = "yuv420p"
    container: str | None = None
    muxer: Mapping[str, str] = field(default_factory=dict)

    def saving(self, steps: int) -> Coding:
        """Return a coding with a lower quality, and smaller files, by a number of steps."""
        options = dict(self.options)
        for name, step, worst in (("crf", 6, 63), ("quality", -20, 15)):
            if name in options:
                lowered = int(options[name]) + step * steps
                options[name] = str(min(lowered, worst) if step > 0 else max(lowered, worst))
        return replace(self, options=options)


class Encoder:
    """Encodes the frames of a film at a constant rate.

    Only what a frame changes is converted to the pixels of the encoder, such as YUV, and a frame
    that is shown for longer is converted once.
    """

    def __init__(self, path: Path, coding: Coding, size: tuple[int, int], rate: Fraction) -> None:
        """Start without frames.

        Args:
            path: The file to write.
            coding: How it is encoded.
            size: (width, height) in pixels, both even.
            rate: Frames per second.
        """
        self._path, self._coding, self._size, self._rate = path, coding, size, rate
        self._whole: PixelBox | None = PixelBox(0, 0, *size)
        self._queue: Queue[tuple[Pixels, PixelBox, PixelBox, int] | int | None] = Queue(_WAITING)
        self._error: BaseException | None = None
        self._thread: Thread | None = None
        self._ended = False

    def add(self, pixels: Pixels, changed: PixelBox | None, repeat: int) -> None:
        """Append a frame; see :class:`netviz.export.reel.Sink`."""
        if self._error is not None:
            self.finish()
        if self._whole is not None:
            changed, self._whole = self._whole, None
            self._thread = Thread(target=self._run, name="netviz-encoder")
            self._thread.start()
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
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        if self._error is not None:
            raise self._error

    def _run(self) -> None:
        try:
            self._encode()
        except BaseException as error:
            self._error = error
            for _ in self._frames():  # until ``finish``, so that nobody waits
                pass

    def _frames(self) -> Iterator[tuple[Pixels, PixelBox, PixelBox, int] | int]:
        """Yield what is added, until ``finish``."""
        while not self._ended:
            item = self._queue.get()
            if item is None:
                self._ended = True
            else:
                yield item

    def _encode(self) -> None:
        coding, (width, height) = self._coding, self._size
        with av.open(self._path, "w", coding.container, dict(coding.muxer)) as container:
            stream: Any = container.add_stream(
                coding.codec, rate=self._rate, options=dict(coding.options)
            )
            stream.width, stream.height, stream.pix_fmt = width, height, coding.pixels
            stream.codec_context.time_base = 1 / self._rate
            with _quiet():
                stream.codec_context.open()
            frame = av.VideoFrame(width, height, coding.pixels)
            frame.time_base = 1 / self._rate
            number = 0
            for item in self._frames():
                repeat = item if isinstance(item, int) else item[-1]
                if not isinstance(item, int):
                    frame.make_writable()  # an encoder may compare the next frame with this one
                    _convert(frame, *item[:-1])
                for _ in range(repeat):
                    frame.pts = number
                    container.mux(stream.encode(frame))
                    number += 1
            container.mux(stream.encode(None))


_QUIET = Lock()


@contextmanager
def _quiet() -> Iterator[None]:
    """Let encoders that are opened print nothing: the one of AV1 prints its settings otherwise."""
    with _QUIET:
        before = os.environ.get("SVT_LOG")
        os.environ["SVT_LOG"] = "1"  # errors only
        try:
            yield
        finally:
            if before is None:
                del os.environ["SVT_LOG"]
            else:
                os.environ["SVT_LOG"] = before


def _even(box: PixelBox, margin: int, width: int, height: int) -> PixelBox:
    """Return a box with a margin and with even sides, inside the frame."""
    left, top = (max(low - margin, 0) // 2 * 2 for low in (box.left, box.top))
    right = min(-(-(box.right + margin) // 2) * 2, width)
    bottom = min(-(-(box.bottom + margin) // 2) * 2, height)
    return PixelBox(left, top, right, bottom)


def _convert(frame: av.VideoFrame, pixels: Pixels, outer: PixelBox, inner: PixelBox) -> None:
    """Convert a part of a picture into a frame.

    Args:
        frame: Receives the box ``inner``. Its planes may have half as many columns and rows.
        pixels: The box ``outer``, RGBA.
        outer, inner: Boxes with even sides.
    """
    if any(component.is_alpha for component in frame.format.components):
        pixels = _straight(pixels)
    converted = av.VideoFrame.from_numpy_buffer(pixels, format="rgba").reformat(
        format=frame.format.name, threads=1
    )
    for target, source in zip(frame.planes, converted.planes, strict=True):
        scale = frame.width // target.width
        to = PixelBox(*(side // scale for side in inner))
        at = PixelBox(*(side // scale for side in outer))
        rows, columns = to.part
        part = (
            slice(rows.start - at.top, rows.stop - at.top),
            slice(columns.start - at.left, columns.stop - at.left),
        )
        _rows(target, frame.format)[to.part] = _rows(source, frame.format)[part]


def _straight(pixels: Pixels) -> Pixels:
    """Return pixels whose colours are not multiplied by their opacity."""
    height, width = pixels.shape[:2]
    # "RGBa" is Pillow's name for colours that are.
    return np.array(Image.frombuffer("RGBa", (width, height), pixels.tobytes()).convert("RGBA"))


def _rows(plane: Any, form: Any) -> Pixels:
    """Return the bytes of a plane, as (row, column, byte); writing changes the plane.

    Args:
        plane: The plane.
        form: The format of its frame.
    """
    together = 1 if form.is_planar else len(form.components)
    step = -(-form.components[0].bits // 8) * together
    shape, strides = (plane.height, plane.width, step), (plane.line_size, step, 1)
    return np.ndarray(shape, np.uint8, plane, strides=strides)
