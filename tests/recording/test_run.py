"""A run that writes files: to the end, interrupted, and after another run."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import numpy as np
import pytest

import netviz
from netviz import Data, Network, Training, archive, train
from netviz.core import Checkpoint
from netviz.problems import ProblemError
from netviz.recording import Files, Recording, load_checkpoint, run, save_checkpoint

DATA = Data(np.linspace(-1, 1, 12).reshape(6, 2), np.eye(2)[[0, 0, 0, 1, 1, 1]])


def start(resume: Checkpoint | None = None, *, seed: int = 0, rng: int = 3) -> Training:
    network = Network.random((2, 3, 2), ["tanh", "softmax"], rng=rng)
    return train(
        network,
        DATA,
        loss="cross_entropy",
        optimizer="adam",
        epochs=15,
        batch_size=4,
        rng=seed,
        resume=resume,
    )


def after(steps: int):  # type: ignore[no-untyped-def]
    """Return a function that says to stop after a number of steps."""
    asked = count(1)
    return lambda: next(asked) >= steps


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_run_writes_network_recording_and_checkpoint(tmp_path: Path) -> None:
    files, reports = Files(tmp_path / "x.npz"), []
    recording = run(start, files, followed=2, progress=lambda *at: reports.append(at))
    assert recording is not None
    assert names(tmp_path) == {"x.npz", "x.recording.npz", "x.checkpoint.npz"}
    *_, last = start()
    assert netviz.load(files.network) == last.network == recording.network(-1)
    assert len(recording.sample_inputs) == 2
    assert reports == [(2 * epoch, 30) for epoch in range(1, 16)]
    np.testing.assert_array_equal(Recording.load(files.recording).losses, recording.losses)
    files.forget()
    assert names(tmp_path) == {"x.npz", "x.recording.npz"}


@pytest.mark.parametrize("steps", [1, 2, 13, 29])
def test_a_resumed_run_equals_an_uninterrupted_one(tmp_path: Path, steps: int) -> None:
    whole = run(start, Files(tmp_path / "whole.npz"))
    files = Files(tmp_path / "parts.npz")
    assert run(start, files, stop=after(steps)) is None
    assert not files.network.exists()
    assert Recording.load(files.recording).steps[-1] == steps
    joined = run(start, files)
    assert whole is not None
    assert joined is not None
    np.testing.assert_array_equal(joined.steps, whole.steps)
    np.testing.assert_array_equal(joined.losses, whole.losses)
    assert netviz.load(files.network) == whole.network(-1)


def test_early_stopping_writes_the_best_network(tmp_path: Path) -> None:
    def begin(resume: Checkpoint | None = None) -> Training:
        network = Network.random((2, 8, 2), ["tanh", "softmax"], rng=3)
        noisy = Data(-DATA.inputs, DATA.targets)  # fitting one of them makes the other worse
        options = {"learning_rate": 0.2, "epochs": 40, "validation": noisy, "patience": 3}
        return train(network, DATA, loss="cross_entropy", rng=0, resume=resume, **options)

    whole = begin()
    for _ in whole:
        pass
    assert whole.step < 40
    assert whole.best != whole.network
    files = Files(tmp_path / "x.npz")
    assert run(begin, files, stop=after(whole.step - 1)) is None
    recording = run(begin, files)
    assert recording is not None
    assert netviz.load(files.network) == whole.best
    assert recording.network(-1) == whole.network


def test_a_finished_run_is_not_trained_again(tmp_path: Path) -> None:
    files, reports = Files(tmp_path / "x.npz"), []
    first = run(start, files)
    again = run(start, files, progress=lambda *at: reports.append(at))
    assert first is not None
    assert again is not None
    assert not reports
    assert again.network(-1) == first.network(-1)


@pytest.mark.parametrize("other", [{"seed": 1}, {"rng": 4}])
def test_the_checkpoint_of_another_run_is_refused(tmp_path: Path, other: dict[str, int]) -> None:
    files = Files(tmp_path / "x.npz")
    run(start, files, stop=after(5))
    with pytest.raises(
        ValueError, match=r"x\.checkpoint\.npz: the checkpoint belongs to another run: .*remove"
    ):
        run(lambda resume: start(resume, **other), files)


def test_without_its_recording_a_resumed_run_is_recorded_from_its_first_step(
    tmp_path: Path,
) -> None:
    files = Files(tmp_path / "x.npz")
    run(start, files, stop=after(5))
    files.recording.unlink()
    recording = run(start, files)
    assert recording is not None
    assert recording.steps[0] == 5


def test_moments_after_the_checkpoint_are_dropped(tmp_path: Path) -> None:
    files, later = Files(tmp_path / "x.npz"), Files(tmp_path / "y.npz")
    run(start, files, stop=after(6))
    run(start, later, stop=after(9))
    later.recording.replace(files.recording)  # as if power was lost between the two files
    recording, whole = run(start, files), run(start, Files(tmp_path / "z.npz"))
    assert recording is not None
    assert whole is not None
    np.testing.assert_array_equal(recording.steps, whole.steps)
    np.testing.assert_array_equal(recording.losses, whole.losses)


@pytest.mark.parametrize("name", ["kind", "plan", "seed", "step", "parameters", "memory0"])
@pytest.mark.parametrize(
    "value",
    [
        *(np.array("zz"), np.zeros(0), np.ones((4, 4, 4)), np.array("[]"), np.array(-5)),
        *(np.array(np.inf), np.array(["a", "b"])),
    ],
    ids=str,
)
def test_a_corrupt_checkpoint_is_refused_in_a_sentence(
    name: str, value: object, tmp_path: Path
) -> None:
    begun = start()
    next(begun)
    save_checkpoint(begun.checkpoint, tmp_path / "good.npz")
    arrays = archive.read(tmp_path / "good.npz")
    np.savez(tmp_path / "bad.npz", **(arrays | {name: np.asarray(value)}))
    with pytest.raises(ProblemError, match=r"^.*\Z"):  # one line
        list(start(load_checkpoint(tmp_path / "bad.npz")))
