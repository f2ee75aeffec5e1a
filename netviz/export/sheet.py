"""What a picture stands on, and what is said about it to those who do not see it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Sheet:
    """What a picture stands on, and what is said about it.

    Attributes:
        tight: It is cut to what is drawn and a small margin, else it is the whole 16:9 frame.
        transparent: It has no background.
        title: A name; without one, that of the scene. An SVG and a PDF keep it.
        description: What is to be seen; an SVG and a PDF keep it for screen readers.

    Example:
        >>> from netviz.scene import DiagramScene
        >>> from netviz.export import Sheet, render
        >>> sheet = Sheet(tight=True, transparent=True, title="A small network")
        >>> made = render(DiagramScene, "net.svg", sheet=sheet)
        >>> "<title>A small network</title>" in made.path.read_text()
        True
    """

    tight: bool = False
    transparent: bool = False
    title: str = ""
    description: str = ""


WHOLE_FRAME = Sheet()
