"""Whole commands and films: processor time, time and memory of processes, one after the other.

``python -m benchmarks films`` runs all, ``python -m benchmarks films small commands`` some groups.
In every round each work of a group is run once, so that other work on the machine slows all of
them; figures are medians, and ratios are medians of the ratios of a round. The results replace
those of the same groups in ``benchmarks/results.md``.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from statistics import median

ROUNDS = 3
RESULTS = Path(__file__).with_name("results.md")
# A film of 35 s, its width and its frames per second.
FILM = ("training", 1280, 30)


@dataclass(frozen=True)
class Run:
    """What one process has taken.

    Attributes:
        wall, cpu: Seconds.
        memory: The largest one of all processes so far, in MB.
        size: Of the file, in kB.
        said: What it has printed.
    """

    wall: float
    cpu: float
    memory: float
    size: float
    said: str


@dataclass(frozen=True)
class Work:
    """A process to be measured.

    Attributes:
        name: What it does.
        command: The arguments after ``python``. ``OUT`` is the path of the file to be written.
        cores: On how many processors it runs; None for all.
    """

    name: str
    command: tuple[str, ...]
    cores: int | None = None


def _here(name: str, *arguments: str, cores: int | None = None) -> Work:
    return Work(name, ("-m", "benchmarks.films", *arguments), cores)


def _netviz(line: str) -> Work:
    return Work(f"netviz {line}", ("-m", "netviz", *line.split()))


GROUPS: dict[str, list[Work]] = {
    "small": [
        _here("netviz, 5-2-2-5, three passes in 10 s, 1080p60", "clip", "5-2-2-5", "OUT.mp4"),
        _here("plain manim, the same", "plain", "OUT.mp4"),
        _here("encoding alone, the same frames", "encode", "OUT.mp4"),
    ],
    "images": [
        _here("784-128-64-10, three passes in 10 s, 1080p60", "clip", "784-128-64-10", "OUT.mp4")
    ],
    "commands": [
        _netviz("--help"),
        _netviz("explain 5-2-2-5"),
        _netviz("diagram 5-2-2-5 -o OUT.svg"),
    ],
    "gif": [_netviz("render loop -o OUT.gif --fps 20")],
    "cores": [
        _here("a film on 2 cores", "film", "OUT.mp4", "2", cores=2),
        _here("the same on 1 core", "film", "OUT.mp4", "1", cores=1),
    ],
    "main_clip": [_netviz("render main_clip --quality high -o OUT.mp4")],
}
# What is compared with the first work of a group.
COMPARED = {"small": (1, 2), "cores": (1,)}


# ---- works, in processes of their own ------------------------------------------------------------


def clip(shape: str, output: str) -> None:
    """Render the three passes over a network."""
    from benchmarks.drawing import scene_of
    from netviz.export import render

    render(scene_of(tuple(map(int, shape.split("-")))), output, quality="high")


def plain(output: str) -> None:
    """Render the three passes written in plain manim, as manim renders them."""
    from manim import tempconfig

    from benchmarks.plain import PlainPasses

    size = {"pixel_width": 1920, "pixel_height": 1080, "frame_rate": 60}
    quiet = {"progress_bar": "none", "verbosity": "ERROR", "disable_caching": True}
    folder = str(Path(output).parent / "media")
    with tempconfig(size | quiet | {"media_dir": folder, "output_file": "plain"}):
        scene = PlainPasses()
        scene.render()
        os.replace(scene.renderer.file_writer.movie_file_path, output)


def encode(output: str) -> None:
    """Print the seconds of processor time in which the frames of netviz are encoded."""
    import av

    from benchmarks.drawing import SMALL, scene_of
    from netviz.export.request import WHOLE_FRAME
    from netviz.export.take import Take
    from netviz.export.video import H264

    seconds, number = 0.0, 0
    with av.open(output, "w") as container, tempfile.TemporaryDirectory() as media:
        stream = container.add_stream(H264.codec, rate=60, options=dict(H264.options))
        stream.width, stream.height, stream.pix_fmt = 1920, 1080, "yuv420p"

        def add(pixels, repeat):
            nonlocal seconds, number
            frame = av.VideoFrame.from_ndarray(pixels, "rgba").reformat(format="yuv420p")
            frame.time_base = Fraction(1, 60)
            for _ in range(repeat):
                frame.pts, number = number, number + 1
                began = time.thread_time()
                packets = stream.encode(frame)
                seconds += time.thread_time() - began
                container.mux(packets)

        Take(scene_of(SMALL), 1920, 1080, 60, None, None, Path(media), WHOLE_FRAME).frames(add)
        began = time.thread_time()
        packets = stream.encode(None)
        seconds += time.thread_time() - began
        container.mux(packets)
    print(seconds)


def film(output: str, jobs: str) -> None:
    """Render a film with a number of processes."""
    from netviz.cli.rendering import Piece
    from netviz.export import render

    name, width, fps = FILM
    render(Piece.of(name).scene_class, output, width=width, fps=fps, jobs=int(jobs))


# ---- measuring -----------------------------------------------------------------------------------


def measured(work: Work) -> Run:
    """Run a work in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        command = [part.replace("OUT", f"{folder}/out") for part in work.command]
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command], stdout=subprocess.PIPE, preexec_fn=_on(work.cores)
        )
        said = process.communicate()[0].decode()
        wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        if process.returncode:
            raise RuntimeError(f"{work.name} has failed")
        size = sum(path.stat().st_size for path in Path(folder).glob("out.*")) / 1000
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return Run(wall, cpu, after.ru_maxrss / 1024, size, said)


