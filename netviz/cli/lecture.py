"""Lectures: the clips of a playlist, rendered side by side, kept, and joined into one film."""

from __future__ import annotations

import ast
import json
import os
import signal
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from functools import cache, cached_property
from hashlib import blake2b
from importlib.metadata import version
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import netviz
from netviz import catalogue, export
from netviz.captions import Caption, as_srt, as_vtt, read_srt
from netviz.cli import rendering, scene_files
from netviz.cli.messages import INTERRUPTED
from netviz.cli.timetable import Timetable
from netviz.export.joining import film_length, fits, join, split
from netviz.export.pieces import processors
from netviz.export.reel import Chapter
from netviz.export.slides import Slide, write_slides
from netviz.export.sound import has_sound
from netviz.export.target import open_target
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
# What a film depends on, besides netviz itself.
_DRAWN_BY = ("manim", "numpy", "pillow", "pycairo", "av")
_MINUTE = 60


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
) -> Playlist:
    """Return a playlist, or one of a single clip, without cards.

    Args:
        source: A playlist, a scene or a network file.
        network, options, pacing: Of a single clip.
        theme, language: Names; they take precedence over those of a playlist.

    Raises:
        ProblemError: A playlist is wrong, or is given together with settings of a single clip.
    """
    if not (source.endswith(".toml") and is_playlist(source)):
        clip = Clip(source, network=network, options=options or {}, pacing=pacing or {})
        return Playlist((clip,), cards=False, theme=theme, language=language)
    for name, given in (("--network", network), ("--set", options), ("a pace", pacing)):
        if given:
            found = f"is given together with {source}, which is a playlist"
            raise ProblemError(Problem(name, found, "it in the playlist"))
    playlist = load_playlist(source)
    return replace(playlist, theme=theme or playlist.theme, language=language or playlist.language)


def trusted(playlist: Playlist, trust: bool) -> Playlist:
    """Return a playlist whose network files may run scenes outside their folders, if trusted."""
    return replace(playlist, clips=tuple(replace(clip, trust=trust) for clip in playlist.clips))


def files_of(playlist: Playlist) -> list[Path]:
    """Return the playlist, and the files that its clips are read from.

    Raises:
        ProblemError: A clip cannot be read.
    """
    of_clips = (path for clip in playlist.clips for path in _files(clip))
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


