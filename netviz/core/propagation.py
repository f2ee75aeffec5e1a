"""Forward and backward propagation through layers and skip connections, without any checks.

The passes (``netviz.forward``, ``netviz.backward``) check and keep the results; training uses them
as they are, with parameters that are views of one flat vector.
"""

from __future__ import annotations

from collections.abc import Sequence

from netviz.core.arrays import Array
from netviz.core.layers import Parameters
from netviz.core.network import Network


def propagate(
    network: Network, parameters: Sequence[Parameters], x: Array
) -> tuple[list[Array], list[Array]]:
    """Compute z of each layer after the input; and x, followed by the activations of each layer.

    Args:
        network: The layers and skip connections.
        parameters: The parameters of each layer after the input.
        x: Shape ``(..., n_in)``.
    """
    pre_activations, activations = [], [x]
    for place, (layer, values) in enumerate(zip(network.layers, parameters, strict=True), start=1):
        z = layer.preactivation(activations[-1], values)
        for source in network.skip_sources[place]:
            z = z + activations[source]
        pre_activations.append(z)
        activations.append(layer.activation.value(z))
    return pre_activations, activations


def propagate_back(
    network: Network,
    parameters: Sequence[Parameters],
    pre_activations: Sequence[Array],
    activations: Sequence[Array],
    blame: Array,
    gradients: Sequence[Parameters],
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
        to_input: Whether the gradient of the input is needed. Otherwise the first list begins with
            the first layer after the input.
    """
    blames: list[Array] = [blame]
    activation_gradients: list[Array] = []
    for place in range(len(network.layers), 0, -1):
        layer, values = network.layers[place - 1], parameters[place - 1]
        x = activations[place - 1]
        layer.parameter_gradients(blames[0], x, values, gradients[place - 1])
        if place == 1 and not to_input:
            break
        gradient = layer.input_gradient(blames[0], x, values)
        for target in network.skip_targets[place - 1]:
            gradient = gradient + blames[target - place]
        activation_gradients.insert(0, gradient)
        if place > 1:
            pullback = network.layers[place - 2].activation.pullback
            blames.insert(0, pullback(gradient, pre_activations[place - 2], x))
    return activation_gradients, blames
