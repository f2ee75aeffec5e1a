"""Activations and losses of the user's own: from a named Python file, and from entry points."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import numpy as np
import pytest

from netviz import ACTIVATIONS, LOSSES, Activation, Loss, load, plugins
from netviz.cli import main
from netviz.cli.films import Job, Task, files_of, made_with
from netviz.drawing import ActivationCurve, formula
from netviz.spec import Clip
from netviz.spec import load as load_file
from netviz.theme import DARK_THEME

MINE = """
import numpy as np
import netviz

bent = netviz.Activation(
    "bent", lambda z: (np.sqrt(z * z + 1) - 1) / 2 + z,
    lambda g, z, a: g * (z / (2 * np.sqrt(z * z + 1)) + 1), source="an example",
)
quartic = netviz.Loss(
    "quartic", lambda y, t: np.mean((y - t) ** 4, axis=-1),
    lambda y, t: 4 * (y - t) ** 3 / y.shape[-1], source="an example",
)
"""
FILE = '[network]\nlayers = [3, 4, 2]\nactivation = "bent"\n[loss]\nname = "quartic"\n'


@pytest.fixture(autouse=True)
def registries() -> Iterator[None]:
    kept = dict(ACTIVATIONS), dict(LOSSES)
    yield
    plugins.FILES.clear()
    for registry, before in zip((ACTIVATIONS, LOSSES), kept, strict=True):
        registry.clear()
        registry.update(before)  # type: ignore[arg-type]


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    (tmp_path / "mine.py").write_text(MINE)
    (tmp_path / "lesson.toml").write_text(FILE)
    return tmp_path / "lesson.toml"


def test_a_file_named_on_the_command_line_is_run(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mine = str(lesson.parent / "mine.py")
    assert main(["--with", mine, "explain", str(lesson)]) == 0
    assert "Hidden layer 1, bent" in capsys.readouterr().out
    description = load_file(lesson)
    assert description.loss.name == "quartic"
    assert description.network.layers[0].activation == ACTIVATIONS["bent"]


def test_it_is_not_run_otherwise(lesson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", str(lesson)]) == 2
    assert 'network.activation is "bent": expected one of' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("x = 1", "defines no Activation and no Loss: expected one or more at its top"),
        ("raise ValueError('no')", "mine.py raises ValueError (no)"),
        ("import sys\nsys.exit(3)", "mine.py raises SystemExit (3)"),
        (
            "import netviz\n"
            "a = netviz.Activation('a', lambda z: z if z.ndim > 1 else 1 / 0, None, source='x')",
            "the activation 'a': value(z) raises ZeroDivisionError (division by zero)",
        ),
        (MINE.replace('"bent"', '"relu"'), "the activation 'relu' exists already"),
        (
            MINE.replace("lambda y, t: np.mean((y - t) ** 4, axis=-1)", "lambda y, t: 1.0"),
            "the loss 'quartic': value(y, t) has shape (): expected (3,)",
        ),
        (
            MINE.replace("lambda g, z, a: g *", "lambda g, z, a: nothing *"),
            "the activation 'bent': pullback(g, z, a) raises NameError",
        ),
    ],
)
def test_a_file_that_cannot_be_used(
    lesson: Path, capsys: pytest.CaptureFixture[str], text: str, sentence: str
) -> None:
    mine = lesson.parent / "mine.py"
    mine.write_text(text)
    assert main(["--with", str(mine), "explain", str(lesson)]) == 2
    assert sentence in capsys.readouterr().err


SQUARE = Activation("square", lambda z: z * z, lambda g, z, a: 2 * g * z, source="an example")
MINE_TOO = Loss(
    "own", lambda y, t: np.sum(y - t, axis=-1), lambda y, t: np.ones_like(y), source="an example"
)


def test_entry_points_are_imported_when_a_network_file_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, str]] = []
    offered = {"square": "SQUARE", "own": "MINE_TOO", "wrong": "SQUARE"}

    def entry_points(group: str, name: str) -> list[EntryPoint]:
        asked.append((group, name))
        return [EntryPoint(name, f"{__name__}:{offered[name]}", group)] if name in offered else []

    monkeypatch.setattr(plugins, "entry_points", entry_points)
    path = tmp_path / "lesson.toml"
    path.write_text(FILE.replace("bent", "relu").replace("quartic", "mse"))
    load_file(path)
    assert asked == []
    path.write_text(FILE.replace("bent", "square").replace("quartic", "own"))
    description = load_file(path)
    assert description.loss.name == "own"
    assert description.network.layers[0].activation is ACTIVATIONS["square"]
    path.write_text(FILE.replace("bent", "wrong"))
    with pytest.raises(ValueError, match=r"entry point 'wrong' of netviz.activations is .*'wrong'"):
        load_file(path)


def test_a_bad_formula_names_its_owner() -> None:
    bad = Activation("mine", lambda z: z, lambda g, z, a: g, source="", symbol="sqrt(")
    with pytest.raises(ValueError, match=r"'sqrt\(' of the activation 'mine' cannot be read"):
        ActivationCurve(bad, z=0.5)
    with pytest.raises(ValueError, match=r"'\(x' cannot be read \(unclosed delimiter"):
        formula("(x", DARK_THEME)


def test_model_files_keep_the_name(tmp_path: Path) -> None:
    import netviz

    plugins.register(SQUARE)
    network = netviz.Network.random([2, 3, 1], activation="square", rng=0)
    netviz.save(network, tmp_path / "run.npz")
    assert load(tmp_path / "run.npz") == network


def test_other_processes_run_the_file_too(lesson: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(lesson.parent)
    rates = ["--set", "update.learning_rate=1,2", "-o", "{update.learning_rate}.svg"]
    line = ["sweep", "lesson.toml", *rates, "--width", "96", "--jobs", "1", "--quiet"]
    assert main(["--with", "mine.py", *line]) == 0
    assert {path.name for path in Path().glob("*.svg")} == {"1.svg", "2.svg"}


def test_a_file_goes_to_another_machine_and_is_forgotten_there(
    lesson: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(lesson.parent)
    plugins.run(Path("mine.py"))
    lesson.write_text(FILE + '[scene]\nacts = ["end"]\n')
    clip = Clip("lesson.toml")
    job = Job(Path("a.svg"), clip, "", "", None, None, {"width": 96})
    assert Path("mine.py") in set(files_of(clip))  # what is kept of a lecture depends on it
    task = Task.of(job, made_with())
    assert set(task.files) == {"mine.py", "lesson.toml"}
    assert not Task.of(replace(job, clip=None), made_with()).ran  # a card brings no files
    plugins.FILES.clear()
    del ACTIVATIONS["bent"], LOSSES["quartic"]
    (tmp_path / "mine.py").unlink()
    assert task.make().wrong == ""
    assert "bent" not in ACTIVATIONS
