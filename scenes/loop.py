"""Forward and back in a quarter of a minute, for a GIF: activations, blame, correction."""

from typing import ClassVar

from netviz.scene import ActsScene


class Loop(ActsScene):
    """The main clip without its arithmetic: 15 seconds, the last frame of which is the first."""

    length = 15.0
    acts = ("loop",)
    style: ClassVar = {"layer_names": False}
