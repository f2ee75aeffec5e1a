"""Panel: what every panel takes and offers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from manim import Mobject, VGroup

from netviz.drawing.layout.box import NAME_EM, Box, as_box
from netviz.problems import expect
from netviz.theme import Theme, as_theme
from netviz.words import Words, as_words

# Distance from row to row where no heights are given, in frame units. Closer if the box is small.
_ROW_PITCH = 0.9


class Panel(VGroup):
    """A mobject that shows something about a network, in a box of the frame.

    All panels derive from it. The data come first; theme, box and words are keywords of every
    panel, and each may be given by its name. A panel is an ordinary manim group: add it with
    ``scene.add(panel)`` or ``scene.play(FadeIn(panel))``; ``shift``, ``scale``, ``.animate`` and
    ``Transform`` work as for any other group.

    To write a panel, derive from this class, call ``super().__init__(theme=theme, box=box,
    words=words)`` first, and ``add`` the parts in the order in which they are drawn.

    Args:
        theme: Colours, fonts and text sizes, or the name of a theme.
        box: The part of the frame that the panel is laid out in, or its name: ``"right"``, next
            to a diagram in the box ``"left"``, by default.
        words: Language of the words in the panel, or its code.

    Attributes:
        theme, box, words: As given, never by name.

    Raises:
        ProblemError: There is no theme, box or language of that name.

    Example:
        >>> class Prediction(Panel):
        ...     def __init__(self, value, **options):
        ...         super().__init__(**options)
        ...         self.add(Number(value, self.theme, em=1.0).move_to(self.box.center))
        >>> panel = Prediction(trace.prediction[0], theme="light", box="left")
        >>> scene.add(panel.fit("right"))
    """

    def __init__(
        self,
        *,
        theme: Theme | str = "dark",
        box: Box | str = "right",
        words: Words | str = "en",
    ) -> None:
        super().__init__()
        self.theme, self.box, self.words = as_theme(theme), as_box(box), as_words(words)

    def fit(self, box: Box | str) -> Self:
        """Scale what is drawn to the size of another box, and move it to the middle of the box."""
        self.box = as_box(box)
        if self.width > 0 and self.height > 0:
            self.scale(min(self.box.width / self.width, self.box.height / self.height))
        return self.move_to(self.box.center)

    @property
    def moments(self) -> int:
        """Number of moments that the panel can show: 1, except for panels of a training run."""
        return 1

    def show_moment(self, moment: float) -> Self:
        """Show a moment of a training run.

        A panel that does not show a run looks the same at its only moment.

        Args:
            moment: 0 is the first one, ``moments - 1`` the last. A fraction lies between two.

        Raises:
            ProblemError: There is no such moment.
        """
        last = self.moments - 1
        expected = f"a number from 0 to {last}" if last else "0, the only moment"
        expect("moment", moment, 0 <= moment <= last, expected)
        return self

    # ---- layout, for subclasses -----------------------------------------------------------------

    def _put_at_top(self, part: Mobject) -> float:
        """Center a part at the top of the box, and return the height of its lower end."""
        height = float(part.height)
        part.move_to([self.box.center[0], self.box.top - height / 2, 0])
        return self.box.top - height

    def _heights(self, rows: int, heights: Sequence[float] | None) -> Sequence[float]:
        """Return the heights of rows as given, or evenly spaced about the middle of the box."""
        if heights is not None:
            return heights
        pitch = min(_ROW_PITCH, self.box.height / max(rows, 1))
        return [self.box.center[1] + ((rows - 1) / 2 - row) * pitch for row in range(rows)]

    def _heights_and_foot(
        self, rows: int, heights: Sequence[float] | None
    ) -> tuple[Sequence[float], float]:
        """Return the heights of rows and that of the texts below them.

        With rows at the heights of neurons, these texts are level with the names of the layers.
        """
        if heights is not None:
            return heights, self.box.bottom + NAME_EM / 2
        *ys, foot = self._heights(rows + 1, None)
        return ys, foot
