"""A finished file inside a notebook: what Jupyter is given to show, by MIME type."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from pathlib import Path

Bundle = dict[str, str]


def nothing(path: Path, told: str) -> Bundle:
    """Only the text."""
    return {"text/plain": told}


def video(path: Path, told: str) -> Bundle:
    """A player."""
    label, source = escape(told), _address(path, "video")
    style = 'style="max-width: 100%"'
    player = f'<video controls loop {style} aria-label="{label}" src="{source}"></video>'
    return {"text/html": player, "text/plain": told}


def animation(path: Path, told: str) -> Bundle:
    """An image that moves: as HTML, for what makes pages of notebooks passes image/gif over."""
    image = f'<img style="max-width: 100%" alt="{escape(told)}" src="{_address(path, "image")}">'
    return {"text/html": image, "text/plain": told}


def pixels(path: Path, told: str) -> Bundle:
    """An image."""
    return {f"image/{_kind(path)}": _text(path), "text/plain": told}


def svg(path: Path, told: str) -> Bundle:
    """Paths and text."""
    return {"image/svg+xml": path.read_text(encoding="utf-8"), "text/plain": told}


def _address(path: Path, medium: str) -> str:
    return f"data:{medium}/{_kind(path)};base64,{_text(path)}"


def _kind(path: Path) -> str:
    return path.suffix.lower().removeprefix(".")


def _text(path: Path) -> str:
    return b64encode(path.read_bytes()).decode()
