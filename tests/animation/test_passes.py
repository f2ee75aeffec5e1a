"""Passes end with the numbers of their traces, played or skipped."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest
from manim import Animation, Scene

from netviz.animation import BackwardPass, ForwardPass, WeightUpdate
from netviz.core import BackwardTrace, ForwardTrace, Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.theme import DARK_THEME

NETWORK = Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2)
X, TARGET = [0.9, -0.3, 0.5], [1.0, 0.0]
TRACE = forward(NETWORK, X)
BLAME = backward(NETWORK, TRACE, TARGET, "mse")
AFTER = NETWORK.updated(BLAME, 0.5)
DETAILS = ["neuron", "layer", "network"]
PLAYED = pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "played"])

Values = list[list[float | None]]


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def play(diagram: NetworkDiagram, *animations: Animation, skipped: bool = True) -> None:
    scene = Scene(skip_animations=skipped)
    scene.add(diagram)
    for animation in animations:
        scene.play(animation)


def values(diagram: NetworkDiagram) -> Values:
    return [[neuron.value for neuron in column] for column in diagram.neuron_layers]


def blames(diagram: NetworkDiagram) -> Values:
    return [[neuron.blame for neuron in column] for column in diagram.neuron_layers]


def flowing(diagram: NetworkDiagram) -> set[tuple[int, int, int]]:
    edges = [edge for layer in diagram.edge_layers for *_, edge in layer.edges()]
    return {edge.address for edge in edges if edge.flow.has_points()}


def assert_same_picture(one: NetworkDiagram, other: NetworkDiagram) -> None:
    pairs = zip(one.get_family(), other.get_family(), strict=True)
    for part, same in ((a, b) for a, b in pairs if a.has_points() or b.has_points()):
        assert part.points.shape == same.points.shape
        assert np.allclose(part.points, same.points, rtol=0, atol=1e-9)
        assert str(part.get_fill_color()) == str(same.get_fill_color())
        assert str(part.get_stroke_color()) == str(same.get_stroke_color())
        assert part.get_stroke_width() == pytest.approx(same.get_stroke_width())
        assert part.get_stroke_opacity() == same.get_stroke_opacity()


ALL_VALUES = [list(map(float, layer)) for layer in TRACE.activations]
ALL_BLAMES = [[None] * 3, *(list(map(float, layer.blame)) for layer in BLAME.layers)]


# ---- the end of a pass ---------------------------------------------------------------------------


@PLAYED
@pytest.mark.parametrize("detail", DETAILS)
def test_a_forward_pass_ends_with_every_activation(
    diagram: NetworkDiagram, detail: str, skipped: bool
) -> None:
    play(diagram, ForwardPass(diagram, TRACE, detail=detail, step_time=0.5), skipped=skipped)
    assert values(diagram) == ALL_VALUES
    assert blames(diagram) == [[None] * n for n in NETWORK.sizes]
    assert not diagram.is_flowing()


@PLAYED
@pytest.mark.parametrize("detail", DETAILS)
def test_a_backward_pass_ends_with_every_blame(
    diagram: NetworkDiagram, detail: str, skipped: bool
) -> None:
    play(diagram, BackwardPass(diagram, BLAME, detail=detail, step_time=0.5), skipped=skipped)
    assert blames(diagram) == ALL_BLAMES
    assert values(diagram) == [[None] * n for n in NETWORK.sizes]
    assert not diagram.is_flowing()


def test_skipped_animations_end_in_the_picture_of_played_ones() -> None:
    ends = []
    for skipped in (True, False):
        shown = NetworkDiagram(NETWORK, DARK_THEME)
        animations = (
            lambda d: ForwardPass(d, TRACE, step_time=0.4),
            lambda d: BackwardPass(d, BLAME, detail="neuron", step_time=0.2),
            lambda d: WeightUpdate(d, NETWORK, AFTER, run_time=0.4),
            lambda d: ForwardPass(d, forward(AFTER, X), detail="network", step_time=0.3),
        )
        for make in animations:
            play(shown, make(shown), skipped=skipped)
        ends.append(shown)
    assert_same_picture(*ends)


# ---- during a pass -------------------------------------------------------------------------------


def at(animation: Animation, seconds: float) -> None:
    animation.begin()
    animation.interpolate(seconds / animation.run_time)


def test_a_forward_pass_lights_the_edges_of_one_layer_at_a_time(diagram: NetworkDiagram) -> None:
    moving = ForwardPass(diagram, TRACE)
    at(moving, 0.85)
    assert values(diagram)[0] == ALL_VALUES[0]
    assert values(diagram)[1:] == [[None] * 4, [None] * 2]
    assert flowing(diagram) == {(0, k, j) for k in range(3) for j in range(4)}


def test_a_backward_pass_lights_the_edges_that_leave_the_layer(
    diagram: NetworkDiagram,
) -> None:
    moving = BackwardPass(diagram, BLAME)
    at(moving, 0.85)
    assert blames(diagram)[2] == ALL_BLAMES[2]
    assert blames(diagram)[1] == [None] * 4
    assert flowing(diagram) == {(1, k, j) for k in range(4) for j in range(2)}
    assert diagram.edge(1, 0, 0).flow.get_fill_color().to_hex() == DARK_THEME.blame


def test_detail_neuron_plays_one_neuron_at_a_time(diagram: NetworkDiagram) -> None:
    moving = ForwardPass(diagram, TRACE, detail="neuron", layers=[2])
    at(moving, 0.35)
    assert flowing(diagram) == {(1, k, 0) for k in range(4)}
    assert values(diagram)[2] == [None, None]


def test_pulses_run_forward_and_back(diagram: NetworkDiagram) -> None:
    forwards = center_of_flow(diagram, ForwardPass(diagram, TRACE, layers=[2]), (0.2, 0.5))
    backwards = center_of_flow(diagram, BackwardPass(diagram, BLAME, layers=[1]), (0.2, 0.5))
    assert forwards[0] < forwards[1]
    assert backwards[0] > backwards[1]


def center_of_flow(
    diagram: NetworkDiagram, moving: Animation, moments: Iterable[float]
) -> list[float]:
    places = []
    for moment in moments:
        at(moving, moment)
        places.append(float(diagram.edge(1, 0, 0).flow.get_x()))
    return places


def test_the_strongest_contribution_has_the_widest_pulse(diagram: NetworkDiagram) -> None:
    at(ForwardPass(diagram, TRACE, layers=[1]), 0.5 + 0.35)
    contributions = np.abs(TRACE.layers[0].contributions)
    j, k = np.unravel_index(contributions.argmax(), contributions.shape)
    faint = np.unravel_index(contributions.argmin(), contributions.shape)
    assert thickness(diagram, k, j) > thickness(diagram, faint[1], faint[0])


def thickness(diagram: NetworkDiagram, k: int, j: int) -> float:
    edge = diagram.edge(0, int(k), int(j))
    along = (edge.at(1) - edge.at(0)) / edge.length
    across = np.array([-along[1], along[0], 0.0])
    return float(np.ptp(edge.flow.points @ across))


def test_a_negative_pulse_is_dashed(diagram: NetworkDiagram) -> None:
    at(ForwardPass(diagram, TRACE, layers=[1]), 0.5 + 0.35)
    for j, k in np.ndindex(4, 3):
        pieces = diagram.edge(0, k, j).flow.get_subpaths()
        assert (len(pieces) > 2) == (TRACE.layers[0].contributions[j, k] < 0)


# ---- arguments -----------------------------------------------------------------------------------


def test_only_some_layers_and_neurons_may_be_played(diagram: NetworkDiagram) -> None:
    play(diagram, ForwardPass(diagram, TRACE, layers=[1], neurons=[0, 3]))
    assert values(diagram)[0] == ALL_VALUES[0]
    assert [value is None for value in values(diagram)[1]] == [False, True, True, False]
    assert values(diagram)[2] == [None, None]
    play(diagram, BackwardPass(diagram, BLAME, layers=[2], neurons=[1]))
    assert blames(diagram)[2] == [None, ALL_BLAMES[2][1]]
    play(diagram, BackwardPass(diagram, BLAME, layers=[1]))
    assert blames(diagram)[1] == ALL_BLAMES[1]


@pytest.mark.parametrize("make", [ForwardPass, BackwardPass])
def test_step_time_stretches_and_run_time_fixes_the_length(
    diagram: NetworkDiagram, make: Callable[..., Animation]
) -> None:
    trace = TRACE if make is ForwardPass else BLAME
    once, twice = make(diagram, trace).run_time, make(diagram, trace, step_time=2.0).run_time
    assert twice == pytest.approx(2 * once)
    assert make(diagram, trace, run_time=3.5).run_time == 3.5
    by_detail = [make(diagram, trace, detail=detail).run_time for detail in DETAILS]
    assert by_detail == sorted(by_detail, reverse=True)


def test_passes_can_run_at_the_same_time(diagram: NetworkDiagram) -> None:
    scene = Scene(skip_animations=True)
    scene.add(diagram)
    scene.play(ForwardPass(diagram, TRACE), BackwardPass(diagram, BLAME))
    assert (values(diagram), blames(diagram)) == (ALL_VALUES, ALL_BLAMES)


def test_an_input_that_is_already_shown_does_not_fade_in_again(diagram: NetworkDiagram) -> None:
    fresh = ForwardPass(diagram, TRACE).run_time
    diagram.show_activations(TRACE, layers=[0])
    assert ForwardPass(diagram, TRACE).run_time < fresh


# ---- invalid arguments ---------------------------------------------------------------------------

OTHER = Network.random([3, 3, 2], "tanh", "xavier_uniform", rng=2)
WIDER = Network.random([4, 4, 2], "tanh", "xavier_uniform", rng=2)


def passes_of(network: Network, x: object) -> tuple[ForwardTrace, BackwardTrace]:
    trace = forward(network, x)
    return trace, backward(network, trace, np.zeros_like(trace.prediction), "mse")


REFUSED = {
    "a batch": passes_of(NETWORK, [X, X]),
    "a batch of one": passes_of(NETWORK, [X]),
    "another hidden layer": passes_of(OTHER, X),
    "another input": passes_of(WIDER, [*X, 0.1]),
}


@pytest.mark.parametrize("case", REFUSED)
def test_traces_of_a_batch_or_of_another_network_are_refused(
    diagram: NetworkDiagram, case: str
) -> None:
    trace, blame = REFUSED[case]
    with pytest.raises(ValueError, match=r"one sample of the diagram's network"):
        ForwardPass(diagram, trace)
    with pytest.raises(ValueError, match=r"one sample of the diagram's network"):
        BackwardPass(diagram, blame)


def test_an_unknown_detail_is_refused(diagram: NetworkDiagram) -> None:
    with pytest.raises(ValueError, match=r"'pixel': expected 'neuron', 'layer' or 'network'"):
        ForwardPass(diagram, TRACE, detail="pixel")
    with pytest.raises(ValueError, match=r"'pixel': expected 'neuron', 'layer' or 'network'"):
        BackwardPass(diagram, BLAME, detail="pixel")


@pytest.mark.parametrize("wrong", [{"layers": [0]}, {"layers": [3]}, {"neurons": [-1]}], ids=str)
def test_layers_and_neurons_that_do_not_exist_are_refused(
    diagram: NetworkDiagram, wrong: dict[str, list[int]]
) -> None:
    with pytest.raises(ValueError, match=r"has -?\d: expected \d to \d"):
        ForwardPass(diagram, TRACE, **wrong)
    with pytest.raises(ValueError, match=r"has -?\d: expected \d to \d"):
        BackwardPass(diagram, BLAME, **wrong)
