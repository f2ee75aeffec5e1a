"""SVG and PDF: the paths of a picture, its lines of text as text, its title and description.

Invisible text lies over the letters, which are paths, so that it can be found, selected and copied.
SVG is written without cairo, whose own SVG differs between versions, numbers its elements by what
was drawn before, and contains neither text nor a title.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import cairo

if TYPE_CHECKING:
    from netviz.camera import TextLine
    from netviz.export.picture import Picture, Window
    from netviz.export.take import Take

# Units of an SVG file in a frame unit: a line of manim's stroke width 4.5 is then 4.5 wide.
UNITS = 100
JOINS = {cairo.LineJoin.ROUND: "round", cairo.LineJoin.BEVEL: "bevel"}
CAPS = {cairo.LineCap.ROUND: "round", cairo.LineCap.SQUARE: "square"}

POINTS = 0.75  # a point of a PDF is 1/72 inch, a pixel of CSS 1/96
# cairo omits text of a lower opacity; over letters in the same place, this much is invisible.
INVISIBLE = 0.004


# What XML 1.0 forbids in a text; cairo refuses the same in a PDF.
_NO_TEXT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


# ---- SVG -----------------------------------------------------------------------------------------


def draw_svg(take: Take, draft: Path) -> tuple[int, int]:
    """Write the frame of the take as SVG."""
    with take.picture() as picture:
        draft.write_text(_document(picture), encoding="utf-8")
        return picture.size


def _allowed(text: str) -> str:
    """Return a text without the characters that no file may contain."""
    return _NO_TEXT.sub("", text)


def _xml(text: str) -> str:
    """Escape a text for XML."""
    return escape(_allowed(text))


def _document(picture: Picture) -> str:
    pen = Pen(picture.window)
    lines = picture.draw_on(pen)
    return "\n".join(
        [
            *_head(picture),
            *(["<defs>", *pen.gradients.values(), "</defs>"] if pen.gradients else []),
            # cairo's miter limit; its other defaults are also those of SVG.
            '<g fill="none" stroke-miterlimit="10">',
            *pen.finished(),
            "</g>",
            *_text_layer(lines, picture.window),
            "</svg>\n",
        ]
    )


def _head(picture: Picture) -> list[str]:
    (width, height), window, page = picture.size, picture.window, picture.page
    box = f"0 0 {_number(UNITS * window.width)} {_number(UNITS * window.height)}"
    color, opacity = picture.background
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{box}" role="img">',
        f"<title>{_xml(page.title)}</title>",
        *([f"<desc>{_xml(page.description)}</desc>"] if page.description else []),
        *([f'<rect width="100%" height="100%" fill="{color}"/>'] if opacity else []),
    ]


def _text_layer(lines: Sequence[TextLine], window: Window) -> list[str]:
    """Return invisible text over the letters."""
    if not lines:
        return []
    layer = '<g fill-opacity="0" font-family="sans-serif" aria-hidden="true">'
    return [layer, *(_text(line, window) for line in lines), "</g>"]


def _text(line: TextLine, window: Window) -> str:
    x, y = line.left - window.left, window.top - line.foot
    length = line.right - line.left
    numbers = {"x": x, "y": y, "font-size": line.em, "textLength": length}
    attributes = {name: _number(UNITS * number) for name, number in numbers.items()}
    return _element("text", attributes | {"lengthAdjust": "spacingAndGlyphs"}, _xml(line.text))


class Pen:
    """Writes SVG through the methods of a cairo context that manim calls.

    A path that is filled and then stroked becomes one element: SVG also fills before it strokes.

    Attributes:
        gradients: The gradient elements by their id.
    """

    def __init__(self, window: Window) -> None:
        """Start without paths; the top left of ``window`` is the origin of the file."""
        self.gradients: dict[str, str] = {}
        self._window = window
        self._paths: list[str] = []
        self._path: list[str] = []
        self._looks: dict[str, str] = {}
        self._source = ("#000000", 1.0)
        self._line: dict[str, str] = {}

    def finished(self) -> list[str]:
        """Return the elements of all paths."""
        self._end_element()
        return self._paths

    # ---- paths ----------------------------------------------------------------------------------

    def new_path(self) -> None:
        """Start a new path."""
        self._end_element()
        self._path = []

    def new_sub_path(self) -> None:
        """Do nothing: a move starts a subpath."""

    def move_to(self, x: float, y: float) -> None:
        """Start a subpath."""
        self._path.append(f"M{self._point(x, y)}")

    def curve_to(self, *points: float) -> None:
        """Add a cubic Bézier curve, given by two handles and its end."""
        pairs = zip(points[::2], points[1::2], strict=True)
        self._path.append("C" + " ".join(self._point(x, y) for x, y in pairs))

    def close_path(self) -> None:
        """Close the subpath."""
        self._path.append("Z")

    def _point(self, x: float, y: float) -> str:
        window = self._window
        return f"{_number(UNITS * (x - window.left))},{_number(UNITS * (window.top - y))}"

    # ---- paint ----------------------------------------------------------------------------------

    def set_source_rgba(self, red: float, green: float, blue: float, alpha: float) -> None:
        """Set the paint to a colour, with channels from 0 to 1."""
        self._source = (_hex(red, green, blue), alpha)

    def set_source(self, gradient: cairo.LinearGradient) -> None:
        """Set the paint to a gradient."""
        x1, y1, x2, y2 = gradient.get_linear_points()
        ends = f"{self._point(x1, y1)},{self._point(x2, y2)}".split(",")
        places = dict(zip(("x1", "y1", "x2", "y2"), ends, strict=True))
        stops = "".join(
            _element(
                "stop",
                {"offset": _number(at), "stop-color": _hex(*rgb), "stop-opacity": _number(alpha)},
            )
            for at, *rgb, alpha in gradient.get_color_stops_rgba()
        )
        name = _name_of(f"{places}{stops}")
        attributes = {"id": name, **places, "gradientUnits": "userSpaceOnUse"}
        self.gradients[name] = _element("linearGradient", attributes, stops)
        self._source = (f"url(#{name})", 1.0)

    def set_line_width(self, width: float) -> None:
        """Set the line width in frame units."""
        self._line["stroke-width"] = _number(UNITS * width)

    def set_line_join(self, join: cairo.LineJoin) -> None:
        """Set how lines are joined."""
        self._line["stroke-linejoin"] = JOINS.get(join, "miter")

    def set_line_cap(self, cap: cairo.LineCap) -> None:
        """Set how lines end."""
        self._line["stroke-linecap"] = CAPS.get(cap, "butt")

    def fill_preserve(self) -> None:
        """Fill the path."""
        if self._looks:
            self._end_element()
        self._paint("fill")

    def stroke_preserve(self) -> None:
        """Stroke the path."""
        if "stroke" in self._looks:
            self._end_element()
        if self._paint("stroke"):
            plain = ("miter", "butt")
            self._looks |= {name: look for name, look in self._line.items() if look not in plain}

    def _paint(self, how: str) -> bool:
        paint, alpha = self._source
        if alpha <= 0:
            return False
        self._looks[how] = paint
        if alpha < 1:
            self._looks[f"{how}-opacity"] = _number(alpha)
        return True

    def _end_element(self) -> None:
        if self._looks and self._path:
            self._paths.append(_element("path", self._looks | {"d": "".join(self._path)}))
        self._looks = {}


def _element(name: str, attributes: dict[str, str], inside: str = "") -> str:
    written = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<{name} {written}>{inside}</{name}>" if inside else f"<{name} {written}/>"


def _name_of(gradient: str) -> str:
    """Return an id derived from the gradient: ids are shared by all pictures on a web page."""
    return f"gradient-{blake2b(gradient.encode(), digest_size=6).hexdigest()}"


def _hex(*channels: float) -> str:
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in channels)


def _number(value: float) -> str:
    """Format a number to two decimals, as short as possible, never as -0."""
    return f"{round(value, 2) + 0.0:.12g}"


# ---- PDF -----------------------------------------------------------------------------------------


def draw_pdf(take: Take, draft: Path) -> tuple[int, int]:
    """Write the frame of the take as a PDF of one page."""
    # cairo does not report a full disk, so it writes to memory.
    written = io.BytesIO()
    with take.picture() as picture, cairo.PDFSurface(written, *_page_size(picture)) as surface:
        surface.set_metadata(cairo.PDFMetadata.TITLE, _allowed(picture.page.title))
        surface.set_metadata(cairo.PDFMetadata.SUBJECT, _allowed(picture.page.description))
        surface.set_metadata(cairo.PDFMetadata.CREATOR, "netviz")
        surface.set_metadata(
            cairo.PDFMetadata.CREATE_DATE, ""
        )  # the same picture gives the same file
        _draw_page(picture, cairo.Context(surface))
        size = picture.size
    draft.write_bytes(written.getvalue())
    return size


def _page_size(picture: Picture) -> tuple[float, float]:
    width, height = picture.size
    return POINTS * width, POINTS * height


def _draw_page(picture: Picture, context: cairo.Context[cairo.PDFSurface]) -> None:
    color, opacity = picture.background
    red, green, blue = bytes.fromhex(color[1:])
    if opacity:
        context.set_source_rgb(red / 255, green / 255, blue / 255)
        context.paint()
    window = picture.window
    scale = _page_size(picture)[0] / window.width
    context.set_matrix(cairo.Matrix(scale, 0, 0, -scale, -scale * window.left, scale * window.top))
    for line in picture.draw_on(context):
        _write_line(line, context)


def _write_line(line: TextLine, context: cairo.Context[cairo.PDFSurface]) -> None:
    """Write invisible text over the letters of a line, scaled to the same width."""
    text = _allowed(line.text)
    if not text.strip():
        return
    context.save()
    context.set_source_rgba(0.5, 0.5, 0.5, INVISIBLE)
    context.translate(line.left, line.foot)
    context.scale(line.em, -line.em)
    context.set_font_size(1)
    advance = context.text_extents(text).x_advance
    if advance > 0:
        context.scale((line.right - line.left) / line.em / advance, 1)
        context.move_to(0, 0)
        context.show_text(text)
    context.restore()
