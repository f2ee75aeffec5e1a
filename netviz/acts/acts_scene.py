"""ActsScene: a scene that is a list of acts, each of which finds on screen what it needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, ClassVar, Self

from manim import FadeOut
from numpy.typing import NDArray

from netviz import acts
from netviz.animation.details import BlameNeuron, FillNeuron, Focus, Forget
from netviz.animation.gap import OpenGap
from netviz.core import Network
from netviz.drawing.layout.box import WIDE_BOX
from netviz.problems import Problem, ProblemError, entry_named, shown
from netviz.recording import Recording
from netviz.spec import Description, SceneDescription
from netviz.staging.act import Act, Layers, OnScreen, Play
from netviz.staging.network_scene import NetworkScene
from netviz.staging.training_scene import TrainingScene
from netviz.theme import Theme
from netviz.words import Words

Numbers = Mapping[int, NDArray[Any]]


class ActsScene(TrainingScene):
    """A scene that is a list of acts.

    Before an act is played, the scene brings the screen to the state that the act needs: it moves
    the diagram, lets panels leave, shows missing numbers and removes others. When an act has
    changed the network, the acts after it explain the changed network.

    Attributes:
        acts: Names of acts from ``netviz list --acts``, acts made with
            :func:`netviz.scene.act`, and either of them with options, as
            ``Play("repeat", steps=24)``. By default the acts of the network file.
        ends_whole: Whether a gap of the diagram that is open at the end closes, with its panels.

    Example:
        >>> from netviz.export import render
        >>> class Lesson(ActsScene):
        ...     network = "3-4-2"
        ...     acts = ("opening", "input", "forward", "loss", "backward")
        >>> render(Lesson, "lesson.png", width=160, at=1)
    """

    acts: ClassVar[Sequence[str | Act | Play]] = ()
    ends_whole: ClassVar[bool] = True

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        options: Mapping[str, object] | None = None,
        file: SceneDescription | None = None,
        recording: Recording | None = None,
    ) -> type[Self]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Raises:
            ProblemError: There is no such theme, language or option, or a recording is given to a
                scene that shows none.
        """
        film = network.film.acts if isinstance(network, Description) else ()
        acts = cls._listed(cls.acts or film)
        if recording is not None and acts and not any(each.run for each in acts):
            raise ProblemError(Problem(cls.__name__, "shows no recording", "the scene training"))
        return super().configured(
            network=network,
            theme=theme,
            language=language,
            options=options,
            file=file,
            recording=recording,
        )

    @staticmethod
    def _listed(acts: Sequence[str | Act | Play]) -> list[Act]:
        """Return acts that may be given by name, with their options.

        Raises:
            ProblemError: Something is not an act, there is no such act, or it has no such option.
        """
        if isinstance(acts, str):
            raise ProblemError(Problem("acts", f"is {shown(acts)}", f"a list, such as [{acts!r}]"))
        return [_found(each, f"acts[{place}]") for place, each in enumerate(acts)]

    @cached_property
    def resolved_acts(self) -> list[Act]:
        """The acts of the class, or else of the network file, with their options.

        Raises:
            ProblemError: There are no acts, or one of them is unknown.
        """
        given = self.acts or self.example.film.acts
        if not given:
            raise ProblemError(Problem("acts", "is empty", "one act or more, such as 'forward'"))
        return self._listed(given)

    def construct(self) -> None:
        """Play the acts.

        Raises:
            ProblemError: An act is unknown, or cannot be played on this network.
        """
        for each in self.resolved_acts:
            self._check(each)
        for each in self.resolved_acts:
            self.play_act(each)
        self._end()

    def _end(self) -> None:
        """Show the whole diagram, unless the film ends in detail, and hold the last picture."""
        if self.ends_whole and self.diagram.gap is not None:
            self.play(*self.fade_panels(), OpenGap(self.diagram, None), Focus(self.diagram, None))
        if self._caption is not None:
            self.hold_last()

    def _check(self, each: Act) -> None:
        """Check that an act can be played on the network of this scene.

        Raises:
            ProblemError: It cannot.
        """
        if each.rows:
            self.expect_columns()
        if each.check is not None:
            each.check(self)

    def play_act(self, each: Act) -> None:
        """Begin the section of an act, show what it needs, and play it."""
        self.act = each.name
        if each.section:
            self.section(each.section)
        self._prepare(each.needs)
        each(self)
        if self.diagram.network != self.example.network:
            self.continue_with(self.diagram.network)

    def _prepare(self, needs: OnScreen) -> None:
        """Bring the screen to a state: what is missing appears, and what is too much leaves."""
        diagram = self.diagram
        numbers = _numbers(self, needs)
        if not self.is_shown(diagram):
            numbers.show()
            diagram.fit(self.room(needs.box or WIDE_BOX))
            if needs.diagram:
                self.add(diagram)
            self._prepare_gaps(needs)
            return
        box = self.room(needs.box or diagram.box)
        if needs.panels is not None or box != diagram.box or numbers.too_many():
            self.move_diagram(box)
        if not needs.diagram:
            self.play(FadeOut(diagram), run_time=0.5)
        numbers.complete()
        self._prepare_gaps(needs)

    def _prepare_gaps(self, needs: OnScreen) -> None:
        """Show the gap bars and the loss as an act needs them."""
        if needs.gaps == "open":
            self.show_gaps(self.trace, float(self.blame.loss))
        elif needs.gaps == "targets":
            self.show_gaps()


