"""Planes: regions are what the network decides, codes are where its neurons say."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VMobject

from netviz import load_data
from netviz.core import Data, Network, forward
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.drawing.panels.answers import AnswerBars
from netviz.drawing.panels.codes import CodePlane
from netviz.drawing.panels.regions import DecisionPlane
from netviz.drawing.text import TextLabel
from netviz.theme import DARK_THEME

# Says yes where the first input is above one half.
STEEP = Network.from_weights([[[80.0, 0.0]]], [[-40.0]], "sigmoid")
FLAT = Network.from_weights([[[0.0, 0.0]]], [[0.0]], "sigmoid")
THREE = Network.from_weights([np.array([[9.0, 0], [0, 9.0], [-9.0, -9.0]])], [[0.0] * 3], "softmax")


def plane(data: Data, *networks: Network) -> DecisionPlane:
    return DecisionPlane(data, list(networks), theme=DARK_THEME, box=RIGHT_BOX)


def area(region: VMobject) -> float:
    """Of its rectangles together."""
    corners = region.points.reshape(-1, 16, 3)
    return float(sum(np.ptp(c[:, 0]) * np.ptp(c[:, 1]) for c in corners))


def test_a_line_parts_the_square_where_the_network_does() -> None:
    made = plane(load_data("xor"), FLAT, STEEP)
    side = made.square.width
    made.set_place(1)
    no, yes = made.regions
    assert area(no[0]) + area(yes[0]) == pytest.approx(side**2)
    border = made.at(np.array([[0.5, 0.0]]))[0, 0]
    assert no[0].get_right()[0] == pytest.approx(border, abs=side / 40)
    assert yes[0].get_left()[0] == pytest.approx(border, abs=side / 40)
    assert area(yes[-1]) > 0.8 * area(yes[0])


def test_who_does_not_know_has_the_weakest_tint() -> None:
    made = plane(load_data("xor"), FLAT)
    assert sum(area(tints[0]) for tints in made.regions) == pytest.approx(made.square.width**2)
    assert all(not tint.has_points() for tints in made.regions for tint in tints[1:])


def test_three_classes_have_the_cells_of_their_largest_output() -> None:
    rng = np.random.default_rng(0)
    data = Data(rng.uniform(-1, 1, (30, 2)), np.eye(3)[np.arange(30) % 3])
    made = plane(data, THREE)
    total = sum(area(tints[0]) for tints in made.regions)
    assert total == pytest.approx(made.square.width**2)
    right = made.at(np.array([[1.0, 0.0]]))[0, 0]
    assert made.regions[0][-1].get_right()[0] >= right
    assert len(made.samples) == 3


def test_samples_stand_where_they_are() -> None:
    data = load_data("xor")
    made = plane(data, FLAT)
    for marks, k in zip(made.samples, (0, 1), strict=True):
        points = made.at(data.inputs[data.targets[:, 0] == k])
        np.testing.assert_allclose(marks.get_center()[:2], points.mean(axis=0)[:2], atol=0.05)
    assert RIGHT_BOX.left <= made.get_left()[0]
    assert made.get_right()[0] <= RIGHT_BOX.right


def test_codes_go_from_moment_to_moment_and_leave_a_trail() -> None:
    rng = np.random.default_rng(1)
    codes = rng.uniform(-1, 1, (4, 3, 2))
    names = TextLabel("a", DARK_THEME), TextLabel("b", DARK_THEME)
    made = CodePlane(codes, names, color=DARK_THEME.last_hidden, theme=DARK_THEME, box=RIGHT_BOX)
    for place, where in ((0, codes[0]), (1.5, (codes[1] + codes[2]) / 2), (3, codes[3])):
        made.set_place(place)
        for disc, point in zip(made.discs, made.at(where), strict=True):
            np.testing.assert_allclose(disc[0].get_center(), point, atol=1e-9)
    np.testing.assert_allclose(made.trails[2].points[0], made.at(codes[0])[2], atol=1e-9)
    for disc in made.discs:
        assert made.frame.get_left()[0] < disc.get_left()[0]
        assert disc.get_top()[1] < made.frame.get_top()[1]


def test_answers_are_as_long_as_they_are_sure() -> None:
    prediction = forward(THREE, [0.1, 0.0]).prediction
    made = AnswerBars(
        prediction,
        ["one", "two", "three"],
        target=1,
        mark="target",
        heights=[2.0, 1.0, 0.0],
        theme=DARK_THEME,
        box=RIGHT_BOX,
    )
    widths = [bar.width for bar in made.bars]
    np.testing.assert_allclose(np.divide(widths, widths[0]), prediction / prediction[0])
    assert [number.value for number in made.numbers] == prediction.tolist()
    assert made.mark.get_y() == pytest.approx(1.0)
    assert made.get_right()[0] <= RIGHT_BOX.right
