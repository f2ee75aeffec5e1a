"""A sample with names, before and after training: a flower, or a row of data of your own."""

from netviz.scene import ActsScene


class Classify(ActsScene):
    """A small network, trained on 150 flowers of iris; these need the extra ``sklearn``."""

    length = 50.4
    network = "iris"
    acts = ("guess", "run", "answer")
