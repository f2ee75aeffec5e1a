"""Check a film as it runs: what is still, for how long, what is new, what stays, what is empty."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import dist

from manim import Mobject, VMobject, config

from netviz.captions import letters
from netviz.drawing.neuron import Neuron
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.drawing.text import Number, TextLabel

from .reading import content, is_caption, lightness
from .screen import Screen, fill_of, is_stroked, is_visible, parts_of, rect_of, stroke_of

# Seconds that a result is held, and more for each new number.
HELD, PER_NUMBER = 0.8, 0.3
# Seconds after which a still picture is too long, unless there is something to read.
STILL, LAST = 3.0, 2.0
# Letters of a caption that are read in a second.
READ = 12
# Seconds that a movement takes, and the distance from which on something has moved.
MOVEMENT, FAR = 0.6, 0.5
# Seconds for which a third of the frame may be empty, and the width that is not empty.
EMPTY, SOME = 3.0, 0.3
# A flash is two opposite changes of a neuron's luminance by at least this much; the most a second.
LIGHTER, FLASHES = 0.1, 3
# Differences of time that are due to the length of a frame.
FRAME = 0.13
THREAD = (GapBars, LossMeter)
THIRDS = ("left", "middle", "right")


@dataclass
class Still:
    """A stretch of the film in which nothing changes.

    Attributes:
        start: In seconds.
        seconds: Its length.
        new: How many different numbers are on screen that were not there in the stretch before.
        letters: Of the caption, if it is new.
    """

    start: float
    seconds: float
    new: int
    letters: int


@dataclass
class Pace:
    """What is noted while a film plays, and the complaints about it.

    Call ``begins`` before the first animation, ``moved`` after each animation, and ``stays`` before
    the picture stays as it is for some seconds.
    """

    found: dict[str, list[str]] = field(default_factory=dict)
    stills: list[Still] = field(default_factory=list)
    _numbers: set[str] = field(default_factory=set)
    _caption: str = ""
    _places: dict[int, tuple[str, tuple[float, float]]] = field(default_factory=dict)
    _thread: set[type] = field(default_factory=set)
    _empty: dict[str, float] = field(default_factory=dict)
    _turns: dict[int, list[tuple[float, float]]] = field(default_factory=dict)
    _end: float = 0.0

    def complain(self, check: str, sentence: str) -> None:
        """Note a fault."""
        self.found.setdefault(check, []).append(sentence)

    # ---- what is called while it plays ----------------------------------------------------------

    def begins(self, screen: Screen) -> None:
        """Look at the first frame."""
        if not content(screen):
            self.complain("blank", "the first frame is blank")
        self._numbers = numbers_on(screen)
        self._look_for_empty(screen, 0.0)
        self._look_for_flashes(screen, 0.0)
        self._note(screen)

    def moved(self, screen: Screen, start: float, end: float) -> None:
        """Look at the picture after an animation, and compare it with that before."""
        before, seconds = self._places, end - start
        self._note(screen)
        for key, (name, place) in self._places.items():
            if key in before and seconds < MOVEMENT - FRAME:
                way = dist(place, before[key][1])
                if way > FAR:
                    sentence = f"{start:.1f} s: {name} moves {way:.1f} units in {seconds:.2f} s"
                    self.complain("hasty", sentence)
        self._look_for_flashes(screen, end)
        self._look_for_empty(screen, end)
        self._end = end

    def stays(self, screen: Screen, start: float, seconds: float) -> None:
        """Look at a picture that stays for some seconds."""
        numbers, caption = numbers_on(screen), caption_of(screen)
        new = len(numbers - self._numbers)
        to_read = letters(caption) if caption != self._caption else 0
        last = self.stills[-1] if self.stills else None
        if last is not None and abs(last.start + last.seconds - start) < 1e-6:
            last.seconds += seconds
            last.new, last.letters = last.new + new, last.letters + to_read
        else:
            self.stills.append(Still(start, seconds, new, to_read))
        self._numbers, self._caption = numbers, caption
        self._check_thread(screen, start)
        self._note(screen)
        self._look_for_empty(screen, start + seconds)
        self._end = start + seconds

    def ends(self) -> dict[str, list[str]]:
        """Return all complaints by check, once the film has ended."""
        for still in self.stills:
            needed = HELD + PER_NUMBER * still.new if still.new else 0.0
            allowed = max(STILL, needed + 1, still.letters / READ + 1)
            at = f"{still.start:.1f} s: still for {still.seconds:.2f} s"
            if still.seconds < needed - FRAME:
                self.complain("rushed", f"{at}, but {still.new} new numbers need {needed:.1f} s")
            if still.seconds > allowed + FRAME:
                self.complain("standing", f"{at}, but {allowed:.1f} s would do")
        last = self.stills[-1] if self.stills else Still(0, 0, 0, 0)
        held = last.seconds if abs(last.start + last.seconds - self._end) < 1e-6 else 0.0
        if held < LAST - FRAME:
            self.complain("ending", f"the last picture is held for {held:.2f} s")
        return self.found

    # ---- what is compared -----------------------------------------------------------------------

    def _note(self, screen: Screen) -> None:
        """Remember where neurons and texts are."""
        self._places = {
            id(mobject): (name, rect_of(mobject.points.tobytes()).center)
            for mobject, name in movable(screen)
        }

    def _check_thread(self, screen: Screen, time: float) -> None:
        shown = {
            kind
            for kind in THREAD
            for mobject in parts_of(screen.family, kind)
            if any(map(is_visible, mobject.get_family()))
        }
        for kind in self._thread - shown:
            self.complain("thread", f"{time:.1f} s: {kind.__name__} has left the screen")
        self._thread |= shown

    def _look_for_flashes(self, screen: Screen, time: float) -> None:
        """Note when neurons turn from lighter to darker and back, at the ends of animations."""
        for shape in screen.shapes:
            if shape.neuron is None:
                continue
            light = lightness(fill_of(shape.mobject))
            turns = self._turns.setdefault(id(shape.mobject), [(time, light)])
            change = light - turns[-1][1]
            if abs(change) < LIGHTER:
                continue
            if len(turns) > 1 and change * (turns[-1][1] - turns[-2][1]) > 0:
                turns.pop()  # it goes on in the same direction
            turns.append((time, light))
            changes = [moment for moment, _ in turns[1:] if time - moment < 1]
            if len(changes) > 2 * FLASHES:
                self.complain(
                    "flashing", f"{time:.1f} s: {shape} flashes {len(changes) / 2:g} times"
                )

    def _look_for_empty(self, screen: Screen, time: float) -> None:
        empty = empty_thirds(screen)
        for third in THIRDS:
            if third not in empty:
                self._empty.pop(third, None)
                continue
            since = self._empty.setdefault(third, time)
            if time - since > EMPTY + FRAME:
                began = f"the {third} third is empty from {since:.1f} to "
                found = self.found.setdefault("empty", [])
                found[:] = [other for other in found if not other.startswith(began)]
                found.append(f"{began}{time:.1f} s")


def movable(screen: Screen) -> Iterator[tuple[Mobject, str]]:
    for neuron in parts_of(screen.family, Neuron):
        yield neuron.disc, "a neuron"
    for text in screen.texts:
        if isinstance(text.mobject, Number | TextLabel):
            yield text.mobject, repr(text.text)


def numbers_on(screen: Screen) -> set[str]:
    """Return all numbers, as they are written: one that is seen again needs no time to be read."""
    return {text.text.lstrip("+") for text in screen.texts if isinstance(text.mobject, Number)}


def caption_of(screen: Screen) -> str:
    return " ".join(text.text for text in screen.texts if is_caption(text))


def empty_thirds(screen: Screen) -> set[str]:
    """Return the vertical thirds of the frame in which there is next to nothing."""
    width = config.frame_width / 3
    rects = content(screen)
    empty = set()
    for place, third in enumerate(THIRDS):
        left = -config.frame_width / 2 + place * width
        parts = (min(r.right, left + width) - max(r.left, left) for r in rects)
        if not any(part > SOME for part in parts):
            empty.add(third)
    return empty


def same_picture(first: Counter[str], last: Counter[str]) -> Iterator[str]:
    """Yield what differs between two pictures that should be the same; see ``signature``."""
    for what in first - last:
        yield f"only in the first frame: {what}"
    for what in last - first:
        yield f"only in the last frame: {what}"


def signature(screen: Screen) -> Counter[str]:
    """Return everything that is drawn, with its place and its colours."""
    texts = Counter(f"{text}, {text.color}, {text.opacity:.2f}" for text in screen.texts)
    return texts + Counter(f"{shape}, {look(shape.mobject)}" for shape in screen.shapes)


def look(mobject: VMobject) -> str:
    """Return the visible colours of a shape."""
    line = fill = ""
    if is_stroked(mobject):
        opacity, width = mobject.get_stroke_opacity(), mobject.get_stroke_width()
        line = f"line {stroke_of(mobject)} {opacity:.2f} {width:.2f}"
    if mobject.get_fill_opacity() > 0:
        fill = f"fill {fill_of(mobject)} {mobject.get_fill_opacity():.2f}"
    return f"{line} {fill}"
