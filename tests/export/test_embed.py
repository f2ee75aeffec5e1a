"""HTML and Markdown for finished files."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from netviz.cli import main
from netviz.export import ExportError
from netviz.export.embed import Figure

TEXT = 'A network: "5 < 2" & [2].'


@pytest.fixture(autouse=True)
def in_a_folder_of_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in (
        "a clip.gif",
        "loop-dark.gif",
        "loop-light.gif",
        "loop-dark.avif",
        "loop-dark.png",
    ):
        Image.new("RGB", (80, 45)).save(name)
    Path("loop.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="80" height="45"/>')
    with av.open("film.mp4", "w") as container:
        stream = container.add_stream("libx264", rate=10)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 80, 44, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((44, 80, 3), np.uint8), "rgb24")
        container.mux([*stream.encode(frame), *stream.encode(None)])


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def test_one_image_has_its_size_and_text_escaped() -> None:
    figure = Figure.of([Path("a clip.gif")], TEXT)
    [(tag, attributes)] = Tags(figure.html()).found
    assert tag == "img"
    assert attributes == {"src": "a%20clip.gif", "width": "80", "height": "45", "alt": TEXT}
    assert figure.markdown() == r'![A network: "5 \< 2" & \[2\].](a%20clip.gif)'


def test_two_themes_formats_and_a_still_image_are_one_picture() -> None:
    names = ("loop-dark.gif", "loop-light.gif", "loop-dark.avif", "loop-dark.png")
    figure = Figure.of([Path(name) for name in names], TEXT, "https://example.org/media/")
    tags = Tags(figure.html()).found
    assert [tag for tag, _ in tags] == ["picture", "source", "source", "source", "img"]
    still, light, small, last = (attributes for _, attributes in tags[1:])
    assert still["media"] == "(prefers-reduced-motion: reduce)"
    assert still["srcset"] == "https://example.org/media/loop-dark.png"
    assert light["media"] == "(prefers-color-scheme: light)"
    assert light["type"] == "image/gif"
    assert small["media"] == "(prefers-color-scheme: dark)"
    assert small["srcset"] == "https://example.org/media/loop-dark.avif"
    assert last["src"] == "https://example.org/media/loop-dark.gif"
    assert figure.markdown() == figure.html()


def test_a_video_plays_silently_and_stands_still_for_reduced_motion() -> None:
    html = Figure.of([Path("film.mp4"), Path("loop-dark.png")], TEXT).html()
    (video, attributes), (_, source) = Tags(html).found
    assert video == "video"
    assert {"autoplay", "loop", "muted", "playsinline"} <= attributes.keys()
    assert (attributes["width"], attributes["height"]) == ("80", "44")
    assert (attributes["poster"], attributes["aria-label"]) == ("loop-dark.png", TEXT)
    assert source["media"] == "(prefers-reduced-motion: no-preference)"


def test_the_command_reads_the_text_next_to_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    Path("loop.txt").write_text("What is\nseen.\n")
    assert main(["embed", "loop-dark.gif", "loop-light.gif"]) == 0
    assert 'alt="What is seen."' in capsys.readouterr().out
    assert main(["embed", "loop.svg", "--only", "markdown"]) == 0
    assert capsys.readouterr().out == "![What is seen.](loop.svg)\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("a clip.gif", "the text alternative of a clip.gif is missing: expected a clip.txt, or"),
        ("none.gif", "none.gif is not a file: expected a finished film or picture"),
        ("paper.pdf", "paper.pdf has suffix '.pdf': expected one of .webm, .mp4"),
    ],
)
def test_what_a_page_cannot_show_is_refused(name: str, message: str) -> None:
    with pytest.raises(ExportError, match=message):
        Figure.of([Path(name)])


def test_a_broken_file_is_refused() -> None:
    Path("broken.gif").write_text("GIF")
    with pytest.raises(ExportError, match=r"broken\.gif cannot be read"):
        Figure.of([Path("broken.gif")], TEXT).html()


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a clip.txt", b"\xff\xfe caf\xe9", "a clip.txt cannot be read: expected text in UTF-8"),
        ("empty.mp4", b"", "empty.mp4 cannot be read (Invalid data found when processing input)"),
        ("empty.png", b"", "empty.png cannot be read (cannot identify image file 'empty.png')"),
        ("cut.svg", b"<svg", "cut.svg cannot be read (unclosed token: line 1, column 0)"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    name: str, content: bytes, sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(name).write_bytes(content)
    arguments = ["a clip.gif"] if name.endswith(".txt") else [name, "--alt", "text"]
    assert main(["embed", *arguments]) == 2
    assert capsys.readouterr().err.startswith(f"netviz: {sentence}")


def test_a_film_without_pictures_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with av.open("sound.mp4", "w") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(
            np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
        )
        frame.sample_rate = 48000
        container.mux([*stream.encode(frame), *stream.encode(None)])
    assert main(["embed", "sound.mp4", "--alt", "text"]) == 2
    assert capsys.readouterr().err == "netviz: sound.mp4 has no pictures: expected a film\n"


@pytest.mark.parametrize("side", ["", "1.2.3", ".", "9" * 400, "100%"])
def test_an_svg_without_a_size_in_numbers_is_shown_without_one(side: str) -> None:
    Path("odd.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" height="{side}"/>')
    assert Figure.of([Path("odd.svg")], TEXT).html().startswith('<img src="odd.svg" alt=')
