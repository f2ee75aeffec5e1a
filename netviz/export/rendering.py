"""render(): check the request, play the scene, and publish the finished file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netviz import memory
from netviz.captions import Caption
from netviz.export.formats import (
    MEANINGS,
    Format,
    MimeBundle,
    expect_memory,
    format_of,
    has_meaning,
    suffixes,
)
from netviz.export.request import (
    QUALITY_PRESETS,
    WHOLE_FILM,
    WHOLE_FRAME,
    WIDEST,
    Cut,
    ExportError,
    Page,
    check_rate,
    frame_size,
    quality_named,
    size_as_text,
)
from netviz.export.target import TEXT, check_target, may_describe, open_target
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
        companions: Files written next to it: captions as .srt and .vtt, a text alternative as .txt.
        given_up: What it has given up to be as small as was asked for; empty for nothing.

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
    given_up: str = ""

    def __str__(self) -> str:
        """Return a line such as ``media/loop.gif  13.2 s  800×450  1.9 MB``."""
        length = [f"{self.seconds:.1f} s"] if self.seconds else []
        shape, size = f"{self.width}×{self.height}", size_as_text(self.size_bytes)
        given_up = [f"(smaller: {self.given_up})"] if self.given_up else []
        return "  ".join([str(self.path), *length, shape, size, *given_up])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> MimeBundle:
        """Return what Jupyter displays: a player, an image, or for a PDF a line of text."""
        try:
            return format_of(self.path).embed(self.path, str(self))
        except OSError as error:
            return {"text/plain": f"{self.path} cannot be shown ({error.strerror})."}


def render(scene_class: type[Scene], output: str | Path, **settings: Any) -> Rendered:
    """Render a scene to a file. The suffix of the file selects the format (see ``FORMATS``).

    The file appears only when it is complete; after an error, a previous file is unchanged.

    Args:
        scene_class: A class derived from ``manim.Scene``, not an instance.
        output: The file. Its folder is created if it does not exist.
        settings: As for :func:`render_all`.

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
    return render_all(scene_class, [output], **settings)[0]


def render_all(
    scene_class: type[Scene],
    outputs: Sequence[str | Path],
    *,
    quality: str = "low",
    fps: float | None = None,
    width: int | None = None,
    aspect: str | None = None,
    at: float | None = None,
    cut: Cut = WHOLE_FILM,
    page: Page = WHOLE_FRAME,
    max_size: int | None = None,
    progress: Progress | None = None,
    jobs: int | None = 1,
) -> list[Rendered]:
    """Render a scene to several files. Films of the same size and frame rate are drawn once.

    Each file is the same as if it had been rendered alone.

    Args:
        scene_class: A class derived from ``manim.Scene``, not an instance.
        outputs: The files. A setting needs a meaning for one of them.
        quality: A name in ``QUALITY_PRESETS``; some formats, such as GIF, have their own preset.
        fps: Frames per second; by default those of the quality.
        width: Width in pixels; by default that of the quality. Both sides of a frame are even.
        aspect: Width to height of the frame, a name in ``ASPECTS``; by default ``16:9``.
        at: For still images, the moment in seconds; by default the last frame.
        cut: For films, the part that is written, its speed and its end.
        page: Crop, background, title and description, such as ``Page(transparent=True)``. The
            description is also written next to each file, as ``NAME.txt``, unless a text that was
            written by hand stands there.
        max_size: The most bytes of a file. For a larger one, the frame rate is lowered, then the
            width, then the number of colours or the quality, no further than is needed.
        progress: Called with (seconds done, seconds in total) while the scene plays.
        jobs: How many processes draw a video, on Linux; None for one for each processor, as far as
            they fit into half of the memory. The file is the same for any number.

    Returns:
        The files, in the order of ``outputs``.

    Raises:
        ExportError: The request is invalid, or a file cannot be written.
        OSError: The disk is full or fails.

    Example:
        >>> from netviz.export import render_all
        >>> from netviz.scene import ActsScene
        >>> class Short(ActsScene):
        ...     network = "3-4-2"
        ...     acts = ("opening",)
        >>> made = render_all(Short, ["short.mp4", "short.webm", "short.png"], width=160)
        >>> [file.path.name for file in made]
        ['short.mp4', 'short.webm', 'short.png']
    """
    paths = [Path(output) for output in outputs]
    real = [path.resolve() for path in paths]
    repeated = next((path for path in paths if real.count(path.resolve()) > 1), None)
    if repeated is not None:
        raise ExportError(Problem(str(repeated), "is given twice", "different files"))
    checked = _checked(paths, quality, fps, width, aspect, at, cut, page)
    if jobs is not None and jobs < 1:
        raise ExportError(Problem("jobs", f"is {jobs}", "at least 1 process"))

    # Here, so that `netviz.export` loads without manim.
    from netviz.export.take import Take
    from netviz.export.writing import Order, shrink, write

    _, size, rate = checked[0]
    with ExitStack() as stack:
        media = stack.enter_context(temporary_folder())
        targets = [stack.enter_context(open_target(path)) for path in paths]
        moment = cut.end if at is None else at
        take = Take(
            *(scene_class, *size, rate, moment, progress, media, page),
            *(_processes(checked) if jobs is None else jobs, cut, aspect),
        ).in_time()
        orders = [
            Order(path, *found, target.draft)
            for path, found, target in zip(paths, checked, targets, strict=True)
        ]
        made = [
            shrink(take, order, max_size)
            if max_size is not None and order.draft.stat().st_size > max_size
            else written
            for order, written in zip(orders, write(take, orders), strict=True)
        ]
        if page.description:
            for path, target in zip(paths, targets, strict=True):
                if may_describe(path):
                    text = target.draft.with_suffix(TEXT)
                    text.write_text(f"{page.description}\n", encoding="utf-8")
    return [
        Rendered(
            *(path, each.seconds, *each.size, path.stat().st_size, tuple(target.companions)),
            each.given_up,
        )
        for path, each, target in zip(paths, made, targets, strict=True)
    ]


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


