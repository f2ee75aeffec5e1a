"""A training run: weights morph, blame settles, loss and accuracy grow."""

from netviz.acts.opening import network_appears
from netviz.acts.training import before_training, panels_of, whole_run
from netviz.training_scene import TrainingScene


class Training(TrainingScene):
    """Any recorded run, or one of the network's own on the data of its file."""

    network = "xor"

    def construct(self) -> None:
        """Play the run between a first look and a last one."""
        panels = panels_of(self)
        self.section("network")
        network_appears(self)
        self.make_room(rows=False)
        self.section("run")
        before_training(self)
        whole_run(self, panels)
