"""Every scene in every theme: all texts can be read, and every number is the core's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle, product, zip_longest
from pathlib import Path

import pytest

from netviz.core import Data
from netviz.drawing.layout.box import CAPTION_BOX
from netviz.drawing.text import TextLabel
from netviz.recording import Recording
from netviz.scene import ActsScene, BeatScene, NetworkScene, TrainingScene
from netviz.spec import load
from netviz.theme import DARK_THEME, THEMES, Theme
from netviz.words import languages

from . import arithmetic, reading
from .numbers import CoreNumbers
from .pace import same_picture
from .playing import FILES, Played, play, scene_in
from .screen import Screen

NETWORKS = {path.stem: str(path) for path in sorted(Path(__file__).parent.glob("*.toml"))}
# Of a caption.
MOST_ROWS, MOST_LETTERS = 2, 62
SHORTEST, LONGEST = 5.0, 300.0
LONGEST_OF = {"loop": 15.0}
# Scenes whose last frame is their first one.
SAME_ENDS = ("loop",)


@dataclass(frozen=True)
class Case:
    scene: str
    theme: str = "dark"
    network: str = ""
    language: str = "en"

    def __str__(self) -> str:
        return f"{self.scene}-{self.theme}-{self.network or 'its own'}-{self.language}"


# Networks that are awkward to draw, besides those of this folder: one edge, few and many numbers,
# many layers, long layers.
AWKWARD = ("1-1", "3-4-2", "9-8-6", "2-30-30-1", "2-3-3-3-3-3-3-2", *NETWORKS)
VARIANTS = list(product(THEMES, languages()))
# Every theme and every language, the defaults first and together.
EACH_ONCE = [
    (theme or "dark", language or "en")
    for theme, language in zip_longest(THEMES, sorted(languages(), key="en".__ne__))
]

# The longest first, so that no worker finishes long after the others. Each awkward network has one
# of the themes and languages in turn. Each scene has every theme and every language: colours and
# the lengths of texts are found wrong whatever the other is.
CASES = [
    *(
        Case("main_clip", theme, network, language)
        for network, (theme, language) in zip(AWKWARD, cycle(VARIANTS), strict=False)
    ),
    Case("overview", "light", "784-16-10", "ko"),
    Case("loop", "dark", "784-16-10"),
    Case("loop", "light", "16-16-16-10"),
    *(Case("loop", "light", network) for network in ("1-1", "magnitudes", "dead_relu")),
    *(Case("weight_update", "dark", network) for network in ("1-1", "relu")),
    *(Case("training", "light", network) for network in ("iris", "encoder", "5-2-2-5")),
    *(Case(scene, theme, language=language) for scene in FILES for theme, language in EACH_ONCE),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_every_beat_can_be_read(case: Case) -> None:
    played, found = faults(case)
    sentences = [f"{check}: {sentence}" for check, some in found.items() for sentence in some]
    assert not sentences, "\n".join(sentences)
    check_film(case, played)


def faults(case: Case) -> tuple[Played, dict[str, list[str]]]:
    """Play a scene, and return everything that is wrong with it, by the name of the check."""
    scene_class = scene_in(FILES[case.scene])
    if case.network:
        assert issubclass(scene_class, NetworkScene)
        network = NETWORKS.get(case.network, case.network)
        scene_class = scene_class.configured(network=load(network))
    scene_class = scene_class.configured(theme=THEMES[case.theme], language=case.language)
    numbers = CoreNumbers()
    found: dict[str, dict[str, float]] = {}

    def ready(scene: BeatScene) -> None:
        nonlocal numbers
        numbers = numbers_of(scene)

    def note(check: str, sentences: Iterable[str], time: float) -> None:
        for sentence in sentences:
            found.setdefault(check, {}).setdefault(sentence, time)

    def look(scene: BeatScene, screen: Screen) -> None:
        for check, sentences in reading.complaints(screen, scene.theme).items():
            note(check, sentences, scene.time)
        note("numbers", numbers.complaints(screen), scene.time)
        note("arithmetic", arithmetic.complaints(screen), scene.time)
        note("caption", of_caption(screen, scene.theme), scene.time)

    def glance(scene: BeatScene, screen: Screen) -> None:
        note("numbers", numbers.misplaced(screen.numbers()), scene.time)

    played = play(scene_class, look, glance, ready)
    pace = played.pace.ends()
    if case.scene in SAME_ENDS:
        assert played.first is not None
        assert played.last is not None
        pace["loop"] = list(same_picture(played.first, played.last))
        # Fifteen seconds are too few to read all numbers, and the end is the beginning.
        for check in ("rushed", "ending"):
            pace.pop(check, None)
    at = {check: [f"from {t:.1f} s: {s}" for s, t in some.items()] for check, some in found.items()}
    return played, {check: some for check, some in (at | pace).items() if some}


def numbers_of(scene: BeatScene) -> CoreNumbers:
    """Return the numbers that a scene may show."""
    if not isinstance(scene, NetworkScene):
        return CoreNumbers(results=scene.results)
    return CoreNumbers(scene.example, *run_of(scene), results=scene.results)


def run_of(scene: NetworkScene) -> tuple[Recording | None, Data | None]:
    """Return the run that a scene shows, if it shows one, and its validation data."""
    if not isinstance(scene, TrainingScene):
        return None, None
    if isinstance(scene, ActsScene) and not any(act.run for act in scene.resolved_acts):
        return None, None
    return scene.run, scene.training_setup.validation


def of_caption(screen: Screen, theme: Theme) -> list[str]:
    """Complain unless there is one caption of full size below everything else."""
    captions = [
        text
        for text in screen.texts
        if isinstance(text.mobject, TextLabel) and text.ink.center[1] < CAPTION_BOX.top
    ]
    if len(captions) != 1:
        return [f"{len(captions)} captions: {', '.join(map(str, captions))}"]
    if captions[0].em < 0.999 * theme.caption_size:
        return [f"{captions[0]} was set smaller"]
    rows = captions[0].text.split("\n")
    if len(rows) > MOST_ROWS or max(map(len, rows)) > MOST_LETTERS:
        return [f"{captions[0]} is longer than {MOST_ROWS} lines of {MOST_LETTERS} letters"]
    return []


@pytest.mark.parametrize(
    ("captions", "size", "complaint"),
    [
        (["One caption."], 1.0, None),
        ([], 1.0, "0 captions"),
        (["One.", "Two."], 1.0, "2 captions"),
        (["One caption."], 0.9, "was set smaller"),
        (["One line.\nTwo.\nThree."], 1.0, "is longer than 2 lines"),
        (["a" * (MOST_LETTERS + 1)], 1.0, "is longer than 2 lines of 62 letters"),
    ],
)
def test_a_screen_has_one_caption_of_full_size(
    captions: list[str], size: float, complaint: str | None
) -> None:
    em = size * DARK_THEME.caption_size
    labels = [TextLabel(text, DARK_THEME, em=em).move_to(CAPTION_BOX.center) for text in captions]
    # Words that are not below everything else are no caption.
    screen = Screen([*labels, TextLabel("loss", DARK_THEME)], DARK_THEME.background)
    found = of_caption(screen, DARK_THEME)
    assert [complaint in sentence for sentence in found if complaint] == [True] * len(found)
    assert bool(found) == (complaint is not None)


def check_film(case: Case, played: Played) -> None:
    """Check that captions cover the beats in order, sections have names, and the length."""
    assert SHORTEST <= played.seconds <= LONGEST_OF.get(case.scene, LONGEST)
    if not case.network and case.language == "en":
        assert scene_in(FILES[case.scene]).length == pytest.approx(played.seconds, abs=0.5)
    assert played.sections == list(dict.fromkeys(played.sections))
    assert all(played.sections)
    assert played.holds
    spans = [(start, end) for start, end, text in played.captions if text]
    # A caption appears before its hold, which may take no time if there was enough to read it.
    near = 1e-3
    held = [
        [span for span in spans if span[0] + near < hold <= span[1] + near] for hold in played.holds
    ]
    assert all(len(within) == 1 for within in held), "a hold without a caption"
    assert {within[0] for within in held} == set(spans), "a caption without a hold"
    ends = [0.0, *(end for _, end, _ in played.captions)]
    starts = [*(start for start, _, _ in played.captions), played.seconds]
    assert all(end <= start + 1e-3 for end, start in zip(ends, starts, strict=True))
