"""``netviz doctor``: what is installed here, and how to mend what is missing."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import click
import cloup

from netviz import __version__, export
from netviz.cli.messages import MACHINE
from netviz.problems import ProblemError
from netviz.words import languages, load_words

PACKAGES = ("manim", "numpy", "pillow", "pycairo", "manimpango", "av", "pydantic", "rich", "cloup")
OPTIONAL = ("torch", "scikit-learn", "keras", "onnx", "safetensors", "distributed")
# A film of the highest quality, with its temporary files, takes less.
LEAST_FREE = 500_000_000  # bytes


@cloup.command("doctor")
def command() -> int:
    """Check fonts, encoders and disks, and print all versions.

    The exit status is 1 if something is missing. A line about it says how to mend it.
    """
    wrong = 0
    for what, found, mended in _found():
        wrong += bool(mended)
        click.echo(f"{'WRONG' if mended else 'ok':6} {what:16} {found}".rstrip())
        if mended:
            click.echo(f"{'':23} {mended}")
    return MACHINE if wrong else 0


def _found() -> Iterator[tuple[str, str, str]]:
    """Yield what was looked at, what was found, and how to mend it if it is wrong."""
    yield "netviz", __version__, ""
    yield "Python", f"{platform.python_version()} on {platform.platform()}", ""
    yield from _packages()
    for language in languages():
        yield from _fonts(language)
    yield from _encoders()
    for what, folder in {
        "disk here": Path(),
        "disk for drafts": Path(tempfile.gettempdir()),
    }.items():
        free = shutil.disk_usage(folder).free
        mended = "" if free >= LEAST_FREE else "free some space, or set TMPDIR to another folder"
        yield what, f"{free / 1e9:.1f} GB free in {folder.absolute()}", mended


def _packages() -> Iterator[tuple[str, str, str]]:
    for name in (*PACKAGES, *OPTIONAL):
        try:
            yield name, version(name), ""
        except PackageNotFoundError:
            needed = "" if name in OPTIONAL else "pip install --force-reinstall manim-netviz"
            yield name, "not installed", needed


def _fonts(language: str) -> Iterator[tuple[str, str, str]]:
    """Draw each letter of a language once."""
    export.import_manim()
    from netviz.drawing import TextLabel

    texts = "".join(load_words(language).texts.values())
    letters = "".join(sorted({letter for letter in texts if letter.isprintable()}))
    what = f"fonts for {language}"
    try:
        TextLabel(letters, "dark")
    except ProblemError as error:
        yield what, error.problems[0].found, error.problems[0].hint
    else:
        yield what, "all letters", ""


def _encoders() -> Iterator[tuple[str, str, str]]:
    import av

    from netviz.export.video import AV1, H264

    for suffix, name in {".mp4": H264.codec, ".webm": AV1.codec}.items():
        has = name in av.codecs_available
        hint = "pip install --force-reinstall --only-binary av av"
        yield f"encoder {suffix}", name if has else f"no {name}", "" if has else hint
