"""The numeric core: networks, their passes, training, and the registries of their parts.

Besides numpy it imports only ``netviz.problems``. ``netviz`` exports the same names.
"""

from netviz.core.activations import ACTIVATIONS, Activation
from netviz.core.data import Data, one_hot
from netviz.core.expressions import Expression, ExpressionTrace
from netviz.core.initializers import INITIALIZERS, Initializer
from netviz.core.layers import LAYERS, Connections, Dense, Layer, OneToOne
from netviz.core.losses import LOSSES, Loss
from netviz.core.network import Network
from netviz.core.objective import Score, evaluate
from netviz.core.optimizers import OPTIMIZERS, Optimizer
from netviz.core.passes import BackwardTrace, ForwardTrace, backward, forward
from netviz.core.training import Checkpoint, Training, TrainingStep, train

__all__ = [
    "ACTIVATIONS",
    "INITIALIZERS",
    "LAYERS",
    "LOSSES",
    "OPTIMIZERS",
    "Activation",
    "BackwardTrace",
    "Checkpoint",
    "Connections",
    "Data",
    "Dense",
    "Expression",
    "ExpressionTrace",
    "ForwardTrace",
    "Initializer",
    "Layer",
    "Loss",
    "Network",
    "OneToOne",
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
