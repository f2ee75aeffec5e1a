"""Blame flows back: the blame of an output, its shares, and their sum in a hidden neuron."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from manim import DOWN, RIGHT, UP, FadeIn, FadeOut, LaggedStart, Mobject, VGroup
from numpy.typing import NDArray

from netviz.acts.forward import elementwise, neuron_name
from netviz.acts.loss import OutputRows, clear_stage, last_layer, open_gap, written
from netviz.animation.details import BlameNeuron, DimEdges, Focus, GrowTangent
from netviz.animation.gap import AddUp
from netviz.animation.passes import BackwardPass
from netviz.animation.timeline import Change
from netviz.drawing.edge_sum import EdgeSum, Plated
from netviz.drawing.edges.bundle import Bundle
from netviz.drawing.layout.box import STAGE_BOX, Box
from netviz.drawing.numerals import figures, unit_of, value_of
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.text import Number, TextLabel
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import LAST, reading_time
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme

Array = NDArray[np.float64]

# Digits after the point of blame and slopes; more are printed where a product needs them.
_DECIMALS, _MOST_DECIMALS = 3, 6
# The end of the column of slopes before the end of the row, between the parts of a factor, and from
# the row of an output to what is written above or below it, in frame units.
_SLOPES, _GAP, _NEAR = 1.4, 0.1, 0.34
# The curve of an output: its distance from the outputs, its size, and the distance from its row.
_CURVE_LEFT, _CURVE_WIDTH, _CURVE_HEIGHT, _CURVE_AWAY = 0.9, 3.4, 2.3, 0.4
# Layers with at most so many drawn neurons are shown neuron by neuron, others by their first ones.
# Earlier layers too, in a network of at most so many layers.
_FEW, _FEW_LAYERS = 2, 4
# Between the words and the number of a line below a sum, in frame units.
_WIDE = 0.18
# Seconds: a layer that is played at once, and the longest hold of many numbers.
_SWEEP, _LONGEST_HOLD = 1.7, 6.0


def most_blamed(scene: NetworkScene, layer: int) -> int:
    """Return the index of the drawn neuron of a layer with the largest |δ|."""
    return by_blame(scene, layer)[0]


def by_blame(scene: NetworkScene, layer: int) -> list[int]:
    """Return the indices of the drawn neurons of a layer, the largest |δ| first."""
    blame = np.abs(scene.blame.layers[layer - 1].blame)
    return sorted(scene.diagram.shown(layer), key=lambda i: -float(blame[i]))


def reading(numbers: int) -> float:
    """Return how long new numbers are held, at most a few seconds."""
    return min(reading_time(numbers), _LONGEST_HOLD)


# ---- outputs ------------------------------------------------------------------------------------


@act(
    "blame",
    section="blame",
    rows=True,
    needs=OnScreen("stage", values="all", blames=0, panels=None, gaps="open"),
    leaves=OnScreen("stage", values="all", blames=1, gaps="open"),
)
def blame(scene: NetworkScene) -> None:
    """The outputs get their blame: the slope of the loss times the slope of their curve."""
    diagram, layer = scene.diagram, last_layer(scene)
    clear_stage(scene)
    open_gap(scene, layer - 1)
    blames = _OutputBlames.of(scene)
    chosen = next(i for i in by_blame(scene, layer) if i in blames.rows.outputs)
    name = neuron_name(scene, layer, chosen)
    with scene.beat("blame.error", hold=reading_time(1), name=name, n=chosen + 1):
        scene.play(Focus(diagram, [], [(layer, chosen)]), run_time=0.6)
        error = blames.error(chosen)
        scene.play(FadeIn(error, target_position=_gap(scene, chosen)), run_time=1.0)
    leaving: list[Mobject] = [error]
    if blames.way == "slopes":
        leaving = _slope_times_slope(scene, blames, chosen, error)
    else:
        key = "blame.same" if blames.way == "same" else "blame.coupled"
        with scene.beat(key, hold=reading_time(1)):
            _settle(scene, [error], layer, chosen)
    others = [i for i in diagram.shown(layer) if i != chosen]
    if others:
        leaving += _other_outputs(scene, blames, others, leaving)
    scene.play(*map(FadeOut, leaving), Focus(diagram, None), run_time=0.6)


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

    def gradient(self, i: int) -> Number:
        """Return the slope of the loss at the end of the row."""
        value, text = self.gradient_of(i), self._texts(i)[0]
        return self._at_end(written(self.scene, value, text, self.theme.text, self.rows.em), i)

    def slope(self, i: int) -> VGroup:
        """Return ``× slope`` of the curve, left of the slope of the loss."""
        color, em = self.scene.diagram.role(self.layer), self.rows.em
        number = written(self.scene, float(self.slopes[i]), self._texts(i)[1], color, em)
        return self._factor(number, i)

    def times(self, i: int) -> VGroup:
        """Return ``× 2/5`` left of the error."""
        return self._factor(TextLabel(self.factor, self.theme, em=self.rows.em), i)

    def _factor(self, factor: Number | TextLabel, i: int) -> VGroup:
        times = TextLabel("×", self.theme, em=self.rows.em, color=self.theme.muted)
        both = VGroup(times, factor).arrange(RIGHT, buff=_GAP)
        end = self.rows.right - _SLOPES * self.rows.em / self.theme.number_size
        return both.move_to([end, self.height(i), 0], aligned_edge=RIGHT)

    def result(self, i: int) -> Iterator[Number]:
        """Yield the blame left of the slope, if it is not written next to the output."""
        if self.scene.diagram.neuron(self.layer, i).blame_side is None:
            value = self.blame_of(i)
            text = figures(value, _DECIMALS, signed=True)
            number = written(self.scene, value, text, self.theme.blame, self.rows.em)
            end = self.rows.right - 2 * _SLOPES * self.rows.em / self.theme.number_size
            yield number.move_to([end, self.height(i), 0], aligned_edge=RIGHT)

    def heads(self) -> VGroup:
        """Return the words above the columns."""
        em, theme = self.theme.smallest_text, self.theme
        keys = {
            "loss_slope": theme.muted,
            "slope": self.scene.diagram.role(self.layer),
        }
        words = [
            TextLabel(_in_two_lines(self.scene.words(f"panel.{key}")), theme, em=em, color=color)
            for key, color in keys.items()
        ]
        return VGroup(*words)

    def place_heads(self, heads: VGroup, y: float, side: Array) -> VGroup:
        """Place words above or below a row, each at the end of its column."""
        ends = self.rows.right, self.rows.right - _SLOPES * self.rows.em / self.theme.number_size
        for head, x in zip(heads, ends, strict=False):
            head.move_to([x, y + _NEAR * side[1], 0], aligned_edge=RIGHT - side)
        return heads


def _in_two_lines(text: str) -> str:
    """Break a text at the space that is nearest to its middle."""
    spaces = [at for at, letter in enumerate(text) if letter == " "]
    middle = min(spaces, key=lambda at: abs(at - len(text) / 2), default=len(text))
    return f"{text[:middle]}\n{text[middle + 1 :]}".strip()


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


def _slope_times_slope(
    scene: NetworkScene, blames: _OutputBlames, i: int, error: Number
) -> list[Mobject]:
    """Show how one output gets its blame; return what stays in its row, and the words above it."""
    layer, y = blames.layer, blames.height(i)
    gradient, slope = blames.gradient(i), blames.slope(i)
    below = y - _CURVE_AWAY - _CURVE_HEIGHT >= STAGE_BOX.bottom
    heads = blames.place_heads(blames.heads(), y, UP if below else DOWN)
    same = bool(np.isclose(blames.gradient_of(i), blames.error_of(i)))
    key = "blame.factor" if blames.factor else "blame.gradient"
    if same:
        scene.play(FadeIn(heads[0]), FadeOut(error), FadeIn(gradient), run_time=0.6)
    else:
        with scene.beat(key, hold=reading_time(1), factor=blames.factor):
            times = [blames.times(i)] if blames.factor else []
            if times:
                scene.play(FadeIn(times[0]), run_time=0.6)
                scene.hold(0.6)
            merge = [each.animate.move_to(gradient).set_opacity(0) for each in (error, *times)]
            scene.play(*merge, FadeIn(gradient), FadeIn(heads[0]), run_time=0.8)
            scene.remove(error, *times)
    curve = _curve(scene, blames, i, below)
    with scene.beat("blame.slope", hold=reading_time(3)):
        z = float(scene.trace.layers[layer - 1].z[i])
        scene.play(FadeIn(curve), run_time=0.7)
        scene.play(GrowTangent(curve, z))
        come = FadeIn(slope, target_position=curve.dot)
        scene.play(come, FadeIn(heads[1]), run_time=0.8)
        _settle(scene, [gradient, slope], layer, i)
        result = list(blames.result(i))
        if result:
            scene.play(*map(FadeIn, result), run_time=0.6)
    scene.play(FadeOut(curve), run_time=0.6)
    return [gradient, slope, *result, heads]


def _curve(scene: NetworkScene, blames: _OutputBlames, i: int, below: bool) -> ActivationCurve:
    """Return the curve of an output below or above its row, with the dot at its sum."""
    y, left = blames.height(i), blames.rows.left + _CURVE_LEFT
    foot = y - _CURVE_AWAY - _CURVE_HEIGHT if below else y + _CURVE_AWAY
    foot = min(foot, STAGE_BOX.top - _CURVE_HEIGHT)
    right = min(left + _CURVE_WIDTH, blames.rows.right)
    record = scene.trace.layers[blames.layer - 1]
    z = float(record.z[i])
    return ActivationCurve(
        record.layer.activation,
        z=z,
        color=scene.diagram.role(blames.layer),
        theme=scene.theme,
        box=Box(left, right, foot, foot + _CURVE_HEIGHT),
    ).set_z(z)


def _settle(scene: NetworkScene, numbers: Sequence[Mobject], layer: int, i: int) -> None:
    """Let numbers flow to an output, which gets its blame."""
    neuron = scene.diagram.neuron(layer, i)
    goal = neuron.disc.get_center() + (neuron.reach + 0.5) * RIGHT
    flying = [number.copy() for number in numbers]
    moves = [each.animate.move_to(goal).set_opacity(0) for each in flying]
    blaming = BlameNeuron(scene.diagram, scene.blame, layer, i, run_time=1.0)
    scene.play(*moves, blaming, run_time=1.0)
    scene.remove(*flying)


def _other_outputs(
    scene: NetworkScene, blames: _OutputBlames, others: Sequence[int], before: Sequence[Mobject]
) -> list[Mobject]:
    """Show the blame of the other outputs; return what is written in their rows."""
    diagram, layer = scene.diagram, blames.layer
    listed = [i for i in blames.rows.outputs if i in others]
    written_there: list[Mobject] = []
    moves = []
    if blames.way == "slopes":
        written_there = [
            VGroup(blames.gradient(i), blames.slope(i), *blames.result(i)) for i in listed
        ]
        heads = before[-1].copy()
        blames.place_heads(heads, min(blames.rows.heights), DOWN)
        moves = [before[-1].animate.become(heads)]
    elif blames.way == "same":
        written_there = [blames.error(i) for i in listed]
    each = {"slopes": 3, "same": 2, "coupled": 1}[blames.way]
    with scene.beat("blame.all", hold=reading(each * len(others))):
        scene.play(Focus(diagram, [], [(layer, i) for i in diagram.shown(layer)]), *moves)
        come = [
            FadeIn(number, target_position=_gap(scene, i))
            for number, i in zip(written_there, listed, strict=bool(written_there))
        ]
        if come:
            scene.play(LaggedStart(*come, lag_ratio=0.2), run_time=1.6)
        ring = [BlameNeuron(diagram, scene.blame, layer, i) for i in others]
        scene.play(LaggedStart(*ring, lag_ratio=0.2), run_time=1.6)
    return written_there


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
    diagram, last = scene.diagram, last_layer(scene)
    clear_stage(scene)
    for layer in range(last - 1, 0, -1):
        order = by_blame(scene, layer)
        nearest = layer == last - 1
        one_by_one = nearest or (len(order) <= _FEW and last <= _FEW_LAYERS)
        first = order[: _FEW if one_by_one else 1]
        open_gap(scene, layer, back=True)
        for place, k in enumerate(first):
            if nearest and place == 0:
                _collect_slowly(scene, layer, k)
            else:
                _collect(scene, layer, k, "shares.twin" if place else "shares.before")
        rest = order[len(first) :]
        if rest:
            _collect_at_once(scene, layer, rest)
    with scene.beat("shares.end", hold=LAST):
        scene.play(Focus(diagram, None), run_time=0.6)
        open_gap(scene, None)


def _collect_slowly(scene: NetworkScene, layer: int, k: int) -> None:
    """Show how the shares of a hidden neuron arrive one by one, add up, and become its blame."""
    collected = collected_shares(scene, layer, k)
    with scene.beat("shares.split", hold=reading_time(2)):
        scene.play(Focus(scene.diagram, scene.diagram.edges_out_of(layer, k)), run_time=0.6)
        scene.add(collected.sum)
        scene.play(AddUp(collected.sum, slow=True))
    with scene.beat(
        "shares.slope" if elementwise(scene, layer) else "shares.coupled",
        hold=reading_time(3),
    ):
        _become_blame(scene, collected, layer, k)
    _clear(scene, collected)


def _collect(scene: NetworkScene, layer: int, k: int, key: str) -> None:
    """Show the same, faster, in one beat."""
    collected = collected_shares(scene, layer, k)
    with scene.beat(key, hold=reading(len(collected.sum.terms) + 3)):
        scene.play(Focus(scene.diagram, scene.diagram.edges_out_of(layer, k)), run_time=0.6)
        scene.add(collected.sum)
        scene.play(AddUp(collected.sum))
        _become_blame(scene, collected, layer, k)
    _clear(scene, collected)


def _collect_at_once(scene: NetworkScene, layer: int, neurons: Sequence[int]) -> None:
    """Let the other neurons of a layer collect their shares together."""
    diagram = scene.diagram
    edges = None
    if not isinstance(diagram.edge_layers[layer], Bundle):
        edges = [edge for k in neurons for edge in diagram.edges_out_of(layer, k)]
    with scene.beat("shares.rest" if len(neurons) > 1 else "shares.twin"):
        scene.play(Focus(diagram, edges), run_time=0.6)
        scene.play(
            BackwardPass(
                diagram, scene.blame, layers=[layer], neurons=list(neurons), step_time=_SWEEP
            )
        )
        scene.play(DimEdges(diagram), run_time=0.6)


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
        name = TextLabel(words("sum.slope"), theme, color=role)
        lines.append(Plated(name, written(scene, value, slope, role), theme=theme, gap=_WIDE))
    name = TextLabel(words("sum.blame"), theme, em=theme.caption_size, color=theme.blame)
    number = written(scene, blame, delta, theme.blame, theme.caption_size)
    lines.append(Plated(name, number, theme=theme, gap=_WIDE))
    for row, line in enumerate(lines, start=1):
        made.beyond(line, row)
    return Collected(made, lines)


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
        scene.play(FadeIn(line), run_time=0.7)
    scene.play(BlameNeuron(scene.diagram, scene.blame, layer, k, run_time=0.8))


def _clear(scene: NetworkScene, collected: Collected) -> None:
    """Let the arithmetic of a neuron leave, and the light on its edges."""
    made = collected.sum
    away = Change(made, lambda progress: made.set_presence(1 - progress), 0.6)
    scene.play(away, DimEdges(scene.diagram, run_time=0.6), *map(FadeOut, collected.lines))
    scene.remove(made)
