"""Skip connections pass outside everything else, and arrive where they are told."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from manim import FadeIn, FadeOut, Mobject, Scene
from numpy.typing import NDArray

from netviz.core import Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.skips import Skip, levels
from netviz.drawing.layout.box import LEFT_BOX, WIDE_BOX, Box
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme

NETWORK = Network.random([3, 4, 3, 4, 2], "tanh", "normal", rng=0)
PAIRS = [(0, 2), (2, 4), (0, 4), (1, 3)]
AROUND = {
    "plain": {},
    "braces": {"braces": True, "captions": ["pixels", "edges", "corners", "parts", "answer"]},
    "biases": {"biases": "neurons"},
    "numbers": {"biases": "numbers"},
}

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
    diagram = NetworkDiagram(NETWORK, skips=PAIRS, direction=direction, **options)
    others = [box_of(part) for part in others_of(diagram)]
    for skip in diagram.skips:
        points = points_of(skip)
        assert holds(WIDE_BOX, points).all()
        assert not [box for box in others if holds(box, points).any()]


@every_direction
@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=["dark", "light"])
def test_arcs_lead_from_layer_to_layer_outside_all_between(direction: str, theme: Theme) -> None:
    diagram = NetworkDiagram(NETWORK, theme, skips=PAIRS, direction=direction)
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
    pairs = [(0, 2), (2, 4), (0, 4), (0, 3)]
    diagram = NetworkDiagram(NETWORK, skips=pairs, direction=direction)
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
    without, single, several = (
        box_of(NetworkDiagram(NETWORK, skips=pairs, direction=direction).neuron_layers)
        for pairs in ([], PAIRS[:1], PAIRS)
    )
    if direction == "down":
        assert without.right > single.right > several.right
    else:
        assert without.top > single.top > several.top


def test_blame_stands_on_the_other_side() -> None:
    diagram = NetworkDiagram(Network.random([5, 2, 2, 5], "tanh", "normal", rng=0), skips=[(0, 2)])
    neuron = diagram.neuron(2, 0).set_blame(0.123, 0.5)
    assert neuron.blame_text.get_y() < neuron.disc.get_y()
    assert (
        diagram.neuron(1, 0).set_blame(0.1, 0.5).blame_text.get_y()
        > diagram.neuron(1, 0).disc.get_y()
    )


def test_arcs_move_with_the_diagram_and_step_back_with_the_rest() -> None:
    diagram = NetworkDiagram(NETWORK, skips=PAIRS)
    scene = Scene(skip_animations=True)
    scene.play(FadeIn(diagram))
    scene.play(diagram.animate.fit(LEFT_BOX))
    assert all(holds(LEFT_BOX, points_of(skip)).all() for skip in diagram.skips)
    diagram.highlight([(0, 0), (1, 0)])
    assert {skip.line.get_stroke_opacity() for skip in diagram.skips} == {0.35}
    diagram.focus(None)
    assert {skip.tip.get_fill_opacity() for skip in diagram.skips} == {1.0}
    assert len(diagram.copy().skips) == 4
    scene.play(FadeOut(diagram))
    assert diagram not in scene.mobjects


@pytest.mark.parametrize("pair", [(0, 1), (2, 1), (1, 9), (-1, 2)])
def test_only_later_layers_beyond_the_next_are_reached(pair: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match=r"skips has .* expected a layer and one beyond the next"):
        NetworkDiagram(NETWORK, skips=[pair])
