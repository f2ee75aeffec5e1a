"""netviz explains neural networks in pictures made of their own numbers.

These are the numbers: networks, their forward and backward pass, the registries of what they are
made of, and their training; `load`, which takes networks from other frameworks, `load_data`, and
`record`, which keeps a training run. Importing netviz loads numpy and nothing heavier, and no
framework before it is needed; what is drawn with manim lives in ``netviz.drawing``,
``netviz.animation`` and ``netviz.scene``. In a notebook, networks and traces show themselves:
``netviz.notebook`` says how.
"""

from netviz import notebook
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
from netviz.core.pictured import Pictured as _Pictured
from netviz.datasets import load_data
from netviz.interop import load, save
from netviz.recording import Recording, load_checkpoint, record, save_checkpoint

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
    "Recording",
    "Score",
    "Training",
    "TrainingStep",
    "__version__",
    "backward",
    "evaluate",
    "forward",
    "load",
    "load_checkpoint",
    "load_data",
    "one_hot",
    "record",
    "save",
    "save_checkpoint",
    "train",
]

_Pictured.artist = notebook.draw
