"""Models of PyTorch: nn.Sequential of Linear layers and activations."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
import torch
from torch import nn

from netviz.core import Network
from netviz.core.arrays import Array
from netviz.interop.refusal import ModelError
from netviz.interop.stack import Known, Stack, kind_of, refused

ACTIVATIONS = {
    nn.Identity: Known("identity"),
    nn.Sigmoid: Known("sigmoid"),
    nn.Tanh: Known("tanh"),
    nn.ReLU: Known("relu"),
    nn.LeakyReLU: Known("leaky_relu", {"negative_slope": (0.01,)}),
    nn.ELU: Known("elu", {"alpha": (1.0,)}),
    nn.GELU: Known("gelu", {"approximate": ("none",)}),
    # From the threshold on torch takes z itself; at 20 that is ln(1 + e^z) to within 3e-9.
    nn.Softplus: Known("softplus", {"beta": (1.0,), "threshold": (20.0,)}),
    nn.SiLU: Known("silu"),
    # Over the outputs of a sample; in a batch of samples, what is not told is 1, too.
    nn.Softmax: Known("softmax", {"dim": (-1, 1, None)}),
}
PASSED = (nn.Flatten, nn.Dropout, nn.AlphaDropout)
KINDS = (nn.Sequential, nn.Linear, *ACTIVATIONS, *PASSED)


def from_model(model: nn.Module) -> Network:
    """The network in a Sequential, also nested, or in a single Linear.

    Raises:
        ModelError: A module is none of those known here, or another function of its settings.
    """
    stack = Stack()
    for place, module in _modules(model, "model"):
        where = f"{place} ({type(module).__name__})"
        kind = kind_of(module, KINDS, "forward")
        if kind is nn.Linear:
            _check_weights(module, where)
            bias = None if module.bias is None else _numbers(module.bias)
            stack.affine(_numbers(module.weight), bias)
        elif kind in ACTIVATIONS:
            name = ACTIVATIONS[kind].name_with(partial(getattr, module), where)
            stack.activation(name, where)
        elif kind is nn.Flatten and (module.start_dim, module.end_dim) != (1, -1):
            raise ModelError(where, "keeps some dimensions apart", "Flatten() as it comes")
        elif kind not in PASSED:
            raise refused(where, KINDS)
    return stack.network()


def _modules(module: nn.Module, place: str) -> Iterator[tuple[str, nn.Module]]:
    """Yield what is in a Sequential in order, each with the way to it: ``model[0][2]``."""
    if kind_of(module, KINDS, "forward") is not nn.Sequential:
        yield place, module
        return
    for index, child in enumerate(module):
        yield from _modules(child, f"{place}[{index}]")


def _check_weights(module: nn.Linear, where: str) -> None:
    if nn.parameter.is_lazy(module.weight):
        raise ModelError(where, "has no weights yet", "a model that has seen its first batch")


def _numbers(tensor: torch.Tensor) -> Array:
    """A tensor of any precision, on any device, as float64, which changes no number."""
    return np.asarray(tensor.detach().cpu().double().numpy())
