"""Planes: regions are predictions of the network, discs are at the codes."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VMobject

from netviz import load_data
from netviz.core import Data, Network
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.planes import CodePlane, DecisionPlane
from netviz.drawing.text import TextLabel
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME

# Class 1 where the first input is above one half.
STEEP = Network.from_weights([[[80.0, 0.0]]], [[-40.0]], "sigmoid")
FLAT = Network.from_weights([[[0.0, 0.0]]], [[0.0]], "sigmoid")
THREE = Network.from_weights([np.array([[9.0, 0], [0, 9.0], [-9.0, -9.0]])], [[0.0] * 3], "softmax")


def plane(data: Data, *networks: Network) -> DecisionPlane:
    return DecisionPlane(data, list(networks))


def area(region: VMobject) -> float:
    """The area of all its rectangles."""
    corners = region.points.reshape(-1, 16, 3)
    return float(sum(np.ptp(c[:, 0]) * np.ptp(c[:, 1]) for c in corners))


def test_the_border_of_the_regions_is_that_of_the_network() -> None:
    made = plane(load_data("xor"), FLAT, STEEP)
    side = made.plane.frame.width
    made.show_moment(1)
    first, second = made.regions
    assert area(first[0]) + area(second[0]) == pytest.approx(side**2)
    border = made.plane.at(np.array([[0.5, 0.0]]))[0, 0]
    assert first[0].get_right()[0] == pytest.approx(border, abs=side / 40)
    assert second[0].get_left()[0] == pytest.approx(border, abs=side / 40)
    assert area(second[-1]) > 0.8 * area(second[0])


def test_an_undecided_network_has_the_weakest_tint() -> None:
    made = plane(load_data("xor"), FLAT)
    assert sum(area(tints[0]) for tints in made.regions) == pytest.approx(made.plane.frame.width**2)
    assert all(not tint.has_points() for tints in made.regions for tint in tints[1:])


def test_cells_belong_to_the_class_of_the_largest_output() -> None:
    rng = np.random.default_rng(0)
    data = Data(rng.uniform(-1, 1, (30, 2)), np.eye(3)[np.arange(30) % 3])
    made = plane(data, THREE)
    total = sum(area(tints[0]) for tints in made.regions)
    assert total == pytest.approx(made.plane.frame.width**2)
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
    names = TextLabel("a", DARK_THEME), TextLabel("b", DARK_THEME)
    made = CodePlane(codes, names)
    for moment, where in ((0, codes[0]), (1.5, (codes[1] + codes[2]) / 2), (3, codes[3])):
        made.show_moment(moment)
        for disc, point in zip(made.discs, made.plane.at(where), strict=True):
            np.testing.assert_allclose(disc[0].get_center(), point, atol=1e-9)
    np.testing.assert_allclose(made.trails[2].points[0], made.plane.at(codes[0])[2], atol=1e-9)
    for disc in made.discs:
        assert made.plane.frame.get_left()[0] < disc.get_left()[0]
        assert disc.get_top()[1] < made.plane.frame.get_top()[1]


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
