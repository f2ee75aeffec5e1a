"""Training runs that write files, and can be resumed from them after an interruption."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from netviz import archive, interop, memory
from netviz.archive import ArchiveError
from netviz.core import Checkpoint, Training
from netviz.core.arrays import checked
from netviz.core.training import Best
from netviz.problems import Problem, ProblemError, expect
from netviz.recording.recorder import MOMENTS, Recorder, record
from netviz.recording.recording import Recording

KIND = "netviz checkpoint 1"

CHECKPOINT_INTERVAL = 10.0
"""Seconds from one checkpoint to the next."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Files:
    """The files that a run writes.

    Attributes:
        network: The trained network, a ``.npz`` or ``.safetensors``.
    """

    network: Path

    @property
    def recording(self) -> Path:
        """The recording, in the same folder: ``trained.recording.npz``."""
        return self.network.with_suffix(".recording.npz")

    @property
    def checkpoint(self) -> Path:
        """The state of the run, until it has ended: ``trained.checkpoint.npz``."""
        return self.network.with_suffix(".checkpoint.npz")

    def forget(self) -> None:
        """Delete the checkpoint: the next run starts from the beginning."""
        self.checkpoint.unlink(missing_ok=True)


def run(
    start: Callable[[Checkpoint | None], Training],
    files: Files,
    *,
    followed: int = 1,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Recording | None:
    """Train to the end, or until the run is stopped.

    The network that is written is that of the last step; with early stopping, the best one.

    Whenever it stops, its checkpoint and its recording are written, and the next call resumes the
    run from them. The checkpoint stays until ``files.forget()``.

    Args:
        start: Starts the run, or resumes it from a checkpoint.
        files: The files to write.
        followed: The number of samples to show, from the beginning of the data.
        progress: Called with (steps taken, steps in total) after each epoch.
        stop: Called after each step; the run stops if it returns True.

    Returns:
        The whole recording, or None if the run was stopped.

    Raises:
        ProblemError: The checkpoint belongs to another run, or the run diverged.
        ArchiveError, ModelError: A file cannot be read or written.
        OSError: A file cannot be written.
    """
    training, earlier = _begun(start, files)
    samples = range(min(followed, len(training.plan.data)))
    keep = min(MOMENTS, memory.moments(training.network.weight_count))
    recorder = record(training, samples=samples, earlier=earlier, keep=keep)
    saved = time.monotonic()
    with recorder:
        for _ in training:
            if stop():
                break
            if training.step % training.plan.steps_per_epoch:
                continue
            if progress is not None:
                progress(training.step, len(training))
            if time.monotonic() - saved > CHECKPOINT_INTERVAL:
                _save(training, recorder, files)
                saved = time.monotonic()
    recording = _save(training, recorder, files)
    if not training.ended:
        return None
    interop.save(training.best, files.network)
    return recording


def _begun(
    start: Callable[[Checkpoint | None], Training], files: Files
) -> tuple[Training, Recording | None]:
    """Return the run, and the recording of its earlier part."""
    anew = start(None)
    if not files.checkpoint.exists():
        return anew, None
    checkpoint = load_checkpoint(files.checkpoint)
    earlier = Recording.load(files.recording) if files.recording.exists() else None
    try:
        _check_same(anew, checkpoint, earlier)
        return start(checkpoint), earlier
    except ProblemError as error:
        hint = "remove the file to start a new run"
        problems = (replace(problem, hint=hint) for problem in error.problems)
        raise ProblemError(*problems, source=files.checkpoint) from error


def _check_same(anew: Training, checkpoint: Checkpoint, earlier: Recording | None) -> None:
    """Check seed and initial network. ``train`` checks the rest."""
    where, found = "the checkpoint", "belongs to another run"
    if anew.plan.seed != checkpoint.seed:
        raise ProblemError(Problem(where, found, "the same seed"))
    if earlier is not None and earlier.steps[0] == 0 and earlier.network(0) != anew.network:
        raise ProblemError(Problem(where, found, "the same initial network"))


def _save(training: Training, recorder: Recorder, files: Files) -> Recording:
    """Write the recording, then the checkpoint: later moments are dropped when a run is resumed."""
    ended = training.step >= len(training)
    recording = recorder.recording if ended else recorder.whole
    recording.save(files.recording)
    save_checkpoint(training.checkpoint, files.checkpoint)
    return recording


def save_checkpoint(checkpoint: Checkpoint, path: str | Path) -> None:
    """Write a checkpoint. An existing file is replaced when the new one is complete.

    Raises:
        ArchiveError: The name of the file does not end in .npz.
        OSError: The file cannot be written.

    Example:
        >>> network, xor = netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor")
        >>> run = netviz.train(network, xor, rng=0)
        >>> step = next(run)
        >>> netviz.save_checkpoint(run.checkpoint, "run.npz")
        >>> netviz.load_checkpoint("run.npz").step
        1
    """
    memory = {f"memory{place}": vector for place, vector in enumerate(checkpoint.memory)}
    texts = {"kind": KIND, "plan": json.dumps(checkpoint.plan), "seed": str(checkpoint.seed)}
    numbers = {"step": checkpoint.step, "parameters": checkpoint.parameters}
    best = checkpoint.best
    found = {f"best.{name}": value for name, value in vars(best).items()} if best else {}
    archive.write(path, {**texts, **numbers, **memory, **found})


def load_checkpoint(path: str | Path) -> Checkpoint:
    """Read a checkpoint.

    Raises:
        ArchiveError: The file cannot be read, or is not a checkpoint.

    Example:
        >>> network, xor = netviz.Network.random([2, 3, 1], rng=0), netviz.load_data("xor")
        >>> run = netviz.train(network, xor, rng=0)
        >>> netviz.save_checkpoint(run.checkpoint, "run.npz")
        >>> netviz.load_checkpoint("run.npz").seed == run.checkpoint.seed
        True
    """
    arrays = archive.read(path)
    archive.check_kind(path, arrays, KIND)
    try:
        count = sum(name.startswith("memory") for name in arrays)
        plan, seed = json.loads(str(arrays["plan"])), int(str(arrays["seed"]))
        expect("the plan", plan, isinstance(plan, dict), "the constants of a run")
        expect("the seed", seed, seed >= 0, "a number from 0 on")
        return Checkpoint(
            step=int(arrays["step"]),
            seed=seed,
            parameters=checked(arrays["parameters"], "parameters"),
            memory=tuple(
                checked(arrays[f"memory{place}"], f"memory{place}") for place in range(count)
            ),
            plan=plan,
            best=_best(arrays) if "best.epoch" in arrays else None,
        )
    except (KeyError, TypeError, ValueError, OverflowError) as error:
        problem = Problem("the checkpoint", f"is broken ({error!r})")
        raise ArchiveError(problem, source=path) from error


def _best(arrays: dict[str, NDArray[Any]]) -> Best:
    return Best(int(arrays["best.epoch"]), float(arrays["best.loss"]), arrays["best.parameters"])
