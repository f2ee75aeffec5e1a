"""How the commands render: find a scene, configure it, render it, print what was made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netviz import export
from netviz.cli import scene_files
from netviz.cli.messages import Moves, progress_bar, say
from netviz.cli.options import given
from netviz.problems import Problem, ProblemError, moved
from netviz.theme import as_theme
from netviz.words import load_words

if TYPE_CHECKING:
    from manim import Scene

    from netviz.scene import Spoken
    from netviz.spec import Clip, SceneDescription

DEFAULT_SCENE = "loop"  # of a network file that names none
RECORDING_SCENE = "training"


@dataclass(frozen=True)
class Piece:
    """A scene, the file that defines it, and the title and description of its pictures."""

    scene_class: type[Scene]
    path: Path
    page: export.Page

    @classmethod
    def of(cls, text: str) -> Piece:
        """Return the scene that the user names: from `netviz list`, FILE.py or FILE.py:ClassName.

        Raises:
            ProblemError: There is no such scene.
        """
        path, class_name = scene_files.find(text)
        scene_class = scene_files.scene_class(path, class_name)
        page = export.Page(title=path.stem, description=scene_files.about(path))
        return cls(scene_class, path, page)


@dataclass(frozen=True)
class Plan:
    """A scene with all its settings.

    Attributes:
        piece: The scene, ready to be rendered.
        name: What a file of it is called by default, without suffix.
        description: The network file that was named, if one was.
        about: The file that options of the diagram come from, if there is one.
        read: The files that it was read from.
    """

    piece: Piece
    name: str
    description: SceneDescription | None
    about: SceneDescription | None
    read: tuple[Path, ...]


def plan(
    source: str,
    *,
    network: str | None = None,
    recording: Path | None = None,
    options: Mapping[str, Any] | None = None,
    theme: str | None = None,
    language: str | None = None,
    pacing: Mapping[str, float] | None = None,
    captions: bool | None = None,
    voice: Path | None = None,
    trust: bool = False,
) -> Plan:
    """Return the scene that a user names, with all its settings.

    Args:
        source: A scene as for :meth:`Piece.of`, a network file, the file of a model, or a
            recording, for the scene ``training``.
        network: A network file, a model file, a built-in network, or a shape.
        recording: A recorded training run.
        options: Name → value of options of the scene.
        theme, language: Names.
        pacing: ``pace``, ``hold`` and ``duration``, as far as they are given.
        captions: Whether captions are on screen.
        voice: A folder with recordings of what is said.
        trust: Whether a network file may run a scene outside its own folder.

    Raises:
        ProblemError: Something is not possible.
    """
    from netviz import interop, spec
    from netviz.recording import Recording

    if source.endswith(".npz") and Recording.is_in(source):
        if recording is not None:
            found = f"is given together with {source}, which is itself a recording"
            raise ProblemError(Problem("--recording", found, "one of the two"))
        source, recording = RECORDING_SCENE, Path(source)
    chosen: dict[str, Any] = {"theme": theme, "language": language, "options": options or None}
    description: SceneDescription | None = None
    read: list[Path] = []
    if source.endswith(".toml") or interop.is_model(source):
        if network is not None:
            found = f"is given together with {source}, which is itself a network file"
            raise ProblemError(Problem("--network", found, "one of the two"))
        description = spec.load_film(source, interop)
        if not trust:
            file = scene_files.file_of(description.film.scene or "")
            expect_inside(Path(source), "scene.name", file)
        about_network = isinstance(description, spec.Description)
        chosen["network" if about_network else "file"] = description
        read.extend(description.sources)
        piece = _piece(Path(source), description, language)
        name = description.name
    else:
        if network is not None:
            chosen["network"] = spec.load(network, interop)
            read.extend(chosen["network"].sources)
        piece = Piece.of(source)
        name = piece.path.stem if ":" not in source else piece.scene_class.__name__
    read += [*filter(None, [recording]), piece.path]
    if recording is not None:
        chosen["recording"] = Recording.load(recording)
    scene_class = configured(piece.scene_class, **chosen)
    said = dict(description.film.pacing) if description is not None else {}
    scene_class = paced(scene_class, said, pacing or {}, captions, voice)
    piece = replace(piece, scene_class=scene_class)
    if voice is not None:
        piece = _spoken(piece)
    about = chosen.get("network") or chosen.get("file")
    return Plan(piece, name, description, about, tuple(read))


def plan_of(clip: Clip, *, theme: str | None, language: str | None) -> Plan:
    """Return the plan of a clip of a playlist.

    Raises:
        ProblemError: Something is not possible.
    """
    return plan(
        clip.source,
        network=clip.network,
        options=clip.options,
        theme=theme,
        language=language,
        pacing=clip.pacing,
        voice=clip.voice,
    )


def expect_inside(path: Path, key: str, file: Path | None) -> None:
    """Refuse a network file that runs or writes a file outside its folder.

    Args:
        path: The network file.
        key: The key that names the other file.
        file: The other file, if there is one.

    Raises:
        ProblemError: It is outside the folder.
    """
    if file is not None and path.resolve().parent not in file.resolve().parents:
        found = f"is {file}, outside the folder of this file"
        hint = "give --trust if you trust the file"
        raise ProblemError(Problem(key, found, "a file in its folder", hint), source=path)


def scene_of(path: str) -> str:
    """Return the scene that a network file names, or the default one; empty if it lists acts.

    Raises:
        ProblemError: Something in the file is wrong.
    """
    from netviz import interop, spec

    film = spec.load_film(path, interop).film
    return "" if film.acts else film.scene or DEFAULT_SCENE


def sources_of(network: str) -> tuple[Path, ...]:
    """Return the files that a network is read from.

    Raises:
        ProblemError: There is no such network, or something in its file is wrong.
    """
    from netviz import interop, spec

    return spec.load_film(network, interop).sources


def _piece(path: Path, description: SceneDescription, language: str | None) -> Piece:
    """Return the scene of a file: its acts, its scene, or the default scene."""
    from netviz import explain
    from netviz.spec import Description

    film = description.film
    if not isinstance(description, Description):
        return _named(str(film.scene), path)
    words = load_words(language or description.language or "en")
    page = export.Page(title=description.name, description=explain.alt_text(description, words))
    if film.acts:
        export.import_manim()
        from netviz.scene import ActsScene

        return Piece(ActsScene, path, page)
    return replace(_named(film.scene or DEFAULT_SCENE, path), page=page)


def _named(scene: str, path: Path) -> Piece:
    """Return the scene that a network file names, or raise the error at its key."""
    try:
        return Piece.of(scene)
    except ProblemError as error:
        if error.problems[0].where != "scene":
            raise
        raise ProblemError(moved(error.problems[0], "scene.name"), source=path) from error


# ---- how fast it is played -----------------------------------------------------------------------


def paced(
    scene_class: type[Scene],
    said: Mapping[str, float],
    given: Mapping[str, float],
    captions: bool | None,
    voice: Path | None,
) -> type[Scene]:
    """Return a scene with a pace, a voice, or without captions, as far as that is asked for.

    Args:
        scene_class: The scene.
        said: What its file says.
        given: What the user says, which takes precedence.
        captions: Whether captions are on screen.
        voice: A folder with recordings.

    Raises:
        ProblemError: Something is not possible, or the scene is a plain manim scene.
    """
    if not given and captions is None and voice is None:
        return scene_class
    if not hasattr(scene_class, "paced"):
        found = "is a plain manim Scene, without beats"
        raise ProblemError(Problem(scene_class.__name__, found, "a NetworkScene"))
    if not given and voice is None:
        without: type[Scene] = scene_class.paced(captions=captions)
        return without
    from netviz.scene import Pacing

    # A length of its own replaces what the file says about it, and the other way round.
    instead = {"pace", "duration"} if {"pace", "duration"} & set(given) else set()
    kept = {key: value for key, value in said.items() if key not in instead}
    spoken: dict[str, Spoken] = {}
    if voice is not None:
        from netviz.export.sound import sound_length
        from netviz.scene import Spoken

        spoken = {path.stem: Spoken(path, sound_length(path)) for path in recordings_in(voice)}
    pacing = Pacing(**{**kept, **given}, voice=spoken)
    made: type[Scene] = scene_class.paced(pacing, captions=captions)
    return made


def recordings_in(folder: Path) -> list[Path]:
    """Return the files with recordings in a folder.

    Raises:
        ProblemError: There is no such folder, or it has no recordings.
    """
    from netviz.export.sound import SUFFIXES

    if not folder.is_dir():
        raise ProblemError(Problem(str(folder), "is not a folder", "a folder with recordings"))
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    if not files:
        expected = f"files that end in {', '.join(SUFFIXES)}"
        raise ProblemError(Problem(str(folder), "has no recordings", expected))
    return files


def _spoken(piece: Piece) -> Piece:
    """Return a scene at the tempo of its recordings, and list beats without a recording."""
    from netviz.scene import BeatScene

    with scene_files.located_errors(piece.path):
        played = export.rehearse(piece.scene_class).scene
    assert isinstance(played, BeatScene)
    silent, unused = played.without_recording()
    if silent:
        say(f"no recording for {_listed(silent)}")
    if unused:
        say(f"no beat for the recording {_listed(unused)}")
    return replace(piece, scene_class=type(played))


def _listed(names: list[str], most: int = 8) -> str:
    """Return names as they are listed in a message, the first ones of many."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def expect_sound(output: Path) -> None:
    """Check that a file can have sound.

    Raises:
        ProblemError: It cannot.
    """
    from netviz.export.video import SOUND

    if output.suffix.lower() not in SOUND:
        expected = f"a file in {' or '.join(SOUND)}"
        raise ProblemError(Problem(str(output), "has no sound", expected))


