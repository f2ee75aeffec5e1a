"""A weight update ends with the new weights, and swells the edges that change."""

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
    fresh = NetworkDiagram(AFTER, DARK_THEME)
    for layer, edges in enumerate(diagram.edge_layers):
        for k, j, edge in edges.edges():
            assert edge.weight == AFTER.layers[layer].weights[j, k]
            assert edge.get_stroke_width() == fresh.edge(layer, k, j).get_stroke_width()
    assert not diagram.is_flowing()


def test_an_update_swells_the_edges_that_change(diagram: NetworkDiagram) -> None:
    at(WeightUpdate(diagram, NETWORK, AFTER), 0.75)
    between = (NETWORK.layers[0].weights[1, 2] + AFTER.layers[0].weights[1, 2]) / 2
    assert diagram.edge(0, 2, 1).weight == pytest.approx(between)
    assert diagram.network is NETWORK
    assert diagram.is_flowing()


@pytest.mark.parametrize(
    ("before", "after", "name"), [(NETWORK, OTHER, "after"), (OTHER, NETWORK, "before")]
)
def test_networks_of_other_sizes_are_refused(
    diagram: NetworkDiagram, before: Network, after: Network, name: str
) -> None:
    sentence = rf"{name} has sizes \(3, 3, 2\): expected \(3, 4, 2\), as the diagram"
    with pytest.raises(ProblemError, match=sentence):
        WeightUpdate(diagram, before, after)
