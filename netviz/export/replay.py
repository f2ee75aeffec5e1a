"""An existing film as a scene, so that it can be rendered like any other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from manim import Scene
from PIL import Image, ImageOps

from netviz.camera import Pixels, Projector
from netviz.export.joining import film_length, opened
from netviz.export.reel import SAME_MOMENT


def replayed(path: Path, fps: float) -> type[Scene]:
    """Return a scene that shows an existing film.

    Args:
        path: A film of any codec, size and frame rate; it keeps its aspect ratio.
        fps: The frame rate at which the scene is rendered.

    Raises:
        ExportError: It is not a film.
    """
    seconds = film_length(path)

    class Replayed(Scene):
        def __init__(self, **settings: Any) -> None:
            super().__init__(camera_class=Projector, **settings)

        def construct(self) -> None:
            assert isinstance(self.camera, Projector)
            self.camera.picture = _Reel(path, lambda: self.time).picture
            self.wait(math.ceil(seconds * fps - SAME_MOMENT) / fps, frozen_frame=False)

    Replayed.__name__ = path.stem
    return Replayed


class _Reel:
    """The pictures of the film at ``path``; ``clock`` returns the moment in seconds."""

    def __init__(self, path: Path, clock: Callable[[], float]) -> None:
        self._clock, self._frames = clock, _frames(path)
        self._picture: av.VideoFrame | None = None
        self._next = next(self._frames, None)

    def picture(self, size: tuple[int, int]) -> Pixels | None:
        """Return the picture of this moment, of a size (width, height); None if there is none."""
        now = self._clock() + SAME_MOMENT
        while self._next is not None and (self._picture is None or (self._next.time or 0) <= now):
            self._picture, self._next = self._next, next(self._frames, None)
        if self._picture is None:
            return None
        shown: Image.Image = self._picture.to_image()  # type: ignore[no-untyped-call]
        picture = ImageOps.pad(shown, size, Image.Resampling.LANCZOS)
        return np.array(picture.convert("RGBA"))


def _frames(path: Path) -> Iterator[av.VideoFrame]:
    with opened(path) as film:
        yield from film.decode(video=0)
