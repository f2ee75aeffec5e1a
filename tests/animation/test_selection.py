"""Which layers, neurons and edges of a pass are played."""

from __future__ import annotations

import pytest

from netviz.animation import BackwardPass, ForwardPass
from netviz.core import Dense, Network, OneToOne, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME
from tests.animation.test_timeline import BLAME, NETWORK, OPENING, TRACE, at, filled, flowing, play


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def test_a_single_product_travels_and_its_target_does_not_answer(diagram: NetworkDiagram) -> None:
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
def test_edges_that_do_not_exist_are_refused(
    diagram: NetworkDiagram, wrong: tuple[int, int, int]
) -> None:
    for make, trace in ((ForwardPass, TRACE), (BackwardPass, BLAME)):
        with pytest.raises(ProblemError, match=r"edges has \(.*\): expected"):
            make(diagram, trace, edges=[wrong])


def test_no_share_travels_to_the_input(diagram: NetworkDiagram) -> None:
    with pytest.raises(ProblemError, match=r"\(0, 0, 0\): expected a layer from 1 to 1"):
        BackwardPass(diagram, BLAME, edges=[(0, 0, 0)])


def test_neurons_that_are_not_drawn_are_refused() -> None:
    long = Network.random([3, 20, 2], "tanh", "xavier_uniform", rng=2)
    diagram, trace = NetworkDiagram(long, DARK_THEME), forward(long, [0.9, -0.3, 0.5])
    with pytest.raises(ProblemError, match=r"neurons has 10, which is not drawn"):
        ForwardPass(diagram, trace, layers=[1], neurons=[10])
    play(diagram, ForwardPass(diagram, trace))
    assert [neuron.value for neuron in diagram.layer(1)] == [
        trace.layers[0].activation[i] for i in diagram.shown(1)
    ]


def test_each_pass_plays_its_own_trace(diagram: NetworkDiagram) -> None:
    with pytest.raises(ProblemError, match=r"trace is a BackwardTrace: expected a ForwardTrace"):
        ForwardPass(diagram, BLAME)
    with pytest.raises(ProblemError, match=r"trace is a ForwardTrace: expected a BackwardTrace"):
        BackwardPass(diagram, TRACE)


# ---- which connections exist ---------------------------------------------------------------------

SPARSE = Network((*NETWORK.layers, OneToOne(2, "relu"), Dense([[1.0, -2.0]], [0.1], "tanh")))
SPARSE_TRACE = forward(SPARSE, TRACE.input)


def test_only_connections_that_exist_are_played() -> None:
    diagram = NetworkDiagram(SPARSE, DARK_THEME)
    at(ForwardPass(diagram, SPARSE_TRACE, layers=[3]), 0.35)
    assert flowing(diagram) == {(2, 0, 0), (2, 1, 1)}
    diagram.clear_flows()
    at(BackwardPass(diagram, backward(SPARSE, SPARSE_TRACE, [0.0]), layers=[2]), 0.35)
    assert flowing(diagram) == {(2, 0, 0), (2, 1, 1)}


def test_a_neuron_answers_when_all_its_connections_are_played() -> None:
    diagram = NetworkDiagram(SPARSE, DARK_THEME)
    play(diagram, ForwardPass(diagram, SPARSE_TRACE, edges=[(2, 1, 1)]))
    assert filled(diagram)[3] == [False, True]
    blame = backward(SPARSE, SPARSE_TRACE, [0.0])
    play(diagram, BackwardPass(diagram, blame, edges=[(2, 0, 0)]))
    assert [neuron.blame is None for neuron in diagram.layer(2)] == [False, True]


def test_a_connection_that_does_not_exist_is_refused() -> None:
    diagram = NetworkDiagram(SPARSE, DARK_THEME)
    with pytest.raises(
        ProblemError, match=r"edges has \(2, 0, 1\): expected neurons that are conn"
    ):
        ForwardPass(diagram, SPARSE_TRACE, edges=[(2, 0, 1)])
