"""Residual connections are arcs outside everything else; what travels over them has its numbers."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from manim import FadeIn, FadeOut, Mobject, Scene, Transform
from numpy.typing import NDArray
from scenes.reading import complaints_of_a_diagram
from scenes.screen import Screen

from netviz.core import Network, OneToOne, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.skips import MORE, MOST_VALUES, Skip, levels
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX, Box
from netviz.drawing.numerals import figures
from netviz.drawing.text import Number, TextLabel
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme

# The brightness of an edge that is dimmed.
FAINTEST = DARK_THEME.faintest(DARK_THEME.edge)

PAIRS = [(0, 2), (0, 4), (1, 3), (2, 4)]
AROUND = {
    "plain": {},
    "braces": {"braces": True, "captions": ["pixels", "edges", "corners", "parts", "answer"]},
    "biases": {"biases": "neurons"},
    "numbers": {"biases": "numbers"},
}


def residual(*pairs: tuple[int, int], n: int = 3, layers: int = 5) -> Network:
    return Network.random([n] * layers, "tanh", "normal", skips=pairs, rng=0)


NETWORK = residual(*PAIRS)

every_direction = pytest.mark.parametrize("direction", ["right", "down"])


def points_of(skip: Skip) -> NDArray[np.float64]:
    """Points along its line, and the corners of its tip."""
    t = np.linspace(0, 1, 40)[:, np.newaxis]
    curves = skip.line.points.reshape(-1, 4, 1, 3).swapaxes(0, 1)
    ways = zip(curves, ((1 - t) ** 3, 3 * (1 - t) ** 2 * t, 3 * (1 - t) * t**2, t**3), strict=True)
    line = sum(point * share for point, share in ways)
    return np.concatenate([line.reshape(-1, 3), skip.tip.points])


def box_of(part: Mobject) -> Box:
    points = part.get_all_points()
    (left, bottom, _), (right, top, _) = points.min(axis=0), points.max(axis=0)
    return Box(left, right, bottom, top)


def holds(box: Box, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    x, y, _ = points.T
    return (box.left <= x) & (x <= box.right) & (box.bottom <= y) & (y <= box.top)


def others_of(diagram: NetworkDiagram) -> list[Mobject]:
    whole = [diagram.lettering(layer) for layer in range(len(diagram.sizes))]
    parts = [part for column in diagram.neuron_layers for part in column]
    if diagram.style.biases == "neurons":
        parts += [diagram.bias(layer) for layer in range(len(diagram.sizes) - 1)]
    written = [part for group in whole for part in group if len(part.get_all_points())]
    return [*parts, *written]


@every_direction
@pytest.mark.parametrize("options", AROUND.values(), ids=AROUND)
def test_arcs_cross_nothing_and_stay_in_the_box(direction: str, options: dict[str, object]) -> None:
    diagram = NetworkDiagram(NETWORK, direction=direction, **options)
    others = [box_of(part) for part in others_of(diagram)]
    for skip in diagram.skips:
        points = points_of(skip)
        assert holds(WIDE_BOX, points).all()
        assert not [box for box in others if holds(box, points).any()]


@every_direction
@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=["dark", "light"])
def test_arcs_lead_from_layer_to_layer_outside_all_between(direction: str, theme: Theme) -> None:
    diagram = NetworkDiagram(NETWORK, theme, direction=direction)
    along, out = (1, 0) if direction == "down" else (0, 1)
    for skip, pair in zip(diagram.skips, PAIRS, strict=True):
        points = points_of(skip)
        middles = [diagram.neuron(layer, 0).disc.get_center()[along] for layer in pair]
        tip = skip.tip.points[np.argmin(skip.tip.points[:, out])]
        assert skip.line.points[0][along] == pytest.approx(middles[0], abs=0.4)
        assert tip[along] == pytest.approx(middles[1], abs=0.4)
        between = range(pair[0] + 1, pair[1])
        outermost = max(box_of(diagram.layer(layer)).top for layer in between)
        if direction == "down":
            outermost = max(box_of(diagram.layer(layer)).right for layer in between)
        assert points[:, out].max() > outermost
        assert skip.line.get_stroke_color().to_hex() == theme.muted


@every_direction
def test_nested_and_neighbouring_arcs_do_not_cross(direction: str) -> None:
    network = residual((0, 2), (2, 4), (0, 4), (0, 3))
    diagram = NetworkDiagram(network, direction=direction)
    for one, other in combinations(diagram.skips, 2):
        apart = points_of(one)[:, np.newaxis, :2] - points_of(other)[np.newaxis, :, :2]
        # (0, 3) begins within (2, 4), so that these two must.
        if {one.layers, other.layers} != {(0, 3), (2, 4)}:
            assert np.linalg.norm(apart, axis=-1).min() > 0.02


def test_arcs_that_pass_each_other_have_different_heights() -> None:
    assert levels([]) == []
    assert levels([(0, 2), (2, 4)]) == [0, 0]
    assert levels([(0, 4), (1, 3)]) == [1, 0]
    assert len(set(levels([(0, 2), (1, 3), (0, 3)]))) == 3


@every_direction
def test_the_rest_of_a_diagram_makes_room(direction: str) -> None:
    rooms = []
    for pairs in ([], PAIRS[:1], PAIRS):
        diagram = NetworkDiagram(residual(*pairs), direction=direction)
        free = diagram.skips.within(WIDE_BOX)
        assert holds(free, diagram.neuron_layers.get_all_points()).all()
        rooms.append(free.right if direction == "down" else free.top)
    assert rooms == sorted(rooms, reverse=True)
    assert len(set(rooms)) == 3


def test_blame_is_written_on_the_other_side() -> None:
    network = Network.random([2, 2, 2, 5], "tanh", "normal", skips=[(0, 2)], rng=0)
    diagram = NetworkDiagram(network)
    neuron = diagram.neuron(2, 0).set_blame(0.123, 0.5)
    assert neuron.blame_text.get_y() < neuron.disc.get_y()
    assert (
        diagram.neuron(1, 0).set_blame(0.1, 0.5).blame_text.get_y()
        > diagram.neuron(1, 0).disc.get_y()
    )


def test_arcs_move_with_the_diagram_and_are_dimmed_with_the_rest() -> None:
    diagram = NetworkDiagram(NETWORK)
    scene = Scene(skip_animations=True)
    scene.play(FadeIn(diagram))
    scene.play(diagram.animate.fit(LEFT_BOX))
    assert all(holds(LEFT_BOX, points_of(skip)).all() for skip in diagram.skips)
    diagram.highlight([(0, 0), (1, 0)])
    assert {skip.line.get_stroke_opacity() for skip in diagram.skips} == {FAINTEST}
    diagram.focus(None)
    assert {skip.tip.get_fill_opacity() for skip in diagram.skips} == {1.0}
    assert len(diagram.copy().skips) == 4
    scene.play(FadeOut(diagram))
    assert diagram not in scene.mobjects


def test_an_arc_has_the_layers_as_its_address() -> None:
    diagram = NetworkDiagram(NETWORK)
    assert diagram.skip(1, 3) is diagram.skips[2]
    assert [skip.layers for skip in diagram.skips] == PAIRS
    with pytest.raises(IndexError, match=r"no residual connection from layer 3 to layer 1"):
        diagram.skip(3, 1)


# ---- what flows ----------------------------------------------------------------------------------


@every_direction
@pytest.mark.parametrize(("tail", "head"), [(0.1, 0.7), (0.9, 0.3)], ids=["forward", "backward"])
def test_what_flows_follows_the_arc(direction: str, tail: float, head: float) -> None:
    diagram = NetworkDiagram(NETWORK, direction=direction).scale(0.8)
    skip = diagram.skip(0, 2).set_flow(tail, head, 1.0, DARK_THEME.forward)
    fine = skip.way.at(np.linspace(0, 1, 3001))
    away = [np.linalg.norm(fine - point, axis=1).min() for point in skip.flow.get_anchors()]
    assert 0.05 < max(away) < 0.16
    assert np.linalg.norm(skip.flow.points - skip.way.at(head), axis=1).min() < 1e-6
    assert skip.flow.get_fill_color().to_hex() == DARK_THEME.forward
    assert diagram.is_flowing()
    assert not diagram.clear_flows().is_flowing()
    assert not skip.label.family_members_with_points()


def test_the_way_leads_from_the_source_to_the_tip() -> None:
    skip = NetworkDiagram(NETWORK).skip(0, 4)
    assert skip.way.at(0.0) == pytest.approx(skip.line.points[0])
    assert skip.way.at(1.0)[1] == pytest.approx(skip.tip.points[:, 1].min())


def numbers_on(skip: Skip) -> list[str]:
    return [part.text for part in skip.label if isinstance(part, Number | TextLabel)]


@every_direction
def test_the_numbers_that_travel_are_next_to_the_arc(direction: str) -> None:
    diagram = NetworkDiagram(NETWORK, direction=direction)
    trace = forward(NETWORK, [0.9, -0.3, 0.5])
    skip = diagram.skip(0, 2)
    assert numbers_on(skip) == []
    skip.set_flow(0.2, 0.6, 0.5, DARK_THEME.forward, values=trace.layers[1].skipped[0])
    assert numbers_on(skip) == ["+0.90", "−0.30", "+0.50"]
    assert {part.get_fill_color().to_hex() for part in skip.label[1:]} == {DARK_THEME.forward}
    fine = skip.way.at(np.linspace(0, 1, 3001))
    x, y = skip.label.width / 2, skip.label.height / 2
    apart = np.maximum(np.abs(fine - skip.label.get_center())[:, :2] - [x, y], 0)
    assert 0.05 < np.linalg.norm(apart, axis=1).min() < 0.1
    blame = backward(NETWORK, trace, [1.0, 0.0, 0.0])
    shares = blame.layers[1].skip_shares[0]
    skip.set_flow(0.9, 0.4, 0.5, DARK_THEME.blame, values=shares)
    assert numbers_on(skip) == [figures(float(share), signed=True) for share in shares]
    assert {part.get_fill_color().to_hex() for part in skip.label[1:]} == {DARK_THEME.blame}
    skip.set_flow(0.5, 0.5, 0.5, DARK_THEME.blame, values=shares)
    assert not skip.is_flowing()
    assert numbers_on(skip) == [figures(float(share), signed=True) for share in shares]
    skip.set_flow(0.5, 0.5, 0.5, DARK_THEME.blame)
    assert numbers_on(skip) == []


def test_of_many_numbers_the_first_are_written() -> None:
    skip = NetworkDiagram(residual((0, 4), n=12)).skip(0, 4)
    skip.set_flow(0.2, 0.6, 0.5, DARK_THEME.forward, values=np.arange(12.0))
    assert numbers_on(skip) == ["0", *(f"+{i}.00" for i in range(1, MOST_VALUES)), MORE]
    short = NetworkDiagram(residual((0, 2), n=12)).skip(0, 2)
    short.set_flow(0.2, 0.6, 0.5, DARK_THEME.forward, values=np.arange(12.0))
    shown = numbers_on(short)
    assert shown[-1] == MORE
    assert 1 < len(shown) < MOST_VALUES + 1
    assert short.label.width < short.line.width


@every_direction
def test_labels_of_arcs_do_not_overlap(direction: str) -> None:
    diagram = NetworkDiagram(NETWORK, direction=direction)
    for skip in diagram.skips:
        skip.set_flow(0.2, 0.6, 0.5, DARK_THEME.forward, values=[0.1, -0.2, 0.3])
    boxes = [box_of(skip.label) for skip in diagram.skips]
    for one, other in combinations(boxes, 2):
        apart = max(one.left - other.right, other.left - one.right)
        assert max(apart, one.bottom - other.top, other.bottom - one.top) > 0
    assert complaints_of_a_diagram(Screen([diagram], DARK_THEME.background), DARK_THEME) == []


def test_what_flows_stays_while_the_diagram_fits_another_box() -> None:
    diagram = NetworkDiagram(NETWORK)
    diagram.skip(0, 2).set_flow(0.2, 0.6, 0.5, DARK_THEME.forward, values=[0.1, -0.2])
    diagram.fit(LEFT_BOX)
    assert numbers_on(diagram.skip(0, 2)) == ["+0.10", "−0.20"]
    assert diagram.is_flowing()
    copy = diagram.copy()
    copy.clear_flows()
    assert diagram.is_flowing()


# ---- focus ---------------------------------------------------------------------------------------


def test_an_arc_is_kept_by_focus_and_stands_out_with_both_its_neurons() -> None:
    diagram = NetworkDiagram(NETWORK).focus([], [], skips=[(1, 3)])
    assert [skip.brightness == 1.0 for skip in diagram.skips] == [False, False, True, False]
    diagram.highlight([(0, 1), (1, 2), (2, 1)])
    assert [skip.brightness for skip in diagram.skips] == [2.0, FAINTEST, FAINTEST, FAINTEST]
    assert diagram.skip(0, 2).line.get_stroke_width() > diagram.skip(1, 3).line.get_stroke_width()
    with pytest.raises(IndexError, match="no residual connection"):
        diagram.focus([], skips=[(0, 1)])


# ---- layers of which not all pairs are connected -------------------------------------------------


@pytest.mark.parametrize("n", [3, 20], ids=["single edges", "a bundle before"])
def test_only_connected_pairs_have_edges(n: int) -> None:
    block = Network.random([n, 4, n], "tanh", rng=1)
    network = Network((*block.layers, OneToOne(n, "relu")), [(0, 3)])
    diagram = NetworkDiagram(network, max_neurons=None)
    edges = diagram.edge_layers[2]
    assert edges.addresses() == [(i, i) for i in range(n)]
    assert [address for *address, _ in edges.edges()] == [[i, i] for i in range(n)]
    assert [edge.weight for *_, edge in edges.edges()] == [1.0] * n
    assert list(diagram.edges_into(3, 1)) == [diagram.edge(2, 1, 1)]
    with pytest.raises(IndexError, match="neuron 0 of layer 2 is not connected to neuron 1 of la"):
        diagram.edge(2, 0, 1)
    edges.set_flow(0, 1, np.ones((n, n)), DARK_THEME.forward)
    assert all(edge.flow.has_points() for *_, edge in edges.edges())
    diagram.clear_flows().focus(diagram.edges_into(3, 1))
    assert [edge.brightness >= 1 for *_, edge in edges.edges()] == [i == 1 for i in range(n)]
    trace = forward(network, np.linspace(-1, 1, n))
    diagram.show_activations(trace).show_weights(trace).focus(None)
    assert len(diagram.copy().edge_layers[2].addresses()) == n


def test_labels_and_bias_edges_exist_where_connections_do() -> None:
    network = Network((OneToOne(3), *Network.random([3, 2], "tanh", rng=1).layers))
    diagram = NetworkDiagram(network, edge_labels="weights", biases="neurons")
    assert [label.text.text for label in diagram.edge_labels[0]] == ["+1.00"] * 3
    assert diagram.bias_edges(0).addresses() == []
    assert len(diagram.bias_edges(1).addresses()) == 2


def test_the_weights_of_a_trace_stay_when_the_diagram_fits_another_box() -> None:
    other = residual(*PAIRS).updated(backward(NETWORK, forward(NETWORK, [1, 0, 1]), [0, 1, 0]), 1.0)
    diagram = NetworkDiagram(NETWORK).show_weights(forward(other, [1, 0, 1])).fit(LEFT_BOX)
    assert diagram.edge(1, 0, 2).weight == other.connections()[1].weights[2, 0]


def test_an_arc_becomes_another() -> None:
    diagram = NetworkDiagram(NETWORK)
    Scene(skip_animations=True).play(Transform(diagram, NetworkDiagram(residual((0, 2)))))
    assert [skip.layers for skip in diagram.skips] == [(0, 2)]


def test_a_network_with_other_residual_connections_is_refused() -> None:
    with pytest.raises(ValueError, match=r"network has skips \(\(0, 2\),\): expected"):
        NetworkDiagram(NETWORK).set_weights(residual((0, 2)))
