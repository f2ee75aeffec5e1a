"""Play a take into files: each film is drawn once, and as small as it has to be."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from netviz.export.formats import Format, expect_memory
from netviz.export.request import WIDTHS, ExportError, size_as_text
from netviz.export.take import Take
from netviz.problems import Problem

# Frames per second, and shares of the width, to which a file that is too large is lowered.
_RATES = (30.0, 25.0, 20.0, 15.0, 12.5, 10.0)
_SHARES = (0.85, 0.7, 0.6, 0.5, 0.4, 0.3)


@dataclass(frozen=True)
class Order:
    """A file that is to be written.

    Attributes:
        output: The file, for messages.
        kind: Its format.
        size: (width, height) of a whole frame, in pixels.
        fps: Frames per second.
        draft: Where it is written to.
    """

    output: Path
    kind: Format
    size: tuple[int, int]
    fps: float
    draft: Path


@dataclass(frozen=True)
class Written:
    """A file that has been written.

    Attributes:
        seconds: Its duration; 0 for a still image.
        size: (width, height) in pixels.
        given_up: What it has given up to become smaller.
    """

    seconds: float
    size: tuple[int, int]
    given_up: str = ""


def write(take: Take, orders: Sequence[Order]) -> list[Written]:
    """Write files; films of the same size and frame rate are drawn once.

    Args:
        take: The scene, of any size and frame rate.
        orders: The files.

    Raises:
        ExportError: Something is not possible.
    """
    made: dict[Path, Written] = {}
    for order in orders:
        if order.kind.draw is not None:
            drawn = order.kind.draw(_sized(take, order), order.draft)
            made[order.draft] = Written(0.0, drawn)
    films = sorted((each for each in orders if each.kind.open is not None), key=_look)
    for _, group in groupby(films, key=_look):
        together = list(group)
        sized = _sized(take, together[0])
        if sized.page.tight:
            sized = sized.cropped()
            expect_memory([each.kind for each in together], (sized.width, sized.height))
        reels = [each.kind.open(sized, each.draft) for each in together if each.kind.open]
        movie = sized.film(reels, [each.draft.suffix for each in together])
        for order, reel in zip(together, reels, strict=True):
            reel.finish(movie)
            made[order.draft] = Written(movie.seconds, (sized.width, sized.height))
    return [made[order.draft] for order in orders]


def _look(order: Order) -> tuple[tuple[int, int], float]:
    return order.size, order.fps


def _sized(take: Take, order: Order) -> Take:
    return replace(take, width=order.size[0], height=order.size[1], fps=order.fps)


# ---- smaller files -------------------------------------------------------------------------------


def shrink(take: Take, order: Order, most: int) -> Written:
    """Write a file again, which is too large, so that it has at most so many bytes.

    The frame rate is lowered, then the width, then the number of colours or the quality, no further
    than is needed.

    Args:
        take: The scene.
        order: The file.
        most: Its size in bytes.

    Raises:
        ExportError: It cannot be made so small.
    """
    steps = list(_steps(order))
    best, kept = None, take.media / f"fits{order.draft.suffix}"
    smallest = order.draft.stat().st_size
    low, high = 0, len(steps)
    while low < high:
        middle = (low + high) // 2
        smaller, saving = steps[middle]
        [made] = write(replace(take, saving=saving, progress=None), [smaller])
        size = order.draft.stat().st_size
        smallest = min(smallest, size)
        if size <= most:
            best, high = replace(made, given_up=_difference(order, smaller, saving)), middle
            shutil.copyfile(order.draft, kept)
        else:
            low = middle + 1
    if best is None:
        expected = f"at least {size_as_text(smallest)}, the size of the smallest {order.output}"
        hint = "a part of the film, with --from and --to, is smaller" if order.kind.open else ""
        raise ExportError(Problem("max_size", f"is {size_as_text(most)}", expected, hint))
    shutil.copyfile(kept, order.draft)
    return best


def _steps(order: Order) -> Iterator[tuple[Order, int]]:
    """Yield smaller files, each smaller than the one before, and what they save of colours."""
    kind, (width, height) = order.kind, order.size
    if kind.savings is None:
        return
    smaller = order
    if kind.open is not None:
        rates = sorted(kind.rates or _RATES, reverse=True)
        for fps in (rate for rate in rates if rate < order.fps):
            smaller = replace(order, fps=fps)
            yield smaller, 0
    for share in _SHARES:
        size = 2 * round(width * share / 2), 2 * round(height * share / 2)
        if size[0] in WIDTHS:
            smaller = replace(smaller, size=size)
            yield smaller, 0
    for saving in range(1, kind.savings + 1):
        yield smaller, saving


def _difference(order: Order, smaller: Order, saving: int) -> str:
    """Return what a smaller file has given up."""
    given_up = []
    if smaller.fps != order.fps:
        given_up.append(f"{smaller.fps:g} frames a second")
    if smaller.size != order.size:
        given_up.append(f"{smaller.size[0]} pixels wide")
    if saving:
        colors = order.kind.colors
        given_up.append(f"{colors >> saving} colours" if colors else "lower quality")
    return ", ".join(given_up)
