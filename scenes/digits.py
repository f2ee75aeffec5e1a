"""Handwritten digits: forward and back for one that is read right and one that is not."""

from collections.abc import Mapping
from typing import Any, ClassVar

from netviz.scene import ActsScene


class Digits(ActsScene):
    """A 64-16-10 network, trained on 8 × 8 pixels; needs the extra ``sklearn``."""

    length = 39.7
    network = "digits"
    # Every pixel is a neuron.
    style: ClassVar[Mapping[str, Any]] = {"max_neurons": None}
    acts = ("pixels", "read", "misread")