# ---- one clip ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """A film that is made by a process of its own.

    Attributes:
        folder: Where it is kept.
        clip: The clip that it shows; None for a card.
        title, number: What stands on the card.
        theme, language: Names, if given.
        picture: ``quality``, ``fps``, ``width`` and ``aspect``, as far as they are given.
    """

    folder: Path
    clip: Clip | None
    title: str
    number: str
    theme: str | None
    language: str | None
    picture: Mapping[str, Any]

    @cached_property
    def output(self) -> Path:
        """The file. Its name depends on everything that its content depends on."""
        name = Path(self.clip.source.partition(".py:")[0]).stem if self.clip else "card"
        return self.folder / f"{name}-{self._digest()}.mp4"

    def _digest(self) -> str:
        known = {**asdict(self), "folder": None, "netviz": _program()}
        if self.clip is not None:
            known |= {"title": None, "number": None}
        digest = blake2b(json.dumps(known, sort_keys=True, default=str).encode(), digest_size=8)
        for path in _files(self.clip) if self.clip else ():
            digest.update(blake2b(path.read_bytes()).digest())
        return digest.hexdigest()

    def make(self) -> str:
        """Render it, and return what is wrong, or nothing."""
        # SIGTERM is handled like Ctrl-C, so that a process that is stopped leaves nothing behind.
        before = signal.signal(signal.SIGTERM, signal.default_int_handler)
        try:
            self._render()
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)  # the process would wait for its next film
        except (ValueError, OSError) as error:
            return str(error)
        except Exception as error:  # a mistake in a scene file
            frames = traceback.extract_tb(error.__traceback__)
            own = [each for each in frames if "site-packages" not in each.filename]
            where = (own or frames)[-1]
            place = f"{Path(where.filename).name}, line {where.lineno}"
            return f"{place}: raises {type(error).__name__} ({error})"
        finally:
            signal.signal(signal.SIGTERM, before)
        return ""

    def _render(self) -> None:
        export.import_manim()
        if self.clip is None:
            from netviz.scene import TitleCard

            scene = TitleCard.of(self.title, self.number, theme=self.theme, language=self.language)
            export.render(scene, self.output, jobs=1, **self.picture)
        elif self.clip.is_film:
            from netviz.export.replay import replayed

            _, _, fps = export.check(self.output, **self.picture)
            film = Path(self.clip.source)
            export.render(replayed(film, fps), self.output, jobs=1, **self.picture)
        else:
            plan = rendering.plan_of(self.clip, theme=self.theme, language=self.language)
            rendering.render(plan.piece, [self.output], True, self.picture, 1, plan.about)


@cache
def _program() -> str:
    """Return a digest of netviz and of the libraries with which it draws."""
    digest = blake2b(" ".join(map(version, _DRAWN_BY)).encode(), digest_size=8)
    package = Path(netviz.__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".toml"} and catalogue.folder() not in path.parents:
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(clip: Clip) -> Iterator[Path]:
    """Yield the files that a clip depends on, besides those of netviz."""
    if clip.is_film:
        yield Path(clip.source)
        return
    sources = [clip.network] if clip.network else []
    scene = clip.source
    if scene.endswith(".toml"):
        sources.append(scene)
        scene = rendering.scene_of(scene)
    for source in sources:
        yield from rendering.sources_of(source)
    if scene:
        yield from _modules(scene_files.find(scene)[0])
    if clip.voice is not None:
        yield from rendering.recordings_in(clip.voice)


def _modules(path: Path, seen: set[Path] | None = None) -> Iterator[Path]:
    """Yield a Python file and the files in its folder that it imports."""
    seen = set() if seen is None else seen
    seen.add(path)
    yield path
    try:
        nodes = list(ast.walk(ast.parse(path.read_bytes())))
    except (SyntaxError, ValueError):  # the scene that is in it, or imports it, is refused
        return
    named = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    named += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    for name in sorted({name.partition(".")[0] for name in named}):
        other = path.with_name(f"{name}.py")
        if other.is_file() and other not in seen:
            yield from _modules(other, seen)


def _leave_interrupts() -> None:
    """Leave Ctrl-C, which the terminal sends to all processes, to the one that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def make_all(jobs: Sequence[Job], processes: int, progress: export.Progress | None) -> None:
    """Render the films that are not there yet, side by side.

    Raises:
        ProblemError: One of them cannot be rendered; the others are kept.
    """
    missing = {job.output: job for job in jobs if not job.output.is_file()}
    if not missing:
        return
    failed: list[tuple[Job, str]] = []
    # A fresh process for each core: manim keeps much of its state in its modules.
    count = min(processes, len(missing))
    with ProcessPoolExecutor(count, get_context("spawn"), _leave_interrupts) as pool:
        tasks = {pool.submit(job.make): job for job in missing.values()}
        try:
            for done, task in enumerate(as_completed(tasks), 1):
                if wrong := task.result():
                    failed.append((tasks[task], wrong))
                if progress is not None:
                    progress(done, len(tasks))
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                process.terminate()
            raise
    if failed:
        job, wrong = failed[0]
        name = job.clip.source if job.clip else "the card"
        raise ProblemError(Problem(f"the clip {name}", f"cannot be rendered ({wrong})"))


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
        return Job(folder, clip, title, number, playlist.theme, playlist.language, picture)

    parts = [Part(playlist.title, job(None, playlist.title), None)] if playlist.title else []
    for number, clip in enumerate(playlist.clips, 1):
        title = title_of(clip, playlist.language or "en")
        card = job(None, title, str(number)) if playlist.cards else None
        parts.append(Part(f"{number}. {title}", card, job(clip, title)))
    return parts


