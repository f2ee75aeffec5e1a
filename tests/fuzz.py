"""Hostile and odd input: good files that are changed, files that are made up, odd options.

Whatever is given to the command, it ends with status 0, 1 or 2; an error is one sentence; no input
is overwritten; no file is written that is not named. Hypothesis makes the cases, and the smallest
one that violates this is reported. ``tests/test_fuzz.py`` tries some thousands of cases that draw
nothing. More, with pictures, for as long as you like, each in limited time and memory::

    python -m tests.fuzz --minutes 60
    python -m tests.fuzz --minutes 5 --seed 7
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from netviz import Network, interop, load_data, record, train
from netviz.catalogue import ACTS, scenes
from netviz.cli import lecture, rendering
from netviz.cli import main as netviz
from netviz.core import ACTIVATIONS, LOSSES
from netviz.export import FORMATS, QUALITY_PRESETS, check, import_manim
from netviz.problems import ProblemError
from netviz.recording import Recording, load_checkpoint, save_checkpoint
from netviz.spec.playlist import ClipTable, PlaylistFile
from netviz.spec.tables import NetworkFile

ROOT = Path(__file__).resolve().parents[1]
# Networks that take long even when nothing is wrong with them.
LARGE = {"large", "digits"}
# Of the processor, for a case and for one that plays a whole film.
SECONDS, FILM_SECONDS, MEMORY = 10, 60, 3 * 2**30
# Cases of a kind in turn: of quick ones and of films.
MANY, FEW = 100, 10
SCENE = '''"""A still picture."""
from netviz.scene import BeatScene

class Still(BeatScene):
    def construct(self):
        with self.beat(text="Nothing moves."):
            pass
'''

ODD_NUMBERS = [
    *("0", "-1", "1", "3", "-0.0", "1e-300", "1e300", "-1e300", "1e16", "1e17", "0.5", "nan"),
    *("inf", "-inf", "9" * 30, "9" * 400, "0x10", "1_000", "1e400", "2147483648"),
    "9223372036854775808",
]
ODD_TEXTS = [
    *("", " ", "\u00a0", "\u3000", "\u0301", "\ufffe", "\uffff", "שלום", "สวัสดี", "👩‍🔬", "한글"),
    *("x" * 300, "a.b.c", "../x", "/", "{", "{}", "{value}", "%s", "<&>", "\\\\", "NaN", "true"),
    *("\u202eback", "e\u0301", "a\tb", "$x$", "#", "1-2-3", "relu(1)", "leaky_relu(nan)", "🙂"),
    "--",
]
ODD_ARRAYS: list[Any] = [
    *(np.float64(3), np.array("zz"), np.zeros(0), np.zeros((0, 2)), np.ones((4, 4, 4))),
    *(np.array([np.nan, 1]), np.array(np.inf), np.array("[]"), np.array('{"layers": 3}')),
    *(np.array(1j), np.array(["a", "b"]), np.array(10**18), np.array(-5), np.array([True])),
    *(np.ones((2, 2), np.float16), np.array(b"bytes"), np.datetime64("2020-01-01"), np.ones(7)),
]

TEXTS = st.sampled_from(ODD_TEXTS) | st.text(max_size=12)
NUMBERS = st.sampled_from(ODD_NUMBERS) | st.floats().map(repr) | st.integers().map(str)
FINITE = st.floats(allow_nan=False, allow_infinity=False)


def toml_text(text: str) -> str:
    """Return a text as TOML writes it."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")


def toml_table(entries: Mapping[str, str]) -> str:
    """Return an inline table."""
    return f"{{ {', '.join(f'{toml_text(key)} = {value}' for key, value in entries.items())} }}"


SCALARS = TEXTS.map(toml_text) | NUMBERS | st.sampled_from(["true", "false", "1979-05-27", "''"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(TEXTS, inner, max_size=2).map(toml_table)
    ),
    max_leaves=6,
)

