"""A logistic regression is one neuron; a network is a stack of such models.

The idea: a logistic regression stays where it is, and the network appears around it.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from netviz.scene import ActsScene


class NeuronIsAModel(ActsScene):
    """One neuron alone, then its neighbours, then the layers that they feed."""

    # Room for a sum in each neuron.
    style: ClassVar[Mapping[str, Any]] = {"neuron_size": 0.47}
    length = 43.6
    acts = ("stack",)
