"""A scene of my own: the network of starter.toml makes a prediction, and hears how wrong it was."""

from pathlib import Path

from netviz.animation import BackwardPass, ForwardPass
from netviz.scene import NetworkScene


class StarterScene(NetworkScene):
    """Render it with `netviz render starter.py`, or with `manim starter.py`."""

    network = str(Path(__file__).with_name("starter.toml"))

    def construct(self) -> None:
        """Play the scene. `self.diagram` is the picture; self.trace and self.blame its numbers."""
        self.add(self.diagram)
        # A beat is a caption, a movement and a moment to look. The texts of the captions are those
        # of netviz; those told in starter.toml take their place.
        with self.beat("overview.predict"):
            self.play(ForwardPass(self.diagram, self.trace))
        with self.beat("overview.blame"):
            self.play(BackwardPass(self.diagram, self.blame))
