"""How a neuron answers: the steps in which it takes its activation or its blame."""

from __future__ import annotations

from netviz.animation.timeline import Step, ease
from netviz.core import BackwardTrace, ForwardTrace
from netviz.drawing.diagram import NetworkDiagram


def fill(diagram: NetworkDiagram, trace: ForwardTrace, layer: int, i: int) -> Step:
    """Neuron i of a layer takes the brightness and the number of its activation.

    Raises:
        IndexError: There is no such neuron, or it is not drawn.
        ValueError: The trace is a backward one, of a batch or of another network.
    """
    neuron = diagram.neuron(layer, i)
    value, strength = diagram.activation_of(trace, layer, i)

    def step(progress: float) -> None:
        # At 0 it has none: there a pass arrives that is played back.
        neuron.set_activation(value if progress > 0 else None, strength, presence=ease(progress))

    return step


def blame(
    diagram: NetworkDiagram,
    trace: BackwardTrace,
    layer: int,
    i: int,
    beside: BackwardTrace | None = None,
) -> Step:
    """Neuron i of a layer takes the ring and the number of its blame.

    The ring is as wide as |δ| beside the largest of the trace, or of another trace ``beside`` it.

    Raises:
        IndexError: There is no such neuron, or it is not drawn.
        ValueError: A trace is a forward one, of a batch or of another network, or the layer is the
            input.
    """
    neuron = diagram.neuron(layer, i)
    value, strength = diagram.blame_of(trace, layer, i, beside)

    def step(progress: float) -> None:
        neuron.set_blame(value if progress > 0 else None, strength, presence=ease(progress))

    return step
