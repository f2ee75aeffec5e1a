"""What Jupyter displays: a network as its diagram, a trace as its diagram with its numbers.

There is nothing to call: Jupyter draws a network, a trace or a diagram that is the value of a cell.
``use`` sets theme and language. Importing this package loads no manim until the first picture.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netviz.core import BackwardTrace, ForwardTrace
from netviz.core.pictured import Pictured
from netviz.theme import LIGHT_THEME, Theme, as_theme
from netviz.words import Words, as_words

if TYPE_CHECKING:
    from netviz.notebook.pictures import Drawable

__all__ = ["draw", "use"]


@dataclass
class _Look:
    theme: Theme = LIGHT_THEME
    words: Words | str = "en"  # by name, so that importing netviz reads no words


_look = _Look()


def use(*, theme: Theme | str | None = None, language: Words | str | None = None) -> None:
    """Set theme and language of the networks and traces displayed from now on.

    An option that is not given stays as it is. A diagram has its own theme and words.

    Args:
        theme: A theme, or its name. At first it is light. Its ``style`` has the options of a
            diagram.
        language: The language of layer names and of the description for screen readers: a code
            such as ``"en"``, or words.

    Raises:
        ProblemError: There is no such theme or language.

    Example:
        >>> netviz.notebook.use(theme="dark", language="ko")
    """
    # Both are checked before either is set.
    new_theme = _look.theme if theme is None else as_theme(theme)
    _look.words = _look.words if language is None else as_words(language)
    _look.theme = new_theme


def draw(value: Drawable) -> str | None:
    """Draw a network, a trace or a diagram.

    Returns:
        The SVG; None for a trace with batch axes, which is not a single picture.
    """
    forward = value.forward if isinstance(value, BackwardTrace) else value
    if isinstance(forward, ForwardTrace) and forward.input.ndim > 1:
        return None
    from netviz.notebook.pictures import picture  # here, because it loads manim

    return picture(value, _look.theme, as_words(_look.words))


Pictured.artist = draw
