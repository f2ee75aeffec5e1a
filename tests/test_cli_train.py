"""netviz train as a person meets it: what it says and leaves, interrupted or not."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

import netviz
from netviz import cli
from netviz.cli import main
from netviz.recording import Recording

NEEDS_SKLEARN = ("iris", "digits")
LESSON = """
[network]
layers = [2, 3, 1]
activation = ["tanh", "sigmoid"]
[loss]
name = "binary_cross_entropy"
[data]
source = "xor"
[training]
optimizer = "adam"
learning_rate = 0.05
epochs = 20
"""


@pytest.fixture(autouse=True)
def lesson(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("lesson.toml").write_text(LESSON)


def made() -> set[str]:
    return {str(path) for path in Path().rglob("*") if path.is_file()} - {"lesson.toml"}


def test_it_leaves_network_and_recording_and_tells_the_numbers(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["train", "lesson.toml"]) == 0
    assert made() == {"lesson.npz", "lesson.recording.npz"}
    recording = Recording.load("lesson.recording.npz")
    assert netviz.load("lesson.npz") == recording.network(-1)
    loss, share = recording.losses[-1], recording.accuracies[-1]
    expected = f"lesson.npz  20 steps  loss {loss:.4g}  accuracy {100 * share:.1f} %\n"
    assert capsys.readouterr().out == expected


def test_validation_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("lesson.toml").write_text(LESSON.replace('"xor"', '"xor"\nvalidation = 0.25'))
    assert main(["train", "lesson.toml", "-o", "new/x.safetensors"]) == 0
    assert made() == {"new/x.safetensors", "new/x.recording.npz"}
    out = capsys.readouterr().out
    assert "  validation loss " in out
    assert out.endswith(" %\n")


def test_the_run_is_shown_at_once_or_later(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--width", "96", "--theme", "light", "--lang", "ko"]
    assert main(["train", "lesson.toml", "-o", "x.npz", "--clip", "clip.png", *small]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("clip.png  96×54  ")
    assert made() == {"x.npz", "x.recording.npz", "clip.png"}
    later = ["render", "training", "--recording", "x.recording.npz", "-o", "later.png", *small]
    assert main(later) == 0
    assert Path("later.png").read_bytes() == Path("clip.png").read_bytes()


def test_the_run_is_shown_as_its_file_tells() -> None:
    told = '[labels]\nnames = ["bits", "middle", "xor"]\n[scene]\nacts = ["opening", "training"]\n'
    Path("lesson.toml").write_text(LESSON + told)
    small = ["--width", "96"]
    assert main(["train", "lesson.toml", "-o", "x.npz", "--clip", "clip.svg", *small]) == 0
    assert (
        main(["render", "lesson.toml", "--recording", "x.recording.npz", "-o", "later.svg", *small])
        == 0
    )
    for name in ("clip.svg", "later.svg"):
        assert "middle" in Path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "missing.toml"], "missing.toml: the file is missing"),
        (["train", "3-2"], "3-2 tells no data to train on, expected a table [data]"),
        (["train", "lesson.toml", "-o", "x.pt"], "x.pt is no file that can be written"),
        (
            ["train", "lesson.toml", "-o", "lesson.toml/x.npz"],
            "lesson.toml/x.npz cannot be written (",
        ),
        (["train", "lesson.toml", "--clip", "x.avi"], "x.avi has suffix '.avi': expected one of"),
        (["train", "lesson.toml", "--theme", "dim"], "Invalid value for '--theme': 'dim'"),
        (["train", "wild.toml"], "training diverged in step "),
        (["render", "training", "--recording", "no.npz"], "no.npz: the file is missing"),
        (["render", "training", "--recording", "lesson.toml"], "lesson.toml: the file cannot be"),
        (["render", "loop", "--recording", "whole.npz"], "Loop shows no recording: expected the"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = LESSON.replace("adam", "sgd").replace("0.05", "1e9").replace("sigmoid", "identity")
    text = text.replace("tanh", "identity").replace("binary_cross_entropy", "mse")
    Path("wild.toml").write_text(text)
    netviz.Recording.of(
        [(0, netviz.Network.random((2, 1), rng=0))], netviz.load_data("xor"), "mse", [0]
    ).save("whole.npz")
    before = made()
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.startswith("netviz: ")
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert made() == before


def test_without_scikit_learn_its_data_are_refused_with_the_extra_that_brings_them(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "netviz.datasets.scikit", raising=False)
    for arguments in (["train", "iris"], *(["render", scene] for scene in NEEDS_SKLEARN)):
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert said.endswith(
            "scikit-learn is not installed, expected pip install 'manim-netviz[sklearn]'\n"
        )
        assert said.count("\n") == 1
    assert made() == set()


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_says_so_and_goes_on(kind: signal.Signals) -> None:
    long = LESSON.replace("epochs = 20", "epochs = 30000\nbatch_size = 1")
    Path("lesson.toml").write_text(long)
    command = [sys.executable, "-m", "netviz", "train", "lesson.toml"]
    folder = str(Path(netviz.__file__).parents[1])
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": folder, "TMPDIR": "."}
    )
    # By its own clock: on a busy machine a second of ours may pass before it has begun.
    while psutil.Process(process.pid).cpu_times().user < 1.5:
        time.sleep(0.05)
    process.send_signal(kind)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == cli.INTERRUPTED
    said = "netviz: stopped; lesson.checkpoint.npz is kept, and the same command goes on from there"
    assert errors.decode() == f"{said}\n"
    assert made() == {"lesson.checkpoint.npz", "lesson.recording.npz"}
    steps = netviz.load_checkpoint("lesson.checkpoint.npz").step
    assert 0 < steps < 120_000
    # Fewer epochs than were asked for at first: the run goes on, and ends soon.
    epochs = steps // 4 + 10
    Path("lesson.toml").write_text(long.replace("30000", str(epochs)))
    assert main(["train", "lesson.toml", "--quiet"]) == 0
    recording = Recording.load("lesson.recording.npz")
    assert (recording.steps[0], recording.steps[-1]) == (0, 4 * epochs)
    assert made() == {"lesson.npz", "lesson.recording.npz"}
    assert np.isfinite(recording.losses).all()
