"""Activation functions a = f(z), each beside the derivative that carries an error back through it.

To add one, add an entry to `ACTIVATIONS`. All of them are elementwise except softmax, which mixes
the last axis. All stay finite, and warn of nothing, for |z| up to 1e4 and beyond.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

import numpy as np

from netviz.core.arrays import Array

Pullback: TypeAlias = Callable[[Array, Array, Array], Array]


@dataclass(frozen=True)
class Activation:
    """A function from pre-activations z to activations a, both of shape ``(..., n)``.

    Attributes:
        name: Its key in `ACTIVATIONS`.
        value: ``value(z) -> a``.
        pullback: ``pullback(g, z, a) -> ∂L/∂z`` for ``g = ∂L/∂a`` (the vector-Jacobian product).
        formula: f(z) in Typst mathematics.
        symbol: The name of f in Typst mathematics, as it stands before ``(z)``.
        source: Where the function comes from.
        bound: The largest |a| there can be, or None where there is none.
        elementwise: Whether aᵢ depends on zᵢ alone.
        differentiable: Whether errors can flow back; if not, ``pullback`` raises ValueError.

    Example:
        >>> relu = netviz.ACTIVATIONS["relu"]
        >>> relu.value(np.array([-1.0, 2.0])), relu.slope(np.array([-1.0, 2.0]))
        (array([0., 2.]), array([0., 1.]))
    """

    name: str
    value: Callable[[Array], Array]
    pullback: Pullback
    formula: str
    symbol: str
    source: str
    bound: float | None = None
    elementwise: bool = True
    differentiable: bool = True

    def slope(self, z: Array) -> Array:
        """da/dz at each z, for curves and tangents; same shape as ``z``.

        Raises:
            ValueError: The function is not elementwise, or not differentiable.
        """
        if not self.elementwise:
            raise ValueError(
                f"{self.name} has no slope: each output depends on all pre-activations"
            )
        z = np.asarray(z, dtype=np.float64)
        return self.pullback(np.ones_like(z), z, self.value(z))


def sigmoid(z: Array) -> Array:
    """σ(z) = 1 / (1 + e^(−z)), exact in both tails: only e^(−|z|) is taken."""
    tail = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, tail) / (1.0 + tail)


def softplus(z: Array) -> Array:
    """ln(1 + e^z)."""
    return np.logaddexp(0.0, z)


def softmax(z: Array) -> Array:
    """e^zᵢ / Σⱼ e^zⱼ over the last axis; unchanged by the shift that makes the largest z zero."""
    largest: Array = np.max(z, axis=-1, keepdims=True)
    powers = np.exp(z - largest)
    total: Array = np.sum(powers, axis=-1, keepdims=True)
    return powers / total


_erfc = np.vectorize(math.erfc, otypes=[np.float64])  # numpy has no error function of its own


def _normal_cdf(z: Array) -> Array:
    return 0.5 * np.asarray(_erfc(-z / math.sqrt(2.0)))


def _normal_density(z: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi))


def _softmax_pullback(g: Array, z: Array, a: Array) -> Array:
    mean: Array = np.sum(g * a, axis=-1, keepdims=True)
    return a * (g - mean)


def _step_pullback(g: Array, z: Array, a: Array) -> NoReturn:
    raise ValueError(
        "step cannot carry an error back: its slope is 0 everywhere but at its jump; "
        "use sigmoid, for instance"
    )


_ALL = (
    Activation(
        name="identity",
        value=lambda z: z,
        pullback=lambda g, z, a: g,
        formula="z",
        symbol='"id"',
        source="the linear unit; Widrow & Hoff 1960",
    ),
    Activation(
        name="step",
        value=lambda z: np.where(z >= 0, 1.0, 0.0),
        pullback=_step_pullback,
        formula='cases(1 & "if" z >= 0, 0 & "otherwise")',
        symbol='"step"',
        source="McCulloch & Pitts 1943; it fires from the threshold on, z = 0 included",
        bound=1.0,
        differentiable=False,
    ),
    Activation(
        name="sigmoid",
        value=sigmoid,
        pullback=lambda g, z, a: g * sigmoid(z) * sigmoid(-z),
        formula="1 / (1 + e^(-z))",
        symbol="sigma",
        source="the logistic function, Verhulst 1845; σ′ = σ(z) σ(−z)",
        bound=1.0,
    ),
    Activation(
        name="tanh",
        value=np.tanh,
        pullback=lambda g, z, a: g * (1.0 - a * a),
        formula="(e^z - e^(-z)) / (e^z + e^(-z))",
        symbol="tanh",
        source="LeCun, Bottou, Orr & Müller 1998, sec. 4.4",
        bound=1.0,
    ),
    Activation(
        name="relu",
        value=lambda z: np.maximum(z, 0.0),
        pullback=lambda g, z, a: g * (z > 0),
        formula="max(0, z)",
        symbol='"ReLU"',
        source="Nair & Hinton 2010; the slope at 0 is taken as 0",
    ),
    Activation(
        name="leaky_relu",
        value=lambda z: np.where(z > 0, z, 0.01 * z),
        pullback=lambda g, z, a: g * np.where(z > 0, 1.0, 0.01),
        formula="max(0.01 z, z)",
        symbol='"LeakyReLU"',
        source="Maas, Hannun & Ng 2013, eq. 2",
    ),
    Activation(
        name="elu",
        value=lambda z: np.where(z > 0, z, np.expm1(np.minimum(z, 0.0))),
        pullback=lambda g, z, a: g * np.exp(np.minimum(z, 0.0)),
        formula='cases(z & "if" z > 0, e^z - 1 & "otherwise")',
        symbol='"ELU"',
        source="Clevert, Unterthiner & Hochreiter 2016, eq. 15, with α = 1",
    ),
    Activation(
        name="gelu",
        value=lambda z: z * _normal_cdf(z),
        pullback=lambda g, z, a: g * (_normal_cdf(z) + z * _normal_density(z)),
        formula="z Phi(z)",
        symbol='"GELU"',
        source="Hendrycks & Gimpel 2016; exact, with the normal distribution function Φ",
    ),
    Activation(
        name="softplus",
        value=softplus,
        pullback=lambda g, z, a: g * sigmoid(z),
        formula="ln(1 + e^z)",
        symbol='"softplus"',
        source="Dugas, Bengio, Bélisle, Nadeau & Garcia 2001",
    ),
    Activation(
        name="silu",
        value=lambda z: z * sigmoid(z),
        pullback=lambda g, z, a: g * sigmoid(z) * (1.0 + z * sigmoid(-z)),
        formula="z / (1 + e^(-z))",
        symbol='"SiLU"',
        source="Elfwing, Uchibe & Doya 2018, eq. 2; also known as swish",
    ),
    Activation(
        name="softmax",
        value=softmax,
        pullback=_softmax_pullback,
        formula="e^(z_i) / (sum_j e^(z_j))",
        symbol='"softmax"',
        source="Bridle 1990",
        bound=1.0,
        elementwise=False,
    ),
)

ACTIVATIONS = {activation.name: activation for activation in _ALL}
