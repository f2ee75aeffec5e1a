"""netviz explains neural networks in pictures made of their own numbers.

These are the numbers: networks, their forward and backward pass, the registries of what they are
made of, and `load`, which takes networks from other frameworks. Importing netviz loads numpy and
nothing heavier, and no framework before it is needed; what is drawn with manim lives in
``netviz.drawing``, ``netviz.animation`` and ``netviz.scene``.
"""

from netviz.core import (
    ACTIVATIONS,
    INITIALIZERS,
    LOSSES,
    OPTIMIZERS,
    Activation,
    BackwardTrace,
    Checkpoint,
    Data,
    Dense,
    ForwardTrace,
    Initializer,
    Loss,
    Network,
    Optimizer,
    Score,
    Training,
    TrainingStep,
    backward,
    evaluate,
    forward,
    one_hot,
    train,
)
from netviz.interop import load, save

__version__ = "0.1.0"

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LOSSES",
    "OPTIMIZERS",
    "Activation",
    "BackwardTrace",
    "Checkpoint",
    "Data",
    "Dense",
    "ForwardTrace",
    "Initializer",
    "Loss",
    "Network",
    "Optimizer",
    "Score",
    "Training",
    "TrainingStep",
    "__version__",
    "backward",
    "evaluate",
    "forward",
    "load",
    "one_hot",
    "save",
    "train",
]
