"""What takes too much memory is refused by an estimate, before anything is allocated."""

from pathlib import Path

import pytest
from manim import DOWN, UP, Line, Scene

from netviz import Network, interop, memory
from netviz.cli import main
from netviz.drawing import NetworkDiagram
from netviz.export import ExportError, Page, render
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
