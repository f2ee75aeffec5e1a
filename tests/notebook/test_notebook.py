"""An executed notebook: its cells display the numbers of the core."""

from __future__ import annotations

import doctest
import io
import re
from base64 import b64decode
from dataclasses import replace
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import av
import numpy as np
import pytest
from nbformat import v4
from PIL import Image

import netviz
from netviz import notebook
from netviz.core import Network, backward, forward
from netviz.core.pictured import Pictured
from netviz.explain import alt_text
from netviz.export import Rendered
from netviz.problems import ProblemError
from netviz.style import Style
from netviz.theme import DARK_THEME, LIGHT_THEME
from netviz.words import load_words

from .kernel import MimeBundle, execute, printed, shown

SVG = "{http://www.w3.org/2000/svg}"
NETWORK = Network.random([3, 2, 2], rng=7)
TRACE = forward(NETWORK, [0.5, 0.2, 0.8])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0])
EN, KO = load_words("en"), load_words("ko")

CELLS = {
    "before": """
import netviz
from manim import Scene, config
from netviz.animation import BackwardPass, ForwardPass
from netviz.drawing import NetworkDiagram
from netviz.export import render
from netviz.theme import DARK_THEME

config_before = dict(config)
network = netviz.Network.random([3, 2, 2], rng=7)
trace = netviz.forward(network, [0.5, 0.2, 0.8])
blame = netviz.backward(network, trace, [1.0, 0.0])

class Passes(Scene):
    def construct(self):
        diagram = NetworkDiagram(network)
        self.add(diagram)
        self.play(ForwardPass(diagram, trace, run_time=0.4))
        self.play(BackwardPass(diagram, blame, run_time=0.4))
""",
    "network": "network",
    "forward": "trace",
    "backward": "blame",
    "batch": "netviz.forward(network, [[0.5, 0.2, 0.8], [0, 0, 1]])",
    "batch, back": "netviz.backward(network, _, [[1, 0], [0, 1]])",
    "diagram": "NetworkDiagram(network, DARK_THEME).show_activations(trace)",
    "in another look": "netviz.notebook.use(theme='dark', language='ko')\nblame",
    **{
        suffix: f"render(Passes, 'clip.{suffix}', width=160)"
        for suffix in ("mp4", "webm", "gif", "png", "svg", "pdf")
    },
    "gone": "clip = render(Passes, 'gone.png', width=160)\nclip.path.unlink()\nclip",
    "after": "dict(config) == config_before",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("notebook")


@pytest.fixture(scope="module")
def outputs(folder: Path) -> dict[str, MimeBundle]:
    """Return what each cell but the first displays; no cell prints anything."""
    cells = [v4.new_code_cell(source) for source in CELLS.values()]
    done = execute(v4.new_notebook(cells=cells), folder)
    assert "".join(map(printed, done.cells)) == ""
    return {name: shown(cell) for name, cell in list(zip(CELLS, done.cells, strict=True))[1:]}


def root_of(bundle: MimeBundle) -> ElementTree.Element:
    return ElementTree.fromstring(bundle["image/svg+xml"])


def texts(bundle: MimeBundle) -> list[str]:
    """Return every text in a picture."""
    return sorted(text.text or "" for text in root_of(bundle).iter(f"{SVG}text"))


def background(bundle: MimeBundle) -> str:
    return root_of(bundle).find(f"{SVG}rect").attrib["fill"]


def numbers(*layers: np.ndarray, form: str) -> list[str]:
    return [format(value, form).replace("-", "−") for layer in layers for value in layer]


ACTIVATIONS = numbers(*TRACE.activations, form=".2f")
BLAMES = numbers(*(layer.blame for layer in BLAME.layers), form="+.3f")
NAMES = EN.layer_names(3)


def test_a_network_is_its_diagram(outputs: dict[str, MimeBundle]) -> None:
    assert texts(outputs["network"]) == sorted(NAMES)
    assert background(outputs["network"]) == LIGHT_THEME.background


def test_a_trace_is_the_diagram_with_its_numbers(outputs: dict[str, MimeBundle]) -> None:
    assert texts(outputs["forward"]) == sorted(NAMES + ACTIVATIONS)
    assert texts(outputs["backward"]) == sorted(NAMES + ACTIVATIONS + BLAMES)


def test_blame_is_also_drawn_as_rings(outputs: dict[str, MimeBundle]) -> None:
    def rings(name: str) -> int:
        paths = root_of(outputs[name]).iter(f"{SVG}path")
        return sum(
            path.get("stroke") == LIGHT_THEME.blame and "fill" not in path.attrib for path in paths
        )

    assert rings("forward") == 0
    assert rings("backward") == 4


@pytest.mark.parametrize(
    ("name", "value"), [("network", NETWORK), ("forward", TRACE), ("backward", BLAME)]
)
def test_title_description_and_text_describe_the_picture(
    outputs: dict[str, MimeBundle], name: str, value: Network
) -> None:
    root = root_of(outputs[name])
    assert root.find(f"{SVG}title").text == "3-2-2"
    assert root.find(f"{SVG}desc").text == alt_text(value, EN)
    assert outputs[name]["text/plain"] == repr(value)


def test_the_description_contains_only_what_the_picture_shows() -> None:
    network, trace, blame = (alt_text(value, EN) for value in (NETWORK, TRACE, BLAME))
    assert blame.startswith(f"{trace} ")
    assert trace.startswith(f"{network} ")
    assert not re.search(r"\d\.\d", network)
    assert "target" in blame
    assert "target" not in trace


def test_a_batch_is_displayed_as_text(outputs: dict[str, MimeBundle]) -> None:
    assert set(outputs["batch"]) == set(outputs["batch, back"]) == {"text/plain"}


def test_a_diagram_is_displayed_as_it_is(outputs: dict[str, MimeBundle]) -> None:
    assert texts(outputs["diagram"]) == sorted(NAMES + ACTIVATIONS)
    assert background(outputs["diagram"]) == DARK_THEME.background
    assert "text/plain" in outputs["diagram"]


def test_theme_and_language_hold_for_all_following_cells(outputs: dict[str, MimeBundle]) -> None:
    bundle = outputs["in another look"]
    assert background(bundle) == DARK_THEME.background
    assert texts(bundle) == sorted(KO.layer_names(3) + ACTIVATIONS + BLAMES)
    assert root_of(bundle).find(f"{SVG}desc").text == alt_text(BLAME, KO)


def embedded(bundle: MimeBundle, kind: str) -> bytes:
    """Return the file that is embedded in the HTML."""
    assert set(bundle) == {"text/html", "text/plain"}
    return b64decode(re.search(rf'src="data:{kind};base64,([^"]+)"', bundle["text/html"])[1])


@pytest.mark.parametrize("suffix", ["mp4", "webm"])
def test_a_video_is_embedded(outputs: dict[str, MimeBundle], folder: Path, suffix: str) -> None:
    data = embedded(outputs[suffix], f"video/{suffix}")
    assert outputs[suffix]["text/html"].startswith("<video controls ")
    assert data == (folder / f"clip.{suffix}").read_bytes()
    with av.open(io.BytesIO(data)) as film:
        frames = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert frames[0].shape == (90, 160, 3)
    assert len(frames) == 12
    assert np.abs(frames[0].astype(int) - frames[-1]).max() > 50


def test_a_gif_is_embedded_with_an_alternative_text(outputs: dict[str, MimeBundle]) -> None:
    with Image.open(io.BytesIO(embedded(outputs["gif"], "image/gif"))) as image:
        assert (image.format, image.size) == ("GIF", (160, 90))
        assert image.n_frames > 5
    alt = re.search(r'alt="([^"]+)"', outputs["gif"]["text/html"])[1]
    assert unescape(alt) == outputs["gif"]["text/plain"]
    assert re.fullmatch(r"clip\.gif  0\.8 s  160×90  \d+ kB", outputs["gif"]["text/plain"])


def test_still_images_are_embedded(outputs: dict[str, MimeBundle], folder: Path) -> None:
    with Image.open(io.BytesIO(b64decode(outputs["png"]["image/png"]))) as image:
        assert (image.format, image.size) == ("PNG", (160, 90))
    assert set(texts(outputs["svg"])) >= set(ACTIVATIONS + BLAMES)
    assert outputs["svg"]["image/svg+xml"] == (folder / "clip.svg").read_text("utf-8")


def test_a_pdf_is_displayed_as_a_line_of_text(outputs: dict[str, MimeBundle]) -> None:
    assert set(outputs["pdf"]) == {"text/plain"}
    assert re.fullmatch(r"clip\.pdf  160×90  \d+ kB", outputs["pdf"]["text/plain"])


def test_a_missing_file_is_reported(outputs: dict[str, MimeBundle]) -> None:
    assert outputs["gone"] == {
        "text/plain": "gone.png cannot be shown (No such file or directory)."
    }


def test_the_configuration_of_manim_is_unchanged(outputs: dict[str, MimeBundle]) -> None:
    assert outputs["after"]["text/plain"] == "True"


# ---- without a kernel ---------------------------------------------------------------------------


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebook, "_look", notebook._Look())


