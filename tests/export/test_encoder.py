"""What a frame changes, and its encoding."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from netviz.export.canvas import Canvas, PixelBox, Pixels
from netviz.export.encoder import Coding, Encoder

LOSSLESS = Coding("ffv1", {})
SIZE = 64, 36
WHOLE = PixelBox(0, 0, *SIZE)


def noise(seed: int) -> Pixels:
    pixels = np.random.default_rng(seed).integers(0, 256, (36, 64, 4), np.uint8)
    pixels[..., 3] = 255
    return pixels


def encoded(path: Path, frames: list[tuple[Pixels, PixelBox | None, int]]) -> list[Pixels]:
    """Return the frames of a film, as YUV of shape (54, 64), decoded from a lossless file."""
    encoder = Encoder(path, LOSSLESS, SIZE, Fraction(10))
    for frame in frames:
        encoder.add(*frame)
    encoder.finish()
    with av.open(path) as container:
        return [frame.to_ndarray() for frame in container.decode(video=0)]


def test_a_canvas_finds_the_smallest_box_that_has_changed() -> None:
    canvas, pixels = Canvas(36, 64), noise(1)
    assert canvas.update(pixels, None) == WHOLE
    assert canvas.update(pixels, WHOLE) is None
    for x, y in ((10, 20), (13, 30)):
        pixels[y, x, 0] ^= 1
    assert canvas.update(pixels, PixelBox(5, 5, 60, 36)) == PixelBox(10, 20, 14, 31)
    assert (canvas.pixels == pixels).all()
    assert canvas.update(noise(2), None) is None


@pytest.mark.parametrize(
    "box", [(0, 0, 1, 1), (63, 35, 64, 36), (7, 9, 20, 18), (16, 2, 17, 35), (31, 11, 64, 12)]
)
def test_a_changed_box_is_converted_as_in_a_whole_frame(
    box: tuple[int, int, int, int], tmp_path: Path
) -> None:
    one, other = noise(1), noise(1)
    changed = PixelBox(*box)
    other[changed.part] = noise(2)[changed.part]
    parts = encoded(tmp_path / "parts.mkv", [(one, WHOLE, 1), (other, changed, 1)])
    wholes = encoded(tmp_path / "wholes.mkv", [(one, WHOLE, 1), (other, WHOLE, 1)])
    assert (parts[1] == wholes[1]).all()
    assert (parts[0] != parts[1]).any()


def test_a_frame_that_changes_nothing_is_repeated(tmp_path: Path) -> None:
    frames = encoded(tmp_path / "film.mkv", [(noise(1), None, 2), (noise(1), None, 3)])
    assert len(frames) == 5
    assert all((frame == frames[0]).all() for frame in frames)


def test_an_error_of_the_encoder_is_raised_and_nobody_waits(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        encoded(tmp_path / "missing" / "film.mkv", [(noise(1), WHOLE, 1)] * 100)
