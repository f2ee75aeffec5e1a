"""The HTML and Markdown with which a web page shows finished files.

Sources: https://html.spec.whatwg.org/multipage/embedded-content.html (picture, video, source),
https://www.w3.org/TR/mediaqueries-5/#mf-user-preferences, https://spec.commonmark.org/0.31.2/#images
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

from PIL import Image

from netviz.export.formats import CAPTIONS
from netviz.export.joining import opened
from netviz.export.request import ExportError
from netviz.export.target import TEXT
from netviz.problems import Problem

# Suffix → MIME type, in the order in which a browser is offered them: the smallest files first.
VIDEOS = {".webm": "video/webm", ".mp4": "video/mp4"}
ANIMATIONS = {
    ".avif": "image/avif",
    ".webp": "image/webp",
    ".apng": "image/apng",
    ".gif": "image/gif",
}
STILLS = {".svg": "image/svg+xml", ".png": "image/png"}
TYPES = VIDEOS | ANIMATIONS | STILLS
# What ``netviz embed clip.*`` also names, and no page shows.
_NOT_SHOWN = (*CAPTIONS, TEXT, ".mov", ".pdf")

_THEME = re.compile(r"-(dark|light)$")
_LIGHT = "(prefers-color-scheme: light)"
_DARK = "(prefers-color-scheme: dark)"
_STILL = "(prefers-reduced-motion: reduce)"
_MOVING = "(prefers-reduced-motion: no-preference)"


@dataclass(frozen=True)
class Figure:
    """Files that show the same: in several formats, in two themes, moving and still.

    Attributes:
        files: The files; ``-dark`` or ``-light`` at the end of a name is the theme.
        text: The text alternative.
        folder: The address of the folder that the page finds them in; empty for its own.
    """

    files: tuple[Path, ...]
    text: str
    folder: str = ""

    @classmethod
    def of(cls, files: Sequence[Path], text: str | None = None, folder: str = "") -> Figure:
        """Check the files, and read the text alternative next to them.

        Args:
            files: Videos, animated images and still images. What no page shows, such as captions,
                is left out.
            text: The text alternative; by default what ``NAME.txt`` next to the first file says.
            folder: As for the attribute.

        Raises:
            ExportError: A file does not exist or cannot be shown by a page, or there is no text.
        """
        files = [path for path in files if path.suffix.lower() not in _NOT_SHOWN] or files
        for path in files:
            if path.suffix.lower() not in TYPES:
                expected = f"one of {', '.join(TYPES)}"
                raise ExportError(Problem(str(path), f"has suffix {path.suffix!r}", expected))
            if not path.is_file():
                raise ExportError(Problem(str(path), "is not a file", "a finished film or picture"))
        return cls(tuple(files), _text_next_to(files[0]) if text is None else text, folder)

    def html(self) -> str:
        """Return a ``<video>`` element if there are videos, and a ``<picture>`` otherwise.

        A page in a light colour scheme shows the light files, if there are any. A reader who
        prefers reduced motion sees a still image, if there is one.
        """
        videos = self._of(VIDEOS)
        return self._video(videos) if videos else self._picture()

    def markdown(self) -> str:
        """Return an image of Markdown, or HTML in it where Markdown has no such image."""
        if len(self.files) > 1 or self._of(VIDEOS):
            return self.html()
        text = re.sub(r"([\\`*_\[\]<>])", r"\\\1", self.text)
        return f"![{text}]({self._address(self.files[0])})"

    def _video(self, videos: list[Path]) -> str:
        stills = self._of(STILLS)
        lines = []
        for path in videos:
            conditions = [_MOVING] if stills else []
            conditions += self._scheme(path, videos)
            lines.append(f"  <source{_media(conditions)} {self._source('src', path)}>")
        poster = f' poster="{self._address(stills[0])}"' if stills else ""
        size, text = _size(videos[-1]), escape(self.text)
        opening = f'<video autoplay loop muted playsinline{size}{poster} aria-label="{text}">'
        return "\n".join([opening, *lines, f"  {text}", "</video>"])

    def _picture(self) -> str:
        moving, stills = self._of(ANIMATIONS), self._of(STILLS)
        shown = moving or stills
        lines = []
        for group, condition in ((stills, [_STILL]), (moving, [])) if moving else ((stills, []),):
            for path in group:
                if path != shown[-1]:
                    media = _media([*condition, *self._scheme(path, group)])
                    lines.append(f"  <source{media} {self._source('srcset', path)}>")
        text = escape(self.text)
        image = f'<img src="{self._address(shown[-1])}"{_size(shown[-1])} alt="{text}">'
        return "\n".join(["<picture>", *lines, f"  {image}", "</picture>"]) if lines else image

    def _of(self, types: Mapping[str, str]) -> list[Path]:
        """Return the files of these types, the light ones first, in the order of the types."""
        order = list(types)
        chosen = [path for path in self.files if path.suffix.lower() in order]
        return sorted(
            chosen, key=lambda path: (_theme(path) != "light", order.index(path.suffix.lower()))
        )

    def _scheme(self, path: Path, others: Sequence[Path]) -> list[str]:
        """Return the condition of a file on the colour scheme, if there are files for another."""
        if len({_theme(other) for other in others}) == 1:
            return []
        if _theme(path) == "light":
            return [_LIGHT]
        return [_DARK] if all(map(_theme, others)) and path not in others[-1:] else []

    def _source(self, attribute: str, path: Path) -> str:
        return f'type="{TYPES[path.suffix.lower()]}" {attribute}="{self._address(path)}"'

    def _address(self, path: Path) -> str:
        if not self.folder:
            return escape(quote(path.as_posix()))
        return escape(f"{self.folder.rstrip('/')}/{quote(path.name)}")


def _theme(path: Path) -> str:
    found = _THEME.search(path.stem)
    return found[1] if found else ""


def _media(conditions: Sequence[str]) -> str:
    return f' media="{" and ".join(conditions)}"' if conditions else ""


def _text_next_to(path: Path) -> str:
    candidates = [path.with_suffix(TEXT), path.with_name(_THEME.sub("", path.stem) + TEXT)]
    for file in candidates:
        if file.is_file():
            return " ".join(_read(file).split())
    expected = f"{candidates[0]}, or a text with --alt"
    raise ExportError(Problem(f"the text alternative of {path}", "is missing", expected))


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ExportError(Problem(str(path), "cannot be read", "text in UTF-8")) from error


def _size(path: Path) -> str:
    """Return the attributes width and height of a file, so that a page does not jump.

    Raises:
        ExportError: The file cannot be read.
    """
    try:
        width, height = _measured(path)
    except (OSError, ElementTree.ParseError, Image.DecompressionBombError) as error:
        raise ExportError(Problem(str(path), f"cannot be read ({error})")) from error
    return f' width="{width}" height="{height}"' if width and height else ""


def _measured(path: Path) -> tuple[int, int]:
    suffix = path.suffix.lower()
    if suffix in VIDEOS:
        with opened(path) as container:
            stream = container.streams.video[0]
            return stream.width, stream.height
    if suffix == ".svg":
        root = ElementTree.parse(path).getroot()
        sides = (
            re.match(r"\d{1,9}(?!\d)(\.\d+)?", root.get(side, "")) for side in ("width", "height")
        )
        width, height = (round(float(side[0])) if side else 0 for side in sides)
        return width, height
    with Image.open(path) as picture:
        return picture.size
