"""A network as a frozen value: layers, and the skip connections between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from numbers import Integral
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike

from netviz.core.activations import Activation
from netviz.core.initializers import Initializer, as_initializer
from netviz.core.layers import LAYERS, Connections, Dense, Layer, OneToOne
from netviz.core.pictured import Pictured
from netviz.problems import Problem, ProblemError, entry_named, expect, moved, shown, takes_rng

if TYPE_CHECKING:
    from netviz.core.passes import BackwardTrace, ForwardTrace

Skips: TypeAlias = tuple[tuple[int, int], ...]


@dataclass(frozen=True, repr=False)
class Network(Pictured):
    """Layers, one after the other. Equal by value, and so not hashable.

    A skip connection (source, target) adds the activations of the layer ``source`` to z of the
    layer ``target``, neuron by neuron, with weight 1. Layers are counted from the input, which is
    0. So ``y = x + block(x)`` is a skip connection into the last layer of a block that ends in an
    identity, or into a ``OneToOne`` layer after it: see `residual`.

    Attributes:
        layers: The layers after the input; ``layers[0]`` reads the input.
        skips: Pairs (source, target) with target ≥ source + 2 and equal sizes, sorted.

    Example:
        >>> network = netviz.Network.random([3, 4, 2], activation=["tanh", "sigmoid"], rng=7)
        >>> network, network.sizes
        (Network(Dense(3 → 4, tanh), Dense(4 → 2, sigmoid)), (3, 4, 2))
    """

    layers: tuple[Layer, ...]
    skips: Skips = ()

    def __post_init__(self) -> None:
        """Check that the layers fit each other, and the skip connections the layers.

        Raises:
            ProblemError: Something does not fit, is not a layer, or there is no layer.
        """
        object.__setattr__(self, "layers", _checked_layers(self.layers))
        for place, (before, after) in enumerate(pairwise(self.layers), start=1):
            if before.n_out != after.n_in:
                found = f"has {_inputs(after.n_in)}"
                expected = f"{before.n_out}, the number of neurons of layer {place}"
                raise ProblemError(Problem(f"layer {place + 1}", found, expected))
        object.__setattr__(self, "skips", _checked_skips(self.skips, self.sizes))

    @classmethod
    @takes_rng
    def random(
        cls,
        sizes: Sequence[int],
        activation: Activation | str | Sequence[Activation | str] = "sigmoid",
        init: Initializer | str = "xavier_uniform",
        *,
        skips: Iterable[tuple[int, int]] = (),
        rng: np.random.Generator | int,
    ) -> Network:
        """Make a network of dense layers with random weights and zero biases.

        Args:
            sizes: The number of neurons in each layer, the input first: ``(5, 2, 2, 5)``.
            activation: One for all layers after the input, or one for each of them.
            init: The initializer of the weights, or its name in ``INITIALIZERS``.
            skips: Pairs of layers (source, target) with a skip connection.
            rng: The source of randomness, or a seed for a new one.

        Raises:
            ProblemError: Wrong sizes, an unknown name, a wrong number of activations, or a skip
                connection that does not fit.

        Example:
            >>> network = netviz.Network.random([5, 2, 2, 5], activation="sigmoid", rng=7)
            >>> [layer.weights.shape for layer in network.layers]
            [(2, 5), (2, 2), (5, 2)]
        """
        sizes = _checked_sizes(sizes)
        generator = np.random.default_rng(rng)
        draw = as_initializer(init).draw
        weights = [draw(generator, n_out, n_in) for n_in, n_out in pairwise(sizes)]
        return cls.from_weights(weights, [np.zeros(n) for n in sizes[1:]], activation, skips=skips)

    @classmethod
    def from_weights(
        cls,
        weights: Sequence[ArrayLike],
        biases: Sequence[ArrayLike],
        activation: Activation | str | Sequence[Activation | str] = "sigmoid",
        *,
        skips: Iterable[tuple[int, int]] = (),
    ) -> Network:
        """Make a network of dense layers from arrays.

        Args:
            weights: One matrix per layer, shape ``(n_out, n_in)``. On screen ``weights[0][1, 0]``
                is W₁,₂, from neuron 1 to neuron 2.
            biases: One vector per layer, shape ``(n_out,)``.
            activation: One for all layers, or one for each of them.
            skips: Pairs of layers (source, target) with a skip connection.

        Raises:
            ProblemError: Wrong numbers of layers, shapes that do not fit, numbers that are not
                finite, an unknown activation, or a skip connection that does not fit.

        Example:
            >>> netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]], activation="tanh")
            Network(Dense(2 → 1, tanh))
        """
        if len(biases) != len(weights):
            expected = f"{len(weights)}, one for each weight matrix"
            raise ProblemError(Problem("biases", f"has {_entries(len(biases))}", expected))
        activations = _one_each(activation, len(weights))
        layers = []
        for place, parts in enumerate(zip(weights, biases, activations, strict=True), start=1):
            with _in_layer(place):
                layers.append(Dense(*parts))
        return cls(tuple(layers), tuple(skips))

    @classmethod
    def from_structure(
        cls, structure: Mapping[str, Any], parameters: Sequence[Mapping[str, ArrayLike]]
    ) -> Network:
        """Make the network that `structure` and the parameters of each layer describe.

        Args:
            structure: What `structure` returns.
            parameters: The parameters of each layer, by name.

        Raises:
            ProblemError: An unknown kind of layer or activation, or what does not fit.

        Example:
            >>> network = netviz.Network.random([2, 3, 1], rng=0)
            >>> arrays = [layer.parameters for layer in network.layers]
            >>> netviz.Network.from_structure(network.structure, arrays) == network
            True
        """
        described = structure["layers"]
        if len(described) != len(parameters):
            expected = f"{len(described)}, one for each layer"
            raise ProblemError(Problem("parameters", f"has {_entries(len(parameters))}", expected))
        layers: list[Layer] = []
        for place, (entry, arrays) in enumerate(zip(described, parameters, strict=True), start=1):
            with _in_layer(place):
                options = {key: value for key, value in entry.items() if key != "kind"}
                make: Any = entry_named(entry.get("kind"), LAYERS, "kind")
                try:
                    layers.append(make(**options, **arrays))
                except TypeError as error:
                    found = f"has {', '.join([*options, *arrays])}"
                    expected = f"what {entry['kind']} is made of"
                    raise ProblemError(Problem("description", found, expected)) from error
        return cls(tuple(layers), tuple(structure.get("skips", ())))

    @property
    def structure(self) -> dict[str, Any]:
        """All but the parameters, as JSON values: kinds of layers, activations, skips.

        Example:
            >>> netviz.Network.random([2, 3, 1], activation="tanh", rng=0).structure["layers"][0]
            {'kind': 'Dense', 'activation': 'tanh'}
        """
        layers = [
            {
                "kind": type(layer).__name__,
                **layer.structure,
                "activation": layer.activation.text,
            }
            for layer in self.layers
        ]
        return {"layers": layers, "skips": [list(pair) for pair in self.skips]}

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The number of neurons in each layer, the input first."""
        return (self.layers[0].n_in, *(layer.n_out for layer in self.layers))

    @property
    def weight_count(self) -> int:
        """The number of weights of all layers, biases included."""
        return sum(array.size for layer in self.layers for array in layer.parameters.values())

    @cached_property
    def skip_sources(self) -> tuple[tuple[int, ...], ...]:
        """For each layer, the input first: the layers with a skip connection into it."""
        layers = range(len(self.layers) + 1)
        return tuple(tuple(s for s, t in self.skips if t == layer) for layer in layers)

    @cached_property
    def skip_targets(self) -> tuple[tuple[int, ...], ...]:
        """For each layer, the input first: the layers that a skip connection leads to from it."""
        layers = range(len(self.layers) + 1)
        return tuple(tuple(t for s, t in self.skips if s == layer) for layer in layers)

    def connections(self, trace: ForwardTrace | None = None) -> tuple[Connections, ...]:
        """Return the connections into each layer after the input.

        Args:
            trace: The forward pass to show. Layers with connections that depend on their input
                need it.

        Raises:
            ProblemError: A layer needs a trace, or the trace belongs to another network.

        Example:
            >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]])
            >>> network.connections()[0].weights
            array([[ 0.5, -1. ]])
        """
        if trace is None:
            return tuple(layer.connections() for layer in self.layers)
        self.expect_own("trace", trace.network)
        return tuple(record.connections for record in trace.layers)

    def expect_own(self, where: str, network: Network) -> None:
        """Refuse a trace of a network of other sizes or with other skip connections.

        Raises:
            ProblemError: The network of the trace is another one.
        """
        for what, mine, theirs in (
            ("sizes", self.sizes, network.sizes),
            ("skips", self.skips, network.skips),
        ):
            if mine != theirs:
                expected = f"one of a network with {what} {mine}"
                raise ProblemError(
                    Problem(where, f"is of a network with {what} {theirs}", expected)
                )

    def residual(self, activation: Activation | str = "identity") -> Network:
        """Return the residual block ``y = f(x + block(x))`` around this network.

        The skip connection leads into the last layer if that is an identity, and otherwise into a
        ``OneToOne`` layer after it.

        Args:
            activation: f.

        Raises:
            ProblemError: The network has different numbers of inputs and outputs.

        Example:
            >>> block = netviz.Network.random([3, 4, 3], activation=["relu", "identity"], rng=0)
            >>> block.residual("relu")
            Network(Dense(3 → 4, relu), Dense(4 → 3, relu), skips=(0→2))
        """
        size, last = self.sizes[0], self.layers[-1]
        if self.sizes[-1] != size:
            found = f"has {_inputs(size)} and {self.sizes[-1]} outputs"
            raise ProblemError(Problem("a residual block", found, "as many outputs as inputs"))
        if last.activation.name == "identity" and len(self.layers) > 1:
            layers = (*self.layers[:-1], last.with_activation(activation))
        else:
            layers = (*self.layers, OneToOne(size, activation))
        return Network(layers, (*self.skips, (0, len(layers))))

    def then(self, following: Network) -> Network:
        """Return this network and another one after it as one network.

        Raises:
            ProblemError: The other one has another number of inputs than this one has outputs.

        Example:
            >>> block = netviz.Network.random([2, 2], activation="tanh", rng=0).residual()
            >>> block.then(block).skips
            ((0, 2), (2, 4))
        """
        shift = len(self.layers)
        moved_skips = ((source + shift, target + shift) for source, target in following.skips)
        return Network((*self.layers, *following.layers), (*self.skips, *moved_skips))

    def with_parameters(self, parameters: Sequence[Mapping[str, ArrayLike]]) -> Network:
        """Return the network with other parameters.

        Args:
            parameters: The parameters of each layer after the input, by name.

        Raises:
            ProblemError: Wrong shapes, or numbers that are not finite.
        """
        layers = []
        for place, (layer, arrays) in enumerate(zip(self.layers, parameters, strict=True), start=1):
            with _in_layer(place):
                layers.append(layer.with_parameters(arrays))
        return Network(tuple(layers), self.skips)

    def updated(self, gradients: BackwardTrace, learning_rate: float) -> Network:
        """Return the network after one step of gradient descent: W − η ∂L/∂W, b − η ∂L/∂b.

        Args:
            gradients: The result of ``backward`` for this network. Over a batch its gradients are
                sums; divide the learning rate by the batch size for the mean.
            learning_rate: η.

        Raises:
            ProblemError: The gradients belong to another network, or the new parameters are not
                finite.

        Example:
            >>> network = netviz.Network.from_weights([[[0.5, -1.0]]], [[0.1]])
            >>> trace = netviz.forward(network, [1.0, 0.3])
            >>> blame = netviz.backward(network, trace, target=[1.0])
            >>> better = network.updated(blame, learning_rate=0.5)
            >>> again = netviz.backward(better, netviz.forward(better, [1.0, 0.3]), target=[1.0])
            >>> bool(again.loss < blame.loss)
            True
        """
        self.expect_own("gradients", gradients.forward.network)
        with np.errstate(over="ignore", invalid="ignore"):  # reported by with_parameters
            return self.with_parameters(
                [
                    {
                        name: value - learning_rate * errors.gradients[name]
                        for name, value in layer.parameters.items()
                    }
                    for layer, errors in zip(self.layers, gradients.layers, strict=True)
                ]
            )

    def __repr__(self) -> str:
        """Return the layers in order, and the skip connections if there are any."""
        skips = ", ".join(f"{source}→{target}" for source, target in self.skips)
        parts = [*map(repr, self.layers), *([f"skips=({skips})"] if skips else [])]
        return f"Network({', '.join(parts)})"


