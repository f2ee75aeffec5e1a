"""render(): check the request, play the scene, and publish the finished file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.captions import Caption
from netviz.export.formats import Format, MimeBundle, format_of, still_suffixes
from netviz.export.request import (
    QUALITY_PRESETS,
    WHOLE_FRAME,
    ExportError,
    Page,
    check_rate,
    frame_size,
    quality_named,
)
from netviz.export.target import check_target, open_target
from netviz.files import temporary_folder
from netviz.problems import Problem

if TYPE_CHECKING:
    from manim import Scene

Progress = Callable[[float, float], None]


@dataclass(frozen=True)
class Rendered:
    """A finished file. Jupyter displays it when it is the value of a cell.

    The file is then stored in the notebook, which grows by 4/3 of the size of the file.

    Attributes:
        path: The file.
        seconds: Its duration; 0 for a still image.
        width, height: In pixels.
        size_bytes: The size of the file.
        companions: Files written next to it: captions as .srt and .vtt.

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
        """Return a line such as ``media/loop.gif  13.2 s  800×450  1.9 MB``."""
        length = [f"{self.seconds:.1f} s"] if self.seconds else []
        shape = f"{self.width}×{self.height}"
        return "  ".join([str(self.path), *length, shape, _size(self.size_bytes)])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        """Return what Jupyter displays: a player, an image, or for a PDF a line of text."""
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
    page: Page = WHOLE_FRAME,
    progress: Progress | None = None,
    jobs: int | None = 1,
) -> Rendered:
    """Render a scene to a file. The suffix of the file selects the format (see ``FORMATS``).

    The file appears only when it is complete; after an error, a previous file is unchanged.

    Args:
        scene_class: A class derived from ``manim.Scene``, not an instance.
        output: The file. Its folder is created if it does not exist.
        quality: A name in ``QUALITY_PRESETS``; some formats, such as GIF, have their own preset.
        fps: Frames per second; by default those of the quality.
        width: Width in pixels; by default that of the quality. The frame is 16:9, with even sides.
        at: For still images, the moment in seconds; by default the last frame.
        page: For still images, crop, background, title and description, such as
            ``Page(transparent=True)``.
        progress: Called with (seconds done, seconds in total) while the scene plays.
        jobs: How many processes draw a video, on Linux; None for one for each processor. The file
            is the same for any number.

    Raises:
        ExportError: The request is invalid, or the file cannot be written.
        OSError: The disk is full or fails.

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
    file_format, size, rate = check(output, quality=quality, fps=fps, width=width, at=at, page=page)
    if jobs is not None and jobs < 1:
        raise ExportError(Problem("jobs", f"is {jobs}", "at least 1 process"))

    # Here, so that `netviz.export` loads without manim.
    from netviz.export.pieces import processors
    from netviz.export.take import Take

    with open_target(output) as target, temporary_folder() as media:
        jobs = jobs or processors()
        take = Take(scene_class, *size, rate, at, progress, media, page, jobs).in_time()
        seconds, size = file_format.write(take, target.draft)
    return Rendered(output, seconds, *size, output.stat().st_size, tuple(target.companions))


@dataclass(frozen=True)
class Rehearsal:
    """A scene that was played to its end without being drawn.

    Attributes:
        scene: The scene after its end.
        seconds: Its length.
        captions: Its captions, each with its interval.

    Example:
        >>> from netviz.export import rehearse
        >>> from netviz.scene import ActsScene
        >>> class Short(ActsScene):
        ...     network = "3-4-2"
        ...     acts = ("opening",)
        >>> played = rehearse(Short)
        >>> [caption.text for caption in played.captions][0]
        'Numbers go in on the left, a prediction comes out on the right.'
    """

    scene: Scene
    seconds: float
    captions: tuple[Caption, ...]


def rehearse(scene_class: type[Scene]) -> Rehearsal:
    """Play a scene without drawing it, which takes a small part of the time.

    Args:
        scene_class: A class derived from ``manim.Scene``, not an instance.

    Raises:
        ExportError: It is none.

    Example:
        >>> from manim import Scene
        >>> from netviz.export import rehearse
        >>> class Still(Scene):
        ...     def construct(self):
        ...         self.wait(2)
        >>> rehearse(Still).seconds
        2.0
    """
    from netviz.export.take import Take  # here, so that `netviz.export` loads without manim

    with temporary_folder() as media:
        small = QUALITY_PRESETS["low"]
        size = frame_size(small.width)
        take = Take(scene_class, *size, small.fps, None, None, media, WHOLE_FRAME).in_time()
        scene = take.rehearsed(take.scene_class)
    said = scene.renderer.file_writer.subcaptions
    captions = tuple(Caption(each.start, each.end, each.content) for each in said)
    return Rehearsal(scene, float(scene.time), captions)


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
    page: Page = WHOLE_FRAME,
) -> tuple[Format, tuple[int, int], float]:
    """Check a request to :func:`render` without rendering anything.

    Args:
        output, quality, fps, width, at, page: As for :func:`render`.

    Returns:
        The format, the size (width, height) of a frame in pixels, and the frames per second.

    Raises:
        ExportError: The request is invalid, or the file cannot be written, as far as this can be
            known before.

    Example:
        >>> from netviz.export import check
        >>> check("film.mp4", quality="high")[1:]
        ((1920, 1080), 60)
        >>> check("film.txt")
        Traceback (most recent call last):
            ...
        netviz.export.request.ExportError: film.txt has suffix '.txt': expected one of .mp4, ...
    """
    output = Path(output)
    file_format = format_of(output)
    preset = file_format.preset or quality_named(quality)
    _check_times(output, file_format, fps, at)
    if not file_format.still and (page.tight or page.transparent):
        found, expected = "is not a still-image format", f"one of {still_suffixes()}"
        raise ExportError(Problem(str(output), found, expected))
    size = frame_size(preset.width if width is None else width)
    check_target(output, file_format.companions)
    return file_format, size, preset.fps if fps is None else fps


def _check_times(output: Path, file_format: Format, fps: float | None, at: float | None) -> None:
    if file_format.still:
        if fps is not None:
            hint = "a still image has no frame rate"
            raise ExportError(Problem("fps", f"is given for {output}", "none", hint))
        if at is not None and not at >= 0:
            raise ExportError(Problem("at", f"is {at:g}", "a moment from 0 on, in seconds"))
        return
    if at is not None:
        hint = "only a still image shows one moment"
        raise ExportError(Problem("at", f"is given for {output}", "none", hint))
    if fps is not None:
        check_rate(fps, output.suffix, file_format.rates)
