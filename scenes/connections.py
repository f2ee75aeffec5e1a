"""The edges from the input to the first hidden layer, and the names of their weights.

The idea: the indices of a weight come from the two ends of its edge, in the colours of the layers.
"""

from netviz.scene import ActsScene


class Connections(ActsScene):
    """Two of the edges out of an input, and then all edges of its layer."""

    length = 27.2
    acts = ("connections",)
    ends_whole = False
