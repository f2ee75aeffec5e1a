"""What tests of exports have in common: an empty folder, and manim's configuration as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from manim import config


@pytest.fixture
def in_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run a test in an empty folder, and check that manim's configuration is unchanged."""
    monkeypatch.chdir(tmp_path)
    before = dict(config)
    yield
    assert dict(config) == before
