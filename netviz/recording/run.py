"""A training run that leaves files, and goes on from them when it was interrupted."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from netviz import interop
from netviz.core import Checkpoint, Training
from netviz.recording.checkpoints import load_checkpoint, save_checkpoint
from netviz.recording.recorder import Recorder, record
from netviz.recording.recording import Recording

# Seconds from one checkpoint to the next: what a loss of power costs at most.
EVERY = 10.0

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Files:
    """Where a run leaves what it made.

    Attributes:
        network: The trained network, a ``.npz`` or ``.safetensors``.
    """

    network: Path

    @property
    def recording(self) -> Path:
        """The recording, beside the network: ``trained.recording.npz``."""
        return self.network.with_suffix(".recording.npz")

    @property
    def checkpoint(self) -> Path:
        """Where the run is, until it has ended: ``trained.checkpoint.npz``."""
        return self.network.with_suffix(".checkpoint.npz")

    def forget(self) -> None:
        """Take the checkpoint away: whoever comes next begins anew."""
        self.checkpoint.unlink(missing_ok=True)


def run(
    start: Callable[[Checkpoint | None], Training],
    files: Files,
    *,
    followed: int = 1,
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Recording | None:
    """Train to the end, or to where the run is told to stop.

    Whenever it stops, its checkpoint and its recording are there, and the next call goes on from
    them. The checkpoint stays until ``files.forget()``.

    Args:
        start: Begins the run, or goes on from a checkpoint.
        files: What is written.
        followed: How many of the first samples of the data to follow.
        progress: Is told (steps done, steps in all) after each epoch.
        stop: Is asked after each step.

    Returns:
        The whole recording; None where the run was stopped.

    Raises:
        ValueError: The checkpoint is of another run, or the numbers grew beyond all bounds.
        ArchiveError, ModelError: A file cannot be read or written.
        OSError: A file cannot be written.
    """
    training, earlier = _begun(start, files)
    samples = range(min(followed, len(training.plan.data)))
    recorder = record(training, samples=samples, earlier=earlier)
    saved = time.monotonic()
    with recorder:
        for _ in training:
            if stop():
                break
            if training.step % training.plan.steps_per_epoch:
                continue
            if progress is not None:
                progress(training.step, len(training))
            if time.monotonic() - saved > EVERY:
                _save(training, recorder, files)
                saved = time.monotonic()
    recording = _save(training, recorder, files)
    if training.step < len(training):
        return None
    interop.save(training.network, files.network)
    return recording


def _begun(
    start: Callable[[Checkpoint | None], Training], files: Files
) -> tuple[Training, Recording | None]:
    """The run, and what was recorded of it before."""
    anew = start(None)
    if not files.checkpoint.exists():
        return anew, None
    checkpoint = load_checkpoint(files.checkpoint)
    earlier = Recording.load(files.recording) if files.recording.exists() else None
    try:
        _check_same(anew, checkpoint, earlier)
        return start(checkpoint), earlier
    except ValueError as error:
        raise ValueError(
            f"{files.checkpoint}: {error}; expected the run that was interrupted, "
            "or that file removed to begin anew"
        ) from error


def _check_same(anew: Training, checkpoint: Checkpoint, earlier: Recording | None) -> None:
    """The seeds are those of the run before; the rest of the plan is checked by ``train``."""
    if anew.plan.seed != checkpoint.seed:
        raise ValueError("the checkpoint is of another run: its seed was another")
    if earlier is not None and earlier.steps[0] == 0 and earlier.network(0) != anew.network:
        raise ValueError("the checkpoint is of another run: its first weights were others")


def _save(training: Training, recorder: Recorder, files: Files) -> Recording:
    """The recording first: what it holds beyond the checkpoint is left out when a run goes on."""
    recording = recorder.recording
    recording.save(files.recording)
    save_checkpoint(training.checkpoint, files.checkpoint)
    return recording
