"""The small movements of a slow beat: an edge lights up, a number counts, a neuron fills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from netviz.animation.chosen import expect_diagram
from netviz.animation.steps import blame, fill
from netviz.animation.timeline import Span, Timeline, ease
from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import Edge
from netviz.drawing.expected import Address, expect_trace
from netviz.drawing.layout.box import Box
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.text import Number


class LightEdges(Timeline):
    """Light runs along edges and stays on them.

    Args:
        diagram: Whose edges these are.
        edges: Some of them, or their addresses (layer, source, target).
        strengths: Width of each light, −1 … 1; a negative one is dashed.
        back: Whether it is blame, which runs backward.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ValueError: There are not as many strengths as edges, or one of these is none.
        IndexError: There is no such edge, or one of its neurons is not drawn.

    Example:
        >>> edges = diagram.edges_into(1, 0)
        >>> scene.play(LightEdges(diagram, edges, [1.0, -0.4, 0.2]))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        edges: Iterable[Edge | Address],
        strengths: Sequence[float],
        *,
        back: bool = False,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        lights = _paired(diagram, edges, strengths)
        color = diagram.theme.blame if back else diagram.theme.forward

        def step(progress: float) -> None:
            reached = ease(progress)
            ends = (1.0, 1.0 - reached) if back else (0.0, reached)
            for edge, strength in lights:
                edge.set_flow(*ends, strength, color)

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class LightCorrections(Timeline):
    """Edges swell, each as much as its weight is to be corrected; nothing travels.

    Args:
        diagram: Whose edges these are.
        edges: Some of them, or their addresses (layer, source, target).
        strengths: ∂L/∂W of each beside the largest |∂L/∂W|, −1 … 1; a negative one is dashed.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ValueError: There are not as many strengths as edges, or one of these is none.
        IndexError: There is no such edge, or one of its neurons is not drawn.

    Example:
        >>> gradient = blame.layers[0].weight_gradient[0]
        >>> strengths = gradient / abs(gradient).max()
        >>> scene.play(LightCorrections(diagram, diagram.edges_into(1, 0), strengths))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        edges: Iterable[Edge | Address],
        strengths: Sequence[float],
        *,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        lights = _paired(diagram, edges, strengths)

        def step(progress: float) -> None:
            for edge, strength in lights:
                edge.set_swell(strength * ease(progress), opacity=progress)

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class LightGradient(Timeline):
    """All edges swell, each by its ∂L/∂W beside the largest of the network; nothing travels.

    Args:
        diagram: Of the network of the trace.
        trace: Of one sample (no batch axes).
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ValueError: The trace is a forward one, of a batch or of another network.

    Example:
        >>> scene.play(LightGradient(diagram, blame))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        *,
        run_time: float = 1.0,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        expect_trace(trace, BackwardTrace, diagram.sizes)
        gradients = [record.weight_gradient for record in trace.layers]
        largest = max(max(float(np.abs(part).max()) for part in gradients), 1e-300)

        def step(progress: float) -> None:
            for edges, gradient in zip(diagram.edge_layers, gradients, strict=True):
                edges.set_swell(ease(progress) * gradient / largest, opacity=progress)

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class DimEdges(Timeline):
    """Whatever flows over the edges of a diagram fades away.

    Args:
        diagram: Whose edges these are.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> scene.play(LightGradient(diagram, blame))
        >>> scene.play(DimEdges(diagram))
    """

    def __init__(self, diagram: NetworkDiagram, *, run_time: float = 0.4, **options: Any) -> None:
        def step(progress: float) -> None:
            if progress >= 1:
                diagram.clear_flows()
            diagram.fade_flows(1 - progress)

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class Focus(Timeline):
    """Everything but what is spoken of steps back; see :meth:`NetworkDiagram.focus`.

    Args:
        diagram: What steps back.
        edges: The edges that stay, or their addresses (layer, source, target); ``None`` for all.
        neurons: Addresses (layer, i) of the neurons that stay; unless told, the ends of ``edges``.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ValueError: Something among ``edges`` is neither an edge nor an address.
        IndexError: There is no such edge, or one of its neurons is not drawn.

    Example:
        >>> scene.play(Focus(diagram, diagram.edges_into(1, 0)))
        >>> scene.play(Focus(diagram, [(0, 1, 2), (1, 2, 0)]))
        >>> scene.play(Focus(diagram, None))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        edges: Iterable[Edge | Address] | None,
        neurons: Iterable[tuple[int, int]] | None = None,
        *,
        run_time: float = 0.35,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        before = diagram.brightness()
        after = diagram.focus(edges, neurons).brightness()
        diagram.set_brightness(before)

        def step(progress: float) -> None:
            diagram.set_brightness(before + ease(progress) * (after - before))

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class FitBox(Timeline):
    """A diagram stretches to fill another box, whatever else happens in it meanwhile.

    Args:
        diagram: What is stretched.
        box: What it fills in the end, in manim units.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz.drawing import LEFT_BOX
        >>> scene.play(FitBox(diagram, LEFT_BOX), ForwardPass(diagram, trace))
    """

    def __init__(
        self, diagram: NetworkDiagram, box: Box, *, run_time: float = 0.8, **options: Any
    ) -> None:
        start = diagram.box

        def step(progress: float) -> None:
            diagram.fit(start.towards(box, ease(progress)))

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class CountTo(Timeline):
    """A number counts from what it shows to another value.

    Args:
        number: What counts.
        value: Where it ends.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz.drawing import Number
        >>> from netviz.theme import DARK_THEME
        >>> loss = Number(0, DARK_THEME, decimals=3)
        >>> scene.play(CountTo(loss, float(blame.loss)))
    """

    def __init__(
        self, number: Number, value: float, *, run_time: float = 0.6, **options: Any
    ) -> None:
        start = number.value

        def step(progress: float) -> None:
            shown = value if progress >= 1 else start + ease(progress) * (value - start)
            number.set_value(shown)

        super().__init__(number, [Span(0, run_time, step)], run_time, **options)


class FillNeuron(Timeline):
    """A neuron takes the brightness and the number of its activation.

    Args:
        diagram: Whose neuron it is.
        trace: Of one sample (no batch axes).
        layer: Counted from the input, 0.
        i: Index of the neuron in its layer.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        IndexError: There is no such neuron, or it is not drawn.
        ValueError: The trace is a backward one, of a batch or of another network.

    Example:
        >>> scene.play(FillNeuron(diagram, trace, 1, 0))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: ForwardTrace,
        layer: int,
        i: int,
        *,
        run_time: float = 0.6,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        step = fill(diagram, trace, layer, i)
        super().__init__(diagram.neuron(layer, i), [Span(0, run_time, step)], run_time, **options)


