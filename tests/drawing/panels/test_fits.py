"""A function that is fitted to samples: what its legend names."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.core import Data
from netviz.drawing import FitPlot, TextLabel
from netviz.drawing.layout.box import RIGHT_BOX
from netviz.problems import ProblemError

X = np.linspace(-1, 1, 5)
SAMPLES = Data(X[:, np.newaxis], X[:, np.newaxis])


def test_the_legend_stands_above_the_plot_in_its_box() -> None:
    names = {"dots": "training", "curve": "network"}
    made = FitPlot(X, samples=SAMPLES, names=names).show_curve(X)
    texts = [each.text for each in made.legend.get_family() if isinstance(each, TextLabel)]
    assert texts == ["training", "network"]
    assert made.legend.get_top()[1] <= RIGHT_BOX.top + 0.05
    plot = [made.axes, made.dots, made.curve]
    assert max(part.get_top()[1] for part in plot) < made.legend.get_bottom()[1]
    key, _ = made.legend[1]
    assert key.get_stroke_color() == made.curve.get_stroke_color()


def test_a_legend_of_many_letters_has_several_rows() -> None:
    names = {"dots": "x" * 25, "target": "y" * 12, "curve": "z"}
    made = FitPlot(X, samples=SAMPLES, target=X, names=names)
    first, second, third = made.legend
    assert second.get_top()[1] < first.get_bottom()[1]
    assert third.get_y() == pytest.approx(second.get_y())
    assert made.legend.width <= RIGHT_BOX.width
    assert made.axes.get_top()[1] < third.get_bottom()[1]


def test_without_names_the_plot_has_the_whole_box() -> None:
    made = FitPlot(X, samples=SAMPLES)
    assert made.axes.get_top()[1] == pytest.approx(RIGHT_BOX.top)
    with pytest.raises(ProblemError, match="names is 'line': expected one of dots, rings, target"):
        FitPlot(X, samples=SAMPLES, names={"line": "a line"})
