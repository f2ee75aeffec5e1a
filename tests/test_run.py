"""The script ``run`` on simulated machines: a PATH of small stand-ins that write a log."""

from __future__ import annotations

import os
import pty
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

from netviz.theme import FONT_FAMILIES

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("awk", "cat", "cksum", "cp", "dirname", "grep", "mkdir", "rm", "sed", "sh", "tr")

# The interpreter outside and inside .venv, and every program in there: they only write the log.
PYTHON = """
case "$*" in
    -V) echo "Python 3.12.1" ;;
    *get_path*) echo "$MACHINE" ;;
    "-m venv"*)
        for folder; do :; done
        rm -rf "$folder" && mkdir -p "$folder/bin"
        for program in python netviz ruff mypy; do cp "$0" "$folder/bin/$program"; done ;;
    *"-r requirements.lock") [ ! -e "$MACHINE/offline" ] || exit 1 ;;
esac
case $1 in -c | -V) ;; *) echo "${0##*/} $*" >>"$MACHINE/log" ;; esac
"""
OLD_PYTHON = 'case "$1" in -c) exit 1 ;; -V) echo "Python 3.9.2" ;; esac'
SUDO = 'echo "sudo $*" >>"$MACHINE/log"; exec "$@"'
APT_GET = 'echo "apt-get $*" >>"$MACHINE/log"; [ "$1" = update ] || cp "$MACHINE"/shop/* "${0%/*}"'
STAND_INS = {
    "python3": PYTHON,
    "cc": "cat",
    "c++": "cat",
    "pkg-config": "exit 0",
    "fc-list": "echo Pretendard",
}


