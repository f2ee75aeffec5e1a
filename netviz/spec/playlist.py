"""Playlists: the clips of a lecture, in order, in a TOML file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag, ValidationError

from netviz.export import QUALITY_PRESETS
from netviz.export.request import ASPECTS, FASTEST, WIDTHS
from netviz.problems import Problem
from netviz.spec.errors import SpecError, from_pydantic
from netviz.spec.load import document
from netviz.spec.tables import OptionName, OptionValue, PacingTable
from netviz.spec.toml import ONE, WORD, OneOf, Text, TomlTable
from netviz.theme import THEMES
from netviz.words import languages

# What a clip may be, besides the name of a scene.
FILMS = (".mp4", ".webm", ".mov", ".mkv")
PARTS = (".py", ".toml", *FILMS)


@dataclass(frozen=True)
class Clip:
    """A part of a lecture.

    Attributes:
        source: A name from ``netviz list``, ``FILE.py``, ``FILE.py:ClassName``, a network file or
            a film.
        title: Its title, in place of its own.
        network: The network that its scene shows: a file or a name.
        options: Name → value of options of its scene.
        pacing: ``pace``, ``hold`` and ``duration``, as far as they are given.
        voice: A folder with recordings of what is said.
        changes: Dotted key → value, in place of what a network file says.
        trust: Whether its network file may run a scene outside its own folder. No playlist says
            so: only who renders it.
    """

    source: str
    title: str = ""
    network: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    pacing: Mapping[str, float] = field(default_factory=dict)
    voice: Path | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)
    trust: bool = False

    @property
    def is_film(self) -> bool:
        """Whether it is a film that exists."""
        return self.source.lower().endswith(FILMS)

    @property
    def file(self) -> Path | None:
        """The file that is named; None for a scene of netviz."""
        name, of_class, _ = self.source.partition(".py:")
        if of_class:
            return Path(f"{name}.py")
        return Path(name) if name.lower().endswith(PARTS) else None


@dataclass(frozen=True)
class Playlist:
    """The clips of a lecture, and how they are rendered.

    Attributes:
        clips: In order.
        title: On the first card, if there is one.
        cards: Whether a card with its title stands before each clip.
        theme, language: Names, if given.
        picture: ``quality``, ``fps``, ``width`` and ``aspect``, as far as they are given.
        source: The file that it was read from, if it was read from one.
    """

    clips: tuple[Clip, ...]
    title: str = ""
    cards: bool = True
    theme: str | None = None
    language: str | None = None
    picture: Mapping[str, Any] = field(default_factory=dict)
    source: Path | None = None


class ClipTable(PacingTable):
    """A clip with settings of its own."""

    clip: Text
    """A name from ``netviz list``, FILE.py, FILE.py:ClassName, a network file or a film. Files are
    relative to the playlist."""

    title: Text | None = None
    """Its title, in place of its own."""

    network: Text | None = None
    """The network that the scene shows: a network file, a model file, a built-in network or a
    shape."""

    options: dict[OptionName, OptionValue] | None = None
    """Options of the scene, by their names; ``netviz list SCENE`` lists them."""

    voice: Text | None = None
    """A folder with a recording for each beat."""


class PlaylistFile(TomlTable):
    """A playlist."""

    title: Text | None = None
    """A title on a card before all clips."""

    cards: bool = True
    """Whether a card with its title stands before each clip."""

    theme: Annotated[str, OneOf(THEMES)] | None = None
    """The colour theme of all clips, like ``--theme``."""

    language: Annotated[str, OneOf(languages())] | None = None
    """Language of captions and titles, like ``--lang``."""

    quality: Annotated[str, OneOf(QUALITY_PRESETS)] | None = None
    """Width and frame rate."""

    fps: Annotated[float, Field(ge=1, le=FASTEST)] | None = None
    """Frames per second, in place of the quality's."""

    width: Annotated[int, Field(ge=WIDTHS[0], le=WIDTHS[-1])] | None = None
    """Width in pixels, in place of the quality's."""

    aspect: Annotated[str, OneOf(ASPECTS)] | None = None
    """Width to height, like ``--aspect``."""

    clips: Annotated[
        list[
            Annotated[
                Annotated[Text, Tag(WORD)] | Annotated[ClipTable, Tag(ONE)],
                Discriminator(lambda value: WORD if isinstance(value, str) else ONE),
            ]
        ],
        Field(min_length=1),
    ]
    """The clips, in order: each a text, or a table such as ``{ clip = "xor", title = "XOR" }``."""


def is_playlist(path: str | Path) -> bool:
    """Return whether a TOML file is a playlist: it has ``clips``.

    Raises:
        SpecError: It cannot be read, or is no TOML.
    """
    return "clips" in document(path)


def load_playlist(path: str | Path) -> Playlist:
    """Return the playlist in a file, with paths relative to the current folder.

    Raises:
        SpecError: The file cannot be read, or something in it is wrong.
    """
    content = document(path)
    if "clips" not in content:
        expected = 'an array such as clips = ["overview", "lesson.toml"]'
        raise SpecError(Problem("clips", "is missing", expected), source=path)
    try:
        file = PlaylistFile.model_validate(content)
    except ValidationError as error:
        raise SpecError(*from_pydantic(error, PlaylistFile), source=path) from error
    folder = Path(path).parent
    clips = [_clip(each, folder) for each in file.clips]
    for place, clip in enumerate(clips):
        if clip.file is not None and not clip.file.is_file():
            found = f"is {clip.file}, which does not exist"
            raise SpecError(Problem(f"clips[{place}]", found), source=path)
    return Playlist(
        clips=tuple(clips),
        title=file.title or "",
        cards=file.cards,
        theme=file.theme,
        language=file.language,
        picture=file.model_dump(include={"quality", "fps", "width", "aspect"}, exclude_none=True),
        source=Path(path),
    )


def _clip(entry: str | ClipTable, folder: Path) -> Clip:
    if isinstance(entry, str):
        return Clip(_located(entry, folder))
    return Clip(
        _located(entry.clip, folder),
        title=entry.title or "",
        network=entry.network and _network(entry.network, folder),
        options=dict(entry.options or {}),
        pacing=entry.pacing,
        voice=folder / entry.voice if entry.voice else None,
    )


def _located(source: str, folder: Path) -> str:
    """Return a file relative to the playlist, and the name of a scene as it is."""
    is_file = source.lower().endswith(PARTS) or ".py:" in source
    return str(folder / source) if is_file else source


def _network(source: str, folder: Path) -> str:
    """Return a network file relative to the playlist, and the name of a network as it is."""
    return str(folder / source) if (folder / source).is_file() else source