@contextmanager
def _in_layer(place: int) -> Iterator[None]:
    """Name the layer in problems with its parts."""
    try:
        yield
    except ProblemError as error:
        problems = (
            moved(problem, f"{problem.where} of layer {place}") for problem in error.problems
        )
        raise ProblemError(*problems) from error


def _checked_layers(layers: object) -> tuple[Layer, ...]:
    several = isinstance(layers, Iterable)
    given = tuple(layers) if isinstance(layers, Iterable) else (layers,)
    hint = "Network.random takes sizes, Network.from_weights takes arrays"
    if not given:
        raise ProblemError(Problem("layers", "is empty", "at least one layer after the input"))
    for layer in given:
        if not several or not isinstance(layer, Layer):
            found = f"{'has' if several else 'is'} {shown(layer)}"
            raise ProblemError(Problem("layers", found, "layers, such as Dense", hint))
    return given


def _checked_skips(skips: object, sizes: tuple[int, ...]) -> Skips:
    """Return the pairs, sorted."""
    pairs = tuple(map(_checked_pair, skips if isinstance(skips, Iterable) else (skips,)))
    last = len(sizes) - 1
    for source, target in pairs:
        where = f"skip connection ({source}, {target})"
        if not 0 <= source < target <= last:
            expected = f"a layer and a later one, of the layers 0 … {last}"
            raise ProblemError(Problem(where, "does not fit the network", expected))
        if target < source + 2:
            expected = "layers at least two apart"
            raise ProblemError(Problem(where, "leads to the next layer", expected))
        if sizes[source] != sizes[target]:
            found = f"leads from {sizes[source]} to {sizes[target]} neurons"
            raise ProblemError(Problem(where, found, "layers of equal sizes"))
        if pairs.count((source, target)) > 1:
            raise ProblemError(Problem(where, "is given more than once", "each pair once"))
    return tuple(sorted(pairs))


