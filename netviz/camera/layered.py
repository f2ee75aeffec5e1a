"""LayeredCamera: a manim camera that draws again only what has changed since the frame before.

A frame is a stack. What has stood still at the bottom of it is one picture; what stands still
above something that moves are pictures too, cels, as large as they need to be. So a frame is the
lowest picture, copied; what moves, drawn; the cels, laid over it. The result is manim's own to
within rounding, whatever is on screen: what the camera does not know to handle manim draws.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise, takewhile
from typing import Any
from weakref import WeakKeyDictionary

import cairo
import numpy as np
from manim import Mobject, MovingCamera, VMobject
from numpy.typing import NDArray

from netviz.camera.cel import Lens, lay
from netviz.camera.looks import Looks, outline
from netviz.camera.strands import Strands

Pixels = NDArray[np.uint8]

# Fewer paths than this are as quickly drawn as laid, and more than that make a cel that is too
# dear to be drawn again when one of them moves.
_FEWEST, _MOST = 4, 64


class LayeredCamera(MovingCamera):
    """Sees what a ``MovingCamera`` sees, faster.

    Attributes:
        lens: How the plane is mapped to the pixels of the frame that is drawn.
    """

    def __init__(self, **kwargs: Any) -> None:
        """Begin with nothing drawn."""
        super().__init__(**kwargs)
        self._looks = Looks()
        self._strands = Strands(self)
        self._see(self._lens_now())

    def _see(self, lens: Lens) -> None:
        """Begin anew, because all is seen otherwise than before."""
        self.lens = lens
        self._traced: WeakKeyDictionary[VMobject, tuple[Any, cairo.Path]] = WeakKeyDictionary()
        self._marks: list[int] = []
        self._cels: dict[tuple[int, ...], cairo.ImageSurface] = {}
        # The lowest picture, what it was drawn on, and how many of the marks are in it.
        self._base: Pixels | None = None
        self._base_ground: Pixels | None = None
        self._base_size = 0

    # ---- what manim asks ------------------------------------------------------------------------

    def set_pixel_array(self, pixel_array: Any, convert_from_floats: bool = False) -> None:
        """Begin a frame; the array, which nobody changes, tells what it is drawn on."""
        self._ground = pixel_array
        super().set_pixel_array(pixel_array, convert_from_floats)

    def get_mobjects_to_display(
        self,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        """What manim finds, in time that grows with their number and not with its square."""
        if excluded_mobjects or not include_submobjects:
            return list(
                super().get_mobjects_to_display(mobjects, include_submobjects, excluded_mobjects)
            )
        family = _family(mobjects)
        return sorted(family, key=lambda m: m.z_index) if self.use_z_index else family

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw mobjects over what the frame began with."""
        lens = self._lens_now()
        if lens != self.lens:
            self._see(lens)
        shown = self.get_mobjects_to_display(mobjects, **kwargs)
        if all(isinstance(m, VMobject) and m.background_image is None for m in shown):
            self._draw_frame(shown)
        else:
            super().capture_mobjects(shown, include_submobjects=False)

    def display_multiple_non_background_colored_vmobjects(
        self, vmobjects: Iterable[VMobject], pixel_array: Pixels
    ) -> None:
        """Draw paths, as manim does but for those of many lines."""
        self._draw(list(vmobjects), self.get_cairo_context(pixel_array))

    def set_cairo_context_path(self, ctx: cairo.Context[Any], vmobject: VMobject) -> LayeredCamera:
        """Trace a path, as cairo traced it the last time if its points are where they were."""
        points, held = outline(vmobject), self._traced.get(vmobject)
        if held is not None and held[0] == points:
            ctx.new_path()
            ctx.append_path(held[1])
            return self
        super().set_cairo_context_path(ctx, vmobject)
        self._traced[vmobject] = points, ctx.copy_path()
        return self

    # ---- the stack ------------------------------------------------------------------------------

    def _draw_frame(self, paths: list[VMobject]) -> None:
        before, marks = self._marks, self._looks.marks(paths)
        pairs = zip(before, marks, strict=False)
        still = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        self._draw_base(paths, still)
        context = self.get_cairo_context(self.pixel_array)
        held, self._cels, self._marks = self._cels, {}, marks
        for first, last, moving in _parts(marks, still, set(before)):
            part = paths[first:last]
            if moving or len(part) < _FEWEST:
                self._draw(part, context)
                continue
            key = tuple(marks[first:last])
            self._cels[key] = held.get(key) or self._cel(part)
            lay(self._cels[key], context)

    def _draw_base(self, paths: Sequence[VMobject], still: int) -> None:
        """Bring the frame to where the first ``still`` paths are drawn."""
        if self._base is None or self._base_ground is not self._ground or self._base_size > still:
            self._base, self._base_ground = self.pixel_array.copy(), self._ground
            self._base_size = 0
        self._draw(paths[self._base_size : still], self.get_cairo_context(self._base))
        self._base_size = still
        np.copyto(self.pixel_array, self._base)

    def _cel(self, paths: Sequence[VMobject]) -> cairo.ImageSurface:
        cel = self.lens.cel(cairo.FORMAT_ARGB32, paths)
        self._draw(paths, self.lens.context(cel))
        return cel

    def _draw(self, paths: Sequence[VMobject], context: cairo.Context[Any]) -> None:
        for of_strands, group in groupby(paths, key=lambda path: hasattr(path, "lines_apart")):
            if of_strands:
                self._strands.draw(list(group), context)
            else:
                for path in group:
                    self.display_vectorized(path, context)

    def _lens_now(self) -> Lens:
        width, height = self.pixel_width, self.pixel_height
        x, y, _ = self.frame_center
        xx, yy = width / self.frame_width, -height / self.frame_height
        matrix = (xx, 0.0, 0.0, yy, width / 2 - x * xx, height / 2 - y * yy)
        return Lens(width, height, matrix, self.cairo_line_width_multiple)


def _parts(marks: Sequence[int], first: int, before: set[int]) -> Iterator[tuple[int, int, bool]]:
    """Runs of what moves and of what stands still, as (first, last + 1, whether it moves).

    A long run that stands still is cut from its end: what has moved and stands still now joins it
    in front.
    """
    for moving, group in groupby(range(first, len(marks)), key=lambda i: marks[i] not in before):
        run = list(group)
        end = run[-1] + 1
        cuts = [run[0], *range(end - _MOST, run[0], -_MOST)[::-1], end]
        for start, stop in pairwise(cuts):
            yield start, stop, moving


def _family(mobjects: Iterable[Mobject]) -> list[Mobject]:
    """All that have points, and their parts; if one comes twice, its later place counts.

    That is manim's order. Most mobjects are groups and what is not shown: a call for each of them
    would be most of the time that a large network takes.
    """
    found: dict[Mobject, None] = {}
    passed: set[Mobject] = set()

    def gather(parts: Iterable[Mobject]) -> None:
        for part in parts:
            if part.submobjects:
                if part in passed:
                    continue
                passed.add(part)
                gather(reversed(part.submobjects))
            if len(part.points) and part not in found:
                found[part] = None

    gather(reversed(list(mobjects)))
    return list(found)[::-1]
