"""The network from far away: inputs in, a prediction out, learning as adjusting."""

from netviz.acts.overview import from_far_away
from netviz.scene import NetworkScene


class Overview(NetworkScene):
    """A network predicts, hears how wrong it was, and adjusts its weights."""

    def construct(self) -> None:
        """Play the overview."""
        from_far_away(self)
