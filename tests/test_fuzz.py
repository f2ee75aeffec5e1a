"""Some thousands of odd cases that draw nothing: see ``tests/fuzz.py``."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests import fuzz


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return fuzz.good_files(tmp_path_factory.mktemp("good"))


@pytest.mark.parametrize(
    ("make", "count"),
    [
        (fuzz.network_case, 900),
        (fuzz.data_case, 900),
        (fuzz.option_case, 300),
        (fuzz.playlist_case, 200),
    ],
)
def test_odd_input_is_taken_or_refused_in_a_sentence(
    make: fuzz.Maker, count: int, good: fuzz.Good
) -> None:
    results = set()

    @settings(fuzz.ONE_BY_ONE, max_examples=count)
    @given(make(good))
    def attempt(case: fuzz.Case) -> None:
        with fuzz.drawing_nothing():
            results.add(fuzz.hold(case, good))

    attempt()
    assert {0, 2} <= results


@pytest.mark.parametrize("name", fuzz.RUNS)
def test_odd_recordings_are_read_or_refused_in_a_sentence(name: str, good: fuzz.Good) -> None:
    results = set()

    @settings(fuzz.ONE_BY_ONE, max_examples=300)
    @given(fuzz.changed_arrays(good[name]))
    def attempt(content: bytes) -> None:
        results.add(fuzz.is_read(name, content, good))

    attempt()
    assert results == {True, False}
