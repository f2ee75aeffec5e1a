"""The cost: the mean of the squared errors over a small data set, before and during training."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from manim import LEFT, RIGHT, FadeIn, FadeOut, LaggedStart, VGroup
from numpy.typing import NDArray

from netviz.acts.sweeps import quick_pass
from netviz.animation.details import DimEdges, Forget
from netviz.animation.timeline import Change, Step, ease
from netviz.core import LOSSES, evaluate
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import figures
from netviz.drawing.panels.squares import SquaredErrors
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.training_scene import TrainingScene

Array = NDArray[np.float64]

# The diagram, the plot next to it, and the line above the plot.
_NETWORK, _PLOT, _ABOVE = Box(-6.7, -3.3, -2.7, 3.5), Box(-2.8, 6.8, -2.8, 3.1), 3.5
# So many samples have readable columns.
_MOST = 6
# Seconds of the training, which is shown until the cost is this part of what it was.
_RUN, _SOLVED = 7.0, 0.05


@dataclass(frozen=True)
class Errors:
    """What a network gets wrong.

    Attributes:
        predictions, errors, squares: One for each sample, shape (n,).
        mean: Of the squares.
    """

    predictions: Array
    errors: Array
    squares: Array
    mean: float

    @classmethod
    def at(cls, scene: TrainingScene, moment: int) -> Errors:
        """Return the errors at a moment of the run, as the core computes them."""
        run, data, mse = scene.run, scene.data, LOSSES["mse"]
        samples = range(len(data))
        predictions = np.array([run.forward(moment, k).prediction for k in samples])
        return cls(
            predictions[:, 0],
            (predictions - data.targets)[:, 0],
            mse.value(predictions, data.targets),
            evaluate(run.network(moment), data, mse).loss,
        )


def expect_few(scene: TrainingScene) -> None:
    """Refuse data that have too many samples, or more than one target each.

    Raises:
        ProblemError: They have, or not all of them are followed.
    """
    samples, targets = scene.data.targets.shape
    if samples > _MOST or targets != 1:
        found = f"have {samples} samples with {targets} targets each"
        expected = f"at most {_MOST} samples with one target"
        raise ProblemError(Problem("the training data", found, expected))


@act(
    "cost",
    section="cost",
    rows=True,
    run=True,
    needs=OnScreen(_NETWORK, values=0, blames=0),
    leaves=OnScreen(_NETWORK, values=0, blames=0, panels=None),
    check=expect_few,
)
def cost(scene: TrainingScene) -> None:
    """Predictions, errors, their squares and the mean of these; then training shrinks them."""
    panel, first = _panel(scene), Errors.at(scene, 0)
    targets = [VGroup(*each) for each in zip(panel.targets, panel.target_numbers, strict=True)]
    panel.remove(panel.targets, panel.target_numbers)
    scene.add(panel)
    count = len(first.errors)
    with scene.beat("cost.data", hold=0.8):
        scene.play(LaggedStart(*map(FadeIn, targets), lag_ratio=0.4), run_time=1.6)
        panel.add(panel.targets, panel.target_numbers)
        scene.remove(*targets)
    with scene.beat("cost.predict", hold=reading_time(count + 1)):
        _predict(scene, panel, first)
        # The columns are all samples, so no neuron goes on to show one of them.
        scene.play(_empty(scene), DimEdges(scene.diagram))
    with scene.beat("cost.error", hold=reading_time(count)):
        scene.play(Change(panel, _step(panel, first, "opening"), run_time=1.2))
    with scene.beat("cost.square", hold=reading_time(count)):
        scene.play(Change(panel, _step(panel, first, "squaring"), run_time=1.2))
    mean = _mean_in_full(scene, first)
    with scene.beat("cost.mean", hold=reading_time(count + 1)):
        scene.play(Change(panel, _step(panel, first, "gathered"), run_time=2.0))
        scene.play(FadeIn(mean), run_time=0.6)
    with scene.beat("cost.train", hold=reading_time(3 * count + 1)):
        steps = _steps(scene)
        scene.play(FadeOut(mean), FadeIn(steps), run_time=0.6)
        scene.play(_training(scene, panel, steps[1]))
    scene.show(panel)


def _panel(scene: TrainingScene) -> SquaredErrors:
    """Return the panel of the data, wide enough for every error of the run."""
    data, run = scene.data, scene.run
    shown = [run.forward(at, k).prediction[0] for at in range(len(run)) for k in range(len(data))]
    values = np.concatenate([data.targets[:, 0], shown])
    limits = min(0.0, float(values.min())), max(1.0, float(values.max()))
    names = [f"({', '.join(f'{value:g}' for value in row)})" for row in data.inputs]
    largest = max(float(np.abs(Errors.at(scene, at).errors).max()) for at in range(len(run)))
    return SquaredErrors(
        *(data.targets[:, 0], names, limits),
        largest=largest,
        color=scene.diagram.role(len(scene.diagram.sizes) - 1),
        theme=scene.theme,
        box=_PLOT,
        words=scene.words,
    )


def _predict(scene: TrainingScene, panel: SquaredErrors, errors: Errors) -> None:
    """Let every sample run through the network, and its prediction appear in its column."""
    numbers = errors.predictions, errors.errors, errors.squares
    for k in range(len(errors.errors)):
        trace = scene.run.forward(0, k)
        if k:
            scene.play(Forget(scene.diagram), DimEdges(scene.diagram), run_time=0.3)
        scene.diagram.show_activations(trace, layers=0)
        panel.names[k].set_ink(scene.theme.forward_ink)
        quick_pass(scene, trace)
        panel.show(*numbers, samples=k + 1, opening=0.0, squaring=0.0)
        scene.play(FadeIn(panel.predictions[k], scale=2.5), run_time=0.4)
        panel.names[k].set_ink(scene.theme.text)
        scene.add(panel)


def _empty(scene: TrainingScene) -> Change:
    """Return the animation in which all numbers leave the network, those of the input too."""
    diagram = scene.diagram

    def step(progress: float) -> None:
        for column in diagram.neuron_layers:
            for neuron in column:
                neuron.set_presence(1 - progress)
        if progress >= 1:
            diagram.clear_activations()

    return Change(diagram, step, run_time=0.6)


def _step(
    panel: SquaredErrors,
    errors: Errors,
    what: Literal["opening", "squaring", "gathered"],
) -> Step:
    """Return the step in which errors open, become squares, or the squares become the mean."""

    def step(progress: float) -> None:
        share = ease(progress)
        panel.show(
            *(errors.predictions, errors.errors, errors.squares),
            opening=share if what == "opening" else 1.0,
            squaring={"opening": 0.0, "squaring": share}.get(what, 1.0),
            mean=errors.mean,
            gathered=share if what == "gathered" else 0.0,
        )

    return step


def _mean_in_full(scene: TrainingScene, errors: Errors) -> VGroup:
    """Return ``(0.16 + 0.25 + …) / 4 = 0.25``."""
    theme = scene.theme
    parts: list[Number | TextLabel] = [TextLabel("(", theme, color=theme.muted)]
    for place, square in enumerate(errors.squares):
        parts += [TextLabel("+", theme, color=theme.muted)] if place else []
        parts.append(Number(float(square), theme, color=theme.blame))
    count = len(errors.squares)
    parts.append(TextLabel(f") / {count} =", theme, color=theme.muted))
    parts.append(
        Number(errors.mean, theme, color=theme.blame).show(errors.mean, figures(errors.mean, 3))
    )
    return VGroup(*parts).arrange(RIGHT, buff=0.16).move_to([_PLOT.center[0], _ABOVE, 0])


def _steps(scene: TrainingScene) -> VGroup:
    """Return the word for steps and their number, which is to change."""
    theme, first = scene.theme, int(scene.run.steps[0])
    name = TextLabel(scene.words("panel.step"), theme, color=theme.muted)
    number = Number(first, theme).show(first, str(first))
    return VGroup(name, number).arrange(RIGHT, buff=0.16).move_to([_PLOT.center[0], _ABOVE, 0])


def _training(scene: TrainingScene, panel: SquaredErrors, steps: Number) -> Change:
    """Return the animation in which the run is replayed, and all errors and its steps follow."""
    run, diagram = scene.run, scene.diagram
    moments = [Errors.at(scene, at) for at in range(len(run))]
    solved = (at for at, now in enumerate(moments) if now.mean <= _SOLVED * moments[0].mean)
    last = next(solved, len(run) - 1)
    networks, left = [run.network(at) for at in range(last + 1)], steps.get_left()

    def step(progress: float) -> None:
        at = min(int(progress * last), last - 1)
        share = progress * last - at
        taken = int(run.steps[at + int(share >= 1)])
        steps.show(taken, str(taken)).move_to(left, aligned_edge=LEFT)
        diagram.set_weights(networks[at + 1], share, start=networks[at])
        one, other = moments[at], moments[at + 1]
        pairs = (
            (one.predictions, other.predictions),
            (one.errors, other.errors),
            (one.squares, other.squares),
        )
        mean = one.mean + share * (other.mean - one.mean) if share < 1 else other.mean
        values = (a + share * (b - a) if share < 1 else b for a, b in pairs)
        panel.show(*values, mean=mean, gathered=1.0, earlier=moments[0].mean)

    return Change(VGroup(diagram, panel, steps), step, run_time=_RUN)
