"""The cost of a network: predictions against targets, squared, and their mean.

The idea: an error is the side of a square, and the cost is the area of the average square.
"""

from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from numpy.typing import ArrayLike

from netviz.acts.cost import Errors
from netviz.scene import ActsScene
from netviz.spec import TrainingSetup


class Cost(ActsScene):
    """The errors of a small network on its whole data set, before and during its training."""

    length = 39.1
    network = "xor"
    acts = ("cost",)

    @cached_property
    def training_setup(self) -> TrainingSetup:
        """The data and the training of the network, with all samples followed."""
        setup = super().training_setup
        return replace(setup, followed=len(setup.data))

    @property
    def results(self) -> Iterable[ArrayLike]:
        """The errors at every moment of the run, and the ends of the plot."""
        yield [0.0, 1.0]
        for moment in range(len(self.run)):
            errors = Errors.at(self, moment)
            yield from (errors.errors, errors.squares, errors.mean)
