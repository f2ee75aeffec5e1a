"""Any network from 1-1 to 16-16-16-10 fills its part of the frame, and nothing overlaps."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manim import Mobject

from netviz.core import Network, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.layout.box import (
    FRAME_HEIGHT,
    FRAME_WIDTH,
    LEFT_BOX,
    NAME_EM,
    RIGHT_BOX,
    WIDE_BOX,
    Box,
)
from netviz.drawing.layout.layout import Layout
from netviz.drawing.layout.solver import arrange
from netviz.drawing.neuron import RING_WIDTH
from netviz.theme import DARK_THEME
from netviz.words import languages, load_words

SIZES = st.lists(st.integers(1, 16), min_size=2, max_size=5).map(tuple)
BOXES = st.sampled_from([WIDE_BOX, LEFT_BOX])
RING = RING_WIDTH / 200
# Width available to a diagram: the whole frame, or what a panel leaves of it.
AVAILABLE = {WIDE_BOX: FRAME_WIDTH, LEFT_BOX: RIGHT_BOX.left + FRAME_WIDTH / 2}
DRAWN = [
    *((1, 1), (2, 1), (5, 2, 2, 5), (3, 4, 2), (6, 5, 4), (7, 7, 7, 7, 7)),
    *((8, 8), (10, 4, 1), (1, 16), (16, 8, 4, 2), (16, 16, 16, 10)),
]

quick = settings(max_examples=150, deadline=None, derandomize=True)


def points(layout: Layout) -> np.ndarray:
    return np.array([center for column in layout.centers for center in column])


@quick
@given(SIZES, BOXES)
def test_every_neuron_is_in_the_box_above_the_names(sizes: tuple[int, ...], box: Box) -> None:
    layout = arrange(sizes, box, DARK_THEME)
    across, up = points(layout)[:, 0], points(layout)[:, 1]
    (radius,) = set(layout.radii)
    reach = radius + RING
    assert [len(column) for column in layout.centers] == list(sizes)
    assert box.left - RING <= across.min() - radius
    assert across.max() + radius <= box.right + RING
    assert up.max() + radius <= box.top + RING
    assert box.bottom + 0.5 * NAME_EM + 0.5 * DARK_THEME.smallest_text < up.min() - reach


@quick
@given(SIZES, BOXES)
def test_neurons_keep_apart(sizes: tuple[int, ...], box: Box) -> None:
    layout = arrange(sizes, box, DARK_THEME)
    apart = min(np.linalg.norm(a - b) for a, b in combinations(points(layout), 2))
    assert apart > 2 * (max(layout.radii) + RING)


@quick
@given(SIZES, BOXES)
def test_columns_are_evenly_spaced_and_centred(sizes: tuple[int, ...], box: Box) -> None:
    layout = arrange(sizes, box, DARK_THEME)
    columns = [np.array(column) for column in layout.centers]
    steps = np.diff([column[0, 0] for column in columns])
    middles = [column[:, 1].mean() for column in columns]
    assert np.allclose(steps, steps[0])
    assert np.allclose(middles, middles[0])
    assert all(np.ptp(column[:, 0]) == 0 for column in columns)


def extent(mobject: Mobject) -> tuple[float, float]:
    return float(mobject.width), float(mobject.height)


@pytest.mark.parametrize("box", [WIDE_BOX, LEFT_BOX], ids=["wide", "left"])
@pytest.mark.parametrize("sizes", DRAWN, ids=lambda sizes: "-".join(map(str, sizes)))
def test_a_diagram_fills_the_available_width(sizes: tuple[int, ...], box: Box) -> None:
    network = Network.random(sizes, "sigmoid", "xavier_uniform", rng=0)
    diagram = NetworkDiagram(network, DARK_THEME, box=box)
    diagram.show_activations(forward(network, np.linspace(0.1, 0.9, sizes[0])))
    width, height = extent(diagram)
    assert 0.7 <= width / AVAILABLE[box] <= 0.9
    # One neuron is not made larger to fill the height.
    assert (0.45 if max(sizes) == 1 else 0.6) <= height / FRAME_HEIGHT <= 0.85


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("layers", [2, 3, 4, 5])
def test_names_of_layers_do_not_touch(layers: int, language: str) -> None:
    network = Network.random([2] * layers, "sigmoid", "xavier_uniform", rng=0)
    diagram = NetworkDiagram(network, DARK_THEME, box=LEFT_BOX, words=load_words(language))
    for one, other in combinations(diagram.names, 2):
        assert one.get_right()[0] < other.get_left()[0]


def test_a_box_on_the_way_to_another_is_between_them() -> None:
    assert WIDE_BOX.towards(LEFT_BOX, 0) == WIDE_BOX
    assert WIDE_BOX.towards(LEFT_BOX, 1) == LEFT_BOX
    half = WIDE_BOX.towards(LEFT_BOX, 0.5)
    assert half.left == pytest.approx((WIDE_BOX.left + LEFT_BOX.left) / 2)
    assert half.center == pytest.approx(
        (half.left + half.width / 2, half.bottom + half.height / 2, 0)
    )


@quick
@given(SIZES, st.sampled_from(["right", "down"]), st.sampled_from(["hidden", "neurons"]))
def test_half_way_is_where_equal_rings_of_the_nearest_neurons_touch(
    sizes: tuple[int, ...], direction: str, biases: str
) -> None:
    layout = arrange(
        sizes, WIDE_BOX, DARK_THEME, DARK_THEME.style.replaced(direction=direction, biases=biases)
    )
    for layer, centers in enumerate(layout.centers):
        bias = layout.biases[layer]
        places = np.array([*centers, bias] if bias else centers)
        apart = [np.linalg.norm(a - b) for a, b in combinations(places, 2)]
        assert layout.half_way(layer) == pytest.approx(min(apart, default=np.inf) / 2)
        assert layout.half_way(layer) > layout.radii[layer] + RING


@pytest.mark.parametrize("direction", ["right", "down"])
def test_rings_of_crowded_neurons_do_not_interlock(direction: str) -> None:
    network = Network.random((12, 6, 16), "tanh", "xavier_uniform", rng=0)
    diagram = NetworkDiagram(network, direction=direction)
    for column in diagram.neuron_layers:
        for neuron in column:
            neuron.set_blame(0.1, 1.0)
        for one, other in combinations(column, 2):
            apart = np.linalg.norm(one.disc.get_center() - other.disc.get_center())
            line = (one.blame_ring.get_stroke_width() + other.blame_ring.get_stroke_width()) / 200
            assert (one.blame_ring.width + other.blame_ring.width) / 2 + line <= apart + 1e-9
