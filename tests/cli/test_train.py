"""``netviz train``: what it prints and writes, interrupted or not."""

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
NETWORK = """
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
def in_folder_with_network_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.toml").write_text(NETWORK)


def made() -> set[str]:
    return {str(path) for path in Path().rglob("*") if path.is_file()} - {"net.toml"}


def test_it_writes_network_and_recording_and_prints_the_result(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["train", "net.toml"]) == 0
    assert made() == {"net.npz", "net.recording.npz"}
    recording = Recording.load("net.recording.npz")
    assert netviz.load("net.npz") == recording.network(-1)
    loss, share = recording.losses[-1], recording.accuracies[-1]
    expected = f"net.npz  20 steps  loss {loss:.4g}  accuracy {100 * share:.1f} %\n"
    assert capsys.readouterr().out == expected


def test_validation_results_are_printed_too(capsys: pytest.CaptureFixture[str]) -> None:
    Path("net.toml").write_text(NETWORK.replace('"xor"', '"xor"\nvalidation = 0.25'))
    assert main(["train", "net.toml", "-o", "new/x.safetensors"]) == 0
    assert made() == {"new/x.safetensors", "new/x.recording.npz"}
    out = capsys.readouterr().out
    assert "  validation loss " in out
    assert out.endswith(" %\n")


def test_the_film_can_be_made_at_once_or_later(capsys: pytest.CaptureFixture[str]) -> None:
    small = ["--width", "96", "--theme", "light", "--lang", "ko"]
    assert main(["train", "net.toml", "-o", "x.npz", "--clip", "clip.png", *small]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("clip.png  96×54  ")
    assert made() == {"x.npz", "x.recording.npz", "clip.png", "clip.txt"}
    later = ["render", "training", "--recording", "x.recording.npz", "-o", "later.png", *small]
    assert main(later) == 0
    assert Path("later.png").read_bytes() == Path("clip.png").read_bytes()


def test_the_film_has_the_labels_and_acts_of_the_file() -> None:
    tables = (
        '[labels]\nnames = ["bits", "middle", "xor"]\n[scene]\nacts = ["opening", "training"]\n'
    )
    Path("net.toml").write_text(NETWORK + tables)
    small = ["--width", "96"]
    assert main(["train", "net.toml", "-o", "x.npz", "--clip", "clip.svg", *small]) == 0
    assert (
        main(["render", "net.toml", "--recording", "x.recording.npz", "-o", "later.svg", *small])
        == 0
    )
    for name in ("clip.svg", "later.svg"):
        assert "middle" in Path(name).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["train", "missing.toml"], "missing.toml: the file does not exist"),
        (["train", "3-2"], "3-2 defines no training data: expected a table [data]"),
        (["train", "net.toml", "-o", "x.pt"], "x.pt: the suffix is '.pt': expected '.npz' or"),
        (
            ["train", "net.toml", "-o", "net.toml/x.npz"],
            "net.toml/x.npz cannot be written (",
        ),
        (["train", "net.toml", "--clip", "x.avi"], "x.avi has suffix '.avi': expected one of"),
        (["train", "net.toml", "--theme", "dim"], "--theme is 'dim': expected one of dark, light"),
        (["train", "wild.toml"], "training diverged in step "),
        (["render", "training", "--recording", "no.npz"], "no.npz: the file does not exist"),
        (["render", "training", "--recording", "net.toml"], "net.toml: the file cannot be"),
        (["render", "loop", "--recording", "whole.npz"], "Loop shows no recording: expected the"),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = NETWORK.replace("adam", "sgd").replace("0.05", "1e9").replace("sigmoid", "identity")
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


def test_without_scikit_learn_the_error_names_the_extra_to_install(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.delitem(sys.modules, "netviz.datasets.scikit", raising=False)
    for arguments in (["train", "iris"], *(["render", scene] for scene in NEEDS_SKLEARN)):
        assert main(arguments) == 2
        said = capsys.readouterr().err
        assert said.endswith(
            "scikit-learn is not installed; run pip install 'manim-netviz[sklearn]'\n"
        )
        assert said.count("\n") == 1
    assert made() == set()


def test_an_interrupted_run_can_be_continued() -> None:
    long = NETWORK.replace("epochs = 20", "epochs = 30000\nbatch_size = 1")
    Path("net.toml").write_text(long)
    command = [sys.executable, "-m", "netviz", "train", "net.toml"]
    folder = str(Path(netviz.__file__).parents[1])
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": folder, "TMPDIR": "."}
    )
    # CPU time of the process: on a busy machine a second may pass before it has begun.
    while psutil.Process(process.pid).cpu_times().user < 1.5:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == cli.INTERRUPTED
    said = "netviz: interrupted; the same command continues from net.checkpoint.npz"
    assert errors.decode() == f"{said}\n"
    assert made() == {"net.checkpoint.npz", "net.recording.npz"}
    steps = netviz.load_checkpoint("net.checkpoint.npz").step
    assert 0 < steps < 120_000
    # Fewer epochs than before: the run continues and ends soon.
    epochs = steps // 4 + 10
    Path("net.toml").write_text(long.replace("30000", str(epochs)))
    assert main(["train", "net.toml", "--quiet"]) == 0
    recording = Recording.load("net.recording.npz")
    assert (recording.steps[0], recording.steps[-1]) == (0, 4 * epochs)
    assert made() == {"net.npz", "net.recording.npz"}
    assert np.isfinite(recording.losses).all()
