"""PNG: one frame of a scene, without drawing the others."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image

if TYPE_CHECKING:
    from netviz.export.stage import Take


def write(take: Take, draft: Path) -> float:
    """Write the frame that is asked for; a picture lasts no time."""
    Image.fromarray(take.picture()).convert("RGB").save(draft, optimize=True)
    return 0.0
