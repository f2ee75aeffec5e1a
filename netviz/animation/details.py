"""Small animations: an edge lights up, a number counts, a neuron shows its activation."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from netviz.animation.selection import expect_diagram
from netviz.animation.timeline import Change, Step, ease
from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.diagram import NetworkDiagram
from netviz.drawing.edges.layer import Edge
from netviz.drawing.edges.paint import strongest
from netviz.drawing.expected import Address, expect_trace
from netviz.drawing.layout.box import Box, as_box
from netviz.drawing.numerals import Column
from netviz.drawing.panels.activations import ActivationCurve
from netviz.drawing.text import Number
from netviz.problems import Problem, ProblemError


class LightEdges(Change):
    """A pulse runs along edges and stays on them.

    Args:
        diagram: The diagram of the edges.
        edges: Edges, or their addresses (layer, source, target).
        strengths: The width of each pulse, from −1 to 1; a negative one is dashed.
        back: Whether it is blame, which runs back from the target to the source.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: The numbers of edges and strengths differ, or something among ``edges`` is
            neither an edge nor an address.
        PartError: There is no such edge, or one of its neurons is not drawn.

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

        super().__init__(diagram, step, run_time=run_time, **options)


class LightCorrections(Change):
    """Halos around edges show the gradients of their weights; nothing travels.

    Args:
        diagram: The diagram of the edges.
        edges: Edges, or their addresses (layer, source, target).
        strengths: ∂L/∂W of each edge relative to the largest |∂L/∂W|, from −1 to 1. The halo of a
            negative one is hollow.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: The numbers of edges and strengths differ, or something among ``edges`` is
            neither an edge nor an address.
        PartError: There is no such edge, or one of its neurons is not drawn.

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
                edge.set_halo(strength * ease(progress), opacity=progress)

        super().__init__(diagram, step, run_time=run_time, **options)


class LightGradient(Change):
    """Halos around all edges show ∂L/∂W relative to the largest |∂L/∂W|; nothing travels.

    Args:
        diagram: A diagram of the network of the trace.
        trace: A trace of one sample (no batch axes).
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: The trace is a forward trace, of a batch, or of another network.

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
        largest = strongest(*gradients)

        def step(progress: float) -> None:
            for edges, gradient in zip(diagram.edge_layers, gradients, strict=True):
                edges.set_halo(ease(progress) * gradient / largest, opacity=progress)

        super().__init__(diagram, step, run_time=run_time, **options)


class DimEdges(Change):
    """Everything that lights the edges of a diagram fades out.

    Args:
        diagram: The diagram of the edges.
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

        super().__init__(diagram, step, run_time=run_time, **options)


class MagnifyEdges(Change):
    """Lines of edges become wider than usual, so that small changes of their widths can be seen.

    Args:
        diagram: The diagram of the edges.
        magnification: How many times as wide as usual they are at the end; 1 is usual.
        edges: Edges, or their addresses (layer, source, target); by default all, except those of
            dense layers, which would cover each other.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: Something among ``edges`` is neither an edge nor an address.
        PartError: There is no such edge, or one of its neurons is not drawn.

    Example:
        >>> scene.play(MagnifyEdges(diagram, 3.0, [(0, 1, 2)]))
        >>> scene.play(MagnifyEdges(diagram, 1.0))
    """

    def __init__(
        self,
        diagram: NetworkDiagram,
        magnification: float,
        edges: Iterable[Edge | Address] | None = None,
        *,
        run_time: float = 0.6,
        **options: Any,
    ) -> None:
        expect_diagram(diagram)
        found = (
            [
                edge
                for layer in diagram.edge_layers
                for _, _, edge in layer.edges()
                if not edge.dense or magnification == 1
            ]
            if edges is None
            else diagram.edges_among(edges)
        )
        before = [edge.magnification for edge in found]

        def step(progress: float) -> None:
            for edge, start in zip(found, before, strict=True):
                edge.magnify(start + ease(progress) * (magnification - start))

        super().__init__(diagram, step, run_time=run_time, **options)


class Focus(Change):
    """Everything except some edges and neurons is dimmed; see :meth:`NetworkDiagram.focus`.

    Args:
        diagram: The diagram that is dimmed.
        edges: The edges that stay, or their addresses (layer, source, target); ``None`` for all.
        neurons: Addresses (layer, i) of the neurons that stay; by default the ends of ``edges``.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: Something among ``edges`` is neither an edge nor an address.
        PartError: There is no such edge, or one of its neurons is not drawn.

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

        super().__init__(diagram, step, run_time=run_time, **options)


class FitBox(Change):
    """A diagram moves into another box; other animations of it can run at the same time.

    Args:
        diagram: The diagram that moves.
        box: The box that it fills at the end, in frame units, or the name of one, such as "left".
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        ProblemError: ``box`` is neither a box nor the name of one.

    Example:
        >>> scene.play(FitBox(diagram, "left"), ForwardPass(diagram, trace))
    """

    def __init__(
        self, diagram: NetworkDiagram, box: Box | str, *, run_time: float = 0.8, **options: Any
    ) -> None:
        expect_diagram(diagram)
        start, end = diagram.box, as_box(box)

        def step(progress: float) -> None:
            diagram.fit(start.towards(end, ease(progress)))

        super().__init__(diagram, step, run_time=run_time, **options)


