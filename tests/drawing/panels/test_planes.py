"""Planes: regions are predictions of the network, discs are at the codes."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Mobject, VMobject

from netviz import load_data
from netviz.core import Data, Network
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.planes import MAX_CLASSES, CodePlane, DecisionPlane, class_colors
from netviz.drawing.text import TextLabel
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME, THEMES, Theme

# Class 1 where the first input is above one half.
STEEP = Network.from_weights([[[80.0, 0.0]]], [[-40.0]], "sigmoid")
FLAT = Network.from_weights([[[0.0, 0.0]]], [[0.0]], "sigmoid")
THREE = Network.from_weights([np.array([[9.0, 0], [0, 9.0], [-9.0, -9.0]])], [[0.0] * 3], "softmax")


def plane(data: Data, *networks: Network) -> DecisionPlane:
    return DecisionPlane(data, list(networks))


def axis_names() -> tuple[TextLabel, TextLabel]:
    return TextLabel("a", DARK_THEME), TextLabel("b", DARK_THEME)


def area(region: VMobject) -> float:
    """The area of all its polygons, counter-clockwise."""
    corners = region.points.reshape(-1, 6, 4, 3)[:, :, 0]
    after = np.roll(corners, -1, axis=1)
    twice = corners[..., 0] * after[..., 1] - corners[..., 1] * after[..., 0]
    return float(twice.sum() / 2)


def test_the_border_of_the_regions_is_that_of_the_network() -> None:
    made = plane(load_data("xor"), FLAT, STEEP)
    side = made.plane.frame.width
    made.show_moment(1)
    first, second = made.regions
    assert area(first[0]) + area(second[0]) == pytest.approx(side**2)
    border = made.plane.at(np.array([[0.5, 0.0]]))[0, 0]
    assert first[0].get_right()[0] == pytest.approx(border, abs=side / 40)
    assert second[0].get_left()[0] == pytest.approx(border, abs=side / 40)
    assert area(second[-1]) > 0.75 * area(second[0])


def test_an_undecided_network_has_the_weakest_tint() -> None:
    made = plane(load_data("xor"), FLAT)
    assert sum(area(tints[0]) for tints in made.regions) == pytest.approx(made.plane.frame.width**2)
    assert all(not tint.has_points() for tints in made.regions for tint in tints[1:])


def test_cells_belong_to_the_class_of_the_largest_output() -> None:
    rng = np.random.default_rng(0)
    data = Data(rng.uniform(-1, 1, (30, 2)), np.eye(3)[np.arange(30) % 3])
    made = plane(data, THREE)
    total = sum(area(tints[0]) for tints in made.regions)
    assert total == pytest.approx(made.plane.frame.width**2, rel=0.01)
    right = made.plane.at(np.array([[1.0, 0.0]]))[0, 0]
    assert made.regions[0][-1].get_right()[0] >= right
    assert len(made.samples) == 3


def test_samples_are_drawn_at_their_inputs() -> None:
    data = load_data("xor")
    made = plane(data, FLAT)
    for marks, k in zip(made.samples, (0, 1), strict=True):
        points = made.plane.at(data.inputs[data.targets[:, 0] == k])
        np.testing.assert_allclose(marks.get_center()[:2], points.mean(axis=0)[:2], atol=0.05)
    assert RIGHT_BOX.left <= made.get_left()[0]
    assert made.get_right()[0] <= RIGHT_BOX.right


def test_codes_move_from_moment_to_moment_and_leave_a_trail() -> None:
    rng = np.random.default_rng(1)
    codes = rng.uniform(-1, 1, (4, 3, 2))
    made = CodePlane(codes, axis_names())
    for moment, where in ((0, codes[0]), (1.5, (codes[1] + codes[2]) / 2), (3, codes[3])):
        made.show_moment(moment)
        for dot, point in zip(made.dots, made.plane.at(where), strict=True):
            np.testing.assert_allclose(dot.get_center(), point, atol=1e-9)
    np.testing.assert_allclose(made.trails[2].points[0], made.plane.at(codes[0])[2], atol=1e-9)
    for tag in made.tags:
        assert made.plane.frame.get_left()[0] < tag.get_left()[0]
        assert tag.get_top()[1] < made.plane.frame.get_top()[1]


def distance(one: Mobject, other: Mobject) -> float:
    return float(np.linalg.norm(one.get_center() - other.get_center()))


@pytest.mark.parametrize("spread", [1.0, 0.01, 0.0])
def test_tags_hide_neither_each_other_nor_a_code(spread: float) -> None:
    rng = np.random.default_rng(3)
    codes = spread * rng.uniform(-1, 1, (5, 5, 2))
    codes[-1] = rng.uniform(-1, 1, (5, 2))
    made = CodePlane(codes, axis_names())
    for moment in range(5):
        made.show_moment(moment)
        for k, tag in enumerate(made.tags):
            others = [other for j, other in enumerate(made.tags) if j != k]
            assert min(distance(tag, other) for other in others) >= tag[0].width - 0.02
            nearest = min(distance(tag, dot) for dot in made.dots)
            assert nearest >= (tag[0].width + made.dots[0].width) / 2 - 0.02


def test_each_pattern_has_a_colour_of_its_own() -> None:
    codes = np.random.default_rng(1).uniform(-1, 1, (2, 5, 2))
    made = CodePlane(codes, axis_names())
    for parts in (made.trails, made.leaders):
        colors = [part.get_stroke_color().to_hex() for part in parts]
        assert len(set(colors)) == 5
        assert colors == [tag[0].get_fill_color().to_hex() for tag in made.tags]


def test_guides_lead_from_both_axes_to_the_code() -> None:
    codes = np.array([[[0.2, 0.4], [-0.5, 0.1]]])
    made = CodePlane(codes, axis_names()).show_guides(1)
    dot = made.dots[1].get_center()
    across, up = made.guides
    assert across.get_bottom()[1] == pytest.approx(made.plane.frame.get_bottom()[1])
    assert across.get_x() == pytest.approx(dot[0])
    assert up.get_left()[0] == pytest.approx(made.plane.frame.get_left()[0])
    assert up.get_y() == pytest.approx(dot[1])
    made.show_guides(None)
    assert not any(guide.has_points() for guide in made.guides)


def test_the_legend_names_the_classes_and_the_axes_have_numbers() -> None:
    made = plane(load_data("xor"), FLAT)
    assert [entry[1].text for entry in made.legend] == ["target 0", "target 1"]
    assert [number.text for number in made.plane.numbers] == ["0", "1", "0", "1"]
    rng = np.random.default_rng(0)
    names = ("left", "right", "both")
    data = Data(rng.uniform(-1, 1, (9, 2)), np.eye(3)[np.arange(9) % 3], target_names=names)
    assert [entry[1].text for entry in plane(data, THREE).legend] == list(names)


def test_a_ring_is_around_the_sample_that_is_followed() -> None:
    data = load_data("xor")
    made = DecisionPlane(data, [FLAT], followed=2)
    np.testing.assert_allclose(made.ring.get_center(), made.plane.at(data.inputs[[2]])[0])
    assert not plane(data, FLAT).ring.has_points()


@pytest.mark.parametrize("theme", THEMES.values(), ids=str)
def test_no_class_has_the_hue_of_a_layer(theme: Theme) -> None:
    colors = class_colors(theme)
    layers = {theme.input, theme.first_hidden, theme.last_hidden, theme.output}
    assert len(set(colors)) == len(colors) == MAX_CLASSES
    assert layers.isdisjoint(colors)


def test_borders_between_two_moments_lie_between_theirs() -> None:
    other = Network.from_weights([[[80.0, 0.0]]], [[-60.0]], "sigmoid")
    made = plane(load_data("xor"), STEEP, other)
    edges = [made.show_moment(m).regions[1][0].get_left()[0] for m in (0, 0.5, 1)]
    assert edges[0] <= edges[1] <= edges[2]
    assert edges[0] < edges[2]


def test_a_moved_plane_takes_its_regions_and_codes_along() -> None:
    made = plane(load_data("xor"), FLAT, STEEP).fit("left").show_moment(1)
    ends = made.plane.frame.get_left()[0], made.plane.frame.get_right()[0]
    assert made.regions.get_left()[0] == pytest.approx(ends[0])
    assert made.regions.get_right()[0] == pytest.approx(ends[1])


@pytest.mark.parametrize(
    ("inputs", "classes", "message"),
    [(3, 2, "inputs of data are 3: expected 2"), (2, 5, "classes of data are 5: expected at most")],
)
def test_data_that_cannot_be_shown_are_refused(inputs: int, classes: int, message: str) -> None:
    data = Data(np.zeros((10, inputs)), np.eye(classes)[np.arange(10) % classes])
    with pytest.raises(ProblemError, match=message):
        plane(data, STEEP)


def test_codes_of_another_shape_are_refused() -> None:
    names = TextLabel("a", DARK_THEME), TextLabel("b", DARK_THEME)
    with pytest.raises(ProblemError, match=r"codes has shape \(3, 2\): expected \(moments, pat"):
        CodePlane(np.zeros((3, 2)), names)