def _on(cores: int | None) -> Callable[[], None] | None:
    if cores is None:
        return None
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, chosen)


def _rows(group: str) -> list[str]:
    works = GROUPS[group]
    rounds = [[measured(work) for work in works] for _ in range(ROUNDS)]
    rows = [_row(work, [each[n] for each in rounds], len(works)) for n, work in enumerate(works)]
    pairs = {n: [(each[0], each[n]) for each in rounds] for n in COMPARED.get(group, ())}
    return rows + [_comparison(works[n], pairs[n]) for n in pairs]


def _row(work: Work, runs: Sequence[Run], works: int) -> str:
    """Return the medians of a work; its memory only if it is alone in its group."""
    size = median(run.size for run in runs)
    written = f"{size:.0f} kB" if size else ""
    if _only_encodes(work):
        return f"| {work.name} | {median(float(run.said) for run in runs):.2f} s | | {written} | |"
    cpu, wall = (median(getattr(run, key) for run in runs) for key in ("cpu", "wall"))
    memory = f"{median(run.memory for run in runs):.0f} MB" if works == 1 else ""
    return f"| {work.name} | {cpu:.2f} s | {wall:.2f} s | {written} | {memory} |"


def _comparison(other: Work, pairs: Sequence[tuple[Run, Run]]) -> str:
    """Return a row with the ratios of another work to the first one of its group."""
    if _only_encodes(other):
        cpu = median(ours.cpu / float(theirs.said) for ours, theirs in pairs)
        return f"| *netviz, relative to {other.name}* | {cpu:.2f} | | | |"
    cpu, wall, size = (
        median(getattr(theirs, key) / getattr(ours, key) for ours, theirs in pairs)
        for key in ("cpu", "wall", "size")
    )
    return f"| *{other.name}, relative to the first row* | {cpu:.2f} | {wall:.2f} | {size:.2f} | |"


def _only_encodes(work: Work) -> bool:
    return work.command[2:3] == ("encode",)


def machine() -> str:
    """Return the processor, the number of cores and the versions."""
    from importlib.metadata import version

    names = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    versions = ", ".join(f"{name} {version(name)}" for name in ("manim", "numpy", "pycairo", "av"))
    cores = len(os.sched_getaffinity(0))
    load = os.getloadavg()[0]
    return (
        f"{names[0] if names else platform.machine()}, {cores} cores, Python "
        f"{platform.python_version()}, {versions}; load of the machine {load:.1f}"
    )


def report(groups: Sequence[str]) -> None:
    """Measure groups, print their tables and write them into the results."""
    sections = {}
    if RESULTS.exists():
        parts = RESULTS.read_text(encoding="utf-8").split("\n## ")[1:]
        sections = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}
    for group in groups or GROUPS:
        head = ["| work | processor time | time | file | memory |", "|---|---|---|---|---|"]
        sections[group] = "\n".join([f"{machine()}\n", *head, *_rows(group)])
        print(f"{group}\n{sections[group]}\n", flush=True)
        text = "".join(f"\n## {name}\n\n{body}\n" for name, body in sections.items())
        RESULTS.write_text(
            f"# Results\n\nMedians of {ROUNDS} rounds, by `python -m benchmarks films`.\n{text}",
            encoding="utf-8",
        )


if __name__ == "__main__":
    {"clip": clip, "plain": plain, "encode": encode, "film": film}[sys.argv[1]](*sys.argv[2:])
