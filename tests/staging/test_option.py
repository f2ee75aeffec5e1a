"""Options of scenes: how values are read, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import pytest

from netviz.cli import main
from netviz.problems import ProblemError
from netviz.scene import BeatScene, Option
from netviz.spec import load_film

SCENE = """
from netviz.scene import BeatScene, Option


class Mine(BeatScene):
    options = (
        Option("gate", "AND", "the gate", choices=("AND", "OR", "NAND")),
        Option("rate", 0.5, "the learning rate", least=0.0, most=1.0),
    )

    def construct(self) -> None:
        print(sorted(self.chosen.items()))
        with self.beat(text="A caption."):
            self.wait(0.1)
"""


class Chosen(BeatScene):
    options = (
        Option("gate", "AND", "the gate", choices=("AND", "OR")),
        Option("steps", 3, "steps", least=1),
        Option("rate", 0.5, "the rate", least=0.0, most=1.0),
        Option("w", (0.5, 0.5), "the weights"),
        Option("plain", False, "whether it is plain"),
        Option("expression", "x + y", "what is computed"),
    )


class Variables(BeatScene):
    options = (
        Option("expression", "x + y", "what is computed"),
        Option("variable", 0.0, "value of a variable", any_name=True),
    )


@pytest.mark.parametrize(
    ("name", "given", "value"),
    [
        ("gate", "OR", "OR"),
        ("steps", "12", 12),
        ("steps", 2.0, 2),
        ("rate", "1e-1", 0.1),
        ("rate", 1, 1.0),
        ("w", "-1, 2", (-1.0, 2.0)),
        ("w", [3, 4.5], (3.0, 4.5)),
        ("plain", "true", True),
        ("plain", False, False),
        ("expression", "(x + y) * z", "(x + y) * z"),
    ],
)
def test_a_value_has_the_kind_of_the_default(name: str, given: object, value: object) -> None:
    read = Chosen.configured(options={name: given})().chosen
    assert read[name] == value
    assert type(read[name]) is type(value)
    assert read == {**Chosen().chosen, name: value}


@pytest.mark.parametrize(
    ("name", "given", "sentence"),
    [
        ("gate", "Or", "option gate is 'Or': expected one of AND, OR; did you mean 'OR'?"),
        ("steps", "2.5", "option steps is '2.5': expected a whole number of at least 1"),
        ("steps", 0, "option steps is 0: expected a whole number of at least 1"),
        ("steps", True, "option steps is True: expected a whole number of at least 1"),
        ("rate", "nan", "option rate is 'nan': expected a number from 0 to 1"),
        ("rate", "fast", "option rate is 'fast': expected a number from 0 to 1"),
        ("w", "1", "option w is '1': expected 2 numbers, such as 0.5,0.5"),
        ("w", [1, "x"], "option w is [1, 'x']: expected 2 numbers, such as 0.5,0.5"),
        ("plain", "yes", "option plain is 'yes': expected true or false"),
        ("expression", "", "option expression is '': expected a text"),
        (
            "rates",
            1,
            "option rates does not exist: expected one of gate, steps, rate, w, plain, "
            "expression; did you mean 'rate'?",
        ),
    ],
)
def test_another_value_is_refused(name: str, given: object, sentence: str) -> None:
    with pytest.raises(ProblemError) as caught:
        Chosen.configured(options={name: given})
    assert str(caught.value) == sentence


def test_how_a_diagram_is_drawn_is_no_option() -> None:
    with pytest.raises(ProblemError, match="how the diagram is drawn is its style"):
        type("Mine", (BeatScene,), {"options": {"direction": "down"}})


def test_a_scene_without_options_says_so() -> None:
    with pytest.raises(ProblemError, match="option a does not exist; BeatScene has no options"):
        BeatScene.configured(options={"a": 1})


def test_an_option_may_stand_for_every_other_name() -> None:
    chosen = Variables.configured(options={"x": "-2", "expression": "x * x"})().chosen
    assert chosen == {"expression": "x * x", "x": -2.0}
    with pytest.raises(ProblemError, match="option y is 'two': expected a number"):
        Variables.configured(options={"y": "two"})


@pytest.fixture
def lesson(tmp_path: Path) -> Path:
    """A file about a scene, without a network, next to the scene."""
    (tmp_path / "mine.py").write_text(SCENE, encoding="utf-8")
    path = tmp_path / "lesson.toml"
    path.write_text(
        '[scene]\nname = "mine.py"\n[scene.options]\ngate = "NAND"\nrate = 1\n'
        '[style]\ntheme = "light"\n',
        encoding="utf-8",
    )
    return path


def rendered(*arguments: str, capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    status = main(["render", *arguments, "--width", "160", "--quiet"])
    out, error = capsys.readouterr()
    return status, out.strip(), error.strip()


def test_the_command_line_precedes_the_file(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = str(lesson.with_name("a.png"))
    status, out, _ = rendered(str(lesson), "-o", picture, capsys=capsys)
    assert (status, out) == (0, "[('gate', 'NAND'), ('rate', 1.0)]")
    status, out, _ = rendered(str(lesson), "-o", picture, "--set", "gate=OR", capsys=capsys)
    assert (status, out) == (0, "[('gate', 'OR'), ('rate', 1.0)]")
    assert load_film(lesson).theme == "light"


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        (
            '"NAND"',
            '"NADN"',
            "scene.options.gate is 'NADN': expected one of AND, OR, NAND; did you mean 'NAND'?",
        ),
        (
            "rate =",
            "rte =",
            "scene.options.rte does not exist: expected one of gate, rate; did you mean 'rate'?",
        ),
        ("theme", "max_neurons = 3 #", "style.max_neurons is given without a table [network]"),
        ("[style]", "[update]\nlearning_rate = 1.0\n[style]", "update is given without"),
    ],
)
def test_a_wrong_file_is_refused_in_one_sentence(
    before: str, after: str, sentence: str, lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = lesson.read_text(encoding="utf-8").replace(before, after)
    lesson.write_text(text, encoding="utf-8")
    status, _, error = rendered(str(lesson), capsys=capsys)
    assert status == 2
    assert error.startswith(f"netviz: {lesson}: {sentence}")
    assert "\n" not in error


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--set", "gate"], "--set is 'gate': expected NAME=VALUE, such as gate=NAND"),
        (["--set", "gate=and"], "option gate is 'and': expected one of AND, OR, NAND; did you"),
        (["--network", "3-4-2"], "Mine is not about a network: expected a scene that is"),
    ],
)
def test_a_wrong_command_line_is_refused(
    arguments: list[str], sentence: str, lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, _, error = rendered(str(lesson.with_name("mine.py")), *arguments, capsys=capsys)
    assert status == 2
    assert error.startswith(f"netviz: {sentence}")


def test_a_scene_about_a_network_keeps_its_own_if_the_file_has_none(tmp_path: Path) -> None:
    from netviz.scene import NetworkScene

    path = tmp_path / "lesson.toml"
    path.write_text('[scene]\nname = "overview"\n[style]\nlanguage = "ko"\n', encoding="utf-8")
    scene = NetworkScene.configured(file=load_film(path))()
    assert (scene.language, scene.example.network.sizes) == ("ko", (5, 2, 2, 5))


def test_the_list_shows_the_options_of_a_scene(
    lesson: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list", str(lesson.with_name("mine.py"))]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "gate=AND  the gate: one of AND, OR, NAND",
        "rate=0.5  the learning rate: a number from 0 to 1",
    ]
