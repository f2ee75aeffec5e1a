"""netviz explains neural networks in pictures made of their own numbers.

These are the numbers: networks, their forward and backward pass, and the registries of what they
are made of. Importing netviz loads numpy and nothing heavier; what is drawn with manim lives in
``netviz.drawing``, ``netviz.animation`` and ``netviz.scene``.
"""

from netviz.core import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    Activation,
    BackwardTrace,
    Dense,
    ForwardTrace,
    Initializer,
    Loss,
    Network,
    backward,
    forward,
)

__version__ = "0.1.0"

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
    "__version__",
    "backward",
    "forward",
]
