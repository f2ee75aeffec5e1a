"""FORMATS: every output format, by the suffix that selects it.

A new format is one entry of ``FORMATS`` and a function that writes the file. A function of a few
lines stands in this module; a longer one has a module of its own, which is loaded when a file is
written.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netviz import memory
from netviz.export.request import ExportError, Quality
from netviz.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from netviz.export.reel import Reel
    from netviz.export.take import Take

MimeBundle = dict[str, str]
"""What Jupyter shows in place of a value: MIME type → content."""

Draw = Callable[["Take", Path], tuple[int, int]]
Open = Callable[["Take", Path], "Reel"]
Embed = Callable[[Path, str], MimeBundle]


# ---- writing -------------------------------------------------------------------------------------


def draw_png(take: Take, draft: Path) -> tuple[int, int]:
    """Write one frame as PNG, without drawing the others."""
    from PIL import Image

    with take.picture() as picture:
        # "RGBa" is Pillow's name for colours that are multiplied by their opacity.
        pixels = Image.frombuffer("RGBa", picture.size, picture.pixels().tobytes())
        mode = "RGBA" if picture.page.transparent else "RGB"
        image = pixels.convert("RGBA").convert(mode)
        if take.saving:
            image = image.quantize(256 >> take.saving, Image.Quantize.FASTOCTREE)
        image.save(draft, optimize=True)
        return picture.size


def loaded(name: str) -> Callable[[Take, Path], Any]:
    """Return a function whose module is loaded when it is called.

    Args:
        name: A module of this package and its function, such as ``"video.mp4"``.
    """

    def call(take: Take, draft: Path) -> Any:
        module, _, function = name.partition(".")
        return getattr(import_module(f"{__package__}.{module}"), function)(take, draft)

    return call


# ---- notebooks -----------------------------------------------------------------------------------


def embed_nothing(path: Path, text: str) -> MimeBundle:
    """Return only the text."""
    return {"text/plain": text}


def embed_video(path: Path, text: str) -> MimeBundle:
    """Return a video player."""
    label, source = escape(text), _data_url(path, "video")
    style = 'style="max-width: 100%"'
    player = f'<video controls loop {style} aria-label="{label}" src="{source}"></video>'
    return {"text/html": player, "text/plain": text}


def embed_animated_image(path: Path, text: str) -> MimeBundle:
    """Return an animated image, as HTML: notebook converters ignore image/gif."""
    image = f'<img style="max-width: 100%" alt="{escape(text)}" src="{_data_url(path, "image")}">'
    return {"text/html": image, "text/plain": text}


def embed_image(path: Path, text: str) -> MimeBundle:
    """Return an image of pixels."""
    return {f"image/{_subtype(path)}": _base64(path), "text/plain": text}


def embed_svg(path: Path, text: str) -> MimeBundle:
    """Return the SVG source."""
    return {"image/svg+xml": path.read_text(encoding="utf-8"), "text/plain": text}


def _data_url(path: Path, medium: str) -> str:
    return f"data:{medium}/{_subtype(path)};base64,{_base64(path)}"


def _subtype(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _base64(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()


# ---- the registry --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Format:
    """How files of one format are written, and what the format supports.

    Attributes:
        open: Opens the given file for the film of a take. Files that are written next to it, with
            the same stem, are published with it. None for a still-image format.
        draw: Writes a moment of a take into the given file, and returns the size (width, height)
            in pixels. None for a format of films.
        embed: Returns what a notebook shows for a file, from its path and a line of text that
            describes it.
        preset: Width and frame rate of this format, in place of those of the quality.
        rates: The only frame rates that the format supports; empty if it supports any.
        companions: The suffixes of the files that it may write next to the given one.
        alpha: Whether pictures may have no background.
        loops: Whether the file says how often it is played.
        colors: The most colours, if they are few.
        savings: How often the colours can be halved, or the quality lowered, for a smaller file;
            None if no setting makes the file smaller.
        memory: Bytes that a pixel of a film takes while it is drawn and encoded: an encoder keeps
            many frames. Measured with films of 3840 × 2160. 0 for a still-image format.

    Example:
        >>> from netviz.export import FORMATS
        >>> FORMATS[".svg"].still, FORMATS[".gif"].preset.fps
        (True, 12.5)
    """

    open: Open | None = None
    draw: Draw | None = None
    embed: Embed = embed_nothing
    preset: Quality | None = None
    rates: tuple[float, ...] = ()
    companions: tuple[str, ...] = ()
    alpha: bool = False
    loops: bool = False
    colors: int = 0
    savings: int | None = 0
    memory: int = 0

    @property
    def still(self) -> bool:
        """Whether it is a still-image format, for which a moment can be chosen but no rate."""
        return self.open is None


# Frame rate of a GIF → delay in hundredths of a second, the only unit that a GIF has. Browsers slow
# down anything faster than 50 frames a second; 33⅓ and 50 enlarge the file without looking better.
GIF_DELAYS = {10.0: 10, 12.5: 8, 20.0: 5, 25.0: 4}
# The suffixes of the captions next to a film.
CAPTIONS = (".srt", ".vtt")
# Paths have no pixels; this is the width at which they are shown by default, the rate is unused.
PAPER = Quality(800, 15)
# Animated images are for web pages, where a GIF of this width is common.
BLOG = Quality(800, 20)

FORMATS = {
    ".mp4": Format(
        loaded("video.mp4"), embed=embed_video, companions=CAPTIONS, savings=3, memory=140
    ),
    ".webm": Format(
        loaded("video.webm"),
        embed=embed_video,
        companions=CAPTIONS,
        alpha=True,
        savings=3,
        memory=280,
    ),
    ".mov": Format(loaded("video.mov"), companions=CAPTIONS, alpha=True, memory=100),
    ".gif": Format(
        loaded("gif.gif"),
        embed=embed_animated_image,
        preset=Quality(800, 12.5),
        rates=tuple(GIF_DELAYS),
        loops=True,
        colors=256,
        savings=4,
        memory=60,
    ),
    ".webp": Format(
        loaded("animated.webp"),
        embed=embed_animated_image,
        preset=BLOG,
        alpha=True,
        loops=True,
        savings=3,
        memory=85,
    ),
    ".avif": Format(
        loaded("animated.avif"),
        embed=embed_animated_image,
        preset=BLOG,
        loops=True,
        savings=3,
        memory=230,
    ),
    ".apng": Format(
        loaded("animated.apng"),
        embed=embed_animated_image,
        preset=BLOG,
        alpha=True,
        loops=True,
        memory=85,
    ),
    ".png": Format(draw=draw_png, embed=embed_image, alpha=True, colors=256, savings=5),
    ".svg": Format(
        draw=loaded("vector.draw_svg"), embed=embed_svg, preset=PAPER, alpha=True, savings=None
    ),
    ".pdf": Format(draw=loaded("vector.draw_pdf"), preset=PAPER, alpha=True, savings=None),
}

_FILM = (lambda kind: not kind.still, "a still image has no length")
# Setting → whether it has a meaning for a format, and why it may have none.
MEANINGS: dict[str, tuple[Callable[[Format], bool], str]] = {
    "fps": (lambda kind: not kind.still, "a still image has no frame rate"),
    "at": (lambda kind: kind.still, "only a still image shows one moment"),
    **dict.fromkeys(("from", "to", "speed", "hold_end"), _FILM),
    "loop": (lambda kind: kind.loops, "only animated images say how often they are played"),
}


def expect_memory(kinds: Sequence[Format], size: tuple[int, int]) -> None:
    """Check that still images or films, which are drawn together, do not take too much memory.

    Args:
        kinds: Their formats.
        size: (width, height) of a frame in pixels.

    Raises:
        ExportError: They do.
    """
    of_film = sum(kind.memory for kind in kinds)
    hint = "give a smaller width"
    found = memory.film(*size, of_film, hint) if of_film else memory.pixels(*size, hint)
    for problem in found:
        raise ExportError(problem)


def has_meaning(setting: str, kinds: Sequence[Format]) -> bool:
    """Return whether a setting has a meaning for any of some formats.

    Args:
        setting: Its name on the command line, such as ``hold_end``.
        kinds: The formats.
    """
    return setting not in MEANINGS or any(map(MEANINGS[setting][0], kinds))


def format_of(output: Path) -> Format:
    """Return the format that the suffix of a file selects.

    Raises:
        ExportError: No format has this suffix.
    """
    suffix = output.suffix.lower()
    if suffix not in FORMATS:
        found = f"has suffix {output.suffix!r}" if suffix else "has no suffix"
        hint = did_you_mean(suffix, FORMATS)
        raise ExportError(Problem(str(output), found, f"one of {', '.join(FORMATS)}", hint))
    return FORMATS[suffix]


def suffixes(chosen: Callable[[Format], bool]) -> str:
    """Return the suffixes of some formats, as listed in messages."""
    return ", ".join(suffix for suffix, kind in FORMATS.items() if chosen(kind))
