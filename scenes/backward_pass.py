"""Prediction against target, the outputs' blame, and how it splits and adds up on its way back."""

from netviz.acts.backward import blame_before, output_blame, split_and_add
from netviz.acts.loss import compare
from netviz.scene import NetworkScene


class BackwardPassScene(NetworkScene):
    """Steps 5 to 7 of the main clip."""

    def construct(self) -> None:
        """Play the backward pass over a network that has made its prediction."""
        self.begin_on_left(self.diagram.show_activations(self.trace))
        self.section("loss")
        panels = compare(self)
        self.section("blame")
        self.make_room(panels)
        panels = output_blame(self)
        self.section("shares")
        blame_before(self, split_and_add(self, panels))
