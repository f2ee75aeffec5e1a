"""Recording a training run while it runs: of netviz, or a loop in another framework."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import TracebackType

from numpy.typing import ArrayLike

from netviz import interop
from netviz.core import Data, Loss, Network, Training
from netviz.core.data import as_data
from netviz.core.losses import as_loss
from netviz.core.training import check_fit
from netviz.problems import PartError, Problem, ProblemError, expect
from netviz.recording.recording import Recording, log_spaced

MOMENTS = 200
"""How many moments of a run are kept, if nothing else is asked for."""


@dataclass(frozen=True)
class Source:
    """The object that is trained.

    Attributes:
        now: Returns its current network.
        listen: Calls a function after each of its steps, and returns a function that ends this.
            None if steps cannot be observed.
        step: The number of steps taken so far.
    """

    now: Callable[[], Network]
    listen: Callable[[Callable[[], object]], Callable[[], None]] | None = None
    step: int = 0


@dataclass(frozen=True)
class Evaluation:
    """How the networks are evaluated: see ``record``."""

    data: Data
    loss: Loss
    samples: tuple[int, ...]
    validation: Data | None


@dataclass
class Schedule:
    """Which steps of a run are kept: a function of the first step and of ``keep`` only.

    At most twice ``keep`` are kept, however long the run is. When this number is reached, they are
    thinned, and the following ones are kept at increasing distances.

    Attributes:
        keep: How many are kept after thinning.
        steps: The steps kept so far, the first one always.
        growth: The ratio of the distances from the first step of two steps that follow each other.
    """

    keep: int
    steps: list[int]
    growth: float = 1.0

    @classmethod
    def until(cls, step: int, begun: int, keep: int) -> Schedule:
        """Return the schedule of a run that has taken the steps from ``begun`` to ``step``."""
        schedule = cls(keep, [begun])
        while schedule.following() <= step:
            schedule.take(schedule.following())
        return schedule

    def following(self) -> int:
        """Return the next step to keep."""
        begun, last = self.steps[0], self.steps[-1]
        return max(last + 1, begun + math.ceil(self.growth * (last - begun + 1)) - 1)

    def take(self, step: int) -> None:
        """Keep a step, and thin them if there are too many."""
        self.steps.append(step)
        if len(self.steps) >= 2 * self.keep:
            self.steps = [self.steps[place] for place in log_spaced(self.steps, self.keep)]
            self.growth = float(step - self.steps[0] + 1) ** (1.0 / self.keep)


class Recorder:
    """Keeps networks of a training run, and makes a `Recording` of them.

    Which ones it keeps does not depend on interruptions of the run: see `Schedule`.

    Attributes:
        step: The number of steps taken.
    """

    def __init__(
        self,
        source: Source,
        evaluation: Evaluation,
        keep: int,
        earlier: Sequence[tuple[int, Network]] = (),
    ) -> None:
        """Made by ``record``, which documents the arguments."""
        self.step = source.step
        self._source = source
        self._evaluation = evaluation
        begun = earlier[0][0] if earlier else source.step
        self._schedule = Schedule.until(source.step, begun, keep)
        kept = set(self._schedule.steps)
        self._networks = {step: network for step, network in earlier if step in kept}
        self._last: tuple[int, Network] | None = None
        self._stop: Callable[[], None] = lambda: None

    def __enter__(self) -> Recorder:
        """Keep the initial network, and observe the steps if this is possible."""
        if self._source.listen is not None:
            if not self._networks:
                self._networks[self.step] = self._now()
            self._stop = self._source.listen(self.add)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep the final network, also if the run was interrupted."""
        self._stop()
        # If the run itself has failed, its error is reported, not that its end cannot be kept.
        with suppress(*([ValueError] if error else [])):
            self._keep_last()

    def add(self) -> None:
        """Count a step. Call it if steps cannot be observed, for example after ``partial_fit``."""
        self.step += 1
        if not self._networks:
            self._schedule.steps = [self.step]
            self._networks[self.step] = self._now()
        elif self.step >= self._schedule.following():
            self._schedule.take(self.step)
            self._networks[self.step] = self._now()
            kept = self._schedule.steps
            self._networks = {step: self._networks[step] for step in kept if step in self._networks}

    @property
    def recording(self) -> Recording:
        """The recording of the run so far.

        Raises:
            ProblemError: Nothing was recorded.
        """
        return self.whole.thinned(self._schedule.keep)

    @property
    def whole(self) -> Recording:
        """The recording with all networks that are kept so far, from which a run can be resumed.

        Raises:
            ProblemError: Nothing was recorded.
        """
        self._keep_last()
        moments = list(self._networks.items())
        if self._last is not None:
            moments.append(self._last)
        evaluation = self._evaluation
        return Recording.of(
            moments,
            evaluation.data,
            evaluation.loss.name,
            evaluation.samples,
            evaluation.validation,
        )

    def _keep_last(self) -> None:
        """Keep the present network apart from the others: the next step may replace it."""
        if self.step in self._networks or not self._networks:
            self._last = None
        elif self._last is None or self._last[0] != self.step:
            self._last = self.step, self._now()

    def _now(self) -> Network:
        network = _with_output(self._source.now(), self._evaluation.loss)
        if not self._networks:  # now rather than after hours of training
            for part in (self._evaluation.data, self._evaluation.validation):
                if part is not None:
                    check_fit(network, part, self._evaluation.loss)
        return network


