"""PNG: one frame of a scene, without drawing the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from netviz.export.stage import Take


def write(take: Take, draft: Path) -> tuple[float, tuple[int, int]]:
    """Write the frame that is asked for; a picture lasts no time."""
    with take.picture() as picture:
        # Pillow's name for colours that are multiplied by their opacity.
        pixels = Image.frombuffer("RGBa", picture.size, picture.pixels().tobytes())
        mode = "RGBA" if picture.sheet.transparent else "RGB"
        pixels.convert("RGBA").convert(mode).save(draft, optimize=True)
        return 0.0, picture.size
