"""Gaps and loss: what moves, and that no number is shown that is not a loss."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Scene

from netviz.animation.gaps import FadeGaps, LeaveGhosts, MoveGaps, OpenGaps
from netviz.drawing.panels.gaps import GapBars, LossMeter

TARGET = np.array([1.0, 0.0])
STATES = np.array([[0.2, 0.6], [0.5, 0.4], [0.9, 0.1]])
LOSSES = [0.5, 0.205, 0.01]


@pytest.fixture
def panels() -> tuple[GapBars, LossMeter]:
    return GapBars(TARGET, STATES[0]), LossMeter(LOSSES[0])


def test_the_number_of_the_loss_is_never_one_in_between(
    panels: tuple[GapBars, LossMeter],
) -> None:
    bars, meter = panels
    moving = MoveGaps(bars, STATES, meter, LOSSES, pace=lambda progress: 2 * progress)
    shown, widths = [], []
    for progress in np.linspace(0.05, 1, 20):
        moving.interpolate(float(progress))
        shown.append(meter.number.value)
        widths.append(meter.bar.width)
    assert list(dict.fromkeys(shown)) == LOSSES
    assert np.all(np.diff(widths) < 0)
    assert np.array_equal(bars.prediction, STATES[-1])


def test_the_loss_has_no_number_until_its_bar_is_full(panels: tuple[GapBars, LossMeter]) -> None:
    bars, meter = panels
    opening = OpenGaps(bars, STATES[0], meter, LOSSES[0])
    opening.interpolate(0.8)
    assert meter.bar.width > 0
    assert not meter.number.has_points()
    opening.interpolate(1.0)
    assert meter.number.value == LOSSES[0]


def test_what_was_shown_becomes_a_ghost_and_fades(panels: tuple[GapBars, LossMeter]) -> None:
    bars, meter = panels
    scene = Scene(skip_animations=True)
    scene.add(bars.show_prediction(STATES[0]), meter.show_loss(LOSSES[0]))
    scene.play(LeaveGhosts(bars, meter))
    assert bars.prediction is None
    assert meter.loss is None
    assert np.array_equal(bars.earlier, STATES[0])
    assert meter.earlier == LOSSES[0]
    scene.play(OpenGaps(bars, STATES[1], meter, LOSSES[1]))
    scene.play(FadeGaps(bars, meter, ghosts=True))
    assert bars.earlier is None
    assert meter.earlier is None
    assert meter.loss == LOSSES[1]
    scene.play(FadeGaps(bars, meter))
    assert bars.prediction is None
    assert meter.loss is None
    assert set(scene.mobjects) == {bars, meter}
