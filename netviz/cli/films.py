"""Films that other processes make, of this machine or of a Dask cluster, through one interface.

A task carries all that its film depends on, and returns the finished files. So it does not matter
on which machine it is done, and it can be done again if its machine fails.
"""

from __future__ import annotations

import ast
import os
import platform
import signal
import sys
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import netviz
from netviz import catalogue, export, interop, plugins
from netviz.cli import rendering, scene_files
from netviz.cli.messages import INTERRUPTED
from netviz.export.pieces import processors
from netviz.export.target import open_target
from netviz.files import temporary_folder
from netviz.problems import Problem, ProblemError
from netviz.spec import Clip, load_film

# What a film depends on, besides netviz itself.
_DRAWN_BY = ("manim", "numpy", "pillow", "pycairo", "av")
# How often a task is done again after its process has died.
_RETRIES = 3
_PATIENCE = 30  # seconds, for a cluster to answer
# Threads of one process take turns: manim has one configuration, and a process one folder.
_ALONE = threading.Lock()


@dataclass(frozen=True)
class Place:
    """Where films are made.

    Attributes:
        jobs: How many at the same time on this machine; None for one for each processor.
        cluster: The address of a Dask scheduler, in place of this machine.

    Raises:
        ProblemError: Both are given.
    """

    jobs: int | None = None
    cluster: str | None = None

    def __post_init__(self) -> None:
        """Check that only one of the two is given."""
        if self.jobs is not None and self.cluster is not None:
            found = "is given together with --cluster, whose workers do one film each"
            raise ProblemError(Problem("--jobs", found, "one of the two"))

    @contextmanager
    def workers(self, tasks: int) -> Iterator[Executor]:
        """Yield what runs so many tasks."""
        if self.cluster is not None:
            with _cluster(self.cluster) as executor:
                yield executor
            return
        # Fresh processes: manim keeps much of its state in its modules.
        count = min(self.jobs or processors(), tasks)
        with ProcessPoolExecutor(count, get_context("spawn"), _leave_interrupts) as pool:
            try:
                yield pool
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                for process in active_children():
                    process.terminate()
                raise


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    """Yield the workers of a Dask cluster.

    Raises:
        ProblemError: ``distributed`` is not installed, or no cluster answers.
    """
    try:
        from distributed import Client
    except ImportError as error:
        hint = 'pip install "manim-netviz[cluster]"'
        raise ProblemError(Problem("distributed", "is not installed", hint)) from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        found = f"is {address!r}, where no Dask scheduler answers"
        expected = "an address such as tcp://192.168.0.10:8786"
        raise ProblemError(Problem("--cluster", found, expected)) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            found = f"{address} has no workers"
            hint = f"start some with `dask worker {address} --nthreads 1`"
            raise ProblemError(Problem("--cluster", found, "a worker", hint)) from error
        yield client.get_executor(pure=False, retries=_RETRIES)


