"""The loop: forward, back, one correction, and forward again, in a quarter of a minute.

The last frame is the first one, so that a GIF of it has no seam.
"""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import LEFT, RIGHT, Animation, VGroup, VMobject
from numpy.typing import NDArray

from netviz.animation.details import Forget
from netviz.animation.gaps import FadeGaps, LeaveGhosts, OpenGaps
from netviz.animation.passes import BackwardPass, ForwardPass
from netviz.animation.timeline import Change, ease
from netviz.core import ForwardTrace, Network
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import Z_FLOW
from netviz.drawing.layout.box import Box
from netviz.drawing.neuron import Neuron
from netviz.drawing.paths import Course, add_arrow, add_band
from netviz.drawing.text import TextLabel
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme, mix
from netviz.words import Words

Array = NDArray[np.float64]

# There are no numbers of blame, so that diagram and gaps can be larger than in other scenes.
_STAGE, _GAPS = Box(-6.75, 4.15, -2.75, 3.05), Box(4.75, 6.9, -2.75, 3.05)
# Left end of a badge, length and half the width of its arrow, and distance of the arrow from the
# word, in frame units.
_BADGE, _ARROW, _HALF_ARROW, _ARROW_GAP = np.array([-6.75, 3.55, 0.0]), 0.8, 0.03, 0.2
# Seconds: the forward pass, the pass back, the forward pass after the correction, the correction,
# and the last hold; a step takes at most _STEP.
_FORWARD, _BACK, _AGAIN, _CORRECTION, _HOLD, _STEP = 3.0, 1.9, 1.2, 1.75, 1.65, 1.5
# How much wider than usual, in addition, the weight that changes most is drawn meanwhile; how much
# its width changes then, and the thinnest line, in frame units. Of more edges than _FEW, these are
# half as wide.
_WIDER, _CHANGE, _THINNEST, _FEW = 2.2, 0.1, 0.02, 40
# Colours from the background, 0, to that of texts, 1: of the weight that changes least and of the
# one that changes most; of an old weight beyond the new one, and of one within it.
_LEAST_INK, _MOST_INK, _BEYOND, _WITHIN = 0.5, 1.0, 0.45, 0.6


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
    _set_stage(scene, badge)
    bars, meter = scene.gap_bars, scene.loss_meter
    loss, new_loss = float(blame.loss), float(scene.blame_in(after).loss)
    first, second = scene.predictions(trace), scene.predictions(again)

    with scene.beat("loop.forward", hold=0.1):
        scene.wait(0.5)
        scene.play(_sweep(diagram, trace, _FORWARD))

    def fill(progress: float) -> None:
        meter.show_loss(loss if progress >= 1 else None, level=loss * ease(progress))

    answers = Change(bars, lambda p: bars.show_prediction(first, 0.0, ease(p)), 0.5)
    with scene.beat("loop.loss", hold=0.25, along=[answers]):
        scene.play(Change(bars, lambda p: bars.show_prediction(first, ease(p)), 0.7))
        scene.play(Change(meter, fill, 0.6))

    flight = Flight(scene)
    along = [flight.played(0.7), badge.turn("backward")]
    with scene.beat("loop.backward", hold=0.05, along=along):
        scene.remove(flight)
        steps = len(diagram.sizes) - 1.5
        scene.play(BackwardPass(diagram, blame, step_time=min(_BACK / steps, _STEP)))

    correction = Correction(diagram, before, after)
    along = [*correction.played(_CORRECTION), badge.turn("update")]
    with scene.beat("loop.update", hold=0.05, along=along):
        scene.remove(correction)

    along = [
        *(Forget(diagram, run_time=0.4), LeaveGhosts(bars, meter, run_time=0.4)),
        badge.turn("forward"),
    ]
    with scene.beat("loop.again", hold=_HOLD, along=along):
        scene.play(
            _sweep(diagram, again, _AGAIN),
            OpenGaps(bars, second, meter, new_loss, run_time=1.0, start=_AGAIN - 0.6),
        )

    scene.clear_caption()
    scene.play(
        Forget(diagram, run_time=0.5),
        Change(diagram, lambda p: diagram.set_weights(before, ease(p), start=after), 0.5),
        FadeGaps(bars, meter, run_time=0.5),
    )
    scene.draw_afresh()
    scene.wait(0.08)


