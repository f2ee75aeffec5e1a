"""The edges between the first two layers get their names and numbers."""

from __future__ import annotations

from typing import Self

import numpy as np
from manim import (
    LEFT,
    RIGHT,
    UP,
    FadeIn,
    FadeOut,
    LaggedStart,
    MathTypst,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from netviz.animation.details import Focus
from netviz.animation.gap import OpenGap
from netviz.drawing.edges.layer import Z_TAG, Edge
from netviz.drawing.edges.places import find_places
from netviz.drawing.edges.tags import lift, plate
from netviz.drawing.layout.box import Box
from netviz.drawing.text import Number, TextLabel, formula, put_name
from netviz.problems import Problem, ProblemError
from netviz.staging.act import OnScreen, act
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme

# With room for the numbers of the inputs on the left.
_BOX = Box(-6.1, 6.7, -2.75, 3.4)
# More names than these do not fit on the edges.
_MOST = 12
# Lengths in frame units: from a neuron to its number, inside a plate, from a name to its value.
_NUMBER_GAP, _PADDING, _VALUE_GAP = 0.22, 0.14, 0.14
# Where the names of the first edges stand.
_NAME_AT = 0.5
# Size of the legend of the indices, in ems of captions, and the part of the first edge below it.
_LEGEND, _LEGEND_AT = 1.4, 0.6
# Between the words of the legend of the matrix, in frame units.
_ORDER_GAP = 0.3
# Seconds of the last picture.
_LAST = 2.5


def expect_few(scene: NetworkScene) -> None:
    """Refuse a network with too many edges between its first two layers to name each of them.

    Raises:
        ProblemError: It has.
    """
    n_in, n_out = scene.example.network.sizes[:2]
    if n_in * n_out > _MOST:
        found = f"has {n_in} × {n_out} connections between its first two layers"
        raise ProblemError(Problem("the network", found, f"at most {_MOST}, to name each of them"))


class EdgeName(VGroup):
    """The name of a weight on its edge, its indices in the colours of the layers at the two ends.

    Args:
        edge: The edge.
        colors: Of the layer before and of the layer after, ``#RRGGBB``.
        theme: Gives the other colours and the font.

    Attributes:
        symbol: The formula.
        first, second: The glyphs of the two indices.
        rest: The other glyphs.
    """

    def __init__(self, edge: Edge, colors: tuple[str, str], theme: Theme) -> None:
        _, *ends = edge.address
        indices = [str(end + 1) for end in ends]
        self.symbol: MathTypst = formula(f"W_({','.join(indices)})", theme, em=theme.caption_size)
        glyphs, split = list(self.symbol), 1 + len(indices[0])
        self.first, self.second = VGroup(*glyphs[1:split]), VGroup(*glyphs[split + 1 :])
        self.rest = VGroup(glyphs[0], glyphs[split])
        for index, color in zip((self.first, self.second), colors, strict=True):
            index.set_color(color)
        size = self.symbol.width + _PADDING, self.symbol.height + _PADDING / 2
        self.plate = plate(*size, theme).move_to(self.symbol)
        super().__init__(self.plate, self.symbol)
        lift(self.plate, self.symbol, Z_TAG)

    def put(self, edge: Edge, at: float) -> Self:
        """Move to a place on the edge, 0 … 1."""
        return self.move_to(edge.at(at))


@act(
    "connections",
    section="connections",
    rows=True,
    needs=OnScreen(_BOX, values=0, blames=0),
    leaves=OnScreen(_BOX, values=0, blames=0, panels=None),
    check=expect_few,
)
def connections(scene: NetworkScene) -> None:
    """The edges out of one input get their names and numbers, then all edges of the layer."""
    diagram, theme = scene.diagram, scene.theme
    n_in, n_out = diagram.sizes[:2]
    names_of_layers = scene.words.layer_names(len(diagram.sizes))
    with scene.beat("connections.every"):
        scene.play(OpenGap(diagram, 0, result=False))
    edges = list(diagram.edges_out_of(0, 0))
    numbers = [[_number(scene, layer, i) for i in diagram.shown(layer)] for layer in (0, 1)]
    ends = [numbers[0][0], *numbers[1]]
    name = scene.neuron_name(0, 0)
    with scene.beat("connections.fan", name=name, count=len(edges), layer=names_of_layers[1]):
        lit = [(0, 0), *((1, edge.address[2]) for edge in edges)]
        scene.play(diagram.animate.highlight(lit), run_time=0.6)
        scene.play(LaggedStart(*map(FadeIn, ends), lag_ratio=0.2), run_time=0.8)
    colors = diagram.role(0), diagram.role(1)
    named = [EdgeName(edge, colors, theme).put(edge, _NAME_AT) for edge in edges]
    legend = _legend(scene, colors, edges[0])
    with scene.beat("connections.name", hold=2.0):
        scene.play(FadeIn(legend), run_time=0.8)
        for edge, name in zip(edges, named, strict=True):
            _indices_meet(scene, name, numbers[0][0], numbers[1][edge.address[2]])
    values = [_value(scene, edge, name) for edge, name in zip(edges, named, strict=True)]
    with scene.beat("connections.value", hold=2.0):
        scene.play(LaggedStart(*map(FadeIn, values), lag_ratio=0.4), run_time=1.2)
    with scene.beat("connections.all", hold=_LAST, inputs=n_in, neurons=n_out, count=n_in * n_out):
        scene.play(*map(FadeOut, values), run_time=0.5)
        scene.play(Focus(diagram, None, run_time=0.6))
        _name_all(scene, dict(zip((edge.address for edge in edges), named, strict=True)))
        scene.play(LaggedStart(*map(FadeIn, numbers[0][1:]), lag_ratio=0.2), run_time=0.8)
        order = VGroup(
            TextLabel(scene.words("weight.matrix"), theme),
            rows_and_columns(scene, theme.number_size),
        )
        order.arrange(RIGHT, buff=_ORDER_GAP).next_to(legend, RIGHT, buff=2 * _ORDER_GAP)
        scene.play(FadeIn(order), run_time=0.6)
    scene.show(legend, order)


def _legend(scene: NetworkScene, colors: tuple[str, str], edge: Edge) -> MathTypst:
    """Return W with the words for its two indices, each in the colour of its layer."""
    source, target = (scene.words(f"weight.{end}") for end in ("from", "to"))
    legend = formula(
        f'W_({{{{ "{source}" : source }}}},{{{{ "{target}" : target }}}})',
        scene.theme,
        em=_LEGEND * scene.theme.caption_size,
        parts=dict(zip(("source", "target"), colors, strict=True)),
    )
    return legend.move_to([edge.at(_LEGEND_AT)[0], _BOX.top, 0])


def rows_and_columns(scene: NetworkScene, em: float) -> VGroup:
    """Return which end of an edge is the row of its weight in the matrix, and which the column.

    The matrix has shape (n_out, n_in): the indices of a name are there in the opposite order.

    Args:
        scene: The scene.
        em: Size of the words, in frame units.
    """
    words, theme = scene.words, scene.theme
    entries = VGroup()
    for place, end, layer in (("row", "to", 1), ("column", "from", 0)):
        name = TextLabel(f"{words(f'weight.{place}')} =", theme, em=em)
        which = TextLabel(words(f"weight.{end}"), theme, em=em, color=scene.diagram.role(layer))
        entries.add(VGroup(name, which).arrange(RIGHT, buff=0.3 * em))
    return entries.arrange(RIGHT, buff=em)


def _number(scene: NetworkScene, layer: int, i: int) -> TextLabel:
    """Return the number of a neuron, next to it: left of an input, above any other neuron."""
    disc = scene.diagram.neuron(layer, i).disc
    theme = scene.theme
    label = TextLabel(str(i + 1), theme, em=theme.caption_size, color=scene.diagram.role(layer))
    return label.next_to(disc, UP if layer else LEFT, buff=_NUMBER_GAP / (1 + layer))


def _indices_meet(
    scene: NetworkScene, name: EdgeName, source: TextLabel, target: TextLabel
) -> None:
    """Let the numbers of the two neurons of an edge travel to the name of its weight."""
    scene.play(FadeIn(name.plate), FadeIn(name.rest), run_time=0.5)
    for label, index in ((source, name.first), (target, name.second)):
        leaving = label.copy().set_z_index(index.z_index)
        scene.play(ReplacementTransform(leaving, index), run_time=1.0)
    scene.remove(name.plate, name.rest, name.first, name.second)
    scene.add(name)


def _value(scene: NetworkScene, edge: Edge, name: EdgeName) -> VGroup:
    """Return ``= w`` after the name of a weight, on a plate."""
    theme = scene.theme
    equals = formula("=", theme, em=theme.caption_size)
    number = Number(edge.weight, theme, signed=True, em=theme.caption_size)
    line = VGroup(equals, number)
    number.next_to(name.symbol, UP)  # on the height that put_name corrects
    put_name(equals, number)
    line.next_to(name.symbol, RIGHT, buff=_VALUE_GAP)
    line.shift((name.symbol[0].get_bottom()[1] - number.baseline[2]) * UP)
    ground = plate(line.width + 2 * _PADDING, name.plate.height, theme)
    ground.move_to([line.get_x(), name.plate.get_y(), 0])
    lift(ground, line, Z_TAG)
    return VGroup(ground, line)


def _name_all(scene: NetworkScene, there: dict[tuple[int, int, int], EdgeName]) -> None:
    """Name every edge between the first two layers; names that are there move along their edges."""
    diagram, colors = scene.diagram, (scene.diagram.role(0), scene.diagram.role(1))
    edges = [edge for _, _, edge in diagram.edge_layers[0].edges()]
    names = [
        there.get(edge.address) or EdgeName(edge, colors, scene.theme).put(edge, _NAME_AT)
        for edge in edges
    ]
    discs: list[VMobject] = [neuron.disc for layer in (0, 1) for neuron in diagram.layer(layer)]
    centers = np.array([disc.get_center()[:2] for disc in discs])
    size = np.max([[name.width, name.height] for name in names], axis=0)
    places = find_places(
        [edge.course for edge in edges], size, centers, np.array([disc.width / 2 for disc in discs])
    ) or [_NAME_AT] * len(edges)
    moves, appearing = [], []
    for edge, name, at in zip(edges, names, places, strict=True):
        if edge.address in there:
            moves.append(name.animate.put(edge, at))
        else:
            appearing.append(FadeIn(name.put(edge, at)))
    if moves:
        scene.play(*moves, run_time=0.8)
    scene.play(LaggedStart(*appearing, lag_ratio=0.25), run_time=2.0)
    scene.show(*names)
