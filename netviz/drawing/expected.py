"""Checks of arguments that concern a diagram: traces, layers, neurons, and addresses of edges."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Integral

from netviz.core import BackwardTrace, ForwardTrace
from netviz.problems import PartError, Problem, ProblemError, expect, expect_kind, shown

# (layer, source, target)
Address = tuple[int, int, int]

_ADDRESS = "addresses (layer, source, target), such as [(0, 1, 2)]"


def expect_trace(
    trace: object, kind: type[ForwardTrace | BackwardTrace], sizes: tuple[int, ...]
) -> None:
    """Refuse anything but a trace of one sample through a network of ``sizes``.

    Args:
        trace: The argument.
        kind: ``ForwardTrace`` or ``BackwardTrace``.
        sizes: Sizes of the layers of the diagram's network.

    Raises:
        ProblemError: It is something else, of another network, or of a batch.
    """
    expect_kind("trace", trace, kind)
    assert isinstance(trace, ForwardTrace | BackwardTrace)
    batch = trace.input.shape[:-1] if isinstance(trace, ForwardTrace) else trace.loss.shape
    if trace.sizes != sizes or batch:
        found = f"has sizes {trace.sizes} and batch axes {batch}"
        expected = f"{sizes} and none, one sample of the diagram's network"
        raise ProblemError(Problem("trace", found, expected))


def expect_layer(layer: int, sizes: tuple[int, ...]) -> None:
    """Refuse a layer that does not exist.

    Raises:
        PartError: There is no such layer.
    """
    if not 0 <= layer < len(sizes):
        last = len(sizes) - 1
        raise PartError(Problem("layer", f"is {shown(layer)}", f"0 to {last}"))


def expect_neuron(layer: int, i: int, sizes: tuple[int, ...]) -> None:
    """Refuse a neuron that does not exist.

    Raises:
        PartError: There is no such layer or neuron.
    """
    expect_layer(layer, sizes)
    if not 0 <= i < sizes[layer]:
        expected = f"0 to {sizes[layer] - 1}"
        raise PartError(Problem(f"layer {layer}", f"has no neuron {shown(i)}", expected))


def among(there: range, asked: int | Iterable[int] | None, what: str) -> list[int]:
    """Return the indices that are asked for, in order; by default all that exist.

    Args:
        there: The indices that exist.
        asked: One index, several, or ``None``.
        what: The name of the argument.

    Raises:
        ProblemError: An index does not exist.
    """
    if asked is None:
        return list(there)
    several = isinstance(asked, Iterable) and not isinstance(asked, str)
    expect(what, asked, several or isinstance(asked, Integral), f"numbers, such as [{there[0]}]")
    chosen = list(asked) if isinstance(asked, Iterable) else [asked]
    for index in chosen:
        if not isinstance(index, Integral) or index not in there:
            expected = f"{there[0]} to {there[-1]}"
            raise ProblemError(Problem(what, f"has {shown(index)}", expected))
    return sorted(chosen)


def edge_address(edge: object) -> Address:
    """Return an address (layer, source, target), given as any sequence of three integers.

    Raises:
        ProblemError: It is something else.
    """
    parts = tuple(edge) if isinstance(edge, Iterable) else ()
    if len(parts) != 3 or not all(isinstance(part, Integral) for part in parts):
        raise ProblemError(Problem("edges", f"has {shown(edge)}", _ADDRESS))
    layer, source, target = map(int, parts)
    return layer, source, target
