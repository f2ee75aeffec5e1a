"""Optimizers: the change of the parameters, given the gradient and a memory of earlier ones.

To add one, add an entry to `OPTIMIZERS`. All parameters of a network are one flat vector θ
(`netviz.core.objective`), so that a step is a few operations on vectors for any kind of layer.
Nothing is mutated: a step takes the memory of the previous step and returns its own.

Weight decay λ pulls all parameters towards zero. It is added to the gradient, g + λ θ, which is the
gradient of L + λ/2 |θ|² (Krogh & Hertz 1991); a ``decoupled`` rule multiplies the parameters by
1 − η λ instead (Loshchilov & Hutter 2019).

Names, defaults and the position of ε are PyTorch's, so that the same settings give the same run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TypeAlias

import numpy as np

from netviz.core.arrays import Array
from netviz.problems import entry_named, expect, refuse_name

Memory: TypeAlias = tuple[Array, ...]
Settings: TypeAlias = Mapping[str, float]
Rule: TypeAlias = Callable[[Array, Memory, int, Settings], tuple[Array, Memory]]


@dataclass(frozen=True)
class Optimizer:
    """A rule that turns gradients into steps.

    Attributes:
        name: Its key in `OPTIMIZERS`.
        rule: ``rule(g, memory, t, settings) -> (change, memory)``, with g = ∂L/∂θ of shape
            ``(n,)``, t = 1 for the first step, and θ ← θ − change.
        slots: The number of vectors of shape ``(n,)`` in its memory; all are zero before the first
            step.
        settings: Its numbers by name; every optimizer has a ``learning_rate`` η and a
            ``weight_decay`` λ.
        formula: The step in Typst mathematics, with g for ∂L/∂θ; weight decay is written only
            where it is decoupled.
        title: A short name for the screen.
        source: The publication that it comes from.
        decoupled: Whether the weight decay shrinks the parameters instead of being added to g.

    Example:
        >>> adam = netviz.OPTIMIZERS["adam"].with_settings(learning_rate=0.01)
        >>> adam.settings["learning_rate"], adam.slots
        (0.01, 2)
    """

    name: str
    rule: Rule
    slots: int
    settings: Settings
    formula: str
    title: str
    source: str
    decoupled: bool = False

    def __post_init__(self) -> None:
        """Freeze the settings; without a weight decay, it is 0."""
        settings = {**self.settings, "weight_decay": self.settings.get("weight_decay", 0.0)}
        object.__setattr__(self, "settings", MappingProxyType(settings))

    def with_settings(self, **settings: float) -> Optimizer:
        """Return the rule with other settings: ``OPTIMIZERS["adam"].with_settings(beta1=0.8)``.

        Raises:
            ProblemError: There is no setting of that name, or a number is out of range: the
                learning rate, ε and the weight decay are finite and not negative, all others at
                least 0 and below 1.
        """
        for name, value in settings.items():
            if name not in self.settings:
                refuse_name(name, self.settings, f"setting of {self.name}")
            rate = name in ("learning_rate", "epsilon", "weight_decay")
            right = "a finite number from 0 up" if rate else "a number from 0 to below 1"
            where = f"{name} of {self.name}"
            expect(where, value, 0.0 <= value < (np.inf if rate else 1.0), right)
        changed = {name: float(value) for name, value in settings.items()}
        return replace(self, settings={**self.settings, **changed})

    def first_memory(self, size: int) -> Memory:
        """Return the memory before the first step, for ``size`` parameters."""
        return tuple(np.zeros(size) for _ in range(self.slots))

    def step(
        self, parameters: Array, gradient: Array, memory: Memory, t: int
    ) -> tuple[Array, Memory]:
        """Return the parameters after a step, and the memory for the next one.

        Args:
            parameters: θ, shape ``(n,)``.
            gradient: ∂L/∂θ, shape ``(n,)``.
            memory: The result of the previous step, or ``first_memory(n)``.
            t: 1 for the first step.

        Example:
            >>> rule = netviz.OPTIMIZERS["sgd"].with_settings(learning_rate=0.5)
            >>> rule.step(np.array([1.0, -1.0]), np.array([0.5, 0.0]), (), 1)[0]
            array([ 0.75, -1.  ])
        """
        decay = self.settings["weight_decay"]
        if decay and self.decoupled:
            parameters = parameters * (1.0 - self.settings["learning_rate"] * decay)
        elif decay:
            gradient = gradient + decay * parameters
        change, memory = self.rule(gradient, memory, t, self.settings)
        return parameters - change, memory


def _sgd(g: Array, memory: Memory, t: int, s: Settings) -> tuple[Array, Memory]:
    return s["learning_rate"] * g, ()


def _momentum(g: Array, memory: Memory, t: int, s: Settings) -> tuple[Array, Memory]:
    velocity = s["momentum"] * memory[0] + g
    return s["learning_rate"] * velocity, (velocity,)


def _nesterov(g: Array, memory: Memory, t: int, s: Settings) -> tuple[Array, Memory]:
    velocity = s["momentum"] * memory[0] + g
    return s["learning_rate"] * (g + s["momentum"] * velocity), (velocity,)


def _rmsprop(g: Array, memory: Memory, t: int, s: Settings) -> tuple[Array, Memory]:
    square = s["decay"] * memory[0] + (1.0 - s["decay"]) * (g * g)
    return s["learning_rate"] * g / (np.sqrt(square) + s["epsilon"]), (square,)


def _adam(g: Array, memory: Memory, t: int, s: Settings) -> tuple[Array, Memory]:
    mean = s["beta1"] * memory[0] + (1.0 - s["beta1"]) * g
    square = s["beta2"] * memory[1] + (1.0 - s["beta2"]) * (g * g)
    rate = s["learning_rate"] / (1.0 - s["beta1"] ** t)
    scale = np.sqrt(square / (1.0 - s["beta2"] ** t)) + s["epsilon"]
    return rate * mean / scale, (mean, square)


_ALL = (
    Optimizer(
        name="sgd",
        rule=_sgd,
        slots=0,
        settings={"learning_rate": 0.01},
        formula="theta <- theta - eta g",
        title="gradient descent",
        source="Cauchy 1847; on mini-batches, Robbins & Monro 1951",
    ),
    Optimizer(
        name="momentum",
        rule=_momentum,
        slots=1,
        settings={"learning_rate": 0.01, "momentum": 0.9},
        formula="v <- mu v + g, quad theta <- theta - eta v",
        title="momentum",
        source="Polyak 1964, eq. 9; written as in Sutskever et al. 2013, with η outside v",
    ),
    Optimizer(
        name="nesterov",
        rule=_nesterov,
        slots=1,
        settings={"learning_rate": 0.01, "momentum": 0.9},
        formula="v <- mu v + g, quad theta <- theta - eta (g + mu v)",
        title="Nesterov momentum",
        source="Nesterov 1983; in the form of Bengio, Boulanger-Lewandowski & Pascanu 2013, eq. 7",
    ),
    Optimizer(
        name="rmsprop",
        rule=_rmsprop,
        slots=1,
        settings={"learning_rate": 0.01, "decay": 0.99, "epsilon": 1e-8},
        formula="s <- rho s + (1 - rho) g^2, quad theta <- theta - eta g / (sqrt(s) + epsilon)",
        title="RMSProp",
        source="Tieleman & Hinton 2012, lecture 6.5",
    ),
    Optimizer(
        name="adam",
        rule=_adam,
        slots=2,
        settings={"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
        formula=(
            "m <- beta_1 m + (1 - beta_1) g, quad s <- beta_2 s + (1 - beta_2) g^2, quad "
            "theta <- theta - eta (m \\/ (1 - beta_1^t)) / (sqrt(s \\/ (1 - beta_2^t)) + epsilon)"
        ),
        title="Adam",
        source="Kingma & Ba 2015, algorithm 1",
    ),
    Optimizer(
        name="adamw",
        rule=_adam,
        slots=2,
        settings={
            "learning_rate": 0.001,
            "beta1": 0.9,
            "beta2": 0.999,
            "epsilon": 1e-8,
            "weight_decay": 0.01,
        },
        formula=(
            "m <- beta_1 m + (1 - beta_1) g, quad s <- beta_2 s + (1 - beta_2) g^2, quad "
            "theta <- (1 - eta lambda) theta "
            "- eta (m \\/ (1 - beta_1^t)) / (sqrt(s \\/ (1 - beta_2^t)) + epsilon)"
        ),
        title="AdamW",
        source="Loshchilov & Hutter 2019, algorithm 2, with the weight decay multiplied by η",
        decoupled=True,
    ),
)

OPTIMIZERS = {optimizer.name: optimizer for optimizer in _ALL}


def as_optimizer(optimizer: Optimizer | str) -> Optimizer:
    """Return the optimizer itself, or the one of that name.

    Raises:
        ProblemError: There is no optimizer of that name.
    """
    if isinstance(optimizer, Optimizer):
        return optimizer
    return entry_named(optimizer, OPTIMIZERS, "optimizer")
