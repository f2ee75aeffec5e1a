"""The reference of network files: every key with an example that is valid, and as a page."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from netviz.cli import main
from netviz.spec import SpecError, reference
from netviz.spec.tables import NetworkFile
from netviz.spec.toml import TomlTable

ENTRIES = {entry.name: entry for table in reference.tables() for entry in table.entries}
PAGE = Path(__file__).parents[2] / "docs" / "network_file.md"
# A key of the same table that an example needs.
WITH = {
    "network.biases": "weights = [[[1.0, 2.0], [0.5, 0.5]], [[1.0, 1.0]]]",
    "network.init": "layers = [2, 2]",
    "network.seed": "layers = [2, 2]",
    "network.activation": "layers = [2, 3, 2]",
    "network.skips": "layers = [2, 2, 2]",
    "sample.input": "target = [1.0]",
    "sample.target": "input = [1.0]",
    "scene.options": 'name = "gates"',
}


def test_the_reference_has_every_key() -> None:
    keys = {
        f"{table}.{field.alias or key}"
        for table, place in NetworkFile.model_fields.items()
        for model in (place.annotation, *get_args(place.annotation))
        if isinstance(model, type) and issubclass(model, TomlTable)
        for key, field in model.model_fields.items()
    }
    assert set(ENTRIES) == keys


@pytest.mark.parametrize("name", ENTRIES)
def test_the_example_of_a_key_is_valid(name: str) -> None:
    entry = ENTRIES[name]
    others = WITH.get(name, "")
    if entry.table == "data" and entry.key != "source":
        others = 'source = "students.csv"'
    document = tomllib.loads(f"[{entry.table}]\n{others}\n{entry.example}\n")
    document.setdefault("network", {"layers": [2, 1]})
    document.setdefault("data", {"source": "students.csv"})
    table = getattr(NetworkFile.model_validate(document), entry.table)
    assert (
        document[entry.table][entry.key]
        == table.model_dump(by_alias=True, exclude_unset=True)[entry.key]
    )
    assert entry.meaning.endswith(".")
    assert entry.values


def test_the_page_is_the_generated_one() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference.page()


def test_help_explains_tables_keys_and_commands(capsys: pytest.CaptureFixture[str]) -> None:
    def printed(*arguments: str) -> str:
        assert main(["help", *arguments]) == 0
        return capsys.readouterr().out

    assert re.search(r"(?m)^\[output\]  The file that is written", printed())
    assert re.search(r"(?m)^  quality +Width and frame rate\.$", printed("output"))
    assert 'Example:  file = "lesson.gif"' in printed("output.file")
    assert "Default:  0.5" in printed("update.learning_rate")
    assert "Default:  16" in printed("style.max_neurons")
    both = printed("learning_rate")
    assert "update.learning_rate" in both
    assert "training.learning_rate" in both
    assert "Usage: netviz render" in printed("render")
    assert printed("--markdown") == reference.page()


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(
        SpecError, match=r"the key is .output\.fil.: expected .* mean 'output\.file'\?"
    ):
        reference.described("output.fil")
