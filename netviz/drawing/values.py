"""How strongly the numbers of a trace are shown: on scales that can be kept for a whole scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from netviz.core import BackwardTrace, ForwardTrace, Network
from netviz.drawing.expected import expect_trace
from netviz.problems import expect

# The activation of a full neuron is at least as large as that of a bounded activation function, and
# the blame with the widest ring at least that of a small error. So what is nearly zero looks so.
LEAST_ACTIVATION, LEAST_BLAME = 1.0, 0.05


@dataclass(frozen=True)
class BlameScale:
    """The numbers of a backward pass that are drawn widest.

    Attributes:
        blame: The blame |δ| with the widest ring.
        shares: For each layer, the share |w·δ| with the widest pulse, of those that return to it.
        least: The part of the widest pulse from which on a share has one.
    """

    blame: float
    shares: tuple[float, ...]
    least: float = 0.0

    @classmethod
    def of(cls, trace: BackwardTrace) -> Self:
        """Return the scale on which the largest numbers of a trace are drawn widest.

        Tiny ones are not: |δ| counts as at least ``LEAST_BLAME``.
        """
        largest = max(float(np.abs(record.blame).max()) for record in trace.layers)
        tiny = max(LEAST_BLAME / largest, 1.0) if largest else 1.0
        shares = []
        for layer, record in enumerate(trace.layers):
            others = (each.skip_shares for each in trace.layers)
            skipped = [sent[layer] for sent in others if layer in sent]
            most = max(float(np.abs(part).max()) for part in (record.shares, *skipped))
            shares.append(tiny * most)
        return cls(max(largest, LEAST_BLAME), tuple(shares))


def activation_scale(network: Network, trace: ForwardTrace) -> tuple[float, ...]:
    """Return the |a| of a full neuron for each layer, input first.

    It is the bound of the activation function. Without one it is the largest |a| of the layer, and
    at least ``LEAST_ACTIVATION``.
    """
    bounds = [None, *(layer.activation.bound for layer in network.layers)]
    return tuple(
        bound or max(float(np.abs(values).max()), LEAST_ACTIVATION)
        for bound, values in zip(bounds, trace.activations, strict=True)
    )


def activation_of(
    network: Network, trace: ForwardTrace, layer: int, i: int, scale: tuple[float, ...] | None
) -> tuple[float, float]:
    """Return a neuron's activation, and its strength 0 … 1; see ``NetworkDiagram``."""
    expect_trace(trace, ForwardTrace, network.sizes)
    value = float(trace.activations[layer][i])
    full = (scale or activation_scale(network, trace))[layer]
    return value, min(abs(value) / full, 1.0)


def blame_of(
    network: Network, trace: BackwardTrace, layer: int, i: int, scale: BlameScale
) -> tuple[float, float]:
    """Return a neuron's blame δ, and its strength 0 … 1; see ``NetworkDiagram``."""
    expect_trace(trace, BackwardTrace, network.sizes)
    there = range(1, len(network.sizes))
    expect("layer", layer, layer in there, f"1 to {there[-1]}", "the input has no blame")
    value = float(trace.layers[layer - 1].blame[i])
    return value, min(abs(value) / scale.blame, 1.0)
