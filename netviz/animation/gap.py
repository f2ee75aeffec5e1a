"""The gap between two layers opens, and a neuron's sum is written on its edges, term by term."""

from __future__ import annotations

from typing import Any

from netviz.animation.timeline import Change, Span, Step, Timeline, ease
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edge_sum import EdgeSum

# Seconds of one term, from which one term to the next begins earlier than the last one ends.
_TERM, _NEXT = 1.9, 0.65
_FIRST = 2.2
# All slow terms begin within so many seconds.
_ALL = 5.0
# Seconds in which a bias, or the sum of the terms that are not written, appears and is added.
_LINE = 1.1


class OpenGap(Change):
    """One gap of a diagram opens, and another one that is open closes; see
    :meth:`NetworkDiagram.open_gap`.

    Args:
        diagram: The diagram.
        gap: The layer before the gap, counted from the input, 0; ``None`` closes the open gap.
        back: Whether the gap opens for a backward pass.
        result: Whether there is room for a result next to the gap; if not, the gap is wider.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: There is no such gap.

    Example:
        >>> scene.play(OpenGap(diagram, 0))
        >>> scene.play(OpenGap(diagram, None))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        gap: int | None,
        *,
        back: bool = False,
        result: bool = True,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        start, end = diagram.layout, diagram.layout_with_gap(gap, back=back, result=result)

        def step(progress: float) -> None:
            diagram.place(end if progress >= 1 else start.towards(end, ease(progress)))
            diagram.gap = gap

        super().__init__(diagram, step, run_time=run_time, **options)


class AddUp(Timeline):
    """The terms of a sum appear one after the other and are added.

    Args:
        edge_sum: The sum.
        terms: Indices of the terms; by default all. The terms that are not written follow the last.
        slow: Whether there is time to follow each term; else they overlap.
        extras: Whether what is added besides products, such as the bias, is shown too.
        run_time: Seconds; by default what the terms need.
        options: As for ``manim.Animation``.

    Example:
        >>> diagram = diagram.show_activations(trace, layers=0).open_gap(0)
        >>> from netviz.drawing import EdgeSum
        >>> scene.play(AddUp(EdgeSum(diagram, trace, 1, 0)))
    """

    def __init__(
        self,
        edge_sum: EdgeSum,
        *,
        terms: list[int] | None = None,
        slow: bool = False,
        extras: bool = True,
        run_time: float | None = None,
        **options: Any,
    ) -> None:
        chosen = list(range(len(edge_sum.terms))) if terms is None else terms
        apart = min(_NEXT, _ALL / max(len(chosen) - 1, 1)) if slow else 0.34 * _NEXT
        length = _FIRST if slow and len(chosen) == 1 else _TERM
        spans = [
            Span(place * apart, place * apart + length, _term(edge_sum, k))
            for place, k in enumerate(chosen)
        ]
        time = max((span.end for span in spans), default=0.0)
        complete = len(edge_sum.terms) - 1 in (chosen or [-1])
        lines: list[Step] = [edge_sum.show_others] if len(edge_sum.others) and complete else []
        if extras:
            lines += [_extra(edge_sum, k) for k in range(len(edge_sum.extras))]
        for line in lines:
            spans.append(Span(time, time + _LINE, line))
            time += _LINE
        super().__init__(edge_sum, spans, run_time, **options)


def _term(edge_sum: EdgeSum, k: int) -> Step:
    return lambda progress: edge_sum.show_term(k, progress)


def _extra(edge_sum: EdgeSum, k: int) -> Step:
    return lambda progress: edge_sum.show_extra(k, progress)
