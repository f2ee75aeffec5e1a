"""The main clip: activations flow forward, blame flows back, weights change, the loss falls."""

from netviz.scene import ActsScene, Play


class MainClip(ActsScene):
    """The whole explanation, from a wrong answer to a better one."""

    length = 139.8
    acts = (
        *("mistake", "neuron", "layers"),
        *("loss", Play("blame", compare=False), "shares"),
        *("game", "update", "again"),
    )
