"""Two networks side by side: the same data, the same sample, one timeline, one scale."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np
from manim import LEFT, RIGHT, UP, Animation, Indicate, VGroup
from numpy.typing import ArrayLike, NDArray

from netviz.acts.training import hide_numbers_of_blame
from netviz.animation.details import DimEdges
from netviz.animation.gaps import MoveGaps, OpenGaps
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.replay import Follow, Moment, Replay
from netviz.core import ForwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.gaps import GapBars
from netviz.drawing.panels.pieces import key_of
from netviz.drawing.panels.training import ProgressCurves, Series
from netviz.drawing.text import TextLabel
from netviz.drawing.values import BlameScale, activation_scale
from netviz.problems import Problem, ProblemError, expect
from netviz.recording import Recording
from netviz.spec import Description, SceneDescription
from netviz.staging.beat_scene import LAST, BeatScene
from netviz.staging.network_scene import described
from netviz.staging.training_scene import run_of, setup_of, with_followed
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# Of each network: its diagram, and the gaps at its outputs; and the curves of both.
_DIAGRAMS = Box(-6.85, -3.55, -2.75, 3.0), Box(-1.4, 1.9, -2.75, 3.0)
_GAPS = Box(-3.25, -1.7, -2.75, 3.0), Box(2.2, 3.75, -2.75, 3.0)
_CURVES = Box(4.1, 6.85, -2.9, 3.75)
# Middle of the row of titles, from a title to its plot, and the part of the height of one of two
# plots.
_TITLES, _HALF, _AIR = 3.55, 0.47, 0.25
# Stroke of the piece of a curve before a name.
_KEY_STROKE = 4.0
# Letters of a name.
_LONGEST = 18
# Length of the run on screen, in seconds.
_SECONDS = 9.0


def check_comparable(first: Description, second: Description) -> None:
    """Check that two networks can be trained and measured in the same way.

    Raises:
        ProblemError: They have other inputs or outputs, losses, samples or data.
    """
    setups = setup_of(first), setup_of(second)
    for what, one, other in (
        ("{} inputs", first.network.sizes[0], second.network.sizes[0]),
        ("{} outputs", first.network.sizes[-1], second.network.sizes[-1]),
        ("the loss {}", first.loss.name, second.loss.name),
    ):
        if one != other:
            expected = f"{what.format(one)}, as {first.name} has"
            raise ProblemError(Problem(second.name, f"has {what.format(other)}", expected))
    data, others = (setup.data for setup in setups)
    same = np.array_equal(data.inputs, others.inputs)
    same = same and np.array_equal(data.targets, others.targets)
    if not same:
        found, expected = "has other training data", f"those of {first.name}"
        hint = "data, standardise, validation, training.seed and follow must be the same"
        raise ProblemError(Problem(second.name, found, expected, hint))


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two networks on screen.

    Attributes:
        name: What it is called.
        example: The network with its sample.
        run: Its training run.
        places: The moment of the run at each step of the common timeline, shape (m,).
        diagram, bars: How it is drawn.
        shown: The outputs that have a gap.
        color: Of its name and its curves.
    """

    name: str
    example: Description
    run: Recording
    places: NDArray[np.intp]
    diagram: NetworkDiagram
    bars: GapBars
    shown: list[int]
    color: str

    @cached_property
    def moments(self) -> list[Moment]:
        """The network and the passes of the sample at each step of the common timeline."""
        run = self.run
        made = [Moment(run.network(i), run.forward(i), run.backward(i)) for i in range(len(run))]
        return [made[place] for place in self.places]

    def predictions(self, trace: ForwardTrace) -> Array:
        """The outputs of a trace that have a gap."""
        return trace.prediction[self.shown]


