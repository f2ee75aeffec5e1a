"""Initializers: distributions of the initial weights of a layer. Biases always start at zero.

To add one, add an entry to `INITIALIZERS`. Variances are given for a layer with ``n_in``
inputs and ``n_out`` outputs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt

import numpy as np

from netviz.core.arrays import Array
from netviz.problems import entry_named


@dataclass(frozen=True)
class Initializer:
    """A distribution of initial weights.

    Attributes:
        name: Its key in `INITIALIZERS`.
        draw: ``draw(rng, n_out, n_in) -> weights`` of shape ``(n_out, n_in)``.
        source: The publication that it comes from.
        formula: The distribution of one weight in Typst mathematics; the second argument of
            ``cal(N)`` is a variance.

    Example:
        >>> netviz.INITIALIZERS["xavier_uniform"].draw(np.random.default_rng(7), 2, 3).shape
        (2, 3)
    """

    name: str
    draw: Callable[[np.random.Generator, int, int], Array]
    source: str
    formula: str = ""


def _uniform(rng: np.random.Generator, n_out: int, n_in: int, limit: float) -> Array:
    return rng.uniform(-limit, limit, size=(n_out, n_in))


def _normal(rng: np.random.Generator, n_out: int, n_in: int, variance: float) -> Array:
    return rng.normal(0.0, sqrt(variance), size=(n_out, n_in))


_ALL = (
    Initializer(
        name="zeros",
        draw=lambda rng, n_out, n_in: np.zeros((n_out, n_in)),
        formula="0",
        source="all neurons of a layer stay identical; Rumelhart, Hinton & Williams 1986",
    ),
    Initializer(
        name="normal",
        draw=lambda rng, n_out, n_in: _normal(rng, n_out, n_in, 1.0),
        formula="cal(N)(0, 1)",
        source="Nielsen 2015, ch. 1",
    ),
    Initializer(
        name="uniform",
        draw=lambda rng, n_out, n_in: _uniform(rng, n_out, n_in, 1.0 / sqrt(n_in)),
        formula='cal(U)(-1 / sqrt(n_"in"), 1 / sqrt(n_"in"))',
        source="Glorot & Bengio 2010, eq. 1",
    ),
    Initializer(
        name="xavier_uniform",
        draw=lambda rng, n_out, n_in: _uniform(rng, n_out, n_in, sqrt(6.0 / (n_in + n_out))),
        formula='cal(U)(-sqrt(6 / (n_"in" + n_"out")), sqrt(6 / (n_"in" + n_"out")))',
        source="Glorot & Bengio 2010, eq. 16",
    ),
    Initializer(
        name="xavier_normal",
        draw=lambda rng, n_out, n_in: _normal(rng, n_out, n_in, 2.0 / (n_in + n_out)),
        formula='cal(N)(0, 2 / (n_"in" + n_"out"))',
        source="Glorot & Bengio 2010, eq. 12",
    ),
    Initializer(
        name="he_uniform",
        draw=lambda rng, n_out, n_in: _uniform(rng, n_out, n_in, sqrt(6.0 / n_in)),
        formula='cal(U)(-sqrt(6 / n_"in"), sqrt(6 / n_"in"))',
        source="He, Zhang, Ren & Sun 2015, the variance of eq. 10",
    ),
    Initializer(
        name="he_normal",
        draw=lambda rng, n_out, n_in: _normal(rng, n_out, n_in, 2.0 / n_in),
        formula='cal(N)(0, 2 / n_"in")',
        source="He, Zhang, Ren & Sun 2015, eq. 10",
    ),
    Initializer(
        name="lecun_normal",
        draw=lambda rng, n_out, n_in: _normal(rng, n_out, n_in, 1.0 / n_in),
        formula='cal(N)(0, 1 / n_"in")',
        source="LeCun, Bottou, Orr & Müller 1998, sec. 4.6",
    ),
)

INITIALIZERS = {initializer.name: initializer for initializer in _ALL}


def as_initializer(initializer: Initializer | str) -> Initializer:
    """Return the initializer itself, or the one of that name.

    Raises:
        ProblemError: There is no initializer of that name.
    """
    if isinstance(initializer, Initializer):
        return initializer
    return entry_named(initializer, INITIALIZERS, "initializer")