def check(
    output: str | Path,
    *,
    quality: str = "low",
    fps: float | None = None,
    width: int | None = None,
    aspect: str | None = None,
    at: float | None = None,
    cut: Cut = WHOLE_FILM,
    page: Page = WHOLE_FRAME,
) -> tuple[Format, tuple[int, int], float]:
    """Check a request to :func:`render` without rendering anything.

    Args:
        output, quality, fps, width, aspect, at, cut, page: As for :func:`render_all`.

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
    return _checked([Path(output)], quality, fps, width, aspect, at, cut, page)[0]


def _checked(
    outputs: Sequence[Path],
    quality: str,
    fps: float | None,
    width: int | None,
    aspect: str | None,
    at: float | None,
    cut: Cut,
    page: Page,
) -> list[tuple[Format, tuple[int, int], float]]:
    """Return format, size of a frame, and frames per second of each file."""
    kinds = [format_of(output) for output in outputs]
    given = {"fps": fps, "at": at, **cut.given}
    for name, (_, hint) in MEANINGS.items():
        if given.get(name) is not None and not has_meaning(name, kinds):
            raise ExportError(Problem(name, f"is given for {outputs[0]}", "none", hint))
    if at is not None and not at >= 0:
        raise ExportError(Problem("at", f"is {at:g}", "a moment from 0 on, in seconds"))
    checked = []
    for output, kind in zip(outputs, kinds, strict=True):
        preset = kind.preset or quality_named(quality)
        if page.transparent and not kind.alpha:
            expected = f"one of {suffixes(lambda kind: kind.alpha)}"
            raise ExportError(Problem("transparent", f"is given for {output}", expected))
        if fps is not None and not kind.still:
            check_rate(fps, output.suffix, kind.rates)
        size = frame_size(preset.width if width is None else width, aspect or WIDEST)
        check_target(output, kind.companions)
        rate = preset.fps if fps is None or kind.still else fps
        checked.append((kind, size, rate))
    for look, group in groupby(sorted(checked, key=_look), key=_look):
        expect_memory([kind for kind, _, _ in group], look[0])
    return checked


def _look(checked: tuple[Format, tuple[int, int], float]) -> tuple[tuple[int, int], float, bool]:
    """Return what is the same in files that are drawn together."""
    kind, size, rate = checked
    return size, rate, kind.still


def _processes(checked: Sequence[tuple[Format, tuple[int, int], float]]) -> int:
    """Return how many processes draw films: as many as there are processors and memory for."""
    from netviz.export.pieces import processors  # here, because it loads numpy

    size = sum(width * height * kind.memory for kind, (width, height), _ in checked)
    return min(processors(), memory.processes(size)) if size else 1
