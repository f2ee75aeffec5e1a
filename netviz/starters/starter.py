"""A scene of your own: a forward and a backward pass of the network of starter.toml."""

from pathlib import Path

from netviz.animation import BackwardPass, ForwardPass
from netviz.scene import NetworkScene


class StarterScene(NetworkScene):
    """Render it with `netviz render starter.py`, or with `manim starter.py`."""

    network = str(Path(__file__).with_name("starter.toml"))

    def construct(self) -> None:
        """Play both passes: the numbers of `self.trace` and `self.blame` over `self.diagram`."""
        self.add(self.diagram)
        # A beat is a caption, an animation and a pause. The captions are those of netviz, unless
        # starter.toml gives other texts.
        with self.beat("overview.predict"):
            self.play(ForwardPass(self.diagram, self.trace))
        with self.beat("overview.blame"):
            self.play(BackwardPass(self.diagram, self.blame))
