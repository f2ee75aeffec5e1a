"""The tables [scene] and [output]: what ``netviz render FILE`` makes of a network, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Formatter
from typing import Annotated, Any

from pydantic import Field, create_model

from netviz.catalogue import ACTS
from netviz.export import FORMATS, QUALITIES
from netviz.export.request import FASTEST, WIDTHS
from netviz.spec.table import CONTROL, OneOf, Table, Text, Written
from netviz.words import load_words

CAPTION = "caption."
SUFFIXES = "|".join(suffix.removeprefix(".") for suffix in FORMATS)


@dataclass(frozen=True)
class Film:
    """What to make of a network.

    Attributes:
        scene: A name from ``netviz list``, ``FILE.py`` or ``FILE.py:ClassName``; None if not told.
        acts: Instead of a scene: names in ``netviz.catalogue.ACTS``, in order.
        captions: Key → text, instead of the captions of ``netviz.words``.
        output: The file; None if not told.
        picture: What else is told of the file: ``quality``, ``fps``, ``width`` and ``at``.
    """

    scene: str | None = None
    acts: tuple[str, ...] = ()
    captions: Mapping[str, str] = field(default_factory=dict)
    output: Path | None = None
    picture: Mapping[str, Any] = field(default_factory=dict)


def _captions() -> type[Table]:
    """A table with a key for each caption; its text may use the fields of the original."""
    originals = {
        key.removeprefix(CAPTION): text
        for key, text in load_words("en").texts.items()
        if key.startswith(CAPTION)
    }
    keys: dict[str, Any] = {
        key.replace(".", "_"): (
            Annotated[str, _written(text)] | None,
            Field(None, alias=key, description=f'Instead of "{text}"'),
        )
        for key, text in originals.items()
    }
    doc = 'Captions of one\'s own, by the key of the original: ``"forward.sum" = "…"``.'
    return create_model("CaptionsTable", __base__=Table, __doc__=doc, **keys)


def fields(text: str) -> list[str]:
    """The names in the braces of a text, in order."""
    return [name for _, name, _, _ in Formatter().parse(text) if name is not None]


def _written(original: str) -> Written:
    """One line, not empty, with no fields but those of the original."""
    names = sorted(set(fields(original)))
    filled = rf"|\{{({'|'.join(names)})\}}" if names else ""
    allowed = f"no {{fields}} but {', '.join(f'{{{name}}}' for name in names)}"
    told = f"one line of text with {allowed if names else 'no {fields}'}"
    return Written(rf"^([^{{}}{CONTROL}]|\{{\{{|\}}\}}{filled})+$", told)


FilmFile = Annotated[
    str,
    Written(
        rf"^[^{CONTROL}]*[^/\\{CONTROL}]\.({SUFFIXES})$",
        f"a name that ends in {', '.join(FORMATS)}",
    ),
]
CaptionsTable = _captions()


class SceneTable(Table):
    """What is played, and what is said; without this table, the scene ``loop``."""

    apart = (("name", "acts"),)

    name: Text | None = None
    """A name from ``netviz list``, or FILE.py or FILE.py:ClassName, relative to this file."""

    acts: Annotated[list[Annotated[str, OneOf(ACTS)]], Field(min_length=1)] | None = None
    """Acts in the order in which they are played, instead of a scene."""

    captions: CaptionsTable | None = None  # type: ignore[valid-type]
    """Captions of one's own."""


class OutputTable(Table):
    """The file that is written; options of the command line win over it."""

    file: FilmFile | None = None
    """Its suffix chooses the format. Like all paths in this file, it is relative to the file
    itself, so that the film is at the same place wherever ``netviz render`` is called; without it,
    ``media/NAME.mp4`` where the command is called."""

    quality: Annotated[str, OneOf(QUALITIES)] | None = None
    """Size and frame rate; a .gif has its own."""

    fps: Annotated[float, Field(ge=1, le=FASTEST)] | None = None
    """Frames per second, instead of the quality's."""

    width: Annotated[int, Field(ge=WIDTHS[0], le=WIDTHS[-1])] | None = None
    """Pixels, instead of the quality's; frames are 16:9."""

    at: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The moment of a picture in seconds; its last one if left out."""


def film(folder: Path | None, scene: SceneTable, output: OutputTable) -> Film:
    """What the two tables tell, with paths as seen from here.

    Args:
        folder: Where the file is; a built-in network has none.
        scene: What is played.
        output: What is written.
    """
    name = scene.name
    if name is not None and folder is not None and re.search(r"\.py(:\w+)?$", name):
        name = str(folder / name)
    texts = scene.captions or CaptionsTable()
    captions: dict[str, str] = texts.model_dump(exclude_unset=True, by_alias=True)
    return Film(
        scene=name,
        acts=tuple(scene.acts or ()),
        captions={f"{CAPTION}{key}": text for key, text in captions.items()},
        output=(folder or Path()) / output.file if output.file else None,
        picture=output.model_dump(exclude_unset=True, exclude={"file"}),
    )
