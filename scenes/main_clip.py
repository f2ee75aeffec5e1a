"""The main clip: activations flow forward, blame flows back, weights change, the loss falls."""

from netviz.scene import ActsScene


class MainClip(ActsScene):
    """The whole explanation, from the appearance of the network to the lower loss."""

    acts = (
        *("opening", "input", "neuron", "layers"),
        *("loss", "blame", "shares"),
        *("game", "update", "end"),
    )
