"""TrainingScene: a scene about a training run, recorded before or computed when it is shown."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import ClassVar, Self

import numpy as np

from netviz import memory
from netviz.core import OPTIMIZERS, Data, Network, Training, TrainingStep
from netviz.problems import Problem, ProblemError
from netviz.recording import Recording, record
from netviz.spec import Description, SceneDescription, TrainingSetup, describe
from netviz.staging.network_scene import NetworkScene
from netviz.theme import Theme
from netviz.words import Words

# Moments of a run that are shown: enough to look smooth, few enough to draw quickly.
MOMENTS = 60
# Epochs of a network whose file defines no training data.
_EPOCHS = 100


def setup_of(example: Description) -> TrainingSetup:
    """Return data and settings of a training: those of the network file, or its one sample."""
    return example.training_setup or TrainingSetup(
        data=Data(example.input[np.newaxis], example.target[np.newaxis], name=example.name),
        validation=None,
        followed=1,
        optimizer=OPTIMIZERS["sgd"].with_settings(learning_rate=example.learning_rate),
        epochs=_EPOCHS,
        batch_size=None,
        seed=0,
    )


def with_followed(example: Description) -> Description:
    """Return a network with the first sample that its training follows."""
    if example.training_setup is None:
        return example
    seen, measured = example.training_setup.sample()
    return replace(example, input=seen.inputs[0], target=seen.targets[0], measured=measured)


def run_of(
    example: Description,
    setup: TrainingSetup,
    steps: Callable[[Training], Iterable[TrainingStep]],
) -> Recording:
    """Train a network, and return the run at moments evenly spaced on a logarithmic scale.

    Args:
        example: The network.
        setup: Data and settings.
        steps: Yields the steps of the run.
    """
    training = setup.training(example.network, example.loss)
    keep = min(MOMENTS, memory.moments(training.network.weight_count))
    with record(training, samples=range(setup.followed), keep=keep) as recorder:
        for _ in steps(training):
            pass
    return recorder.recording


class TrainingScene(NetworkScene):
    """A scene about a training run.

    Attributes:
        recording: The run that is shown. By default the network is trained on the data of its
            file, from the seeds of the file, when the run is first needed. A network without data
            is trained on its one sample.

    Example:
        >>> class Xor(TrainingScene):
        ...     network = "xor"
        ...     def construct(self):
        ...         self.add(self.diagram.set_weights(self.run.network(-1)))
        >>> float(Xor().run.accuracies[-1])
        1.0
    """

    recording: ClassVar[Recording | None] = None

    @classmethod
    def configured(
        cls,
        *,
        network: Description | Network | str | None = None,
        theme: Theme | str | None = None,
        language: Words | str | None = None,
        options: Mapping[str, object] | None = None,
        file: SceneDescription | None = None,
        recording: Recording | None = None,
    ) -> type[Self]:
        """Return this scene class with other defaults: manim makes a scene from a class.

        Raises:
            ProblemError: There is no such theme, language or option.
        """
        return cls._with(
            network=network,
            theme=theme,
            language=language,
            options=options,
            file=file,
            recording=recording,
        )

    @cached_property
    def example(self) -> Description:
        """The network before its training, and the first of the samples that are followed.

        With a recording, both are those of the recording; theme, language and film are those of
        the network file.
        """
        file, recording = super().example, self.recording
        if recording is None:
            return with_followed(file)
        if not len(recording.sample_inputs):
            raise ProblemError(Problem("the recording", "follows no sample", "at least one"))
        recorded = describe(
            recording.network(0),
            input=recording.sample_inputs[0],
            target=recording.sample_targets[0],
            loss=recording.loss,
            name=recording.data.name,
        ).of(recording.data)
        fits = recorded.network.sizes == file.network.sizes
        return replace(
            recorded,
            theme=file.theme,
            language=file.language,
            style=file.style if fits else {},
            film=file.film,
        )

    @cached_property
    def training_setup(self) -> TrainingSetup:
        """Data and settings of the training: those of the network file, or its one sample."""
        return setup_of(self.example)

    @property
    def data(self) -> Data:
        """The training data of the run."""
        return self.training_setup.data if self.recording is None else self.recording.data

    def continue_with(self, network: Network) -> None:
        """Explain another network from now on; the next run begins with it."""
        super().continue_with(network)
        self.__dict__.pop("run", None)

    @cached_property
    def run(self) -> Recording:
        """The run, at moments that are evenly spaced on a logarithmic scale of steps."""
        if self.recording is not None:
            return self.recording.thinned(MOMENTS)
        return run_of(self.example, self.training_setup, self.counted)
