"""render(): checks what is asked, plays the scene, and puts the finished file in its place."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.export.embed import Bundle
from netviz.export.errors import ExportError
from netviz.export.formats import FORMATS, Format, format_of
from netviz.export.quality import check_rate, frame_size, quality_named
from netviz.export.sheet import WHOLE_FRAME, Sheet
from netviz.export.target import staged

if TYPE_CHECKING:
    from manim import Scene

Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class Rendered:
    """A finished file. On the last line of a notebook's cell it shows itself.

    What is shown is kept inside the notebook, which grows by the size of the file and a third.

    Attributes:
        path: Where it is.
        seconds: How long it lasts; 0 for a picture.
        width, height: In pixels.
        size_bytes: Its size.
        companions: Files written beside it: captions as .srt and .vtt.

    Example:
        >>> from netviz.export import render
        >>> from netviz.scene import DiagramScene
        >>> made = render(DiagramScene, "net.png", width=320)
        >>> made.path.name, made.seconds, made.width, made.height
        ('net.png', 0.0, 320, 180)
    """

    path: Path
    seconds: float
    width: int
    height: int
    size_bytes: int
    companions: tuple[Path, ...]

    def __str__(self) -> str:
        """For example: media/loop.gif  13.2 s  800×450  1.9 MB."""
        length = [f"{self.seconds:.1f} s"] if self.seconds else []
        shape = f"{self.width}×{self.height}"
        return "  ".join([str(self.path), *length, shape, _size(self.size_bytes)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Bundle:
        """The file, for Jupyter: a film as a player, a picture as a picture, a PDF as a line."""
        try:
            return format_of(self.path).embed(self.path, str(self))
        except OSError as error:
            return {"text/plain": f"{self.path} cannot be shown ({error.strerror})."}


def render(
    scene_class: type[Scene],
    output: str | Path,
    *,
    quality: str = "low",
    fps: float | None = None,
    width: int | None = None,
    at: float | None = None,
    sheet: Sheet = WHOLE_FRAME,
    progress: Progress | None = None,
) -> Rendered:
    """Render a scene to a file, whose suffix chooses the format (see ``FORMATS``).

    The file appears only when it is complete; whatever goes wrong, what was there before stays.

    Args:
        scene_class: A manim Scene, not an instance.
        output: The file. Its folder is made if need be.
        quality: A name in ``QUALITIES``; a GIF has a width and a frame rate of its own.
        fps: Frames per second, instead of the quality's.
        width: Pixels, instead of the quality's; the frame is 16:9 and its sides are even.
        at: For pictures, the moment in seconds; else the last frame is drawn.
        sheet: For pictures, how they are cut, what they stand on, and what is said about them, such
            as ``Sheet(transparent=True)``.
        progress: Is told (seconds done, seconds in all) as the scene plays.

    Raises:
        ExportError: The request cannot be met, or nothing can be written there.

    Example:
        >>> from manim import RIGHT, Dot, Scene
        >>> from netviz.export import render
        >>> class Moves(Scene):
        ...     def construct(self):
        ...         self.play(Dot().animate.shift(RIGHT))
        >>> render(Moves, "moves.gif", width=160).seconds
        1.04
    """
    output = Path(output)
    file_format, size, rate = check(
        output, quality=quality, fps=fps, width=width, at=at, sheet=sheet
    )

    from netviz.export.stage import Take  # here, so that `netviz.export` loads without manim

    with staged(output) as stage, tempfile.TemporaryDirectory(prefix="netviz-") as media:
        take = Take(scene_class, *size, rate, at, progress, Path(media), sheet)
        seconds, size = file_format.write(take, stage.draft)
    return Rendered(output, seconds, *size, output.stat().st_size, tuple(stage.companions))


def _size(count: int) -> str:
    kilobytes = count / 1000
    return f"{kilobytes / 1000:.1f} MB" if kilobytes >= 1000 else f"{kilobytes:.0f} kB"


def check(
    output: str | Path,
    *,
    quality: str = "low",
    fps: float | None = None,
    width: int | None = None,
    at: float | None = None,
    sheet: Sheet = WHOLE_FRAME,
) -> tuple[Format, tuple[int, int], float]:
    """What `render` is asked for: the format, the size of a frame, the frames per second.

    Raises:
        ExportError: The request cannot be met.

    Example:
        >>> from netviz.export import check
        >>> check("film.mp4", quality="high")[1:]
        ((1920, 1080), 60)
        >>> check("film.txt")
        Traceback (most recent call last):
            ...
        netviz.export.errors.ExportError: film.txt has suffix '.txt': expected one of .mp4, ...
    """
    output = Path(output)
    file_format = format_of(output)
    preset = file_format.preset or quality_named(quality)
    _check_times(output, file_format, fps, at)
    if not file_format.still and (sheet.tight or sheet.transparent):
        stills = ", ".join(suffix for suffix, kind in FORMATS.items() if kind.still)
        raise ExportError(f"{output} is no picture that stands still: expected one of {stills}")
    size = frame_size(preset.width if width is None else width)
    return file_format, size, preset.fps if fps is None else fps


def _check_times(output: Path, file_format: Format, fps: float | None, at: float | None) -> None:
    if file_format.still:
        if fps is not None:
            raise ExportError(f"{output} is a picture: it has no frame rate")
        if at is not None and not at >= 0:
            raise ExportError(f"the moment of {at:g} s: expected 0 or later")
        return
    if at is not None:
        raise ExportError(f"{output} shows the whole scene: only a picture has one moment")
    if fps is not None:
        check_rate(fps, output.suffix, file_format.rates)
