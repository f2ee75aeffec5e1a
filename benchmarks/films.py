"""Whole commands and films: processor time, time and memory of processes, one after the other.

``python -m benchmarks films`` runs all, ``python -m benchmarks films small commands`` some groups,
``python -m benchmarks films small 1`` with one round. In every round each work of a group is run
once, so that other work on the machine slows all of them; figures are medians, and ratios are
medians of the ratios of a round. The results replace those of the same groups in
``benchmarks/results.md``, with what each group must reach and by how much it misses it.
"""

from __future__ import annotations

import cProfile
import os
import platform
import pstats
import re
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
MOST = 16  # lines of a profile
KEYS = ("cpu", "wall", "memory")
RESULTS = Path(__file__).with_name("results.md")
# A film of more than half a minute, its width and its frames per second. No animation in it is
# much longer than a piece, which one process draws.
FILM = ("bias_neurons", 1920, 60)


@dataclass(frozen=True)
class Run:
    """What one process has taken.

    Attributes:
        wall, cpu: Seconds.
        memory: Of its largest process, in MB.
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


def _netviz(line: str, cores: int | None = None) -> Work:
    on = f", on {cores} core{'s' * (cores > 1)}" if cores else ""
    return Work(f"netviz {line}{on}", ("-m", "netviz", *line.split()), cores)


GROUPS: dict[str, list[Work]] = {
    "small": [
        _here("netviz, 5-2-2-5, three passes in 10 s, 1080p60", "clip", "5-2-2-5", "OUT.mp4"),
        _here("plain manim, the same", "plain", "OUT.mp4"),
        _here("encoding alone, the same frames", "encode", "OUT.mp4"),
    ],
    "encodings": [_here("encoding as netviz and as manim", "similarity", "OUT")],
    "images": [
        _here("784-128-64-10, three passes in 10 s, 1080p60", "clip", "784-128-64-10", "OUT.mp4")
    ],
    "commands": [
        _netviz("--help"),
        _netviz("explain 5-2-2-5"),
        _netviz("diagram 5-2-2-5 -o OUT.svg"),
    ],
    "gif": [
        _netviz("render loop -o OUT.gif --fps 20"),
        _here("gifsicle -O3 on the same frames", "gifsicle", "OUT.gif"),
    ],
    "cores": [
        _here("the film bias_neurons, 1080p60, on 2 cores", "film", "OUT.mp4", "2", cores=2),
        _here("the same on 1 core", "film", "OUT.mp4", "1", cores=1),
    ],
    "lecture": [
        _netviz("lecture -o OUT.mp4 --quality low --jobs 2", cores=2),
        _netviz("lecture -o OUT.mp4 --quality low --jobs 1", cores=1),
    ],
    "main_clip": [
        _netviz("render main_clip --quality high -o OUT.mp4"),
        _netviz("render loop --quality high -o OUT.mp4"),
    ],
}
Rounds = Sequence[Sequence[Run]]
"""The runs of all works of a group, round by round."""


@dataclass(frozen=True)
class Must:
    """What a group must reach.

    Attributes:
        what: What is compared.
        limit: The least or the largest value.
        value: The value, from all rounds.
        least: Whether the limit is the least value.
        why: What takes the time where it is missed, as the profile shows.
    """

    what: str
    limit: float
    value: Callable[[Rounds], float]
    least: bool = False
    why: str = ""


def _of(key: str, work: int = 0) -> Callable[[Rounds], float]:
    """Return the median of a figure of a work."""
    return lambda rounds: median(float(getattr(each[work], key)) for each in rounds)


def _ratio(key: str, work: int, other: int, other_key: str = "") -> Callable[[Rounds], float]:
    """Return the median of the ratio of two works in a round."""
    return lambda rounds: median(
        float(getattr(each[work], key)) / float(getattr(each[other], other_key or key))
        for each in rounds
    )


MUSTS: dict[str, list[Must]] = {
    "small": [
        Must(
            *("processor time of plain manim, relative to netviz", 2.0, _ratio("cpu", 1, 0), True),
            why="one process more plays the film, without drawing it, for those that draw",
        ),
        Must("time of plain manim, relative to netviz", 2.0, _ratio("wall", 1, 0), True),
        Must("file of netviz, relative to plain manim", 1.0, _ratio("size", 0, 1)),
        Must(
            *("processor time of netviz, relative to encoding", 1.3, _ratio("cpu", 0, 2, "said")),
            why="paths are built, compared and stroked by cairo for every frame that moves",
        ),
    ],
    "encodings": [Must("SSIM of the two encodings", 0.99, _of("said"), True)],
    "images": [
        Must(
            *("seconds", 25, _of("wall")),
            why="of 1,000 mobjects each is compared in each frame, and the edges of those neurons "
            "that light up are stroked again",
        ),
        Must("memory in MB", 700, _of("memory")),
    ],
    "commands": [
        Must("processor time of --help in seconds", 0.25, _of("cpu", 0)),
        Must(
            *("processor time of explain in seconds", 0.25, _of("cpu", 1)),
            why="Python starts and loads numpy, pydantic, click and rich",
        ),
        Must(
            *("seconds of diagram", 1.0, _of("wall", 2)),
            why="Python starts and loads manim, with scipy and networkx",
        ),
    ],
    "gif": [Must("bytes, relative to gifsicle -O3", 1.05, _ratio("size", 0, 1))],
    "cores": [
        Must(
            *("time on 1 core, relative to 2", 1.7, _ratio("wall", 1, 0), True),
            why="one process plays the whole film without drawing it, and no animation is cut",
        )
    ],
    "lecture": [
        Must(
            *("time on 1 core, relative to 2", 1.8, _ratio("wall", 1, 0), True),
            why="the same work takes more processor time while both processors are busy",
        )
    ],
    "main_clip": [
        Must(
            *("seconds", 100, _of("wall")),
            why="both processors are busy throughout: the more numbers are on screen, the more "
            "paths are compared and stroked for each frame",
        ),
        Must("memory, relative to a film of a tenth of its length", 1.2, _ratio("memory", 0, 1)),
    ],
}


# ---- works, in processes of their own ------------------------------------------------------------


def clip(shape: str, output: str) -> None:
    """Render the three passes over a network, with all processors, as the command does."""
    from benchmarks.drawing import scene_of
    from netviz.export import render

    render(scene_of(tuple(map(int, shape.split("-")))), output, quality="high", jobs=None)


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
    from netviz.export.video import H264

    with _Encoding(output, H264.codec, H264.options) as encoding:
        _frames(encoding.add)
    print(encoding.seconds)


def similarity(output: str) -> None:
    """Print the SSIM of two encodings of the same frames: that of netviz, and that of manim."""
    import av
    import numpy as np

    from netviz.export.video import H264

    names = [f"{output}-{who}.mp4" for who in ("netviz", "manim")]
    with (
        _Encoding(names[0], H264.codec, H264.options) as ours,
        _Encoding(names[1], "libx264", {"crf": "23", "an": "1"}) as theirs,
    ):

        def add(pixels, repeat):
            ours.add(pixels, repeat)
            theirs.add(pixels, repeat)

        _frames(add)
    with av.open(names[0]) as one, av.open(names[1]) as other:
        pairs = zip(one.decode(video=0), other.decode(video=0), strict=True)
        planes = (
            [frame.to_ndarray()[: frame.height].astype(float) for frame in pair]
            for number, pair in enumerate(pairs)
            if number % 10 == 0
        )
        print(np.mean([_ssim(*pair) for pair in planes]))


def _ssim(one, other) -> float:
    """Return the mean structural similarity of two planes, in squares of 8 × 8 pixels.

    Z. Wang, A. C. Bovik, H. R. Sheikh, E. P. Simoncelli: Image quality assessment, 2004.
    """
    x, y = (
        plane[: len(plane) // 8 * 8].reshape(-1, 8, plane.shape[1] // 8, 8).swapaxes(1, 2)
        for plane in (one, other)
    )
    mean_x, mean_y = (each.mean(axis=(2, 3)) for each in (x, y))
    var_x, var_y = (each.var(axis=(2, 3)) for each in (x, y))
    both = (x * y).mean(axis=(2, 3)) - mean_x * mean_y
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    alike = (2 * mean_x * mean_y + c1) * (2 * both + c2)
    return float((alike / ((mean_x**2 + mean_y**2 + c1) * (var_x + var_y + c2))).mean())


class _Encoding:
    """A video to which frames of 1080p60 are added; ``seconds`` is the time of the encoder."""

    def __init__(self, path, codec, options) -> None:
        import av

        self.seconds, self.number = 0.0, 0
        self.container = av.open(path, "w")
        self.stream = self.container.add_stream(codec, rate=60, options=dict(options))
        self.stream.width, self.stream.height, self.stream.pix_fmt = 1920, 1080, "yuv420p"

    def __enter__(self):
        return self

    def add(self, pixels, repeat) -> None:
        import av

        frame = av.VideoFrame.from_ndarray(pixels, "rgba").reformat(format="yuv420p")
        frame.time_base = Fraction(1, 60)
        for _ in range(repeat):
            frame.pts, self.number = self.number, self.number + 1
            self._encode(frame)

    def _encode(self, frame) -> None:
        began = time.process_time()
        packets = self.stream.encode(frame)
        self.seconds += time.process_time() - began
        self.container.mux(packets)

    def __exit__(self, *_) -> None:
        self._encode(None)
        self.container.close()


def _frames(sink: Callable[..., None]) -> None:
    """Draw the frames of the three passes."""
    from benchmarks.drawing import SMALL, scene_of
    from netviz.export.request import WHOLE_FRAME
    from netviz.export.take import Take

    with tempfile.TemporaryDirectory() as media:
        Take(scene_of(SMALL), 1920, 1080, 60, None, None, Path(media), WHOLE_FRAME).frames(sink)


def gifsicle(output: str) -> None:
    """Render the loop, and optimize it with gifsicle."""
    from netviz.cli import main

    main(["render", "loop", "-o", "loop.gif", "--fps", "20", "--quiet"])
    subprocess.run(["gifsicle", "-O3", "loop.gif", "-o", output], check=True)


def film(output: str, jobs: str) -> None:
    """Render a film with a number of processes."""
    from netviz.cli.rendering import Piece
    from netviz.export import render

    name, width, fps = FILM
    render(Piece.of(name).scene_class, output, width=width, fps=fps, jobs=int(jobs))


# ---- measuring -----------------------------------------------------------------------------------


def measured(work: Work) -> Run:
    """Run a work in a process of its own."""
    # Installed packages are compiled once, not whenever they are loaded.
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        command = [part.replace("OUT", f"{folder}/out") for part in work.command]
        began = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command],
            stdout=subprocess.PIPE,
            preexec_fn=_on(work.cores),
            env=environment,
            cwd=folder,
        )
        assert process.stdout is not None
        said = process.stdout.read().decode()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - began
        if process.returncode:
            raise RuntimeError(f"{work.name} has failed")
        size = sum(path.stat().st_size for path in Path(folder).glob("out.*")) / 1000
        return Run(wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, size, said)


def _on(cores: int | None) -> Callable[[], None] | None:
    if cores is None:
        return None
    chosen = sorted(os.sched_getaffinity(0))[:cores]
    return lambda: os.sched_setaffinity(0, chosen)


def _section(group: str, count: int) -> str:
    """Measure a group, and return its tables."""
    rounds = [[measured(work) for work in GROUPS[group]] for _ in range(count)]
    lines = [f"{machine()}; medians of {count}\n"]
    lines += ["| work | processor time | time | file | memory |", "|---|---|---|---|---|"]
    lines += [_row(work, [each[n] for each in rounds]) for n, work in enumerate(GROUPS[group])]
    lines += ["", "| requirement | must | measured | |", "|---|---|---|---|"]
    lines += [_reached(must, must.value(rounds)) for must in MUSTS[group]]
    return "\n".join(lines)


def _row(work: Work, runs: Sequence[Run]) -> str:
    """Return the medians of a work."""
    size = median(run.size for run in runs)
    written = f"{size:.0f} kB" if size else ""
    if work.command[2:3] == ("encode",):  # which also draws the frames
        return f"| {work.name} | {median(float(run.said) for run in runs):.2f} s | | {written} | |"
    cpu, wall, memory = (median(getattr(run, key) for run in runs) for key in KEYS)
    return f"| {work.name} | {cpu:.2f} s | {wall:.2f} s | {written} | {memory:.0f} MB |"


def _reached(must: Must, value: float) -> str:
    """Return whether a requirement is met, and by how much it is missed."""
    over = must.limit / value if must.least else value / must.limit
    verdict = "met" if over <= 1 else f"missed by {over - 1:.0%}{must.why and f': {must.why}'}"
    sign = "≥" if must.least else "≤"
    return f"| {must.what} | {sign} {must.limit:g} | {value:.3g} | {verdict} |"


# ---- where the time goes -------------------------------------------------------------------------


def profile() -> str:
    """Return where the time of the small film and of the picture of a network goes."""
    lines = ["Three passes over 5-2-2-5 at 1080p60, without encoding, by own time:\n"]
    lines += ["| function | calls | time |", "|---|---|---|"]
    recorder = cProfile.Profile()
    recorder.runcall(_frames, lambda pixels, repeat: None)
    stats = pstats.Stats(recorder)
    whole = stats.total_tt
    for (file, _, name), (_, calls, own, *_) in sorted(
        stats.stats.items(), key=lambda item: -item[1][2]
    )[:MOST]:
        lines.append(f"| {_where(file)}`{name.strip('<>')}` | {calls} | {own / whole:.0%} |")
    lines += ["", "Loading what `netviz diagram` needs, by package:\n"]
    lines += ["| package | time |", "|---|---|"]
    code = "import netviz.spec, netviz.explain, netviz.scene, netviz.export.vector"
    command = [sys.executable, "-X", "importtime", "-c", code]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    times: dict[str, int] = {}
    for own, name in re.findall(r"import time: +(\d+) \| +\d+ \| +(\w+)", said):
        times[name] = times.get(name, 0) + int(own)
    whole = sum(times.values())
    for name, own in sorted(times.items(), key=lambda item: -item[1])[:MOST]:
        lines.append(f"| {name} | {own / 1e3:.0f} ms, {own / whole:.0%} |")
    return "\n".join(lines)


def _where(file: str) -> str:
    parts = Path(file).parts
    known = next((n for n, part in enumerate(parts) if part in {"netviz", "manim", "numpy"}), None)
    return f"{'/'.join(parts[known:])} " if known is not None else ""


# ---- the results ---------------------------------------------------------------------------------


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


def report(arguments: Sequence[str]) -> None:
    """Measure groups, print their tables and write them into the results.

    Args:
        arguments: Names of groups, or ``profile``; a number is that of the rounds.
    """
    count = next((int(each) for each in arguments if each.isdigit()), ROUNDS)
    chosen = [each for each in arguments if not each.isdigit()] or [*GROUPS, "profile"]
    sections = {}
    if RESULTS.exists():
        parts = RESULTS.read_text(encoding="utf-8").split("\n## ")[1:]
        sections = {part.partition("\n")[0]: part.partition("\n")[2].strip() for part in parts}
    for group in chosen:
        sections[group] = profile() if group == "profile" else _section(group, count)
        print(f"{group}\n{sections[group]}\n", flush=True)
        text = "".join(f"\n## {name}\n\n{body}\n" for name, body in sections.items())
        RESULTS.write_text(
            f"# Results\n\nBy `python -m benchmarks films`.\n{text}", encoding="utf-8"
        )


if __name__ == "__main__":
    works = (clip, plain, encode, similarity, gifsicle, film)
    {work.__name__: work for work in works}[sys.argv[1]](*sys.argv[2:])
