"""How the commands render: find a scene, configure it, render it, print what was made."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from netviz import catalogue, export
from netviz.cli import scene_files
from netviz.cli.messages import Moves, progress_bar, say
from netviz.cli.options import given
from netviz.export import request
from netviz.export.formats import has_meaning
from netviz.problems import Problem, ProblemError, moved, refuse_name
from netviz.theme import as_theme
from netviz.words import load_words

if TYPE_CHECKING:
    from manim import Scene

    from netviz.scene import Beat, Spoken
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

        A finished film is a scene, too, so that it can be cut and written in another format.

        Raises:
            ProblemError: There is no such scene.
        """
        from netviz.spec.playlist import FILMS

        if text.lower().endswith(FILMS) and Path(text).is_file():
            from netviz.export.replay import replayed

            export.import_manim()
            film = Path(text)
            return cls(replayed(film, request.FASTEST), film, export.Page(title=film.stem))
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
    changes: Mapping[str, Any] | None = None,
    trust: bool = False,
    quiet: bool = True,
) -> Plan:
    """Return the scene that a user names, with all its settings.

    Args:
        source: A scene as for :meth:`Piece.of`, a network file, the file of a model, a built-in
            network or a shape, or a recording, for the scene ``training``.
        network: A network file, a model file, a built-in network, or a shape.
        recording: A recorded training run.
        options: Name → value of options of the scene.
        theme, language: Names.
        pacing: ``pace``, ``hold`` and ``duration``, as far as they are given.
        captions: Whether captions are on screen.
        voice: A folder with recordings of what is said.
        changes: Dotted key → value, in place of what a network file says.
        trust: Whether a network file may run a scene outside its own folder.
        quiet: Whether nobody sees how far the scene is with what it computes.

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
    is_scene = source in catalogue.scenes() or scene_files.file_of(source) is not None
    is_network = source.endswith(".toml") or interop.is_model(source) or spec.is_name(source)
    if is_network and not is_scene:
        if network is not None:
            found = f"is given together with {source}, which is itself a network file"
            raise ProblemError(Problem("--network", found, "one of the two"))
        description = spec.load_film(source, interop, changes)
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
        piece = _spoken(piece, quiet)
    if description is None:
        piece = replace(piece, page=_described(piece))
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
        changes=clip.changes,
        trust=clip.trust,
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


def _piece(path: Path, description: SceneDescription, language: str | None) -> Piece:
    """Return the scene of a file: its acts, its scene, or the default scene."""
    from netviz import explain
    from netviz.spec import Description
    from netviz.spec.checks import captions_never_shown
    from netviz.spec.tables import CAPTION

    film = description.film
    if not isinstance(description, Description):
        return _named(str(film.scene), path)
    words = load_words(language or description.language or "en")
    page = export.Page(title=description.name, description=explain.alt_text(description, words))
    if film.acts:
        export.import_manim()
        from netviz.scene import ActsScene

        return Piece(ActsScene, path, page)
    if film.scene is None:
        shown = catalogue.captions_of_scene(catalogue.scenes()[DEFAULT_SCENE])
        given = [key.removeprefix(CAPTION) for key in film.captions]
        wrong = list(captions_never_shown(given, shown, f"the scene {DEFAULT_SCENE}"))
        if wrong:
            raise ProblemError(*wrong, source=path)
    return replace(_named(film.scene or DEFAULT_SCENE, path), page=page)


def _described(piece: Piece) -> export.Page:
    """Return the page of a scene of its own, with a description in its language."""
    from netviz import explain
    from netviz.scene import BeatScene, NetworkScene

    if not issubclass(piece.scene_class, BeatScene):
        return piece.page
    scene, about = piece.scene_class(), piece.page.description
    if scene.language != "en":  # what the file of the scene says is English
        about = scene.words.texts.get(f"title.{piece.path.stem}", "")
    sentences = [about if about.endswith(".") else f"{about}."] if about else []
    if isinstance(scene, NetworkScene):
        sentences.append(explain.alt_text(scene.example, scene.words))
    return replace(piece.page, description=" ".join(sentences))


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
        ProblemError: There is no such folder, it has no recordings, or two of one name.
    """
    from netviz.export.sound import SUFFIXES

    if not folder.is_dir():
        raise ProblemError(Problem(str(folder), "is not a folder", "a folder with recordings"))
    found_here = (path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    files = sorted(found_here, key=lambda path: (path.stem, path.name))
    if not files:
        expected = f"files that end in {', '.join(SUFFIXES)}"
        raise ProblemError(Problem(str(folder), "has no recordings", expected))
    for first, second in pairwise(files):
        if first.stem == second.stem:
            found = f"has {first.name} and {second.name}"
            raise ProblemError(Problem(str(folder), found, "one recording of a beat"))
    return files


def _spoken(piece: Piece, quiet: bool) -> Piece:
    """Return a scene at the tempo of its recordings, and list beats without a recording."""
    from netviz.scene import BeatScene

    played = rehearsed(piece, quiet).scene
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
    from netviz.export.sound import CODECS

    if output.suffix.lower() not in CODECS:
        expected = f"a file in {' or '.join(CODECS)}"
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


def rehearsed(piece: Piece, quiet: bool) -> export.Rehearsal:
    """Play a scene without drawing it.

    Args:
        piece: The scene.
        quiet: Whether nobody sees how far it is with what it computes.

    Raises:
        ProblemError: It cannot be played.
    """
    with (
        scene_files.located_errors(piece.path),
        progress_bar(piece.page.title, quiet) as progress,
    ):
        return export.rehearse(_watched(piece.scene_class, progress))


def _watched(scene_class: type[Scene], progress: Moves | None) -> type[Scene]:
    """Return a scene that shows on the bar how far it is with what it computes, if it does."""
    if progress is None or not hasattr(scene_class, "progress"):
        return scene_class
    report = partial(progress, doing=f"training for {scene_class.__name__}")
    own = {"progress": report, "__module__": scene_class.__module__}
    return type(scene_class.__name__, (scene_class,), own)


def render(
    piece: Piece,
    outputs: Sequence[Path],
    quiet: bool,
    picture: Mapping[str, Any],
    jobs: int | None = None,
    description: SceneDescription | None = None,
) -> None:
    """Render a scene, with one process for each processor by default, and print what was made.

    Args:
        piece: The scene.
        outputs: The files.
        quiet: Whether nothing is printed.
        picture: Settings by the names of the command line, as ``hold_end``.
        jobs: How many processes draw a film.
        description: The file that options of the diagram come from, if there is one.

    Raises:
        ProblemError: Something is not possible.
    """
    settings = settings_of(picture, piece.page)
    with (
        located_options(description),
        scene_files.located_errors(piece.path),
        progress_bar(piece.page.title, quiet) as progress,
    ):
        shown = _watched(piece.scene_class, progress)
        made = export.render_all(shown, outputs, progress=progress, jobs=jobs, **settings)
    if not quiet:
        for file in made:
            click.echo(file)


def in_seconds(piece: Piece, picture: Mapping[str, Any], quiet: bool = True) -> dict[str, Any]:
    """Return settings with the seconds of each beat or act that is named as a moment.

    Args:
        piece: The scene.
        picture: The settings.
        quiet: As for :func:`rehearsed`.

    Raises:
        ProblemError: The scene has no such beat or act.
    """
    named = {key: picture[key] for key in ("from", "to", "at") if isinstance(picture.get(key), str)}
    if not named:
        return dict(picture)
    beats = _played(piece, quiet)
    seconds = {}
    for key, name in named.items():
        found = [beat for beat in beats if name in (beat.name, beat.act)]
        if not found:
            names = [
                *dict.fromkeys(name for each in beats for name in (each.act, each.name) if name)
            ]
            refuse_name(name, names, f"--{key}")
        last = found[-1]
        shown = last.start + last.appearing + last.moving + last.held / 2
        seconds[key] = {"from": found[0].start, "to": last.end, "at": shown}[key]
    return {**picture, **seconds}


def _played(piece: Piece, quiet: bool) -> Sequence[Beat]:
    """Return the beats of a scene; none for a plain manim scene."""
    return getattr(rehearsed(piece, quiet).scene, "beats", ())


def sections(piece: Piece, picture: Mapping[str, Any], quiet: bool) -> dict[str, dict[str, Any]]:
    """Return the settings of a film of each act, or of each section, by what its name ends in.

    Args:
        piece: The scene.
        picture: The settings of the whole film.
        quiet: As for :func:`rehearsed`.

    Raises:
        ProblemError: The scene has no acts or sections, or a part of it is asked for.
    """
    for name in ("from", "to"):
        if name in picture:
            found = "is given together with --sections"
            raise ProblemError(Problem(f"--{name}", found, "one of the two"))
    beats = _played(piece, quiet)
    groups = [(name, next(found)) for name, found in groupby(beats, lambda b: b.act or b.section)]
    if len(groups) < 2:
        raise ProblemError(
            Problem(
                "--sections",
                f"is given for {piece.page.title}",
                "a scene with several acts or sections",
            )
        )
    starts = [0.0, *(first.start for _, first in groups[1:])]
    parts = {}
    for number, ((name, _), start, end) in enumerate(
        zip(groups, starts, [*starts[1:], None], strict=True), 1
    ):
        times = given({"from": start, "to": end})
        parts[f"-{number}-{slug(name)}"] = {**picture, **times}
    return parts


def ending_in(ending: str, output: Path) -> Path:
    """Return a file whose name has an ending before its suffix."""
    return output.with_stem(output.stem + ending) if output.name and ending else output


def slug(text: str) -> str:
    """Return a text as a part of the name of a file."""
    return re.sub(r"\W+", "-", text.lower()).strip("-")


def settings_of(picture: Mapping[str, Any], page: export.Page) -> dict[str, Any]:
    """Return the settings of :func:`netviz.export.render_all`.

    Args:
        picture: Settings by the names of the command line, as ``hold_end``.
        page: Title and description of pictures.

    Raises:
        ProblemError: One is out of range.
    """
    settings = dict(picture)
    names = {"from": "start", "to": "end", "speed": "speed", "hold_end": "hold", "loop": "loop"}
    cut = {names[name]: settings.pop(name) for name in [*settings] if name in names}
    tight, transparent = (bool(settings.pop(name, False)) for name in ("crop", "transparent"))
    if "max_size" in settings:
        settings["max_size"] = export.size_in_bytes(settings["max_size"])
    page = replace(page, tight=tight, transparent=transparent)
    return {**settings, "cut": export.Cut(**cut), "page": page}


def applying(settings: Mapping[str, Any], kinds: Sequence[export.Format]) -> dict[str, Any]:
    """Return the settings of a network file that apply to files of all these formats."""

    def applies(key: str, value: Any) -> bool:
        if key == "transparent":
            return all(kind.alpha for kind in kinds)
        if key == "fps" and any(kind.rates and value not in kind.rates for kind in kinds):
            return False
        return has_meaning(key, kinds)

    return {key: value for key, value in settings.items() if applies(key, value)}
