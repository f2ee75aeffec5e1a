"""The contents of the screen at one moment: texts, neurons, and the outlines of everything else."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from typing import Any, TypeVar

import numpy as np
from manim import ManimColor, Mobject, Text, Typst, VMobject
from numpy.typing import NDArray

from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum
from netviz.drawing.edges.skips import Skip
from netviz.drawing.edges.tags import EdgeLabel, EdgeTag
from netviz.drawing.neuron import Neuron
from netviz.drawing.panels.gaps import GapBars, LossMeter
from netviz.drawing.text import Number, Symbol, TextLabel

Points = NDArray[np.float64]
Kept = TypeVar("Kept")

# manim's own units: a Typst of this font_size, and a Text of that, have an em of one frame unit.
TYPST_SIZE_OF_UNIT_EM, TEXT_SIZE_OF_UNIT_EM = 96, 72
STEPS = 8
# Paths for which a result is kept, and the bytes of one that is too long for that.
MOST_KEPT, LONG = 4096, 1 << 15
OPAQUE = 0.85
# What is fainter than this is not seen.
FAINTEST = 0.02
# Size of an index or exponent of a formula, relative to its letter: Typst's 0.7, and what
# netviz.drawing.glyphs adds.
SCRIPT = 0.7 * 1.1
# What has numbers of neurons and edges, and what is written in one path.
NUMBERED = (NetworkDiagram, Skip, EdgeSum, GapBars, LossMeter, EdgeTag, EdgeLabel)
LINES = (TextLabel, Number, Symbol)


@dataclass(frozen=True)
class Rect:
    """A rectangle of the frame."""

    left: float
    bottom: float
    right: float
    top: float

    @classmethod
    def around(cls, points: Points) -> Rect:
        flat = points[..., :2].reshape(-1, 2)
        return cls(*flat.min(axis=0), *flat.max(axis=0))

    def __str__(self) -> str:
        return f"at ({self.center[0]:.2f}, {self.center[1]:.2f})"

    @property
    def center(self) -> tuple[float, float]:
        return (self.left + self.right) / 2, (self.bottom + self.top) / 2

    def grown(self, by: float) -> Rect:
        return Rect(self.left - by, self.bottom - by, self.right + by, self.top + by)

    def overlaps(self, other: Rect) -> bool:
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def holds(self, other: Rect) -> bool:
        across = self.left <= other.left and other.right <= self.right
        return across and self.bottom <= other.bottom and other.top <= self.top

    @property
    def sides(self) -> tuple[float, float, float, float]:
        return self.left, self.bottom, self.right, self.top


@dataclass(frozen=True)
class Subject:
    """The neuron or edge that a number on screen belongs to.

    Attributes:
        kind: ``activation``, ``blame``, ``bias`` or ``sum`` of a neuron, or ``part``: a part of
            its sum; ``weight`` of an edge, or ``edge``: something that travels over it, or its
            gradient; ``skip``: something that travels over a residual connection; ``target`` of
            an output; ``loss``.
        address: (layer, neuron); (layer of the source, source, target); of a residual connection
            (source layer, target layer, neuron); (output,) of a target; () of the loss.
    """

    kind: str
    address: tuple[int, ...]

    def __str__(self) -> str:
        return f"{self.kind}{self.address}"


@dataclass(frozen=True, eq=False)
class Written:
    """A text: words, a number or a formula.

    Attributes:
        mobject: The mobject on screen.
        text: Its words or digits; a formula in Typst.
        em: Size of its font, in frame units.
        inked: Its visible paths.
        order: Its place in the order of drawing.
        color: Of its letters, ``#RRGGBB``.
        opacity: Of its letters, 0 … 1.
        owner: The neuron that the number belongs to, if there is one.
        subject: What the number is of, if it belongs to a neuron or an edge.
    """

    mobject: Mobject
    text: str
    em: float
    inked: tuple[VMobject, ...]
    order: int
    color: str
    opacity: float
    owner: Neuron | None
    subject: Subject | None

    def __str__(self) -> str:
        return f"{self.text!r} {self.ink}"

    @cached_property
    def middle(self) -> float:
        """The height of its middle: that of its line, if it has one, instead of its letters."""
        return float(self.mobject.get_y())

    @cached_property
    def parts(self) -> tuple[Rect, ...]:
        """Rectangles around its contours: a glyph, or a part of one."""
        return tuple(rect for part in self.inked for rect in contours_of(part.points.tobytes()))

    @cached_property
    def ink(self) -> Rect:
        """The rectangle around all parts."""
        sides = np.array([rect.sides for rect in self.parts])
        return Rect(*sides[:, :2].min(axis=0), *sides[:, 2:].max(axis=0))


@dataclass(frozen=True, eq=False)
class Shape:
    """A line or an area: anything visible that is not a text.

    Attributes:
        mobject: The mobject on screen.
        order: Its place in the order of drawing.
        neuron: The neuron, if the shape is the disc of one.
    """

    mobject: VMobject
    order: int
    neuron: Neuron | None

    def __str__(self) -> str:
        kind = "neuron" if self.neuron else type(self.mobject).__name__
        return f"{kind}{getattr(self.mobject, 'address', '')} {self.rect}"

    @cached_property
    def rect(self) -> Rect:
        return rect_of(self.mobject.points.tobytes()).grown(self.half_line)

    @property
    def half_line(self) -> float:
        return self.mobject.get_stroke_width() / 200 if is_stroked(self.mobject) else 0.0

    @property
    def is_opaque(self) -> bool:
        return bool(self.mobject.get_fill_rgbas()[0, 3] >= OPAQUE)


def is_stroked(mobject: VMobject) -> bool:
    visible = mobject.get_stroke_width() > 0 and mobject.get_stroke_rgbas()[0, 3] > FAINTEST
    return bool(visible)


def is_visible(mobject: Mobject) -> bool:
    if not len(mobject.points) or not is_one_of(type(mobject), (VMobject,)):
        return False
    return is_stroked(mobject) or bool(mobject.get_fill_rgbas()[0, 3] > FAINTEST)


def kept(compute: Callable[[bytes], Kept]) -> Callable[[bytes], Kept]:
    """Keep what follows from the points of a path: most are the same at many moments of a film."""
    cached = lru_cache(maxsize=MOST_KEPT)(compute)
    return lambda path: cached(path) if len(path) < LONG else compute(path)


def points_in(path: bytes) -> Points:
    """Return the points of a path, shape (n, 3), from their bytes."""
    return np.frombuffer(path).reshape(-1, 3)


@kept
def rect_of(path: bytes) -> Rect:
    """Return the rectangle around the points of a path."""
    return Rect.around(points_in(path))


def curves_of(path: bytes) -> Points:
    """Return the Bézier curves of a path, shape (n, 4, 3), without those of length 0."""
    points = points_in(path)
    curves: Points = points[: len(points) // 4 * 4].reshape(-1, 4, 3)
    extended: Points = curves[np.ptp(curves, axis=1).max(axis=1) > 1e-9]
    return extended


@kept
def segments_of(path: bytes) -> Points:
    """Return the contours of a path as segments, shape (n, 4) as x₁ y₁ x₂ y₂."""
    curves = curves_of(path)[..., :2]
    straight = are_straight(curves)
    lines = curves[straight][:, [0, 3]].reshape(-1, 4)
    return np.concatenate([lines, polygons(curves[~straight]).reshape(-1, 4)])


def crossings(rects: Sequence[Rect], segments: Points) -> NDArray[np.bool_]:
    """Return which segments, shape (n, 4), have a point inside each of some rectangles.

    Liang & Barsky 1984: the part of a segment within each of the four sides.

    Returns:
        A mask of shape (rectangles, n).
    """
    sides = np.array([rect.sides for rect in rects])[:, np.newaxis]
    start, along = segments[:, :2], segments[:, 2:] - segments[:, :2]
    low, high = sides[..., :2] - start, sides[..., 2:] - start
    with np.errstate(divide="ignore", invalid="ignore"):
        one, other = low / along, high / along
    parallel, inside = along == 0, (low <= 0) & (high >= 0)
    enters = np.where(parallel, np.where(inside, -np.inf, np.inf), np.minimum(one, other))
    leaves = np.where(parallel, np.where(inside, np.inf, -np.inf), np.maximum(one, other))
    crossed: NDArray[np.bool_] = np.maximum(enters.max(axis=2), 0) <= np.minimum(
        leaves.min(axis=2), 1
    )
    return crossed


def family_of(mobjects: Sequence[Mobject]) -> list[Mobject]:
    """Return mobjects with all their parts, each once, in the order in which they are drawn.

    The same as manim's ``extract_mobject_family_members``, in a fraction of the time.
    """
    found: list[Mobject] = []
    left = list(reversed(mobjects))
    while left:
        mobject = left.pop()
        found.append(mobject)
        left.extend(reversed(mobject.submobjects))
    # What is there twice is drawn where it stands last.
    once = list(dict.fromkeys(reversed(found)))
    return sorted(reversed(once), key=lambda mobject: mobject.z_index)


@cache
def is_one_of(kind: type, kinds: tuple[type, ...]) -> bool:
    """Return ``issubclass(kind, kinds)``, which takes manim's classes long to answer."""
    return issubclass(kind, kinds)


