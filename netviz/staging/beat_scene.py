"""BeatScene: a manim scene with a theme, a language, options, panels and captions.

A beat is a caption, a movement and a hold::

    with self.beat("forward.bias"):
        self.play(...)
    with self.beat(text="A caption that is not in netviz/words."):
        self.play(...)
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, Protocol, Self, TypeVar

from manim import UP, Animation, AnimationGroup, Camera, FadeIn, FadeOut, Group, Mobject
from numpy.typing import ArrayLike

from netviz.camera import LayeredCamera, frame_of
from netviz.captions import SHORTEST, letters, rows
from netviz.core import ForwardTrace
from netviz.drawing.layout.box import CAPTION_BOX, FRAME_BOX, FRAME_HEIGHT, Box, as_box
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError, did_you_mean, expect, moved
from netviz.spec import SceneDescription
from netviz.staging.option import Option, Value, read_options
from netviz.staging.pacing import Beat, PacedScene, Pacing
from netviz.theme import Theme, as_theme
from netviz.words import Words, as_words, load_words

# Seconds of stillness at the end of a beat.
HOLD = 0.9
# Seconds for which the last picture of a film stays.
LAST = 2.0
# Seconds in which panels and light on edges fade before the diagram moves.
CLEARING = 0.4
# The most letters in a line of a caption, of which there are at most two. A letter of Korean is as
# wide as two.
CAPTION_LETTERS = 62
# The lowest end of a caption, in frame units.
_LOWEST = -3.8
# A box that ends below stands on the captions.
_ABOVE_CAPTIONS = -2.6
# In a frame that is higher than 16:9, the picture keeps its shape, and captions below it are larger
# by this for each frame unit of height: the upper end of both, and the distance of lines in ems.
_GROWTH = 0.08
_PICTURE_TOP, _CAPTION_TOP, _LINE = 4.0, -3.1, 1.5
# Seconds in which a caption fades in, while the last one fades out.
_APPEARING, _LEAVING = 0.3, 0.2
# How fast a caption is read by somebody who also looks at the picture.
_LETTERS_PER_SECOND = 18
_OTHER_CAPTIONS = "`netviz list --captions` shows them all; beat(text=…) takes any other text"
_OTHER_SECTIONS = "self.next_section(…) takes any other name"


def reading_time(numbers: int) -> float:
    """Return the seconds for which a picture holds after new numbers have appeared on it."""
    return 0.8 + 0.3 * numbers


def caption_lines(text: str) -> str:
    """Return a caption in one line, or in two of about the same length.

    Raises:
        ProblemError: It does not fit in two lines.

    Example:
        >>> caption_lines("The input becomes a prediction.")
        'The input becomes a prediction.'
        >>> caption_lines("The input becomes a prediction, " * 3).count("\\n")
        1
    """
    lines = rows(text, CAPTION_LETTERS)
    if len(lines) > 2 or max(map(letters, lines), default=0) > CAPTION_LETTERS:
        found = f"has {letters(text)} letters"
        expected = f"at most two lines of {CAPTION_LETTERS} letters"
        raise ProblemError(Problem(f"the caption {text!r}", found, expected))
    return "\n".join(lines)


Panel = TypeVar("Panel", bound=Mobject)
Item = TypeVar("Item")
Item_co = TypeVar("Item_co", covariant=True)


class Countable(Protocol[Item_co]):
    """Items whose number is known: a sequence, or the steps of a training run."""

    def __iter__(self) -> Iterator[Item_co]:
        """Return an iterator over the items."""

    def __len__(self) -> int:
        """Return their number."""


class BeatScene(PacedScene):
    """A scene that is told in beats. It need not be about a network.

    Attributes:
        options: What a lecturer may change without code; :attr:`chosen` has the values.
        length: Seconds of the film with the defaults, for ``netviz list``. A test compares it.
        theme: Colours and fonts: a theme or its name. By default that of the file, or dark.
        language: Code of the language of captions and names. By default that of the file, or
            English.
        file: What a file without a network says about the film.
        captions: Whether captions are on screen; by default as the file says, or yes. They are
            written into .srt and .vtt files in any case.
        progress: Called with (items done, items in total) by :meth:`counted`; None if nobody waits.

    Example:
        >>> from manim import Circle, GrowFromCenter
        >>> class Ball(BeatScene):
        ...     options = (Option("radius", 1.0, "radius of the ball", least=0.1, most=3.0),)
        ...     def construct(self):
        ...         with self.beat(text="A ball."):
        ...             self.play(GrowFromCenter(Circle(self.chosen["radius"])))
        >>> Ball.configured(options={"radius": 2}, theme="light")().chosen["radius"]
        2.0
    """

    options: ClassVar[Sequence[Option]] = ()
    length: ClassVar[float] = 0.0
    file: ClassVar[SceneDescription] = SceneDescription("scene")
    captions: ClassVar[bool | None] = None
    progress: ClassVar[Callable[[int, int], None] | None] = None
    _given: ClassVar[Mapping[str, Value]] = {}

    def __init__(self, camera_class: type[Camera] = LayeredCamera, **settings: Any) -> None:
        """Make a scene with netviz's camera, which is faster than manim's."""
        super().__init__(camera_class=camera_class, **settings)
        # The camera shows the whole frame as long as nothing has moved it.
        self._frame_height = float(frame_of(self.camera)[-1])
        self._panels: list[tuple[Mobject, ...]] = []

    def __init_subclass__(cls, **settings: Any) -> None:
        """Check theme, language and options of a class where it is defined.

        Raises:
            ProblemError: There is no such theme or language, or something is not an option.
        """
        super().__init_subclass__(**settings)
        given = vars(cls)
        for option in given.get("options", ()):
            hint = "how the diagram is drawn is its style"
            expect("options", option, isinstance(option, Option), "one Option(…) or more", hint)
        if isinstance(given.get("theme"), str | Theme):
            type.__setattr__(cls, "theme", as_theme(given["theme"]))
        if isinstance(given.get("language"), str):
            load_words(given["language"])

    @classmethod
    def configured(
        cls,
        *,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        options: Mapping[str, object] | None = None,
        file: SceneDescription | None = None,
    ) -> type[Self]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Args:
            theme: Colours and fonts, or the name of a theme.
            language: Language of captions and names, or its code.
            options: Name → value of options; they take precedence over those of the file.
            file: A file without a network.

        Raises:
            ProblemError: There is no such theme, language or option, or an option has a value that
                is not possible.
        """
        return cls._with(theme=theme, language=language, options=options, file=file)

    @classmethod
    def paced(cls, pacing: Pacing | None = None, *, captions: bool | None = None) -> type[Self]:
        """Return this scene class with another pace, or without captions on screen.

        Args:
            pacing: How fast the film is played.
            captions: Whether captions are on screen.
        """
        return cls._with(pacing=pacing, captions=captions)

    @classmethod
    def _with(
        cls,
        *,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        options: Mapping[str, object] | None = None,
        **attributes: object,
    ) -> type[Self]:
        """Return a subclass with other attributes; those that are None stay as they are."""
        attributes["theme"] = None if theme is None else as_theme(theme)
        attributes["language"] = None if language is None else as_words(language).language
        given = {key: value for key, value in attributes.items() if value is not None}
        values = dict(cls._given)
        for described in given.values():
            if isinstance(described, SceneDescription):
                values |= cls._read(described.film.options, "scene.options.", described.source)
        values |= cls._read(options or {}, "option ")
        own = {**given, "_given": values, "__module__": cls.__module__}
        return type(cls.__name__, (cls,), own)

    @classmethod
    def _read(cls, options: Mapping[str, object], where: str, source: str = "") -> dict[str, Value]:
        try:
            return read_options(cls.options, options, cls.__name__, where)
        except ProblemError as error:
            raise ProblemError(*error.problems, source=source) from error

    # ---- what is shown ---------------------------------------------------------------------------

    def counted(self, items: Countable[Item]) -> Iterator[Item]:
        """Yield what is computed before anything is shown, and report how much of it is done.

        Args:
            items: What takes long: the steps of a training run, or several runs.

        Example:
            >>> from netviz import Network, load_data, train
            >>> class Trained(BeatScene):
            ...     progress = print
            >>> xor, network = load_data("xor"), Network.random([2, 2, 1], rng=0)
            >>> steps = list(Trained().counted(train(network, xor, epochs=2, rng=0)))
            1 2
            2 2
        """
        report = type(self).progress  # of the class, so that it is not a method
        for done, item in enumerate(items, 1):
            yield item
            if report is not None:
                report(done, len(items))

    @property
    def description(self) -> SceneDescription:
        """What a file says about the film."""
        return self.file

    @cached_property
    def chosen(self) -> Mapping[str, Any]:
        """The value of each option."""
        defaults = {each.name: each.default for each in self.options if not each.any_name}
        return {**defaults, **self._given}

    @property
    def results(self) -> Iterable[ArrayLike | ForwardTrace]:
        """The numbers that the scene shows, as the core computed them.

        A forward trace is what a diagram shows. Numbers of an ``example`` need not be repeated. The
        check of scenes complains about every other number on screen.
        """
        return ()

    @cached_property
    def theme(self) -> Theme:
        """Colours and fonts: those of the file, or dark."""
        return as_theme(self.description.theme or "dark")

    @cached_property
    def language(self) -> str:
        """Language of captions and names: that of the file, or English."""
        return self.description.language or "en"

    @cached_property
    def words(self) -> Words:
        """All texts in the scene's language, with the captions of the file."""
        return load_words(self.language).replaced(self.description.film.captions)

    @property
    def wanted_pacing(self) -> Pacing:
        """How fast the film is to be played: as its class says, or its file."""
        return self.pacing or Pacing(**self.description.film.pacing)

    @property
    def captioned(self) -> bool:
        """Whether captions are on screen."""
        return self.description.film.captioned if self.captions is None else self.captions

    # ---- what is on screen -----------------------------------------------------------------------

    @property
    def _caption_growth(self) -> float:
        """How much larger captions are than in a 16:9 frame."""
        return 1 + _GROWTH * max(self._frame_height - FRAME_HEIGHT, 0.0)

    @property
    def _caption_letters(self) -> int:
        """The most letters in a line of a caption."""
        return int(CAPTION_LETTERS / self._caption_growth)

    @property
    def frame_center(self) -> tuple[float, float, float]:
        """The middle of the frame.

        In a frame that is higher than 16:9, the picture and the caption below it are in its middle.
        """
        if self._caption_growth == 1 or not self.captioned:
            return 0.0, 0.0, 0.0
        lines = math.ceil(CAPTION_LETTERS / self._caption_letters)  # of most captions
        height = lines * _LINE * self._caption_growth * self.theme.caption_size
        return 0.0, (_PICTURE_TOP + _CAPTION_TOP - height) / 2, 0.0

    def setup(self) -> None:
        """Set the background of the theme. Called by manim before ``construct``."""
        super().setup()
        self.camera.background_color = self.theme.background
        self._caption: TextLabel | None = None
        self._captioned: tuple[str, float] | None = None
        # The numbers on screen when the picture was last held.
        self._seen: set[str] | None = None
        # From when to when the picture was last held.
        self._held = 0.0, 0.0
        self._check_captions()

    def _check_captions(self) -> None:
        """Check the captions of the file before anything is played.

        Raises:
            ProblemError: One does not fit, or has a letter that no font has.
        """
        for key, text in self.description.film.captions.items():
            try:
                TextLabel(caption_lines(text), self.theme)
            except ProblemError as error:
                where = f'scene.captions."{key.removeprefix("caption.")}"'
                raise ProblemError(moved(error.problems[0], where)) from error

    def room(self, box: Box | str) -> Box:
        """Return a box as this scene uses it: without captions, it reaches down into their room.

        Raises:
            ProblemError: There is no such box.
        """
        box = as_box(box)
        if self.captioned or box.bottom > _ABOVE_CAPTIONS:
            return box
        return replace(box, bottom=FRAME_BOX.bottom)

    @property
    def panels(self) -> tuple[Mobject, ...]:
        """The panels on screen, in the order in which they were shown."""
        return tuple(panel for together in self._panels for panel in together)

    def panel(self, kind: type[Panel]) -> Panel | None:
        """Return the panel of a class that is on screen, or None if there is none."""
        return next((each for each in self.panels if isinstance(each, kind)), None)

    def is_shown(self, mobject: Mobject) -> bool:
        """Return whether a mobject, or a part of it, is on screen."""
        shown = set(map(id, self.get_mobject_family_members()))
        return not shown.isdisjoint(map(id, mobject.get_family()))

    def play(self, *animations: Any, **options: Any) -> None:
        """Play animations.

        A group without animations, such as that of the other terms of a sum of one, plays nothing;
        manim refuses it.

        Args:
            animations, options: As for manim's ``Scene.play``.
        """
        moving = [each for each in animations if not _is_empty(each)]
        if moving or not animations:
            super().play(*moving, **options)

    def show(self, *panels: Mobject, run_time: float = 0.6) -> None:
        """Fade panels in, and keep account of them, as a group, until they are cleared.

        A panel that was built up on screen part by part is not faded in again.

        Args:
            panels: Mobjects next to the diagram.
            run_time: Seconds.
        """
        hidden = [panel for panel in panels if not self.is_shown(panel)]
        if hidden:
            self.play(*map(FadeIn, hidden), run_time=run_time)
        if panels:
            self._panels.append(panels)

    def fade_panels(self) -> list[Animation]:
        """Return the animations in which all panels leave, to be played together with others."""
        # A group leaves as a whole, so that nothing comes between its panels.
        leaving = [panels[0] if len(panels) == 1 else Group(*panels) for panels in self._panels]
        self._panels = []
        return [FadeOut(each) for each in leaving]

    def clear_panels(self, run_time: float = CLEARING) -> None:
        """Fade all panels out. Takes no time if there are none.

        Args:
            run_time: Seconds.
        """
        if self._panels:
            self.play(*self.fade_panels(), run_time=run_time)

    # ---- beats -----------------------------------------------------------------------------------

    def section(self, key: str) -> None:
        """Begin a named section, so that a lecturer can jump to it.

        Args:
            key: Key of its name, below ``section.`` in the words.

        Raises:
            ProblemError: There is no such section.
        """
        self.next_section(self._text("section", key, _OTHER_SECTIONS, {}))

    @contextmanager
    def beat(
        self,
        key: str | None = None,
        *,
        text: str | None = None,
        hold: float | None = None,
        along: Sequence[Animation] = (),
        **values: Any,
    ) -> Iterator[None]:
        """Show a caption, let the body of the ``with`` play animations, hold the picture.

        Args:
            key: Key of the caption, below ``caption.`` in the words of the scene's language.
            text: Any other caption. Like all captions it is given as one line, and shown in two if
                it has more than 62 letters.
            hold: Seconds of stillness at the end; by default as long as it takes to read the
                numbers that are new. Longer if the caption takes longer to read; with 0 only then.
            along: Animations that are played while the caption appears.
            values: Values of the fields in the caption of ``key``.

        Raises:
            ProblemError: There is no such caption, a field of it has no value, the text is not one
                line or does not fit in two lines of 62 letters, or neither or both of key and text
                are given.
        """
        if (key is None) == (text is None):
            found = "has neither a key nor a text" if key is None else "has a key and a text"
            raise ProblemError(Problem("the beat", found, "one of them"))
        if text is None:
            text = self._text("caption", str(key), _OTHER_CAPTIONS, values)
        expect("text", text, isinstance(text, str) and text.isprintable(), "one line of text")
        if self._seen is None:
            self._seen = self._numbers_on_screen()
        beat, readable = self._show_caption(key, text, along)
        yield
        needed = max(letters(text) / _LETTERS_PER_SECOND, SHORTEST.total_seconds())
        # At the pace at which the scene was made, so that the same beats hold at any pace.
        unread = needed > (self.time - readable) / self._slowness
        if hold is None or (hold == 0 and unread):
            hold = self._time_for_new_numbers()
        self.hold(self._last_hold(beat, hold, readable, needed))

    def _text(self, table: str, key: str, other: str, values: Mapping[str, Any]) -> str:
        """Return the text of a key in a table of the words; ``other`` is a hint on other texts."""
        keys = [name.partition(".") for name in self.words.texts]
        known = [rest for first, _, rest in keys if first == table]
        if key not in known:
            hints = filter(None, [did_you_mean(key, known), other])
            raise ProblemError(
                Problem(f"the {table} {key!r}", "does not exist", hint=" ".join(hints))
            )
        try:
            return self.words(f"{table}.{key}", **values)
        except KeyError as error:
            name = error.args[0]
            found, expected = f"has the field {name}", f"a value for it, such as {name}=…"
            raise ProblemError(Problem(f"the {table} {key!r}", found, expected)) from error

    def _show_caption(
        self, key: str | None, text: str, along: Sequence[Animation]
    ) -> tuple[Beat, float]:
        """Begin a beat with its caption, and return the moment from which that can be read."""
        label = self._caption_label(text)
        leaving = [] if self._caption is None else [FadeOut(self._caption, run_time=_LEAVING)]
        self._end_subcaption()
        self._captioned = (text, self.time)
        beat = self._begin_beat(key, text)
        readable = self.time
        if self.captioned:
            readable += _APPEARING * self._slowness
            self.play(*leaving, FadeIn(label, run_time=_APPEARING), *along)
            self._caption = label
        elif along:
            self.play(*along)
        return beat, readable

    def _caption_label(self, text: str) -> TextLabel:
        """Return a caption in its place."""
        lines, em = caption_lines(text), self._caption_growth * self.theme.caption_size
        if self._caption_growth == 1:
            label = TextLabel(lines, self.theme, em=em).move_to(CAPTION_BOX.center)
            label.shift(max(_LOWEST - label.get_bottom()[1], 0.0) * UP)
            return label
        label = TextLabel("\n".join(rows(text, self._caption_letters)), self.theme, em=em)
        label.move_to(CAPTION_BOX.center)
        label.shift((_CAPTION_TOP - label.get_top()[1]) * UP)
        return label

    def clear_caption(self) -> None:
        """Fade the caption out."""
        if self._caption is not None:
            self.play(FadeOut(self._caption), run_time=_LEAVING)
        self._end_subcaption()

    def _end_subcaption(self) -> None:
        """Write the last caption into the subtitles, for as long as it was on screen."""
        if self._captioned is not None:
            text, began = self._captioned
            elapsed = self.time - began
            self.add_subcaption(text, duration=elapsed, offset=-elapsed)
        self._caption = self._captioned = None

    def tear_down(self) -> None:
        """End the last subtitle. Called by manim after ``construct``."""
        self._end_beat()
        self._end_subcaption()

    def draw_afresh(self) -> None:
        """Draw the next frame from scratch: what is kept from frame to frame differs by rounding.

        So the last frame of a film can equal its first one to the last bit.
        """
        if isinstance(self.camera, LayeredCamera):
            self.camera.start_again()

    def hold_for(self, numbers: int) -> None:
        """Keep the picture still after a number of new numbers has appeared on it.

        Args:
            numbers: How many; there are 0.8 seconds, and 0.3 for each.
        """
        self.hold(reading_time(numbers))

    def hold(self, seconds: float | None = None) -> None:
        """Keep the picture still, for reading.

        Args:
            seconds: By default as long as it takes to read the numbers that are new.
        """
        seconds = self._time_for_new_numbers() if seconds is None else seconds
        if seconds > 0:
            self._seen = self._numbers_on_screen()
            began = self._held[0] if self._held[1] == self.time else self.time
            with self._slowed(self.tempo.holds):
                self.wait(seconds, frozen_frame=True)
            self._held = began, self.time

    def hold_last(self) -> None:
        """Keep the last picture of a film still, unless it has been long enough."""
        held = self._held[1] - self._held[0] if self._held[1] == self.time else 0.0
        missing = max(LAST, self._time_for_new_numbers()) * self.tempo.holds - held
        if missing > 0:
            self._hold_longer(missing)
            self.hold(missing / self.tempo.holds)

    def _time_for_new_numbers(self) -> float:
        """Return the seconds for the numbers that were not there when the picture was last held."""
        new = len(self._numbers_on_screen() - (self._seen or set()))
        return reading_time(new) if new else HOLD

    def _numbers_on_screen(self) -> set[str]:
        """Return all numbers, as they are written: one that is seen again needs no time."""
        family = self.get_mobject_family_members()
        numbers = (each for each in family if isinstance(each, Number) and each.has_points())
        return {each.text.lstrip("+") for each in numbers if each.get_fill_opacity() > 0}


def _is_empty(animation: Any) -> bool:
    """Return whether an animation is a group without animations."""
    return isinstance(animation, AnimationGroup) and all(map(_is_empty, animation.animations))
