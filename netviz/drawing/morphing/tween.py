"""Pairs of parts of two drawings, and what is shown on the way from one to the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
from manim import VMobject
from numpy.typing import NDArray

Points = NDArray[np.float64]
Complex = NDArray[np.complex128]
Path = Callable[[Points, Points, float], Points]

# Attributes of a path: rows (red, green, blue, opacity).
PAINTS = ("fill_rgbas", "stroke_rgbas", "background_stroke_rgbas")


@dataclass(frozen=True)
class Similarity:
    """A translation, rotation and scaling of the plane: z ↦ factor · z + shift for z = x + iy.

    Attributes:
        factor, shift: For all points, or for each of them, shape (n,).
    """

    factor: complex | Complex = 1.0
    shift: complex | Complex = 0.0

    @classmethod
    def between(cls, before: Points, after: Points, scale: float = 1.0) -> Similarity:
        """Return what moves a point from ``before`` to ``after`` and scales about it."""
        return cls(scale, _complex(after) - scale * _complex(before))

    def for_each(self, count: int) -> Similarity:
        """Repeat the similarity of each segment for ``count`` consecutive points of it."""
        return Similarity(np.repeat(self.factor, count), np.repeat(self.shift, count))

    @classmethod
    def of_segments(cls, before: tuple[Points, Points], after: tuple[Points, Points]) -> Similarity:
        """Return what maps the ends of segments to those of others, each of shape (…, 3)."""
        (a, b), (c, d) = ([_complex(point) for point in ends] for ends in (before, after))
        factor = (d - c) / (b - a)
        return cls(factor, c - factor * a)

    @property
    def inverse(self) -> Similarity:
        """The inverse similarity."""
        return Similarity(1 / self.factor, -self.shift / self.factor)

    def __call__(self, points: Points) -> Points:
        """Return points, shape (n, 3), mapped in the plane."""
        moved = self.factor * (points[:, 0] + 1j * points[:, 1]) + self.shift
        return np.stack([moved.real, moved.imag, points[:, 2]], axis=1)


def _complex(points: Points) -> Complex:
    return np.asarray(points[..., 0] + 1j * points[..., 1])


@dataclass(frozen=True)
class Pair:
    """A part of one drawing and the matching part of another; ``None`` where there is none.

    Attributes:
        before, after: The two parts.
        onward: How the surroundings of the part move, so that a part without a match moves with
            them.
        dissolves: Whether one part fades while the other appears, so that their place is never
            empty.
    """

    before: VMobject | None
    after: VMobject | None
    onward: Similarity = Similarity()
    dissolves: bool = False


def pair_parts(
    before: VMobject | None, after: VMobject | None, onward: Similarity = Similarity()
) -> Iterator[Pair]:
    """Yield two parts and their submobjects in pairs; those of other classes have no match."""
    if before is None or after is None or type(before) is not type(after):
        yield from (Pair(part, None, onward) for part in _family(before))
        yield from (Pair(None, part, onward) for part in _family(after))
        return
    yield Pair(before, after, onward)
    for own, other in zip_longest(before.submobjects, after.submobjects):
        yield from pair_parts(own, other, onward)


def _family(part: VMobject | None) -> list[VMobject]:
    return [] if part is None else part.get_family()


def is_alike(before: VMobject, after: VMobject) -> bool:
    """Whether two parts have submobjects of the same classes."""
    kinds = [[type(part) for part in whole.get_family()] for whole in (before, after)]
    return kinds[0] == kinds[1]


class Tween:
    """A path between two states.

    Args:
        start, end: The two states; both are modified.
        opacity: Its opacity as a function of the share of the way; 1 by default.
    """

    def __init__(
        self, start: VMobject, end: VMobject, opacity: Callable[[float], float] | None = None
    ) -> None:
        start.align_points(end)
        self.start, self.end, self.opacity = start, end, opacity
        self.path = _leaf(start)

    def draw(self, share: float, path: Path) -> None:
        """Show the state at ``share`` of the way, 0 … 1."""
        self.path.interpolate(self.start, self.end, share, path)
        if self.opacity is not None:
            _fade(self.path, self.opacity(share))


def tweens(pair: Pair) -> Iterator[Tween]:
    """Yield what is shown of a pair: one path that changes, or two that fade and appear."""
    before, after = (
        part if part is not None and part.has_points() else None
        for part in (pair.before, pair.after)
    )
    if before and after and _text(before) == _text(after):
        yield Tween(_leaf(before), _leaf(after))
        return
    if before:
        leaving = _dissolving if pair.dissolves else _leaving
        yield Tween(_leaf(before), _leaf(before, pair.onward), leaving)
    if after:
        coming = _appearing if pair.dissolves else _coming
        yield Tween(_leaf(after, pair.onward.inverse), _leaf(after), coming)


def _leaving(share: float) -> float:
    """Old parts have disappeared before new ones appear."""
    return max(1 - 2 * share, 0.0)


def _coming(share: float) -> float:
    return max(2 * share - 1, 0.0)


def _dissolving(share: float) -> float:
    return 1 - share


def _appearing(share: float) -> float:
    return share


def _text(part: VMobject) -> str | None:
    """Return the text of a part: a word does not become another letter by letter."""
    return getattr(part, "text", None)


def _leaf(part: VMobject, move: Similarity = Similarity()) -> VMobject:
    """Return a copy of the part without its submobjects."""
    leaf = copy(part)
    leaf.submobjects, leaf.updaters = [], []
    leaf.points = move(part.points)
    return leaf


def _fade(path: VMobject, opacity: float) -> None:
    for paint in PAINTS:
        setattr(path, paint, getattr(path, paint) * [1, 1, 1, opacity])
