"""The main clip: activations flow forward, blame flows back, weights change, the loss falls."""

from netviz.scene import ActsScene


class MainClip(ActsScene):
    """The whole explanation, from a wrong answer to a better one."""

    length = 172.8
    acts = (
        *("mistake", "neuron", "layers"),
        *("loss", "blame", "shares"),
        *("game", "update", "again"),
    )
