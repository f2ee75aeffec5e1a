"""The small movements end where they say, whether they are played or skipped."""

from __future__ import annotations

import pytest
from manim import Animation, Mobject, Scene

from netviz.animation.details import (
    BlameNeuron,
    CountTo,
    DimEdges,
    FillNeuron,
    FitBox,
    GrowTangent,
    LightCorrections,
    LightEdges,
    SlideDot,
)
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import ACTIVATIONS, Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.text import Number
from netviz.theme import DARK_THEME

NETWORK = Network.random([3, 4, 2], "sigmoid", "xavier_uniform", rng=2)
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0], "mse")
PLAYED = pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "played"])


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def play(shown: Mobject, animation: Animation, skipped: bool = True) -> None:
    scene = Scene(skip_animations=skipped)
    scene.add(shown)
    scene.play(animation)


@PLAYED
def test_light_stays_on_its_edges_until_it_is_dimmed(
    diagram: NetworkDiagram, skipped: bool
) -> None:
    edges = list(diagram.edges_into(1, 2))
    play(diagram, LightEdges(diagram, edges, [1.0, 0.5, -0.2], run_time=0.4), skipped)
    lit = [e.address for row in diagram.edge_layers[0] for e in row if e.flow.has_points()]
    assert lit == [edge.address for edge in edges]
    play(diagram, DimEdges(diagram, run_time=0.4), skipped)
    assert not diagram.is_flowing()
    play(diagram, LightCorrections(diagram, edges, [1.0, 0.5, -0.2], run_time=0.4), skipped)
    assert diagram.is_flowing()


def test_light_is_blame_on_its_way_back(diagram: NetworkDiagram) -> None:
    edges = list(diagram.edges_into(2, 0))
    play(diagram, LightEdges(diagram, edges, [1.0] * 4, back=True))
    assert {edge.flow.get_fill_color().to_hex() for edge in edges} == {DARK_THEME.blame}
    play(diagram, LightEdges(diagram, edges, [1.0] * 4))
    assert {edge.flow.get_fill_color().to_hex() for edge in edges} == {DARK_THEME.forward}


@PLAYED
def test_a_number_counts_to_its_value(skipped: bool) -> None:
    number = Number(0.5, DARK_THEME)
    play(number, CountTo(number, -1.25, run_time=0.4), skipped)
    assert (number.value, number.text) == (-1.25, "−1.25")


@PLAYED
def test_a_neuron_is_filled_and_blamed_with_its_numbers(
    diagram: NetworkDiagram, skipped: bool
) -> None:
    play(diagram, FillNeuron(diagram, TRACE, 1, 2, run_time=0.4), skipped)
    play(diagram, BlameNeuron(diagram, BLAME, 1, 2, run_time=0.4), skipped)
    neuron = diagram.neuron(1, 2)
    assert neuron.value == TRACE.layers[0].activation[2]
    assert neuron.blame == BLAME.layers[0].blame[2]
    assert diagram.neuron(1, 1).value is None


@PLAYED
def test_a_diagram_arrives_in_its_box_and_need_not_go_again(
    diagram: NetworkDiagram, skipped: bool
) -> None:
    play(diagram, FitBox(diagram, LEFT_BOX, run_time=0.4), skipped)
    assert diagram.box == LEFT_BOX
    assert diagram.layout == NetworkDiagram(NETWORK, DARK_THEME, box=LEFT_BOX).layout
    play(diagram, FitBox(diagram, WIDE_BOX, run_time=0.4), skipped)
    assert diagram.box == WIDE_BOX


@PLAYED
def test_the_dot_slides_to_z_and_the_tangent_grows_there(skipped: bool) -> None:
    curve = ActivationCurve(ACTIVATIONS["sigmoid"], z=1.17).set_z(0.0)
    play(curve, SlideDot(curve, 1.17, run_time=0.4), skipped)
    assert curve.value.z.value == 1.17
    play(curve, GrowTangent(curve, 1.17, run_time=0.4), skipped)
    expected = ActivationCurve(ACTIVATIONS["sigmoid"], z=1.17)
    expected.set_z(1.17).set_tangent(1.17)
    assert curve.tangent.points == pytest.approx(expected.tangent.points)
    assert curve.dot.get_center() == pytest.approx(expected.dot.get_center())


def test_a_timeline_runs_its_spans_in_time_and_each_to_its_end() -> None:
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
