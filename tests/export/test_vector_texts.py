"""Texts of any characters leave a vector file that is valid, and a full disk is noticed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import cairo
import pytest
from manim import DOWN, UP, Scene
from manim import Line as Stroke

from netviz.camera import TextLine
from netviz.core import Network
from netviz.export import ExportError, Page, render
from netviz.export.vector import _write_line
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
    surface = cairo.PDFSurface(None, 100, 100)
    _write_line(TextLine(text=blank, left=0.0, right=0.0, foot=0.0, em=1.0), cairo.Context(surface))


@pytest.mark.parametrize("text", ["a\ufffe", "\uffffb", "\u0301"])
def test_characters_that_no_file_may_contain_are_left_out_of_a_pdf(
    text: str, tmp_path: Path
) -> None:
    page = Page(title=text, description=text)
    assert render(figure(), tmp_path / "net.pdf", page=page).size_bytes > 1000
    surface = cairo.PDFSurface(None, 100, 100)
    _write_line(TextLine(text=text, left=0.0, right=1.0, foot=0.0, em=1.0), cairo.Context(surface))


def test_an_empty_name_leaves_out_the_name_of_a_layer(tmp_path: Path) -> None:
    described = describe(Network.random([2, 2], rng=0))
    named = replace(described, style={"names": ("", "out")})
    root = ElementTree.parse(
        render(DiagramScene.configured(network=named), tmp_path / "net.svg").path
    ).getroot()
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert "out" in texts
    assert "input" not in texts


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


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_a_picture_that_would_be_too_high_is_refused(suffix: str, tmp_path: Path) -> None:
    class High(Scene):
        def construct(self) -> None:
            self.add(Stroke(50 * DOWN, 50 * UP))

    with pytest.raises(ExportError, match=r"^the picture is \d+ pixels high for a width of"):
        render(High, tmp_path / f"a{suffix}", width=300, page=Page(tight=True))
    assert not list(tmp_path.iterdir())
