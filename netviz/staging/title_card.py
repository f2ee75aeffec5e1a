"""TitleCard: a title on a frame of its own, between the parts of a lecture."""

from __future__ import annotations

from typing import ClassVar, Self

from manim import DOWN, UP, Line

from netviz.drawing.text import TextLabel
from netviz.staging.beat_scene import BeatScene
from netviz.theme import Theme
from netviz.words import Words

# Seconds that a card stays.
_SECONDS = 3.0
# Size of the title, in those of captions, and the widest one, in frame units.
_SIZE, _WIDEST = 1.8, 12.0
# Distance of the number and of the line from the title, and half the length of the line.
_APART, _HALF = 0.45, 0.6


class TitleCard(BeatScene):
    """A title, and above it a short text, such as the number of a part.

    Example:
        >>> from netviz.export import render
        >>> card = TitleCard.of("Gradient descent", "5", theme="light")
        >>> render(card, "card.png", width=160).path.name
        'card.png'
    """

    captions: ClassVar = False
    title: ClassVar[str] = ""
    number: ClassVar[str] = ""

    @classmethod
    def of(
        cls,
        title: str,
        number: str = "",
        *,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
    ) -> type[Self]:
        """Return the card with a title.

        Raises:
            ProblemError: There is no such theme or language.
        """
        return cls._with(title=title, number=number, theme=theme, language=language)

    def construct(self) -> None:
        """Show the card."""
        title = TextLabel(self.title, self.theme, em=_SIZE * self.theme.caption_size)
        if title.width > _WIDEST:
            title.scale(_WIDEST / title.width)
        line = Line(color=self.theme.forward, stroke_width=5).set_length(2 * _HALF)
        line.next_to(title, DOWN, buff=_APART)
        self.add(title, line)
        if self.number:
            number = TextLabel(self.number, self.theme, em=self.theme.caption_size)
            self.add(number.next_to(title, UP, buff=_APART))
        self.wait(_SECONDS, frozen_frame=True)
