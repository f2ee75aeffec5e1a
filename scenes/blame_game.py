"""The more active a neuron, the larger the gradients of its weights."""

from netviz.scene import ActsScene


class BlameGame(ActsScene):
    """The gradients of a network that shows all its activations and blames."""

    length = 22.8
    acts = ("game",)
