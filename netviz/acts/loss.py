"""The prediction against the target: the gaps open, are squared, and collect into the loss."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from typing import Any

import numpy as np
from manim import LEFT, RIGHT, Animation, FadeIn, FadeOut, LaggedStart, Mobject, VGroup
from numpy.typing import NDArray

from netviz.animation.details import DimEdges, Focus
from netviz.animation.gap import OpenGap
from netviz.animation.gaps import OpenGaps
from netviz.animation.timeline import Change, ease
from netviz.drawing.labels.lettering import wrapped
from netviz.drawing.layout.box import GAPS_BOX
from netviz.drawing.neuron import Z_NUMBER
from netviz.drawing.numerals import Column, figures, unit_of, value_of
from netviz.drawing.text import LINE, Number, TextLabel
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import CLEARING
from netviz.staging.network_scene import NetworkScene

Array = NDArray[np.float64]

# Between the gap bars and the numbers left of them, between outputs and numbers, and from the top
# row to the words above a column, in frame units.
_BEFORE_GAPS, _AFTER_OUTPUTS, _HEAD = 0.35, 0.3, 0.5
# From row to row, in ems; between the parts of a difference, in ems.
_LINE, _SPACE = 1.15, 0.42
# Width from which the words above a column have two lines, in frame units; the part of the width
# that differences may take.
_WIDEST_HEAD, _ERROR_SHARE = 1.4, 0.76
# The word for a loss by what it is of its parts.
_TOTALS = {"loss.mean": "panel.mean", "loss.sum": "sum.short"}
# Digits after the point of a loss; so many more are tried to make the numbers agree.
_DECIMALS, _MORE = 3, 3


def last_layer(scene: NetworkScene) -> int:
    """Return the index of the output layer, counted from the input, 0."""
    return len(scene.diagram.sizes) - 1


def clearing(scene: NetworkScene) -> list[Animation]:
    """Return what lets panels and the light on edges leave; a gap of the diagram stays open."""
    panels = [fade.set_run_time(CLEARING) for fade in scene.fade_panels()]
    dim = [DimEdges(scene.diagram, run_time=CLEARING)] if scene.diagram.is_flowing() else []
    return [*panels, *dim]


def clear_stage(scene: NetworkScene) -> None:
    """Let panels and the light on edges leave; takes no time if there are none."""
    if moves := clearing(scene):
        scene.play(*moves)


def gap_moves(scene: NetworkScene, gap: int | None, *, back: bool = False) -> list[Animation]:
    """Return what opens a gap of the diagram; nothing if it is open in this direction.

    Args:
        scene: The scene.
        gap, back: As for ``diagram.open_gap``.
    """
    diagram = scene.diagram
    if diagram.layout == diagram.layout_with_gap(gap, back=back):
        return []
    return [OpenGap(diagram, gap, back=back)]


def open_gap(scene: NetworkScene, gap: int | None, *along: Animation, back: bool = False) -> None:
    """Open a gap of the diagram, if it is not yet open in this direction; ``None`` closes it.

    Args:
        scene: The scene.
        gap: As for ``diagram.open_gap``.
        along: What is played meanwhile, also if the gap is open.
        back: As for ``diagram.open_gap``.
    """
    if moves := [*along, *gap_moves(scene, gap, back=back)]:
        scene.play(*moves)


@dataclass(frozen=True)
class OutputRows:
    """The rows between the outputs and the gap bars, where numbers are written.

    Attributes:
        outputs: The outputs with a row. Where rows are too close, those with the largest errors.
        heights: The height of each row.
        left, right: Where the rows begin and end, in frame units.
        em: Size of the numbers.
    """

    outputs: tuple[int, ...]
    heights: tuple[float, ...]
    left: float
    right: float
    em: float

    @classmethod
    def of(cls, scene: NetworkScene, importance: Array, outputs: Sequence[int]) -> OutputRows:
        """The rows of a diagram in which the gap before the outputs is open.

        Args:
            scene: The scene.
            importance: A number for each output; the most important ones have rows.
            outputs: The outputs that may have a row.
        """
        layer, theme = last_layer(scene), scene.theme
        y = {i: float(scene.diagram.neuron(layer, i).disc.get_y()) for i in outputs}
        apart = 0.999 * _LINE * theme.smallest_text
        chosen: list[int] = []
        for i in sorted(outputs, key=lambda i: -float(importance[i])):
            if all(abs(y[i] - y[other]) >= apart for other in chosen):
                chosen.append(i)
        heights = sorted((y[i] for i in chosen), reverse=True)
        pitch = min((a - b for a, b in pairwise(heights)), default=np.inf)
        return cls(
            tuple(sorted(chosen)),
            tuple(y[i] for i in sorted(chosen)),
            float(scene.diagram.layer(layer).get_right()[0]) + _AFTER_OUTPUTS,
            GAPS_BOX.left - _BEFORE_GAPS,
            min(theme.number_size, pitch / _LINE),
        )

    def head(self, text: str, x: float, scene: NetworkScene, color: str = "") -> TextLabel:
        """Return a word above a column of numbers that end at x."""
        word = TextLabel(text, scene.theme, em=self.em, color=color or scene.theme.muted)
        if word.width > _WIDEST_HEAD:
            word.write(wrapped(text, 2))
        y = max(self.heights) + _HEAD + (word.height - LINE * self.em) / 2
        return word.move_to([x, y, 0], aligned_edge=RIGHT)


def written(
    scene: NetworkScene, value: float, text: str, color: str, em: float | None = None
) -> Number:
    """Return a number as a text."""
    number = Number(value, scene.theme, em=em, color=color)
    return number.show(value, text).set_z_index(Z_NUMBER)


def compare_losses(
    scene: NetworkScene, keys: tuple[str, str], before: float, after: float, **values: Any
) -> None:
    """Say how the loss has changed, in a caption over the last picture; nothing if it has not.

    Args:
        scene: The scene.
        keys: Of the caption for a loss that has fallen, and for one that has risen.
        before, after: The losses.
        values: Values of other fields of the captions.
    """
    if before != after:
        values |= {"before": figures(before, 3), "after": figures(after, 3)}
        with scene.beat(keys[int(after > before)], **values):
            pass


@act(
    "loss",
    section="loss",
    rows=True,
    needs=OnScreen("stage", values="all", blames=0, panels=None, gaps="targets"),
    leaves=OnScreen("stage", values="all", blames=0, gaps="open"),
)
def loss(scene: NetworkScene) -> None:
    """The gaps between prediction and target open, are squared, and collect into the loss."""
    _look_at_outputs(scene)
    figures_of = _Arithmetic.of(scene)
    rows, differences = _differences(
        scene, OutputRows.of(scene, figures_of.importance, figures_of.outputs), figures_of
    )
    leaving: list[Mobject] = [*differences, _error_head(scene, rows, differences)]
    with scene.beat("loss.errors"):
        come = _arriving(scene, rows, differences)
        scene.play(_open_gaps(scene), FadeIn(leaving[-1]), *come)
        appear = (FadeIn(row[-2:], shift=0.2 * RIGHT) for row in differences)
        scene.play(LaggedStart(*appear, lag_ratio=0.15), run_time=0.8)
    terms = list(_terms(scene, rows, figures_of))
    collected: list[Mobject] = [*terms]
    if terms:
        head = _terms_head(scene, rows, figures_of)
        collected.append(head)
        with scene.beat(figures_of.caption):
            come = (
                FadeIn(term, target_position=row[-1])
                for term, row in zip(terms, differences, strict=True)
            )
            scene.play(FadeIn(head), LaggedStart(*come, lag_ratio=0.15), run_time=1.0)
    with scene.beat(figures_of.total):
        if len(figures_of.outputs) > 1 and figures_of.total in _TOTALS:
            word, number = _total(scene, rows, figures_of)
            scene.play(FadeIn(word), FadeIn(number), run_time=0.4)
            scene.hold()
            scene.play(*map(FadeOut, [*terms, head, word]), run_time=CLEARING)
            collected = [number]
        _collect(scene, collected)
    scene.play(*map(FadeOut, leaving), Focus(scene.diagram, None), run_time=CLEARING)


def _look_at_outputs(scene: NetworkScene) -> None:
    """Make room behind the outputs, and dim all else."""
    diagram, layer = scene.diagram, last_layer(scene)
    outputs = Focus(diagram, [], [(layer, i) for i in diagram.shown(layer)])
    open_gap(scene, layer - 1, *clearing(scene), outputs)


def _open_gaps(scene: NetworkScene) -> Animation:
    return OpenGaps(scene.gap_bars, scene.predictions(scene.trace), run_time=1.2)


def _collect(scene: NetworkScene, numbers: Sequence[Mobject]) -> None:
    """Let numbers flow into the loss, which fills; the uppermost first, so that none crosses."""
    meter, value = scene.loss_meter, float(scene.blame.loss)
    goal = meter.frame.get_center()

    def fill(progress: float) -> None:
        meter.show_loss(value if progress >= 1 else None, level=value * ease(progress))

    upward = sorted(numbers, key=lambda number: -float(number.get_y()))
    moves = [FadeOut(number, target_position=goal) for number in upward]
    flow = [LaggedStart(*moves, lag_ratio=0.25, run_time=1.2)] if moves else []
    scene.play(*flow, Change(meter, fill, 0.9, 0.3))


@dataclass(frozen=True)
class _Arithmetic:
    """The numbers of the loss, and how they are written so that a calculator agrees.

    Attributes:
        outputs: The drawn outputs that have a target.
        prediction, target, errors: One number for each output of the network.
        terms: What each output adds to the loss; ``None`` if the loss is not a sum over outputs.
        name: Key of the word above the terms.
        caption: Key of the caption about the terms.
        total: Key of the caption about the sum.
        differences, parts: How predictions and errors, and terms, are written.
    """

    outputs: tuple[int, ...]
    prediction: Array
    target: Array
    errors: Array
    terms: Array | None
    name: str
    caption: str
    total: str
    differences: Column
    parts: Column

    @classmethod
    def of(cls, scene: NetworkScene) -> _Arithmetic:
        target, loss = scene.example.target, scene.example.loss
        prediction, value = scene.trace.prediction[: len(target)], float(scene.blame.loss)
        errors = prediction - target
        outputs = tuple(i for i in scene.diagram.shown(last_layer(scene)) if i < len(target))
        terms, total = None, "loss.value"
        if loss.outputs_per_target == 1:
            parts = loss.value(prediction[:, None], target[:, None])
            for key, whole in (("loss.sum", parts.sum()), ("loss.mean", parts.mean())):
                if np.isclose(whole, value, rtol=1e-9):
                    terms, total = parts, key if len(parts) > 1 else "loss.value"
        name, factor, caption = "term", 0.0, "loss.term"
        squared = (
            (1.0, "square", "loss.square"),
            (0.5, "half_square", "loss.half_square"),
        )
        for factor_of, key, its_caption in squared:
            if terms is not None and np.allclose(terms, factor_of * errors**2, rtol=1e-9):
                name, factor, caption = key, factor_of, its_caption
        columns = _columns(prediction, errors, terms, factor, value, total)
        return cls(outputs, prediction, target, errors, terms, name, caption, total, *columns)

    @property
    def importance(self) -> Array:
        """The outputs with the largest numbers matter most."""
        return np.asarray(np.abs(self.errors if self.terms is None else self.terms))


def _columns(
    prediction: Array, errors: Array, terms: Array | None, factor: float, loss: float, total: str
) -> tuple[Column, Column]:
    """Return columns with as few digits as agree with a calculator."""
    first = Column.of([*prediction, *errors], _DECIMALS)
    if terms is None:
        return first, first
    second, whole = Column.of(terms, _DECIMALS), figures(loss, _DECIMALS)
    for more, extra in product(range(_MORE), range(_MORE)):
        columns = (
            replace(first, decimals=first.decimals + more),
            replace(second, decimals=second.decimals + extra),
        )
        if all(_agree(columns, errors, terms, factor, whole, total)):
            return columns
    return first, second


def _agree(
    columns: tuple[Column, Column],
    errors: Array,
    terms: Array,
    factor: float,
    loss: str,
    total: str,
) -> Iterator[bool]:
    """Yield whether a calculator agrees with the printed numbers."""
    parts = [columns[1].write(float(term)) for term in terms]
    if factor:
        for error, part in zip(errors, parts, strict=True):
            exact = factor * value_of(columns[0].write(float(error))) ** 2
            yield abs(exact - value_of(part)) <= unit_of(part) * (1 + 1e-9)
    share = 1 / len(parts) if total == "loss.mean" else 1.0
    off = abs(share * sum(map(value_of, parts)) - value_of(loss))
    yield off <= unit_of(loss) * (1 + 1e-9)


def _differences(
    scene: NetworkScene, rows: OutputRows, arithmetic: _Arithmetic
) -> tuple[OutputRows, list[VGroup]]:
    """Return ``prediction − target = error`` for each row, its parts in columns.

    Where that is too long, it is smaller, and if that is not enough, the error alone. The rows are
    returned too, with the size of the numbers.
    """
    for em in (rows.em, min(rows.em, scene.theme.smallest_text)):
        rows = replace(rows, em=em)
        parts = list(_parts(scene, rows, arithmetic))
        widths = [max(row[k].width for row in parts) for k in range(5)]
        middle, gap = rows.right, _SPACE * em
        if arithmetic.terms is not None:
            column = [*_terms(scene, rows, arithmetic), _terms_head(scene, rows, arithmetic)]
            share = rows.left + _ERROR_SHARE * (rows.right - rows.left)
            middle = min(share, rows.right - max(part.width for part in column) - 2 * gap)
        fits = sum(widths) + 4 * gap <= middle - rows.left
        if fits:
            break
    if not fits:
        parts, widths = [row[4:] for row in parts], widths[4:]
    end = min(middle, rows.left + sum(widths) + (len(widths) + 3) * gap)
    made = []
    for row, y in zip(parts, rows.heights, strict=True):
        x = end
        for part, width in zip(reversed(row), reversed(widths), strict=True):
            part.move_to([x, y, 0], aligned_edge=RIGHT)
            x -= width + gap
        made.append(VGroup(*row))
    return rows, made


def _parts(
    scene: NetworkScene, rows: OutputRows, arithmetic: _Arithmetic
) -> Iterator[list[Number | TextLabel]]:
    """Yield ``prediction − target = error`` of each row, part by part."""
    theme, column, em = scene.theme, arithmetic.differences, rows.em
    role = scene.diagram.role(last_layer(scene))
    for i in rows.outputs:
        target, error = float(arithmetic.target[i]), float(arithmetic.errors[i])
        goal = column.write(target, signed=target < 0)
        if target in (0.0, 1.0):
            goal = f"{target:.0f}"
        prediction = float(arithmetic.prediction[i])
        yield [
            written(scene, prediction, column.write(prediction, signed=False), role, em),
            TextLabel("−", theme, em=em, color=theme.muted),
            written(scene, target, f"({goal})" if target < 0 else goal, theme.text, em),
            TextLabel("=", theme, em=em, color=theme.muted),
            written(scene, error, column.write(error), theme.blame, em),
        ]


def _error_head(
    scene: NetworkScene, rows: OutputRows, differences: Sequence[VGroup]
) -> TextLabel | VGroup:
    """Return ``output − target = error`` above the differences; where that is long, the error."""
    x, theme = float(differences[0].get_right()[0]), scene.theme
    error = rows.head(scene.words("panel.error"), x, scene, theme.blame)
    texts = {
        scene.words("panel.output"): scene.diagram.role(last_layer(scene)),
        "−": theme.muted,
        scene.words("panel.target"): theme.text,
        "=": theme.muted,
    }
    words = [TextLabel(text, theme, em=rows.em, color=color) for text, color in texts.items()]
    line, place = VGroup(*words, error.copy()), error.get_right()
    line.arrange(RIGHT, buff=0.7 * _SPACE * rows.em).move_to(place, aligned_edge=RIGHT)
    whole = len(differences[0]) > 1 and line.get_left()[0] >= rows.left - _AFTER_OUTPUTS / 2
    return line if whole else error


def _arriving(
    scene: NetworkScene, rows: OutputRows, differences: Sequence[VGroup]
) -> Iterator[FadeIn]:
    """Yield the animations in which predictions come from neurons, and targets from the bars."""
    layer, numbers = last_layer(scene), scene.gap_bars.numbers
    places = [i for i in scene.diagram.shown(layer) if i < len(scene.example.target)]
    for i, row in zip(rows.outputs, differences, strict=True):
        if len(row) > 1:
            yield FadeIn(row[0], target_position=scene.diagram.neuron(layer, i).disc, run_time=1.0)
            yield FadeIn(row[1], run_time=1.0)
            target = numbers[places.index(i)]
            yield FadeIn(row[2], target_position=target, run_time=1.0)


def _terms(scene: NetworkScene, rows: OutputRows, arithmetic: _Arithmetic) -> Iterator[Number]:
    """Yield what each output adds to the loss, in a column next to the gap bars."""
    if arithmetic.terms is None:
        return
    for i, y in zip(rows.outputs, rows.heights, strict=True):
        term = float(arithmetic.terms[i])
        text = arithmetic.parts.write(term, signed=term < 0)
        number = written(scene, term, text, scene.theme.text, rows.em)
        yield number.move_to([rows.right, y, 0], aligned_edge=RIGHT)


def _total(
    scene: NetworkScene, rows: OutputRows, arithmetic: _Arithmetic
) -> tuple[TextLabel, Number]:
    """Return ``mean =`` and the loss below what the outputs add to it."""
    value = float(scene.blame.loss)
    number = written(scene, value, figures(value, _DECIMALS), scene.theme.blame, rows.em)
    y = min(rows.heights) - 1.2 * _HEAD
    number.move_to([rows.right, y, 0], aligned_edge=RIGHT)
    name = f"{scene.words(_TOTALS[arithmetic.total])} ="
    word = TextLabel(name, scene.theme, em=rows.em, color=scene.theme.muted)
    return word.next_to(number, LEFT, buff=_SPACE / 2 * rows.em), number


def _terms_head(scene: NetworkScene, rows: OutputRows, arithmetic: _Arithmetic) -> TextLabel:
    """Return the word above what the outputs add to the loss."""
    return rows.head(scene.words(f"panel.{arithmetic.name}"), rows.right, scene)
