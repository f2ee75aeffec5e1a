"""``netviz render FILE.toml``: what the file defines, and what options override."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

import netviz
from netviz.cli import main

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def test_a_network_file_needs_no_options(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The output is next to the file, with the size it defines; options take precedence."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "full.toml").write_text(
        '[network]\nlayers = [2, 1]\n[style]\ntheme = "light"\n'
        '[scene]\nacts = ["forward"]\n[output]\nfile = "full.png"\nwidth = 96\nat = 0.1\n'
    )
    (folder / "plain.toml").write_text("[network]\nlayers = [2, 1]\n")
    monkeypatch.chdir(tmp_path)
    assert main(["render", "files/full.toml"]) == 0
    assert capsys.readouterr().out.startswith("files/full.png  96×54  ")
    assert main(["render", "files/full.toml", "-o", "a.png", "--width", "64"]) == 0
    assert capsys.readouterr().out.startswith("a.png  64×36  ")
    assert main(["render", "files/full.toml", "-o", "a.gif", "--width", "64", "--quiet"]) == 0
    assert main(["render", "files/plain.toml", "--width", "64", "--fps", "2"]) == 0
    assert capsys.readouterr().out.startswith("media/plain.mp4  ")
    (folder / "film.toml").write_text("[network]\nlayers = [2, 1]\n[output]\nfps = 30\n")
    command = ["render", "files/film.toml", "--width", "64", "-o"]
    assert main([*command, "b.gif"]) == main([*command, "b.png"]) == 0
    assert main([*command, "b.gif", "--fps", "30"]) == 2
    capsys.readouterr()
    assert main(["render", "files/full.toml", "--at", "500", "-o", "c.png"]) == 2
    assert "the duration of full in seconds" in capsys.readouterr().err
    with Image.open("files/full.png") as picture:
        assert min(picture.convert("RGB").getpixel((2, 2))) > 250
    assert main(["render", "files/full.toml", "--theme", "dark", "-o", "b.png"]) == 0
    with Image.open("b.png") as picture:
        assert max(picture.convert("RGB").getpixel((2, 2))) < 40


def test_a_scene_has_the_style_of_a_network_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(EXAMPLES / "xor_korean.toml", tmp_path / "net.toml")
    monkeypatch.chdir(tmp_path)
    command = ["render", "forward_pass", "--network", "net.toml", "-o", "a.svg", "--width", "96"]
    assert main(command) == 0
    text = Path("a.svg").read_text(encoding="utf-8")
    assert "두 비트" in text
    assert main(["diagram", "net.toml", "-o", "b.svg", "--quiet"]) == 0
    assert "두 비트" in Path("b.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        (
            '[scene]\nname = "lop"\n',
            "files/net.toml: scene.name is 'lop': expected a name",
        ),
        ('[scene]\nname = "talk.py"\n', "files/talk.py is not a file: expected a Python file"),
        ('[output]\nfile = "a.png"\nat = 99\n', "at is 99: expected at most "),
    ],
)
def test_errors_found_while_rendering_are_one_sentence_too(
    tables: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("files").mkdir()
    Path("files/net.toml").write_text(f"[network]\nlayers = [2, 1]\n{tables}")
    assert main(["render", "files/net.toml"]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: {sentence}")
    assert main(["render", "files/net.toml", "--network", "3-2"]) == 2
    assert "--network is given together with files/net.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("table", "found"),
    [
        ('[scene]\nname = "../talk.py"', "scene.name is files/../talk.py"),
        ('[scene]\nname = "inside/link.py:Talk"', "scene.name is files/inside/link.py"),
        ('[output]\nfile = "../x.png"', "output.file is files/../x.png"),
        ('[output]\nfile = "/x.png"', "output.file is /x.png"),
    ],
)
def test_a_network_file_runs_and_writes_nothing_outside_its_folder(
    table: str,
    found: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("files/inside").mkdir(parents=True)
    Path("talk.py").write_text("raise SystemExit('was run')\n")
    Path("files/inside/link.py").symlink_to(tmp_path / "talk.py")
    Path("files/net.toml").write_text(f"[network]\nlayers = [2, 1]\n{table}\n")
    assert main(["render", "files/net.toml"]) == 2
    expected = f"netviz: files/net.toml: {found}, outside the folder of this file: expected a file"
    assert capsys.readouterr().err.startswith(expected)
    if "scene" in table:
        with pytest.raises(SystemExit, match="was run"):
            main(["render", "files/net.toml", "--trust"])
    elif ".." in table:
        assert main(["render", "files/net.toml", "-o", "files/y.png", "--width", "64"]) == 0
        assert main(["render", "files/net.toml", "--trust", "--width", "64", "--quiet"]) == 0
        assert Path("x.png").exists()


def test_a_model_or_a_recording_stands_in_place_of_a_network_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    network = netviz.Network.random([2, 3, 1], rng=0)
    netviz.save(network, "model.npz")
    training = netviz.train(network, netviz.load_data("xor"), epochs=3, rng=0)
    with netviz.record(training) as recorder:
        for _ in training:
            pass
    recorder.recording.save("run.npz")
    picture = ["--width", "96", "--at", "0", "--quiet"]
    assert main(["render", "model.npz", "-o", "model.png", *picture]) == 0
    assert main(["render", "run.npz", "-o", "run.svg", *picture]) == 0
    assert main(["render", "training", "--recording", "run.npz", "-o", "same.svg", *picture]) == 0
    assert Path("run.svg").read_text() == Path("same.svg").read_text()
    assert main(["render", "run.npz", "--recording", "run.npz", "-o", "a.png", *picture]) == 2
    assert "which is itself a recording" in capsys.readouterr().err
    Path("model.pt").touch()
    assert main(["render", "model.pt", "-o", "a.png"]) == 2
    assert "netviz.save(netviz.load(model), 'model.npz')" in capsys.readouterr().err
