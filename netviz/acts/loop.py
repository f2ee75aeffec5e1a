"""The loop: forward, back, one correction, and forward again, in a quarter of a minute.

The last frame is the first one, so that a GIF of it has no seam.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import LEFT, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from netviz.acts.loss import last_layer
from netviz.animation.details import BlameNeuron, DimEdges, Forget
from netviz.animation.gaps import FadeGaps, LeaveGhosts, OpenGaps
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.timeline import Change, Step, ease
from netviz.animation.update import WeightUpdate
from netviz.core import ForwardTrace, Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_key import EdgeKey
from netviz.drawing.edges.layer import Z_FLOW, EdgeLayer
from netviz.drawing.edges.paint import strongest
from netviz.drawing.layout.box import Box
from netviz.drawing.neuron import Neuron
from netviz.drawing.paths import Course, add_arrow
from netviz.drawing.text import TextLabel
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme
from netviz.words import Words

Array = NDArray[np.float64]

# There are no numbers of blame, so that diagram and gaps can be larger than in other scenes.
_STAGE, _GAPS = Box(-6.75, 3.75, -2.6, 3.05), Box(4.3, 6.9, -2.6, 3.05)
# Left end of a badge, length and half the width of its arrow, and distance of the arrow from the
# word; right end of the key, and its distance from other things, in frame units.
_BADGE, _ARROW, _HALF_ARROW, _ARROW_GAP = np.array([-6.75, 3.55, 0.0]), 0.8, 0.03, 0.2
_KEY, _KEY_GAP = np.array([3.7, 3.6, 0.0]), 0.2
# From an axis to the arrow that leaves it, and half the width of that arrow.
_FROM_AXIS, _HALF_FLIGHT = 0.14, 0.04
# Seconds: the forward pass, the pass back, the forward pass after the correction, the correction,
# and the last hold; a step takes at most _STEP.
_FORWARD, _BACK, _AGAIN, _CORRECTION, _HOLD, _STEP = 1.8, 3.0, 1.2, 1.5, 1.5, 1.2
# Seconds in which the light of the weights appears and disappears, and for which it stays.
_LIGHT, _LIT = 0.16, 0.64
# How many times as wide as usual lines are: a film of 800 pixels shows how wide they are.
_MAGNIFIED = 2.0
# Seconds in which everything returns to the beginning: few frames, which are most of the file.
_GOING = 0.16
# Part of a step back after which its light has arrived, the rings appear in the rest; and seconds
# in which the light of the step before disappears.
_ARRIVED, _FADE = 0.65, 0.3


@act(
    "loop",
    needs=OnScreen(_STAGE, values=1, blames=0),
    leaves=OnScreen(_STAGE, values=1, blames=0, panels=True, gaps="targets"),
)
def loop(scene: NetworkScene) -> None:
    """Forward, back, one correction and forward again: 15 seconds that end as they begin."""
    diagram, trace, blame, again = scene.diagram, scene.trace, scene.blame, scene.corrected_trace
    before, after = diagram.network, scene.corrected
    badge = Badge(scene.theme, scene.words).write("forward")
    key = _set_stage(scene, badge)
    bars, meter = scene.gap_bars, scene.loss_meter
    loss, new_loss = float(blame.loss), float(scene.blame_in(after).loss)
    first, second = scene.predictions(trace), scene.predictions(again)

    with scene.beat("loop.forward", hold=0.1):
        scene.wait(0.2)
        scene.play(_sweep(diagram, trace, _FORWARD))

    def fill(progress: float) -> None:
        meter.show_loss(loss if progress >= 1 else None, level=loss * ease(progress))

    answers = Change(bars, lambda p: bars.show_prediction(first, 0.0, ease(p)), 0.4)
    with scene.beat("loop.loss", hold=0.2, along=[answers]):
        scene.play(
            Change(bars, lambda p: bars.show_prediction(first, ease(p)), 0.6),
            Change(meter, fill, 0.6, start=0.3),
        )

    flight = Flight(scene)
    rings = RingKey(scene, key, badge)
    along = [flight.played(0.6), badge.turn("backward"), rings.appear(0.6)]
    with scene.beat("loop.backward", hold=0.0, along=along):
        scene.remove(flight)
        _go_back(scene)

    along = [DimEdges(diagram, run_time=0.3), badge.turn("update")]
    with scene.beat("loop.update", hold=0.0, along=along):
        light = _light(diagram, before, after)
        scene.play(Change(diagram, light, _LIGHT))
        scene.wait(_LIT)
        fade = Change(diagram, lambda progress: light(1 - progress), _LIGHT)
        scene.play(WeightUpdate(diagram, before, after, run_time=_CORRECTION), fade)

    along = [
        *(Forget(diagram, run_time=0.3), LeaveGhosts(bars, meter, run_time=0.3)),
        badge.turn("again"),
        rings.appear(0.3, back=True),
    ]
    with scene.beat("loop.again", hold=_HOLD, along=along):
        scene.play(
            _sweep(diagram, again, _AGAIN),
            OpenGaps(bars, second, meter, new_loss, run_time=1.0, start=_AGAIN - 0.6),
        )

    scene.clear_caption()
    scene.play(
        Forget(diagram, run_time=_GOING),
        Change(diagram, lambda p: diagram.set_weights(before, ease(p), start=after), _GOING),
        FadeGaps(bars, meter, run_time=_GOING),
        badge.turn("forward"),
    )
    scene.draw_afresh()
    scene.wait(0.08)


def _go_back(scene: NetworkScene) -> None:
    """Let the blame flow back, a layer at a time: its light arrives, then the rings appear."""
    diagram, blame, last = scene.diagram, scene.blame, last_layer(scene)
    step = min(_BACK / (last - 0.5), _STEP)
    scene.play(BackwardPass(diagram, blame, layers=[last], step_time=step))
    for layer in range(last - 1, 0, -1):
        light = BackwardPass(
            *(diagram, blame), layers=[layer], stay=True, answer=False, run_time=_ARRIVED * step
        )
        before = diagram.edge_layers[layer + 1 :][:1]
        scene.play(light, *(_fade(edges, min(_FADE, step / 2)) for edges in before))
        rings = [
            BlameNeuron(diagram, blame, layer, i, run_time=(1 - _ARRIVED) * step)
            for i in diagram.shown(layer)
        ]
        scene.play(*rings)


def _light(diagram: NetworkDiagram, before: Network, after: Network) -> Step:
    """Return the step in which every edge gets a halo as wide as its weight will change.

    Edges of a dense layer light up while they change.
    """
    ends = zip(before.connections(), after.connections(), strict=True)
    changes = [np.abs(end.weights - start.weights) for start, end in ends]
    largest = strongest(*changes)

    def step(progress: float) -> None:
        for edges, change in zip(diagram.edge_layers, changes, strict=True):
            if not edges.dense:
                edges.set_halo(change / largest, ease(progress))

    return step


def _fade(edges: EdgeLayer, seconds: float) -> Animation:
    """Return the animation in which the light on the edges of a layer disappears."""

    def step(progress: float) -> None:
        edges.fade_flow(1 - progress)
        if progress >= 1:
            edges.clear_flow()

    return Change(edges, step, seconds)


def _set_stage(scene: NetworkScene, badge: Badge) -> EdgeKey:
    """Show at once what is there from the first frame to the last; return the key of the lines."""
    # In the GIF a ring has to suffice: three digits could not be read there.
    for column in scene.diagram.neuron_layers:
        for neuron in column:
            neuron.set_sides(neuron.value_em, neuron.value_side, None)
    if "gap_bars" not in vars(scene):
        scene.gaps_box = _GAPS
    scene.show_gaps()
    diagram = scene.diagram
    for edges in diagram.edge_layers:
        if not edges.dense:
            edges.magnify(_MAGNIFIED)
    key = EdgeKey(scene.theme, dense=diagram.edge_layers[0].dense, words=scene.words)
    scene.add(badge, key.move_to(_KEY, aligned_edge=RIGHT))
    scene.show(badge, key)
    return key


def _sweep(diagram: NetworkDiagram, trace: ForwardTrace, seconds: float) -> ForwardPass:
    """Return a forward pass of about that many seconds, the steps of which take 0.6 or more."""
    steps = len(diagram.sizes) - 1
    step = min(max(seconds / steps, 0.6), _STEP)
    lag = min((seconds / step - 1) / max(steps - 1, 1), 1.0)
    return ForwardPass(diagram, trace, step_time=step, lag_ratio=lag)


class Badge(VGroup):
    """What happens now, in a word at the top left, with an arrow in its direction.

    Args:
        theme: Its colours.
        words: Give the word.
    """

    def __init__(self, theme: Theme, words: Words) -> None:
        self.theme, self.words, self.key = theme, words, ""
        self.word = TextLabel("", theme, em=theme.caption_size)
        self.arrow = VMobject(stroke_width=0, fill_opacity=1)
        super().__init__(self.word, self.arrow)

    def write(self, key: str, presence: float = 1.0) -> Self:
        """Write ``"forward"``, ``"backward"``, ``"update"`` or ``"again"``."""
        forward = self.theme.forward_ink
        colors = {"forward": forward, "again": forward, "backward": self.theme.blame}
        color = colors.get(key, self.theme.text)
        if key != self.key:
            self.key = key
            # A new label each time, so that the same word is the same to the last bit.
            word = TextLabel(self.words(f"badge.{key}"), self.theme, em=self.theme.caption_size)
            left = _ARROW + _ARROW_GAP if key == "backward" else 0.0
            word.move_to(_BADGE + left * RIGHT, aligned_edge=LEFT)
            self.word.set_points(word.points).text = word.text
            self.arrow.clear_points()
            start = _BADGE if key == "backward" else word.get_right() + _ARROW_GAP * RIGHT
            way = Course.straight(start, start + _ARROW * RIGHT)
            if key in colors:
                ends = (1.0, 0.0) if key == "backward" else (0.0, 1.0)
                add_arrow(self.arrow, way, *ends, _HALF_ARROW, dashed=False)
        self.word.set_ink(color, presence)
        self.arrow.set_fill(color, opacity=presence)
        return self

    def turn(self, key: str, seconds: float = 0.6) -> Animation:
        """Return the animation in which another word takes the place of this one."""
        earlier = self.key

        def step(progress: float) -> None:
            self.write(earlier if progress < 0.5 else key, abs(2 * progress - 1))

        return Change(self, step, seconds)


class RingKey(VGroup):
    """What a ring is, left of the key of the lines, if there is room next to the badge.

    Args:
        scene: Its neurons have rings.
        key: The key of the lines.
        badge: What stands left of both.
    """

    def __init__(self, scene: NetworkScene, key: EdgeKey, badge: Badge) -> None:
        super().__init__()
        shown = badge.key
        free = key.get_left()[0] - badge.write("backward").get_right()[0]
        badge.write(shown)
        entry = EdgeKey(scene.theme, "blame", words=scene.words)
        if free >= entry.width + 2 * _KEY_GAP:
            self.add(entry.next_to(key, LEFT, buff=_KEY_GAP))

    def appear(self, seconds: float, *, back: bool = False) -> Animation:
        """Return the animation in which it appears, or disappears."""

        def step(progress: float) -> None:
            presence = ease(1 - progress if back else progress)
            for ring, word in self.submobjects and self.submobjects[0]:
                ring.set_stroke(opacity=presence)
                word.set_opacity(presence)

        return Change(self, step, seconds)


class Flight(VGroup):
    """What the gaps send to the outputs: an arrow of blame from each axis to its neuron.

    Args:
        scene: Its gap bars are shown.
    """

    def __init__(self, scene: NetworkScene) -> None:
        diagram, last = scene.diagram, len(scene.diagram.sizes) - 1
        bars, self._blame = scene.gap_bars, scene.theme.blame
        outputs = [diagram.neuron(last, i) for i in diagram.shown(last)]
        self._ways = []
        for gap, axis, neuron in zip(bars.gaps, bars.axes, outputs, strict=False):
            # It covers neither the gap nor its ends, whose distance is what one reads.
            start = axis.get_start() + _FROM_AXIS * LEFT
            end = _rim(neuron, start)
            if gap.has_points() and start[0] > end[0]:
                self._ways.append(Course.straight(start, end))
        super().__init__(*(VMobject(stroke_width=0) for _ in self._ways))
        self.set_z_index(Z_FLOW)

    def played(self, seconds: float) -> Animation:
        """Return the animation."""
        return Change(self, self._show, seconds)

    def _show(self, progress: float) -> None:
        tail, head = ease(max(2 * progress - 1, 0.0)), ease(min(2 * progress, 1.0))
        for path, way in zip(self, self._ways, strict=True):
            path.clear_points()
            if (head - tail) * way.length > 1e-3:
                add_arrow(path, way, tail, head, _HALF_FLIGHT, dashed=False)
            path.set_fill(self._blame, opacity=1)


def _rim(neuron: Neuron, start: Array) -> Array:
    """Return where a way from ``start`` meets a neuron, or the number written outside it."""
    end = neuron.disc.get_center()
    along = (end - start) / np.linalg.norm(end - start)
    number = neuron.value_text
    if neuron.value_side is not None and number.has_points():
        reach = np.abs(number.get_center() - end)
        reach += np.array([number.width / 2 + 0.1, number.height / 2 + 0.1, 0.0])
        return end - float(reach @ np.abs(along)) * along
    return end - neuron.reach * along