def configured(scene_class: type[Scene], *, theme: str | None, **options: Any) -> type[Scene]:
    """Return the scene with what is to be shown, as far as it is given.

    Args:
        scene_class: A scene. Only scenes of netviz can be configured.
        theme: Name of a theme.
        options: Other arguments of ``NetworkScene.configured``.

    Raises:
        ProblemError: The scene is a plain manim scene, does not show a network or a recording, or
            has no such option.
    """
    chosen = given({"theme": theme and as_theme(theme), **options})
    if not chosen:
        return scene_class
    if not hasattr(scene_class, "configured"):
        found = "is a plain manim Scene, without network, theme and language"
        raise ProblemError(Problem(scene_class.__name__, found, "a NetworkScene"))
    if "network" in chosen and not hasattr(scene_class, "network"):
        name = scene_class.__name__
        raise ProblemError(Problem(name, "is not about a network", "a scene that is"))
    if "recording" in chosen and not hasattr(scene_class, "recording"):
        name = scene_class.__name__
        raise ProblemError(Problem(name, "shows no recording", "the scene training"))
    made: type[Scene] = scene_class.configured(**chosen)
    return made


@contextmanager
def located_options(description: SceneDescription | None) -> Iterator[None]:
    """Name the key of the network file in errors about what it sets.

    Raises:
        ProblemError: A scene cannot be drawn with an option or a caption of the file.
    """
    from netviz import spec

    try:
        yield
    except ProblemError as error:
        if description is None:
            raise
        raise spec.at_keys(error, description) from error


def _watched(scene_class: type[Scene], progress: Moves | None) -> type[Scene]:
    """Return a scene that shows on the bar how far it is with training its network, if it does."""
    if progress is None or not hasattr(scene_class, "progress"):
        return scene_class
    report = partial(progress, doing=f"training for {scene_class.__name__}")
    own = {"progress": report, "__module__": scene_class.__module__}
    return type(scene_class.__name__, (scene_class,), own)


def render(
    piece: Piece,
    output: Path,
    quiet: bool,
    picture: Mapping[str, Any],
    jobs: int | None = None,
    description: SceneDescription | None = None,
) -> None:
    """Render a scene, with one process for each processor by default, and print what was made."""
    with (
        located_options(description),
        scene_files.located_errors(piece.path),
        progress_bar(piece.page.title, quiet) as progress,
    ):
        shown = _watched(piece.scene_class, progress)
        options = {**picture, "page": piece.page, "progress": progress, "jobs": jobs}
        made = export.render(shown, output, **options)
    if not quiet:
        click.echo(made)
