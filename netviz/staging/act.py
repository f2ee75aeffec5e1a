"""Acts: named parts of a film, each with what it needs on screen and what it leaves there."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from netviz.drawing.layout.box import Box, as_box
from netviz.problems import Problem, ProblemError, did_you_mean, expect

Layers = int | Literal["all"]
Gaps = Literal["targets", "open"]


@dataclass(frozen=True)
class OnScreen:
    """What is on screen when an act begins or ends.

    None stands for anything: an act that needs it takes what it finds, and an act that leaves it
    has not changed it.

    Attributes:
        box: Where the diagram is: a box, or its name.
        values: How many layers show their activations, counted from the input; or ``"all"``.
        blames: How many layers show their blame, counted back from the outputs; or ``"all"``.
        panels: Whether there are panels next to the diagram, and light on its edges.
        diagram: Whether the diagram is there.
        gaps: What the gap bars next to the outputs show: ``"targets"`` alone, or ``"open"``, the
            predictions with the gaps and the loss. Once shown, they stay to the end of the scene.

    Example:
        >>> after_forward = OnScreen("left", values="all", blames=0)
        >>> after_forward.values, after_forward.panels
        ('all', False)
    """

    box: Box | str | None = None
    values: Layers | None = None
    blames: Layers | None = None
    panels: bool | None = False
    diagram: bool = True
    gaps: Gaps | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot be on screen.

        Raises:
            ProblemError: There is no such box, or a number of layers is neither a natural number
                nor ``"all"``.
        """
        if self.box is not None:
            object.__setattr__(self, "box", as_box(self.box))
        for name, layers in (("values", self.values), ("blames", self.blames)):
            natural = isinstance(layers, int) and layers >= 0
            right = natural or layers is None or layers == "all"
            expect(name, layers, right, "a number of layers, 'all' or None")


@dataclass(frozen=True)
class Act:
    """A part of a film, as :func:`act` makes it from a function.

    Attributes:
        name: What scenes and network files call it.
        function: Plays it on a scene.
        needs: What is on screen when the function is called. The scene sees to it.
        leaves: What is on screen when the function returns.
        section: Key of the section that it begins, below ``section.`` in the words; or empty.
        rows: Whether it shows rows of numbers next to neurons, which needs layers in columns.
        run: Whether it shows a training run.
        check: Raises a ``ProblemError`` if the act cannot be played on the network of a scene.
        options: Keyword arguments of the function.

    Example:
        >>> @act("pause", needs=OnScreen(), leaves=OnScreen())
        ... def pause(scene, *, seconds=1.0):
        ...     scene.wait(seconds)
        >>> isinstance(pause, Act), pause.option_names
        (True, ['seconds'])
    """

    name: str
    function: Callable[..., None]
    needs: OnScreen
    leaves: OnScreen
    section: str = ""
    rows: bool = False
    run: bool = False
    check: Callable[[Any], object] | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def option_names(self) -> list[str]:
        """Names of the options that the act takes, as in ``Play("repeat", steps=24)``."""
        parameters = inspect.signature(self.function).parameters.values()
        return [each.name for each in parameters if each.kind is each.KEYWORD_ONLY]

    def with_options(self, options: Mapping[str, Any]) -> Act:
        """Return the act with options.

        Raises:
            ProblemError: The act has no such option.
        """
        for name in options:
            if name not in self.option_names:
                hint = did_you_mean(name, self.option_names)
                known = ", ".join(self.option_names) or "no option"
                raise ProblemError(
                    Problem(f"the act {self.name!r}", f"has no option {name!r}", known, hint)
                )
        return replace(self, options=options)

    def __call__(self, scene: Any) -> None:
        """Play the act on a scene that shows what it needs."""
        self.function(scene, **self.options)


def act(
    name: str,
    *,
    needs: OnScreen,
    leaves: OnScreen,
    section: str = "",
    rows: bool = False,
    run: bool = False,
    check: Callable[[Any], object] | None = None,
) -> Callable[[Callable[..., None]], Act]:
    """Make an act from a function of a scene.

    The function plays animations on ``scene.diagram``, and shows and removes panels with
    ``scene.show`` and ``scene.clear_panels``. Its keyword-only parameters are options of the act.

    Args:
        name: What scenes and network files call it.
        needs: What is on screen when the function is called. The scene sees to it.
        leaves: What is on screen when the function returns.
        section: Key of the section that it begins, below ``section.`` in the words; or empty.
        rows: Whether it shows rows of numbers next to neurons, which needs layers in columns.
        run: Whether it shows a training run, for which the scene has ``scene.run``.
        check: Called with the scene before anything is played; raises a ``ProblemError`` if the
            act cannot be played on its network.

    Example:
        >>> from netviz.scene import ActsScene, OnScreen, act
        >>> @act("answer", needs=OnScreen(values="all"), leaves=OnScreen())
        ... def largest_output(scene):
        ...     with scene.beat(text="The largest output is the answer."):
        ...         scene.wait(1)
        >>> class Mine(ActsScene):
        ...     network = "3-4-2"
        ...     acts = ("opening", "input", "forward", largest_output)
        >>> [each.name for each in Mine().resolved_acts]
        ['opening', 'input', 'forward', 'answer']
    """

    def made(function: Callable[..., None]) -> Act:
        return Act(name, function, needs, leaves, section, rows, run, check)

    return made


@dataclass(frozen=True, init=False)
class Play:
    """An act with options, in the list of acts of a scene.

    Example:
        >>> class Longer(ActsScene):
        ...     acts = ("update", Play("repeat", steps=24))
        >>> [dict(each.options) for each in Longer().resolved_acts]
        [{}, {'steps': 24}]
    """

    act: Act | str
    options: Mapping[str, Any]

    def __init__(self, act: Act | str, **options: Any) -> None:
        """Choose an act and its options.

        Args:
            act: The act, or its name.
            options: Keyword-only parameters of its function.
        """
        object.__setattr__(self, "act", act)
        object.__setattr__(self, "options", options)