def parts_of(family: Iterable[Mobject], *kinds: type) -> Iterator[Any]:
    """Yield the mobjects of some kinds."""
    return (mobject for mobject in family if is_one_of(type(mobject), kinds))


def subjects(family: Iterable[Mobject]) -> dict[int, tuple[Number, Subject]]:
    """Return the numbers of neurons and edges, by their id, each with what it belongs to.

    Args:
        family: Mobjects with all their parts.
    """
    found: list[tuple[Number, Subject]] = []
    for mobject in parts_of(family, *NUMBERED):
        if isinstance(mobject, NetworkDiagram):
            for layer in range(len(mobject.sizes)):
                for i, neuron in zip(mobject.shown(layer), mobject.layer(layer), strict=True):
                    found.append((neuron.value_text, Subject("activation", (layer, i))))
                    found.append((neuron.blame_text, Subject("blame", (layer, i))))
                    if neuron.texts.bias is not None:
                        found.append((neuron.texts.bias.number, Subject("bias", (layer, i))))
        elif isinstance(mobject, Skip):
            numbers = (part for part in mobject.label if isinstance(part, Number))
            for place, number in enumerate(numbers):
                found.append((number, Subject("skip", (*mobject.layers, place))))
        elif isinstance(mobject, EdgeSum):
            found.extend(of_sum(mobject))
        elif isinstance(mobject, GapBars):
            for row, number in enumerate(mobject.numbers):
                found.append((number, Subject("target", (row,))))
        elif isinstance(mobject, LossMeter):
            found.append((mobject.number, Subject("loss", ())))
        elif isinstance(mobject, EdgeTag):
            found.append((mobject.number, Subject("edge", mobject.address)))
        elif isinstance(mobject, EdgeLabel) and isinstance(mobject.text, Number):
            found.append((mobject.text, Subject("weight", mobject.address)))
    return {id(number): (number, subject) for number, subject in found}


