"""Every block of ``docs/how_to.md`` runs on its own, as written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[1] / "docs" / "how_to.md").read_text(encoding="utf-8")
RECIPES = dict(
    re.findall(r"^## … ([^\n]+)\n(?:(?!## )[^\n]*\n)*?```python\n(.*?)^```$", PAGE, re.M | re.S)
)


def test_every_block_belongs_to_a_recipe() -> None:
    assert len(RECIPES) == PAGE.count("```python\n") == 7


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_runs_as_written(
    title: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    exec(compile(RECIPES[title], title, "exec"), {"__name__": "recipe"})
    for name in re.findall(r'render\(\w+, "([^"]+)"', RECIPES[title]):
        assert (tmp_path / name).stat().st_size > 0
