"""Networks, traces and diagrams as SVG."""

from __future__ import annotations

from typing import ClassVar, TypeAlias

from manim import Scene

from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.drawing import NetworkDiagram
from netviz.explain import alt_text
from netviz.export import Page, render
from netviz.files import temporary_folder
from netviz.theme import Theme
from netviz.words import Words

Drawable: TypeAlias = Network | ForwardTrace | BackwardTrace | NetworkDiagram


class _Still(Scene):
    """A diagram that does not move."""

    diagram: ClassVar[NetworkDiagram]

    def construct(self) -> None:
        self.camera.background_color = self.diagram.theme.background
        self.add(self.diagram)


def picture(value: Drawable, theme: Theme, words: Words) -> str:
    """Draw a value as SVG, cut to what is drawn, with a title and a description.

    Args:
        value: A network, a trace of one sample, or a diagram, which is drawn as it is.
        theme: The theme of a new diagram.
        words: The words of a new diagram, and of the description.
    """
    diagram = _diagram(value, theme, words)
    page = Page(
        tight=True,
        title="-".join(map(str, diagram.network.sizes)),
        description=alt_text(diagram.network if value is diagram else value, words),
    )
    still = type("Still", (_Still,), {"diagram": diagram})
    with temporary_folder() as folder:
        file = render(still, folder / "diagram.svg", page=page).path
        return file.read_text(encoding="utf-8")


def _diagram(value: Drawable, theme: Theme, words: Words) -> NetworkDiagram:
    match value:
        case Network():
            return NetworkDiagram(value, theme, words=words)
        case ForwardTrace():
            return _diagram(value.network, theme, words).show_activations(value)
        case BackwardTrace():
            return _diagram(value.forward, theme, words).show_blame(value)
        case NetworkDiagram():
            return value
