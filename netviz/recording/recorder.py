"""Recording a run while it runs: netviz's own, or the user's loop in another framework."""

from __future__ import annotations

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
from netviz.recording.recording import Recording
from netviz.recording.thinning import log_spaced


@dataclass(frozen=True)
class Source:
    """What is being trained.

    Attributes:
        now: Gives its network as it is now.
        listen: Has something called after each of its steps, and gives what ends that; None where
            nothing tells of steps.
        step: How many steps it has taken before.
    """

    now: Callable[[], Network]
    listen: Callable[[Callable[[], object]], Callable[[], None]] | None = None
    step: int = 0


@dataclass(frozen=True)
class Judge:
    """What the networks are judged by: see ``record``."""

    data: Data
    loss: Loss
    samples: tuple[int, ...]
    validation: Data | None


class Recorder:
    """Keeps a network now and then, and at the end makes a `Recording` of them.

    At most twice ``keep`` networks are in memory, however long the run is. From when they are
    that many, they are thinned, and new ones kept at growing distances.

    Attributes:
        step: How many steps were taken.
    """

    def __init__(
        self, source: Source, judge: Judge, keep: int, earlier: Sequence[tuple[int, Network]] = ()
    ) -> None:
        """Made by ``record``, which tells what the arguments are."""
        self.step = source.step
        self._source = source
        self._judge = judge
        self._keep = keep
        self._growth = 1.0
        self._moments = list(earlier)
        self._begun = earlier[0][0] if earlier else source.step
        self._stop: Callable[[], None] = lambda: None

    def __enter__(self) -> Recorder:
        """Keep the network as it begins, and listen for steps where something tells of them."""
        if self._source.listen is not None:
            if not self._moments or self._moments[-1][0] < self.step:
                self._keep_now()
            self._stop = self._source.listen(self.add)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Keep the network as it ends, also when the run was interrupted."""
        self._stop()
        # Where the run itself has failed, that is to be told, not that its end cannot be kept.
        with suppress(*([ValueError] if error else [])):
            self._keep_last()

    def add(self) -> None:
        """A step was taken. To be called where nothing else tells: after ``partial_fit``, say."""
        self.step += 1
        begun = self._begun
        last = self._moments[-1][0] - begun if self._moments else -1
        if self.step - begun + 1 < self._growth * (last + 1):
            return
        self._keep_now()
        if len(self._moments) >= 2 * self._keep:
            chosen = log_spaced([step for step, _ in self._moments], self._keep)
            self._moments = [self._moments[place] for place in chosen]
            self._growth = float(self.step - begun + 1) ** (1.0 / self._keep)

    @property
    def recording(self) -> Recording:
        """What was recorded so far.

        Raises:
            ValueError: Nothing was.
        """
        self._keep_last()
        judge = self._judge
        whole = Recording.of(
            self._moments, judge.data, judge.loss.name, judge.samples, judge.validation
        )
        return whole.thinned(self._keep)

    def _keep_last(self) -> None:
        if self._moments and self._moments[-1][0] < self.step:
            self._keep_now()

    def _keep_now(self) -> None:
        network = _with_output(self._source.now(), self._judge.loss)
        if not self._moments:  # rather now than after hours of training
            for part in (self._judge.data, self._judge.validation):
                if part is not None:
                    check_fit(network, part, self._judge.loss)
        self._moments.append((self.step, network))


def record(
    source: object,
    data: Data | tuple[ArrayLike, ArrayLike] | None = None,
    *,
    loss: Loss | str | None = None,
    samples: Sequence[int] = (0,),
    validation: Data | tuple[ArrayLike, ArrayLike] | None = None,
    keep: int = 200,
    earlier: Recording | None = None,
) -> Recorder:
    """Record how a network is trained: ``with netviz.record(…) as recorder:`` around the loop.

    Afterwards ``recorder.recording`` has it.

    Args:
        source: What is trained. A run of ``netviz.train``, or a PyTorch model in a loop that
            calls ``step()`` of a ``torch.optim`` optimizer, is recorded by itself; with any other
            model that ``netviz.load`` reads, call ``recorder.add()`` after each step. A model
            that ends in bare z, as PyTorch's CrossEntropyLoss and BCEWithLogitsLoss want it, is
            recorded with the softmax or sigmoid that its loss is joined to.
        data: The samples to judge each network by; by default those of the netviz run.
        loss: How to judge, by name; by default the loss of the netviz run.
        samples: Which of the samples to follow forward and back.
        validation: Other samples to judge by; by default those of the netviz run.
        keep: At most how many moments to keep, evenly spaced on a log scale.
        earlier: What was recorded of a run that goes on now; its moments up to the step from
            which it goes on are kept.

    Raises:
        ValueError: Data or loss are missing, an unknown loss, no such sample, or ``keep`` is
            below 2.
        ModelError: The model cannot be shown.

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
        missing = "data" if data is None else "loss"
        raise ValueError(f"{missing} must be told, to judge the networks of a model by")
    if keep < 2:
        raise ValueError(f"keep must be at least 2, the first and the last; found {keep}")
    judge = Judge(
        data=as_data(data),
        loss=as_loss(loss),
        samples=tuple(samples),
        validation=None if validation is None else as_data(validation),
    )
    for sample in judge.samples:
        if not 0 <= sample < len(judge.data):
            raise ValueError(f"samples must lie in 0 … {len(judge.data) - 1}; found {sample}")
    origin = _source(source)
    before = [] if earlier is None else _moments(earlier, up_to=origin.step)
    return Recorder(origin, judge, keep, before)


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
    return Source(load, partial(import_module("netviz.interop.torch_recorder").listen, source))


def _with_output(network: Network, loss: Loss) -> Network:
    """The network with the activation that its loss is joined to, where it ends in bare z."""
    *layers, last = network.layers
    if loss.joined is None or last.activation.name != "identity":
        return network
    return Network((*layers, last.with_activation(loss.joined.activation)), network.skips)
