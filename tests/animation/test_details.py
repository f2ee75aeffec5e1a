"""Small animations end in the picture that they document, whether played or skipped."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim import Animation, Mobject, Scene

from netviz.animation.details import (
    BlameNeuron,
    CountTo,
    DimEdges,
    FillNeuron,
    FitBox,
    ForgetBlame,
    GrowTangent,
    LightCorrections,
    LightEdges,
    SlideDot,
)
from netviz.core import ACTIVATIONS, Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.text import Number
from netviz.problems import ProblemError
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
def test_a_pulse_stays_on_its_edges_until_it_fades_out(
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


def test_pulses_of_blame_have_the_color_of_blame(diagram: NetworkDiagram) -> None:
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
def test_a_neuron_shows_its_activation_and_its_blame(
    diagram: NetworkDiagram, skipped: bool
) -> None:
    play(diagram, FillNeuron(diagram, TRACE, 1, 2, run_time=0.4), skipped)
    play(diagram, BlameNeuron(diagram, BLAME, 1, 2, run_time=0.4), skipped)
    neuron = diagram.neuron(1, 2)
    assert neuron.value == TRACE.layers[0].activation[2]
    assert neuron.blame == BLAME.layers[0].blame[2]
    assert diagram.neuron(1, 1).value is None


@PLAYED
def test_blame_fades_out_and_activations_stay(diagram: NetworkDiagram, skipped: bool) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME)
    play(diagram, ForgetBlame(diagram, run_time=0.4), skipped)
    neuron = diagram.neuron(1, 2)
    assert neuron.blame is None
    assert not neuron.blame_ring.has_points()
    assert neuron.value == TRACE.layers[0].activation[2]


@PLAYED
def test_a_diagram_ends_in_its_box(diagram: NetworkDiagram, skipped: bool) -> None:
    play(diagram, FitBox(diagram, LEFT_BOX, run_time=0.4), skipped)
    assert diagram.box == LEFT_BOX
    assert diagram.layout == NetworkDiagram(NETWORK, DARK_THEME, box=LEFT_BOX).layout
    play(diagram, FitBox(diagram, "wide", run_time=0.4), skipped)
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


def test_a_box_that_does_not_exist_is_refused_at_the_call(diagram: NetworkDiagram) -> None:
    with pytest.raises(ProblemError, match="box is 'middle': expected one of frame, wide, left"):
        FitBox(diagram, "middle")


@pytest.mark.parametrize("light", [LightEdges, LightCorrections])
def test_edges_and_strengths_must_match(
    diagram: NetworkDiagram, light: Callable[..., Animation]
) -> None:
    with pytest.raises(ProblemError, match="strengths has 2 entries: expected 1, as many as edges"):
        light(diagram, [(0, 1, 2)], [1.0, 2.0])
