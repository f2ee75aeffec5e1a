"""DiagramScene: a network as a picture in which nothing moves."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from netviz.core import Network
from netviz.scene import NetworkScene
from netviz.spec import Description
from netviz.theme import THEMES, Theme


class DiagramScene(NetworkScene):
    """A network at rest.

    Attributes:
        values: Whether the neurons show the activations of the sample.
        blames: Whether they show their blame for its loss.
    """

    values: ClassVar[bool] = True
    blames: ClassVar[bool] = False

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | None = None,
        language: str | None = None,
        values: bool = True,
        blames: bool = False,
    ) -> type[NetworkScene]:
        """This scene with other defaults, as a class: manim makes the scene from it."""
        return cls._with(
            network=network, theme=theme, language=language, values=values, blames=blames
        )

    @cached_property
    def theme(self) -> Theme:
        """As the class tells, or its network file; or for paper."""
        return THEMES[self.example.theme or "light"]

    def construct(self) -> None:
        """Put everything on screen at once."""
        if self.values:
            self.diagram.show_activations(self.trace)
        if self.blames:
            self.diagram.show_blame(self.blame)
        self.add(self.diagram)
