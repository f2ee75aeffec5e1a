"""Every code block of the README does what it says."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def command_lines() -> list[list[str]]:
    lines = (line for block in blocks("sh") for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (network_file,) = blocks("toml")
    (tmp_path / "lesson.toml").write_text(network_file, encoding="utf-8")
    return tmp_path


def test_every_block_is_tried_here() -> None:
    assert {name for name, _ in BLOCKS} == {"sh", "python", "toml"}
    assert {line[0] for line in command_lines()} == {"./run", "netviz"}


@pytest.mark.parametrize("code", blocks("python"))
def test_python_runs_as_written(code: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert ("my_network.gif" in code) == (folder / "my_network.gif").is_file()


@pytest.mark.parametrize(
    "line", [line for line in command_lines() if line[0] == "netviz"], ids=" ".join
)
def test_commands_run_as_written(line: list[str], folder: Path) -> None:
    # Pictures small, so that the test is quick: what is drawn is the same.
    small = ["--width", "160"] if line[1] == "render" else []
    done = subprocess.run(
        [sys.executable, "-m", "netviz", *line[1:], *small],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout
    if "-o" in line:
        assert (folder / line[line.index("-o") + 1]).stat().st_size > 0


def test_run_knows_the_commands_of_the_readme() -> None:
    usage = subprocess.run(
        ["sh", str(ROOT / "run"), "--help"], capture_output=True, text=True, check=True
    ).stdout
    for line in command_lines():
        if line[0] == "./run":
            assert f"./run {line[1]}" in usage


def test_links_and_pictures_lead_somewhere() -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert targets
    for target in targets:
        assert (ROOT / target).exists(), target


def test_the_showcase_is_small() -> None:
    files = list((ROOT / "media" / "showcase").iterdir())
    assert files
    assert sum(file.stat().st_size for file in files) <= 5_000_000


def test_the_table_of_scenes_is_complete() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE))
    assert listed == {path.stem for path in (ROOT / "scenes").glob("[!_]*.py")}
