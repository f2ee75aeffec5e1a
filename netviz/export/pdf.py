"""PDF: the paths of a picture on one page, with text that can be found, selected and copied."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import cairo

if TYPE_CHECKING:
    from netviz.export.picture import Line, Picture
    from netviz.export.stage import Take

POINTS = 0.75  # a point is 1/72 inch, a pixel of CSS 1/96
# Cairo leaves out what is less opaque, and no eye sees this much over letters of the same place.
UNSEEN = 0.004


def write(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write the picture that is asked for."""
    with take.picture() as picture, cairo.PDFSurface(str(draft), *_page(picture)) as surface:
        surface.set_metadata(cairo.PDFMetadata.TITLE, picture.sheet.title)
        surface.set_metadata(cairo.PDFMetadata.SUBJECT, picture.sheet.description)
        surface.set_metadata(cairo.PDFMetadata.CREATOR, "netviz")
        surface.set_metadata(cairo.PDFMetadata.CREATE_DATE, "")  # the same picture, the same file
        _draw(picture, cairo.Context(surface))
        return 0.0, picture.size


def _page(picture: Picture) -> tuple[float, float]:
    width, height = picture.size
    return POINTS * width, POINTS * height


def _draw(picture: Picture, context: cairo.Context[cairo.PDFSurface]) -> None:
    color, opacity = picture.background
    red, green, blue = bytes.fromhex(color[1:])
    if opacity:
        context.set_source_rgb(red / 255, green / 255, blue / 255)
        context.paint()
    window = picture.window
    scale = _page(picture)[0] / window.width
    context.set_matrix(cairo.Matrix(scale, 0, 0, -scale, -scale * window.left, scale * window.top))
    for line in picture.draw_on(context):
        _write(line, context)


def _write(line: Line, context: cairo.Context[cairo.PDFSurface]) -> None:
    """Lay text over the letters of a line, as wide as they are."""
    context.save()
    context.set_source_rgba(0.5, 0.5, 0.5, UNSEEN)
    context.translate(line.left, line.foot)
    context.scale(line.em, -line.em)
    context.set_font_size(1)
    advance = context.text_extents(line.text).x_advance
    context.scale((line.right - line.left) / line.em / advance, 1)
    context.move_to(0, 0)
    context.show_text(line.text)
    context.restore()
