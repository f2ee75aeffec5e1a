"""GIFs decoded again: the file contains the frames that were encoded."""

from __future__ import annotations

import io
import struct
import tempfile
import tracemalloc
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageSequence

from netviz.export.canvas import PixelBox, box_of
from netviz.export.gif import (
    LONGEST_DELAY,
    Clip,
    Histogram,
    channels,
    choose_palette,
    nearest_table,
)
from netviz.export.spool import Spool

Pixels = np.ndarray[Any, np.dtype[np.uint8]]

BACKGROUND = (15, 17, 23, 255)


def canvas(width: int = 64, height: int = 36) -> Pixels:
    return np.tile(np.array(BACKGROUND, np.uint8), (height, width, 1))


def with_square(x: int, color: tuple[int, int, int] = (240, 228, 66), **size: int) -> Pixels:
    picture = canvas(**size)
    picture[10:15, x : x + 5, :3] = color
    return picture


def encoded(frames: Iterable[tuple[Pixels, int]], delay: int = 8) -> bytes:
    frames = list(frames)
    height, width = frames[0][0].shape[:2]
    out = io.BytesIO()
    with tempfile.TemporaryFile() as scratch:
        clip = Clip(Spool(scratch, height, width))
        for pixels, repeat in frames:
            clip.add(pixels, PixelBox(0, 0, width, height), repeat)
        clip.encode(out, (width, height), delay)
    return out.getvalue()


class Block(NamedTuple):
    """One image block of a GIF file."""

    box: tuple[int, int, int, int]
    delay: int
    disposal: int
    local_palette: bool


def blocks(data: bytes) -> list[Block]:
    """Read the structure of a GIF without Pillow (the GIF89a specification, sections 18 to 23)."""
    assert data[:6] == b"GIF89a"
    assert data[10] & 0x80, "no global palette"
    place = 13 + 3 * (2 << (data[10] & 7))
    found: list[Block] = []
    control = (0, 0)
    while data[place] != 0x3B:
        if data[place] == 0x21:
            if data[place + 1] == 0xF9:
                packed, delay = struct.unpack_from("<BH", data, place + 3)
                control = (delay, packed >> 2 & 7)
            place = after_sub_blocks(data, place + 2)
        else:
            assert data[place] == 0x2C
            *box, flags = struct.unpack_from("<4HB", data, place + 1)
            found.append(Block(tuple(box), *control, bool(flags & 0x80)))
            place = after_sub_blocks(data, place + 11)
    assert place == len(data) - 1
    return found


def after_sub_blocks(data: bytes, place: int) -> int:
    while data[place]:
        place += data[place] + 1
    return place + 1


def decoded(data: bytes) -> list[tuple[Pixels, int]]:
    with Image.open(io.BytesIO(data)) as image:
        return [
            (np.asarray(frame.convert("RGB")), frame.info["duration"])
            for frame in ImageSequence.Iterator(image)
        ]


def test_few_colors_are_kept_exactly() -> None:
    frames = [with_square(x, (x, 200, 7)) for x in (0, 3, 30, 58)]
    back = decoded(encoded((frame, 1) for frame in frames))
    assert len(back) == len(frames)
    for frame, (picture, duration) in zip(frames, back, strict=True):
        assert np.array_equal(picture, frame[..., :3])
        assert duration == 80


def test_identical_frames_become_one_longer_frame() -> None:
    still, moved = with_square(3), with_square(30)
    back = decoded(encoded([(still, 1), (still.copy(), 2), (moved, 3), (moved.copy(), 1)], 5))
    assert [duration for _, duration in back] == [150, 200]


def test_a_frame_longer_than_the_longest_delay_is_split() -> None:
    found = blocks(encoded([(with_square(3), 2 * LONGEST_DELAY + 10), (with_square(30), 1)], 1))
    assert [block.delay for block in found] == [LONGEST_DELAY, LONGEST_DELAY, 10, 1]


def test_a_gif_repeats_endlessly() -> None:
    data = encoded([(with_square(3), 1), (with_square(9), 1)])
    with Image.open(io.BytesIO(data)) as image:
        assert image.info["loop"] == 0


def test_later_frames_contain_only_the_changed_box_and_no_palette() -> None:
    found = blocks(encoded([(with_square(3), 1), (with_square(20), 1), (with_square(22), 1)]))
    assert [block.box for block in found] == [(0, 0, 64, 36), (3, 10, 22, 5), (20, 10, 7, 5)]
    assert not any(block.local_palette for block in found)
    assert all(block.disposal == 1 for block in found)


