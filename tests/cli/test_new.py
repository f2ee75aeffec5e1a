"""``netviz new``: the files that it writes, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.pictures import differs
from netviz.cli import main


@pytest.mark.parametrize("name", ["house", "밤-하늘", "none", "forward-pass"])
def test_the_files_are_ready_to_be_rendered(
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
        ("there", "there.py already exists: expected another name"),
        ("nowhere/net", "nowhere/net.toml cannot be written (No such file or directory)"),
        ("3x", "name is '3x': expected letters, digits, - and _, beginning with a letter"),
        ("net.toml", "name is 'net.toml': expected letters, digits, - and _, beginning with"),
    ],
)
def test_both_files_are_written_or_neither(
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


def test_unfinished_files_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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
