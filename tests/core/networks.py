"""Random networks of all kinds of layers, with and without skip connections."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from netviz.core import Dense, Layer, Network, OneToOne


def possible_skips(sizes: Sequence[int]) -> list[tuple[int, int]]:
    """Every pair of layers that a skip connection can connect."""
    pairs = combinations(range(len(sizes)), 2)
    return [(s, t) for s, t in pairs if t >= s + 2 and sizes[s] == sizes[t]]


def random_network(
    sizes: Sequence[int],
    activations: Sequence[str],
    rng: np.random.Generator,
    *,
    skips: Sequence[tuple[int, int]] = (),
    one_to_one: Sequence[int] = (),
) -> Network:
    """A network with random weights and biases; ``one_to_one`` are layers of this kind."""
    layers: list[Layer] = []
    for place, activation in enumerate(activations, start=1):
        n_in, n_out = sizes[place - 1], sizes[place]
        if place in one_to_one and n_in == n_out:
            layers.append(OneToOne(n_in, activation))
        else:
            weights = rng.normal(size=(n_out, n_in)) / np.sqrt(n_in)
            layers.append(Dense(weights, rng.normal(size=n_out), activation))
    return Network(tuple(layers), tuple(skips))


RESIDUAL = {
    "one block": ((3, 4, 3), ((0, 2),), ()),
    "block and activation": ((3, 5, 3, 3, 2), ((0, 3),), (3,)),
    "two blocks": ((4, 3, 3, 3, 3, 3, 2), ((1, 3), (3, 5)), ()),
    "nested": ((3, 3, 4, 3, 3, 3), ((0, 5), (1, 4)), (4,)),
    "crossing": ((3, 3, 3, 3), ((0, 2), (1, 3)), (2,)),
    "into one layer": ((2, 2, 2, 2, 2), ((0, 4), (1, 4), (2, 4), (0, 2)), (2, 4)),
    "only one to one": ((2, 2, 2), ((0, 2),), (1, 2)),
}
