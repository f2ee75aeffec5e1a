"""Activation functions: dot, tangent and numbers agree with the function."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.core import ACTIVATIONS, Activation
from netviz.drawing.layout.box import RIGHT_BOX, Box
from netviz.drawing.panels.activations import ActivationCurve, ActivationTable, ActivationValue
from netviz.drawing.text import Number
from netviz.problems import ProblemError

BOX = Box(RIGHT_BOX.left, RIGHT_BOX.right, RIGHT_BOX.bottom, -0.75)
CURVED = [a for a in ACTIVATIONS.values() if a.elementwise and a.differentiable]
PLACES = [-2.3, 0.0, 1.17, 18.4]


def curve(activation: Activation, z: float) -> ActivationCurve:
    return ActivationCurve(activation, z=z, box=BOX).set_z(z)


def value(activation: Activation, z: float) -> float:
    return float(activation.value(np.array([z]))[0])


@pytest.mark.parametrize("z", PLACES)
@pytest.mark.parametrize("activation", CURVED, ids=lambda a: a.name)
def test_the_dot_is_on_the_curve_and_has_its_numbers(activation: Activation, z: float) -> None:
    made = curve(activation, z)
    a = value(activation, z)
    assert made.dot.get_center() == pytest.approx(made.axes.c2p(z, a), abs=1e-6)
    assert made.result.value == a
    assert made.value.z.value == z
    nearest = np.linalg.norm(made.curve.points - made.axes.c2p(z, a), axis=1).min()
    assert nearest < 0.1


@pytest.mark.parametrize("z", PLACES)
@pytest.mark.parametrize("activation", CURVED, ids=lambda a: a.name)
def test_all_of_it_stays_in_its_box(activation: Activation, z: float) -> None:
    made = curve(activation, z).set_tangent(z)
    beyond = 0.25
    assert made.get_left()[0] >= BOX.left - beyond
    assert made.get_right()[0] <= BOX.right + beyond
    assert made.get_bottom()[1] >= BOX.bottom - beyond
    assert made.get_top()[1] <= BOX.top + 1e-6
    assert made.tangent.get_top()[1] < made.value.get_bottom()[1]


@pytest.mark.parametrize("activation", CURVED, ids=lambda a: a.name)
def test_the_tangent_has_the_slope_of_the_function(activation: Activation) -> None:
    z = 0.7
    made = curve(activation, z).set_tangent(z)
    along = made.tangent.points[-1] - made.tangent.points[0]
    unit = made.axes.c2p(1, 1) - made.axes.c2p(0, 0)
    slope = (along[1] / unit[1]) / (along[0] / unit[0])
    assert slope == pytest.approx(float(activation.slope(np.array([z]))[0]), rel=1e-6)
    assert curve(activation, z).tangent.has_points() is False


def test_the_parts_of_the_line_do_not_overlap_at_rest() -> None:
    made = curve(ACTIVATIONS["relu"], 18.41)
    rights = [part.get_right()[0] for part in made.value[:-1]]
    lefts = [part.get_left()[0] for part in made.value[1:]]
    assert all(right < left for right, left in zip(rights, lefts, strict=True))


def test_a_table_has_a_row_for_each_neuron_at_its_height() -> None:
    sigmoid = ACTIVATIONS["sigmoid"]
    z = np.array([1.17, -1.22, 0.3])
    made = ActivationTable(
        "a = sigma(Z)",
        sigmoid,
        z,
        sigmoid.value(z),
        heights=[2, 0, -2],
    )
    assert [row.z.value for row in made.rows] == list(z)
    assert [row.result.value for row in made.rows] == list(sigmoid.value(z))
    assert [row.z.get_y() for row in made.rows] == pytest.approx([2, 0, -2], abs=0.1)


def test_softmax_has_a_table_but_no_curve() -> None:
    softmax = ACTIVATIONS["softmax"]
    z = np.array([1.0, 2.0])
    assert len(ActivationTable("a", softmax, z, softmax.value(z)).rows[0]) == 3
    with pytest.raises(ProblemError, match="function is softmax: expected an elementwise one"):
        ActivationCurve(softmax)
    with pytest.raises(ProblemError, match="function is 'tanh': expected an Activation"):
        ActivationCurve("tanh")  # type: ignore[arg-type]


def test_values_of_z_are_written_below_their_places() -> None:
    panel = ActivationCurve(ACTIVATIONS["step"], ticks=(-2, 2), box=BOX)
    numbers = [part for part in panel.axes.get_family() if isinstance(part, Number)]
    written = {part.text: part for part in numbers if part.get_y() < panel.axes.c2p(0, 0)[1]}
    assert set(written) == {"−2", "2"}
    assert written["−2"].get_x() == pytest.approx(panel.axes.c2p(-2, 0)[0], abs=0.02)


def test_a_moved_curve_takes_its_dot_along() -> None:
    made = curve(ACTIVATIONS["tanh"], 0.5).shift([-6, 0, 0]).scale(0.5)
    made.set_z(-1.0)
    assert made.dot.get_center() == pytest.approx(made.axes.c2p(-1.0, np.tanh(-1.0)), abs=1e-6)
    nearest = np.linalg.norm(made.curve.points - made.dot.get_center(), axis=1).min()
    assert nearest < 0.05


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("z", [1e16, -1e300, 1e300, 1e-300])
@pytest.mark.parametrize("name", ["sigmoid", "relu"])
def test_a_huge_pre_activation_has_a_place_and_a_tangent(name: str, z: float) -> None:
    panel = ActivationCurve(ACTIVATIONS[name], z=z).set_z(z).set_tangent(z)
    assert all(np.isfinite(part.points).all() for part in panel.family_members_with_points())
    assert np.ptp(panel.tangent.points, axis=0).max() > 0.5
    assert panel.axes.x_axis.get_start()[0] <= panel.dot.get_x() <= panel.axes.x_axis.get_end()[0]


def test_the_name_of_a_function_leaves_where_it_has_no_room() -> None:
    function = ACTIVATIONS["tanh"]
    whole = ActivationValue(function, -0.54, -0.49)
    narrow = ActivationValue(function, -0.54, -0.49, width=0.7 * whole.width)
    assert (len(whole), len(narrow)) == (5, 3)
    assert narrow.width <= 0.7 * whole.width + 1e-6
    assert narrow.result.em >= 8 / 34 - 1e-6
