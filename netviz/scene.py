"""NetworkScene: a manim scene with an example to explain, a theme, a language, captions, sections.

A beat is a caption, a movement and a hold::

    with self.beat("forward.sum"):
        self.play(...)
    with self.beat(text="And in words of my own."):
        self.play(...)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar

from manim import Camera, FadeIn, FadeOut, Mobject, MovingCameraScene

from netviz import interop
from netviz.animation.details import DimEdges, FitBox
from netviz.camera import LayeredCamera
from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import CAPTION_BOX, LEFT_BOX, WIDE_BOX, Box
from netviz.drawing.text import TextLabel
from netviz.problems import Problem, ProblemError, did_you_mean, expect
from netviz.spec import Description, describe, load
from netviz.theme import THEMES, Theme
from netviz.words import Words, load_words

__all__ = ["NetworkScene"]

HOLD = 0.9
# How fast a caption can be read, beside looking at the picture.
_LETTERS_A_SECOND = 18
_OWN_CAPTIONS = "`netviz list --captions` shows them all, and beat(text=…) takes your own"
_OWN_SECTIONS = "self.next_section(…) takes a name of your own"


class NetworkScene(MovingCameraScene):
    """A scene about one network, one sample and one step of learning.

    Attributes:
        network: What is explained: a network with its sample, as
            ``netviz.spec.describe(network, input=…, target=…)`` gives it; a network alone, for a
            sample that is drawn; the path of a network or model file; or a built-in name. The
            scene then has its ``diagram``, ``trace`` and ``blame``.
        options: Of the diagram, those that the scene's story needs; see
            :class:`netviz.style.Style`.

    Example:
        >>> from netviz.animation import BackwardPass, ForwardPass
        >>> class Mine(NetworkScene):
        ...     network = "3-4-2"
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
        """Make a scene, as manim does, but with a camera that is faster."""
        super().__init__(camera_class=camera_class, **options)

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | None = None,
        language: str | None = None,
    ) -> type[NetworkScene]:
        """This scene with other defaults, as a class: manim makes the scene from it."""
        return cls._with(network=network, theme=theme, language=language)

    @classmethod
    def _with(cls, **told: object) -> type[NetworkScene]:
        """A class like this one with other attributes; those that are None stay as they are."""
        chosen = {key: value for key, value in told.items() if value is not None}
        return type(cls.__name__, (cls,), {**chosen, "__module__": cls.__module__})

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
        """Colours and fonts, as the class or its network file tells; or dark."""
        return THEMES[self.example.theme or "dark"]

    @cached_property
    def language(self) -> str:
        """Of captions and names: as the class or its network file tells; or English."""
        return self.example.language or "en"

    @cached_property
    def words(self) -> Words:
        """Everything that is written, in the scene's language; with the file's own captions."""
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
        """The backward pass of the sample in another network of the same shape."""
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

    def go_on_with(self, network: Network) -> None:
        """From here on the scene is about another network, of the same shape."""
        self.example = replace(self.example, network=network)
        for computed in ("trace", "blame", "corrected", "corrected_trace"):
            self.__dict__.pop(computed, None)

    # ---- what is on screen -----------------------------------------------------------------------

    def setup(self) -> None:
        """Take the theme's background and forget the last caption."""
        self.camera.background_color = self.theme.background
        self._caption: TextLabel | None = None
        self._said: tuple[str, float] | None = None

    @cached_property
    def diagram(self) -> NetworkDiagram:
        """The example's diagram, made when it is first asked for; not yet on screen."""
        options = {**self.example.options, **self.options}
        network, words = self.example.network, self.words
        return NetworkDiagram(network, self.theme, box=WIDE_BOX, words=words, **options)

    def begin_on_left(self, diagram: NetworkDiagram) -> None:
        """Put a diagram on screen with room for a panel beside it.

        Raises:
            ValueError: The layers of the diagram are rows.
        """
        self.expect_columns()
        self.add(diagram.fit(LEFT_BOX))

    def make_room(self, *leaving: Mobject, rows: bool = True) -> None:
        """Move the diagram to the left and free the right for a panel.

        Args:
            leaving: What leaves first.
            rows: Whether the panel has rows that stand beside neurons or speak of their edges.

        Raises:
            ValueError: It has, and the layers of the diagram are rows too.
        """
        if rows:
            self.expect_columns()
        self._fit(LEFT_BOX, leaving)

    def expect_columns(self) -> None:
        """Assert that the layers of the diagram are columns, beside which rows can stand.

        Raises:
            ValueError: They are rows themselves.
        """
        direction = self.diagram.style.direction
        if direction != "right":
            raise ValueError(
                f'direction is "{direction}": expected "right" in a scene that has rows of numbers '
                "beside the neurons"
            )

    def take_all(self, *leaving: Mobject) -> None:
        """Let the diagram have the whole width again, while panels leave."""
        self._fit(WIDE_BOX, leaving)

    def _fit(self, box: Box, leaving: tuple[Mobject, ...]) -> None:
        flowing = [DimEdges(self.diagram)] if self.diagram.is_flowing() else []
        if leaving or flowing:
            self.play(*(FadeOut(panel) for panel in leaving), *flowing, run_time=0.4)
        if self.diagram.box != box:
            self.play(FitBox(self.diagram, box))

    # ---- beats -----------------------------------------------------------------------------------

    def section(self, key: str) -> None:
        """Begin a named section, so that a lecturer can jump to it.

        Args:
            key: Of its name, below ``section.`` in the words.

        Raises:
            ValueError: There is no such section.
        """
        self.next_section(self._text("section", key, _OWN_SECTIONS, {}))

    @contextmanager
    def beat(
        self,
        key: str | None = None,
        *,
        text: str | None = None,
        hold: float = HOLD,
        **values: Any,
    ) -> Iterator[None]:
        """Show a caption, let the body move things, hold the picture.

        Args:
            key: Of the caption, below ``caption.`` in the words, in the scene's language.
            text: A caption of one's own instead, one line, as it stands.
            hold: Seconds of stillness at the end; more, if the caption takes longer to read.
            values: What the fields of the caption of ``key`` are filled with.

        Raises:
            ValueError: There is no such caption, a field of it is not told, the text is none of
                one line, or neither or both are given.
        """
        if (key is None) == (text is None):
            raise ValueError("a beat has a key or a text: expected one of them")
        if text is None:
            text = self._text("caption", str(key), _OWN_CAPTIONS, values)
        expect("text", text, isinstance(text, str) and text.isprintable(), "one line of text")
        self._say(text)
        began = self.time
        yield
        self.hold(max(hold, len(text) / _LETTERS_A_SECOND - (self.time - began)))

    def _text(self, table: str, key: str, own: str, values: Mapping[str, Any]) -> str:
        """The words below a key of a table; ``own`` says what to do for other words."""
        keys = [name.partition(".") for name in self.words.texts]
        known = [rest for first, _, rest in keys if first == table]
        if key not in known:
            hints = filter(None, [did_you_mean(key, known), own])
            raise ProblemError(
                Problem(f"the {table} {key!r}", "does not exist", hint="; ".join(hints))
            )
        try:
            return self.words(f"{table}.{key}", **values)
        except KeyError as error:
            raise ValueError(
                f"{table} {key!r} has the field {error.args[0]}: expected a value for it, such as "
                f"{error.args[0]}=…"
            ) from error

    def _say(self, text: str) -> None:
        label = TextLabel(text, self.theme, em=self.theme.caption_size)
        if label.width > CAPTION_BOX.width:
            label.scale(CAPTION_BOX.width / label.width)
        label.move_to(CAPTION_BOX.center)
        self.hush()
        self._said = (text, self.time)
        self.play(FadeIn(label), run_time=0.3)
        self._caption = label

    def hush(self) -> None:
        """Take the caption away."""
        if self._caption is not None:
            self.play(FadeOut(self._caption), run_time=0.2)
        self._end_subcaption()

    def _end_subcaption(self) -> None:
        """The last caption goes into the subtitles, for as long as it was on screen."""
        if self._said is not None:
            text, began = self._said
            elapsed = self.time - began
            self.add_subcaption(text, duration=elapsed, offset=-elapsed)
        self._caption = self._said = None

    def tear_down(self) -> None:
        """Close the last subtitle."""
        self._end_subcaption()

    def hold(self, seconds: float = HOLD) -> None:
        """Keep the picture still, for reading."""
        self.wait(seconds, frozen_frame=True)