OUTPUTS = st.sampled_from([*(f"out{suffix}" for suffix in FORMATS), "out", "x.NPZ", "no/out.svg"])
OPTIONS: dict[str, st.SearchStrategy[str]] = {
    "--theme": st.sampled_from(["dark", "light", "dim", ""]),
    "--lang": st.sampled_from(["en", "ko", "kr"]),
    "--quality": st.sampled_from([*QUALITY_PRESETS, "8k"]),
    "--fps": st.sampled_from(["10", "12.5", "60"]) | NUMBERS,
    "--width": st.sampled_from(["64", "320"]) | NUMBERS,
    "--at": st.sampled_from(["0", "1.5"]) | NUMBERS,
    "--pace": NUMBERS,
    "--hold": NUMBERS,
    "--duration": NUMBERS,
    "--jobs": NUMBERS,
    "--set": st.tuples(TEXTS, TEXTS | NUMBERS).map("=".join),
    "--voice": st.sampled_from(["voice", "data.csv", "."]),
    "-o": OUTPUTS | TEXTS,
    "--network": st.sampled_from(["2-2", "xor", "network.toml", "0-0", "9999999-9999999"]) | TEXTS,
    "--recording": st.sampled_from(["recording.npz", "data.npz", "missing.npz"]) | TEXTS,
    "--clip": st.sampled_from(["clip.mp4", "clip.txt", "data.csv"]),
    "--alt": TEXTS,
    "--folder": TEXTS,
}
FLAGS = [
    *("--transparent", "--blame", "--no-values", "--json", "--acts", "--captions", "--quiet"),
    *("--no-captions", "--trust", "--markdown"),
]
ONE_BY_ONE = settings(
    phases=[Phase.generate, Phase.shrink],
    database=None,
    deadline=None,
    derandomize=True,
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True)
class Case:
    """One attempt.

    Attributes:
        arguments: The command.
        files: The files that it finds besides the good ones, by name, which they may replace.
    """

    arguments: tuple[str, ...]
    files: Mapping[str, bytes]

    def __str__(self) -> str:
        """Return the command and the beginning of each file."""
        lines = [f"netviz {' '.join(map(repr, self.arguments))}"]
        lines += [f"{name}: {content[:2000]!r}" for name, content in self.files.items()]
        return "\n".join(lines)


Good = Mapping[str, bytes]
Draw = Callable[[st.SearchStrategy[Any]], Any]
Maker = Callable[[Good], st.SearchStrategy[Case]]


class FindingError(AssertionError):
    """Something that must never happen."""


# ---- what must hold ------------------------------------------------------------------------------


def hold(case: Case, good: Good, run: Callable[[list[str]], int] = netviz) -> int:
    """Run a case in a folder of its own and return its status.

    Raises:
        FindingError: It ends in another way than promised.
    """
    before, files = Path.cwd(), {**good, **case.files}
    said, printed = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory(prefix="netviz-fuzz-") as place:
        folder = Path(place, "case")
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(content)
        os.chdir(folder)
        try:
            with redirect_stderr(said), redirect_stdout(printed):
                status = run(list(case.arguments))
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise FindingError(f"{case}\n{''.join(traceback.format_exception(error))}") from error
        finally:
            os.chdir(before)
        wrong = complaint(status, said.getvalue()) or misplaced(case, Path(place), files)
    if wrong:
        raise FindingError(f"{case}\n{wrong}")
    return status


def complaint(status: int, said: str) -> str:
    """Return what is wrong with a status and what was said with it, or nothing."""
    if status not in (0, 1, 2):
        return f"status {status}"
    if re.search("Warning|Traceback", said):
        return said
    if status and len(re.findall("(?m)^netviz: ", said)) != 1:
        return f"not one sentence: {said}"
    return ""


def misplaced(case: Case, place: Path, files: Good) -> str:
    """Return which file a command has changed or written without being asked to, or nothing."""
    folder = place / "case"
    for name, content in files.items():
        if (folder / name).read_bytes() != content:
            return f"{name} was overwritten"
    named = {Path(argument).name.partition(".")[0] for argument in case.arguments}
    for path in (path for path in place.rglob("*") if path.is_file()):
        inside = path.relative_to(folder).as_posix() if folder in path.parents else ""
        asked = path.name.partition(".")[0] in named or inside.startswith("media/")
        if inside not in files and not asked:
            return f"{path.name} was written"
    return ""


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
    (folder / "model.onnx").write_bytes(onnx_model())
    run = train(network, load_data(folder / "data.npz"), epochs=3, optimizer="adam", rng=0)
    with record(run) as recorder:
        next(run)
        save_checkpoint(run.checkpoint, folder / "checkpoint.npz")
        list(run)
    recorder.recording.save(folder / "recording.npz")
    (folder / "still.py").write_text(SCENE, encoding="utf-8")
    (folder / "network.toml").write_text("[network]\nlayers = [2, 3, 1]\n", encoding="utf-8")
    (folder / "playlist.toml").write_text('clips = ["still.py"]\n', encoding="utf-8")
    return {file.name: file.read_bytes() for file in sorted(folder.iterdir())}


