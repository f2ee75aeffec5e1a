"""FORMATS: every output format, by the suffix that selects it.

A new format is one entry of ``FORMATS`` and a function that writes the file. A function of a few
lines stands in this module; a longer one has a module of its own, which is loaded when a file is
written.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib import import_module
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from netviz.export.request import ExportError, Quality
from netviz.problems import Problem, did_you_mean

if TYPE_CHECKING:
    from netviz.export.take import Take

MimeBundle = dict[str, str]
"""What Jupyter shows in place of a value: MIME type → content."""

Writer = Callable[["Take", Path], tuple[float, tuple[int, int]]]
Embed = Callable[[Path, str], MimeBundle]


# ---- writers -------------------------------------------------------------------------------------


def write_png(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write one frame as PNG, without drawing the others."""
    from PIL import Image

    with take.picture() as picture:
        # "RGBa" is Pillow's name for colours that are multiplied by their opacity.
        pixels = Image.frombuffer("RGBa", picture.size, picture.pixels().tobytes())
        mode = "RGBA" if picture.page.transparent else "RGB"
        pixels.convert("RGBA").convert(mode).save(draft, optimize=True)
        return 0.0, picture.size


def write_with(name: str) -> Writer:
    """Return a writer whose module is loaded when it writes.

    Args:
        name: A module of this package and its function, such as ``"video.write_mp4"``.
    """

    def write(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
        module, _, function = name.partition(".")
        writer: Writer = attrgetter(function)(import_module(f"{__package__}.{module}"))
        return writer(take, draft)

    return write


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
        write: Plays a take and writes the given file. Returns the duration in seconds (0 for a
            still image) and the size (width, height) in pixels. Files that it writes next to the
            given one, with the same stem, are published with it.
        embed: Returns what a notebook shows for a file, from its path and a line of text that
            describes it.
        still: Whether it is a still-image format, for which a moment can be chosen but no frame
            rate.
        preset: Width and frame rate of this format, in place of those of the quality.
        rates: The only frame rates that the format supports; empty if it supports any.
        companions: The suffixes of the files that it may write next to the given one.

    Example:
        >>> from netviz.export import FORMATS
        >>> FORMATS[".svg"].still, FORMATS[".gif"].preset.fps
        (True, 12.5)
    """

    write: Writer
    embed: Embed = embed_nothing
    still: bool = False
    preset: Quality | None = None
    rates: tuple[float, ...] = ()
    companions: tuple[str, ...] = ()


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
    ".mp4": Format(write_with("video.write_mp4"), embed_video, companions=CAPTIONS),
    ".webm": Format(write_with("video.write_webm"), embed_video, companions=CAPTIONS),
    ".gif": Format(
        write_with("gif.write_gif"),
        embed_animated_image,
        preset=Quality(800, 12.5),
        rates=tuple(GIF_DELAYS),
    ),
    ".webp": Format(write_with("animated.WEBP.write"), embed_animated_image, preset=BLOG),
    ".avif": Format(write_with("animated.AVIF.write"), embed_animated_image, preset=BLOG),
    ".apng": Format(write_with("animated.APNG.write"), embed_animated_image, preset=BLOG),
    ".png": Format(write_png, embed_image, still=True),
    ".svg": Format(write_with("vector.write_svg"), embed_svg, still=True, preset=PAPER),
    ".pdf": Format(write_with("vector.write_pdf"), still=True, preset=PAPER),
}


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


def still_suffixes() -> str:
    """Return the suffixes of still-image formats, as listed in messages."""
    return ", ".join(suffix for suffix, kind in FORMATS.items() if kind.still)
