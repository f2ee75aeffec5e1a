"""The command line: what it prints, which files it writes, and its errors."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from xml.etree import ElementTree

import av
import pytest

import netviz
from netviz import catalogue, cli
from netviz.catalogue import ACTS
from netviz.cli import main
from netviz.explain import alt_text, as_json
from netviz.spec import load
from netviz.theme import DARK_THEME, LIGHT_THEME, THEMES
from netviz.words import languages, load_words

SVG = "{http://www.w3.org/2000/svg}"

PLAIN = '''"""A plain manim scene."""

from manim import Create, Scene, Square


class Plain(Scene):
    def construct(self):
        self.play(Create(Square()), run_time=0.4)
'''

CONFIGURED = '''"""A scene that can be configured: it waits longer for a longer input."""

from manim import Scene

from neighbour import SECONDS


class _Hidden(Scene):
    pass


class Configured(Scene):
    network = theme = language = None

    @classmethod
    def configured(cls, **options):
        return type(cls.__name__, (cls,), options)

    def construct(self):
        self.camera.background_color = self.theme.background
        self.add_subcaption(self.language, duration=1)
        self.wait(SECONDS * len(self.network.input))
'''


@pytest.fixture(autouse=True)
def in_folder_with_scenes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("plain.py").write_text(PLAIN)
    Path("configured.py").write_text(CONFIGURED)
    Path("neighbour.py").write_text("SECONDS = 0.2\n")


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "netviz", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment())


def environment(**others: str) -> dict[str, str]:
    """Return the environment for commands in another folder: they import this checkout."""
    return {**os.environ, "PYTHONPATH": str(Path(netviz.__file__).parents[1]), **others}


def made() -> set[str]:
    given = {"plain.py", "configured.py", "neighbour.py"}
    files = {str(path) for path in Path().rglob("*") if path.is_file()}
    return {name for name in files - given if "__pycache__" not in name}


def test_the_version_is_the_package_s() -> None:
    assert run("--version").stdout == f"netviz {netviz.__version__}\n"


def listed_scenes(printed: str) -> list[str]:
    """Return the lines of the scenes, before those of the networks."""
    return printed.partition("\n\n")[0].splitlines()


def test_list_names_every_scene_with_the_first_line_of_its_docstring(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    Path("_shared.py").write_text("raise SystemExit\n")
    monkeypatch.setattr(catalogue, "folder", lambda: tmp_path)
    assert main(["list"]) == 0
    lines = listed_scenes(capsys.readouterr().out)
    assert [line.split()[0] for line in lines] == ["configured", "neighbour", "plain"]
    assert lines[2] == "plain             A plain manim scene."


def test_the_scenes_of_the_checkout_are_listed_with_their_lengths(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list"]) == 0
    lines = listed_scenes(capsys.readouterr().out)
    names = [line.split()[0] for line in lines]
    assert names == sorted(names)
    assert {"main_clip", "forward_pass", "backward_pass"} <= set(names)
    assert ["loop", "0:15"] in [line.split()[:2] for line in lines]
    assert all(re.match(r"\w+ +\d:\d\d  \w", line) for line in lines)


def test_list_can_list_acts_and_captions(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--acts"]) == 0
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == list(ACTS)
    assert main(["list", "--captions", "--lang", "ko"]) == 0
    printed = capsys.readouterr().out
    assert "\nact neuron (in forward_pass, main_clip)\n  forward.edge " in printed
    lines = dict(line.split(maxsplit=1) for line in printed.splitlines() if line.startswith("  "))
    texts = load_words("ko").texts
    assert lines == {k.removeprefix("caption."): texts[k] for k in texts if "caption." in k}


def test_the_scenes_in_a_wheel_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "__file__", str(tmp_path / "netviz" / "catalogue.py"))
    (tmp_path / "netviz").mkdir()
    assert catalogue.folder() == tmp_path / "scenes"
    (tmp_path / "netviz" / "scenes").mkdir()
    assert catalogue.folder() == tmp_path / "netviz" / "scenes"


def test_explain_prints_tables_or_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "5-2-2-5"]) == 0
    assert "blame" in capsys.readouterr().out
    assert main(["explain", "5-2-2-5", "--json"]) == 0
    numbers = json.loads(capsys.readouterr().out)
    assert numbers["network"]["layers"] == [5, 2, 2, 5]


@pytest.mark.parametrize("arguments", [["list"], ["explain", "5-2-2-5", "--json"]])
def test_a_command_that_draws_nothing_loads_no_manim(arguments: list[str]) -> None:
    script = (
        "import sys; from netviz.cli import main; status = main(sys.argv[1:]);"
        "sys.exit(status or 'manim' in sys.modules)"
    )
    command = [sys.executable, "-c", script, *arguments]
    assert subprocess.run(command, capture_output=True, env=environment()).returncode == 0


def test_help_loads_neither_numpy_nor_what_checks_files() -> None:
    script = (
        "import sys; from netviz.cli import main; main(['--help']);"
        "sys.exit(str({'numpy', 'pydantic', 'rich', 'asyncio'} & set(sys.modules) or ''))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, env=environment())
    assert done.stderr == b"\n"


def test_render_prints_what_it_made() -> None:
    done = run("render", "plain.py", "-o", "new/plain.gif", "--width", "96", "--fps", "10")
    size = Path("new/plain.gif").stat().st_size
    assert done.stdout == f"new/plain.gif  0.4 s  96×54  {size / 1000:.0f} kB\n"
    assert (done.returncode, done.stderr) == (0, "")
    assert made() == {"new/plain.gif", "new/plain.txt"}


def test_the_video_goes_to_media_by_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "plain.py:Plain", "--width", "96", "--quiet"]) == 0
    assert main(["render", "plain.py", "--width", "96"]) == 0
    assert made() == {
        f"media/{name}{suffix}" for name in ("Plain", "plain") for suffix in (".mp4", ".txt")
    }
    assert capsys.readouterr().out.startswith("media/plain.mp4  0.4 s  96×54  ")


def test_a_still_image_of_a_moment(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "plain.py", "-o", "a.png", "--width", "96", "--at", "0.2"]) == 0
    assert capsys.readouterr().out.startswith("a.png  96×54  ")


def test_a_scene_gets_network_theme_and_language() -> None:
    options = ["--network", "3-2", "--theme", "light", "--lang", "en"]
    assert (
        main(["render", "configured.py", "-o", "a.mp4", "--width", "96", "--fps", "10", *options])
        == 0
    )
    with av.open("a.mp4") as container:
        frames = [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    assert len(frames) == 6
    assert frames[0][5, 5].min() >= 253
    assert "\nen\n" in Path("a.vtt").read_text()


@pytest.fixture(scope="module")
def numbers() -> dict[str, list[str]]:
    """Return the numbers in pictures of the built-in network: its activations and its blame."""
    description = load("5-2-2-5")
    passes = as_json(description)
    values = [passes["input"], *(layer["activation"] for layer in passes["layers"])]
    blames = [layer["blame"] for layer in passes["layers"]]
    return {
        "values": [f"{value:.2f}" for layer in values for value in layer],
        "blames": [f"{blame:+.3f}".replace("-", "−") for layer in blames for blame in layer],
    }


def texts_of(path: Path) -> list[str]:
    return [text.text or "" for text in ElementTree.parse(path).getroot().iter(f"{SVG}text")]


def test_a_diagram_is_drawn_for_paper(
    capsys: pytest.CaptureFixture[str], numbers: dict[str, list[str]]
) -> None:
    assert main(["diagram", "5-2-2-5"]) == 0
    assert made() == {"media/5-2-2-5.svg", "media/5-2-2-5.txt"}
    root = ElementTree.parse("media/5-2-2-5.svg").getroot()
    assert capsys.readouterr().out.startswith(f"media/5-2-2-5.svg  800×{root.attrib['height']}  ")
    assert root.find(f"{SVG}rect").attrib["fill"] == LIGHT_THEME.background
    names = ["input", "hidden 1", "hidden 2", "output"]
    assert sorted(texts_of(Path("media/5-2-2-5.svg"))) == sorted([*numbers["values"], *names])
    assert root.find(f"{SVG}title").text == "5-2-2-5"
    assert root.find(f"{SVG}desc").text == alt_text(load("5-2-2-5"), load_words("en"))


def test_a_diagram_shows_what_is_asked_for(numbers: dict[str, list[str]]) -> None:
    options = ["--no-values", "--blame", "--theme", "dark", "--lang", "ko", "--transparent"]
    assert main(["diagram", "5-2-2-5", "-o", "new/a.svg", "--width", "300", *options]) == 0
    root = ElementTree.parse("new/a.svg").getroot()
    words = load_words("ko")
    expected = [*numbers["blames"], *words.layer_names(4)]
    assert sorted(texts_of(Path("new/a.svg"))) == sorted(expected)
    assert root.find(f"{SVG}desc").text == alt_text(load("5-2-2-5"), words)
    assert (root.attrib["width"], root.find(f"{SVG}rect")) == ("300", None)
    assert DARK_THEME.blame in {path.attrib.get("stroke") for path in root.iter(f"{SVG}path")}


@pytest.mark.parametrize(("suffix", "start"), [(".pdf", b"%PDF-"), (".png", b"\x89PNG")])
def test_a_diagram_in_another_format(suffix: str, start: bytes) -> None:
    Path("net.toml").write_text("[network]\nlayers = [2, 3, 1]\nseed = 1\n")
    assert main(["diagram", "net.toml", "-o", f"a{suffix}", "--width", "96", "--quiet"]) == 0
    assert Path(f"a{suffix}").read_bytes().startswith(start)
    assert made() == {"net.toml", f"a{suffix}", "a.txt"}


def test_a_still_image_describes_its_scene() -> None:
    assert main(["render", "plain.py", "-o", "a.svg", "--at", "0.2"]) == 0
    root = ElementTree.parse("a.svg").getroot()
    assert [root[0].text, root[1].text] == ["plain", "A plain manim scene."]


def test_help_lists_the_choices(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["render", "--help"]) == 0
    out = capsys.readouterr().out
    for name in (*THEMES, *languages(), ".mp4", ".webm", ".gif", ".png", "4k"):
        assert name in out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["render", "mainclip"],
            "scene is 'mainclip': expected a name from `netviz list`",
        ),
        (["render", "zzz"], "scene is 'zzz': expected a name from `netviz list`"),
        (["render", "none.py"], "none.py is not a file: expected a Python file with a scene"),
        (["render", "neighbour.py"], "neighbour.py defines no scene: expected one scene"),
        (["render", "asks.py"], "asks.py, line 4: speed is 3: expected 1 or 2"),
        (["render", "plain.py:Other"], "plain.py defines Plain: expected a scene Other"),
        (
            ["render", "two.py"],
            "two.py defines A, B: expected one scene; choose one with FILE.py:C",
        ),
        (
            ["render", "broken.py"],
            "broken.py, line 2: the scene raises ZeroDivisionError (division by",
        ),
        (["render", "grammar.py"], "grammar.py: the scene raises SyntaxError ("),
        (["render", "refuses.py"], "refuses.py, line 4: the scene raises ValueError (too large)"),
        (
            ["render", "plain.py", "--theme", "dark"],
            "Plain is a plain manim Scene, without network, theme and language: expected",
        ),
        (["render", "plain.py", "--theme", "dim"], "--theme is 'dim': expected one of dark, light"),
        (["render", "plain.py", "--lang", "kr"], "--lang is 'kr': expected one of "),
        (
            ["render", "plain.py", "--quality", "hd"],
            "--quality is 'hd': expected one of low, medium, high, 4k",
        ),
        (["render", "plain.py", "--fps", "fast"], "Invalid value for '--fps': 'fast'"),
        (["render", "plain.py", "-o", "a.avi"], "a.avi has suffix '.avi': expected one of .mp4"),
        (["render", "plain.py", "-o", "a.gif", "--fps", "30"], "fps is 30 for a .gif: expected"),
        (["render", "plain.py", "-o", "a.png", "--at", "9"], "at is 9: expected at most 0.40"),
        (["render", "configured.py", "--network", "5-2-2-x"], "5-2-2-x: "),
        (["render"], "Missing argument 'SCENE'."),
        (
            ["diagram", "2-2", "-o", "a.gif"],
            "a.gif has suffix '.gif': expected one of .png, .svg, .pdf",
        ),
        (
            ["diagram", "2-2", "-o", "a.txt"],
            "a.txt has suffix '.txt': expected one of .png, .svg, .pdf",
        ),
        (["diagram", "2-2", "--width", "9"], "width is 9: expected 64 to 7680 pixels"),
        (["diagram", "missing.toml"], "missing.toml: "),
        (["explain", "missing.toml"], "missing.toml: "),
        (["explain", "3-2", "--yaml"], "No such option"),
        (
            ["list", "--acts", "--captions"],
            "--acts is given together with --captions: expected one of",
        ),
        (["explode"], "No such command 'explode'."),
    ],
)
def test_bad_input_is_one_sentence_and_status_2(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = "from manim import Scene\nclass {}(Scene):\n    def construct(self):\n        {}\n"
    Path("two.py").write_text(scene.format("A", "...") + scene.format("B", "..."))
    problem = "from netviz.problems import expect; expect('speed', 3, False, '1 or 2')"
    Path("asks.py").write_text(scene.format("Asks", problem))
    Path("broken.py").write_text("\n1 / 0\n")
    Path("grammar.py").write_text("class\n")
    Path("refuses.py").write_text(scene.format("Refuses", "raise ValueError('too\\nlarge')"))
    before = made()
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith(f"netviz: {sentence}")
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert made() == before


def test_a_wrong_name_gets_the_most_similar_name_as_a_hint(
    capsys: pytest.CaptureFixture[str],
) -> None:
    for arguments, name in (
        (["render", "mainclip"], "main_clip"),
        (["render", "plain.py", "--theme", "lihgt"], "light"),
        (["render", "plain.py:Plan"], "Plain"),
    ):
        assert main(arguments) == 2
        assert capsys.readouterr().err.endswith(f"; did you mean '{name}'?\n")


def test_without_a_command_it_shows_its_help(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "Commands:" in capsys.readouterr().err


@pytest.mark.parametrize("kind", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_render_cleans_up(kind: signal.Signals) -> None:
    Path("long.py").write_text(PLAIN.replace("0.4", "600"))
    Path("long.mp4").write_text("made before")
    before = made()
    command = [sys.executable, "-m", "netviz", "render", "long.py", "-o", "long.mp4"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, env=environment(TMPDIR="."))
    wait_for_segment(process)
    process.send_signal(kind)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == cli.INTERRUPTED
    assert errors == b"netviz: interrupted\n"  # and all processes have ended: it was closed
    assert made() == before
    assert Path("long.mp4").read_text() == "made before"


def wait_for_segment(process: subprocess.Popen[bytes]) -> None:
    """Wait until a video file is written."""
    for _ in range(300):
        assert process.poll() is None
        if list(Path().glob("netviz-*/**/*.mp4")):
            return
        time.sleep(0.1)
    raise TimeoutError("no video is being written")
