"""SVG and PDF, read again: colours and places of paths, and text that can be found."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import cairo
import numpy as np
import pytest
from manim import (
    DOWN,
    RIGHT,
    Camera,
    ImageMobject,
    Line,
    LineJointType,
    MovingCameraScene,
    Scene,
    Square,
    ThreeDScene,
)
from PIL import Image

from netviz.core import Network, backward, forward
from netviz.drawing import NetworkDiagram, TextLabel
from netviz.export import ExportError, Page, render
from netviz.theme import DARK_THEME, LIGHT_THEME, Theme

pytestmark = pytest.mark.usefixtures("in_empty_folder")

SVG = "{http://www.w3.org/2000/svg}"
NETWORK = Network.random([3, 2, 2], activation="sigmoid", rng=7)
TRACE = forward(NETWORK, [0.5, 0.2, 0.8])
BLAME = backward(NETWORK, TRACE, [1.0, 0.0], "mse")
TIGHT = Page(tight=True, title="a < b", description='"c" & d')


def drawing_of(network: Network, theme: Theme) -> type[Scene]:
    class Drawing(Scene):
        def construct(self) -> None:
            self.camera.background_color = theme.background
            diagram = NetworkDiagram(network, theme)
            self.add(diagram.show_activations(TRACE).show_blame(BLAME))

    return Drawing


class Shapes(Scene):
    """A square with a gradient and a border behind it, a translucent square, and a line."""

    def construct(self) -> None:
        square = Square(2, fill_opacity=1, stroke_width=0).set_color(["#FF0000", "#0000FF"])
        square.set_stroke("#00FF00", 8, background=True)
        half = Square(2, fill_color="#F1A40F", fill_opacity=0.5, stroke_width=0).shift(3 * RIGHT)
        line = Line(3 * DOWN, 3 * DOWN + RIGHT, color="#112233", stroke_width=12)
        line.joint_type = LineJointType.ROUND
        self.add(square, half, line)


class Written(Scene):
    """One word and nothing else."""

    def construct(self) -> None:
        self.add(TextLabel("−0.5 word", DARK_THEME, em=1.5).shift(DOWN))


class Zoomed(MovingCameraScene):
    """A square that fills the height of the frame after a zoom."""

    def construct(self) -> None:
        self.add(Square(2, fill_opacity=1, stroke_width=0).shift(RIGHT))
        self.play(self.camera.frame.animate.set(width=32 / 9).move_to(RIGHT))


class Photograph(Scene):
    """An image of pixels."""

    def construct(self) -> None:
        self.add(ImageMobject(np.zeros((2, 2), np.uint8)))


class Space(ThreeDScene):
    """A scene with a 3-D camera."""

    def construct(self) -> None:
        self.add(Square())


def svg_of(scene: type[Scene], page: Page = TIGHT, **options: Any) -> ElementTree.Element:
    render(scene, Path("a.svg"), page=page, **options)
    return ElementTree.parse("a.svg").getroot()


def pdf_of(scene: type[Scene], page: Page = TIGHT, **options: Any) -> bytes:
    """Return the file, followed by its decompressed streams."""
    render(scene, Path("a.pdf"), page=page, **options)
    data = Path("a.pdf").read_bytes()
    packed = re.findall(rb"stream\r?\n(.*?)\s*endstream", data, re.DOTALL)
    return data + b"\n".join(zlib.decompressobj().decompress(part) for part in packed)


def size_of(root: ElementTree.Element) -> tuple[float, float]:
    left, top, width, height = map(float, root.attrib["viewBox"].split())
    assert (left, top) == (0, 0)
    return width, height


def paths_of(root: ElementTree.Element) -> list[dict[str, str]]:
    return [path.attrib for path in root.iter(f"{SVG}path")]


def points_of(path: dict[str, str]) -> np.ndarray[Any, Any]:
    numbers = re.findall(r"-?\d+(?:\.\d+)?", path["d"])
    return np.array(numbers, float).reshape(-1, 2)


@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=lambda theme: theme.name)
def test_an_svg_has_paths_in_the_colors_of_the_theme_and_no_pixels(theme: Theme) -> None:
    root = svg_of(drawing_of(NETWORK, theme))
    assert {element.tag.removeprefix(SVG) for element in root.iter()} == {
        *("svg", "title", "desc", "rect", "g", "path", "text")
    }
    assert root.find(f"{SVG}rect").attrib["fill"] == theme.background
    used = {path.get(how) for path in paths_of(root) for how in ("fill", "stroke")}
    assert {theme.input, theme.first_hidden, theme.output, theme.blame, theme.edge} <= used


def test_every_text_is_present_and_invisible() -> None:
    root = svg_of(drawing_of(NETWORK, DARK_THEME))
    (layer,) = (group for group in root.iter(f"{SVG}g") if group.find(f"{SVG}text") is not None)
    assert layer.attrib["fill-opacity"] == "0"
    values = [f"{value:.2f}" for layer in TRACE.activations for value in layer]
    blames = [f"{value:+.3f}" for part in BLAME.layers for value in part.blame]
    names = ["input", "hidden", "output"]
    expected = [text.replace("-", "−") for text in values + blames + names]
    assert sorted(text.text for text in layer) == sorted(expected)


def test_text_lies_over_its_letters() -> None:
    root = svg_of(Written, Page())
    (path,), (text,) = paths_of(root), root.iter(f"{SVG}text")
    letters = points_of(path)
    left, foot, length = (float(text.attrib[name]) for name in ("x", "y", "textLength"))
    assert text.attrib["font-size"] == "150"
    assert letters[:, 0].min() == pytest.approx(left, abs=8)
    assert letters[:, 0].max() == pytest.approx(left + length, abs=8)
    assert foot == pytest.approx(np.median(letters[:, 1].round()[letters[:, 1] > foot - 3]), abs=3)
    assert text.text == "−0.5 word"


def test_an_svg_has_its_title_and_description() -> None:
    root = svg_of(Written)
    assert root.attrib["role"] == "img"
    assert [part.tag for part in root][:2] == [f"{SVG}title", f"{SVG}desc"]
    assert (root[0].text, root[1].text) == ("a < b", '"c" & d')
    default = svg_of(Written, Page())
    assert (default[0].text, default.find(f"{SVG}desc")) == ("Written", None)


def test_a_page_is_cut_to_the_drawing_or_is_the_whole_frame() -> None:
    made = render(Shapes, Path("tight.svg"), page=TIGHT, width=470)
    root = ElementTree.parse("tight.svg").getroot()
    width, height = size_of(root)
    # From the border of the first square to the second one, and down to the line, with margins.
    assert width == pytest.approx(400 + 100 + 4 + 30, abs=0.5)
    assert height == pytest.approx(400 + 4 + 6 + 30, abs=1)
    assert (made.width, made.height) == (470, round(470 * height / width))
    assert (root.attrib["width"], root.attrib["height"]) == ("470", str(made.height))
    whole = svg_of(Shapes, Page())
    assert size_of(whole) == pytest.approx((1422.22, 800), abs=0.01)
    assert (whole.attrib["width"], whole.attrib["height"]) == ("800", "450")


def test_width_changes_nothing_but_the_width() -> None:
    small, large = (svg_of(Shapes, Page(), width=width) for width in (320, 1280))
    assert paths_of(small) == paths_of(large)
    assert (small.attrib["width"], large.attrib["width"]) == ("320", "1280")


def test_strokes_fills_and_gradients_are_kept() -> None:
    root = svg_of(Shapes, Page())
    border, square, half, line = paths_of(root)
    assert (border["stroke"], border["stroke-width"]) == ("#00FF00", "8")
    assert (half["fill"], half["fill-opacity"]) == ("#F1A40F", "0.5")
    assert (line["stroke"], line["stroke-width"]) == ("#112233", "12")
    assert line["stroke-linejoin"] == "round"
    (gradient,) = root.iter(f"{SVG}linearGradient")
    assert square["fill"] == f"url(#{gradient.attrib['id']})"
    assert [stop.attrib["stop-color"] for stop in gradient] == ["#FF0000", "#0000FF"]
    assert points_of(half).min(axis=0) == pytest.approx([711.11 + 200, 300], abs=0.02)
    assert points_of(half).max(axis=0) == pytest.approx([711.11 + 400, 500], abs=0.02)


def test_gradients_of_several_pictures_have_different_ids() -> None:
    def painted(*colors: str) -> type[Scene]:
        class Painted(Scene):
            def construct(self) -> None:
                self.add(*(Square(2, fill_opacity=1).set_color([c, "#000000"]) for c in colors))

        return Painted

    pages = [svg_of(painted(*colors)) for colors in (["#FF0000", "#00FF00"], ["#00FF00"])]
    both, green = ([g.attrib["id"] for g in page.iter(f"{SVG}linearGradient")] for page in pages)
    assert len(both) == 2
    assert set(green) < set(both)


def test_a_zoom_of_the_camera_is_kept() -> None:
    root = svg_of(Zoomed, Page())
    assert size_of(root) == pytest.approx((355.56, 200), abs=0.01)
    (square,) = paths_of(root)
    assert points_of(square)[:, 1].min() == pytest.approx(0, abs=0.02)
    start = svg_of(Zoomed, Page(), at=0)
    assert size_of(start) == pytest.approx((1422.22, 800), abs=0.01)


def drawn(root: ElementTree.Element, width: int) -> np.ndarray[Any, Any]:
    """Rasterize the background and the paths of an SVG of ours, as RGB."""
    scale = width / size_of(root)[0]
    surface = cairo.ImageSurface(cairo.FORMAT_ARGB32, width, round(scale * size_of(root)[1]))
    context = cairo.Context(surface)
    context.set_source_rgba(*rgba(root.find(f"{SVG}rect").attrib, "fill"))
    context.paint()
    context.scale(scale, scale)
    for path in paths_of(root):
        context.new_path()
        for step, numbers in re.findall(r"([MCZ])([^MCZ]*)", path["d"]):
            move = {"M": context.move_to, "C": context.curve_to, "Z": context.close_path}[step]
            move(*(float(number) for number in re.findall(r"[^, ]+", numbers)))
        if "fill" in path:
            context.set_source_rgba(*rgba(path, "fill"))
            context.fill_preserve()
        if "stroke" in path:
            context.set_source_rgba(*rgba(path, "stroke"))
            context.set_line_width(float(path["stroke-width"]))
            context.stroke()
    pixels = np.ndarray((surface.get_height(), width, 4), np.uint8, surface.get_data())
    return pixels[..., 2::-1].astype(int)


def rgba(look: dict[str, str], how: str) -> list[float]:
    channels = [int(look[how][i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [*channels, float(look.get(f"{how}-opacity", 1))]


@pytest.mark.parametrize("theme", [DARK_THEME, LIGHT_THEME], ids=lambda theme: theme.name)
def test_an_svg_and_a_png_are_the_same_picture(theme: Theme) -> None:
    drawing = drawing_of(NETWORK, theme)
    render(drawing, Path("a.png"), page=TIGHT, width=854)
    difference = np.abs(
        drawn(svg_of(drawing, width=854), 854) - np.asarray(Image.open("a.png"), int)
    )
    assert difference.mean() < 0.1
    assert difference.max() < 24  # coordinates are kept to a hundredth


def test_a_pdf_is_one_page_of_paths() -> None:
    data = pdf_of(drawing_of(NETWORK, DARK_THEME), width=480)
    assert data.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    assert not re.search(rb"/Subtype\s*/Image\b", data)
    (box,) = re.findall(rb"/MediaBox\s*\[\s*0\s+0\s+(\S+)\s+(\S+)\s*\]", data)
    assert float(box[0]) == 360
    assert 180 < float(box[1]) < 300


def test_a_pdf_does_not_exchange_red_and_blue() -> None:
    data = pdf_of(drawing_of(NETWORK, DARK_THEME))
    for color in (DARK_THEME.background, DARK_THEME.input, DARK_THEME.blame):
        channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        written = rb"\s+".join(rb"%0.4f\d*" % (int(1e4 * c) / 1e4) for c in channels)
        assert re.search(written.replace(b"0.", b"0?\\."), data), color


def test_a_pdf_has_its_text_title_and_description() -> None:
    data = pdf_of(Written)
    assert re.search(rb"\bBT\b.*\bT[jJ]\b", data, re.DOTALL)
    maps = b"".join(re.findall(rb"begincmap.*?endcmap", data, re.DOTALL)).lower()
    assert [letter for letter in "−0.5 word" if b"<%04x>" % ord(letter) not in maps] == []
    assert b"a < b" in data
    assert b'"c" & d' in data


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png"])
def test_rendering_the_same_picture_twice_gives_the_same_file(suffix: str) -> None:
    first, second = (Path(name).with_suffix(suffix) for name in ("first", "second"))
    for output in (first, second):
        render(drawing_of(NETWORK, LIGHT_THEME), output, width=320, page=TIGHT)
        render(Shapes, Path("other").with_suffix(suffix))
    assert first.read_bytes() == second.read_bytes()


def test_transparent_pictures_have_no_background() -> None:
    clear = Page(transparent=True)
    assert svg_of(Shapes, clear).find(f"{SVG}rect") is None
    red = type("Red", (Shapes,), {"setup": lambda self: paint(self.camera)})
    painted = rb"\b1\s+0\s+0\s+rg\b"
    assert re.search(painted, pdf_of(red, Page()))
    assert not re.search(painted, pdf_of(red, clear))
    render(red, Path("a.png"), page=clear, width=854)
    with Image.open("a.png") as image:
        assert image.getpixel((2, 2))[3] == 0
        red_, green, blue, alpha = image.getpixel((427 + 180, 240))
    assert alpha == pytest.approx(128, abs=1)
    assert (red_, green, blue) == pytest.approx((0xF1, 0xA4, 0x0F), abs=2)


def paint(camera: Camera) -> None:
    camera.background_color = "#FF0000"


@pytest.mark.parametrize("suffix", [".svg", ".pdf"])
@pytest.mark.parametrize(
    ("scene", "sentence"),
    [
        (Photograph, "the picture contains pixels: expected only paths, or a .png as output"),
        (Space, "ThreeDCamera is not a 2-D camera: expected a .png as output"),
    ],
)
def test_what_cannot_be_drawn_as_paths_is_refused(
    suffix: str, scene: type[Scene], sentence: str
) -> None:
    with pytest.raises(ExportError, match=sentence):
        render(scene, Path("a").with_suffix(suffix))
    assert not list(Path().iterdir())


def test_an_empty_picture_is_the_whole_frame() -> None:
    assert size_of(svg_of(Scene)) == pytest.approx((1422.22, 800), abs=0.01)
