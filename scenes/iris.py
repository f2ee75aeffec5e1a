"""Three species of iris, classified by four lengths: one flower before and after training."""

from netviz.scene import ActsScene


class Iris(ActsScene):
    """A small network, trained on the 150 flowers; needs the extra ``sklearn``."""

    length = 49.2
    network = "iris"
    acts = ("guess", "run", "answer")