def _leave_interrupts() -> None:
    """Leave Ctrl-C, which the terminal sends to all processes, to the one that started this one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


# ---- what is made --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Job:
    """A film to be made.

    Attributes:
        output: The file.
        clip: The clip that it shows; None for a card.
        title, number: What stands on the card.
        theme, language: Names, if given.
        picture: Settings by the names of the command line, as far as they are given.
    """

    output: Path
    clip: Clip | None
    title: str
    number: str
    theme: str | None
    language: str | None
    picture: Mapping[str, Any]

    @property
    def name(self) -> str:
        """What it is called in messages."""
        if self.clip is None:
            return "the card"
        with_ = ", ".join(f"{key} = {value}" for key, value in self.clip.changes.items())
        return f"the clip {self.clip.source}" + (f" with {with_}" if with_ else "")

    def render(self, output: Path) -> None:
        """Render it in this process.

        Raises:
            ValueError, OSError: It cannot be rendered.
        """
        export.import_manim()
        if self.clip is None:
            from netviz.scene import TitleCard

            scene = TitleCard.of(self.title, self.number, theme=self.theme, language=self.language)
            export.render(scene, output, jobs=1, **self.picture)
        elif self.clip.is_film:
            from netviz.export.replay import replayed

            _, _, fps = export.check(output, **self.picture)
            export.render(replayed(Path(self.clip.source), fps), output, jobs=1, **self.picture)
        else:
            plan = rendering.plan_of(self.clip, theme=self.theme, language=self.language)
            picture = rendering.in_seconds(plan.piece, self.picture)
            rendering.render(plan.piece, [output], True, picture, 1, plan.about)


@dataclass(frozen=True)
class Made:
    """What a task returns.

    Attributes:
        files: Suffix → content of the film and of the captions next to it; empty if it failed.
        wrong: What is wrong, or nothing.
        worker: Who has made it; empty on this machine.
    """

    files: Mapping[str, bytes]
    wrong: str = ""
    worker: str = ""


@dataclass(frozen=True)
class Task:
    """A job with all that it depends on, for a process that shares no files with this one.

    Attributes:
        job: The job. Its paths are relative to ``folder``.
        files: Path → content of the files that it reads.
        folder: In which it is done. This and the paths of the files are relative to one folder.
        made_with: What its pictures must be made with; None if the same machine makes them, in the
            present folder.
        ran: Python files that are run first, with activations and losses; none for a card.
    """

    job: Job
    files: Mapping[str, bytes]
    folder: str
    made_with: Mapping[str, str] | None
    ran: tuple[str, ...]

    @classmethod
    def of(cls, job: Job, made_with: Mapping[str, str] | None) -> Task:
        """Read the files of a job, unless the same machine does it."""
        ran = tuple(_from_here(str(path)) for path in plugins.FILES) if job.clip else ()
        if made_with is None:
            return cls(replace(job, output=Path(job.output.name)), {}, "", None, ran)
        here = Path.cwd()
        paths = {Path(os.path.abspath(path)) for path in files_of(job.clip)}
        root = Path(os.path.commonpath([here, *paths]))
        return cls(
            replace(job, output=Path(job.output.name), clip=job.clip and _relative(job.clip)),
            {path.relative_to(root).as_posix(): path.read_bytes() for path in paths},
            here.relative_to(root).as_posix(),
            made_with,
            ran,
        )

    def make(self) -> Made:
        """Make the film, on another machine in a folder of its own."""
        try:
            with _ALONE, _as_ctrl_c(), temporary_folder() as folder, temporary_folder() as made:
                root = folder.resolve()
                for name, content in self.files.items():
                    (root / name).parent.mkdir(parents=True, exist_ok=True)
                    (root / name).write_bytes(content)
                with nullcontext() if self.made_with is None else _inside(root / self.folder, root):
                    wrong = self._difference() or self._attempt(made / self.job.output.name)
                files = {path.suffix: path.read_bytes() for path in made.iterdir()}
                return Made(files, wrong, _worker())
        except KeyboardInterrupt:
            os._exit(INTERRUPTED)  # the process would wait for its next film

    def _difference(self) -> str:
        """Return in what this machine differs from the one that has asked for the film."""
        if self.made_with is None:
            return ""
        here = made_with()
        for what, needed in self.made_with.items():
            if here[what] != needed:
                return f"it has {what} {here[what]}, and {needed} is needed"
        return ""

    def _attempt(self, output: Path) -> str:
        """Render the film, and return what is wrong, or nothing."""
        try:
            with plugins.running(map(Path, self.ran)):
                self.job.render(output)
        except (ValueError, OSError) as error:
            return str(error)
        except Exception as error:  # a mistake in a scene file
            frames = traceback.extract_tb(error.__traceback__)
            own = [each for each in frames if "site-packages" not in each.filename]
            where = (own or frames)[-1]
            place = f"{Path(where.filename).name}, line {where.lineno}"
            return f"{place}: raises {type(error).__name__} ({error})"
        return ""


def _relative(clip: Clip) -> Clip:
    """Return a clip whose paths are relative to the current folder."""
    return replace(
        clip,
        source=_from_here(clip.source),
        network=clip.network and _from_here(clip.network),
        voice=clip.voice and Path(_from_here(str(clip.voice))),
    )


def _from_here(name: str) -> str:
    return os.path.relpath(name) if os.path.isabs(name) else name


@contextmanager
def _as_ctrl_c() -> Iterator[None]:
    """Handle SIGTERM like Ctrl-C, so that a process that is stopped leaves nothing behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # a worker of a cluster handles its signals itself
        return
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _inside(folder: Path, root: Path) -> Iterator[None]:
    """Work in a folder, and forget the modules below its root afterwards."""
    before, known = Path.cwd(), set(sys.modules)
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
        for name in set(sys.modules) - known:
            if str(getattr(sys.modules[name], "__file__", None)).startswith(str(root)):
                del sys.modules[name]


