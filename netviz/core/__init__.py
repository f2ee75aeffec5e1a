"""The numeric core: networks, their passes, training, and the registries of what they are made of.

It imports numpy and nothing else. `netviz` itself exports the same names.
"""

from netviz.core.activations import ACTIVATIONS, Activation
from netviz.core.data import Data, one_hot
from netviz.core.initializers import INITIALIZERS, Initializer
from netviz.core.losses import LOSSES, Loss
from netviz.core.network import Dense, Network
from netviz.core.objective import Score, evaluate
from netviz.core.optimizers import OPTIMIZERS, Optimizer
from netviz.core.passes import BackwardTrace, ForwardTrace, backward, forward
from netviz.core.training import Checkpoint, Training, TrainingStep, train

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
    "backward",
    "evaluate",
    "forward",
    "one_hot",
    "train",
]
