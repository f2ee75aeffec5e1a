"""Diagrams as SVG: what stands in a notebook's cell."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar, TypeAlias

from manim import Scene

from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.drawing import NetworkDiagram
from netviz.explain import alt_text
from netviz.export import Sheet, render
from netviz.theme import Theme
from netviz.words import Words

Shown: TypeAlias = Network | ForwardTrace | BackwardTrace | NetworkDiagram


class _Still(Scene):
    """A diagram as it stands."""

    diagram: ClassVar[NetworkDiagram]

    def construct(self) -> None:
        self.camera.background_color = self.diagram.theme.background
        self.add(self.diagram)


def picture(shown: Shown, theme: Theme, words: Words) -> str:
    """Draw something as SVG, cut to what is drawn, with a title and a description.

    Args:
        shown: A diagram, as it stands; or what a diagram is made of, traces of one sample.
        theme: Of the diagrams that are made.
        words: Of these diagrams and of the description.
    """
    diagram = _diagram(shown, theme, words)
    sheet = Sheet(
        tight=True,
        title="-".join(map(str, diagram.network.sizes)),
        description=alt_text(diagram.network if shown is diagram else shown, words),
    )
    still = type("Still", (_Still,), {"diagram": diagram})
    with TemporaryDirectory(prefix="netviz-") as folder:
        file = render(still, Path(folder, "diagram.svg"), sheet=sheet).path
        return file.read_text(encoding="utf-8")


def _diagram(shown: Shown, theme: Theme, words: Words) -> NetworkDiagram:
    match shown:
        case Network():
            return NetworkDiagram(shown, theme, words=words)
        case ForwardTrace():
            return _diagram(shown.network, theme, words).show_activations(shown)
        case BackwardTrace():
            return _diagram(shown.forward, theme, words).show_blame(shown)
        case NetworkDiagram():
            return shown
