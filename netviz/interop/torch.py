"""Models of PyTorch: Sequential, Linear, activations, and user modules with residual blocks.

A module that is not of ``torch.nn`` is traced with ``torch.fx``: its forward may call other
modules, apply activations as functions, and add two values, as in ``x + self.block(x)``. What was
read is then compared with the outputs of the module itself.
"""

from __future__ import annotations

import copy
import inspect
import operator
import re
from collections.abc import Callable
from functools import partial
from typing import Any, TypeAlias

import numpy as np
import torch
from torch import fx, nn
from torch.nn import functional
from torch.optim import Optimizer
from torch.optim.optimizer import register_optimizer_step_post_hook

from netviz.core import Network, forward
from netviz.core.arrays import Array
from netviz.interop.builder import (
    ActivationRule,
    ModelError,
    NetworkBuilder,
    Value,
    kind_of,
    refusal,
    unsupported,
)
from netviz.problems import Problem, a

ACTIVATIONS = {
    nn.Identity: ActivationRule("identity"),
    nn.Sigmoid: ActivationRule("sigmoid"),
    nn.Tanh: ActivationRule("tanh"),
    nn.ReLU: ActivationRule("relu"),
    nn.LeakyReLU: ActivationRule("leaky_relu", {"negative_slope": "negative_slope"}),
    nn.ELU: ActivationRule("elu", {"alpha": "alpha"}),
    nn.GELU: ActivationRule("gelu", required={"approximate": ("none",)}),
    # Above β z = threshold torch returns z; at 20 that is ln(1 + e^(β z)) / β to within 3e-9 / β.
    nn.Softplus: ActivationRule("softplus", {"beta": "beta"}, {"threshold": (20.0,)}),
    nn.SiLU: ActivationRule("silu"),
    # Over the outputs of a sample. In a batch of samples, the default is 1, too.
    nn.Softmax: ActivationRule("softmax", required={"dim": (-1, 1, None)}),
}
IGNORED = (nn.Flatten, nn.Dropout, nn.AlphaDropout)
KINDS = (nn.Sequential, nn.Linear, nn.BatchNorm1d, *ACTIVATIONS, *IGNORED)

_NAMES = {
    nn.Sigmoid: ("sigmoid", "sigmoid_"),
    nn.Tanh: ("tanh", "tanh_"),
    nn.ReLU: ("relu", "relu_"),
    nn.LeakyReLU: ("leaky_relu", "leaky_relu_"),
    nn.ELU: ("elu", "elu_"),
    nn.GELU: ("gelu",),
    nn.Softplus: ("softplus",),
    nn.SiLU: ("silu",),
    nn.Softmax: ("softmax",),
}
FUNCTIONS: dict[object, type[nn.Module]] = {
    function: kind
    for kind, names in _NAMES.items()
    for name in names
    for function in (getattr(torch, name, name), getattr(functional, name, name), name)
}
"""Functions, and names of methods → the module that computes the same from the same settings."""

ADDITIONS = (operator.add, operator.iadd, torch.add, "add", "add_")
RESHAPES = (torch.flatten, "flatten", torch.reshape, "reshape", "view")
TRACEABLE = "a forward of modules, activations and additions, such as x + self.block(x)"

CHECKED_SAMPLES, TOLERANCE = 8, 1e-6
"""Random samples on which a traced model is compared with what was read, and the largest error."""

Operand: TypeAlias = Value | torch.Tensor | Problem
"""The meaning of a node of a trace: a value, a constant, or why it cannot be read."""


def from_model(model: nn.Module) -> Network:
    """Return the network in a module.

    Raises:
        ModelError: A module is not supported, has unsupported settings, or computes anything but
            a chain of layers with identity shortcuts.
        ProblemError: The layers do not fit each other, or contain non-finite numbers.
    """
    if not any(_is_traced(module) for module in model.modules()):
        return _read_network(model)
    try:  # predictions are made in evaluation mode, and float64 shows each difference
        model = copy.deepcopy(model).cpu().double().eval()
    except Exception as error:
        problem = Problem(_where(model, "model"), f"cannot be copied ({_reason(error)})")
        raise ModelError(problem) from error
    network = _read_network(model)
    _check_outputs(model, network)
    return network


