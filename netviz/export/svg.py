"""SVG: the paths of a picture, its lines of text as text, and its title and description.

Written without cairo, whose own SVG differs from version to version, numbers its parts by what
else was drawn before, and has neither text nor title.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

import cairo

if TYPE_CHECKING:
    from netviz.export.picture import Line, Picture, Window
    from netviz.export.stage import Take

# Units of the file in one of the frame: then a line of manim's width 4.5 is 4.5 wide.
UNITS = 100
JOINS = {cairo.LineJoin.ROUND: "round", cairo.LineJoin.BEVEL: "bevel"}
CAPS = {cairo.LineCap.ROUND: "round", cairo.LineCap.SQUARE: "square"}


def write(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write the picture that is asked for."""
    with take.picture() as picture:
        draft.write_text(_document(picture), encoding="utf-8")
        return 0.0, picture.size


def _document(picture: Picture) -> str:
    pen = Pen(picture.window)
    lines = picture.draw_on(pen)
    return "\n".join(
        [
            *_head(picture),
            *(["<defs>", *pen.gradients.values(), "</defs>"] if pen.gradients else []),
            # The limit is cairo's; of its other defaults all but this are those of SVG too.
            '<g fill="none" stroke-miterlimit="10">',
            *pen.finished(),
            "</g>",
            *_layer_of_text(lines, picture.window),
            "</svg>\n",
        ]
    )


def _head(picture: Picture) -> list[str]:
    (width, height), window, sheet = picture.size, picture.window, picture.sheet
    box = f"0 0 {_number(UNITS * window.width)} {_number(UNITS * window.height)}"
    color, opacity = picture.background
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="{box}" role="img">',
        f"<title>{escape(sheet.title)}</title>",
        *([f"<desc>{escape(sheet.description)}</desc>"] if sheet.description else []),
        *([f'<rect width="100%" height="100%" fill="{color}"/>'] if opacity else []),
    ]


def _layer_of_text(lines: Sequence[Line], window: Window) -> list[str]:
    """Text to be found, selected and copied, unseen above the letters, which are paths."""
    if not lines:
        return []
    layer = '<g fill-opacity="0" font-family="sans-serif" aria-hidden="true">'
    return [layer, *(_text(line, window) for line in lines), "</g>"]


def _text(line: Line, window: Window) -> str:
    x, y = line.left - window.left, window.top - line.foot
    length = line.right - line.left
    numbers = {"x": x, "y": y, "font-size": line.em, "textLength": length}
    attributes = {name: _number(UNITS * number) for name, number in numbers.items()}
    return _element("text", attributes | {"lengthAdjust": "spacingAndGlyphs"}, escape(line.text))


class Pen:
    """The methods of a cairo context that manim calls, writing SVG.

    A path that is filled and then stroked becomes one element: SVG paints in that order too.

    Attributes:
        gradients: The elements that paths refer to, by their id.
    """

    def __init__(self, window: Window) -> None:
        """Start with nothing; the window's top left is the origin of the file."""
        self.gradients: dict[str, str] = {}
        self._window = window
        self._paths: list[str] = []
        self._path: list[str] = []
        self._looks: dict[str, str] = {}
        self._source = ("#000000", 1.0)
        self._line: dict[str, str] = {}

    def finished(self) -> list[str]:
        """The elements of everything that was drawn."""
        self._end_element()
        return self._paths

    # ---- paths ----------------------------------------------------------------------------------

    def new_path(self) -> None:
        """Begin something else."""
        self._end_element()
        self._path = []

    def new_sub_path(self) -> None:
        """Nothing: a move begins a part of a path."""

    def move_to(self, x: float, y: float) -> None:
        """Begin a part of the path."""
        self._path.append(f"M{self._point(x, y)}")

    def curve_to(self, *points: float) -> None:
        """Add a cubic Bézier curve: two handles and an end."""
        pairs = zip(points[::2], points[1::2], strict=True)
        self._path.append("C" + " ".join(self._point(x, y) for x, y in pairs))

    def close_path(self) -> None:
        """Go back to where the part began."""
        self._path.append("Z")

    def _point(self, x: float, y: float) -> str:
        window = self._window
        return f"{_number(UNITS * (x - window.left))},{_number(UNITS * (window.top - y))}"

    # ---- paint ----------------------------------------------------------------------------------

    def set_source_rgba(self, red: float, green: float, blue: float, alpha: float) -> None:
        """Take a colour, all parts 0 … 1."""
        self._source = (_hex(red, green, blue), alpha)

    def set_source(self, gradient: cairo.LinearGradient) -> None:
        """Take a gradient."""
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
        told = {"id": name, **places, "gradientUnits": "userSpaceOnUse"}
        self.gradients[name] = _element("linearGradient", told, stops)
        self._source = (f"url(#{name})", 1.0)

    def set_line_width(self, width: float) -> None:
        """Take a width in frame units."""
        self._line["stroke-width"] = _number(UNITS * width)

    def set_line_join(self, join: cairo.LineJoin) -> None:
        """Take a form of corners."""
        self._line["stroke-linejoin"] = JOINS.get(join, "miter")

    def set_line_cap(self, cap: cairo.LineCap) -> None:
        """Take a form of ends."""
        self._line["stroke-linecap"] = CAPS.get(cap, "butt")

    def fill_preserve(self) -> None:
        """Fill the path."""
        if self._looks:
            self._end_element()
        self._paint("fill")

    def stroke_preserve(self) -> None:
        """Draw along the path."""
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
    told = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    return f"<{name} {told}>{inside}</{name}>" if inside else f"<{name} {told}/>"


def _name_of(gradient: str) -> str:
    """An id that only the same gradient has, wherever else on a page there are pictures."""
    return f"gradient-{blake2b(gradient.encode(), digest_size=6).hexdigest()}"


def _hex(*channels: float) -> str:
    return "#" + "".join(f"{round(255 * channel):02X}" for channel in channels)


def _number(value: float) -> str:
    """To a hundredth, as short as it can be; never -0."""
    return f"{round(value, 2) + 0.0:.12g}"
