"""Lectures: the clips of a playlist, rendered side by side, kept, and joined into one film."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any

from netviz import catalogue, export
from netviz.captions import Caption, as_srt, as_vtt, read_srt
from netviz.cli import rendering
from netviz.cli.films import Job, Place, files_of, make_all, program
from netviz.cli.timetable import Timetable
from netviz.export.joining import film_length, fits, is_whole, join, split
from netviz.export.reel import Chapter
from netviz.export.slides import Slide, write_slides
from netviz.export.sound import has_sound
from netviz.export.target import TEXT, check_target, may_describe, open_target
from netviz.files import temporary_folder
from netviz.problems import Problem, ProblemError
from netviz.spec import Clip, Playlist, is_playlist, load_playlist
from netviz.words import load_words

# The scenes of the lecture, in order. Those that do not exist are left out.
SCENES = (
    *("overview", "perceptron", "gates", "xor", "linear_regression", "gradient_descent"),
    *("linear_collapse", "activations", "logistic_unit", "connections", "matrix"),
    *("forward_pass", "neuron_is_a_model", "cost", "losses", "softmax", "chain_rule"),
    *("local_gradient", "backward_pass", "blame_game", "weight_update", "encoder"),
    *("initialization", "optimizers", "batches", "vanishing_gradient", "overfitting"),
    "universal_approximation",
)
_MINUTE = 60
# The stem of a film that is kept: a name, and the digest of what it depends on.
_KEPT = re.compile(r".+-[0-9a-f]{16}")


def whole() -> Playlist:
    """Return the playlist of all scenes of the lecture."""
    known = catalogue.scenes()
    return Playlist(tuple(Clip(name) for name in SCENES if name in known))


def playlist_of(
    source: str,
    *,
    network: str | None = None,
    options: Mapping[str, Any] | None = None,
    pacing: Mapping[str, float] | None = None,
    theme: str | None = None,
    language: str | None = None,
    trust: bool = False,
) -> Playlist:
    """Return a playlist, or one of a single clip, without cards.

    Args:
        source: A playlist, a scene or a network file.
        network, options, pacing: Of a single clip.
        theme, language, trust: As for :func:`settled`.

    Raises:
        ProblemError: A playlist is wrong, or is given together with settings of a single clip.
    """
    if not (source.endswith(".toml") and is_playlist(source)):
        clip = Clip(source, network=network, options=options or {}, pacing=pacing or {})
        playlist = Playlist((clip,), cards=False)
        return settled(playlist, theme=theme, language=language, trust=trust)
    for name, given in (("--network", network), ("--set", options), ("a pace", pacing)):
        if given:
            found = f"is given together with {source}, which is a playlist"
            raise ProblemError(Problem(name, found, "it in the playlist"))
    return settled(load_playlist(source), theme=theme, language=language, trust=trust)


def settled(
    playlist: Playlist, *, theme: str | None, language: str | None, trust: bool
) -> Playlist:
    """Return a playlist with what only the one who renders it says.

    Args:
        playlist: The playlist.
        theme, language: Names, which take precedence over those of the playlist.
        trust: Whether its network files may run scenes outside their own folders.
    """
    return replace(
        playlist,
        clips=tuple(replace(clip, trust=trust) for clip in playlist.clips),
        theme=theme or playlist.theme,
        language=language or playlist.language,
    )


def inputs_of(playlist: Playlist) -> list[Path]:
    """Return the playlist, and the files that its clips are read from.

    Raises:
        ProblemError: A clip cannot be read.
    """
    of_clips = (path for clip in playlist.clips for path in files_of(clip))
    return [*filter(None, [playlist.source]), *of_clips]


def timetables(playlist: Playlist) -> Iterator[tuple[str, Timetable]]:
    """Yield title and timetable of each clip but films, which say nothing that is known.

    Raises:
        ProblemError: A clip cannot be played.
    """
    for clip in playlist.clips:
        if not clip.is_film:
            plan = rendering.plan_of(clip, theme=playlist.theme, language=playlist.language)
            yield title_of(clip, playlist.language or "en"), Timetable.of(plan.piece)


def title_of(clip: Clip, language: str) -> str:
    """Return the title of a clip: its own, that of its scene, or the name of its file."""
    name = Path(clip.source.partition(".py:")[0]).stem
    own = load_words(language).texts.get("title." + clip.source, "")
    return clip.title or own or name.replace("_", " ").capitalize()


# ---- the lecture ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """A clip with the card before it.

    Attributes:
        title: Its title.
        card: The card, if there is one.
        clip: The clip; None for the card before all clips.
    """

    title: str
    card: Job | None
    clip: Job | None


@dataclass(frozen=True)
class Lecture:
    """A finished lecture.

    Attributes:
        made: The film.
        contents: Start in seconds and title of each part.
    """

    made: export.Rendered
    contents: tuple[tuple[float, str], ...]

    def __str__(self) -> str:
        """Return a line about the file, and one for each part."""
        return "\n".join([str(self.made), *contents_lines(self.contents)])


def contents_lines(contents: Sequence[tuple[float, str]]) -> list[str]:
    """Return a line with time and title for each part, as video platforms read them."""
    return [f"{clock(start)} {title}" for start, title in contents]


def clock(seconds: float) -> str:
    """Return a time as minutes and seconds, with hours if there are any."""
    minutes, rest = divmod(int(seconds), _MINUTE)
    hours, minutes = divmod(minutes, _MINUTE)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def parts_of(playlist: Playlist, folder: Path, picture: Mapping[str, Any]) -> list[Part]:
    """Return what the lecture is made of, in order."""

    def job(clip: Clip | None, title: str, number: str = "") -> Job:
        made = Job(Path(), clip, title, number, playlist.theme, playlist.language, picture)
        name = Path(clip.source.partition(".py:")[0]).stem if clip else "card"
        return replace(made, output=folder / f"{name}-{_digest(made)}.mp4")

    parts = [Part(playlist.title, job(None, playlist.title), None)] if playlist.title else []
    for number, clip in enumerate(playlist.clips, 1):
        title = title_of(clip, playlist.language or "en")
        card = job(None, title, str(number)) if playlist.cards else None
        parts.append(Part(f"{number}. {title}", card, job(clip, title)))
    return parts


def _digest(job: Job) -> str:
    """Return a digest of all that the film of a job depends on, without its place."""
    known = {**asdict(job), "output": None, "netviz": program()}
    if job.clip is not None:
        known |= {"title": None, "number": None}
    digest = blake2b(json.dumps(known, sort_keys=True, default=str).encode(), digest_size=8)
    for path in files_of(job.clip):
        digest.update(blake2b(path.read_bytes()).digest())
    return digest.hexdigest()


def make(
    playlist: Playlist,
    output: Path,
    *,
    place: Place,
    progress: export.Progress | None = None,
    picture: Mapping[str, Any],
) -> Lecture:
    """Render a playlist into one film, with chapters, captions and a list of contents.

    Films of clips are kept in a folder next to the output, under names that depend on everything
    that they show: what has not changed is not rendered again.

    Args:
        playlist: The clips.
        output: The film, which ends in ``.mp4``.
        place: Where clips are rendered.
        progress: Called with (clips done, clips in total).
        picture: ``quality``, ``fps``, ``width`` and ``aspect``, as far as they are given: they
            take precedence over those of the playlist.

    Raises:
        ProblemError: A clip cannot be rendered.
    """
    picture = {**playlist.picture, **picture}
    if output.suffix.lower() != ".mp4":
        raise ProblemError(Problem(str(output), "is not the name of an .mp4 file", "FILE.mp4"))
    _, size, _ = export.check(output, **picture)
    check_target(_folder(output) / "clip.mp4")
    parts = parts_of(playlist, _folder(output), picture)
    films = _filmed(parts, output, place, progress)
    return _joined(parts, films, output, size)


def make_slides(
    playlist: Playlist,
    output: Path,
    *,
    place: Place,
    progress: export.Progress | None = None,
    picture: Mapping[str, Any],
) -> int:
    """Render a playlist into slides, one a beat, and return how many they are.

    Args:
        playlist, place, progress, picture: As for :func:`make`.
        output: The file, which ends in ``.html`` or ``.pptx``.

    Raises:
        ProblemError: A clip cannot be rendered, or manim-slides cannot write the slides.
    """
    from netviz.theme import as_theme

    folder, picture = _folder(output), {**playlist.picture, **picture}
    check_target(output)
    _, size, _ = export.check(folder / "clip.mp4", **picture)
    parts = parts_of(playlist, folder, picture)
    films = _filmed(parts, output, place, progress)
    tables = timetables(playlist)
    slides = []
    with temporary_folder() as scratch:
        for part in parts:
            if part.card is not None:
                slides.append(Slide(films[part.card.output], part.title))
            if part.clip is None or part.clip.clip is None:
                continue
            film = films[part.clip.output]
            if part.clip.clip.is_film:
                slides.append(Slide(film, part.title))
                continue
            _, table = next(tables)
            moments = [beat.rests for beat in table.beats[:-1]]
            said = [beat.text for beat in table.beats] or [part.title]
            pieces = split(film, moments, scratch)
            # What is said in less than a frame is on the slide before it, or the first one.
            bounds = [0, *list(pieces)[1:], len(said)]
            slides += [
                Slide(piece, "\n".join(said[start:end]))
                for piece, (start, end) in zip(pieces.values(), pairwise(bounds), strict=True)
            ]
        title = playlist.title or parts[0].title
        background = as_theme(playlist.theme or "dark").background
        with open_target(output) as target:
            write_slides(slides, target.draft, title=title, background=background, size=size)
    return len(slides)


def _folder(output: Path) -> Path:
    """Return where the films of clips are kept."""
    return output.with_suffix(".clips")


def _filmed(
    parts: Sequence[Part], output: Path, place: Place, progress: export.Progress | None
) -> dict[Path, Path]:
    """Render what is missing, and return the film of each card and clip, by its output.

    A film that exists and looks like the others stands for itself. Films of earlier runs that are
    not needed any more are deleted.

    Raises:
        ProblemError: A film that exists, or the captions next to it, cannot be read; or a clip
            cannot be rendered.
    """
    jobs = [job for part in parts for job in (part.card, part.clip) if job is not None]
    for job in jobs:
        if job.clip and job.clip.is_film:
            captions_of(Path(job.clip.source))
            film_length(Path(job.clip.source))
    rendered = [job for job in jobs if not (job.clip and job.clip.is_film)]
    make_all(_missing(rendered), place, progress)
    films = {job.output: job.output for job in rendered}
    existing = [job for job in jobs if job.output not in films]
    like = next(iter(films.values()), None)
    # A film that looks like the others is taken as it is.
    for job in existing:
        film = Path(job.clip.source) if job.clip else job.output
        like = like or film
        films[job.output] = film if fits(film, like) else job.output
    replayed = [job for job in existing if films[job.output] == job.output]
    make_all(_missing(replayed), place, progress)
    named = [Path(job.clip.source) for job in existing if job.clip]
    kept = {path.with_suffix("").resolve() for path in (*films.values(), *named)}
    for path in _folder(output).glob("*.*"):
        own = _KEPT.fullmatch(path.stem) is not None and path.is_file()
        if own and path.with_suffix("").resolve() not in kept:
            path.unlink()
    return films


def _missing(jobs: Sequence[Job]) -> list[Job]:
    """Return the jobs whose films are not there yet, each once."""
    return list({job.output: job for job in jobs if not _is_whole(job.output)}.values())


def _is_whole(film: Path) -> bool:
    """Return whether the film of an earlier run is there, with captions that can be read."""
    try:
        captions_of(film)
        return film.is_file() and is_whole(film)
    except ProblemError:
        return False


def _joined(
    parts: Sequence[Part], films: Mapping[Path, Path], output: Path, size: tuple[int, int]
) -> Lecture:
    time = 0.0
    order: list[Path] = []
    captions: list[Caption] = []
    chapters: list[Chapter] = []
    sounds: list[tuple[float, Path]] = []
    for part in parts:
        start = time
        for job in filter(None, (part.card, part.clip)):
            film = films[job.output]
            # Captions and sound of an existing film stand with the original.
            own = Path(job.clip.source) if job.clip and job.clip.is_film else film
            order.append(film)
            captions += _shifted(captions_of(own), time)
            if has_sound(own):
                sounds.append((time, own))
            time += film_length(film)
        chapters.append(Chapter(part.title, start, time))
    contents = tuple((chapter.start, chapter.title) for chapter in chapters)
    with open_target(output) as target:
        draft = target.draft
        seconds = join(order, draft, chapters=chapters, sounds=sounds)
        for suffix, written in ((".srt", as_srt), (".vtt", as_vtt)):
            draft.with_suffix(suffix).write_text(written(captions), encoding="utf-8")
        if may_describe(output):
            lines = "\n".join(contents_lines(contents))
            draft.with_suffix(TEXT).write_text(f"{lines}\n", encoding="utf-8")
    bytes_ = output.stat().st_size
    made = export.Rendered(output, seconds, *size, bytes_, tuple(target.companions))
    return Lecture(made, contents)


def captions_of(film: Path) -> list[Caption]:
    """Return the captions in the file next to a film; none if there is no such file.

    Raises:
        ProblemError: The file cannot be read.
    """
    path = film.with_suffix(".srt")
    if not path.is_file():
        return []
    try:
        return read_srt(path.read_text(encoding="utf-8-sig"))
    except (ValueError, OverflowError) as error:  # other encodings, and times of many digits
        expected = "captions in SubRip format and UTF-8"
        raise ProblemError(Problem(str(path), "cannot be read", expected)) from error


def _shifted(captions: Sequence[Caption], seconds: float) -> list[Caption]:
    """Return captions so many seconds later."""
    later = timedelta(seconds=seconds)
    return [replace(each, start=each.start + later, end=each.end + later) for each in captions]