def onnx_model() -> bytes:
    """Return a model of two layers with a residual connection."""
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(0)
    weights = [
        numpy_helper.from_array(rng.random(shape, np.float32), name)
        for name, shape in (("w1", (3, 3)), ("b1", (3,)), ("w2", (1, 3)), ("b2", (1,)))
    ]
    nodes = [
        helper.make_node("Gemm", ["x", "w1", "b1"], ["z1"], transB=1, alpha=1.0),
        helper.make_node("LeakyRelu", ["z1"], ["a1"], alpha=0.1),
        helper.make_node("Add", ["a1", "x"], ["s1"]),
        helper.make_node("Gemm", ["s1", "w2", "b2"], ["z2"], transB=1),
        helper.make_node("Sigmoid", ["z2"], ["y"]),
    ]
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, ["n", size])
        for name, size in (("x", 3), ("y", 1))
    ]
    graph = helper.make_graph(nodes, "small", ends[:1], ends[1:], weights)
    content: bytes = helper.make_model(graph).SerializeToString()
    return content


# ---- changes -------------------------------------------------------------------------------------


@st.composite
def changed_text(draw: Draw, text: str) -> str:
    """A TOML or CSV file with a few odd changes."""
    rng: Random = draw(st.randoms())
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        lines = text.split("\n")
        place = rng.randrange(len(lines))
        number = list(re.finditer(r"-?\d+(\.\d+)?", text))
        value = list(re.finditer(r"(?m)(?<==)[^\n]*$", text))
        match rng.randrange(8):
            case 0 if number:
                text = replaced(text, rng.choice(number), draw(NUMBERS))
            case 1 if value:
                text = replaced(text, rng.choice(value), f" {draw(VALUES)}")
            case 2:
                text = "\n".join([*lines[:place], *lines[place + 1 :]])
            case 3:
                text = "\n".join([*lines[:place], lines[place], *lines[place:]])
            case 4:
                at = rng.randrange(len(text) + 1)
                text = text[:at] + draw(TEXTS) + text[at:]
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


@st.composite
def changed_bytes(draw: Draw, content: bytes) -> bytes:
    """A file with some other bytes, cut off, or longer."""
    data, places = bytearray(content), st.integers(0, len(content) - 1)
    match draw(st.integers(0, 3)):
        case 0:
            return bytes(data[: draw(places)])
        case 1:
            at = draw(places)
            return bytes(data[:at] + draw(st.binary(min_size=1, max_size=40)) + data[at:])
        case _:
            for at in draw(st.lists(places, min_size=1, max_size=16)):
                data[at] = draw(st.integers(0, 255))
            return bytes(data)


@st.composite
def changed_arrays(draw: Draw, content: bytes) -> bytes:
    """A .npz file in which one array is missing, odd, or cut."""
    if draw(st.integers(0, 3)) == 3:
        return draw(changed_bytes(content))
    with np.load(io.BytesIO(content)) as file:
        arrays = dict(file)
    name = draw(st.sampled_from(sorted(arrays)))
    array = arrays[name]
    match draw(st.integers(0, 3)):
        case 0:
            del arrays[name]
        case 1 if array.ndim:
            arrays[name] = array[: draw(st.integers(0, len(array)))]
        case 2 if array.dtype.kind == "f" and array.size:
            with np.errstate(all="ignore"):
                arrays[name] = array * draw(st.floats())
        case _:
            arrays[name] = draw(st.sampled_from(ODD_ARRAYS))
    changed = io.BytesIO()
    np.savez(changed, **arrays)
    return changed.getvalue()


