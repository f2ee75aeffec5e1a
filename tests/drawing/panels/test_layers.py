"""Bars of layers: one linear scale, on which what is tiny is still seen."""

from __future__ import annotations

import numpy as np
import pytest

from netviz.drawing import LayerBars, LayerHistograms
from netviz.problems import ProblemError


def test_what_is_tiny_is_a_thin_line_and_zero_is_nothing() -> None:
    bars = LayerBars([0.0, 1e-6, 0.5, 1.0]).bars
    heights = [bar.height if bar.has_points() else 0.0 for bar in bars]
    assert heights[0] == 0
    assert 0.02 < heights[1] < 0.06
    assert np.isclose(heights[2], heights[3] / 2)


def test_a_bar_is_not_negative() -> None:
    with pytest.raises(ProblemError, match="numbers from 0 up"):
        LayerBars([0.1, -0.1])


def test_bars_that_are_cut_off_have_their_share_and_neighbours_one_of_them() -> None:
    samples = [[-1.0] * 3 + [1.0] * 7, [0.0] * 5 + [0.05] * 4 + [0.9]]
    panel = LayerHistograms(samples, reach=(-1, 1), bins=25, box="wide")
    assert {cut: text.text for cut, text in panel.tops.items()} == {
        (0, 24): "70%",
        (0, 0): "30%",
        (1, 12): "50%",
    }
    panel.show_shares(panel.shares / 10)
    assert {text.get_fill_opacity() for text in panel.tops.values()} == {0.0}
