"""LayeredCamera: a manim camera that redraws only what has changed since the previous frame.

A frame is a stack of paths. The unchanged paths at the bottom are kept as one image, the base.
Unchanged paths above something that changes are kept as smaller images, called cels as in cel
animation. So a frame is the base and, above it, parts: runs of paths that are drawn, and cels that
are painted. The result equals that of manim's camera up to rounding; mobjects that are not paths
are drawn by manim.

Of two frames with the same base, only the box around the parts that differ is drawn. A frame
depends on the previous one in nothing but which paths have changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import groupby, pairwise, takewhile
from typing import Any
from weakref import WeakKeyDictionary

import cairo
import numpy as np
from manim import Mobject, MovingCamera, VMobject

from netviz.camera.frames import Pixels
from netviz.camera.strands import Strands
from netviz.camera.versions import PathVersions, outline

Box = tuple[int, int, int, int]
"""Left, top, right, bottom of a part of a frame in pixels, without its last column and row."""

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

    @property
    def frame(self) -> Box:
        """The box of the whole frame."""
        return 0, 0, self.width, self.height

    def cel(self, form: cairo.Format, paths: Iterable[VMobject]) -> cairo.ImageSurface:
        """Return an empty surface that covers the visible part of some paths.

        Args:
            form: ``FORMAT_ARGB32`` for an image, ``FORMAT_A8`` for a mask.
            paths: Paths with points.
        """
        left, top, right, bottom = self.box(paths)
        surface = cairo.ImageSurface(form, right - left, bottom - top)
        surface.set_device_offset(-left, -top)
        return surface

    def box(self, paths: Iterable[VMobject]) -> Box:
        """Return a box that covers the visible part of some paths, of at least one pixel."""
        lows, highs = [], []
        for path in paths:
            widths = [path.get_stroke_width(background) for background in (False, True)]
            reach = max(widths) * self.thickness * _MITER_LIMIT / 2
            lows.append(path.points[:, :2].min(axis=0) - reach)
            highs.append(path.points[:, :2].max(axis=0) + reach)
        xx, _, _, yy, x0, y0 = self.matrix
        (low_x, low_y), (high_x, high_y) = np.min(lows, axis=0), np.max(highs, axis=0)
        if not np.isfinite([low_x, low_y, high_x, high_y]).all():
            return self.frame
        left, right = _within(xx * low_x + x0, xx * high_x + x0, self.width)
        top, bottom = _within(yy * high_y + y0, yy * low_y + y0, self.height)
        return left, top, right, bottom


def _within(low: float, high: float, end: int) -> tuple[int, int]:
    """Return the range of at least one pixel between 0 and ``end`` that covers low to high."""
    first = int(np.clip(np.floor(low) - 1, 0, end - 1))
    return first, int(np.clip(np.ceil(high) + 1, first + 1, end))


def _around(one: Box, other: Box) -> Box:
    """Return the box around two boxes."""
    left, top = min(one[0], other[0]), min(one[1], other[1])
    return left, top, max(one[2], other[2]), max(one[3], other[3])


def _meet(one: Box, other: Box) -> bool:
    """Return whether two boxes overlap."""
    return all(one[i] < other[i + 2] and other[i] < one[i + 2] for i in (0, 1))


@dataclass(frozen=True)
class Part:
    """What lies above the base: a run of paths in a frame.

    Attributes:
        paths: The paths.
        box: Where they are.
        cel: Their image, if they are not drawn one by one.
    """

    paths: Sequence[VMobject]
    box: Box
    cel: cairo.ImageSurface | None


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
        # The base, the background it was drawn on, and how many of the versions are in it.
        self._base: Pixels | None = None
        self._base_background: Pixels | None = None
        self._base_size = 0
        # What lies above the base, by the versions of its paths; whether the pixels show that; and
        # where they have changed.
        self._parts: dict[tuple[int, ...], Part] = {}
        self._shown = False
        self._changes: Box | None = lens.frame

    def start_again(self) -> None:
        """Draw the next frame from scratch, to the last bit as if it were the first one."""
        self._reset_cache(self.lens)

    def note(self, mobjects: Iterable[Mobject]) -> None:
        """Take a frame as the previous one without drawing it."""
        shown = self._begin_frame(mobjects)
        if _are_paths(shown):
            self._versions, self._shown = self._path_versions.of(shown), False

    def changes(self) -> Box | None:
        """Return the box of the pixels that may have changed since the last call, or None."""
        box, self._changes = self._changes, None
        return box

    # ---- methods that manim calls ---------------------------------------------------------------

    def set_pixel_array(self, pixel_array: Any, convert_from_floats: bool = False) -> None:
        """Start a frame on the given background. Nothing changes the array.

        The pixels become those of the background when the frame is drawn, where they differ.
        """
        if convert_from_floats:
            pixel_array = self.convert_pixel_array(pixel_array)
        self._background_pixels = pixel_array
        if getattr(self, "pixel_array", np.empty(0)).shape != pixel_array.shape:
            super().set_pixel_array(pixel_array)

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
        shown = self._begin_frame(mobjects, **kwargs)
        if _are_paths(shown):
            self._draw_frame(shown)
        else:
            self._shown, self._changes = False, self.lens.frame
            np.copyto(self.pixel_array, self._background_pixels)
            super().capture_mobjects(shown, include_submobjects=False)

    def _begin_frame(self, mobjects: Iterable[Mobject], **kwargs: Any) -> list[Mobject]:
        """Return the mobjects of a frame, and forget everything if the lens has changed."""
        lens = self._current_lens()
        if lens != self.lens:
            self._reset_cache(lens)
        return self.get_mobjects_to_display(mobjects, **kwargs)

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
        base, held = self._drawn_base(paths, still), self._parts
        self._versions, self._parts = versions, {}
        for first, last, moving in _runs(versions, still, set(before)):
            key = tuple(versions[first:last])
            celled = not moving and last - first >= _FEWEST
            part = held.get(key)
            if part is None or (part.cel is not None) != celled:
                part = self._part(paths[first:last], celled)
            self._parts[key] = part
        box = _difference(held, self._parts) if self._shown else self.lens.frame
        if box is not None:
            self._compose(base, box)
            self._changes = box if self._changes is None else _around(self._changes, box)
        self._shown = True

    def _drawn_base(self, paths: Sequence[VMobject], still: int) -> Pixels:
        """Return the base, with the first ``still`` paths drawn on the background."""
        if (
            self._base is None
            or self._base_background is not self._background_pixels
            or self._base_size > still
        ):
            self._base, self._base_background = (
                self._background_pixels.copy(),
                self._background_pixels,
            )
            self._base_size, self._shown = 0, False
        if still > self._base_size:
            self._draw(paths[self._base_size : still], self.get_cairo_context(self._base))
        self._base_size = still
        return self._base

    def _part(self, paths: Sequence[VMobject], celled: bool) -> Part:
        return Part(paths, self.lens.box(paths), self._cel(paths) if celled else None)

    def _compose(self, base: Pixels, box: Box) -> None:
        """Draw the base and all parts in a box of the frame."""
        left, top, right, bottom = box
        np.copyto(self.pixel_array[top:bottom, left:right], base[top:bottom, left:right])
        context = self.get_cairo_context(self.pixel_array)
        context.save()
        context.identity_matrix()
        context.rectangle(left, top, right - left, bottom - top)
        context.clip()
        context.set_matrix(cairo.Matrix(*self.lens.matrix))
        for part in self._parts.values():
            if not _meet(part.box, box):
                continue
            if part.cel is None:
                self._draw(part.paths, context)
            else:
                _paint_cel(part.cel, context)
        context.restore()

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


def _are_paths(mobjects: Iterable[Mobject]) -> bool:
    return all(isinstance(m, VMobject) and m.background_image is None for m in mobjects)


def _difference(
    before: dict[tuple[int, ...], Part], now: dict[tuple[int, ...], Part]
) -> Box | None:
    """Return the box around the parts that are not in both stacks, or None if they are equal."""
    both = [key for key, part in now.items() if before.get(key) is part]
    if both != [key for key, part in before.items() if now.get(key) is part]:
        both = []  # in another order
    same = set(both)
    changed = [p.box for stack in (before, now) for key, p in stack.items() if key not in same]
    return reduce(_around, changed) if changed else None


def _runs(versions: Sequence[int], first: int, before: set[int]) -> Iterator[tuple[int, int, bool]]:
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
