"""Two ways to do the same thing, timed in turns, so that a busy machine slows both alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable


def fastest(ways: list[Callable[[], object]], turns: int) -> list[float]:
    """The shortest time of each way in seconds, over so many turns of all of them.

    The shortest is the one that other work on the machine disturbed least.
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
