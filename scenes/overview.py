"""The network as a whole: inputs in, a prediction out, learning as adjusting."""

from netviz.scene import ActsScene


class Overview(ActsScene):
    """A network predicts, and adjusts its weights until the gaps to the target have shrunk."""

    length = 21.6
    acts = ("predict", "adjust")