def make(
    playlist: Playlist,
    output: Path,
    *,
    processes: int = 0,
    progress: export.Progress | None = None,
    picture: Mapping[str, Any],
) -> Lecture:
    """Render a playlist into one film, with chapters, captions and a list of contents.

    Films of clips are kept in a folder next to the output, under names that depend on everything
    that they show: what has not changed is not rendered again.

    Args:
        playlist: The clips.
        output: The film, which ends in ``.mp4``.
        processes: How many clips are rendered at the same time; by default the number of cores.
        progress: Called with (clips done, clips in total).
        picture: ``quality``, ``fps``, ``width`` and ``aspect``, as far as they are given.

    Raises:
        ProblemError: A clip cannot be rendered.
    """
    if output.suffix.lower() != ".mp4":
        raise ProblemError(Problem(str(output), "is not the name of an .mp4 file", "FILE.mp4"))
    _, size, _ = export.check(output, **picture)
    parts = parts_of(playlist, _folder(output), picture)
    films = _filmed(parts, output, processes, progress)
    return _joined(parts, films, output, size)


def make_slides(
    playlist: Playlist,
    output: Path,
    *,
    processes: int = 0,
    progress: export.Progress | None = None,
    picture: Mapping[str, Any],
) -> int:
    """Render a playlist into slides, one a beat, and return how many they are.

    Args:
        playlist, processes, progress, picture: As for :func:`make`.
        output: The file, which ends in ``.html`` or ``.pptx``.

    Raises:
        ProblemError: A clip cannot be rendered, or manim-slides cannot write the slides.
    """
    from netviz.theme import as_theme

    folder = _folder(output)
    _, size, _ = export.check(folder / "clip.mp4", **picture)
    parts = parts_of(playlist, folder, picture)
    films = _filmed(parts, output, processes, progress)
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
            pieces = split(film, moments, scratch)
            said = [beat.text for beat in table.beats] or [part.title]
            slides += [Slide(piece, text) for piece, text in zip(pieces, said, strict=True)]
        title = playlist.title or parts[0].title
        background = as_theme(playlist.theme or "dark").background
        with open_target(output) as target:
            write_slides(slides, target.draft, title=title, background=background, size=size)
    return len(slides)


def _folder(output: Path) -> Path:
    """Return where the films of clips are kept."""
    return output.with_suffix(".clips")


def _filmed(
    parts: Sequence[Part], output: Path, processes: int, progress: export.Progress | None
) -> dict[Path, Path]:
    """Render what is missing, and return the film of each card and clip, by its output.

    A film that exists and looks like the others stands for itself. Films of earlier runs that are
    not needed any more are deleted.
    """
    jobs = [job for part in parts for job in (part.card, part.clip) if job is not None]
    rendered = [job for job in jobs if not (job.clip and job.clip.is_film)]
    processes = processes or processors()
    make_all(rendered, processes, progress)
    films = {job.output: job.output for job in rendered}
    existing = [job for job in jobs if job.output not in films]
    like = next(iter(films.values()), None)
    # A film that looks like the others is taken as it is.
    for job in existing:
        film = Path(job.clip.source) if job.clip else job.output
        like = like or film
        films[job.output] = film if fits(film, like) else job.output
    replayed = [job for job in existing if films[job.output] == job.output]
    make_all(replayed, processes, progress)
    kept = set(films.values())
    for path in _folder(output).glob("*.*"):
        if path.is_file() and path.with_suffix(".mp4") not in kept:
            path.unlink()
    return films


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
            captions += _shifted(own.with_suffix(".srt"), time)
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
        lines = "\n".join(contents_lines(contents))
        draft.with_suffix(".txt").write_text(f"{lines}\n", encoding="utf-8")
    bytes_ = output.stat().st_size
    made = export.Rendered(output, seconds, *size, bytes_, tuple(target.companions))
    return Lecture(made, contents)


def _shifted(path: Path, seconds: float) -> list[Caption]:
    """Return the captions of a film, if there are any, so many seconds later."""
    if not path.is_file():
        return []
    later = timedelta(seconds=seconds)
    said = read_srt(path.read_text(encoding="utf-8-sig"))
    return [replace(each, start=each.start + later, end=each.end + later) for each in said]
