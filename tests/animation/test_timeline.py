"""When the steps of a timeline and of a pass happen."""

from __future__ import annotations

import pytest
from manim import Animation, Mobject, Scene, there_and_back

from netviz.animation import BackwardPass, ForwardPass
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME

NETWORK = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2)
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0], "mse")
# Seconds in which the input or the blame of the output appears, before the first pulse.
OPENING = 0.5


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def at(animation: Animation, seconds: float) -> None:
    animation.begin()
    animation.interpolate(seconds / animation.run_time)


def play(diagram: NetworkDiagram, *animations: Animation) -> None:
    scene = Scene(skip_animations=True)
    scene.add(diagram)
    scene.play(*animations)


def flowing(diagram: NetworkDiagram) -> set[tuple[int, int, int]]:
    edges = [edge for layer in diagram.edge_layers for *_, edge in layer.edges()]
    return {edge.address for edge in edges if edge.flow.has_points()}


def filled(diagram: NetworkDiagram) -> list[list[bool]]:
    return [[neuron.value is not None for neuron in column] for column in diagram.neuron_layers]


# ---- timelines -----------------------------------------------------------------------------------


def test_a_timeline_runs_each_span_in_its_time_and_to_its_end() -> None:
    seen: dict[str, list[float]] = {"first": [], "second": []}
    spans = [
        Span(0.0, 1.0, seen["first"].append),
        Span(1.0, 3.0, seen["second"].append),
    ]
    moving = Timeline(Mobject(), spans)
    assert moving.run_time == 3.0
    for share in (0.0, 0.25, 0.5, 1.0):
        moving.interpolate(share)
    assert seen["first"] == [0.75, 1.0]
    assert seen["second"] == [0.25, 1.0]


def test_easing_is_slow_at_both_ends() -> None:
    assert (ease(0), ease(0.5), ease(1)) == (0, 0.5, 1)
    assert ease(0.1) < 0.1
    assert ease(0.9) > 0.9


# ---- passes --------------------------------------------------------------------------------------

LENGTHS = [
    (ForwardPass, "by_layer", {}, OPENING + 2),
    (ForwardPass, "by_layer", {"step_time": 2.0}, 2 * (OPENING + 2)),
    (ForwardPass, "by_layer", {"hold": 0.4}, OPENING + 2 + 2 * 0.4),
    (ForwardPass, "by_layer", {"lag_ratio": 0.0}, OPENING + 1),
    (ForwardPass, "by_layer", {"lag_ratio": 0.5, "step_time": 2.0}, 2 * OPENING + 3),
    (ForwardPass, "by_neuron", {}, OPENING + 6),
    (ForwardPass, "at_once", {}, OPENING + 1.6),
    (BackwardPass, "by_layer", {}, OPENING + 1),
    (BackwardPass, "by_neuron", {"hold": 0.1}, OPENING + 4 + 4 * 0.1),
    (BackwardPass, "at_once", {"run_time": 7.0}, 7.0),
]


@pytest.mark.parametrize(("kind", "name", "options", "seconds"), LENGTHS)
def test_steps_lag_and_hold_add_up_to_the_run_time(
    diagram: NetworkDiagram,
    kind: type[ForwardPass | BackwardPass],
    name: str,
    options: dict[str, float],
    seconds: float,
) -> None:
    trace = TRACE if kind is ForwardPass else BLAME
    assert getattr(kind, name)(diagram, trace, **options).run_time == pytest.approx(seconds)


def test_nothing_moves_while_a_pass_holds(diagram: NetworkDiagram) -> None:
    moving = ForwardPass(diagram, TRACE, hold=1.0)
    # The first layer has answered 1 s after the inputs and their hold.
    answered = OPENING + 1 + 1
    at(moving, answered + 0.1)
    assert filled(diagram) == [[True] * 3, [True] * 4, [False] * 2]
    assert not flowing(diagram)
    at(moving, answered + 0.9)
    assert not flowing(diagram)
    at(moving, answered + 1.2)
    assert {layer for layer, *_ in flowing(diagram)} == {1}


def test_layers_overlap_with_a_smaller_lag_ratio(diagram: NetworkDiagram) -> None:
    at(ForwardPass(diagram, TRACE, lag_ratio=0.3), OPENING + 0.45)
    assert {layer for layer, *_ in flowing(diagram)} == {0, 1}


def test_a_rate_function_applies_to_the_whole_pass(diagram: NetworkDiagram) -> None:
    slow = ForwardPass(diagram, TRACE, rate_func=lambda t: t**3)
    at(slow, slow.run_time / 2)
    assert not any(filled(diagram)[1])


def test_a_pass_that_is_reversed_leaves_nothing(diagram: NetworkDiagram) -> None:
    play(diagram, ForwardPass(diagram, TRACE, rate_func=there_and_back))
    play(diagram, BackwardPass(diagram, BLAME, rate_func=there_and_back))
    assert filled(diagram) == [[False] * n for n in NETWORK.sizes]
    assert not any(neuron.blame for column in diagram.neuron_layers for neuron in column)
    assert not diagram.is_flowing()
    assert not any(
        neuron.value_text.has_points() or neuron.blame_ring.has_points()
        for column in diagram.neuron_layers
        for neuron in column
    )


@pytest.mark.parametrize(
    "wrong", [{"step_time": 0}, {"step_time": "1"}, {"lag_ratio": -0.1}, {"hold": -1}], ids=str
)
def test_invalid_times_are_refused(diagram: NetworkDiagram, wrong: dict[str, object]) -> None:
    with pytest.raises(ProblemError, match=rf"{next(iter(wrong))} is .*: expected a number"):
        ForwardPass(diagram, TRACE, **wrong)
