"""LayeredCamera: a manim camera that redraws only what has changed since the previous frame.

A frame is a stack of paths. The unchanged paths at the bottom are kept as one image, the base.
Unchanged paths above something that changes are kept as smaller images, called cels as in cel
animation. A frame is a copy of the base, on which changed paths are drawn and cels are painted. The
result equals that of manim's camera up to rounding; mobjects that are not paths are drawn by manim.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise, takewhile
from typing import Any
from weakref import WeakKeyDictionary

import cairo
import numpy as np
from manim import Mobject, MovingCamera, VMobject
from numpy.typing import NDArray

from netviz.camera.strands import Strands
from netviz.camera.versions import PathVersions, outline

Pixels = NDArray[np.uint8]

# Paths in a cel: drawing fewer is as fast as painting a cel, and a cel of more is too expensive to
# redraw when one of them moves.
_FEWEST, _MOST = 4, 64
# cairo's limit: a mitred corner extends at most this many half widths beyond its point.
_MITER_LIMIT = 10


@dataclass(frozen=True)
class Lens:
    """How the plane is mapped to pixels: what a frame depends on besides the mobjects.

    Attributes:
        width, height: Of the frame, in pixels.
        matrix: Maps the plane to pixels, as (xx, yx, xy, yy, x0, y0).
        thickness: Frame units in a unit of stroke width.
    """

    width: int
    height: int
    matrix: tuple[float, float, float, float, float, float]
    thickness: float

    def context(self, surface: cairo.ImageSurface) -> cairo.Context[cairo.ImageSurface]:
        """Return a context that draws on a surface in frame units."""
        context = cairo.Context(surface)
        context.set_matrix(cairo.Matrix(*self.matrix))
        return context

    def cel(self, form: cairo.Format, paths: Iterable[VMobject]) -> cairo.ImageSurface:
        """Return an empty surface that covers the visible part of some paths.

        Args:
            form: ``FORMAT_ARGB32`` for an image, ``FORMAT_A8`` for a mask.
            paths: Paths with points.
        """
        left, top, right, bottom = self._box(paths)
        surface = cairo.ImageSurface(form, right - left, bottom - top)
        surface.set_device_offset(-left, -top)
        return surface

    def _box(self, paths: Iterable[VMobject]) -> tuple[int, int, int, int]:
        """Return left, top, right, bottom in pixels: inside the frame, at least one pixel."""
        lows, highs = [], []
        for path in paths:
            widths = [path.get_stroke_width(background) for background in (False, True)]
            reach = max(widths) * self.thickness * _MITER_LIMIT / 2
            lows.append(path.points[:, :2].min(axis=0) - reach)
            highs.append(path.points[:, :2].max(axis=0) + reach)
        xx, _, _, yy, x0, y0 = self.matrix
        (low_x, low_y), (high_x, high_y) = np.min(lows, axis=0), np.max(highs, axis=0)
        left, right = _within(xx * low_x + x0, xx * high_x + x0, self.width)
        top, bottom = _within(yy * high_y + y0, yy * low_y + y0, self.height)
        return left, top, right, bottom


def _within(low: float, high: float, end: int) -> tuple[int, int]:
    """Return the range of at least one pixel between 0 and ``end`` that covers low to high."""
    first = int(np.clip(np.floor(low) - 1, 0, end - 1))
    return first, int(np.clip(np.ceil(high) + 1, first + 1, end))


class LayeredCamera(MovingCamera):
    """A faster ``MovingCamera``.

    Attributes:
        lens: How the plane is mapped to the pixels of the current frame.
    """

    def __init__(self, **kwargs: Any) -> None:
        """Start with nothing drawn."""
        super().__init__(**kwargs)
        self._path_versions = PathVersions()
        self._strands = Strands(self)
        self._reset_cache(self._current_lens())

    def _reset_cache(self, lens: Lens) -> None:
        """Forget everything drawn so far, because the lens has changed."""
        self.lens = lens
        self._traced: WeakKeyDictionary[VMobject, tuple[Any, cairo.Path]] = WeakKeyDictionary()
        self._versions: list[int] = []
        self._cels: dict[tuple[int, ...], cairo.ImageSurface] = {}
        # The base, the background it was drawn on, and how many of the versions are in it.
        self._base: Pixels | None = None
        self._base_background: Pixels | None = None
        self._base_size = 0

    def start_again(self) -> None:
        """Draw the next frame from scratch, to the last bit as if it were the first one."""
        self._reset_cache(self.lens)

    # ---- methods that manim calls ---------------------------------------------------------------

    def set_pixel_array(self, pixel_array: Any, convert_from_floats: bool = False) -> None:
        """Start a frame on the given background. Nothing changes the array."""
        self._background_pixels = pixel_array
        super().set_pixel_array(pixel_array, convert_from_floats)

    def get_mobjects_to_display(
        self,
        mobjects: Iterable[Mobject],
        include_submobjects: bool = True,
        excluded_mobjects: list[Mobject] | None = None,
    ) -> list[Mobject]:
        """Return the same as manim, in linear instead of quadratic time."""
        if excluded_mobjects or not include_submobjects:
            return list(
                super().get_mobjects_to_display(mobjects, include_submobjects, excluded_mobjects)
            )
        family = _family(mobjects)
        return sorted(family, key=lambda m: m.z_index) if self.use_z_index else family

    def capture_mobjects(self, mobjects: Iterable[Mobject], **kwargs: Any) -> None:
        """Draw mobjects on the background of the frame."""
        lens = self._current_lens()
        if lens != self.lens:
            self._reset_cache(lens)
        shown = self.get_mobjects_to_display(mobjects, **kwargs)
        if all(isinstance(m, VMobject) and m.background_image is None for m in shown):
            self._draw_frame(shown)
        else:
            super().capture_mobjects(shown, include_submobjects=False)

    def display_multiple_non_background_colored_vmobjects(
        self, vmobjects: Iterable[VMobject], pixel_array: Pixels
    ) -> None:
        """Draw paths: strands through their masks, others as manim does."""
        self._draw(list(vmobjects), self.get_cairo_context(pixel_array))

    def set_cairo_context_path(self, ctx: cairo.Context[Any], vmobject: VMobject) -> LayeredCamera:
        """Trace a path; if its points are unchanged, reuse cairo's path of the last time."""
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
        before, versions = self._versions, self._path_versions.of(paths)
        pairs = zip(before, versions, strict=False)
        still = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        self._draw_base(paths, still)
        context = self.get_cairo_context(self.pixel_array)
        held, self._cels, self._versions = self._cels, {}, versions
        for first, last, moving in _parts(versions, still, set(before)):
            part = paths[first:last]
            if moving or len(part) < _FEWEST:
                self._draw(part, context)
                continue
            key = tuple(versions[first:last])
            self._cels[key] = held.get(key) or self._cel(part)
            _paint_cel(self._cels[key], context)

    def _draw_base(self, paths: Sequence[VMobject], still: int) -> None:
        """Draw the first ``still`` paths: update the base and copy it into the frame."""
        if (
            self._base is None
            or self._base_background is not self._background_pixels
            or self._base_size > still
        ):
            self._base, self._base_background = self.pixel_array.copy(), self._background_pixels
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

    def _current_lens(self) -> Lens:
        width, height = self.pixel_width, self.pixel_height
        x, y, _ = self.frame_center
        xx, yy = width / self.frame_width, -height / self.frame_height
        matrix = (xx, 0.0, 0.0, yy, width / 2 - x * xx, height / 2 - y * yy)
        return Lens(width, height, matrix, self.cairo_line_width_multiple)


def _parts(
    versions: Sequence[int], first: int, before: set[int]
) -> Iterator[tuple[int, int, bool]]:
    """Yield runs of changed and of unchanged paths, as (first, last + 1, whether it changed).

    A long unchanged run is cut from its end, because paths that stop moving join it at the front.
    """
    for moving, group in groupby(
        range(first, len(versions)), key=lambda i: versions[i] not in before
    ):
        run = list(group)
        end = run[-1] + 1
        cuts = [run[0], *range(end - _MOST, run[0], -_MOST)[::-1], end]
        for start, stop in pairwise(cuts):
            yield start, stop, moving


def _paint_cel(cel: cairo.ImageSurface, context: cairo.Context[Any]) -> None:
    """Paint a cel over what is there."""
    context.save()
    context.identity_matrix()
    context.set_source_surface(cel, 0, 0)
    context.paint()
    context.restore()


def _family(mobjects: Iterable[Mobject]) -> list[Mobject]:
    """Return all mobjects and submobjects with points; of duplicates, the last one counts.

    This is manim's order. Most mobjects are groups or empty: a function call for each of them would
    take most of the time of a frame of a large network.
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