@st.composite
def changed_onnx(draw: Draw, content: bytes) -> bytes:
    """A model with another operation, name, number, shape or type, or with other bytes."""
    from onnx import load_model_from_string

    if draw(st.integers(0, 3)) == 3:
        return draw(changed_bytes(content))
    model = load_model_from_string(content)
    for _ in range(draw(st.integers(1, 3))):
        message, field = draw(st.sampled_from(list(fields_of(model))))
        if draw(st.integers(0, 4)) == 0:
            message.ClearField(field.name)
            continue
        kinds = {"float": FINITE, "int": st.integers(-3, 20) | st.integers(-(2**31), 2**31 - 1)}
        kinds |= {"str": st.sampled_from(ONNX_TEXTS) | TEXTS, "bytes": st.binary(max_size=40)}
        held = getattr(message, field.name)
        values = held if repeated(held) else [held]
        new = draw(kinds.get(type(values[0]).__name__, st.just(values[0])))
        try:
            if repeated(held):
                held[draw(st.integers(0, len(held) - 1))] = new
            else:
                setattr(message, field.name, new)
        except (ValueError, TypeError):  # the type of the field is narrower
            continue
    changed: bytes = model.SerializeToString()
    return changed


ONNX_TEXTS = [
    *("x", "y", "z1", "a1", "w1", "b2", "Relu", "Gemm", "MatMul", "Add", "Softmax", "Sigmoid"),
    *("Concat", "Reshape", "Transpose", "BatchNormalization", "Conv", "Identity", "alpha", "axis"),
]


def repeated(value: object) -> bool:
    """Return whether a field of a model has several values."""
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def fields_of(message: Any) -> Iterator[tuple[Any, Any]]:
    """Yield each part of a model with each of its fields that is set and has no parts."""
    for field, value in message.ListFields():
        parts = list(value) if repeated(value) else [value]
        if hasattr(parts[0], "ListFields"):
            for part in parts:
                yield from fields_of(part)
        else:
            yield message, field


# ---- files that are made up ----------------------------------------------------------------------


@st.composite
def odd_document(draw: Draw) -> str:
    """A network file with odd values at known keys."""
    lines = ["[network]", "layers = [2, 3, 1]"] if draw(st.booleans()) else []
    known = sorted(NetworkFile.model_fields.items())
    for table, field in draw(st.lists(st.sampled_from(known), max_size=3, unique_by=str)):
        kind = next(
            (each for each in (field.annotation, *getattr(field.annotation, "__args__", ()))
             if hasattr(each, "model_fields")), None)  # fmt: skip
        if kind is None:
            continue
        lines += [f"[{table}]", *draw(odd_keys(kind))]
    if draw(st.integers(0, 4)) == 0:
        acts = draw(st.lists(st.sampled_from(sorted(ACTS)), max_size=3))
        lines.append(f"[scene]\nacts = {json.dumps(acts)}")
    return "\n".join(lines)


@st.composite
def odd_keys(draw: Draw, kind: Any) -> list[str]:
    """Some lines with odd values at keys of a table."""
    keys = [field.alias or name for name, field in kind.model_fields.items()]
    chosen = draw(st.lists(st.sampled_from(keys), max_size=3, unique=True))
    return [f"{toml_text(key)} = {draw(VALUES)}" for key in chosen]


