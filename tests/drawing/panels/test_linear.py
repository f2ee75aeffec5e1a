"""Panels of a neuron of two inputs: where the line lies, what is marked, how a plane is bent."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VMobject

from netviz.core import Network, forward
from netviz.drawing import BentPlane, LinearSum, LinePlane, LossContour, LossCurve, TruthTable
from netviz.problems import ProblemError

CORNERS = [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_the_line_is_where_the_sum_is_zero() -> None:
    panel = LinePlane(CORNERS, [0, 0, 0, 1]).set_line([0.5, 0.25, -0.4])
    for x1 in (0.4, 0.8):
        x2 = (0.4 - 0.5 * x1) / 0.25
        place = panel.plane.at(np.array([[x1, x2]]))[0]
        start, end = panel.line.get_start(), panel.line.get_end()
        along, way = end - start, place - start
        assert along[0] * way[1] == pytest.approx(along[1] * way[0], abs=1e-6)


def test_both_sides_together_are_the_plane() -> None:
    panel = LinePlane(CORNERS, [0, 0, 0, 1])
    whole = panel.plane.frame.width * panel.plane.frame.height
    for weights in ([0.5, 0.5, -0.7], [-1, 1, 0], [1, 0, -0.5]):
        panel.set_line(weights)
        assert sum(area(side) for side in panel.sides) == pytest.approx(whole)
    panel.set_line([0, 0, 1])
    assert [round(area(side) / whole, 6) for side in panel.sides] == [0, 1]
    assert not panel.line.has_points()


def area(side: VMobject) -> float:
    """Return the area of a polygon (shoelace formula)."""
    if not side.has_points():
        return 0.0
    x, y = np.array(side.get_anchors())[:, :2].T
    return abs(float(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2


def test_only_wrong_samples_have_rings() -> None:
    panel = LinePlane(CORNERS, [0, 1, 1, 0]).set_wrong([False, True, False, False])
    assert [ring.has_points() for ring in panel.rings] == [False, True, False, False]


def test_numbers_of_a_sum_end_where_they_ended() -> None:
    panel = LinearSum("z", ["x_1", "x_2", ""], [0.5, 0.5, -0.7])
    before = [number.get_right()[0] for number in panel.numbers]
    panel.set_weights([-0.25, 1.5, 0.125])
    assert np.allclose(before, [number.get_right()[0] for number in panel.numbers])
    with pytest.raises(ProblemError, match="weights has 2 entries: expected 3"):
        LinearSum("z", ["x_1", "x_2", ""], [0.5, 0.5])


def test_a_row_of_a_table_is_marked_and_a_column_changes() -> None:
    panel = TruthTable(["x", "y"], [(0, 1), (1, 0)], decimals=(0, 2)).mark_row(1)
    assert panel.mark.get_y() == pytest.approx(panel.cells(0)[1].get_y(), abs=0.05)
    assert not panel.mark_row(None).mark.has_points()
    assert [cell.text for cell in panel.set_column(1, [0.25, -1]).cells(1)] == ["+0.25", "−1.00"]


def test_a_plane_is_bent_from_the_inputs_to_the_activations() -> None:
    network = Network.random([2, 2, 1], ["tanh", "sigmoid"], rng=3)
    panel = BentPlane(CORNERS, [0, 1, 1, 0], [network])
    expected = panel.plane.at(forward(network, CORNERS).activations[1])
    places = [marker.get_center() for marker in panel.samples]
    assert np.allclose(places, expected, atol=0.05)
    panel.bend(0.0)
    flat = np.array([marker.get_center() for marker in panel.samples])
    assert flat[0][0] == pytest.approx(flat[1][0], abs=0.05)
    assert flat[1][1] > flat[0][1]
    assert not panel.line.has_points()
    with pytest.raises(ProblemError, match="expected \\(2, 2, 1\\)"):
        BentPlane(CORNERS, [0, 1, 1, 0], [Network.random([2, 3, 1], rng=0)])


def test_a_bent_plane_names_its_axes_counts_what_lies_together_and_follows_a_sample() -> None:
    # Both hidden neurons compute the same from x₁ + x₂: (0, 1) and (1, 0) lie together.
    network = Network.from_weights(
        [[[1.0, 1.0], [1.0, 1.0]], [[1.0, 1.0]]], [[0.0, 0.0], [0.0]], ["tanh", "sigmoid"]
    )
    panel = BentPlane(CORNERS, [0, 1, 1, 0], [network])
    shown = [number.text for number in panel.counts if number.get_fill_opacity()]
    assert shown == ["2×"]
    assert panel.plane.names[0].get_fill_opacity() == 1
    assert panel.input_names[0].get_fill_opacity() == 0
    panel.follow(3).bend(0.0)
    assert not any(number.get_fill_opacity() for number in panel.counts)
    assert panel.plane.names[0].get_fill_opacity() == 0
    assert panel.input_names[0].get_fill_opacity() == 1
    assert np.allclose(panel.ring.get_center(), panel.samples[3].get_center(), atol=0.05)
    assert not panel.follow(None).ring.has_points()


def test_a_ball_rolls_to_where_its_step_is() -> None:
    w = np.linspace(-2, 2, 81)
    panel = LossCurve(w, w**2, [-1.5, 0.5, 5.0], [-3, 1, 10])
    assert panel.moments == 2  # the last step is beyond the curve
    panel.show_moment(1)
    assert np.allclose(panel.axes.p2c(panel.ball.get_center())[:2], (0.5, 0.25), atol=0.01)


def test_a_path_on_a_landscape_ends_at_the_border() -> None:
    x, y = np.meshgrid(np.linspace(-1, 1, 21), np.linspace(-1, 1, 21))
    panel = LossContour(x**2 + y**2, (-1, -1), (1, 1), [[(0.5, 0), (0.9, 0), (1.3, 0)]])
    assert panel.moments == 2
    panel.show_moment(1)
    assert np.allclose(panel.balls[0].get_center(), panel.at([(0.9, 0)])[0])
    with pytest.raises(ProblemError, match="a path has shape \\(2,\\)"):
        LossContour(x, (-1, -1), (1, 1), [(0.5, 0)])


@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_the_name_of_an_arrow_stands_outside_of_the_curve_while_there_is_an_arrow(
    sign: float,
) -> None:
    w = np.linspace(-2, 2, 41)
    path, slopes = [-1.5, -0.9, 0.0], [-3 * sign, -1.8 * sign, 0.0]
    panel = LossCurve(w, sign * w**2, path, slopes, arrow_name="g", box="wide")
    for moment in (0, 0.5, 1):
        panel.show_moment(moment)
        assert panel.arrow.has_points()
        assert panel.arrow_label[0].get_fill_opacity() == 1
        x, y = panel.axes.p2c(panel.arrow_label.get_center())[:2]
        assert sign * y < x**2
    panel.show_moment(2)
    assert not panel.arrow.has_points()
    assert panel.arrow_label[0].get_fill_opacity() == 0