@dataclass
class Machine:
    """A checkout that contains ``run``, and a folder ``bin`` that is the whole PATH."""

    root: Path
    checkout: str = "checkout"

    def add(self, name: str, script: str, folder: str = "bin") -> None:
        program = self.root / folder / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)

    def run(
        self, *arguments: str, stdin: int = subprocess.DEVNULL, script: str = "run"
    ) -> subprocess.CompletedProcess[str]:
        (self.root / "log").write_text("")
        return subprocess.run(
            [self.root / self.checkout / script, *arguments],
            stdin=stdin,
            capture_output=True,
            text=True,
            env={"PATH": str(self.root / "bin"), "MACHINE": str(self.root)},
            timeout=60,
        )

    def at_terminal(self, answer: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        keyboard, screen = pty.openpty()
        try:
            os.write(keyboard, answer.encode() + b"\n")
            return self.run(*arguments, stdin=screen)
        finally:
            os.close(keyboard)
            os.close(screen)

    @property
    def log(self) -> list[str]:
        return (self.root / "log").read_text().splitlines()

    @property
    def installed(self) -> bool:
        return any("apt-get install" in line for line in self.log)


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """Everything is installed except ``.venv``; the user is not root."""
    machine = fresh_machine(tmp_path)
    for name, script in STAND_INS.items():
        machine.add(name, script)
    return machine


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A fresh Debian: apt-get, which installs all that is missing, and sudo."""
    machine = fresh_machine(tmp_path)
    machine.add("apt-get", APT_GET)
    machine.add("sudo", SUDO)
    for name, script in STAND_INS.items():
        machine.add(name, script, folder="shop")
    return machine


def fresh_machine(root: Path) -> Machine:
    for folder in ("bin", "shop", "checkout/.ci"):
        (root / folder).mkdir(parents=True)
    for name in ("run", ".ci/run", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, root / "checkout" / name)
    for tool in TOOLS:
        (root / "bin" / tool).symlink_to(found(tool))
    (root / "Python.h").touch()
    machine = Machine(root)
    machine.add("id", "echo 1000")
    machine.add("uname", "echo Linux")
    return machine


def found(tool: str) -> str:
    path = shutil.which(tool)
    assert path, f"{tool} is needed to test run"
    return path


@pytest.mark.parametrize("shell", [s for s in ("sh", "dash", "bash") if shutil.which(s)])
def test_shell_syntax(shell: str) -> None:
    subprocess.run([shell, "-n", ROOT / "run"], check=True)


@pytest.mark.parametrize(
    "arguments", [[], ["film"], ["--yes"], ["demo", "main_clip"]], ids=lambda a: " ".join(a) or "-"
)
def test_other_arguments_print_the_usage(machine: Machine, arguments: list[str]) -> None:
    result = machine.run(*arguments)
    assert result.returncode == 2
    assert result.stderr.startswith("Usage: ./run demo")
    assert result.stdout == ""
    assert not machine.log


def test_help_exits_with_status_0(machine: Machine) -> None:
    result = machine.run("--help")
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.startswith("Usage: ./run demo")


def test_without_a_terminal_it_lists_the_packages_and_stops(bare: Machine) -> None:
    result = bare.run("demo")
    assert result.returncode == 2
    assert (
        "sudo apt-get update -q && sudo apt-get install -qy --no-install-recommends python3 "
        "python3-venv python3-dev build-essential pkg-config libcairo2-dev libpango1.0-dev "
        "fonts-nanum\n"
    ) in result.stdout
    assert "--yes" in result.stderr
    assert not bare.log


@pytest.mark.parametrize(("answer", "status"), [("y", 0), ("n", 2), ("", 2)])
def test_at_a_terminal_it_asks(bare: Machine, answer: str, status: int) -> None:
    result = bare.at_terminal(answer, "demo")
    assert result.returncode == status, result.stderr
    assert "Run this now? [y/N]" in result.stdout
    assert bare.installed == (status == 0)


def test_yes_does_not_ask(bare: Machine) -> None:
    result = bare.run("test", "--yes")
    assert result.returncode == 0, result.stderr
    assert bare.log[0] == "sudo apt-get update -q"
    assert bare.log[-1] == "python -m pytest -n auto"


def test_root_needs_neither_sudo_nor_a_question(bare: Machine) -> None:
    bare.add("id", "echo 0")
    assert bare.run("demo").returncode == 0
    assert bare.installed
    assert not any("sudo" in line for line in bare.log)


def test_only_what_is_missing_is_installed(machine: Machine) -> None:
    machine.add("fc-list", "echo 'DejaVu Sans,NanumGothicCoding'")
    machine.add("dnf", "exit 0")
    result = machine.run("demo")
    assert result.returncode == 2
    assert "sudo dnf install -y google-noto-sans-cjk-fonts\n" in result.stdout


def test_an_old_python_is_kept_and_named(bare: Machine) -> None:
    bare.add("python3", OLD_PYTHON)
    bare.add("python3", OLD_PYTHON, folder="shop")
    result = bare.run("demo", "--yes")
    assert result.returncode == 1
    assert "python3.11 python3.11-venv python3.11-dev" in result.stdout
    assert "netviz needs Python 3.11 to 3.14; python3 here is Python 3.9.2." in result.stderr


def test_a_newer_python_is_found_next_to_an_old_one(machine: Machine) -> None:
    machine.add("python3", OLD_PYTHON)
    machine.add("python3.13", PYTHON)
    assert machine.run("demo").returncode == 0
    assert "python3.13 -m venv --clear .venv" in machine.log


def test_no_known_package_manager(machine: Machine) -> None:
    (machine.root / "bin" / "pkg-config").unlink()
    result = machine.run("demo")
    assert result.returncode == 2
    assert "Missing on this machine: pkg-config cairo pango" in result.stdout
    assert "install these, then run this again" in result.stderr


def test_demo_renders_a_video_and_a_gif_and_prints_their_paths(machine: Machine) -> None:
    result = machine.run("demo")
    assert result.returncode == 0, result.stderr
    assert machine.log[-2:] == [
        "netviz render main_clip --quality low -o media/main_clip.mp4",
        "netviz render loop -o media/loop.gif",
    ]
    media = machine.root / "checkout" / "media"
    assert result.stdout.splitlines()[-3:] == [
        f"Video: {media}/main_clip.mp4",
        f"GIF:   {media}/loop.gif",
        "All scenes of the lecture as one film: .venv/bin/netviz lecture",
    ]


def test_test_checks_style_types_and_behaviour(machine: Machine) -> None:
    assert machine.run("test", "-k", "two words").returncode == 0
    assert machine.log[-4:] == [
        "ruff check --quiet",
        "ruff format --check --quiet",
        "mypy ",
        "python -m pytest -n auto -k two words",
    ]


def test_ci_runs_the_tests_without_questions(bare: Machine) -> None:
    for tool in ("bash", "env"):
        (bare.root / "bin" / tool).symlink_to(found(tool))
    result = bare.run(script=".ci/run")
    assert result.returncode == 0, result.stderr
    assert bare.installed
    tests, locked, torch, their_tests, _, lowest, _, some_tests = bare.log[-8:]
    assert tests == "python -m pytest -n auto"
    assert locked.startswith("python -m pip install")
    assert locked.endswith("--require-hashes -r requirements-frameworks.lock")
    assert torch.startswith("python -m pip install")
    assert torch.endswith(" torch==2.13.0")
    assert their_tests == "python -m pytest -n auto -k torch or keras"
    assert lowest.endswith("--require-hashes -r requirements-lowest.lock")
    assert some_tests.startswith("python -m pytest -n auto tests/core tests/spec ")


def environment_steps(machine: Machine) -> list[str]:
    """Return the steps in which ``run test`` creates or updates ``.venv``."""
    machine.run("test")
    steps = (re.search(r"venv|-r .*lock|-e \.", line) for line in machine.log)
    return [step[0] for step in steps if step]


def test_the_environment_is_created_once(machine: Machine) -> None:
    assert environment_steps(machine) == ["venv", "-r requirements.lock", "-e ."]
    assert environment_steps(machine) == []


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed_into_the_same_environment(machine: Machine, name: str) -> None:
    environment_steps(machine)
    with (machine.root / "checkout" / name).open("a") as file:
        file.write("# changed\n")
    assert environment_steps(machine) == ["-r requirements.lock", "-e ."]


def test_an_incomplete_environment_is_created_again(machine: Machine) -> None:
    (machine.root / "offline").touch()
    assert environment_steps(machine) == ["venv"]
    (machine.root / "offline").unlink()
    assert environment_steps(machine) == ["venv", "-r requirements.lock", "-e ."]


def test_a_moved_environment_is_created_again(machine: Machine) -> None:
    environment_steps(machine)
    (machine.root / "checkout").rename(machine.root / "elsewhere")
    machine.checkout = "elsewhere"
    assert environment_steps(machine) == ["venv", "-r requirements.lock", "-e ."]


def test_the_fonts_are_those_of_the_themes() -> None:
    listed = re.search(r"^fonts='(.*?)'$", (ROOT / "run").read_text(), re.MULTILINE | re.DOTALL)
    assert listed
    assert tuple(listed[1].splitlines()) == FONT_FAMILIES