# ---- what films depend on ------------------------------------------------------------------------


@cache
def program() -> str:
    """Return a digest of netviz and of the libraries with which it draws."""
    digest = blake2b(" ".join(map(version, _DRAWN_BY)).encode(), digest_size=8)
    package = Path(netviz.__file__).parent
    for path in sorted(package.rglob("*")):
        if path.suffix in {".py", ".toml"} and catalogue.folder() not in path.parents:
            digest.update(path.read_bytes())
    return digest.hexdigest()


@cache
def made_with() -> dict[str, str]:
    """Return what pictures of this process are made with: versions, and the font of texts."""
    export.import_manim()
    from netviz.drawing import TextLabel

    try:
        letters = TextLabel("Ag0가나", "dark").points.round(6).tobytes()
        font = blake2b(letters, digest_size=4).hexdigest()
    except ProblemError as error:
        font = f"without some letters ({error.problems[0].hint})"
    scenes = blake2b(program().encode(), digest_size=4)
    for path in catalogue.scenes().values():
        scenes.update(path.read_bytes())
    own = f"{netviz.__version__} ({scenes.hexdigest()})"
    return {"netviz": own, **{name: version(name) for name in _DRAWN_BY}, "the font": font}


def _worker() -> str:
    """Return the name of this worker of a cluster; empty outside of one."""
    if "distributed" not in sys.modules:
        return ""
    from distributed import get_worker

    try:
        return f"{get_worker().name} on {platform.node()}"
    except ValueError:
        return ""


def files_of(clip: Clip | None) -> Iterator[Path]:
    """Yield the files that a clip depends on, besides those of netviz; a card has none.

    A file that ``--with`` has run counts for all clips.
    """
    if clip is None:
        return
    yield from plugins.FILES
    if clip.is_film:
        yield Path(clip.source)
        return
    scene = clip.source
    if clip.network:
        yield from load_film(clip.network, interop).sources
    if scene.endswith(".toml"):
        description = load_film(scene, interop, clip.changes)
        yield from description.sources
        film = description.film
        scene = "" if film.acts else film.scene or rendering.DEFAULT_SCENE
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


# ---- making them ---------------------------------------------------------------------------------


def make_all(jobs: Sequence[Job], place: Place, progress: export.Progress | None) -> None:
    """Make films side by side, and publish each when it is finished.

    A task whose process dies is given to another one.

    Raises:
        ProblemError: One of them cannot be made; the others are kept.
    """
    left = {job.output: job for job in jobs}
    needed = made_with() if left and place.cluster is not None else None
    failed: list[Problem] = []
    deaths = 0
    while left:
        try:
            with place.workers(len(left)) as workers:
                tasks = {workers.submit(Task.of(job, needed).make): job for job in left.values()}
                for job, made in _finished(tasks):
                    del left[job.output]
                    if made.wrong:
                        by = f" by the worker {made.worker}" if made.worker else ""
                        failed.append(Problem(job.name, f"cannot be rendered{by} ({made.wrong})"))
                    else:
                        _publish(made, job.output)
                    if progress is not None:
                        progress(len(jobs) - len(left), len(jobs))
        except BrokenProcessPool as error:
            deaths += 1
            if deaths > _RETRIES:
                found = f"cannot be rendered: a process has died {deaths} times"
                hint = "fewer films at a time, --jobs, take less memory"
                problem = Problem(next(iter(left.values())).name, found, hint=hint)
                raise ProblemError(problem) from error
    if failed:
        raise ProblemError(*failed)


def _finished(tasks: Mapping[Future[Made], Job]) -> Iterator[tuple[Job, Made]]:
    """Yield each job with what was made of it, as soon as it is finished.

    Raises:
        BrokenProcessPool: A process of this machine has died.
    """
    try:
        for task in as_completed(tasks):
            try:
                yield tasks[task], task.result()
            except BrokenProcessPool:
                raise
            except Exception as error:  # of the cluster: a task returns its own
                yield tasks[task], Made({}, f"{type(error).__name__}: {error}")
    finally:
        for task in tasks:
            task.cancel()


def _publish(made: Made, output: Path) -> None:
    with open_target(output) as target:
        for suffix, content in made.files.items():
            target.draft.with_suffix(suffix).write_bytes(content)
