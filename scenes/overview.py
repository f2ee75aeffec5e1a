"""The network as a whole: inputs in, a prediction out, learning as adjusting."""

from netviz.drawing import Box
from netviz.scene import ActsScene


class Overview(ActsScene):
    """A network predicts, and adjusts its weights until the gaps to the target have shrunk."""

    length = 22.2
    acts = ("predict", "adjust")

    def setup(self) -> None:
        """Make the gaps wide: no numbers stand between them and the outputs."""
        super().setup()
        self.gaps_box = Box(4.4, 6.9, -2.75, 3.05)
