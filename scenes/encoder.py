"""Five patterns learn to pass through two neurons: their codes drift apart on a plane."""

from netviz.acts.encoder import codes_drift
from netviz.acts.opening import network_appears
from netviz.training_scene import TrainingScene


class Encoder(TrainingScene):
    """The 5-2-2-5 network, really trained on the five one-hot patterns."""

    network = "encoder"

    def construct(self) -> None:
        """Play the patterns before, while and after they are learnt."""
        self.section("network")
        network_appears(self)
        self.make_room(rows=False)
        codes_drift(self)