def of_sum(edge_sum: EdgeSum) -> Iterator[tuple[Number, Subject]]:
    """Yield the numbers of a sum on the edges of a neuron, each with what it belongs to."""
    layer, place = edge_sum.neuron_address
    receiver = (layer, edge_sum.diagram.shown(layer)[place])
    sends = "blame" if edge_sum.back else "activation"
    texts = zip(edge_sum.terms, edge_sum.values, edge_sum.weights, edge_sum.products, strict=True)
    for term, value, weight, product in texts:
        before, source, target = term.edge.address
        sender = (before + 1, target) if edge_sum.back else (before, source)
        yield value.texts[-1], Subject(sends, sender)
        yield weight.texts[-1], Subject("weight", term.edge.address)
        yield product.texts[-1], Subject("edge", term.edge.address)
    kinds = ("part",) if edge_sum.back else ("bias", "part")
    for line, kind in zip(edge_sum.extras, kinds, strict=False):
        yield line.texts[-1], Subject(kind, receiver)
    for line in edge_sum.others:
        yield line.texts[-1], Subject("part", receiver)
    whole = edge_sum.sum.value == edge_sum.total
    yield edge_sum.sum, Subject("sum" if whole else "part", receiver)


class Screen:
    """Everything visible among some mobjects, in the order in which it is drawn.

    Attributes:
        texts: Words, numbers and formulae.
        shapes: All other mobjects.
        family: All mobjects with all their parts, also invisible ones.
        background: Colour of the frame, ``#RRGGBB``.
    """

    def __init__(self, mobjects: Sequence[Mobject], background: str) -> None:
        self.background = background
        self.family = family = family_of(mobjects)
        self._order = {id(mobject): place for place, mobject in enumerate(family)}
        neurons = list(parts_of(family, Neuron))
        self._subjects = subjects(family)
        self._numbers = {id(part): n for n in neurons for part in (n.value_text, n.blame_text)}
        self._numbers |= {id(each.sum): each.neuron for each in parts_of(family, EdgeSum)}
        self._discs = {id(neuron.disc): neuron for neuron in neurons}
        set_whole = list(parts_of(family, Typst, Text))
        glyphs = {id(glyph) for mobject in set_whole for glyph in mobject.get_family()}
        alone = [mobject for mobject in family if id(mobject) not in glyphs and is_visible(mobject)]
        texts = map(self._written, (*parts_of(alone, *LINES), *set_whole))
        self.texts = [text for text in texts if text is not None]
        self.shapes = [
            Shape(mobject, self._order[id(mobject)], self._discs.get(id(mobject)))
            for mobject in alone
            if not is_one_of(type(mobject), LINES)
        ]

    def _written(self, mobject: Mobject) -> Written | None:
        inked = [part for part in mobject.get_family() if is_visible(part)]
        if not inked:
            return None
        return Written(
            mobject,
            text_of(mobject),
            em_of(mobject),
            tuple(inked),
            min(self._order[id(part)] for part in inked),
            fill_of(inked[0]),
            float(inked[0].get_fill_opacity()),
            self._numbers.get(id(mobject)),
            self._subjects.get(id(mobject), (None, None))[1],
        )

    @cached_property
    def outlines(self) -> tuple[Points, NDArray[np.intp], Points]:
        """Contours of all obstacles as segments, shape (n, 4), the obstacle of each, their extents.

        The extents are the lowest x and y and the highest x and y of each segment, shape (4, n).
        """
        each = [segments_of(shape.mobject.points.tobytes()) for shape in self.obstacles]
        owners = np.repeat(np.arange(len(each)), [len(some) for some in each])
        segments = np.concatenate([np.zeros((0, 4)), *each])
        x, y = segments[:, ::2], segments[:, 1::2]
        extents = np.stack([x.min(axis=1), y.min(axis=1), x.max(axis=1), y.max(axis=1)])
        return segments, owners, extents

    def crossing(self, rect: Rect) -> Iterator[tuple[Shape, Points]]:
        """Yield each obstacle whose contour has points in a rectangle, with its segments there."""
        segments, owners, (left, bottom, right, top) = self.outlines
        across = (left <= rect.right) & (right >= rect.left)
        near = np.flatnonzero(across & (bottom <= rect.top) & (top >= rect.bottom))
        near = near[crossings([rect], segments[near])[0]]
        for i in np.unique(owners[near]):
            yield self.obstacles[i], segments[near[owners[near] == i]]

    @cached_property
    def obstacles(self) -> list[Shape]:
        """Shapes that differ from the background, which a text must not touch."""
        background = self.background.upper()
        return [shape for shape in self.shapes if colour_of(shape.mobject) != background]

    @cached_property
    def opaque(self) -> list[Shape]:
        """Shapes that hide what is under them."""
        return [shape for shape in self.shapes if shape.is_opaque]

    def numbers(self) -> list[tuple[Subject, float]]:
        """Return the numbers of neurons and edges."""
        numbered = ((text.subject, text.mobject) for text in self.texts)
        return [(subject, number.value) for subject, number in numbered if subject is not None]

    def plates_under(self, text: Written) -> list[Shape]:
        """Return the opaque areas that lie under the whole of a text, the lowest first."""
        return [
            shape
            for shape in self.opaque
            if shape.order < text.order and shape.rect.holds(text.ink)
        ]


