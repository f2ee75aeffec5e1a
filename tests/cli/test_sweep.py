"""Many films side by side: ``netviz sweep``, on this machine and on a Dask cluster."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from netviz.cli import films, main
from netviz.cli.films import Job, Place, Task
from netviz.problems import ProblemError
from netviz.spec import Clip, Description, load_film

NETWORK = """
[network]
layers = [2, 1]

[scene]
name = "mine.py"
"""
SCENE = '''"""A dot moves."""

from helper import SECONDS
from manim import RIGHT, Dot

from netviz.scene import NetworkScene


class Mine(NetworkScene):
    def construct(self):
        self.add(dot := Dot(self.description.learning_rate * RIGHT, color="#808080"))
        self.play(dot.animate.shift(RIGHT), run_time=SECONDS)
'''
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "course").mkdir()
    monkeypatch.chdir(tmp_path / "course")
    Path("lesson.toml").write_text(NETWORK)
    Path("mine.py").write_text(SCENE)
    Path("helper.py").write_text("SECONDS = 2.0\n")
    return Path.cwd()


def sweep(pattern: str, *more: str) -> list[str]:
    rates = "update.learning_rate=0.5,1,2,3"
    small = ["--width", "96", "--quiet", *(["--fps", "10"] if pattern.endswith(".mp4") else [])]
    return ["sweep", "lesson.toml", "--set", rates, "-o", pattern, *small, *more]


def test_a_sweep_renders_every_combination_with_its_values() -> None:
    both = ["--set", "style.theme=dark,light", "--jobs", "1"]
    assert main(sweep("out/{style.theme}-{update.learning_rate}.png", *both)) == 0
    made = {path.name: path.read_bytes() for path in Path("out").glob("*.png")}
    names = {f"{theme}-{rate}.png" for theme, rate in product(["dark", "light"], ["0.5", 1, 2, 3])}
    assert set(made) == names
    assert len(set(made.values())) == len(names)
    alone = (
        Path("lesson.toml").read_text() + '\n[update]\nlearning_rate = 2\n[style]\ntheme="light"'
    )
    Path("alone.toml").write_text(alone)
    line = ["render", "alone.toml", "-o", "alone.png", "--width", "96", "--quiet"]
    assert main(line) == 0
    assert Path("alone.png").read_bytes() == made["light-2.png"]


def test_changes_replace_what_the_file_says() -> None:
    described = load_film("lesson.toml", changes={"update.learning_rate": 3, "network.seed": 1})
    assert isinstance(described, Description)
    assert described.learning_rate == 3
    assert "update" not in Path("lesson.toml").read_text()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (sweep("a.png"), "--output names a.png for several values"),
        (sweep("{seed}.png"), "--output has {seed}, which is not set: expected one of update.lea"),
        (sweep("{update.learning_rate}.xyz"), "has suffix '.xyz'"),
        (sweep("a.png", "--jobs", "1", "--cluster", "tcp://a:1"), "--jobs is given together with"),
        (["sweep", "lesson.toml", "--set", "a.b=1", "-o", "a.png"], "a is not a known key"),
        (["sweep", "lesson.toml", "--set", "a=", "-o", "a.png"], "--set is a=: expected values"),
        (["sweep", "lesson.toml", "--set", "loss.name=mse,x", "-o", "{loss.name}.png"], 'is "x"'),
        (["sweep", "lesson.toml", "--set", "loss.name.a=1", "-o", "a.png"], "loss.name is a table"),
        (["sweep", "lesson.toml", "--set", f"loss.name={'9' * 5000}", "-o", "a.png"], 'is "999'),
        (["sweep", "lesson.toml", "--set", f"loss.name={'[' * 3000}", "-o", "a.png"], 'is "[[['),
        (sweep("a.png", "--set", f"network.seed={'1,' * 300}1"), "--set asks for 1,204 files: exp"),
    ],
)
def test_wrong_input_is_refused_before_anything_is_rendered(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments) == 2
    assert sentence in capsys.readouterr().err
    assert not list(Path().glob("*.png"))


def test_a_task_needs_no_file_of_the_machine_that_made_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "shared").mkdir()
    Path("helper.py").rename("../shared/helper.py")
    Path("mine.py").rename("../shared/mine.py")
    clip = Clip("../shared/mine.py", network=str(Path("lesson.toml").absolute()))
    picture = {"width": 96, "fps": 10}
    task = Task.of(Job(Path("out/a.mp4"), clip, "", "", None, None, picture), films.made_with())
    assert set(task.files) == {"shared/mine.py", "shared/helper.py", "course/lesson.toml"}
    monkeypatch.chdir(tmp_path)
    for path in (*tmp_path.rglob("*.py"), *tmp_path.rglob("*.toml")):
        path.unlink()
    known = set(sys.modules)
    made = task.make()
    assert (made.wrong, made.worker) == ("", "")
    assert ".mp4" in made.files
    assert Path.cwd() == tmp_path
    # The next task may bring another helper.
    assert "helper" not in set(sys.modules) - known


def test_a_worker_with_other_versions_or_fonts_makes_nothing() -> None:
    here = films.made_with()
    job = Job(Path("a.png"), Clip("mine.py"), "", "", None, None, {"width": 96})
    assert Task.of(job, here).make().wrong == ""
    for what in ("netviz", "manim", "the font"):
        made = Task.of(job, {**here, what: "another"}).make()
        assert made.wrong == f"it has {what} {here[what]}, and another is needed"
        assert not made.files


def test_a_process_that_dies_is_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    once = "import os\nfrom pathlib import Path\nSECONDS = 0.2\n"
    once += f"mark = Path({str(Path('mark').absolute())!r})\n"
    once += "if not mark.exists():\n    mark.touch()\n    os.kill(os.getpid(), 9)\n"
    Path("helper.py").write_text(once)
    assert main(sweep("{update.learning_rate}.mp4", "--jobs", "1")) == 0
    assert len(list(Path().glob("*.mp4"))) == 4
    Path("helper.py").write_text("import os\nos.kill(os.getpid(), 9)\n")
    monkeypatch.setattr(films, "_RETRIES", 0)
    job = Job(Path("b.mp4"), Clip("mine.py"), "", "", None, None, {"width": 96})
    with pytest.raises(ProblemError, match=r"the clip mine\.py cannot be .* has died 1 times"):
        films.make_all([job], Place(1), None)


# ---- a cluster -----------------------------------------------------------------------------------


def started(*arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", *arguments]
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}, **quiet)  # type: ignore


@contextmanager
def cluster(folder: Path, *names: str) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Yield the address of a scheduler on this machine, and its workers."""
    pytest.importorskip("distributed")
    file = folder / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    known = ("--scheduler-file", str(file))
    scheduler = ("distributed.cli.dask_scheduler", *here, "--port", "0", *known)
    processes = [started(*scheduler)]
    try:
        for _ in range(600):
            if file.exists():
                break
            time.sleep(0.1)
        address = re.search(r"tcp://[\d.:]+", file.read_text())
        assert address is not None
        worker = ("distributed.cli.dask_worker", *here, *known, "--nthreads", "1", "--no-nanny")
        processes += [started(*worker, "--name", name) for name in names]
        yield address[0], processes[1:]
    finally:
        for process in processes:
            process.kill()
            process.wait()


