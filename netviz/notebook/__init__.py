"""What Jupyter shows: a network as its diagram, a trace as its diagram with its numbers.

There is nothing to call: a network, a trace or a diagram on the last line of a cell is a picture.
``use`` chooses how it looks. Importing this loads no manim; that waits for the first picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netviz.core import BackwardTrace, ForwardTrace
from netviz.theme import LIGHT_THEME, THEMES, Theme
from netviz.words import load_words

if TYPE_CHECKING:
    from netviz.notebook.pictures import Shown

__all__ = ["draw", "use"]


@dataclass
class _Look:
    theme: Theme = LIGHT_THEME
    language: str = "en"


_look = _Look()


def use(*, theme: Theme | str | None = None, language: str | None = None) -> None:
    """Choose how networks and traces look in the cells that follow; what is not told stays.

    A diagram has a theme and words of its own.

    Args:
        theme: A theme, or its name; light at first. Its ``style`` has every option of a diagram.
        language: Of the names of layers, and of the description for screen readers.

    Raises:
        ValueError: There is no such theme or language.

    Example:
        >>> netviz.notebook.use(theme="dark", language="ko")
    """
    if isinstance(theme, str) and theme not in THEMES:
        raise ValueError(f"theme {theme!r}: expected one of {', '.join(THEMES)}")
    if language is not None:
        _look.language = load_words(language).language
    if theme is not None:
        _look.theme = THEMES[theme] if isinstance(theme, str) else theme


def draw(shown: Shown) -> str | None:
    """Draw a network, a trace or a diagram as SVG.

    Returns:
        The SVG; None for a trace with batch axes, for many samples are no single picture.
    """
    forward = shown.forward if isinstance(shown, BackwardTrace) else shown
    if isinstance(forward, ForwardTrace) and forward.input.ndim > 1:
        return None
    from netviz.notebook.pictures import picture  # here, for it takes manim

    return picture(shown, _look.theme, load_words(_look.language))
