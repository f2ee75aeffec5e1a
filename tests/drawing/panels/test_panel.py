"""Every panel: the same keywords, names in place of values, and moments within the run."""

from __future__ import annotations

import inspect

import numpy as np
import pytest
from manim import UP, FadeIn, Scene

import netviz.drawing
from netviz.core import ACTIVATIONS
from netviz.drawing import AnswerBars, LossHistory, Panel, ProgressCurves, Series
from netviz.drawing.layout.box import BOXES, RIGHT_BOX
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.panels.pieces import Bars, Curve
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME, LIGHT_THEME
from netviz.words import load_words

PUBLIC = [getattr(netviz.drawing, name) for name in netviz.drawing.__all__]
PANELS = [
    value
    for value in PUBLIC
    if inspect.isclass(value) and issubclass(value, Panel) and value is not Panel
]


def known_panels() -> set[type[Panel]]:
    """Return the panels of the package: examples of docstrings may define others."""
    return {
        kind
        for kind in Panel.__subclasses__()
        if kind.__module__.startswith("netviz.drawing.panels.")
    }


def test_every_panel_is_public() -> None:
    assert set(PANELS) == known_panels()


@pytest.mark.parametrize("kind", PANELS)
def test_every_panel_takes_theme_box_and_words_as_its_last_keywords(kind: type[Panel]) -> None:
    parameters = list(inspect.signature(kind).parameters.values())
    last = parameters[-3:]
    assert [p.name for p in last] == ["theme", "box", "words"]
    theme, box, words = (p.default for p in last)
    assert (theme, words) == ("dark", "en")
    assert box in ("right", "wide")  # next to a diagram, or alone
    assert all(p.kind is p.KEYWORD_ONLY for p in last)


def test_theme_box_and_words_are_given_by_name_or_by_value() -> None:
    named = LossHistory([0.3, 0.2], theme="light", box="left", words="ko")
    assert (named.theme, named.box) == (LIGHT_THEME, BOXES["left"])
    assert named.title.text == load_words("ko")("panel.loss")
    given = LossHistory([0.3, 0.2], theme=LIGHT_THEME, box=BOXES["left"], words=load_words("ko"))
    assert given.get_all_points() == pytest.approx(named.get_all_points())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"theme": "ligth"}, "theme is 'ligth': expected one of .*; did you mean 'light'"),
        ({"box": "rihgt"}, "box is 'rihgt': expected one of .*; did you mean 'right'"),
        ({"words": "kr"}, "language is 'kr': expected one of"),
        ({"theme": None}, "theme is None: expected one of"),
    ],
)
def test_an_unknown_name_is_refused_at_the_call(options: dict[str, str], message: str) -> None:
    with pytest.raises(ProblemError, match=message):
        LossHistory([0.3, 0.2], **options)


def test_a_panel_is_copied_and_faded_in_like_any_group() -> None:
    panel, scene = AnswerBars([0.8, 0.2], ["cat", "dog"], target=0), Scene(skip_animations=True)
    scene.play(FadeIn(panel))
    scene.play(panel.animate.shift(UP))
    assert panel in scene.mobjects
    assert panel.copy().words is panel.words


@pytest.mark.parametrize("box", ["left", "wide", "caption"])
def test_fit_fills_a_box_and_keeps_the_proportions(box: str) -> None:
    panel = LossHistory([0.3, 0.2])
    before = panel.width / panel.height
    panel.fit(box)
    filled = max(panel.width / panel.box.width, panel.height / panel.box.height)
    assert filled == pytest.approx(1)
    assert panel.width / panel.height == pytest.approx(before)
    assert panel.get_center() == pytest.approx(BOXES[box].center)


def test_moments_are_those_of_the_run() -> None:
    series = [Series("loss", np.array([3.0, 2.0, 1.0]), DARK_THEME.blame, 3.0)]
    run = ProgressCurves(series, np.array([0, 1, 2]))
    assert run.moments == 3
    for moment in (-1, 2.5):
        with pytest.raises(ProblemError, match=f"moment is {moment}: expected a number from 0 to"):
            run.show_moment(moment)


def test_a_panel_without_a_run_has_one_moment() -> None:
    panel = AnswerBars([0.8, 0.2], ["cat", "dog"])
    points = panel.get_all_points()
    assert panel.moments == 1
    assert panel.show_moment(0).get_all_points() == pytest.approx(points)
    with pytest.raises(ProblemError, match="moment is 1: expected 0, the only moment"):
        panel.show_moment(1)


def test_rows_without_heights_fill_the_middle_of_the_box() -> None:
    ys = [name.get_y() for name in AnswerBars([0.1] * 10, ["x"] * 10).names]
    steps = np.diff(ys)
    assert steps == pytest.approx([steps[0]] * 9)
    assert np.mean(ys) == pytest.approx(RIGHT_BOX.center[1])
    assert RIGHT_BOX.bottom < ys[-1] < ys[0] < RIGHT_BOX.top


def test_axes_are_those_of_manim_and_fill_their_box() -> None:
    axes = ActivationCurve(ACTIVATIONS["identity"]).axes
    assert axes.c2p(0, 0) == pytest.approx(axes.x_axis.get_center())
    assert axes.x_axis.get_start()[0] == pytest.approx(RIGHT_BOX.left)
    assert axes.x_axis.get_end()[0] == pytest.approx(RIGHT_BOX.right)


def test_a_negative_bar_is_dashed_or_runs_the_other_way() -> None:
    starts = [(0.0, 0.0), (0.0, 1.0), (0.0, 2.0)]
    dashed = Bars([1.0, -1.0, 0.0], starts, thickness=0.2, color="#FFFFFF")
    assert [len(bar.get_subpaths()) > 1 for bar in dashed] == [False, True, False]
    assert [bar.get_left()[0] for bar in dashed] == pytest.approx([0.0] * 3)
    assert dashed[2].width == pytest.approx(0.02)
    other = Bars([1.0, -1.0, 0.0], starts, thickness=0.2, color="#FFFFFF", negative="opposite")
    assert [bar.get_x() for bar in other] == pytest.approx([0.5, -0.5, -0.01])
    assert [bar.get_y() for bar in other] == pytest.approx([0.0, 1.0, 2.0])


def test_dashes_are_equally_long_however_steep_a_curve_is() -> None:
    corners = np.array([[0, 0, 0], [1, 0, 0], [1.2, 5, 0], [1.2, 5, 0], [3, 5, 0]], dtype=float)
    dashes = Curve("#FFFFFF", dashed=True).through(corners).get_subpaths()
    whole = np.linalg.norm(np.diff(corners, axis=0), axis=1).sum()
    assert len(dashes) == np.ceil(whole / 0.26)
    # Each runs from end to end but those at corners, and the last one.
    lengths = [np.linalg.norm(dash[-1] - dash[0]) for dash in dashes]
    assert max(lengths) <= 0.14 + 1e-9
    assert sum(np.isclose(lengths, 0.14)) >= len(dashes) - 3


def test_a_curve_through_one_point_is_empty() -> None:
    line = Curve("#FFFFFF", dashed=True).through(np.array([[0.0, 0, 0], [1, 0, 0]]))
    assert len(line.get_subpaths()) == 4
    assert not line.through(np.zeros((1, 3))).has_points()
