"""Every scene in every theme: all texts can be read, and every number is the core's."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from manim import Mobject
from manim.utils.family import extract_mobject_family_members

from netviz.core import Data
from netviz.drawing.layout.box import CAPTION_BOX
from netviz.drawing.text import TextLabel
from netviz.recording import Recording
from netviz.scene import ActsScene, NetworkScene, TrainingScene
from netviz.spec import load
from netviz.theme import THEMES
from netviz.words import languages

from .numbers import CoreNumbers
from .playing import Played, play, scene_in
from .reading import complaints
from .screen import Screen, Subject, is_visible, subjects

FOLDER = Path(__file__).resolve().parents[2] / "scenes"
FILES = {path.stem: path for path in sorted(FOLDER.glob("[!_]*.py"))}
NETWORKS = {path.stem: str(path) for path in sorted(Path(__file__).parent.glob("*.toml"))}
# Scenes about training runs.
TRAINED = ("training", "encoder", "iris", "digits")
SHORTEST, LONGEST = 5.0, 240.0
LONGEST_OF = {"loop": 15.0}


@dataclass(frozen=True)
class Case:
    scene: str
    theme: str = "dark"
    network: str = ""
    language: str = "en"

    def __str__(self) -> str:
        return f"{self.scene}-{self.theme}-{self.network or 'its own'}-{self.language}"


# The longest first, so that no worker finishes long after the others.
CASES = [
    *(
        Case("main_clip", "light", network=network)
        for network in ("9-8-6", "3-4-2", "1-1", "2-2-2-2-2-2", *NETWORKS)
    ),
    Case("loop", network="16-16-16-10"),
    *(
        Case(scene, language=language)
        for scene in ("main_clip", *TRAINED)
        for language in languages()
        if language != "en"
    ),
    *(Case("training", "light", network=network) for network in ("iris", "encoder", "5-2-2-5")),
    *(Case(scene, theme) for scene in FILES for theme in THEMES),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_beat_can_be_read(case: Case) -> None:
    plain = scene_in(FILES[case.scene])
    network = NETWORKS.get(case.network, case.network) or plain.network
    assert isinstance(network, str)
    example = load(network)
    scene_class = plain.configured(
        network=example, theme=THEMES[case.theme], language=case.language
    )
    numbers = CoreNumbers(example, *run_of(scene_class))
    found: dict[str, str] = {}

    def look(scene: NetworkScene) -> None:
        screen = Screen(scene.mobjects, scene.theme.background)
        shown = [
            *complaints(screen, scene.theme),
            *numbers.complaints(screen),
            *of_caption(scene, screen),
        ]
        for complaint in shown:
            found.setdefault(complaint, f"from {scene.time:.1f} s: {complaint}")

    def glance(scene: NetworkScene) -> None:
        for complaint in numbers.misplaced(numbers_at_places(scene.mobjects)):
            found.setdefault(complaint, f"at {scene.time:.1f} s: {complaint}")

    played = play(scene_class, look, glance)
    assert not found, "\n".join(found.values())
    check_film(case, played)


def numbers_at_places(mobjects: list[Mobject]) -> dict[Subject, float]:
    """Return the visible numbers of neurons and edges."""
    numbered = subjects(extract_mobject_family_members(mobjects))
    return {subject: number.value for number, subject in numbered.values() if is_visible(number)}


def run_of(scene_class: type[NetworkScene]) -> tuple[Recording | None, Data | None]:
    """Return the run that a scene shows, if it shows one, and its validation data."""
    if not issubclass(scene_class, TrainingScene):
        return None, None
    scene = scene_class()
    if isinstance(scene, ActsScene) and not any(act.run for act in scene.resolved_acts):
        return None, None
    return scene.run, scene.training_setup.validation


def of_caption(scene: NetworkScene, screen: Screen) -> list[str]:
    """Complain unless there is one caption of full size below everything else."""
    captions = [
        text
        for text in screen.texts
        if isinstance(text.mobject, TextLabel) and text.ink.center[1] < CAPTION_BOX.top
    ]
    if len(captions) != 1:
        return [f"{len(captions)} captions: {', '.join(map(str, captions))}"]
    if captions[0].em < 0.999 * scene.theme.caption_size:
        return [f"{captions[0]} was set smaller"]
    return []


def check_film(case: Case, played: Played) -> None:
    """Check that captions cover the beats in order, sections have names, and the length."""
    assert SHORTEST <= played.seconds <= LONGEST_OF.get(case.scene, LONGEST)
    assert played.sections == list(dict.fromkeys(played.sections))
    assert all(played.sections)
    assert played.holds
    spans = [(start, end) for start, end, text in played.captions if text]
    held = [[span for span in spans if span[0] <= hold < span[1]] for hold in played.holds]
    assert all(len(within) == 1 for within in held), "a hold without a caption"
    assert {within[0] for within in held} == set(spans), "a caption without a hold"
    ends = [0.0, *(end for _, end, _ in played.captions)]
    starts = [*(start for start, _, _ in played.captions), played.seconds]
    assert all(end <= start + 1e-3 for end, start in zip(ends, starts, strict=True))
