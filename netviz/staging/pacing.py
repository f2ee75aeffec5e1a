"""How fast a scene is played: its pace, its holds, a given length, a recorded voice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar, Self

from manim import Animation, MovingCameraScene, Scene

from netviz.problems import Problem, ProblemError, expect
from netviz.spec.tables import PACES

_SLOWEST, _FASTEST = PACES
# How much slower the movements of a beat become for a longer recording; the rest of it is a hold.
_STRETCH = 2.0
# Seconds of silence after a recording.
_SILENCE = 0.3
# Moments that differ by less, in seconds, are the same.
_SAME = 1e-6


@dataclass(frozen=True)
class Spoken:
    """The recording of what is said in a beat.

    Attributes:
        path: An audio file.
        seconds: Its length.

    Example:
        >>> from pathlib import Path
        >>> Spoken(Path("voice/loss.gap.wav"), 3.5).seconds
        3.5
    """

    path: Path
    seconds: float


@dataclass(frozen=True)
class Pacing:
    """How fast a film is played. Captions are always shown long enough to be read.

    Attributes:
        pace: How fast, compared with the film as it was made: 2 is twice as fast.
        hold: How long pictures stay, compared with the film as it was made.
        duration: Seconds to which the whole film is stretched or compressed, in place of a pace.
        voice: Name or number of a beat → its recording. A beat lasts at least as long.

    Example:
        >>> slow = NetworkScene.paced(Pacing(pace=0.8, hold=1.5))
        >>> slow.pacing.hold
        1.5
    """

    pace: float = 1.0
    hold: float = 1.0
    duration: float | None = None
    voice: Mapping[str, Spoken] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Check the numbers.

        Raises:
            ProblemError: One is out of range, or a duration is given together with something that
                also determines the length.
        """
        for name, value in (("pace", self.pace), ("hold", self.hold)):
            right = isinstance(value, int | float) and _SLOWEST <= value <= _FASTEST
            expect(name, value, right, f"a number from {_SLOWEST:g} to {_FASTEST:g}")
        if self.duration is None:
            return
        right = isinstance(self.duration, int | float) and 0 < self.duration < float("inf")
        expect("duration", self.duration, right, "a number of seconds above 0")
        for name, given in (("pace", self.pace != 1), ("voice", self.voice)):
            if given:
                found = f"is given together with {name}"
                raise ProblemError(Problem("duration", found, "one of the two"))


@dataclass
class Beat:
    """What happened in a beat.

    Attributes:
        number: Its place in the scene, from 1.
        name: Its key, with a number if the scene uses the key again: ``forward.edge-2``. A beat
            with a text of its own has its number as name.
        text: Its caption.
        act: The act in which it is played, if there are acts.
        section: The section in which it is played, if there are sections.
        start: When its caption appears, in seconds.
        end: When the next one begins, or the scene ends.
        appearing: Seconds until the caption can be read.
        moving: Seconds from then to the last hold.
        wanted: Seconds that the last hold would take without a caption.
        needed: Seconds in which the caption can be read.
        held: Seconds that the last hold takes.

    Example:
        >>> from netviz.export import rehearse
        >>> class Lesson(ActsScene):
        ...     network = "3-4-2"
        ...     acts = ("opening", "input")
        >>> [beat.name for beat in rehearse(Lesson).scene.beats]
        ['network.neurons', 'network.weights', 'input.arrives']
    """

    number: int
    name: str
    text: str
    act: str = ""
    section: str = ""
    start: float = 0.0
    end: float = 0.0
    appearing: float = 0.0
    moving: float = 0.0
    wanted: float = 0.0
    needed: float = 0.0
    held: float = 0.0

    @property
    def rests(self) -> float:
        """When its last hold ends, in seconds; after that, the scene goes on to the next beat."""
        return self.start + self.appearing + self.moving + self.held


@dataclass(frozen=True)
class Tempo:
    """How much longer everything takes than it was made.

    Attributes:
        movements, holds: Factors of their seconds.
        stretched: Number of a beat → another factor of its movements.
    """

    movements: float = 1.0
    holds: float = 1.0
    stretched: Mapping[int, float] = field(default_factory=dict)


