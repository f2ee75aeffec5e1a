"""Real handwritten digits: forward and back for one that is read right and one that is not."""

from collections.abc import Mapping
from typing import Any, ClassVar

from netviz.acts.digits import check_images, pixels_are_neurons, read_both
from netviz.acts.opening import network_appears
from netviz.training_scene import TrainingScene


class Digits(TrainingScene):
    """A 64-16-10 network, really trained on 8 × 8 pixels; needs the extra ``sklearn``."""

    network = "digits"
    # Every pixel is a neuron.
    options: ClassVar[Mapping[str, Any]] = {"max_neurons": None}

    def construct(self) -> None:
        """Play both digits through the trained network."""
        check_images(self)
        self.diagram.set_weights(self.run.network(-1))
        pixels_are_neurons(self)
        self.section("network")
        network_appears(self)
        read_both(self)
