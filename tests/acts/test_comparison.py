"""Two networks side by side: what may be compared, one timeline, one scale, a tidy picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scenes.playing import play  # type: ignore[import-not-found]

from netviz.cli import main
from netviz.scene import ComparisonScene
from netviz.spec import load
from scenes import reading  # type: ignore[import-not-found]

FILE = """[network]
layers = [2, {hidden}, 1]
activation = ["{activation}", "sigmoid"]
seed = {seed}
[loss]
name = "{loss}"
[data]
source = "xor"
[training]
epochs = {epochs}
learning_rate = 0.5
follow = [{follow}]
"""
USUAL = {
    "hidden": 3,
    "activation": "tanh",
    "seed": 1,
    "loss": "binary_cross_entropy",
    "epochs": 40,
    "follow": 1,
}


def written(path: Path, **changed: object) -> str:
    path.write_text(FILE.format(**{**USUAL, **changed}))
    return str(path)


def scene(tmp_path: Path, **changed: object) -> ComparisonScene:
    files = written(tmp_path / "a.toml"), written(tmp_path / "b.toml", **changed)
    return ComparisonScene.configured(networks=files)()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"loss": "mse"}, "b has the loss mse: expected the loss binary_cross_entropy, as a has"),
        ({"follow": 2}, "b has other training data: expected those of a; data, standardise,"),
    ],
)
def test_what_cannot_be_compared(tmp_path: Path, changed: dict[str, object], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        _ = scene(tmp_path, **changed).examples


def test_other_numbers_of_inputs_and_outputs_are_refused() -> None:
    for other, sentence in (("3-2", "has 3 inputs: expected 2 inputs"), ("2-3", "has 3 outputs")):
        with pytest.raises(ValueError, match=sentence):
            _ = ComparisonScene.configured(networks=("2-2", other))().examples


def test_both_have_one_timeline(tmp_path: Path) -> None:
    compared = scene(tmp_path, epochs=20)
    first, second = compared.sides
    assert compared.steps[-1] == 40
    assert first.run.steps[first.places].tolist() == compared.steps.tolist()
    # The shorter run stays at its end.
    assert second.run.steps[second.places].max() == 20
    assert (second.run.steps[second.places] <= compared.steps).all()
    assert first.moments[0].network == compared.examples[0].network


def test_both_have_one_scale(tmp_path: Path) -> None:
    compared = scene(tmp_path, activation="relu", seed=5)
    first, second = (side.diagram for side in compared.sides)
    assert first.activation_scale == second.activation_scale
    assert first.blame_scale == second.blame_scale
    largest = max(
        float(np.abs(each.blame).max())
        for side in compared.sides
        for moment in side.moments
        for each in moment.backward.layers
    )
    assert first.blame_scale is not None
    assert first.blame_scale.blame == pytest.approx(max(largest, 0.05))
    # Edges of the same weight are of the same width.
    network = compared.examples[0].network
    second.set_weights(network)
    assert first.edge(0, 0, 0).line_width == pytest.approx(second.edge(0, 0, 0).line_width)
    bars = [side.bars for side in compared.sides]
    left, width = (
        [float(each.axes[0].get_left()[0] - each.box.left) for each in bars],
        [float(each.axes[0].width) for each in bars],
    )
    assert left[0] == pytest.approx(left[1])
    assert width[0] == pytest.approx(width[1])


@pytest.mark.parametrize(("theme", "language"), [("dark", "en"), ("light", "ko")])
def test_the_film_can_be_read(tmp_path: Path, theme: str, language: str) -> None:
    files = written(tmp_path / "a.toml"), written(tmp_path / "b.toml", activation="relu")
    made = ComparisonScene.configured(
        networks=files, names=("tanh", "ReLU"), theme=theme, language=language
    )
    found: list[str] = []

    def look(shown: ComparisonScene, screen: object) -> None:
        for check, sentences in reading.complaints(screen, shown.theme).items():
            found.extend(f"{check}: {sentence}" for sentence in sentences)

    played = play(made, look)
    said = [text for _, _, text in played.captions]
    losses = sorted(float(run.losses[-1]) for run in made().runs)
    assert not found
    assert f"{losses[0]:.3g}"[:4] in said[-1]
    assert "tanh" in said[0]
    assert "ReLU" in said[0]


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = written(tmp_path / "a.toml"), written(tmp_path / "b.toml", seed=2)
    still = tmp_path / "compared.png"
    command = ["compare", a, b, "--names", "one", "two", "-o", str(still), "--width", "160"]
    assert main([*command, "--at", "1"]) == 0
    assert still.stat().st_size > 0
    capsys.readouterr()
    assert main(["compare", a, "3-4-2", "-o", str(still)]) == 2
    assert "3-4-2 has 3 inputs: expected 2 inputs, as a has" in capsys.readouterr().err
    assert main(["compare", a, b, "-o", a]) == 2
    assert main([*command, "--names", "x" * 30, "two"]) == 2
    assert load(a).name == "a"
