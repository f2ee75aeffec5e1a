"""Every code block of the README runs as written, and the files that it names exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from netviz.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [text for name, text in BLOCKS if name == language]


def command_lines() -> list[list[str]]:
    lines = (line for block in blocks("sh") for line in block.splitlines())
    return [shlex.split(line, comments=True) for line in lines]


# Appended to the blocks: the numbers on screen are those of the framework.
CHECKS = {
    "sklearn": """
expected = model.predict_proba(x[70:71])[0]
np.testing.assert_allclose(Flower().trace.prediction, expected, rtol=0, atol=1e-12)
""",
    "torch": """
expected = torch.softmax(model(x[70]), dim=0).detach().numpy()
assert abs(Flower().trace.prediction - expected).max() < 1e-6
assert recorder.recording.losses[-1] < recorder.recording.losses[0]
""",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    lesson, look, flowers = blocks("toml")
    (tmp_path / "lesson.toml").write_text(lesson + look, encoding="utf-8")
    (tmp_path / "flowers.toml").write_text(flowers, encoding="utf-8")
    for activation in ("sigmoid", "relu"):
        other = flowers.replace('"tanh"', f'"{activation}"')
        (tmp_path / f"{activation}.toml").write_text(other, encoding="utf-8")
    return tmp_path


def test_every_kind_of_block_is_tested() -> None:
    assert {name for name, _ in BLOCKS} == {"sh", "python", "toml"}
    assert {line[0] for line in command_lines()} == {"./run", "netviz"}


def framework(code: str) -> str:
    """Return the framework that a block needs; numpy if it needs none."""
    needed = [
        name for name in ("torch", "sklearn") if f"import {name}" in code or f"{name}." in code
    ]
    return needed[0] if needed else "numpy"


@pytest.mark.parametrize("code", blocks("python"), ids=framework)
def test_python_runs_as_written(code: str, folder: Path) -> None:
    pytest.importorskip(framework(code), reason=f"{framework(code)} is not installed")
    done = subprocess.run(
        [sys.executable, "-c", code + CHECKS.get(framework(code), "")],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    named = set(re.findall(r'"(\w+\.(?:gif|npz))"', code))
    assert {path.name for path in folder.iterdir() if path.suffix != ".toml"} == named


@pytest.mark.parametrize(
    "line", [line for line in command_lines() if line[0] == "netviz"], ids=" ".join
)
def test_commands_run_as_written(
    line: list[str],
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    # Small pictures at a low frame rate keep the test quick.
    films = any(argument.endswith(".mp4") for argument in line)
    small = ["--width", "160"] if line[1] == "render" or films else []
    assert main([*line[1:], *small, *(["--fps", "4"] if films else [])]) == 0
    assert capsys.readouterr().out
    for option in {"-o", "--clip"} & set(line):
        file = folder / line[line.index(option) + 1]
        # With --theme both, square.png becomes square-light.png and square-dark.png.
        endings = ("-light", "-dark") if "both" in line else ("",)
        made = [file.with_stem(file.stem + ending) for ending in endings]
        assert all(each.stat().st_size > 0 for each in made)


def test_run_knows_the_commands_of_the_readme() -> None:
    usage = subprocess.run(
        ["sh", str(ROOT / "run"), "--help"], capture_output=True, text=True, check=True
    ).stdout
    for line in command_lines():
        if line[0] == "./run":
            assert f"./run {line[1]}" in usage


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md"])
def test_links_and_pictures_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    targets = re.findall(r"\]\((?!https?:)([^)#]+)(?:#([^)]+))?\)", text)
    assert targets
    for target, anchor in targets:
        assert (ROOT / target).exists(), target
        assert not anchor or anchor in anchors(ROOT / target), f"{target}#{anchor}"


def anchors(page: Path) -> set[str]:
    """Return the anchors of the headings of a Markdown file, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}


def test_every_file_that_contributing_names_exists() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:netviz|docs|tests|scenes|examples)/[^` ]*)`", text)
    assert named
    # NAME, CODE and the like stand for what is added; x and y for any name.
    exact = [name for name in named if not re.search(r"[A-Z]{3}|\b[xy]\b|test_y", name)]
    assert [name for name in exact if not (ROOT / name).exists()] == []


def test_the_showcase_is_small() -> None:
    files = list((ROOT / "media" / "showcase").iterdir())
    assert files
    assert sum(file.stat().st_size for file in files) <= 5_000_000


def test_the_table_of_scenes_is_complete() -> None:
    listed = set(re.findall(r"^\| `(\w+)` \|", README, flags=re.MULTILINE))
    assert listed == {path.stem for path in (ROOT / "scenes").glob("[!_]*.py")}
