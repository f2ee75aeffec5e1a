"""Five patterns pass through two neurons: training drives their codes apart on a plane."""

from netviz.scene import ActsScene


class Encoder(ActsScene):
    """The 5-2-2-5 network, trained on the five one-hot patterns."""

    length = 51.6
    network = "encoder"
    acts = ("patterns", "codes")
