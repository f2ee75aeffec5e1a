"""Prediction against target, the blame of the outputs, and how it splits and adds up."""

from netviz.scene import ActsScene


class BackwardPassScene(ActsScene):
    """The backward pass over a network that has made its prediction."""

    length = 67.5
    acts = ("loss", "blame", "shares")
