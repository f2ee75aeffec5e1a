from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import ResidualPlot
from netviz.problems import ProblemError

X, Y = np.array([1.0, 2.0, 3.9]), np.array([1.0, 3.0, 2.0])


def plot(**options: object) -> ResidualPlot:
    return ResidualPlot(X, Y, (0.0, 4.0), (0.0, 4.0), **options)  # type: ignore[arg-type]


def test_the_side_of_a_square_is_the_error() -> None:
    panel = plot().show_line(0.0, 1.0)
    side = abs(panel.axes.c2p(0, 3.0)[1] - panel.axes.c2p(0, 1.0)[1])
    assert np.allclose([panel.errors[1].width, panel.errors[1].height], side)
    assert not panel.errors[0].has_points()


def test_a_square_stays_in_the_plot() -> None:
    square = plot().show_line(0.0, 1.0).errors[2]
    assert np.isclose(square.get_right()[0], plot().axes.c2p(3.9, 0)[0])


def test_a_bar_is_as_long_as_the_error() -> None:
    panel = plot(errors="bars").show_line(0.0, 1.0, presence=0.5)
    assert np.isclose(panel.errors[1].height, panel.axes.c2p(0, 2)[1] - panel.axes.c2p(0, 1)[1])
    assert panel.errors[1].width < 0.2


def test_other_points_move_the_dots() -> None:
    panel = plot().show_line(1.0, 0.0, y=[2.0, 2.0, 2.0])
    assert np.allclose([dot.get_y() for dot in panel.dots], panel.axes.c2p(0, 2.0)[1])


def test_points_without_a_height_are_refused() -> None:
    with pytest.raises(ProblemError, match="y has 2 entries: expected 3"):
        ResidualPlot(X, Y[:2], (0.0, 4.0), (0.0, 4.0))
