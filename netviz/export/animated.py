"""Animated images in newer formats than GIF: WebP, AVIF and APNG. They repeat endlessly.

Frames go to the encoder one by one, so that memory does not grow with their number.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from netviz.export.take import Take


@dataclass(frozen=True)
class AnimatedImage:
    """A format of animated images, and how it is encoded.

    Attributes:
        codec: The encoder of ffmpeg.
        container: The file format of ffmpeg.
        pixels: The format of the pixels that the encoder takes.
        encoder: Options of the encoder.
        muxer: Options of the file format.
    """

    codec: str
    container: str
    pixels: str
    encoder: Mapping[str, str] = field(default_factory=dict)
    muxer: Mapping[str, str] = field(default_factory=dict)

    def write(self, take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
        """Write an animated image, and return its duration and its size in pixels."""
        os.environ["SVT_LOG"] = "1"  # errors only; the AV1 encoder prints its settings otherwise
        tick = 1 / Fraction(take.fps).limit_denominator(1000)
        shown = 0
        with av.open(draft, "w", format=self.container, options=dict(self.muxer)) as target:
            stream = target.add_stream(self.codec, rate=1 / tick, options=dict(self.encoder))
            assert isinstance(stream, av.VideoStream)
            stream.width, stream.height, stream.pix_fmt = take.width, take.height, self.pixels
            stream.codec_context.time_base = tick

            def encode(pixels: npt.NDArray[np.uint8], repeat: int = 1) -> None:
                nonlocal shown
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(pixels[..., :3]), "rgb24")
                for _ in range(repeat):
                    frame.pts, frame.time_base, shown = shown, tick, shown + 1
                    target.mux(stream.encode(frame))

            seconds = take.frames(encode)
            target.mux(stream.encode(None))
        return seconds, (take.width, take.height)


WEBP = AnimatedImage(
    "libwebp_anim",
    "webp",
    "yuv420p",
    encoder={"quality": "75", "compression_level": "4"},
    muxer={"loop": "0"},
)
AVIF = AnimatedImage(
    "libsvtav1", "avif", "yuv420p", encoder={"crf": "35", "preset": "8"}, muxer={"loop": "0"}
)
APNG = AnimatedImage("apng", "apng", "rgb24", encoder={"pred": "none"}, muxer={"plays": "0"})