class BlameNeuron(Timeline):
    """A neuron takes the ring and the number of its blame.

    Args:
        diagram: Whose neuron it is.
        trace: Of one sample (no batch axes).
        layer: Counted from the input, 0, which has no blame.
        i: Index of the neuron in its layer.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        IndexError: There is no such neuron, or it is not drawn.
        ValueError: The trace is a forward one, of a batch or of another network, or the layer is
            the input.

    Example:
        >>> scene.play(BlameNeuron(diagram, blame, 2, 0))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        trace: BackwardTrace,
        layer: int,
        i: int,
        *,
        run_time: float = 0.6,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        step = blame(diagram, trace, layer, i)
        super().__init__(diagram.neuron(layer, i), [Span(0, run_time, step)], run_time, **options)


class Forget(Timeline):
    """What a network has computed fades: all activations but the input, and all blame.

    Args:
        diagram: Of the network.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> scene.add(diagram.show_activations(trace))
        >>> scene.play(Forget(diagram))
    """

    def __init__(self, diagram: NetworkDiagram, *, run_time: float = 0.5, **options: Any) -> None:
        neurons = [neuron for column in diagram.neuron_layers[1:] for neuron in column]

        def step(progress: float) -> None:
            for neuron in neurons:
                neuron.set_presence(1 - progress)
            if progress >= 1:
                for neuron in neurons:
                    neuron.set_activation(None).set_blame(None)

        super().__init__(diagram, [Span(0, run_time, step)], run_time, **options)


class SlideDot(Timeline):
    """The dot of a curve slides from z = 0 to ``z``, its numbers with it.

    Args:
        curve: On which the dot is.
        z: Pre-activation at which it ends.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz import ACTIVATIONS
        >>> from netviz.drawing import ActivationCurve
        >>> curve = ActivationCurve(ACTIVATIONS["tanh"], z=0.8)
        >>> scene.play(SlideDot(curve, 0.8))
    """

    def __init__(
        self, curve: ActivationCurve, z: float, *, run_time: float = 1.2, **options: Any
    ) -> None:
        def step(progress: float) -> None:
            curve.set_z(z if progress >= 1 else ease(progress) * z)

        super().__init__(curve, [Span(0, run_time, step)], run_time, **options)


class GrowTangent(Timeline):
    """The tangent of a curve grows out of the dot at ``z``.

    Args:
        curve: Whose slope it shows.
        z: Pre-activation at which it touches.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> from netviz import ACTIVATIONS
        >>> from netviz.drawing import ActivationCurve
        >>> curve = ActivationCurve(ACTIVATIONS["tanh"], z=0.8)
        >>> scene.play(GrowTangent(curve.set_z(0.8), 0.8))
    """

    def __init__(
        self, curve: ActivationCurve, z: float, *, run_time: float = 0.8, **options: Any
    ) -> None:
        def step(progress: float) -> None:
            curve.set_tangent(z, ease(max(progress, 1e-3)))

        super().__init__(curve, [Span(0, run_time, step)], run_time, **options)


def _paired(
    diagram: NetworkDiagram, edges: Iterable[Edge | Address], strengths: Sequence[float]
) -> list[tuple[Edge, float]]:
    """Each edge with its strength."""
    expect_diagram(diagram)
    chosen = diagram.edges_among(edges)
    if len(strengths) != len(chosen):
        raise ValueError(f"strengths has {len(strengths)} entries: expected {len(chosen)}")
    return list(zip(chosen, strengths, strict=True))