@pytest.mark.usefixtures("look")
def test_a_theme_brings_its_style() -> None:
    notebook.use(theme=replace(LIGHT_THEME, style=Style(names=("in", "between", "out"))))
    assert texts({"image/svg+xml": NETWORK._repr_svg_()}) == ["between", "in", "out"]


@pytest.mark.usefixtures("look")
def test_the_example_runs() -> None:
    result = doctest.testmod(notebook, globs={"netviz": netviz})
    assert (result.failed, result.attempted) == (0, 1)


@pytest.mark.usefixtures("look")
def test_an_option_that_is_not_given_stays() -> None:
    notebook.use(theme=DARK_THEME)
    notebook.use(language=KO)
    bundle = {"image/svg+xml": NETWORK._repr_svg_()}
    assert background(bundle) == DARK_THEME.background
    assert texts(bundle) == sorted(KO.layer_names(3))


@pytest.mark.usefixtures("look")
def test_an_unknown_theme_or_language_is_refused() -> None:
    with pytest.raises(ProblemError, match=r"theme is 'drak': expected one of .*; did you"):
        notebook.use(theme="drak", language="ko")
    with pytest.raises(ProblemError, match="language is 'kr': expected one of "):
        notebook.use(theme="dark", language="kr")
    assert notebook._look == notebook._Look()


