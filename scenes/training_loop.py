"""The loop of training: initialize, forward, loss, gradient, update, until the loss is small.

The idea: a mark runs around the same five steps until the loss has come down to a dashed line.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

import numpy as np
from manim import LEFT, RIGHT, Animation, Create, FadeIn, FadeOut
from numpy.typing import ArrayLike

from netviz.acts.training import hide_numbers_of_blame
from netviz.acts.update import Round, rounds_of, through_rounds
from netviz.animation.details import DimEdges, ForgetBlame, LightGradient
from netviz.animation.gaps import OpenGaps
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.timeline import Change, Step, ease
from netviz.core import Network
from netviz.drawing import Box, LossHistory, StepList, TextLabel
from netviz.drawing.numerals import figures
from netviz.drawing.panels.pieces import Curve
from netviz.scene import ActsScene, NetworkScene, OnScreen, Option, act
from netviz.spec import Description
from netviz.staging.beat_scene import reading_time

# The diagram, the gaps next to it, the steps, and the losses below them.
NETWORK, GAPS = Box(-6.75, -0.3, -2.75, 2.9), Box(1.25, 2.95, -2.75, 3.05)
STEPS, LOSSES = Box(3.55, 6.8, -0.1, 3.2), Box(3.55, 6.75, -2.75, -0.3)
# Names of the steps, and the first one of a round.
NAMES = ("initialize", "forward", "loss", "gradient", "update", "check")
FORWARD, LOSS, GRADIENT, UPDATE, CHECK = range(1, 6)
# The most rounds, seconds of one of them, and of all of them at most.
MOST, ROUND, LONGEST = 40, 1.5, 18.0
# The part of its time in which the mark rests on a step.
RESTS = 0.6
# When in a round that goes around the loop everything changes: while the mark is at the update.
CHANGES = ((UPDATE - FORWARD) / (CHECK - FORWARD + 1), (CHECK - FORWARD) / (CHECK - FORWARD + 1))


@act(
    "training_loop",
    section="training_loop",
    rows=True,
    needs=OnScreen(NETWORK, values=1, blames=0),
    leaves=OnScreen(NETWORK, values="all", blames=0, gaps="open", panels=None),
)
def training_loop(scene: NetworkScene) -> None:
    """One round step by step, then rounds until the loss is below the tolerance."""
    diagram, network = scene.diagram, scene.example.network
    scene.gaps_box = GAPS
    scene.show_gaps()
    hide_numbers_of_blame(diagram)
    tolerance = float(scene.chosen["tolerance"])
    rounds = until(scene, tolerance)
    names = [scene.words(f"training_step.{name}", tolerance=f"{tolerance:g}") for name in NAMES]
    steps = StepList(names, back_to=FORWARD, theme=scene.theme, box=STEPS, words=scene.words)
    losses = [each.loss for each in rounds]
    curve = LossHistory(losses, theme=scene.theme, box=LOSSES, words=scene.words).show_moment(0)
    scene.add(steps)
    numbers = sum(diagram.sizes[1:])
    none = [np.zeros_like(part.weights) for part in network.connections()]
    diagram.set_weights(network, 0.0, start=none)
    with scene.beat("training_loop.initialize", hold=1.2):
        scene.show_key("weights")
        scene.play(
            Change(diagram, lambda p: diagram.set_weights(network, ease(p), start=none), 1.6)
        )
    with scene.beat("training_loop.forward", hold=reading_time(numbers)):
        scene.play(marking(steps, FORWARD))
        scene.play(ForwardPass(diagram, scene.trace, detail="network", step_time=1.0))
    with scene.beat("training_loop.loss", hold=reading_time(2)):
        scene.play(marking(steps, LOSS))
        shown, meter = scene.predictions(scene.trace), scene.loss_meter
        gaps = OpenGaps(scene.gap_bars, shown, meter, losses[0], run_time=1.6)
        scene.play(gaps, DimEdges(diagram))
        scene.show(curve)
    with scene.beat("training_loop.gradient", hold=1.5):
        scene.play(marking(steps, GRADIENT))
        scene.play(BackwardPass(diagram, scene.blame, detail="network", step_time=1.0))
        scene.play(DimEdges(diagram))
        scene.play(LightGradient(diagram, scene.blame))
    first = min(1, len(rounds) - 1)
    with scene.beat("training_loop.update", hold=reading_time(numbers + 1)):
        scene.play(marking(steps, UPDATE), DimEdges(diagram), ForgetBlame(diagram))
        scene.play(*running(scene, rounds[: first + 1], 0, curve, 1.6, (0.0, 1.0)))
    line, name = tolerance_line(scene, curve, tolerance, losses)
    more = len(rounds) - 1 - first
    if more:
        with scene.beat("training_loop.check", hold=1.2):
            scene.play(marking(steps, CHECK), Create(line), FadeIn(name))
        seconds = min(ROUND * more, LONGEST)
        with scene.beat("training_loop.again"):
            around = Change(steps, circling(steps, more), seconds)
            scene.play(*running(scene, rounds[first:], first, curve, seconds, CHANGES), around)
    key = "training_loop.done" if losses[-1] < tolerance else "training_loop.stopped"
    with scene.beat(key, rounds=len(rounds) - 1):
        change: list[Animation] = [FadeOut(steps.arrow), FadeOut(steps.head)]
        answer = []
        if losses[-1] < tolerance:
            question, color = steps.texts[CHECK], scene.theme.output
            text = f"{figures(losses[-1], 3)} < {tolerance:g}"
            answer.append(TextLabel(text, scene.theme, em=question.em, color=color))
            answer[0].move_to(question, aligned_edge=LEFT)
            framed = steps.frame.animate.set_stroke(color)
            change += [FadeOut(question), FadeIn(answer[0]), framed.build()]
        scene.play(*change, run_time=0.6)
    scene.show(steps, *answer)


def until(scene: NetworkScene, tolerance: float) -> list[Round]:
    """Return the rounds of training until the loss is below the tolerance, or ``MOST`` of them."""
    rounds = rounds_of(scene, MOST)
    small = (place for place, each in enumerate(rounds) if place and each.loss < tolerance)
    return rounds[: next(small, len(rounds) - 1) + 1]


def marking(steps: StepList, place: int) -> Change:
    """Return the animation in which the mark moves on to a step."""
    return Change(steps, lambda progress: steps.mark(place - 1 + ease(progress)), 0.6)


def circling(steps: StepList, rounds: int) -> Step:
    """Return the step in which the mark goes around the loop so many times."""
    span = CHECK - FORWARD + 1

    def step(progress: float) -> None:
        turn = progress * rounds
        reached, onward = divmod((turn - int(turn)) * span, 1.0)
        # It rests on each step for a while, rather than to lie between two of them.
        moved = ease(max(onward - RESTS, 0.0) / (1 - RESTS)) if reached < span - 1 else 0.0
        steps.mark(CHECK if progress >= 1 else FORWARD + reached + moved)

    return step


def running(
    scene: NetworkScene,
    rounds: list[Round],
    first: int,
    curve: LossHistory,
    seconds: float,
    changes: tuple[float, float],
) -> list[Animation]:
    """Return the animations in which diagram, gaps and losses go through rounds.

    They change together within a part of each round, and rest at whole rounds otherwise, so that
    curve and numbers agree.
    """
    last, (start, end) = len(rounds) - 1, changes

    def pace(progress: float) -> float:
        whole, part = divmod(min(progress * last, last), 1.0)
        return whole + ease(min(max((part - start) / (end - start), 0.0), 1.0))

    follow = Change(curve, lambda p: curve.show_moment(first + pace(p)), seconds)
    return [*through_rounds(scene, rounds, pace, seconds), follow]


def tolerance_line(
    scene: NetworkScene, curve: LossHistory, tolerance: float, losses: list[float]
) -> tuple[Curve, TextLabel]:
    """Return a dashed line at the tolerance in the plot of the losses, and its name."""
    theme = scene.theme
    height = min(tolerance / max(losses), 1.0)
    points = curve.axes.c2p([0, len(losses) - 1], [height, height]).T
    line = Curve(theme.forward, stroke=2.5, dashed=True).through(points)
    text = scene.words("panel.tolerance", tolerance=f"{tolerance:g}")
    name = TextLabel(text, theme, em=theme.smallest_text, color=theme.forward_ink)
    right = float(points[-1][0])
    return line, name.move_to([right, curve.title.get_y(), 0], aligned_edge=RIGHT)


class TrainingLoop(ActsScene):
    """A network that is trained from random weights on one sample."""

    length = 40.8
    acts = (training_loop,)
    options = (
        Option("tolerance", 0.02, "the loss at which training ends", least=1e-4, most=1),
        Option("seed", 1, "of the random weights", least=0),
    )

    @cached_property
    def example(self) -> Description:
        """The network of the file with random weights."""
        given = super().example
        old = given.network
        functions = [layer.activation for layer in old.layers]
        network = Network.random(old.sizes, functions, skips=old.skips, rng=self.chosen["seed"])
        return replace(given, network=network)

    @property
    def results(self) -> Iterable[ArrayLike]:
        """The loss at which training ends."""
        yield self.chosen["tolerance"]
