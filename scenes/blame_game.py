"""Neurons blame the most active neurons before them; a lazy neuron stays unblamed."""

from netviz.acts.game import blame_game
from netviz.scene import NetworkScene


class BlameGame(NetworkScene):
    """Step 8 of the main clip."""

    def construct(self) -> None:
        """Play the blame game over a network with all its values and blames."""
        self.begin_on_left(self.diagram.show_activations(self.trace).show_blame(self.blame))
        self.section("game")
        blame_game(self)