class ComparisonScene(BeatScene):
    """Two networks are trained side by side: on the same data, on one timeline, on one scale.

    Fills, rings, edges, gaps and curves of both have the same scales. If one run has fewer steps,
    its network stays as it is after its last one.

    Attributes:
        networks: Both, each a description or the path or name of a network file with ``[data]``.
            A network without data is trained on its sample. They must have the same inputs,
            outputs, data and loss.
        names: What they are called; by default the names of their files.

    Raises:
        ProblemError: They cannot be compared.

    Example:
        >>> from netviz.scene import ComparisonScene
        >>> class Twice(ComparisonScene):
        ...     networks = ("xor", "xor")
        >>> Twice().titles
        ('xor 1', 'xor 2')
    """

    networks: ClassVar[tuple[Description | str, Description | str]] = ("xor", "xor")
    names: ClassVar[tuple[str, str] | None] = None

    @classmethod
    def configured(  # type: ignore[override]
        cls,
        *,
        networks: tuple[Description | str, Description | str] | None = None,
        names: tuple[str, str] | None = None,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
    ) -> type[Self]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Raises:
            ProblemError: There is no such theme or language.
        """
        return cls._with(networks=networks, names=names, theme=theme, language=language)

    # ---- what is shown ---------------------------------------------------------------------------

    @cached_property
    def examples(self) -> tuple[Description, Description]:
        """Both networks, each with the first sample that is followed."""
        first, second = (with_followed(described(each)) for each in self.networks)
        check_comparable(first, second)
        return first, second

    @property
    def description(self) -> SceneDescription:
        """What the first file says about theme and language."""
        first = self.examples[0]
        return SceneDescription(first.name, theme=first.theme, language=first.language)

    @cached_property
    def titles(self) -> tuple[str, str]:
        """What the networks are called."""
        first, second = self.names or (example.name for example in self.examples)
        for name in (first, second):
            fits = bool(name.strip()) and name.isprintable() and len(name) <= _LONGEST
            expect("names", name, fits, f"at most {_LONGEST} letters, such as sigmoid")
        return (first, second) if first != second else (f"{first} 1", f"{second} 2")

    @cached_property
    def runs(self) -> tuple[Recording, Recording]:
        """The training runs of both."""
        first, second = (run_of(each, setup_of(each), self.counted) for each in self.examples)
        return first, second

    @cached_property
    def steps(self) -> NDArray[np.int64]:
        """The steps of the common timeline: all that are recorded in one of the runs."""
        return np.unique(np.concatenate([run.steps for run in self.runs]))

    @property
    def results(self) -> Iterator[ArrayLike | ForwardTrace]:
        """Everything that the two runs show."""
        for run in self.runs:
            yield from (run.steps, run.losses, 100 * run.accuracies)
            yield from (run.forward(place) for place in range(len(run)))
        yield from (10.0 ** np.arange(len(str(self.steps[-1]))), self.examples[0].target)

    # ---- what is on screen -----------------------------------------------------------------------

    @cached_property
    def sides(self) -> tuple[Side, Side]:
        """Both networks as they are drawn, on one scale, not yet on screen."""
        first, second = (self._side(place) for place in (0, 1))
        _share_scales(first, second)
        return first, second

    def _side(self, place: int) -> Side:
        example, run = self.examples[place], self.runs[place]
        last = len(example.network.sizes) - 1
        diagram = NetworkDiagram(
            example.network,
            self.theme,
            box=self.room(_DIAGRAMS[place]),
            words=self.words,
            **{"layer_names": False, **example.style},
        )
        hide_numbers_of_blame(diagram)
        shown = [i for i in diagram.shown(last) if i < len(example.target)]
        bars = GapBars(
            example.target[shown],
            run.forward(0).prediction[shown],
            color=diagram.role(last),
            heights=[float(diagram.neuron(last, i).disc.get_y()) for i in shown],
            reach=[run.forward(i).prediction for run in self.runs for i in range(len(run))],
            theme=self.theme,
            box=self.room(_GAPS[place]),
            words=self.words,
        )
        places = np.searchsorted(run.steps, self.steps, side="right") - 1
        color = self.theme.classes[place]
        return Side(self.titles[place], example, run, places, diagram, bars, shown, color)

    def construct(self) -> None:
        """The sample goes through both networks, then both are trained together."""
        self.section("compare")
        first, second = sides = self.sides
        titles = [self._title(side, box) for side, box in zip(sides, _DIAGRAMS, strict=True)]
        plots = self._plots()
        for side in sides:
            side.diagram.show_activations(side.run.forward(0), layers=[0])
            self.add(side.diagram, side.bars)
        self.add(*titles, *(part for plot in plots for part in plot))
        with self.beat("compare.networks", first=first.name, second=second.name):
            pass
        with self.beat("compare.forward"):
            self.play(*(_forward(side, side.run.forward(0)) for side in sides))
            opening = [OpenGaps(side.bars, side.predictions(side.run.forward(0))) for side in sides]
            self.play(*opening, *(DimEdges(side.diagram) for side in sides))
        with self.beat("compare.blame"):
            self.play(*(BackwardPass(side.diagram, side.run.backward(0)) for side in sides))
            self.play(*(DimEdges(side.diagram) for side in sides))
        with self.beat("compare.plots"):
            marked = (Indicate(title, scale_factor=1.3, color=None) for title, _ in plots)
            self.play(*marked, run_time=1.2)
        with self.beat("compare.run"):
            moves = [move for side in sides for move in _training(side)]
            follow = [Follow(panel, len(self.steps), run_time=_SECONDS) for _, panel in plots]
            self.play(*moves, *follow)
        self._result()

    def _result(self) -> None:
        """Say which loss is smaller at the end."""
        (name, loss), (other, larger) = sorted(
            ((side.name, float(side.run.losses[-1])) for side in self.sides),
            key=lambda pair: pair[1],
        )
        numbers = figures(loss, 3), figures(larger, 3)
        key = "compare.equal" if numbers[0] == numbers[1] else "compare.smaller"
        values = {"name": name, "loss": numbers[0], "other": other, "larger": numbers[1]}
        with self.beat(key, hold=LAST, **values):
            pass

    def _title(self, side: Side, box: Box) -> VGroup:
        """Return the name of a network after a piece of its curves."""
        key, name = key_of(side.color, _KEY_STROKE), TextLabel(side.name, self.theme)
        both = VGroup(key, name).arrange(RIGHT, buff=_AIR / 2)
        return both.move_to([box.left, _TITLES, 0], aligned_edge=LEFT)

    def _plots(self) -> list[tuple[TextLabel, ProgressCurves]]:
        """Return the plots of losses and, for classes, of accuracies, each with its title."""
        losses = [side.run.losses[side.places] for side in self.sides]
        top = max(max(float(each.max()) for each in losses), 1e-12)
        shares = [side.run.accuracies for side in self.sides]
        box = self.room(_CURVES)
        if not all(map(len, shares)):
            return [self._plot("loss", losses, top, box)]
        middle = box.bottom + _HALF * box.height
        upper, lower = replace(box, bottom=middle + _AIR), replace(box, top=middle - _AIR)
        values = [share[side.places] for share, side in zip(shares, self.sides, strict=True)]
        return [
            self._plot("loss", losses, top, upper),
            self._plot("accuracy", values, 1.0, lower, percent=True),
        ]

    def _plot(
        self, key: str, values: list[Array], top: float, box: Box, *, percent: bool = False
    ) -> tuple[TextLabel, ProgressCurves]:
        series = [
            Series(side.name, each, side.color, top, percent=percent, ink=self.theme.text)
            for side, each in zip(self.sides, values, strict=True)
        ]
        title = TextLabel(self.words(f"panel.{key}"), self.theme)
        title.move_to([box.left, box.top, 0], aligned_edge=UP + LEFT)
        below = replace(box, top=float(title.get_bottom()[1]) - _AIR / 2)
        theme, words = self.theme, self.words
        return title, ProgressCurves(series, self.steps, theme=theme, box=below, words=words)


def _share_scales(first: Side, second: Side) -> None:
    """Let both diagrams show activations, blame and weights on one scale, as far as layers agree.

    Layers are counted from the input. Those that only one network has keep their own scales.
    """
    sides = first, second
    fills = [_largest([activation_scale(m.network, m.forward) for m in s.moments]) for s in sides]
    scales = [[BlameScale.of(moment.backward) for moment in side.moments] for side in sides]
    blame = max(scale.blame for each in scales for scale in each)
    shares = [_largest([scale.shares for scale in each]) for each in scales]
    weights = [
        _largest([tuple(float(np.abs(w).max()) for w in _weights(m)) for m in side.moments])
        for side in sides
    ]
    for place, side in enumerate(sides):
        side.diagram.keep_scales(weights=_common(weights, place))
        side.diagram.activation_scale = _common(fills, place)
        side.diagram.blame_scale = BlameScale(blame, _common(shares, place))


def _weights(moment: Moment) -> list[Array]:
    return [each.weights for each in moment.network.connections()]


def _largest(rows: list[tuple[float, ...]]) -> tuple[float, ...]:
    """Return the largest number of each column."""
    return tuple(map(float, np.max(rows, axis=0)))


def _common(rows: list[tuple[float, ...]], place: int) -> tuple[float, ...]:
    """Return a row with the larger number of both in each column that both have."""
    own, other = rows[place], rows[1 - place]
    return (*map(max, own, other), *own[len(other) :])


def _forward(side: Side, trace: ForwardTrace) -> Animation:
    return ForwardPass(side.diagram, trace, detail="network", step_time=0.9)


def _training(side: Side) -> list[Animation]:
    """Return the animations of the whole run of a network."""
    moments, last = side.moments, len(side.places) - 1
    outputs = np.array([side.predictions(moment.forward) for moment in moments])
    return [
        Replay(side.diagram, moments, kept_scale=True, run_time=_SECONDS),
        MoveGaps(side.bars, outputs, pace=lambda share: share * last, run_time=_SECONDS),
    ]
