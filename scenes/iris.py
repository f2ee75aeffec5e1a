"""Three species of iris, told apart by four lengths: one flower before and after training."""

from netviz.acts.classify import check_names, first_guess, learnt
from netviz.acts.opening import network_appears
from netviz.training_scene import TrainingScene


class Iris(TrainingScene):
    """A small network, really trained on the 150 flowers; needs the extra ``sklearn``."""

    network = "iris"

    def construct(self) -> None:
        """Play a guess, the run, and an answer."""
        check_names(self)
        self.section("network")
        network_appears(self)
        self.section("flower")
        first_guess(self)
        self.section("run")
        learnt(self)
