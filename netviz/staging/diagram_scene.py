"""DiagramScene: a network as a picture in which nothing moves."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import ClassVar, Self

from netviz.core import Network
from netviz.spec import Description, SceneDescription
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme, as_theme
from netviz.words import Words


class DiagramScene(NetworkScene):
    """A network at rest, in the light theme by default.

    Attributes:
        values: Whether the neurons show the activations of the sample.
        blames: Whether they show their blame for its loss.

    Example:
        >>> from netviz.export import render
        >>> figure = DiagramScene.configured(network="3-4-2", blames=True)
        >>> render(figure, "figure.svg")
    """

    values: ClassVar[bool] = True
    blames: ClassVar[bool] = False

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        options: Mapping[str, object] | None = None,
        file: SceneDescription | None = None,
        values: bool = True,
        blames: bool = False,
    ) -> type[Self]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Raises:
            ProblemError: There is no such theme, language or option.
        """
        return cls._with(
            network=network,
            theme=theme,
            language=language,
            options=options,
            file=file,
            values=values,
            blames=blames,
        )

    @cached_property
    def theme(self) -> Theme:
        """Colours and fonts: those of the network file, or light."""
        return as_theme(self.example.theme or "light")

    def construct(self) -> None:
        """Add the diagram to the screen."""
        if self.values:
            self.diagram.show_activations(self.trace)
        if self.blames:
            self.diagram.show_blame(self.blame)
        self.add(self.diagram)
