"""The sums of the first hidden layer as one product of matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import (
    DR,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    MoveAlongPath,
    Transform,
    TransformFromCopy,
    VMobject,
)
from manim.typing import Point3D

from netviz.acts.connections import rows_and_columns
from netviz.animation.details import FitBox, Focus
from netviz.animation.gap import OpenGap
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import MINUS
from netviz.drawing.panels.matrices import MatrixProduct
from netviz.drawing.text import Number, TextLabel
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

# The strip of the diagram, the product below it, and the height of one row in full.
_STRIP, _PRODUCT = Box(-6.6, 6.6, 1.15, 3.7), Box(-5.9, 6.7, -2.7, 0.85)
_DETAIL, _DETAIL_WIDTH = -2.55, 13.2
# Where the weights leave their edges, 0 … 1, and how far ahead every second one does.
_ON_EDGE, _AHEAD = 0.14, 0.16
# In frame units: where the inputs begin, right of their neurons; how far above and before their
# column they turn into it; from a bracket to the name of a row or a column.
_ASIDE, _ABOVE, _BEFORE, _NAME_GAP = 0.5, 0.18, 1.6, 0.1
# So many neurons of a layer have readable rows and columns.
_MOST = 6
# Seconds of the last picture.
_LAST = 2.5


def expect_small(scene: NetworkScene) -> None:
    """Refuse a network whose first two layers are too large to write their matrix.

    Raises:
        ProblemError: They are.
    """
    sizes = scene.example.network.sizes[:2]
    if max(sizes) > _MOST:
        found = f"has {sizes[0]} and {sizes[1]} neurons in its first two layers"
        expected = f"at most {_MOST} in each, so that their matrix can be written"
        raise ProblemError(Problem("the network", found, expected))


@act(
    "matrix",
    section="matrix",
    rows=True,
    needs=OnScreen("wide", values=1, blames=0),
    leaves=OnScreen(_STRIP, values=1, blames=0, panels=None),
    check=expect_small,
)
def matrix(scene: NetworkScene) -> None:
    """The weights leave their edges and become the rows of a matrix; row times column."""
    diagram, record = scene.diagram, scene.trace.layers[0]
    product = MatrixProduct(
        *(record.weights, scene.trace.input, record.bias, record.z),
        color=diagram.role(0),
        theme=scene.theme,
        box=_PRODUCT,
        words=scene.words,
    )
    empty = [
        each.brackets for each in (product.weights, product.inputs, product.bias, product.sums)
    ]
    with scene.beat("matrix.many"):
        scene.play(FitBox(diagram, _STRIP))
        scene.play(
            OpenGap(diagram, 0, result=False),
            *map(FadeIn, [*empty, product.signs, product.names]),
            run_time=1.0,
        )
    first, *others = diagram.shown(1)
    into, out_of = _names_of_rows(scene, product), _names_of_columns(scene, product)
    order = rows_and_columns(scene, scene.theme.smallest_text).set_y(product.names.get_y())
    order.align_to(into[0], LEFT)
    # The last row first: so no weight passes over a row that is there.
    *upper, last = diagram.shown(1)
    with scene.beat("matrix.row", hold=reading_time(diagram.sizes[0]), n=last + 1):
        _row_arrives(scene, product, last)
        scene.play(
            FadeIn(into[last]), *(map(FadeIn, [*out_of, order]) if not upper else ()), run_time=0.6
        )
    if upper:
        with scene.beat("matrix.rows", hold=reading_time(diagram.sizes[0] * len(upper))):
            for i in reversed(upper):
                _row_arrives(scene, product, i)
                scene.play(FadeIn(into[i]), run_time=0.6)
            # Above the first row, which comes from above.
            scene.play(*map(FadeIn, out_of), FadeIn(order), run_time=0.6)
    with scene.beat("matrix.columns", hold=reading_time(diagram.sizes[1])):
        scene.play(Focus(diagram, [], [(0, k) for k in diagram.shown(0)]))
        # The lowest leaves first, so that none passes over those that have arrived.
        numbers = [row[0] for row in product.inputs.rows][::-1]
        origins = [
            diagram.neuron(0, k).disc.get_right() + _ASIDE * RIGHT for k in diagram.shown(0)
        ][::-1]
        _arrive(scene, numbers, origins, _lane(product))
        scene.play(FadeIn(product.bias.rows), run_time=0.6)
    with scene.beat("matrix.product", hold=reading_time(1)):
        sums = [_row_in_full(scene, product, first, slow=True)]
    if others:
        with scene.beat("matrix.next", hold=reading_time(1)):
            for i in others:
                sums.append(_row_in_full(scene, product, i, slow=False))
    with scene.beat("matrix.shapes", hold=_LAST):
        scene.play(Focus(diagram, None))
        below = [*product.shapes, *product.shape_signs]
        below.sort(key=lambda part: float(part.get_x()))
        scene.play(LaggedStart(*map(FadeIn, below), lag_ratio=0.3), run_time=1.5)
        inner = product.shapes[0].columns, product.shapes[1].rows
        scene.play(
            *(part.animate.set_ink(scene.theme.forward_ink) for part in inner),
            Create(product.inner_link()),
            run_time=0.8,
        )
    scene.show(product, *into, *out_of, order, *sums)


def _names_of_rows(scene: NetworkScene, product: MatrixProduct) -> list[TextLabel]:
    """Return ``to i`` before each row of the weights."""
    bracket, names = product.weights.brackets[0], []
    for i, row in enumerate(product.weights.rows, start=1):
        name = _name_of_end(scene, "to", i, 1).next_to(bracket, LEFT, buff=_NAME_GAP)
        names.append(name.set_y(row.get_y()))
    return names


def _names_of_columns(scene: NetworkScene, product: MatrixProduct) -> list[TextLabel]:
    """Return ``from k`` above each column of the weights."""
    top, names = product.weights.brackets.get_top()[1], []
    for k, number in enumerate(product.weights.rows[0], start=1):
        name = _name_of_end(scene, "from", k, 0)
        place = [number.get_right()[0], top + _NAME_GAP, 0]
        names.append(name.move_to(place, aligned_edge=DR))
    return names


def _name_of_end(scene: NetworkScene, end: str, i: int, layer: int) -> TextLabel:
    theme, text = scene.theme, f"{scene.words(f'weight.{end}')} {i}"
    return TextLabel(text, theme, em=theme.smallest_text, color=scene.diagram.role(layer))


def _row_arrives(scene: NetworkScene, product: MatrixProduct, i: int) -> None:
    """Let the weights into neuron i leave their edges and become row i of the matrix."""
    diagram, edges = scene.diagram, scene.diagram.edges_into(1, i)
    inputs = [(0, k) for k in diagram.shown(0)]
    scene.play(diagram.animate.highlight([*inputs, (1, i)]), run_time=0.6)
    origins = [edge.between(_ON_EDGE + _AHEAD * (k % 2)) for k, edge in enumerate(edges)]
    _arrive(scene, list(product.weights.rows[i]), origins)


def _lane(product: MatrixProduct) -> list[Point3D]:
    """Return where the inputs turn: above the weights and the ``@``, into their column."""
    column = product.inputs
    turn = np.array([column.get_x(), column.get_top()[1] + _ABOVE, 0.0])
    return [turn + _BEFORE * LEFT, turn]


def _arrive(
    scene: NetworkScene,
    numbers: Sequence[Mobject],
    origins: Sequence[Point3D],
    lane: Sequence[Point3D] = (),
) -> None:
    """Let numbers appear where they come from, and move to their places one after the other.

    Args:
        scene: The scene.
        numbers: They stand in their places.
        origins: Where each comes from.
        lane: Points that all of them pass.
    """
    moves: list[Animation] = []
    for number, origin in zip(numbers, origins, strict=True):
        way = VMobject().set_points_as_corners([origin, *lane, number.get_center()])
        moves.append(MoveAlongPath(number.move_to(origin), way))
    scene.play(*map(FadeIn, numbers), run_time=0.4)
    scene.play(LaggedStart(*moves, lag_ratio=0.15), run_time=2.0 if lane else 1.6)


def _row_in_full(scene: NetworkScene, product: MatrixProduct, i: int, *, slow: bool) -> Number:
    """Write one row times the column below the product, and its result into the result.

    Returns:
        The result at its neuron.
    """
    diagram, frames, ends = scene.diagram, product.frames(i, 1), product.end_frames(i)
    line = product.row_sum(i, _DETAIL_WIDTH).move_to([0, _DETAIL, 0])
    first, *others, bias, result = line.terms
    time = (2.4 if slow else 1.2) / len(line.terms)
    scene.play(
        Focus(diagram, diagram.edges_into(1, i)), FadeIn(frames), FadeIn(first), run_time=0.6
    )
    # Both frames grow by the factors of the term that is written.
    for count, term in enumerate(others, start=2):
        scene.play(Transform(frames, product.frames(i, count)), FadeIn(term), run_time=time)
    scene.play(FadeIn(ends[0]), FadeIn(bias), run_time=time)
    scene.play(FadeIn(ends[1]), FadeIn(result), run_time=time)
    # What was negative is written without its sign, and is new.
    scene.hold_for(1 + sum(bool(sign.text == MINUS) for sign in line.signs))
    scene.play(FadeIn(product.sums.rows[i][0]), run_time=0.9)
    scene.play(FadeOut(line), FadeOut(frames), FadeOut(ends), run_time=0.4)
    # The sum belongs to a neuron.
    disc, theme = diagram.neuron(1, i).disc, scene.theme
    z = Number(
        product.sums.rows[i][0].value, theme, em=theme.smallest_text, color=theme.forward_ink
    )
    scene.play(TransformFromCopy(product.sums.rows[i][0], z.next_to(disc, UP, buff=0.06)))
    return z
