"""Passes over residual networks: what travels over the arcs of skip connections."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Animation, Scene, there_and_back

from netviz.animation import BackwardPass, DimEdges, Forget, ForwardPass
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.numerals import figures
from netviz.theme import DARK_THEME
from tests.animation.test_passes import DETAILS, PLAYED

# Arcs from the input to layer 2, and from layer 1 to layer 3.
NETWORK = Network.random([3, 3, 3, 3, 2], "tanh", "xavier_uniform", rng=2, skips=[(0, 2), (1, 3)])
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0], "mse")


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def play(diagram: NetworkDiagram, *animations: Animation, skipped: bool = True) -> None:
    scene = Scene(skip_animations=skipped)
    scene.add(diagram)
    for animation in animations:
        scene.play(animation)


def at(animation: Animation, seconds: float) -> None:
    animation.begin()
    animation.interpolate(seconds / animation.run_time)


def numbers(diagram: NetworkDiagram, source: int, target: int) -> list[str]:
    """Return what is written on an arc."""
    texts = diagram.skip(source, target).label.get_family()
    return [part.text for part in texts if hasattr(part, "text") and part.has_points()]


def flowing(diagram: NetworkDiagram) -> set[tuple[int, int]]:
    return {skip.layers for skip in diagram.skips if skip.is_flowing()}


def written(values: np.ndarray) -> list[str]:
    return [figures(float(value), signed=True) for value in values]


def test_activations_travel_over_an_arc_together_with_the_edges_of_its_target(
    diagram: NetworkDiagram,
) -> None:
    at(ForwardPass(diagram, TRACE, layers=[1]), 0.5 + 0.35)
    assert flowing(diagram) == set()
    at(ForwardPass(diagram, TRACE, layers=[2]), 0.35)
    assert flowing(diagram) == {(0, 2)}
    assert diagram.skip(0, 2).flow.get_fill_color().to_hex() == DARK_THEME.forward
    assert numbers(diagram, 0, 2) == written(TRACE.layers[1].skipped[0]) == written(TRACE.input)
    assert numbers(diagram, 1, 3) == []


def test_blame_travels_back_over_an_arc_when_its_source_collects_its_shares(
    diagram: NetworkDiagram,
) -> None:
    at(BackwardPass(diagram, BLAME, layers=[2]), 0.35)
    assert flowing(diagram) == set()
    at(BackwardPass(diagram, BLAME, layers=[1]), 0.35)
    assert flowing(diagram) == {(1, 3)}
    assert diagram.skip(1, 3).flow.get_fill_color().to_hex() == DARK_THEME.blame
    shares = BLAME.layers[2].skip_shares[1]
    assert numbers(diagram, 1, 3) == written(shares) == written(BLAME.layers[2].blame)


def test_pulses_run_forward_and_back(diagram: NetworkDiagram) -> None:
    middles = []
    passes = ForwardPass(diagram, TRACE, layers=[3]), BackwardPass(diagram, BLAME, layers=[1])
    for moving in passes:
        for moment in (0.2, 0.5):
            at(moving, moment)
            middles.append(float(diagram.skip(1, 3).flow.get_x()))
    assert middles[0] < middles[1]
    assert middles[2] > middles[3]


@PLAYED
@pytest.mark.parametrize("detail", DETAILS)
def test_the_numbers_stay_on_the_arcs_after_a_pass(
    diagram: NetworkDiagram, detail: str, skipped: bool
) -> None:
    play(diagram, ForwardPass(diagram, TRACE, detail=detail, step_time=0.4), skipped=skipped)
    assert flowing(diagram) == set()
    assert numbers(diagram, 0, 2) == written(TRACE.input)
    assert numbers(diagram, 1, 3) == written(TRACE.activations[1])
    play(diagram, BackwardPass(diagram, BLAME, detail=detail, step_time=0.4), skipped=skipped)
    # No share travels back to the input.
    assert numbers(diagram, 0, 2) == written(TRACE.input)
    assert numbers(diagram, 1, 3) == written(BLAME.layers[2].blame)
    assert [neuron.blame for neuron in diagram.layer(1)] == BLAME.layers[0].blame.tolist()


def test_one_neuron_at_a_time_the_numbers_add_up(diagram: NetworkDiagram) -> None:
    values = written(TRACE.input)
    moving = ForwardPass.by_neuron(diagram, TRACE, layers=[2])
    for moment, count in ((0.35, 1), (1.35, 2), (2.35, 3)):
        at(moving, moment)
        assert numbers(diagram, 0, 2) == values[:count]


def test_nothing_travels_over_an_arc_before_the_sum_is_complete(diagram: NetworkDiagram) -> None:
    at(ForwardPass(diagram, TRACE, edges=[(1, 0, 0)]), 0.35)
    assert flowing(diagram) == set()
    edges = [(1, source, 1) for source in range(3)]
    at(ForwardPass(diagram, TRACE, edges=edges), 0.35)
    assert flowing(diagram) == {(0, 2)}
    assert numbers(diagram, 0, 2) == written(TRACE.input[1:2])


def test_a_pulse_is_dashed_if_all_its_numbers_are_negative(diagram: NetworkDiagram) -> None:
    pieces = []
    for neurons in ([0], [1], None):
        at(ForwardPass(diagram, TRACE, layers=[2], neurons=neurons), 0.35)
        pieces.append(len(diagram.skip(0, 2).flow.get_subpaths()))
    assert pieces[1] > pieces[0]
    assert pieces[2] == pieces[0]


def test_a_pass_that_is_reversed_leaves_no_numbers(diagram: NetworkDiagram) -> None:
    play(diagram, ForwardPass(diagram, TRACE, rate_func=there_and_back))
    play(diagram, BackwardPass(diagram, BLAME, rate_func=there_and_back))
    assert all(numbers(diagram, *pair) == [] for pair in NETWORK.skips)


@PLAYED
@pytest.mark.parametrize("end", [DimEdges, Forget])
def test_the_numbers_fade_with_the_edges_and_the_activations(
    diagram: NetworkDiagram, end: type[Animation], skipped: bool
) -> None:
    play(diagram, ForwardPass.at_once(diagram, TRACE, run_time=0.5))
    play(diagram, end(diagram, run_time=0.4), skipped=skipped)
    assert all(numbers(diagram, *pair) == [] for pair in NETWORK.skips)