def _checked_pair(pair: object) -> tuple[int, int]:
    layers = tuple(pair) if isinstance(pair, Iterable) else ()
    right = len(layers) == 2 and all(isinstance(layer, Integral) for layer in layers)
    if not right:
        expected = "pairs of layers (source, target), such as (0, 2)"
        raise ProblemError(Problem("skips", f"has {shown(pair)}", expected))
    return int(layers[0]), int(layers[1])


def _checked_sizes(sizes: Iterable[int]) -> tuple[int, ...]:
    right = isinstance(sizes, Iterable) and not isinstance(sizes, str)
    expect("sizes", sizes, right, "numbers of neurons, such as [3, 4, 2]")
    sizes = tuple(sizes)
    expect("sizes", sizes, len(sizes) > 1, "the input and at least one layer, such as [3, 4, 2]")
    for size in sizes:
        if not isinstance(size, Integral) or size < 1:
            raise ProblemError(Problem("sizes", f"has {size!r}", "whole numbers from 1 up"))
    return tuple(int(size) for size in sizes)


def _one_each(
    activation: Activation | str | Sequence[Activation | str], layers: int
) -> Sequence[Activation | str]:
    if isinstance(activation, Activation | str):
        return [activation] * layers
    if len(activation) != layers:
        expected = f"{layers}, one for each layer after the input"
        raise ProblemError(Problem("activation", f"has {_entries(len(activation))}", expected))
    return activation


def _inputs(count: int) -> str:
    return f"{count} input{'s' * (count != 1)}"


def _entries(count: int) -> str:
    return f"{count} entr{'y' if count == 1 else 'ies'}"