def listen(model: nn.Module, listener: Callable[[], object]) -> Callable[[], None]:
    """Call ``listener`` after each ``step()`` of an optimizer that has parameters of ``model``.

    Returns:
        A function that ends it.
    """
    parameters = {id(parameter) for parameter in model.parameters()}

    def after_step(optimizer: Optimizer, args: Any, kwargs: Any) -> None:
        held = (id(entry) for group in optimizer.param_groups for entry in group["params"])
        if not parameters.isdisjoint(held):
            listener()

    handle = register_optimizer_step_post_hook(after_step)
    return lambda: handle.remove()


def _read_network(model: nn.Module) -> Network:
    builder = NetworkBuilder()
    return builder.network(_read(builder, model, "model", [builder.input]))


def _read(builder: NetworkBuilder, module: nn.Module, place: str, inputs: list[Value]) -> Value:
    """Return the output of a module, given its inputs and the path to it, as ``model[0][2]``."""
    where = _where(module, place)
    if _is_traced(module):
        return _Trace(builder, module, place).output(inputs)
    kind = kind_of(module, KINDS, "forward")
    if len(inputs) != 1:
        raise refusal(where, f"is called with {len(inputs)} values", "one")
    value = inputs[0]
    if kind is nn.Sequential:
        for index, child in enumerate(module.children()):
            value = _read(builder, child, f"{place}[{index}]", [value])
        return value
    if kind is nn.Linear:
        _check_weights(module, where)
        bias = None if module.bias is None else _numbers(module.bias)
        return builder.affine(value, _numbers(module.weight), bias, where)
    if kind is nn.BatchNorm1d:
        return _normalization(builder, module, value, where)
    if kind in ACTIVATIONS:
        return _activation(builder, module, value, where)
    if kind is nn.Flatten and (module.start_dim, module.end_dim) != (1, -1):
        raise refusal(where, "keeps some dimensions apart", "Flatten() with its default settings")
    if kind not in IGNORED:
        raise unsupported(where, KINDS)
    return value


def _activation(builder: NetworkBuilder, module: nn.Module, value: Value, where: str) -> Value:
    rule = ACTIVATIONS[kind_of(module, KINDS, "forward")]
    return builder.activation(value, rule.activation(partial(getattr, module), where), where)


def _normalization(
    builder: NetworkBuilder, module: nn.BatchNorm1d, value: Value, where: str
) -> Value:
    if module.running_mean is None or module.running_var is None:
        raise refusal(where, "has no running statistics", "track_running_stats=True")
    if nn.parameter.is_lazy(module.running_mean):
        raise refusal(where, "has no statistics yet", "a model after its first batch")
    return builder.normalize(
        value,
        mean=_numbers(module.running_mean),
        variance=_numbers(module.running_var),
        epsilon=module.eps,
        gain=None if module.weight is None else _numbers(module.weight),
        shift=None if module.bias is None else _numbers(module.bias),
        where=where,
    )


def _is_traced(module: nn.Module) -> bool:
    """Whether a module is of a class of the user, so that only its forward defines it."""
    in_torch = type(module).__module__.startswith("torch.")
    return not in_torch and kind_of(module, KINDS, "forward") is None


