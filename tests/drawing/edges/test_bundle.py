"""A bundle is used like an edge layer, for very many edges in a few paths."""

import numpy as np
import pytest
from manim import FadeIn, Scene

from netviz.animation import BackwardPass, DimEdges, ForwardPass, LightEdges, WeightUpdate
from netviz.animation.details import Focus, LightGradient
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.bundle import MOST_SINGLE, Bundle, levels, opacities_of
from netviz.drawing.edges.layer import EdgeLayer
from netviz.drawing.edges.strand import Strand
from netviz.drawing.layout.box import LEFT_BOX
from netviz.theme import DARK_THEME, LIGHT_THEME

NETWORK = Network.random((20, 12, 3), "tanh", rng=5)
TRACE = forward(NETWORK, np.linspace(-1, 1, 20))
BLAME = backward(NETWORK, TRACE, np.array([1.0, 0.0, 0.5]))


@pytest.fixture
def diagram() -> NetworkDiagram:
    return NetworkDiagram(NETWORK, DARK_THEME, max_neurons=None)


@pytest.fixture
def bundle(diagram: NetworkDiagram) -> Bundle:
    return diagram.edge_layers[0]


def play(diagram: NetworkDiagram, *animations: object) -> None:
    scene = Scene(skip_animations=True)
    scene.add(diagram)
    for animation in animations:
        scene.play(animation)


def lines(bundle: Bundle) -> dict[int, np.ndarray]:
    """Start and end of every line, by its place among the edges."""
    return {
        int(at): curve[[0, -1]]
        for strand in bundle.rest
        for at, curve in zip(strand.members, strand.curves, strict=True)
    }


def strand_of(bundle: Bundle, at: int) -> Strand:
    return next(strand for strand in bundle.rest if at in strand.members)


def test_only_layers_of_many_edges_are_bundles(diagram: NetworkDiagram) -> None:
    assert [type(edges) for edges in diagram.edge_layers] == [Bundle, EdgeLayer]
    assert 12 * 3 <= MOST_SINGLE < 20 * 12


def test_every_edge_is_one_line_from_rim_to_rim(diagram: NetworkDiagram, bundle: Bundle) -> None:
    found = lines(bundle)
    assert sorted(found) == list(range(240))
    for at in (0, 77, 239):
        j, k = divmod(at, 20)
        for end, neuron in zip(
            found[at], (diagram.neuron(0, k), diagram.neuron(1, j)), strict=True
        ):
            distance = np.linalg.norm(end - neuron.disc.get_center())
            assert distance == pytest.approx(neuron.reach, rel=1e-6)


def test_stronger_edges_are_drawn_later_wider_and_more_opaque(bundle: Bundle) -> None:
    weights = np.abs(NETWORK.layers[0].weights).ravel()
    strands = sorted(bundle.rest, key=lambda strand: weights[strand.members].max())
    for weaker, stronger in zip(strands, strands[2:], strict=False):
        assert weights[weaker.members].max() <= weights[stronger.members].min()
        assert weaker.get_stroke_width() <= stronger.get_stroke_width()
        assert weaker.share <= stronger.share
        assert bundle.rest.submobjects.index(weaker) < bundle.rest.submobjects.index(stronger)


@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME])
def test_the_tint_shows_the_sign(theme: object) -> None:
    bundle = NetworkDiagram(NETWORK, theme, max_neurons=None).edge_layers[0]
    weights = NETWORK.layers[0].weights.ravel()
    for strand in bundle.rest:
        negative = weights[strand.members] < 0
        assert negative.all() or not negative.any()
        expected = theme.negative_edge if negative.all() else theme.edge
        assert strand.get_stroke_color().to_hex() == expected


def test_levels_are_ranks_and_equal_sizes_share_one() -> None:
    sizes = np.random.default_rng(1).uniform(size=5000)
    classes = levels(sizes)
    strongest = classes == classes.max()
    assert strongest.sum() == 30
    assert sizes[strongest].min() > sizes[~strongest].max()
    assert len(set(levels(np.full(900, 0.3)))) == 1
    assert levels(np.array([np.nan, 0.5])).tolist()[0] == 0
    assert (np.diff(opacities_of(classes)[1:]) >= 0).all()


