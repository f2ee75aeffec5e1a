"""How much memory pictures, films and recordings take: it is estimated before it is taken."""

from __future__ import annotations

import os
from collections.abc import Iterator

from netviz.problems import Problem

LIMIT = 2 * 10**9
"""The most memory that a network, its picture or its recording may take, in bytes."""

OF_FILM = 5 * 10**9
"""The most memory that a process may take to draw and encode a film, in bytes."""

# Bytes, measured: of a weight with both passes, its gradients and what is printed or drawn of it;
# of a pixel of a still image with its copies; of a weight at a moment of a recording.
_OF_WEIGHT, _OF_PIXEL, _OF_MOMENT = 170, 26, 32


def weights(where: str, count: int) -> Iterator[Problem]:
    """Yield the problem of a network that takes more memory than ``LIMIT``.

    Args:
        where: What sets its size.
        count: The number of its weights.
    """
    return _problem(where, count, "weights", _OF_WEIGHT)


def pixels(width: int, height: int, hint: str) -> Iterator[Problem]:
    """Yield the problem of a still image that takes more memory than ``LIMIT``.

    Args:
        width, height: In pixels.
        hint: What would make it smaller.
    """
    return _problem(f"the picture of {width} × {height}", width * height, "pixels", _OF_PIXEL, hint)


def film(width: int, height: int, size: int, hint: str) -> Iterator[Problem]:
    """Yield the problem of a film that takes more memory than ``OF_FILM``.

    Args:
        width, height: In pixels.
        size: Bytes that a pixel takes in all frames that are kept at the same time.
        hint: What would make it smaller.
    """
    where = f"the film of {width} × {height}"
    return _problem(where, width * height, "pixels", size, hint, OF_FILM)


def processes(size: int) -> int:
    """Return how many processes of so many bytes fit into half of the machine's memory, or 1."""
    if not hasattr(os, "sysconf"):
        return 1
    half = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return max(1, half // size)


def moments(weights: int) -> int:
    """Return how many moments of a run can be recorded within ``LIMIT``, at least the two ends."""
    return max(2, LIMIT // (_OF_MOMENT * max(weights, 1)))


def _problem(
    where: str, count: int, unit: str, size: int, hint: str = "", limit: int | None = None
) -> Iterator[Problem]:
    most = LIMIT if limit is None else limit
    if count * size > most:
        found = f"has {count:,} {unit}, which take about {count * size / 1e9:.1f} GB of memory"
        expected = f"at most {most // size:,}, which take {most / 1e9:g} GB"
        yield Problem(where, found, expected, hint)
