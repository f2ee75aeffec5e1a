"""What tests ask of a picture that a command has made."""

from __future__ import annotations

from pathlib import Path

from PIL import Image


def differs(path: Path) -> bool:
    """Return whether a picture has more than one colour."""
    with Image.open(path) as image:
        return any(low != high for low, high in image.convert("RGB").getextrema())