def _set_stage(scene: NetworkScene, badge: Badge) -> None:
    """Show at once what is there from the first frame to the last: targets, loss, badge."""
    # In the GIF a ring has to suffice: three digits could not be read there.
    for column in scene.diagram.neuron_layers:
        for neuron in column:
            neuron.set_sides(neuron.value_em, neuron.value_side, None)
    if "gap_bars" not in vars(scene):
        scene.gaps_box = _GAPS
    scene.show_gaps()
    scene.add(badge)
    scene.show(badge)


def _sweep(diagram: NetworkDiagram, trace: ForwardTrace, seconds: float) -> ForwardPass:
    """Return a forward pass of about that many seconds, the steps of which take 0.6 or more."""
    steps = len(diagram.sizes) - 1
    step = min(max(seconds / steps, 0.6), _STEP)
    lag = min((seconds / step - 1) / max(steps - 1, 1), 1.0)
    return ForwardPass(diagram, trace, step_time=step, lag_ratio=lag)


class Badge(VGroup):
    """What happens now, in a word at the top left, with an arrow in its direction or a note.

    Args:
        theme: Its colours.
        words: Give the word.
    """

    def __init__(self, theme: Theme, words: Words) -> None:
        self.theme, self.words, self.key = theme, words, ""
        self.word = TextLabel("", theme, em=theme.caption_size)
        self.arrow = VMobject(stroke_width=0, fill_opacity=1)
        # What changes in an update is how wide the lines are.
        self.note = TextLabel("", theme)
        super().__init__(self.word, self.arrow, self.note)

    def write(self, key: str, presence: float = 1.0) -> Self:
        """Write ``"forward"``, ``"backward"`` or ``"update"``."""
        colors = {"forward": self.theme.forward_ink, "backward": self.theme.blame}
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
            ends = {"forward": (0.0, 1.0), "backward": (1.0, 0.0)}.get(key)
            if ends is not None:
                add_arrow(self.arrow, way, *ends, _HALF_ARROW, dashed=False)
            self.note.write(self.words("badge.note") if key == "update" else "")
            self.note.move_to(word.get_right() + _ARROW_GAP * RIGHT, aligned_edge=LEFT)
        self.word.set_ink(color, presence)
        self.arrow.set_fill(color, opacity=presence)
        self.note.set_ink(self.theme.text, presence)
        return self

    def turn(self, key: str, seconds: float = 0.4) -> Animation:
        """Return the animation in which another word takes the place of this one."""
        earlier = self.key

        def step(progress: float) -> None:
            self.write(earlier if progress < 0.5 else key, abs(2 * progress - 1))

        return Change(self, step, seconds)


class Flight(VGroup):
    """The gaps between predictions and targets, on their way back to the outputs.

    Args:
        scene: Its gap bars are shown.
    """

    def __init__(self, scene: NetworkScene) -> None:
        diagram, last = scene.diagram, len(scene.diagram.sizes) - 1
        outputs = [diagram.neuron(last, i) for i in diagram.shown(last)]
        blame = scene.theme.blame
        gaps = [gap for gap in scene.gap_bars.gaps if gap.has_points()]
        super().__init__(*(VMobject(stroke_width=0, fill_color=blame) for _ in gaps))
        self._ways = []
        for gap, neuron in zip(scene.gap_bars.gaps, outputs, strict=False):
            if gap.has_points():
                self._ways.append(Course.straight(gap.get_right(), _rim(neuron, gap.get_left())))
        self._widths = [gap.height / 2 for gap in gaps]
        self._lengths = [gap.width for gap in gaps]
        self.set_z_index(Z_FLOW)

    def played(self, seconds: float) -> Animation:
        """Return the animation."""
        return Change(self, self._show, seconds)

    def _show(self, progress: float) -> None:
        for path, way, half, length in zip(
            self, self._ways, self._widths, self._lengths, strict=True
        ):
            path.clear_points()
            share = min(length / way.length, 1.0)
            tail = ease(progress)
            head = share + (1 - share) * ease(min(progress / 0.7, 1.0))
            if progress > 0 and head - tail > 1e-3:
                add_band(path, way, half, dashed=False, part=(tail, head))
            path.set_fill(opacity=1)


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


