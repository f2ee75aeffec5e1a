"""The gallery: it has every option, its text is the generated one, and its pictures are there."""

from __future__ import annotations

import importlib.util
import sys
from dataclasses import fields
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from PIL import Image

from netviz.style import Style

DOCS = Path(__file__).parents[1] / "docs"


def load_gallery() -> ModuleType:
    spec = importlib.util.spec_from_file_location("gallery", DOCS / "gallery.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["gallery"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


gallery = load_gallery()
ENTRIES = {entry.name: entry for entries in gallery.SECTIONS.values() for entry in entries}


def test_every_option_has_a_picture() -> None:
    shown = {option for entry in ENTRIES.values() for option in entry.options}
    assert shown == {option.name for option in fields(Style)}


def test_the_page_is_the_generated_one() -> None:
    assert (DOCS / "gallery.md").read_text(encoding="utf-8") == gallery.page()


def test_there_are_no_other_pictures() -> None:
    assert {path.stem for path in (DOCS / "gallery").iterdir()} == set(ENTRIES)


@pytest.mark.parametrize("name", ENTRIES)
def test_the_picture_is_what_the_command_draws(name: str, tmp_path: Path) -> None:
    committed, drawn = (
        np.asarray(Image.open(path).convert("L"), dtype=float)
        for path in (DOCS / "gallery" / f"{name}.png", gallery.picture(ENTRIES[name], tmp_path))
    )
    assert committed.shape == drawn.shape
    assert np.ptp(drawn) > 100
    # Fonts and antialiasing differ a little between machines.
    assert np.abs(committed - drawn).mean() < 3
