"""A weight update ends with the new weights, and shows for a moment what it changes."""

from __future__ import annotations

import pytest

from netviz.animation import WeightUpdate
from netviz.core import Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME
from tests.animation.test_passes import AFTER, NETWORK, OTHER, PLAYED, at, play


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


@PLAYED
def test_an_update_ends_with_the_new_weights(diagram: NetworkDiagram, skipped: bool) -> None:
    play(diagram, WeightUpdate(diagram, NETWORK, AFTER, run_time=0.5), skipped=skipped)
    assert diagram.network is AFTER
    # The scale of widths stays that of the first network.
    fresh = NetworkDiagram(NETWORK, DARK_THEME).set_weights(AFTER)
    for layer, edges in enumerate(diagram.edge_layers):
        for k, j, edge in edges.edges():
            assert edge.weight == AFTER.layers[layer].weights[j, k]
            assert edge.get_stroke_width() == fresh.edge(layer, k, j).get_stroke_width()
    assert not diagram.is_flowing()


def test_ghosts_remember_the_weights_before_an_update(diagram: NetworkDiagram) -> None:
    update, edge = WeightUpdate(diagram, NETWORK, AFTER, run_time=1.0), diagram.edge(0, 2, 1)
    at(update, 0.2)
    assert edge.ghost.has_points()
    assert edge.weight == NETWORK.layers[0].weights[1, 2]
    at(update, 0.35)
    between = (NETWORK.layers[0].weights[1, 2] + AFTER.layers[0].weights[1, 2]) / 2
    assert edge.weight == pytest.approx(between)
    assert diagram.network is NETWORK
    at(update, 0.8)
    assert edge.ghost.has_points()
    assert not edge.halo.has_points()
    at(update, 1.0)
    assert not edge.ghost.has_points()


def test_a_weight_that_shrinks_becomes_thinner_even_if_it_is_the_largest() -> None:
    diagram = NetworkDiagram(Network.from_weights([[[2.0, -1.0]]], [[0.0]]), DARK_THEME)
    before = diagram.edge(0, 0, 0).line_width, diagram.edge(0, 1, 0).line_width
    diagram.set_weights(Network.from_weights([[[1.5, -1.0]]], [[0.0]]))
    assert diagram.edge(0, 0, 0).line_width < before[0]
    assert diagram.edge(0, 1, 0).line_width == before[1]


def test_a_negative_gradient_has_a_hollow_halo_and_dashes_stay_those_of_the_weight() -> None:
    diagram = NetworkDiagram(Network.from_weights([[[2.0, -1.0]]], [[0.0]]), DARK_THEME)
    for edge in (diagram.edge(0, 0, 0), diagram.edge(0, 1, 0)):
        line = edge.get_num_curves()
        edge.set_halo(0.5)
        assert edge.halo.get_fill_opacity() == 1
        edge.set_halo(-0.5)
        assert edge.halo.get_fill_opacity() == 0
        assert edge.halo.get_stroke_width() > 0
        assert edge.halo.get_num_curves() == 4
        assert edge.get_num_curves() == line


@pytest.mark.parametrize(
    ("before", "after", "name"), [(NETWORK, OTHER, "after"), (OTHER, NETWORK, "before")]
)
def test_networks_of_other_sizes_are_refused(
    diagram: NetworkDiagram, before: Network, after: Network, name: str
) -> None:
    sentence = rf"{name} has sizes \(3, 3, 2\): expected \(3, 4, 2\), as the diagram"
    with pytest.raises(ProblemError, match=sentence):
        WeightUpdate(diagram, before, after)