class Correction(VGroup):
    """Weights that change their widths, magnified, over ghosts of their old widths.

    A change of a weight by a tenth could not be seen. So each line is the wider the more its weight
    changes, and the change of its width is that of |w|, with the largest change as wide as can be
    seen. At the end it is as wide as the diagram's own line, which has changed below. Edges of a
    bundle are too many for this: they light up instead.

    Args:
        diagram: The diagram of the weights, which shows ``before``.
        before, after: Networks of its shape.
    """

    def __init__(self, diagram: NetworkDiagram, before: Network, after: Network) -> None:
        self.diagram, self.before, self.after = diagram, before, after
        edges = [edge for layer in diagram.edge_layers for _, _, edge in layer.edges()]
        self._edges = [edge for edge in edges if not edge.hidden]
        self._widths = [edge.get_stroke_width() / 100 for edge in self._edges]
        networks = (before.connections(), after.connections())
        self._old, self._new = (
            np.array([parts[e.address[0]].weights[e.address[2], e.address[1]] for e in self._edges])
            for parts in networks
        )
        changes = np.abs(self._new - self._old)
        most = max(float(changes.max(initial=0.0)), 1e-300)
        self._changes = changes / most
        self._growths = (np.abs(self._new) - np.abs(self._old)) / most
        few = len(self._edges) <= _FEW
        self._wider, self._widest = (_WIDER, _CHANGE) if few else (_WIDER / 2, _CHANGE / 2)
        self.ghosts, self.bars = (
            VGroup(*(VMobject(stroke_width=0) for _ in self._edges)) for _ in range(2)
        )
        super().__init__(self.ghosts, self.bars)

    def played(self, seconds: float) -> list[Animation]:
        """Return the animations, to be played together."""
        bundles = [edges for edges in self.diagram.edge_layers if not list(edges.edges())]

        def change(progress: float) -> None:
            self.diagram.set_weights(self.after, _changed(progress), start=self.before)
            for edges in bundles:
                glow = np.sin(np.pi * progress) if progress < 1 else 0.0
                edges.set_brightness(np.full_like(edges.brightness(), 1 + glow))

        return [Change(self.diagram, change, seconds), Change(self, self._show, seconds)]

    def _show(self, progress: float) -> None:
        there = ease(min(progress / 0.15, 1.0)) * ease(min((1 - progress) / 0.15, 1.0))
        share, theme = _changed(progress), self.diagram.theme
        for i, (edge, ghost, bar) in enumerate(
            zip(self._edges, self.ghosts, self.bars, strict=True)
        ):
            ghost.clear_points(), bar.clear_points()
            if there <= 0:
                continue
            old, change = self._old[i], self._changes[i]
            wider, growth = 1 + self._wider * change * there, self._growths[i] * share * there
            # The line of the diagram goes from the old width to the new one meanwhile.
            widths = [wider * width for width in (self._widths[i], edge.get_stroke_width() / 100)]
            widths[1] = max(widths[1] + self._widest * growth, _THINNEST)
            for path, width, weight in zip(
                (ghost, bar), widths, (old, old + share * (self._new[i] - old)), strict=True
            ):
                add_band(path, edge.course, width / 2, dashed=weight < 0 and not edge.dense)
            ink, within = _LEAST_INK + (_MOST_INK - _LEAST_INK) * change, widths[0] < widths[1]
            inks = ink * (_WITHIN if within else _BEYOND), ink
            for path, part in zip((ghost, bar), inks, strict=True):
                path.set_fill(mix(theme.background, theme.text, part), opacity=there)
            # What is narrower lies in what is wider.
            ghost.set_z_index(Z_FLOW + (0.1 if within else -0.1))
            bar.set_z_index(Z_FLOW)


def _changed(progress: float) -> float:
    """Return how far the weights have changed: they rest before and after."""
    return ease(min(max((progress - 0.2) / 0.5, 0.0), 1.0))