def test_a_pass_leaves_nothing_on_the_edges_and_fills_the_neurons(
    diagram: NetworkDiagram, bundle: Bundle
) -> None:
    play(diagram, ForwardPass(diagram, TRACE), BackwardPass(diagram, BLAME))
    assert not diagram.is_flowing()
    assert diagram.neuron(1, 3).value == TRACE.activations[1][3]


def test_width_opacity_and_tint_show_what_flows(bundle: Bundle) -> None:
    strengths = TRACE.layers[0].contributions / np.abs(TRACE.layers[0].contributions).max()
    strengths[0] = np.nan
    bundle.set_flow(0.2, 0.6, strengths, DARK_THEME.forward)
    assert bundle.is_flowing()
    flat = strengths.ravel()
    members = np.concatenate([strand.members for strand in bundle.flows])
    assert sorted(members) == np.flatnonzero(np.nan_to_num(flat)).tolist()
    for strand in bundle.flows:
        sizes = flat[strand.members]
        assert (sizes > 0).all() or (sizes < 0).all()
        plain = strand.get_stroke_color().to_hex() == DARK_THEME.forward
        assert plain == (sizes > 0).all()
    ranked = sorted(bundle.flows, key=lambda strand: np.abs(flat[strand.members]).min())
    assert ranked[0].get_stroke_width() < ranked[-1].get_stroke_width()
    assert ranked[0].share < ranked[-1].share


def test_the_strands_of_a_flow_stay_while_it_moves(bundle: Bundle) -> None:
    strengths = np.linspace(-1, 1, 240).reshape(12, 20)
    before = list(bundle.set_flow(0.1, 0.4, strengths, DARK_THEME.forward).flows)
    after = list(bundle.set_flow(0.2, 0.5, strengths.copy(), DARK_THEME.forward).flows)
    assert before == after
    assert list(bundle.set_flow(0.2, 0.5, -strengths, DARK_THEME.forward).flows) != before
    bundle.fade_flow(0.5)
    assert max(strand.stroke_rgbas[:, 3].max() for strand in bundle.flows) <= 0.5
    assert not bundle.set_flow(0.5, 0.5, strengths, DARK_THEME.forward).is_flowing()


def test_flows_over_single_edges(diagram: NetworkDiagram, bundle: Bundle) -> None:
    edges = [diagram.edge(0, k, 2) for k in (4, 5)]
    assert edges[0] is diagram.edge(0, 4, 2)
    assert edges[0].get_stroke_opacity() == 0
    np.testing.assert_allclose(edges[0].points[[0, -1]], lines(bundle)[2 * 20 + 4])
    play(diagram, LightEdges(diagram, edges, [1.0, -0.5]))
    assert all(edge.flow.has_points() for edge in edges)
    assert diagram.is_flowing()
    play(diagram, DimEdges(diagram))
    assert not diagram.is_flowing()


def test_focus_dims_everything_else(diagram: NetworkDiagram, bundle: Bundle) -> None:
    play(diagram, Focus(diagram, [diagram.edge(0, 4, 2)]))
    bright, dimmed = strand_of(bundle, 44), strand_of(bundle, 45)
    assert bright.get_stroke_opacity() > 0.5 > dimmed.get_stroke_opacity()
    assert len(bright.members) == 1
    assert len(lines(bundle)) == 240
    play(diagram, Focus(diagram, None))
    assert (bundle.brightness() == 1).all()


