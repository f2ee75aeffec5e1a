"""The JSON Schema of network files accepts what the loader accepts, as far as a schema can."""

from __future__ import annotations

import json
import math
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from netviz.cli import main
from netviz.core import LOSSES
from netviz.spec import SpecError, load, load_film, schema
from netviz.spec.tables import LabelsTable, NetworkFile, StyleTable
from netviz.style import Style

TESTS = Path(__file__).parent
ROOT = TESTS.parents[1]
BAD = sorted((TESTS / "bad_networks").glob("*.toml"))
GOOD = [
    path
    for folder in ("tests/spec/good_networks", "netviz/networks", "examples", "netviz/starters")
    for path in sorted((ROOT / folder).glob("*.toml"))
]
VALIDATOR = Draft202012Validator(schema())
# In these files values do not fit each other or the world: the model and the schema accept them,
# the loader does not.
ONLY_THE_LOADER_REFUSES = {
    *("binary_cross_entropy_after_relu", "cross_entropy_without_softmax", "gaussian_odd"),
    *("gaussian_target", "follow_beyond_the_data", "long_bias", "long_target", "missing_bias"),
    *("one_matrix_too_many", "overflowing_update", "overflowing_weights", "ragged_weights"),
    *("short_input", "step_activation", "step_in_one_layer", "target_no_probability"),
    *("targets_of_a_data_set", "too_few_outputs", "too_many_activations", "too_many_inputs"),
    *("too_many_weights", "transposed_weights", "unknown_data", "validation_too_small"),
    "weights_that_do_not_chain",
    *("skip_between_unequal_layers", "skip_to_the_next", "skip_backwards", "skip_twice"),
    *("skip_beyond_the_layers", "style_without_a_network"),
    *("too_few_colors", "highlight_beyond_the_layers", "highlight_beyond_the_layer"),
    *("too_few_names", "too_many_captions", "too_few_labels"),
    *("labels_beyond_the_layers", "labels_of_one_layer_twice"),
    *("grid_with_bias_neurons", "grid_of_labels"),
    *("moment_of_a_film", "rate_of_a_picture", "rate_of_a_gif"),
    *("caption_of_another_act", "caption_of_another_scene"),
}
# JSON has one kind of number, of any size; TOML distinguishes 2.0 from 2. And a pattern does not
# check the range of a number in a text.
ONLY_THE_MODEL_REFUSES = {"fractional_layer", "gigantic_weight", "setting_out_of_range"}
INVALID_TOML = {
    *(
        "bare_word",
        "text_without_quotes",
        "capital_true",
        "endless_nesting",
        "key_twice",
        "latin_1",
        "number_without_end",
    ),
    *("open_array", "open_header"),
}


def name(path: Path) -> str:
    return path.stem


def document(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def as_json(value: Any) -> Any:
    """Return a value for JSON, which has no dates and neither infinity nor NaN."""
    if isinstance(value, dict):
        return {key: as_json(part) for key, part in value.items()}
    if isinstance(value, list):
        return [as_json(part) for part in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, str | int | float | None) else str(value)


def is_accepted(document: dict[str, Any]) -> bool:
    try:
        NetworkFile.model_validate(document)
    except ValidationError:
        return False
    return True


def test_it_is_valid_in_its_dialect() -> None:
    Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert schema()["$id"] == "urn:netviz:network-file"


@pytest.mark.parametrize("path", GOOD, ids=name)
def test_good_files_are_accepted_by_both(path: Path) -> None:
    assert load_film(path, None).name == path.stem
    assert not list(VALIDATOR.iter_errors(as_json(document(path))))


@pytest.mark.parametrize("path", [path for path in BAD if name(path) not in INVALID_TOML], ids=name)
def test_bad_files_are_refused_by_both_or_left_to_the_loader(path: Path) -> None:
    with pytest.raises((SpecError, ValueError)):
        load(path)
    tables = document(path)
    expected = is_accepted(tables) or path.stem in ONLY_THE_MODEL_REFUSES
    assert VALIDATOR.is_valid(as_json(tables)) == expected
    assert is_accepted(tables) == (path.stem in ONLY_THE_LOADER_REFUSES)


def test_the_lists_name_existing_files() -> None:
    assert {
        name(path) for path in BAD
    } >= ONLY_THE_LOADER_REFUSES | ONLY_THE_MODEL_REFUSES | INVALID_TOML
    for path in BAD:
        if path.stem in INVALID_TOML:
            with pytest.raises((ValueError, RecursionError)):
                document(path)


def test_style_and_labels_have_the_options_of_a_diagram() -> None:
    keys = {*StyleTable.model_fields, *LabelsTable.model_fields}
    assert keys - {"theme", "language", "neurons"} == {
        field.name for field in fields(Style) if field.name != "neuron_labels"
    }


def test_every_key_has_a_description_and_names_are_listed() -> None:
    tables = [schema(), *schema()["$defs"].values()]
    assert schema()["$defs"]["LossTable"]["properties"]["name"]["enum"] == list(LOSSES)
    for table in tables:
        assert table["additionalProperties"] is False
        for key, value in table["properties"].items():
            assert value.get("description"), key
    assert "null" not in json.dumps(schema())


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == schema()
