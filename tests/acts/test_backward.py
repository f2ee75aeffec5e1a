"""Loss and backward pass: what is written is the core's, and a calculator agrees with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from netviz.acts.acts_scene import ActsScene
from netviz.acts.backward import collected_shares, most_blamed
from netviz.acts.loss import last_layer, open_gap
from netviz.core import Network
from netviz.drawing.numerals import unit_of, value_of
from netviz.drawing.text import Number, TextLabel
from netviz.export.take import LeapingRenderer
from netviz.problems import ProblemError
from netviz.spec import Description, describe, load

SCENES = Path(__file__).parents[1] / "scenes"
# With two hidden layers, with none, with so many outputs that not all have a row, with small
# neurons, with a softmax, with widths that have no target, and with dead neurons.
SHAPES = ["2-3-3-1", "3-2", "20-17-18", "9-8-6"]
FILES = [str(SCENES / f"{name}.toml") for name in ("softmax", "gaussian", "relu")]
EVERY = pytest.mark.parametrize("network", [*SHAPES, *FILES])


@dataclass(frozen=True)
class Written:
    """Words, or the value and the text of a number, as they are on screen."""

    text: str
    value: float | None


class Beats(ActsScene):
    """Keeps what is written on screen at the end of each beat."""

    def setup(self) -> None:
        super().setup()
        self.held: list[tuple[str, list[Written]]] = []

    def hold(self, seconds: float = 0.0) -> None:
        caption = self._captioned[0] if self._captioned else ""
        family = (part for each in self.mobjects for part in each.get_family())
        shown = [
            Written(part.text, part.value if isinstance(part, Number) else None)
            for part in family
            if isinstance(part, Number | TextLabel) and part.has_points()
        ]
        self.held.append((caption, shown))
        super().hold(seconds)

    def at(self, key: str, **values: Any) -> list[Written]:
        """What is written at the end of the beat with a caption: later the film may end."""
        caption = self.words(f"caption.{key}", **values)
        return next(shown for text, shown in self.held if text == caption)


@cache
def play(network: str, *acts: str) -> Beats:
    """Return a scene that has played acts on a network. Tests look at it and leave it as it is."""
    return played(load(network), *acts)


def played(example: Description, *acts: str, **options: Any) -> Beats:
    scene = type("Played", (Beats,), {"network": example, "style": options, "acts": acts})()
    assert isinstance(scene, Beats)
    LeapingRenderer(scene, None)
    scene.render()
    return scene


def blames(scene: ActsScene, layer: int) -> list[float | None]:
    return [neuron.blame for neuron in scene.diagram.layer(layer)]


def is_blamed(scene: ActsScene, layer: int) -> bool:
    numbers = scene.blame.layers[layer - 1].blame
    return blames(scene, layer) == [numbers[i] for i in scene.diagram.shown(layer)]


def texts(shown: list[Written], value: float) -> set[str]:
    """How a number is written."""
    return {each.text for each in shown if each.value == value}


def signed(shown: list[Written], value: float) -> str:
    """How a number with a sign is written: an error may be the same number as a prediction."""
    (text,) = (text for text in texts(shown, value) if text[0] in "+−")
    return text


def words(shown: list[Written]) -> set[str]:
    return {each.text for each in shown if each.value is None}


# ---- loss ---------------------------------------------------------------------------------------


@EVERY
def test_the_loss_ends_with_open_gaps_and_a_filled_meter(network: str) -> None:
    scene = play(network, "loss")
    assert scene.loss_meter.number.value == scene.blame.loss
    assert all(gap.has_points() for gap in scene.gap_bars.gaps[:1])
    assert scene.gap_bars in scene.mobjects
    i = most_blamed(scene, last_layer(scene))
    if network != FILES[1]:
        assert signed(scene.at("loss.errors"), scene.trace.prediction[i] - scene.example.target[i])
    assert scene.loss_meter in scene.mobjects
    assert set(blames(scene, last_layer(scene))) == {None}


@pytest.mark.parametrize("network", ["5-2-2-5", "3-2", "9-8-6"])
def test_a_calculator_finds_errors_squares_and_their_mean(network: str) -> None:
    scene = play(network, "loss")
    shown, loss = scene.at("loss.square"), float(scene.blame.loss)
    predictions, targets = scene.trace.prediction, scene.example.target
    squares = []
    for prediction, target in zip(predictions, targets, strict=True):
        error = prediction - target
        written = signed(shown, error)
        (square,) = texts(shown, float(error) ** 2)
        assert abs(value_of(written) ** 2 - value_of(square)) <= 1.001 * unit_of(square)
        finest = min(texts(shown, prediction), key=unit_of)
        off = value_of(finest) - target - value_of(written)
        assert abs(off) <= 1.001 * unit_of(written)
        squares.append(value_of(square))
    (whole,) = texts(scene.at("loss.mean"), loss)
    assert abs(np.mean(squares) - value_of(whole)) <= 1.001 * unit_of(whole)


def test_the_words_fit_the_loss() -> None:
    squared, entropy = play("5-2-2-5", "loss"), play(FILES[0], "loss")
    assert "squared" in words(squared.at("loss.square"))
    seen = set().union(*(words(shown) for _, shown in entropy.held))
    assert "squared" not in seen
    assert "its loss" in seen
    assert texts(entropy.at("loss.term"), float(entropy.blame.loss))


def test_layers_as_rows_are_refused_before_the_act_begins() -> None:
    with pytest.raises(ProblemError, match="direction"):
        played(load("3-2"), "loss", direction="down")


# ---- outputs ------------------------------------------------------------------------------------


@EVERY
def test_first_the_outputs_have_their_blame(network: str) -> None:
    scene = play(network, "blame")
    assert is_blamed(scene, last_layer(scene))
    for layer in range(1, last_layer(scene)):
        assert set(blames(scene, layer)) == {None}


@pytest.mark.parametrize("network", ["5-2-2-5", "3-2", FILES[2]])
def test_a_calculator_finds_the_blame_of_every_output(network: str) -> None:
    scene = play(network, "blame")
    shown, layer = scene.at("blame.all"), last_layer(scene)
    record, forward = scene.blame.layers[layer - 1], scene.trace.layers[layer - 1]
    slopes = forward.layer.activation.slope(forward.z)
    for i in scene.diagram.shown(layer):
        first = signed(shown, record.activation_gradient[i])
        factors = [value_of(text) for text in (first, *texts(shown, float(slopes[i])))]
        results = texts(shown, record.blame[i])
        off = [abs(np.prod(factors) - value_of(text)) / unit_of(text) for text in results]
        assert off
        assert max(off) <= 1.001


def test_with_softmax_and_its_loss_the_gap_is_the_blame() -> None:
    scene = play(FILES[0], "blame")
    layer = last_layer(scene)
    i = most_blamed(scene, layer)
    shown = scene.at("blame.same")
    assert texts(shown, float(scene.trace.prediction[i] - scene.example.target[i]))
    assert scene.diagram.neuron(layer, i).blame == scene.blame.layers[-1].blame[i]


def test_an_output_is_called_by_its_label() -> None:
    network = Network.random([2, 2], rng=1)
    example = describe(network, input=[0.2, 0.7], target=[1.0, 0.0])
    scene = played(example, "blame", neuron_labels={-1: ("cat", "dog")})
    name = ("cat", "dog")[most_blamed(scene, 1)]
    assert scene.at("blame.gradient", name=name)


# ---- hidden neurons -----------------------------------------------------------------------------


@EVERY
def test_the_backward_pass_blames_every_neuron_and_closes_its_gap(network: str) -> None:
    scene = play(network, "blame", "shares")
    assert all(is_blamed(scene, layer) for layer in range(1, last_layer(scene) + 1))
    assert set(blames(scene, 0)) == {None}
    assert not scene.diagram.is_flowing()
    assert scene.diagram.gap is None
    assert np.all(scene.diagram.brightness() >= 1)


@pytest.mark.parametrize("network", ["5-2-2-5", "2-3-3-1", "2-2-2-2-2-2"])
def test_a_calculator_finds_the_blame_of_a_hidden_neuron(network: str) -> None:
    scene = ActsScene.configured(network=load(network))()
    scene.diagram.fit("stage").show_activations(scene.trace)
    for layer in range(1, last_layer(scene)):
        scene.diagram.open_gap(layer, back=True)
        for k in scene.diagram.shown(layer):
            collected = collected_shares(scene, layer, k)
            made = collected.sum.show_all()
            assert made.total == scene.blame.layers[layer - 1].activation_gradient[k]
            slope, blame = (line.texts[1].text for line in collected.lines)
            off = value_of(made.sum.text) * value_of(slope) - value_of(blame)
            assert abs(off) <= 1.001 * unit_of(blame)


def test_an_open_gap_is_not_opened_again() -> None:
    scene = ActsScene.configured(network="2-3-3-1")()
    LeapingRenderer(scene, None)
    scene.diagram.fit("stage").open_gap(1, back=True)
    before = scene.time
    open_gap(scene, 1, back=True)
    assert scene.time == before
