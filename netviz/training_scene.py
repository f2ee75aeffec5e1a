"""TrainingScene: a scene about a training run, recorded elsewhere or taken when it is shown."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from netviz.core import OPTIMIZERS, Data, Network
from netviz.recording import Recording, record
from netviz.scene import NetworkScene
from netviz.spec import Description, TrainingSetup, describe
from netviz.theme import Theme

# How many moments of a run are shown: enough to look smooth, few enough to draw quickly.
MOMENTS = 60
_EPOCHS = 100


class TrainingScene(NetworkScene):
    """A scene about a training run.

    Attributes:
        recording: What is shown; without one, the network is trained on the data of its file, in
            an instant and from the seeds of the file. A network without data learns its sample.
    """

    recording: ClassVar[Recording | None] = None

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | None = None,
        language: str | None = None,
        recording: Recording | None = None,
    ) -> type[NetworkScene]:
        """This scene with other defaults, as a class: manim makes the scene from it."""
        return cls._with(network=network, theme=theme, language=language, recording=recording)

    @cached_property
    def example(self) -> Description:
        """The network before its training, and the first sample that is followed.

        Of a recording these are its own, shown as the network file tells.
        """
        file, told = super().example, self.recording
        if told is None:
            return file
        recorded = describe(
            told.network(0),
            input=told.sample_inputs[0],
            target=told.sample_targets[0],
            loss=told.loss,
            name=told.data.name,
        )
        fits = recorded.network.sizes == file.network.sizes
        return replace(
            recorded,
            theme=file.theme,
            language=file.language,
            options=file.options if fits else {},
            film=file.film,
        )

    @cached_property
    def training_setup(self) -> TrainingSetup:
        """What is trained on: the data of the network file, or else its one sample."""
        example = self.example
        return example.training_setup or TrainingSetup(
            data=Data(example.input[np.newaxis], example.target[np.newaxis], name=example.name),
            validation=None,
            followed=1,
            optimizer=OPTIMIZERS["sgd"].with_settings(learning_rate=example.learning_rate),
            epochs=_EPOCHS,
            batch_size=None,
            seed=0,
        )

    def go_on_with(self, network: Network) -> None:
        """From here on the scene is about another network, and about a run that begins with it."""
        super().go_on_with(network)
        self.__dict__.pop("run", None)

    @cached_property
    def run(self) -> Recording:
        """The moments that are shown, evenly spaced on a log scale of steps."""
        if self.recording is not None:
            return self.recording.thinned(MOMENTS)
        training = self.training_setup.training(self.example.network, self.example.loss)
        followed = range(self.training_setup.followed)
        with record(training, samples=followed, keep=MOMENTS) as recorder:
            for _ in training:
                pass
        return recorder.recording
