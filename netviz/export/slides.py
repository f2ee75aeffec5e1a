"""Films as slides, one for each part, through manim-slides: HTML and PowerPoint."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from netviz.export.request import ExportError
from netviz.problems import Problem

SLIDES = (".html", ".pptx")
# manim-slides' loggers, and those of what it uses.
LOGGERS = ("manim-slides", "urllib3")


@dataclass(frozen=True)
class Slide:
    """A slide: a film that plays once and stops at its last picture.

    Attributes:
        film: The film.
        notes: What the speaker says, shown in the speaker view.
    """

    film: Path
    notes: str = ""


def check_slides(output: Path) -> None:
    """Check, before anything is rendered, that slides can be written.

    Raises:
        ExportError: There is no such format, or manim-slides is not installed.
    """
    if output.suffix.lower() not in SLIDES:
        found = f"has suffix {output.suffix!r}" if output.suffix else "has no suffix"
        raise ExportError(Problem(str(output), found, f"one of {', '.join(SLIDES)}"))
    _converters()


def write_slides(
    slides: Sequence[Slide], draft: Path, *, title: str, background: str, size: tuple[int, int]
) -> None:
    """Write slides into one file, which needs no other and no network when it is shown.

    Args:
        slides: In order.
        draft: A file that ends in one of ``SLIDES``.
        title: Title of the presentation.
        background: Colour around the pictures, such as ``"#0F1117"``.
        size: Width and height of the pictures in pixels.

    Raises:
        ExportError: A part of reveal.js, which shows slides in a browser, was never downloaded and
            cannot be downloaded now.
    """
    config, convert = _converters()
    # Going back shows the slide before from its start, so no film is needed in reverse.
    entries = [
        {"file": each.film, "rev_file": each.film, "notes": each.notes, "dedent_notes": False}
        for each in slides
    ]
    presentation = config.PresentationConfig(
        slides=entries, resolution=size, background_color=background
    )
    if draft.suffix.lower() == ".pptx":
        # A slide has its usual size, and each film fills it, whatever its pixels.
        converter = convert.PowerPoint(presentation_configs=[presentation])
    else:
        # The other themes refer to fonts, which would be requested from the network.
        theme = convert.RevealTheme.black
        converter = convert.RevealJS(
            presentation_configs=[presentation],
            one_file=True,
            offline=True,
            title=title,
            reveal_theme=theme,
            background_color=background,
            hash=convert.JsBool.true,
        )
    with _quiet():
        try:
            converter.convert_to(draft)
        except RuntimeError as error:  # what it raises without a network
            hint = "it is downloaded once, and kept for the next time"
            problem = Problem("reveal.js", "is not there and cannot be downloaded", hint=hint)
            raise ExportError(problem) from error


def _converters() -> tuple[Any, Any]:
    """Return the modules of manim-slides that are needed here.

    Raises:
        ExportError: It is not installed.
    """
    try:
        from manim_slides import config, convert
    except ImportError as error:
        found, expected = "is not installed", 'pip install "manim-netviz[slides]"'
        raise ExportError(Problem("manim-slides", found, expected)) from error
    return config, convert


@contextmanager
def _quiet() -> Iterator[None]:
    """Silence the loggers and progress bars of manim-slides."""
    from manim_slides import convert

    levels = {logger: logger.level for logger in map(logging.getLogger, LOGGERS)}
    bar = convert.tqdm
    try:
        for logger in levels:
            logger.setLevel(logging.CRITICAL)
        convert.tqdm = lambda entries, **_: entries
        yield
    finally:
        convert.tqdm = bar
        for logger, level in levels.items():
            logger.setLevel(level)
