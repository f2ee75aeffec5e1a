"""Play a scene without drawing a picture, and look at it at every hold."""

from __future__ import annotations

import importlib.util
import inspect
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from manim import Wait

from netviz.export.take import LeapingRenderer
from netviz.scene import BeatScene

from .pace import Pace, signature
from .screen import Screen

FOLDER = Path(__file__).resolve().parents[2] / "scenes"
FILES = {path.stem: path for path in sorted(FOLDER.glob("[!_]*.py"))}
Look = Callable[[BeatScene, Screen], None]


@dataclass
class Played:
    """The record of a scene that was played.

    Attributes:
        seconds: Its length.
        captions: (start, end, text) of each subcaption.
        sections: Their names, in order.
        holds: Start of every hold, in seconds.
        pace: What was noted while it played.
        first, last: What is drawn in the first and in the last frame.
    """

    seconds: float = 0.0
    captions: list[tuple[float, float, str]] = field(default_factory=list)
    sections: list[str] = field(default_factory=list)
    holds: list[float] = field(default_factory=list)
    pace: Pace = field(default_factory=Pace)
    first: Counter[str] | None = None
    last: Counter[str] | None = None


def scene_in(path: Path) -> type[BeatScene]:
    """Return the one scene that a file defines."""
    spec = importlib.util.spec_from_file_location(f"played_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    classes: list[type[BeatScene]] = [
        value
        for value in vars(module).values()
        if inspect.isclass(value)
        and issubclass(value, BeatScene)
        and value.__module__ == module.__name__
    ]
    assert len(classes) == 1, f"{path} defines {classes}"
    return classes[0]


def screen_of(scene: BeatScene) -> Screen:
    """Return what is on screen now."""
    return Screen(scene.mobjects, scene.theme.background)


def nothing(*_: object) -> None:
    """Look at nothing."""


def play(
    scene_class: type[BeatScene],
    look: Look = nothing,
    glance: Look = nothing,
    ready: Callable[[BeatScene], None] = nothing,
) -> Played:
    """Play a scene from end to end.

    Args:
        scene_class: Of the scene.
        look: Called at every hold.
        glance: Called after every animation. What moves into a table has gone before the next hold.
        ready: Called with the scene before it is played.
    """
    played = Played()

    class Watched(scene_class):  # type: ignore[misc, valid-type]
        # What is on screen while the picture is held.
        held: Screen | None = None

        def play(self, *args: Any, **options: Any) -> None:
            start, still = self.time, all(isinstance(each, Wait) for each in args)
            if played.first is None:
                opening = screen_of(self)
                played.first = signature(opening)
                played.pace.begins(opening)
            super().play(*args, **options)
            if still:
                screen = self.held or screen_of(self)
                played.pace.stays(screen, start, self.time - start)
                return
            screen = screen_of(self)
            played.pace.moved(screen, start, self.time)
            glance(self, screen)

        def hold(self, *args: Any, **options: Any) -> None:
            played.holds.append(self.time)
            self.held = screen_of(self)
            look(self, self.held)
            super().hold(*args, **options)
            self.held = None

        def next_section(self, name: str = "", *args: Any, **options: Any) -> None:
            played.sections.append(name)
            super().next_section(name, *args, **options)

    scene = Watched()
    renderer = LeapingRenderer(scene, None)
    ready(scene)
    scene.render()
    played.seconds = renderer.time
    played.last = signature(screen_of(scene))
    played.captions = [
        (c.start.total_seconds(), c.end.total_seconds(), c.content)
        for c in renderer.file_writer.subcaptions
    ]
    return played
