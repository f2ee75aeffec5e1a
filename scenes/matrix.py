"""A layer as one product of matrices: W @ x + b = z, with its shapes.

The idea: the weights leave the edges of a neuron and become its row of the matrix.
"""

from netviz.scene import ActsScene


class Matrix(ActsScene):
    """The sums of the first hidden layer as a product, one row of it in full."""

    length = 41.5
    acts = ("matrix",)
    ends_whole = False
