"""Time several functions in turns, so that other work on the machine slows all of them equally."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def fastest(ways: list[Callable[[], object]], turns: int) -> list[float]:
    """Return the shortest time of each function in seconds.

    The shortest time is the one that other work on the machine disturbed least.

    Args:
        ways: The functions to compare.
        turns: How often each is called.
    """
    best = [float("inf")] * len(ways)
    gc.disable()
    try:
        for _ in range(turns):
            for place, way in enumerate(ways):
                start = time.perf_counter()
                way()
                best[place] = min(best[place], time.perf_counter() - start)
    finally:
        gc.enable()
    return best
