"""The network as a whole: inputs in, a prediction out, learning as adjusting."""

from netviz.drawing import Box
from netviz.scene import ActsScene


class Overview(ActsScene):
    """A network predicts, and adjusts its weights until the gaps to the target have shrunk."""

    length = 22.2
    acts = ("predict", "adjust")
    # Wide: no numbers stand between the outputs and the gaps.
    gaps_box = Box(4.4, 6.9, -2.75, 3.05)
