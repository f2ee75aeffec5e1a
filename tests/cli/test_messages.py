"""Messages that misled their readers once."""

from __future__ import annotations

from pathlib import Path

import pytest

from netviz import record, train
from netviz.cli import main
from netviz.core import Network
from netviz.datasets import load_data


def test_labels_that_do_not_fit_are_named_as_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "f.toml"
    for key, where in (("output", "output"), ("2", "2"), ("input", "input"), ("1", "1")):
        path.write_text(
            f"[network]\nlayers = [2, 2, 2]\n[labels.neurons]\n{key} = ['{'long ' * 60}', 'b']\n"
        )
        assert main(["diagram", str(path), "-o", str(tmp_path / "a.svg")]) == 2
        assert f"f.toml: labels.neurons.{where} has 'long" in capsys.readouterr().err


def test_a_recording_in_place_of_a_network_is_called_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    training = train(Network.random([2, 2, 1], rng=0), load_data("xor"), epochs=2, rng=0)
    with record(training) as recorder:
        for _ in training:
            pass
    path = tmp_path / "run.npz"
    recorder.recording.save(path)
    assert main(["explain", str(path)]) == 2
    error = capsys.readouterr().err
    assert "is netviz recording 2: expected a model; `netviz render FILE` shows a recor" in error


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[output]\nsped = 2", "output.sped is not a known key"),
        ("[scene.captions]\ninput.arrives = 'x'", 'in quotes: "input.arrives" = …'),
        ("[style]\ntheme = light", 'a text needs quotes: theme = "light"'),
        ("[scene.captions]\n'input.arrives' = ''", "expected a non-empty line of text"),
        ("[network]\nlayers = [2, 2]\nactivation = 'swish'", '"swish" is called "silu" here'),
    ],
)
def test_a_network_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    path = tmp_path / "f.toml"
    network = "" if "[network]" in text else "[network]\nlayers = [2, 2]\n"
    path.write_text(network + text)
    assert main(["explain", str(path)]) == 2
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("command", ["render", "diagram"])
def test_only_possible_suffixes_are_proposed(
    command: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    source = "loop" if command == "render" else "2-2"
    assert main([command, source, "-o", str(tmp_path / "a.jpg")]) == 2
    error = capsys.readouterr().err
    assert ".png" in error
    assert (".gif" in error) == (command == "render")
