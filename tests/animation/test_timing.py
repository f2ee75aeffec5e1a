"""When the steps of a pass happen, and which of them are played."""

from __future__ import annotations

import pytest
from manim import Animation, Scene, there_and_back

from netviz.animation import BackwardPass, ForwardPass
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.theme import DARK_THEME

NETWORK = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2)
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0], "mse")
# Seconds in which what is there before the first pulse appears.
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


# ---- when ----------------------------------------------------------------------------------------

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
def test_steps_lag_and_hold_add_up(
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


def test_with_less_lag_layers_overlap(diagram: NetworkDiagram) -> None:
    at(ForwardPass(diagram, TRACE, lag_ratio=0.3), OPENING + 0.45)
    assert {layer for layer, *_ in flowing(diagram)} == {0, 1}


def test_a_rate_function_governs_the_whole(diagram: NetworkDiagram) -> None:
    slow = ForwardPass(diagram, TRACE, rate_func=lambda t: t**3)
    at(slow, slow.run_time / 2)
    assert not any(filled(diagram)[1])


def test_a_pass_that_goes_back_leaves_nothing(diagram: NetworkDiagram) -> None:
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


@pytest.mark.parametrize("wrong", [{"step_time": 0}, {"lag_ratio": -0.1}, {"hold": -1}], ids=str)
def test_times_that_cannot_be_are_refused(diagram: NetworkDiagram, wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=rf"{next(iter(wrong))} is .*: expected"):
        ForwardPass(diagram, TRACE, **wrong)


# ---- which ---------------------------------------------------------------------------------------


def test_a_single_product_travels_and_is_not_yet_a_sum(diagram: NetworkDiagram) -> None:
    moving = ForwardPass(diagram, TRACE, edges=[(0, 2, 1)])
    at(moving, OPENING + 0.35)
    assert flowing(diagram) == {(0, 2, 1)}
    play(diagram, moving)
    assert filled(diagram) == [[False, False, True], [False] * 4, [False] * 2]
    assert not diagram.is_flowing()


def test_a_neuron_answers_when_all_its_edges_are_played(diagram: NetworkDiagram) -> None:
    edges = [(0, 0, 1), (0, 1, 1), (0, 2, 1), (0, 0, 3)]
    play(diagram, ForwardPass(diagram, TRACE, edges=edges))
    assert filled(diagram)[1] == [False, True, False, False]
    assert diagram.neuron(1, 1).value == TRACE.layers[0].activation[1]


def test_a_single_share_travels_back(diagram: NetworkDiagram) -> None:
    moving = BackwardPass(diagram, BLAME, edges=[(1, 3, 0)])
    assert moving.run_time == pytest.approx(0.7)
    at(moving, 0.35)
    assert flowing(diagram) == {(1, 3, 0)}
    play(diagram, moving)
    assert [neuron.blame for neuron in diagram.layer(1)] == [None] * 4
    play(diagram, BackwardPass(diagram, BLAME, edges=[(1, 3, 0), (1, 3, 1)]))
    assert diagram.neuron(1, 3).blame == BLAME.layers[0].blame[3]


def test_a_single_edge_is_as_wide_as_among_all(diagram: NetworkDiagram) -> None:
    alone, among_all = ForwardPass(diagram, TRACE, edges=[(0, 2, 1)]), ForwardPass(diagram, TRACE)
    widths = []
    for moving in (alone, among_all):
        at(moving, OPENING + 0.35)
        flow = diagram.edge(0, 2, 1).flow
        widths.append((flow.width, flow.height))
    assert widths[0] == pytest.approx(widths[1])


@pytest.mark.parametrize("wrong", [(2, 0, 0), (0, 3, 0), (1, 0, 2), (-1, 0, 0)], ids=str)
def test_edges_that_are_not_there_are_refused(
    diagram: NetworkDiagram, wrong: tuple[int, int, int]
) -> None:
    for make, trace in ((ForwardPass, TRACE), (BackwardPass, BLAME)):
        with pytest.raises(ValueError, match=r"edges has \(.*\): expected"):
            make(diagram, trace, edges=[wrong])


def test_no_share_travels_to_the_input(diagram: NetworkDiagram) -> None:
    with pytest.raises(ValueError, match=r"\(0, 0, 0\): expected a layer from 1 to 1"):
        BackwardPass(diagram, BLAME, edges=[(0, 0, 0)])


def test_neurons_for_which_dots_stand_are_refused() -> None:
    long = Network.random([3, 20, 2], "tanh", "xavier_uniform", rng=2)
    diagram, trace = NetworkDiagram(long, DARK_THEME), forward(long, [0.9, -0.3, 0.5])
    with pytest.raises(ValueError, match=r"neurons has 10, which is not drawn"):
        ForwardPass(diagram, trace, layers=[1], neurons=[10])
    play(diagram, ForwardPass(diagram, trace))
    assert [neuron.value for neuron in diagram.layer(1)] == [
        trace.layers[0].activation[i] for i in diagram.shown(1)
    ]


def test_each_pass_plays_its_own_trace(diagram: NetworkDiagram) -> None:
    with pytest.raises(ValueError, match=r"trace is a BackwardTrace: expected a ForwardTrace"):
        ForwardPass(diagram, BLAME)
    with pytest.raises(ValueError, match=r"trace is a ForwardTrace: expected a BackwardTrace"):
        BackwardPass(diagram, TRACE)
