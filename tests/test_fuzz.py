"""Some thousands of odd cases that draw nothing: see ``tests/fuzz.py``."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests import fuzz

GROUPS = range(8)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return fuzz.good_files(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize(("make", "count"), [(fuzz.network_case, 80), (fuzz.data_case, 80)])
def test_odd_files_are_read_or_refused_in_a_sentence(
    make: fuzz.Maker, count: int, group: int, good: dict[str, bytes], tmp_path: Path
) -> None:
    rng = random.Random(group)
    results = set()
    for number in range(count):
        folder = tmp_path / str(number)
        folder.mkdir()
        results.add(fuzz.hold(make(rng, good), folder))
    assert {0, 2} <= results


@pytest.mark.parametrize("name", ["recording.npz", "checkpoint.npz"])
@pytest.mark.parametrize("group", GROUPS)
def test_odd_recordings_are_read_or_refused_in_a_sentence(
    name: str, group: int, good: dict[str, bytes], tmp_path: Path
) -> None:
    (tmp_path / "data.npz").write_bytes(good["data.npz"])
    rng = random.Random(group)
    read = [fuzz.read_changed(name, rng, good, tmp_path) for _ in range(40)]
    assert not all(read)


@pytest.mark.parametrize("group", GROUPS)
def test_odd_options_are_taken_or_refused_in_a_sentence(
    group: int, good: dict[str, bytes], tmp_path: Path
) -> None:
    rng = random.Random(group)
    with fuzz.drawing_nothing():
        for number in range(40):
            folder = tmp_path / str(number)
            folder.mkdir()
            fuzz.hold(fuzz.option_case(rng, good), folder)
    made = {file.name for file in tmp_path.rglob("*")} - set(map(str, range(40)))
    assert made <= {*good, "network.toml"}