class PacedScene(MovingCameraScene):
    """A scene whose animations take longer or shorter than they were made.

    Attributes:
        pacing: How fast the film is played; by default as its file says.
        beats: What was played so far.
    """

    pacing: ClassVar[Pacing | None] = None
    _tempo: ClassVar[Tempo | None] = None
    # Factor of the run times of what is played now.
    _slowness: float = 1.0

    def setup(self) -> None:
        """Start without beats. Called by manim before ``construct``."""
        self.beats: list[Beat] = []
        self.act = self._section = ""
        self._slowness = self.tempo.movements

    @property
    def wanted_pacing(self) -> Pacing:
        """How fast the film is to be played."""
        return self.pacing or Pacing()

    @cached_property
    def tempo(self) -> Tempo:
        """How much longer everything takes than it was made."""
        pacing = self.wanted_pacing
        return self._tempo or Tempo(1 / pacing.pace, pacing.hold / pacing.pace)

    @classmethod
    def in_time(cls, play: Callable[[type[Scene]], Scene]) -> type[Self]:
        """Return this scene class with the tempo that makes it as long as is asked for.

        Args:
            play: Plays a scene without drawing it, and returns it.

        Raises:
            ProblemError: Captions could not be read at that tempo.
        """
        pacing = cls().wanted_pacing
        if cls._tempo is not None or (pacing.duration is None and not pacing.voice):
            return cls
        plain = type(cls.__name__, (cls,), {"pacing": replace(pacing, duration=None, voice={})})
        played = play(plain)
        assert isinstance(played, PacedScene)
        tempo = played.tempo
        if pacing.duration is not None:
            factor = fitting(played.beats, float(played.time), pacing.duration)
            tempo = Tempo(tempo.movements * factor, tempo.holds * factor)
        else:
            tempo = replace(tempo, stretched=_stretched(played.beats, pacing.voice))
        attributes = {"_tempo": tempo, "pacing": pacing, "__module__": cls.__module__}
        return type(cls.__name__, (cls,), attributes)

    @property
    def sounds(self) -> list[tuple[float, Path]]:
        """The start of each recording, in seconds, and its file."""
        said = ((beat.start, spoken(beat, self.wanted_pacing.voice)) for beat in self.beats)
        return [(start, each.path) for start, each in said if each is not None]

    def without_recording(self) -> tuple[list[str], list[str]]:
        """Return the beats without a recording, and the recordings without a beat, by name."""
        voice = self.wanted_pacing.voice
        found = {beat.name: spoken(beat, voice) for beat in self.beats}
        used = {each.path for each in found.values() if each is not None}
        silent = [name for name, each in found.items() if each is None]
        return silent, [name for name, each in voice.items() if each.path not in used]

    # ---- animations ------------------------------------------------------------------------------

    def compile_animations(self, *args: Any, **options: Any) -> list[Animation]:
        """Return animations with the run times of this tempo. Called by manim."""
        made = super().compile_animations(*args, **options)
        for animation in made:
            animation.run_time *= self._slowness
        return made

    @contextmanager
    def _slowed(self, factor: float) -> Iterator[None]:
        before, self._slowness = self._slowness, factor
        try:
            yield
        finally:
            self._slowness = before

    def next_section(self, name: str = "unnamed", *args: Any, **options: Any) -> None:
        """Begin a section."""
        self._section = name
        super().next_section(name, *args, **options)

    # ---- beats -----------------------------------------------------------------------------------

    def _begin_beat(self, key: str | None, text: str) -> Beat:
        """Note that a beat begins now."""
        self._end_beat()
        number = len(self.beats) + 1
        again = sum(beat.name.rpartition("-")[0] == key or beat.name == key for beat in self.beats)
        name = str(number) if key is None else f"{key}-{again + 1}" if again else key
        beat = Beat(number, name, text, self.act, self._section, self.time, self.time)
        self.beats.append(beat)
        self._slowness = self.tempo.movements * self.tempo.stretched.get(number, 1.0)
        return beat

    def _end_beat(self) -> None:
        """Note that the last beat ends now."""
        if self.beats:
            self.beats[-1].end = self.time

    def _last_hold(self, beat: Beat, hold: float, readable: float, needed: float) -> float:
        """Return how long the picture stays at the end of a beat, as ``hold`` takes it.

        Args:
            beat: The beat.
            hold: Seconds that it stays without a caption.
            readable: The moment from which the caption can be read.
            needed: Seconds in which it can be read.
        """
        holds = self.tempo.holds
        beat.appearing, beat.moving = readable - beat.start, self.time - readable
        beat.wanted, beat.needed = hold * holds, needed
        said = spoken(beat, self.wanted_pacing.voice)
        speech = 0.0 if said is None else said.seconds + _SILENCE - (self.time - beat.start)
        beat.held = max(beat.wanted, needed - beat.moving, speech, 0.0)
        self._slowness = self.tempo.movements
        return beat.held / holds

    def _hold_longer(self, seconds: float) -> None:
        """Note that the last hold of a beat, which ends now, goes on."""
        if self.beats and seconds > 0 and abs(self.beats[-1].rests - self.time) < _SAME:
            beat = self.beats[-1]
            beat.wanted = max(beat.wanted, beat.held + seconds)
            beat.held += seconds


def spoken(beat: Beat, voice: Mapping[str, Spoken]) -> Spoken | None:
    """Return the recording of a beat: named by its key, or else by its number, such as 7 or 07."""
    if beat.name in voice:
        return voice[beat.name]
    numbers = (name for name in voice if name.isdecimal() and int(name) == beat.number)
    return voice.get(next(numbers, ""))


def _stretched(beats: Sequence[Beat], voice: Mapping[str, Spoken]) -> dict[int, float]:
    """Return by how much the movements of beats with long recordings become slower."""
    factors = {}
    for beat in beats:
        said = spoken(beat, voice)
        moving = beat.appearing + beat.moving
        if said is not None and moving > 0:
            wanted = (said.seconds + _SILENCE - beat.wanted) / moving
            factors[beat.number] = min(max(wanted, 1.0), _STRETCH)
    return factors


def fitting(beats: Sequence[Beat], seconds: float, duration: float) -> float:
    """Return the factor of all run times with which a scene has a given length.

    Args:
        beats: Of the scene, as it was played with a factor of 1.
        seconds: Its length.
        duration: The length that it is to have.

    Raises:
        ProblemError: The factor would be out of range, or captions could not be read.
    """

    def length(factor: float) -> float:
        moving = factor * (seconds - sum(beat.held for beat in beats))
        holds = (
            max(factor * beat.wanted, beat.needed - factor * beat.moving, 0.0) for beat in beats
        )
        return moving + sum(holds)

    low, high = 1 / _FASTEST, 1 / _SLOWEST
    shortest, longest = length(low), length(high)
    if not shortest <= duration <= longest:
        expected = f"{shortest:.1f} to {longest:.1f} seconds, in which its captions can be read"
        raise ProblemError(Problem("duration", f"is {duration:g}", expected))
    # The length grows with the factor.
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if length(middle) < duration else (low, middle)
    return (low + high) / 2
