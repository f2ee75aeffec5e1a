"""Texts of any characters leave a vector file that is valid, and a full disk is noticed."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import cairo
import pytest

from netviz.core import Network
from netviz.export import Page, render
from netviz.scene import DiagramScene
from netviz.spec import describe


def figure() -> type:
    return DiagramScene.configured(network=describe(Network.random([2, 2], rng=0)))


def test_characters_that_xml_forbids_are_left_out_of_an_svg(tmp_path: Path) -> None:
    page = Page(title="a\ufffeb", description="c\uffffd\x0b")
    made = render(figure(), tmp_path / "net.svg", page=page)
    root = ElementTree.parse(made.path).getroot()
    assert [part.text for part in root[:2]] == ["ab", "cd"]


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\u3000"])
def test_a_blank_line_of_text_does_not_stop_a_pdf(blank: str) -> None:
    from netviz.export.picture import Line
    from netviz.export.vector import _write_line

    surface = cairo.PDFSurface(None, 100, 100)
    _write_line(Line(text=blank, left=0.0, right=0.0, foot=0.0, em=1.0), cairo.Context(surface))


def test_a_pdf_that_cannot_be_written_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = tmp_path / "net.pdf"
    old.write_bytes(b"the old one")

    def full(self: Path, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        render(figure(), old)
    monkeypatch.undo()
    assert old.read_bytes() == b"the old one"
