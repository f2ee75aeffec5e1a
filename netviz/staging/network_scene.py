"""NetworkScene: a manim scene with an example to explain, a theme, a language and captions.

A beat is a caption, a movement and a hold::

    with self.beat("forward.bias"):
        self.play(...)
    with self.beat(text="A caption that is not in netviz/words."):
        self.play(...)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar, TypeVar
from unicodedata import east_asian_width

import numpy as np
from manim import UP, Animation, Camera, FadeIn, FadeOut, Group, Mobject, MovingCameraScene
from numpy.typing import NDArray

from netviz import interop
from netviz.animation.details import DimEdges, FitBox
from netviz.animation.gap import OpenGap
from netviz.animation.timeline import Span, Timeline
from netviz.camera import LayeredCamera
from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import CAPTION_BOX, GAPS_BOX, WIDE_BOX, Box, as_box
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.drawing.text import TextLabel
from netviz.problems import Problem, ProblemError, did_you_mean, expect, moved
from netviz.spec import Description, describe, load
from netviz.theme import Theme, as_theme
from netviz.words import Words, as_words, load_words

# Seconds of stillness at the end of a beat.
HOLD = 0.9
# Seconds in which panels and light on edges fade before the diagram moves.
CLEARING = 0.4
# The most letters in a line of a caption, of which there are at most two. A letter of Korean is as
# wide as two.
CAPTION_LETTERS = 62
# The lowest end of a caption, in frame units.
_LOWEST = -3.8
# Seconds in which a caption fades in.
_APPEARING = 0.3
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
    if _letters(text) <= CAPTION_LETTERS:
        return text
    words = text.split(" ")
    halves = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words)))
    lines = min(halves, key=lambda pair: max(map(_letters, pair)), default=(text,))
    if max(map(_letters, lines)) > CAPTION_LETTERS:
        found = f"has {_letters(text)} letters"
        expected = f"at most two lines of {CAPTION_LETTERS} letters"
        raise ProblemError(Problem(f"the caption {text!r}", found, expected))
    return "\n".join(lines)


def _letters(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


Panel = TypeVar("Panel", bound=Mobject)


class NetworkScene(MovingCameraScene):
    """A scene about one network, one sample and one step of learning.

    Attributes:
        network: What is explained: a network with its sample, as
            ``netviz.spec.describe(network, input=…, target=…)`` returns it; a network alone, for a
            sample that is sampled at random; the path of a network or model file; or a built-in
            name. The scene then has its ``diagram``, ``trace`` and ``blame``.
        options: Options of the diagram that this scene needs; see :class:`netviz.style.Style`.
        theme: Colours and fonts: a theme or its name. By default that of the network file, or dark.
        language: Code of the language of captions and names. By default that of the network file,
            or English.
        gaps_box: Where ``gap_bars`` stand, if it is changed before they are used first.

    Example:
        >>> from netviz.animation import BackwardPass, ForwardPass
        >>> class Mine(NetworkScene):
        ...     network = "3-4-2"
        ...     theme = "light"
        ...     def construct(self):
        ...         self.add(self.diagram)
        ...         with self.beat("overview.predict"):
        ...             self.play(ForwardPass(self.diagram, self.trace))
        ...         with self.beat("overview.blame"):
        ...             self.play(BackwardPass(self.diagram, self.blame))
        >>> Mine().example.network.sizes
        (3, 4, 2)
    """

    network: ClassVar[Description | Network | str] = "5-2-2-5"
    options: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, camera_class: type[Camera] = LayeredCamera, **options: Any) -> None:
        """Make a scene with netviz's camera, which is faster than manim's."""
        super().__init__(camera_class=camera_class, **options)
        self._panels: list[tuple[Mobject, ...]] = []
        self.gaps_box = GAPS_BOX

    def __init_subclass__(cls, **options: Any) -> None:
        """Check theme and language of a class where it is defined.

        Raises:
            ProblemError: There is no such theme or language.
        """
        super().__init_subclass__(**options)
        given = vars(cls)
        if isinstance(given.get("theme"), str | Theme):
            type.__setattr__(cls, "theme", as_theme(given["theme"]))
        if isinstance(given.get("language"), str):
            load_words(given["language"])

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
    ) -> type[NetworkScene]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Raises:
            ProblemError: There is no such theme or language.
        """
        return cls._with(network=network, theme=theme, language=language)

    @classmethod
    def _with(
        cls,
        *,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        **attributes: object,
    ) -> type[NetworkScene]:
        """Return a subclass with other attributes; those that are None stay as they are."""
        attributes["theme"] = None if theme is None else as_theme(theme)
        attributes["language"] = None if language is None else as_words(language).language
        given = {key: value for key, value in attributes.items() if value is not None}
        return type(cls.__name__, (cls,), {**given, "__module__": cls.__module__})

    # ---- what is explained -----------------------------------------------------------------------

    @cached_property
    def example(self) -> Description:
        """The network with its sample, loss and learning rate."""
        if isinstance(self.network, Description):
            return self.network
        if isinstance(self.network, Network):
            return describe(self.network)
        return load(self.network, interop)

    @cached_property
    def theme(self) -> Theme:
        """Colours and fonts: those of the network file, or dark."""
        return as_theme(self.example.theme or "dark")

    @cached_property
    def language(self) -> str:
        """Language of captions and names: that of the network file, or English."""
        return self.example.language or "en"

    @cached_property
    def words(self) -> Words:
        """All texts in the scene's language, with the captions of the network file."""
        return load_words(self.language).replaced(self.example.film.captions)

    @cached_property
    def trace(self) -> ForwardTrace:
        """The forward pass of the sample."""
        return forward(self.example.network, self.example.input)

    @cached_property
    def blame(self) -> BackwardTrace:
        """The backward pass of the sample."""
        return self.blame_in(self.example.network)

    def blame_in(self, network: Network) -> BackwardTrace:
        """Return the backward pass of the sample in another network of the same shape."""
        trace = forward(network, self.example.input)
        return backward(network, trace, self.example.target, self.example.loss)

    @cached_property
    def corrected(self) -> Network:
        """The network after one step of gradient descent."""
        return self.example.network.updated(self.blame, self.example.learning_rate)

    @cached_property
    def corrected_trace(self) -> ForwardTrace:
        """The forward pass of the sample through the corrected network."""
        return forward(self.corrected, self.example.input)

    def continue_with(self, network: Network) -> None:
        """Explain another network of the same shape from now on, such as the corrected one."""
        self.example = replace(self.example, network=network)
        for computed in ("trace", "blame", "corrected", "corrected_trace"):
            self.__dict__.pop(computed, None)

    # ---- what is on screen -----------------------------------------------------------------------

    def setup(self) -> None:
        """Set the background of the theme. Called by manim before ``construct``."""
        self.camera.background_color = self.theme.background
        self._caption: TextLabel | None = None
        self._captioned: tuple[str, float] | None = None
        self._check_captions()

    def _check_captions(self) -> None:
        """Check the captions of the network file before anything is played.

        Raises:
            ProblemError: One does not fit, or has a letter that no font has.
        """
        for key, text in self.example.film.captions.items():
            try:
                TextLabel(caption_lines(text), self.theme)
            except ProblemError as error:
                name = key.removeprefix("caption.")
                raise ProblemError(moved(error.problems[0], f'scene.captions."{name}"')) from error

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The diagram of the example, not yet on screen.

        It keeps the scales of the first passes of the scene.
        """
        options = {**self.example.options, **self.options}
        network, words = self.example.network, self.words
        diagram = NetworkDiagram(network, self.theme, box=WIDE_BOX, words=words, **options)
        return diagram.keep_scales(self.trace, self.blame)

    @property
    def panels(self) -> tuple[Mobject, ...]:
        """The panels on screen, in the order in which they were shown."""
        return tuple(panel for together in self._panels for panel in together)

    def panel(self, kind: type[Panel]) -> Panel | None:
        """Return the panel of a class that is on screen, or None if there is none."""
        return next((each for each in self.panels if isinstance(each, kind)), None)

    def show(self, *panels: Mobject, run_time: float = 0.6) -> None:
        """Fade panels in, and keep account of them, as a group, until they are cleared.

        A panel that was built up on screen part by part is not faded in again.

        Args:
            panels: Mobjects next to the diagram.
            run_time: Seconds.
        """
        shown = set(map(id, self.get_mobject_family_members()))
        hidden = [panel for panel in panels if shown.isdisjoint(map(id, panel.get_family()))]
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

    def move_diagram(self, box: Box | str) -> None:
        """Move the diagram to a box, after panels and light have faded and its open gap has closed.

        Args:
            box: ``"left"`` (room for panels on the right), ``"wide"``, or any other box.

        Raises:
            ProblemError: There is no such box.
        """
        box = as_box(box)
        animations = self.fade_panels()
        if self.diagram.is_flowing():
            animations.append(DimEdges(self.diagram))
        if animations:
            self.play(*animations, run_time=CLEARING)
        if self.diagram.gap is not None:
            self.play(OpenGap(self.diagram, None))
        if self.diagram.box != box:
            self.play(*self.fit_diagram(box))

    def fit_diagram(self, box: Box | str, run_time: float = 0.8) -> list[Animation]:
        """Return the animations in which the diagram, and the gaps next to it, move to a box."""
        moves: list[Animation] = [FitBox(self.diagram, box, run_time=run_time)]
        if "gap_bars" in self.__dict__ and self.gap_bars in self.get_mobject_family_members():

            def follow(_: float) -> None:
                self.gap_bars.set_heights(self._output_heights())

            moves.append(Timeline(self.gap_bars, [Span(0, run_time, follow)]))
        return moves

    def expect_columns(self) -> None:
        """Check that the layers of the diagram are columns, next to which rows can stand.

        Raises:
            ProblemError: They are rows themselves.
        """
        direction = self.diagram.style.direction
        hint = "the scene shows rows of numbers next to the neurons"
        expect("direction", direction, direction == "right", "'right'", hint)

    # ---- what is still wrong ---------------------------------------------------------------------

    @cached_property
    def gap_bars(self) -> GapBars:
        """The gaps between predictions and targets, in the box ``gaps_box``.

        Each row stands next to its output, unless the outputs are a row themselves. Not yet on
        screen: ``show_gaps`` adds them, and then they stay to the end of the scene.
        """
        last, outputs = len(self.diagram.sizes) - 1, self._outputs_with_target()
        rows = self.diagram.style.direction == "right"
        return GapBars(
            self.example.target[outputs],
            self.trace.prediction[outputs],
            color=self.diagram.role(last),
            heights=self._output_heights() if rows else None,
            box=self.gaps_box,
            theme=self.theme,
            words=self.words,
        )

    @cached_property
    def loss_meter(self) -> LossMeter:
        """The loss as a bar above the gaps; full at the loss before the first correction."""
        loss, words = float(self.blame.loss), self.words
        return LossMeter(loss, theme=self.theme, box="loss", words=words)

    def predictions(self, trace: ForwardTrace) -> NDArray[np.float64]:
        """Return the outputs of a trace that :attr:`gap_bars` has rows for, shape (m,)."""
        return trace.prediction[self._outputs_with_target()]

    def _outputs_with_target(self) -> list[int]:
        last, count = len(self.diagram.sizes) - 1, len(self.example.target)
        return [i for i in self.diagram.shown(last) if i < count]

    def _output_heights(self) -> list[float]:
        last = len(self.diagram.sizes) - 1
        outputs = self._outputs_with_target()
        return [float(self.diagram.neuron(last, i).disc.get_y()) for i in outputs]

    def show_gaps(self, trace: ForwardTrace | None = None, loss: float | None = None) -> None:
        """Put gaps and loss on screen, where they stay; they fade in if the diagram is there.

        Args:
            trace: Gives the predictions; without one, only the targets are shown.
            loss: The loss; without one, its bar is empty.
        """
        shown = None if trace is None else self.predictions(trace)
        panels = self.gap_bars.show_prediction(shown), self.loss_meter.show_loss(loss)
        if self.time > 0 and not {*panels} & {*self.mobjects}:
            self.play(*map(FadeIn, panels), run_time=0.6)
        self.add(*panels)

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
        hold: float = HOLD,
        along: Sequence[Animation] = (),
        **values: Any,
    ) -> Iterator[None]:
        """Show a caption, let the body of the ``with`` play animations, hold the picture.

        Args:
            key: Key of the caption, below ``caption.`` in the words of the scene's language.
            text: Any other caption. Like all captions it is given as one line, and shown in two if
                it has more than 62 letters.
            hold: Seconds of stillness at the end; longer if the caption takes longer to read.
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
        began = self._show_caption(text, along)
        yield
        self.hold(max(hold, len(text) / _LETTERS_PER_SECOND - (self.time - began)))

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

    def _show_caption(self, text: str, along: Sequence[Animation]) -> float:
        """Show a caption, and return the moment from which it can be read."""
        label = TextLabel(caption_lines(text), self.theme, em=self.theme.caption_size)
        label.move_to(CAPTION_BOX.center)
        label.shift(max(_LOWEST - label.get_bottom()[1], 0.0) * UP)
        self.clear_caption()
        self._captioned = (text, self.time)
        self.play(FadeIn(label, run_time=_APPEARING), *along)
        self._caption = label
        return self._captioned[1] + _APPEARING

    def clear_caption(self) -> None:
        """Fade the caption out."""
        if self._caption is not None:
            self.play(FadeOut(self._caption), run_time=0.2)
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

    def hold(self, seconds: float = HOLD) -> None:
        """Keep the picture still, for reading."""
        if seconds > 0:
            self.wait(seconds, frozen_frame=True)
