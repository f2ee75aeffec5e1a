"""What takes too much memory is refused by an estimate, before anything is allocated."""

import os
from pathlib import Path

import pytest
from manim import DOWN, UP, Line, Scene

from netviz import Network, interop, memory
from netviz.cli import main
from netviz.drawing import NetworkDiagram
from netviz.export import (
    FORMATS,
    QUALITY_PRESETS,
    ExportError,
    Page,
    check,
    render,
    render_all,
)
from netviz.problems import ProblemError
from netviz.scene import TrainingScene
from netviz.spec import SpecError, load

NETWORK = Network.random([2, 3, 1], rng=0)  # 13 weights, biases included
TOO_MANY = r" has 13 weights, which take about 0\.0 GB of memory: expected at most 0, which take"


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LIMIT", 100)


@pytest.mark.parametrize("scene", ["blame_game", "training", "loop"])
@pytest.mark.parametrize("output", ["a.mp4", "a.png"])
def test_a_network_that_is_too_large_for_its_scene_is_refused(
    scene: str, output: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["render", scene, "--network", "9000-9000-10", "-o", str(tmp_path / output)]
    assert main(arguments) == 2
    assert capsys.readouterr().err == (
        "netviz: 9000-9000-10: network.layers has 81,090,000 weights, which take about 13.8 GB of "
        "memory: expected at most 11,764,705, which take 2 GB\n"
    )


@pytest.mark.usefixtures("little")
def test_a_model_that_is_too_large_is_refused(tmp_path: Path) -> None:
    interop.save(NETWORK, tmp_path / "model.npz")
    (tmp_path / "net.toml").write_text('[network]\nmodel = "model.npz"')
    with pytest.raises(SpecError, match="network.model" + TOO_MANY):
        load(tmp_path / "net.toml", interop)


@pytest.mark.usefixtures("little")
def test_a_diagram_of_a_network_that_is_too_large_is_refused() -> None:
    with pytest.raises(ProblemError, match="^network" + TOO_MANY):
        NetworkDiagram(NETWORK)


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_a_picture_of_too_many_pixels_is_refused(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class High(Scene):
        def construct(self) -> None:
            self.add(Line(3 * DOWN, 3 * UP))

    monkeypatch.setattr(memory, "LIMIT", 10**6)
    with pytest.raises(
        ExportError, match=r"^the picture of 64 × \d+ has [\d,]+ pixels, which take"
    ):
        render(High, tmp_path / f"a{suffix}", width=64, page=Page(tight=True))
    assert not list(tmp_path.iterdir())


def test_fewer_moments_are_recorded_of_a_large_network(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "LIMIT", 2500)
    assert memory.moments(NETWORK.weight_count) == 6

    class Run(TrainingScene):
        network = "2-3-1"

    steps = Run().run.steps
    assert len(steps) == 6
    assert (steps[0], steps[-1]) == (0, 100)


def test_a_network_of_the_usual_size_keeps_all_moments() -> None:
    assert memory.moments(784 * 100 + 100 * 10) > 200


@pytest.mark.parametrize(
    ("outputs", "width", "gigabytes"),
    [(["a.webm"], 7680, "9.3"), (["a.mp4", "a.mov"], 7680, "8.0"), (["a.avif"], 7680, "7.6")],
)
def test_a_film_of_too_many_pixels_is_refused_before_it_is_drawn(
    outputs: list[str], width: int, gigabytes: str, tmp_path: Path
) -> None:
    sentence = (
        rf"^the film of {width} × 4320 has 33,177,600 pixels, which take about {gigabytes} GB of "
        r"memory: expected at most [\d,]+, which take 5 GB; give a smaller width$"
    )
    with pytest.raises(ExportError, match=sentence):
        render_all(Scene, [tmp_path / name for name in outputs], width=width)


def test_every_film_of_the_offered_qualities_and_formats_fits() -> None:
    for quality in QUALITY_PRESETS:
        for suffix in FORMATS:
            check(f"a{suffix}", quality=quality)
    assert all((kind.memory > 0) == (not kind.still) for kind in FORMATS.values())


def test_a_cropped_film_of_too_many_pixels_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class High(Scene):
        def construct(self) -> None:
            self.add(Line(3 * DOWN, 3 * UP))
            self.wait()

    monkeypatch.setattr(memory, "OF_FILM", 10**6)
    with pytest.raises(ExportError, match=r"^the film of 64 × \d+ has [\d,]+ pixels, which take"):
        render(High, tmp_path / "a.mp4", width=64, page=Page(tight=True))
    assert not list(tmp_path.iterdir())


def test_fewer_processes_draw_a_film_that_takes_much_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not hasattr(os, "sysconf"):
        pytest.skip("the size of memory is known on POSIX only")
    monkeypatch.setattr(os, "sysconf", {"SC_PHYS_PAGES": 1000, "SC_PAGE_SIZE": 4096}.__getitem__)
    assert [memory.processes(size) for size in (10**3, 10**6, 10**9)] == [2048, 2, 1]