def test_a_cluster_makes_the_same_films_or_says_which_worker_cannot(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its films are the same though a worker dies."""
    assert main(sweep("here-{update.learning_rate}.mp4", "--jobs", "1")) == 0
    with cluster(tmp_path, "first", "second") as (address, workers):
        with monkeypatch.context() as patch:
            patch.setattr(films, "made_with", lambda: {"manim": "0.0"})
            assert main(sweep("none-{update.learning_rate}.mp4", "--cluster", address)) == 2
        error = capsys.readouterr().err
        cannot = r"by the worker (first|second) on .* \(it has manim [\d.]+, and 0\.0 is needed\)"
        assert re.search(cannot, error)
        assert not list(Path().glob("none-*.mp4"))
        left: list[int] = []

        def kill() -> None:
            while not (done := list(Path().glob("there-*.mp4"))):
                time.sleep(0.01)
            workers[0].send_signal(signal.SIGKILL)
            left.append(4 - len(done))

        killer = threading.Thread(target=kill, daemon=True)
        killer.start()
        assert main(sweep("there-{update.learning_rate}.mp4", "--cluster", address)) == 0
        killer.join()
    assert left[0] > 0
    for rate in ("0.5", "1", "2", "3"):
        ours, theirs = (Path(f"{place}-{rate}.mp4").read_bytes() for place in ("here", "there"))
        assert ours == theirs


def test_an_address_without_a_cluster_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr(films, "_PATIENCE", 1)
    assert main(sweep("{update.learning_rate}.mp4", "--cluster", "tcp://127.0.0.1:9")) == 2
    assert "where no Dask scheduler answers" in capsys.readouterr().err
