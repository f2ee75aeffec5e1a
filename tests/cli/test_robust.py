"""Commands overwrite none of their inputs, and say in one sentence what the machine refuses."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest

from netviz.cli import main
from netviz.core import Network
from netviz.export import FORMATS
from netviz.interop import load, save

HOUSE = """
[network]
layers = [2, 3, 1]
[data]
source = "house.npz"
[training]
epochs = 2
"""

MOVES = """
from manim import RIGHT, Scene, Square

class Moves(Scene):
    def construct(self):
        self.play(Square().animate.shift(RIGHT))
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    rng = np.random.default_rng(0)
    np.savez("house.npz", inputs=rng.random((8, 2)), targets=rng.random((8, 1)))
    save(Network.random([2, 3, 1], rng=0), "m.npz")
    Path("house.toml").write_text(HOUSE, encoding="utf-8")
    Path("model.toml").write_text('[network]\nmodel = "m.npz"\n', encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "kept"),
    [
        (["train", "house.toml"], "house.npz"),
        (["train", "house.toml", "-o", "./house.npz"], "house.npz"),
        (["diagram", "model.toml", "-o", "link.svg"], "m.npz"),
        (["render", "overview", "--network", "house.toml", "-o", "link.png"], "house.toml"),
    ],
)
def test_an_output_that_is_an_input_is_refused(
    arguments: list[str], kept: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for link in ("link.svg", "link.png"):
        Path(link).symlink_to(kept)
    before = Path(kept).read_bytes()
    assert main(arguments) == 2
    assert "which this command reads: expected another file" in capsys.readouterr().err
    assert Path(kept).read_bytes() == before


def test_a_network_is_trained_into_a_file_in_upper_case() -> None:
    assert main(["train", "house.toml", "-o", "OUT.NPZ", "--quiet"]) == 0
    assert load("OUT.NPZ").sizes == (2, 3, 1)


@pytest.mark.parametrize("output", ["d.npz", "nowhere.npz"])
def test_the_place_of_a_trained_network_is_checked_before(
    output: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("d.npz").mkdir()
    Path("nowhere.npz").symlink_to("gone.npz")
    assert main(["train", "house.toml", "-o", output]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: {output} is a ")
    assert not list(Path().glob("*.recording.npz"))


@pytest.mark.parametrize(
    ("table", "sentence"),
    [
        (
            "[style]\nneuron_size = 9.0",
            'style.neuron_size is 9: expected at most 1.01, or "auto", for layers of 2, 3, 1',
        ),
        (
            "[style]\nneuron_size = 0.02\nlayer_spacing = 0.01",
            "style.neuron_size is 0.02: expected larger spacings of layers and neurons",
        ),
        ("[style]\nneuron_spacing = 1e-300", "style.neuron_spacing is 1e-300: expected a number o"),
        (
            f'[scene.captions]\n"loop.forward" = "{"long " * 50}"',
            'scene.captions."loop.forward" has 250 letters: expected at most two lines of 62',
        ),
        (
            '[scene.captions]\n"loop.forward" = "b\\U0010fffd"',
            'scene.captions."loop.forward" has a symbol character, U+10FFFD, which no installed',
        ),
    ],
)
def test_what_a_file_says_about_its_picture_is_refused_at_its_key(
    table: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("style.toml").write_text(f"[network]\nlayers = [2, 3, 1]\n{table}\n", encoding="utf-8")
    assert main(["render", "style.toml", "-o", "x.png", "--width", "64"]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: style.toml: {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("\n".join(f"k{n} = 1" for n in range(5001)), "the file has 5003 keys: expected at most"),
        (".".join("a" * 100_000) + " = 1", "line 4 has a key of too many parts: expected at most"),
        (f"[{'.'.join('a' * 1000)}]", "line 4 has a key of too many parts: expected at most 30"),
    ],
)
def test_a_file_that_would_take_minutes_is_refused_by_its_size(
    text: str, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("long.toml").write_text(f"[network]\nlayers = [2, 1]\n\n{text}\n", encoding="utf-8")
    assert main(["explain", "long.toml"]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: long.toml: {sentence}")


def test_explain_writes_no_negative_zero(capsys: pytest.CaptureFixture[str]) -> None:
    Path("zero.toml").write_text(
        "[network]\nlayers = [1, 1]\nweights = [[[0.0]]]\nactivation = 'relu'\n"
        "[sample]\ninput = [-1.0]\ntarget = [0.0]\n",
        encoding="utf-8",
    )
    assert main(["explain", "zero.toml"]) == 0
    assert "-0.0000" not in capsys.readouterr().out


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_a_full_disk_is_one_sentence() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "netviz", "explain", "3-2"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "No space left on device" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="the size of files cannot be limited")
@pytest.mark.parametrize("suffix", [suffix for suffix, kind in FORMATS.items() if not kind.still])
def test_on_a_full_disk_the_old_film_stays(suffix: str, capsys: pytest.CaptureFixture[str]) -> None:
    import resource

    Path("moves.py").write_text(MOVES, encoding="utf-8")
    film = Path(f"film{suffix}")
    command = ["render", "moves.py", "-o", str(film), "--width", "96", "--jobs", "1", "--quiet"]
    assert main(command) == 0
    old, left = film.read_bytes(), set(Path().iterdir())
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for room in (100, len(old) // 2, len(old) - 1):
        # A file that reaches this limit behaves as on a full disk, with another error.
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
        try:
            assert main(command) == 1
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert re.fullmatch(
            r"netviz: \S+ cannot be read or written \(File too large\)\n", capsys.readouterr().err
        )
        assert film.read_bytes() == old
        assert set(Path().iterdir()) == left


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_folder_that_is_read_only_is_found_before(
    suffix: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: mode == os.F_OK)  # root may write anywhere
    assert main(["render", "loop", "-o", f"a{suffix}"]) == 2
    assert capsys.readouterr().err == (
        f"netviz: a{suffix} cannot be written (Permission denied): expected a path in a writable "
        "folder\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
@pytest.mark.parametrize(
    ("command", "shown", "said"),
    [
        (["render", "training", "--network", "long.toml", "-o", "a.mp4"], b"training for", b""),
        (["render", "training", "--network", "long.toml", "--dry-run"], b"training for", b""),
        (["compare", "long.toml", "long.toml", "-o", "a.mp4"], b"training for", b""),
        (["render", "xor", "--set", "epochs=5000", "-o", "a.mp4"], b"training for", b""),
        (["train", "long.toml"], b"long", b"; the same command continues from long.checkpoint.npz"),
    ],
)
def test_training_shows_how_far_it_is_and_ends_at_ctrl_c(
    command: list[str], shown: bytes, said: bytes
) -> None:
    import pty

    endless = HOUSE.replace("epochs = 2", "epochs = 1000000000")
    Path("long.toml").write_text(endless, encoding="utf-8")
    terminal, of_process = pty.openpty()
    before = set(Path().iterdir())
    with subprocess.Popen(
        [sys.executable, "-m", "netviz", *command], stderr=of_process, stdin=of_process
    ) as process:
        os.close(of_process)
        printed = b""
        while shown not in printed or b"%" not in printed:
            printed += os.read(terminal, 1000)
        process.send_signal(signal.SIGINT)
        with suppress(OSError):  # Linux: nobody writes there any more
            while more := os.read(terminal, 1000):
                printed += more
    os.close(terminal)
    assert process.returncode == 130
    assert printed.split(b"\r\n")[-2].endswith(b"netviz: interrupted" + said)
    left = {path.name for path in set(Path().iterdir()) - before}
    assert left <= {"long.checkpoint.npz", "long.recording.npz"}


def test_the_places_of_both_themes_are_checked_before(capsys: pytest.CaptureFixture[str]) -> None:
    Path("a-dark.png").mkdir()
    assert main(["render", "loop", "--theme", "both", "-o", "a.png", "--width", "64"]) == 2
    assert capsys.readouterr().err.startswith("netviz: a-dark.png is a directory: expected")
    assert not list(Path().glob("a-light.*"))


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 19])
def test_a_name_that_cannot_be_written_is_refused(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["compare", "2-3-1", "2-2-1", "--names", name, "b", "-o", "a.png"]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: names is {name!r}: expected at most 18 le")
