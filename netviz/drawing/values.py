"""How strongly the numbers of a trace are shown."""

from __future__ import annotations

import numpy as np

from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.drawing.expected import expect_trace
from netviz.problems import expect


def activation_of(network: Network, trace: ForwardTrace, layer: int, i: int) -> tuple[float, float]:
    """Return a neuron's activation, and its strength 0 … 1; see ``NetworkDiagram``."""
    expect_trace(trace, ForwardTrace, network.sizes)
    values = trace.activations[layer]
    bound = network.layers[layer - 1].activation.bound if layer else None
    scale = bound or max(float(np.abs(values).max()), 1.0 if layer == 0 else 1e-12)
    return float(values[i]), min(abs(float(values[i])) / scale, 1.0)


def blame_of(
    network: Network, trace: BackwardTrace, layer: int, i: int, scale_to: BackwardTrace
) -> tuple[float, float]:
    """Return a neuron's blame δ, and its strength 0 … 1; see ``NetworkDiagram``."""
    for given in (trace, scale_to):
        expect_trace(given, BackwardTrace, network.sizes)
    there = range(1, len(network.sizes))
    expect("layer", layer, layer in there, f"1 to {there[-1]}", "the input has no blame")
    value = float(trace.layers[layer - 1].blame[i])
    largest = max(float(np.abs(part.blame).max()) for part in scale_to.layers)
    return value, min(abs(value) / max(largest, 1e-300), 1.0)
