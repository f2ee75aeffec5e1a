"""A bias is a weight: its edge comes from a neuron that is always 1.

The idea: the numbers next to the neurons become edges out of one more neuron in each layer.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from netviz.scene import ActsScene


class BiasNeurons(ActsScene):
    """Biases as numbers, then as edges, and their gradients."""

    length = 37.5
    style: ClassVar[Mapping[str, Any]] = {"biases": "numbers"}
    acts = ("bias",)
    ends_whole = False
