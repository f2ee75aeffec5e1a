"""Play a scene without drawing a picture, and look at it at every hold."""

from __future__ import annotations

import importlib.util
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from netviz.export.take import LeapingRenderer
from netviz.scene import NetworkScene

Look = Callable[[NetworkScene], None]


@dataclass
class Played:
    """The record of a scene that was played.

    Attributes:
        seconds: Its length.
        captions: (start, end, text) of each subcaption.
        sections: Their names, in order.
        holds: Start of every hold, in seconds.
    """

    seconds: float = 0.0
    captions: list[tuple[float, float, str]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    holds: list[float] = field(default_factory=list)


def scene_in(path: Path) -> type[NetworkScene]:
    """Return the one scene that a file defines."""
    spec = importlib.util.spec_from_file_location(f"played_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes = [
        value
        for value in vars(module).values()
        if inspect.isclass(value) and value.__module__ == module.__name__
    ]
    assert len(classes) == 1, f"{path} defines {classes}"
    assert issubclass(classes[0], NetworkScene)
    return classes[0]


def nothing(_: NetworkScene) -> None:
    """Look at nothing."""


def play(scene_class: type[NetworkScene], look: Look = nothing, glance: Look = nothing) -> Played:
    """Play a scene from end to end.

    Args:
        scene_class: Of the scene.
        look: Called at every hold.
        glance: Called after every animation. What moves into a table has gone before the next hold.
    """
    played = Played()

    class Watched(scene_class):  # type: ignore[misc, valid-type]
        def play(self, *args: Any, **options: Any) -> None:
            super().play(*args, **options)
            glance(self)

        def hold(self, *args: Any, **options: Any) -> None:
            played.holds.append(self.time)
            look(self)
            super().hold(*args, **options)

        def next_section(self, name: str = "", *args: Any, **options: Any) -> None:
            played.sections.append(name)
            super().next_section(name, *args, **options)

    scene = Watched()
    renderer = LeapingRenderer(scene, None)
    scene.render()
    played.seconds = renderer.time
    played.captions = [
        (c.start.total_seconds(), c.end.total_seconds(), c.content)
        for c in renderer.file_writer.subcaptions
    ]
    return played