def record(
    source: object,
    data: Data | tuple[ArrayLike, ArrayLike] | None = None,
    *,
    loss: Loss | str | None = None,
    samples: Sequence[int] = (0,),
    validation: Data | tuple[ArrayLike, ArrayLike] | None = None,
    keep: int = MOMENTS,
    earlier: Recording | None = None,
) -> Recorder:
    """Record how a network is trained: ``with netviz.record(…) as recorder:`` around the loop.

    ``recorder.recording`` is the recording.

    Args:
        source: A run of ``netviz.train``, or a PyTorch model in a loop that calls ``step()`` of a
            ``torch.optim`` optimizer: both are recorded automatically. With any other model that
            ``netviz.load`` reads, call ``recorder.add()`` after each step. A model that ends in
            pre-activations, as required by PyTorch's CrossEntropyLoss and BCEWithLogitsLoss, is
            recorded with the softmax or sigmoid that its loss is joined to.
        data: The samples to evaluate each network on; by default those of the netviz run.
        loss: The loss, or its name; by default the loss of the netviz run.
        samples: The indices of the samples to show.
        validation: The validation data; by default those of the netviz run.
        keep: The largest number of moments to keep, evenly spaced on a log scale.
        earlier: The recording of the first part of a resumed run; its moments up to the step from
            which the run is resumed are kept.

    Raises:
        ProblemError: Data or loss are missing, the loss is unknown, there is no such sample, or
            ``keep`` is below 2.
        ModelError: The model cannot be read.

    Example:
        >>> network = netviz.Network.random([2, 3, 1], rng=0)
        >>> run = netviz.train(network, netviz.load_data("xor"), epochs=9, rng=0)
        >>> with netviz.record(run) as recorder:
        ...     for step in run:
        ...         pass
        >>> recorder.recording.steps
        array([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    """
    if isinstance(source, Training):
        plan = source.plan
        data, loss = plan.data if data is None else data, plan.loss if loss is None else loss
        validation = plan.validation if validation is None else validation
    if data is None or loss is None:
        missing, expected = ("data", "the training data") if data is None else ("loss", "a loss")
        raise ProblemError(Problem(missing, "is missing", f"{expected} to evaluate the model with"))
    expect("keep", keep, keep >= 2, "at least 2: the first and the last step are kept")
    evaluation = Evaluation(
        data=as_data(data),
        loss=as_loss(loss),
        samples=tuple(samples),
        validation=None if validation is None else as_data(validation),
    )
    for sample in evaluation.samples:
        if not 0 <= sample < len(evaluation.data):
            expected = f"indices from 0 to {len(evaluation.data) - 1}"
            raise PartError(Problem("samples", f"has {sample}", expected))
    origin = _source(source)
    before = [] if earlier is None else _moments(earlier, up_to=origin.step)
    return Recorder(origin, evaluation, keep, before)


def _moments(recording: Recording, up_to: int) -> list[tuple[int, Network]]:
    steps = [int(step) for step in recording.steps]
    return [(step, recording.network(i)) for i, step in enumerate(steps) if step <= up_to]


def _source(source: object) -> Source:
    if isinstance(source, Training):
        return Source(lambda: source.network, source.listen, source.step)
    load = partial(interop.load, source)
    packages = {str(kind.__module__).partition(".")[0] for kind in type(source).__mro__}
    if "torch" not in packages:
        return Source(load)
    return Source(load, partial(import_module("netviz.interop.torch").listen, source))


def _with_output(network: Network, loss: Loss) -> Network:
    """Return the network with the activation that its loss is joined to, if it ends in z."""
    *layers, last = network.layers
    if loss.joined is None or last.activation.name != "identity":
        return network
    return Network((*layers, last.with_activation(loss.joined.activation)), network.skips)
