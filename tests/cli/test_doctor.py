"""``netviz doctor``: what is there, what is missing, and how to mend it."""

from __future__ import annotations

import shutil
from types import SimpleNamespace

import av
import numpy
import pytest

import netviz
from netviz.cli import main
from netviz.drawing import glyphs


def lines(capsys: pytest.CaptureFixture[str]) -> dict[str, str]:
    """Return what is printed about each thing; how to mend it is appended."""
    told: dict[str, str] = {}
    what = ""
    for line in capsys.readouterr().out.splitlines():
        what = line[7:23].strip() or what
        told[what] = f"{told.get(what, '')}{line[:6].strip()} {line[24:].strip()} ".lstrip()
    return told


def test_a_machine_that_has_everything_is_well(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor"]) == 0
    told = lines(capsys)
    assert netviz.__version__ in told["netviz"]
    assert numpy.__version__ in told["numpy"]
    assert "all letters" in told["fonts for ko"]
    assert "libx264" in told["encoder .mp4"]


def test_what_is_missing_is_named_with_its_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    glyphs.line.cache_clear()
    has = glyphs._write
    monkeypatch.setattr(
        glyphs, "_write", lambda text, *others: max(text) < "가" and has(text, *others)
    )
    monkeypatch.setattr(av, "codecs_available", set())
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=1000))
    assert main(["doctor"]) == 1
    told = lines(capsys)
    assert told["fonts for ko"].startswith("WRONG has a Korean character, ")
    assert "fonts-nanum" in told["fonts for ko"]
    assert "pip install" in told["encoder .webm"]
    assert "free some space" in told["disk for drafts"]
