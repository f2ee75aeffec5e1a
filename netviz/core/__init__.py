"""The numeric core: networks, their passes, and the registries of what they are made of.

It imports numpy and nothing else. `netviz` itself exports the same names.
"""

from netviz.core.activations import ACTIVATIONS, Activation
from netviz.core.initializers import INITIALIZERS, Initializer
from netviz.core.losses import LOSSES, Loss
from netviz.core.network import Dense, Network
from netviz.core.passes import BackwardTrace, ForwardTrace, backward, forward

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "Activation",
    "BackwardTrace",
    "Dense",
    "ForwardTrace",
    "Initializer",
    "Loss",
    "Network",
    "backward",
    "forward",
]