@kept
def contours_of(path: bytes) -> tuple[Rect, ...]:
    """Return the rectangle around each connected part of a path."""
    curves = curves_of(path)
    if not len(curves):
        return ()
    apart = np.abs(curves[1:, 0] - curves[:-1, 3]).max(axis=1) > 1e-6
    return tuple(Rect.around(part) for part in np.split(curves, np.flatnonzero(apart) + 1))


def are_straight(curves: Points) -> NDArray[np.bool_]:
    """Return which of the Bézier curves, shape (n, 4, 2), are straight lines in manim's form."""
    start, end = curves[:, 0], curves[:, 3]
    handles = np.stack([(2 * start + end) / 3, (start + 2 * end) / 3], axis=1)
    straight: NDArray[np.bool_] = np.abs(curves[:, 1:3] - handles).max(axis=(1, 2)) < 1e-6
    return straight


def polygons(curves: Points) -> Points:
    """Return each Bézier curve, shape (n, 4, 2), as segments, shape (n, STEPS, 4)."""
    a, b, c, d = (curves[:, np.newaxis, i] for i in range(4))
    t = np.linspace(0, 1, STEPS + 1)[:, np.newaxis]
    s = 1 - t
    path = s**3 * a + 3 * s**2 * t * b + 3 * s * t**2 * c + t**3 * d
    segments: Points = np.concatenate([path[:, :-1], path[:, 1:]], axis=2)
    return segments