class _Trace:
    """The steps of one module's forward."""

    def __init__(self, builder: NetworkBuilder, module: nn.Module, place: str) -> None:
        """Trace the module.

        Raises:
            ModelError: Its forward cannot be traced.
        """
        self.builder, self.module, self.place = builder, module, place
        self.where = _where(module, place)
        self._operands: dict[fx.Node, Operand] = {}
        parameters = inspect.signature(module.forward).parameters.values()
        defaults = {p.name: p.default for p in parameters if p.default is not p.empty}
        tracer = fx.Tracer()
        tracer.is_leaf_module = lambda *_: True  # each module that is called is a single step
        try:
            self.graph = tracer.trace(module, defaults)
        except Exception as error:  # the forward is any code, and can raise anything
            problem = Problem(self.where, f"cannot be traced ({_reason(error)})", TRACEABLE)
            raise ModelError(problem) from error

    def output(self, inputs: list[Value]) -> Value:
        """Return the value that the forward returns."""
        given = iter(inputs)
        for node in self.graph.nodes:
            if node.op == "output":
                return self._value(node.args[0])
            try:
                self._operands[node] = self._operand(node, given)
            except ModelError as error:  # the step may not lead to the output
                self._operands[node] = error.problems[0]
        raise refusal(self.where, "returns nothing", TRACEABLE)

    def _operand(self, node: fx.Node, given: Any) -> Operand:
        """Return what a step stands for."""
        if node.op == "placeholder":
            return next(given, Problem(self.where, f"reads {node.target}", "one input"))
        if node.op == "get_attr":
            return operator.attrgetter(node.target)(self.module)
        if node.op == "call_module":
            module = self.module.get_submodule(node.target)
            values = [self._value(argument) for argument in (*node.args, *node.kwargs.values())]
            place = re.sub(r"\.(\d+)\b", r"[\1]", f"{self.place}.{node.target}")
            return _read(self.builder, module, place, values)
        where = f"{self.where}, in {node.name},"
        if node.target in FUNCTIONS:
            module = _as_module(FUNCTIONS[node.target], node.args[1:], node.kwargs)
            if module is not None:
                return _activation(self.builder, module, self._value(node.args[0]), where)
        if node.target in ADDITIONS and len(node.args) == 2 and not node.kwargs:
            first, second = (self._read(argument) for argument in node.args)
            return self.builder.add(first, second, where)
        if node.target in RESHAPES:  # of a sample; comparing the outputs shows any other
            return self._value(node.args[0])
        if node.target is functional.dropout and not node.kwargs.get("training", True):
            return self._value(node.args[0])
        name = getattr(node.target, "__name__", node.target)
        return Problem(self.where, f"computes {name}", TRACEABLE)

    def _read(self, argument: object) -> Any:
        """Return a value, or a constant as numbers.

        Raises:
            ModelError: It is the result of a step that cannot be read.
        """
        operand = self._operands[argument] if isinstance(argument, fx.Node) else argument
        if isinstance(operand, Problem):
            raise ModelError(operand)
        return _numbers(operand) if isinstance(operand, torch.Tensor) else operand

    def _value(self, argument: object) -> Value:
        operand = self._read(argument)
        if not isinstance(operand, Value):
            raise refusal(self.where, f"computes with {a(type(operand).__name__)}", TRACEABLE)
        return operand


def _as_module(kind: type[nn.Module], args: Any, kwargs: Any) -> nn.Module | None:
    """Return the module with the settings of a function, or None if it has no such settings."""
    settings = {
        name: value
        for name, value in kwargs.items()
        if name not in ("inplace", "_stacklevel") and not (name == "dtype" and value is None)
    }
    try:
        return kind(*args, **settings)
    except TypeError:
        return None


def _check_outputs(model: nn.Module, network: Network) -> None:
    """Compare the network with a traced model. Changes in place, for instance, are not traced.

    Raises:
        ModelError: The model computes something else.
    """
    samples = np.random.default_rng(0).normal(size=(CHECKED_SAMPLES, network.sizes[0]))
    where = _where(model, "model")
    try:
        with torch.no_grad():
            expected = _numbers(model(torch.tensor(samples)))
    except Exception as error:
        found = f"cannot compute a batch of shape {samples.shape} ({_reason(error)})"
        raise ModelError(Problem(where, found)) from error
    given = forward(network, samples).prediction
    if given.shape != expected.shape or not np.allclose(given, expected, TOLERANCE, TOLERANCE):
        hint = "values must not be changed in place"
        raise refusal(where, "computes more than its trace shows", TRACEABLE, hint)


def _check_weights(module: nn.Linear, where: str) -> None:
    if nn.parameter.is_lazy(module.weight):
        raise refusal(where, "has no weights yet", "a model after its first batch")


def _numbers(tensor: torch.Tensor) -> Array:
    """Return a tensor of any precision, on any device, as float64, which changes no number."""
    return np.asarray(tensor.detach().cpu().double().numpy())


def _where(module: nn.Module, place: str) -> str:
    return f"{place} ({type(module).__name__})"


def _reason(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