@st.composite
def numeric_network(draw: Draw) -> str:
    """A network file that is correct, with any finite numbers."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    numbers = FINITE | st.sampled_from([0.0, 1e-300, 1e300, -1e300, 1.0])

    def row(count: int) -> str:
        return json.dumps(draw(st.lists(numbers, min_size=count, max_size=count)))

    def matrix(rows: int, columns: int) -> str:
        return f"[{', '.join(row(columns) for _ in range(rows))}]"

    weights = [matrix(out, into) for into, out in pairwise(sizes)]
    activations = st.sampled_from(sorted(ACTIVATIONS))
    tables = {
        "network": {
            "weights": f"[{', '.join(weights)}]",
            "activations": json.dumps([draw(activations) for _ in weights]),
        },
        "sample": {"input": row(sizes[0]), "target": row(sizes[-1])},
        "loss": {"name": json.dumps(draw(st.sampled_from(sorted(LOSSES))))},
        "update": {"learning_rate": repr(abs(draw(numbers)))},
    }
    return "\n".join(
        f"[{table}]\n" + "\n".join(f"{key} = {value}" for key, value in entries.items())
        for table, entries in tables.items()
    )


@st.composite
def made_up_table(draw: Draw) -> bytes:
    """A CSV file with any separator, any encoding and any cells."""
    separator = draw(st.sampled_from([",", ";", "\t", "|", " "]))
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    cells = FINITE.map(repr) | FINITE.map(lambda x: repr(x).replace(".", ",")) | TEXTS | NUMBERS
    quoted = cells.map(lambda cell: '"' + cell.replace('"', '""') + '"')
    columns = draw(st.integers(1, 4))
    rows = st.lists(cells | quoted, min_size=columns, max_size=columns) | st.lists(cells)
    lines = draw(st.lists(rows.map(separator.join), max_size=6))
    encodings = ["utf-8", "utf-8-sig", "utf-16", "cp949", "latin-1"]
    return end.join(lines).encode(draw(st.sampled_from(encodings)), "replace")


GOOD_CLIPS = ["still.py", "still.py:Still", "network.toml"]
ODD_CLIPS = [
    *("still.py:None", "playlist.toml", "list.toml", "data.csv", "missing.mp4", "data.mp4"),
    *("recording.npz", "missing.toml", "still", "model.onnx", ".", "broken.py"),
]
CLIPS = st.sampled_from(GOOD_CLIPS) | st.sampled_from(GOOD_CLIPS + ODD_CLIPS) | TEXTS


@st.composite
def made_up_playlist(draw: Draw) -> str:
    """A playlist with odd values at some keys."""
    clips = draw(st.lists(CLIPS.map(toml_text) | odd_clip(), min_size=1, max_size=3))
    odd = draw(odd_keys(PlaylistFile)) if draw(st.booleans()) else []
    return "\n".join([f"clips = [{', '.join(clips)}]", *odd])


@st.composite
def odd_clip(draw: Draw) -> str:
    """A clip with settings of its own."""
    entries = {"clip": toml_text(draw(CLIPS))}
    if draw(st.booleans()):
        keys = [field.alias or name for name, field in ClipTable.model_fields.items()]
        entries |= draw(st.dictionaries(st.sampled_from(keys), VALUES, max_size=2))
    return toml_table(entries)


# ---- cases ---------------------------------------------------------------------------------------


def as_file(text: str) -> bytes:
    """Return the bytes of a text file, whatever the text."""
    return text.encode("utf-8", "surrogatepass")


def network_file() -> st.SearchStrategy[bytes]:
    """A changed, an odd or a numeric network file."""
    changed = st.sampled_from(sorted(good_networks().values())).flatmap(changed_text)
    texts = changed | odd_document() | odd_document().flatmap(changed_text) | numeric_network()
    files: st.SearchStrategy[bytes] = texts.map(as_file)
    broken = files.filter(len).flatmap(changed_bytes)
    return st.one_of(*[files] * 9, broken)


def network_case(good: Good) -> st.SearchStrategy[Case]:
    """An odd network file, which is read and computed but not drawn."""
    command = ("explain", "changed.toml", "--json")
    return network_file().map(lambda content: Case(command, {"changed.toml": content}))


@st.composite
def data_case(draw: Draw, good: Good) -> Case:
    """A changed file of data or of a model, behind a network file."""
    name = draw(
        st.sampled_from(["data.csv", "data.npz", "model.npz", "model.onnx", "model.safetensors"])
    )
    change: dict[str, Callable[[bytes], st.SearchStrategy[bytes]]] = {
        ".csv": lambda content: made_up_table() | changed_text(content.decode()).map(as_file),
        ".npz": changed_arrays,
        ".onnx": changed_onnx,
        ".safetensors": changed_bytes,
    }
    changed = f"changed{Path(name).suffix}"
    files = {changed: draw(change[Path(name).suffix](good[name]))}
    outputs = 2 if name == "data.csv" else 1
    text = f'[network]\nlayers = [2, 3, {outputs}]\n[data]\nsource = "{changed}"\n'
    if name.startswith("model"):
        text = f'[network]\nmodel = "{changed}"\n'
    return Case(("explain", "of.toml", "--json"), {**files, "of.toml": text.encode()})


@st.composite
def option_case(draw: Draw, good: Good) -> Case:
    """Odd options of a command."""
    command, shown = draw(
        st.sampled_from(
            [("render", "loop"), ("render", "changed.toml"), ("diagram", "2-3-1"), ("list", ""),
             ("explain", "2-2"), ("schema", ""), ("render", "odd"), ("embed", "data.csv"),
             ("embed", "odd"), ("new", "odd"), ("help", "odd"), ("list", "odd"),
             ("script", "still.py"), ("script", "odd"), ("slides", "still.py"),
             ("lecture", "playlist.toml"), ("lecture", "odd"), ("train", "odd"),
             ("render", "recording.npz"), ("render", "still.py")]
        )
    )  # fmt: skip
    arguments = [command, *([draw(TEXTS) if shown == "odd" else shown] if shown else [])]
    for option in draw(st.lists(st.sampled_from(sorted(OPTIONS)), max_size=4, unique=True)):
        arguments += [option, draw(OPTIONS[option])]
    arguments += draw(st.lists(st.sampled_from(FLAGS), max_size=2))
    return Case(tuple(arguments), {"changed.toml": draw(network_file())})


@st.composite
def playlist_case(draw: Draw, good: Good) -> Case:
    """An odd playlist, which is read, and whose clips are played but not drawn."""
    text = draw(made_up_playlist())
    if draw(st.integers(0, 3)) == 0:
        text = draw(changed_text(text))
    command = draw(st.sampled_from(["lecture", "script", "script", "slides"]))
    output = draw(st.sampled_from(["out.mp4", "out.html", "out.md", "list.toml"]))
    written = ["-o", output] if command == "slides" or draw(st.booleans()) else []
    files = {"list.toml": as_file(text), "broken.py": b"1 / \n"}
    return Case((command, "list.toml", *written), files)


def picture_case(good: Good) -> st.SearchStrategy[Case]:
    """An odd network file, which is drawn."""

    def drawn(content: bytes, suffix: str) -> Case:
        command = ("diagram", "changed.toml", "-o", f"out{suffix}", "--width", "200")
        return Case(command, {"changed.toml": content})

    return st.builds(drawn, network_file(), st.sampled_from((".svg", ".png", ".pdf")))


def film_case(good: Good) -> st.SearchStrategy[Case]:
    """An odd network file, whose film is played to its end."""
    command = ("render", "changed.toml", "-o", "out.png", "--width", "64")
    return network_file().map(lambda content: Case(command, {"changed.toml": content}))


@st.composite
def scene_case(draw: Draw, good: Good) -> Case:
    """A scene with another network or odd options, which is played to its end."""
    scene = draw(st.sampled_from(sorted(scenes())))
    arguments = ["render", scene, "-o", "out.png", "--width", "64"]
    if draw(st.booleans()):
        arguments += ["--network", "changed.toml"]
    for option in draw(st.lists(st.sampled_from(options_of(scene)), max_size=2, unique=True)):
        arguments += ["--set", f"{option}={draw(TEXTS | NUMBERS)}"]
    return Case(tuple(arguments), {"changed.toml": as_file(draw(numeric_network()))})


def options_of(scene: str) -> list[str]:
    """Return the names of the options of a scene."""
    options = getattr(rendering.Piece.of(scene).scene_class, "options", ())
    return [option.name for option in options] or ["none"]


def recording_case(good: Good) -> st.SearchStrategy[Case]:
    """A changed recording, which is shown."""
    command = ("render", "changed.npz", "-o", "out.png", "--width", "64")
    changed = changed_arrays(good["recording.npz"])
    return changed.map(lambda content: Case(command, {"changed.npz": content}))


# With the processor time that a case may take, and whether something is drawn.
CASES: list[tuple[Maker, int, bool]] = [
    (network_case, SECONDS, False),
    (data_case, SECONDS, False),
    (option_case, FILM_SECONDS, False),
    (playlist_case, FILM_SECONDS, False),
    (picture_case, SECONDS, True),
    (film_case, FILM_SECONDS, True),
    (scene_case, FILM_SECONDS, True),
    (recording_case, FILM_SECONDS, True),
]


RUNS = ("recording.npz", "checkpoint.npz")


def is_read(name: str, content: bytes, good: Good) -> bool:
    """Read a changed recording or checkpoint, and return whether it can be read."""
    with tempfile.TemporaryDirectory(prefix="netviz-fuzz-") as place:
        path, data = Path(place, name), Path(place, "data.npz")
        path.write_bytes(content)
        data.write_bytes(good["data.npz"])

        def read() -> None:
            if name == "recording.npz":
                recording = Recording.load(path)
                recording.network(0)
                if len(recording.sample_inputs):
                    recording.backward(0)
                return
            checkpoint, network = load_checkpoint(path), Network.random([2, 3, 1], rng=0)
            options: dict[str, Any] = {"epochs": 3, "optimizer": "adam", "rng": 0}
            list(train(network, load_data(data), **options, resume=checkpoint))

        return refused_or_read(read)


@contextmanager
def drawing_nothing() -> Iterator[None]:
    """Let commands check what they are asked for, and draw nothing."""
    real_render, real_make = rendering.export.render_all, lecture.make

    def checked(scene: object, outputs: Sequence[Path], **options: Any) -> list[str]:
        for unchecked in ("progress", "jobs", "max_size"):
            options.pop(unchecked, None)
        for output in outputs:
            check(output, **options)
        return ["checked" for _ in outputs]

    def prepared(playlist: Any, output: Path, *, picture: Mapping[str, Any], **_: Any) -> str:
        check(output, **picture)
        for part in lecture.parts_of(playlist, Path("parts"), picture):
            for job in filter(None, (part.card, part.clip)):
                assert job.output
        return "prepared"

    rendering.export.render_all, lecture.make = checked, prepared
    try:
        yield
    finally:
        rendering.export.render_all, lecture.make = real_render, real_make


# ---- for as long as you like ---------------------------------------------------------------------


tried: Counter[str] = Counter()


def fuzz(seconds: float, first: int) -> int:
    """Try cases of all kinds, print each finding, and return their number."""
    import_manim()
    limited()
    ended, findings, number = time.monotonic() + seconds, 0, first
    with tempfile.TemporaryDirectory(prefix="netviz-fuzz-") as place:
        good = good_files(Path(place))
        kinds = [attempts(*kind, good) for kind in CASES] + [readings(name, good) for name in RUNS]
        while time.monotonic() < ended:
            for attempt in kinds:
                try:
                    seed(number)(attempt)()
                except AssertionError as finding:
                    findings += 1
                    print(f"--- seed {number}: {finding}", flush=True)
                if time.monotonic() > ended:
                    break
            number += 1
    print(f"{tried.total()} cases, {findings} findings: {dict(tried)}")
    return findings


def attempts(make: Maker, limit: int, draws: bool, good: Good) -> Callable[[], None]:
    """Return a test of cases of one kind."""

    @settings(ONE_BY_ONE, max_examples=MANY if limit == SECONDS else FEW)
    @given(make(good))
    def attempt(case: Case) -> None:
        tried[make.__name__] += 1
        with in_time(limit, case), nullcontext() if draws else drawing_nothing():
            hold(case, good)

    return attempt


def readings(name: str, good: Good) -> Callable[[], None]:
    """Return a test of changed recordings or checkpoints."""

    @settings(ONE_BY_ONE, max_examples=MANY)
    @given(changed_arrays(good[name]))
    def read(content: bytes) -> None:
        tried[name] += 1
        with in_time(SECONDS, name):
            is_read(name, content, good)

    return read


def limited() -> None:
    """Limit the memory of the process."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


@contextmanager
def in_time(limit: int, tried: object) -> Iterator[None]:
    """Limit the time that the block takes of the processor.

    Raises:
        FindingError: It takes longer.
    """

    def late(*_: object) -> None:
        raise FindingError(f"{tried}\ntakes too long:\n{''.join(traceback.format_stack())}")

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Try hostile and odd input.")
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    sys.exit(min(fuzz(60 * options.minutes, options.seed), 1))
