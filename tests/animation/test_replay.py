"""A replay goes through the networks of its run and ends at the last one."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Scene

from netviz.animation import BackwardPass
from netviz.animation.replay import Follow, Moment, Replay
from netviz.core import Network, backward, forward
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.panels.training import ProgressCurves, Series
from netviz.problems import ProblemError
from netviz.theme import DARK_THEME

X, TARGET = [0.9, -0.3, 0.5], [1.0, 0.0]


def moment(network: Network) -> Moment:
    trace = forward(network, X)
    return Moment(network, trace, backward(network, trace, TARGET, "mse"))


def run(steps: int = 6) -> list[Moment]:
    moments = [moment(Network.random([3, 4, 2], "tanh", "xavier_uniform", rng=2))]
    for _ in range(steps):
        last = moments[-1]
        moments.append(moment(last.network.updated(last.backward, 2.0)))
    return moments


MOMENTS = run()


@pytest.mark.parametrize("skipped", [True, False], ids=["skipped", "played"])
def test_a_replay_ends_at_the_last_moment(skipped: bool) -> None:
    diagram, scene = NetworkDiagram(MOMENTS[0].network, DARK_THEME), Scene(skip_animations=skipped)
    scene.add(diagram)
    scene.play(Replay(diagram, MOMENTS, run_time=1.0))
    last = MOMENTS[-1]
    assert diagram.network == last.network
    assert [n.value for n in diagram.layer(2)] == last.forward.prediction.tolist()
    assert [n.blame for n in diagram.layer(1)] == last.backward.layers[0].blame.tolist()
    assert diagram.edge(0, 2, 1).weight == last.network.layers[0].weights[1, 2]


def test_numbers_are_those_of_a_moment_and_weights_are_interpolated() -> None:
    diagram = NetworkDiagram(MOMENTS[0].network, DARK_THEME)
    replay = Replay(diagram, MOMENTS, run_time=1.0)
    replay.begin()
    replay.interpolate(2.25 / 6)
    assert [n.value for n in diagram.layer(2)] == MOMENTS[2].forward.prediction.tolist()
    before, after = (MOMENTS[i].network.layers[1].weights[0, 3] for i in (2, 3))
    assert diagram.edge(1, 3, 0).weight == pytest.approx(before + 0.25 * (after - before))


def test_the_width_of_rings_is_relative_to_the_largest_blame_of_the_run() -> None:
    diagram = NetworkDiagram(MOMENTS[0].network, DARK_THEME)
    replay = Replay(diagram, MOMENTS, run_time=1.0)
    replay.begin()
    widths = []
    for place in range(1, len(MOMENTS)):  # the first moment is shown before
        replay.interpolate(place / (len(MOMENTS) - 1))
        widths.append(max(n.blame_ring.get_stroke_width() for n in diagram.layer(2)))
    sizes = [np.abs(m.backward.layers[-1].blame).max() for m in MOMENTS[1:]]
    assert np.argsort(widths).tolist() == np.argsort(sizes).tolist()


def test_a_panel_follows_the_run() -> None:
    losses = np.array([float(m.backward.loss) for m in MOMENTS])
    series = [Series("loss", losses, DARK_THEME.blame, float(losses.max()))]
    panel = ProgressCurves(series, np.arange(7))
    scene = Scene(skip_animations=True)
    scene.play(Follow(panel, len(MOMENTS), run_time=1.0))
    assert panel.numbers[0].value == losses[-1]
    assert panel.step.value == 6


@pytest.mark.parametrize("other", [None, 0])
def test_blame_can_be_scaled_to_that_of_another_trace(other: int | None) -> None:
    shown, scale = MOMENTS[-1].backward, None if other is None else MOMENTS[other].backward
    diagram, scene = NetworkDiagram(MOMENTS[-1].network, DARK_THEME), Scene(skip_animations=True)
    scene.add(diagram)
    scene.play(BackwardPass(diagram, shown, scale_to=scale))
    largest = diagram.scale_of(shown, scale).blame
    for layer, part in enumerate(shown.layers, start=1):
        for neuron, value in zip(diagram.layer(layer), part.blame, strict=True):
            assert neuron.blame == value
            strength = min(abs(value) / largest, 1.0)
            widest = (1.2 + 6.8) * neuron.line_scale
            width = (1.2 + 6.8 * strength) / 8.0 * widest if strength >= 0.01 else 0.0
            assert neuron.blame_ring.get_stroke_width() == pytest.approx(width)


def test_a_replay_needs_two_moments() -> None:
    diagram = NetworkDiagram(MOMENTS[0].network, DARK_THEME)
    with pytest.raises(ProblemError, match="moments has 1 entries: expected at least 2"):
        Replay(diagram, MOMENTS[:1])
