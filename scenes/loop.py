"""Forward and back in a quarter of a minute, for a GIF: activations, blame, correction."""

from netviz.acts.loop import round_trip
from netviz.scene import NetworkScene


class Loop(NetworkScene):
    """The heart of the main clip without its arithmetic, at most 15 seconds long."""

    def construct(self) -> None:
        """Play one round."""
        round_trip(self)
