"""The sums of the first hidden layer as one product of matrices."""

from __future__ import annotations

from collections.abc import Sequence

from manim import RIGHT, Create, FadeIn, FadeOut, LaggedStart, Mobject, Transform
from manim.typing import Point3D

from netviz.animation.details import FitBox, Focus
from netviz.animation.gap import OpenGap
from netviz.drawing.layout.box import Box
from netviz.drawing.numerals import MINUS
from netviz.drawing.panels.matrices import MatrixProduct
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.beat_scene import reading_time
from netviz.staging.network_scene import NetworkScene

# The strip of the diagram, the product below it, and the height of one row in full.
_STRIP, _PRODUCT = Box(-6.6, 6.6, 1.15, 3.7), Box(-6.7, 6.7, -2.7, 0.85)
_DETAIL, _DETAIL_WIDTH = -2.55, 13.2
# Where the weights leave their edges, 0 … 1.
_ON_EDGE = 0.16
# Where the inputs begin, right of their neurons in frame units, and the angle of their way to their
# column, in radians; negative is clockwise.
_ASIDE, _ABOVE = 0.5, -1.2
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
    with scene.beat("matrix.row", hold=reading_time(diagram.sizes[0])):
        _row_arrives(scene, product, first)
    if others:
        with scene.beat("matrix.rows", hold=reading_time(diagram.sizes[0] * len(others))):
            for i in others:
                _row_arrives(scene, product, i)
    with scene.beat("matrix.columns", hold=reading_time(diagram.sizes[1])):
        scene.play(Focus(diagram, [], [(0, k) for k in diagram.shown(0)]))
        # The lowest leaves first, so that none passes over those that have arrived, and all pass
        # above the weights.
        _arrive(
            scene,
            [row[0] for row in product.inputs.rows][::-1],
            [diagram.neuron(0, k).disc.get_right() + _ASIDE * RIGHT for k in diagram.shown(0)][
                ::-1
            ],
            _ABOVE,
        )
        scene.play(FadeIn(product.bias.rows), run_time=0.6)
    with scene.beat("matrix.product", hold=reading_time(1)):
        _row_in_full(scene, product, first, slow=True)
    if others:
        with scene.beat("matrix.next", hold=reading_time(1)):
            for i in others:
                _row_in_full(scene, product, i, slow=False)
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
    scene.show(product)


def _row_arrives(scene: NetworkScene, product: MatrixProduct, i: int) -> None:
    """Let the weights into neuron i leave their edges and become row i of the matrix."""
    diagram, edges = scene.diagram, scene.diagram.edges_into(1, i)
    inputs = [(0, k) for k in diagram.shown(0)]
    scene.play(diagram.animate.highlight([*inputs, (1, i)]), run_time=0.6)
    _arrive(scene, list(product.weights.rows[i]), [edge.between(_ON_EDGE) for edge in edges])


def _arrive(
    scene: NetworkScene, numbers: Sequence[Mobject], origins: Sequence[Point3D], arc: float = 0.0
) -> None:
    """Let numbers appear where they come from, and move to their places one after the other."""
    places = [number.get_center() for number in numbers]
    for number, origin in zip(numbers, origins, strict=True):
        number.move_to(origin)
    scene.play(*map(FadeIn, numbers), run_time=0.4)
    moves = [
        number.animate(path_arc=arc).move_to(place)
        for number, place in zip(numbers, places, strict=True)
    ]
    scene.play(LaggedStart(*moves, lag_ratio=0.15), run_time=1.6)


def _row_in_full(scene: NetworkScene, product: MatrixProduct, i: int, *, slow: bool) -> None:
    """Write one row times the column below the product, and its result into the result."""
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
    scene.hold(reading_time(1 + sum(bool(sign.text == MINUS) for sign in line.signs)))
    scene.play(FadeIn(product.sums.rows[i][0]), run_time=0.9)
    scene.play(FadeOut(line), FadeOut(frames), FadeOut(ends), run_time=0.4)
