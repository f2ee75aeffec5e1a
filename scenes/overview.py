"""The network as a whole: inputs in, a prediction out, learning as adjusting."""

from netviz.scene import ActsScene, Play


class Overview(ActsScene):
    """A network predicts, gets its blame, and adjusts its weights."""

    acts = ("opening", "input", "forward", "backward", Play("repeat", caption="overview.learn"))
