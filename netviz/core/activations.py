"""Activation functions a = f(z), each with the derivative that propagates an error back through it.

To add one, add an entry to `ACTIVATIONS`. All of them are elementwise except softmax, which
normalizes over the last axis. All are finite, without warnings, for |z| up to 1e4 and beyond.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NoReturn, TypeAlias

import numpy as np

from netviz.core.arrays import Array
from netviz.problems import Problem, ProblemError, entry_named, expect, refuse_name

Pullback: TypeAlias = Callable[[Array, Array, Array], Array]


@dataclass(frozen=True, eq=False)
class Activation:
    """A function from pre-activations z to activations a, both of shape ``(..., n)``.

    Two activations are equal if their names and settings are.

    Attributes:
        name: Its key in `ACTIVATIONS`.
        value: ``value(z) -> a``.
        pullback: ``pullback(g, z, a) -> ∂L/∂z`` for ``g = ∂L/∂a`` (the vector-Jacobian product).
        source: The publication that the function comes from.
        formula: f(z) in Typst mathematics, or an empty text.
        symbol: The name of f in Typst mathematics, as written before ``(z)``; by default the name.
        bound: The largest possible |a|, or None if there is none.
        elementwise: Whether aᵢ depends on zᵢ alone.
        differentiable: Whether errors can be propagated back; if not, ``pullback`` raises a
            ``ProblemError``.
        settings: The numbers that the function depends on besides z, by name.
        family: ``family(**settings)`` makes the function with other settings; its defaults are
            the settings in `ACTIVATIONS`. None for a function without settings.

    Example:
        >>> relu = netviz.ACTIVATIONS["relu"]
        >>> relu.value(np.array([-1.0, 2.0])), relu.slope(np.array([-1.0, 2.0]))
        (array([0., 2.]), array([0., 1.]))
    """

    name: str
    value: Callable[[Array], Array]
    pullback: Pullback
    source: str
    formula: str = ""
    symbol: str = ""
    bound: float | None = None
    elementwise: bool = True
    differentiable: bool = True
    settings: Mapping[str, float] = field(default_factory=dict)
    family: Callable[..., Activation] | None = None

    def __post_init__(self) -> None:
        """Freeze the settings, and use the name as the symbol if there is none."""
        object.__setattr__(self, "settings", MappingProxyType(dict(self.settings)))
        object.__setattr__(self, "symbol", self.symbol or f'"{self.name}"')

    def __eq__(self, other: object) -> bool:
        """Compare name and settings."""
        if not isinstance(other, Activation):
            return NotImplemented
        return self.name == other.name and self.settings == other.settings

    def __hash__(self) -> int:
        """Return the hash of name and settings."""
        return hash((self.name, tuple(sorted(self.settings.items()))))

    def __deepcopy__(self, memo: object) -> Activation:
        """Return the activation itself, which never changes."""
        return self

    def __str__(self) -> str:
        """Return `text`."""
        return self.text

    @property
    def text(self) -> str:
        """The shortest text from which `activation_named` makes this activation.

        Example:
            >>> leaky = netviz.ACTIVATIONS["leaky_relu"]
            >>> leaky.text, leaky.with_settings(negative_slope=0.2).text
            ('leaky_relu', 'leaky_relu(0.2)')
        """
        defaults = self.family().settings if self.family else {}
        changed = [name for name, value in self.settings.items() if value != defaults.get(name)]
        if not changed:
            return self.name
        if changed == list(self.settings)[:1]:
            return f"{self.name}({_plain(self.settings[changed[0]])})"
        return f"{self.name}({_written(self.settings, changed)})"

    def with_settings(self, **settings: float) -> Activation:
        """Return the same function with other settings.

        Args:
            settings: Numbers by the names in ``settings``. They are finite; ``beta`` is above 0.

        Raises:
            ProblemError: There is no setting of that name, or a number is out of range.

        Example:
            >>> leaky = netviz.ACTIVATIONS["leaky_relu"].with_settings(negative_slope=0.2)
            >>> leaky.value(np.array([-1.0, 1.0]))
            array([-0.2,  1. ])
        """
        for name, value in settings.items():
            if name not in self.settings:
                _refuse_setting(self, name)
            where = f"{name} of {self.name}"
            if name == "beta":
                expect(where, value, 0.0 < value < math.inf, "a finite number above 0")
            expect(where, value, math.isfinite(value), "a finite number")
        if self.family is None:
            return self
        changed = {name: float(value) for name, value in settings.items()}
        return self.family(**{**self.settings, **changed})

    def slope(self, z: Array) -> Array:
        """Return da/dz at each z, for curves and tangents; same shape as ``z``.

        Raises:
            ProblemError: The function is not elementwise, or not differentiable.
        """
        if not self.elementwise:
            reason = "each output depends on all pre-activations"
            raise ProblemError(
                Problem(self.name, "has no slope", "an elementwise activation", reason)
            )
        z = np.asarray(z, dtype=np.float64)
        return self.pullback(np.ones_like(z), z, self.value(z))


SYNONYMS = {
    "swish": "silu",
    "linear": "identity",
    "none": "identity",
    "logistic": "sigmoid",
    "logsig": "sigmoid",
    "tansig": "tanh",
    "rectifier": "relu",
    "heaviside": "step",
}
"""What other frameworks and textbooks call an activation → its name here, for the hint of an
error."""


def activation_named(text: str) -> Activation:
    """Return the activation that a text names: ``relu``, ``leaky_relu(0.2)``.

    Args:
        text: A name in `ACTIVATIONS`, optionally with settings in parentheses: in order, or by
            name as in ``leaky_relu(negative_slope=0.2)``.

    Raises:
        ProblemError: There is no such activation, no such setting, or a number is out of range.

    Example:
        >>> from netviz.core.activations import activation_named
        >>> dict(activation_named("leaky_relu(0.2)").settings)
        {'negative_slope': 0.2}
    """
    parts = re.fullmatch(r"\s*(\w+)\s*(?:\((.*)\)\s*)?", text) if isinstance(text, str) else None
    if parts is None:
        refuse_name(text, ACTIVATIONS, "activation")
    if (synonym := SYNONYMS.get(parts[1].lower())) and parts[1] not in ACTIVATIONS:
        expected = f"one of {', '.join(ACTIVATIONS)}"
        hint = f"'{parts[1]}' is called '{synonym}' here"
        raise ProblemError(Problem("activation", f"is {text!r}", expected, hint))
    activation = entry_named(parts[1], ACTIVATIONS, "activation")
    if parts[2] is None:
        return activation
    return activation.with_settings(**_settings(activation, text, parts[2]))


def as_activation(activation: Activation | str) -> Activation:
    """Return the activation itself, or the one that a text names.

    Raises:
        ProblemError: It is neither an activation nor the text of one: see `activation_named`.
    """
    return activation if isinstance(activation, Activation) else activation_named(activation)


def _settings(activation: Activation, text: str, arguments: str) -> dict[str, float]:
    """Return the settings written in the parentheses of ``text``."""
    settings: dict[str, float] = {}
    written = arguments.split(",") if arguments.strip() else []
    for place, argument in enumerate(written):
        name, equals, number = (part.strip() for part in argument.rpartition("="))
        if not equals and place < len(activation.settings):
            name = list(activation.settings)[place]
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not name or not math.isfinite(value) or name in settings:
            form = _written(activation.settings, activation.settings)
            expected = f"{activation.name}({form})" if form else f"{activation.name} alone"
            raise ProblemError(Problem("activation", f"is {text!r}", expected))
        settings[name] = value
    return settings


def _refuse_setting(activation: Activation, name: str) -> NoReturn:
    if activation.settings:
        refuse_name(name, activation.settings, f"setting of {activation.name}")
    raise ProblemError(Problem(activation.name, f"has no setting {name!r}", "no settings"))


def _written(settings: Mapping[str, float], names: Iterable[str]) -> str:
    return ", ".join(f"{name}={_plain(settings[name])}" for name in names)


def _plain(value: float) -> str:
    """Return a number as it is written by hand: ``0.2``, ``1``, ``1e-05``."""
    return repr(float(value)).removesuffix(".0")


def sigmoid(z: Array) -> Array:
    """Return σ(z) = 1 / (1 + e^(−z)), exact in both tails: only e^(−|z|) is computed."""
    tail = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, tail) / (1.0 + tail)


def softplus(z: Array) -> Array:
    """Return ln(1 + e^z)."""
    return np.logaddexp(0.0, z)


def softmax(z: Array) -> Array:
    """Return e^zᵢ / Σⱼ e^zⱼ over the last axis, computed with the largest z shifted to zero."""
    largest: Array = np.max(z, axis=-1, keepdims=True)
    powers = np.exp(z - largest)
    total: Array = np.sum(powers, axis=-1, keepdims=True)
    return powers / total


_erfc = np.vectorize(math.erfc, otypes=[np.float64])  # numpy has no error function


def _normal_cdf(z: Array) -> Array:
    return 0.5 * np.asarray(_erfc(-z / math.sqrt(2.0)))


def _normal_density(z: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi))


def _softmax_pullback(g: Array, z: Array, a: Array) -> Array:
    mean: Array = np.sum(g * a, axis=-1, keepdims=True)
    return a * (g - mean)


def _step_pullback(g: Array, z: Array, a: Array) -> NoReturn:
    expected = "a differentiable activation, such as sigmoid"
    raise ProblemError(Problem("the derivative of step", "is 0 wherever it exists", expected))


def _leaky_relu(negative_slope: float = 0.01) -> Activation:
    return Activation(
        name="leaky_relu",
        value=lambda z: np.where(z > 0, z, negative_slope * z),
        pullback=lambda g, z, a: g * np.where(z > 0, 1.0, negative_slope),
        formula=_leaky_formula(negative_slope),
        symbol='"LeakyReLU"',
        source="Maas, Hannun & Ng 2013, eq. 2",
        settings={"negative_slope": negative_slope},
        family=_leaky_relu,
    )


def _leaky_formula(slope: float) -> str:
    if 0.0 < slope < 1.0:
        return f"max({_plain(slope)} z, z)"
    return f'cases(z & "if" z > 0, {_factor(slope)}z & "otherwise")'


def _elu(alpha: float = 1.0) -> Activation:
    power = "e^z - 1" if alpha == 1.0 else f"{_factor(alpha)}(e^z - 1)"
    return Activation(
        name="elu",
        value=lambda z: np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0.0))),
        pullback=lambda g, z, a: g * np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0.0))),
        formula=f'cases(z & "if" z > 0, {power} & "otherwise")',
        symbol='"ELU"',
        source="Clevert, Unterthiner & Hochreiter 2016, eq. 15",
        settings={"alpha": alpha},
        family=_elu,
    )


def _softplus(beta: float = 1.0) -> Activation:
    scale = "" if beta == 1.0 else f"1 / {_plain(beta)} "
    return Activation(
        name="softplus",
        value=lambda z: softplus(beta * z) / beta,
        pullback=lambda g, z, a: g * sigmoid(beta * z),
        formula=f"{scale}ln(1 + e^({_factor(beta)}z))" if scale else "ln(1 + e^z)",
        symbol='"softplus"',
        source="Dugas, Bengio, Bélisle, Nadeau & Garcia 2001; β as in PyTorch",
        settings={"beta": beta},
        family=_softplus,
    )


def _silu(beta: float = 1.0) -> Activation:
    def pullback(g: Array, z: Array, a: Array) -> Array:
        steep = beta * z
        return g * sigmoid(steep) * (1.0 + steep * sigmoid(-steep))

    return Activation(
        name="silu",
        value=lambda z: z * sigmoid(beta * z),
        pullback=pullback,
        formula=f"z / (1 + e^(-{_factor(beta)}z))",
        symbol='"SiLU"',
        source="Elfwing, Uchibe & Doya 2018, eq. 2; with β, swish: Ramachandran, Zoph & Le 2017",
        settings={"beta": beta},
        family=_silu,
    )


def _factor(value: float) -> str:
    """Return a number as the factor before z in Typst mathematics; 1 is not written."""
    return "" if value == 1.0 else f"{_plain(value)} "


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
        source="McCulloch & Pitts 1943; 1 from the threshold z = 0 on, inclusive",
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
    _leaky_relu(),
    _elu(),
    Activation(
        name="gelu",
        value=lambda z: z * _normal_cdf(z),
        pullback=lambda g, z, a: g * (_normal_cdf(z) + z * _normal_density(z)),
        formula="z Phi(z)",
        symbol='"GELU"',
        source="Hendrycks & Gimpel 2016; exact, with the normal distribution function Φ",
    ),
    _softplus(),
    _silu(),
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
