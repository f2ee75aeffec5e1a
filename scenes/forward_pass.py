"""One neuron slowly, then its layer, then the rest: activations flow forward."""

from netviz.scene import ActsScene


class ForwardPassScene(ActsScene):
    """The forward pass, from the input to the prediction."""

    length = 41.3
    acts = ("neuron", "layers")
