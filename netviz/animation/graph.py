"""How numbers move through a computation graph: values forward, gradients backward."""

from __future__ import annotations

from typing import Any

from netviz.animation.timeline import Span, Timeline, ease
from netviz.drawing.panels.graph import ComputationGraph

# When, in seconds, dots travel over the wires, and numbers appear.
_TRAVEL, _APPEAR = (0.0, 0.9), (0.9, 1.3)
_LEAVE, _RESULT = (0.0, 0.35), (0.35, 0.75)


class NodeForward(Timeline):
    """The values of the inputs travel into a node, and its value appears.

    Args:
        panel: The graph.
        place: The node, as in ``expression.nodes``.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz.core import Expression
        >>> from netviz.drawing import ComputationGraph
        >>> graph = ComputationGraph(Expression.parse("x * y").evaluate(x=2, y=3))
        >>> scene.add(graph.show_value(2, 0.0))
        >>> scene.play(NodeForward(graph, 2))
    """

    def __init__(self, panel: ComputationGraph, place: int, **options: Any) -> None:
        wires, color = panel.inputs(place), panel.theme.forward
        spans = [
            Span(*_TRAVEL, lambda share: panel.show_flow(wires, ease(share), color)),
            Span(*_APPEAR, lambda share: panel.show_value(place, share)),
        ]
        super().__init__(panel, spans, **options)


class NodeBackward(Timeline):
    """The gradient of a node travels to its inputs, and its products with the slopes appear.

    The node and the wires are lit: ``SettleGradients`` ends this.

    Args:
        panel: The graph.
        place: The node, as in ``expression.nodes``.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz.core import Expression
        >>> from netviz.drawing import ComputationGraph
        >>> graph = ComputationGraph(Expression.parse("x * y").evaluate(x=2, y=3))
        >>> scene.add(graph.show_gradient(0, 0.0).show_gradient(1, 0.0))
        >>> scene.play(NodeBackward(graph, 2))
        >>> scene.play(SettleGradients(graph, 2))
    """

    def __init__(self, panel: ComputationGraph, place: int, **options: Any) -> None:
        color = panel.theme.blame
        lines = [
            (wire, panel.products[wire[1:]])
            for wire in panel.inputs(place)
            if wire[1:] in panel.products
        ]
        wires = [wire for wire, _ in lines]

        def travel(share: float) -> None:
            panel.light(place, color).light_wires(wires, color)
            panel.show_flow(wires, 1.0 - ease(share), color)

        def appear(share: float) -> None:
            for _, line in lines:
                panel.show_line(line, share)

        super().__init__(panel, [Span(*_TRAVEL, travel), Span(*_APPEAR, appear)], **options)


class SettleGradients(Timeline):
    """The products that a node has sent back give way to their results.

    At an input that other nodes use too, the result is one more addend. When the last one has
    arrived, ``AddGradients`` adds them up.

    Args:
        panel: The graph.
        place: The node that has sent them.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz.core import Expression
        >>> from netviz.drawing import ComputationGraph
        >>> graph = ComputationGraph(Expression.parse("x * y").evaluate(x=2, y=3))
        >>> scene.play(NodeBackward(graph, 2))
        >>> scene.play(SettleGradients(graph, 2))
    """

    def __init__(self, panel: ComputationGraph, place: int, **options: Any) -> None:
        wires = [wire for wire in panel.inputs(place) if wire[1:] in panel.products]

        def leave(share: float) -> None:
            panel.light(place).light_wires(wires)
            for wire in wires:
                panel.show_line(panel.products[wire[1:]], 1.0 - share)

        def appear(share: float) -> None:
            for wire in wires:
                if wire[0] in panel.sums:
                    panel.show_addend(wire, share)
                else:
                    panel.show_gradient(wire[0], share)

        super().__init__(panel, [Span(*_LEAVE, leave), Span(*_RESULT, appear)], **options)


class AddGradients(Timeline):
    """What has arrived at a fork adds up to its gradient, which appears behind it.

    Args:
        panel: The graph.
        place: A node that several others use.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz.core import Expression
        >>> from netviz.drawing import ComputationGraph
        >>> graph = ComputationGraph(Expression.parse("x * x").evaluate(x=3))
        >>> scene.play(AddGradients(graph, 0))
    """

    def __init__(self, panel: ComputationGraph, place: int, **options: Any) -> None:
        def appear(share: float) -> None:
            for part in panel.sums[place][-1:]:
                part.set_ink(panel.theme.blame, share)
            panel.show_gradient(place, share)

        super().__init__(panel, [Span(*_RESULT, appear)], **options)
