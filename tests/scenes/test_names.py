"""Names, classes and units of a user's own data are used everywhere, and written once."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rich.console import Console

from netviz import Network
from netviz.cli import main
from netviz.drawing import NetworkDiagram
from netviz.drawing.panels.planes import DecisionPlane
from netviz.explain import alt_text, as_json, as_tables
from netviz.scene import ActsScene, DiagramScene, NetworkScene, TrainingScene
from netviz.spec import Description, SpecError, load
from netviz.words import load_words

from .playing import FILES, play, scene_in
from .screen import Screen

CSV = """hours [h],sleep,age,result
1.5,8,20,fail
2.0,5,22,fail
6.5,7,21,pass
8.0,6.5,23,pass
3.0,4,20,fail
7.0,8,24,pass
"""
FILE = """[network]
layers = [{inputs}, 4, 2]
activation = ["tanh", "softmax"]
seed = 2
[loss]
name = "cross_entropy"
[data]
source = "students.csv"
{data}
[training]
epochs = 3
learning_rate = 0.5
follow = [3]
{more}
"""


@pytest.fixture
def students(tmp_path: Path) -> Path:
    (tmp_path / "students.csv").write_text(CSV)
    return tmp_path / "students.toml"


def described(path: Path, data: str = "", more: str = "", inputs: int = 3) -> Description:
    path.write_text(FILE.format(inputs=inputs, data=data, more=more))
    return load(path)


SCALED = "standardise = true\nunits = { sleep = 'h' }"


def labels(scene: NetworkScene) -> Mapping[int, tuple[str, ...]]:
    return {
        layer: tuple(" ".join(text.split()) for text in texts)
        for layer, texts in scene.diagram.neuron_labels.items()
    }


def scene_of(description: Description, kind: type[Any] = NetworkScene, **options: Any) -> Any:
    return kind.configured(network=description, **options)()


def test_columns_and_classes_are_the_names_of_neurons(students: Path) -> None:
    description = described(students)
    assert description.name_of(0, 0) == "hours"
    assert [description.name_of(2, i) for i in (0, 1)] == ["fail", "pass"]
    assert description.name_of(1, 0) == ""
    found = labels(scene_of(description))
    assert found == {0: ("hours [h]", "sleep", "age"), 2: ("fail", "pass")}
    assert labels(scene_of(description, DiagramScene)) == found


def test_labels_of_the_file_have_precedence(students: Path) -> None:
    description = described(students, more='[labels.neurons]\noutput = ["No", "Yes"]')
    assert description.name_of(2, 1) == "Yes"
    scene = scene_of(description)
    assert labels(scene)[2] == ("No", "Yes")
    assert labels(scene)[0] == ("hours [h]", "sleep", "age")
    assert scene.neuron_name(2, 0) == "No"
    assert scene.neuron_name(1, 0) == "hidden 1"


def test_rescaled_inputs_are_labelled_in_their_own_units(students: Path) -> None:
    description = described(students, SCALED)
    assert description.measured is not None
    assert description.measured.tolist() == [8.0, 6.5, 23.0]
    column = np.array([1.5, 2, 6.5, 8, 3, 7])
    assert description.input[0] == pytest.approx((8 - column.mean()) / column.std())
    assert labels(scene_of(description))[0] == ("hours 8 h", "sleep 6.5 h", "age 23")
    # The numbers in the neurons, with which the network computes, are the rescaled ones.
    diagram = scene_of(description).diagram.show_activations(scene_of(description).trace)
    assert diagram.neuron(0, 0).value == description.input[0]


def test_a_sample_is_given_in_the_units_of_the_data(students: Path) -> None:
    sample = "[sample]\ninput = [7.0, 8.0, 24.0]\ntarget = [0, 1]"
    given, row = described(students, SCALED, sample), described(students, SCALED)
    assert given.measured is not None
    assert given.measured.tolist() == [7.0, 8.0, 24.0]
    assert given.training_setup is not None
    np.testing.assert_allclose(given.input, given.training_setup.data.inputs[-1])
    assert not np.allclose(given.input, row.input)
    plain = described(students, "", sample)
    assert plain.input.tolist() == [7.0, 8.0, 24.0]
    assert plain.measured is None


@pytest.mark.parametrize(
    ("units", "sentence"),
    [
        ("slep = 'h'", r'data.units."slep" is no input .*hours \[h\], sleep, age; .*"sleep"'),
        ("'hours [h]' = 'h'", 'data.units."hours .h." is given for a name with a unit'),
    ],
)
def test_units_belong_to_inputs_without_one(students: Path, units: str, sentence: str) -> None:
    with pytest.raises(SpecError, match=sentence):
        described(students, f"units = {{ {units} }}")


def test_captions_use_the_names_in_both_languages(students: Path) -> None:
    description, said = described(students, SCALED), []
    scene = scene_of(description, ActsScene)
    name = scene.neuron_name(2, 1)
    for language in ("en", "ko"):
        said.append(load_words(language)("caption.blame.gradient", name=name))
    assert said[0].startswith("How much is pass to blame?")
    assert said[1].startswith("pass의 책임은 얼마일까요?")
    assert load_words("ko")("caption.forward.edge", name="수면").startswith("수면의 값")


def test_explain_names_neurons_and_measurements(students: Path) -> None:
    description = described(students, SCALED)
    console = Console(width=200, record=True, markup=False, file=StringIO())
    as_tables(description, console)
    printed = console.export_text()
    for text in ("hours", "8 h", "6.5 h", "measured", "the weight from", "fail has the largest"):
        assert text.lower() in printed.lower()
    answer = as_json(description)
    assert answer["names"] == [["hours", "sleep", "age"], [""] * 4, ["fail", "pass"]]
    assert answer["measured"] == [8.0, 6.5, 23.0]
    plain = as_json(load("3-2"))
    assert plain["measured"] == plain["input"]


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_text_alternative_has_names_and_units(students: Path, language: str) -> None:
    text = alt_text(described(students, SCALED), language)
    for part in ("hours 8 h, sleep 6.5 h, age 23", "fail 0.", "pass 1.00"):
        assert part in text
    assert alt_text(described(students), language).count("hours 8.00 h") == 1


def test_axes_are_in_units_of_the_data(students: Path) -> None:
    more = 'inputs = ["hours [h]", "sleep"]\nstandardise = true'
    description = described(students, more, inputs=2)
    setup = description.training_setup
    assert setup is not None
    assert setup.measured is not None
    networks = [description.network]
    plane = DecisionPlane(setup.data, networks, measured=setup.measured)
    assert [number.value for number in plane.plane.numbers] == [1.5, 8.0, 4.0, 8.0]
    assert [name.text for name in plane.plane.names] == ["hours [h]", "sleep"]
    # The network gets the point of the plane in its own units.
    np.testing.assert_allclose(plane._as_seen(setup.measured.inputs), setup.data.inputs, atol=1e-9)


def test_names_without_room_are_left_out() -> None:
    network = Network.random([3, 2], rng=0)
    names = {0: ("x" * 200, "y", "z"), -1: ("left", "right")}
    diagram = NetworkDiagram(network, spare_labels=names)
    assert diagram.neuron_labels == {1: ("left", "right")}
    own = NetworkDiagram(network, spare_labels=names, neuron_labels={1: ("a", "b")})
    assert own.neuron_labels == {1: ("a", "b")}
    with pytest.raises(ValueError, match=r"neuron_labels\[0\] has 1 entries: expected 3"):
        NetworkDiagram(network, spare_labels={0: ("x",)})
    image = NetworkDiagram(
        Network.random([9, 2], rng=0), spare_labels={0: 9 * ("a",)}, input_grid=True
    )
    assert image.neuron_labels == {}


def test_classify_takes_any_data_with_names(students: Path) -> None:
    said: list[str] = []

    def look(scene: NetworkScene, screen: Screen) -> None:
        said.extend(text.text for text in screen.texts)

    description = described(students, SCALED)
    play(scene_in(FILES["classify"]).configured(network=description), look)
    assert any("The largest output is pass" in text for text in said)
    assert any("hours" in text and "8" in text for text in said)


def test_a_recording_keeps_the_names(students: Path) -> None:
    description = described(students)
    run = scene_of(description, TrainingScene).run
    scene = TrainingScene.configured(recording=run)()
    assert labels(scene)[2] == ("fail", "pass")


def test_a_built_in_network_is_rendered_like_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    listed = capsys.readouterr().out
    assert "\nclassify  " in listed
    assert "\niris     Three species" in listed
    pytest.importorskip("sklearn")
    assert main(["render", "iris", "--dry-run"]) == 0
    assert "Before training, its answer is a guess." in capsys.readouterr().out
