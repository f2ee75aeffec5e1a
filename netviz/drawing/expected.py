"""What a diagram is asked about: numbers of its own network, and layers and edges that it has."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

from netviz.core import BackwardTrace, ForwardTrace
from netviz.problems import expect, expect_kind, shown

Address = tuple[int, int, int]


def expect_trace(
    trace: object, kind: type[ForwardTrace | BackwardTrace], sizes: tuple[int, ...]
) -> None:
    """Refuse anything but a trace of one sample through a network of ``sizes``.

    Args:
        trace: What was handed in.
        kind: ``ForwardTrace`` or ``BackwardTrace``.
        sizes: Of the diagram's network.

    Raises:
        ValueError: It is something else, of another network, or of a batch.
    """
    expect_kind("trace", trace, kind)
    assert isinstance(trace, ForwardTrace | BackwardTrace)
    batch = trace.input.shape[:-1] if isinstance(trace, ForwardTrace) else trace.loss.shape
    if trace.sizes != sizes or batch:
        raise ValueError(
            f"trace is of sizes {trace.sizes} and batch axes {batch}: expected {sizes} and "
            "none, one sample of the diagram's network"
        )


def among(there: range, asked: int | Iterable[int] | None, what: str) -> list[int]:
    """What is asked for, in order; all that is there unless told.

    Raises:
        ValueError: Something is asked for that is not there.
    """
    if asked is None:
        return list(there)
    several = isinstance(asked, Iterable) and not isinstance(asked, str)
    expect(what, asked, several or isinstance(asked, Integral), f"numbers, such as [{there[0]}]")
    chosen = list(asked) if isinstance(asked, Iterable) else [asked]
    for index in chosen:
        if not isinstance(index, Integral) or index not in there:
            raise ValueError(f"{what} has {shown(index)}: expected {there[0]} to {there[-1]}")
    return sorted(chosen)


def edge_address(edge: object) -> Address:
    """An address (layer, source, target), whichever sequence of three numbers it is.

    Raises:
        ValueError: It is none.
    """
    parts = tuple(edge) if isinstance(edge, Iterable) else ()
    if len(parts) != 3 or not all(isinstance(part, Integral) for part in parts):
        raise ValueError(
            f"edges has {shown(edge)}: expected addresses (layer, source, target), "
            "such as [(0, 1, 2)]"
        )
    layer, source, target = map(int, parts)
    return layer, source, target
