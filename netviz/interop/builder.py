"""Networks built from the operations of a model: affine maps, activations, residual additions."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from netviz.core import ACTIVATIONS, Activation, Dense, Network, OneToOne
from netviz.core.arrays import Array
from netviz.core.layers import Layer
from netviz.problems import Problem, ProblemError, moved

RESIDUAL = "one chain of layers with identity shortcuts, y = x + block(x)"
"""The graphs that can be read."""

BESIDE_WEIGHTS = "weights directly before or after a batch normalization"


class ModelError(ProblemError):
    """A model or model file that cannot be read or written."""


@dataclass(frozen=True)
class ActivationRule:
    """How an activation of a framework is read.

    Attributes:
        name: Its key in ``ACTIVATIONS``.
        settings: Attribute in the framework → setting in the core.
        required: Attribute in the framework → values with which it is the function of the core.
    """

    name: str
    settings: Mapping[str, str] = field(default_factory=dict)
    required: Mapping[str, Sequence[object]] = field(default_factory=dict)

    def activation(self, attribute: Callable[[str], object], where: str) -> Activation:
        """Return the activation of the core.

        Args:
            attribute: Returns the value of an attribute by name.
            where: The layer, for the error.

        Raises:
            ModelError: An attribute has a value for which the core has no such function.
        """
        for key, right in self.required.items():
            value = attribute(key)
            if not any(_same(value, one) for one in right):
                raise refusal(where, f"has {key}={_shown(value)}", f"{key}={right[0]!r}")
        settings = {ours: _number(attribute(key), where) for key, ours in self.settings.items()}
        activation = ACTIVATIONS[self.name]
        return activation.with_settings(**settings) if settings else activation


@dataclass(frozen=True, eq=False)
class Value:
    """A value that flows through a model: its input, or the result of one operation.

    Attributes:
        where: The operation, for errors.
        reads: The values that the operation reads.
    """

    where: str = "the input"
    reads: tuple[Value, ...] = ()


@dataclass(frozen=True, eq=False)
class _Affine(Value):
    weights: Array = field(kw_only=True)
    bias: Array | None = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class _Shifted(Value):
    bias: Array = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class _Activated(Value):
    activation: Activation = field(kw_only=True)


@dataclass(frozen=True, eq=False)
class _Scaled(Value):
    factors: Array = field(kw_only=True)
    bias: Array = field(kw_only=True)


class _Sum(Value):
    pass


class NetworkBuilder:
    """Collects the operations of a model and makes a network of them.

    Each method takes the values that an operation reads, and returns its result. Operations can
    be added in any order in which each value exists before it is read.

    Attributes:
        input: The input of the model.
    """

    def __init__(self) -> None:
        """Start without operations."""
        self.input = Value()
        self._values: list[Value] = []

    def affine(self, value: Value, weights: ArrayLike, bias: ArrayLike | None, where: str) -> Value:
        """Return W x + b.

        Args:
            value: x.
            weights: W, shape ``(n_out, n_in)``.
            bias: b, shape ``(n_out,)``; None means zeros.
            where: The operation, for errors.
        """
        matrix = np.asarray(weights, np.float64)
        vector = None if bias is None else np.asarray(bias, np.float64)
        return self._added(_Affine(where, (value,), weights=matrix, bias=vector))

    def activation(self, value: Value, activation: Activation, where: str) -> Value:
        """Return f(z)."""
        if activation == ACTIVATIONS["identity"]:
            return value
        return self._added(_Activated(where, (value,), activation=activation))

    def normalize(
        self,
        value: Value,
        *,
        mean: ArrayLike,
        variance: ArrayLike,
        epsilon: float,
        gain: ArrayLike | None,
        shift: ArrayLike | None,
        where: str,
    ) -> Value:
        """Return γ (x − μ) / √(σ² + ε) + β: batch normalization when a model predicts.

        It becomes part of the weights before or after it. Source: Ioffe & Szegedy (2015), "Batch
        normalization", algorithm 2.

        Args:
            value: x.
            mean: The running mean μ, shape ``(n,)``.
            variance: The running variance σ², shape ``(n,)``.
            epsilon: ε.
            gain: γ, shape ``(n,)``; None means ones.
            shift: β, shape ``(n,)``; None means zeros.
            where: The operation, for errors.
        """
        factors = 1.0 / np.sqrt(np.asarray(variance, np.float64) + epsilon)
        if gain is not None:
            factors = np.asarray(gain, np.float64) * factors
        bias = -factors * np.asarray(mean, np.float64)
        if shift is not None:
            bias = bias + np.asarray(shift, np.float64)
        return self._added(_Scaled(where, (value,), factors=factors, bias=bias))

    def add(self, first: Value | ArrayLike, second: Value | ArrayLike, where: str) -> Value:
        """Return the sum of two values of the model, or of a value and a constant.

        Two values are added at the end of a residual block. A constant is a bias: one number, or
        one for each neuron.

        Raises:
            ModelError: Both are constants, or the constant has another shape.
        """
        if not isinstance(first, Value):
            first, second = second, first
        if not isinstance(first, Value):
            raise refusal(where, "adds two constants", "a value that depends on the input")
        if isinstance(second, Value):
            return self._added(_Sum(where, (first, second)))
        bias = np.asarray(second, np.float64)
        if bias.shape[-1:] not in ((), (bias.size,)):  # it would differ between samples
            found = f"adds an array of shape {bias.shape}"
            raise refusal(where, found, "one number, or one for each neuron")
        return self._added(_Shifted(where, (first,), bias=np.ravel(bias)))

    def network(self, output: Value) -> Network:
        """Return the network from the input to a value, without operations that do not lead there.

        Raises:
            ModelError: There are no weights, or the operations are not a chain of layers with
                identity shortcuts.
            ProblemError: The layers do not fit each other, or contain non-finite numbers.
        """
        needed = {output}
        for value in reversed(self._values):
            if value in needed:
                needed.update(value.reads)
        chain = _Chain(self.input, output, [value for value in self._values if value in needed])
        return chain.network(output)

    def _added(self, value: Value) -> Value:
        self._values.append(value)
        return value


@dataclass
class _Layer:
    """A layer to which operations can still be added: dense, or one-to-one without weights.

    Attributes:
        where: The operation that made it, for errors.
        weights: Shape ``(n_out, n_in)``, or None.
        bias: Shape ``(n_out,)``.
        activation: None, which is the identity, until an operation sets it.
        skips: The sources of skip connections into the layer, counted from the input 0 → the
            operation that adds their outputs.
    """

    where: str
    weights: Array | None = None
    bias: Array | None = None
    activation: Activation | None = None
    skips: dict[int, str] = field(default_factory=dict)

    def dense(self, activation: Activation) -> Dense:
        """Return the dense layer, if it has weights.

        Raises:
            ModelError: The numbers are not those of a layer. The operation is named.
        """
        matrix: Any = self.weights
        bias = np.zeros(matrix.shape[:1]) if self.bias is None else self.bias
        try:
            return Dense(matrix, bias, activation)
        except ProblemError as error:
            problems = [moved(one, f"{one.where} of {self.where}") for one in error.problems]
            raise ModelError(*problems) from error


class _Chain:
    """Puts operations into layers, one after the other; ``layers[k - 1]`` is layer k."""

    def __init__(self, start: Value, output: Value, values: Sequence[Value]) -> None:
        """Place the operations in order.

        Raises:
            ModelError: They are not a chain of layers with identity shortcuts.
        """
        self.layers: list[_Layer] = []
        self._uses = Counter([output, *(read for value in values for read in value.reads)])
        self._layer_of = {start: 0}
        for value in values:
            if isinstance(value, _Affine):
                self._affine(value)
            elif isinstance(value, _Shifted):
                self._shift(value)
            elif isinstance(value, _Scaled):
                self._scale(value)
            elif isinstance(value, _Activated):
                self._activate(value)
            # A sum is placed where it is read: only then all of its terms are known.

    def network(self, output: Value) -> Network:
        """Return the layers up to a value as a network."""
        if all(layer.weights is None for layer in self.layers):
            raise refusal("the model", "has no weights", "at least one layer with weights")
        self._last(output, "the output")
        sizes = self._sizes()
        layers: list[Layer] = []
        for layer, size in zip(self.layers, sizes[1:], strict=True):
            activation = layer.activation or ACTIVATIONS["identity"]
            if layer.weights is None:
                layers.append(OneToOne(size, activation))
            else:
                layers.append(layer.dense(activation))
        skips = []
        for target, layer in enumerate(self.layers, start=1):
            for source, where in layer.skips.items():
                if sizes[source] != sizes[target]:
                    found = f"adds {sizes[source]} numbers to {sizes[target]}"
                    raise refusal(where, found, "equal sizes")
                skips.append((source, target))
        return Network(tuple(layers), skips=tuple(skips))

    def _affine(self, value: _Affine) -> None:
        read, weights, bias = value.reads[0], value.weights, value.bias
        if isinstance(read, _Scaled) and read not in self._layer_of:
            _check_size(read, weights.shape[-1])
            bias = weights @ read.bias + (0.0 if bias is None else bias)
            weights, read = weights * read.factors, read.reads[0]
        self._last(read, value.where)
        self._append(value, _Layer(value.where, weights, bias))

    def _scale(self, value: _Scaled) -> None:
        """Make factors part of the weights before them; otherwise of those that read the result."""
        layer = self._open_layer(value.reads[0], value.where)
        if layer is None or layer.weights is None:
            return
        _check_size(value, len(layer.weights))
        layer.weights = value.factors[:, np.newaxis] * layer.weights
        layer.bias = value.bias + (0.0 if layer.bias is None else value.factors * layer.bias)
        self._layer_of[value] = len(self.layers)

    def _shift(self, value: _Shifted) -> None:
        read = value.reads[0]
        layer = self._open_layer(read, value.where)
        if layer is None or layer.weights is None:
            after = "weights" if self.layers else "any weights"
            found = f"adds a bias {'not directly after' if self.layers else 'before'} {after}"
            raise refusal(value.where, found, "a bias directly after weights")
        size = len(layer.weights)
        if value.bias.size not in (1, size):
            raise refusal(value.where, f"adds {value.bias.size} numbers", f"a bias of {size}")
        layer.bias = value.bias + (np.zeros(size) if layer.bias is None else layer.bias)
        self._layer_of[value] = len(self.layers)

    def _activate(self, value: _Activated) -> None:
        layer = self._open_layer(value.reads[0], value.where)
        if layer is None:
            self._append(value, _Layer(value.where, activation=value.activation))
        else:
            layer.activation = value.activation
            self._layer_of[value] = len(self.layers)

    def _append(self, value: Value, layer: _Layer) -> None:
        self.layers.append(layer)
        self._layer_of[value] = len(self.layers)

    def _open_layer(self, value: Value, where: str) -> _Layer | None:
        """Return the last layer if only this operation reads it and it has no activation yet."""
        place = self._last(value, where)
        is_open = place > 0 and self.layers[-1].activation is None and self._uses[value] == 1
        return self.layers[-1] if is_open else None

    def _last(self, value: Value, where: str) -> int:
        """Return the layer that outputs a value, which must be the last one so far.

        Raises:
            ModelError: It is an earlier one, so that this operation starts another branch.
        """
        place = self._layer(value)
        if place != len(self.layers):
            raise refusal(where, "is on a second branch", RESIDUAL)
        return place

    def _layer(self, value: Value) -> int:
        if isinstance(value, _Scaled) and value not in self._layer_of:
            raise refusal(value.where, "is between other operations", BESIDE_WEIGHTS)
        if value not in self._layer_of:
            self._place_sum(value)
        return self._layer_of[value]

    def _place_sum(self, value: Value) -> None:
        """Make the terms of a sum skip connections into the layer of its latest term.

        If that layer has an activation, or other operations read it too, they lead into a new
        one-to-one layer after it.
        """
        terms = sorted(self._terms(value))
        places = [place for place, _ in terms]
        if len(set(places)) < len(places):
            raise refusal(value.where, "adds the same value twice", RESIDUAL)
        *skipped, last = places
        if last != len(self.layers):
            raise refusal(value.where, "adds two values that other layers follow", RESIDUAL)
        latest, is_read_once = self.layers[-1], terms[-1][1] == 1
        skips = dict.fromkeys(skipped, value.where)
        fits = skipped[-1] <= last - 2 and latest.skips.keys().isdisjoint(skips)
        if latest.activation is None and is_read_once and fits:
            latest.skips |= skips
            self._layer_of[value] = last
        else:
            self._append(value, _Layer(value.where, skips=skips))

    def _terms(self, value: Value) -> list[tuple[int, int]]:
        """Return the layer of each term of a sum, and how often that term is read."""
        terms: list[tuple[int, int]] = []
        for read in value.reads:
            if isinstance(read, _Sum) and read not in self._layer_of and self._uses[read] == 1:
                terms += self._terms(read)
            else:
                terms.append((self._layer(read), self._uses[read]))
        return terms

    def _sizes(self) -> list[int]:
        """Return the sizes of all layers, the input first."""
        first = next(layer.weights for layer in self.layers if layer.weights is not None)
        sizes = [first.shape[-1]]
        for layer in self.layers:
            sizes.append(sizes[-1] if layer.weights is None else len(layer.weights))
        return sizes


def _check_size(value: _Scaled, size: int) -> None:
    if value.factors.shape != (size,):
        raise refusal(value.where, f"normalizes {value.factors.size} numbers", f"{size} numbers")


def refusal(where: str, found: str, expected: str = "", hint: str = "") -> ModelError:
    """Return the error for one problem of a model."""
    return ModelError(Problem(where, found, expected, hint))


def unsupported(where: str, supported: Iterable[type | str], hint: str = "") -> ModelError:
    """Return the error for a layer that is none of the ``supported`` ones."""
    names = (kind if isinstance(kind, str) else kind.__name__ for kind in supported)
    return refusal(where, "is not supported", f"one of {', '.join(names)}", hint)


def kind_of(layer: object, kinds: Iterable[type], method: str) -> type | None:
    """Return the kind in ``kinds`` that computes this layer with its ``method``.

    A subclass that overrides the method can compute anything: the result is None.
    """
    for kind in kinds:
        if isinstance(layer, kind) and getattr(type(layer), method) is getattr(kind, method):
            return kind
    return None


def _number(value: object, where: str) -> float:
    """Return a setting, which may be an array of one number, as a float."""
    try:
        return float(np.asarray(value, np.float64).item())
    except (TypeError, ValueError) as error:
        raise refusal(where, f"has the setting {value!r}", "a number") from error


def _same(value: object, right: object) -> bool:
    """Whether two settings mean the same; a file may store them as float32."""
    if isinstance(value, float) and isinstance(right, float):
        return math.isclose(value, right, rel_tol=1e-6)
    return value == right


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