def test_weights_update_and_edges_swell(diagram: NetworkDiagram, bundle: Bundle) -> None:
    after = NETWORK.updated(BLAME, 2.0)
    rests = lines(bundle)
    swell = LightGradient(diagram, BLAME)
    swell.begin()
    swell.interpolate(0.5)
    assert diagram.is_flowing()
    play(diagram, DimEdges(diagram), WeightUpdate(diagram, NETWORK, after))
    assert not diagram.is_flowing()
    np.testing.assert_array_equal(bundle.weights, after.layers[0].weights)
    fresh = NetworkDiagram(after, DARK_THEME, max_neurons=None).edge_layers[0]
    assert [strand.code for strand in bundle.rest] == [strand.code for strand in fresh.rest]
    for at, line in lines(bundle).items():
        np.testing.assert_allclose(line, rests[at])


def test_lines_and_flows_stay_at_their_neurons(diagram: NetworkDiagram, bundle: Bundle) -> None:
    play(diagram, FadeIn(diagram), diagram.animate.fit(LEFT_BOX))
    expected = lines(
        NetworkDiagram(NETWORK, DARK_THEME, max_neurons=None, box=LEFT_BOX).edge_layers[0]
    )
    for at, line in lines(bundle).items():
        np.testing.assert_allclose(line, expected[at], atol=1e-9)
    diagram.scale(0.5).shift([1, 0, 0])
    bundle.set_flow(0.0, 0.5, np.ones((12, 20)), DARK_THEME.forward)
    moved = {int(m): c for s in bundle.flows for m, c in zip(s.members, s.curves, strict=True)}
    for at, line in lines(bundle).items():
        np.testing.assert_allclose(moved[at][[0, -1]], line)


def test_a_copy_is_independent(diagram: NetworkDiagram, bundle: Bundle) -> None:
    other = diagram.copy().edge_layers[0]
    other.set_flow(0.0, 0.5, np.ones((12, 20)), DARK_THEME.forward).set_brightness(
        np.full(240, 0.2)
    )
    assert other.is_flowing()
    assert not bundle.is_flowing()
    assert (bundle.brightness() == 1).all()


def test_edges_below_the_threshold_are_hidden_and_nothing_flows_over_them() -> None:
    diagram = NetworkDiagram(NETWORK, DARK_THEME, max_neurons=None, edge_threshold=0.75)
    bundle = diagram.edge_layers[0]
    seen = sum(len(s.members) for s in bundle.rest if s.get_stroke_opacity() > 0)
    assert seen == 60
    bundle.set_flow(0.0, 0.5, np.ones((12, 20)), DARK_THEME.forward)
    assert sum(len(strand.members) for strand in bundle.flows) == 60


def test_curved_edges_in_the_colours_of_their_layers() -> None:
    diagram = NetworkDiagram(
        NETWORK, DARK_THEME, max_neurons=None, edge_shape="curved", edge_colors="gradient"
    )
    for strand in diagram.edge_layers[0].rest:
        starts, ahead = strand.curves[:, 0], strand.curves[:, 1]
        np.testing.assert_allclose(ahead[:, 1], starts[:, 1], atol=1e-9)
        colors = [color.to_hex() for color in strand.get_stroke_colors()]
        assert colors == [diagram.role(0), diagram.role(1)]


def test_a_large_network_is_a_few_hundred_paths() -> None:
    network = Network.random((784, 128, 10), "relu", rng=3)
    edges = NetworkDiagram(network, DARK_THEME, max_neurons=None).edge_layers
    assert sum(len(strand.members) for layer in edges for strand in layer.rest) == 101_632
    assert sum(len(layer.rest) for layer in edges) < 60


@pytest.mark.parametrize(
    ("kind", "kept"), [("plain", False), ("sign", True), ("weight", True), ("gradient", True)]
)
def test_an_edge_that_stands_out_keeps_a_colour_with_a_meaning(kind: str, kept: bool) -> None:
    path = [(0, 7), (1, 3)]
    bright = NetworkDiagram(
        NETWORK, max_neurons=None, edge_colors=kind, highlight=path
    ).edge_layers[0]
    own_color = bright.paint.colors(bright.weights, dense=True)[3, 7, 0]
    shown = strand_of(bright, 3 * 20 + 7).stroke_rgbas[0, :3]
    assert np.allclose(shown, own_color, atol=0.02) == kept