class CountTo(Change):
    """A number counts from its present value to another one.

    Args:
        number: The number on screen.
        value: The value at the end.
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
        start, column = number.value, Column.of([number.value, value], number.decimals)

        def step(progress: float) -> None:
            shown = start + ease(progress) * (value - start)
            if progress >= 1 or number.decimals == 0:
                number.set_value(value if progress >= 1 else shown)
            else:  # with as many decimals at each moment
                number.show(shown, column.write(shown, signed=number.signed))

        super().__init__(number, step, run_time=run_time, **options)


class FillNeuron(Change):
    """A neuron gets the brightness and the number of its activation.

    Args:
        diagram: The diagram of the neuron.
        trace: A trace of one sample (no batch axes).
        layer: Counted from the input, 0.
        i: The index of the neuron in its layer.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        PartError: There is no such neuron, or it is not drawn.
        ProblemError: The trace is a backward trace, of a batch, or of another network.

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
        step = fill_step(diagram, trace, layer, i)
        super().__init__(diagram.neuron(layer, i), step, run_time=run_time, **options)


class BlameNeuron(Change):
    """A neuron gets the ring and the number of its blame.

    Args:
        diagram: The diagram of the neuron.
        trace: A trace of one sample (no batch axes).
        layer: Counted from the input, 0, which has no blame.
        i: The index of the neuron in its layer.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Raises:
        PartError: There is no such neuron, or it is not drawn.
        ProblemError: The trace is a forward trace, of a batch, or of another network, or the layer
            is the input.

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
        step = blame_step(diagram, trace, layer, i)
        super().__init__(diagram.neuron(layer, i), step, run_time=run_time, **options)


class Forget(Change):
    """All activations except the input, all blame, and the numbers on arcs fade out.

    Args:
        diagram: The diagram of the network.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> scene.add(diagram.show_activations(trace))
        >>> scene.play(Forget(diagram))
    """

    def __init__(self, diagram: NetworkDiagram, *, run_time: float = 0.5, **options: Any) -> None:
        neurons = [neuron for column in diagram.neuron_layers[1:] for neuron in column]

        def step(progress: float) -> None:
            for skip in diagram.skips:
                skip.fade_flow(1 - progress)
                if progress >= 1:
                    skip.clear_flow()
            for neuron in neurons:
                neuron.set_presence(1 - progress)
            if progress >= 1:
                for neuron in neurons:
                    neuron.set_activation(None).set_blame(None)

        super().__init__(diagram, step, run_time=run_time, **options)


class ForgetBlame(Change):
    """All blame fades out.

    Args:
        diagram: The diagram of the network.
        run_time: Seconds.
        options: As for ``manim.Animation``.

    Example:
        >>> scene.add(diagram.show_blame(blame))
        >>> scene.play(ForgetBlame(diagram))
    """

    def __init__(self, diagram: NetworkDiagram, *, run_time: float = 0.5, **options: Any) -> None:
        neurons = [neuron for column in diagram.neuron_layers for neuron in column]

        def step(progress: float) -> None:
            for neuron in neurons:
                neuron.set_blame_presence(1 - progress)
            if progress >= 1:
                diagram.clear_blame()

        super().__init__(diagram, step, run_time=run_time, **options)


class SlideDot(Change):
    """The dot of a curve slides from z = 0 to ``z``, together with its numbers.

    Args:
        curve: The curve of the dot.
        z: The pre-activation at the end.
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

        super().__init__(curve, step, run_time=run_time, **options)


class GrowTangent(Change):
    """The tangent of a curve grows from the dot at ``z``.

    Args:
        curve: The curve.
        z: The pre-activation at which the tangent touches it.
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

        super().__init__(curve, step, run_time=run_time, **options)


def _paired(
    diagram: NetworkDiagram, edges: Iterable[Edge | Address], strengths: Sequence[float]
) -> list[tuple[Edge, float]]:
    """Return each edge with its strength."""
    expect_diagram(diagram)
    found = diagram.edges_among(edges)
    if len(strengths) != len(found):
        entries = f"has {len(strengths)} entries"
        raise ProblemError(Problem("strengths", entries, f"{len(found)}, as many as edges"))
    return list(zip(found, strengths, strict=True))


def fill_step(diagram: NetworkDiagram, trace: ForwardTrace, layer: int, i: int) -> Step:
    """Return the step in which neuron i of a layer gets the brightness of its activation.

    Raises:
        PartError: There is no such neuron, or it is not drawn.
        ProblemError: The trace is a backward trace, of a batch, or of another network.
    """
    neuron = diagram.neuron(layer, i)
    value, strength = diagram.activation_of(trace, layer, i)

    def step(progress: float) -> None:
        # At 0 it has no activation: a pass that is played backwards ends there.
        neuron.set_activation(value if progress > 0 else None, strength, presence=ease(progress))

    return step


def blame_step(
    diagram: NetworkDiagram,
    trace: BackwardTrace,
    layer: int,
    i: int,
    scale_to: BackwardTrace | None = None,
) -> Step:
    """Return the step in which neuron i of a layer gets the ring of its blame.

    The width of the ring is |δ| on the scale that ``diagram.scale_of`` returns.

    Raises:
        PartError: There is no such neuron, or it is not drawn.
        ProblemError: A trace is a forward trace, of a batch, or of another network, or the layer is
            the input.
    """
    neuron = diagram.neuron(layer, i)
    value, strength = diagram.blame_of(trace, layer, i, scale_to)

    def step(progress: float) -> None:
        neuron.set_blame(value if progress > 0 else None, strength, presence=ease(progress))

    return step
