"""The commands of somebody who writes for the web: one line for what a page needs."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from netviz.cli import main

FILE = '[network]\nlayers = [2, 1]\n[scene]\nacts = ["forward", "loss"]\n'
SMALL = ["--width", "160", "--fps", "5", "--jobs", "1"]


@pytest.fixture(autouse=True)
def in_a_folder_with_a_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.toml").write_text(FILE)


def names() -> set[str]:
    return {path.name for path in Path().iterdir() if path.is_file()} - {"net.toml"}


def test_one_command_writes_two_themes_in_several_formats_with_their_text(
    capsys: pytest.CaptureFixture[str],
) -> None:
    command = ["render", "net.toml", "--theme", "both", "-o", "a.gif", "-o", "a.png", "--to", "1"]
    assert main([*command, "--width", "160"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        *("a-light.gif", "a-light.png", "a-dark.gif", "a-dark.png")
    ]
    assert names() == {
        *("a-light.gif", "a-light.png", "a-light.txt", "a-dark.gif", "a-dark.png", "a-dark.txt")
    }
    light, dark = (
        np.asarray(Image.open(f"a-{theme}.png").convert("L")) for theme in ("light", "dark")
    )
    assert light[1, 1] > 250
    assert dark[1, 1] < 40
    assert "2-1" in Path("a-dark.txt").read_text()
    # What a shell makes of `netviz embed a-*`.
    assert main(["embed", *sorted(names())]) == 0
    html = capsys.readouterr().out
    assert "(prefers-color-scheme: light)" in html
    assert Path("a-light.txt").read_text().strip() in html


def test_a_diagram_is_drawn_in_two_themes_and_two_formats_in_a_shape_of_ones_own() -> None:
    command = ["diagram", "net.toml", "--theme", "both", "-o", "d.png", "-o", "d.svg", "--quiet"]
    assert main([*command, "--aspect", "1:1", "--width", "200"]) == 0
    assert names() == {
        f"d-{theme}{suffix}" for theme in ("light", "dark") for suffix in (".png", ".svg", ".txt")
    }
    with Image.open("d-dark.png") as picture:
        assert picture.size == (200, 200)
    assert main(["diagram", "net.toml", "-o", "w.png", "--no-crop", "--width", "200"]) == 0
    with Image.open("w.png") as picture:
        assert picture.size == (200, 112)


def test_a_network_file_says_how_its_film_is_cut_and_options_take_precedence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("net.toml").write_text(
        f'{FILE}[output]\nfile = "net.gif"\nwidth = 160\naspect = "1:1"\nfrom = 1\nto = 3\n'
        "speed = 2\nhold_end = 0.4\nloop = 1\nfps = 10\n"
    )
    assert main(["render", "net.toml"]) == 0
    assert capsys.readouterr().out.startswith("net.gif  1.4 s  160×160  ")
    with Image.open("net.gif") as picture:
        assert "loop" not in picture.info
    assert main(["render", "net.toml", "--speed", "4", "--aspect", "16:9"]) == 0
    assert capsys.readouterr().out.startswith("net.gif  0.9 s  160×90  ")
    # What has no meaning for another format is left out.
    assert main(["render", "net.toml", "-o", "a.png", "--width", "160"]) == 0
    Path("net.toml").write_text(f'{FILE}[output]\nfile = "n.gif"\nmax_size = "much"\n')
    assert main(["render", "net.toml"]) == 2
    assert 'output.max_size is "much": expected a size such as 1MB' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["-o", "a.mp4", "--loop", "1"], "loop is given for a.mp4: expected none"),
        (["-o", "a.png", "--speed", "2"], "speed is given for a.png: expected none"),
        (["-o", "a.mp4", "--transparent"], "transparent is given for a.mp4: expected one of"),
        (["-o", "a.gif", "--max-size", "big"], "max_size is 'big': expected a size such as 1MB"),
        (["-o", "a.gif", "--aspect", "2:1"], "--aspect is '2:1': expected one of 16:9, 4:3"),
        (["--sections", "--to", "2"], "--to is given together with --sections"),
    ],
)
def test_a_wrong_request_is_one_sentence(
    options: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["render", "net.toml", *options]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: {sentence}")
    assert not names()


def test_a_moment_is_the_name_of_a_beat_or_an_act(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "net.toml", "--dry-run"]) == 0
    lines = capsys.readouterr().out.splitlines()
    number = next(i for i, line in enumerate(lines) if line.startswith("loss"))
    lasts = sum(float(line.split()[2]) for line in lines[number + 1 :])
    command = ["render", "net.toml", "-o", "a.apng", "-o", "a.png", "--width", "96", "--fps", "5"]
    assert main([*command, "--from", "loss", "--to", "loss"]) == 0
    assert float(capsys.readouterr().out.split()[1]) == pytest.approx(lasts, abs=0.4)
    beat = lines[number + 1].split()[4]
    assert main(["render", "net.toml", "-o", "b.png", "--width", "96", "--at", beat]) == 0
    assert main(["render", "net.toml", "-o", "b.png", "--at", "los"]) == 2
    assert "--at is 'los': expected one of forward, " in capsys.readouterr().err


def test_sections_are_films_of_single_acts_that_follow_each_other(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["render", "net.toml", "-o", "whole.mp4", *SMALL]) == 0
    whole = float(capsys.readouterr().out.split()[1])
    assert main(["render", "net.toml", "-o", "a.mp4", "--sections", *SMALL]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["a-1-forward.mp4", "a-2-loss.mp4"]
    assert sum(float(line.split()[1]) for line in lines) == pytest.approx(whole, abs=0.5)
    with av.open("a-2-loss.mp4") as film:
        assert film.streams.video[0].width == 160


def test_clips_are_joined_without_a_playlist(capsys: pytest.CaptureFixture[str]) -> None:
    Path("own.py").write_text(
        "from manim import Circle, Create, Scene\n\n\nclass Own(Scene):\n"
        "    def construct(self):\n        self.play(Create(Circle()))\n"
    )
    assert main(["render", "own.py", "-o", "b.mp4", *SMALL]) == 0
    capsys.readouterr()
    command = ["join", "net.toml", "b.mp4", "own.py", "--width", "160", "--fps", "5"]
    assert main([*command, "--jobs", "1", "-o", "all.mp4"]) == 0
    contents = capsys.readouterr().out.splitlines()
    assert contents[0].startswith("all.mp4  ")
    assert [line.split(" ", 1)[1] for line in contents[1:]] == ["1. Net", "2. B", "3. Own"]
    with av.open("all.mp4") as film:
        assert len(list(film.chapters())) == 3
    # A finished film in another format and shape.
    assert main(["render", "all.mp4", "--to", "1", "-o", "all.webp", "--width", "160"]) == 0
    with Image.open("all.webp") as picture:
        assert picture.size == (160, 90)
        assert np.asarray(picture.convert("L")).max() > 100
    assert main(["join", "net.toml", "missing.mp4", "-o", "all.mp4"]) == 2
    assert "missing.mp4 does not exist" in capsys.readouterr().err


def test_the_text_of_a_scene_names_its_network_in_the_language_of_the_film() -> None:
    for language, word in (("en", "blame"), ("ko", "신경망")):
        command = ["render", "loop", "--lang", language, "-o", f"{language}.png", "--quiet"]
        assert main([*command, "--width", "64", "--at", "0"]) == 0
        assert word in Path(f"{language}.txt").read_text(encoding="utf-8")


def test_a_caption_that_never_appears_is_refused_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Path("net.toml").write_text(f'{FILE}[scene.captions]\n"forward.biass" = "The bias."\n')
    assert main(["render", "net.toml", "--dry-run"]) == 2
    assert 'did you mean scene.captions."forward.bias"' in capsys.readouterr().err
    known = '[scene.captions]\n"xor.bend" = "It bends."\n'
    for scene in (FILE, "[network]\nlayers = [2, 1]\n"):  # the second one is that of the scene loop
        Path("net.toml").write_text(f"{scene}{known}")
        assert main(["render", "net.toml", "--dry-run"]) == 2
        assert 'scene.captions."xor.bend" does not appear in' in capsys.readouterr().err
