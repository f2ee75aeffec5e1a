"""The tables [data] and [training] of a network file: what they give, and how they say no."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netviz import Data, load_data
from netviz.datasets import DataError
from netviz.spec import Description, Lesson, SpecError, load

ENCODER = '[network]\nlayers = [5, 2, 5]\n[data]\nsource = "encoder"\n'
CSV = "a,b,kind\n" + "".join(f"{i},{i * i},{'odd' if i % 2 else 'even'}\n" for i in range(10))
TABLE = '[network]\nlayers = [2, 3, 2]\n[data]\nsource = "table.csv"\n'


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)  # data lie beside the network file, not here

    def described(text: str, table: str = CSV) -> Description:
        (folder / "table.csv").write_text(table)
        (folder / "net.toml").write_text(text)
        return load(folder / "net.toml")

    return described


def lesson_of(description: Description) -> Lesson:
    assert description.lesson is not None
    return description.lesson


def test_without_data_there_is_no_lesson(described) -> None:
    description = described("[network]\nlayers = [2, 2]\n")
    assert description.lesson is None
    with pytest.raises(ValueError, match=r"net tells no data to train on, expected a table \[data"):
        description.training()


def test_everything_that_can_be_told(described) -> None:
    told = (
        "[training]\noptimizer = 'adam'\nlearning_rate = 0.25\nepochs = 7\nbatch_size = 2\n"
        "seed = 3\nfollow = [4, 1]\n"
    )
    description = described(ENCODER + told)
    lesson, training = lesson_of(description), description.training()
    assert training.plan.optimizer.name == "adam"
    assert training.plan.optimizer.settings["learning_rate"] == 0.25
    assert len(training) == 7 * 3
    assert training.plan.batch_size == 2
    assert training.plan.loss is description.loss
    assert training.network == description.network
    assert lesson.followed == 2
    np.testing.assert_array_equal(lesson.data.inputs, np.eye(5)[[4, 1, 0, 2, 3]])
    again = described(ENCODER + told).training()
    other = described(ENCODER + told.replace("seed = 3", "seed = 4")).training()
    assert np.array_equal(training.plan.order(0), again.plan.order(0))
    assert training.plan.seed != other.plan.seed


def test_the_sample_is_the_first_row_that_is_followed(described) -> None:
    description = described(ENCODER + "[training]\nfollow = [3, 2]\n")
    assert description.input.tolist() == [0, 0, 0, 1, 0]
    assert description.target.tolist() == [0, 0, 0, 1, 0]
    given = "[sample]\ninput = [1, 1, 0, 0, 0]\ntarget = [0, 0, 0, 0, 1]\n"
    assert described(ENCODER + given).input.tolist() == [1, 1, 0, 0, 0]


def test_the_optimizer_has_its_own_rate_unless_told(described) -> None:
    lesson = lesson_of(described(ENCODER + '[training]\noptimizer = "adam"\n'))
    assert lesson.optimizer.settings["learning_rate"] == 0.001


def test_a_table_lies_beside_the_network_file(described) -> None:
    lesson = lesson_of(described(TABLE))
    assert lesson.data.input_names == ("a", "b")
    assert lesson.data.target_names == ("even", "odd")
    assert len(lesson.data) == 10
    renamed = TABLE + 'targets = ["kind"]\nclasses = true\n'
    np.testing.assert_array_equal(lesson_of(described(renamed)).data.inputs, lesson.data.inputs)


def test_some_samples_are_set_aside_but_never_a_followed_one(described) -> None:
    told = TABLE + "validation = 0.5\n[training]\nfollow = [6, 2, 9]\n"
    for seed in range(5):
        lesson = lesson_of(described(f"{told}seed = {seed}\n"))
        assert lesson.validation is not None
        assert (len(lesson.data), len(lesson.validation)) == (5, 5)
        assert lesson.data.inputs[:3, 0].tolist() == [6, 2, 9]
        both = [*lesson.data.inputs[:, 0], *lesson.validation.inputs[:, 0]]
        assert sorted(both) == list(range(10))
    assert lesson_of(described(told)).validation is not None


def test_validation_data_are_standardised_like_the_training_data(described) -> None:
    told = TABLE + "validation = 0.3\n"
    plain, lesson = (lesson_of(described(text)) for text in (told, told + "standardise = true\n"))
    np.testing.assert_allclose(lesson.data.inputs.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(lesson.data.inputs.std(axis=0), 1.0)
    assert plain.validation is not None
    assert lesson.validation is not None
    expected = plain.validation.standardised(plain.data)
    np.testing.assert_array_equal(lesson.validation.inputs, expected.inputs)


def test_data_that_cannot_be_read_are_told_with_their_place(described) -> None:
    with pytest.raises(DataError, match=r"table\.csv: line 3, column 2 \(b\) is \"x\", expected"):
        described(TABLE, "a,b,kind\n1,2,odd\n3,x,odd\n")


def test_targets_that_are_no_probabilities(described) -> None:
    text = TABLE.replace("2, 3, 2", "2, 3, 1") + '[loss]\nname = "binary_cross_entropy"\n'
    with pytest.raises(SpecError, match=r"data\.source has the target 3, expected 0 to 1"):
        described(text, "1,2,3\n4,5,6\n")


def test_kept_samples_leave_a_split_what_it_was() -> None:
    data = Data(np.arange(20.0)[:, np.newaxis], np.zeros((20, 1)))
    training, aside = data.split(0.25, 1)
    assert np.array_equal(data.split(0.25, 1, keep=())[1].inputs, aside.inputs)
    kept, others = data.split(0.25, 1, keep=[7, 3])
    assert kept.inputs[:2, 0].tolist() == [7, 3]
    assert sorted([*kept.inputs[:, 0], *others.inputs[:, 0]]) == list(range(20))
    assert len(training) == len(kept)
    with pytest.raises(ValueError, match="expected one that leaves both parts samples"):
        data.split(0.5, 0, keep=range(15))


def test_a_lesson_learns(described) -> None:
    told = '[training]\noptimizer = "adam"\nlearning_rate = 0.1\nepochs = 50\n'
    first, *_, last = described(ENCODER + told).training()
    assert last.loss < first.loss
    assert len(load_data("encoder")) == 5
