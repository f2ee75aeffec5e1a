"""Hostile and odd input: good files that are changed at random, odd tables, odd options.

Whatever is given to the command, it ends with status 0, 1 or 2; an error is one sentence; no input
is overwritten. ``tests/test_fuzz.py`` tries some thousands of cases that draw nothing.
More, with pictures, for as long as you like, each in limited time and memory::

    python -m tests.fuzz --minutes 60
    python -m tests.fuzz --minutes 5 --seed 7
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from netviz import Network, interop, load_data, record, train
from netviz.catalogue import ACTS
from netviz.cli import main as netviz
from netviz.cli import rendering
from netviz.export import FORMATS, QUALITY_PRESETS, check, import_manim
from netviz.problems import ProblemError
from netviz.recording import Recording, load_checkpoint, save_checkpoint
from netviz.spec.tables import NetworkFile

ROOT = Path(__file__).resolve().parents[1]
# Networks that take long even when nothing is wrong with them.
LARGE = {"large", "digits"}
# Of the processor, for a case and for one that plays a whole film.
SECONDS, FILM_SECONDS, MEMORY = 10, 60, 3 * 2**30

ODD_NUMBERS = [
    *("0", "-1", "1", "3", "-0.0", "1e-300", "1e300", "-1e300", "1e16", "1e17", "0.5", "nan"),
    *(
        "inf",
        "-inf",
        "9" * 30,
        "9" * 400,
        "0x10",
        "1_000",
        "1e400",
        "2147483648",
        "9223372036854775808",
    ),
]
ODD_TEXTS = [
    *("", " ", "\u00a0", "\u3000", "\u0301", "\ufffe", "\uffff", "שלום", "สวัสดี", "👩‍🔬", "한글"),
    *(
        "x" * 300,
        "a.b.c",
        "../x",
        "/",
        "{",
        "{}",
        "{value}",
        "%s",
        "<&>",
        "\\\\",
        "NaN",
        "true",
        "--",
    ),
    *("\u202eback", "e\u0301", "a\tb", "$x$", "#", "1-2-3", "relu(1)", "leaky_relu(nan)", "🙂"),
]
ODD_VALUES = [
    *(f'"{text}"' for text in ODD_TEXTS),
    *ODD_NUMBERS,
    *("true", "false", "[]", "[[]]", "[[[]]]", "{}", "{a = 1}", "1979-05-27", "[1, 'a']", "''"),
]
ODD_ARRAYS: list[Any] = [
    *(np.float64(3), np.array("zz"), np.zeros(0), np.zeros((0, 2)), np.ones((4, 4, 4))),
    *(np.array([np.nan, 1]), np.array(np.inf), np.array("[]"), np.array('{"layers": 3}')),
    *(np.array(1j), np.array(["a", "b"]), np.array(10**18), np.array(-5), np.array([True])),
    *(np.ones((2, 2), np.float16), np.array(b"bytes"), np.datetime64("2020-01-01"), np.ones(7)),
]
OPTIONS: dict[str, list[str]] = {
    "--theme": ["dark", "light", "dim", ""],
    "--lang": ["en", "ko", "kr"],
    "--quality": [*QUALITY_PRESETS, "8k"],
    "--fps": ["10", "12.5", "60", *ODD_NUMBERS],
    "--width": ["64", "320", *ODD_NUMBERS],
    "--at": ["0", "1.5", *ODD_NUMBERS],
    "-o": [*(f"out{suffix}" for suffix in FORMATS), "out", "x.NPZ", "no/such/out.svg", *ODD_TEXTS],
    "--network": ["2-2", "xor", "network.toml", "0-0", "999999999-999999999", *ODD_TEXTS],
    "--recording": ["recording.npz", "data.npz", "missing.npz", *ODD_TEXTS],
    "--clip": ["clip.mp4", "clip.txt", "data.csv"],
}
FLAGS = ["--transparent", "--blame", "--no-values", "--json", "--acts", "--captions", "--quiet"]


@dataclass(frozen=True)
class Case:
    """One attempt.

    Attributes:
        arguments: The command.
        files: The files that it finds, by name.
    """

    arguments: tuple[str, ...]
    files: Mapping[str, bytes]


Maker = Callable[[random.Random, Mapping[str, bytes]], Case]


class FindingError(AssertionError):
    """Something that must never happen."""


# ---- what must hold ------------------------------------------------------------------------------


def hold(case: Case, folder: Path, run: Callable[[list[str]], int] = netviz) -> int:
    """Run a case in an empty folder and return its status.

    Raises:
        FindingError: It ends in another way than promised.
    """
    for name, content in case.files.items():
        (folder / name).write_bytes(content)
    said, before = io.StringIO(), Path.cwd()
    os.chdir(folder)
    try:
        with redirect_stderr(said), redirect_stdout(io.StringIO()):
            status = run(list(case.arguments))
    except BaseException as error:
        if isinstance(error, KeyboardInterrupt):
            raise
        raise FindingError(
            f"{case.arguments}: {''.join(traceback.format_exception(error))}"
        ) from error
    finally:
        os.chdir(before)
    message = said.getvalue()
    if status not in (0, 1, 2):
        raise FindingError(f"{case.arguments}: status {status}")
    if status and len(re.findall("(?m)^netviz: ", message)) != 1:
        raise FindingError(f"{case.arguments}: {message}")
    if re.search("Warning|Traceback", message):
        raise FindingError(f"{case.arguments}: {message}")
    for name, content in case.files.items():
        if (folder / name).read_bytes() != content:
            raise FindingError(f"{case.arguments}: {name} was overwritten")
    return status


def refused_or_read(read: Callable[[], object]) -> bool:
    """Return whether something is read; if not, it must be refused by a sentence.

    Raises:
        FindingError: It fails in another way.
    """
    try:
        read()
    except ProblemError as error:
        if "\n" in str(error):
            raise FindingError(f"more than one line: {error}") from error
        return False
    except Exception as error:
        raise FindingError("".join(traceback.format_exception(error))) from error
    return True


# ---- good files ----------------------------------------------------------------------------------


def good_networks() -> dict[str, str]:
    """Return the network files of the project by name, without those that name other files."""
    places = [ROOT / "netviz/networks", ROOT / "examples", ROOT / "tests/spec/good_networks"]
    files = [file for place in places for file in sorted(place.glob("*.toml"))]
    return {file.stem: file.read_text("utf-8") for file in files if file.stem not in LARGE}


def good_files(folder: Path) -> dict[str, bytes]:
    """Write one good file of each kind, and return their contents by name."""
    rng = np.random.default_rng(0)
    network = Network.random([2, 3, 1], rng=0)
    np.savez(folder / "data.npz", inputs=rng.random((8, 2)), targets=rng.random((8, 1)))
    rows = "\n".join(f"{a:.2f},{b:.2f},{'yes' if a > b else 'no'}" for a, b in rng.random((9, 2)))
    (folder / "data.csv").write_text(f"width,height,class\n{rows}\n", encoding="utf-8")
    for name in ("model.npz", "model.safetensors"):
        interop.save(network, folder / name)
    run = train(network, load_data(folder / "data.npz"), epochs=3, optimizer="adam", rng=0)
    with record(run) as recorder:
        next(run)
        save_checkpoint(run.checkpoint, folder / "checkpoint.npz")
        list(run)
    recorder.recording.save(folder / "recording.npz")
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


# ---- changes -------------------------------------------------------------------------------------


def changed_text(text: str, rng: random.Random) -> str:
    """Return a TOML or CSV file with a few odd changes."""
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        lines = text.split("\n")
        place = rng.randrange(len(lines))
        number = list(re.finditer(r"-?\d+(\.\d+)?", text))
        value = list(re.finditer(r"(?m)(?<==)[^\n]*$", text))
        match rng.randrange(8):
            case 0 if number:
                text = replaced(text, rng.choice(number), rng.choice(ODD_NUMBERS))
            case 1 if value:
                text = replaced(text, rng.choice(value), f" {rng.choice(ODD_VALUES)}")
            case 2:
                text = "\n".join([*lines[:place], *lines[place + 1 :]])
            case 3:
                text = "\n".join([*lines[:place], lines[place], *lines[place:]])
            case 4:
                at = rng.randrange(len(text) + 1)
                text = text[:at] + rng.choice(ODD_TEXTS) + text[at:]
            case 5:
                rng.shuffle(lines)
                text = "\n".join(lines)
            case 6:
                text = text[: rng.randrange(len(text) + 1)]
            case _:
                text = text.replace(rng.choice('",[]=.'), rng.choice('",[]=. \t'), 1)
    return text


def replaced(text: str, part: re.Match[str], new: str) -> str:
    """Return a text with another part."""
    return text[: part.start()] + new + text[part.end() :]


def changed_bytes(content: bytes, rng: random.Random) -> bytes:
    """Return a file with some other bytes, cut off, or longer."""
    data = bytearray(content)
    match rng.randrange(4):
        case 0:
            return bytes(data[: rng.randrange(len(data))])
        case 1:
            at = rng.randrange(len(data))
            return bytes(data[:at] + rng.randbytes(rng.randrange(1, 40)) + data[at:])
        case _:
            for _ in range(rng.choice((1, 1, 4, 16))):
                data[rng.randrange(len(data))] = rng.randrange(256)
            return bytes(data)


def changed_arrays(content: bytes, rng: random.Random) -> bytes:
    """Return a .npz file in which one array is missing, odd, or cut."""
    if rng.random() < 0.25:
        return changed_bytes(content, rng)
    with np.load(io.BytesIO(content)) as file:
        arrays = dict(file)
    name = rng.choice(sorted(arrays))
    array = arrays[name]
    match rng.randrange(4):
        case 0:
            del arrays[name]
        case 1 if array.ndim:
            arrays[name] = array[: rng.randrange(len(array) + 1)]
        case 2 if array.dtype.kind == "f" and array.size:
            arrays[name] = array * float(rng.choice(("nan", "1e300", "1e-300", "0", "-1")))
        case _:
            arrays[name] = rng.choice(ODD_ARRAYS)
    changed = io.BytesIO()
    np.savez(changed, **arrays)
    return changed.getvalue()


def odd_document(rng: random.Random) -> str:
    """Return a network file with odd values at known keys."""
    lines = ["[network]", "layers = [2, 3, 1]"] if rng.random() < 0.8 else []
    for table, field in rng.sample(sorted(NetworkFile.model_fields.items()), rng.randrange(1, 4)):
        kind = next(
            (each for each in (field.annotation, *getattr(field.annotation, "__args__", ()))
             if hasattr(each, "model_fields")), None)  # fmt: skip
        if kind is None:
            continue
        lines.append(f"[{table}]")
        keys = [field.alias or name for name, field in kind.model_fields.items()]
        for key in rng.sample(keys, min(len(keys), rng.randrange(1, 4))):
            lines.append(f"{json.dumps(key)} = {rng.choice(ODD_VALUES)}")
    if rng.random() < 0.2:
        lines.append(f"[scene]\nacts = {json.dumps(rng.sample(sorted(ACTS), 3))}")
    return "\n".join(lines)


# ---- cases ---------------------------------------------------------------------------------------


def network_case(rng: random.Random, good: Mapping[str, bytes]) -> Case:
    """A changed network file, which is read and computed but not drawn."""
    names = good_networks()
    text = odd_document(rng) if rng.random() < 0.4 else names[rng.choice(sorted(names))]
    content = changed_text(text, rng).encode("utf-8", "surrogatepass")
    if rng.random() < 0.1:
        content = changed_bytes(content or b"\n", rng)
    return Case(("explain", "network.toml", "--json"), {**good, "network.toml": content})


def data_case(rng: random.Random, good: Mapping[str, bytes]) -> Case:
    """A changed file of data or of a model, behind a network file."""
    name = rng.choice(["data.csv", "data.npz", "model.npz", "model.safetensors"])
    content = good[name]
    if name.endswith(".csv"):
        content = changed_text(content.decode(), rng).encode("utf-8", "surrogatepass")
    elif name.endswith(".npz"):
        content = changed_arrays(content, rng)
    else:
        content = changed_bytes(content, rng)
    outputs = 2 if name == "data.csv" else 1
    text = f'[network]\nlayers = [2, 3, {outputs}]\n[data]\nsource = "{name}"\n'
    if name.startswith("model"):
        text = f'[network]\nmodel = "{name}"\n'
    files = {**good, name: content, "network.toml": text.encode()}
    return Case(("explain", "network.toml", "--json"), files)


def option_case(rng: random.Random, good: Mapping[str, bytes]) -> Case:
    """Odd options of a command that draws."""
    command, shown = rng.choice(
        [("render", "loop"), ("render", "network.toml"), ("diagram", "2-3-1"), ("list", ""),
         ("explain", "2-2"), ("schema", ""), ("render", rng.choice(ODD_TEXTS))]
    )  # fmt: skip
    arguments = [command, *([shown] if shown else [])]
    for option in rng.sample(sorted(OPTIONS), rng.randrange(5)):
        arguments += [option, rng.choice(OPTIONS[option])]
    arguments += rng.sample(FLAGS, rng.randrange(3))
    text = changed_text(rng.choice(sorted(good_networks().values())), rng)
    return Case(tuple(arguments), {**good, "network.toml": text.encode("utf-8", "surrogatepass")})


def picture_case(rng: random.Random, good: Mapping[str, bytes]) -> Case:
    """A changed network file, which is drawn."""
    case = network_case(rng, good)
    suffix = rng.choice((".svg", ".png", ".pdf"))
    return Case(("diagram", "network.toml", "-o", f"out{suffix}", "--width", "200"), case.files)


def film_case(rng: random.Random, good: Mapping[str, bytes]) -> Case:
    """A changed network file, whose film is played to its end."""
    case = network_case(rng, good)
    return Case(("render", "network.toml", "-o", "out.png", "--width", "64"), case.files)


CASES = [network_case, data_case, option_case, picture_case, film_case]


def read_changed(name: str, rng: random.Random, good: Mapping[str, bytes], folder: Path) -> bool:
    """Read a changed recording or checkpoint, and return whether it can be read."""
    path = folder / name
    path.write_bytes(changed_arrays(good[name], rng))

    def read() -> None:
        if name == "recording.npz":
            recording = Recording.load(path)
            recording.network(0)
            if len(recording.sample_inputs):
                recording.backward(0)
            return
        checkpoint = load_checkpoint(path)
        network, data = Network.random([2, 3, 1], rng=0), load_data(folder / "data.npz")
        list(train(network, data, epochs=3, optimizer="adam", rng=0, resume=checkpoint))

    return refused_or_read(read)


@contextmanager
def drawing_nothing() -> Iterator[None]:
    """Let commands check what they are asked for, and draw nothing."""
    real = rendering.export.render

    def checked(scene: object, output: Path, **options: Any) -> str:
        for unchecked in ("progress", "jobs"):
            options.pop(unchecked, None)
        check(output, **options)
        return "checked"

    rendering.export.render = checked
    try:
        yield
    finally:
        rendering.export.render = real


# ---- for as long as you like ---------------------------------------------------------------------


def fuzz(seconds: float, seed: int) -> int:
    """Try cases of all kinds, print each finding, and return their number."""
    import_manim()
    limited()
    ended, findings, tried = time.monotonic() + seconds, 0, 0
    with tempfile.TemporaryDirectory(prefix="netviz-fuzz-") as place:
        start = Path(place, "good")
        start.mkdir()
        good = good_files(start)
        while time.monotonic() < ended:
            rng = random.Random(f"{seed} {tried}")
            folder = Path(place, "case")
            folder.mkdir()
            make = rng.choice([*CASES, None])
            limit = FILM_SECONDS if make is film_case else SECONDS
            signal.setitimer(signal.ITIMER_PROF, limit)
            try:
                if make is None:
                    (folder / "data.npz").write_bytes(good["data.npz"])
                    name = rng.choice(["recording.npz", "checkpoint.npz"])
                    read_changed(name, rng, good, folder)
                else:
                    with drawing_nothing() if make is option_case else nullcontext():
                        hold(make(rng, good), folder)
            except FindingError as finding:
                findings += 1
                print(f"--- case {seed} {tried}: {finding}", flush=True)
                text = folder / "network.toml"
                if text.exists():
                    print(text.read_text("utf-8", "replace")[:2000], flush=True)
            finally:
                signal.setitimer(signal.ITIMER_PROF, 0)
                shutil.rmtree(folder)
            tried += 1
    print(f"{tried} cases, {findings} findings")
    return findings


def limited() -> None:
    """Limit the memory of the process and the time of a case."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def late(*_: object) -> None:
        raise FindingError(f"takes too long:\n{''.join(traceback.format_stack())}")

    signal.signal(signal.SIGPROF, late)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Try hostile and odd input.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    sys.exit(min(fuzz(60 * given.minutes, given.seed), 1))
