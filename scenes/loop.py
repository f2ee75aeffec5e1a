"""Forward and back in a quarter of a minute, for a GIF: activations, blame, correction."""

from netviz.scene import ActsScene


class Loop(ActsScene):
    """The main clip without its arithmetic, at most 15 seconds long."""

    acts = ("loop",)
