"""Finds places for labels on the edges of a layer, clear of neurons and of each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from netviz.drawing.paths import Course

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

# Places that are tried on an edge, 0 … 1 of the way.
_TRIED = np.linspace(0.08, 0.92, 43)
# Points of an edge that are checked to find what a label would cover.
_CHECKED = np.linspace(0, 1, 61)
# Cost of a covered line, relative to a place that is taken from another label.
_COVERED = 12.0
# Largest number of times that a label pushes others away.
_PUSHES = 300
# Largest part of an edge that the labels of other edges cover on average. With more, nobody sees to
# which edge a label belongs.
_MOST_COVERED = 0.25


def find_places(
    courses: Sequence[Course], size: Array, discs: Array, radii: Array
) -> list[float] | None:
    """Find places for labels of one size, one on each course.

    The label with the fewest places left is placed first, where it covers the fewest other lines
    and takes the fewest places from others. A label without any place pushes others away, first
    those that have found another place most easily (ejection, as in Nagata & Bräysy 2009).

    Args:
        courses: The courses of the edges.
        size: Width and height of a label with its margin, in frame units, shape ``(2,)``.
        discs: Centres of the neurons that no label may touch, shape ``(n, 2)``.
        radii: Radii of these neurons with their margin, in frame units, shape ``(n,)``.

    Returns:
        Fractions of the way; ``None`` if labels would touch, or cover too much of the edges.
    """
    if not courses:
        return []
    centers = np.stack([course.at(_TRIED)[:, :2] for course in courses])
    free = ~_touches_disc(centers, size, discs, radii)
    cost = _COVERED * _covered(centers, size, courses) + np.abs(_TRIED - 0.5)
    places = _place_in_turn(centers, free, cost, size)
    if len(places) < len(courses) and free.any(axis=1).all():
        places = _push_in(places, centers, free, size)
    if len(places) < len(courses):
        return None
    tried = [places[i] for i in range(len(courses))]
    if _share_covered(centers[range(len(courses)), tried], size, courses) > _MOST_COVERED:
        return None
    return [float(at) for at in _TRIED[tried]]


def _place_in_turn(centers: Array, free: Mask, cost: Array, size: Array) -> dict[int, int]:
    """Return the place of every label that finds one without moving others."""
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
    """Return the largest set of placed labels found while pushing others away."""
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
    """Return which labels touch a neuron."""
    apart = np.abs(centers[:, :, np.newaxis] - discs) - size / 2
    touches: Mask = (np.linalg.norm(np.maximum(apart, 0), axis=-1) < radii).any(axis=-1)
    return touches


def _covered(centers: Array, size: Array, courses: Sequence[Course]) -> Array:
    """Return how many other edges a label at each place of each edge would cover."""
    lines = np.stack([course.at(_CHECKED)[:, :2] for course in courses])
    counts = [
        (np.abs(center - lines) < size / 2).all(axis=-1).any(axis=-1).sum() - 1
        for center in centers.reshape(-1, 2)
    ]
    return np.array(counts, dtype=float).reshape(centers.shape[:2])


def _share_covered(centers: Array, size: Array, courses: Sequence[Course]) -> float:
    """Return the average part of an edge that the labels of other edges cover."""
    lines = np.stack([course.at(_CHECKED)[:, :2] for course in courses])
    covers = np.all(np.abs(centers[:, np.newaxis, np.newaxis] - lines) < size / 2, axis=-1)
    others = ~np.eye(len(courses), dtype=bool)[..., np.newaxis]
    return float(np.any(covers & others, axis=0).mean())


def _near(one: Array, others: Array, size: Array) -> Mask:
    """Return whether labels at ``one``, shape (…, 2), overlap those at ``others``."""
    apart = np.abs(one.reshape(*one.shape[:-1], *(1,) * (others.ndim - 1), 2) - others)
    return np.logical_and(apart[..., 0] < size[0], apart[..., 1] < size[1])