def colour_of(mobject: VMobject) -> str:
    """Return the colour of the line of a shape, or else of its area, ``#RRGGBB``."""
    return stroke_of(mobject) if is_stroked(mobject) else fill_of(mobject)


def stroke_of(mobject: VMobject) -> str:
    return named(mobject.get_stroke_rgbas()[0, :3].tobytes())


def fill_of(mobject: VMobject) -> str:
    return named(mobject.get_fill_rgbas()[0, :3].tobytes())


@kept
def named(color: bytes) -> str:
    """Return a colour as ``#RRGGBB``."""
    return str(ManimColor(np.frombuffer(color)).to_hex()).upper()


def text_of(mobject: Mobject) -> str:
    return mobject.typst_code if isinstance(mobject, Typst) else str(mobject.text)


def em_of(mobject: Mobject) -> float:
    """Return the em of the letters; of a symbol or formula with indices, that of the indices."""
    if isinstance(mobject, Symbol):
        return mobject.em * (SCRIPT if len(mobject.text) > 1 else 1)
    if isinstance(mobject, TextLabel | Number):
        return mobject.em
    if isinstance(mobject, Typst):
        scripts = SCRIPT if set("_^") & set(mobject.typst_code) else 1.0
        return scripts * float(mobject.font_size) / TYPST_SIZE_OF_UNIT_EM
    return float(mobject.font_size) / TEXT_SIZE_OF_UNIT_EM
