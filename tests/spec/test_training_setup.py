"""The tables [data] and [training] of a network file: what they define, and their errors."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from netviz import Data, load_data
from netviz.datasets import DataError
from netviz.spec import Description, SpecError, TrainingSetup, load

ENCODER = '[network]\nlayers = [5, 2, 5]\n[data]\nsource = "encoder"\n'
CSV = "a,b,kind\n" + "".join(f"{i},{i * i},{'odd' if i % 2 else 'even'}\n" for i in range(10))
TABLE = '[network]\nlayers = [2, 3, 2]\n[data]\nsource = "table.csv"\n'


@pytest.fixture
def described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    folder = tmp_path / "files"
    folder.mkdir()
    monkeypatch.chdir(tmp_path)  # the data are in the folder of the network file

    def described(text: str, table: str = CSV) -> Description:
        (folder / "table.csv").write_text(table)
        (folder / "net.toml").write_text(text)
        return load(folder / "net.toml")

    return described


def setup_of(description: Description) -> TrainingSetup:
    assert description.training_setup is not None
    return description.training_setup


def test_without_data_there_is_no_training_setup(described) -> None:
    description = described("[network]\nlayers = [2, 2]\n")
    assert description.training_setup is None
    with pytest.raises(ValueError, match=r"net defines no training data: expected a table \[data"):
        description.training()


def test_every_key_of_the_table(described) -> None:
    tables = (
        "[training]\noptimizer = 'adam'\nlearning_rate = 0.25\nepochs = 7\nbatch_size = 2\n"
        "seed = 3\nfollow = [4, 1]\n"
    )
    description = described(ENCODER + tables)
    setup, training = setup_of(description), description.training()
    assert training.plan.optimizer.name == "adam"
    assert training.plan.optimizer.settings["learning_rate"] == 0.25
    assert len(training) == 7 * 3
    assert training.plan.batch_size == 2
    assert training.plan.loss is description.loss
    assert training.network == description.network
    assert setup.followed == 2
    np.testing.assert_array_equal(setup.data.inputs, np.eye(5)[[4, 1, 0, 2, 3]])
    again = described(ENCODER + tables).training()
    other = described(ENCODER + tables.replace("seed = 3", "seed = 4")).training()
    assert np.array_equal(training.plan.order(0), again.plan.order(0))
    assert training.plan.seed != other.plan.seed


def test_weight_decay_dropout_and_early_stopping(described) -> None:
    tables = TABLE + (
        "validation = 0.3\n[training]\nweight_decay = 0.02\ndropout = 0.25\npatience = 5\n"
    )
    plan = described(tables).training().plan
    assert plan.optimizer.settings["weight_decay"] == 0.02
    assert (plan.dropout, plan.patience) == (0.25, 5)
    defaults = described(ENCODER + '[training]\noptimizer = "adamw"\n').training().plan
    assert defaults.optimizer.settings["weight_decay"] == 0.01
    assert (defaults.dropout, defaults.patience) == (0.0, None)
    message = r"training\.patience is given: expected data\.validation, the samples to stop by"
    with pytest.raises(SpecError, match=message):
        described(TABLE + "[training]\npatience = 5\n")


def test_the_sample_is_the_first_row_that_is_followed(described) -> None:
    description = described(ENCODER + "[training]\nfollow = [3, 2]\n")
    assert description.input.tolist() == [0, 0, 0, 1, 0]
    assert description.target.tolist() == [0, 0, 0, 1, 0]
    given = "[sample]\ninput = [1, 1, 0, 0, 0]\ntarget = [0, 0, 0, 0, 1]\n"
    assert described(ENCODER + given).input.tolist() == [1, 1, 0, 0, 0]


def test_the_default_learning_rate_is_that_of_the_optimizer(described) -> None:
    setup = setup_of(described(ENCODER + '[training]\noptimizer = "adam"\n'))
    assert setup.optimizer.settings["learning_rate"] == 0.001


def test_the_path_of_a_table_is_relative_to_the_network_file(described) -> None:
    setup = setup_of(described(TABLE))
    assert setup.data.input_names == ("a", "b")
    assert setup.data.target_names == ("even", "odd")
    assert len(setup.data) == 10
    renamed = TABLE + 'targets = ["kind"]\nclasses = true\n'
    np.testing.assert_array_equal(setup_of(described(renamed)).data.inputs, setup.data.inputs)


def test_validation_samples_are_never_followed_ones(described) -> None:
    tables = TABLE + "validation = 0.5\n[training]\nfollow = [6, 2, 9]\n"
    for seed in range(5):
        setup = setup_of(described(f"{tables}seed = {seed}\n"))
        assert setup.validation is not None
        assert (len(setup.data), len(setup.validation)) == (5, 5)
        assert setup.data.inputs[:3, 0].tolist() == [6, 2, 9]
        both = [*setup.data.inputs[:, 0], *setup.validation.inputs[:, 0]]
        assert sorted(both) == list(range(10))
    assert setup_of(described(tables)).validation is not None


def test_validation_data_are_standardised_like_the_training_data(described) -> None:
    tables = TABLE + "validation = 0.3\n"
    plain, setup = (setup_of(described(text)) for text in (tables, tables + "standardise = true\n"))
    np.testing.assert_allclose(setup.data.inputs.mean(axis=0), 0.0, atol=1e-12)
    np.testing.assert_allclose(setup.data.inputs.std(axis=0), 1.0)
    assert plain.validation is not None
    assert setup.validation is not None
    expected = plain.validation.standardised(plain.data)
    np.testing.assert_array_equal(setup.validation.inputs, expected.inputs)


def test_columns_are_selected_and_incomplete_rows_left_out(described) -> None:
    rows = "id,a,b,kind\nx1,1,2,odd\nx2,,2,odd\nx3,3,4,even\n"
    tables = TABLE + 'inputs = ["b", "a"]\ntarget = "kind"\nmissing = "skip"\n'
    data = setup_of(described(tables, rows)).data
    assert data.input_names == ("b", "a")
    assert data.inputs.tolist() == [[2, 1], [4, 3]]
    with pytest.raises(SpecError, match=r"data\.target is given together with data\.targets"):
        described(tables + "targets = 2\n", rows)


def test_layers_that_would_fit_the_data_are_named(described) -> None:
    rows = "a,b,kind\n1,2,red\n2,3,green\n3,4,blue\n"
    message = (
        r"data\.source has 3 classes \(blue, green, red\): expected 2, to match the output layer; "
        r"layers = \[2, 3, 3\] would fit"
    )
    with pytest.raises(SpecError, match=message):
        described(TABLE, rows)


def test_an_error_in_the_data_names_line_and_column(described) -> None:
    with pytest.raises(DataError, match=r"table\.csv: line 3, column 2 \(b\) is \"x\": expected"):
        described(TABLE, "a,b,kind\n1,2,odd\n3,x,odd\n")


def test_targets_that_are_no_probabilities(described) -> None:
    text = TABLE.replace("2, 3, 2", "2, 3, 1") + '[loss]\nname = "binary_cross_entropy"\n'
    with pytest.raises(SpecError, match=r"data\.source contains the target 3: expected 0 to 1"):
        described(text, "1,2,3\n4,5,6\n")


def test_keeping_no_samples_does_not_change_a_split() -> None:
    data = Data(np.arange(20.0)[:, np.newaxis], np.zeros((20, 1)))
    training, aside = data.split(0.25, 1)
    assert np.array_equal(data.split(0.25, 1, keep=())[1].inputs, aside.inputs)
    kept, others = data.split(0.25, 1, keep=[7, 3])
    assert kept.inputs[:2, 0].tolist() == [7, 3]
    assert sorted([*kept.inputs[:, 0], *others.inputs[:, 0]]) == list(range(20))
    assert len(training) == len(kept)
    with pytest.raises(ValueError, match="expected one that leaves both parts samples"):
        data.split(0.5, 0, keep=range(15))


def test_a_setup_trains(described) -> None:
    tables = '[training]\noptimizer = "adam"\nlearning_rate = 0.1\nepochs = 50\n'
    first, *_, last = described(ENCODER + tables).training()
    assert last.loss < first.loss
    assert len(load_data("encoder")) == 5
