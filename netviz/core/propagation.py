"""Forward and backward propagation through layers and skip connections, without any checks.

The passes (``netviz.forward``, ``netviz.backward``) check and keep the results; training uses them
as they are, with parameters that are views of one flat vector.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from netviz.core.arrays import Array
from netviz.core.layers import Parameters
from netviz.core.network import Network

Factors: TypeAlias = Sequence[Array | None]
"""For each layer after the input, the factors of its activations under dropout, or None."""


def propagate(
    network: Network, parameters: Sequence[Parameters], x: Array, factors: Factors | None = None
) -> tuple[list[Array], list[Array]]:
    """Compute z of each layer after the input; and x, followed by the activations of each layer.

    Args:
        network: The layers and skip connections.
        parameters: The parameters of each layer after the input.
        x: Shape ``(..., n_in)``.
        factors: The factors of the activations of each layer under dropout.
    """
    pre_activations, activations = [], [x]
    skips = network.skip_sources[1:]
    for place, (layer, values, sources) in enumerate(
        zip(network.layers, parameters, skips, strict=True)
    ):
        z = layer.preactivation(activations[-1], values)
        for source in sources:
            z = z + activations[source]
        a, factor = layer.activation.value(z), factors[place] if factors else None
        pre_activations.append(z)
        activations.append(a if factor is None else a * factor)
    return pre_activations, activations


def propagate_back(
    network: Network,
    parameters: Sequence[Parameters],
    pre_activations: Sequence[Array],
    activations: Sequence[Array],
    blame: Array,
    gradients: Sequence[Parameters],
    factors: Factors | None = None,
    *,
    to_input: bool = True,
) -> tuple[list[Array], list[Array]]:
    """Compute ∂L/∂a of the input and of all layers but the last, and ∂L/∂z of all layers.

    Args:
        network: The layers and skip connections.
        parameters: The parameters of each layer after the input.
        pre_activations: First result of `propagate`.
        activations: Second result of `propagate`.
        blame: ∂L/∂z of the last layer, shape ``(..., n_out)``.
        gradients: Arrays for the gradients of the parameters, to be overwritten.
        factors: The factors of the activations of each layer under dropout.
        to_input: Whether the gradient of the input is needed. Otherwise the first list begins with
            the first layer after the input.
    """
    layers, last = network.layers, len(network.layers)
    blames, activation_gradients = [blame], []
    for place in range(last, 0, -1):
        layer, values, x = layers[place - 1], parameters[place - 1], activations[place - 1]
        layer.parameter_gradients(blame, x, values, gradients[place - 1])
        if place == 1 and not to_input:
            break
        gradient = layer.input_gradient(blame, x, values)
        for target in network.skip_targets[place - 1]:
            gradient = gradient + blames[last - target]
        activation_gradients.append(gradient)
        if place > 1:
            before, z = layers[place - 2].activation, pre_activations[place - 2]
            factor = factors[place - 2] if factors else None
            if factor is not None:
                gradient, x = gradient * factor, before.value(z)
            blame = before.pullback(gradient, z, x)
            blames.append(blame)
    return activation_gradients[::-1], blames[::-1]
