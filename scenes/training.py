"""A training run: weights change, blame shrinks, loss and accuracy are plotted."""

from netviz.scene import ActsScene


class Training(ActsScene):
    """A recorded run, or a run on the data of the network file."""

    length = 36.6
    network = "xor"
    acts = ("task", "training")