def test_a_moving_square_takes_little_space_compared_with_the_whole_frames() -> None:
    noise = np.random.default_rng(0).integers(0, 200, (36, 64, 4), np.uint8)
    moving = [noise.copy() for _ in range(20)]
    for x, frame in enumerate(moving):
        frame[10:15, x : x + 5] = 255
    whole = len(encoded([(noise, 1)]))
    assert len(encoded((frame, 1) for frame in moving)) < 2 * whole


def test_the_palette_keeps_frequent_colors_exactly_and_others_approximately() -> None:
    picture = canvas(256, 144)
    picture[20:40, 20:200, :3] = (240, 228, 66)
    ramp = np.linspace(0, 255, 256).astype(np.uint8)
    picture[60:140, :, 0], picture[60:140, :, 1] = ramp, ramp[:80, np.newaxis]
    [(back, _)] = decoded(encoded([(picture, 1)]))
    assert np.array_equal(back[:60], picture[:60, :, :3])
    error = np.abs(back[60:].astype(int) - picture[60:, :, :3])
    assert error.mean() < 8
    assert len(np.unique(back.reshape(-1, 3), axis=0)) <= 255


@given(st.integers(0, 2**32 - 1), st.integers(1, 600))
@settings(max_examples=8, deadline=None)
def test_every_color_is_mapped_to_the_nearest_in_the_palette(seed: int, number: int) -> None:
    rng = np.random.default_rng(seed)
    colors = rng.integers(0, 1 << 24, number).astype(np.uint32)
    histogram = Histogram()
    histogram.add(colors)
    palette = choose_palette(histogram, 255)
    assert len(palette) <= 255
    points, wide = channels(colors).astype(int), palette.astype(int)
    distances = ((points[:, np.newaxis] - wide) ** 2).sum(axis=-1)
    chosen = nearest_table(histogram, palette)[colors]
    assert np.array_equal(distances[np.arange(number), chosen], distances.min(axis=1))


@given(st.lists(st.tuples(st.binary(min_size=12, max_size=12), st.integers(1, 9)), min_size=1))
@settings(max_examples=50, deadline=None)
def test_the_spool_returns_the_frames_that_were_added(frames: list[tuple[bytes, int]]) -> None:
    pictures = [np.frombuffer(data, np.uint8).reshape(3, 4).astype(np.uint32) for data, _ in frames]
    with tempfile.TemporaryFile() as scratch:
        spool = Spool(scratch, 3, 4)
        for picture, (_, repeat) in zip(pictures, frames, strict=True):
            spool.add(picture, repeat)
        back = [copy for picture, repeat in spool for copy in [picture.copy()] * repeat]
    given = [picture for picture, (_, n) in zip(pictures, frames, strict=True) for _ in range(n)]
    assert np.array_equal(np.stack(back), np.stack(given))


def test_the_box_is_tight() -> None:
    mask = np.zeros((8, 9), bool)
    assert box_of(mask) is None
    mask[2, 3] = mask[5, 7] = True
    assert box_of(mask) == (3, 2, 8, 6)


@pytest.mark.parametrize("changing", [1, 36], ids=["a row changes", "everything changes"])
def test_memory_does_not_grow_with_the_number_of_frames(changing: int) -> None:
    few, many = (peak_memory(number, changing) for number in (50, 400))
    assert many - few < 350 * 200


def peak_memory(number: int, changing: int) -> int:
    """Return the peak memory, in bytes, of encoding ``number`` different frames."""
    rng = np.random.default_rng(0)
    tracemalloc.start()
    try:
        with tempfile.TemporaryFile() as scratch, tempfile.TemporaryFile() as out:
            clip = Clip(Spool(scratch, 36, 64))
            for _ in range(number):
                picture = canvas()
                picture[:changing, :, :3] = rng.integers(0, 4, (changing, 64, 3))
                clip.add(picture, PixelBox(0, 0, 64, 36), 1)
            clip.encode(out, (64, 36), 8)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_fewer_colours_are_chosen_for_a_smaller_file() -> None:
    rng = np.random.default_rng(0)
    picture = canvas()
    picture[..., :3] = rng.integers(0, 256, (36, 64, 3))
    sizes = []
    for colors in (255, 15):
        out = io.BytesIO()
        with tempfile.TemporaryFile() as scratch:
            clip = Clip(Spool(scratch, 36, 64))
            clip.add(picture, PixelBox(0, 0, 64, 36), 1)
            clip.encode(out, (64, 36), 8, colors=colors)
        with Image.open(out) as decoded:
            assert (
                len(np.unique(np.asarray(decoded.convert("RGB")).reshape(-1, 3), axis=0)) <= colors
            )
        sizes.append(len(out.getvalue()))
    assert sizes[1] < 0.7 * sizes[0]
