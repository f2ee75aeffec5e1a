"""Options of edges: their shape, their colours, which are hidden, which stand out."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from manim import DOWN, RIGHT, FadeIn, Scene, Transform
from numpy.typing import NDArray

from netviz.animation import WeightUpdate
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import Edge
from netviz.drawing.edges.paint import Paint
from netviz.drawing.edges.tags import EdgeTag
from netviz.drawing.layout.box import LEFT_BOX
from netviz.style import Style
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme, mix

WEIGHTS = [
    [[0.8, -0.4, 0.0], [-0.2, 0.6, 0.1]],
    [[1.0, -2.0], [0.5, 0.0], [-1.5, 0.25], [0.1, 0.9]],
]
NETWORK = Network.from_weights(WEIGHTS, [[0.1, -0.2], [0.0, 0.1, 0.2, 0.3]], "tanh")
TRACE = forward(NETWORK, [0.9, -0.3, 0.5])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0, 0.0, 1.0], "mse")
OTHER = Network.from_weights([-np.array(w) for w in WEIGHTS], [[0.0] * 2, [0.0] * 4], "tanh")
SHUFFLED = Network.from_weights(
    [np.roll(w, 1, axis=0) for w in WEIGHTS], [[0.0] * 2, [0.0] * 4], "tanh"
)
PATH = [(0, 1), (1, 1), (2, 3)]
ON_PATH = {(0, 1, 1), (1, 1, 3)}

every_theme = pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=["dark", "light"])
every_direction = pytest.mark.parametrize(
    ("direction", "axis"), [("right", RIGHT), ("down", DOWN)], ids=["right", "down"]
)


def every_edge(diagram: NetworkDiagram) -> Iterator[Edge]:
    return (edge for edges in diagram.edge_layers for _, _, edge in edges.edges())


def color_of(edge: Edge) -> str:
    return str(edge.get_stroke_color().to_hex())


def visible(diagram: NetworkDiagram) -> set[tuple[int, int, int]]:
    return {edge.address for edge in every_edge(diagram) if edge.get_stroke_width() > 0}


# ---- shape ---------------------------------------------------------------------------------------


@every_direction
def test_curved_edges_leave_and_arrive_along_the_flow(
    direction: str, axis: NDArray[np.float64]
) -> None:
    diagram = NetworkDiagram(NETWORK, edge_shape="curved", direction=direction)
    for edge in every_edge(diagram):
        layer, k, j = edge.address
        source, target = diagram.neuron(layer, k), diagram.neuron(layer + 1, j)
        first, last = edge.points[1] - edge.points[0], edge.points[-1] - edge.points[-2]
        for tangent in (first, last):
            assert tangent / np.linalg.norm(tangent) == pytest.approx(axis, abs=0.15)
        assert edge.at(0) == pytest.approx(source.disc.get_center() + source.reach * axis)
        assert edge.at(1) == pytest.approx(target.disc.get_center() - target.reach * axis)


@every_direction
def test_tags_on_curved_edges_that_meet_are_aligned(
    direction: str, axis: NDArray[np.float64]
) -> None:
    diagram = NetworkDiagram(NETWORK, edge_shape="curved", direction=direction)
    edges = [diagram.edge(0, k, 1) for k in range(3)]
    places = [EdgeTag(edge, 1.0, DARK_THEME, at=0.4).get_center() for edge in edges]
    assert np.ptp(np.array(places) @ axis) < 1e-9
    fine = edges[0].course.at(np.linspace(0, 1, 2001))
    assert np.linalg.norm(fine - places[0], axis=1).min() < 2e-3


@pytest.mark.parametrize("shape", ["straight", "curved"])
def test_what_flows_follows_the_edge(shape: str) -> None:
    diagram = NetworkDiagram(NETWORK, edge_shape=shape).scale(0.7).shift(DOWN)
    edge = diagram.edge(1, 0, 3)
    fine = edge.course.at(np.linspace(0, 1, 2001))
    for draw in (
        lambda: edge.set_flow(0.2, 0.8, -1.0, DARK_THEME.forward),
        lambda: edge.set_flow(0.9, 0.1, 1.0, DARK_THEME.blame),
        lambda: edge.set_swell(1.0),
    ):
        draw()
        away = [np.linalg.norm(fine - point, axis=1).min() for point in edge.flow.get_anchors()]
        assert 0.05 < max(away) < 0.16
    edge.set_flow(0.2, 0.8, 1.0, DARK_THEME.forward)
    assert np.linalg.norm(edge.flow.points - edge.at(0.8), axis=1).min() < 1e-9


def test_a_curved_edge_is_read_off_its_line_after_any_move() -> None:
    still = NetworkDiagram(NETWORK, edge_shape="curved").edge(1, 0, 3)
    turned = still.copy().rotate(0.7, about_point=np.zeros(3))
    turn = np.array([[np.cos(0.7), -np.sin(0.7)], [np.sin(0.7), np.cos(0.7)]])
    for t in (0.0, 0.3, 1.0):
        assert turned.at(t)[:2] == pytest.approx(turn @ still.at(t)[:2])


# ---- colours -------------------------------------------------------------------------------------


@every_theme
def test_colour_shows_the_sign_and_dashes_still_do(theme: Theme) -> None:
    for edge in every_edge(NetworkDiagram(NETWORK, theme, edge_colors="sign")):
        shown = {1: theme.positive, -1: theme.negative, 0: theme.edge}
        assert color_of(edge) == shown[int(np.sign(edge.weight))]
        assert (len(edge.get_subpaths()) > 1) == (edge.weight < 0)


@every_theme
def test_colour_shows_the_size_on_the_scale_of_the_layer(theme: Theme) -> None:
    for edge in every_edge(NetworkDiagram(NETWORK, theme, edge_colors="weight")):
        share = edge.weight / np.abs(WEIGHTS[edge.address[0]]).max()
        end = theme.positive if share > 0 else theme.negative
        assert color_of(edge) == mix(theme.edge, end, abs(share))


@every_direction
def test_a_gradient_runs_from_the_colour_of_a_layer_to_that_of_the_next(
    direction: str, axis: NDArray[np.float64]
) -> None:
    diagram = NetworkDiagram(NETWORK, edge_colors="gradient", direction=direction)
    for edge in every_edge(diagram):
        layer = edge.address[0]
        ends = [color.to_hex() for color in edge.get_stroke_colors()]
        assert [ends[0], ends[-1]] == [diagram.role(layer), diagram.role(layer + 1)]
        start, end = edge.get_gradient_start_and_end_points()
        assert (end - start) @ axis > 0.9 * np.linalg.norm(end - start)


def test_colours_follow_the_weights() -> None:
    diagram = NetworkDiagram(NETWORK, edge_colors="sign").set_weights(OTHER)
    assert color_of(diagram.edge(0, 0, 0)) == DARK_THEME.negative
    assert color_of(diagram.edge(1, 1, 0)) == DARK_THEME.positive


def test_edges_are_coloured_by_any_numbers_and_back() -> None:
    diagram = NetworkDiagram(NETWORK)
    gradients = [record.weight_gradient for record in BLAME.layers]
    largest = max(np.abs(gradient).max() for gradient in gradients)
    diagram.color_edges(gradients).fit(LEFT_BOX).set_weights(OTHER)
    for edge in every_edge(diagram):
        layer, k, j = edge.address
        share = gradients[layer][j, k] / largest
        end = DARK_THEME.positive if share > 0 else DARK_THEME.negative
        assert color_of(edge) == mix(DARK_THEME.edge, end, abs(share))
    assert {color_of(edge) for edge in every_edge(diagram.color_edges(None))} == {DARK_THEME.edge}


@pytest.mark.parametrize(
    ("matrices", "found"),
    [(WEIGHTS[:1], r"\[\(2, 3\)\]"), ([WEIGHTS[1], WEIGHTS[0]], r"\[\(4, 2\), \(2, 3\)\]")],
    ids=["too few", "another shape"],
)
def test_numbers_of_another_shape_are_refused(
    matrices: list[list[list[float]]], found: str
) -> None:
    with pytest.raises(ValueError, match=rf"shapes {found}: expected \[\(2, 3\), \(4, 2\)\]"):
        NetworkDiagram(NETWORK).color_edges(matrices)


def test_colours_of_all_edges_of_a_layer_are_computed_at_once() -> None:
    weights = np.array(WEIGHTS[1])
    for shown in ("plain", "sign", "weight", "gradient"):
        paint = Paint(DARK_THEME, Style(edge_colors=shown), DARK_THEME.input, DARK_THEME.output)
        colors = paint.colors(weights, dense=True)
        assert colors.shape == (4, 2, 2, 3)
        assert ((colors >= 0) & (colors <= 1)).all()


# ---- threshold -----------------------------------------------------------------------------------


def test_edges_below_the_quantile_are_hidden() -> None:
    diagram = NetworkDiagram(NETWORK, edge_threshold=0.5)
    for layer, weights in enumerate(np.abs(np.array(w)) for w in WEIGHTS):
        least = np.quantile(weights, 0.5)
        there = {(layer, k, j) for j, k in zip(*np.nonzero(weights >= least), strict=True)}
        assert {at for at in visible(diagram) if at[0] == layer} == there
    everything = visible(NetworkDiagram(NETWORK, edge_threshold=0.0))
    assert len(everything) == sum(np.size(w) for w in WEIGHTS)
    strongest = visible(NetworkDiagram(NETWORK, edge_threshold=1.0))
    assert strongest == {(0, 0, 0), (1, 1, 0)}


def test_nothing_flows_over_a_hidden_edge_and_no_focus_shows_it() -> None:
    diagram = NetworkDiagram(NETWORK, edge_threshold=0.5)
    hidden = diagram.edge(0, 2, 0)
    assert hidden.hidden
    diagram.edge_layers[0].set_flow(0, 1, np.ones((2, 3)), DARK_THEME.forward)
    assert diagram.edge(0, 0, 0).flow.has_points()
    assert not hidden.flow.has_points()
    assert not hidden.set_halo(1.0).halo.has_points()
    diagram.focus([hidden, diagram.edge(0, 0, 0)])
    assert hidden.get_stroke_width() == 0
    assert diagram.neuron(0, 2).brightness < diagram.neuron(0, 0).brightness == 1


def test_a_hidden_edge_still_has_its_place() -> None:
    hidden = NetworkDiagram(NETWORK, edge_threshold=0.5).edge(0, 2, 0)
    shown = NetworkDiagram(NETWORK).edge(0, 2, 0)
    assert EdgeTag(hidden, 1.0, DARK_THEME).get_center() == pytest.approx(
        EdgeTag(shown, 1.0, DARK_THEME).get_center()
    )


def test_other_weights_hide_other_edges() -> None:
    diagram = NetworkDiagram(NETWORK, edge_threshold=0.5)
    scene = Scene(skip_animations=True)
    scene.add(diagram)
    scene.play(WeightUpdate(diagram, NETWORK, SHUFFLED))
    assert visible(diagram) == visible(NetworkDiagram(SHUFFLED, edge_threshold=0.5))
    assert visible(diagram) != visible(NetworkDiagram(NETWORK, edge_threshold=0.5))


# ---- highlight -----------------------------------------------------------------------------------


def stands_out(diagram: NetworkDiagram) -> bool:
    """A path does, against every other edge and neuron of the diagram and of one at rest."""
    rest = NetworkDiagram(NETWORK, diagram.theme, box=diagram.box)
    for edge in every_edge(diagram):
        plain = rest.edge(*edge.address)
        wider = edge.get_stroke_width() - plain.get_stroke_width()
        if edge.address in ON_PATH:
            assert wider > 2
            assert edge.get_stroke_opacity() == 1
            assert color_of(edge) != color_of(plain)
        else:
            assert wider == pytest.approx(0)
            assert edge.get_stroke_opacity() < 0.72
            assert color_of(edge) == color_of(plain)
    bright = {
        (layer, i)
        for layer, column in enumerate(diagram.neuron_layers)
        for i, neuron in enumerate(column)
        if neuron.disc.get_stroke_opacity() == 1
    }
    return bright == set(PATH)


@every_theme
def test_a_path_stands_out_and_stays_wherever_the_diagram_goes(theme: Theme) -> None:
    diagram = NetworkDiagram(NETWORK, theme, highlight=PATH)
    assert stands_out(diagram)
    assert stands_out(diagram.copy())
    assert stands_out(diagram.fit(LEFT_BOX))
    scene = Scene(skip_animations=True)
    scene.play(FadeIn(diagram))
    assert stands_out(diagram)


@pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "played"])
def test_highlights_are_played_and_taken_back(skipped: bool) -> None:
    diagram = NetworkDiagram(NETWORK)
    scene = Scene(skip_animations=skipped)
    scene.add(diagram)
    scene.play(diagram.animate.highlight(PATH), run_time=0.2)
    assert stands_out(diagram)
    scene.play(diagram.animate.focus(None), run_time=0.2)
    rest = NetworkDiagram(NETWORK)
    for edge in every_edge(diagram):
        plain = rest.edge(*edge.address)
        assert edge.get_stroke_width() == pytest.approx(plain.get_stroke_width())
        assert color_of(edge) == color_of(plain)
    assert {neuron.brightness for column in diagram.neuron_layers for neuron in column} == {1.0}


def test_only_edges_between_consecutive_neurons_are_highlighted() -> None:
    diagram = NetworkDiagram(NETWORK).highlight([(0, 0), (2, 1), (2, 2)])
    assert not [edge for edge in every_edge(diagram) if edge.brightness > 0.7]
    diagram.highlight([(1, 0), (2, 1), (2, 2)])
    bright = {edge.address for edge in every_edge(diagram) if edge.brightness == 2}
    assert bright == {(1, 0, 1), (1, 0, 2)}


def test_a_path_stands_out_of_very_many_edges() -> None:
    large = Network.random([40, 30, 20], "tanh", "normal", rng=0)
    diagram = NetworkDiagram(large, max_neurons=None, highlight=[(0, 7), (1, 3), (2, 19)])
    for edges, (j, k) in zip(diagram.edge_layers, [(3, 7), (19, 3)], strict=True):
        brightness = edges.brightness().reshape(len(edges.targets), len(edges.sources))
        assert brightness[j, k] == 2
        assert np.delete(brightness.ravel(), j * len(edges.sources) + k).max() < 0.7
        assert not list(edges.edges())


def test_a_hidden_edge_is_not_highlighted() -> None:
    diagram = NetworkDiagram(NETWORK, edge_threshold=0.5, highlight=[(0, 2), (1, 0)])
    assert max(edge.brightness for edge in every_edge(diagram)) < 1


@every_theme
@pytest.mark.parametrize("shown", ["sign", "weight", "gradient"])
def test_an_edge_that_stands_out_keeps_a_colour_with_a_meaning(shown: str, theme: Theme) -> None:
    rest = NetworkDiagram(NETWORK, theme, edge_colors=shown)
    diagram = NetworkDiagram(NETWORK, theme, edge_colors=shown, highlight=PATH)
    for address in ON_PATH:
        edge, plain = diagram.edge(*address), rest.edge(*address)
        assert edge.stroke_rgbas[:, :3] == pytest.approx(plain.stroke_rgbas[:, :3])
        assert edge.get_stroke_width() > plain.get_stroke_width() + 2
        assert edge.get_stroke_opacity() == 1


def test_given_colours_are_kept_until_they_are_reset() -> None:
    diagram = NetworkDiagram(NETWORK, highlight=PATH)
    lighter = color_of(diagram.edge(0, 1, 1))
    diagram.color_edges([np.ones_like(layer.weights) for layer in NETWORK.layers])
    assert color_of(diagram.edge(0, 1, 1)) == DARK_THEME.positive
    assert color_of(diagram.color_edges(None).edge(0, 1, 1)) == lighter


def test_what_is_not_drawn_cannot_be_highlighted() -> None:
    large = Network.random([30, 4, 2], "tanh", "normal", rng=0)
    with pytest.raises(ValueError, match="highlight: neuron 15 of layer 0 is not drawn"):
        NetworkDiagram(large, highlight=[(0, 15)])
    with pytest.raises(ValueError, match="highlight: layer 1 has no neuron 9"):
        NetworkDiagram(NETWORK).highlight([(1, 9)])


# ---- as any mobject ------------------------------------------------------------------------------

OPTIONS = {
    "curved": {"edge_shape": "curved"},
    "sign": {"edge_colors": "sign"},
    "gradient": {"edge_colors": "gradient", "edge_shape": "curved"},
    "threshold": {"edge_threshold": 0.5},
    "highlight": {"highlight": PATH},
    "weights": {"edge_labels": "weights"},
}


@pytest.mark.parametrize("options", OPTIONS.values(), ids=OPTIONS)
def test_a_diagram_moves_and_becomes_another_with_any_option(options: dict[str, object]) -> None:
    diagram = NetworkDiagram(NETWORK, **options)
    scene = Scene(skip_animations=True)
    scene.play(FadeIn(diagram))
    scene.play(diagram.animate.fit(LEFT_BOX))
    moved = NetworkDiagram(NETWORK, box=LEFT_BOX, **options)
    same_picture(diagram, moved)
    scene.play(Transform(diagram, NetworkDiagram(OTHER, LIGHT_THEME, **options)))
    same_picture(diagram, NetworkDiagram(OTHER, LIGHT_THEME, **options))
    diagram.set_weights(NETWORK)
    same_picture(diagram, NetworkDiagram(NETWORK, LIGHT_THEME, **options))


def same_picture(diagram: NetworkDiagram, expected: NetworkDiagram) -> None:
    seen, wanted = ([p for p in d.get_family() if p.has_points()] for d in (diagram, expected))
    assert len(seen) == len(wanted)
    for part, other in zip(seen, wanted, strict=True):
        assert part.get_center() == pytest.approx(other.get_center(), abs=1e-6)
        assert part.get_stroke_width() == pytest.approx(other.get_stroke_width())
        assert part.get_stroke_color().to_hex() == other.get_stroke_color().to_hex()
        assert part.get_fill_color().to_hex() == other.get_fill_color().to_hex()
        assert part.get_fill_opacity() == pytest.approx(other.get_fill_opacity())
