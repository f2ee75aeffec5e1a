"""A film in pieces is the same film, whoever draws them."""

from __future__ import annotations

import os
import signal
import wave
from pathlib import Path

import av
import pytest
from manim import RIGHT, Create, Dot, FadeIn, Scene, Square, config

from netviz.animation import BackwardPass, ForwardPass
from netviz.export import ExportError, pieces, render
from netviz.problems import Problem, ProblemError
from netviz.scene import NetworkScene

pytestmark = pytest.mark.skipif(not pieces.can_fork(), reason="processes are not copied here")


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pieces, "SHORTEST", 0.4)


class Passes(NetworkScene):
    """Captions, holds and passes, in sections."""

    def construct(self) -> None:
        self.add(self.diagram)
        self.next_section("forward")
        with self.beat(text="Forward.", hold=0.3):
            self.play(ForwardPass(self.diagram, self.trace, run_time=0.7))
        self.next_section("backward")
        with self.beat(text="Backward.", hold=0.3):
            self.play(BackwardPass(self.diagram, self.blame, run_time=0.7))
        self.move_diagram("left")


class Updated(Scene):
    """Updaters, and a wait of unknown length."""

    def construct(self) -> None:
        dot = Dot(radius=0.5).shift(-5 * RIGHT)
        dot.add_updater(lambda mobject, dt: mobject.shift(3 * dt * RIGHT))
        self.add(dot)
        self.wait(0.5)
        self.wait_until(lambda: dot.get_x() > -1, max_time=5)
        self.play(Create(Square()), run_time=0.5)
        dot.clear_updaters()
        self.play(FadeIn(Dot(2 * RIGHT)), run_time=0.5)
        self.wait(0.5)


class Fails(Scene):
    """Raises an error of its own in its second piece."""

    def construct(self) -> None:
        self.wait(0.5)
        self.wait(0.5)
        raise ProblemError(Problem("the scene", "has no end", "an end"))


class Dies(Scene):
    """Ends each process that draws it, but not the one that has started them."""

    starter = 0

    def construct(self) -> None:
        self.wait(0.5)
        if os.getpid() != self.starter:
            os.kill(os.getpid(), signal.SIGKILL)
        self.wait(0.5)


class Sounds(Scene):
    """A second of sound in two seconds of film."""

    def construct(self) -> None:
        with wave.open("sound.wav", "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))
            file.writeframes((b"\x00\x40" * 8 + b"\x00\xc0" * 8) * 500)
        self.add_sound(str(Path("sound.wav").resolve()))
        self.wait(2)


@pytest.mark.parametrize(("scene", "suffix"), [(Passes, ".mp4"), (Updated, ".webm")])
def test_a_film_is_the_same_for_any_number_of_processes(
    scene: type[Scene], suffix: str, tmp_path: Path
) -> None:
    films = [tmp_path / f"{jobs}{suffix}" for jobs in (1, 2)]
    for jobs, film in enumerate(films, start=1):
        made = render(scene, film, width=160, fps=10, jobs=jobs)
    assert len({film.read_bytes() for film in films}) == 1
    assert len({film.with_suffix(".srt").read_bytes() for film in films if scene is Passes}) <= 1
    with av.open(films[-1]) as container:
        times = [frame.time for frame in container.decode(video=0)]
        assert len(container.chapters()) == (2 if scene is Passes else 0)
    assert times == pytest.approx([n / 10 for n in range(round(10 * made.seconds))], abs=1e-3)
    assert sorted(path.suffix for path in tmp_path.iterdir() if path.stem == "2") == (
        sorted([suffix, ".srt", ".vtt"]) if scene is Passes else [suffix]
    )


class Formulas(Scene):
    """Keeps where each process writes its formulas."""

    log: Path

    def construct(self) -> None:
        for _ in range(3):
            self.wait(0.5)
            with self.log.open("a") as file:
                print(config.get_dir("tex_dir"), file=file)


def test_each_process_has_a_folder_of_its_own_for_formulas(tmp_path: Path) -> None:
    Formulas.log = tmp_path / "log.txt"
    render(Formulas, tmp_path / "film.mp4", width=96, fps=10, jobs=2)
    folders = Formulas.log.read_text().split()
    # The process that plays, and the three that draw until their piece ends.
    assert len(set(folders)) > 2


def test_an_error_in_any_process_ends_all_of_them(tmp_path: Path) -> None:
    with pytest.raises(ProblemError, match=r"^the scene has no end: expected an end$"):
        render(Fails, tmp_path / "film.mp4", width=96, fps=10, jobs=2)
    Dies.starter = os.getpid()
    with pytest.raises(ExportError, match=r"^a process has ended before"):
        render(Dies, tmp_path / "film.mp4", width=96, fps=10, jobs=2)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ChildProcessError):
        os.waitpid(-1, os.WNOHANG)


def test_jobs_are_at_least_one(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"^jobs is 0: expected at least 1 process$"):
        render(Passes, tmp_path / "film.mp4", jobs=0)


@pytest.mark.parametrize("suffix", [".mp4", ".webm"])
def test_a_film_has_the_sound_of_its_scene(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    made = render(Sounds, Path(f"film{suffix}"), width=96, fps=10)
    with av.open(made.path) as container:
        samples = [frame.to_ndarray() for frame in container.decode(audio=0)]
        assert sum(each.shape[-1] for each in samples) / 48_000 == pytest.approx(2, abs=0.1)
    assert abs(samples[5]).max() > 0.1
    assert abs(samples[-2]).max() < 0.01