def test_without_netviz_the_core_draws_no_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Pictured, "artist", None)
    assert [value._repr_svg_() for value in (NETWORK, TRACE, BLAME)] == [None] * 3


def test_a_network_that_cannot_be_trained_can_be_drawn() -> None:
    gate = Network.from_weights([[[0.5, 0.5]]], [[-0.7]], "step")
    svg = forward(gate, [1.0, 1.0])._repr_svg_()
    assert texts({"image/svg+xml": svg}) == ["1.00", "1.00", "1.00", "input", "output"]


def test_the_svg_of_a_large_network_is_small() -> None:
    network = Network.random([784, 128, 64, 10], rng=7)
    trace = forward(network, np.linspace(0, 1, 784))
    bundle = {"image/svg+xml": backward(network, trace, np.eye(10)[3])._repr_svg_()}
    assert len(bundle["image/svg+xml"].encode()) < 500_000
    assert {"784", "128", "64"} <= set(texts(bundle))
    assert repr(trace).count("\n") == 0


def test_file_names_are_escaped_in_html(tmp_path: Path) -> None:
    path = tmp_path / 'a" onload="<b>.gif'
    path.write_bytes(b"GIF")
    bundle = Rendered(path, 1.0, 2, 2, 3, ())._repr_mimebundle_()
    page = ElementTree.fromstring(bundle["text/html"].replace('">', '"/>'))
    assert set(page.attrib) == {"style", "alt", "src"}
    assert page.attrib["alt"] == bundle["text/plain"]