def _collected() -> dict[str, Act]:
    """Return every act in this folder by its name."""
    names = [module.name for module in iter_modules(acts.__path__)]
    others = [f"{acts.__name__}.{name}" for name in names]
    modules = [import_module(name) for name in others if name != __name__]
    values = (value for module in modules for value in vars(module).values())
    return {value.name: value for value in values if isinstance(value, Act)}


PLAYED = dict(sorted(_collected().items()))


def _found(given: object, where: str) -> Act:
    """Return an act that is given as itself, by its name, or with options."""
    if isinstance(given, Play):
        return _found(given.act, where).with_options(given.options)
    if isinstance(given, Act):
        return given
    if isinstance(given, str):
        return entry_named(given, PLAYED, where)
    expected = "the name of an act, a function below @act(…), or Play(…)"
    raise ProblemError(Problem(where, f"is {shown(given)}", expected))


@dataclass(frozen=True)
class _Numbers:
    """Activations and blames that an act needs, by layer; None where it takes what it finds."""

    scene: NetworkScene
    values: Numbers | None
    blames: Numbers | None

    def show(self) -> None:
        """Show the numbers at once, in a diagram that is not yet on screen."""
        diagram = self.scene.diagram
        diagram.show_activations(self.scene.trace, layers=self.values or ())
        diagram.show_blame(self.scene.blame, layers=self.blames or ())

    def too_many(self) -> bool:
        """Return whether numbers are shown that are not needed, or other ones."""
        shown = [
            (neuron, layer, i)
            for layer in range(len(self.scene.diagram.sizes))
            for i, neuron in zip(
                self.scene.diagram.shown(layer), self.scene.diagram.layer(layer), strict=True
            )
        ]
        return any(
            found is not None and (layer not in needed or found != needed[layer][i])
            for neuron, layer, i in shown
            for found, needed in ((neuron.value, self.values), (neuron.blame, self.blames))
            if needed is not None
        )

    def complete(self) -> None:
        """Remove numbers that are not needed, and fill in what is missing."""
        scene, diagram = self.scene, self.scene.diagram
        if self.too_many():
            scene.play(Forget(diagram))
        if self.values is not None and not self.values:
            diagram.clear_activations()
        fill = [
            FillNeuron(diagram, scene.trace, layer, i)
            for layer, i in self._shown(self.values or ())
            if diagram.neuron(layer, i).value != (self.values or {})[layer][i]
        ]
        blame = [
            BlameNeuron(diagram, scene.blame, layer, i)
            for layer, i in self._shown(self.blames or ())
            if diagram.neuron(layer, i).blame is None
        ]
        if fill or blame:
            scene.play(*fill, *blame)

    def _shown(self, layers: Iterable[int]) -> list[tuple[int, int]]:
        return [(layer, i) for layer in layers for i in self.scene.diagram.shown(layer)]


def _numbers(scene: NetworkScene, needs: OnScreen) -> _Numbers:
    """Return the numbers that an act needs."""
    last = len(scene.diagram.sizes) - 1
    values = _first(range(last + 1), needs.values)
    blames = _first(range(last, 0, -1), needs.blames)
    trace, blame = scene.trace, scene.blame
    return _Numbers(
        scene,
        None if values is None else {layer: trace.activations[layer] for layer in values},
        None if blames is None else {layer: blame.layers[layer - 1].blame for layer in blames},
    )


def _first(layers: range, count: Layers | None) -> range | None:
    """Return the first of some layers: a number of them, all, or None for any."""
    return None if count is None else layers if count == "all" else layers[: int(count)]
