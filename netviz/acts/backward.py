"""Blame flows back: the blame of an output, its shares, and their sum in a hidden neuron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, FadeIn, FadeOut, LaggedStart, Mobject, VGroup
from numpy.typing import NDArray

from netviz.acts.forward import elementwise
from netviz.acts.loss import (
    OutputRows,
    clear_stage,
    clearing,
    gap_moves,
    last_layer,
    open_gap,
    written,
)
from netviz.animation.details import BlameNeuron, DimEdges, Focus, GrowTangent
from netviz.animation.gap import AddUp
from netviz.animation.passes import BackwardPass
from netviz.animation.timeline import Change
from netviz.drawing.edge_sum import EdgeSum, Plated
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.labels.lettering import wrapped
from netviz.drawing.layout.box import STAGE_BOX, Box
from netviz.drawing.numerals import figures, unit_of, value_of
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.text import Number, TextLabel
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import CLEARING
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme

Array = NDArray[np.float64]

# Digits after the point of blame and slopes; more are printed where a product needs them.
_DECIMALS, _MOST_DECIMALS = 3, 6
# Between the parts of a product, from the row of an output to the words above or below it, and
# from an output to the word above its blame, in frame units.
_GAP, _NEAR, _TO_BLAME = 0.16, 0.34, 0.5
# The curve of an output: its distance from the outputs, its size, and the distance from its row.
_CURVE_LEFT, _CURVE_WIDTH, _CURVE_HEIGHT, _CURVE_AWAY = 0.9, 3.4, 2.3, 0.4
# Two curves next to each other: between them, the least width and height of one, and the room for
# the slope that is written below it.
_CURVE_GAP, _LEAST_CURVE, _CURVE_FOOT = 0.3, 1.7, 0.55
# From a neuron, and from the layer before it, to what is written before it, in frame units; from
# line to line of a layer, in ems.
_BEFORE, _LINE = 0.1, 1.2
# Between the words and the number of a line below a sum, in frame units.
_WIDE = 0.18
# How far numbers move as they appear, in frame units.
_SHIFT = 0.3
# Seconds of the shares of one neuron, and of a layer that is played at once.
_SPLIT, _SWEEP = 3.4, 1.2


def most_blamed(scene: NetworkScene, layer: int) -> int:
    """Return the index of the drawn neuron of a layer with the largest |δ|."""
    return by_blame(scene, layer)[0]


def by_blame(scene: NetworkScene, layer: int) -> list[int]:
    """Return the indices of the drawn neurons of a layer, the largest |δ| first."""
    blame = np.abs(scene.blame.layers[layer - 1].blame)
    return sorted(scene.diagram.shown(layer), key=lambda i: -float(blame[i]))


# ---- outputs ------------------------------------------------------------------------------------


@act(
    "blame",
    section="blame",
    rows=True,
    needs=OnScreen("stage", values="all", blames=0, panels=None, gaps="open"),
    leaves=OnScreen("stage", values="all", blames=1, gaps="open"),
)
def blame(scene: NetworkScene, *, compare: bool = True) -> None:
    """The outputs get their blame: the slope of the loss times the slope of their curve.

    Args:
        scene: The scene on which it is played.
        compare: Whether an output with a larger error and less blame is compared with the first.
    """
    diagram, layer = scene.diagram, last_layer(scene)
    open_gap(scene, layer - 1, *clearing(scene))
    blames = _OutputBlames.of(scene)
    chosen = blames.chosen
    name = scene.neuron_name(layer, chosen)
    focus = Focus(diagram, [], [(layer, chosen)])
    # With a factor there is a hold before the slope of the loss moves to its place.
    hold = 0.0 if blames.factor else None
    with scene.beat(blames.caption, hold=hold, along=[focus], name=name, factor=blames.factor):
        error = blames.error(chosen)
        scene.play(FadeIn(error, target_position=_gap(scene, chosen)), run_time=0.8)
        leaving: list[Mobject] = [error]
        if blames.way == "slopes":
            leaving = _slope_of_loss(scene, blames, error)
        else:
            _settle(scene, error, layer, chosen)
    others = [i for i in diagram.shown(layer) if i != chosen]
    if blames.way == "slopes":
        factors, heads = leaving
        curve = _times_slope(scene, blames, factors, heads)
        rows = {chosen: factors}
        if others:
            rows |= _other_rows(scene, blames, others, heads, curve)
        else:
            scene.play(FadeOut(curve), run_time=CLEARING)
        if compare and blames.farthest != chosen:
            _compare(scene, blames, rows, (chosen, blames.farthest))
        _settle_all(scene, blames, rows, heads)
        leaving = []
    elif others:
        leaving += _other_outputs(scene, blames, others)
    scene.play(*map(FadeOut, leaving), Focus(diagram, None), run_time=CLEARING)


@dataclass(frozen=True)
class _OutputBlames:
    """How each output gets its blame, written in the row between the output and its gap.

    Attributes:
        scene: The scene.
        rows: The places.
        way: ``"slopes"``: slope of the loss times slope of the curve. ``"same"``: the error itself.
            ``"coupled"``: neither, as for softmax with a squared loss.
        slopes: Slope of the curve of each output; empty if the activation is not elementwise.
    """

    scene: NetworkScene
    rows: OutputRows
    way: str
    slopes: Array

    @classmethod
    def of(cls, scene: NetworkScene) -> _OutputBlames:
        layer = last_layer(scene)
        record, forward = scene.blame.layers[layer - 1], scene.trace.layers[layer - 1]
        function, targets = forward.layer.activation, scene.example.target
        slopes, way = np.zeros(0), "coupled"
        if function.elementwise:
            slopes = function.slope(forward.z)
        if len(slopes) and np.allclose(slopes * record.activation_gradient, record.blame):
            way = "slopes"
        elif len(targets) == len(record.blame) and np.allclose(
            record.blame, scene.trace.prediction - targets
        ):
            way = "same"
        drawn = [i for i in scene.diagram.shown(layer) if i < len(targets)]
        rows = OutputRows.of(scene, np.abs(record.blame), drawn)
        return cls(scene, rows, way, slopes)

    @property
    def caption(self) -> str:
        """Key of the caption about where the blame of an output begins."""
        if self.way == "slopes":
            return "blame.factor" if self.factor else "blame.gradient"
        return "blame.same" if self.way == "same" else "blame.coupled"

    @property
    def layer(self) -> int:
        """The output layer."""
        return last_layer(self.scene)

    def gradient_of(self, i: int) -> float:
        """The slope of the loss at an output, ∂L/∂a."""
        return float(self.scene.blame.layers[self.layer - 1].activation_gradient[i])

    def blame_of(self, i: int) -> float:
        """The blame of an output."""
        return float(self.scene.blame.layers[self.layer - 1].blame[i])

    def error_of(self, i: int) -> float:
        """Prediction minus target."""
        return float(self.scene.trace.prediction[i] - self.scene.example.target[i])

    def height(self, i: int) -> float:
        """The height of the row of an output."""
        return float(self.scene.diagram.neuron(self.layer, i).disc.get_y())

    @cached_property
    def chosen(self) -> int:
        """The output with a row that has the largest blame."""
        return next(i for i in by_blame(self.scene, self.layer) if i in self.rows.outputs)

    @property
    def farthest(self) -> int:
        """The output with a row that has the largest error."""
        return max(self.rows.outputs, key=lambda i: abs(self.error_of(i)))

    @cached_property
    def below(self) -> bool:
        """Whether curves stand below the rows that they explain, and not above them.

        The words of the columns stand on the other side of all rows, from first to last.
        """
        for outputs in ((self.chosen, self.farthest), (self.chosen,)):
            rooms = [self.room(outputs, below) for below in (False, True)]
            above, under = (high - low for low, high in rooms)
            if max(above, under) >= _LEAST_CURVE:
                break
        return under > above

    def room(self, outputs: Sequence[int], below: bool) -> tuple[float, float]:
        """From where to where there is room for curves below or above the rows of some outputs."""
        heights = [self.height(i) for i in outputs]
        if below:
            return STAGE_BOX.bottom, min(heights) - _CURVE_AWAY
        return max(heights) + _CURVE_AWAY, STAGE_BOX.top

    @property
    def factor(self) -> str:
        """The slope of the loss as a multiple of the error, such as 2/5; empty if there is none."""
        outputs = len(self.scene.example.target)
        if self.scene.example.loss.name != "mse" or outputs == 2:
            return ""
        return f"2/{outputs}" if outputs > 1 else "2"

    def error(self, i: int) -> Number:
        """Return the error of an output at the end of its row, with digits that can be checked."""
        error, slope = self.error_of(i), self._texts(i)[0] if self.way == "slopes" else ""
        text = figures(error, _DECIMALS, signed=True)
        for decimals in range(_DECIMALS, _MOST_DECIMALS) if slope and self.factor else ():
            text = figures(error, decimals, signed=True, most=decimals + 3)
            exact = self.gradient_of(i) / error * value_of(text) if error else 0.0
            if abs(exact - value_of(slope)) <= unit_of(slope):
                break
        return self._at_end(written(self.scene, error, text, self.theme.blame, self.rows.em), i)

    @property
    def theme(self) -> Theme:
        """Colours of the scene."""
        return self.scene.theme

    def _at_end(self, number: Number, i: int) -> Number:
        number.move_to([self.rows.right, self.height(i), 0], aligned_edge=RIGHT)
        return number

    def _texts(self, i: int) -> tuple[str, str]:
        """Slope of the loss, and slope of the curve, as they are written."""
        return self._written(i, self._decimals)

    def _written(self, i: int, decimals: int) -> tuple[str, str]:
        return (
            figures(self.gradient_of(i), decimals, signed=True, most=decimals + 3),
            figures(float(self.slopes[i]), decimals, most=decimals + 3),
        )

    @cached_property
    def _decimals(self) -> int:
        """Digits with which a calculator finds the blame of every row, as it is written."""
        for decimals in range(_DECIMALS, _MOST_DECIMALS):
            if all(_agree(self._written(i, decimals), self.blame_of(i)) for i in self.rows.outputs):
                return decimals
        return _DECIMALS

    @cached_property
    def _ends(self) -> tuple[float, ...]:
        """Where the columns end: slope of the loss, ``×``, slope of the curve, ``=``, blame."""
        gap = _GAP * self.rows.em / self.theme.number_size
        heads = self._heads()
        numbers = [
            max(heads[column].width, *(self._number(i, column).width for i in self.rows.outputs))
            for column in range(3)
        ]
        times, equals = (self._sign(sign).width for sign in "×=")
        widths = (numbers[0], times, numbers[1], equals, numbers[2])
        after = [sum(widths[at + 1 :]) + gap * (4 - at) for at in range(5)]
        return tuple(self.rows.right - beyond for beyond in after)

    def _number(self, i: int, column: int) -> Number:
        """The slope of the loss, 0, that of the curve, 1, or their product, the blame, 2."""
        blame = self.blame_of(i)
        value, text, color = (
            (self.gradient_of(i), self._texts(i)[0], self.theme.text),
            (float(self.slopes[i]), self._texts(i)[1], self.scene.diagram.role(self.layer)),
            (blame, figures(blame, _DECIMALS, signed=True), self.theme.blame),
        )[column]
        return written(self.scene, value, text, color, self.rows.em)

    def _sign(self, text: str) -> TextLabel:
        return TextLabel(text, self.theme, em=self.rows.em, color=self.theme.muted)

    def factors(self, i: int) -> VGroup:
        """Return slope of the loss, ``×``, slope of the curve, ``=``, blame."""
        signs = map(self._sign, "×=")
        numbers = (self._number(i, column) for column in range(3))
        parts = [next(numbers), next(signs), next(numbers), next(signs), next(numbers)]
        for part, end in zip(parts, self._ends, strict=True):
            part.move_to([end, self.height(i), 0], aligned_edge=RIGHT)
        return VGroup(*parts)

    def equation(self, error: Number, slope: Number) -> VGroup:
        """Return ``2/5 × 0.641 = +0.256`` at the end of a row, the slope of the loss by its error.

        Args:
            error, slope: The numbers.
        """
        text = error.text.removeprefix("+")
        number = self._like(error, f"({text})" if error.value < 0 else text)
        factor = TextLabel(self.factor, self.theme, em=self.rows.em)
        parts = VGroup(factor, self._sign("×"), number, self._sign("="), self._like(slope))
        parts.arrange(RIGHT, buff=_GAP)
        return parts.move_to(error, aligned_edge=RIGHT)

    def _like(self, number: Number, text: str = "") -> Number:
        copy = number.copy()
        return copy.show(number.value, text) if text else copy

    def _heads(self) -> VGroup:
        """The words of the columns: of the slopes, and of the blame."""
        em, theme = self.rows.em, self.theme
        colors = {
            "loss_slope": theme.text,
            "slope": self.scene.diagram.role(self.layer),
            "blame": theme.blame,
        }
        return VGroup(
            *(
                TextLabel(wrapped(self.scene.words(f"panel.{key}"), 2), theme, em=em, color=hue)
                for key, hue in colors.items()
            )
        )

    def heads(self, outputs: Sequence[int]) -> VGroup:
        """Return the words of the columns, above or below the rows of some outputs."""
        heads, below = self._heads(), not self.below
        side = DOWN if below else UP
        heights = [self.height(i) for i in outputs]
        y = min(heights) if below else max(heights)
        for head, end in zip(heads, self._ends[::2], strict=True):
            head.move_to([end, y + _NEAR * side[1], 0], aligned_edge=RIGHT - side)
        return heads


def _agree(factors: tuple[str, str], product: float) -> bool:
    """Whether the product of two printed factors is the printed product, to one unit of it."""
    text = figures(product, _DECIMALS, signed=True)
    off = abs(value_of(factors[0]) * value_of(factors[1]) - value_of(text))
    return off <= unit_of(text) * (1 + 1e-9)


def _gap(scene: NetworkScene, i: int) -> Array:
    """The point of the prediction of an output among the gap bars."""
    drawn = [k for k in scene.diagram.shown(last_layer(scene)) if k < len(scene.example.target)]
    row = drawn.index(i)
    return scene.gap_bars.at(row, float(scene.trace.prediction[i]))


def _slope_of_loss(scene: NetworkScene, blames: _OutputBlames, error: Number) -> list[Mobject]:
    """Turn the error of the chosen output into the slope of the loss.

    Returns what stays: the factors of the blame, of which only the first is shown yet, and the
    words of their columns.
    """
    factors, heads = blames.factors(blames.chosen), blames.heads([blames.chosen])
    if not blames.factor:
        merge = error.animate.move_to(factors[0]).set_opacity(0)
        scene.play(merge, FadeIn(factors[0]), FadeIn(heads[0]), run_time=0.8)
        scene.remove(error)
        return [factors, heads]
    equation = blames.equation(error, factors[0])
    slope = equation[-1]
    head = heads[0].copy().next_to(slope, UP, buff=_GAP, aligned_edge=RIGHT)
    there = error.animate.move_to(equation[2], aligned_edge=RIGHT)
    scene.play(FadeIn(equation[:2]), there, run_time=0.7)
    # Without the sign that a factor does not need, or in parentheses.
    scene.remove(error).add(equation[2])
    scene.play(FadeIn(equation[3:]), FadeIn(head), run_time=0.5)
    scene.hold()
    scene.play(*map(FadeOut, [*equation[:4], head]), run_time=CLEARING)
    scene.play(slope.animate.move_to(factors[0]), FadeIn(heads[0]), run_time=0.7)
    scene.remove(slope).add(factors[0])
    return [factors, heads]


def _times_slope(
    scene: NetworkScene, blames: _OutputBlames, factors: VGroup, heads: VGroup
) -> ActivationCurve:
    """Multiply the slope of the loss by that of the curve: that is the blame of an output.

    Returns the curve, which stays.
    """
    _, times, slope, equals, result = factors
    curve = _curve(scene, blames)
    with scene.beat("blame.slope", along=[FadeIn(curve, run_time=0.6)]):
        scene.play(GrowTangent(curve, _sum_of(scene, blames.chosen)))
        come = FadeIn(slope, target_position=curve.dot)
        scene.play(come, FadeIn(times), FadeIn(heads[1]), run_time=0.8)
        scene.play(*map(FadeIn, (equals, heads[2], result)), run_time=0.5)
    return curve


def _sum_of(scene: NetworkScene, i: int) -> float:
    """The weighted sum of an output, z."""
    return float(scene.trace.layers[last_layer(scene) - 1].z[i])


def _other_rows(
    scene: NetworkScene,
    blames: _OutputBlames,
    others: Sequence[int],
    heads: VGroup,
    curve: ActivationCurve,
) -> dict[int, VGroup]:
    """Show the factors of the other outputs that have a row, in place of the curve.

    The words of the columns make room for them. Returns the rows by output.
    """
    rows = {i: blames.factors(i) for i in blames.rows.outputs if i in others}
    shown = [(blames.layer, i) for i in scene.diagram.shown(blames.layer)]
    away = heads.animate(run_time=0.7).become(blames.heads(blames.rows.outputs))
    along = [FadeOut(curve, run_time=CLEARING), Focus(scene.diagram, [], shown), away]
    with scene.beat("blame.all", along=along):
        come = [FadeIn(row, shift=_SHIFT * LEFT) for row in rows.values()]
        if come:
            scene.play(LaggedStart(*come, lag_ratio=0.2), run_time=1.4)
    return rows


def _compare(
    scene: NetworkScene,
    blames: _OutputBlames,
    rows: dict[int, VGroup],
    pair: tuple[int, int],
) -> None:
    """Show why an output with a larger error has less blame: its curve is flatter there.

    Args:
        scene: The scene.
        blames: The blame of each output.
        rows: The factors on screen, by output.
        pair: The output with the largest blame, and the one with the largest error.
    """
    layer, theme = blames.layer, scene.theme
    low, high = blames.room(pair, blames.below)
    left, right = blames.rows.left, blames.rows.right
    width, names = (right - left - _CURVE_GAP) / 2, _LINE * theme.smallest_text
    high = min(high, low + _CURVE_HEIGHT + names)
    if high - names - low < _LEAST_CURVE or width < _LEAST_CURVE:
        return
    curves, slopes, titles = [], [], []
    for place, i in enumerate(pair):
        start = left + place * (width + _CURVE_GAP)
        curve = _curve_in(scene, i, Box(start, start + width, low + _CURVE_FOOT, high - names))
        title = TextLabel(
            scene.neuron_name(layer, i),
            theme,
            em=theme.smallest_text,
            color=scene.diagram.role(layer),
        )
        title.move_to([start + width / 2, high, 0], aligned_edge=UP)
        name = TextLabel(
            scene.words("sum.tangent"), theme, em=theme.smallest_text, color=theme.muted
        )
        number = blames.factors(i)[2].set_em(theme.number_size)
        line = Plated(name, number, theme=theme, gap=_WIDE)
        line.move_to([start + width / 2, low, 0], aligned_edge=DOWN)
        curves.append(curve)
        titles.append(title)
        slopes.append(line)
    others = [row for i, row in rows.items() if i not in pair]
    along = [
        Focus(scene.diagram, [], [(layer, i) for i in pair]),
        *(FadeOut(row, run_time=CLEARING) for row in others),
    ]
    with scene.beat("blame.flat", along=along, name=scene.neuron_name(layer, pair[1])):
        scene.play(*map(FadeIn, (*curves, *titles)), run_time=0.6)
        scene.play(
            *(GrowTangent(curve, _sum_of(scene, i)) for curve, i in zip(curves, pair, strict=True)),
        )
        scene.play(*map(FadeIn, slopes), run_time=0.6)
    whole = Focus(scene.diagram, [], [(layer, i) for i in scene.diagram.shown(layer)])
    scene.play(*map(FadeOut, (*curves, *slopes, *titles)), run_time=CLEARING)
    scene.play(whole, *map(FadeIn, others), run_time=CLEARING)


def _settle_all(
    scene: NetworkScene, blames: _OutputBlames, rows: dict[int, VGroup], heads: VGroup
) -> None:
    """Let the outputs get their blame, and their rows leave."""
    layer, shown = blames.layer, scene.diagram.shown(blames.layer)
    factors = [*(part for row in rows.values() for part in row[:-1]), heads]
    with scene.beat("blame.ring", along=[FadeOut(part, run_time=CLEARING) for part in factors]):
        moves = [
            row[-1].animate.move_to(_blame_place(scene, i)).set_opacity(0)
            for i, row in rows.items()
        ]
        rings = [BlameNeuron(scene.diagram, scene.blame, layer, i, run_time=1.0) for i in shown]
        scene.remove(*rows.values())
        scene.play(*moves, *rings, run_time=1.0)
        scene.remove(*(row[-1] for row in rows.values()))


def _blame_place(scene: NetworkScene, i: int) -> Array:
    """Where the blame of an output is written."""
    neuron = scene.diagram.neuron(last_layer(scene), i)
    return neuron.disc.get_center() + (neuron.reach + _TO_BLAME) * RIGHT


def _curve(scene: NetworkScene, blames: _OutputBlames) -> ActivationCurve:
    """Return the curve of the chosen output below or above its row, with the dot at its sum."""
    low, high = blames.room((blames.chosen,), blames.below)
    if blames.below:
        low = max(low, high - _CURVE_HEIGHT)
    else:
        high = min(high, low + _CURVE_HEIGHT)
    left = blames.rows.left + _CURVE_LEFT
    right = min(left + _CURVE_WIDTH, blames.rows.right)
    return _curve_in(scene, blames.chosen, Box(left, right, low, high))


def _curve_in(scene: NetworkScene, i: int, box: Box) -> ActivationCurve:
    """Return the curve of an output in a box, with the dot at its sum."""
    layer, z = last_layer(scene), _sum_of(scene, i)
    return ActivationCurve(
        scene.trace.layers[layer - 1].layer.activation,
        z=z,
        color=scene.diagram.role(layer),
        theme=scene.theme,
        box=box,
    ).set_z(z)


def _settle(scene: NetworkScene, number: Number, layer: int, i: int) -> None:
    """Let a number flow to an output, which gets its blame."""
    flying = number.copy()
    move = flying.animate.move_to(_blame_place(scene, i)).set_opacity(0)
    scene.play(move, BlameNeuron(scene.diagram, scene.blame, layer, i, run_time=1.0), run_time=1.0)
    scene.remove(flying)


def _other_outputs(
    scene: NetworkScene, blames: _OutputBlames, others: Sequence[int]
) -> list[Mobject]:
    """Show the blame of the other outputs; return what is written in their rows."""
    diagram, layer = scene.diagram, blames.layer
    listed = [i for i in blames.rows.outputs if i in others]
    rows = [blames.error(i) for i in listed] if blames.way == "same" else []
    focus = Focus(diagram, [], [(layer, i) for i in diagram.shown(layer)])
    with scene.beat("blame.all", along=[focus]):
        come = (FadeIn(row, shift=_SHIFT * LEFT) for row in rows)
        ring = (BlameNeuron(diagram, scene.blame, layer, i) for i in others)
        flow = [LaggedStart(*each, lag_ratio=0.2, run_time=1.6) for each in (come, ring)]
        scene.play(*(each for each in flow if each.animations))
    return [*rows]


# ---- hidden neurons -----------------------------------------------------------------------------


@act(
    "shares",
    section="shares",
    rows=True,
    needs=OnScreen("stage", values="all", blames=1, panels=None, gaps="open"),
    leaves=OnScreen("stage", values="all", blames="all", gaps="open"),
)
def shares(scene: NetworkScene) -> None:
    """The blame splits along the weights and adds up, back to the first hidden layer."""
    last = last_layer(scene)
    for layer in range(last - 1, 0, -1):
        neurons, key = by_blame(scene, layer), "shares.before"
        if layer == last - 1:
            first, *neurons = neurons
            _collect_slowly(scene, layer, first)
            key = "shares.rest" if neurons[1:] else "shares.twin"
        if neurons:
            _collect_at_once(scene, layer, neurons, key)
    clear_stage(scene)


def _collect_slowly(scene: NetworkScene, layer: int, k: int) -> None:
    """Show how the shares of a hidden neuron arrive one by one, add up, and become its blame."""
    focus = Focus(scene.diagram, scene.diagram.edges_out_of(layer, k))
    along = [*clearing(scene), *gap_moves(scene, layer, back=True), focus]
    with scene.beat("shares.split", along=along):
        collected = collected_shares(scene, layer, k)
        scene.add(collected.sum)
        scene.play(AddUp(collected.sum, slow=True, run_time=_SPLIT))
    with scene.beat("shares.slope" if elementwise(scene, layer) else "shares.coupled"):
        _become_blame(scene, collected, layer, k)
    _clear(scene, collected)


def _collect_at_once(scene: NetworkScene, layer: int, neurons: Sequence[int], key: str) -> None:
    """Let neurons of a layer collect their shares together."""
    diagram = scene.diagram
    edges = None
    if not isinstance(diagram.edge_layers[layer], Bundle):
        edges = [edge for k in neurons for edge in diagram.edges_out_of(layer, k)]
    arrival = BackwardPass(
        *(diagram, scene.blame),
        layers=[layer],
        neurons=list(neurons),
        step_time=_SWEEP,
        stay=True,
        answer=False,
    )
    along = [*clearing(scene), *gap_moves(scene, layer, back=True), Focus(diagram, edges)]
    with scene.beat(key, along=along):
        lines = _lines(scene, layer, neurons)
        scene.play(arrival)
        if lines:
            scene.play(*(FadeIn(part) for line in lines for part in line[:-2]), run_time=0.4)
        blaming = [BlameNeuron(diagram, scene.blame, layer, k) for k in neurons]
        scene.play(*blaming, *(FadeIn(part, run_time=0.6) for line in lines for part in line[-2:]))
        scene.remove(*(part for line in lines for part in line))
        scene.add(*lines)
        scene.show(*lines)


def _lines(scene: NetworkScene, layer: int, neurons: Sequence[int]) -> list[VGroup]:
    """Return ``Σ shares × slope = δ`` before each of some neurons; none if there is no room.

    Each is a plate, and the five parts.
    """
    diagram, theme = scene.diagram, scene.theme
    if not elementwise(scene, layer):
        return []
    right = min(each.disc.get_left()[0] for each in diagram.layer(layer)) - _BEFORE
    left = max(each.get_right()[0] for each in diagram.layer(layer - 1)) + _BEFORE
    em = min(theme.number_size, 2 * diagram.layout.half_way(layer) / _LINE)
    lines = []
    record, back = scene.trace.layers[layer - 1], scene.blame.layers[layer - 1]
    slopes = record.layer.activation.slope(record.z)
    for k in neurons:
        values = tuple(float(part[k]) for part in (back.activation_gradient, slopes, back.blame))
        colors = theme.blame, diagram.role(layer), theme.blame
        first, slope, blame = (
            written(scene, value, text, color)
            for value, text, color in zip(values, _checked(*values), colors, strict=True)
        )
        times, equals = (TextLabel(sign, theme, color=theme.muted) for sign in "×=")
        lines.append(Plated(first, times, slope, equals, blame, theme=theme))
    widest = max(line.width for line in lines)
    em *= min(1.0, (right - left) / widest)
    if em < theme.smallest_text:
        return []
    for k, line in zip(neurons, lines, strict=True):
        y = diagram.neuron(layer, k).disc.get_y()
        line.scale(em / theme.number_size).move_to([right, y, 0], aligned_edge=RIGHT)
    return [VGroup(line.plate, *line.texts) for line in lines]


@dataclass(frozen=True)
class Collected:
    """The arithmetic of a hidden neuron.

    Attributes:
        sum: The shares on its edges, and their sum.
        lines: The lines below the sum: its slope, if it has one, and its blame.
    """

    sum: EdgeSum
    lines: Sequence[Plated]


def collected_shares(scene: NetworkScene, layer: int, k: int) -> Collected:
    """Return ``Σ shares × slope = δ`` of a hidden neuron, with digits that can be checked.

    Args:
        scene: A scene in which the gap after the layer is open for a backward pass.
        layer, k: The neuron.
    """
    theme, words, blame = scene.theme, scene.words, float(scene.blame.layers[layer - 1].blame[k])
    delta, slope, decimals = figures(blame, _DECIMALS, signed=True), "", _DECIMALS
    value = 0.0
    made = EdgeSum(scene.diagram, scene.blame, layer, k, words=words)
    if elementwise(scene, layer):
        record = scene.trace.layers[layer - 1]
        value = float(record.layer.activation.slope(record.z)[k])
        while True:
            total = made.column.write(made.total)
            slope, agrees = _checked_factor(total, value, blame)
            if agrees or decimals == _MOST_DECIMALS:
                break
            decimals += 1
            made = EdgeSum(scene.diagram, scene.blame, layer, k, words=words, decimals=decimals)
    lines = []
    if slope:
        role = scene.diagram.role(layer)
        for text in (words("sum.curve_slope"), words("sum.slope")):
            name = TextLabel(text, theme, color=role)
            line = Plated(name, written(scene, value, slope, role), theme=theme, gap=_WIDE)
            if made.has_room(line):
                break
        lines.append(line)
    name = TextLabel(words("sum.blame"), theme, color=theme.blame)
    number = written(scene, blame, delta, theme.blame)
    lines.append(Plated(name, number, theme=theme, gap=_WIDE))
    for row, line in enumerate(lines, start=1):
        made.beyond(line, row)
    return Collected(made, lines)


def _checked(total: float, slope: float, blame: float) -> tuple[str, str, str]:
    """Return ``total × slope = blame`` as it is written, so that a calculator agrees."""
    for decimals in range(_DECIMALS, _MOST_DECIMALS):
        first = figures(total, decimals, signed=True, most=decimals + 3)
        second, agrees = _checked_factor(first, slope, blame)
        if agrees:
            break
    return first, second, figures(blame, _DECIMALS, signed=True)


def _checked_factor(first: str, factor: float, product: float) -> tuple[str, bool]:
    """Return a positive factor so that ``first × factor`` agrees with a printed product.

    Also returns whether it does, to one unit of the last digit of the product.
    """
    text = ""
    for decimals in range(_DECIMALS, _MOST_DECIMALS):
        text = figures(factor, decimals, most=decimals + 3)
        if _agree((first, text), product):
            return text, True
    return text, False


def _become_blame(scene: NetworkScene, collected: Collected, layer: int, k: int) -> None:
    """Show slope and blame below the sum; the blame settles in the neuron."""
    for line in collected.lines:
        scene.play(FadeIn(line), run_time=0.5)
    scene.play(BlameNeuron(scene.diagram, scene.blame, layer, k, run_time=0.8))


def _clear(scene: NetworkScene, collected: Collected) -> None:
    """Let the arithmetic of a neuron leave, and the light on its edges."""
    made = collected.sum
    away = Change(made, lambda progress: made.set_presence(1 - progress), CLEARING)
    lines = (FadeOut(line, run_time=CLEARING) for line in collected.lines)
    scene.play(away, DimEdges(scene.diagram, run_time=CLEARING), *lines)
    scene.remove(made)
