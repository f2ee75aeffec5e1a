"""Where labels stand on the edges of a layer: on their own, clear of neurons and of each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netviz.drawing.edges.course import Course

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Places that are tried on an edge, 0 … 1 of the way.
_TRIED = np.linspace(0.08, 0.92, 43)
# Points of an edge that are looked at to find out what a label would cover.
_LOOKED_AT = np.linspace(0, 1, 61)
# What a line under a label costs beside a place that it takes from another label.
_COVERED = 12.0
# So many times a label may push others away.
_PUSHES = 300
# What labels of other edges may cover of an edge on average: beyond it nobody sees whose they are.
_MOST_COVERED = 0.25


def find_places(
    courses: Sequence[Course], size: Array, discs: Array, radii: Array
) -> list[float] | None:
    """Places for labels of one size, one on each course.

    The label that has the fewest places left is put down first, where it covers the fewest other
    lines and takes the fewest places from others. One that finds none pushes others away, those
    first that have found a place again most easily (ejection, as in Nagata & Bräysy 2009).

    Args:
        courses: Of the edges.
        size: Width and height of a label with the air around it, shape ``(2,)``.
        discs: Centres of neurons, shape ``(n, 2)``, which no label may touch.
        radii: Of these neurons with the air around them, shape ``(n,)``.

    Returns:
        Fractions of the way; ``None`` where labels would touch, or cover too much of the edges.
    """
    if not courses:
        return []
    centers = np.stack([course.at(_TRIED)[:, :2] for course in courses])
    free = ~_touches_disc(centers, size, discs, radii)
    cost = _COVERED * _covered(centers, size, courses) + np.abs(_TRIED - 0.5)
    places = _put_down(centers, free, cost, size)
    if len(places) < len(courses) and free.any(axis=1).all():
        places = _push_in(places, centers, free, size)
    if len(places) < len(courses):
        return None
    tried = [places[i] for i in range(len(courses))]
    if _share_covered(centers[range(len(courses)), tried], size, courses) > _MOST_COVERED:
        return None
    return [float(at) for at in _TRIED[tried]]


def _put_down(centers: Array, free: Mask, cost: Array, size: Array) -> dict[int, int]:
    """The place of every label that finds one when none gives way."""
    places: dict[int, int] = {}
    left = [i for i in range(len(centers)) if free[i].any()]
    while left:
        i = min(left, key=lambda label: int(free[label].sum()))
        left.remove(i)
        taken = (_near(centers[i], centers[left], size) & free[left]).sum(axis=(1, 2))
        places[i] = int(np.argmin(np.where(free[i], taken + cost[i], np.inf)))
        free = free & ~_near(centers[i, places[i]], centers, size)
        left = [label for label in left if free[label].any()]
    return places


def _push_in(places: dict[int, int], centers: Array, free: Mask, size: Array) -> dict[int, int]:
    """The most labels that found a place while others gave way to them."""
    best = places
    waiting = [i for i in range(len(centers)) if i not in places]
    stubborn = np.ones(len(centers))
    for _ in range(_PUSHES):
        if not waiting:
            break
        i = waiting.pop(0)
        stubborn[i] += 1
        there = list(places)
        near = _near(centers[i], centers[there, [places[label] for label in there]], size)
        at = int(np.argmin(np.where(free[i], near @ stubborn[there], np.inf)))
        pushed = [label for label, gone in zip(there, near[at], strict=True) if gone]
        places = {**{label: places[label] for label in there if label not in pushed}, i: at}
        waiting += pushed
        best = max(best, places, key=len)
    return best


def _touches_disc(centers: Array, size: Array, discs: Array, radii: Array) -> Mask:
    """Which labels come nearer to a neuron than its radius."""
    apart = np.abs(centers[:, :, np.newaxis] - discs) - size / 2
    touches: Mask = (np.linalg.norm(np.maximum(apart, 0), axis=-1) < radii).any(axis=-1)
    return touches


def _covered(centers: Array, size: Array, courses: Sequence[Course]) -> Array:
    """How many other edges a label at each place of each edge would cover."""
    lines = np.stack([course.at(_LOOKED_AT)[:, :2] for course in courses])
    counts = [
        (np.abs(center - lines) < size / 2).all(axis=-1).any(axis=-1).sum() - 1
        for center in centers.reshape(-1, 2)
    ]
    return np.array(counts, dtype=float).reshape(centers.shape[:2])


def _share_covered(centers: Array, size: Array, courses: Sequence[Course]) -> float:
    """Share of an edge that the labels of others cover, on average."""
    lines = np.stack([course.at(_LOOKED_AT)[:, :2] for course in courses])
    covers = np.all(np.abs(centers[:, np.newaxis, np.newaxis] - lines) < size / 2, axis=-1)
    others = ~np.eye(len(courses), dtype=bool)[..., np.newaxis]
    return float(np.any(covers & others, axis=0).mean())


def _near(one: Array, others: Array, size: Array) -> Mask:
    """Whether labels at ``one``, shape (…, 2), overlap those at ``others``: (…, of others)."""
    apart = np.abs(one.reshape(*one.shape[:-1], *(1,) * (others.ndim - 1), 2) - others)
    return np.logical_and(apart[..., 0] < size[0], apart[..., 1] < size[1])
