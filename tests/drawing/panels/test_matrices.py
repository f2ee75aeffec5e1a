from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import MatrixProduct
from netviz.problems import ProblemError

WEIGHTS = np.array([[0.5, -1.5, 2.0], [0.1, 0.2, -0.3]])
INPUTS, BIAS = np.array([1.0, 2.0, 0.5]), np.array([0.25, -0.75])


def product() -> MatrixProduct:
    return MatrixProduct(WEIGHTS, INPUTS, BIAS, WEIGHTS @ INPUTS + BIAS, box="frame")


def test_a_row_of_the_matrix_has_the_weights_into_one_neuron() -> None:
    panel = product()
    assert [number.value for number in panel.weights.rows[1]] == [0.1, 0.2, -0.3]
    assert [number.text for number in panel.weights.column(1)] == ["−1.50", "0.20"]
    shapes = [(shape.rows.text, shape.columns.text) for shape in panel.shapes]
    assert shapes == [("2", "3"), ("3", "1"), ("2", "1"), ("2", "1")]


def test_entries_of_a_row_stand_side_by_side_and_of_a_column_end_on_one_line() -> None:
    rows = product().weights.rows
    assert len({round(float(number.get_y()), 6) for number in rows[0]}) == 1
    assert np.allclose(rows[0][1].get_right()[0], rows[1][1].get_right()[0])
    assert rows[0][0].get_y() > rows[1][0].get_y()


def test_a_row_in_full_ends_in_the_sum_of_the_core() -> None:
    line = product().row_sum(0, width=12)
    assert [sign.text for sign in line.signs] == ["−", "+", "+"]
    assert line.total.value == 0.5 * 1.0 - 1.5 * 2.0 + 2.0 * 0.5 + 0.25


def test_a_row_begins_with_its_first_weight_as_the_matrix_has_it() -> None:
    panel = MatrixProduct(-WEIGHTS, INPUTS, BIAS, BIAS - WEIGHTS @ INPUTS, box="frame")
    line = panel.row_sum(0, width=12)
    assert [number.text for number in line.weights] == ["−0.50", "1.50", "2.00"]
    assert [sign.text for sign in line.signs] == ["+", "−", "+"]


def test_names_stand_on_one_line_below_all_matrices_and_above_their_shapes() -> None:
    panel = product()
    matrices = panel.weights, panel.inputs, panel.bias, panel.sums
    for name, matrix, shape in zip(panel.names, matrices, panel.shapes, strict=True):
        assert np.allclose([name.get_x(), shape.get_x()], matrix.get_x())
        assert shape.get_top()[1] < name.get_bottom()[1]
        assert name.get_top()[1] < panel.inputs.get_bottom()[1]
    assert np.allclose([name.get_bottom()[1] for name in panel.names], panel.names.get_bottom()[1])


def test_the_link_ends_below_the_two_inner_sizes() -> None:
    panel = product()
    ends = [panel.inner_link().get_start()[0], panel.inner_link().get_end()[0]]
    assert np.allclose(ends, [panel.shapes[0].columns.get_x(), panel.shapes[1].rows.get_x()])


def test_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ProblemError, match="inputs has 3 entries: expected 2"):
        MatrixProduct(WEIGHTS[:, :2], INPUTS, BIAS, BIAS)


def test_a_product_that_does_not_fit_the_box_is_refused() -> None:
    wide = np.ones((2, 30))
    with pytest.raises(ProblemError, match="the product is"):
        MatrixProduct(wide, np.ones(30), BIAS, wide @ np.ones(30) + BIAS, box="frame")
