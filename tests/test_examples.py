"""Every example and the starter are rendered as `netviz render FILE` renders them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from netviz.cli import main
from netviz.spec import load

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
NEEDS_SKLEARN = {"iris_captions"}


def differs(path: Path) -> bool:
    """Whether a picture is more than one colour."""
    with Image.open(path) as image:
        return any(low != high for low, high in image.convert("RGB").getextrema())


def test_there_are_six() -> None:
    assert len(EXAMPLES) == 6


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_rendered(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if path.stem in NEEDS_SKLEARN:
        pytest.importorskip("sklearn", reason="scikit-learn is not installed")
    monkeypatch.chdir(tmp_path)
    assert main(["render", str(path), "-o", "end.png", "--width", "160"]) == 0
    assert differs(Path("end.png"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_says_in_its_first_line_what_it_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")
    film = load(path).film
    assert film.output is None or film.output.parent == path.parent


@pytest.mark.parametrize("name", ["house", "밤-하늘", "none", "forward-pass"])
def test_new_files_are_ready_to_be_rendered(
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["new", name]) == 0
    said = capsys.readouterr().out
    for suffix in (".toml", ".py"):
        path = Path(f"{name}{suffix}")
        assert f"netviz render {path}" in said
        assert "starter" not in path.read_text(encoding="utf-8").lower()
        assert main(["render", str(path), "-o", f"{suffix[1:]}.png", "--width", "96"]) == 0
        assert differs(Path(f"{suffix[1:]}.png"))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("there", "there.py is there already: expected another name"),
        ("nowhere/net", "nowhere/net.toml cannot be written (No such file or directory)"),
        ("3x", "the name '3x': expected letters, digits, - and _, beginning with a letter"),
        ("net.toml", "the name 'net.toml': expected letters, digits, - and _, beginning with"),
    ],
)
def test_new_files_are_written_both_or_not_at_all(
    name: str,
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.py").write_text("")
    assert main(["new", name]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"netviz: {sentence}")
    assert said.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["there.py"]
    assert Path("there.py").read_text() == ""


def test_new_files_that_are_not_finished_are_taken_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = Path.open

    def stopped(path: Path, *arguments: str, **options: str) -> object:
        if path.suffix == ".py":
            raise KeyboardInterrupt
        return opened(path, *arguments, **options)

    monkeypatch.chdir(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "open", stopped)
        assert main(["new", "house"]) == 130
    assert not list(tmp_path.iterdir())


def test_a_network_file_needs_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its output is beside it, as large as it says; options win; without, the loop in media."""
    folder = tmp_path / "files"
    folder.mkdir()
    (folder / "told.toml").write_text(
        '[network]\nlayers = [2, 1]\n[style]\ntheme = "light"\n'
        '[scene]\nacts = ["forward"]\n[output]\nfile = "told.png"\nwidth = 96\nat = 0.1\n'
    )
    (folder / "plain.toml").write_text("[network]\nlayers = [2, 1]\n")
    monkeypatch.chdir(tmp_path)
    assert main(["render", "files/told.toml"]) == 0
    assert capsys.readouterr().out.startswith("files/told.png  96×54  ")
    assert main(["render", "files/told.toml", "-o", "a.png", "--width", "64"]) == 0
    assert capsys.readouterr().out.startswith("a.png  64×36  ")
    assert main(["render", "files/told.toml", "-o", "a.gif", "--width", "64", "--quiet"]) == 0
    assert main(["render", "files/plain.toml", "--width", "64", "--fps", "2"]) == 0
    assert capsys.readouterr().out.startswith("media/plain.mp4  ")
    (folder / "film.toml").write_text("[network]\nlayers = [2, 1]\n[output]\nfps = 30\n")
    told = ["render", "files/film.toml", "--width", "64", "-o"]
    assert main([*told, "b.gif"]) == main([*told, "b.png"]) == 0
    assert main([*told, "b.gif", "--fps", "30"]) == 2
    with Image.open("files/told.png") as picture:
        assert min(picture.convert("RGB").getpixel((2, 2))) > 250
    assert main(["render", "files/told.toml", "--theme", "dark", "-o", "b.png"]) == 0
    with Image.open("b.png") as picture:
        assert max(picture.convert("RGB").getpixel((2, 2))) < 40


def test_a_scene_honours_the_look_of_a_network_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copy(ROOT / "examples" / "xor_korean.toml", tmp_path / "net.toml")
    monkeypatch.chdir(tmp_path)
    told = ["render", "loop", "--network", "net.toml", "-o", "a.svg", "--width", "96"]
    assert main(told) == 0
    text = Path("a.svg").read_text(encoding="utf-8")
    assert "두 비트" in text
    assert main(["diagram", "net.toml", "-o", "b.svg", "--quiet"]) == 0
    assert "두 비트" in Path("b.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("tables", "sentence"),
    [
        ('[scene]\nname = "lop"\n', "there is no scene 'lop'; did you mean loop?"),
        ('[scene]\nname = "talk.py"\n', "files/talk.py is not a file: expected a Python file"),
        ('[output]\nfile = "a.png"\nat = 99\n', "99 s is after the end: Loop is "),
    ],
)
def test_what_only_rendering_can_see_is_one_sentence_too(
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
    assert "--network is given beside files/net.toml" in capsys.readouterr().err
