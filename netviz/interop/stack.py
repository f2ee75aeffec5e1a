"""Layers as they are met on the way through a model, each with weights and one activation."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from netviz.core import Network
from netviz.core.arrays import Array
from netviz.interop.refusal import ModelError


@dataclass(frozen=True)
class Known:
    """What an activation of a framework is in the core.

    Attributes:
        name: Its key in ``ACTIVATIONS``.
        settings: Attribute → the values with which it is that function.
    """

    name: str
    settings: Mapping[str, Sequence[object]] = field(default_factory=dict)

    def name_with(self, setting: Callable[[str], object], where: str) -> str:
        """The name, if every setting, asked for by its key, is as it must be.

        Raises:
            ModelError: It is another function; the setting is named.
        """
        for key, right in self.settings.items():
            value = setting(key)
            if not any(_same(value, one) for one in right):
                raise ModelError(where, f"has {key}={_shown(value)}", f"{key}={right[0]!r}")
        return self.name


class Stack:
    """A network in the making. A layer without an activation has the identity."""

    def __init__(self) -> None:
        """Begin with no layers."""
        self._layers: list[tuple[Array, Array, str]] = []

    def affine(self, weights: ArrayLike, bias: ArrayLike | None) -> None:
        """Add a layer W x + b, ``weights`` of shape ``(n_out, n_in)``; no bias is one of zeros."""
        matrix = np.asarray(weights, np.float64)
        vector = np.zeros(matrix.shape[:1]) if bias is None else np.asarray(bias, np.float64)
        self._layers.append((matrix, vector, "identity"))

    def shift(self, bias: ArrayLike, where: str) -> None:
        """Add one number, or one a neuron, to the bias of the last layer.

        Raises:
            ModelError: There is no layer yet, it has its activation, or another size.
        """
        matrix, vector = self._open_layer(where)
        numbers = np.ravel(np.asarray(bias, np.float64))
        if numbers.size not in (1, vector.size):
            raise ModelError(where, f"adds {numbers.size} numbers", f"a bias of {vector.size}")
        self._layers[-1] = matrix, vector + numbers, "identity"

    def activation(self, name: str, where: str) -> None:
        """Give the last layer its activation.

        Raises:
            ModelError: There is no layer yet, or it has its activation.
        """
        if name != "identity":
            self._layers[-1] = *self._open_layer(where), name

    def _open_layer(self, where: str) -> tuple[Array, Array]:
        if not self._layers:
            raise ModelError(where, "comes before any weights", "a layer with weights first")
        matrix, vector, before = self._layers[-1]
        if before != "identity":
            raise ModelError(where, f"comes right after an activation, {before}", "weights between")
        return matrix, vector

    def network(self) -> Network:
        """The layers so far as a network.

        Raises:
            ModelError: There are none.
            ValueError: They do not fit each other, or their numbers are not finite.
        """
        if not self._layers:
            raise ModelError("the model", "has no weights", "at least one layer with weights")
        return Network.from_weights(*map(list, zip(*self._layers, strict=True)))


def kind_of(layer: object, kinds: Iterable[type], method: str) -> type | None:
    """The one of ``kinds`` whose ``method`` computes this layer.

    A subclass with a method of its own may compute anything: it is none of them.
    """
    for kind in kinds:
        if isinstance(layer, kind) and getattr(type(layer), method) is getattr(kind, method):
            return kind
    return None


def refused(where: str, known: Iterable[type | str]) -> ModelError:
    """The error for a layer that is none of the ``known`` ones."""
    names = (kind if isinstance(kind, str) else kind.__name__ for kind in known)
    return ModelError(where, "cannot be shown", f"one of {', '.join(names)}")


def _same(value: object, right: object) -> bool:
    """Whether two settings mean the same; a file may hold them as float32."""
    if isinstance(value, float) and isinstance(right, float):
        return math.isclose(value, right, rel_tol=1e-6)
    return value == right


def _shown(value: object) -> str:
    return f"{value:.6g}" if isinstance(value, float) else repr(value)
