"""If one layer is too long for its numbers, each layer has neurons of its own size."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Scene, Transform
from scenes.reading import complaints_of_a_diagram
from scenes.screen import Screen

from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import HAIRLINE, WIDEST
from netviz.drawing.layout.box import FULL_LINES, LEFT_BOX, WIDE_BOX, Box
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.solver import arrange
from netviz.drawing.neuron import RING_WIDTH
from netviz.style import Direction, Style
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme

WHOLE = Style(max_neurons=None)
LONG = [(784, 128, 64, 10), (64, 64, 10), (64, 32, 10), (30, 8, 3), (10, 64)]
BOTH = pytest.mark.parametrize("direction", ["right", "down"])
BOXES = st.sampled_from([WIDE_BOX, LEFT_BOX])

long = pytest.mark.parametrize("sizes", LONG, ids=lambda sizes: "-".join(map(str, sizes)))
quick = settings(max_examples=100, deadline=None, derandomize=True)


def drawn(
    *sizes: int, theme: Theme = DARK_THEME, box: Box = WIDE_BOX, **options: object
) -> NetworkDiagram:
    network = Network.random(sizes, "tanh", rng=1)
    trace = forward(network, np.linspace(0.1, 0.9, sizes[0]))
    blame = backward(network, trace, np.zeros(sizes[-1]), "mse")
    diagram = NetworkDiagram(network, theme, box=box, **{"max_neurons": None, **options})
    return diagram.show_activations(trace).show_blame(blame)


def rims(layout: Layout) -> list[tuple[np.ndarray, float]]:
    """Centres of the neurons of each layer, and how far the outer edge of their rings is."""
    return [
        (np.array(centers), radius + RING_WIDTH / 200 * min(1.0, radius / FULL_LINES))
        for centers, radius in zip(layout.centers, layout.radii, strict=True)
    ]


# ---- how large ----------------------------------------------------------------------------------


@long
@BOTH
def test_the_shorter_a_layer_the_larger_its_neurons(
    sizes: tuple[int, ...], direction: Direction
) -> None:
    layout = arrange(sizes, WIDE_BOX, DARK_THEME, Style(max_neurons=None, direction=direction))
    pairs = sorted(zip(sizes, layout.radii, strict=True), reverse=True)
    radii = [radius for _, radius in pairs]
    assert radii == sorted(radii)
    assert radii[0] < radii[-1] <= 1.27 * DARK_THEME.smallest_text


@long
@BOTH
def test_no_neuron_is_larger_than_where_all_layers_are_as_long_as_its_own(
    sizes: tuple[int, ...], direction: Direction
) -> None:
    style = Style(max_neurons=None, direction=direction)
    for n, radius in zip(sizes, arrange(sizes, WIDE_BOX, DARK_THEME, style).radii, strict=True):
        assert radius <= arrange((n,) * len(sizes), WIDE_BOX, DARK_THEME, style).radii[0]


@pytest.mark.parametrize("sizes", [(5, 2, 2, 5), (3, 4, 2), (8, 6, 4), (2, 8, 1), (16, 16, 10)])
def test_where_numbers_have_room_all_neurons_have_one_size(sizes: tuple[int, ...]) -> None:
    layout = arrange(sizes, WIDE_BOX, DARK_THEME)
    assert len(set(layout.radii)) == 1


def test_a_given_size_is_that_of_every_layer() -> None:
    style = Style(max_neurons=None, neuron_size=0.02)
    assert arrange((40, 20, 3), WIDE_BOX, DARK_THEME, style).radii == (0.02, 0.02, 0.02)


@quick
@given(
    st.lists(st.integers(1, 60), min_size=2, max_size=4), BOXES, st.sampled_from(["right", "down"])
)
def test_neurons_of_any_layers_stay_in_the_box_and_apart(
    sizes: list[int], box: Box, direction: Direction
) -> None:
    layout = arrange(sizes, box, DARK_THEME, Style(max_neurons=None, direction=direction))
    for centers, reach in rims(layout):
        assert centers[:, 0].min() - reach >= box.left - 0.03
        assert centers[:, 0].max() + reach <= box.right + 0.03
        assert centers[:, 1].min() - reach >= box.bottom - 0.03
        assert centers[:, 1].max() + reach <= box.top + 0.03
        steps = np.linalg.norm(np.diff(centers, axis=0), axis=1)
        assert (steps > 2 * reach).all()


# ---- what is written ----------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=lambda theme: theme.name)
@long
def test_outputs_have_their_numbers(sizes: tuple[int, ...], theme: Theme) -> None:
    diagram = drawn(*sizes, theme=theme)
    numbered = diagram.layer(0 if sizes[0] == min(sizes) else len(sizes) - 1)
    assert all(neuron.value_text.has_points() for neuron in numbered)
    assert complaints_of_a_diagram(Screen([diagram], theme.background), theme) == []


@BOTH
def test_numbers_are_inside_where_they_can_be_read(direction: str) -> None:
    diagram = drawn(30, 8, 3, direction=direction)
    for neuron in diagram.layer(2):
        assert neuron.value_side is None
        assert neuron.value_text.width < 2 * neuron.radius
        assert neuron.blame_text.has_points()
    assert not any(neuron.value_text.has_points() for neuron in diagram.layer(0))


@BOTH
@pytest.mark.parametrize(
    "options",
    [
        {"biases": "neurons", "braces": True},
        {"neuron_labels": {1: tuple("abcdef"), -1: ("cat", "dog")}},
        {"captions": ("what is seen", "", "what is said")},
    ],
    ids=["biases", "labels", "captions"],
)
def test_nothing_overlaps(options: dict[str, object], direction: str) -> None:
    diagram = drawn(20, 6, 2, direction=direction, **options)
    assert complaints_of_a_diagram(Screen([diagram], DARK_THEME.background), DARK_THEME) == []
    assert diagram.neuron(2, 0).radius > 1.4 * diagram.neuron(0, 0).radius


def test_rings_of_blame_of_a_layer_with_its_own_size_do_not_overlap() -> None:
    outputs = drawn(64, 32, 10).layer(2)
    for one, next_one in pairwise(outputs):
        assert one.blame_ring.has_points()
        apart = one.disc.get_y() - next_one.disc.get_y()
        assert (one.blame_ring.height + next_one.blame_ring.height) / 2 < apart


def test_an_image_keeps_its_pixels_and_the_others_have_their_own_size() -> None:
    image = drawn(64, 40, 10, input_grid=True)
    pixels = np.array([neuron.disc.get_center() for neuron in image.layer(0)])
    assert image.neuron(0, 0).radius == pytest.approx(0.42 * (pixels[1, 0] - pixels[0, 0]))
    assert image.neuron(2, 0).radius == pytest.approx(drawn(1, 40, 10).neuron(2, 0).radius)
    assert image.neuron(2, 0).radius > 2 * image.neuron(1, 0).radius
    assert not any(neuron.value_text.has_points() for neuron in image.layer(0))
    assert all(neuron.value_text.has_points() for neuron in image.layer(2))


# ---- what goes with it --------------------------------------------------------------------------


def test_edges_are_as_thick_as_the_smaller_of_their_neurons_allows() -> None:
    diagram = drawn(3, 30, 2)
    thin = diagram.neuron(1, 0).line_scale
    assert thin < diagram.neuron(0, 0).line_scale
    for edges in diagram.edge_layers:
        widths = [edge.get_stroke_width() for edge in edges.lines()]
        assert max(widths) == pytest.approx(max(WIDEST * thin, HAIRLINE))


def test_a_bias_neuron_is_as_large_as_those_of_its_layer_and_so_is_its_number() -> None:
    diagram = drawn(12, 3, 2, biases="neurons")
    for layer in (0, 1):
        bias, neuron = diagram.bias(layer), diagram.neuron(layer, 0)
        assert bias.radius == pytest.approx(neuron.radius)
        assert bias.value_text.text == "1"


@BOTH
def test_a_diagram_moves_to_another_box_and_back(direction: str) -> None:
    options = {"direction": direction, "biases": "neurons"}
    diagram, fresh = drawn(20, 6, 3, **options), drawn(20, 6, 3, box=LEFT_BOX, **options)
    for part, expected in zip(diagram.fit(LEFT_BOX).get_family(), fresh.get_family(), strict=True):
        assert part.get_center() == pytest.approx(expected.get_center(), abs=1e-6)
        assert part.width == pytest.approx(expected.width, abs=1e-6)
    assert diagram.fit(WIDE_BOX).layout == drawn(20, 6, 3, **options).layout


def test_neurons_grow_while_a_diagram_becomes_another() -> None:
    diagram, other = drawn(64, 10), drawn(4, 10)
    before, after = (it.neuron(1, 0).radius for it in (diagram, other))
    Scene(skip_animations=True).play(Transform(diagram, other))
    assert diagram.neuron(1, 0).radius == pytest.approx(after)
    assert before != pytest.approx(after)
