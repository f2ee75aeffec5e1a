"""A diagram draws its network: addresses, widths, dashes, flows, and nothing that is hidden."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from manim import (
    UP,
    FadeIn,
    FadeOut,
    MovingCameraScene,
    Scene,
    Transform,
    VGroup,
    VMobject,
)

from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import HAIRLINE, MOST_DASHED, WIDEST, Edge
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX
from netviz.theme import DARK_THEME, LIGHT_THEME, THEMES, contrast, mix

WEIGHTS = [
    [[0.8, -0.4, 0.0], [-0.2, 0.6, 0.1]],
    [[1.0, -2.0], [0.5, 0.0], [-1.5, 0.25], [0.1, 0.9]],
]
NETWORK = Network.from_weights(WEIGHTS, [[0.1, -0.2], [0.0, 0.1, 0.2, 0.3]], "tanh")
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0, 0.0, 1.0], "mse")
DENSE = Network.random([7, 7], "sigmoid", "xavier_uniform", rng=1)


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME)


def every_edge(diagram: NetworkDiagram) -> Iterator[tuple[int, int, int, Edge]]:
    for layer, (n_in, n_out) in enumerate(zip(diagram.sizes, diagram.sizes[1:], strict=False)):
        for k in range(n_in):
            for j in range(n_out):
                yield layer, k, j, diagram.edge(layer, k, j)


def hidden_parts(diagram: NetworkDiagram) -> list[VMobject]:
    neurons = [neuron for column in diagram.neuron_layers for neuron in column]
    parts = [p for n in neurons for p in (n.value_text, n.blame_text, n.blame_ring)]
    return parts + [edge.flow for *_, edge in every_edge(diagram)]


def nothing_hidden_shows(diagram: NetworkDiagram) -> bool:
    return not any(part.has_points() for part in hidden_parts(diagram))


# ---- addresses and places ------------------------------------------------------------------------


def test_an_edge_leads_from_ring_to_ring(diagram: NetworkDiagram) -> None:
    for layer, k, j, edge in every_edge(diagram):
        source, target = diagram.neuron(layer, k), diagram.neuron(layer + 1, j)
        start, end = edge.points[0], edge.points[-1]
        assert edge.address == (layer, k, j)
        assert np.linalg.norm(start - source.disc.get_center()) == pytest.approx(source.reach)
        assert np.linalg.norm(end - target.disc.get_center()) == pytest.approx(target.reach)
        assert edge.length == pytest.approx(np.linalg.norm(end - start))
        assert edge.at(0) == pytest.approx(start)
        assert edge.at(1) == pytest.approx(end)


def test_parts_are_found_by_address(diagram: NetworkDiagram) -> None:
    assert len(diagram.layer(2)) == 4
    assert diagram.layer(1)[1] is diagram.neuron(1, 1)
    assert list(diagram.edges_into(2, 3)) == [diagram.edge(1, k, 3) for k in range(2)]
    assert list(diagram.edges_out_of(0, 2)) == [diagram.edge(0, 2, j) for j in range(2)]


def test_neurons_are_in_front_of_edges_and_numbers_in_front_of_neurons(
    diagram: NetworkDiagram,
) -> None:
    neuron = diagram.neuron(1, 0)
    edges = [edge for *_, edge in every_edge(diagram)]
    assert max(e.z_index for e in edges) < max(e.flow.z_index for e in edges)
    assert max(e.flow.z_index for e in edges) < neuron.disc.z_index < neuron.value_text.z_index


def test_layers_have_their_names_and_roles(diagram: NetworkDiagram) -> None:
    assert [name.text for name in diagram.names] == ["input", "hidden", "output"]
    for layer, name in enumerate(diagram.names):
        role = DARK_THEME.role(layer, 3)
        assert name.get_fill_color().to_hex() == role
        assert diagram.neuron(layer, 0).disc.get_stroke_color().to_hex() == role
    own = NetworkDiagram(NETWORK, names=["x", "h", "y"])
    assert [name.text for name in own.names] == ["x", "h", "y"]
    with pytest.raises(ValueError, match="2 entries: expected 3"):
        NetworkDiagram(NETWORK, names=["x", "y"])


def test_a_theme_changes_the_colours() -> None:
    light = NetworkDiagram(NETWORK, LIGHT_THEME)
    assert light.neuron(0, 0).disc.get_stroke_color().to_hex() == LIGHT_THEME.input


def test_a_diagram_moves_to_another_box_with_what_it_shows(diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME).fit(LEFT_BOX)
    fresh = (
        NetworkDiagram(NETWORK, DARK_THEME, box=LEFT_BOX).show_activations(TRACE).show_blame(BLAME)
    )
    assert diagram.box == LEFT_BOX
    for part, expected in zip(diagram.get_family(), fresh.get_family(), strict=True):
        assert part.get_center() == pytest.approx(expected.get_center(), abs=1e-6)
    assert diagram.fit(WIDE_BOX).layout == NetworkDiagram(NETWORK, DARK_THEME).layout


# ---- weights -------------------------------------------------------------------------------------


def test_the_width_of_an_edge_is_the_share_of_its_weight(diagram: NetworkDiagram) -> None:
    for layer, k, j, edge in every_edge(diagram):
        weights = np.abs(WEIGHTS[layer])
        share = weights[j, k] / weights.max()
        scale = diagram.neuron(0, 0).line_scale
        assert edge.weight == WEIGHTS[layer][j][k]
        expected = HAIRLINE + (WIDEST * scale - HAIRLINE) * share
        assert edge.get_stroke_width() == pytest.approx(expected)


def test_no_edge_is_thinner_than_a_hairline() -> None:
    crowded = NetworkDiagram(Network.random([16, 16], "tanh", "normal", rng=0), DARK_THEME)
    widths = [edge.get_stroke_width() for *_, edge in every_edge(crowded)]
    assert min(widths) >= HAIRLINE
    zeros = NetworkDiagram(Network.random([2, 2], "tanh", "zeros", rng=0), DARK_THEME)
    assert {edge.get_stroke_width() for *_, edge in every_edge(zeros)} == {HAIRLINE}


def test_only_negative_weights_are_dashed(diagram: NetworkDiagram) -> None:
    for *_, edge in every_edge(diagram):
        assert (len(edge.get_subpaths()) > 1) == (edge.weight < 0)
        assert edge.get_stroke_color().to_hex() == DARK_THEME.edge


def test_in_a_dense_layer_a_second_tint_stands_for_the_dashes() -> None:
    assert DENSE.layers[0].weights.size > MOST_DASHED
    for *_, edge in every_edge(NetworkDiagram(DENSE, DARK_THEME)):
        assert len(edge.get_subpaths()) == 1
        tint = DARK_THEME.negative_edge if edge.weight < 0 else DARK_THEME.edge
        assert edge.get_stroke_color().to_hex() == tint


def test_weights_change_wholly_or_on_the_way(diagram: NetworkDiagram) -> None:
    other = Network.from_weights([-np.array(w) for w in WEIGHTS], [[0.0] * 2, [0.0] * 4], "tanh")
    diagram.set_weights(other, share=0.25)
    assert diagram.network is NETWORK
    assert diagram.edge(1, 1, 0).weight == pytest.approx(-1.0)
    diagram.set_weights(other)
    assert diagram.network is other
    assert diagram.edge(1, 1, 0).weight == 2.0
    with pytest.raises(ValueError, match=r"\(7, 7\): expected \(3, 2, 4\)"):
        diagram.set_weights(DENSE)


# ---- values --------------------------------------------------------------------------------------


def test_every_neuron_shows_the_numbers_of_the_traces(diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE).show_blame(BLAME)
    for layer, activations in enumerate(TRACE.activations):
        shown = [neuron.value for neuron in diagram.layer(layer)]
        assert shown == list(activations)
    for layer, record in enumerate(BLAME.layers, start=1):
        assert [neuron.blame for neuron in diagram.layer(layer)] == list(record.blame)
    assert [neuron.blame for neuron in diagram.layer(0)] == [None] * 3
    assert nothing_hidden_shows(diagram.clear_activations().clear_blame())


def test_strength_is_the_activation_on_the_scale_of_its_function(diagram: NetworkDiagram) -> None:
    value, strength = diagram.activation_of(TRACE, 1, 0)
    assert strength == pytest.approx(abs(value))  # tanh is bounded by 1
    loudest = max(
        (
            diagram.blame_of(BLAME, layer, i)
            for layer in (1, 2)
            for i in range(diagram.sizes[layer])
        ),
        key=lambda pair: abs(pair[0]),
    )
    assert loudest[1] == pytest.approx(1.0)


def test_only_some_layers_may_show_their_numbers(diagram: NetworkDiagram) -> None:
    diagram.show_activations(TRACE, layers=[0]).show_blame(BLAME, layers=[2])
    assert [n.value is None for n in (diagram.neuron(0, 0), diagram.neuron(1, 0))] == [False, True]
    assert [n.blame is None for n in (diagram.neuron(2, 0), diagram.neuron(1, 0))] == [False, True]


# ---- flows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("tail", "head"), [(0.1, 0.6), (0.9, 0.3)], ids=["forward", "backward"])
def test_a_flow_runs_from_tail_to_head_and_points_there(
    diagram: NetworkDiagram, tail: float, head: float
) -> None:
    edge = diagram.edge(0, 1, 0).set_flow(tail, head, 1.0, DARK_THEME.forward)
    along = (edge.at(1) - edge.at(0)) / edge.length
    places = (edge.flow.points - edge.at(0)) @ along / edge.length
    assert sorted([places.min(), places.max()]) == pytest.approx(sorted([tail, head]))
    tip = edge.at(head)
    at_tip = np.linalg.norm(edge.flow.points - tip, axis=1) < 1e-9
    ends_at_tail = np.abs(places - tail) < 1e-9
    across = np.cross(edge.flow.points - edge.at(0), along)[:, 2]
    assert at_tip.any()
    assert np.ptp(across[ends_at_tail]) > np.ptp(across[np.abs(places - head) < 1e-9])


def test_a_flow_is_the_wider_the_stronger_and_may_vanish(diagram: NetworkDiagram) -> None:
    edge = diagram.edge(0, 1, 0)
    areas = [area(edge.set_flow(0, 1, s, DARK_THEME.forward).flow) for s in (0.0, 0.5, 1.0)]
    assert 0 < areas[0] < areas[1] < areas[2]
    assert edge.flow.get_fill_color().to_hex() == DARK_THEME.forward
    assert diagram.is_flowing()
    edge.set_flow(0.5, 0.5, 1.0, DARK_THEME.forward)
    assert not diagram.is_flowing()
    edge.set_halo(1.0)
    assert diagram.is_flowing()
    assert not diagram.clear_flows().is_flowing()


def area(mobject: VMobject) -> float:
    """By the shoelace formula, of a polygon."""
    x, y = mobject.get_start_anchors()[:, 0], mobject.get_start_anchors()[:, 1]
    return abs(float(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1)))) / 2


def test_a_layer_of_edges_flows_at_once(diagram: NetworkDiagram) -> None:
    strengths = np.abs(TRACE.layers[0].contributions)
    diagram.edge_layers[0].set_flow(0, 1, strengths, DARK_THEME.forward)
    flowing = [edge.flow.has_points() for layer, _, _, edge in every_edge(diagram) if layer == 0]
    assert all(flowing)
    assert not diagram.edge(1, 0, 0).flow.has_points()


def test_focus_dims_everything_else(diagram: NetworkDiagram) -> None:
    kept = diagram.edges_into(1, 0)
    diagram.focus(kept)
    opacities = {e.address: e.get_stroke_opacity() for *_, e in every_edge(diagram)}
    bright = {edge.address for edge in kept}
    dim = max(opacity for address, opacity in opacities.items() if address not in bright)
    assert min(opacities[address] for address in bright) > 1.5 * dim
    dimmed, focused = diagram.neuron(2, 0), diagram.neuron(1, 0)
    assert dimmed.disc.get_stroke_opacity() < focused.disc.get_stroke_opacity()
    diagram.focus(None)
    assert len({edge.get_stroke_opacity() for *_, edge in every_edge(diagram)}) == 1


# ---- as any mobject ------------------------------------------------------------------------------


def test_a_new_diagram_shows_no_numbers_and_no_flows(diagram: NetworkDiagram) -> None:
    assert nothing_hidden_shows(diagram)
    assert nothing_hidden_shows(diagram.copy())


def test_a_copy_is_independent(diagram: NetworkDiagram) -> None:
    copy = diagram.copy()
    copy.show_activations(TRACE).edge(0, 0, 0).set_flow(0, 1, 1, DARK_THEME.forward)
    assert nothing_hidden_shows(diagram)
    assert copy.neuron(0, 0) is not diagram.neuron(0, 0)


@pytest.mark.parametrize("scene_class", [Scene, MovingCameraScene])
@pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "played"])
def test_manims_own_animations_never_show_what_is_hidden(
    diagram: NetworkDiagram, scene_class: type[Scene], skipped: bool
) -> None:
    scene = scene_class(skip_animations=skipped)
    scene.play(FadeIn(diagram), run_time=0.3)
    scene.play(diagram.animate.shift(UP).scale(0.5), run_time=0.3)
    scene.play(Transform(diagram, NetworkDiagram(NETWORK, LIGHT_THEME)), run_time=0.3)
    if scene_class is MovingCameraScene:
        scene.play(
            scene.camera.frame.animate.scale(0.5).move_to(diagram.neuron(1, 0)), run_time=0.3
        )
    assert nothing_hidden_shows(diagram)
    scene.play(FadeOut(VGroup(diagram)), run_time=0.3)
    assert diagram not in scene.mobjects


def test_flows_and_tags_follow_a_diagram_that_was_moved(diagram: NetworkDiagram) -> None:
    still = NetworkDiagram(NETWORK, DARK_THEME)
    diagram.scale(0.5).shift(UP)
    for (*_, moved), (*_, edge) in zip(every_edge(diagram), every_edge(still), strict=True):
        for fraction in (0.0, 0.3, 1.0):
            center = still.get_center()
            for point in ("at", "between"):
                there, before = getattr(moved, point)(fraction), getattr(edge, point)(fraction)
                assert there == pytest.approx(center + 0.5 * (before - center) + UP)


def test_animate_changes_values_weights_and_place(diagram: NetworkDiagram) -> None:
    scene = Scene(skip_animations=True)
    scene.add(diagram)
    scene.play(diagram.animate.fit(LEFT_BOX))
    expected = NetworkDiagram(NETWORK, DARK_THEME, box=LEFT_BOX)
    for layer in range(3):
        there = diagram.neuron(layer, 0).disc.get_center()
        assert there == pytest.approx(expected.neuron(layer, 0).disc.get_center())


def test_scales_that_are_kept_hold_for_other_traces() -> None:
    network = Network.random([3, 4, 2], activation="relu", rng=2)
    x = np.array([2.0, -1.0, 0.5])
    strong, weak = forward(network, x), forward(network, 0.25 * x)
    diagram = NetworkDiagram(network).keep_scales(strong, backward(network, strong, [9.0, -9.0]))
    values = np.abs(strong.activations[1])
    i = int(values.argmax())
    full = max(float(values[i]), 1.0)
    assert diagram.activation_of(weak, 1, i)[1] == pytest.approx(abs(weak.activations[1][i]) / full)
    trained = backward(network, weak, weak.prediction + 1e-4)
    assert max(diagram.blame_of(trained, 2, j)[1] for j in range(2)) < 0.01
    alone = NetworkDiagram(network)
    assert max(alone.blame_of(trained, 2, j)[1] for j in range(2)) < 0.02
    assert alone.blame_of(trained, 2, 0, trained)[1] == alone.blame_of(trained, 2, 0)[1]


def test_a_layer_of_zeros_is_empty() -> None:
    dead = Network.from_weights([[[0.0, 0.0]] * 3], [[-1.0, -1.0, 1e-9]], "relu")
    diagram = NetworkDiagram(dead).show_activations(forward(dead, [1.0, -1.0]))
    fills = {neuron.disc.get_fill_color().to_hex() for neuron in diagram.layer(1)}
    assert fills == {DARK_THEME.background}


def test_what_is_dimmed_can_still_be_seen() -> None:
    for theme in THEMES.values():
        diagram = NetworkDiagram(NETWORK, theme).focus([(0, 0, 0)])
        edge, neuron = diagram.edge(0, 1, 1), diagram.neuron(0, 2)
        for color, opacity in (
            (theme.edge, edge.get_stroke_opacity()),
            (neuron.role, neuron.disc.get_stroke_opacity()),
        ):
            assert contrast(mix(theme.background, color, opacity), theme.background) >= 2
