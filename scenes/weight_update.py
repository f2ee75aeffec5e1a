"""The correction, the input once more, and then again and again while the loss falls."""

from manim import VGroup

from netviz.acts.update import correct, training_steps
from netviz.scene import NetworkScene


class WeightUpdateScene(NetworkScene):
    """Step 9 of the main clip, and the training loop that it begins."""

    def construct(self) -> None:
        """Play one correction slowly and many quickly."""
        self.begin_on_left(self.diagram.show_activations(self.trace).show_blame(self.blame))
        self.section("update")
        panels = correct(self, VGroup())
        self.section("training")
        training_steps(self, 24, key="update.repeat", leaving=panels)
